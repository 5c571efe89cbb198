"""Gap-free official numbers: given in the transaction that needs them, so that what rolls back leaves no hole."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store import Statement, Work, insert_on_conflict
from engine.tables import NumberRow

SERIES = NumberRow.__table__  # type: ignore[attr-defined]


def next_number(work: Work, series: str) -> int:
    """The next number of the series, beginning with 1. The series stays locked until the transaction ends."""
    number: int = work.first(_NEXT, {"series": series})[0]
    return number


def hold(work: Work, series: str) -> None:
    """Keep the series for this transaction: whoever else wants a number of it waits until this one has ended."""
    work.run(_HOLD, {"series": series})


def case_number(work: Work, unit: str, year: int) -> str:
    """The number of a new case of that unit and year: `suzhou-2018-0001`."""
    return f"{unit}-{year}-{next_number(work, f'case:{unit}:{year}'):04d}"


def _build_next(dialect: str) -> sa.Executable:
    return (
        insert_on_conflict(dialect, SERIES)
        .values(series=sa.bindparam("series"), last=sa.literal(1))
        .on_conflict_do_update(index_elements=["series"], set_={"last": SERIES.c.last + sa.literal(1)})
        .returning(SERIES.c.last)
    )


def _build_hold(dialect: str) -> sa.Executable:
    return (
        insert_on_conflict(dialect, SERIES)
        .values(series=sa.bindparam("series"), last=sa.literal(0))
        .on_conflict_do_update(index_elements=["series"], set_={"last": SERIES.c.last})
    )


_NEXT = Statement(_build_next)
_HOLD = Statement(_build_hold)
