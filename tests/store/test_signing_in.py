"""Signing in: what proves somebody, what locks, how long a session holds, and what the record says of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from engine.backup import back_up
from engine.book_store import entries_of
from engine.clock import StandingClock
from engine.credential_store import CREDENTIAL, credential_of, give
from engine.credentials import hashed_code
from engine.errors import Forbidden, InputWrong, StoreUnavailable
from engine.ledger import STORE_BOOK, Entry
from engine.office import Office
from engine.password_hashing import Argon2
from engine.people_store import STAFF
from engine.sessions import SESSION, new_token
from engine.settings import STORE_ID, setting
from engine.snapshot import snapshot
from engine.store import sqlite_store
from engine.token_files import keep_token, token_file
from engine.verifying import verify_store
from workflows.code_giving import give_code, require_may_give
from workflows.signing_in import change_password, prove, require_password, seen, sign_in, sign_out

CHEAP = Argon2(rounds=1, memory_kib=8, lanes=1)
PASSWORD = "correct horse battery"
OTHER = "another horse, another battery"
CODE = "ABCD-EFGH-JKMN-PQRS"
HEAD = "head"


class Spy:
    """A cheap hasher that counts how often it did the slow work."""

    def __init__(self) -> None:
        self.worked = 0

    def hash(self, secret: str) -> str:
        self.worked += 1
        return CHEAP.hash(secret)

    def proves(self, hash_: str, secret: str) -> bool:
        self.worked += 1
        return CHEAP.proves(hash_, secret)

    def is_outdated(self, hash_: str) -> bool:
        return CHEAP.is_outdated(hash_)


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of this account of the operating system, for this test alone."""
    for name in ("XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture
def desk(office: Office) -> Office:
    """The practice office, in which the head has a password and handler1 a one-time code."""
    with office.store.writing() as work:
        give(work, HEAD, CHEAP.hash(PASSWORD), office.clock.now(), is_code=False)
        give(work, "handler1", hashed_code(CHEAP, CODE), office.clock.now(), is_code=True)
    return office


def later(office: Office, **by: float) -> None:
    assert isinstance(office.clock, StandingClock)
    office.clock.move_to(office.clock.now() + timedelta(**by))


def code_of(attempt: Callable[[], Any]) -> str:
    """What the attempt is refused with; empty where it went through."""
    try:
        attempt()
    except (Forbidden, InputWrong, StoreUnavailable) as refused:
        return refused.code
    return ""


def tries(office: Office, secret: str, name: str = HEAD, **how: Any) -> str:
    return code_of(lambda: prove(office, CHEAP, name, secret, **how))


def failed(office: Office, name: str = HEAD) -> int:
    with office.store.reading() as work:
        held = credential_of(work, name)
    assert held is not None
    return held.failed


def signed_in(office: Office, name: str = HEAD, password: str = PASSWORD) -> None:
    sign_in(office, CHEAP, prove(office, CHEAP, name, password), None)


def who(office: Office) -> str | None:
    found = seen(office)
    return found.session.name if found and found.live and found.session else None


def rows(office: Office, table: Any) -> list[Any]:
    with office.store.reading() as work:
        return list(work.connection.execute(sa.select(table)).mappings())


def said(office: Office, kind: str) -> list[Entry]:
    with office.store.reading() as work:
        return [entry for entry in entries_of(work, STORE_BOOK) if entry.kind == kind]


def token_of(office: Office) -> Path:
    with office.store.reading() as work:
        file = token_file(setting(work, STORE_ID) or "")
    assert file is not None
    return file


# --- proving ----------------------------------------------------------------------------------------------------------


def test_the_right_password_proves_and_forgets_the_wrong_tries(desk: Office) -> None:
    assert [tries(desk, "wrong") for _ in range(4)] == ["login.wrong"] * 4
    assert failed(desk) == 4

    assert tries(desk, PASSWORD) == ""
    assert failed(desk) == 0


@pytest.mark.parametrize("name", ["nobody", "HEAD", "head ", "", "ｈｅａｄ", "handler2", "x" * 10_000])
def test_a_name_that_proves_nothing_is_answered_as_a_wrong_password_is_and_takes_as_long(
    desk: Office, name: str
) -> None:
    spy, other = Spy(), Spy()

    with pytest.raises(Forbidden) as unknown:
        prove(desk, spy, name, PASSWORD)
    with pytest.raises(Forbidden) as wrong:
        prove(desk, other, HEAD, "wrong")

    assert (unknown.value.args, spy.worked) == (wrong.value.args, other.worked)
    assert failed(desk) == 1, "a try under another name was counted against the head"


@pytest.mark.parametrize(
    ("secret", "code"),
    [("", "password.empty"), ("a" * 10_000, "password.long"), ("'; DROP TABLE staff", "login.wrong")],
)
def test_a_password_that_cannot_be_one_costs_no_try(desk: Office, secret: str, code: str) -> None:
    assert tries(desk, secret) == tries(desk, secret, "nobody") == code
    assert failed(desk) == (code == "login.wrong")


def test_five_wrong_tries_lock_also_the_right_one_until_a_quarter_of_an_hour_has_passed(desk: Office) -> None:
    for _ in range(5):
        tries(desk, "wrong")

    with pytest.raises(Forbidden) as caught:
        prove(desk, CHEAP, HEAD, PASSWORD)
    assert caught.value.code == "login.locked"
    assert "2018-08-14 09:15:00" in caught.value.zh
    assert "2018-08-14 09:15:00" in caught.value.en
    later(desk, minutes=15, microseconds=-1)
    assert tries(desk, PASSWORD) == "login.locked"
    later(desk, microseconds=1)
    assert tries(desk, PASSWORD) == ""


def test_after_a_lock_every_further_wrong_try_locks_again(desk: Office) -> None:
    for _ in range(5):
        tries(desk, "wrong")
    later(desk, minutes=15)

    assert [tries(desk, "wrong"), tries(desk, PASSWORD)] == ["login.wrong", "login.locked"]
    assert failed(desk) == 6


def test_a_clock_that_goes_back_opens_no_lock(desk: Office) -> None:
    for _ in range(5):
        tries(desk, "wrong")

    later(desk, days=-400)

    assert tries(desk, PASSWORD) == "login.locked"


def test_many_tries_at_once_are_not_more_than_one_after_another(desk: Office) -> None:
    together = threading.Barrier(8)
    found: list[str] = []

    def guess() -> None:
        mine = Office(desk.store, desk.clock, practice=True)
        together.wait(timeout=30)
        found.append(code_of(lambda: prove(mine, CHEAP, HEAD, "wrong")))

    guessers = [threading.Thread(target=guess) for _ in range(8)]
    for guesser in guessers:
        guesser.start()
    for guesser in guessers:
        guesser.join(timeout=60)

    assert sorted(found) == ["login.locked"] * 3 + ["login.wrong"] * 5
    assert failed(desk) == 5


def test_a_lock_stands_on_record_and_the_record_verifies(desk: Office) -> None:
    for _ in range(4):
        tries(desk, "wrong")
    assert said(desk, "login") == []

    tries(desk, "wrong")
    tries(desk, PASSWORD)

    (entry,) = said(desk, "login")
    assert entry.said()["effects"] == {
        "act": "locked",
        "name": HEAD,
        "failed": 5,
        "until": "2018-08-14T09:15:00+08:00",
    }
    with snapshot(desk.store) as work:
        assert verify_store(work).ok


def test_signing_in_leaves_no_entry(desk: Office) -> None:
    before = len(said(desk, "login") + said(desk, "password"))

    signed_in(desk)
    sign_out(desk)

    assert len(said(desk, "login") + said(desk, "password")) == before


def test_whoever_has_left_is_answered_as_a_stranger(desk: Office) -> None:
    leave(desk, HEAD, date(2018, 8, 13))

    assert tries(desk, PASSWORD) == "login.wrong"


def test_on_his_last_day_he_still_signs_in(desk: Office) -> None:
    leave(desk, HEAD, date(2018, 8, 14))

    assert tries(desk, PASSWORD) == ""


def leave(office: Office, name: str, on: date) -> None:
    """Write the last day into the staff list, and have the office read it anew."""
    with office.store.writing() as work:
        work.connection.execute(sa.update(STAFF).where(STAFF.c.name == name).values(left_on=on.isoformat()))
    with office.store.reading() as work:
        office.refresh(work, "read it again")


def test_a_hash_of_another_cost_is_made_anew_when_it_was_proved(desk: Office) -> None:
    dearer = Argon2(rounds=2, memory_kib=16, lanes=1)

    proved = prove(desk, dearer, HEAD, PASSWORD)

    (kept,) = [row["hash"] for row in rows(desk, CREDENTIAL) if row["name"] == HEAD]
    assert kept == proved.hash
    assert not dearer.is_outdated(kept)
    assert tries(desk, PASSWORD) == ""


def test_the_store_holds_neither_password_nor_code_nor_token(desk: Office) -> None:
    signed_in(desk)
    token = token_of(desk).read_text().strip()

    held = str(rows(desk, CREDENTIAL) + rows(desk, SESSION) + [e.body for e in said(desk, "password")])

    assert all(secret not in held for secret in (PASSWORD, CODE, CODE.replace("-", ""), token))


# --- one-time codes ---------------------------------------------------------------------------------------------------


def test_a_code_is_good_for_one_sign_in_in_which_a_password_takes_its_place(desk: Office) -> None:
    proved = prove(desk, CHEAP, "handler1", CODE.lower().replace("-", " "), as_code=True)
    sign_in(desk, CHEAP, proved, OTHER)

    assert who(desk) == "handler1"
    assert tries(desk, CODE, "handler1") == "login.wrong"
    assert tries(desk, OTHER, "handler1") == ""
    assert [entry.said()["effects"] for entry in said(desk, "password")] == [{"act": "set", "name": "handler1"}]


@pytest.mark.parametrize(("chosen", "code"), [("", "password.empty"), ("short", "password.short")])
def test_a_password_that_cannot_be_taken_leaves_the_code_as_it_was(desk: Office, chosen: str, code: str) -> None:
    proved = prove(desk, CHEAP, "handler1", CODE)

    assert code_of(lambda: sign_in(desk, CHEAP, proved, chosen)) == code
    assert who(desk) is None
    assert tries(desk, CODE, "handler1", as_code=True) == ""


def test_two_who_use_one_code_at_once_do_not_both_get_in(desk: Office) -> None:
    first, second = (prove(desk, CHEAP, "handler1", CODE) for _ in range(2))

    sign_in(desk, CHEAP, first, OTHER)

    assert code_of(lambda: sign_in(desk, CHEAP, second, PASSWORD)) == "login.wrong"
    assert tries(desk, OTHER, "handler1") == ""


def test_a_password_is_not_taken_for_a_code(desk: Office) -> None:
    assert tries(desk, PASSWORD, as_code=True) == "login.wrong"
    assert failed(desk) == 1


@pytest.mark.parametrize(
    ("by", "to", "code"),
    [
        ("admin", "handler2", ""),
        ("admin", "county_handler1", ""),
        ("head", "handler2", ""),
        ("head", "admin", "command.forbidden"),
        ("head", "county_handler1", "command.forbidden"),
        ("county_head", "handler2", "command.forbidden"),
        ("lead", "handler2", "command.forbidden"),
        ("handler2", "handler2", "command.forbidden"),
        ("head", "head", "code.own"),
        ("admin", "admin", ""),
    ],
)
def test_the_administrator_and_the_head_of_the_unit_give_codes(desk: Office, by: str, to: str, code: str) -> None:
    actor, person = desk.people.person(by), desk.people.person(to)

    with desk.store.reading() as work:
        assert code_of(lambda: require_may_give(desk, work, actor, person)) == code


def test_nobody_who_has_left_gets_a_code(desk: Office) -> None:
    leave(desk, "handler2", date(2018, 8, 13))

    with desk.store.reading() as work:
        refused = code_of(
            lambda: require_may_give(desk, work, desk.people.person("admin"), desk.people.person("handler2"))
        )

    assert refused == "person.left"


def test_a_new_code_ends_password_lock_and_sessions_and_stands_on_record(desk: Office) -> None:
    signed_in(desk)
    for _ in range(5):
        tries(desk, "wrong")

    with desk.store.writing() as work:
        admin, head = desk.people.person("admin"), desk.people.person(HEAD)
        give_code(desk, work, admin, head, hashed_code(CHEAP, CODE))

    assert who(desk) is None
    assert tries(desk, PASSWORD) == "login.wrong"
    assert tries(desk, CODE) == ""
    (entry,) = said(desk, "password")
    assert (entry.actor, entry.said()["effects"]) == ("admin", {"act": "code", "name": HEAD})
    with snapshot(desk.store) as work:
        assert verify_store(work).ok


@pytest.mark.parametrize(
    ("name", "remedy"),
    [("handler1", "anjuan login handler1 --code CODE"), ("handler2", "anjuan staff code handler2")],
)
def test_without_a_password_nothing_that_asks_for_one_can_be_done(desk: Office, name: str, remedy: str) -> None:
    with pytest.raises(Forbidden) as caught:
        require_password(desk, desk.people.person(name))

    assert caught.value.code == "password.unset"
    assert caught.value.remedy is not None
    assert caught.value.remedy.command == remedy


def test_whoever_has_a_password_can_be_asked_for_it(desk: Office) -> None:
    require_password(desk, desk.people.person(HEAD))


# --- sessions ---------------------------------------------------------------------------------------------------------


def test_whoever_signed_in_last_acts_and_the_one_before_is_signed_out(desk: Office) -> None:
    sign_in(desk, CHEAP, prove(desk, CHEAP, "handler1", CODE), OTHER)
    signed_in(desk)

    assert who(desk) == HEAD
    assert [row["name"] for row in rows(desk, SESSION)] == [HEAD]


def test_a_session_ends_after_thirty_idle_minutes(desk: Office) -> None:
    signed_in(desk)
    for _ in range(3):
        later(desk, minutes=29)
        assert who(desk) == HEAD

    later(desk, minutes=30)

    ended = seen(desk)
    assert ended is not None
    assert (ended.live, ended.session and ended.session.name) == (False, HEAD)


def test_being_seen_is_written_at_most_once_a_minute(desk: Office) -> None:
    signed_in(desk)
    began = rows(desk, SESSION)[0]["last_at"]

    later(desk, seconds=59)
    assert who(desk) == HEAD
    assert rows(desk, SESSION)[0]["last_at"] == began
    later(desk, seconds=1)
    assert who(desk) == HEAD
    assert rows(desk, SESSION)[0]["last_at"] > began


def test_somebody_works_on_where_being_seen_cannot_be_written(desk: Office) -> None:
    signed_in(desk)
    later(desk, minutes=5)
    if desk.store.dialect == "sqlite":
        refuse = [
            "CREATE TRIGGER full_ BEFORE UPDATE ON session BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        ]
    else:
        refuse = [
            "CREATE FUNCTION full_() RETURNS trigger AS "
            "$$ BEGIN RAISE EXCEPTION USING ERRCODE = '53100'; END $$ LANGUAGE plpgsql",
            "CREATE TRIGGER full_ BEFORE UPDATE ON session FOR EACH ROW EXECUTE FUNCTION full_()",
        ]
    with desk.store.writing() as work:
        for statement in refuse:
            work.connection.exec_driver_sql(statement)

    assert who(desk) == HEAD


@pytest.mark.parametrize("content", [b"", b"\x00\xff" * 5000, b"x", "案卷".encode()])
def test_a_token_that_was_tampered_with_is_nobodys(desk: Office, content: bytes) -> None:
    signed_in(desk)
    token_of(desk).write_bytes(content)

    found = seen(desk)

    assert found is not None
    assert (found.session, found.live) == (None, False)


def test_the_token_of_another_store_opens_nothing(desk: Office) -> None:
    keep_token(token_of(desk), new_token())

    found = seen(desk)

    assert found is not None
    assert not found.live


def test_what_only_the_hash_of_a_token_knows_opens_nothing(desk: Office) -> None:
    """Whoever reads the database does not get in with what he reads."""
    signed_in(desk)
    token_of(desk).write_text(rows(desk, SESSION)[0]["token_hash"])

    found = seen(desk)

    assert found is not None
    assert not found.live


def test_signing_out_ends_the_session_and_takes_the_token_away(desk: Office) -> None:
    signed_in(desk)

    ended = sign_out(desk)

    assert ended is not None
    assert ended.name == HEAD
    assert rows(desk, SESSION) == []
    assert not token_of(desk).exists()
    assert sign_out(desk) is None


def test_a_rehearsal_keeps_everything_as_it_was(desk: Office) -> None:
    proved = prove(desk, CHEAP, "handler1", CODE)
    sign_in(desk, CHEAP, proved, OTHER, keep=False)
    assert (who(desk), rows(desk, SESSION)) == (None, [])
    assert tries(desk, CODE, "handler1") == ""

    signed_in(desk)
    sign_out(desk, keep=False)
    assert who(desk) == HEAD


def test_where_the_token_cannot_be_kept_nobody_is_signed_in_and_the_code_stays(desk: Office, state: Path) -> None:
    state.write_text("a file in the place of the folder")
    proved = prove(desk, CHEAP, "handler1", CODE)

    assert code_of(lambda: sign_in(desk, CHEAP, proved, OTHER)) == "session.unwritable"

    assert rows(desk, SESSION) == []
    assert tries(desk, CODE, "handler1") == ""
    assert seen(desk) is None


def test_a_new_password_ends_the_sessions_elsewhere_and_keeps_ones_own(desk: Office) -> None:
    signed_in(desk)
    elsewhere = token_of(desk).read_bytes()
    token_of(desk).unlink()
    signed_in(desk)
    here = seen(desk)
    assert here is not None
    assert len(rows(desk, SESSION)) == 2

    change_password(desk, CHEAP, prove(desk, CHEAP, HEAD, PASSWORD), OTHER, here.session)

    assert who(desk) == HEAD
    token_of(desk).write_bytes(elsewhere)
    assert who(desk) is None
    assert (tries(desk, PASSWORD), tries(desk, OTHER)) == ("login.wrong", "")
    assert [entry.said()["effects"] for entry in said(desk, "password")] == [{"act": "set", "name": HEAD}]


def test_a_password_that_was_changed_meanwhile_is_not_changed_again(desk: Office) -> None:
    stale = prove(desk, CHEAP, HEAD, PASSWORD)
    change_password(desk, CHEAP, prove(desk, CHEAP, HEAD, PASSWORD), OTHER, None)

    assert code_of(lambda: change_password(desk, CHEAP, stale, "a third horse", None)) == "login.wrong"
    assert tries(desk, OTHER) == ""


def test_sessions_that_ended_by_themselves_are_cleared_away_at_the_next_sign_in(desk: Office) -> None:
    signed_in(desk)
    token_of(desk).unlink()
    later(desk, minutes=30)

    signed_in(desk)

    assert len(rows(desk, SESSION)) == 1


def test_nobody_is_signed_in_in_a_backup(desk: Office, tmp_path: Path) -> None:
    signed_in(desk)

    back_up(desk.store, tmp_path / "backup.db")

    copy = Office(sqlite_store(tmp_path / "backup.db"), desk.clock, practice=True)
    assert rows(copy, SESSION) == []
    assert len(rows(copy, CREDENTIAL)) == 2
    assert who(desk) == HEAD
    copy.store.close()
