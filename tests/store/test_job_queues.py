"""The one contract of both queues: committed is done, rolled back is not, killed is done again, twice asked is once."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from threading import Barrier, Event, Lock, Thread

import pytest
from mail_lives import silenced

import engine.jobs
from engine.embedded_queue import EmbeddedQueue
from engine.errors import InputWrong
from engine.home import Home, store_of
from engine.jobs import Job, JobCounts, queue_of
from engine.procrastinate_queue import ProcrastinateQueue
from engine.store import Store

_PROCESSES = get_context("forkserver")
ONE, TWO, THREE = (Job("mail", str(number)) for number in (1, 2, 3))
PATIENCE = 30.0


def put(store: Store, *jobs: Job) -> None:
    with store.writing() as work:
        queue_of(store).put(work, jobs)


def worked_off(store: Store) -> list[Job]:
    done: list[Job] = []
    queue_of(store).work_off(done.append)
    return done


def counts(store: Store) -> JobCounts:
    with store.reading() as work:
        return queue_of(store).counts(work)


def test_each_database_has_its_queue(store: Store) -> None:
    assert isinstance(queue_of(store), EmbeddedQueue if store.dialect == "sqlite" else ProcrastinateQueue)


def test_what_was_committed_is_done_the_oldest_first_and_once(store: Store) -> None:
    put(store, TWO)
    put(store, ONE, THREE)

    assert worked_off(store) == [TWO, ONE, THREE]
    assert worked_off(store) == []
    assert counts(store) == JobCounts(0, 0, 0)


def test_what_was_rolled_back_is_not_done(store: Store) -> None:
    def changes_its_mind() -> None:
        with store.writing() as work:
            queue_of(store).put(work, [ONE])
            raise InputWrong("x", "错", "wrong")

    with pytest.raises(InputWrong):
        changes_its_mind()
    with store.writing(keep=False) as work:
        queue_of(store).put(work, [TWO])

    assert worked_off(store) == []


def test_what_is_not_committed_yet_is_not_done(store: Store) -> None:
    with store.writing() as work:
        queue_of(store).put(work, [ONE])
        # A second connection looks; nothing of this transaction is there for it.
        with store.reading() as other:
            before = queue_of(store).counts(other)

    assert before == JobCounts(0, 0, 0)
    assert worked_off(store) == [ONE]


def test_a_key_that_waits_is_kept_once(store: Store) -> None:
    put(store, ONE, TWO)
    put(store, TWO, ONE)

    assert counts(store) == JobCounts(2, 0, 0)
    assert worked_off(store) == [ONE, TWO]


def test_a_key_that_is_being_done_is_not_kept_again(store: Store) -> None:
    put(store, ONE)
    seen: list[JobCounts] = []

    def handle(job: Job) -> None:
        put(store, job)
        seen.append(counts(store))

    queue_of(store).work_off(handle)

    assert seen == [JobCounts(0, 1, 0)]
    assert worked_off(store) == []


def test_a_key_that_was_done_may_come_again(store: Store) -> None:
    put(store, ONE)
    worked_off(store)
    put(store, ONE)

    assert worked_off(store) == [ONE]


def test_what_a_job_puts_is_done_in_the_same_run(store: Store) -> None:
    put(store, ONE)
    done: list[Job] = []

    def handle(job: Job) -> None:
        done.append(job)
        if job == ONE:
            put(store, TWO)

    queue_of(store).work_off(handle)

    assert done == [ONE, TWO]


def test_what_a_job_raises_ends_the_run_and_the_job_waits_again(store: Store) -> None:
    put(store, ONE, TWO, THREE)
    begun: list[Job] = []

    def handle(job: Job) -> None:
        begun.append(job)
        if job == TWO:
            raise InputWrong("x", "错", "wrong")

    with pytest.raises(InputWrong):
        queue_of(store).work_off(handle)

    assert begun == [ONE, TWO]
    assert counts(store) == JobCounts(2, 0, 0)
    assert worked_off(store) == [TWO, THREE]


def test_a_run_that_is_told_to_stop_finishes_the_job_in_hand(store: Store) -> None:
    put(store, ONE, TWO)
    stop, done = Event(), []

    def handle(job: Job) -> None:
        stop.set()
        done.append(job)

    queue_of(store).work_off(handle, stop)

    assert done == [ONE]
    assert worked_off(store) == [TWO]


def test_serving_ticks_at_once_does_what_comes_and_ends_when_told(store: Store) -> None:
    stop, done, ticked, first = Event(), [], [], Event()

    def tick() -> None:
        ticked.append(True)
        put(store, ONE)

    def handle(job: Job) -> None:
        done.append(job)
        first.set()
        if job == TWO:
            stop.set()

    server = Thread(target=queue_of(store).serve, args=(handle, tick, stop))
    server.start()
    assert first.wait(PATIENCE)
    put(store, TWO)
    server.join(PATIENCE)

    assert not server.is_alive()
    assert (done, ticked) == ([ONE, TWO], [True])


@pytest.mark.parametrize("broken", ["tick", "handle"])
def test_what_goes_wrong_while_serving_comes_out(store: Store, broken: str) -> None:
    put(store, ONE)

    def fails(*_: object) -> None:
        raise InputWrong("x", "错", "wrong")

    tick: Callable[[], None] = fails if broken == "tick" else lambda: None

    with pytest.raises(InputWrong):
        queue_of(store).serve(fails, tick, Event())

    assert worked_off(store) == [ONE]


def test_ticks_come_again_and_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("engine.embedded_queue", "engine.procrastinate_queue"):
        monkeypatch.setattr(f"{module}.LOOK_SECONDS", 0.01)
        monkeypatch.setattr(f"{module}._LOOKS_PER_TICK", 2)
    stop, ticks = Event(), 0

    def tick() -> None:
        nonlocal ticks
        ticks += 1
        if ticks == 3:
            stop.set()

    queue_of(store).serve(lambda _: None, tick, stop)

    assert ticks == 3
    assert engine.jobs.TICK_SECONDS == 60


@pytest.mark.parametrize("how_many", [2, 5])
def test_any_number_of_workers_share_the_jobs_and_none_is_done_twice(store: Store, how_many: int) -> None:
    jobs = [Job("mail", str(number)) for number in range(120)]
    put(store, *jobs)
    done: Counter[Job] = Counter()
    lock, start = Lock(), Barrier(how_many)

    def handle(job: Job) -> None:
        with lock:
            done[job] += 1

    def work() -> None:
        start.wait()
        queue_of(store).work_off(handle)

    threads = [Thread(target=work) for _ in range(how_many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)

    assert done == Counter(jobs)


def test_what_a_killed_process_was_doing_is_swept_and_done_again(store: Store, home: Home, tmp_path: Path) -> None:
    put(store, ONE, TWO, THREE)
    child = _PROCESSES.Process(target=_dies_at, args=(home, TWO, tmp_path / "log"))
    child.start()
    child.join(PATIENCE)

    assert child.exitcode == -signal.SIGKILL
    assert (tmp_path / "log").read_text().split() == [ONE.key, TWO.key]
    assert TWO not in worked_off(store)  # nobody knows yet that it is dead

    silenced(store)
    stalled, swept = counts(store).stalled, queue_of(store).sweep()

    assert swept == stalled >= 1
    assert TWO in worked_off(store)
    assert counts(store) == JobCounts(0, 0, 0)
    assert queue_of(store).sweep() == 0


def test_a_worker_that_lives_is_not_swept(store: Store) -> None:
    put(store, ONE)
    swept: list[int] = []

    queue_of(store).work_off(lambda _: swept.append(queue_of(store).sweep()))

    assert swept == [0]


def _dies_at(home: Home, last: Job, log: Path) -> None:
    def handle(job: Job) -> None:
        with log.open("a") as file:
            file.write(f"{job.key}\n")
        if job == last:
            os.kill(os.getpid(), signal.SIGKILL)

    queue_of(store_of(home)).work_off(handle)
