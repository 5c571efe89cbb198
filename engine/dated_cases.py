"""Reads the cases whose dates may concern somebody, each with its limits and its book, page by page. Reads only."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine.book_store import ENTRY
from engine.case_queries import OPEN_STATES
from engine.case_store import CASE, DEADLINE, DEADLINE_COLUMNS
from engine.deadline_columns import deadline_from_columns
from engine.deadlines import Deadline
from engine.ledger import Entry, case_book
from engine.standing import HOLDING
from engine.store import Work

PAGE = 500
# Entries by which somebody may have ceased to hold a case.
_NAMING = ("step", "undo", *HOLDING)


@dataclass(frozen=True)
class DatedCase:
    """A case as it stands, with its limits by id and the entries of its book of the kinds asked for, in order.

    The entries come without their personal values.
    """

    case_no: str
    title: str
    unit: str
    holders: tuple[str, ...]
    definition: str
    deadlines: dict[str, Deadline]
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Wanted:
    """Cases of these units that have not ended, have an open limit, or changed at `since` (a stored instant) or later;
    with `name` only those that he holds, or in whose book he is named since. `kinds` of entries are read."""

    units: Collection[str]
    since: str
    kinds: Sequence[str]
    name: str | None = None


def dated_cases(work: Work, wanted: Wanted) -> Iterator[DatedCase]:
    """They, in the order of their numbers."""
    last = ""
    while True:
        rows = work.connection.execute(_page(wanted, last)).all()
        if rows:
            last = rows[-1][0]
            numbers = [row[0] for row in rows]
            deadlines, entries = _deadlines(work, numbers), _entries(work, numbers, wanted.kinds)
            for case_no, title, unit, holders, definition in rows:
                named = tuple(json.loads(holders))
                book = tuple(entries[case_book(case_no)])
                yield DatedCase(case_no, title, unit, named, definition, deadlines[case_no], book)
        if len(rows) < PAGE:
            return


def _page(wanted: Wanted, last: str) -> sa.Select[Any]:
    is_open = sa.exists().where(DEADLINE.c.case_no == CASE.c.case_no, DEADLINE.c.state.in_(OPEN_STATES))
    where = [
        CASE.c.unit.in_(sorted(wanted.units)),
        CASE.c.case_no > last,
        sa.or_(CASE.c.ended == 0, CASE.c.recorded_at >= wanted.since, is_open),
    ]
    if wanted.name is not None:
        where.append(_about(wanted.name, wanted.since))
    columns = (CASE.c.case_no, CASE.c.title, CASE.c.unit, CASE.c.holders, CASE.c.definition)
    return sa.select(*columns).where(*where).order_by(CASE.c.case_no).limit(PAGE)


def _about(name: str, since: str) -> sa.ColumnElement[bool]:
    quoted = json.dumps(name, ensure_ascii=False)
    named = sa.exists().where(
        ENTRY.c.book == sa.literal(case_book("")) + CASE.c.case_no,
        ENTRY.c.recorded_at >= since,
        ENTRY.c.kind.in_(_NAMING),
        ENTRY.c.body.contains(quoted, autoescape=True),
    )
    return sa.or_(CASE.c.holders.contains(quoted, autoescape=True), named)


def _deadlines(work: Work, numbers: Sequence[str]) -> dict[str, dict[str, Deadline]]:
    found: dict[str, dict[str, Deadline]] = defaultdict(dict)
    statement = sa.select(*DEADLINE.columns).where(DEADLINE.c.case_no.in_(numbers))
    for row in work.connection.execute(statement.order_by(DEADLINE.c.case_no, DEADLINE.c.started_on, DEADLINE.c.id)):
        values = dict(zip(DEADLINE_COLUMNS, row, strict=True))
        found[values["case_no"]][values["id"]] = deadline_from_columns(values)
    return found


def _entries(work: Work, numbers: Sequence[str], kinds: Sequence[str]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = defaultdict(list)
    statement = (
        sa.select(*(ENTRY.c[name] for name in _ENTRY_FIELDS))
        .where(ENTRY.c.book.in_([case_book(number) for number in numbers]), ENTRY.c.kind.in_(kinds))
        .order_by(ENTRY.c.book, ENTRY.c.seq)
    )
    for row in work.connection.execute(statement):
        found[row[0]].append(Entry(*row))
    return found


_ENTRY_FIELDS = ("book", "seq", "kind", "step", "actor", "happened_on", "recorded_at", "body", "hash")
