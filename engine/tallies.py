"""Signed statistical facts: what a step counts, in which campaign and category, in which month."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.case_view import Attempt, CaseView, InCampaign
from engine.definitions import Counted, HowMany, Step, is_number
from engine.guards import CONDITIONS
from engine.store import Statement, Work
from engine.tables import TallyRow

TALLY = TallyRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Tally:
    """+n of one measure in one campaign; `period` is the month (YYYY-MM) in which it counts."""

    campaign: str
    measure: str
    category: str
    unit: str
    n: int
    happened_on: date
    period: str

    def shown(self) -> dict[str, Any]:
        return {
            "campaign": self.campaign,
            "column": self.measure,
            "row": self.category,
            "n": self.n,
            "unit": self.unit,
            "period": self.period,
        }


def tallies_of(step: Step, attempt: Attempt, case: CaseView, campaigns: Iterable[InCampaign]) -> tuple[Tally, ...]:
    """What the step counts in those campaigns of the case. A zero or unanswered amount counts nothing."""
    amounts = {measure: _counted(how_many, attempt, case) for measure, how_many in step.count.items()}
    period = attempt.on.isoformat()[: len("YYYY-MM")]
    return tuple(
        Tally(c.id, measure, c.category, case.unit, n, attempt.on, period)
        for c in campaigns
        for measure, n in amounts.items()
        if n
    )


def counting(step: Step, attempt: Attempt, case: CaseView) -> tuple[InCampaign, ...]:
    """The campaigns of the case in which the step counts: those that it, and the step it follows, came under."""
    began_on = began_counting_on(step, attempt.on, case, outside=attempt.outside_campaign)
    return tuple(c for c in case.campaigns if c.since <= began_on) if began_on is not None else ()


def began_counting_on(step: Step, on: date, case: CaseView, *, outside: bool) -> date | None:
    """The day on which a campaign must have begun to hold the case, for a step on that day to count in it: that of the
    step it follows, else its own. None where either was taken outside the campaigns."""
    led_by = case.last(step.follows) if step.follows else None
    if outside or (led_by is not None and led_by.outside):
        return None
    return led_by.on if led_by is not None else on


def write_tallies(work: Work, book: str, seq: int, tallies: Iterable[Tally]) -> None:
    """Store them as caused by the entry (book, seq)."""
    work.run_many(
        _INSERT,
        [
            {
                "book": book,
                "seq": seq,
                "campaign": t.campaign,
                "measure": t.measure,
                "category": t.category,
                "unit": t.unit,
                "n": t.n,
                "happened_on": t.happened_on.isoformat(),
                "period": t.period,
            }
            for t in tallies
        ],
    )


def _counted(how_many: HowMany, attempt: Attempt, case: CaseView) -> int:
    if not isinstance(how_many, Counted):
        return _amount(how_many, attempt.answers, case)
    if how_many.when is not None and not CONDITIONS[how_many.when](case, attempt):
        return 0
    amount = _amount(how_many.amount, attempt.answers, case)
    return -amount if how_many.sign == "minus" else amount


def _amount(how_many: str | Mapping[str, str], answers: Mapping[str, Any], case: CaseView) -> int:
    """A written number, the amount in an answer, or that in an answer of the newest of some earlier steps."""
    if isinstance(how_many, str):
        return int(how_many) if is_number(how_many) else int(answers.get(how_many) or 0)
    earlier = case.last(*how_many)
    return int(earlier.answers.get(how_many[earlier.step]) or 0) if earlier else 0


_INSERT = Statement(lambda _: sa.insert(TALLY).values({c.name: sa.bindparam(c.name) for c in TALLY.columns}))
