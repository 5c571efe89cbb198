"""Signing in as typed words: on a shared PC, in a real store, with what people and scripts read of it."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import argon2
import pytest

import cli
from commands import door
from commands.output import MAX_WIDTH, display_width
from engine.clock import SHANGHAI, StandingClock
from engine.password_hashing import Argon2
from workflows import signing_in

PASSWORD = "correct horse battery"
OTHER = "another horse, another battery"
NOON = datetime(2026, 11, 25, 12, 0, tzinfo=SHANGHAI)


class Ended(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def error(self) -> tuple[int, str]:
        return self.code, self.json["error"]["code"]


Anjuan = Callable[..., Ended]


class Typed(io.TextIOWrapper):
    """What somebody types, or a script hands over."""

    def __init__(self, lines: tuple[str | bytes, ...], *, terminal: bool) -> None:
        raw = b"".join(line if isinstance(line, bytes) else f"{line}\n".encode() for line in lines)
        super().__init__(io.BytesIO(raw), encoding="utf-8")
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


def runner(patched: pytest.MonkeyPatch, place: Path, clock: StandingClock) -> Anjuan:
    """Runs `anjuan` in this process, on a home and a state folder in that place.

    `lines` are what stdin holds, `typed` what is typed on a terminal, hidden.
    """
    for name in ("ANJUAN_DATABASE", "ANJUAN_LANG", "ANJUAN_NOW", "ANJUAN_SMTP", "ANJUAN_EVIDENCE"):
        patched.delenv(name, raising=False)
    patched.setenv("ANJUAN_HOME", str(place / "home"))
    for name in ("XDG_STATE_HOME", "LOCALAPPDATA"):
        patched.setenv(name, str(place / "state"))
    patched.setattr("engine.home.SystemClock", lambda: clock)
    patched.setattr(Argon2, "_hasher", lambda _: argon2.PasswordHasher(1, 8, 1))

    def run(*words: str, lines: tuple[str | bytes, ...] = (), typed: tuple[str, ...] | None = None) -> Ended:
        answers, out, err = iter(typed or ()), io.StringIO(), io.StringIO()
        with patched.context() as now, redirect_stdout(out), redirect_stderr(err):
            now.setattr(sys, "stdin", Typed(lines, terminal=typed is not None))
            now.setattr("getpass.getpass", lambda prompt: next(answers))
            code = cli.main(words)
        assert not list(answers), "more was typed than was asked for"
        return Ended(code, out.getvalue(), err.getvalue())

    return run


@pytest.fixture
def clock() -> StandingClock:
    """The clock of the machine, as every command of this test finds it."""
    return StandingClock(NOON)


@pytest.fixture
def anjuan(tmp_path: Path, clock: StandingClock, monkeypatch: pytest.MonkeyPatch) -> Anjuan:
    """On a home that does not exist yet."""
    return runner(monkeypatch, tmp_path, clock)


@pytest.fixture(scope="module")
def staffed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real store in which admin, Li the head, Chen the lead, Wang and Zhao have passwords; to be copied."""
    place = tmp_path_factory.mktemp("staffed")
    with pytest.MonkeyPatch.context() as patched:
        anjuan = runner(patched, place, StandingClock(NOON))
        code = anjuan("init", "--json").json["code"]
        anjuan("login", "admin", "--code", code, "--password-stdin", lines=(PASSWORD,))
        for name, role in (("li", "head"), ("chen", "lead"), ("wang", "handler"), ("zhao", "handler")):
            certificate = ("--certificate", f"no-{name}", "--from", "2020-01-01", "--to", "2030-12-31")
            anjuan("staff", "add", name, "--unit", "bureau", "--role", role, *certificate)
            given = anjuan("staff", "code", name, "--json", "--password-stdin", lines=(PASSWORD,))
            anjuan("login", name, "--password-stdin", lines=(given.json["code"], f"{name}'s own password"))
            anjuan("login", "admin", "--password-stdin", lines=(PASSWORD,))
        assert anjuan("logout", "--json").json["actor"] == "admin"
    return place / "home"


