"""`report rehearse` as typed words: JSON keys, exit codes, what people read in both languages."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from builders import CAMPAIGN, Scene, scene_in
from typed import Anjuan, typed_at

from commands.output import MAX_WIDTH, display_width
from engine.home import Home

HOSTILE = "\x1b[31m<script>动漫</script>" + "漫" * 300
REHEARSE = ("report", "rehearse", CAMPAIGN, "--month", "2018-09")


@pytest.fixture
def anjuan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Anjuan:
    """Runs `anjuan` in this process on 9 October 2018, on a home where something is missing of either unit."""
    _with_gaps(scene_in(Home(tmp_path / "home", None)))
    return typed_at("2018-10-09", tmp_path / "home", monkeypatch, capsys)


def _with_gaps(scene: Scene) -> None:
    late = scene.open("2018-09-03", source="complaint", work="《某作》", category="anime")
    scene.take(late, "receive_materials", "2018-09-03")
    scene.open("2018-09-03", by="county_handler1", work="《某作》", category=HOSTILE.replace("\x1b", ""))
    no = scene.open("2018-09-04", respondent="", respondent_kind="", title=HOSTILE)
    scene.walk(no, "verify order_rectification", "2018-09-04")
    scene.take(no, "recheck", "2018-09-04", links_removed="")
    scene.office.store.close()


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("tree", [(), ("--tree",)], ids=["alone", "tree"])
def test_people_read_the_forms_and_what_is_missing_with_the_command(
    anjuan: Anjuan, lang: str, tree: tuple[str, ...]
) -> None:
    document = anjuan(*REHEARSE, *tree, "--as", "campaign_office", "--json").json
    shown = anjuan("report", "show", *REHEARSE[2:], *tree, "--as", "campaign_office", "--lang", lang)
    ended = anjuan(*REHEARSE, *tree, "--as", "campaign_office", "--lang", lang)
    lines = ended.out.splitlines()

    assert (ended.code, len(document["missing"])) == (0, 4 if tree else 3)
    assert lines[: len(shown.out.splitlines())] == shown.out.splitlines()
    assert all(f"    {one['command']}" in lines for one in document["missing"])
    assert all(display_width(line) <= MAX_WIDTH for line in lines)
    assert "\x1b" not in ended.out
    assert {"zh": "缺项", "en": "missing, "}[lang] + str(len(document["missing"])) in ended.out
    assert "lead" in ended.out  # who mends it


def test_the_document_has_what_the_contract_says(anjuan: Anjuan) -> None:
    zh = anjuan(*REHEARSE, "--as", "campaign_office", "--json")
    en = anjuan(*REHEARSE, "--as", "campaign_office", "--json", "--lang", "en")

    assert (zh.code, zh.err) == (0, "")
    assert set(zh.json) >= {
        *("campaign", "unit", "units", "period", "open", "closes_on", "ready", "missing", "remarks", "forms"),
        *("due_on", "safe_on"),
    }
    assert zh.json["ready"] is False
    assert [one["code"] for one in zh.json["missing"]] == ["category.unknown", "amount.unanswered", "cell.empty"]
    for said, lang in ((zh.json, "zh"), (en.json, "en")):
        assert all(one["what"] == one[lang] for one in (*said["missing"], *said["remarks"]))
        assert all(one["case_no"] and one["command"].startswith("anjuan case ") for one in said["missing"])
    assert "duty.overdue" in [one["code"] for one in zh.json["remarks"]]


def test_the_commands_that_are_named_make_it_ready(anjuan: Anjuan) -> None:
    values = {"category": "short_video", "links_removed": "0", "work": "《某作》"}
    for one in anjuan(*REHEARSE, "--as", "campaign_office", "--json").json["missing"]:
        words = shlex.split(one["command"])[1:]
        typed = [f"{w.removesuffix('…')}{values[w.removesuffix('=…')]}" if w.endswith("=…") else w for w in words]
        name = one["who_can"][0]["name"]
        assert anjuan(*[w.replace("…", "补填") for w in typed], "--as", name).code == 0

    ended = anjuan(*REHEARSE, "--as", "campaign_office")

    assert anjuan(*REHEARSE, "--as", "campaign_office", "--json").json["ready"] is True
    assert ended.out.rstrip().endswith("没有缺项")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_running_month_says_so(anjuan: Anjuan, lang: str) -> None:
    words = ("report", "rehearse", CAMPAIGN, "--month", "2018-10", "--as", "campaign_office")

    ended, document = anjuan(*words, "--lang", lang), anjuan(*words, "--json").json

    assert (document["open"], document["closes_on"]) == (True, "2018-10-31")
    assert {"zh": "尚未结束", "en": "still runs"}[lang] in ended.out


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((CAMPAIGN, "--month", "2018-11"), 2),
        ((CAMPAIGN, "--month", "2018-13"), 2),
        ((CAMPAIGN, "--month", ""), 2),
        ((CAMPAIGN, "--month", "２０１８-09"), 2),
        ((CAMPAIGN,), 2),
        ((CAMPAIGN, "--month", "2018-09", "--dry-run"), 2),
        (("nowhere", "--month", "2018-09"), 6),
        ((CAMPAIGN, "--month", "2018-09", "--unit", "nowhere"), 6),
        ((CAMPAIGN, "--month", "2018-09", "--unit", "jiangsu"), 4),
    ],
)
def test_wrong_input_is_one_sentence_and_its_exit_code(
    anjuan: Anjuan, lang: str, words: tuple[str, ...], code: int
) -> None:
    ended = anjuan("report", "rehearse", *words, "--as", "campaign_office", "--lang", lang)

    assert (ended.code, ended.out) == (code, "")
    assert "Traceback" not in ended.err
    assert ended.err


def test_a_county_is_refused_the_figures_of_the_city(anjuan: Anjuan) -> None:
    assert anjuan(*REHEARSE, "--unit", "suzhou", "--as", "county_clerk").code == 4
    own = anjuan(*REHEARSE, "--as", "county_clerk", "--json").json

    assert [one["unit"] for one in own["missing"]] == ["kunshan"]


def test_an_answer_left_empty_reads_as_a_dash_where_it_was_filled_in(anjuan: Anjuan) -> None:
    no = "suzhou-2018-0002"
    done = anjuan("case", "correct", no, "--set", "links_removed=3", "--reason", "漏填", "--as", "handler1")
    history = anjuan("case", "history", no, "--as", "handler1")

    assert done.code == 0
    assert "– → 3" in done.out
    assert "links_removed：– → 3" in history.out
