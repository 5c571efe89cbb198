"""The running time limits of a case as values: started, paused, stopped, and how they stand on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, cast

from engine.changing import changed
from engine.clock import end_of_day, legal_day
from engine.confidence import is_unconfirmed
from engine.courses import Course
from engine.law_book import LawBook
from engine.periods import Period, Pick, Reading, Roll, due_of, parse_length
from engine.time_limits import LimitVersion, TimeLimit
from engine.working_days import WorkingDays

Standing = Literal["running", "paused", "met", "overdue", "lapsed", "stopped"]

# What a limit of each nature is called once its date has passed and nobody ended it.
_PASSED: Mapping[str, Standing] = {
    "right": "lapsed",
    "duty": "overdue",
    "waiting": "met",
    "bar": "lapsed",
    "automatic": "met",
    "other_body": "overdue",
}


@dataclass(frozen=True)
class Terms:
    """What a deadline rests on: the version of the rule `limit` by which it is counted.

    `owed`: missing it is a defect of ours although something else happens of itself.
    """

    limit: str
    zh: str
    en: str
    readings: tuple[tuple[str, str], ...]  # (length, roll)
    pick: str
    basis: str
    confidence: str
    confirmed: bool
    rule_hash: str
    remind: tuple[str, ...]
    fixed_on: date | None = None
    owed: bool = False


@dataclass(frozen=True)
class Deadline:
    """A time limit running, or ended, on one case. `due_on` is derived and re-derivable from the rest; while the limit
    is paused it is the earliest day on which it could end.

    `state` is what happened to it (running, paused, met, lapsed, stopped); how it stands on a day says `standing`.
    """

    id: str
    rule: str
    nature: str
    started_on: date
    started_at: datetime | None
    terms: Terms
    course: Course
    due_on: date
    due_at: datetime | None
    provisional: bool
    state: str = "running"
    ended_on: date | None = None
    note: str | None = None  # waived, answered, undone: why it ended
    party_no: int | None = None  # the party whose limit it is, where it is one party's

    @property
    def ends_at(self) -> datetime:
        """The last moment: the minute where hours count, else the end of the day. C4."""
        return self.due_at or end_of_day(self.due_on)

    @property
    def number(self) -> int:
        """The how-manieth of its rule in the case: 1 for `payment`, 2 for `payment.2`."""
        return int(self.id.removeprefix(self.rule).lstrip(".") or 1)

    @property
    def unsure(self) -> str:
        """The confidence for which its date is marked 未确认: of its rule, or of a ground on which its running was
        changed. Empty where all is sure; a day that an order of ours sets needs no confirmation."""
        terms = self.terms
        codes = [*(() if terms.fixed_on else (terms.confidence,)), *(basis.confidence for basis in self.course.bases)]
        return next((code for code in codes if code and is_unconfirmed(code, confirmed=terms.confirmed)), "")

    @property
    def waived(self) -> bool:
        return self.note == "waived"

    @property
    def is_open(self) -> bool:
        return self.state in {"running", "paused"}

    def standing(self, now: datetime) -> Standing:
        """How it stands at an instant."""
        if not self.is_open:
            return cast(Standing, self.state)
        if self.is_paused(legal_day(now)):
            return "paused"
        if not self._passed(now):
            return "running"
        return "lapsed" if self.terms.owed else _PASSED[self.nature]

    def is_paused(self, on: date) -> bool:
        """Whether its days are not counted on that day. A pause with a cap ends by itself."""
        pause = self.course.open_pause
        return self.state == "paused" and pause is not None and (pause.last_on is None or on <= pause.last_on)

    @property
    def ends_by_itself(self) -> bool:
        """Whether it is paused, but under a cap that lets it run again without anybody's doing."""
        pause = self.course.open_pause
        return self.state == "paused" and pause is not None and pause.last_on is not None

    def overdue(self, now: datetime) -> bool:
        """Whether it was owed and not done in time, be it done since or not."""
        if self.nature not in {"duty", "other_body"}:
            return False
        if self.ended_on is not None:
            return self.note == "late" or self.ended_on > self.due_on
        return not self.is_paused(legal_day(now)) and self._passed(now)

    def _passed(self, now: datetime) -> bool:
        return now > self.ends_at if self.due_at else now.astimezone(self.ends_at.tzinfo).date() > self.due_on


