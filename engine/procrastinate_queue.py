"""Hands jobs to Procrastinate: the queue of an office on PostgreSQL, with workers on any number of machines.

Jobs are put and swept by SQL in our own transactions; fetching, heartbeats and waking up are Procrastinate's. It is
loaded only where something is worked off.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import count
from threading import Event
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.jobs import TICK_SECONDS, Handle, Job, JobCounts, job_named
from engine.repeating import kept
from engine.store import Statement, Store, Work
from engine.store_faults import unreachable

if TYPE_CHECKING:
    from procrastinate import App
    from psycopg import AsyncConnection

QUEUE = TASK = "anjuan"
# A worker that has not been heard of for so long is dead; a living one is heard of every ten seconds.
STALLED_AFTER_SECONDS = 30.0
# How long a lost connection is waited for before the run ends with a plain sentence.
CONNECT_SECONDS = 10.0
# How often is looked whether to stop; new jobs wake the worker by themselves.
LOOK_SECONDS = 0.2
_LOOKS_PER_TICK = int(TICK_SECONDS / LOOK_SECONDS)


class ProcrastinateQueue:
    """One job at a time in this process; more processes do more."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def put(self, work: Work, jobs: Iterable[Job]) -> None:
        keys = [job.key for job in jobs]
        if keys:
            work.run(_PUT, {"job_keys": keys})

    def work_off(self, handle: Handle, stop: Event | None = None) -> None:
        asyncio.run(_Session(self._store, handle, stop or Event()).run())

    def serve(self, handle: Handle, tick: Callable[[], None], stop: Event) -> None:
        asyncio.run(_Session(self._store, handle, stop, tick).run())

    def sweep(self) -> int:
        return kept(self._store, lambda work: len(work.all(_SWEEP, {"seconds": STALLED_AFTER_SECONDS})))

    def counts(self, work: Work) -> JobCounts:
        waiting, doing, stalled = work.first(_COUNTS, {"seconds": STALLED_AFTER_SECONDS})
        return JobCounts(waiting, doing, stalled)


class _Session:
    """One stretch of work: a worker of Procrastinate from its start to its end, and what went wrong in it."""

    def __init__(self, store: Store, handle: Handle, stop: Event, tick: Callable[[], None] | None = None) -> None:
        self._store, self._handle, self._stop, self._tick = store, handle, stop, tick
        self._failure: BaseException | None = None
        self._end: Callable[[], object] = lambda: None

    async def run(self) -> None:
        """Until nothing waits, with a tick until told to stop. Raises what those two raise, and StoreUnavailable."""
        from procrastinate.exceptions import ConnectorException

        with self._store.reading():
            """A server that does not answer is found here, at once and in plain words."""
        try:
            async with _app(self._store, self._do).open_async() as app:
                await self._worked(app)
        except ConnectorException as e:
            raise self._failure or unreachable(self._store.place) from e
        if self._failure is not None:
            raise self._failure
        if self._tick is not None and not self._stop.is_set():
            # It ends by itself only when it has lost the server.
            raise unreachable(self._store.place)

    async def _worked(self, app: App) -> None:
        serving = self._tick is not None
        worker = asyncio.create_task(
            app.run_worker_async(
                queues=[QUEUE],
                wait=serving,
                listen_notify=serving,
                # What is still to do is put again by the next tick; nothing is remembered here.
                delete_jobs="always",
                install_signal_handlers=False,
                stalled_worker_timeout=STALLED_AFTER_SECONDS,
            )
        )
        loop = asyncio.get_running_loop()
        # A cancelled worker finishes the job in hand first.
        self._end = lambda: loop.call_soon_threadsafe(worker.cancel)
        watch = asyncio.create_task(self._watch())
        try:
            await worker
        except asyncio.CancelledError:
            if (here := asyncio.current_task()) is not None and here.cancelling():
                raise  # interrupted from outside, not by `_end`
        finally:
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch

    async def _watch(self) -> None:
        """Ticks in its time, and ends the worker when told to stop."""
        for look in count():
            if self._ended():
                break
            if self._tick is not None and look % _LOOKS_PER_TICK == 0:
                await asyncio.to_thread(self._ticked, self._tick)
            await asyncio.sleep(LOOK_SECONDS)
        self._end()

    def _ticked(self, tick: Callable[[], None]) -> None:
        try:
            tick()
        except Exception as e:
            self._failure = e

    def _ended(self) -> bool:
        return self._stop.is_set() or self._failure is not None

    def _do(self, key: str) -> None:
        if self._ended():
            raise _NotNow
        try:
            self._handle(job_named(key))
        except BaseException as e:
            self._failure = e
            self._end()
            raise


