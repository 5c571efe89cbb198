"""Who works the jobs off: each worker says that it is alive, so that one that fell silent is noticed."""

from __future__ import annotations

import os
import secrets
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import sqlalchemy as sa

from engine.clock import stored_instant
from engine.jobs import TICK_SECONDS
from engine.store import Statement, Work, insert_on_conflict
from engine.tables import WorkerRow

WORKER = WorkerRow.__table__  # type: ignore[attr-defined]

WorkerState = Literal["working", "silent", "ended"]
# It is heard of at every tick; a tick may wait for the longest job, so one that is late is not lost yet.
SILENT_AFTER = timedelta(seconds=3 * TICK_SECONDS)
# What ended or fell silent longer ago is history.
KEPT_FOR = timedelta(days=7)


@dataclass(frozen=True)
class Worker:
    """A process that works; the instants are stored ones, of the clock of its own machine."""

    name: str
    machine: str
    process: int
    started_at: str
    seen_at: str
    ended_at: str | None = None

    def state(self, now: datetime) -> WorkerState:
        """`silent`: it has not ended, and has not been heard of for three ticks."""
        if self.ended_at is not None:
            return "ended"
        return "working" if self.seen_at >= stored_instant(now - SILENT_AFTER) else "silent"


def new_worker(now: datetime) -> Worker:
    """This process, under a name that no other has."""
    machine, process, at = socket.gethostname(), os.getpid(), stored_instant(now)
    return Worker(f"{machine}:{process}:{secrets.token_hex(4)}", machine, process, at, at)


def seen(work: Work, worker: Worker, now: datetime) -> None:
    """Write that the worker is alive; the first time that it is there, and then what is history goes."""
    at = stored_instant(now)
    if work.changes(_SEEN, {"worker": worker.name, "at": at}) == 0:
        work.run(_ADD, {**vars(worker), "seen_at": at})
        work.run(_FORGET, {"before": stored_instant(now - KEPT_FOR)})


def ended(work: Work, worker: Worker, now: datetime) -> None:
    """Write that the worker has ended as it should."""
    work.run(_END, {"worker": worker.name, "at": stored_instant(now)})


def workers(work: Work, now: datetime) -> tuple[Worker, ...]:
    """The workers of the last seven days, those heard of last first."""
    return tuple(Worker(*row) for row in work.all(_ALL, {"since": stored_instant(now - KEPT_FOR)}))


_ADD = Statement(
    lambda dialect: (
        insert_on_conflict(dialect, WORKER)
        .values({c.name: sa.bindparam(c.name) for c in WORKER.columns})
        .on_conflict_do_nothing(index_elements=["name"])
    )
)
_SEEN = Statement(
    lambda _: sa.update(WORKER).where(WORKER.c.name == sa.bindparam("worker")).values(seen_at=sa.bindparam("at"))
)
_END = Statement(
    lambda _: (
        sa.update(WORKER)
        .where(WORKER.c.name == sa.bindparam("worker"))
        .values(seen_at=sa.bindparam("at"), ended_at=sa.bindparam("at"))
    )
)
_FORGET = Statement(lambda _: sa.delete(WORKER).where(WORKER.c.seen_at < sa.bindparam("before")))
_ALL = Statement(
    lambda _: (
        sa.select(*WORKER.columns)
        .where(WORKER.c.seen_at >= sa.bindparam("since"))
        .order_by(WORKER.c.seen_at.desc(), WORKER.c.name)
    )
)
