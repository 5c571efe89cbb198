"""`report export` as typed words: both kinds of files in both languages, what goes on record, what is refused."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from builders import CAMPAIGN, scene_in
from docx import Document
from openpyxl import load_workbook
from typed import Anjuan, typed_at

from commands.output import MAX_WIDTH, display_width
from engine.home import Home

EXPORT = ("report", "export", CAMPAIGN, "--month", "2018-09", "--as", "campaign_office", "--to")


@pytest.fixture
def anjuan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Anjuan:
    """Runs `anjuan` in this process on 9 October 2018, in a practice home with the campaign loaded."""
    scene_in(Home(tmp_path / "home", None)).office.store.close()
    return typed_at("2018-10-09", tmp_path / "home", monkeypatch, capsys)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    place = tmp_path / "exports"
    place.mkdir()
    return place


@pytest.mark.parametrize("name", ["month.docx", "month.xlsx", "MONTH.DOCX"])
def test_the_file_and_the_hash_that_is_told_agree(anjuan: Anjuan, place: Path, name: str) -> None:
    file = place / name

    said = anjuan(*EXPORT, str(file), "--json")

    assert said.code == 0
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    assert said.json == {"file": str(file), "forms": ["statistics", "cases"], "sha256": sha256}
    assert anjuan("ledger", "verify", "--as", "head").code == 0


@pytest.mark.parametrize(
    ("lang", "title", "told"),
    [
        ("zh", "“剑网2018”专项行动工作情况统计表", "工作情况统计表、查处案件信息表"),
        ("en", "Statistics of the work in the special campaign “Sword Net 2018”", "Work statistics, Cases dealt with"),
    ],
)
def test_a_document_is_in_the_language_of_the_command(
    anjuan: Anjuan, place: Path, lang: str, title: str, told: str
) -> None:
    file = place / "month.docx"

    said = anjuan(*EXPORT, str(file), "--lang", lang)

    assert said.code == 0
    assert told in said.out.replace("\n", "")
    assert title in [paragraph.text for paragraph in Document(str(file)).paragraphs]


def test_a_spreadsheet_is_as_the_forms_were_handed_out_in_either_language(anjuan: Anjuan, place: Path) -> None:
    for lang in ("zh", "en"):
        assert anjuan(*EXPORT, str(place / f"{lang}.xlsx"), "--lang", lang).code == 0

    assert (place / "zh.xlsx").read_bytes() == (place / "en.xlsx").read_bytes()
    assert load_workbook(place / "en.xlsx").sheetnames == ["工作情况统计表", "查处案件信息表"]


def test_the_same_report_is_the_same_file(anjuan: Anjuan, place: Path) -> None:
    first = anjuan(*EXPORT, str(place / "a.docx"), "--json").json
    again = anjuan(*EXPORT, str(place / "b.docx"), "--json").json

    assert first["sha256"] == again["sha256"]


@pytest.mark.parametrize("name", ["month.doc", "month.pdf", "month", "月报\u202e.xls"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_another_suffix_is_one_sentence_and_writes_nothing(anjuan: Anjuan, place: Path, name: str, lang: str) -> None:
    said = anjuan(*EXPORT, str(place / name), "--lang", lang)
    in_json = anjuan(*EXPORT, str(place / name), "--json")

    assert (said.code, in_json.json["error"]["code"]) == (2, "file.suffix")
    words = said.err.replace("\n", "")
    assert {"zh": "文件应以.xlsx或.docx结尾", "en": "the file must end in .xlsx or .docx"}[lang] in words
    assert "Traceback" not in said.err
    assert "\u202e" not in said.err
    assert all(display_width(line) <= MAX_WIDTH for line in said.err.splitlines())
    assert list(place.iterdir()) == []


def test_a_dry_run_writes_neither_a_file_nor_the_record(anjuan: Anjuan, place: Path) -> None:
    before = anjuan("ledger", "verify", "--json", "--as", "head").json

    said = anjuan(*EXPORT, str(place / "month.docx"), "--dry-run", "--json")

    assert said.json == {"file": str(place / "month.docx"), "forms": ["statistics", "cases"], "sha256": None}
    assert list(place.iterdir()) == []
    assert anjuan("ledger", "verify", "--json", "--as", "head").json == before


def test_a_campaign_without_forms_has_nothing_to_export(anjuan: Anjuan, place: Path) -> None:
    assert anjuan("campaign", "load", "beijing-mechanisms", "--unit", "suzhou", "--as", "campaign_office").code == 0
    words = ("report", "export", "beijing-mechanisms", "--month", "2018-09", "--as", "campaign_office", "--to")

    for name in ("month.docx", "month.xlsx"):
        for more in ((), ("--dry-run",)):
            said = anjuan(*words, str(place / name), "--json", *more)
            assert (said.code, said.json["error"]["code"]) == (2, "export.nothing")
    assert list(place.iterdir()) == []
