"""What a password must be, how codes are read back, how long a lock and a session hold, and the file of a token."""

from __future__ import annotations

import os
import stat
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.clock import SHANGHAI
from engine.credentials import (
    CODE_LETTERS,
    Credential,
    hashed_code,
    new_code,
    new_password,
    plain_code,
    plain_password,
)
from engine.errors import InputWrong, StoreUnavailable
from engine.password_hashing import Argon2
from engine.people import Person
from engine.sessions import Session
from engine.token_files import forget_token, keep_token, read_token, token_file

CHEAP = Argon2(rounds=1, memory_kib=8, lanes=1)
LI = Person("li_ming_hua_2018", "李明华", "bureau", frozenset())
NOON = datetime(2026, 11, 25, 12, 0, tzinfo=SHANGHAI)


# --- passwords and codes ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "password.empty"),
        ("123456789", "password.short"),
        ("九个汉字也还是太短了"[:9], "password.short"),
        ("a" * 1001, "password.long"),
        ("a" * 10_000, "password.long"),
        ("LI_MING_HUA_2018", "password.is_name"),
    ],
)
def test_a_password_that_nobody_may_take_is_refused(typed: str, code: str) -> None:
    with pytest.raises(InputWrong) as caught:
        new_password(typed, LI)

    assert caught.value.code == code


@pytest.mark.parametrize("typed", ["1234567890", "一句十个汉字的话作口令", "a" * 1000, "with blanks, too "])
def test_a_long_enough_password_may_be_taken(typed: str) -> None:
    assert new_password(typed, LI) == typed


def test_the_same_characters_are_the_same_password_however_they_were_composed() -> None:
    assert plain_password("cafe\u0301 at noon") == plain_password("caf\u00e9 at noon")


@given(st.data())
def test_a_code_is_read_back_however_it_is_typed(data: st.DataObject) -> None:
    code = new_code()
    letters = [data.draw(st.sampled_from([letter, letter.lower()])) for letter in code.replace("-", "")]
    gaps = data.draw(st.lists(st.sampled_from(["", " ", "-", " - "]), min_size=len(letters), max_size=len(letters)))

    typed = "".join(gap + letter for gap, letter in zip(gaps, letters, strict=True))

    assert plain_code(typed) == plain_code(code)
    assert set(plain_code(code)) <= set(CODE_LETTERS)


def test_two_codes_are_never_the_same() -> None:
    assert len({new_code() for _ in range(1000)}) == 1000


# --- hashing ----------------------------------------------------------------------------------------------------------


def test_a_hash_proves_its_secret_and_no_other() -> None:
    hash_ = CHEAP.hash("correct horse")

    assert CHEAP.proves(hash_, "correct horse")
    assert not CHEAP.proves(hash_, "correct horse ")
    assert hash_ != CHEAP.hash("correct horse"), "two hashes share their salt"


@pytest.mark.parametrize("damaged", ["", "nothing", "$argon2id$v=19$m=8,t=1,p=1$c2FsdA$", "0" * 64])
def test_a_damaged_hash_proves_nothing(damaged: str) -> None:
    assert not CHEAP.proves(damaged, "")
    assert not CHEAP.proves(damaged, "correct horse")


def test_a_hash_of_another_cost_is_outdated_and_still_proves() -> None:
    dearer = Argon2(rounds=2, memory_kib=16, lanes=1)
    hash_ = CHEAP.hash("correct horse")

    assert (CHEAP.is_outdated(hash_), dearer.is_outdated(hash_)) == (False, True)
    assert dearer.proves(hash_, "correct horse")


def test_the_product_hashes_with_argon2id_at_the_second_choice_of_rfc_9106() -> None:
    """RFC 9106 §4: t=3, p=4, m=2^16 KiB."""
    assert Argon2().hash("x").startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_a_code_is_hashed_as_it_will_be_read() -> None:
    assert CHEAP.proves(hashed_code(CHEAP, "ABCD-EFGH"), "ABCDEFGH")


