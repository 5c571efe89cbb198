"""The port behind which work waits for a worker: what a queue promises, whatever keeps it.

A queue knows no time but now. What is due when stands in our own tables; a job only says that somebody should look at
something soon, and is put again as long as there is something to do (docs/adr/0028).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Event
from typing import Protocol

from engine.store import Store, Work

# How often whoever serves looks at what has come due.
TICK_SECONDS = 60.0


@dataclass(frozen=True)
class Job:
    """One thing to look at: `kind` says how, `subject` what."""

    kind: str
    subject: str

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.subject}"


def job_named(key: str) -> Job:
    """The job of that key."""
    kind, _, subject = key.partition(":")
    return Job(kind, subject)


@dataclass(frozen=True)
class JobCounts:
    """How many jobs wait, are being done, and were being done by somebody who is there no more."""

    waiting: int
    doing: int
    stalled: int


Handle = Callable[[Job], None]


class JobQueue(Protocol):
    """Jobs are done at least once: whoever does one looks first whether it is still to be done."""

    def put(self, work: Work, jobs: Iterable[Job]) -> None:
        """Keep jobs in the transaction of `work`: committed, somebody does them; rolled back, nobody.

        One that waits or is being done already is not kept twice.
        """

    def work_off(self, handle: Handle, stop: Event | None = None) -> None:
        """Do what waits, the oldest first, until nothing does or until told to stop.

        What `handle` raises ends it; the job in hand waits again then. Raises StoreUnavailable.
        """

    def serve(self, handle: Handle, tick: Callable[[], None], stop: Event) -> None:
        """Tick at once and every `TICK_SECONDS`, and do what waits, until told to stop. Raises as `work_off` does,
        and what `tick` raises."""

    def sweep(self) -> int:
        """Let the jobs wait again whose worker died over them; how many they were."""

    def counts(self, work: Work) -> JobCounts:
        """What there is to do now."""


def queue_of(store: Store) -> JobQueue:
    """The queue that belongs to the database of that store."""
    if store.dialect == "postgresql":
        from engine.procrastinate_queue import ProcrastinateQueue

        return ProcrastinateQueue(store)
    from engine.embedded_queue import EmbeddedQueue

    return EmbeddedQueue(store)
