"""`anjuan calendar feed` as typed words: one file per person, shown to him alone, and gone when it is revoked."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import icalendar
import pytest
from test_calendar_command import Anjuan, anjuan

from commands.output import MAX_WIDTH, display_width

__all__ = ["anjuan"]  # fixture

KEYS = {"person", "made", "made_at", "lang", "file", "revoked"}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ANJUAN_CALENDARS", str(tmp_path / "calendars"))
    return tmp_path / "calendars"


def made(anjuan: Anjuan, *words: str) -> Any:
    ended = anjuan("calendar", "feed", "--json", *words)
    assert (ended.code, set(ended.json)) == (0, KEYS)
    return ended.json


def test_a_calendar_is_made_shown_again_and_revoked(anjuan: Anjuan, folder: Path) -> None:
    first = made(anjuan, "--as", "handler1")
    again = made(anjuan, "--as", "handler1", "--lang", "en")
    file = Path(first["file"])
    assert (first["made"], again["made"], again["file"]) == (True, False, first["file"])
    assert (file.parent, len(file.stem), again["lang"]) == (folder, 43, "en")
    assert icalendar.Calendar.from_ical(file.read_bytes())["x-wr-calname"] == "anjuan: handler1"

    rehearsed = made(anjuan, "--revoke", "--dry-run", "--as", "handler1")
    assert file.exists()
    gone = made(anjuan, "--revoke", "--as", "handler1")
    other = made(anjuan, "--as", "handler1")

    assert rehearsed == gone
    assert (gone["revoked"], gone["file"]) == (True, None)
    assert other["file"] != first["file"]
    assert os.listdir(folder) == [Path(other["file"]).name]
    assert anjuan("calendar", "feed", "--revoke", "--as", "handler2", "--json").code == 6


def test_without_a_folder_named_it_lies_in_the_home(
    anjuan: Anjuan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ANJUAN_CALENDARS")

    assert Path(made(anjuan, "--as", "handler1")["file"]).parent == tmp_path / "home" / "calendars"


def test_a_rehearsal_makes_nothing_and_tells_no_name(anjuan: Anjuan, folder: Path) -> None:
    rehearsed = made(anjuan, "--dry-run", "--as", "handler1")

    assert (rehearsed["made"], rehearsed["file"]) == (True, None)
    assert not folder.exists()
    assert made(anjuan, "--as", "handler1")["made"]


def test_only_he_whose_it_is_is_told_where_it_lies(anjuan: Anjuan, folder: Path) -> None:
    by_lead = made(anjuan, "--person", "handler1", "--as", "lead")
    page = anjuan("calendar", "feed", "--person", "handler1", "--as", "lead")
    (name,) = os.listdir(folder)

    assert (by_lead["person"], by_lead["made"], by_lead["file"]) == ("handler1", True, None)
    assert name.removesuffix(".ics") not in page.out + page.err
    assert made(anjuan, "--as", "handler1")["file"] == str(folder / name)
    refused = anjuan("calendar", "feed", "--person", "handler1", "--as", "handler2", "--json")
    assert (refused.code, refused.json["error"]["code"]) == (4, "calendar.others")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_people_read_where_it_lies_and_that_its_name_opens_it(anjuan: Anjuan, folder: Path, lang: str) -> None:
    page = anjuan("calendar", "feed", "--as", "handler1", "--lang", lang).out
    revoked = anjuan("calendar", "feed", "--revoke", "--as", "handler1", "--lang", lang).out

    (file,) = [line.strip() for line in page.splitlines() if str(folder) in line]
    assert file.endswith(".ics")
    assert {"zh": "知道这个文件名的人都可以读取", "en": "Whoever knows this name can read it"}[lang] in page
    assert "anjuan calendar feed --revoke" in page
    assert {"zh": "已撤销", "en": "revoked"}[lang] in revoked
    assert all(display_width(line) <= MAX_WIDTH for line in page.splitlines() if file not in line)


def test_a_folder_that_cannot_be_written_is_one_sentence_and_nothing_is_kept(anjuan: Anjuan, folder: Path) -> None:
    folder.write_text("in the way", encoding="utf-8")

    ended = anjuan("calendar", "feed", "--as", "handler1", "--json")
    said = anjuan("calendar", "feed", "--as", "handler1")
    folder.unlink()

    assert (ended.code, ended.json["error"]["code"]) == (1, "calendar.folder")
    assert "Traceback" not in said.err
    assert made(anjuan, "--as", "handler1")["made"], "nothing had been kept"


def test_a_full_disk_keeps_the_calendar_on_record_and_tells_no_name(
    anjuan: Anjuan, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(place: Path, *_: object) -> None:
        raise OSError(28, "No space left on device", str(place))

    with monkeypatch.context() as patch:
        patch.setattr("notifications.calendar_files.write_whole", full)
        ended = anjuan("calendar", "feed", "--as", "handler1", "--json")

    again = made(anjuan, "--as", "handler1")
    assert (ended.code, ended.json["error"]["code"]) == (1, "calendar.not_written")
    assert not again["made"]
    assert Path(again["file"]).stem not in ended.out + ended.err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("calendar --person lead feed", "usage.option_place"),
        ("calendar --to x.ics feed", "usage.option_place"),
        ("calendar fed", "usage.command"),
        ("calendar --dry-run", "usage.dry_run"),
        ("calendar feed lead", "usage.extra"),
        ("calendar feed --to x.ics", "usage.option"),
    ],
)
def test_wrong_words_are_said_and_make_nothing(anjuan: Anjuan, folder: Path, words: str, code: str) -> None:
    ended = anjuan(*words.split(), "--json", "--as", "handler1")

    assert (ended.code, json.loads(ended.out)["error"]["code"]) == (2, code)
    assert not folder.exists()


def test_common_options_stand_before_the_command_too(anjuan: Anjuan, folder: Path) -> None:
    ended = anjuan("--as", "lead", "calendar", "--dry-run", "--json", "--as", "handler1", "feed")

    assert (ended.json["person"], ended.json["made"]) == ("handler1", True)
    assert not folder.exists()


@pytest.mark.parametrize("words", [("--help",), ("--lang", "en", "--help")])
def test_the_help_page_tells_its_own_options_and_its_command(anjuan: Anjuan, words: tuple[str, ...]) -> None:
    page = anjuan("calendar", *words).out

    assert all(f"  {word}" in page for word in ("feed", "--person NAME", "--to FILE.ics"))
