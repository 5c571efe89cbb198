"""Sends what is due: one run turns every due rung into mails and delivers every mail whose time has come."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from engine.agenda import planned_count
from engine.errors import AnjuanError, StoreUnavailable
from engine.jobs import queue_of
from engine.office import Office
from engine.repeating import kept
from notifications.delivery import Delivery
from notifications.doing import Bug, Doer, due_subjects
from notifications.gathering import gather
from notifications.mail_store import Draft, mail_of
from notifications.open_mails import due_ids, put_due, waiting_count
from notifications.pacing import Pace
from notifications.queueing import queue_subject
from notifications.run_count import RunCount, name
from notifications.telling import Tell, silent


@dataclass(frozen=True)
class RunResult:
    """What one run did. `planned` counts the rungs still to come after it, the others what was done in it.

    `happened` counts what took effect by itself because a time limit had run out; `failed` counts mails that did not
    leave, now or for good, and rungs that could not be turned into mails; `waiting` counts mails, put off in this run
    or before, whose next try is still to come.
    """

    planned: int
    sent: int
    suppressed: int
    failed: int
    happened: int = 0
    waiting: int = 0

    def document(self) -> dict[str, int]:
        return dict(vars(self))


@dataclass(frozen=True)
class Outgoing:
    """A mail that a run would send."""

    to: str
    address: str
    subject: str
    kind: str


def run_reminders(
    office: Office,
    delivery: Delivery,
    tell: Tell = silent,
    pace: Pace | None = None,
    bug: Bug | None = None,
    calendars: Path | None = None,
) -> RunResult:
    """Turn every rung that is due into mails and deliver them, with those that an earlier run left.

    Any number of runs and workers may go on at once: each does the jobs that it gets. `tell` hears of everything that
    was not sent, with its reason; `bug` says what to tell of what nobody foresaw. Raises StoreUnavailable; what was
    done until then stays done.
    """
    queue, doer = queue_of(office.store), Doer(office, delivery, tell, pace, bug, calendars)
    doer.plan()
    queue.sweep()
    kept(office.store, lambda work: put_due(work, office.clock.now()))
    queue.work_off(doer)
    doer.write_calendars()
    return _result(office, doer.count)


def rehearse_reminders(office: Office, tell: Tell = silent) -> tuple[RunResult, tuple[Outgoing, ...]]:
    """What a run would send now; nothing is delivered and nothing kept. `sent` counts the mails that would go."""
    count, outgoing = RunCount(tell), []
    with office.store.reading() as work:
        for mail_id in due_ids(work, office.clock.now()):
            line = mail_of(work, mail_id).line
            outgoing.append(Outgoing(line.to_name, line.to_address, line.subject, line.kind))
    gathered = gather(office, tell, keep=False)
    count.add_gathered(gathered)
    outgoing += [_outgoing(mail) for mail in gathered.mails if not mail.refused]
    count.settled += len(gathered.settled)
    for rungs in due_subjects(office):
        if rungs[0].key in gathered.settled:
            continue
        try:
            found = kept(office.store, partial(queue_subject, office, rungs=rungs), keep=False)
        except StoreUnavailable:
            raise
        except AnjuanError as wrong:
            count.add_failed(name(rungs[0]), name(rungs[0]), wrong)
            continue
        count.add_queued(found)
        outgoing += [_outgoing(mail) for mail in found.mails if not mail.refused]
        count.settled += len(found.suppressed) + bool(found.mails)
    count.sent = len(outgoing)
    return _result(office, count), tuple(outgoing)


def _result(office: Office, count: RunCount) -> RunResult:
    with office.store.reading() as work:
        planned = planned_count(work) - count.settled
        waiting = waiting_count(work, office.clock.now())
    return RunResult(planned, count.sent, count.suppressed, count.failed, count.happened, waiting)


def _outgoing(mail: Draft) -> Outgoing:
    return Outgoing(mail.to_name, mail.to_address, mail.subject, mail.kind)
