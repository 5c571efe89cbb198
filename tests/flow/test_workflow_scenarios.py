"""Scenarios that a definition does not keep: told with their lines, as values and by `workflow check --scenarios`."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import cli
from commands.output import MAX_WIDTH, display_width
from engine.canonical import content_hash
from engine.definitions import Definition, definition_from
from engine.documents import Document
from engine.errors import Problem
from engine.limit_checks import shipped_time_limits
from workflows.definition_files import DEFINITIONS, read_definition
from workflows.scenario_acts import Outcome
from workflows.scenario_files import FOLDER, folders_of
from workflows.scenario_playing import played

LIMITS = shipped_time_limits()
NATURES = {limit.id: limit.nature for limit in LIMITS.values()}

HOLD = """\
id: hold
zh: 登记保存
en: A hold
basis: 行政处罚法（2021）第五十六条
workflow: preservation
before: []
open:
  on: 2026-02-12
  by: handler1
  set: {goods: 光盘, officers: "handler1,handler2", approved_on: 2026-02-12, delivered_on: 2026-02-12}
life:
  - on: 2026-02-24
    by: handler1
    refused: dispose
    set: {measure: appraised}
    because: [role.missing]
  - on: 2026-02-28
    by: head
    do: dispose
    set: {measure: appraised}
    state: disposed
    due: {evidence_hold: 2026-02-28}
  - on: 2026-02-28
    by: lead
    undo: true
    reason: 填错
    state: held
end:
  state: lapsed
  deadlines: {evidence_hold: running}
