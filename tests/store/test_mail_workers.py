"""Any number of runs share the mails on both databases, none goes twice, and a killed one loses none."""

from __future__ import annotations

import os
import random
import signal
from collections import Counter
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from threading import Barrier, Lock, Thread

import pytest
import sqlalchemy as sa
from mail_lives import (
    AFTER_ACCEPTANCE,
    AFTER_CLAIM,
    BETWEEN_MAILS,
    IN_PLANNING,
    LoggedServer,
    accepted,
    silenced,
    started,
    ticks,
)
from test_reminding import FIRST_RUNG, a_case, an_office, mails

from engine.clock import StandingClock, end_of_day
from engine.home import Home
from engine.jobs import queue_of
from engine.office import Office
from engine.store import Store
from notifications.delivery import Accepted, DeliveryDelayed
from notifications.mail_store import SENT, mail_job, mail_of
from notifications.open_mails import due_ids, mark, waiting_count
from notifications.reminding import run_reminders

# For a long run: MAIL_TICKS=1000 MAIL_KILLS=500 uv run pytest -n 0 tests/store/test_mail_workers.py
TICKS = int(os.environ.get("MAIL_TICKS", "40"))
KILLS = int(os.environ.get("MAIL_KILLS", "20"))
# In the morning, so that a few retries pass on the same day.
MORNING = datetime.combine(FIRST_RUNG, end_of_day(FIRST_RUNG).timetz()).replace(hour=8, minute=0)
CASES = 6


class PutOffTwice:
    """Takes every mail at the third attempt; many may hand over at once."""

    sender = "anjuan@city.example"

    def __init__(self) -> None:
        self._lock = Lock()
        self.tries: Counter[str] = Counter()
        self.accepted: list[str] = []

    def deliver(self, message: EmailMessage) -> Accepted:
        message_id = str(message["Message-ID"])
        with self._lock:
            self.tries[message_id] += 1
            if self.tries[message_id] > 2:
                self.accepted.append(message_id)
                return Accepted("250 kept")
        raise DeliveryDelayed("451 later", "稍后再试", "try later")


def an_office_at(store: Store, instant: datetime) -> Office:
    an_office(store, instant.date())
    office = Office(store, StandingClock(instant), practice=True)
    with store.reading() as work:
        office.refresh(work)
    return office


def queued(store: Store, cases: int = CASES) -> Office:
    """Two reminders for each case (and what the day brings besides), made and put off once; a minute later."""
    for _ in range(cases):
        a_case(store)
    office = an_office_at(store, MORNING)
    run_reminders(office, PutOffTwice())
    assert isinstance(office.clock, StandingClock)
    office.clock.move_to(MORNING + timedelta(minutes=1))
    return office


def test_the_next_try_set_by_a_clock_far_ahead_does_not_count(store: Store) -> None:
    office = queued(store)
    post = PutOffTwice()
    ahead = an_office_at(store, office.clock.now() + timedelta(days=1))
    run_reminders(ahead, post)

    with store.reading() as work:
        due, waiting = due_ids(work, office.clock.now()), waiting_count(work, office.clock.now())

    assert len(due) == len(mails(store))
    assert waiting == 0


def test_a_mail_that_waits_is_passed_over_and_counted(store: Store) -> None:
    a_case(store)
    office = an_office_at(store, MORNING)
    post = PutOffTwice()

    first = run_reminders(office, post)
    second = run_reminders(office, post)

    number = len(mails(store))
    assert (first.sent, first.failed, first.waiting) == (0, number, number)
    assert (second.sent, second.failed, second.waiting) == (0, 0, number)
    assert set(post.tries.values()) == {1}


def test_whoever_comes_second_to_a_mail_says_so_and_counts_nothing(store: Store) -> None:
    a_case(store)
    office = an_office_at(store, MORNING)
    said: list[str] = []

    class Slow(PutOffTwice):
        def deliver(self, message: EmailMessage) -> Accepted:
            with store.writing() as work:
                [mail_id] = [m.line.id for m in mails(store) if m.message_id == message["Message-ID"]]
                assert mark(work, mail_of(work, mail_id), SENT, "250 the other one", MORNING)
            return Accepted("250 kept")

    result = run_reminders(office, Slow(), lambda zh, en: said.append(en))

    assert (result.sent, result.failed) == (0, 0)
    assert {mail.attempts[-1].answer for mail in mails(store)} == {"250 the other one"}
    assert "another process has dealt with this mail meanwhile" in said[0]


def test_a_mail_whose_job_was_lost_goes_out_all_the_same(store: Store) -> None:
    office = queued(store)
    table = "job" if store.dialect == "sqlite" else "procrastinate_jobs"
    with store.engine.begin() as connection:
        connection.execute(sa.text(f"DELETE FROM {table}"))

    run_reminders(office, LoggedServer(Path(os.devnull)))

    assert {mail.line.state for mail in mails(store)} == {SENT}


def test_a_job_that_comes_before_its_time_delivers_nothing(store: Store) -> None:
    a_case(store)
    office, post = an_office_at(store, MORNING), PutOffTwice()
    run_reminders(office, post)
    with store.writing() as work:
        queue_of(store).put(work, [mail_job(mail.line.id) for mail in mails(store)])

    run_reminders(office, post)

    assert set(post.tries.values()) == {1}


