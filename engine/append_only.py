"""The triggers that refuse to change or delete what is on record: re-created after a migration, checked by `doctor`.

On SQLite `INSERT OR REPLACE` fires no delete trigger, so an insert on an existing key is refused as well; on
PostgreSQL TRUNCATE is refused too.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from engine.tables import APPEND_ONLY

_KEYS = {
    "entry": "book = NEW.book AND seq = NEW.seq",
    "tally": "book = NEW.book AND seq = NEW.seq AND campaign = NEW.campaign AND measure = NEW.measure "
    "AND category = NEW.category AND period = NEW.period",
    "anchor": "seq = NEW.seq",
    "document": "kind = NEW.kind AND id = NEW.id AND hash = NEW.hash",
}
_EVENTS = ("update", "delete", "insert")


def ensure_triggers(connection: Connection) -> None:
    """Drop and create every trigger. To be called after any migration: a rebuilt table loses them."""
    for statement in _statements(connection.dialect.name):
        connection.execute(text(statement))


def missing_triggers(connection: Connection) -> tuple[str, ...]:
    """Names of triggers that should be there and are not, sorted."""
    if connection.dialect.name == "sqlite":
        found = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    else:
        found = connection.execute(text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"))
    there = {row[0] for row in found}
    return tuple(sorted(name for name in _names(connection.dialect.name) if name not in there))


def _names(dialect: str) -> list[str]:
    if dialect == "sqlite":
        return [f"{table}_no_{event}" for table in APPEND_ONLY for event in _EVENTS]
    return [f"{table}_no_{event}" for table in APPEND_ONLY for event in ("change", "truncate")]


def _statements(dialect: str) -> list[str]:
    return _sqlite() if dialect == "sqlite" else _postgresql()


def _sqlite() -> list[str]:
    statements = []
    for table in APPEND_ONLY:
        for event in _EVENTS:
            name = f"{table}_no_{event}"
            when = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {_KEYS[table]}) " if event == "insert" else ""
            statements += [
                f"DROP TRIGGER IF EXISTS {name}",
                f"CREATE TRIGGER {name} BEFORE {event.upper()} ON {table} {when}"
                f"BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END",
            ]
    return statements


def _postgresql() -> list[str]:
    statements = [
        "CREATE OR REPLACE FUNCTION anjuan_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME; END $$"
    ]
    for table in APPEND_ONLY:
        statements += [
            f"DROP TRIGGER IF EXISTS {table}_no_change ON {table}",
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION anjuan_append_only()",
            f"DROP TRIGGER IF EXISTS {table}_no_truncate ON {table}",
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION anjuan_append_only()",
        ]
    return statements
