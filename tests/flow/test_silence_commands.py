"""What the next command, `today` and `doctor` say of runs that did not happen, and what `backup` leaves behind."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import cli
import commands.backup
import notifications.silence
from commands.output import MAX_WIDTH, display_width
from engine.errors import FileWrong, Problem, StoreUnavailable

FOUNDED, NEXT, SILENT = "2018-09-03", "2018-09-04", "2018-09-05"
SAID = {
    "zh": f"未按时进行：每日汇总{NEXT}起；请运行：anjuan remind run",
    "en": f"not run: digest since {NEXT}: anjuan remind run",
}


class Ended(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Anjuan = Callable[..., Ended]


@pytest.fixture
def anjuan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Anjuan:
    """Runs `anjuan` in this process on a home of this test, on that day or by the machine's clock."""
    for name in ("ANJUAN_DATABASE", "ANJUAN_LANG", "ANJUAN_NOW", "ANJUAN_SMTP", "ANJUAN_EVIDENCE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ANJUAN_HOME", str(tmp_path / "home"))

    def run(now: str | None, *words: str) -> Ended:
        with monkeypatch.context() as patched:
            if now is not None:
                patched.setenv("ANJUAN_NOW", now)
            code = cli.main(words)
        out, err = capsys.readouterr()
        return Ended(code, out, err)

    return run


@pytest.fixture
def practice(anjuan: Anjuan) -> Anjuan:
    """The same on a practice store made on Monday, 3 September 2018, in which nothing has run."""
    assert anjuan(FOUNDED, "init", "--practice").code == 0
    return anjuan


@pytest.fixture
def real(anjuan: Anjuan, tmp_path: Path) -> Anjuan:
    """The same on a real store, made now, whose last backup is of long ago."""
    assert anjuan(None, "init").code == 0
    with sqlite3.connect(tmp_path / "home" / "anjuan.db") as raw:
        raw.execute("INSERT INTO setting VALUES ('backed_up_on', '2020-01-01')")
    return anjuan


def settings(tmp_path: Path) -> dict[str, str]:
    with sqlite3.connect(tmp_path / "home" / "anjuan.db") as raw:
        return dict(raw.execute("SELECT name, value FROM setting"))


def checks(ended: Ended) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in ended.json["checks"] if one["id"].startswith("run_")}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_next_command_says_once_what_did_not_run(practice: Anjuan, lang: str) -> None:
    quiet = practice(NEXT, "case", "list", "--as", "head", "--lang", lang)
    said = practice(SILENT, "case", "list", "--as", "head", "--lang", lang)
    # This one opens the store more than once.
    opened = practice(
        SILENT,
        *("case", "open", "case", "--set", "source=patrol", "--set", "title=某案"),
        *("--set", "respondent=某公司", "--set", "respondent_kind=unit", "--as", "handler1", "--lang", lang),
    )

    assert (quiet.code, said.code, opened.code) == (0, 0, 0), opened.err
    assert SAID[lang] not in quiet.err.splitlines()
    assert len(quiet.err.splitlines()) == 1  # who acts
    assert said.err.splitlines()[1:] == [SAID[lang]]
    assert opened.err.splitlines().count(SAID[lang]) == 1
    assert SAID[lang] not in said.out


def test_it_is_said_to_whoever_types_and_not_to_machines(practice: Anjuan) -> None:
    unknown = practice(SILENT, "whoami")
    machine = practice(SILENT, "case", "list", "--as", "head", "--json")

    assert SAID["zh"] in unknown.err.splitlines()
    assert machine.err == ""


def test_a_run_ends_it(practice: Anjuan) -> None:
    ran = practice(SILENT, "remind", "run")
    after = practice(SILENT, "case", "list", "--as", "head")

    assert (ran.code, ran.err) == (0, "")
    assert len(after.err.splitlines()) == 1


def test_commands_that_look_after_it_or_begin_a_store_do_not_say_it(practice: Anjuan, tmp_path: Path) -> None:
    for words in (
        ("remind", "run", "--dry-run"),
        ("backup", "--to", str(tmp_path / "b.db")),
        ("upgrade",),
        ("doctor",),
        ("--help",),
        ("init", "--practice"),
        ("today", "--as", "head"),
    ):
        assert SAID["zh"] not in practice(SILENT, *words).err.splitlines(), words


