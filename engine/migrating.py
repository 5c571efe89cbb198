"""Creates the tables and brings an older store up to this program's version, with Alembic."""

from __future__ import annotations

import re
from pathlib import Path

import sqlalchemy as sa

import engine
from engine.append_only import ensure_triggers
from engine.errors import Remedy, StoreUnavailable
from engine.store import Store, is_current, schema_version
from engine.store_faults import translated
from engine.tables import SCHEMA_VERSION

# Revisions are numbered, so that their names sort by age.
_REVISION = re.compile(r"\d{4}")


def migrate(store: Store, to: str = "head") -> None:
    """Create or upgrade the tables, then re-create the triggers: all of it in one transaction, or nothing.

    A store that is current is left alone. Raises StoreUnavailable.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(engine.__file__).parent.parent / "migrations"))
    try:
        with translated(store.place), store.engine.connect() as connection:
            _begin(connection)
            config.attributes["connection"] = connection
            command.upgrade(config, to)
            ensure_triggers(connection)
            _require_children(connection, store.place)
            connection.commit()
    finally:
        store.close()  # foreign keys are off on that connection


def _begin(connection: sa.Connection) -> None:
    """Begin the one transaction. Alembic leaves a transaction alone that it finds begun."""
    if connection.dialect.name == "sqlite":
        # A table that batch mode rebuilds would silently delete its children with foreign keys on.
        connection.execute(sa.text("PRAGMA foreign_keys = OFF"))
        connection.commit()
        # The driver begins nothing by itself.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.begin()


def _require_children(connection: sa.Connection, place: str) -> None:
    """Foreign keys were off meanwhile on SQLite: every row that is referred to must still be there."""
    if connection.dialect.name != "sqlite":
        return
    orphan = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if orphan is not None:
        raise StoreUnavailable(
            "store.damaged",
            f"表{orphan[0]}有悬空的引用，未作任何改动：{place}",
            f"table {orphan[0]} refers to rows that are not there; nothing was changed: {place}",
            Remedy("从备份恢复，并保留原文件以备检查", "restore a backup and keep this file for inspection"),
        )


def require_current(store: Store) -> None:
    """Raises StoreUnavailable when the store has no tables, older tables, or tables of a newer program."""
    version = schema_version(store)
    if is_current(version):
        return
    if version is None:
        raise not_initialised(store)
    if is_older(version):
        raise StoreUnavailable(
            "store.older",
            f"案卷库由较早的程序建立（版本{version}，本程序为{SCHEMA_VERSION}），须先升级：{store.place}",
            f"the store was made by an earlier program (version {version}, this one has {SCHEMA_VERSION}) and must be "
            f"upgraded first: {store.place}",
            Remedy("升级，升级前自动备份", "upgrade it; a backup is made first", "anjuan upgrade"),
        )
    raise newer(store, version)


def not_initialised(store: Store) -> StoreUnavailable:
    """The database is empty."""
    return StoreUnavailable(
        "store.not_initialised",
        f"这里还没有建库：{store.place}",
        f"there is no store here yet: {store.place}",
        Remedy("先建库", "create the store first", "anjuan init"),
    )


def is_older(version: str) -> bool:
    """Whether a store of that version can be brought up to this program."""
    return _REVISION.fullmatch(version) is not None and version < SCHEMA_VERSION


def newer(store: Store, version: str) -> StoreUnavailable:
    """The tables are those of a program that came after this one."""
    return StoreUnavailable(
        "store.newer",
        f"案卷库由较新的程序建立或者升级（版本{version}，本程序为{SCHEMA_VERSION}），本程序不能使用：{store.place}",
        f"the store was made or upgraded by a newer program (version {version}, this one has {SCHEMA_VERSION}) and "
        f"cannot be used by this one: {store.place}",
        Remedy("请改用较新的程序", "use the newer program"),
    )
