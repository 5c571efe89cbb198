"""How the runs that did not happen read on a terminal: one remark for every command, lines at the foot of `today`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from commands.frame import Run
from commands.output import wrap
from commands.words import t
from notifications.silence import Standing


def say_silent(run: Run, silent: Sequence[Standing]) -> None:
    """Names every silent run in one line on stderr; where one command does not mend them all, `doctor` has each."""
    commands = {one.run.command for one in silent}
    command = commands.pop() if len(commands) == 1 else "anjuan doctor"
    zh = "、".join(f"{one.run.zh}{one.since}起" for one in silent)
    en = ", ".join(f"{one.run.en} since {one.since}" for one in silent)
    for line in wrap(t(f"未按时进行：{zh}；请运行：{command}", f"not run: {en}: {command}")):
        run.say(line, line)


def silent_document(silent: Sequence[Standing]) -> list[dict[str, Any]]:
    """The silent runs as `--json` has them."""
    return [
        {"run": one.run.id, "zh": one.zh, "en": one.en, "since": one.since, "command": one.run.command}
        for one in silent
    ]


def silent_lines(silent: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What stands at the foot of `today`, from the document."""
    if silent:
        yield ""
    for one in silent:
        yield from wrap(t(f"{one['zh']}：{one['command']}", f"{one['en']}: {one['command']}"), indent="  ", first="")
