"""A definition with a mistake in it is refused before it runs: with the line, and in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import FileWrong
from engine.limit_checks import shipped_time_limits
from workflows.definition_files import DEFINITIONS, read_definition

SOUND = """\
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
  decided: {zh: 已决定, en: decided, stage: a}
  ended: {zh: 结束, en: ended, stage: b, end: yes}
steps:
  decide:
    zh: 决定
    en: Decide
    from: begun
    to: {opinion: {pass: decided, back: same}}
    by: head
    ask:
      opinion:
        type: choice
        zh: 意见
        en: opinion
        choices: {pass: {zh: 同意, en: pass}, back: {zh: 退回, en: back}}
      amount_fen: {type: money, zh: 金额, en: amount}
    require:
      - waited: {deadline: statement_period}
    start:
      - {rule: service_of_decision}
      - {rule: evidence_hold}
    pause:
      - {rule: suit, ground: obstacle}
    count: {mediations: 1, links_removed: amount_fen}
  finish:
    zh: 结束
    en: Finish
    from: decided
    to: ended
    by: head
    not_by: [decide]
    stop: [service_of_decision]
    resume:
      - {rule: suit}
  lapse:
    zh: 失效
    en: Lapse
    from: decided
    to: same
    on_expiry: evidence_hold
    stop: [evidence_hold]
