"""One view of the whole store that does not move while it is read, whoever writes meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from engine.store import Store, Work


@contextmanager
def snapshot(store: Store) -> Iterator[Work]:
    """A reading transaction in which every statement sees the same moment."""
    with store.reading() as work:
        if store.dialect == "postgresql":
            # Its default shows every statement a newer state: a case would seem to differ from its own book.
            work.connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield work
