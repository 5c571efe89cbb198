"""Founds a store: tables, rules, units, staff and the first entry of its book, all of it or nothing.

A store in a file is built beside its place and moved there when it is finished, so that a process killed meanwhile
leaves no half store behind.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from engine.book_store import append
from engine.clock import Clock, legal_day
from engine.credential_store import give
from engine.credentials import hashed_code, new_code
from engine.documents import documents_in_force
from engine.errors import CaseChangedMeanwhile, InputWrong, Remedy
from engine.home import SETTINGS_FILE, Home, keep_database, store_of
from engine.ledger import STORE_BOOK, Said
from engine.migrating import migrate
from engine.office import law_from
from engine.password_hashing import Argon2, Hasher
from engine.people import ADMINISTRATOR, People, Person, Unit
from engine.people_store import add_person, add_unit
from engine.queue_tables import drop_queue, queue_tables
from engine.settings import PRACTICE, STORE_ID, put_setting, setting
from engine.store import Store, Work, schema_version, sqlite_store
from engine.store_faults import translated
from engine.whole_files import beside, put_new
from workflows.certificate_reminders import plan_certificates
from workflows.practice_staff import practice_staff
from workflows.shipped import install

ADMIN = "admin"
FOUNDER = "founder"
# The one unit of a real store until more are added; the office renames nothing, it adds its units below.
FIRST_UNIT = Unit("bureau", "本单位", "city", None)


@dataclass(frozen=True)
class Founding:
    """What is to be founded: for practice or in earnest, by which account of the operating system, at what time."""

    practice: bool
    account: str
    clock: Clock
    keep_address: bool = False  # remember the database address in the home
    hasher: Hasher = field(default_factory=Argon2)
    # By which the administrator of a real store signs in for the first time; kept nowhere else.
    code: str = field(default_factory=new_code, repr=False)


def found(home: Home, founding: Founding, *, keep: bool = True) -> None:
    """Found a store in the home; with `keep=False` only show that it could be done.

    Raises InputWrong (`store.exists`) where there is one, StoreUnavailable and OSError where the place does not
    allow it; then nothing is left behind.
    """
    refuse_existing(home)
    with _left_as_it_was(home, keep=keep):
        _make_folder(home.folder)
        if home.database is None:
            _found_in_file(home, founding, keep=keep)
        else:
            _found_on_server(home, founding, keep=keep)


def refuse_existing(home: Home) -> None:
    """Raises InputWrong when the home, or the database it names, holds a store already."""
    if home.database_file.exists():
        raise _exists(str(home.database_file))
    if home.database is not None:
        server = store_of(home)
        try:
            if _is_founded(server):
                raise _exists(server.place)
        finally:
            server.close()


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (NotADirectoryError, FileExistsError, FileNotFoundError) as e:
        raise InputWrong(
            "home.not_a_folder",
            f"“{folder}”不能用作案卷库的文件夹",
            f"{folder} cannot be the folder of a store",
            Remedy("请用ANJUAN_HOME指定另一文件夹", "name another folder with ANJUAN_HOME"),
        ) from e


def _found_in_file(home: Home, founding: Founding, *, keep: bool) -> None:
    building = beside(home.database_file)
    store = sqlite_store(building)
    store.place = str(home.database_file)
    try:
        os.close(os.open(building, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        migrate(store)
        with store.writing() as work:
            _fill(work, founding)
        store.close()  # the last connection folds the log into the file
        if keep:
            put_new(building, home.database_file)
    except FileExistsError as e:
        raise _exists(str(home.database_file)) from e
    finally:
        store.close()
        for leftover in (building, *(Path(f"{building}{end}") for end in ("-wal", "-shm", "-journal"))):
            leftover.unlink(missing_ok=True)


def _found_on_server(home: Home, founding: Founding, *, keep: bool) -> None:
    store = store_of(home)
    made = False
    try:
        is_empty = schema_version(store) is None
        if is_empty:
            _require_room(store)
        migrate(store)
        made = is_empty
        with store.writing(keep=keep) as work:
            _fill(work, founding)
            if founding.keep_address and keep:
                keep_database(home)
    except CaseChangedMeanwhile as e:
        raise _exists(store.place) from e
    finally:
        if made and not _is_founded(store):
            _drop_tables(store)
        store.close()


def _fill(work: Work, founding: Founding) -> None:
    now = founding.clock.now()
    store_id = secrets.token_hex(8)
    for name, value in (
        (STORE_ID, store_id),
        (PRACTICE, "yes" if founding.practice else "no"),
        (FOUNDER, founding.account),
    ):
        put_setting(work, name, value)
    install(work, author=ADMIN, at=now)
    units, persons = practice_staff() if founding.practice else ((FIRST_UNIT,), ())
    known = People((), ())
    for unit in units:
        add_unit(work, unit, known)
        known = People((*known.units.values(), unit), ())
    persons = (_administrator(units[0], founding.account), *persons)
    for person in persons:
        add_person(work, person, known)
    documents = documents_in_force(work)
    plan_certificates(work, persons, law_from(documents.values()), legal_day(now))
    if not founding.practice:
        give(work, ADMIN, hashed_code(founding.hasher, founding.code), now, is_code=True)
    effects: dict[str, Any] = {
        "store_id": store_id,
        "practice": founding.practice,
        "account": founding.account,
        "units": [vars(unit) for unit in units],
        "staff": [person_effect(person) for person in persons],
        "documents": [[kind, id_, d.hash] for (kind, id_), d in sorted(documents.items())],
    }
    append(
        work,
        Said(STORE_BOOK, "founded", ADMIN, legal_day(now).isoformat(), now, role=ADMINISTRATOR, effects=effects),
    )


def person_effect(person: Person) -> dict[str, Any]:
    """Somebody's roles and certificates as the record tells them."""
    return {
        "name": person.name,
        "zh": person.zh,
        "unit": person.unit,
        "roles": [[unit, role] for unit, role in sorted(person.roles)],
        "certificates": [[c.number, c.from_on.isoformat(), c.to_on.isoformat()] for c in person.certificates],
        "email": person.email,
        "account": person.account,
    }