def test_the_demo_runs_every_day_and_ends_without_a_word_of_it(anjuan: Anjuan, tmp_path: Path) -> None:
    played = anjuan(None, "demo", "--home", str(tmp_path / "home"))
    next_morning = anjuan("2018-11-21", "case", "list", "--as", "head")

    assert (played.code, next_morning.code) == (0, 0), played.err
    assert "未按时进行" not in played.out + played.err + next_morning.err


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_today_has_it_at_its_foot_and_in_its_document(practice: Anjuan, lang: str) -> None:
    told = practice(SILENT, "today", "--as", "head", "--lang", lang)
    document = practice(SILENT, "today", "--as", "head", "--json").json
    quiet = practice(NEXT, "today", "--as", "head", "--json").json

    (one,) = document["silent"]
    assert (one["run"], one["since"], one["command"]) == ("digest", NEXT, "anjuan remind run")
    assert told.out.splitlines()[-1].startswith(one[lang])
    assert told.out.rstrip().endswith(one["command"])
    assert quiet["silent"] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_doctor_says_since_when_and_what_to_type(practice: Anjuan, lang: str) -> None:
    found, told = practice(SILENT, "doctor", "--json"), practice(SILENT, "doctor", "--lang", lang)
    by_id = checks(found)

    assert (found.code, told.code) == (1, 1)
    assert {id_: one["ok"] for id_, one in by_id.items()} == {
        "run_reminders": True,
        "run_digest": False,
        "run_rehearsal": True,
        "run_backup": True,
    }
    assert NEXT in by_id["run_digest"][lang]
    assert "anjuan remind run" in by_id["run_digest"][lang]
    assert all(display_width(line) <= MAX_WIDTH for line in told.out.splitlines())


def test_a_clock_put_back_is_a_remark_of_the_doctor_and_no_silence(practice: Anjuan) -> None:
    practice(SILENT, "remind", "run")

    back = practice(FOUNDED, "case", "list", "--as", "head")
    found = checks(practice(FOUNDED, "doctor", "--json"))["run_digest"]

    assert len(back.err.splitlines()) == 1
    assert found["ok"]
    assert SILENT in found["zh"]
    assert SILENT in found["en"]


def test_a_table_of_holidays_that_cannot_be_read_stops_nobody(
    practice: Anjuan, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise FileWrong("2018.yaml", (Problem(1, "holidays.wrong", "有误", "wrong"),))

    monkeypatch.setattr(notifications.silence, "silent_runs", broken)

    assert practice(SILENT, "case", "list", "--as", "head").code == 0


# --- backup -----------------------------------------------------------------------------------------------------------


def test_a_backup_that_was_kept_ends_the_silence_and_a_rehearsed_one_does_not(real: Anjuan, tmp_path: Path) -> None:
    told = real(None, "whoami", "--lang", "en")
    rehearsed = real(None, "backup", "--to", str(tmp_path / "b.db"), "--dry-run")
    still = settings(tmp_path)["backed_up_on"]
    made = real(None, "backup", "--to", str(tmp_path / "b.db"))
    after = real(None, "whoami", "--lang", "en")

    assert "not run: backup since 2020-01-08: anjuan backup --to FILE" in told.err.splitlines()
    assert (rehearsed.code, still, made.code) == (0, "2020-01-01", 0)
    assert settings(tmp_path)["backed_up_on"] > "2026"
    assert "not run" not in after.err


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_good_backup_is_kept_where_its_day_cannot_be_noted(
    real: Anjuan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    def full(*_: object) -> None:
        raise StoreUnavailable("store.full", "磁盘已满", "the disk is full")

    monkeypatch.setattr(commands.backup, "backed_up", full)

    made = real(None, "backup", "--to", str(tmp_path / "b.db"), "--json", "--lang", lang)

    assert (made.code, made.json["file"]) == (0, str(tmp_path / "b.db"))
    assert (tmp_path / "b.db").exists()
    assert {"zh": "磁盘已满", "en": "the disk is full"}[lang] in made.err
    assert settings(tmp_path)["backed_up_on"] == "2020-01-01"


def test_a_backup_that_does_not_verify_is_none(real: Anjuan, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "home" / "anjuan.db") as raw:
        raw.execute("DROP TRIGGER entry_no_update")
        raw.execute("UPDATE entry SET body = replace(body, 'admin', 'nobody')")

    assert real(None, "backup", "--to", str(tmp_path / "b.db")).code == 1
    assert settings(tmp_path)["backed_up_on"] == "2020-01-01"
