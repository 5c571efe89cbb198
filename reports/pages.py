"""Fills the templates of printable pages: one file each that needs no other, hostile text shown as text."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import Stated

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATE_FOLDER = Path(__file__).parent / "templates"


class PageWrong(Stated):
    """The template of a page is missing or asks for something that it is not given."""


def rendered(template: str, **values: object) -> str:
    """The page. Equal values give equal pages. Raises PageWrong."""
    from jinja2 import TemplateError

    try:
        return page_environment().get_template(template).render(values)
    except (TemplateError, UnicodeDecodeError) as e:
        zh, en = f"页面模板{template}有误：{e}", f"the template {template} is wrong: {e}"
        raise PageWrong("template.wrong", zh, en) from e


@cache
def page_environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(TEMPLATE_FOLDER),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