class _NotNow(Exception):
    """The job was fetched when the run was ending already: it waits for another worker."""


def _app(store: Store, do: Callable[[str], None]) -> App:
    from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision

    class Again(BaseRetryStrategy):
        """What ends a run leaves its job waiting for the next."""

        def get_retry_decision(self, *, exception: BaseException, job: object) -> RetryDecision:
            return RetryDecision(retry_in={"seconds": 0})

    # What goes wrong is raised, and told by whoever called; the library would say it a second time on stderr.
    for name in ("procrastinate", "psycopg.pool"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    address = store.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    connector = PsycopgConnector(
        conninfo=address,
        min_size=1,
        max_size=4,
        timeout=CONNECT_SECONDS,
        configure=_hurried,
    )
    app = App(connector=connector)
    app.task(name=TASK, queue=QUEUE, retry=Again())(do)
    return app


async def _hurried(connection: AsyncConnection[Any]) -> None:
    """Waits for no BEGIN and COMMIT, since each of the library's statements stands alone, and not for the disk: that a
    job was fetched or finished need not outlive a crash of the server, for it is done again and found done. What a job
    does is kept by our own connection, which waits."""
    await connection.set_autocommit(True)
    await connection.execute("SET synchronous_commit TO off")


_NO_HEARTBEAT = """
    LEFT JOIN procrastinate_workers AS worker ON worker.id = job.worker_id
    WHERE job.queue_name = 'anjuan' AND job.status = 'doing'
      AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => :seconds))
"""
# One that waits or is being done is not put twice. Asked for one after the other: each has its own small index.
_PUT = Statement(
    lambda _: sa.text(
        """
        SELECT procrastinate_defer_jobs_v1(array_agg(
            ROW('anjuan', 'anjuan', 0, NULL, asked.key, jsonb_build_object('key', asked.key), NULL)
            ::procrastinate_job_to_defer_v1 ORDER BY asked.place))
        FROM unnest(CAST(:job_keys AS text[])) WITH ORDINALITY AS asked (key, place)
        WHERE NOT EXISTS (
            SELECT 1 FROM procrastinate_jobs AS job WHERE job.queueing_lock = asked.key AND job.status = 'todo'
        ) AND NOT EXISTS (
            SELECT 1 FROM procrastinate_jobs AS job
            WHERE job.queueing_lock = asked.key AND job.status = 'doing' AND job.worker_id IS NOT NULL
        )
        HAVING count(*) > 0
        """
    )
)
# Locked first: in one SELECT the rows would be changed by the function before they are locked, and passed over. What
# waits again already (its worker was forgotten before it was swept) is taken away instead.
_SWEEP = Statement(
    lambda _: sa.text(
        f"""
        WITH stalled AS MATERIALIZED (
            SELECT job.id, job.queueing_lock FROM procrastinate_jobs AS job {_NO_HEARTBEAT}
            FOR UPDATE OF job SKIP LOCKED
        )
        SELECT CASE
            WHEN EXISTS (
                SELECT 1 FROM procrastinate_jobs AS job
                WHERE job.queueing_lock = stalled.queueing_lock AND job.status = 'todo'
            ) THEN procrastinate_finish_job_v1(stalled.id, 'failed', true)
            ELSE procrastinate_retry_job_v2(stalled.id, now(), NULL, NULL, NULL)
        END
        FROM stalled
        """
    )
)
_COUNTS = Statement(
    lambda _: sa.text(
        f"""
        WITH stalled AS (SELECT count(*) AS n FROM procrastinate_jobs AS job {_NO_HEARTBEAT})
        SELECT count(*) FILTER (WHERE status = 'todo'), count(*) FILTER (WHERE status = 'doing') - max(stalled.n),
               max(stalled.n)
        FROM stalled LEFT JOIN procrastinate_jobs ON queue_name = 'anjuan'
        """
    )
)
