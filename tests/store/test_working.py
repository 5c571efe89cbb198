"""A worker that never ends: what it does when, what it survives, and how it is known that it lives."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from email.message import EmailMessage
from threading import Event, Thread

import pytest
from test_mail_workers import MORNING, an_office_at
from test_reminding import FIRST_RUNG, a_case, mails

import engine.jobs
import notifications.working
from engine.clock import SHANGHAI, Clock, StandingClock
from engine.errors import InputWrong, StoreUnavailable
from engine.jobs import JobCounts, queue_of
from engine.office import Office
from engine.store import Store
from engine.workers import SILENT_AFTER, Worker, ended, new_worker, seen, workers
from notifications.delivery import Accepted, DeliveryDelayed, DeliveryFailed
from notifications.doing import Doer
from notifications.mail_store import DEAD, RETRYING, SENT
from notifications.retrying import LADDER_MINUTES
from notifications.working import MORNING_FROM, Working, is_morning

PATIENCE = 60.0


class Post:
    """Answers as it is told, in turn; the last answer holds for all that follow."""

    sender = "anjuan@city.example"

    def __init__(self, *answers: Exception | None) -> None:
        self._answers = list(answers) or [None]
        self.taken: list[str] = []

    def deliver(self, message: EmailMessage) -> Accepted:
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if answer is not None:
            raise answer
        self.taken.append(str(message["Message-ID"]))
        return Accepted("250 kept")


def shift(
    office: Office, post: Post, machine_clock: Clock | None = None, bug: Callable[[Exception], InputWrong] | None = None
) -> tuple[Working, list[str]]:
    """A worker that ticks, does all that it finds, and ends; with what it told."""
    told: list[str] = []
    stop = Event()
    working = Working(office, Doer(office, post, lambda _zh, en: told.append(en), bug=bug), stop, machine_clock)
    server = Thread(target=working.run)
    server.start()
    # Ended only when nothing waits any more: what it is about to do is then done.
    while server.is_alive() and not _idle(office, working):
        server.join(0.05)
    stop.set()
    server.join(PATIENCE)
    assert not server.is_alive()
    return working, told


def _idle(office: Office, working: Working) -> bool:
    with office.store.reading() as work:
        begun = any(one.name == working.worker.name for one in workers(work, MORNING))
        return begun and queue_of(office.store).counts(work) == JobCounts(0, 0, 0)


def at(office: Office, instant: datetime) -> Office:
    assert isinstance(office.clock, StandingClock)
    office.clock.move_to(instant)
    return office


def states(store: Store) -> set[str]:
    return {mail.line.state for mail in mails(store)}


def test_what_is_due_is_planned_and_delivered(store: Store) -> None:
    a_case(store)
    post = Post()

    working, told = shift(an_office_at(store, MORNING), post)

    assert sorted(post.taken) == sorted(mail.message_id for mail in mails(store))
    assert (len(post.taken), told) == (2, [])
    assert working.run().sent == 2  # told to stop already: only the count


def test_before_the_morning_nothing_is_planned(store: Store) -> None:
    a_case(store)
    night = MORNING.replace(hour=0, minute=1)

    shift(an_office_at(store, night), Post())
    by_night = mails(store)
    shift(an_office_at(store, MORNING), Post())

    assert by_night == []
    assert states(store) == {SENT}


@pytest.mark.parametrize(("clock", "morning"), [(time(6, 59, 59), False), (time(7), True), (time(23, 59), True)])
def test_the_morning_begins_at_seven_in_shanghai(clock: time, morning: bool) -> None:
    instant = datetime.combine(FIRST_RUNG, clock, tzinfo=SHANGHAI)

    assert time(7) == MORNING_FROM
    assert is_morning(instant) is is_morning(instant.astimezone()) is morning


def test_a_mail_put_off_is_tried_again_when_its_time_has_come_by_the_clock_of_the_office(store: Store) -> None:
    a_case(store)
    office, busy = an_office_at(store, MORNING), Post(DeliveryDelayed("451 busy", "忙", "busy"))
    shift(office, busy)
    put_off = states(store)
    post = Post()

    shift(at(office, MORNING + timedelta(seconds=59)), post)
    too_early = list(post.taken)
    shift(at(office, MORNING + timedelta(minutes=LADDER_MINUTES[0])), post)

    assert (put_off, too_early) == ({RETRYING}, [])
    assert len(post.taken) == len(mails(store))
    assert states(store) == {SENT}


def test_a_mail_put_off_is_tried_again_by_night_too(store: Store) -> None:
    a_case(store)
    office = an_office_at(store, MORNING)
    shift(office, Post(DeliveryDelayed("451 busy", "忙", "busy")))
    post = Post()

    shift(at(office, MORNING.replace(hour=2) + timedelta(days=1)), post)

    assert len(post.taken) == len(mails(store))


def test_a_mail_refused_for_good_is_dead_and_holds_up_no_other(store: Store) -> None:
    a_case(store)
    post = Post(DeliveryFailed("550 no such user", "查无此人", "no such user"), None)

    _, told = shift(an_office_at(store, MORNING), post)

    assert sorted(mail.line.state for mail in mails(store)) == [DEAD, SENT]
    assert len(told) == 1
    assert "550 no such user" in told[0]


def test_what_fell_due_while_no_worker_ran_is_not_lost(store: Store) -> None:
    a_case(store)
    office = an_office_at(store, MORNING - timedelta(days=1))
    shift(office, Post())
    before = len(mails(store))
    post = Post()

    shift(at(office, MORNING + timedelta(hours=72)), post)

    assert len(post.taken) == len(mails(store)) - before > 0
    assert states(store) == {SENT}


def test_a_mistake_of_ours_in_one_case_is_told_and_stops_no_other(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_case(store)
    a_case(store)
    whole, broken = notifications.doing.queue_subject, []

    def breaks(office: Office, work: object, rungs: object) -> object:
        broken.append(rungs)
        if rungs == broken[0]:
            raise KeyError("nobody foresaw this")
        return whole(office, work, rungs)  # type: ignore[arg-type]

    monkeypatch.setattr(notifications.doing, "queue_subject", breaks)

    _, told = shift(an_office_at(store, MORNING), Post(), bug=lambda e: InputWrong("bug", "程序出错", f"ours: {e}"))
    first = len(mails(store))
    monkeypatch.setattr(notifications.doing, "queue_subject", whole)
    shift(an_office_at(store, MORNING), Post())

    assert len(told) == 1
    assert "ours: 'nobody foresaw this'" in told[0]
    assert first >= 2
    assert len(mails(store)) == first + 2
    assert states(store) == {SENT}


def test_a_database_that_is_away_is_told_and_waited_for(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    a_case(store)
    monkeypatch.setattr(notifications.working, "AGAIN_AFTER_SECONDS", 0.01)
    away = [StoreUnavailable("store.unreachable", "无法连接数据库", "the database cannot be reached")] * 2
    whole = notifications.working.put_due

    def sometimes(work: object, now: datetime) -> None:
        if away:
            raise away.pop()
        whole(work, now)  # type: ignore[arg-type]

    monkeypatch.setattr(notifications.working, "put_due", sometimes)

    _, told = shift(an_office_at(store, MORNING), Post())

    assert told == ["the database cannot be reached"] * 2
    assert states(store) == {SENT}


def test_a_worker_is_known_from_its_first_tick_to_its_end(store: Store) -> None:
    machine = StandingClock(MORNING + timedelta(days=3000))
    working, _ = shift(an_office_at(store, MORNING), Post(), machine)

    with store.reading() as work:
        [known] = workers(work, machine.now())

    assert known.name == working.worker.name
    assert known.state(machine.now()) == "ended"
    assert datetime.fromisoformat(known.started_at) == machine.now(), "by the clock of the machine"


def test_a_worker_that_was_killed_falls_silent(store: Store) -> None:
    worker = new_worker(MORNING)
    with store.writing() as work:
        seen(work, worker, MORNING)
        seen(work, worker, MORNING + timedelta(minutes=1))

    with store.reading() as work:
        [known] = workers(work, MORNING)

    last = MORNING + timedelta(minutes=1)
    assert [known.state(last + after) for after in (timedelta(0), SILENT_AFTER, SILENT_AFTER * 1.01)] == [
        "working",
        "working",
        "silent",
    ]
    assert timedelta(seconds=engine.jobs.TICK_SECONDS) < SILENT_AFTER


def test_workers_of_long_ago_are_forgotten(store: Store) -> None:
    old, ended_since, new = (new_worker(MORNING + timedelta(days=day)) for day in (0, 1, 8))
    with store.writing() as work:
        seen(work, old, MORNING)
        seen(work, ended_since, MORNING + timedelta(days=1))
        ended(work, ended_since, MORNING + timedelta(days=2))
        seen(work, new, MORNING + timedelta(days=8))

    with store.reading() as work:
        assert [one.name for one in workers(work, MORNING + timedelta(days=8))] == [
            new.name,
            ended_since.name,
        ]
        assert workers(work, MORNING + timedelta(days=30)) == ()


def test_two_processes_never_have_one_name() -> None:
    assert new_worker(MORNING).name != new_worker(MORNING).name
    assert Worker("a", "m", 1, "x", "x").ended_at is None
