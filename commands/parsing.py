"""The parser's commands and groups: Typer's own, made to help, to complain and to read values in our way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from typer._click.core import Command, Context, Parameter
from typer._click.exceptions import BadOptionUsage
from typer._click.formatting import HelpFormatter
from typer._click.parser import _Option, _OptionParser, _ParsingState
from typer.core import TyperCommand, TyperGroup, TyperOption

from commands.answer import Answer
from commands.help_page import HelpContext, HelpPage, usage_words, write_commands, write_parameters
from commands.typed_values import read_plainly
from commands.usage import too_many, unknown_command
from commands.words import t

# `-3d` is a value (three days back), although it begins like an option.
NEGATIVE_VALUE = re.compile(r"-\d+[a-z]*", re.ASCII)


class WordParser(_OptionParser):
    """Takes `-3d` for a value, and an option where a value is missing for an option."""

    def _process_opts(self, arg: str, state: _ParsingState) -> None:
        if NEGATIVE_VALUE.fullmatch(arg):
            state.largs.append(arg)
        else:
            super()._process_opts(arg, state)

    def _match_long_opt(self, opt: str, explicit_value: str | None, state: _ParsingState) -> None:
        try:
            super()._match_long_opt(opt, explicit_value, state)
        except BadOptionUsage as error:
            error.ctx = self.ctx  # the parser leaves it out, and with it the way to the help page
            raise

    def _get_value_from_state(self, option_name: str, option: _Option, state: _ParsingState) -> str | Sequence[str]:
        if state.rargs and state.rargs[0] in self._long_opt:
            raise BadOptionUsage(option_name, f"Option {option_name!r} requires an argument.")
        return super()._get_value_from_state(option_name, option, state)


class _Framed(Command):
    context_class = HelpContext

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        read_plainly(self.params)

    def make_parser(self, ctx: Context) -> _OptionParser:
        parser = WordParser(ctx)
        for param in self.get_params(ctx):
            param.add_to_parser(parser, ctx)
        return parser

    def get_help_option(self, ctx: Context) -> TyperOption | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help, option.callback = t("显示本帮助", "show this help"), _help_asked
            read_plainly([option])
        return option

    def collect_usage_pieces(self, ctx: Context) -> list[str]:
        return [t("[选项]", "[OPTIONS]"), *usage_words(self.params)]

    def format_options(self, ctx: Context, formatter: HelpFormatter) -> None:
        assert isinstance(formatter, HelpPage)
        write_parameters(formatter, self.get_params(ctx))


class FramedCommand(_Framed, TyperCommand):
    """One command: `case show`, `today`."""

    # More words than it takes are refused here, in our own words, not by the parser.
    allow_extra_args = True

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        rest = super().parse_args(ctx, args)
        if rest and not ctx.resilient_parsing:
            raise too_many(ctx, rest)
        return rest


class FramedGroup(_Framed, TyperGroup):
    """A noun with its commands. Called alone it prints its help."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings | {"invoke_without_command": True})

    def invoke(self, ctx: Context) -> Any:
        if not ctx._protected_args:
            show_help(ctx)
            return None
        return super().invoke(ctx)

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str, Command, list[str]]:
        found = self.get_command(ctx, args[0])
        if found is None:
            raise unknown_command(ctx, args[0], self.list_commands(ctx))
        return args[0], found, args[1:]

    def collect_usage_pieces(self, ctx: Context) -> list[str]:
        return [t("[选项]", "[OPTIONS]"), t("命令 [参数]...", "COMMAND [ARGS]...")]

    def format_options(self, ctx: Context, formatter: HelpFormatter) -> None:
        assert isinstance(formatter, HelpPage)
        write_commands(formatter, self.command_rows(ctx))
        write_parameters(formatter, self.get_params(ctx))

    def command_rows(self, ctx: Context) -> list[tuple[str, str]]:
        """The names of the commands with their short help."""
        return [(name, (command.help or "").partition("\n")[0]) for name, command in self.commands.items()]


class FramedGroupAlone(FramedGroup):
    """A noun that is a command of its own too: called alone it does what its own options say."""

    def invoke(self, ctx: Context) -> Any:
        return FramedGroup.invoke(self, ctx) if ctx._protected_args else TyperGroup.invoke(self, ctx)

    def collect_usage_pieces(self, ctx: Context) -> list[str]:
        return [t("[选项]", "[OPTIONS]"), t("[命令 [参数]...]", "[COMMAND [ARGS]...]")]


def show_help(ctx: Context) -> None:
    """Answers with the help page of this context; with `--json` as `{help: text}`."""
    text = ctx.get_help()
    answer = ctx.find_object(Answer)
    assert answer is not None
    answer.show({"help": text}, text.splitlines)


def _help_asked(ctx: Context, param: Parameter, value: Any) -> None:
    if value and not ctx.resilient_parsing:
        show_help(ctx)
        ctx.exit()