@pytest.fixture
def real(anjuan: Anjuan, staffed: Path, tmp_path: Path) -> Anjuan:
    """On a copy of that store; nobody is signed in."""
    shutil.copytree(staffed, tmp_path / "home")
    return anjuan


def sign_in(anjuan: Anjuan, name: str) -> None:
    assert anjuan("login", name, "--password-stdin", lines=(f"{name}'s own password",)).code == 0


def token_file(tmp_path: Path) -> Path:
    (file,) = (tmp_path / "state" / "anjuan").iterdir()
    return file


# --- a new store ------------------------------------------------------------------------------------------------------


def test_a_real_store_begins_with_a_code_and_without_a_password(anjuan: Anjuan) -> None:
    made = anjuan("init", "--json").json

    assert set(made) == {"home", "database", "practice", "code"}
    assert anjuan("whoami", "--json").json["known_by"] == "account"
    anjuan("staff", "add", "li", "--unit", "bureau", "--role", "head")
    refused = anjuan("staff", "code", "li", "--json", "--password-stdin", lines=(PASSWORD,))
    assert refused.error == (4, "password.unset")
    assert refused.json["error"]["remedy"]["command"] == "anjuan login admin --code CODE"


def test_the_code_is_printed_once_for_people_too_with_the_command_to_copy(anjuan: Anjuan) -> None:
    printed = anjuan("init").out

    (line,) = [line.strip() for line in printed.splitlines() if "anjuan login" in line]
    assert anjuan(*line.split()[1:], typed=(PASSWORD, PASSWORD)).code == 0
    assert anjuan("whoami", "--json").json["known_by"] == "session"


def test_a_founder_who_lost_his_code_gets_another_as_long_as_he_has_no_password(anjuan: Anjuan) -> None:
    anjuan("init")

    code = anjuan("staff", "code", "admin", "--json").json["code"]
    assert anjuan("login", "admin", "--code", code, "--password-stdin", lines=(PASSWORD,)).code == 0
    assert anjuan("staff", "code", "admin", "--json").error == (4, "code.own")
    anjuan("logout")
    assert anjuan("staff", "code", "admin", "--json").error == (4, "code.own")


def test_a_rehearsed_init_and_a_practice_store_have_no_code(anjuan: Anjuan) -> None:
    assert "code" not in anjuan("init", "--dry-run", "--json").json
    assert "code" not in anjuan("init", "--practice", "--json").json


# --- who acts ---------------------------------------------------------------------------------------------------------


def test_on_a_shared_pc_whoever_signed_in_last_acts(real: Anjuan) -> None:
    sign_in(real, "wang")
    sign_in(real, "li")

    shown = real("whoami", "--json").json

    assert {"actor": "li", "unit": "bureau", "roles": ["head"], "known_by": "session"}.items() <= shown.items()
    assert shown["until"] == "2026-11-25T12:30:00+08:00"


def test_signing_out_gives_the_pc_back_to_the_one_bound_to_its_account(real: Anjuan) -> None:
    sign_in(real, "li")

    assert real("logout", "--json").json == {
        "actor": "li",
        "zh": "li",
        "unit": "bureau",
        "roles": ["head"],
        "held_in": [{"unit": "bureau", "role": "head"}],
    }
    assert real("logout", "--json").json == {"actor": None, "unit": None, "roles": []}
    shown = real("whoami", "--json").json
    assert (shown["actor"], shown["known_by"], shown["until"]) == ("admin", "account", None)


def test_after_thirty_idle_minutes_nobody_acts_until_somebody_signs_in_or_out(
    real: Anjuan, clock: StandingClock
) -> None:
    sign_in(real, "li")
    clock.move_to(NOON + timedelta(minutes=30))

    ended = real("today", "--json")

    assert ended.error == (4, "session.ended")
    assert ended.json["error"]["remedy"]["command"] == "anjuan login li"
    assert real("staff", "list", "--json").code == 0, "what needs nobody is still answered"
    real("logout")
    assert real("whoami", "--json").json["actor"] == "admin"