"""
# It ends on the evening of the last day, when nothing has lapsed yet.
RIGHT = HOLD.replace("state: lapsed", "state: held")

# What is written instead of what, and the differences that follow from it: line, code.
WRONG = {
    "opening": ('officers: "handler1,handler2"', "officers: handler1", [(7, "scenario.opening")]),
    "opened_by_nobody": ("  by: handler1\n  set", "  by: nobody\n  set", [(7, "scenario.opening")]),
    "no_such_step": ("do: dispose", "do: dissolve", [(19, "scenario.step_unknown")]),
    "no_such_refused_step": ("refused: dispose", "refused: dissolve", [(14, "scenario.step_unknown")]),
    "refused": ("by: head\n    do", "by: lead\n    do", [(19, "scenario.refused")]),
    "not_refused": ("by: handler1\n    refused", "by: head\n    refused", [(16, "scenario.not_refused")]),
    "refused_otherwise": ("[role.missing]", "[state.wrong]", [(16, "scenario.refused_otherwise")]),
    "refused_once_more": ("[role.missing]", "[role.missing, role.missing]", [(16, "scenario.refused_otherwise")]),
    "undo_refused": ("reason: 填错", 'reason: ""', [(25, "scenario.refused")]),
    "undo_refused_otherwise": (
        "reason: 填错\n    state: held",
        "because: [undo.nothing]\n    state: disposed",
        [(26, "scenario.refused_otherwise"), (29, "scenario.state"), (30, "scenario.deadline")],
    ),
    "undone": ("reason: 填错", "reason: 填错\n    because: [undo.served]", [(27, "scenario.not_refused")]),
    "warning": ("state: disposed", "state: disposed\n    mind: [late.duty]", [(22, "scenario.warning")]),
    "impossible": ("by: lead", "by: nobody", [(25, "scenario.impossible")]),
    "state": ("state: disposed", "state: held", [(21, "scenario.state")]),
    "due": ("evidence_hold: 2026-02-28", "evidence_hold: 2026-03-02", [(22, "scenario.due")]),
    "due_of_nothing": ("evidence_hold: 2026-02-28", "payment: 2026-02-28", [(22, "scenario.due")]),
    "end": ("state: held\n  dead", "state: lapsed\n  dead", [(29, "scenario.state")]),
    "party": ("  deadlines:", '  parties: {"1": held}\n  deadlines:', [(30, "scenario.party")]),
    "deadline": ("{evidence_hold: running}", "{evidence_hold: met}", [(30, "scenario.deadline")]),
    "deadline_of_nothing": ("{evidence_hold: running}", "{payment: met}", [(30, "scenario.deadline")]),
    "figures": ("  deadlines:", "  figures:\n    2026-02: {filed: 1}\n  deadlines:", [(31, "scenario.figures")]),
    "before": ("before: []", "before: [deadline]", [(6, "scenario.before")]),
    "wrong_file": ("basis: 行政处罚法（2021）第五十六条\n", "", [(1, "field.missing")]),
    "two": ("evidence_hold: 2026-02-28", "evidence_hold: 2026-03-02, payment: 2026-03-02", [(22, "scenario.due")] * 2),
}
FAULTS = {code for _, _, found in WRONG.values() for _, code in found}


class Ended(NamedTuple):
    code: int
    out: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Anjuan = Callable[..., Ended]


@pytest.fixture
def anjuan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Anjuan:
    for name in ("ANJUAN_DATABASE", "ANJUAN_LANG", "ANJUAN_NOW", "ANJUAN_SMTP", "ANJUAN_EVIDENCE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ANJUAN_HOME", str(tmp_path / "home"))

    def run(*words: str) -> Ended:
        code = cli.main(words)
        return Ended(code, capsys.readouterr().out)

    return run


def shipped(workflow: str) -> Definition:
    return read_definition(DEFINITIONS / f"{workflow}.yaml", NATURES)


def folder_with(place: Path, texts: dict[str, str], workflow: str = "preservation") -> Path:
    folder = place / FOLDER / workflow
    folder.mkdir(parents=True)
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text.replace("id: hold\n", f"id: {name}\n", 1), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    """The right file and every wrong one, played."""
    texts = {"right": RIGHT}
    for name, (old, new, _) in WRONG.items():
        assert RIGHT.count(old) == 1, (name, old)
        texts[name] = RIGHT.replace(old, new)
    folder = folder_with(tmp_path_factory.mktemp("wrong"), texts)
    return {outcome.id: outcome for outcome in played(shipped("preservation"), [folder])}


def lines_and_codes(problems: Iterable[Problem]) -> list[tuple[int, str]]:
    return [(p.line, p.code) for p in problems]


def test_a_right_file_has_no_differences(found: dict[str, Outcome]) -> None:
    assert (found["right"].ok, found["right"].differences) == (True, ())


@pytest.mark.parametrize("name", WRONG)
def test_each_difference_is_told_with_its_line(found: dict[str, Outcome], name: str) -> None:
    assert lines_and_codes(found[name].differences) == WRONG[name][2]
    assert all(d.zh.strip() and d.en.strip() for d in found[name].differences)


def test_every_code_of_a_difference_has_a_wrong_file() -> None:
    import workflows.scenario_differences as words

    said = {part for part in (words.__doc__ or "").split("`") if part.startswith("scenario.")}

    assert said <= FAULTS
    assert {code for code in FAULTS if code.startswith("scenario.")} <= said


def test_a_difference_says_what_should_be_and_what_is(found: dict[str, Outcome]) -> None:
    (refused,), (due,) = found["refused"].differences, found["due"].differences
    (state,), (figures,) = found["state"].differences, found["figures"].differences

    assert refused.zh.startswith("“作出处理决定”（dispose）应当可以办理，却因role.missing不能办理：")
    assert refused.en.startswith("dispose should be possible but is refused for role.missing: ")
    assert due.zh == "期限evidence_hold应于2026-03-02届满，实于2026-02-28届满"
    assert due.en == "evidence_hold should end on 2026-03-02, but ends on 2026-02-28"
    assert state.zh == "案件应在“登记保存中”（held），实在“已作处理决定”（disposed）"
    assert state.en == "the case should stand at held, but stands at disposed"
    assert (figures.zh, figures.en) == ("2026-02的filed应为1，实为0", "filed of 2026-02 should be 1, but is 0")


# --- other definitions than the shipped ones --------------------------------------------------------------------------


def without_guard(definition: Definition, step: str, guard: str) -> Definition:
    document = definition.as_document()
    kept = [one for one in document["steps"][step]["require"] if guard not in one]
    assert len(kept) < len(document["steps"][step]["require"])
    document["steps"][step]["require"] = kept
    return definition_from(document)


def test_a_shipped_scenario_fails_where_a_guard_was_dropped(tmp_path: Path) -> None:
    folder = tmp_path / FOLDER / "case"
    folder.mkdir(parents=True)
    shutil.copy(DEFINITIONS / FOLDER / "case" / "head_absent.yaml", folder)

    (as_shipped,) = played(shipped("case"), [folder])
    (mutated,) = played(without_guard(shipped("case"), "decide", "waited"), [folder])

    assert as_shipped.ok
    assert [(d.line, d.code) for d in mutated.differences] == [(45, "scenario.not_refused")]
    assert "wait.running" in mutated.differences[0].en


def test_two_parties_are_compared_each_where_it_stands(tmp_path: Path) -> None:
    text = (DEFINITIONS / FOLDER / "case" / "two_parties_two_outcomes.yaml").read_text(encoding="utf-8")
    wrong = text.replace('parties: {"1": archived, "2": archived}', 'parties: {"1": closed, "2": archived}')
    folder = folder_with(tmp_path, {"two_parties_two_outcomes": wrong}, "case")

    (outcome,) = played(shipped("case"), [folder])

    assert [(d.code, d.en) for d in outcome.differences] == [
        ("scenario.party", "party 1 should stand at closed, but stands at archived")
    ]


def test_a_role_that_a_workflow_adds_is_given_for_the_scenario(tmp_path: Path) -> None:
    document = shipped("preservation").as_document()
    document["roles"]["keeper"] = {"zh": "保管人员", "en": "keeper"}
    document["steps"]["dispose"]["by"] = ["keeper"]
    kept = RIGHT.replace("by: head\n", "by: handler3\n")
    given = kept.replace("before: []", "staff: {handler3: [keeper]}")

    outcomes = played(definition_from(document), [folder_with(tmp_path, {"kept": kept, "given": given})])

    assert {o.id: [d.code for d in o.differences] for o in outcomes} == {"given": [], "kept": ["scenario.refused"]}


def test_a_local_workflow_keeps_the_scenarios_of_the_one_it_extends(tmp_path: Path) -> None:
    file = tmp_path / "city_hold.yaml"
    file.write_text("extends: preservation\nworkflow: city_hold\nsteps: {dispose: {by: lead}}\n", encoding="utf-8")
    local = read_definition(file, NATURES)

    outcomes = played(local, folders_of(file))

    assert local.workflow == "city_hold"
    assert {o.id: o.ok for o in outcomes} == {"decided_in_time": True, "lapsed_and_given_back": True}


def test_a_time_limit_of_the_office_itself_is_known_in_practice(tmp_path: Path) -> None:
    document = shipped("preservation").as_document()
    document["open"]["start"].append({"rule": "own_hold", "from": "delivered_on"})
    limit = {**LIMITS["evidence_hold"].document(), "id": "own_hold"}
    own = Document("time_limit", "own_hold", content_hash(limit), limit)
    folder = folder_with(tmp_path, {"own": RIGHT.replace("due: {evidence_hold:", "due: {own_hold:")})

    (known,) = played(definition_from(document), [folder], [own])

    assert known.differences == ()


def test_the_scenario_in_the_handbook_holds(tmp_path: Path) -> None:
    handbook = (Path(cli.__file__).parent / "docs" / "handbook.md").read_text(encoding="utf-8")
    (example,) = [text for text in re.findall(r"```yaml\n(.*?)```", handbook, re.DOTALL) if "\nlife:" in text]

    (outcome,) = played(shipped("preservation"), [folder_with(tmp_path, {"lapsed": example})])

    assert outcome.differences == ()


def test_a_definition_without_scenarios_has_none_to_play(tmp_path: Path) -> None:
    assert played(shipped("preservation"), [tmp_path]) == ()


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def local_file(tmp_path: Path) -> Path:
    """A workflow of one's own, with one scenario that it keeps and one that it does not."""
    text = (DEFINITIONS / "preservation.yaml").read_text(encoding="utf-8")
    file = tmp_path / "own_hold.yaml"
    file.write_text(text.replace("workflow: preservation", "workflow: own_hold"), encoding="utf-8")
    right = RIGHT.replace("workflow: preservation", "workflow: own_hold")
    folder_with(tmp_path, {"kept": right, "broken": right.replace("[role.missing]", "[state.wrong]")}, "own_hold")
    return file


