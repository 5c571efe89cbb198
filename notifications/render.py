"""Turns a view into the subject, text and HTML of a mail."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import Stated
from notifications import wording
from notifications.person_views import PersonMail
from notifications.plain_text import one_line
from notifications.views import MailView

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATE_FOLDER = Path(__file__).parent / "templates"
SUBJECT_CHARACTERS = 100
TITLE_CHARACTERS = 100
_ROW = """\
<tr>
<th scope="row" style="padding:4px 16px 4px 0;text-align:left;vertical-align:top;font-weight:normal;color:#555555;\
white-space:nowrap">{}</th>
<td style="padding:4px 0;vertical-align:top;word-break:break-word">{}</td>
</tr>
"""


@dataclass(frozen=True)
class Rendered:
    """A mail without its envelope: one-line subject, plain text and a whole HTML page that say the same."""

    subject: str
    text: str
    html: str


class TemplateWrong(Stated):
    """A mail template is missing, cannot be read, or asks for a value that its view does not have."""


def render(view: MailView | PersonMail) -> Rendered:
    """The mail of `view`, first Chinese, then English. Equal views give equal texts.

    Raises TemplateWrong (code `template.wrong`).
    """
    subject = one_line(_filled(view, "subject.txt"), limit=SUBJECT_CHARACTERS)
    return Rendered(subject, text=_filled(view, "body.txt"), html=_filled(view, "body.html"))


def _filled(view: MailView | PersonMail, part: str) -> str:
    from jinja2 import TemplateError

    name = f"{view.kind}/{part}"
    try:
        return _environment().get_template(name).render(mail=view)
    except (TemplateError, UnicodeDecodeError) as e:
        raise TemplateWrong(
            "template.wrong", zh=f"邮件模板{name}有误：{e}", en=f"mail template {name} is wrong: {e}"
        ) from e


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup, escape

    def row(cell: Markup, label: str) -> Markup:
        # A row of the table of facts; a filter, for macros took half the time of a mail with its sixteen rows.
        return Markup(_ROW.format(escape(_printed(label)), cell))

    environment = Environment(
        loader=FileSystemLoader(TEMPLATE_FOLDER),
        undefined=StrictUndefined,
        autoescape=_is_html,
        finalize=_printed,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.filters.update({name: getattr(wording, name) for name in wording.FILTERS}, short=_short, row=row)
    return environment


def _is_html(name: str | None) -> bool:
    return name is not None and name.endswith(".html")


def _printed(value: Any) -> Any:
    """What a printed expression becomes: one line, so that a title with line breaks cannot add lines of its own."""
    if value is None:
        from jinja2 import UndefinedError

        raise UndefinedError("an empty value (None) is printed")
    # Escaped markup comes from our own macros; everything from a view is plain text.
    return value if hasattr(value, "__html__") else one_line(str(value))


def _short(text: str) -> str:
    return one_line(text, limit=TITLE_CHARACTERS)