# --- how long ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("failed", "locked"), [(0, False), (4, False), (5, True), (9, True)])
def test_five_wrong_tries_lock_for_a_quarter_of_an_hour(failed: int, locked: bool) -> None:
    held = Credential("li", "", is_code=False, failed=failed, failed_at=NOON)

    assert held.locked_until == (NOON + timedelta(minutes=15) if locked else None)


@pytest.mark.parametrize(
    ("later", "live"),
    [
        (timedelta(0), True),
        (timedelta(minutes=30) - timedelta(microseconds=1), True),
        (timedelta(minutes=30), False),
        (timedelta(days=400), False),
        (-timedelta(minutes=29), True),
        (-timedelta(minutes=30), False),
        (-timedelta(days=400), False),
    ],
)
def test_a_session_ends_after_thirty_idle_minutes_and_when_the_clock_went_back_by_as_much(
    later: timedelta, live: bool
) -> None:
    session = Session("", "li", NOON - timedelta(hours=3), NOON)

    assert session.is_live(NOON + later) is live
    assert session.until == NOON + timedelta(minutes=30)


# --- the file of the token --------------------------------------------------------------------------------------------


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The state folder of the account, which does not exist yet."""
    folder = tmp_path / "state"
    monkeypatch.setenv("LOCALAPPDATA" if sys.platform == "win32" else "XDG_STATE_HOME", str(folder))
    return folder


def test_a_token_is_kept_for_its_owner_alone_and_forgotten(state: Path) -> None:
    file = token_file("0123456789abcdef")
    assert file is not None
    assert read_token(file) is None

    keep_token(file, "first")
    keep_token(file, "second")

    assert read_token(file) == b"second"
    assert os.listdir(state / "anjuan") == [file.name]
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    forget_token(file)
    forget_token(file)
    assert read_token(file) is None


def test_every_store_has_a_file_of_its_own_whatever_its_id_is_made_of(state: Path) -> None:
    files = [token_file(store_id) for store_id in ("a", "b", "", "../../etc/passwd", "案卷")]

    assert len({file.name for file in files if file is not None}) == 5
    assert {file.parent for file in files if file is not None} == {state / "anjuan"}


def test_a_token_that_was_a_link_elsewhere_is_replaced_not_followed(state: Path, tmp_path: Path) -> None:
    file = token_file("a")
    assert file is not None
    file.parent.mkdir(parents=True)
    other = tmp_path / "notes"
    other.write_text("mine")
    file.symlink_to(other)

    keep_token(file, "token")

    assert (read_token(file), other.read_text()) == (b"token", "mine")


def test_a_folder_that_cannot_be_made_is_one_clear_sentence(state: Path) -> None:
    state.write_text("a file in its place")
    file = token_file("a")

    with pytest.raises(StoreUnavailable) as caught:
        keep_token(file, "token")

    assert caught.value.code == "session.unwritable"
    assert str(state) in caught.value.zh
    assert read_token(file) is None


def test_what_is_no_file_is_not_taken_for_nobody_signed_in(state: Path) -> None:
    file = token_file("a")
    assert file is not None
    file.mkdir(parents=True)

    with pytest.raises(StoreUnavailable) as caught:
        read_token(file)

    assert caught.value.code == "session.unreadable"


@pytest.mark.skipif(sys.platform == "win32", reason="the account's folder is another there")
def test_a_relative_state_folder_is_ignored_and_with_a_relative_home_there_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "here")
    monkeypatch.setenv("HOME", "/home/li")
    in_home = token_file("a")
    monkeypatch.setenv("HOME", "li")
    nowhere = token_file("a")

    assert in_home is not None
    assert in_home.parent == Path("/home/li/.local/state/anjuan")
    assert (nowhere, read_token(nowhere)) == (None, None)
    with pytest.raises(StoreUnavailable):
        keep_token(nowhere, "token")
