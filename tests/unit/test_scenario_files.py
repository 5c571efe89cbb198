"""A scenario file that cannot be meant so is refused with its line, and files are found where their definition lies."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.data_files import data_folder
from engine.errors import FileWrong
from workflows.definition_files import DEFINITIONS
from workflows.scenario_files import files_in, folders_of, read_scenario

SCENARIO = """\
id: a
zh: 甲
en: A
basis: 行政处罚法（2021）第五十六条
workflow: w
before: []
open: {on: 2026-02-12, by: handler1, set: {goods: 光盘}}
life:
  - {on: 2026-02-24, by: handler1, refused: dispose, because: [role.missing]}
  - {on: 2026-02-28, by: head, do: dispose, at: "16:30", set: {measure: appraised}, state: disposed}
  - {on: 2026-02-28, by: head, undo: true, reason: 填错}
  - {on: 2026-02-28, by: head, stand_in: {name: lead, for: head, role: head, from: 2026-02-28, to: 2026-03-01}}
  - {on: 2026-03-02, state: held}
end: {state: held}
"""

WRONG = [
    ("id: a", "id: other", 1, "scenario.id"),
    ("workflow: w", "workflow: v", 5, "scenario.workflow"),
    ("before: []", "before: [nowhere]", 6, "scenario.before_unknown"),
    ("before: []", "before: [a]", 6, "scenario.before_circle"),
    ("before: []", "before: [b]", 6, "scenario.before"),
    ("end: {state: held}", "ende: {state: held}", 14, "field.unknown"),
    ("on: 2026-02-12", "on: 2026-02-30", 7, "date.invalid"),
    ("refused: dispose, because: [role.missing]", "refused: dispose", 9, "scenario.act"),
    ("because: [role.missing]", "because: [role.missing], do: dispose", 9, "scenario.act"),
    ("by: head, do: dispose", "do: dispose", 10, "scenario.act"),
    ("state: disposed}", "state: disposed, because: [x]}", 10, "scenario.act"),
    ('"16:30"', '"24:30"', 10, "field.invalid"),
    ("undo: true", "undo: perhaps", 11, "value.unknown"),
    ("role: head, from", "role: head, since", 12, "field.missing"),
    ("2026-03-02, state: held", "2026-03-02", 13, "scenario.act"),
    ("2026-03-02, state: held", "2026-03-02, state: held, mind: [x]", 13, "scenario.act"),
]


def written(folder: Path, **texts: str) -> dict[str, Path]:
    folder.mkdir(parents=True)
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return files_in([folder])


def test_a_scenario_is_read_as_it_is_written(tmp_path: Path) -> None:
    read = read_scenario("a", written(tmp_path / "w", a=SCENARIO))

    assert [act.kind for act in read.scenario.life] == ["refused", "do", "undo", "stand_in", "look"]
    assert read.problem(("life", 1, "state"), "c", "", "").line == 10


@pytest.mark.parametrize(("old", "new", "line", "code"), WRONG)
def test_what_cannot_be_meant_so_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, code: str
) -> None:
    assert SCENARIO.count(old) == 1
    other = SCENARIO.replace("id: a", "id: b").replace("before: []", "before: [a]")
    files = written(tmp_path / "w", a=SCENARIO.replace(old, new), b=other)

    with pytest.raises(FileWrong) as caught:
        read_scenario("a", files)

    assert (line, code) in [(p.line, p.code) for p in caught.value.problems]
    assert all(p.zh and p.en for p in caught.value.problems)


def test_earlier_cases_are_read_with_what_they_ask_for_themselves(tmp_path: Path) -> None:
    after_a = SCENARIO.replace("id: a", "id: b").replace("before: []", "before: [a]")
    after_both = SCENARIO.replace("id: a", "id: c").replace("before: []", "before: [a, b]")

    read = read_scenario("c", written(tmp_path / "w", a=SCENARIO, b=after_a, c=after_both))

    assert [e.scenario.id for e in read.earlier] == ["a", "b"]
    assert [e.scenario.id for e in read.earlier[1].earlier] == ["a"]


def test_a_workflow_that_extends_another_has_its_scenarios_too(tmp_path: Path) -> None:
    base, local = tmp_path / "city_hold.yaml", tmp_path / "town_hold.yaml"
    base.write_text("extends: preservation\nworkflow: city_hold\n", encoding="utf-8")
    local.write_text("extends: city_hold\n", encoding="utf-8")
    own = written(tmp_path / "scenarios" / "city_hold", decided_in_time=SCENARIO)

    found = files_in(folders_of(local))

    shipped = DEFINITIONS / "scenarios" / "preservation"
    assert folders_of(DEFINITIONS / "preservation.yaml") == (shipped,)
    assert list(found) == ["decided_in_time", "lapsed_and_given_back"]
    assert found["decided_in_time"] == own["decided_in_time"]
    assert found["lapsed_and_given_back"].parent == shipped


def test_the_campaign_of_scenarios_is_not_one_of_the_shipped_campaigns() -> None:
    assert not (data_folder() / "campaigns" / "any-year.yaml").exists()
