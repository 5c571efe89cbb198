"""Corrections, campaigns joined, files and hand-overs as typed words: JSON keys, exit codes, what people read."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import CAMPAIGN, Scene, scene_in
from typed import Anjuan, Ended, typed_at

from commands.output import MAX_WIDTH, display_width
from engine.home import Home

NO = "suzhou-2018-0001"
OTHER = "suzhou-2018-0002"
HOSTILE = "\x1b[31m<script>某短视频平台</script>" + "案" * 150


@pytest.fixture
def anjuan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Anjuan:
    """Runs `anjuan` in this process on 9 October 2018, on a home with two cases of the campaign held by handler1."""
    _two_cases(scene_in(Home(tmp_path / "home", None)))
    return typed_at("2018-10-09", tmp_path / "home", monkeypatch, capsys)


def _two_cases(scene: Scene) -> None:
    first, second = scene.open("2018-10-08"), scene.open("2018-10-08", title=HOSTILE)
    scene.walk(first, "verify order_rectification", "2018-10-08")
    scene.take(first, "recheck", "2018-10-08", links_removed="12")
    scene.office.store.close()
    assert (first, second) == (NO, OTHER)


def lines_fit(ended: Ended) -> bool:
    return all(display_width(line) <= MAX_WIDTH for line in (ended.out + ended.err).splitlines())


# --- correct and join -------------------------------------------------------------------------------------------------

CORRECTION = ("case", "correct", NO, "--set", "links_removed=21", "--reason", "少计九条")


def test_a_correction_answers_with_the_entry_and_what_changed(anjuan: Anjuan) -> None:
    ended = anjuan(*CORRECTION, "--as", "handler1", "--json")

    said = ended.json
    assert ended.code == 0
    assert {"seq", "kind", "actor", "happened_on", "recorded_at", "answers", "hash", "reason"} <= set(said)
    assert (said["kind"], said["answers"], said["reason"]) == ("correct", {"links_removed": 21}, "少计九条")
    (change,) = said["changed"]
    assert (change["answer"], change["from"], change["to"]) == ("links_removed", 12, 21)
    assert said["tallies"] == [
        {
            "campaign": CAMPAIGN,
            "column": "links_removed",
            "row": "short_video",
            "n": 9,
            "unit": "suzhou",
            "period": "2018-10",
        }
    ]
    assert said["version"] == anjuan("case", "show", NO, "--as", "lead", "--json").json["version"]


def test_old_and_new_are_read_in_both_languages_and_stay_in_the_history(anjuan: Anjuan) -> None:
    zh = anjuan(*CORRECTION, "--as", "handler1", "--dry-run")
    en = anjuan(*CORRECTION, "--as", "handler1", "--lang", "en")
    history, english = anjuan("case", "history", NO, "--as", "lead"), anjuan("case", "history", NO, "--lang", "en")

    assert "已更正" in zh.out
    assert "12 → 21" in zh.out
    assert "corrected" in en.out
    assert "links confirmed removed (entry 4): 12 → 21" in en.out
    assert "links_removed：12 → 21" in history.out
    assert "理由：少计九条" in history.out
    assert english.code == 2  # nobody said who acts
    assert all(map(lines_fit, (zh, en, history)))


def test_the_figure_and_the_entries_behind_it_follow(anjuan: Anjuan) -> None:
    anjuan("case", "correct", NO, "--set", "category=other", "--reason", "类别有误", "--as", "lead")

    named = ("--month", "2018-10", "--form", "statistics", "--column", "links_removed", "--as", "lead", "--json")
    before = anjuan("report", "cells", CAMPAIGN, "--row", "short_video", *named).json
    after = anjuan("report", "cells", CAMPAIGN, "--row", "other", *named).json

    assert (before["value"], after["value"]) in ((0, 12), ("0", "12"))
    assert [e["n"] for e in before["entries"]] == [12, -12]
    assert [(e["case_no"], e["n"]) for e in after["entries"]] == [(NO, 12)]
    assert anjuan("ledger", "verify", "--json").json["ok"]


def test_the_same_key_corrects_once(anjuan: Anjuan) -> None:
    first = anjuan(*CORRECTION, "--as", "handler1", "--key", "k1", "--json").json
    again = anjuan(*CORRECTION, "--as", "handler1", "--key", "k1", "--json").json

    assert again == first
    assert [e["kind"] for e in anjuan("case", "history", NO, "--as", "lead", "--json").json].count("correct") == 1


def test_a_refused_correction_is_told_and_on_record(anjuan: Anjuan) -> None:
    words = ("case", "correct", NO, "--set", "result=partly", "--reason", "选错", "--as", "handler1")

    zh, en, document = anjuan(*words), anjuan(*words, "--lang", "en"), anjuan(*words, "--json")

    assert (zh.code, en.code, document.code) == (3, 3, 3)
    assert "不是笔误" in zh.err
    assert f"anjuan case undo {NO} --reason …" in en.err
    assert [r["code"] for r in document.json["refusals"]] == ["correct.procedural"]
    history = anjuan("case", "history", NO, "--as", "lead", "--json").json
    assert [(e["kind"], e["step"]) for e in history[-3:]] == [("refusal", "correct")] * 3
    assert all(map(lines_fit, (zh, en, anjuan("case", "history", NO, "--as", "lead"))))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("correct", NO, "--reason", "误", "--as", "lead"), 2),
        (("correct", NO, "--set", "title", "--reason", "误", "--as", "lead"), 2),
        (("correct", NO, "--set", "title=新", "--as", "lead"), 3),
        (("correct", "suzhou-2018-9999", "--set", "title=新", "--reason", "误", "--as", "lead"), 6),
        (("correct", NO, "--set", "title=新", "--reason", "误", "--as", "county_lead"), 4),
        (("join", NO, CAMPAIGN, "--category", "other", "--as", "lead"), 3),
        (("join", NO, "nowhere", "--category", "other", "--as", "lead"), 6),
        (("assign", NO, "--as", "lead"), 2),
        (("assign", NO, "--to", "nobody", "--as", "lead"), 6),
        (("assign", NO, "--to", ",", "--as", "lead"), 2),
        (("accept", NO, "--as", "handler3"), 3),
        (("refuse-offer", NO, "--as", "handler3"), 3),
        (("hand-over", "--from", "handler1", "--to", "handler1", "--reason", "误", "--as", "lead"), 2),
        (("hand-over", "--from", "handler1", "--to", "handler3", "--reason", "误", "--as", "handler2"), 3),
        (("attach", NO, "no such file", "--as", "handler1"), 6),
    ],
)
def test_what_is_wrong_is_said_in_both_languages_with_the_exit_code(
    anjuan: Anjuan, words: tuple[str, ...], code: int
) -> None:
    zh, en, document = anjuan("case", *words), anjuan("case", *words, "--lang", "en"), anjuan("case", *words, "--json")

    assert (zh.code, en.code, document.code) == (code, code, code)
    assert any("\u4e00" <= c <= "\u9fff" for c in zh.err)
    assert en.err.strip()
    assert isinstance(document.json, dict)
    assert "Traceback" not in zh.err + en.err
    assert all(map(lines_fit, (zh, en)))


def test_a_case_joins_a_campaign_and_counts_from_then_on(anjuan: Anjuan) -> None:
    answers = ("--set", "source=patrol", "--set", "title=另案")
    no = anjuan("case", "open", "case", *answers, "--as", "handler1", "--json").json["case_no"]

    ended = anjuan("case", "join", no, CAMPAIGN, "--category", "other", "--as", "handler1", "--json")
    shown = anjuan("case", "show", no, "--as", "lead", "--json").json

    assert (ended.code, ended.json["kind"]) == (0, "join")
    assert shown["campaigns"] == [{"id": CAMPAIGN, "category": "other", "since": "2018-10-09"}]
    assert "计入专项行动" in anjuan("case", "history", no, "--as", "lead").out
    assert anjuan("ledger", "verify", "--json").json["ok"]


# --- files ------------------------------------------------------------------------------------------------------------


def test_a_file_is_attached_kept_and_looked_after(anjuan: Anjuan, tmp_path: Path) -> None:
    shot = tmp_path / "截图.png"
    shot.write_bytes(b"page")

    rehearsed = anjuan("case", "attach", NO, str(shot), "--as", "handler1", "--dry-run")
    kept_by_rehearsal = list((tmp_path / "home").rglob("sha256"))
    ended = anjuan("case", "attach", NO, str(shot), "--kind", "截图", "--as", "handler1", "--json")

    said = ended.json
    place = tmp_path / "home" / "evidence" / "sha256" / said["file"]["sha256"][:2] / said["file"]["sha256"]
    assert (rehearsed.code, kept_by_rehearsal, ended.code) == (0, [], 0)
    assert (said["kind"], said["file"]["name"], said["file"]["bytes"], said["file"]["kind"]) == (
        "attach",
        "截图.png",
        4,
        "截图",
    )
    assert place.read_bytes() == b"page"
    assert "截图.png（截图），4字节" in anjuan("case", "history", NO, "--as", "lead").out
    assert _evidence(anjuan) == (True, 1)
    place.write_bytes(b"pagE")
    assert _evidence(anjuan) == (False, 1)
    place.unlink()
    assert _evidence(anjuan) == (False, 1)


def _evidence(anjuan: Anjuan) -> tuple[bool, int]:
    found = [c for c in anjuan("doctor", "--json").json["checks"] if c["id"] == "evidence"]
    return all(c["ok"] for c in found), len(found)


def test_an_attached_file_moves_neither_state_nor_version(anjuan: Anjuan, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("x")
    before = anjuan("case", "show", NO, "--as", "lead", "--json").json

    zh, en = (anjuan("case", "attach", NO, str(file), "--as", "handler1", "--lang", lang) for lang in ("zh", "en"))

    after = anjuan("case", "show", NO, "--as", "lead", "--json").json
    assert (after["state"], after["version"]) == (before["state"], before["version"])
    assert "已附a.txt（1字节" in zh.out
    assert "a.txt attached (1 bytes" in en.out


# --- who holds it -----------------------------------------------------------------------------------------------------


def test_assign_answers_with_the_entry_and_the_holders(anjuan: Anjuan) -> None:
    ended = anjuan("case", "assign", NO, "--to", "handler2,handler3", "--as", "lead", "--json")

    said = ended.json
    assert (ended.code, said["kind"], said["holders"], said["offer"]) == (0, "assign", ["handler2", "handler3"], None)
    assert "handler1,handler2 → handler2,handler3" in anjuan("case", "history", NO, "--as", "lead").out


def test_an_offer_waits_in_today_until_it_is_answered(anjuan: Anjuan) -> None:
    offered = anjuan("case", "offer", NO, "--to", "handler3", "--reason", "出差一月", "--as", "handler1", "--json").json
    waiting = anjuan("today", "--as", "handler3", "--json").json["offers"]
    read = anjuan("today", "--as", "handler3")
    shown = anjuan("case", "show", NO, "--as", "lead")
    accepted = anjuan("case", "accept", NO, "--as", "handler3", "--json").json

    assert (offered["kind"], offered["offer"]["to"]) == ("offer", "handler3")
    assert [(o["case_no"], o["from"], o["reason"]) for o in waiting] == [(NO, "handler1", "出差一月")]
    assert f"anjuan case accept {NO}" in read.out
    assert "等待接收移交：handler1 → handler3" in shown.out
    assert (accepted["kind"], accepted["holders"]) == ("accept", ["handler3", "handler2"])
    assert anjuan("today", "--as", "handler3", "--json").json["offers"] == []
    assert all(map(lines_fit, (read, shown)))


def test_a_refused_offer_is_named_as_such_in_the_record(anjuan: Anjuan) -> None:
    anjuan("case", "offer", NO, "--to", "handler3", "--reason", "出差", "--as", "handler1")
    anjuan("case", "accept", NO, "--as", "handler_reviewer")
    anjuan("case", "refuse-offer", NO, "--reason", "手头案件多", "--as", "handler3")

    zh = anjuan("case", "history", NO, "--as", "lead").out
    en = anjuan("case", "history", NO, "--as", "lead", "--lang", "en").out

    assert "未准办理：接收移交" in zh
    assert "不接收移交" in zh
    assert "refused: accept an offer" in en


def test_a_hand_over_lists_every_case_with_state_and_date(anjuan: Anjuan) -> None:
    words = ("case", "hand-over", "--from", "handler1", "--to", "handler3", "--reason", "调离", "--as", "lead")

    rehearsed = anjuan(*words, "--dry-run", "--lang", "en")
    document = anjuan(*words, "--dry-run", "--json").json
    ended = anjuan(*words)

    assert [m["case_no"] for m in document["moved"]] == [NO, OTHER]
    assert {"case_no", "title", "state", "due_on"} <= set(document["moved"][0])
    assert document["kept"] == []
    assert "2 would move" in rehearsed.out
    assert "handler1 → handler3：2件" in ended.out
    assert (rehearsed.code, ended.code) == (0, 0)
    assert all(map(lines_fit, (rehearsed, ended)))
    assert "\x1b" not in ended.out
    assert anjuan("case", "show", OTHER, "--as", "lead", "--json").json["holders"] == ["handler3"]
    assert anjuan("ledger", "verify", "--json").json["ok"]


def test_a_hand_over_that_keeps_something_back_is_partly_done(anjuan: Anjuan) -> None:
    words = ("case", "hand-over", "--from", "handler2", "--to", "handler3", "--case", NO, "--case", OTHER)

    ended = anjuan(*words, "--reason", "调离", "--as", "head", "--json")

    assert ended.code == 7
    assert [m["case_no"] for m in ended.json["moved"]] == [NO]
    assert [(k["case_no"], [w["code"] for w in k["why"]]) for k in ended.json["kept"]] == [(OTHER, ["holder.other"])]
