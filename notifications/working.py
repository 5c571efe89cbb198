"""Works without end: plans what is due from the morning on, delivers what waits, and says that it is alive.

Calendars are written every hour: whoever subscribes looks twice a day.
"""

from __future__ import annotations

from datetime import datetime, time
from functools import partial
from threading import Event, Lock

from engine.clock import SHANGHAI, Clock, SystemClock, today
from engine.errors import AnjuanError
from engine.jobs import Job, queue_of
from engine.office import Office
from engine.repeating import kept
from engine.store import Work
from engine.workers import Worker, ended, new_worker, seen
from notifications.doing import PLAN_JOB, Doer
from notifications.open_mails import put_due
from notifications.run_count import RunCount

# Nobody wants the reminders of a day just after midnight. What a person starts by hand runs at any hour.
MORNING_FROM = time(7)
# So long a worker waits that has lost its database, before it looks again.
AGAIN_AFTER_SECONDS = 10.0


class Working:
    """One worker from its start to its end. Its signs of life go by the machine's clock, all else by the office's."""

    def __init__(self, office: Office, doer: Doer, stop: Event, machine_clock: Clock | None = None) -> None:
        self._office, self._doer, self._stop = office, doer, stop
        self._machine_clock = machine_clock or SystemClock()
        self._queue = queue_of(office.store)
        # Jobs and calendars may be done by different threads; one after the other all the same.
        self._one_at_a_time = Lock()
        self._calendars_of: datetime | None = None
        self.worker: Worker = new_worker(self._machine_clock.now())

    def run(self) -> RunCount:
        """Until told to stop; what was done. A database that is away is told and waited for."""
        while not self._stop.is_set():
            try:
                self._queue.serve(self._do, self._tick, self._stop)
            except AnjuanError as wrong:
                self._tell(wrong)
                self._stop.wait(AGAIN_AFTER_SECONDS)
        try:
            kept(self._office.store, partial(ended, worker=self.worker, now=self._machine_clock.now()))
        except AnjuanError as wrong:
            self._tell(wrong)
        return self._doer.count

    def _do(self, job: Job) -> None:
        with self._one_at_a_time:
            self._doer(job)

    def _tick(self) -> None:
        self._queue.sweep()
        kept(self._office.store, self._put)
        hour = self._machine_clock.now().replace(minute=0, second=0, microsecond=0)
        if hour != self._calendars_of:
            with self._one_at_a_time:
                self._doer.write_calendars()
            self._calendars_of = hour

    def _put(self, work: Work) -> None:
        """Write that this worker is alive, and put into the queue what its time has come for."""
        now = self._office.clock.now()
        seen(work, self.worker, self._machine_clock.now())
        put_due(work, now)
        if is_morning(now):
            self._queue.put(work, [Job(PLAN_JOB, today(self._office.clock).isoformat())])

    def _tell(self, wrong: AnjuanError) -> None:
        self._doer.count.tell(wrong.zh, wrong.en)


def is_morning(now: datetime) -> bool:
    """Whether reminders of the day go out at that hour."""
    return now.astimezone(SHANGHAI).time() >= MORNING_FROM
