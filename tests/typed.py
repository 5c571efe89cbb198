"""The command line as typed words: `anjuan` run in this process, and what a run ended with."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import cli

# What the shell of whoever runs the tests may have set.
_SET_ELSEWHERE = ("ANJUAN_DATABASE", "ANJUAN_LANG", "ANJUAN_SMTP", "ANJUAN_EVIDENCE", "ANJUAN_CALENDARS")


class Ended(NamedTuple):
    """Exit code, stdout and stderr of one run."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Anjuan = Callable[..., Ended]


def typed_at(now: str, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Anjuan:
    """What runs `anjuan` with the words it is given, on that home, its clock standing at that day or instant."""
    for name in _SET_ELSEWHERE:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ANJUAN_HOME", str(home))
    monkeypatch.setenv("ANJUAN_NOW", now)

    def run(*words: str) -> Ended:
        code = cli.main(words)
        out, err = capsys.readouterr()
        return Ended(code, out, err)

    return run
