"""One run of `anjuan` from the typed words to the exit code: no exception and no traceback gets past it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Final

from typer import Exit
from typer._click.exceptions import ClickException

from commands.answer import Answer
from commands.failures import FAILED, environment_failure, tell
from commands.places import Place
from commands.root import root_of
from commands.screen import settle_streams
from commands.usage import refuse_unreadable, usage_wrong
from commands.words import json_asked, language_asked, use_language
from engine.errors import AnjuanError, Stated

INTERRUPTED: Final = 130


def run(arguments: Sequence[str], places: Mapping[str, Place]) -> int:
    """Carries out the typed words with the commands found at `places`, and returns the exit code of the contract."""
    settle_streams()
    answer = Answer(json_asked(arguments))
    try:
        code = _carried_out(arguments, places, answer)
    except KeyboardInterrupt:
        tell(Stated("interrupted", "已中断", "interrupted"), answer)
        code = INTERRUPTED
    except Exception as error:
        code = _told_of(error, answer)
    return _closed(answer, code)


def _carried_out(arguments: Sequence[str], places: Mapping[str, Place], answer: Answer) -> int:
    # Before any command is loaded: its help is made in the language of this run.
    use_language(language_asked(arguments, os.environ))
    refuse_unreadable(arguments)
    root = root_of(places)
    try:
        with root.make_context("anjuan", list(arguments), obj=answer) as context:
            root.invoke(context)
    except Exit as end:
        return end.exit_code
    return 0


def _told_of(error: Exception, answer: Answer) -> int:
    try:
        return tell(_failure(error), answer)
    except Exception as second:
        # An error that cannot even be told is a mistake of ours too.
        from commands.bugs import bug

        return tell(bug(second), answer)


def _failure(error: Exception) -> AnjuanError:
    """The failure to tell for whatever came up."""
    if isinstance(error, AnjuanError):
        return error
    if isinstance(error, OSError) and (failure := environment_failure(error)) is not None:
        return failure
    if isinstance(error, ClickException):
        return usage_wrong(error)
    from commands.bugs import bug

    return bug(error)


def _closed(answer: Answer, code: int) -> int:
    try:
        answer.close()
    except OSError as error:
        failure = environment_failure(error)
        tell(failure or Stated("environment", "结果写不出去", "the result cannot be written"), Answer(as_json=False))
        return FAILED
    return code
