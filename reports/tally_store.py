"""Reads tallies: their sums for a form, and the entries behind one sum."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine.book_store import ENTRY
from engine.ledger import campaign_book, case_book
from engine.outside_counts import OutsideCount, outside_count_from
from engine.store import Statement, Work
from engine.tables import TallyRow

TALLY = TallyRow.__table__  # type: ignore[attr-defined]
CASE_BOOK = case_book("")


@dataclass(frozen=True)
class Reach:
    """Which tallies are meant: of one campaign and these units, in the months (YYYY-MM) from first to last, inclusive.

    An empty `first_month` is before every month.
    """

    campaign: str
    units: Collection[str]
    first_month: str
    last_month: str


@dataclass(frozen=True)
class TallyEntry:
    """What one entry of the record adds to a figure: money in fen, a correction with its own sign.

    It is one of a case's book, or one that counts a figure from `outside` in the campaign's own.
    """

    book: str
    seq: int
    category: str
    n: int
    outside: OutsideCount | None = None

    @property
    def case_no(self) -> str | None:
        """The case, where it is one of a case."""
        return self.book.removeprefix(CASE_BOOK) if self.outside is None else None

    def document(self) -> dict[str, Any]:
        if self.outside is None:
            return {"case_no": self.case_no, "seq": self.seq, "n": self.n}
        return {"case_no": None, "book": self.book, "seq": self.seq, "n": self.n, **self.outside.document()}


def sums_of(work: Work, reach: Reach) -> dict[tuple[str, str], int]:
    """The sums by (category, measure), categories as they were counted. What was never counted is missing."""
    return {(category, measure): int(n) for category, measure, n in work.all(_SUMS, _values(reach))}


def entries_behind(work: Work, reach: Reach, measure: str) -> tuple[TallyEntry, ...]:
    """Every tally of the measure, in the order in which it happened."""
    values = {**_values(reach), "measure_key": measure, "book_key": campaign_book(reach.campaign)}
    return tuple(
        TallyEntry(book, seq, category, n, outside_count_from(*said) if said[0] is not None else None)
        for book, seq, category, n, *said in work.all(_ENTRIES, values)
    )


def listed(values: Collection[str]) -> str:
    """Values for a statement that takes them as `in_list`."""
    return json.dumps(sorted(values), ensure_ascii=False)


def in_list(dialect: str, column: Any, parameter: str) -> Any:
    """The condition that the column holds one of the values bound to the parameter, as `listed` writes them.

    A list inside one parameter keeps the text of the statement the same however many values there are.
    """
    bound = sa.bindparam(parameter, type_=sa.Text())
    if dialect == "sqlite":
        return column.in_(sa.select(sa.func.json_each(bound).table_valued("value").c.value))
    return column.in_(sa.select(sa.func.json_array_elements_text(sa.cast(bound, sa.JSON())).column_valued()))


def _values(reach: Reach) -> dict[str, str]:
    return {
        "campaign_key": reach.campaign,
        "unit_list": listed(reach.units),
        "first_month": reach.first_month,
        "last_month": reach.last_month,
    }


def _within(dialect: str) -> Any:
    return sa.and_(
        TALLY.c.campaign == sa.bindparam("campaign_key"),
        TALLY.c.period >= sa.bindparam("first_month"),
        TALLY.c.period <= sa.bindparam("last_month"),
        in_list(dialect, TALLY.c.unit, "unit_list"),
    )


_SUMS = Statement(
    lambda dialect: (
        sa.select(TALLY.c.category, TALLY.c.measure, sa.func.sum(TALLY.c.n))
        .where(_within(dialect))
        .group_by(TALLY.c.category, TALLY.c.measure)
    )
)
_ENTRIES = Statement(
    lambda dialect: (
        sa.select(
            TALLY.c.book,
            TALLY.c.seq,
            TALLY.c.category,
            TALLY.c.n,
            ENTRY.c.actor,
            ENTRY.c.happened_on,
            ENTRY.c.body,
        )
        .outerjoin(
            ENTRY,
            sa.and_(ENTRY.c.book == sa.bindparam("book_key"), ENTRY.c.book == TALLY.c.book, ENTRY.c.seq == TALLY.c.seq),
        )
        .where(_within(dialect), TALLY.c.measure == sa.bindparam("measure_key"))
        .order_by(TALLY.c.happened_on, TALLY.c.book, TALLY.c.seq)
    )
)
