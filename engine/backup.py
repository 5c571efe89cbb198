"""Copies the whole store into one SQLite file, and keeps the copy only after it has been opened and verified.

Never a copy of the database file: of a live database that may look right and not open.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa

from engine.errors import InputWrong, NotFound, Remedy, StoreUnavailable
from engine.migrating import migrate
from engine.snapshot import snapshot
from engine.store import Store, Work, sqlite_store
from engine.store_faults import translated
from engine.verifying import Verified, verify_store
from engine.whole_files import beside, put_new

ROWS_AT_ONCE = 1000
VERSION_TABLE = "alembic_version"


@dataclass(frozen=True)
class BackedUp:
    """A backup that was opened and verified."""

    file: Path
    cases: int
    entries: int
    sha256: str


def back_up(store: Store, file: Path, *, keep: bool = True) -> BackedUp:
    """Write a backup; with `keep=False` it is made, verified and thrown away.

    Raises InputWrong (`file.exists`), NotFound (`folder.missing`), StoreUnavailable (`backup.damaged` when the copy,
    or the store itself, does not verify), OSError. Then nothing is left behind.
    """
    _require_free(file)
    unfinished = beside(file)
    try:
        copy_as_it_is(store, unfinished)
        _end_sessions(unfinished)
        verified = check_copy(unfinished, str(file))
        sha256 = _written_hash(unfinished)
        if keep:
            put_new(unfinished, file)
    except FileExistsError as e:
        raise _exists(file) from e
    finally:
        for leftover in (unfinished, *(Path(f"{unfinished}{end}") for end in ("-wal", "-shm", "-journal"))):
            leftover.unlink(missing_ok=True)
    return BackedUp(file, verified.cases, verified.entries, sha256)


def copy_as_it_is(store: Store, file: Path) -> None:
    """Copy a store, of whatever version, into one new SQLite file that stands alone. Nothing is verified.

    Raises StoreUnavailable, OSError.
    """
    os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with translated(str(file)):
        if store.dialect == "sqlite":
            _copy_pages(store, file)
        else:
            _copy_rows(store, file)
        _fold_log(file)


def check_copy(file: Path, name: str) -> Verified:
    """Open a backup and verify it from end to end. `name` is how it is called to people.

    Raises StoreUnavailable (`backup.damaged`).
    """
    try:
        with _opened_read_only(file) as copy:
            _require_whole(copy, name)
            with snapshot(copy) as work:
                verified = verify_store(work)
    except sqlite3.DatabaseError as e:
        raise _damaged(name, str(e), str(e)) from e
    if verified.first_bad is not None:
        bad = verified.first_bad
        raise _damaged(name, f"{bad.book}第{bad.seq}条，{bad.zh}", f"{bad.book}, entry {bad.seq}: {bad.en}")
    return verified


def _end_sessions(file: Path) -> None:
    """Nobody is signed in in a backup, and nobody works: whoever restores it begins anew with both."""
    raw = sqlite3.connect(file)
    try:
        with raw:
            for table in ("session", "job", "worker"):
                raw.execute(f"DELETE FROM {table}")
    finally:
        raw.close()


def _copy_pages(store: Store, file: Path) -> None:
    target = sqlite3.connect(file)
    try:
        with store.engine.connect() as connection:
            source = cast(sqlite3.Connection, connection.connection.dbapi_connection)
            source.backup(target)
    finally:
        target.close()


def _copy_rows(store: Store, file: Path) -> None:
    """Every table of a server's database into a file of the same tables, in the version that the database has."""
    target = sqlite_store(file)
    try:
        with snapshot(store) as source:
            migrate(target, source.connection.execute(sa.text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar_one())
            with target.writing() as copy:
                tables = sa.MetaData()
                tables.reflect(copy.connection)
                # Not those of the server's own queue, for which the file has no tables: jobs are put anew.
                for table in tables.sorted_tables:
                    if table.name != VERSION_TABLE:
                        _copy_table(source, copy, table)
    finally:
        target.close()


def _copy_table(source: Work, copy: Work, table: sa.Table) -> None:
    rows = source.connection.execution_options(yield_per=ROWS_AT_ONCE).execute(sa.select(*table.columns))
    for part in rows.mappings().partitions(ROWS_AT_ONCE):
        copy.connection.execute(sa.insert(table), [dict(row) for row in part])


def _fold_log(file: Path) -> None:
    """One file that stands alone, without a log beside it."""
    raw = sqlite3.connect(file)
    try:
        raw.execute("PRAGMA journal_mode = DELETE")
    finally:
        raw.close()


@contextmanager
def _opened_read_only(file: Path) -> Iterator[Store]:
    def connect() -> Any:
        address = f"{file.absolute().as_uri()}?mode=ro"
        return sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)

    copy = Store(sa.create_engine("sqlite://", creator=connect), str(file))
    try:
        yield copy
    finally:
        copy.close()


def _require_whole(copy: Store, name: str) -> None:
    with copy.engine.connect() as connection:
        said = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
        orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if said != "ok":
        raise _damaged(name, str(said), str(said))
    if orphans is not None:
        raise _damaged(name, f"表{orphans[0]}有悬空的引用", f"table {orphans[0]} refers to rows that are not there")


def _written_hash(file: Path) -> str:
    with file.open("rb+") as stream:
        os.fsync(stream.fileno())
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _require_free(file: Path) -> None:
    if not file.parent.is_dir():
        raise NotFound("folder.missing", f"没有文件夹“{file.parent}”", f"there is no folder {file.parent}")
    if file.exists() or file.is_symlink():
        raise _exists(file)


def _exists(file: Path) -> InputWrong:
    return InputWrong(
        "file.exists",
        f"文件“{file}”已存在，备份不覆盖任何文件",
        f"{file} exists already; a backup overwrites nothing",
        Remedy("换一个文件名", "choose another name"),
    )


def _damaged(name: str, zh: str, en: str) -> StoreUnavailable:
    return StoreUnavailable(
        "backup.damaged",
        f"备份核验未通过，未保留：{name}（{zh}）",
        f"the copy does not verify and was not kept: {name} ({en})",
        Remedy("先核验案卷库本身", "verify the store itself first", "anjuan ledger verify"),
    )
