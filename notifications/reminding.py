"""Sends what is due: one run turns every due rung into mails and delivers every mail that is still open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from engine.agenda import Rung, due_rungs, planned_count
from engine.clock import today
from engine.errors import AnjuanError, StoreUnavailable
from engine.office import Office
from notifications.by_itself import record_happenings
from notifications.claims import LEASE, LONGEST_DELIVERY, claim, due_ids, release, waiting_count, worker_name
from notifications.delivery import Delivery
from notifications.dispatching import TAKEN, Dispatched, dispatch
from notifications.gathering import gather
from notifications.mail_store import SENT, SUPPRESSED, Draft, mail_of
from notifications.pacing import Pace
from notifications.person_mails import Gathered
from notifications.queueing import Queued, queue_subject
from notifications.repeating import kept
from notifications.telling import Tell, silent
from notifications.truth import SUPERSEDED, by_subject

# So many mails are claimed in one transaction: few enough that other workers find some too.
AT_A_TIME = 50


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


@dataclass
class _Count:
    sent: int = 0
    suppressed: int = 0
    failed: int = 0
    settled: int = 0
    happened: int = 0
    outgoing: list[Outgoing] = field(default_factory=list)


def run_reminders(office: Office, delivery: Delivery, tell: Tell = silent, pace: Pace | None = None) -> RunResult:
    """Turn every rung that is due into mails and deliver them, with those that an earlier run left.

    Any number of runs may go on at once: each delivers what it has claimed. `tell` hears of everything that was not
    sent, with its reason. Raises StoreUnavailable; what was done until then stays done.
    """
    count = _Count(happened=record_happenings(office, tell))
    _count_gathered(gather(office, tell), count, tell)
    for rungs in _due(office):
        _count_queued(_queued(office, rungs, count, tell, keep=True), count, tell)
    _deliver_open(office, delivery, pace or Pace(None), count, tell)
    return _result(office, count)


def rehearse_reminders(office: Office, tell: Tell = silent) -> tuple[RunResult, tuple[Outgoing, ...]]:
    """What a run would send now; nothing is delivered and nothing kept. `sent` counts the mails that would go."""
    count = _Count()
    with office.store.reading() as work:
        for mail_id in due_ids(work, office.clock.now()):
            line = mail_of(work, mail_id).line
            count.outgoing.append(Outgoing(line.to_name, line.to_address, line.subject, line.kind))
    gathered = gather(office, tell, keep=False)
    _count_gathered(gathered, count, tell)
    count.outgoing += [_outgoing(mail) for mail in gathered.mails if not mail.refused]
    count.settled += len(gathered.settled)
    for rungs in _due(office):
        if rungs[0].key in gathered.settled:
            continue
        queued = _queued(office, rungs, count, tell, keep=False)
        _count_queued(queued, count, tell)
        count.outgoing += [_outgoing(mail) for mail in queued.mails if not mail.refused]
        count.settled += len(queued.suppressed) + bool(queued.mails)
    count.sent = len(count.outgoing)
    return _result(office, count), tuple(count.outgoing)


def _due(office: Office) -> Iterator[tuple[Rung, ...]]:
    with office.store.reading() as work:
        due = due_rungs(work, today(office.clock))
    return by_subject(due)


def _queued(office: Office, rungs: tuple[Rung, ...], count: _Count, tell: Tell, *, keep: bool) -> Queued:
    """One subject in its own transaction. One that cannot be mailed stays planned and does not stop the others."""
    try:
        return kept(office.store, lambda work: queue_subject(office, work, rungs), keep=keep)
    except StoreUnavailable:
        raise
    except AnjuanError as wrong:
        count.failed += 1
        name = _name(rungs[0])
        tell(f"{name}：未能生成提醒：{wrong.zh}", f"{name}: no reminder could be made: {wrong.en}")
        return Queued()


def _deliver_open(office: Office, delivery: Delivery, pace: Pace, count: _Count, tell: Tell) -> None:
    """Every mail that can be claimed, once each; whatever ends this, no claim is left behind by a living process."""
    worker, last = worker_name(), 0
    try:
        while claimed := _claimed(office, worker, last):
            stop_at = office.clock.now() + (LEASE - LONGEST_DELIVERY)
            for mail_id in claimed:
                pace.keep()
                if office.clock.now() >= stop_at:
                    break
                _count_dispatched(_dispatched(office, delivery, mail_id, worker, count, tell), count, tell)
                last = mail_id
            _released(office, worker)
    finally:
        with suppress(AnjuanError):
            _released(office, worker)


def _claimed(office: Office, worker: str, last: int) -> tuple[int, ...]:
    return kept(office.store, lambda work: claim(work, worker, office.clock.now(), AT_A_TIME, last))


def _released(office: Office, worker: str) -> None:
    kept(office.store, lambda work: release(work, worker))


def _dispatched(
    office: Office, delivery: Delivery, mail_id: int, worker: str, count: _Count, tell: Tell
) -> Dispatched | None:
    """One mail. One that cannot be marked stays open and does not stop the others."""
    try:
        return dispatch(office, delivery, mail_id, worker)
    except StoreUnavailable:
        raise
    except AnjuanError as wrong:
        count.failed += 1
        tell(f"第{mail_id}号邮件：{wrong.zh}", f"mail {mail_id}: {wrong.en}")
        return None


def _count_queued(queued: Queued, count: _Count, tell: Tell) -> None:
    count.suppressed += len(queued.suppressed)
    count.failed += len(queued.refused) + queued.nobody
    for rung, why in queued.suppressed:
        if why != SUPERSEDED:  # the reminder in its place goes out: nothing for anybody to look after
            tell(f"{_name(rung)}：不发送，{why.zh}", f"{_name(rung)}: not sent, {why.en}")
    for mail in queued.refused:
        tell(
            f"{mail.to_name}：无法发送“{mail.subject}”：{mail.refused}",
            f"{mail.to_name}: cannot be sent: {mail.refused}",
        )


def _count_gathered(gathered: Gathered, count: _Count, tell: Tell) -> None:
    _count_queued(Queued(gathered.mails, gathered.suppressed), count, tell)
    count.failed += gathered.failed


def _name(rung: Rung) -> str:
    return f"{rung.book.partition(':')[2] or rung.unit} {rung.subject} {rung.due_on}"


def _count_dispatched(done: Dispatched | None, count: _Count, tell: Tell) -> None:
    if done is None:
        return
    if done.state == SENT:
        count.sent += 1
    elif done.state == SUPPRESSED:
        count.suppressed += 1
    elif done.state != TAKEN:
        count.failed += 1
    if done.why:
        line = done.mail.line
        tell(f"第{line.id}号邮件（{line.to_name}）：{done.why.zh}", f"mail {line.id} ({line.to_name}): {done.why.en}")


def _result(office: Office, count: _Count) -> RunResult:
    with office.store.reading() as work:
        planned = planned_count(work) - count.settled
        waiting = waiting_count(work, office.clock.now())
    return RunResult(planned, count.sent, count.suppressed, count.failed, count.happened, waiting)


def _outgoing(mail: Draft) -> Outgoing:
    return Outgoing(mail.to_name, mail.to_address, mail.subject, mail.kind)
