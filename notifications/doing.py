"""Does the jobs of the queue: plans what is due, and delivers a mail; the same for a command and for a worker."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

from engine.agenda import Rung, due_rungs
from engine.clock import today
from engine.errors import AnjuanError, CaseChangedMeanwhile, StoreUnavailable
from engine.jobs import Job
from engine.office import Office
from engine.repeating import kept
from engine.store import Work
from engine.store_faults import translated
from notifications.by_itself import record_happenings
from notifications.calendar_files import write_feeds
from notifications.delivery import Delivery
from notifications.dispatching import dispatch
from notifications.gathering import gather
from notifications.mail_store import MAIL_JOB
from notifications.pacing import Pace
from notifications.queueing import Queued, queue_subject
from notifications.run_count import RunCount, name
from notifications.telling import Tell, silent
from notifications.truth import by_subject

PLAN_JOB = "plan"


# So many subjects are turned into mails in one transaction: waiting for the disk is most of what one costs.
AT_A_TIME = 50

Bug = Callable[[Exception], AnjuanError]
# The due rungs of one deadline, obligation or certificate, the latest first.
Subject = tuple[Rung, ...]


class Doer:
    """Whatever a job says, the truth is read first: done twice, it has its effect once.

    One thing that goes wrong is told and counted and stops nothing else; for what nobody foresaw, `bug` gives what to
    tell (without it, it is raised). `calendars` is this machine's folder for those. Raises StoreUnavailable; what was
    done until then stays done.
    """

    def __init__(
        self,
        office: Office,
        delivery: Delivery,
        tell: Tell = silent,
        pace: Pace | None = None,
        bug: Bug | None = None,
        calendars: Path | None = None,
    ) -> None:
        self._office, self._delivery, self._pace, self._bug = office, delivery, pace or Pace(None), bug
        self._calendars = calendars
        self.count = RunCount(tell)

    def __call__(self, job: Job) -> None:
        if job.kind == MAIL_JOB:
            self.deliver(int(job.subject))
        elif job.kind == PLAN_JOB:
            self.plan()

    def plan(self) -> None:
        """Record what took effect by itself, and turn everything that is due into mails, each in its transaction."""
        self._alone("自动生效事项", "what happens by itself", self._settle)
        self._alone("汇总邮件", "mails about many things", self._gather)
        due = due_subjects(self._office)
        while subjects := tuple(islice(due, AT_A_TIME)):
            self._alone("提醒", "reminders", partial(self._queue, subjects))

    def write_calendars(self) -> None:
        """Bring the calendars up to date to which people subscribe, where this machine has a folder for them."""
        if self._calendars is not None:
            self._alone("日历", "calendars", partial(self._write, self._calendars))

    def deliver(self, mail_id: int) -> None:
        """Deliver a mail whose time has come, in the pace that the server asks for."""
        self._pace.keep()
        self._alone(f"第{mail_id}号邮件", f"mail {mail_id}", partial(self._dispatch, mail_id))

    def _settle(self) -> None:
        self.count.happened += record_happenings(self._office, self.count.tell)

    def _gather(self) -> None:
        self.count.add_gathered(gather(self._office, self.count.tell))

    def _queue(self, subjects: Sequence[Subject]) -> None:
        """Several subjects in one transaction; where one of them fails, again with each in a part of its own, so that
        it undoes itself alone."""
        try:
            made: Sequence[Queued | AnjuanError] = kept(self._office.store, partial(self._made, subjects))
        except (StoreUnavailable, CaseChangedMeanwhile):
            raise
        except Exception:
            made = kept(self._office.store, partial(self._made_apart, subjects))
        for rungs, became in zip(subjects, made, strict=True):
            if isinstance(became, Queued):
                self.count.add_queued(became)
            else:
                self.count.add_failed(name(rungs[0]), name(rungs[0]), became)

    def _made(self, subjects: Sequence[Subject], work: Work) -> list[Queued]:
        return [queue_subject(self._office, work, rungs) for rungs in subjects]

    def _made_apart(self, subjects: Sequence[Subject], work: Work) -> list[Queued | AnjuanError]:
        return [self._made_alone(rungs, work) for rungs in subjects]

    def _made_alone(self, rungs: Subject, work: Work) -> Queued | AnjuanError:
        try:
            with translated(work.store.place), work.part():
                return queue_subject(self._office, work, rungs)
        except (StoreUnavailable, CaseChangedMeanwhile):
            raise
        except AnjuanError as wrong:
            return wrong
        except Exception as error:
            if self._bug is None:
                raise
            return self._bug(error)

    def _write(self, folder: Path) -> None:
        self.count.failed += write_feeds(self._office, folder, self.count.tell).failed

    def _dispatch(self, mail_id: int) -> None:
        self.count.add_dispatched(dispatch(self._office, self._delivery, mail_id))

    def _alone(self, zh: str, en: str, do: Callable[[], None]) -> None:
        try:
            do()
        except StoreUnavailable:
            raise
        except AnjuanError as wrong:
            self.count.add_failed(zh, en, wrong)
        except Exception as error:
            if self._bug is None:
                raise
            self.count.add_failed(zh, en, self._bug(error))


def due_subjects(office: Office) -> Iterator[Subject]:
    """The rungs that are due, those of one subject together."""
    with office.store.reading() as work:
        due = due_rungs(work, today(office.clock))
    return by_subject(due)
