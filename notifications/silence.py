"""Judges which of the runs that an office owes itself did not happen, since what should tell of it may be down itself.

A run is owed like a deadline, only that nobody can be reminded of it by the very thing that does not run. So it is
judged by whoever comes next, from the days that the runs leave behind in the settings of the store.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from engine.backup_day import BACKED_UP
from engine.book_store import ENTRY
from engine.clock import legal_day, today
from engine.ledger import STORE_BOOK
from engine.monthly_forms import first_rehearsal
from engine.office import Office
from engine.settings import SETTING
from engine.store import Statement, Work
from engine.tables import AgendaRow
from engine.working_days import WorkingDays
from notifications.run_days import DIGESTED, REHEARSED, REMINDED

AGENDA = AgendaRow.__table__  # type: ignore[attr-defined]
ONE_DAY = timedelta(days=1)
# Practice, not law: what an office can bear to write again from paper.
BACKUP_DAYS = 7

# From the day on which it was done last, today and the calendar: the first day since on which it was owed and is
# missed; `None` where there was none, or where there is still time today.
Rhythm = Callable[[date, date, WorkingDays], date | None]


@dataclass(frozen=True)
class Evidence:
    """What a store tells about its runs.

    `founded_on` is the day of the first entry of the store's book, `None` where there is none. `reminder_on` is the
    earliest day on which a reminder that nobody has dealt with was to go out, `rehearsal_on` the first on which a form
    of a loaded campaign was to be rehearsed. `done_on` has the last day of each run, by the name of its setting. All of
    them are legal days.
    """

    founded_on: date | None
    reminder_on: date | None = None
    done_on: Mapping[str, date] = field(default_factory=dict)
    practice: bool = False
    rehearsal_on: date | None = None


@dataclass(frozen=True)
class OwedRun:
    """A run that an office owes itself: how it is called, how often it is owed, what to do when it is missed.

    `begins` gives the day from which it is counted while it was never done, as if it had been done on that day; `None`
    while nothing can be missed.
    """

    id: str
    setting: str
    zh: str
    en: str
    rhythm: Rhythm
    begins: Callable[[Evidence], date | None]
    often_zh: str
    often_en: str
    mend_zh: str
    mend_en: str
    command: str


@dataclass(frozen=True)
class Standing:
    """How one run stands today: the last day on which it was done, and since when it is missed.

    `since` is the first day on which it should have been done and was not; `None` where it is not silent. A last day
    after today is no silence, for then the clock was put back and nothing can be said; that is `ahead`.
    """

    run: OwedRun
    last_on: date | None
    since: date | None
    ahead: bool = False

    @property
    def zh(self) -> str:
        return f"{self.run.zh}自{self.since}起未按时进行"

    @property
    def en(self) -> str:
        return f"{self.run.en}: not run since {self.since}"


def judged(evidence: Evidence, on: date, calendar: WorkingDays) -> tuple[Standing, ...]:
    """How every run stands on the legal day `on`."""
    return tuple(_standing(run, evidence, on, calendar) for run in OWED)


def standings(office: Office, work: Work) -> tuple[Standing, ...]:
    """How every run of an office, its knowledge read, stands today. One statement; raises FileWrong."""
    evidence = _evidence(work, office.practice)
    # Once it was done, that day counts: nobody works out anew with every command what the campaigns owe.
    if REHEARSED not in evidence.done_on:
        evidence = replace(evidence, rehearsal_on=first_rehearsal(office))
    return judged(evidence, today(office.clock), office.law.calendar)


def silent_runs(office: Office, work: Work) -> tuple[Standing, ...]:
    """The runs that did not happen. One statement; raises FileWrong."""
    return tuple(one for one in standings(office, work) if one.since is not None)


def _standing(run: OwedRun, evidence: Evidence, on: date, calendar: WorkingDays) -> Standing:
    last = evidence.done_on.get(run.setting)
    counted_from = last if last is not None else run.begins(evidence)
    since = None if counted_from is None else run.rhythm(counted_from, on, calendar)
    return Standing(run, last, since, ahead=last is not None and last > on)


def _every_working_day(last: date, on: date, calendar: WorkingDays) -> date | None:
    """Missed is a working day that is over.

    A run on a rest day makes good for the working day before: only what came after the last run counts. In a year
    whose holidays are not published Monday to Friday are worked, as for every date.
    """
    day = last + ONE_DAY if last < on else on
    while day < on:
        if calendar.is_working(day):
            return day
        day += ONE_DAY
    return None


def _within(days: int) -> Rhythm:
    """Once in so many calendar days, for disks do not keep holidays; the last of them is not missed before it ends."""

    def missed(last: date, on: date, _: WorkingDays) -> date | None:
        return last + timedelta(days=days) if (on - last).days > days else None

    return missed


def _founded(evidence: Evidence) -> date | None:
    """From the day on which the store was made; nobody can have run anything before."""
    return evidence.founded_on


def _first_reminder(evidence: Evidence) -> date | None:
    """From the eve of the first reminder: where none was ever due nobody missed one."""
    return _eve(evidence.founded_on, evidence.reminder_on)


def _first_rehearsal(evidence: Evidence) -> date | None:
    """From the eve of the first rehearsal, or the last digest where that is later.

    It goes with the digest: a campaign may have been loaded after that was made, or an older program have made it.
    """
    eve = _eve(evidence.founded_on, evidence.rehearsal_on)
    return max(eve, evidence.done_on.get(DIGESTED, eve)) if eve is not None else None


def _eve(founded_on: date | None, first_on: date | None) -> date | None:
    return max(founded_on, first_on - ONE_DAY) if founded_on is not None and first_on is not None else None


def _founded_in_earnest(evidence: Evidence) -> date | None:
    """As `_founded`, but nobody backs up a practice store."""
    return None if evidence.practice else evidence.founded_on


SCHEDULE_ZH = "请检查定时任务或者anjuan worker，并现在运行一次"
SCHEDULE_EN = "look after the scheduler or anjuan worker, and run it now"

# Another run is one row more.
OWED = (
    OwedRun(
        "reminders",
        REMINDED,
        "提醒",
        "reminders",
        _every_working_day,
        _first_reminder,
        "每个工作日一次",
        "every working day",
        SCHEDULE_ZH,
        SCHEDULE_EN,
        "anjuan remind run",
    ),
    OwedRun(
        "digest",
        DIGESTED,
        "每日汇总",
        "digest",
        _every_working_day,
        _founded,
        "每个工作日一次",
        "every working day",
        SCHEDULE_ZH,
        SCHEDULE_EN,
        "anjuan remind run",
    ),
    OwedRun(
        "rehearsal",
        REHEARSED,
        "报表预演",
        "rehearsal of reports",
        _every_working_day,
        _first_rehearsal,
        "每个工作日随每日汇总一次",
        "every working day, with the digest",
        SCHEDULE_ZH,
        SCHEDULE_EN,
        "anjuan remind run",
    ),
    OwedRun(
        "backup",
        BACKED_UP,
        "备份",
        "backup",
        _within(BACKUP_DAYS),
        _founded_in_earnest,
        f"至少每{BACKUP_DAYS}日一次",
        f"at least once in {BACKUP_DAYS} days",
        "现在备份",
        "make one now",
        "anjuan backup --to FILE",
    ),
)

FOUNDED, REMINDER = "founded_at", "reminder_on"


def _evidence(work: Work, practice: bool) -> Evidence:
    found = {name: value for name, value in work.all(_EVIDENCE, {}) if value is not None}
    founded_at, reminder_on = found.pop(FOUNDED, None), found.pop(REMINDER, None)
    return Evidence(
        legal_day(datetime.fromisoformat(founded_at)) if founded_at else None,
        date.fromisoformat(reminder_on) if reminder_on else None,
        {name: date.fromisoformat(value) for name, value in found.items()},
        practice,
    )


def _build_evidence(_: str) -> sa.Executable:
    """Each part is one look into an index: whoever types a command pays for this."""
    return sa.union_all(
        sa.select(SETTING.c.name, SETTING.c.value).where(
            SETTING.c.name.in_([sa.literal(run.setting) for run in OWED]),
        ),
        sa.select(sa.literal_column(f"'{FOUNDED}'"), ENTRY.c.recorded_at).where(
            ENTRY.c.book == sa.literal(STORE_BOOK), ENTRY.c.seq == sa.literal(1)
        ),
        sa.select(sa.literal_column(f"'{REMINDER}'"), sa.func.min(AGENDA.c.send_on)).where(
            AGENDA.c.state == sa.literal("planned")
        ),
    )


_EVIDENCE = Statement(_build_evidence)
