"""`campaign task` and `campaign board` as typed words: JSON keys, exit codes, what people read in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builders import CAMPAIGN, Scene, scene_in
from typed import Anjuan, Ended, typed_at

from commands.output import MAX_WIDTH, display_width
from engine.home import Home

HOSTILE = "\x1b[31m<script>已培训</script>\u202e" + "训" * 300
TASK = ("campaign", "task", CAMPAIGN)
TRAINING = (*TASK, "inspection.3")
BOARD = ("campaign", "board", CAMPAIGN)


@pytest.fixture
def anjuan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Anjuan:
    """Runs `anjuan` in this process on 9 October 2018, on a home where a complaint waits too long in each unit."""
    _complaints(scene_in(Home(tmp_path / "home", None)))
    return typed_at("2018-10-09", tmp_path / "home", monkeypatch, capsys)


def _complaints(scene: Scene) -> None:
    for handler in ("handler1", "county_handler1"):
        no = scene.open("2018-09-03", by=handler, source="complaint", title=f"\x1b]0;{handler}\x07" + "案" * 90)
        scene.take(no, "receive_materials", "2018-09-03", by=handler)
    scene.office.store.close()


def fits(ended: Ended) -> bool:
    return all(display_width(line) <= MAX_WIDTH for line in (ended.out + ended.err).splitlines())


def harmless(ended: Ended) -> bool:
    return not any(sign in ended.out + ended.err for sign in ("\x1b", "\x07", "\u202e"))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("who", ["campaign_office", "county_clerk", "province"])
def test_the_board_fits_the_screen_and_does_no_harm_whatever_was_recorded(
    anjuan: Anjuan, tmp_path: Path, lang: str, who: str
) -> None:
    sheet = tmp_path / ("表" * 60 + ".txt")
    sheet.write_text("签到", encoding="utf-8")
    said = anjuan(*TRAINING, "--note", HOSTILE, "--file", str(sheet), "--as", "county_lead", "--lang", lang)
    board = anjuan(*BOARD, "--as", who, "--lang", lang)

    assert (said.code, board.code) == (0, 0)
    assert fits(said)
    assert fits(board)
    assert harmless(said)
    assert harmless(board)


def test_the_board_reads_in_both_languages(anjuan: Anjuan) -> None:
    zh, en = anjuan(*BOARD, "--as", "campaign_office"), anjuan(*BOARD, "--as", "campaign_office", "--lang", "en")

    for told in ("余30个工作日", "行政处罚：立案数量", "案件2件", "逾期的期限2项", "anjuan case why suzhou-2018-0001"):
        assert told in zh.out
    for told in ("30 working days", "Administrative penalties: Cases filed", "Cases: 2", "Overdue limits: 2"):
        assert told in en.out


def test_a_unit_below_is_shown_alone_and_a_unit_beside_is_not(anjuan: Anjuan) -> None:
    below = anjuan(*BOARD, "--unit", "kunshan", "--as", "campaign_office", "--json")
    beside = anjuan(*BOARD, "--unit", "suzhou", "--as", "county_clerk", "--json")

    assert (below.json["unit"], below.json["cases"]["total"], below.json["late"]["deadlines"]["n"]) == ("kunshan", 1, 1)
    assert (beside.code, beside.json["error"]["code"]) == (4, "unit.outside")


def test_an_entry_answers_as_the_record_has_it_and_the_board_shows_it(anjuan: Anjuan, tmp_path: Path) -> None:
    sheet = tmp_path / "签到表.txt"
    sheet.write_text("签到", encoding="utf-8")
    words = ("--note", "已培训", "--case", "suzhou-2018-0001", "--file", str(sheet), "--done", "--as", "lead")

    said = anjuan(*TRAINING, *words, "--json").json
    unit = next(
        unit
        for task in anjuan(*BOARD, "--as", "campaign_office", "--json").json["tasks"]
        if task["id"] == "inspection.3"
        for unit in task["units"]
        if unit["unit"] == "suzhou"
    )

    assert (said["campaign"], said["task"], said["unit"], said["state"]) == (CAMPAIGN, "inspection.3", "suzhou", "done")
    assert (said["kind"], said["actor"], said["happened_on"]) == ("task", "lead", "2018-10-09")
    (file,) = said["effects"]["files"]
    assert (tmp_path / "home" / "evidence" / "sha256" / file["sha256"][:2] / file["sha256"]).is_file()
    assert (unit["state"], unit["done_on"], unit["last"]["seq"]) == ("done", "2018-10-09", said["seq"])
    assert (unit["last"]["cases"], unit["last"]["files"]) == (["suzhou-2018-0001"], [file])


def test_a_rehearsal_keeps_neither_entry_nor_file(anjuan: Anjuan, tmp_path: Path) -> None:
    sheet = tmp_path / "签到表.txt"
    sheet.write_text("签到", encoding="utf-8")

    rehearsed = anjuan(*TRAINING, "--note", "已培训", "--file", str(sheet), "--as", "lead", "--dry-run", "--json")

    assert (rehearsed.code, rehearsed.json["state"]) == (0, "open")
    assert not (tmp_path / "home" / "evidence").exists()
    tasks = anjuan(*BOARD, "--as", "lead", "--json").json["tasks"]
    assert {unit["entries"] for task in tasks for unit in task["units"]} == {0}


def test_the_same_key_records_once(anjuan: Anjuan) -> None:
    words = (*TRAINING, "--note", "已培训", "--key", "k1", "--as", "lead", "--json")

    first, again = anjuan(*words), anjuan(*words)
    other = anjuan(*TRAINING, "--note", "另一内容", "--key", "k1", "--as", "lead", "--json")

    assert first.json == again.json
    assert (other.code, other.json["error"]["code"]) == (2, "key.reused")


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ((*TASK, "inspection.33", "--note", "a"), 6, "inspection.3"),
        ((*TASK, "nothing", "--note", "a"), 6, "deployment.1"),
        (TRAINING, 2, "--note"),
        ((*TRAINING, "--note", "a", "--done", "--reopen"), 2, "--reopen"),
        ((*TRAINING, "--note", "a", "--reason", "b"), 2, "--reopen"),
        ((*TRAINING, "--note", "a", "--file", "no/such/file"), 6, "no/such/file"),
        ((*TRAINING, "--note", "a", "--file", "."), 2, "."),
        ((*TRAINING, "--note", "a", "--case", "suzhou-2018-9999"), 6, "suzhou-2018-9999"),
        ((*TRAINING, "--reopen"), 3, "--reason"),
        ((*TRAINING, "--note", "a", "--unit", "kunshan"), 3, "campaign_office"),
        (("campaign", "task", "nothing-2018", "1", "--note", "a"), 6, "nothing-2018"),
        (("campaign", "board", "nothing-2018"), 6, "nothing-2018"),
    ],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_does_not_fit_is_told_with_the_right_exit_code_and_changes_nothing(
    anjuan: Anjuan, words: tuple[str, ...], code: int, told: str, lang: str
) -> None:
    ended = anjuan(*words, "--as", "lead", "--lang", lang)

    assert ended.code == code
    assert told in ended.err
    assert "Traceback" not in ended.err
    assert fits(ended)
    tasks = anjuan(*BOARD, "--as", "lead", "--json").json["tasks"]
    assert {unit["entries"] for task in tasks for unit in task["units"]} == {0}


def test_a_file_that_may_not_be_read_is_told_in_a_sentence(
    anjuan: Anjuan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = tmp_path / "签到表.txt"
    sheet.write_text("签到", encoding="utf-8")
    opened = Path.open

    def refusing(self: Path, *words: Any, **named: Any) -> Any:
        if self == sheet:
            raise PermissionError(13, "no", str(self))
        return opened(self, *words, **named)

    monkeypatch.setattr(Path, "open", refusing)
    ended = anjuan(*TRAINING, "--note", "已培训", "--file", str(sheet), "--as", "lead", "--json")

    assert (ended.code, ended.json["error"]["code"]) == (2, "file.unreadable")
