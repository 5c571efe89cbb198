"""What changed in one step, or in how a case begins: who takes it, from where to where, and everything it says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.definitions import Counted, HowMany, Joins, Opening, Step
from engine.diff_answers import answer_changes
from engine.diff_guards import guard_changes, guard_said, warning_changes
from engine.diff_limits import LIMIT_TELLERS
from engine.diff_tellers import Teller, basis, each_entry, each_name, flag, one_name, told_fields, words_of
from engine.diff_values import Change, Place, Said, Two, listed, literal, named, say
from engine.diff_ways import source_changes, target_changes, target_said

TOGETHER = {
    "one": Said("逐个当事人", "one party at a time"),
    "some": Said("指定的当事人或者全体", "a named party, or all"),
}


def step_place(two: Two, name: str, step: Step) -> Place:
    """Where the changes of a step are told."""
    return Place(two, "step", name, named(name, step), ("steps", name), step.basis, two.asked_by(name))


def step_changes(two: Two, name: str, before: Step, after: Step) -> Iterator[Change]:
    """Everything that differs in a step that both versions have."""
    yield from told_fields(step_place(two, name, after), before, after, STEP_TELLERS)


def opening_changes(two: Two, before: Opening, after: Opening) -> Iterator[Change]:
    """Everything that differs in how a case begins."""
    place = Place(two, "open", "open", two.step("open"), ("open",), after.basis, two.asked_by("open"))
    yield from told_fields(place, before, after, OPENING_TELLERS)


def new_step(two: Two, name: str, step: Step) -> Change:
    """A step that only the later version has: all of it in one sentence."""
    return step_place(two, name, step).change(
        "step.added", "step", say("新增步骤，{}", "new step, {}", _whole(two, name, step))
    )


def dropped_step(two: Two, name: str, step: Step) -> Change:
    """A step that only the earlier version had."""
    sentence = say("取消步骤，原{}", "step dropped; it was {}", _whole(two, name, step))
    return step_place(two, name, step).change("step.removed", "step", sentence)


def _whole(two: Two, name: str, step: Step) -> Said:
    """Who takes a step, from where to where, and what it asks, requires, starts and ends."""
    place = step_place(two, name, step)
    by = listed(two.role(role) for role in step.by)
    if step.on_expiry is not None:
        parts = [say("在{}届满后自动发生", "by itself when {} has run out", two.names.limit(step.on_expiry))]
    else:
        parts = [say("由{}办理", "taken by {}", by)]
    way = (listed(two.state(state) for state in step.from_), target_said(place, step.to))
    parts.append(say("从{}，去向：{}", "from {}, leads to: {}", *way))
    lists = (
        ("填报：{}", "asks: {}", [named(answer, words) for answer, words in step.ask.items()]),
        ("条件：{}", "requires: {}", [guard_said(place, *item) for guard in step.require for item in guard.items()]),
        ("开始计算：{}", "starts: {}", [two.names.limit(start.rule) for start in step.start]),
        ("结束计算：{}", "ends: {}", [two.names.limit(stop.rule) for stop in step.stop]),
    )
    parts += [say(zh, en, listed(known)) for zh, en, known in lists if known]
    return Said("；".join(p.zh for p in parts), "; ".join(p.en for p in parts))


def _how_many(place: Place, how_many: HowMany) -> Said:
    counted = how_many if isinstance(how_many, Counted) else Counted(amount=how_many)
    if isinstance(counted.amount, str):
        said = place.answer(counted.amount)
    else:
        said = listed(_earlier(place, step, answer) for step, answer in counted.amount.items())
    if counted.sign is not None:
        said = say("减去{}", "minus {}", said)
    if counted.when is not None:
        said = say("{}，仅当：{}", "{}, only if: {}", said, place.two.names.condition(counted.when))
    return said


def _earlier(place: Place, step: str, answer: str) -> Said:
    known = place.two.asked_by(step).get(answer)
    return say("{}所填{}", "{1} of {0}", place.two.step(step), named(answer, known))


def _joins(place: Place, joins: Joins) -> Said:
    answers = [place.answer(a) for a in (joins.name, joins.kind, joins.number) if a is not None]
    return say("{}，据{}", "{}, by {}", literal(joins.part), listed(answers))


def _answer(place: Place, name: Any) -> Said:
    return place.answer(name)


def _step(place: Place, name: Any) -> Said:
    return place.two.step(name)


_SHARED: dict[str, Teller] = {
    "to": target_changes,
    "by": each_name(
        "people",
        Said("{}也可以办理", "may now also be taken by: {}"),
        Said("{}不再可以办理", "may no longer be taken by: {}"),
        lambda place, role: place.two.role(role),
        "loosened",
    ),
    "ask": answer_changes,
    "require": guard_changes,
    "warn": warning_changes,
    "start": LIMIT_TELLERS["start"],
    "basis": basis,
}
OPENING_TELLERS: dict[str, Teller] = {
    **_SHARED,
    "title": one_name("other", Said("案件名称所取的填报项", "answer that becomes the title"), _answer),
    "works": one_name("other", Said("涉案作品所取的填报项", "answer that names the works"), _answer),
    "party": each_entry(
        "other",
        "party",
        lambda _, part: literal(part),
        _answer,
        (
            Said("当事人的{}取自{}", "{} of the party is now {}"),
            Said("当事人的{}不再取自{}", "{} of the party is no longer {}"),
            Said("当事人的{}由取自{}改为取自{}", "{} of the party: {} became {}"),
        ),
    ),
}
STEP_TELLERS: dict[str, Teller] = {
    **words_of(),
    **_SHARED,
    **LIMIT_TELLERS,
    "from_": source_changes,
    "on_expiry": one_name(
        "limit",
        Said("届满后自动发生的期限", "happens by itself when this limit has run out"),
        lambda place, rule: place.two.names.limit(rule),
    ),
    "not_by": each_name(
        "people",
        Said("办理过{}的人员不得办理", "whoever took {} may no longer take it"),
        Said("办理过{}的人员也可以办理", "whoever took {} may now take it too"),
        _step,
        "tightened",
    ),
    "in_person": flag(
        "people",
        Said("必须由本人办理，不得由他人代理", "nobody may stand in for the one who takes it"),
        Said("可以由代理人办理", "a stand-in may now take it"),
        "tightened",
    ),
    "confirmed": flag(
        "people",
        Said("办理时须再次确认身份", "whoever takes it now proves once more who he is"),
        Said("办理时不再须确认身份", "whoever takes it no longer proves once more who he is"),
        "tightened",
    ),
    "on_paper": flag(
        "people",
        Said("可以凭本人签字的纸质文书由他人录入", "another may now type it for somebody who signed it on paper"),
        Said("不再可以凭纸质文书由他人录入", "another may no longer type it for somebody who signed it on paper"),
        "loosened",
    ),
    "withdraws": one_name(
        "people", Said("此后不得办理本案的人员所在填报项", "answer that names who must withdraw"), _answer
    ),
    "assigns": one_name(
        "people", Said("此后承办本案的人员所在填报项", "answer that names who holds the case"), _answer
    ),
    "party": one_name(
        "other", Said("多个当事人时的办理方式", "taken for which party"), lambda _, value: TOGETHER[value]
    ),
    "joins": one_name("other", Said("增加当事人的方式", "how it makes somebody a party"), _joins),
    "count": each_entry(
        "figure",
        "count",
        lambda _, measure: literal(measure),
        _how_many,
        (
            Said("计入统计项{}：{}", "now counts in {}: {}"),
            Said("不再计入统计项{}（原计{}）", "no longer counts in {} (it was {})"),
            Said("统计项{}的计法由“{}”改为“{}”", "what counts in {}: '{}' became '{}'"),
        ),
    ),
    "follows": one_name(
        "figure", Said("仅在该步骤计入的专项行动中计数", "counts only where this earlier step was counted"), _step
    ),
    "serves": flag(
        "people",
        Said("已送达他人，撤回须由承办机构负责人办理", "something has reached a party: only the unit lead may undo it"),
        Said("撤回不再限于承办机构负责人", "no longer only the unit lead may undo it"),
        "tightened",
    ),
    "after_end": flag(
        "way",
        Said("终结后也可以办理", "may now also be taken after the end"),
        Said("终结后不再可以办理", "may no longer be taken after the end"),
        "loosened",
    ),
    "on_occasion": flag(
        "other",
        Said("改为仅在需要时办理，不再作为下一步提示", "now taken only on occasion, not proposed as the next step"),
        Said("改为通常办理的步骤", "now an ordinary step, proposed as the next one"),
    ),
}