def test_a_run_that_is_interrupted_leaves_its_mails_to_the_next(store: Store) -> None:
    a_case(store)
    office = an_office_at(store, MORNING)

    class Interrupted(PutOffTwice):
        def deliver(self, message: EmailMessage) -> Accepted:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_reminders(office, Interrupted())
    result = run_reminders(office, LoggedServer(Path(os.devnull)))

    assert result.sent == len(mails(store))


@pytest.mark.parametrize("workers", [2, 5])
def test_threads_that_run_at_once_send_each_mail_once(store: Store, workers: int) -> None:
    for _ in range(CASES):
        a_case(store)
    post, clock = PutOffTwice(), StandingClock(MORNING)
    an_office_at(store, MORNING)
    offices = [Office(store, clock, practice=True) for _ in range(workers)]
    each = max(4, TICKS // workers)
    wrong: list[BaseException] = []
    tick = Barrier(workers, action=lambda: clock.move_to(clock.now() + timedelta(minutes=1)))

    def worker(office: Office) -> None:
        try:
            for _ in range(each):
                tick.wait(60)
                run_reminders(office, post)
        except BaseException as e:
            tick.abort()
            wrong.append(e)

    threads = [Thread(target=worker, args=(office,)) for office in offices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []
    assert sorted(post.accepted) == sorted(mail.message_id for mail in mails(store))
    assert set(post.tries.values()) == {3}
    assert {mail.line.state for mail in mails(store)} == {SENT}


@pytest.mark.parametrize("workers", [2, 5])
def test_processes_that_run_at_once_send_each_mail_once(home: Home, store: Store, tmp_path: Path, workers: int) -> None:
    for _ in range(CASES):
        a_case(store)
    an_office_at(store, MORNING)
    log = tmp_path / "server.log"
    each = ticks(MORNING, max(4, TICKS // workers), timedelta(seconds=300 / TICKS))

    children = [started(home, log, each) for _ in range(workers)]
    for child in children:
        child.join()

    assert [child.exitcode for child in children] == [0] * workers
    assert sorted(message_id for message_id, _ in accepted(log)) == sorted(m.message_id for m in mails(store))
    assert set(accepted(log).values()) == {1}
    assert {mail.line.state for mail in mails(store)} == {SENT}


@pytest.mark.parametrize(("point", "taken"), [(AFTER_CLAIM, 0), (AFTER_ACCEPTANCE, 1), (BETWEEN_MAILS, 1)])
def test_a_process_killed_at_a_named_point_costs_time_and_no_mail(
    home: Home, store: Store, tmp_path: Path, point: str, taken: int
) -> None:
    a_case(store)
    office = an_office_at(store, MORNING)
    log = tmp_path / "server.log"

    child = started(home, log, [MORNING], dies=point)
    child.join()
    by_then = sum(accepted(log).values())
    at_once = run_reminders(office, LoggedServer(log))
    silenced(store)
    afterwards = run_reminders(office, LoggedServer(log))

    assert child.exitcode == -9
    assert by_then == taken
    number = len(mails(store))
    assert afterwards.sent >= 1, "what it had in hand waits until nobody has heard of it for long enough"
    assert at_once.sent + afterwards.sent == number - (1 if point == BETWEEN_MAILS else 0)
    assert len(accepted(log)) == number
    assert sum(accepted(log).values()) == number + (1 if point == AFTER_ACCEPTANCE else 0)
    assert {mail.line.state for mail in mails(store)} == {SENT}


def test_a_process_killed_while_it_makes_mails_leaves_none_and_loses_none(
    home: Home, store: Store, tmp_path: Path
) -> None:
    a_case(store)
    office = an_office_at(store, MORNING)

    child = started(home, tmp_path / "server.log", [MORNING], dies=IN_PLANNING)
    child.join()
    left = mails(store)
    result = run_reminders(office, LoggedServer(tmp_path / "server.log"))

    assert child.exitcode == -9
    assert left == []
    assert result.sent == len(mails(store)) >= 2


def test_random_kills_under_load_lose_no_mail(home: Home, store: Store, tmp_path: Path) -> None:
    chance, log, killed = random.Random(20181130), tmp_path / "server.log", 0
    office = an_office_at(store, MORNING)
    for _ in range(KILLS):
        a_case(store)
        a_case(store)
        # On PostgreSQL a run begins with a worker of its own, which takes longer.
        dies_after = chance.uniform(0.001, 0.03 if store.dialect == "sqlite" else 0.2)
        victim, other = started(home, log, [MORNING], dies_after=dies_after), started(home, log, [MORNING])
        victim.join()
        other.join()
        killed += victim.exitcode == -signal.SIGALRM
        assert other.exitcode == 0
        silenced(store)
    run_reminders(office, LoggedServer(log))

    taken = accepted(log)
    assert {mail.line.state for mail in mails(store)} == {SENT}
    assert {message_id for message_id, _ in taken} == {mail.message_id for mail in mails(store)}
    assert len(taken) == len(mails(store)) >= 4 * KILLS, "one Message-ID has one content"
    assert sum(number - 1 for number in taken.values()) <= killed, "twice only where one was killed"
    if KILLS >= 100:
        twice = sum(number - 1 for number in taken.values())
        print(f"{store.dialect}: {killed} killed, {len(taken)} mails, {twice} twice, none lost")  # noqa: T201
