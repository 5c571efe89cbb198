"""The store: opens the database, runs one command as one transaction, and turns its faults into plain sentences.

Nobody else begins or commits. Statements are SQLAlchemy Core, compiled once for the dialect and run on the raw
cursor inside SQLAlchemy's connection: the typed tables stay, the cost of the object mapper does not.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from importlib import import_module
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPICursor

from engine.store_faults import translated
from engine.tables import SCHEMA_VERSION

if TYPE_CHECKING:
    from sqlalchemy.dialects.sqlite import Insert  # PostgreSQL's reads the same

BUSY_TIMEOUT_SECONDS = 10


class Statement:
    """A Core statement, built per dialect on first use; compare and hash by identity."""

    def __init__(self, build: Callable[[str], sa.Executable]) -> None:
        self.build = build


class _Compiled:
    """A statement as text, with its parameters in the order or by the names the driver wants."""

    def __init__(self, statement: sa.Executable, dialect: sa.Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
        self.text: str = str(compiled)
        self._literals = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
        self._in_order = _taking(tuple(compiled.positiontup or ())) if compiled.positional else None

    def arguments(self, values: Mapping[str, Any]) -> Any:
        named = {**self._literals, **values} if self._literals else values
        return named if self._in_order is None else self._in_order(named)


def _taking(names: tuple[str, ...]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    """What takes the values of those names, in their order."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: tuple(values[name] for name in names)