def test_check_plays_the_scenarios(anjuan: Anjuan, local_file: Path) -> None:
    ended = anjuan("workflow", "check", str(local_file), "--scenarios", "--json")

    assert (ended.code, ended.json["ok"], ended.json["errors"]) == (2, False, [])
    broken, kept = ended.json["scenarios"]
    assert kept == {"id": "kept", "zh": "登记保存", "en": "A hold", "ok": True, "differences": []}
    assert (broken["id"], broken["ok"]) == ("broken", False)
    (difference,) = broken["differences"]
    assert set(difference) == {"line", "code", "zh", "en"}
    assert (difference["line"], difference["code"]) == (16, "scenario.refused_otherwise")


def test_check_says_in_both_languages_what_differs(anjuan: Anjuan, local_file: Path) -> None:
    zh = anjuan("workflow", "check", str(local_file), "--scenarios", "--lang", "zh")
    en = anjuan("workflow", "check", str(local_file), "--scenarios", "--lang", "en")

    assert (zh.code, en.code) == (2, 2)
    assert "  不符  登记保存（broken）\n    第16行：“作出处理决定”（dispose）应当因state.wrong不能办理，" in zh.out
    assert "  相符  登记保存（kept）\n演练全程案例2件，1件不符\n" in zh.out
    assert "  differs A hold (broken)\n    line 16: dispose should be refused for state.wrong, but is for" in en.out
    assert "  ok      A hold (kept)\nscenarios played: 2; not as written: 1\n" in en.out
    assert [line for line in (zh.out + en.out).splitlines() if display_width(line) > MAX_WIDTH] == []


