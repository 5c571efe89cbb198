"""Turns what a database driver raises into the fact that a person needs to hear."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy.exc as sa_errors

from engine.errors import CaseChangedMeanwhile, Remedy, StoreUnavailable

# 40001 serialization failure, 40P01 deadlock, 23505 unique violation on an append-only key
_LOST_RACE_STATES = {"40001", "40P01", "23505"}


@contextmanager
def translated(place: str) -> Iterator[None]:
    """Raises CaseChangedMeanwhile or StoreUnavailable in the place of driver errors; others pass unchanged."""
    try:
        yield
    except sqlite3.Error as e:
        raise _of_sqlite(e, place) from e
    except sa_errors.DBAPIError as e:
        original = e.orig
        if isinstance(original, sqlite3.Error):
            raise _of_sqlite(original, place) from e
        raise _of_postgres(original or e, place) from e
    except Exception as e:
        if type(e).__module__.partition(".")[0] != "psycopg":
            raise
        raise _of_postgres(e, place) from e


def unreachable(place: str) -> StoreUnavailable:
    """The server of the database does not answer."""
    return StoreUnavailable(
        "store.unreachable",
        f"无法连接数据库：{place}",
        f"the database cannot be reached: {place}",
        Remedy(
            "检查数据库是否启动、地址与口令是否正确",
            "check that the server runs and that address and password are right",
        ),
    )


def _of_sqlite(error: sqlite3.Error, place: str) -> Exception:
    said = str(error)
    if isinstance(error, sqlite3.IntegrityError) and ("append-only" in said or "UNIQUE constraint" in said):
        return CaseChangedMeanwhile("?")
    if "locked" in said or "busy" in said:
        return CaseChangedMeanwhile("?")
    for sign, code, zh, en, remedy in _SQLITE_SIGNS:
        if sign in said:
            return StoreUnavailable(code, zh.format(place=place), en.format(place=place), remedy)
    return error


def _of_postgres(error: BaseException, place: str) -> Exception:
    state = getattr(error, "sqlstate", None)
    if state in _LOST_RACE_STATES or (state == "P0001" and "append-only" in str(error)):
        return CaseChangedMeanwhile("?")
    if state == "53100":
        return StoreUnavailable(
            "store.full", f"数据库磁盘已满：{place}", f"the database's disk is full: {place}", _FREE
        )
    if state in {"25006", "42501"}:
        return StoreUnavailable(
            "store.read_only", f"对数据库没有写入权限：{place}", f"the database may not be written: {place}", _WRITE
        )
    if state == "42P01":
        return StoreUnavailable(
            "store.not_initialised", f"这里还没有建库：{place}", f"there is no store here yet: {place}", _INIT
        )
    if state is None or state.startswith("08") or state in {"28P01", "3D000", "57P03"}:
        return unreachable(place)
    return error if isinstance(error, Exception) else RuntimeError(str(error))


_FREE = Remedy("清理磁盘空间后重试；本次未作任何改动", "free some space, then try again; nothing was changed")
_WRITE = Remedy("请管理员开放写入权限", "ask the administrator for permission to write")
_INIT = Remedy("先建库", "create the store first", "anjuan init")
_RESTORE = Remedy("从备份恢复，并保留原文件以备检查", "restore a backup and keep this file for inspection")

_SQLITE_SIGNS = (
    ("disk is full", "store.full", "磁盘已满，无法写入：{place}", "the disk is full, cannot write: {place}", _FREE),
    ("disk I/O", "store.io", "读写磁盘出错：{place}", "the disk failed to read or write: {place}", _FREE),
    ("readonly", "store.read_only", "数据库只读，无法写入：{place}", "the database is read-only: {place}", _WRITE),
    ("unable to open", "store.unopenable", "无法打开数据库：{place}", "the database cannot be opened: {place}", _WRITE),
    ("no such table", "store.not_initialised", "这里还没有建库：{place}", "there is no store here yet: {place}", _INIT),
    (
        "not a database",
        "store.damaged",
        "不是有效的数据库文件：{place}",
        "this is not a database file: {place}",
        _RESTORE,
    ),
    ("malformed", "store.damaged", "数据库文件已损坏：{place}", "the database file is damaged: {place}", _RESTORE),
)
