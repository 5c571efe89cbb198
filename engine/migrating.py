"""Creates the tables and brings an older store up to this program's version, with Alembic."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

import engine
from engine.append_only import ensure_triggers
from engine.errors import Remedy, StoreUnavailable
from engine.store import Store, is_current, schema_version
from engine.store_faults import translated


def migrate(store: Store) -> None:
    """Create or upgrade the tables, then re-create the triggers. A store that is current is left alone."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(engine.__file__).parent.parent / "migrations"))
    with translated(store.place), store.engine.connect() as connection:
        if store.dialect == "sqlite":
            # A table that batch mode rebuilds would silently delete its children with foreign keys on.
            connection.execute(sa.text("PRAGMA foreign_keys = OFF"))
            connection.commit()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        ensure_triggers(connection)
        connection.commit()
    store.close()


def require_current(store: Store) -> None:
    """Raises StoreUnavailable when the store has no tables, older tables, or tables of a newer program."""
    version = schema_version(store)
    if is_current(version):
        return
    if version is None:
        raise StoreUnavailable(
            "store.not_initialised",
            f"这里还没有建库：{store.place}",
            f"there is no store here yet: {store.place}",
            Remedy("先建库", "create the store first", "anjuan init"),
        )
    raise StoreUnavailable(
        "store.other_version",
        f"数据库版本为{version}，与本程序不符：{store.place}",
        f"the store has version {version}, which this program does not know: {store.place}",
        Remedy("请使用与数据库相同或更新版本的程序", "use the program of the same or a newer version"),
    )
