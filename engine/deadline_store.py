"""Looks for the open deadlines of many cases at once. Reads only, off the step path."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from engine.case_store import CASE, DEADLINE, DEADLINE_COLUMNS
from engine.deadline_columns import deadline_from_columns
from engine.deadlines import Deadline
from engine.store import Work

STILL_OWED = ("running", "paused", "overdue")


@dataclass(frozen=True)
class OpenDeadline:
    """A deadline that still runs, and its case."""

    case_no: str
    title: str
    unit: str
    deadline: Deadline


def open_deadlines(
    work: Work, units: Collection[str], now: datetime, due_by: date | None = None
) -> tuple[OpenDeadline, ...]:
    """Those of the units' cases that run, are paused or overdue at `now`, due on `due_by` or before; nearest first."""
    where = [CASE.c.unit.in_(sorted(units)), DEADLINE.c.state.in_(("running", "paused"))]
    if due_by is not None:
        where.append(DEADLINE.c.due_on <= due_by.isoformat())
    rows = work.connection.execute(
        sa.select(CASE.c.title, CASE.c.unit, *DEADLINE.columns)
        .join_from(DEADLINE, CASE, DEADLINE.c.case_no == CASE.c.case_no)
        .where(*where)
        .order_by(DEADLINE.c.due_on, DEADLINE.c.case_no, DEADLINE.c.id)
    )
    found = (_open_deadline(tuple(row)) for row in rows)
    return tuple(one for one in found if one.deadline.standing(now) in STILL_OWED)


def cases_with_ends(work: Work, today: date) -> list[str]:
    """The cases in which a limit that takes effect by itself has run out before today; the earliest first."""
    rows = work.connection.execute(
        sa.select(DEADLINE.c.case_no)
        .where(
            DEADLINE.c.state.in_(("running", "paused")),
            DEADLINE.c.nature == "automatic",
            DEADLINE.c.due_on < today.isoformat(),
        )
        .order_by(DEADLINE.c.due_on, DEADLINE.c.case_no)
    )
    return list(dict.fromkeys(str(row[0]) for row in rows))


def _open_deadline(row: tuple[object, ...]) -> OpenDeadline:
    title, unit, *columns = row
    values = dict(zip(DEADLINE_COLUMNS, columns, strict=True))
    return OpenDeadline(str(values["case_no"]), str(title), str(unit), deadline_from_columns(values))
