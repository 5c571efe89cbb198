"""A small workflow in three versions, for tests that move cases from one to another, and how one comes in force."""

from __future__ import annotations

from pathlib import Path

from builders import Scene, day

from engine.definitions import Definition
from engine.move_judging import NameMapping
from engine.orders import OpenCase, TakeStep
from engine.workflow_versions import Version
from workflows.definition_files import read_definition
from workflows.version_changes import activate, load_draft
from workflows.version_judging import Activation
from workflows.version_moves import MovePlan, target_version

FIRST = """\
workflow: errand
zh: 协查
en: Errand
roles:
  handler: {zh: 办案人员, en: case handler}
  lead: {zh: 承办机构负责人, en: unit lead}
  head: {zh: 机关负责人, en: bureau head}
open:
  to: begun
  by: [handler, lead]
  title: title
  party: {respondent: whom}
  works: work
  ask:
    title: {type: text, zh: 名称, en: title}
    whom: {type: text, zh: 对象, en: whom, optional: yes}
    work: {type: text, zh: 作品, en: work, optional: yes}
states:
  begun: {zh: 已登记, en: begun, stage: a}
  checked: {zh: 已核对, en: checked, stage: a}
  waiting: {zh: 等待中, en: waiting, stage: a}
  answered: {zh: 已答复, en: answered, stage: b}
  done: {zh: 已办结, en: done, stage: b, end: yes}
steps:
  check:
    zh: 核对
    en: Check
    from: begun
    to: checked
    by: lead
    ask:
      result: {type: text, zh: 结果, en: result, correctable: yes}
      officers: {type: officers, zh: 承办人, en: officers}
    start: [{rule: publication}]
    assigns: officers
    count: {links_removed: 1}
  wait:
    zh: 等待
    en: Wait
    from: [begun, checked]
    to: waiting
    by: lead
  go_on:
    zh: 继续
    en: Go on
    from: waiting
    to: {previous: wait}
    by: lead
  answer:
    zh: 答复
    en: Answer
    from: checked
    to: answered
    by: lead
    stop: [publication]
  finish:
    zh: 办结
    en: Finish
    from: answered
    to: done
    by: head
never:
  finish_unanswered:
    zh: 未答复不得办结
    en: nothing ends unanswered
    basis: 内部规定
    entering: done
    without: [answer]
"""
SECOND = FIRST.replace("    zh: 等待\n", "    zh: 暂停等待\n")
# Other names for a state, a step and an answer; one step is gone, and so is whatever ended the limit.
THIRD = (
    FIRST.replace("checked", "examined")
    .replace("  check:\n", "  examine:\n")
    .replace("      result:", "      finding:")
    .replace("    stop: [publication]\n", "")
    .replace("    start: [{rule: publication}]\n", "")
    .replace("  wait:\n", "  pause:\n")
    .replace("previous: wait", "previous: pause")
)
NAMES = NameMapping(
    states={"checked": "examined"},
    steps={"check": "examine", "wait": "pause"},
    answers={"result": "finding"},
    deadlines={"publication": "end"},
)
MAPPING = """\
states: {checked: examined}
steps: {check: examine, wait: pause}
answers: {result: finding}
deadlines: {publication: end}
"""
ON = "2018-09-10"


def definition(scene: Scene, folder: Path, text: str) -> Definition:
    file = folder / "errand.yaml"
    file.write_text(text, encoding="utf-8")
    return read_definition(file, scene.office.law.natures)


def in_force(scene: Scene, folder: Path, text: str, on: str = ON) -> str:
    """Read, drafted, proposed and confirmed; the hash of the version."""
    office = scene.office
    read = definition(scene, folder, text)
    with office.store.writing() as work:
        load_draft(office, work, office.people.person("reviewer"), read, "试行")
    for name in ("reviewer", "head"):
        with office.store.writing() as work:
            done = activate(office, work, office.people.person(name), Activation("errand", day(on), "同意"))
    assert done.version is not None
    return done.version


def opening(title: str, whom: str | None = None, **how: object) -> OpenCase:
    said = {"title": title, "work": "《歌集》", **({"whom": whom} if whom else {})}
    return OpenCase("errand", "handler1", said, on=day(ON), **how)  # type: ignore[arg-type]


def step(no: str, name: str, **said: str) -> TakeStep:
    by = "head" if name == "finish" else "lead"
    return TakeStep(no, name, by, said, on=day(ON))


def check(no: str) -> TakeStep:
    return step(no, "check", result="属实", officers="handler2")


def a_plan(scene: Scene, to: str | None = None, mapping: NameMapping = NAMES, by: str = "head") -> MovePlan:
    with scene.office.store.reading() as work:
        version, target = target_version(scene.office, work, "errand", to)
    assert isinstance(version, Version)
    return MovePlan("errand", target, mapping, scene.office.people.person(by), "启用新版流程")
