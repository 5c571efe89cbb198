"""A law of a definition is proved claim by claim; what breaks it is refused with the way, the line and the article."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.definitions import Definition
from engine.errors import FileWrong
from engine.legal_proof import LawProof, prove, subjects_of
from engine.limit_checks import shipped_time_limits
from engine.reaching import from_after, from_opening, graph_of
from workflows.definition_files import read_definition, shipped_definitions

NATURES = {limit.id: limit.nature for limit in shipped_time_limits().values()}
NUMBERED = {1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16}

SMALL = """\
workflow: small
zh: 小流程
en: Small workflow
roles:
  head: {zh: 负责人, en: head}
open:
  to: begun
  by: head
  title: title
  ask:
    title: {type: text, zh: 名称, en: title}
states:
  begun: {zh: 开始, en: begun, stage: a}
  told: {zh: 已告知, en: told, stage: a}
  paused: {zh: 中止, en: paused, stage: a}
  decided: {zh: 已决定, en: decided, stage: b}
  ended: {zh: 结束, en: ended, stage: b, end: yes}
steps:
  tell:
    zh: 告知
    en: Tell
    from: begun
    to: told
    by: head
    ask:
      served_on: {type: date, zh: 送达日期, en: served on}
    start: [{rule: statement_period, from: served_on}]
  pause:
    zh: 中止
    en: Pause
    from: [begun, told]
    to: paused
    by: head
    on_occasion: yes
  resume:
    zh: 恢复
    en: Resume
    from: paused
    to: {previous: pause}
    by: head
    on_occasion: yes
  decide:
    zh: 决定
    en: Decide
    from: told
    to: decided
    by: head
    not_by: [tell]
    in_person: yes
    require: [filed_before, waited: {deadline: statement_period}]
  begin_again:
    zh: 重新开始
    en: Begin again
    from: decided
    to: begun
    by: head
  finish:
    zh: 结束
    en: Finish
    from: decided
    to: ended
    by: head
never:
  untold:
    zh: 未告知不得决定
    en: nothing is decided that was not told
    basis: 某法第一条
    entering: decided
    without: [tell]
    since: begin_again
    unguarded: [waited: {deadline: statement_period}]
    by_whoever_took: tell
    not_in_person: yes
  unserved:
    zh: 期限自送达起算
    en: the time runs from the service
    basis: 某法第二条
    steps: tell
    unasked: {served_on: date}
    starting: {statement_period: served_on}
  unfiled:
    zh: 未立案不得决定
    en: nothing is decided that was not filed
    basis: 某法第三条
    steps: decide
    without: [begin_again]
    unless: [filed_before]
