"""Asks for what nobody else may see: a password, hidden on the terminal, or line by line from stdin."""

from __future__ import annotations

import getpass
import sys
from typing import Annotated, Final

from typer import Option

from commands.frame import Run
from commands.words import t
from engine.errors import Forbidden, InputWrong, Remedy

PasswordStdin = Annotated[
    bool, Option("--password-stdin", help=t("从标准输入逐行读口令，不提示", "read passwords from stdin, a line each"))
]
# A line beyond this is cut; it is far too long for a password anyhow.
LONGEST_LINE_BYTES: Final = 1024 * 1024


def ask(run: Run, zh: str, en: str, command: str, *, from_stdin: bool) -> str:
    """What was typed, without the end of its line. `command` is the one to type again with `--password-stdin`.

    Raises Forbidden (`password.needed`) where there is nobody to be asked, InputWrong.
    """
    if from_stdin:
        return _line()
    if run.as_json or sys.stdin is None or not sys.stdin.isatty():
        raise Forbidden(
            "password.needed",
            f"这里要输入{zh}，本次没有终端可以输入",
            f"{en} is asked for, and there is no terminal to type it",
            Remedy(
                "在终端里办理，或者从标准输入给出",
                "do it on a terminal, or give it on stdin",
                f"{command} --password-stdin",
            ),
        )
    try:
        return getpass.getpass(t(f"{zh}：", f"{en}: "))
    except EOFError:
        return ""
    except UnicodeDecodeError:
        raise _unreadable() from None


def ask_new(run: Run, command: str, *, from_stdin: bool) -> str:
    """A new password: twice on the terminal, where it cannot be seen; one line of stdin. Raises as `ask` does."""
    typed = ask(run, "新口令", "new password", command, from_stdin=from_stdin)
    if not from_stdin and ask(run, "再输一次新口令", "new password again", command, from_stdin=False) != typed:
        raise InputWrong("password.different", "两次输入的新口令不一样", "the new passwords differ")
    return typed


def _line() -> str:
    if sys.stdin is None:
        return ""
    try:
        line = sys.stdin.buffer.readline(LONGEST_LINE_BYTES).decode("utf-8")
    except UnicodeDecodeError:
        raise _unreadable() from None
    return line.removesuffix("\n").removesuffix("\r")


def _unreadable() -> InputWrong:
    return InputWrong("password.unreadable", "口令不是UTF-8文字", "the password is no UTF-8 text")
