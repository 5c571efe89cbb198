"""`anjuan calendar` as typed words: JSON keys, exit codes, what people read, and a file that is whole or not there."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import icalendar
import pytest

import cli
from commands.output import MAX_WIDTH, display_width

EVENT = "uid sequence status kind on at zh en place case_no campaign days_left working_days_left"


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
    """Runs `anjuan` in this process on a practice store with the campaign and one case, on 14 September 2018."""
    for name in ("ANJUAN_DATABASE", "ANJUAN_LANG", "ANJUAN_SMTP", "ANJUAN_EVIDENCE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ANJUAN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ANJUAN_NOW", "2018-09-14")

    def run(*words: str) -> Ended:
        code = cli.main(words)
        out, err = capsys.readouterr()
        return Ended(code, out, err)

    assert run("init", "--practice").code == 0
    assert run("campaign", "load", "suzhou-2018", "--as", "campaign_office").code == 0
    complaint = ("source=complaint", "title=某网站;转载,案", "respondent=某公司", "respondent_kind=unit")
    given = [word for said in (*complaint, "materials_complete_on=2018-09-14") for word in ("--set", said)]
    assert run("case", "open", "case", *given, "--as", "handler1").code == 0
    return run


def test_the_calendar_of_today_as_a_document_and_as_a_file(anjuan: Anjuan, tmp_path: Path) -> None:
    file = tmp_path / "mine.ics"

    found = anjuan("calendar", "--to", str(file), "--json", "--as", "handler1").json

    assert (found["person"], found["on"], found["file"]) == ("handler1", "2018-09-14", str(file))
    assert all(" ".join(event) == EVENT for event in found["events"])
    mine = [event for event in found["events"] if event["case_no"]]
    assert [(event["kind"], event["status"], event["sequence"]) for event in mine] == [("deadline", "confirmed", 0)]
    # Fifteen days. 国办发明电〔2017〕12号: 22 to 24 September closed, Saturday the 29th worked.
    assert (mine[0]["on"], mine[0]["days_left"]) == ("2018-09-29", 15)
    assert mine[0]["working_days_left"] == 10
    read = icalendar.Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    assert [str(event["uid"]) for event in read] == [event["uid"] for event in found["events"]]
    assert any("某网站;转载,案" in str(event["summary"]) for event in read)


@pytest.mark.parametrize(("lang", "said"), [("zh", "个工作日"), ("en", "working days")])
def test_people_read_what_is_to_come(anjuan: Anjuan, lang: str, said: str) -> None:
    page = anjuan("calendar", "--as", "handler1", "--lang", lang).out

    assert said in page
    assert "suzhou-2018-0001" in page
    assert "2018-08-31" not in page, "a phase that is over"
    assert max(map(display_width, page.splitlines())) <= MAX_WIDTH


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (("--person", "lead", "--as", "handler1"), 4, "calendar.others"),
        (("--person", "nobody", "--as", "lead"), 6, "person.unknown"),
        (("--to", "mine.txt", "--as", "handler1"), 2, "file.suffix"),
        (("--to", "no/such/mine.ics", "--as", "handler1"), 2, "folder.missing"),
        (("--to", ".", "--as", "handler1"), 2, "file.is_folder"),
    ],
)
def test_what_cannot_be_given_says_why_and_writes_nothing(
    anjuan: Anjuan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], code: int, error: str
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())

    ended = anjuan("calendar", *words, "--json")

    assert (ended.code, ended.json["error"]["code"]) == (code, error)
    assert sorted(tmp_path.iterdir()) == before


def test_an_earlier_file_stands_where_another_cannot_be_given(anjuan: Anjuan, tmp_path: Path) -> None:
    file = tmp_path / "lead.ics"
    file.write_text("before", encoding="utf-8")

    assert anjuan("calendar", "--person", "lead", "--to", str(file), "--as", "handler1").code == 4

    assert file.read_text(encoding="utf-8") == "before"


def test_the_lead_sees_the_calendar_of_a_handler(anjuan: Anjuan) -> None:
    own = anjuan("calendar", "--json", "--as", "handler1").json

    assert anjuan("calendar", "--person", "handler1", "--json", "--as", "lead").json == own
