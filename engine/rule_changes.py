"""Sets open deadlines right that stand otherwise under other rules, on the record of each case.

Deadlines are read page by page, so that a whole province fits into a little memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from engine import agenda
from engine.agenda import Rung, deadline_rungs
from engine.case_queries import OPEN_STATES
from engine.case_store import CASE, DEADLINE, DEADLINE_COLUMNS, save_deadlines
from engine.casework import add_entry, find_case
from engine.clock import legal_day
from engine.deadline_columns import deadline_from_columns
from engine.deadline_effects import course_effect
from engine.deadlines import Deadline
from engine.errors import DeadlineUndetermined
from engine.law_book import LawBook
from engine.ledger import case_book
from engine.office import Office
from engine.reprojecting import reprojected
from engine.store import Statement, Work

PAGE = 500
KIND = "rules"
# A date may rest on a year from outside: it rolls over the turn of the year, or is counted back from it.
SLACK = timedelta(days=60)


@dataclass(frozen=True)
class Reach:
    """Which open deadlines a change can touch: those under these limits, those that rest on these years; or all."""

    limits: frozenset[str] = frozenset()
    years: frozenset[int] = frozenset()
    everything: bool = False


EVERYTHING = Reach(everything=True)
Advance = Callable[[int], None]


def unseen(_: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class Dates:
    """When a deadline ends, and whether that may still move."""

    due_on: date
    due_at: datetime | None
    provisional: bool


@dataclass(frozen=True)
class Shift:
    """A deadline that stands otherwise than before."""

    case_no: str
    unit: str
    deadline_id: str
    zh: str
    en: str
    before: Dates
    after: Dates

    @property
    def moved(self) -> bool:
        """Whether it ends on another day or minute."""
        return (self.before.due_on, self.before.due_at) != (self.after.due_on, self.after.due_at)

    @property
    def became_firm(self) -> bool:
        """Whether it was provisional and no longer is."""
        return self.before.provisional and not self.after.provisional


@dataclass(frozen=True)
class Orphan:
    """A deadline to which the rules give no date any more: it keeps the one it has, and somebody must look at it."""

    case_no: str
    unit: str
    deadline_id: str
    due_on: date
    zh: str
    en: str


@dataclass(frozen=True)
class Turn:
    """What a change of rules means for one case. `rungs` are reminders that go out on another day than before."""

    case_no: str
    unit: str
    changed: tuple[tuple[Deadline, Deadline], ...] = ()
    orphans: tuple[Orphan, ...] = ()
    rungs: tuple[Rung, ...] = ()

    @property
    def shifts(self) -> tuple[Shift, ...]:
        return tuple(_shift(self, before, after) for before, after in self.changed)


@dataclass(frozen=True)
class Setting:
    """Under which law, since when, on whose word: how deadlines are to be set right. `documents` are the hashes of the
    rules that brought it about."""

    law: LawBook
    reach: Reach
    actor: str
    reason: str
    documents: tuple[str, ...] = ()


def turns(
    work: Work, law: LawBook, now_law: LawBook, reach: Reach, today: date, advance: Advance = unseen
) -> Iterator[Turn]:
    """Every case for which `law` changes something that stood under `now_law`, in the order of their numbers.

    `advance` is told how many deadlines have been looked at since it was last told.
    """
    for (case_no, unit), found in groupby(candidates(work, reach, advance), key=lambda row: row[:2]):
        turn = turn_of(case_no, unit, [deadline for _, _, deadline in found], law, now_law, today)
        if turn != Turn(case_no, unit):
            yield turn


def turn_of(case_no: str, unit: str, deadlines: list[Deadline], law: LawBook, now_law: LawBook, today: date) -> Turn:
    """What the law changes for these deadlines of one case. Pure."""
    changed, orphans, standing = [], [], []
    for deadline in deadlines:
        try:
            after = reprojected(deadline, law)
        except DeadlineUndetermined as e:
            orphans.append(Orphan(case_no, unit, deadline.id, deadline.due_on, e.reason_zh, e.reason_en))
            continue
        standing.append(after)
        if after != deadline:
            changed.append((deadline, after))
    book = case_book(case_no)
    planned = set(deadline_rungs(book, unit, deadlines, now_law, today))
    rungs = tuple(r for r in deadline_rungs(book, unit, standing, law, today) if r not in planned)
    return Turn(case_no, unit, tuple(changed), tuple(orphans), rungs)


def set_right(office: Office, work: Work, setting: Setting, advance: Advance = unseen) -> Iterator[Turn]:
    """Sets every open deadline right, one case after another, and tells of each what was done.

    Raises TransitionRefused when the clock stands before the last entry of a case, CaseChangedMeanwhile; then nothing
    may be kept.
    """
    today = legal_day(office.clock.now())
    for turn in turns(work, setting.law, office.law, setting.reach, today, advance):
        # Whoever is at work on the case finishes first; the case is then read as he left it.
        work.run(_LOCK, {"case_key": turn.case_no})
        yield _set_case_right(office, work, setting, turn.case_no, today)


def plan_open_deadlines(work: Work, law: LawBook, today: date) -> None:
    """Plan the rungs of every open deadline that lie ahead: planned twice, sent once."""
    for case_no, unit, deadline in candidates(work, EVERYTHING, unseen):
        agenda.plan(work, deadline_rungs(case_book(case_no), unit, (deadline,), law, today))


def candidates(work: Work, reach: Reach, advance: Advance = unseen) -> Iterator[tuple[str, str, Deadline]]:
    """The open deadlines that a change can touch, with case number and unit, read a page at a time."""
    page = Statement(lambda _: _page_of(reach))
    last = ("", "")
    while True:
        rows = work.all(page, {"last_case": last[0], "last_id": last[1]})
        for unit, *columns in rows:
            values: Mapping[str, Any] = dict(zip(DEADLINE_COLUMNS, columns, strict=True))
            last = (values["case_no"], values["id"])
            yield values["case_no"], unit, deadline_from_columns(values)
        advance(len(rows))
        if len(rows) < PAGE:
            return


def touches(reach: Reach, deadline: Deadline) -> bool:
    """Whether a change can touch this deadline: what the candidates are chosen by."""
    if reach.everything or reach.limits & {deadline.terms.limit, deadline.course.after}:
        return True
    days = (deadline.started_on, deadline.due_on)
    return any(
        max(days) >= first and (min(days) <= last or deadline.course.after is not None)
        for first, last in map(_around, reach.years)
    )


def count_candidates(work: Work, reach: Reach) -> int:
    """How many open deadlines the change can touch."""
    statement = Statement(lambda _: sa.select(sa.func.count()).select_from(DEADLINE).where(*_within(reach)))
    count: int = work.first(statement, {})[0]
    return count


def _set_case_right(office: Office, work: Work, setting: Setting, case_no: str, today: date) -> Turn:
    case = find_case(office, work, case_no, None)
    running = [d for d in case.deadlines.values() if d.is_open and touches(setting.reach, d)]
    turn = turn_of(case_no, case.unit, running, setting.law, office.law, today)
    if turn.changed:
        effects = {
            "deadlines": [course_effect(before, after) for before, after in turn.changed],
            "rule": list(setting.documents),
        }
        add_entry(office, work, case, setting.actor, KIND, effects, None, setting.reason)
        save_deadlines(work, case_no, [after for _, after in turn.changed])
    agenda.plan(work, turn.rungs)
    return turn


def _shift(turn: Turn, before: Deadline, after: Deadline) -> Shift:
    return Shift(turn.case_no, turn.unit, after.id, after.terms.zh, after.terms.en, _dates(before), _dates(after))


def _dates(deadline: Deadline) -> Dates:
    return Dates(deadline.due_on, deadline.due_at, deadline.provisional)


def _page_of(reach: Reach) -> sa.Executable:
    key = sa.tuple_(DEADLINE.c.case_no, DEADLINE.c.id)
    return (
        sa.select(CASE.c.unit, *DEADLINE.columns)
        .join_from(DEADLINE, CASE, DEADLINE.c.case_no == CASE.c.case_no)
        .where(*_within(reach), key > sa.tuple_(sa.bindparam("last_case"), sa.bindparam("last_id")))
        .order_by(DEADLINE.c.case_no, DEADLINE.c.id)
        .limit(PAGE)
    )


def _within(reach: Reach) -> list[Any]:
    """The conditions that let at least those through that the change can touch; more do no harm."""
    is_open = sa.or_(*(DEADLINE.c.state == state for state in OPEN_STATES))
    if reach.everything:
        return [is_open]
    told = DEADLINE.c.course.contains('"after":', autoescape=True)
    by_limit = [
        sa.or_(
            DEADLINE.c.terms.contains(f'"limit":"{limit}"', autoescape=True),
            DEADLINE.c.course.contains(f'"after":"{limit}"', autoescape=True),
        )
        for limit in sorted(reach.limits)
    ]
    by_year = []
    for year in sorted(reach.years):
        first, last = _around(year)
        ends_after = sa.or_(DEADLINE.c.started_on >= first.isoformat(), DEADLINE.c.due_on >= first.isoformat())
        begins_before = sa.or_(DEADLINE.c.started_on <= last.isoformat(), DEADLINE.c.due_on <= last.isoformat())
        by_year.append(sa.and_(ends_after, sa.or_(begins_before, told)))
    return [is_open, sa.or_(sa.false(), *by_limit, *by_year)]


def _around(year: int) -> tuple[date, date]:
    return date(year, 1, 1) - SLACK, date(year, 12, 31) + SLACK


_LOCK = Statement(
    lambda _: sa.select(CASE.c.case_no).where(CASE.c.case_no == sa.bindparam("case_key")).with_for_update()
)
