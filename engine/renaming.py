"""What the steps, states and answers of a moved case are called from then on, and were called before. Pure.

The entries of the book stay as they were written; whoever reads them goes through the renamings of the entries of kind
`move` that follow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from engine.case_view import StepTaken
from engine.changing import changed

Value = TypeVar("Value")
# The fields of a step on the trail that a version of a workflow names.
NAMED = {"step": "step", "from": "source", "to": "dest"}


@dataclass(frozen=True)
class Renaming:
    """By number of the entry: what was and what is now its `step`, `from` or `to`; and answers by their old names."""

    trail: Mapping[int, Mapping[str, tuple[str, str]]] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)

    def turned_round(self) -> Renaming:
        """What takes it back. No two answers may have come to bear one name."""
        return Renaming(
            {seq: {name: (now, was) for name, (was, now) in names.items()} for seq, names in self.trail.items()},
            {now: was for was, now in self.answers.items()},
        )

    def document(self) -> dict[str, Any]:
        """As an entry tells it."""
        return {
            "trail": {
                str(seq): {name: list(pair) for name, pair in names.items()} for seq, names in self.trail.items()
            },
            "answers": dict(self.answers),
        }


def renaming_from(document: Mapping[str, Any]) -> Renaming:
    """What an entry of kind `move` tells."""
    return Renaming(
        {
            int(seq): {name: (was, now) for name, (was, now) in names.items()}
            for seq, names in document["trail"].items()
        },
        dict(document["answers"]),
    )


def renamed_answers(renaming: Renaming, answers: Mapping[str, Value]) -> dict[str, Value]:
    """The answers under their new names, in their order."""
    return {renaming.answers.get(name, name): value for name, value in answers.items()}


def renamed_trail(renaming: Renaming, trail: Sequence[StepTaken]) -> tuple[StepTaken, ...]:
    return tuple(_renamed_step(renaming, taken) for taken in trail)


def renaming_between(before: Sequence[StepTaken], after: Sequence[StepTaken], answers: Mapping[str, str]) -> Renaming:
    """What makes the one trail into the other, which differs in names alone."""
    trail = {}
    for old, new in zip(before, after, strict=True):
        pairs = {name: (getattr(old, place), getattr(new, place)) for name, place in NAMED.items()}
        differing = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
        if differing:
            trail[old.seq] = differing
    return Renaming(trail, {was: now for was, now in answers.items() if was != now})


def _renamed_step(renaming: Renaming, taken: StepTaken) -> StepTaken:
    names = renaming.trail.get(taken.seq, {})
    fields: dict[str, Any] = {NAMED[name]: now for name, (_, now) in names.items()}
    if renaming.answers:
        fields["answers"] = renamed_answers(renaming, taken.answers)
    return changed(taken, **fields) if fields else taken