class Work:
    """One transaction. Repositories take it as their first argument.

    While it streams (writing to a server), statements are sent without waiting for the answers: what goes wrong with
    one is raised with the next answer that is read, at the latest at the end of the transaction.
    """

    def __init__(self, store: Store, connection: sa.Connection) -> None:
        self.store = store
        self._connection = connection
        self._raw: Any = connection.connection.dbapi_connection
        self._stream = ExitStack()
        self._streaming = False
        self._to_change_one: list[tuple[DBAPICursor, Exception]] = []
        self.statements = 0

    @property
    def connection(self) -> sa.Connection:
        """SQLAlchemy's own connection, for statements made for the occasion. Ends the streaming."""
        self.settle()
        return self._connection

    def stream(self) -> None:
        """Begin to stream, where the driver can."""
        if self.store.dialect == "postgresql":
            self._stream.enter_context(self._raw.pipeline())
            self._streaming = True

    def settle(self) -> None:
        """Wait for what was sent, and raise what went wrong with it. Ends the streaming."""
        self._streaming = False
        self._stream.close()
        sent, self._to_change_one = self._to_change_one, []
        for cursor, otherwise in sent:
            if cursor.rowcount != 1:
                raise otherwise

    def abandon(self) -> None:
        """End the streaming of a transaction that has failed already."""
        with suppress(Exception):
            self._stream.close()

    @contextmanager
    def part(self) -> Iterator[None]:
        """A part of the transaction that is undone alone where it fails. Ends the streaming."""
        with self.connection.begin_nested():
            yield

    def change_one(self, statement: Statement, values: Mapping[str, Any], otherwise: Exception) -> None:
        """Run a statement that must change exactly one row, else `otherwise` is raised (while streaming, later)."""
        self._to_change_one.append((self.run(statement, values), otherwise))
        if not self._streaming:
            self.settle()

    def changes(self, statement: Statement, values: Mapping[str, Any]) -> int:
        """Run a statement and tell how many rows it changed, once everything sent before is answered too."""
        cursor = self.run(statement, values)
        if self._streaming:
            self.settle()
            self.stream()
        return cursor.rowcount

    def run(self, statement: Statement, values: Mapping[str, Any]) -> DBAPICursor:
        """Run one statement; the cursor is open for fetching, and for nothing else."""
        compiled = self.store.compiled(statement)
        self.statements += 1
        return self._raw.execute(compiled.text, compiled.arguments(values))  # type: ignore[no-any-return]

    def run_many(self, statement: Statement, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run one statement for several rows; nothing for none."""
        if len(rows) == 1:
            self.run(statement, rows[0])
        elif rows:
            compiled = self.store.compiled(statement)
            self.statements += 1
            cursor = self._raw.cursor()
            cursor.executemany(compiled.text, [compiled.arguments(row) for row in rows])
            cursor.close()

    def first(self, statement: Statement, values: Mapping[str, Any]) -> Any:
        return self.run(statement, values).fetchone()

    def all(self, statement: Statement, values: Mapping[str, Any]) -> Sequence[Any]:
        return self.run(statement, values).fetchall()


class Store:
    """One database. `place` is how it is named to people: a file or a server, never a password."""

    def __init__(self, engine: sa.Engine, place: str) -> None:
        self.engine = engine
        self.place = place
        self._compiled: dict[Statement, _Compiled] = {}
        self._idle: list[sa.Connection] = []

    @property
    def dialect(self) -> str:
        return self.engine.dialect.name

    def compiled(self, statement: Statement) -> _Compiled:
        found = self._compiled.get(statement)
        if found is None:
            found = self._compiled[statement] = _Compiled(statement.build(self.dialect), self.engine.dialect)
        return found

    @contextmanager
    def writing(self, *, keep: bool = True) -> Iterator[Work]:
        """One command, one transaction. With `keep=False` everything is rolled back at the end (a rehearsal).

        Raises CaseChangedMeanwhile if someone else won, StoreUnavailable if the database cannot take it.
        """
        with translated(self.place), self._connection() as connection:
            self._begin(connection, "BEGIN IMMEDIATE")
            work = Work(self, connection)
            try:
                work.stream()
                yield work
                work.settle()
            except BaseException:
                work.abandon()
                connection.rollback()
                raise
            if keep:
                connection.commit()
            else:
                connection.rollback()

    @contextmanager
    def reading(self) -> Iterator[Work]:
        """One consistent view of the store; anything written in it is rolled back."""
        with translated(self.place), self._connection() as connection:
            self._begin(connection, "BEGIN")
            try:
                yield Work(self, connection)
            finally:
                connection.rollback()

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()
        self.engine.dispose()

    @contextmanager
    def _connection(self) -> Iterator[sa.Connection]:
        """A connection of the pool; one that served without a fault is kept for the next transaction.

        Fetching it and giving it back costs more than the transaction itself. Taking from a list is atomic, so that
        threads, and transactions inside one another, each have their own.
        """
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self.engine.connect()
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)

    def _begin(self, connection: sa.Connection, sqlite_begin: str) -> None:
        connection.begin()
        if self.dialect == "sqlite":
            # SQLAlchemy's own begin sends nothing on SQLite; a deferred BEGIN that writes later would fail
            # with "database is locked" at once, whatever the timeout says.
            raw: Any = connection.connection.dbapi_connection
            raw.execute(sqlite_begin)


def insert_on_conflict(dialect: str, table: Any) -> Insert:
    """An INSERT that can say ON CONFLICT: each dialect has its own, and only that of the database at work is loaded."""
    statement: Insert = import_module(f"sqlalchemy.dialects.{dialect}").insert(table)
    return statement


def sqlite_store(file: Path, *, synchronous: str = "FULL") -> Store:
    """A store in one file. The file is created on first use; the folder must exist."""
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(file)),
        connect_args={"timeout": BUSY_TIMEOUT_SECONDS, "isolation_level": None, "check_same_thread": False},
    )

    def prepare(raw: sqlite3.Connection, _record: object) -> None:
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute(f"PRAGMA synchronous = {synchronous}")
        raw.execute("PRAGMA foreign_keys = ON")

    sa.event.listen(engine, "connect", prepare)
    return Store(engine, str(file))


def postgres_store(url: str) -> Store:
    """A store on a PostgreSQL server. `url` is postgresql://user:password@host/database."""
    parsed = sa.make_url(url).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(parsed, isolation_level="READ COMMITTED", pool_pre_ping=False)
    return Store(engine, parsed.render_as_string(hide_password=True))


def schema_version(store: Store) -> str | None:
    """The version of the tables, `None` for an empty database."""
    with translated(store.place), store.engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        return str(connection.scalar(sa.text("SELECT version_num FROM alembic_version")))


def is_current(version: str | None) -> bool:
    return version == SCHEMA_VERSION