"""
NATURES = {limit.id: limit.nature for limit in shipped_time_limits().values()}

BROKEN = [  # what is changed, into what, the code of the problem, what stands on its line
    ("waited:", "waitd:", "guard.unknown", "waitd"),
    ("waited: {deadline: statement_period}", "waited", "guard.parameter_missing", "waited"),
    ("{deadline: statement_period}", "{deadline: statement_period, until: x}", "parameter.unknown", "waited"),
    ("to: ended", "to: endd", "state.unknown", "to: endd"),
    ("pass: decided, back: same", "pass: decidd, back: same", "state.unknown", "decidd"),
    ("from: decided", "from: decidet", "state.unknown", "decidet"),
    ("by: head\n    not_by", "by: haed\n    not_by", "role.unknown", "by: haed"),
    ("not_by: [decide]", "not_by: [decied]", "step.unknown", "decied"),
    ("rule: service_of_decision", "rule: service_of_decison", "time_limit.unknown", "decison"),
    ("stop: [service_of_decision]", "stop: [service_of_decison]", "time_limit.unknown", "decison"),
    ("links_removed: amount_fen", "links_removed: amount_fn", "answer.unknown", "amount_fn}"),
    ("links_removed: amount_fen", "links_removed: {amount: amount_fn}", "answer.unknown", "amount_fn}"),
    ("mediations: 1", "mediations: {amount: -1, when: orderd}", "condition.unknown", "orderd"),
    ("mediations: 1", "mediations: {amount: {decied: amount_fen}, sign: minus}", "step.unknown", "decied"),
    ("mediations: 1", "mediations: {amount: {decide: amount_fn}, sign: minus}", "answer.unknown", "amount_fn}"),
    ("mediations: 1", "mediatons: 1", "measure.unknown", "mediatons"),
    ("to: {opinion:", "to: {opinon:", "answer.unknown", "opinon"),
    ("pass: decided, back: same", "pass: decided", "target.unsaid", "to: {opinion"),
    ("{rule: service_of_decision}", "{rule: service_of_decision, from: served_on}", "answer.unknown", "served_on"),
    ("{rule: service_of_decision}", "{rule: service_of_decision, when: orderd}", "condition.unknown", "orderd"),
    ("{rule: service_of_decision}", "{rule: service_of_decision, ends: [suitt]}", "time_limit.unknown", "suitt"),
    ("stage: a}\n  ended", "stage: a}\n  lost: {zh: 迷, en: lost, stage: a}\n  ended", "state.unreachable", "lost:"),
    ("from: decided\n    to: ended", "from: decided\n    to: same", "state.no_end", "begun: {"),
    ("from: decided\n", "from: [decided, ended]\n", "end.left", "from: [decided, ended]"),
    ("to: ended\n", "to: {previous: finish}\n", "state.unreachable", "ended:"),
    ("to: same\n    on_expiry", "to: {previous: finish}\n    on_expiry", "previous.not_taken", "to: {previous"),
    ("to: ended\n", "to: {at: {begun: ended}}\n", "target.unsaid", "to: {at"),
    ("to: ended\n", "to: {choose: {by: case_is_old}}\n", "target.shape", "to: {choose"),
    ("to: ended\n", "to: {at: ended, same: ended}\n", "target.shape", "to: {at"),
    ("{rule: evidence_hold}", "{rule: evidence_hold}\n      - {rule: hand_over}", "deadline.never_stopped", "hand_"),
    ("    stop: [service_of_decision]\n", "", "deadline.never_stopped", "rule: service_of_decision"),
    (
        "stop: [service_of_decision]",
        "on_occasion: yes\n    stop: [{rule: service_of_decision, as: stopped}]",
        "deadline.never_stopped",
        "rule: service_of_decision",
    ),
    ("{rule: suit, ground", "{rule: suitt, ground", "time_limit.unknown", "suitt"),
    ("    resume:\n      - {rule: suit}", "    resume:\n      - {rule: suitt}", "time_limit.unknown", "suitt"),
    ("{rule: suit}", "{rule: suit, on: back_on}", "answer.unknown", "back_on"),
    ("on_expiry: evidence_hold", "on_expiry: evidence_hol", "time_limit.unknown", "evidence_hol"),
    ("on_expiry: evidence_hold", "by: head\n    on_expiry: evidence_hold", "step.nobody", "by: head"),
    ("    on_expiry: evidence_hold\n", "", "step.nobody", "lapse:"),
    ("on_expiry: evidence_hold", "on_expiry: suit", "expiry.never", "on_expiry: suit"),
    ("      - {rule: evidence_hold}\n", "", "expiry.never", "on_expiry: evidence_hold"),
    ("    stop: [evidence_hold]\n", "", "expiry.not_plain", "on_expiry: evidence_hold"),
    ("en: opinion\n", "en: opinion\n        correctable: yes\n", "answer.drives", "correctable: yes"),
    ("en: opinion\n", "en: opinion\n        optional: yes\n", "target.unsaid", "to: {opinion"),
    ("type: choice", "type: officers", "target.no_choice", "to: {opinion"),
    ("{deadline: statement_period}", "{deadline: statement_perod}", "time_limit.unknown", "waited"),
    ("{deadline: statement_period}", "{deadline: statement_period, answer: on}", "answer.unknown", "waited"),
    ("from: decided\n    to: ended", "from: []\n    to: ended", "step.never", "from: []"),
]


# A duty that begins when the only step that ends it can no longer be taken.
TOO_LATE = (
    ("    stop: [service_of_decision]\n", "    stop: [service_of_decision]\n    start: [{rule: publication}]\n"),
    ("      - {rule: evidence_hold}\n", "      - {rule: evidence_hold}\n    stop: [publication]\n"),
)


def read(text: str, folder: Path) -> None:
    file = folder / "small.yaml"
    file.write_text(text, encoding="utf-8")
    read_definition(file, NATURES)


def test_the_small_definition_is_sound(tmp_path: Path) -> None:
    read(SOUND, tmp_path)


@pytest.mark.parametrize(("was", "becomes", "code", "there"), BROKEN, ids=[f"{b[2]}-{b[3]}" for b in BROKEN])
def test_a_mistake_is_found_with_its_line(was: str, becomes: str, code: str, there: str, tmp_path: Path) -> None:
    assert was in SOUND
    broken = SOUND.replace(was, becomes, 1)

    with pytest.raises(FileWrong) as caught:
        read(broken, tmp_path)

    found = [broken.splitlines()[p.line - 1] for p in caught.value.problems if p.code == code]
    assert any(there in line for line in found), [(p.code, p.line) for p in caught.value.problems]
    for problem in caught.value.problems:
        assert any("\u4e00" <= c <= "\u9fff" for c in problem.zh)
        assert problem.en.isascii() or "“" not in problem.en


def test_a_duty_that_begins_too_late_to_be_met_is_found(tmp_path: Path) -> None:
    late = SOUND
    for was, becomes in TOO_LATE:
        assert was in late
        late = late.replace(was, becomes, 1)

    with pytest.raises(FileWrong) as caught:
        read(late, tmp_path)

    (problem,) = caught.value.problems
    assert (problem.code, late.splitlines()[problem.line - 1].strip()) == (
        "deadline.out_of_reach",
        "start: [{rule: publication}]",
    )


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    twice = SOUND.replace("waited:", "waitd:").replace("to: ended", "to: endd")

    with pytest.raises(FileWrong) as caught:
        read(twice, tmp_path)

    assert [p.code for p in caught.value.problems] == ["guard.unknown", "state.unknown"]


def test_a_misspelt_name_is_told_with_the_nearest_right_one(tmp_path: Path) -> None:
    with pytest.raises(FileWrong) as caught:
        read(SOUND.replace("waited:", "waitd:"), tmp_path)

    (problem,) = caught.value.problems
    assert "waited" in problem.zh
    assert "waited" in problem.en


def test_the_shipped_definition_is_sound() -> None:
    definition = read_definition(DEFINITIONS / "case.yaml", NATURES)

    assert definition.workflow == "case"