def _administrator(root: Unit, account: str) -> Person:
    """In the root unit, so that he sees all."""
    email = f"{ADMIN}@{root.id}.example"
    return Person(ADMIN, "管理员", root.id, frozenset({(root.id, ADMINISTRATOR)}), (), email, account)


def _is_founded(store: Store) -> bool:
    if schema_version(store) is None:
        return False
    with store.reading() as work:
        return setting(work, STORE_ID) is not None


def _require_room(store: Store) -> None:
    """Raises InputWrong when the database holds tables of others under our names."""
    with translated(store.place), store.engine.connect() as connection:
        ours = set(sa.inspect(connection).get_table_names()) & set(SQLModel.metadata.tables)
        foreign = sorted({*ours, *queue_tables(connection)})
    if foreign:
        names = ", ".join(foreign[:3])
        raise InputWrong(
            "database.not_empty",
            f"该数据库已有其他程序的同名表（{names}），未作任何改动：{store.place}",
            f"the database holds tables of something else ({names}), nothing was changed: {store.place}",
            Remedy("请另建一个空的数据库", "create an empty database for this store"),
        )


def _drop_tables(store: Store) -> None:
    with store.engine.begin() as connection:
        SQLModel.metadata.drop_all(connection)
        drop_queue(connection)
        connection.execute(sa.text("DROP TABLE IF EXISTS alembic_version"))
        connection.execute(sa.text("DROP FUNCTION IF EXISTS anjuan_append_only()"))


@contextlib.contextmanager
def _left_as_it_was(home: Home, *, keep: bool) -> Iterator[None]:
    """After a failure, or when nothing is to be kept, removes the folders and the settings file that came to be."""
    made = [folder for folder in (home.folder, *home.folder.parents) if not folder.exists()]
    settings = home.folder / SETTINGS_FILE
    had_settings = settings.exists()
    done = False
    try:
        yield
        done = True
    finally:
        if not (done and keep):
            if not had_settings:
                with contextlib.suppress(OSError):
                    settings.unlink()
            for folder in made:
                with contextlib.suppress(OSError):
                    folder.rmdir()


def _exists(place: str) -> InputWrong:
    return InputWrong(
        "store.exists",
        f"这里已有案卷库，未作任何改动：{place}",
        f"there is a store here already, nothing was changed: {place}",
        Remedy(
            "直接使用，或用ANJUAN_HOME指定另一文件夹",
            "use it, or name another folder with ANJUAN_HOME",
            "anjuan doctor",
        ),
    )