def test_every_command_keeps_a_session_alive(real: Anjuan, clock: StandingClock) -> None:
    sign_in(real, "li")

    for minutes in range(20, 200, 20):
        clock.move_to(NOON + timedelta(minutes=minutes))
        assert real("staff", "list").code == 0

    assert real("whoami", "--json").json["actor"] == "li"


def test_when_the_session_of_the_one_bound_to_the_account_ends_he_still_acts(
    real: Anjuan, clock: StandingClock
) -> None:
    real("login", "admin", "--password-stdin", lines=(PASSWORD,))
    clock.move_to(NOON + timedelta(hours=2))

    assert real("whoami", "--json").json["known_by"] == "account"


def test_a_clock_that_went_back_far_ends_the_session(real: Anjuan, clock: StandingClock) -> None:
    sign_in(real, "li")
    clock.move_to(NOON - timedelta(hours=1))

    assert real("whoami", "--json").error == (4, "session.ended")


def test_whoever_has_left_does_not_act_by_an_old_session(real: Anjuan, tmp_path: Path) -> None:
    sign_in(real, "li")
    with sqlite3.connect(tmp_path / "home" / "anjuan.db") as raw:
        raw.execute("UPDATE staff SET left_on = '2026-11-24' WHERE name = 'li'")

    assert real("whoami", "--json").error == (4, "session.ended")
    assert real("login", "li", "--json", "--password-stdin", lines=("li's own password",)).error == (4, "login.wrong")


@pytest.mark.parametrize("content", [b"", b"\xff" * 1000, b"somebody"])
def test_a_token_that_was_tampered_with_makes_nobody_act(real: Anjuan, tmp_path: Path, content: bytes) -> None:
    sign_in(real, "li")
    token_file(tmp_path).write_bytes(content)

    ended = real("whoami", "--json")

    assert ended.error == (4, "session.ended")
    assert ended.json["error"]["remedy"]["command"] == "anjuan login NAME"


def test_a_state_folder_that_cannot_be_written_is_one_clear_sentence(real: Anjuan, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "anjuan").write_text("a file in its place")

    ended = real("login", "li", "--password-stdin", lines=("li's own password",))

    assert ended.code == 1
    assert "登录信息写不进系统账户的文件夹" in ended.err
    assert "Traceback" not in ended.err
    assert real("whoami", "--json").json["actor"] == "admin"


def test_as_goes_before_a_session_in_a_practice_store(anjuan: Anjuan) -> None:
    anjuan("init", "--practice")
    code = anjuan("staff", "code", "handler1", "--as", "head", "--json").json["code"]
    anjuan("login", "handler1", "--code", code, "--password-stdin", lines=(PASSWORD,))

    assert anjuan("whoami", "--json").json["actor"] == "handler1"
    chosen = anjuan("whoami", "--as", "lead", "--json").json
    assert (chosen["actor"], chosen["known_by"], chosen["until"]) == ("lead", "as", None)


def test_where_nobody_is_known_the_way_in_is_told(real: Anjuan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "account_here", lambda: "stranger")

    ended = real("whoami", "--json")

    assert ended.error == (2, "actor.missing")
    assert ended.json["error"]["remedy"]["command"] == "anjuan login NAME"


def test_the_one_who_acts_is_named_once_on_stderr_and_never_with_json(real: Anjuan) -> None:
    sign_in(real, "li")

    zh, en, machine = real("today"), real("today", "--lang", "en"), real("today", "--json")

    assert zh.err == "办理人：li（li，本单位）\n"
    assert en.err == "acting: li (bureau)\n"
    assert machine.err == ""
    assert "办理人" not in zh.out


# --- signing in -------------------------------------------------------------------------------------------------------


def test_a_wrong_password_and_a_name_that_is_nobodys_are_answered_alike(real: Anjuan) -> None:
    wrong = real("login", "li", "--json", "--password-stdin", lines=("wrong",))
    nobody = real("login", "nobody", "--json", "--password-stdin", lines=("wrong",))
    capitals = real("login", "LI", "--json", "--password-stdin", lines=("li's own password",))

    assert wrong.error == (4, "login.wrong")
    assert wrong == nobody == capitals