def test_check_of_what_is_kept_ends_well_and_without_the_option_plays_nothing(anjuan: Anjuan, local_file: Path) -> None:
    shipped_one = anjuan("workflow", "check", str(DEFINITIONS / "preservation.yaml"), "--scenarios", "--json")
    unplayed = anjuan("workflow", "check", str(local_file), "--json")
    shutil.rmtree(local_file.parent / FOLDER)
    none = anjuan("workflow", "check", str(local_file), "--scenarios", "--lang", "en")

    assert (shipped_one.code, [s["ok"] for s in shipped_one.json["scenarios"]]) == (0, [True, True])
    assert (unplayed.code, unplayed.json) == (0, {"ok": True, "errors": []})
    assert none.code == 0
    assert "no scenarios travel with it" in none.out


def test_a_wrong_definition_is_not_played(anjuan: Anjuan, local_file: Path) -> None:
    text = local_file.read_text(encoding="utf-8")
    local_file.write_text(text.replace("    to: disposed\n", "    to: dissolved\n", 1), encoding="utf-8")

    ended = anjuan("workflow", "check", str(local_file), "--scenarios", "--json")

    assert (ended.code, ended.json["ok"], ended.json["scenarios"]) == (2, False, [])
    assert ended.json["errors"]


def test_scenarios_are_played_beside_a_store_and_leave_it_alone(anjuan: Anjuan, local_file: Path) -> None:
    assert anjuan("init", "--practice", "--json").code == 0
    before = (local_file.parent / "home" / "anjuan.db").read_bytes()

    ended = anjuan("workflow", "check", str(local_file), "--scenarios", "--json")

    assert [s["id"] for s in ended.json["scenarios"]] == ["broken", "kept"]
    assert (local_file.parent / "home" / "anjuan.db").read_bytes() == before
    assert anjuan("case", "list", "--json", "--as", "head").json["total"] == 0
