"""An office's own workflow is a difference from a shipped one, as wide as it likes and never weaker in law."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.definitions import Definition
from engine.errors import FileWrong, Problem
from engine.limit_checks import shipped_time_limits
from workflows.definition_files import DEFINITIONS, read_definition, shipped_definitions

NATURES = {limit.id: limit.nature for limit in shipped_time_limits().values()}
CASE = shipped_definitions(NATURES)["case"]
OWN = """\
workflow: case
extends: case
zh: 苏州市侵权案件
states:
  expert_asked: {zh: 专家论证中, en: experts asked, stage: penalty, after: reviewed}
roles:
  expert: {zh: 专家, en: expert, from_above: yes}
steps:
  ask_experts:
    zh: 提请专家论证
    en: Ask experts
    after: review
    from: reviewed
    to: expert_asked
    by: lead
    ask:
      asked_on: {type: date, zh: 提请日期, en: asked on}
  experts_answer:
    zh: 收到专家意见
    en: Experts answer
    from: expert_asked
    to: reviewed
    by: [handler, expert]
  decide:
    by: lead
    ask:
      experts_heard: {type: yes_no, zh: 专家意见在卷, en: experts heard, optional: yes}
    require: [one_party_only]
drop:
  steps:
    educate: {from: served}
    decide: {warn: [late_duty]}
"""


def read(folder: Path, text: str, name: str = "own.yaml") -> Definition:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return read_definition(file, NATURES)


def problems(folder: Path, text: str, name: str = "own.yaml") -> list[Problem]:
    with pytest.raises(FileWrong) as caught:
        read(folder, text, name)
    assert caught.value.name == name
    return list(caught.value.problems)


def test_a_difference_makes_a_whole_definition(tmp_path: Path) -> None:
    own = read(tmp_path, OWN)

    assert own.extends is not None
    assert (own.extends.workflow, own.extends.hash) == ("case", CASE.hash)
    assert (own.zh, own.en) == ("苏州市侵权案件", CASE.en)
    states, steps = list(own.states), list(own.steps)
    assert states[states.index("reviewed") + 1] == "expert_asked"
    assert steps[steps.index("review") + 1] == "ask_experts"
    assert steps[-1] == "experts_answer"
    assert own.roles["expert"].from_above
    decide, was = own.steps["decide"], CASE.steps["decide"]
    assert decide.by == (*was.by, "lead")
    assert decide.require == (*was.require, {"one_party_only": {}})
    assert list(decide.ask) == [*was.ask, "experts_heard"]
    assert decide.warn == tuple(w for w in was.warn if "late_duty" not in w)
    assert own.steps["educate"].from_ == ("no_penalty",)
    assert own.never == CASE.never


def test_without_a_difference_it_is_what_it_extends(tmp_path: Path) -> None:
    own = read(tmp_path, "workflow: case\nextends: case\n")

    assert own.model_copy(update={"extends": None}) == CASE
    assert own.hash != CASE.hash


def test_a_workflow_of_ones_own_may_stand_on_an_own_one(tmp_path: Path) -> None:
    (tmp_path / "city.yaml").write_text(OWN.replace("workflow: case", "workflow: city", 1), encoding="utf-8")

    county = read(tmp_path, "workflow: county\nextends: city\nsteps:\n  verify: {by: head}\n", "county.yaml")

    assert county.steps["verify"].by == ("lead", "head")
    assert "expert_asked" in county.states
    assert county.extends is not None
    assert county.extends.workflow == "city"


WEAKER = [  # what the difference says, the line of the problem, what its sentence names
    ("steps:\n  quick: {zh: 快办, en: Quick, from: filed, to: decided, by: head}\n", 4, "第四十五条第二款"),
    ("drop:\n  steps:\n    decide: {require: [not_above_notice]}\n", 5, "not_above_notice"),
    ("drop:\n  steps:\n    verify:\n      require: [two_officers]\n", 5, "第四十二条"),
    ("drop:\n  steps:\n    decide: {not_by: [review]}\n", 5, "法制审核"),
    ("drop:\n  steps:\n    notify:\n      start: [statement_period]\n", 5, "statement_period"),
    ("steps:\n  verify:\n    start: [{rule: decision_limit}]\n", 4, "第六十条"),
    ("steps:\n  approve_referral: {in_person: no}\n", 4, "移送规定（2020）第五条"),
    ("steps:\n  approve_referral:\n    ask: {approved_at: {optional: yes}}\n", 4, "approved_at"),
    (
        "steps:\n  notify:\n    start: [{rule: hearing_request, from: served_on, when: complaint_is_complete}]\n"
        "drop:\n  steps:\n    notify:\n      start: [hearing_request]\n",
        4,
        "须保持原样",
    ),
    (
        "steps:\n  serve:\n    ask: {typed_on: {type: date, zh: 打印日, en: typed}}\n"
        "    require: [{valid_certificates: {answer: typed_on}}]\n"
        "drop:\n  steps:\n    serve: {require: [valid_certificates]}\n",
        4,
        "须保持原样",
    ),
    ("states:\n  fined: {zh: 已罚, en: fined, stage: penalty}\nsteps:\n  decide: {to: fined}\n", 3, "决定"),
]


@pytest.mark.parametrize(("difference", "line", "says"), WEAKER)
def test_what_weakens_the_law_is_refused_with_its_article(
    difference: str, line: int, says: str, tmp_path: Path
) -> None:
    found = problems(tmp_path, f"workflow: case\nextends: case\n{difference}")

    assert any(p.line == line and says in p.zh for p in found), [(p.line, p.zh) for p in found]
    assert any(p.code in {"law.broken", "law.loosened", "state.unreachable"} for p in found)


WRONG = [
    ("extends: cas\n", 2, "extends.unknown"),
    ("extends: ../case\n", 2, "extends.unknown"),
    ("extends: case\ndrop: {steps: [nothing]}\n", 3, "drop.unknown"),
    ("extends: case\ndrop:\n  steps: {decide: {require: [nothing]}}\n", 4, "drop.unknown"),
    ("extends: case\ndrop:\n  never: [fine_twice]\n", 4, "law.untouchable"),
    ("extends: case\nnever:\n  fine_twice: {zh: 可以, en: may}\n", 4, "law.untouchable"),
    ("extends: case\ndrop: [never]\n", 3, "law.untouchable"),
    ("extends: case\nstates:\n  new: {zh: 新, en: new, stage: a, after: nowhere}\n", 4, "after.unknown"),
    ("extends: case\nsteps:\n  decide: {to: nowhere}\n", 4, "state.unknown"),
    ("extends: case\nsteps:\n  decide:\n    byy: head\n", 5, "field.unknown"),
    ("extends: case\nsteps: nonsense\n", 3, "shape.invalid"),
    ("extends: case\ndrop:\n  steps: [inspect]\n", 4, "step.unknown"),
]


@pytest.mark.parametrize(("text", "line", "code"), WRONG)
def test_what_is_wrong_with_a_difference_is_told_with_its_line(text: str, line: int, code: str, tmp_path: Path) -> None:
    found = problems(tmp_path, f"workflow: case\n{text}")

    assert (line, code) in [(p.line, p.code) for p in found], [(p.line, p.code, p.en) for p in found]


def test_a_circle_is_refused(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("workflow: one\nextends: two\n", encoding="utf-8")
    (tmp_path / "two.yaml").write_text("workflow: two\nextends: one\n", encoding="utf-8")

    with pytest.raises(FileWrong) as caught:
        read_definition(tmp_path / "one.yaml", NATURES)

    (problem,) = caught.value.problems
    assert (problem.line, problem.code) == (2, "extends.circle")
    assert "one.yaml → two.yaml → one.yaml" in problem.en


def test_a_mistake_of_what_is_extended_is_told_at_the_line_that_extends_it(tmp_path: Path) -> None:
    (tmp_path / "city.yaml").write_text("workflow: city\nextends: case\ndrop: {steps: [no]}\n", encoding="utf-8")

    (problem,) = problems(tmp_path, "workflow: county\nextends: city\n", "county.yaml")

    assert (problem.line, problem.code) == (2, "drop.unknown")
    assert "city.yaml" in problem.zh


SELF_MADE = """\
workflow: {id}
zh: 自办
en: Own
roles:
  head: {{zh: 负责人, en: head}}
