"""What stands of a case as its book tells it: answers as corrected, what each step has counted, who holds it. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from engine.case_view import StepTaken
from engine.definitions import OPEN, Definition
from engine.ledger import Entry
from engine.renaming import renamed_answers, renaming_from

CORRECT = "correct"
JOIN = "join"
# An entry with which the case came under another version of its workflow.
MOVE = "move"
# Entries that say who holds the case from then on.
HOLDING = ("assign", "accept", "handover")


@dataclass(frozen=True)
class Answered:
    """An answer as it stands: `stated` as the chain has it (a personal one as its hash), `value` as it is read."""

    stated: Any
    value: Any


class Figure(NamedTuple):
    """A cell of a form, as far as one case feeds it."""

    campaign: str
    measure: str
    category: str
    unit: str
    period: str

    def shown(self, n: int) -> dict[str, Any]:
        """So much in that cell, as the record tells it."""
        return {
            "campaign": self.campaign,
            "column": self.measure,
            "row": self.category,
            "unit": self.unit,
            "period": self.period,
            "n": n,
        }


def answers_of(entries: Sequence[Entry]) -> dict[int, dict[str, Answered]]:
    """The answers of every opening and step by the number of its entry, corrections carried out, under the names that
    the version calls them by to which the case was moved last."""
    found: dict[int, dict[str, Answered]] = {}
    for entry in entries:
        if entry.kind in {OPEN, "step"}:
            found[entry.seq] = _said_in(entry)
        elif entry.kind == CORRECT:
            said = _said_in(entry)
            for name, seq in entry.said()["effects"]["corrects"].items():
                found[seq][name] = said[name]
        elif entry.kind == MOVE:
            renaming = renaming_from(entry.said()["effects"]["renamed"])
            found = {seq: renamed_answers(renaming, said) for seq, said in found.items()}
    return found


def facts_of(entries: Sequence[Entry], kept: Collection[int]) -> dict[str, Any]:
    """The answers of those steps, a later one in the place of an earlier, as they are read."""
    answers = answers_of(entries)
    return {name: one.value for seq in sorted(kept) for name, one in answers[seq].items()}


def counted_by(entries: Sequence[Entry]) -> dict[int, Counter[Figure]]:
    """What every step has counted, by the number of its entry, corrections of it included."""
    found: dict[int, Counter[Figure]] = defaultdict(Counter)
    for entry in entries:
        effects = entry.said()["effects"]
        if entry.kind == "step":
            _add(found[entry.seq], effects["tallies"])
        elif entry.kind == CORRECT:
            for seq, tallies in effects["of"].items():
                _add(found[int(seq)], tallies)
    return found


def joined_at(entries: Sequence[Entry]) -> dict[str, int]:
    """The entry with which the case came to count in each of its campaigns."""
    found = {c["id"]: entries[0].seq for c in entries[0].said()["effects"]["campaigns"]}
    joins = ((entry.said()["effects"]["campaign"], entry.seq) for entry in entries if entry.kind == JOIN)
    return {**found, **dict(joins)}


def holders_of_book(definition: Definition, entries: Sequence[Entry], trail: Sequence[StepTaken]) -> tuple[str, ...]:
    """Who holds the case: whom the last assigning step or assignment named, else whoever opened it."""
    named: dict[int, tuple[str, ...]] = {trail[0].seq: (trail[0].actor,)}
    for taken in trail[1:]:
        step = definition.steps.get(taken.step)  # one of an earlier version named no holder
        assigns = step.assigns if step is not None else None
        if assigns and taken.answers.get(assigns):
            named[taken.seq] = tuple(taken.answers[assigns])
    for entry in entries:
        if entry.kind in HOLDING:
            named[entry.seq] = tuple(entry.said()["effects"]["holders"])
    return named[max(named)]


def _said_in(entry: Entry) -> dict[str, Answered]:
    readable = {p.answer: p.value for p in entry.personal}
    return {name: Answered(value, readable.get(name, value)) for name, value in entry.said()["answers"].items()}


def _add(counter: Counter[Figure], tallies: Sequence[Mapping[str, Any]]) -> None:
    for t in tallies:
        counter[Figure(t["campaign"], t["column"], t["row"], t["unit"], t["period"])] += t["n"]