def test_after_five_wrong_tries_the_refusal_says_until_when(real: Anjuan, clock: StandingClock) -> None:
    for _ in range(5):
        real("login", "li", "--password-stdin", lines=("wrong",))

    locked = real("login", "li", "--json", "--password-stdin", lines=("li's own password",))

    assert locked.error == (4, "login.locked")
    assert "2026-11-25 12:15:00" in locked.json["error"]["zh"]
    clock.move_to(NOON + timedelta(minutes=15))
    sign_in(real, "li")
    assert real("ledger", "verify").code == 0


def test_a_rehearsal_of_signing_in_is_no_way_to_guess(real: Anjuan) -> None:
    for _ in range(5):
        real("login", "li", "--dry-run", "--password-stdin", lines=("wrong",))

    right = real("login", "li", "--dry-run", "--json", "--password-stdin", lines=("li's own password",))

    assert right.error == (4, "login.locked")


@pytest.mark.parametrize(
    ("lines", "exit_code", "code"),
    [
        ((), 2, "password.empty"),
        (("",), 2, "password.empty"),
        (("a" * 10_000,), 2, "password.long"),
        ((b"\xff\xfe\n",), 2, "password.unreadable"),
        (("'; DROP TABLE staff; --",), 4, "login.wrong"),
    ],
)
def test_what_is_no_password_is_one_clear_sentence(
    real: Anjuan, lines: tuple[str | bytes, ...], exit_code: int, code: str
) -> None:
    assert real("login", "li", "--json", "--password-stdin", lines=lines).error == (exit_code, code)
    assert real("login", "li", "--password-stdin", lines=lines, typed=None).err.count("Traceback") == 0


def test_a_stdin_that_is_closed_is_an_empty_password(real: Anjuan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)

    assert cli.main(("login", "li", "--password-stdin")) == 2
    assert cli.main(("login", "li")) == 4


def test_with_json_or_without_a_terminal_nothing_is_asked(real: Anjuan) -> None:
    assert real("login", "li", "--json", typed=()).error == (4, "password.needed")
    assert real("login", "li").code == 4


def test_on_a_terminal_the_password_is_asked_hidden_and_a_new_one_twice(real: Anjuan) -> None:
    assert real("login", "li", typed=("li's own password",)).code == 0
    assert real("password", typed=("li's own password", OTHER, OTHER[:-1])).code == 2
    assert real("password", typed=("li's own password", OTHER, OTHER)).code == 0
    assert real("whoami", "--json").json["actor"] == "li", "his own session ended"
    assert real("login", "li", typed=(OTHER,)).code == 0


def test_a_password_is_changed_by_whoever_knows_the_present_one(real: Anjuan) -> None:
    sign_in(real, "li")

    assert real("password", "--json", "--password-stdin", lines=("wrong", OTHER)).error == (4, "login.wrong")
    short = real("password", "--json", "--password-stdin", lines=("li's own password", "short"))
    assert short.error == (2, "password.short")
    assert real("password", "--dry-run", "--password-stdin", lines=("li's own password", OTHER)).code == 0
    sign_in(real, "li")


def test_a_code_that_is_given_ends_the_password_there_was(real: Anjuan) -> None:
    sign_in(real, "li")

    rehearsed = real("staff", "code", "wang", "--dry-run", "--json").json
    assert rehearsed == {"name": "wang", "code": None}
    sign_in(real, "wang")
    sign_in(real, "li")
    own = real("staff", "code", "wang", "--json", "--password-stdin", lines=("li's own password",))
    assert own.code == 0
    old = real("login", "wang", "--json", "--password-stdin", lines=("wang's own password",))
    assert old.error == (4, "login.wrong")
    assert real("staff", "code", "nobody", "--json").error == (6, "person.unknown")


# --- proving it once more ---------------------------------------------------------------------------------------------


