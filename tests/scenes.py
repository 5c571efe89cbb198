"""Offices to work in, on either database; a test module takes them with `pytest_plugins`."""

from __future__ import annotations

import functools
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from builders import CAMPAIGN, Scene, found_for_practice, scene_in

from engine.home import Home


@pytest.fixture(params=["sqlite", "postgres"])
def scene(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scene]:
    """A practice office with the campaign loaded, before anything has happened in it."""
    database = _copied(request.getfixturevalue("server")) if request.param == "postgres" else None
    made = scene_in(Home(tmp_path / "home", database))
    yield made
    made.office.store.close()
    if database is not None:
        _dropped(request.getfixturevalue("server"), database)


def _copied(server: str) -> str:
    name = f"anjuan_{secrets.token_hex(6)}"
    _admin(server, f'CREATE DATABASE "{name}" TEMPLATE "{_template_on(server)}"')
    return sa.make_url(server).set(database=name).render_as_string(hide_password=False)


def _dropped(server: str, database: str) -> None:
    """A test leaves nothing behind: taking away a thousand databases at the end takes minutes."""
    _admin(server, f'DROP DATABASE IF EXISTS "{sa.make_url(database).database}" WITH (FORCE)')


@functools.cache
def _template_on(server: str) -> str:
    """A founded database on the server, made once; copying it is quicker than founding another."""
    name = f"template_{CAMPAIGN.replace('-', '_')}"
    _admin(server, f'CREATE DATABASE "{name}"')
    address = sa.make_url(server).set(database=name).render_as_string(hide_password=False)
    with tempfile.TemporaryDirectory() as folder:
        found_for_practice(Home(Path(folder) / "home", address))
    return name


def _admin(server: str, statement: str) -> None:
    engine = sa.create_engine(
        sa.make_url(server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool
    )
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
