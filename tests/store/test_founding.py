"""Founding a store: the promised staff, all in one piece or not at all."""

from __future__ import annotations

import os
import sqlite3
import stat
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.append_only import missing_triggers
from engine.book_store import entries_of
from engine.clock import SHANGHAI, StandingClock
from engine.errors import InputWrong, StoreUnavailable
from engine.home import DATABASE_FILE, Home, home_from, store_of
from engine.ledger import STORE_BOOK
from engine.migrating import migrate
from engine.office import Office
from engine.people_store import load_people
from engine.settings import PRACTICE, STORE_ID, setting
from engine.store import schema_version
from engine.whole_files import put_new
from workflows import founding
from workflows.founding import Founding, found
from workflows.shipped import shipped_documents

MORNING = datetime(2018, 8, 14, 9, 0, tzinfo=SHANGHAI)
EARNEST = Founding(practice=False, account="tester", clock=StandingClock(MORNING))
PRACTISED = replace(EARNEST, practice=True)

# Contract §1: name -> (unit, roles).
PROMISED = {
    "handler1": ("suzhou", {"handler"}),
    "handler2": ("suzhou", {"handler"}),
    "handler3": ("suzhou", {"handler"}),
    "handler_expired": ("suzhou", {"handler"}),
    "lead": ("suzhou", {"lead"}),
    "reviewer": ("suzhou", {"reviewer"}),
    "hearing_officer": ("suzhou", {"hearing_officer"}),
    "head": ("suzhou", {"head"}),
    "finance": ("suzhou", {"finance"}),
    "archivist": ("suzhou", {"archivist"}),
    "campaign_office": ("suzhou", {"campaign_office"}),
    "supervisor": ("suzhou", {"supervisor"}),
    "auditor": ("suzhou", {"auditor"}),
    "police": ("suzhou", {"police"}),
    "comms": ("suzhou", {"comms"}),
    "cyberspace": ("suzhou", {"cyberspace"}),
    "procurator": ("suzhou", {"procurator"}),
    "province": ("jiangsu", {"province"}),
    "county_handler1": ("kunshan", {"handler"}),
    "county_handler2": ("kunshan", {"handler"}),
    "county_lead": ("kunshan", {"lead"}),
    "county_head": ("kunshan", {"head"}),
    "county_reviewer": ("kunshan", {"reviewer"}),
    "county_clerk": ("kunshan", {"finance", "archivist", "campaign_office"}),
    "handler_reviewer": ("suzhou", {"handler", "reviewer"}),
    "handler_head": ("suzhou", {"handler", "head"}),
    "admin": ("jiangsu", {"administrator"}),
}


def test_a_practice_store_has_the_promised_staff(office: Office) -> None:
    staff = {p.name: (p.unit, set(p.role_names())) for p in office.people.persons.values()}

    assert staff == PROMISED
    assert all(unit == held_in for p in office.people.persons.values() for held_in, _ in p.roles for unit in [p.unit])
    assert office.people.person("head").email == "head@suzhou.example"


def test_the_units_of_a_practice_store_stand_in_one_tree(office: Office) -> None:
    tree = {u.id: (u.level, u.parent) for u in office.people.units.values()}

    assert tree == {
        "jiangsu": ("province", None),
        "suzhou": ("city", "jiangsu"),
        "kunshan": ("county", "suzhou"),
    }


def test_every_handler_of_a_practice_store_is_certified_and_nobody_else(office: Office) -> None:
    certified = {
        p.name: (p.certificates[0].from_on, p.certificates[0].to_on)
        for p in office.people.persons.values()
        if p.certificates
    }

    handlers = {name for name, (_, roles) in PROMISED.items() if "handler" in roles}
    assert set(certified) == handlers
    assert certified.pop("handler_expired") == (date(2000, 1, 1), date(2018, 6, 30))
    assert set(certified.values()) == {(date(2000, 1, 1), date(2099, 12, 31))}


def test_a_real_store_begins_with_one_unit_and_its_administrator(home: Home) -> None:
    found(home, EARNEST)

    with store_of(home).reading() as work:
        people = load_people(work)
        assert setting(work, PRACTICE) == "no"
        assert len(setting(work, STORE_ID) or "") == 16
    assert [p.name for p in people.persons.values()] == ["admin"]
    assert people.by_account("tester") == people.person("admin")
    assert list(people.units) == ["bureau"]


def test_the_founding_is_the_first_entry_of_the_stores_book(home: Home) -> None:
    found(home, PRACTISED)

    with store_of(home).reading() as work:
        (entry,) = entries_of(work, STORE_BOOK)
    effects = entry.said()["effects"]
    assert (entry.kind, entry.actor, entry.happened_on) == ("founded", "admin", "2018-08-14")
    assert effects["practice"] is True
    assert {(kind, id_) for kind, id_, _ in effects["documents"]} == {(d.kind, d.id) for d in shipped_documents()}


