"""Tells what an answer decides by itself, as far as a definition says so. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.definitions import OPEN, Definition, Words


def driven_by(definition: Definition, step_id: str, name: str) -> tuple[Words, ...]:
    """What an answer decides by itself, as far as the definition says so; guards may judge it besides."""
    asked = definition.open if step_id == OPEN else definition.steps[step_id]
    found: list[Words] = []
    starts = [s for s in asked.start if name in {s.from_, s.until, *s.instead, *s.after}]
    if starts:
        found.append(Words(zh="期限的起算", en="the start of a time limit"))
    if _chooses(asked.to, name):
        found.append(Words(zh="案件的去向", en="where the case goes"))
    if step_id != OPEN:
        step = definition.steps[step_id]
        ends = {one.on for one in step.stop} | {one.on for one in step.pause} | {one.on for one in step.resume}
        if name in ends or name in step.waive:
            found.append(Words(zh="期限的终结或者中止", en="the end or pause of a time limit"))
        if step.assigns == name:
            found.append(Words(zh="由谁承办", en="who holds the case"))
        if step.withdraws == name:
            found.append(Words(zh="谁须回避", en="who has to withdraw"))
    return tuple(found)


def _chooses(target: Any, name: str) -> bool:
    """Whether an answer of that name chooses where an arc leads."""
    if not isinstance(target, Mapping):
        return False
    return any(key == name or any(_chooses(one, name) for one in _inner(inner)) for key, inner in target.items())


def _inner(choice: Any) -> Iterable[Any]:
    return choice.values() if isinstance(choice, Mapping) else ()
