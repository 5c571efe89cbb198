"""Wrong usage of the command line, said in our own two languages: every error of the parser becomes an `InputWrong`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Final

from typer._click.core import Context, Parameter
from typer._click.exceptions import BadOptionUsage, ClickException, MissingParameter, NoSuchOption, UsageError

from commands.output import cut
from engine.errors import InputWrong, Remedy

LONGEST_TEXT_BYTES: Final = 1024 * 1024
SHOWN_WIDTH: Final = 60


def usage_wrong(error: ClickException) -> InputWrong:
    """The parser's error as one of ours, with a suggestion or the way to the help page."""
    context = error.ctx if isinstance(error, UsageError) else None
    if isinstance(error, NoSuchOption):
        return _no_such_option(error)
    if isinstance(error, BadOptionUsage):
        return _value_of_option(error)
    if isinstance(error, MissingParameter) and error.param is not None:
        name = shown_name(error.param)
        return InputWrong("usage.missing", f"缺少 {name}", f"{name} is missing", see_help(context))
    message = cut(error.format_message(), SHOWN_WIDTH * 2)
    return InputWrong("usage.wrong", f"命令写法不对：{message}", f"wrong usage: {message}", see_help(context))


def unknown_command(context: Context, word: str, known: Iterable[str]) -> InputWrong:
    """There is no such command here; names the one that was probably meant."""
    shown = cut(word, SHOWN_WIDTH)
    near = get_close_matches(word[:SHOWN_WIDTH], list(known), n=1)
    remedy = see_help(context)
    if near:
        remedy = Remedy(f"是否指“{near[0]}”", f"did you mean {near[0]!r}", f"{context.command_path} {near[0]}")
    return InputWrong("usage.command", f"没有“{shown}”这个命令", f"there is no command {shown!r}", remedy)


def too_many(context: Context, words: Sequence[str]) -> InputWrong:
    """More words than the command takes."""
    shown = cut(" ".join(words), SHOWN_WIDTH)
    help_page = see_help(context)
    return InputWrong(
        "usage.extra",
        f"多出来的内容：{shown}",
        f"more than the command takes: {shown}",
        Remedy("带空格的文字请加引号", "put a text with blanks in quotes", help_page.command if help_page else None),
    )


def before_a_command(context: Context) -> InputWrong:
    """An option of the noun itself stands before one of its commands, which would not hear of it."""
    name = context.invoked_subcommand or ""
    own = f"{context.command_path} {name} --help"
    return InputWrong(
        "usage.option_place",
        f"“{name}”之前的选项对它不起作用，应写在它之后",
        f"an option before {name!r} says nothing to it; write it behind",
        Remedy("查看用法", "see the usage", own),
    )


def not_a_value(param: Parameter, value: str, zh: str, en: str) -> InputWrong:
    """A value that does not fit its parameter; `zh` and `en` name what is wanted."""
    name, shown = shown_name(param), cut(value, SHOWN_WIDTH)
    return InputWrong("usage.value", f"{name} 应为{zh}，不能是“{shown}”", f"{name} takes {en}, not {shown!r}")


def refuse_unreadable(arguments: Sequence[str]) -> None:
    """Raises InputWrong for a typed word that no text can hold (NUL, broken characters) or that is over 1 MB."""
    for place, word in enumerate(arguments, start=1):
        if "\x00" in word or not _encodable(word):
            raise InputWrong(
                "text.invalid",
                f"第{place}个参数含有不能识别的字符（空字符或编码错误）",
                f"argument {place} holds a character that cannot be read (NUL or a broken encoding)",
                Remedy("请用 UTF-8 重新输入该参数", "type that argument again in UTF-8"),
            )
        if len(word) > LONGEST_TEXT_BYTES or len(word.encode()) > LONGEST_TEXT_BYTES:
            raise InputWrong(
                "text.too_long",
                f"第{place}个参数超过1 MB",
                f"argument {place} is over 1 MB",
                Remedy("请缩短，或作为附件存入", "shorten it, or attach it as a file"),
            )


def see_help(context: Context | None) -> Remedy | None:
    """The way to the help page of the command that was meant."""
    if context is None:
        return None
    return Remedy("查看用法", "see the usage", f"{context.command_path} --help")


def shown_name(param: Parameter) -> str:
    """How a parameter is called on its help page: `--on`, `NO`."""
    if param.param_type_name == "option":
        return max(param.opts, key=len)
    return param.metavar or param.name.upper()


def _no_such_option(error: NoSuchOption) -> InputWrong:
    shown = cut(error.option_name, SHOWN_WIDTH)
    remedy = see_help(error.ctx)
    if error.possibilities and error.ctx is not None:
        near = error.possibilities[0]
        remedy = Remedy(f"是否指 {near}", f"did you mean {near}", f"{error.ctx.command_path} --help")
    return InputWrong("usage.option", f"没有选项 {shown}", f"there is no option {shown}", remedy)


def _value_of_option(error: BadOptionUsage) -> InputWrong:
    name = error.option_name
    params = error.ctx.command.get_params(error.ctx) if error.ctx is not None else []
    if any(name in param.opts and getattr(param, "is_flag", False) for param in params):
        zh, en = f"选项 {name} 后面不能带值", f"the option {name} takes no value"
    else:
        zh, en = f"选项 {name} 后面缺少值", f"the option {name} needs a value"
    return InputWrong("usage.option_value", zh, en, see_help(error.ctx))


def _encodable(word: str) -> bool:
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True
