"""The demo as a newcomer runs it: a process of its own, from the plan to the summary."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import subprocess
import sys
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest

import cli
from commands.output import MAX_WIDTH, display_width

CLI = str(Path(cli.__file__))


class Played(NamedTuple):
    """A demo that was played with --json: where, and what it answered."""

    home: Path
    answer: dict[str, Any]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    home = tmp_path_factory.mktemp("demo") / "home"
    ended = anjuan("demo", "--json", "--home", str(home))
    assert ended.returncode == 0, ended.stderr
    return Played(home, json.loads(ended.stdout))


def anjuan(*words: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Runs `anjuan` outside of the checkout, without any of its environment variables unless `env` gives some."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("ANJUAN_")}
    settings = clean | options.pop("env", {})
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "cwd": "/", **options}
    return subprocess.run([sys.executable, CLI, *words], env=settings, encoding="utf-8", timeout=120, **options)


def test_the_demo_answers_what_scripts_rely_on(played: Played) -> None:
    answer = played.answer

    assert answer["home"] == str(played.home)
    assert answer["campaign"] == "suzhou-2018"
    assert answer["cases"] >= 12
    assert answer["refused"] >= 1
    assert answer["mails"] > 0
    assert answer["ledger_ok"] is True


def test_every_form_of_the_three_months_opens_and_holds_figures(played: Played) -> None:
    books = {Path(file).stem: openpyxl.load_workbook(file) for file in played.answer["files"]}

    assert sorted(books) == [f"suzhou-2018-2018-{month}" for month in ("08", "09", "10")]
    for book in books.values():
        total = next(row for row in book.worksheets[0].iter_rows(values_only=True) if row[0] == "合计")
        assert any(isinstance(cell, int | float) and cell > 0 for cell in total)


def test_every_mail_lies_in_the_folder_as_a_readable_file(played: Played) -> None:
    mails = [message_from_bytes(file.read_bytes(), policy=default) for file in (played.home / "mail").glob("*.eml")]

    assert len(mails) == played.answer["mails"]
    assert [mail["Subject"] for mail in mails if mail.defects or not mail["To"] or not mail["Subject"]] == []
    assert len({mail["Message-ID"] for mail in mails}) == len(mails)


def test_the_store_of_the_demo_is_found_intact_afterwards(played: Played) -> None:
    there = {"ANJUAN_HOME": str(played.home), "ANJUAN_NOW": "2018-11-20"}

    verified = json.loads(anjuan("ledger", "verify", "--json", env=there).stdout)
    listed = json.loads(anjuan("case", "list", "--json", "--as", "province", "--limit", "1", env=there).stdout)

    assert verified["ok"] is True
    assert verified["cases"] == played.answer["cases"] >= listed["total"] > 0


def test_the_english_summary_fits_and_the_commands_it_gives_work_as_printed(tmp_path: Path) -> None:
    home = tmp_path / "home"

    ended = anjuan("demo", "--home", str(home), "--lang", "en")

    settings = dict(re.findall(r"export (ANJUAN_\w+)=(\S+)", ended.stdout))
    tries = re.findall(r"^  (?:uv run )?anjuan (.+)$", ended.stdout.partition("Try next:")[2], re.MULTILINE)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("Done:")
    assert too_wide(ended.stdout, home) == []
    assert settings == {"ANJUAN_HOME": str(home), "ANJUAN_NOW": "2018-11-20"}
    assert [anjuan(*words.split(), env=settings).returncode for words in tries] == [0, 0, 0, 0]


def test_a_terminal_shows_a_bar_up_to_the_last_day_and_then_the_chinese_summary(tmp_path: Path) -> None:
    home = tmp_path / "home"
    reading, terminal = pty.openpty()

    ended = anjuan("demo", "--home", str(home), stderr=terminal, env={"TERM": "xterm"})
    os.close(terminal)

    bars = re.split(r"[\r\n]+", drained(reading).strip())
    assert ended.returncode == 0
    assert ended.stdout.startswith("演示完毕")
    assert too_wide(ended.stdout, home) == []
    assert bars[0].rstrip().endswith("[..............................] 0/100")
    assert bars[-1].rstrip().endswith("[##############################] 100/100")
    assert max(display_width(line) for line in bars) <= MAX_WIDTH


def test_the_demo_is_not_played_in_a_real_store(tmp_path: Path) -> None:
    home = tmp_path / "home"
    anjuan("init", env={"ANJUAN_HOME": str(home)})
    before = (home / "anjuan.db").read_bytes()

    ended = anjuan("demo", "--json", "--home", str(home))

    error = json.loads(ended.stdout)["error"]
    assert ended.returncode == 2
    assert error["code"] == "demo.real_store"
    assert error["remedy"]["command"] == "anjuan demo --home DIR"
    assert (home / "anjuan.db").read_bytes() == before
    assert [file.name for file in home.iterdir() if not file.name.startswith("anjuan.db")] == []


def test_the_demo_played_again_leaves_the_first_cases_alone(played: Played, tmp_path: Path) -> None:
    home = Path(shutil.copytree(played.home, tmp_path / "home"))

    again = json.loads(anjuan("demo", "--json", "--home", str(home)).stdout)

    verified = json.loads(anjuan("ledger", "verify", "--json", env={"ANJUAN_HOME": str(home)}).stdout)
    assert again["cases"] == played.answer["cases"]
    assert again["ledger_ok"] is True
    assert (verified["ok"], verified["cases"]) == (True, 2 * played.answer["cases"])


def too_wide(page: str, home: Path) -> list[str]:
    """The lines that do not fit the screen. A command to copy stays on one line however long it is."""
    talk = [line for line in page.splitlines() if not (line.startswith("  ") and "anjuan " in line)]
    return [line for line in talk if display_width(line.replace(str(home), "~/demo")) > MAX_WIDTH]


def drained(descriptor: int) -> str:
    """What was written to a terminal that nobody holds open any more."""
    parts = []
    try:
        while part := os.read(descriptor, 65536):
            parts.append(part)
    except OSError:  # how Linux says that the other end is closed
        pass
    finally:
        os.close(descriptor)
    return b"".join(parts).decode()