def new_deadline(
    limit: TimeLimit,
    version: LimitVersion,
    deadline_id: str,
    rule_hash: str,
    calendar: WorkingDays,
    *,
    started_on: date,
    started_at: datetime | None = None,
    fixed_on: date | None = None,
    course: Course | None = None,
) -> Deadline:
    """A deadline under that version of the rule; the day (or minute) of the start is not counted. C1."""
    blank = Deadline(
        deadline_id,
        limit.id,
        limit.nature,
        started_on,
        started_at,
        terms_of(limit, version, rule_hash, fixed_on),
        course or Course(started_on),
        started_on,
        None,
        False,
    )
    return derived(blank, calendar)


def terms_of(limit: TimeLimit, version: LimitVersion, rule_hash: str, fixed_on: date | None) -> Terms:
    """What a deadline under that version of the rule rests on."""
    return Terms(
        limit.id,
        limit.zh,
        limit.en,
        tuple((str(r.length), r.roll) for r in version.readings),
        version.pick or "later",
        version.basis,
        version.confidence,
        version.confirmed_on is not None,
        rule_hash,
        limit.remind,
        fixed_on,
        limit.owed,
    )


def end_of_limit(law: LawBook, rule: str, started_on: date, chosen_on: date) -> date:
    """The last day of another limit that began on `started_on`, by the law of `chosen_on`; where that law sets no such
    limit, the day itself."""
    version = law.limit_on(rule, chosen_on)
    if version is None:
        return started_on
    return due_of(version.period(started_on), law.calendar).due_on


def derived(deadline: Deadline, calendar: WorkingDays) -> Deadline:
    """The same deadline with its due date derived anew from start, terms and course.

    While it is paused without a cap: the earliest day on which it could end.
    """
    fixed_on = deadline.terms.fixed_on
    if fixed_on is not None and not deadline.course.extensions:
        if _roll_of(deadline.terms) != "next":
            return changed(deadline, due_on=fixed_on, due_at=None, provisional=False)
        due_on = calendar.next_working(fixed_on)
        unknown = not (calendar.is_published(fixed_on.year) and calendar.is_published(due_on.year))
        return changed(deadline, due_on=due_on, due_at=None, provisional=unknown)
    due = due_of(period_of(deadline), calendar)
    return changed(deadline, due_on=due.due_on, due_at=due.due_at, provisional=due.provisional)


def period_of(deadline: Deadline) -> Period:
    """The period that is counted. A limit whose last day an order fixed is counted only by what was granted later."""
    course = deadline.course
    pauses, extensions, restart = course.counted_pauses, course.extensions, course.restart
    fixed_on = deadline.terms.fixed_on
    if fixed_on is not None:
        first, *more = extensions
        return Period((Reading(first.length, _roll_of(deadline.terms)),), start_on=fixed_on, extensions=tuple(more))
    readings = tuple(Reading(parse_length(length), cast(Roll, roll)) for length, roll in deadline.terms.readings)
    pick = cast(Pick, deadline.terms.pick)
    if deadline.started_at is not None:
        return Period(readings, None, deadline.started_at, pick, pauses, extensions, restart)
    return Period(readings, deadline.started_on, None, pick, pauses, extensions, restart)


def _roll_of(terms: Terms) -> Roll:
    """Where an end on a rest day moves by the readings of the rule; a limit that orders always fix has none."""
    return cast(Roll, terms.readings[0][1]) if terms.readings else "none"


def ended(deadline: Deadline, state: str, on: date, at: datetime | None = None, note: str | None = None) -> Deadline:
    """The deadline, ended on that day (at that minute). A duty done after its last moment is noted as late."""
    late = at is not None and deadline.due_at is not None and at > deadline.due_at
    return changed(deadline, state=state, ended_on=on, note="late" if late else note)


def next_id(rule: str, taken: Mapping[str, Deadline]) -> str:
    """`rule`, or `rule.2`, `rule.3` … when the case has had it before."""
    if rule not in taken:
        return rule
    number = 2
    while f"{rule}.{number}" in taken:
        number += 1
    return f"{rule}.{number}"
