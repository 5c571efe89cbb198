"""`report count` and `report compare` as typed words: JSON keys, exit codes, what people read in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import CAMPAIGN, scene_in
from openpyxl import load_workbook
from typed import Anjuan, Ended, typed_at

from commands.output import MAX_WIDTH, display_width
from engine.home import Home

MONTH = ("--month", "2018-09")
PLACE = ("--row", "short_video", "--column", "mediations", "--on", "2018-09-10")
CELLS = ("report", "cells", CAMPAIGN, *MONTH, "--form", "statistics", "--row", "total", "--column", "mediations")
OFFICE = ("--as", "campaign_office")


@pytest.fixture
def anjuan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Anjuan:
    """Runs `anjuan` in this process on 9 October 2018, in a practice home with the campaign loaded."""
    scene_in(Home(tmp_path / "home", None)).office.store.close()
    return typed_at("2018-10-09", tmp_path / "home", monkeypatch, capsys)


@pytest.fixture
def count(anjuan: Anjuan, tmp_path: Path) -> Anjuan:
    """Counts on a paper whose name does what it can to disturb a terminal."""
    paper = tmp_path / ("\x1b[31m来函\u202e" + "函" * 60 + ".pdf")
    paper.write_bytes(b"signed")

    def run(n: str, *more: str) -> Ended:
        words = ("report", "count", CAMPAIGN, *PLACE, "--n", n, "--paper", str(paper), "--reason", "来函" * 100)
        return anjuan(*words, *(more or OFFICE))

    return run


def fits(ended: Ended) -> bool:
    """Commands are there to be copied and stand on one line."""
    lines = (ended.out + ended.err).splitlines()
    return all(display_width(line) <= MAX_WIDTH for line in lines if not line.startswith("  anjuan "))


def harmless(ended: Ended) -> bool:
    return not any(sign in ended.out + ended.err for sign in ("\x1b", "\u202e"))


def test_a_count_and_what_it_opens_in_json(count: Anjuan, anjuan: Anjuan) -> None:
    said = count("3", *OFFICE, "--json")
    cells = anjuan(*CELLS, *OFFICE, "--json").json

    assert said.code == 0
    keys = ("campaign", "form", "row", "column", "measure", "unit", "period", "n", "stands", "book", "kind", "warnings")
    assert [said.json[key] for key in keys] == [
        *(CAMPAIGN, "statistics", "short_video", "mediations", "mediations", "suzhou", "2018-09"),
        *(3, 3, f"campaign:{CAMPAIGN}", "count", []),
    ]
    assert set(said.json["paper"]) == {"name", "bytes", "sha256"}
    assert cells["value"] == 3
    assert [(e["case_no"], e["seq"], e["n"]) for e in cells["entries"]] == [(None, said.json["seq"], 3)]


@pytest.mark.parametrize(("lang", "told"), [("zh", "外部数字"), ("en", "from outside")])
def test_it_reads_in_both_languages_and_does_no_harm(count: Anjuan, anjuan: Anjuan, lang: str, told: str) -> None:
    said = count("3", *OFFICE, "--lang", lang)
    taken_back = count("-2", *OFFICE, "--lang", lang)
    cells = anjuan(*CELLS, *OFFICE, "--lang", lang)

    for ended in (said, taken_back, cells):
        assert ended.code == 0
        assert told in ended.out
        assert fits(ended)
        assert harmless(ended)
    assert "-2" in taken_back.out
    assert "anjuan case history" not in cells.out


def test_a_dry_run_counts_nothing_and_keeps_no_paper(count: Anjuan, anjuan: Anjuan, tmp_path: Path) -> None:
    said = count("3", *OFFICE, "--json", "--dry-run")

    assert (said.code, said.json["stands"]) == (0, 3)
    assert anjuan(*CELLS, *OFFICE, "--json").json == {"value": None, "entries": []}
    assert not (tmp_path / "home" / "evidence").exists()


def test_the_same_key_counts_once(count: Anjuan, anjuan: Anjuan) -> None:
    first = count("3", *OFFICE, "--json", "--key", "k")
    again = count("3", *OFFICE, "--json", "--key", "k")
    other = count("4", *OFFICE, "--json", "--key", "k")

    assert first.json == again.json
    assert (other.code, other.json["error"]["code"]) == (2, "key.reused")
    assert anjuan(*CELLS, *OFFICE, "--json").json["value"] == 3


def test_refusals_and_wrong_words_have_their_exit_codes(count: Anjuan, anjuan: Anjuan, tmp_path: Path) -> None:
    for number in ("2.5", "三", "25万", "", "1" * 19):
        wrong = count(number)
        assert wrong.code == 2
        assert "分" in wrong.err
        assert fits(wrong)
    below, stranger = count("-1", *OFFICE, "--json"), count("1", "--as", "handler1", "--json")
    missing = anjuan(
        *("report", "count", CAMPAIGN, *PLACE, "--n", "1", "--reason", "r", *OFFICE),
        *("--paper", str(tmp_path / "none.pdf")),
    )

    assert (below.code, [r["code"] for r in below.json["refusals"]]) == (3, ["count.below"])
    assert (stranger.code, [r["code"] for r in stranger.json["refusals"]]) == (3, ["role.missing"])
    assert missing.code == 6
    assert count("1", "--as", "county_clerk", "--unit", "suzhou").code == 4
    assert anjuan("ledger", "verify", "--as", "head").code == 0


@pytest.fixture
def form(anjuan: Anjuan, count: Anjuan, tmp_path: Path) -> Path:
    """The form of September as the unit exported it."""
    count("3")
    file = tmp_path / "form.xlsx"
    assert anjuan("report", "export", CAMPAIGN, *MONTH, "--to", str(file), *OFFICE).code == 0
    return file


def compare(anjuan: Anjuan, file: Path, *more: str) -> Ended:
    return anjuan("report", "compare", CAMPAIGN, *MONTH, "--unit", "suzhou", "--file", str(file), *OFFICE, *more)


def test_an_equal_form_ends_with_0_and_a_changed_one_with_7(anjuan: Anjuan, form: Path) -> None:
    equal = compare(anjuan, form, "--json")
    workbook = load_workbook(form)
    workbook["工作情况统计表"]["G7"], workbook["工作情况统计表"]["B9"] = 5, "七"
    workbook.save(form)
    differs = compare(anjuan, form, "--json")

    assert (equal.code, equal.json["ok"], equal.json["differences"]) == (0, True, [])
    assert (differs.code, differs.json["ok"]) == (7, False)
    (difference,) = differs.json["differences"]
    assert {key: difference[key] for key in ("row", "column", "theirs", "ours")} == {
        "row": "short_video",
        "column": "mediations",
        "theirs": 5,
        "ours": 3,
    }
    assert differs.json["totals_wrong"] == [{"column": "mediations", "theirs": 3, "sum": 5}]
    assert [one["cell"] for one in differs.json["unread"]] == ["B9"]
    opens = anjuan(*difference["entries_command"].split()[1:], *OFFICE, "--json")
    assert opens.json["value"] == 3


@pytest.mark.parametrize(
    ("lang", "told"),
    [("zh", ("不一致1处", "可能被改动", "未能读取1处")), ("en", ("differ: 1", "may have been", "not read: 1"))],
)
def test_a_comparison_reads_in_both_languages(anjuan: Anjuan, form: Path, lang: str, told: tuple[str, ...]) -> None:
    workbook = load_workbook(form)
    workbook["工作情况统计表"]["G7"], workbook["工作情况统计表"]["B9"] = 5, "七\u202e" * 30
    workbook.save(form)

    said = compare(anjuan, form, "--lang", lang)

    assert said.code == 7
    assert all(words in said.out for words in told)
    assert fits(said)
    assert harmless(said)


def test_a_file_that_is_no_form_ends_with_2_and_one_sentence(anjuan: Anjuan, form: Path, tmp_path: Path) -> None:
    text = tmp_path / "a.xlsx"
    text.write_text("no spreadsheet")
    workbook = load_workbook(form)
    workbook["工作情况统计表"]["B5"] = "立案"
    workbook.save(tmp_path / "b.xlsx")

    broken, headless = compare(anjuan, text), compare(anjuan, tmp_path / "b.xlsx", "--json")

    assert broken.code == 2
    assert "Traceback" not in broken.err
    assert (headless.code, headless.json["error"]["code"]) == (2, "form.head_missing")
    assert "立案数量（件）" in headless.json["error"]["zh"]
    assert compare(anjuan, tmp_path / "none.xlsx").code == 6