def test_a_second_founding_is_refused_and_changes_nothing(home: Home) -> None:
    found(home, PRACTISED)

    with pytest.raises(InputWrong) as caught:
        found(home, EARNEST)

    assert caught.value.code == "store.exists"
    with store_of(home).reading() as work:
        assert setting(work, PRACTICE) == "yes"
        assert len(entries_of(work, STORE_BOOK)) == 1


def test_a_rehearsed_founding_leaves_nothing(home: Home) -> None:
    found(home, PRACTISED, keep=False)

    assert not home.folder.exists()
    if home.database is not None:
        assert schema_version(store_of(home)) is None


def test_a_founding_that_fails_leaves_nothing(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(founding, "practice_staff", fail)

    with pytest.raises(OSError, match="No space"):
        found(home, replace(PRACTISED, keep_address=home.database is not None))

    assert not home.folder.exists()
    if home.database is not None:
        assert schema_version(store_of(home)) is None
    monkeypatch.undo()
    found(home, PRACTISED)


def test_a_server_with_tables_but_no_founding_is_founded(new_database: object, tmp_path: Path) -> None:
    """A process was killed between the tables and the first entry."""
    assert callable(new_database)
    home = Home(tmp_path / "home", new_database())
    store = store_of(home)
    migrate(store)

    found(home, PRACTISED)

    with store.reading() as work:
        assert setting(work, PRACTICE) == "yes"
    store.close()


@pytest.mark.parametrize("table", ["document", "procrastinate_jobs"])
def test_a_database_of_somebody_else_is_left_alone(new_database: object, tmp_path: Path, table: str) -> None:
    assert callable(new_database)
    home = Home(tmp_path / "home", new_database())
    store = store_of(home)
    with store.engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE TABLE {table} (id integer)")
        connection.exec_driver_sql(f"INSERT INTO {table} VALUES (7)")

    with pytest.raises(InputWrong) as caught:
        found(home, PRACTISED)

    assert caught.value.code == "database.not_empty"
    with store.engine.connect() as connection:
        assert connection.exec_driver_sql(f"SELECT id FROM {table}").scalar() == 7
    assert schema_version(store) is None
    assert not home.folder.exists()
    store.close()


def test_the_address_of_a_server_is_kept_in_the_home(new_database: object, tmp_path: Path) -> None:
    assert callable(new_database)
    home = Home(tmp_path / "home", new_database())

    found(home, replace(PRACTISED, keep_address=True))

    kept = home.folder / "anjuan.toml"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert home_from({"ANJUAN_HOME": str(home.folder)}) == home


def test_the_folder_and_the_file_are_for_their_owner_alone(tmp_path: Path) -> None:
    home = Home(tmp_path / "deep" / "home", None)

    found(home, EARNEST)

    assert stat.S_IMODE(home.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(home.database_file.stat().st_mode) == 0o600
    assert sorted(os.listdir(home.folder)) == [DATABASE_FILE]


def test_a_file_that_is_there_already_is_never_touched(tmp_path: Path) -> None:
    home = Home(tmp_path, None)
    home.database_file.write_bytes(b"somebody's notes")

    with pytest.raises(InputWrong) as caught:
        found(home, EARNEST)

    assert caught.value.code == "store.exists"
    assert home.database_file.read_bytes() == b"somebody's notes"


def test_whoever_is_quicker_keeps_his_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home(tmp_path / "home", None)

    def beaten(finished: Path, place: Path) -> None:
        place.write_bytes(b"another store")
        put_new(finished, place)

    monkeypatch.setattr(founding, "put_new", beaten)

    with pytest.raises(InputWrong) as caught:
        found(home, PRACTISED)

    assert caught.value.code == "store.exists"
    assert home.database_file.read_bytes() == b"another store"
    assert os.listdir(home.folder) == [DATABASE_FILE]


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "home"
    place.write_text("")

    with pytest.raises(InputWrong) as caught:
        found(Home(place, None), EARNEST)

    assert caught.value.code == "home.not_a_folder"


def test_a_server_that_does_not_answer_is_one_clear_sentence(tmp_path: Path) -> None:
    home = Home(tmp_path / "home", "postgresql://nobody:secret@127.0.0.1:1/none")

    with pytest.raises(StoreUnavailable) as caught:
        found(home, EARNEST)

    assert caught.value.code == "store.unreachable"
    assert "secret" not in caught.value.zh + caught.value.en
    assert not home.folder.exists()


def test_the_recorded_instant_is_the_clocks(home: Home) -> None:
    clock = StandingClock(MORNING.astimezone(SHANGHAI))
    found(home, replace(PRACTISED, clock=clock))

    with store_of(home).reading() as work:
        (entry,) = entries_of(work, STORE_BOOK)
    assert entry.recorded_at == "2018-08-14T01:00:00.000000+00:00"


def test_the_triggers_are_there(home: Home) -> None:
    found(home, EARNEST)

    with store_of(home).engine.connect() as connection:
        assert missing_triggers(connection) == ()
        with pytest.raises((sa.exc.DBAPIError, sqlite3.Error), match="append-only"):
            connection.exec_driver_sql("DELETE FROM entry")
