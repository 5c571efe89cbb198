"""What an event of a calendar is: an identity that outlives its changes, a number that tells them, alarms before it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engine.agenda import rungs_around
from engine.canonical import text_hash
from engine.clock import SHANGHAI, legal_day
from engine.ladders import Ladder
from engine.periods import rung_days, safe_day
from engine.working_days import WorkingDays

# An appointment has no ladder: nobody is late for it. So many days before it people are reminded.
APPOINTMENT_DAYS = (3, 1)
# Rungs are days; a limit of hours may be over before its day has begun.
ALARM_HOURS = (3, 1)
# At this hour of its day an alarm goes off.
MORNING = timedelta(hours=9)
# So long, in calendar days, what was cancelled stays, that every calendar hears of it; and what is past.
KEPT_DAYS = 60


@dataclass(frozen=True)
class Face:
    """What may change of an event. `at` is a stored instant where the event has a minute; `told` is whatever else its
    text rests on. One that no longer `stands` was met, stopped or taken back."""

    on: str
    at: str | None
    stands: bool
    told: tuple[object, ...] = ()


@dataclass(frozen=True)
class Revision:
    """The newest face, how many came before it (SEQUENCE), and when the first and this one came on record.

    All follows from the record alone, so that the same record gives the same bytes whenever it is asked.
    """

    face: Face
    number: int
    first_at: str
    changed_at: str


@dataclass(frozen=True)
class Event:
    """One event of somebody's calendar, in both languages. `about_…` are the lines below its title.

    `at` is the minute where it has one, `place` where it takes place. `alarms` count from its beginning, that of a
    whole day being midnight.
    """

    uid: str
    kind: str
    on: date
    at: datetime | None
    zh: str
    en: str
    about_zh: tuple[str, ...]
    about_en: tuple[str, ...]
    revision: Revision
    alarms: tuple[timedelta, ...] = ()
    case_no: str | None = None
    campaign: str | None = None
    place: str | None = None

    @property
    def cancelled(self) -> bool:
        return not self.revision.face.stands


def revised(before: Revision | None, face: Face, at: str) -> Revision:
    """The revision after an entry recorded at `at` showed that face; the same one where nothing changed."""
    if before is None:
        return Revision(face, 0, at, at)
    if before.face == face:
        return before
    return Revision(face, before.number + 1, before.first_at, at)


def uid_of(store_id: str, kind: str, book: str, subject: str) -> str:
    """The identity: it holds no date and no text, so that an event that moves is moved, not doubled."""
    return f"{text_hash(chr(10).join((store_id, kind, book, subject)))[:32]}@anjuan"


def is_kept(event: Event, today: date) -> bool:
    """Whether it is still told: a cancelled one for KEPT_DAYS after it was cancelled on record, both days inclusive."""
    if not event.cancelled:
        return True
    return (today - legal_day(datetime.fromisoformat(event.revision.changed_at))).days <= KEPT_DAYS


def ladder_alarms(ladder: Ladder, on: date, at: datetime | None, calendar: WorkingDays) -> tuple[timedelta, ...]:
    """At nine on the days on which the ladder reminds people before the date and on it.

    Before a minute (`at`) those that come before it; where it is a limit of hours, some hours before it too.
    """
    rungs = rungs_around(ladder, "", "", "", on, calendar, date.min)
    mornings = _mornings([rung.send_on for rung in rungs if rung.rung_days >= 0], on, at)
    hours = tuple(timedelta(hours=-n) for n in ALARM_HOURS) if at is not None and ladder.urgent else ()
    return tuple(sorted({*mornings, *hours}))


def appointment_alarms(on: date, at: datetime | None, calendar: WorkingDays) -> tuple[timedelta, ...]:
    """At nine, so many calendar days before its safe day, earlier where that is a rest day."""
    return _mornings(rung_days(safe_day(on, calendar), APPOINTMENT_DAYS, calendar).values(), on, at)


def _mornings(days: Iterable[date], on: date, at: datetime | None) -> tuple[timedelta, ...]:
    """Nine o'clock of those days, counted from the beginning of what they lie before; each once, the earliest first."""
    local = at.astimezone(SHANGHAI) if at is not None else None
    begins = timedelta(hours=local.hour, minutes=local.minute) if local is not None else timedelta(0)
    found = {(day - on) + MORNING - begins for day in days}
    return tuple(sorted(one for one in found if at is None or one < timedelta(0)))
