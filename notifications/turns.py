"""Lets one process at a time deliver mails of a store; a process that dies gives its turn up by dying."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa

from engine.store import Statement, Store
from engine.store_faults import translated

LOCK_FILE = "mail.lock"
# Longer than any single delivery takes; whoever waits this long is told that the store is busy.
WAIT_SECONDS = 600
_LOCK_NUMBER = int.from_bytes(b"anjuan")


@contextmanager
def turn(store: Store) -> Iterator[None]:
    """While this is open nobody else delivers a mail of the store. Waits for whoever does so now.

    Never wrap a writing transaction around it: a mail server may take its time. Raises CaseChangedMeanwhile when the
    other one does not end, StoreUnavailable.
    """
    if store.dialect == "sqlite":
        with _file_locked(Path(str(store.engine.url.database)).with_name(LOCK_FILE)):
            yield
    else:
        with store.reading() as work:
            work.run(_WAIT_AT_MOST, {"milliseconds": str(WAIT_SECONDS * 1000)})
            work.run(_LOCK, {"lock_number": _LOCK_NUMBER})
            yield


@contextmanager
def _file_locked(file: Path) -> Iterator[None]:
    # An empty database of its own: SQLite's locks work on every system, and end with the process that holds them.
    with closing(_opened(file)):
        yield


def _opened(file: Path) -> sqlite3.Connection:
    with translated(str(file)):
        file.touch(mode=0o600)
        connection = sqlite3.connect(file, timeout=WAIT_SECONDS, isolation_level=None)
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except BaseException:
            connection.close()
            raise
    return connection


_WAIT_AT_MOST = Statement(
    lambda _: sa.select(sa.func.set_config("lock_timeout", sa.bindparam("milliseconds"), sa.true()))
)
_LOCK = Statement(lambda _: sa.select(sa.func.pg_advisory_xact_lock(sa.bindparam("lock_number", type_=sa.BigInteger))))
