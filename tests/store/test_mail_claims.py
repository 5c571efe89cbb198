"""Any number of workers share the mails on both databases, none goes twice, and a killed worker loses none."""

from __future__ import annotations

import os
import random
import signal
from collections import Counter
from contextlib import nullcontext
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from threading import Barrier, Lock, Thread

import pytest
from mail_lives import AFTER_ACCEPTANCE, AFTER_CLAIM, BETWEEN_MAILS, LoggedServer, accepted, started, ticks
from test_reminding import FIRST_RUNG, a_case, an_office, mails

from engine.clock import StandingClock, end_of_day
from engine.home import Home
from engine.office import Office
from engine.store import Store
from notifications.claims import LEASE, claim, due_ids, mark, release, waiting_count
from notifications.delivery import Accepted, DeliveryDelayed
from notifications.mail_store import QUEUED, SENT, mail_of
from notifications.reminding import run_reminders

# For a long run: MAIL_TICKS=1000 MAIL_KILLS=500 uv run pytest -n 0 tests/store/test_mail_claims.py
TICKS = int(os.environ.get("MAIL_TICKS", "40"))
KILLS = int(os.environ.get("MAIL_KILLS", "20"))
# In the morning, so that a lease and a few retries pass on the same day.
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


def test_what_one_has_claimed_another_does_not_get(store: Store) -> None:
    now = queued(store).clock.now()

    with store.writing() as work:
        first = claim(work, "one", now, 5)
        # On SQLite one transaction writes at a time; elsewhere claims that meet pass over each other.
        meeting = store.writing() if store.dialect == "postgresql" else nullcontext()
        with meeting as other:
            second = claim(other, "two", now, 5) if other else ()
    with store.writing() as work:
        third = claim(work, "three", now, 100)
        fourth = claim(work, "four", now, 100)

    assert len(first) == 5
    assert set(first) & set(second) == set(first + second) & set(third) == set()
    assert sorted(first + second + third) == [mail.line.id for mail in mails(store)]
    assert fourth == ()


def test_a_lease_that_has_run_out_is_free_again_and_its_holder_marks_nothing(store: Store) -> None:
    now = queued(store).clock.now()
    with store.writing() as work:
        [mail_id] = claim(work, "killed", now, 1)
    with store.writing() as work:
        before = claim(work, "heir", now + LEASE - timedelta(seconds=1), 1)
        release(work, "heir")
        after = claim(work, "heir", now + LEASE, 1)
        late = mark(work, mail_of(work, mail_id), "killed", SENT, "250 kept", now + LEASE)
        unchanged = mail_of(work, mail_id)
        done = mark(work, mail_of(work, mail_id), "heir", SENT, "250 kept", now + LEASE)

    assert before != (mail_id,)
    assert after == (mail_id,)
    assert not late
    assert (unchanged.line.state, unchanged.claimed_by) == ("retrying", "heir")
    assert done


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(days=-1), timedelta(days=1)])
def test_a_clock_that_jumped_holds_no_mail_for_ever(store: Store, jump: timedelta) -> None:
    wrong = queued(store).clock.now()
    with store.writing() as work:
        claim(work, "killed", wrong, 100)
    right = wrong + jump

    with store.reading() as work:
        found = due_ids(work, right + LEASE + timedelta(hours=1))

    assert len(found) == len(mails(store)) >= 2 * CASES


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


def test_whoever_loses_a_mail_while_delivering_says_so_and_counts_nothing(store: Store) -> None:
    a_case(store)
    office = an_office_at(store, MORNING)
    said: list[str] = []

    class Slow(PutOffTwice):
        def deliver(self, message: EmailMessage) -> Accepted:
            with store.writing() as work:
                claim(work, "heir", MORNING + LEASE, 100)
            return Accepted("250 kept")

    result = run_reminders(office, Slow(), lambda zh, en: said.append(en))

    assert (result.sent, result.failed) == (0, 0)
    assert {mail.line.state for mail in mails(store)} == {QUEUED}
    assert "another process has this mail now" in said[0]


def test_a_run_that_ends_in_the_middle_keeps_no_claim(store: Store) -> None:
    a_case(store)
    office = an_office_at(store, MORNING)

    class Interrupted(PutOffTwice):
        def deliver(self, message: EmailMessage) -> Accepted:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_reminders(office, Interrupted())

    assert {mail.claimed_by for mail in mails(store)} == {None}


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
def test_a_process_killed_at_a_named_point_costs_a_lease_and_no_mail(
    home: Home, store: Store, tmp_path: Path, point: str, taken: int
) -> None:
    a_case(store)
    an_office_at(store, MORNING)
    log = tmp_path / "server.log"

    child = started(home, log, [MORNING], dies=point)
    child.join()
    by_then = sum(accepted(log).values())
    at_once = run_reminders(an_office_at(store, MORNING), LoggedServer(log))
    after_the_lease = run_reminders(an_office_at(store, MORNING + LEASE), LoggedServer(log))

    assert child.exitcode == -9
    assert by_then == taken
    assert at_once.sent == 0
    number = len(mails(store))
    assert after_the_lease.sent == number - (1 if point == BETWEEN_MAILS else 0)
    assert len(accepted(log)) == number
    assert sum(accepted(log).values()) == number + (1 if point == AFTER_ACCEPTANCE else 0)
    assert {mail.line.state for mail in mails(store)} == {SENT}


def test_random_kills_under_load_lose_no_mail(home: Home, store: Store, tmp_path: Path) -> None:
    chance, log, now, killed = random.Random(20181130), tmp_path / "server.log", MORNING, 0
    an_office_at(store, MORNING)
    for _ in range(KILLS):
        a_case(store)
        a_case(store)
        now += min(LEASE, timedelta(hours=12) / KILLS)
        victim, other = started(home, log, [now], dies_after=chance.uniform(0.001, 0.03)), started(home, log, [now])
        victim.join()
        other.join()
        killed += victim.exitcode == -signal.SIGALRM
        assert other.exitcode == 0
    run_reminders(an_office_at(store, MORNING + timedelta(hours=13)), LoggedServer(log))

    taken = accepted(log)
    assert {mail.line.state for mail in mails(store)} == {SENT}
    assert {message_id for message_id, _ in taken} == {mail.message_id for mail in mails(store)}
    assert len(taken) == len(mails(store)) >= 4 * KILLS, "one Message-ID has one content"
    assert sum(number - 1 for number in taken.values()) <= killed, "twice only where one was killed"
