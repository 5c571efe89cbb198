"""A workflow drawn by typed words: with and without a store, with open cases, one case and a campaign laid over it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import pytest
from builders import CAMPAIGN, Scene, scene_in

import cli
from commands.output import MAX_WIDTH, display_width
from engine.home import Home

NO, OTHER = "suzhou-2018-0001", "suzhou-2018-0002"


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
    """Runs `anjuan` in this process on 5 November 2018, in a folder without a store."""
    for name in ("ANJUAN_DATABASE", "ANJUAN_LANG", "ANJUAN_SMTP", "ANJUAN_EVIDENCE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ANJUAN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ANJUAN_NOW", "2018-11-05")
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> Ended:
        code = cli.main(words)
        out, err = capsys.readouterr()
        return Ended(code, out, err)

    return run


@pytest.fixture
def two_cases(tmp_path: Path) -> None:
    """One case stands at the lead; of the other a party has been decided on and one waits for the notice."""
    scene = scene_in(Home(tmp_path / "home", None))
    scene.open("2018-09-03")
    _parted(scene, scene.open("2018-09-03"))
    scene.office.store.close()


def _parted(scene: Scene, case_no: str) -> None:
    scene.walk(case_no, "verify add_party file investigate conclude review", "2018-09-05")
    scene.take(case_no, "approve_notice", "2018-09-06", party=1)
    scene.take(case_no, "decide_no_penalty", "2018-09-06", party=2, ground="not_established")


def states_of(ended: Ended) -> dict[str, dict[str, Any]]:
    assert ended.code == 0, ended
    return {state["id"]: state for state in ended.json["states"]}


def test_without_a_store_the_shipped_workflow_is_drawn_without_counts(anjuan: Anjuan) -> None:
    drawn = anjuan("workflow", "draw", "case")
    states = states_of(anjuan("workflow", "draw", "case", "--json"))

    assert drawn.code == 0
    assert drawn.err == ""
    assert all(display_width(line) <= MAX_WIDTH for line in drawn.out.splitlines())
    assert "【受理】" in drawn.out
    assert {state["count"] for state in states.values()} == {None}


def test_the_document_names_every_state_with_its_arcs(anjuan: Anjuan) -> None:
    ended = anjuan("workflow", "draw", "case", "--json")

    said = ended.json
    assert set(said) == {"workflow", "hash", "main", "remarks", "states", "numbered", "file"}
    lead = states_of(ended)["lead"]
    keys = "id zh en stage opening opening_shut end main count here visited arcs"
    assert set(lead) == set(keys.split())
    assert {"step": "verify", "to": "verifying", "shown": "arrow", "shut": None, "taken": False} in lead["arcs"]
    assert {"step": "merge", "to": "merged", "shown": "number", "shut": None, "taken": False} in lead["arcs"]


@pytest.mark.usefixtures("two_cases")
def test_every_state_has_its_open_cases_of_the_units_of_the_actor(anjuan: Anjuan) -> None:
    own = states_of(anjuan("workflow", "draw", "case", "--as", "head", "--json"))
    county = states_of(anjuan("workflow", "draw", "case", "--as", "head", "--unit", "kunshan", "--json"))
    text = anjuan("workflow", "draw", "case", "--as", "head").out

    assert {state: s["count"] for state, s in own.items() if s["count"]} == {"lead": 1, "notice_approved": 1}
    assert sum(s["count"] or 0 for s in county.values()) == 0
    assert (own["closed"]["count"], own["decided"]["count"]) == (None, 0)
    assert "线索 lead（1件）" in text
    assert "未结案件2件，2018-11-05" in text


@pytest.mark.usefixtures("two_cases")
def test_where_nobody_is_known_nothing_is_counted(anjuan: Anjuan) -> None:
    states = states_of(anjuan("workflow", "draw", "case", "--json"))

    assert {state["count"] for state in states.values()} == {None}


@pytest.mark.usefixtures("two_cases")
def test_a_case_is_marked_with_its_way_and_each_party_where_it_stands(anjuan: Anjuan) -> None:
    ended = anjuan("workflow", "draw", "case", "--case", OTHER, "--as", "head", "--json")

    states = states_of(ended)
    here = {state: s["here"] for state, s in states.items() if s["here"]}
    assert here == {"notice_approved": ["1号当事人"], "no_penalty": ["2号当事人"]}
    went = {(arc["step"], state) for state, s in states.items() for arc in s["arcs"] if arc["taken"]}
    assert {("verify", "lead"), ("file", "verifying"), ("decide_no_penalty", "reviewed")} <= went
    assert ("interview", "verifying") not in went
    assert f"案件{OTHER}：告知书已审批" in ended.json["remarks"]


@pytest.mark.usefixtures("two_cases")
def test_a_case_of_one_party_stands_there_under_its_number(anjuan: Anjuan) -> None:
    text = anjuan("workflow", "draw", "case", "--case", NO, "--as", "head", "--lang", "en").out

    assert f"▶ lead lead (1): start, {NO}" in text


@pytest.mark.usefixtures("two_cases")
def test_a_campaign_marks_the_steps_that_it_closes_on_the_day(anjuan: Anjuan) -> None:
    words = ("workflow", "draw", "case", "--campaign", CAMPAIGN, "--as", "head", "--json")
    today, september = anjuan(*words), anjuan(*words, "--on", "2018-09-10")

    def shut(ended: Ended) -> dict[str, str]:
        return {arc["step"]: arc["shut"] for s in states_of(ended).values() for arc in s["arcs"] if arc["shut"]}

    assert shut(today) == {"order_rectification": "refused", "recheck": "warn", "close_rectified": "warn"}
    assert shut(september) == {}
    assert states_of(today)["lead"]["opening_shut"] == "partly"


@pytest.mark.parametrize("name", ["流程.svg", "flow.mmd", "flow.TXT"])
def test_the_ending_of_the_file_says_how_it_is_written(anjuan: Anjuan, tmp_path: Path, name: str) -> None:
    ended = anjuan("workflow", "draw", "case", "--to", name)

    assert ended.code == 0
    assert name in ended.out
    text = (tmp_path / name).read_text("utf-8")
    if name.endswith(".svg"):
        assert ElementTree.fromstring(text).tag.endswith("svg")
    else:
        assert ("flowchart LR" if name.endswith(".mmd") else "【受理】") in text


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--to", "flow.pdf"), 2, "file.suffix"),
        (("--to", "nowhere/flow.svg"), 2, "folder.missing"),
        (("--on", "2018-09-10"), 2, "usage.on_without_campaign"),
        (("--campaign", CAMPAIGN, "--on", "jamais"), 2, "date.invalid"),
        (("--campaign", "none"), 6, "campaign.unknown"),
        (("--case", "none"), 6, "case.unknown"),
        (("--unit", "none"), 6, "unit.unknown"),
    ],
)
@pytest.mark.usefixtures("two_cases")
def test_wrong_words_draw_nothing(anjuan: Anjuan, tmp_path: Path, words: tuple[str, ...], code: int, said: str) -> None:
    ended = anjuan("workflow", "draw", "case", *words, "--as", "head", "--json")

    assert (ended.code, ended.json["error"]["code"]) == (code, said)
    assert not [*tmp_path.glob("flow*")]


@pytest.mark.usefixtures("two_cases")
def test_a_case_is_drawn_in_its_own_workflow_and_only_for_its_units(anjuan: Anjuan) -> None:
    other = anjuan("workflow", "draw", "preservation", "--case", NO, "--as", "head", "--json")
    county = anjuan("workflow", "draw", "case", "--case", NO, "--as", "county_head", "--json")

    assert (other.code, other.json["error"]["code"]) == (2, "workflow.other")
    assert county.code == 4


def test_without_a_store_no_case_can_be_marked(anjuan: Anjuan) -> None:
    ended = anjuan("workflow", "draw", "case", "--case", NO, "--json")

    assert ended.json["error"]["code"] == "store.not_initialised"


def test_an_unknown_workflow_is_not_drawn(anjuan: Anjuan) -> None:
    ended = anjuan("workflow", "draw", "none", "--json")

    assert (ended.code, ended.json["error"]["code"]) == (6, "workflow.unknown")
