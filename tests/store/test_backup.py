"""A backup is one SQLite file of the whole store, verified before it is kept; a damaged one is not kept."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from pathlib import Path

import pytest

from engine.backup import back_up
from engine.book_store import entries_of, write_anchor
from engine.casework import open_case
from engine.errors import InputWrong, NotFound, StoreUnavailable
from engine.ledger import case_book
from engine.office import Office
from engine.orders import OpenCase
from engine.snapshot import snapshot
from engine.store import sqlite_store
from engine.verifying import verify_store

ANSWERS = {"title": "测试影视站", "source": "report", "respondent": "某公司", "respondent_kind": "unit"}


@pytest.fixture
def worked(office: Office) -> Office:
    with office.store.writing() as work:
        open_case(office, work, OpenCase("case", "handler1", ANSWERS))
    with office.store.writing() as work:
        write_anchor(work, office.clock.now())
    return office


def test_a_backup_holds_everything_and_stands_alone(worked: Office, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"

    done = back_up(worked.store, file)

    assert (done.cases, done.entries) == (1, 4)
    assert done.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["backup.db", "home"]
    copy = sqlite_store(file)
    with worked.store.reading() as work, copy.reading() as copied:
        book = case_book("suzhou-2018-0001")
        assert entries_of(copied, book) == entries_of(work, book)
    with snapshot(copy) as copied:
        assert verify_store(copied).ok
    copy.close()


def test_a_backup_overwrites_nothing(worked: Office, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"
    file.write_text("older")

    with pytest.raises(InputWrong) as caught:
        back_up(worked.store, file)

    assert caught.value.code == "file.exists"
    assert file.read_text() == "older"


def test_a_backup_needs_its_folder(worked: Office, tmp_path: Path) -> None:
    with pytest.raises(NotFound) as caught:
        back_up(worked.store, tmp_path / "nowhere" / "backup.db")

    assert caught.value.code == "folder.missing"


def test_a_rehearsed_backup_leaves_no_file(worked: Office, tmp_path: Path) -> None:
    done = back_up(worked.store, tmp_path / "backup.db", keep=False)

    assert done.entries == 4
    assert os.listdir(tmp_path) == ["home"]


def test_a_backup_of_a_damaged_store_is_not_kept(worked: Office, tmp_path: Path) -> None:
    with worked.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE case_file SET version = 9")

    with pytest.raises(StoreUnavailable) as caught:
        back_up(worked.store, tmp_path / "backup.db")

    assert caught.value.code == "backup.damaged"
    assert "case:suzhou-2018-0001" in caught.value.en
    assert os.listdir(tmp_path) == ["home"]


def test_the_copy_has_the_triggers_too(worked: Office, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"
    back_up(worked.store, file)

    with sqlite3.connect(file) as raw, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        raw.execute("DELETE FROM entry")
