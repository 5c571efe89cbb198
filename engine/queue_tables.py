"""What Procrastinate keeps in a PostgreSQL database: found before a founding, taken away after one that failed."""

from __future__ import annotations

import sqlalchemy as sa

# Everything of Procrastinate's begins like this: tables, functions and types.
PREFIX = "procrastinate_"


def queue_tables(connection: sa.Connection) -> list[str]:
    """The names of its tables there; none on SQLite."""
    return [name for name in sa.inspect(connection).get_table_names() if name.startswith(PREFIX)]


def drop_queue(connection: sa.Connection) -> None:
    """Take away its tables, functions and types, where the database has any."""
    if connection.dialect.name != "postgresql":
        return
    for table in queue_tables(connection):
        connection.execute(sa.text(f'DROP TABLE "{table}" CASCADE'))
    for statement in connection.scalars(_DROPS, {"names": f"{PREFIX}%"}).all():
        connection.execute(sa.text(statement))


_DROPS = sa.text(
    """
    SELECT 'DROP FUNCTION ' || oid::regprocedure || ' CASCADE' FROM pg_proc
    WHERE proname LIKE :names AND pronamespace = current_schema()::regnamespace
    UNION ALL
    SELECT 'DROP TYPE ' || oid::regtype || ' CASCADE' FROM pg_type
    WHERE typname LIKE :names AND typnamespace = current_schema()::regnamespace AND typtype IN ('c', 'e')
    """
)
