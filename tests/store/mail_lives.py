"""Processes that deliver mails and may be killed at any point, and the log of a server that outlives them."""

from __future__ import annotations

import hashlib
import os
import signal
from collections import Counter
from datetime import datetime, timedelta
from email.message import EmailMessage
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import sqlalchemy as sa

import notifications.doing as doing
import notifications.reminding as reminding
from engine.clock import StandingClock, SystemClock, stored_instant
from engine.home import Home, store_of
from engine.office import Office
from engine.store import Store
from engine.workers import SILENT_AFTER
from notifications.delivery import Accepted

# Children begin as copies of a process that has read the program already and holds no connection.
_PROCESSES = get_context("forkserver")
_PROCESSES.set_forkserver_preload(["notifications.reminding", "engine.home", "jinja2", "ruamel.yaml", "psycopg"])

AFTER_CLAIM, AFTER_ACCEPTANCE, BETWEEN_MAILS = "after_claim", "after_acceptance", "between_mails"
# The mails of a rung are written, and nothing is committed.
IN_PLANNING = "in_planning"


class LoggedServer:
    """A mail server as a file: one line for each mail it accepted, written at once whoever dies next."""

    sender = "anjuan@city.example"

    def __init__(self, log: Path, *, dies: bool = False) -> None:
        self._log, self._dies = log, dies

    def deliver(self, message: EmailMessage) -> Accepted:
        line = f"{message['Message-ID']} {hashlib.sha256(message.as_bytes()).hexdigest()}\n"
        with self._log.open("ab", buffering=0) as file:
            file.write(line.encode())
        if self._dies:
            die()
        return Accepted("250 kept")


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def accepted(log: Path) -> Counter[tuple[str, str]]:
    """How often the server took each mail, by Message-ID and hash of its bytes."""
    lines = log.read_text().splitlines() if log.exists() else []
    return Counter((line.split()[0], line.split()[1]) for line in lines)


def started(home: Home, log: Path, instants: list[datetime], *, dies: str = "", dies_after: float = 0) -> BaseProcess:
    """A process that runs once at each of the instants, and dies at the named point or that many seconds after it
    began to run (0: not)."""
    child = _PROCESSES.Process(target=_life, args=(home, log, instants, dies, dies_after))
    child.start()
    return child


def _life(home: Home, log: Path, instants: list[datetime], dies: str, dies_after: float) -> None:
    clock = StandingClock(instants[0])
    office = Office(store_of(home), clock, practice=True)
    with office.store.reading() as work:
        office.refresh(work)
    if dies == IN_PLANNING:
        _die_in_planning()
    if dies in (AFTER_CLAIM, BETWEEN_MAILS):
        _die_in_dispatch(at=1 if dies == AFTER_CLAIM else 2)
    server = LoggedServer(log, dies=dies == AFTER_ACCEPTANCE)
    if dies_after:
        reminding.rehearse_reminders(office)  # reads the templates, so that the time to live is spent on mails
    # Nobody handles this signal: the system ends the process where it stands, as it does with SIGKILL.
    signal.setitimer(signal.ITIMER_REAL, dies_after)
    for instant in instants:
        clock.move_to(instant)
        reminding.run_reminders(office, server)
    signal.setitimer(signal.ITIMER_REAL, 0)
    office.store.close()


def _die_in_planning() -> None:
    whole = doing.queue_subject

    def queue_subject(*arguments: Any) -> Any:
        whole(*arguments)
        die()

    doing.queue_subject = queue_subject


def _die_in_dispatch(at: int) -> None:
    """The process dies just before it would deliver the mail of that number."""
    whole, begun = doing.dispatch, 0

    def dispatch(*arguments: Any) -> Any:
        nonlocal begun
        begun += 1
        if begun == at:
            die()
        return whole(*arguments)

    doing.dispatch = dispatch


def silenced(store: Store, *, workers_too: bool = False) -> None:
    """As if those that were killed had not been heard of for long enough."""
    statements = [
        "UPDATE job SET claimed_until = '2000-01-01T00:00:00.000000+00:00' WHERE claimed_until IS NOT NULL"
        if store.dialect == "sqlite"
        else "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 minute'"
    ]
    if workers_too:
        ago = stored_instant(SystemClock().now() - SILENT_AFTER - timedelta(seconds=1))
        statements.append(f"UPDATE worker SET seen_at = '{ago}'")
    with store.engine.begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))


def ticks(first: datetime, number: int, step: timedelta) -> list[datetime]:
    return [first + step * count for count in range(number)]
