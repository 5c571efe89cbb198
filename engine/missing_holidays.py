"""Knows the years whose holidays are missing by now, each with the number of open cases that wait for them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from engine.case_queries import OPEN_STATES
from engine.case_store import CASE, DEADLINE
from engine.store import Work
from engine.working_days import WorkingDays

# The holidays of a year are published in autumn of the year before.
NEXT_YEAR_FROM_MONTH = 11
# A date at the turn of the year may rest on the next one.
SLACK = timedelta(days=31)


@dataclass(frozen=True)
class MissingYear:
    """A year without a table, and how many cases have a provisional date in it."""

    year: int
    cases: int

    @property
    def command(self) -> str:
        """What to type once the notice is there."""
        return f"anjuan rule load {self.year}.yaml --reason 国办发明电〔{self.year - 1}〕…号"

    @property
    def zh(self) -> str:
        rest = f"{self.cases}件案件的期限为暂定" if self.cases else "目前没有案件的期限受影响"
        return f"{self.year}年放假安排尚未录入，{rest}；收到通知后载入"

    @property
    def en(self) -> str:
        rest = {0: "no case rests on them so far", 1: "1 case has provisional dates"}.get(
            self.cases, f"{self.cases} cases have provisional dates"
        )
        return f"the holidays of {self.year} are not in yet, {rest}; load them once the notice is there"


def years_to_know(today: date) -> tuple[int, ...]:
    """The years whose holidays should be known on that day: this one, and from November on the next."""
    return (today.year, today.year + 1) if today.month >= NEXT_YEAR_FROM_MONTH else (today.year,)


def missing_holidays(
    work: Work, calendar: WorkingDays, today: date, units: Collection[str] | None = None
) -> tuple[MissingYear, ...]:
    """The years that are missing, with the cases of these units (of all, without) that wait for them."""
    missing = (year for year in years_to_know(today) if not calendar.is_published(year))
    return tuple(MissingYear(year, _waiting(work, year, units)) for year in missing)


def _waiting(work: Work, year: int, units: Collection[str] | None) -> int:
    first_on = date(year, 1, 1) - SLACK
    where: list[Any] = [
        DEADLINE.c.state.in_(OPEN_STATES),
        DEADLINE.c.due_on.between(first_on.isoformat(), date(year, 12, 31).isoformat()),
        DEADLINE.c.provisional == 1,
    ]
    if units is not None:
        where.append(CASE.c.unit.in_(sorted(units)))
    found = work.connection.scalar(
        sa.select(sa.func.count(sa.distinct(DEADLINE.c.case_no)))
        .join_from(DEADLINE, CASE, DEADLINE.c.case_no == CASE.c.case_no)
        .where(*where)
    )
    return int(found or 0)
