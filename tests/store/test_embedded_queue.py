"""Claims of the embedded queue run out, by the machine's clock; one from a clock that stood wrong holds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.clock import StandingClock, SystemClock, stored_instant
from engine.embedded_queue import CLAIM, CLOCK_TOLERANCE, JOB, EmbeddedQueue
from engine.jobs import Job, JobCounts
from engine.migrating import migrate
from engine.store import Store, sqlite_store

ONE, TWO = Job("mail", "1"), Job("mail", "2")
NOW = SystemClock().now()


@pytest.fixture
def file_store(tmp_path: Path) -> Iterator[Store]:
    store = sqlite_store(tmp_path / "anjuan.db")
    migrate(store)
    yield store
    store.close()


def queue(store: Store, at: datetime = NOW) -> EmbeddedQueue:
    return EmbeddedQueue(store, StandingClock(at))


def put(store: Store, *jobs: Job) -> None:
    with store.writing() as work:
        queue(store).put(work, jobs)


def worked_off(store: Store, at: datetime = NOW) -> list[Job]:
    done: list[Job] = []
    queue(store, at).work_off(done.append)
    return done


def claimed_until(store: Store, until: datetime) -> None:
    with store.engine.begin() as connection:
        values = {"claimed_by": "a killed process", "claimed_until": stored_instant(until)}
        connection.execute(sa.update(JOB).values(values))


def test_a_claim_is_taken_over_when_it_has_run_out_and_not_before(file_store: Store) -> None:
    put(file_store, ONE, TWO)
    claimed_until(file_store, NOW + CLAIM)

    assert worked_off(file_store, NOW + CLAIM - timedelta(microseconds=1)) == []
    assert worked_off(file_store, NOW + CLAIM) == [ONE, TWO]


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(days=-1), timedelta(days=1)])
def test_a_clock_that_jumped_holds_no_job_for_ever(file_store: Store, jump: timedelta) -> None:
    put(file_store, ONE)
    claimed_until(file_store, NOW + CLAIM)
    right = NOW + jump

    assert worked_off(file_store, right + CLAIM + timedelta(hours=1)) == [ONE]


def test_a_claim_further_ahead_than_any_that_is_written_holds_nothing(file_store: Store) -> None:
    put(file_store, ONE)
    claimed_until(file_store, NOW + CLAIM + CLOCK_TOLERANCE)
    held = worked_off(file_store)
    claimed_until(file_store, NOW + CLAIM + CLOCK_TOLERANCE + timedelta(microseconds=1))

    assert held == []
    assert worked_off(file_store) == [ONE]


def test_what_a_claim_has_no_time_for_waits_for_others(file_store: Store) -> None:
    put(file_store, ONE, TWO)
    clock, begun = StandingClock(NOW), []
    slow = EmbeddedQueue(file_store, clock)
    others: list[list[Job]] = []

    def handle(job: Job) -> None:
        begun.append(job)
        others.append(worked_off(file_store, clock.now()))
        clock.move_to(clock.now() + CLAIM / 2)

    slow.work_off(handle)

    assert begun == [ONE, TWO]  # the second in a claim of its own
    assert others == [[], []]


def test_what_is_swept_is_counted_once(file_store: Store) -> None:
    put(file_store, ONE, TWO)
    claimed_until(file_store, NOW - timedelta(minutes=1))
    with file_store.reading() as work:
        before = queue(file_store).counts(work)

    swept = queue(file_store).sweep(), queue(file_store).sweep()

    with file_store.reading() as work:
        after = queue(file_store).counts(work)
    assert (before, swept, after) == (JobCounts(0, 0, 2), (2, 0), JobCounts(2, 0, 0))
