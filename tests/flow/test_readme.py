"""README's walk-through runs as it is printed: one line is refused, every other one is done."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent.parent
REFUSED = 3
WALKS = re.findall(r"```sh\n(export .*?)```", (HOUSE / "README.md").read_text(encoding="utf-8"), re.DOTALL)


def ready(walk: str, home: Path) -> tuple[dict[str, str], list[list[str]]]:
    """The environment that the first line exports, and the words of each command after `uv run anjuan`."""
    first, *lines = walk.strip().splitlines()
    settings = dict(word.split("=", 1) for word in shlex.split(first.replace("$HOME", str(home)))[1:])
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANJUAN_")}
    commands = [shlex.split(line) for line in lines]
    assert all(words[:3] == ["uv", "run", "anjuan"] for words in commands)
    return {**kept, **settings, "PYTHONUTF8": "1"}, [words[3:] for words in commands]


def test_the_walk_through_stands_in_both_languages_with_the_same_commands() -> None:
    chinese, english = ([line.split("--set")[0] for line in walk.strip().splitlines()[1:]] for walk in WALKS)

    assert [line.split("--reason")[0] for line in chinese] == [line.split("--reason")[0] for line in english]


@pytest.mark.parametrize("walk", WALKS, ids=["chinese", "english"])
def test_the_walk_through_runs_as_it_is_printed(walk: str, tmp_path: Path) -> None:
    environment, commands = ready(walk, tmp_path)

    ends = [
        subprocess.run(
            [sys.executable, "-m", "cli", *words], cwd=HOUSE, env=environment, capture_output=True, timeout=60
        )
        for words in commands
    ]

    assert [(" ".join(words[:2]), end.returncode) for words, end in zip(commands, ends, strict=True)] == [
        ("init --practice", 0),
        ("campaign load", 0),
        ("case open", 0),
        ("case do", REFUSED),
        ("case why", 0),
        ("case do", 0),
        ("case do", 0),
        ("report show", 0),
        ("report cells", 0),
        ("case undo", 0),
        ("ledger verify", 0),
    ]
    assert "suzhou-2018-0001" in ends[8].stdout.decode("utf-8"), "the figure does not open the case"
