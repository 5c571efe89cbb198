"""Earlier penalties of a party, from the other cases of the store and from what the officer knows of other bodies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from engine.case_view import CaseView, OtherCase
from engine.periods import months_later
from workflows.decision_in_force import PENALTIES, decision_in_force

YEARS_TO_MONTHS = 12
# Orders that a decision may contain and that are no penalty by themselves. 行政处罚法（2021） §9, §28.
NO_PENALTY = {"stop"}


@dataclass(frozen=True)
class EarlierPenalty:
    """That the party was punished on that day, administratively or criminally. `case_no` None: by another body."""

    on: date
    case_no: str | None = None
    unit: str | None = None
    criminal: bool = False
    same_work: bool = False

    def document(self) -> dict[str, object]:
        """`by` says in what that case is alike: the `party`, or `both` party and work."""
        return {
            "on": self.on.isoformat(),
            "case_no": self.case_no,
            "unit": self.unit,
            "criminal": self.criminal,
            "by": None if self.case_no is None else "both" if self.same_work else "party",
        }


def cases_of_parties(case: CaseView, history: Iterable[OtherCase]) -> tuple[OtherCase, ...]:
    """Of the other cases those that are of a party whom the case, as it is seen, is about."""
    numbers = {p.party_no for p in case.parties}
    return tuple(other for other in history if numbers & set(other.of))


def earlier_penalties(others: Iterable[OtherCase], elsewhere_on: date | None) -> tuple[EarlierPenalty, ...]:
    """Every earlier penalty, the oldest first: decided in other cases, ended in a conviction, or imposed elsewhere.

    A decision counts from its day. A case that was closed with a conviction counts from the day of closing, the only
    one that is on record.
    """
    found = [penalty for other in others for penalty in _penalties_of(other)]
    if elsewhere_on is not None:
        found.append(EarlierPenalty(elsewhere_on))
    return tuple(sorted(found, key=lambda p: (p.on, p.case_no or "")))


def before_the_act(penalties: Iterable[EarlierPenalty], act_on: date, years: int) -> tuple[EarlierPenalty, ...]:
    """Those after which, within so many years, the act was done again: it ended after them, and in that time."""
    return tuple(p for p in penalties if p.on < act_on <= months_later(p.on, years * YEARS_TO_MONTHS)) if years else ()


def _penalties_of(other: OtherCase) -> Iterator[EarlierPenalty]:
    """What the decision in force and the last closing of the case say: what a later one replaced no longer counts."""
    decision = decision_in_force(other.trail)
    if decision is not None and decision.step in PENALTIES:
        measures = set(decision.answers.get("measures") or ()) - NO_PENALTY
        if decision.answers.get("fine_fen") or measures:
            yield EarlierPenalty(decision.on, other.case_no, other.unit, same_work=other.same_work)
    for t in [t for t in other.trail if t.step == "close"][-1:]:
        if t.answers.get("outcome") == "sentenced":
            yield EarlierPenalty(t.on, other.case_no, other.unit, criminal=True, same_work=other.same_work)
