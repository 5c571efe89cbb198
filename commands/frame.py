"""What a command module is written with: nouns, commands, and the `Run` that every command receives."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any, NoReturn, TypeVar

import typer
from typer._click.core import Context

from commands.answer import Answer, Document
from commands.output import harmless
from commands.parsing import FramedCommand, FramedGroup, FramedGroupAlone
from commands.screen import write_talk
from commands.usage import before_a_command
from commands.words import LANGUAGES, language, t
from engine.errors import InputWrong

Function = TypeVar("Function", bound=Callable[..., None])

LAST_EXIT_CODE = 7


@dataclass(frozen=True)
class Run:
    """One call of one command: who acts (`--as`, `None` unless given), and how the answer is wanted."""

    actor_name: str | None
    as_json: bool
    lang: str
    dry_run: bool
    answer: Answer = field(repr=False, compare=False)
    acting: list[str] = field(default_factory=list, repr=False, compare=False)  # at most one name
    remarks: set[str] = field(default_factory=set, repr=False, compare=False)  # what was said and is not said again

    def show(self, document: Document, lines: Callable[[], Iterable[str]]) -> None:
        """The result: the document with `--json`, the lines otherwise. To be called once, when all is done."""
        self.answer.show(document, lines)

    def say(self, zh: str, en: str) -> None:
        """A remark on the way, to stderr, in the language of this run."""
        write_talk(harmless(t(zh, en)))

    def exit(self, code: int) -> NoReturn:
        """Ends the command with an exit code of the contract, 0 to 7, after what it has shown."""
        if not 0 <= code <= LAST_EXIT_CODE:
            raise ValueError(f"no such exit code: {code}")
        raise typer.Exit(code)


def noun(name: str, *, zh: str, en: str) -> typer.Typer:
    """A noun of the command line (`case`) to hang commands on; its module calls it `app`."""
    app = _app(name, t(zh, en))
    # A callback also keeps a noun with a single command a noun.
    app.callback()(common_callback())
    return app


def single(name: str) -> typer.Typer:
    """The holder of a command without a noun (`today`); its module calls it `app` and hangs one command on it."""
    return _app(name, "")


def command(app: typer.Typer, name: str, *, zh: str, en: str, changes: bool = False) -> Callable[[Function], Function]:
    """Makes a function a command of `app`. The function's first parameter is `run: Run`; the others are typed words.

    Adds `--as`, `--json`, `--lang` and, for a command that changes something, `--dry-run`. The first line of
    `zh` and `en` is the short help, the whole is the help page.
    """

    def hang(function: Function) -> Function:
        first, *own = inspect.signature(function, eval_str=True).parameters.values()
        if first.name != "run":
            raise TypeError(f"{function.__qualname__}: the first parameter of a command is `run: Run`")

        @functools.wraps(function)
        def called(**words: Any) -> None:
            context = words.pop("context")
            run = _run(context, changes=changes)
            function(run, **{parameter.name: words[parameter.name] for parameter in own})

        _declare(called, [*own, *_common_options(changes=changes)])
        app.command(name, cls=FramedCommand, help=t(zh, en))(called)
        return function

    return hang


def alone(name: str, *, zh: str, en: str) -> Callable[[Function], typer.Typer]:
    """Makes a function, written as for `command`, what the noun does when it is called without one of its commands.

    It changes nothing. Its options stand for itself only: raises InputWrong where one stands before a command.
    """

    def made(function: Function) -> typer.Typer:
        _, *own = inspect.signature(function, eval_str=True).parameters.values()

        def called(**words: Any) -> None:
            context = words.pop("context")
            said = {parameter.name: words[parameter.name] for parameter in own}
            if context.invoked_subcommand is None:
                function(_run(context, changes=False), **said)
            elif any(said[parameter.name] != parameter.default for parameter in own):
                raise before_a_command(context)

        _declare(called, [*own, *_common_options(changes=True)])
        app = _app(name, t(zh, en), FramedGroupAlone)
        app.callback()(called)
        return app

    return made


def common_callback() -> Callable[..., None]:
    """A callback by which a group takes the common options before the name of its command."""

    def take_common_options(**_: Any) -> None:
        """The options are read by the command itself."""

    _declare(take_common_options, _common_options(changes=True))
    return take_common_options


def _app(name: str, text: str, group: type[FramedGroup] = FramedGroup) -> typer.Typer:
    return typer.Typer(
        name=name,
        cls=group,
        help=text,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )


def _common_options(*, changes: bool) -> list[inspect.Parameter]:
    choices = "|".join(LANGUAGES)
    acting = t("以该人员的身份办理（仅限练习库）", "act as this person (practice stores only)")
    kinds: dict[str, tuple[Any, Any]] = {
        "actor_name": (Annotated[str | None, typer.Option("--as", metavar="NAME", help=acting)], None),
        "as_json": (
            Annotated[bool, typer.Option("--json", help=t("只输出一个 JSON 文档", "print one JSON document"))],
            False,
        ),
        "lang": (
            Annotated[str | None, typer.Option("--lang", metavar=choices, help=t("中文或英文", "Chinese or English"))],
            None,
        ),
    }
    if changes:
        rehearsing = t("只演示结果，不保存", "show what would happen, keep nothing")
        kinds["dry_run"] = (Annotated[bool, typer.Option("--dry-run", help=rehearsing)], False)
    return [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=default)
        for name, (kind, default) in kinds.items()
    ]


def _declare(function: Callable[..., Any], parameters: Iterable[inspect.Parameter]) -> None:
    """Tells Typer which parameters the function takes; all come by name, with the context among them."""
    context = inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
    named = [context, *(one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in parameters)]
    function.__signature__ = inspect.Signature(named)  # type: ignore[attr-defined]
    function.__annotations__ = {one.name: one.annotation for one in named}


def _run(context: Context, *, changes: bool) -> Run:
    """The common options, wherever they stood: the one nearest to the command's own words wins."""
    levels = [level.params for level in _upwards(context)]
    actors = [level["actor_name"] for level in levels if level.get("actor_name") is not None]
    dry_run = any(level.get("dry_run") for level in levels)
    if dry_run and not changes:
        raise InputWrong(
            "usage.dry_run",
            "该命令不作任何改动，不需要 --dry-run",
            "this command changes nothing and takes no --dry-run",
        )
    answer = context.find_object(Answer)
    assert answer is not None
    return Run(actors[0] if actors else None, answer.as_json, language(), dry_run, answer)


def _upwards(context: Context) -> Iterator[Context]:
    level: Context | None = context
    while level is not None:
        yield level
        level = level.parent
