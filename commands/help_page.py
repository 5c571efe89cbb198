"""The help page of a command in the language of this run, laid out with Chinese widths right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, get_args, get_origin

from typer import Context
from typer._click.core import Parameter
from typer._click.formatting import HelpFormatter
from typer.core import TyperOption

from commands.output import display_width, pad, wrap
from commands.screen import screen_width
from commands.usage import shown_name
from commands.words import t

INDENT = "  "
WIDEST_FIRST_COLUMN = 32
PLACEHOLDERS = {"int": "N", "Path": "FILE", "str": "TEXT"}


class HelpPage(HelpFormatter):
    """Writes usage, headings and two-column lists; replaces what would measure Chinese by its number of letters."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        start = t("用法：", "Usage: ") if prefix is None else prefix
        self._write_lines(wrap(f"{prog} {args}", self.width, " " * display_width(start), start))

    def write_heading(self, heading: str) -> None:
        self.write(heading + t("：", ":") + "\n")

    def write_text(self, text: str) -> None:
        self._write_lines(wrap(text, self.width, INDENT))

    def write_dl(
        self, rows: Sequence[tuple[str, str]], col_max: int = WIDEST_FIRST_COLUMN, col_spacing: int = 2
    ) -> None:
        column = min(max(display_width(first) for first, _ in rows), col_max) + col_spacing
        indent = INDENT + " " * column
        for first, second in rows:
            start = INDENT + pad(first, column)
            if display_width(first) > col_max:
                self.write(INDENT + first + "\n")
                start = indent
            self._write_lines(wrap(second, self.width, indent, start))

    def _write_lines(self, lines: Iterable[str]) -> None:
        self.write("".join(line + "\n" for line in lines))


class HelpContext(Context):
    """A context whose help page is ours."""

    def make_formatter(self) -> HelpPage:
        return HelpPage(width=screen_width())


def usage_words(params: Iterable[Parameter]) -> list[str]:
    """The arguments as the usage line shows them: `NO`, `[FILE]`, `NAME...`."""
    arguments = [
        param for param in params if param.param_type_name == "argument" and not getattr(param, "hidden", False)
    ]
    names = [(shown_name(one) if one.required else f"[{shown_name(one)}]", one.nargs != 1) for one in arguments]
    return [name + ("..." if several else "") for name, several in names]


def write_parameters(page: HelpPage, params: Iterable[Parameter]) -> None:
    """The two lists of a help page, arguments and options."""
    shown = [param for param in params if not getattr(param, "hidden", False)]
    arguments = [(shown_name(one), _explained(one)) for one in shown if one.param_type_name == "argument"]
    options = [(_option_words(one), _explained(one)) for one in shown if isinstance(one, TyperOption)]
    for heading, rows in ((t("参数", "Arguments"), arguments), (t("选项", "Options"), options)):
        if rows:
            page.write_paragraph()
            page.write_heading(heading)
            page.write_dl(rows)


def write_commands(page: HelpPage, rows: Sequence[tuple[str, str]]) -> None:
    """The list of commands of a help page."""
    page.write_paragraph()
    page.write_heading(t("命令", "Commands"))
    page.write_dl(rows)


def _option_words(option: TyperOption) -> str:
    names = "/".join(sorted([*option.opts, *option.secondary_opts], key=len)).replace("/--", ", --")
    return names if option.is_flag else f"{names} {option.metavar or _placeholder(option.type_descriptor.annotation)}"


def _placeholder(kind: Any) -> str:
    (one,) = get_args(kind) if get_origin(kind) is list else (kind,)
    return PLACEHOLDERS.get(one.__name__, "TEXT") if isinstance(one, type) else "|".join(get_args(one))


def _explained(param: Parameter) -> str:
    remarks = []
    if param.default not in (None, False, "", (), []) and not callable(param.default):
        remarks.append(t(f"默认：{param.default}", f"default: {param.default}"))
    if param.required:
        remarks.append(t("必填", "required"))
    if getattr(param, "multiple", False):
        remarks.append(t("可多次", "repeatable"))
    text = getattr(param, "help", None) or ""
    return f"{text}  [{t('；', '; ').join(remarks)}]".lstrip() if remarks else text
