"""The tables that the program declares are those that its migrations make, with the triggers that guard them."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import engine
from engine import tables
from engine.append_only import missing_triggers
from engine.migrating import migrate
from engine.store import Store, schema_version

METADATA = tables.SQLModel.metadata


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Procrastinate's tables on PostgreSQL are its own affair."""
    return kind != "table" or not str(name).startswith("procrastinate_")


def test_migrations_make_the_tables_that_are_declared(store: Store) -> None:
    with store.engine.connect() as connection:
        opts = {"compare_type": True, "compare_server_default": True, "include_name": is_ours}
        context = MigrationContext.configure(connection, opts=opts)
        differences = compare_metadata(context, METADATA)

    assert differences == []


def test_migrations_make_the_primary_keys_that_are_declared(store: Store) -> None:
    inspector = sa.inspect(store.engine)

    made = {name: inspector.get_pk_constraint(name)["constrained_columns"] for name in METADATA.tables}

    assert made == {name: [c.name for c in table.primary_key] for name, table in METADATA.tables.items()}


def test_every_trigger_stands_after_a_migration(store: Store) -> None:
    with store.engine.connect() as connection:
        missing = missing_triggers(connection)

    assert missing == ()


def test_a_migration_puts_back_a_trigger_that_was_dropped(store: Store) -> None:
    on = " ON entry" if store.dialect == "postgresql" else ""
    name = "entry_no_change" if store.dialect == "postgresql" else "entry_no_update"
    with store.engine.begin() as connection:
        connection.execute(sa.text(f"DROP TRIGGER {name}{on}"))
        gone = missing_triggers(connection)

    migrate(store)

    with store.engine.connect() as connection:
        assert (gone, missing_triggers(connection)) == ((name,), ())


def test_the_version_that_the_program_expects_is_that_of_the_last_migration(store: Store) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(engine.__file__).parent.parent / "migrations"))
    scripts = ScriptDirectory.from_config(config)

    assert scripts.get_heads() == [tables.SCHEMA_VERSION]
    assert schema_version(store) == tables.SCHEMA_VERSION