"""
# What is changed, into what, the law that it breaks, the way in both languages, and what stands on the line.
BREACHES = [
    (
        "from: told\n    to: decided",
        "from: [told, begun]\n    to: decided",
        "untold",
        "open → decide",
        "登记 → 决定",
        "decide:",
    ),
    (
        "from: decided\n    to: begun",
        "from: decided\n    to: told",
        "untold",
        "begin_again → decide",
        "重新开始 → 决定",
        "decide:",
    ),
    (
        ", waited: {deadline: statement_period}]\n  begin",
        "]\n  begin",
        "untold",
        "open → tell → decide",
        "登记 → 告知 → 决定",
        "decide:",
    ),
    (
        "waited: {deadline: statement_period}]\n  begin",
        "waited: {deadline: suit}]\n  begin",
        "untold",
        "decide",
        "决定",
        "decide:",
    ),
    ("    not_by: [tell]\n", "", "untold", "decide", "决定", "decide:"),
    ("    in_person: yes\n", "", "untold", "decide", "决定", "decide:"),
    ("require: [filed_before, ", "require: [", "unfiled", "open → tell → decide", "登记 → 告知 → 决定", "decide:"),
    (
        "served_on: {type: date,",
        "served_on: {type: date, optional: yes,",
        "unserved",
        "open → tell",
        "登记 → 告知",
        "tell:",
    ),
    ("served_on: {type: date,", "served_on: {type: moment,", "unserved", "open → tell", "登记 → 告知", "tell:"),
    (", from: served_on}", "}", "unserved", "open → tell", "登记 → 告知", "tell:"),
    (
        "    to: ended\n",
        "    to: ended\n    start: [{rule: statement_period}]\n",
        "unserved",
        "open → tell → decide → finish",
        "登记 → 告知 → 决定 → 结束",
        "finish:",
    ),
    (
        "  finish:\n",
        "  hurry: {zh: 速决, en: Hurry, from: begun, to: decided, by: head}\n  finish:\n",
        "untold",
        "open → hurry",
        "登记 → 速决",
        "hurry:",
    ),
]


def small(text: str, folder: Path) -> Definition:
    file = folder / "small.yaml"
    file.write_text(text, encoding="utf-8")
    return read_definition(file, NATURES)


def test_a_definition_that_keeps_its_laws_says_on_what_each_rests(tmp_path: Path) -> None:
    proofs = {proof.law: proof for proof in prove(small(SMALL, tmp_path))}

    assert not any(proof.breaches for proof in proofs.values())
    assert grounds(proofs["untold"]) == [
        ("decide", "way", ""),
        ("decide", "guard", "waited"),
        ("decide", "people", ""),
        ("decide", "people", ""),
    ]
    assert grounds(proofs["unserved"]) == [("tell", "answer", ""), ("tell", "limit", "statement_period")]
    assert grounds(proofs["unfiled"]) == [("decide", "guard", "filed_before")]


def grounds(proof: LawProof) -> list[tuple[str, str, str]]:
    return [(rest.step, rest.ground, rest.named) for rest in proof.rests]


@pytest.mark.parametrize(("was", "becomes", "law", "way", "way_zh", "there"), BREACHES)
def test_what_breaks_a_law_is_refused_with_its_way(
    was: str, becomes: str, law: str, way: str, way_zh: str, there: str, tmp_path: Path
) -> None:
    assert was in SMALL
    broken = SMALL.replace(was, becomes, 1)

    with pytest.raises(FileWrong) as caught:
        small(broken, tmp_path)

    found = [p for p in caught.value.problems if p.code == "law.broken" and f"breaks {law} " in p.en]
    assert found, [p.en for p in caught.value.problems]
    (problem,) = found
    assert problem.en.endswith(way)
    assert problem.zh.endswith(way_zh)
    assert "某法第" in problem.zh
    assert "某法第" in problem.en
    assert there in broken.splitlines()[problem.line - 1]


@pytest.mark.parametrize(
    ("was", "becomes", "code"),
    [
        ("    steps: tell\n", "    steps: tel\n", "step.unknown"),
        ("    entering: decided\n", "    entering: decidd\n", "state.unknown"),
        ("unless: [filed_before]", "unless: [filed_befor]", "guard.unknown"),
        ("starting: {statement_period", "starting: {statement_perid", "time_limit.unknown"),
        ("    steps: tell\n", "    kept_by: everything\n    steps: tell\n", "promise.unknown"),
        ("    steps: tell\n", "", "law.empty"),
    ],
)
def test_a_law_that_speaks_of_nothing_is_refused(was: str, becomes: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(FileWrong) as caught:
        small(SMALL.replace(was, becomes, 1), tmp_path)

    assert code in [p.code for p in caught.value.problems]


def test_a_step_back_reaches_only_where_the_case_has_been(tmp_path: Path) -> None:
    graph = graph_of(small(SMALL, tmp_path))

    assert set(from_opening(graph, frozenset({"tell"})).came) == {"begun", "paused"}
    assert set(from_after(graph, ("begin_again",), frozenset({"tell"})).came) == {"begun", "paused"}
    # Resumed once, it may have been paused before the start that is counted from.
    assert set(from_after(graph, ("pause",), frozenset({"tell"})).came) == {
        "paused",
        "begun",
        "told",
        "decided",
        "ended",
    }


def test_the_shipped_laws_hold_and_cover_the_numbered_invariants() -> None:
    """15 waits for the flagship track; 5 is that of the preservation of evidence."""
    shipped = shipped_definitions(NATURES)

    assert {law.number for law in shipped["case"].never.values()} - {None} == NUMBERED
    assert {law.number for law in shipped["preservation"].never.values()} - {None} == {2, 5}
    for definition in shipped.values():
        for proof in prove(definition):
            assert proof.rests, proof.law
            assert not proof.breaches
            assert proof.said.kept_by or {r.step for r in proof.rests} == set(subjects_of(definition, proof.said))
