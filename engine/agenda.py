"""What falls due later: rungs written in the transaction of their cause. `notifications/` only reads them and sends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from engine.day_counts import moved
from engine.deadlines import Deadline
from engine.ladders import CERTIFICATE, Ladder
from engine.law_book import LawBook
from engine.people import Certificate
from engine.periods import rung_days, safe_day
from engine.store import Statement, Work, insert_on_conflict
from engine.tables import AgendaRow
from engine.working_days import WorkingDays

AGENDA = AgendaRow.__table__  # type: ignore[attr-defined]


class Rung(NamedTuple):
    """One reminder to come. Its key is its identity: planned twice, sent once.

    `subject` is the id of the deadline or obligation, or the number of the certificate. `rung_days` is the number of
    the rung in its ladder (`engine.ladders`): days before `safe_on`, below nought working days after `due_on`.
    """

    book: str
    kind: str
    subject: str
    unit: str
    rung_days: int
    due_on: date
    safe_on: date
    send_on: date

    @property
    def key(self) -> str:
        return f"{subject_stem(self.book, self.unit, self.subject, self.due_on)}{self.rung_days}"


class _Round(NamedTuple):
    """When a ladder goes out around a due day, whatever it is that is due: the number and the day of each rung."""

    kind: str
    due_on: date
    safe_on: date
    sends: tuple[tuple[int, date], ...]


def rungs_around(
    ladder: Ladder, book: str, subject: str, unit: str, due_on: date, calendar: WorkingDays, from_on: date
) -> tuple[Rung, ...]:
    """The rungs before and after a due day that lie on `from_on` or later.

    One before it that falls on a rest day goes out before that; those after it are working days. An urgent ladder
    knows no rest days: everything is counted in calendar days, from the due day itself.
    """
    return tuple(_rungs(_round(ladder, due_on, calendar), book, subject, unit, from_on))


def deadline_rungs(
    book: str, unit: str, deadlines: Iterable[Deadline], law: LawBook, from_on: date
) -> tuple[Rung, ...]:
    """The rungs of running deadlines that somebody is to be reminded of."""
    return tuple(
        rung
        for d in deadlines
        if d.terms.remind and (d.state == "running" or d.ends_by_itself)
        for rung in _rungs(law.once(_round_of_limit, d.terms.limit, d.nature, d.due_on), book, d.id, unit, from_on)
    )


def certificate_rungs(book: str, unit: str, certificate: Certificate, law: LawBook, from_on: date) -> tuple[Rung, ...]:
    """The rungs before the last day of a certificate: those from that day on, and the latest of those before it.

    Whoever hears of a certificate late hears of it at once, and once. None where it has ended already.
    """
    if certificate.to_on < from_on:
        return ()
    sends = rung_days(certificate.to_on, law.ladders.of_certificates.numbers, law.calendar)
    missed = [days for days, send_on in sends.items() if send_on < from_on]
    return tuple(
        Rung(book, CERTIFICATE, certificate.number, unit, days, certificate.to_on, certificate.to_on, send_on)
        for days, send_on in sends.items()
        if send_on >= from_on or days == min(missed)
    )


def subject_stem(book: str, unit: str, subject: str, due_on: date) -> str:
    """What the keys of all rungs of one thing due on that day begin with; the number of the rung follows."""
    return f"{book}:{unit}:{subject}:{due_on.isoformat()}:"


def plan(work: Work, rungs: Iterable[Rung]) -> None:
    """Write rungs into the agenda. One that was mailed stays so; one that was suppressed is planned anew: what had
    made it untrue has been taken back. One that is planned already goes out on the day that counts now: a holiday
    table may have moved it."""
    work.run_many(
        _INSERT,
        [
            {
                "key": r.key,
                "book": r.book,
                "subject": r.subject,
                "kind": r.kind,
                "unit": r.unit,
                "rung_days": r.rung_days,
                "due_on": r.due_on.isoformat(),
                "safe_on": r.safe_on.isoformat(),
                "send_on": r.send_on.isoformat(),
            }
            for r in rungs
        ],
    )


def due_rungs(work: Work, today: date) -> tuple[Rung, ...]:
    """The planned rungs whose day has come, the earliest first."""
    return tuple(
        Rung(book, kind, subject, unit, days, *map(date.fromisoformat, dates))
        for book, kind, subject, unit, days, *dates in work.all(_DUE, {"today": today.isoformat()})
    )


def planned_count(work: Work) -> int:
    """How many rungs are still to come or due."""
    count: int = work.first(_COUNT, {})[0]
    return count


def mailed_subjects(work: Work, book: str) -> set[str]:
    """The deadlines or obligations of a book of which somebody has been reminded."""
    return {row[0] for row in work.all(_MAILED, {"book_key": book})}


def settle(work: Work, key: str, state: str, why: str | None) -> bool:
    """Move a planned rung to `mailed` or `suppressed`; False when somebody else did so before."""
    return work.changes(_SETTLE, {"rung_key": key, "state": state, "why": why}) == 1


def _rungs(around: _Round, book: str, subject: str, unit: str, from_on: date) -> Iterator[Rung]:
    kind, due_on, safe_on, sends = around
    for number, send_on in sends:
        if send_on >= from_on:
            yield Rung(book, kind, subject, unit, number, due_on, safe_on, send_on)


def _round_of_limit(law: LawBook, limit: str, nature: str, due_on: date) -> _Round:
    return _round(law.ladders.of_limit(limit, nature), due_on, law.calendar)


def _round(ladder: Ladder, due_on: date, calendar: WorkingDays) -> _Round:
    safe_on = due_on if ladder.urgent else safe_day(due_on, calendar)
    return _Round(ladder.for_, due_on, safe_on, tuple(_send_days(ladder, due_on, safe_on, calendar).items()))


def _send_days(ladder: Ladder, due_on: date, safe_on: date, calendar: WorkingDays) -> dict[int, date]:
    """On which day each rung goes out, by its number."""
    if ladder.urgent:
        return {number: moved(due_on, -number) for number in ladder.numbers}
    before = rung_days(safe_on, (number for number in ladder.numbers if number >= 0), calendar)
    after = {number: calendar.add(due_on, -number) for number in ladder.numbers if number < 0}
    return before | after


def _build_insert(dialect: str) -> sa.Executable:
    # What is the same for every rung stands in the text: there are many rows, and a step waits for them.
    planned: sa.ColumnElement[str] = sa.literal_column("'planned'")
    suppressed: sa.ColumnElement[str] = sa.literal_column("'suppressed'")
    insert = insert_on_conflict(dialect, AGENDA).values(
        {c.name: sa.bindparam(c.name) for c in AGENDA.columns} | {"state": planned, "why": sa.null()}
    )
    anew = {name: insert.excluded[name] for name in ("safe_on", "send_on", "state", "why")}
    return insert.on_conflict_do_update(
        index_elements=["key"], set_=anew, where=AGENDA.c.state.in_([suppressed, planned])
    )


_INSERT = Statement(_build_insert)
_DUE = Statement(
    lambda _: (
        sa.select(
            AGENDA.c.book,
            AGENDA.c.kind,
            AGENDA.c.subject,
            AGENDA.c.unit,
            AGENDA.c.rung_days,
            AGENDA.c.due_on,
            AGENDA.c.safe_on,
            AGENDA.c.send_on,
        )
        .where(AGENDA.c.state == sa.literal("planned"), AGENDA.c.send_on <= sa.bindparam("today"))
        .order_by(AGENDA.c.send_on, AGENDA.c.key)
    )
)
_COUNT = Statement(
    lambda _: sa.select(sa.func.count()).select_from(AGENDA).where(AGENDA.c.state == sa.literal("planned"))
)
_MAILED = Statement(
    lambda _: (
        sa.select(AGENDA.c.subject)
        .where(AGENDA.c.book == sa.bindparam("book_key"), AGENDA.c.state == sa.literal("mailed"))
        .distinct()
    )
)
_SETTLE = Statement(
    lambda _: (
        sa.update(AGENDA)
        .where(AGENDA.c.key == sa.bindparam("rung_key"), AGENDA.c.state == sa.literal("planned"))
        .values(state=sa.bindparam("state"), why=sa.bindparam("why"))
    )
)
