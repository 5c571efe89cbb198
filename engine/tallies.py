"""Signed statistical facts: what a step counts, in which campaign and category, in which month."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.case_view import CaseView, InCampaign
from engine.definitions import Step
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


def tallies_of(
    step: Step, answers: Mapping[str, Any], case: CaseView, campaigns: Iterable[InCampaign], on: date
) -> tuple[Tally, ...]:
    """What the step counts in those campaigns of the case. A zero or unanswered amount counts nothing."""
    amounts = {measure: _amount(how_many, answers, case) for measure, how_many in step.count.items()}
    return tuple(
        Tally(c.id, measure, c.category, case.unit, n, on, f"{on:%Y-%m}")
        for c in campaigns
        for measure, n in amounts.items()
        if n
    )


def reversed_tallies(tallies: Iterable[Tally]) -> tuple[Tally, ...]:
    """Their correction: the same with the sign turned."""
    return tuple(Tally(t.campaign, t.measure, t.category, t.unit, -t.n, t.happened_on, t.period) for t in tallies)


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


def tallies_by_entry(work: Work, book: str, seq: int) -> tuple[Tally, ...]:
    """The tallies that one entry caused."""
    return tuple(
        Tally(campaign, measure, category, unit, n, date.fromisoformat(happened_on), period)
        for campaign, measure, category, unit, n, happened_on, period in work.all(
            _BY_ENTRY, {"book_key": book, "seq_key": seq}
        )
    )


def _amount(how_many: str | Mapping[str, str], answers: Mapping[str, Any], case: CaseView) -> int:
    """A written number, the amount in an answer, or the amount in an answer of an earlier step."""
    if isinstance(how_many, str):
        return int(how_many) if how_many.isdigit() else int(answers.get(how_many) or 0)
    (step, answer), *_ = how_many.items()
    earlier = case.last(step)
    return int(earlier.answers.get(answer) or 0) if earlier else 0


_TALLY_COLUMNS = (
    TALLY.c.campaign,
    TALLY.c.measure,
    TALLY.c.category,
    TALLY.c.unit,
    TALLY.c.n,
    TALLY.c.happened_on,
    TALLY.c.period,
)
_INSERT = Statement(lambda _: sa.insert(TALLY).values({c.name: sa.bindparam(c.name) for c in TALLY.columns}))
_BY_ENTRY = Statement(
    lambda _: (
        sa.select(*_TALLY_COLUMNS)
        .where(TALLY.c.book == sa.bindparam("book_key"), TALLY.c.seq == sa.bindparam("seq_key"))
        .order_by(TALLY.c.campaign, TALLY.c.measure)
    )
)
