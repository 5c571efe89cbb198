"""Reads from the book of a case what was announced of its time limits, and who has acknowledged one that is overdue.
Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from engine.agenda import subject_stem
from engine.deadlines import Deadline
from engine.ledger import Entry

ACKNOWLEDGE, ESCALATE, MAIL = "acknowledge", "escalate", "mail"


@dataclass(frozen=True)
class Acknowledgement:
    """Somebody knows that the limit is overdue. `rung_days` is the number of the last rung that was announced then."""

    deadline: str
    due_on: date
    rung_days: int
    by: str
    on: date
    reason: str
    seq: int


@dataclass(frozen=True)
class Announced:
    """What people were told of one date: the number of the last rung, and everybody who heard."""

    rung_days: int
    heard: frozenset[str]


def acknowledged(entries: Iterable[Entry]) -> dict[str, Acknowledgement]:
    """The acknowledgements that still hold, by deadline: a limit that begins anew, is taken back or gets another date
    makes its own void."""
    found: dict[str, Acknowledgement] = {}
    for entry in entries:
        said = entry.said()
        effects = said["effects"]
        if entry.kind == ACKNOWLEDGE:
            found[effects["deadline"]] = Acknowledgement(
                effects["deadline"],
                date.fromisoformat(effects["due_on"]),
                effects["rung"],
                entry.actor,
                date.fromisoformat(entry.happened_on),
                said["reason"],
                entry.seq,
            )
            continue
        for effect in effects.get("deadlines", ()):
            held = found.get(effect["id"])
            if held is not None and _voids(entry, effect, held):
                del found[effect["id"]]
    return found


def announced(entries: Iterable[Entry], book: str, unit: str, deadline: Deadline) -> Announced | None:
    """What was told of the deadline under the date that it has now; `None` where nothing was."""
    stem = subject_stem(book, unit, deadline.id, deadline.due_on)
    numbers: list[int] = []
    heard: set[str] = set()
    for entry in entries:
        if entry.kind != MAIL:
            continue
        effects = entry.said()["effects"]
        if effects["rung"].startswith(stem):
            numbers.append(int(effects["rung"].removeprefix(stem)))
            heard |= set(effects["to"])
    return Announced(min(numbers), frozenset(heard)) if numbers else None


def _voids(entry: Entry, effect: dict[str, object], held: Acknowledgement) -> bool:
    if entry.kind == "restart" or effect.get("act") in {"start", "remove"}:
        return True
    return effect.get("due_on", held.due_on.isoformat()) != held.due_on.isoformat()
