"""Keeps jobs in a table of the store itself: the queue of an office on one machine, with SQLite."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count
from threading import Event

import sqlalchemy as sa

from engine.clock import Clock, SystemClock, stored_instant
from engine.errors import AnjuanError
from engine.jobs import TICK_SECONDS, Handle, Job, JobCounts, job_named
from engine.repeating import kept
from engine.store import Statement, Store, Work, insert_on_conflict
from engine.tables import JobRow

JOB = JobRow.__table__  # type: ignore[attr-defined]

# So many jobs are claimed in one transaction: few enough that other workers find some too.
AT_A_TIME = 50
# The longest job is a mail over a bad line: some fifteen commands of 20 seconds each (smtp_delivery.TIMEOUT_SECONDS).
LONGEST_JOB = timedelta(minutes=5)
# A job is begun in the first half of its claim only, so that it is through before another may have it.
CLAIM = 2 * LONGEST_JOB
# A claim further ahead than any that this program writes comes from a clock that stood wrong: it holds nothing.
CLOCK_TOLERANCE = timedelta(hours=1)
# How often whoever serves looks for jobs that others have put.
LOOK_SECONDS = 2.0
_LOOKS_PER_TICK = int(TICK_SECONDS / LOOK_SECONDS)


class EmbeddedQueue:
    """Any number of processes may work at once: each does what it has claimed, and one claims at a time.

    Claims run by `clock`, the machine's own, also where the office stands at another time: they are about processes.
    """

    def __init__(self, store: Store, clock: Clock | None = None) -> None:
        self._store, self._clock = store, clock or SystemClock()
        self._name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"

    def put(self, work: Work, jobs: Iterable[Job]) -> None:
        work.run_many(_PUT, [{"key": job.key} for job in jobs])

    def work_off(self, handle: Handle, stop: Event | None = None) -> None:
        stop = stop or Event()
        try:
            while not stop.is_set() and (keys := kept(self._store, self._claim)):
                self._do(keys, handle, stop)
        finally:
            with suppress(AnjuanError):
                kept(self._store, self._release)

    def serve(self, handle: Handle, tick: Callable[[], None], stop: Event) -> None:
        for look in count():
            if look % _LOOKS_PER_TICK == 0:
                tick()
            self.work_off(handle, stop)
            if stop.wait(LOOK_SECONDS):
                return

    def sweep(self) -> int:
        return kept(self._store, lambda work: work.changes(_SWEEP, _times(self._clock.now())))

    def counts(self, work: Work) -> JobCounts:
        times = _times(self._clock.now())
        return JobCounts(*(int(work.first(statement, times)[0]) for statement in (_WAITING, _DOING, _STALLED)))

    def _do(self, keys: tuple[str, ...], handle: Handle, stop: Event) -> None:
        """Claimed jobs, one after another while the first half of the claim lasts; then what is done goes away."""
        begin_until = self._clock.now() + (CLAIM - LONGEST_JOB)
        done: list[str] = []
        try:
            for key in keys:
                if stop.is_set() or self._clock.now() >= begin_until:
                    return
                handle(job_named(key))
                done.append(key)
        finally:
            # A kill before this line: they are done again, and found done.
            kept(self._store, lambda work: self._finish(work, done))

    def _claim(self, work: Work) -> tuple[str, ...]:
        now = self._clock.now()
        keys = tuple(row[0] for row in work.all(_FREE, {**_times(now), "most": AT_A_TIME}))
        until = stored_instant(now + CLAIM)
        work.run_many(_CLAIM, [{"job_key": key, "worker": self._name, "until": until} for key in keys])
        return keys

    def _finish(self, work: Work, keys: list[str]) -> None:
        work.run_many(_FINISH, [{"job_key": key, "worker": self._name} for key in keys])
        self._release(work)

    def _release(self, work: Work) -> None:
        work.run(_RELEASE, {"worker": self._name})


def _times(now: datetime) -> dict[str, str]:
    return {"now": stored_instant(now), "furthest": stored_instant(now + CLAIM + CLOCK_TOLERANCE)}


def _has_run_out() -> sa.ColumnElement[bool]:
    until: sa.Column[str] = JOB.c.claimed_until
    return sa.or_(until <= sa.bindparam("now"), until > sa.bindparam("furthest"))


def _counted(which: sa.ColumnElement[bool]) -> Statement:
    return Statement(lambda _: sa.select(sa.func.count()).select_from(JOB).where(which))


_PUT = Statement(
    lambda dialect: (
        insert_on_conflict(dialect, JOB).values(key=sa.bindparam("key")).on_conflict_do_nothing(index_elements=["key"])
    )
)
_FREE = Statement(
    lambda _: (
        sa.select(JOB.c.key)
        .where(sa.or_(JOB.c.claimed_until.is_(None), _has_run_out()))
        .order_by(JOB.c.id)
        .limit(sa.bindparam("most", type_=sa.Integer))
    )
)
_CLAIM = Statement(
    lambda _: (
        sa.update(JOB)
        .where(JOB.c.key == sa.bindparam("job_key"))
        .values(claimed_by=sa.bindparam("worker"), claimed_until=sa.bindparam("until"))
    )
)
_FINISH = Statement(
    lambda _: sa.delete(JOB).where(JOB.c.key == sa.bindparam("job_key"), JOB.c.claimed_by == sa.bindparam("worker"))
)
_RELEASE = Statement(
    lambda _: (
        sa.update(JOB).where(JOB.c.claimed_by == sa.bindparam("worker")).values(claimed_by=None, claimed_until=None)
    )
)
_SWEEP = Statement(lambda _: sa.update(JOB).where(_has_run_out()).values(claimed_by=None, claimed_until=None))
_WAITING = _counted(JOB.c.claimed_until.is_(None))
_DOING = _counted(sa.and_(JOB.c.claimed_until > sa.bindparam("now"), JOB.c.claimed_until <= sa.bindparam("furthest")))
_STALLED = _counted(_has_run_out())