open: {{to: begun, by: head, title: title, ask: {{title: {{type: text, zh: 名称, en: title}}}}}}
states:
  begun: {{zh: 开始, en: begun, stage: a}}
  ended: {{zh: 结束, en: ended, stage: a, end: yes}}
steps:
  finish: {{zh: 办结, en: Finish, from: begun, to: ended, by: head, count: {{{counts}: 1}}}}
"""


def test_a_shipped_workflow_written_out_whole_is_held_to_the_same_laws(tmp_path: Path) -> None:
    text = (DEFINITIONS / "case.yaml").read_text(encoding="utf-8")

    assert read(tmp_path, text, "copy.yaml") == CASE
    weaker = text.replace(
        "    basis: 行政处罚法（2021）第二十九条、第三十五条第二款\n    entering: decided\n", "    basis: 无\n", 1
    )
    assert weaker != text
    assert "law.untouchable" in [p.code for p in problems(tmp_path, weaker, "copy.yaml")]


@pytest.mark.parametrize(
    ("id_", "counts", "code"),
    [
        ("errand", "mediations", None),
        ("errand", "penalties", "count.outside_laws"),
        ("case", "mediations", "law.untouchable"),
    ],
)
def test_nobody_gets_round_the_laws_with_a_workflow_of_his_own(
    id_: str, counts: str, code: str | None, tmp_path: Path
) -> None:
    text = SELF_MADE.format(id=id_, counts=counts)

    if code is None:
        assert read(tmp_path, text).workflow == id_
    else:
        assert code in [p.code for p in problems(tmp_path, text)]
