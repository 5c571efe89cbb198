"""Asks on a terminal, one line each, for what a command needs and was not typed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeVar

from commands.failures import error_lines
from commands.frame import Run
from commands.output import harmless
from commands.screen import write_talk
from engine.errors import InputWrong

T = TypeVar("T")


def can_ask(run: Run) -> bool:
    """Whether somebody sits at a terminal and wants an answer to read."""
    return not run.as_json and sys.stdin is not None and sys.stdin.isatty()


def question(prompt: str, read: Callable[[str], T]) -> T:
    """What `read` makes of the line that was typed; asked again while it raises InputWrong.

    Raises InputWrong (`question.unanswered`) where no line comes any more.
    """
    while True:
        sys.stderr.write(harmless(prompt))
        sys.stderr.flush()
        try:
            line = sys.stdin.readline()
        except UnicodeDecodeError:
            line = ""
        if not line:
            raise InputWrong("question.unanswered", "没有回答，未作任何改动", "there was no answer; nothing was done")
        try:
            return read(line.strip())
        except InputWrong as wrong:
            for said in error_lines(wrong):
                write_talk(said)