@pytest.fixture
def case_no(real: Anjuan) -> str:
    """A case that Li, the head, can file; he is signed in."""
    sign_in(real, "wang")
    said = ("source=patrol", "title=某站案", "respondent=某公司", "respondent_kind=unit")
    opened = real("case", "open", "case", *(word for one in said for word in ("--set", one)), "--json")
    assert opened.code == 0, opened.out
    no: str = opened.json["case_no"]
    sign_in(real, "chen")
    verified = real("case", "do", no, "verify", "--set", "officers=wang,zhao", "--json")
    assert verified.code == 0, verified.out
    sign_in(real, "li")
    return no


FILE = ("file", "--set", "public_interest=yes")


def test_a_decision_asks_for_the_password_once_more(real: Anjuan, case_no: str) -> None:
    nothing = real("case", "do", case_no, *FILE, "--json")
    wrong = real("case", "do", case_no, *FILE, "--json", "--password-stdin", lines=(PASSWORD,))

    assert nothing.error == (4, "password.needed")
    assert nothing.json["error"]["remedy"]["command"] == f"anjuan case do {case_no} file --password-stdin"
    assert wrong.error == (4, "login.wrong")
    assert real("case", "show", case_no, "--json").json["state"] == "verifying"
    assert real("case", "do", case_no, *FILE, typed=("li's own password",)).code == 0


def test_wrong_passwords_at_a_step_lock_as_they_do_at_the_door(real: Anjuan, case_no: str) -> None:
    for _ in range(5):
        real("case", "do", case_no, *FILE, "--password-stdin", lines=("wrong",))

    locked = real("case", "do", case_no, *FILE, "--json", "--password-stdin", lines=("li's own password",))

    assert locked.error == (4, "login.locked")


def test_a_password_is_counted_also_where_the_step_is_refused(real: Anjuan, case_no: str) -> None:
    refused = real("case", "do", case_no, "close", "--json", "--password-stdin", lines=("li's own password",))
    wrong = real("case", "do", case_no, "close", "--json", "--password-stdin", lines=("wrong",))

    assert (refused.code, refused.json["allowed"]) == (3, False)
    assert wrong.error == (4, "login.wrong")


def test_a_rehearsal_and_a_question_ask_for_no_password(real: Anjuan, case_no: str) -> None:
    assert real("case", "do", case_no, *FILE, "--dry-run", "--json").code == 0
    assert real("case", "why", case_no, *FILE, "--json").json["allowed"] is True


def test_the_one_who_confirmed_is_the_one_who_does_it(
    real: Anjuan, case_no: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else signs in, on another terminal of the same account, between the password and the step."""
    kept = door.seen
    calls = []

    def seen_then_changed(office: Any) -> Any:
        calls.append(office)
        if len(calls) == 2:
            proved = signing_in.prove(office, Argon2(), "wang", "wang's own password")
            signing_in.sign_in(office, Argon2(), proved, None)
        return kept(office)

    monkeypatch.setattr(door, "seen", seen_then_changed)

    ended = real("case", "do", case_no, *FILE, "--json", "--password-stdin", lines=("li's own password",))

    assert ended.error == (4, "actor.changed")


# --- what people read -------------------------------------------------------------------------------------------------


def test_what_people_read_fits_the_screen_in_both_languages(real: Anjuan) -> None:
    for lang in ("zh", "en"):
        said = [
            real("login", "li", "--lang", lang, "--password-stdin", lines=("wrong",)),
            real("login", "li", "--lang", lang, "--password-stdin", lines=("li's own password",)),
            real("whoami", "--lang", lang),
            real("staff", "code", "wang", "--lang", lang, "--password-stdin", lines=("li's own password",)),
            real("staff", "code", "li", "--lang", lang),
            real("staff", "code", "wang", "--lang", lang, "--dry-run"),
            real("password", "--lang", lang, "--password-stdin", lines=("li's own password", "li's own password")),
            real("logout", "--lang", lang),
            real("logout", "--lang", lang),
            *(real(*words, "--help", "--lang", lang) for words in (("login",), ("password",), ("staff", "code"))),
        ]
        assert [ended.code for ended in said] == [4, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0]
        texts = [line for ended in said for line in (ended.out + ended.err).splitlines()]
        assert [line for line in texts if display_width(line) > MAX_WIDTH] == []
