"""What changed in one law that a workflow keeps: what it speaks of, and what it asks of that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine.definitions import Never
from engine.diff_answers import TYPES
from engine.diff_guards import guard_said
from engine.diff_tellers import Naming, Teller, basis, each_entry, each_name, flag, one_name, told_fields, words_of
from engine.diff_values import Change, Effect, Place, Said, Two, listed, literal, named

ANY_DAY = Said("任一日", "any day")


def law_place(two: Two, name: str, law: Never) -> Place:
    """Where the changes of a law are told."""
    return Place(two, "law", name, named(name, law), ("never", name), law.basis)


def law_changes(two: Two, name: str, before: Never, after: Never) -> Iterator[Change]:
    """Everything that differs in a law that both versions have."""
    yield from told_fields(law_place(two, name, after), before, after, LAW_TELLERS)


def _each(zh: str, en: str, naming: Naming, effect: Effect | None) -> Teller:
    """Of one list in a law. The more it asks or speaks of, the tighter it is; an exception loosens it."""
    added, removed = Said(f"{zh}增加{{}}", f"{en}: {{}} added"), Said(f"{zh}减少{{}}", f"{en}: {{}} dropped")
    return each_name("law", added, removed, naming, effect)


def _step(place: Place, name: Any) -> Said:
    return place.two.step(name)


def _state(place: Place, name: Any) -> Said:
    return place.two.state(name)


def _limit(place: Place, name: Any) -> Said:
    return place.two.names.limit(name)


def _group(place: Place, steps: Iterable[str]) -> Said:
    known = [place.two.step(step) for step in steps]
    return Said("或者".join(s.zh for s in known), " or ".join(s.en for s in known))


def _guard(place: Place, item: Mapping[str, Mapping[str, Any]]) -> Said:
    return listed(guard_said(place, name, parameters) for name, parameters in item.items())


LAW_TELLERS: dict[str, Teller] = {
    **words_of(),
    "basis": basis,
    "number": one_name("law", Said("编号", "number"), lambda _, number: literal(str(number))),
    "steps": _each("所约束的步骤", "steps it speaks of", _step, "tightened"),
    "entering": _each("进入即受约束的状态", "states that may not be entered otherwise", _state, "tightened"),
    "save": _each("除外的步骤", "steps excepted", _step, "loosened"),
    "without": _each("此前必须办理的步骤", "steps that must come before", _group, "tightened"),
    "since": _each("须重新计算的起点步骤", "steps from which it counts anew", _step, "tightened"),
    "unless": _each("可以代替的条件", "requirements that stand in for it", _guard, "loosened"),
    "unguarded": _each("必须具备的条件", "requirements that must be there", _guard, "tightened"),
    "unasked": each_entry(
        "law",
        "unasked",
        lambda _, name: literal(name),
        lambda _, kind: TYPES[kind],
        (
            Said("必须填报的事项增加{}，{}", "answers that must be asked: {}, {} added"),
            Said("必须填报的事项减少{}，{}", "answers that must be asked: {}, {} dropped"),
            Said("必须填报的{}由{}改为{}", "answer that must be asked, {}: {} became {}"),
        ),
        "tightened",
    ),
    "by_whoever_took": _each("办理过即须回避的步骤", "steps whose taker may not take it", _step, "tightened"),
    "starting": each_entry(
        "law",
        "starting",
        _limit,
        lambda _, answer: ANY_DAY if answer is None else literal(answer),
        (
            Said("只能由其开始计算的期限增加{}，自{}起", "time limits it alone starts: {} from {} added"),
            Said("只能由其开始计算的期限减少{}，自{}起", "time limits it alone starts: {} from {} dropped"),
            Said("期限{}的起算日由{}改为{}", "the time limit {} that it alone starts: from {} became from {}"),
        ),
        "tightened",
    ),
    "not_by_itself_after": one_name("law", Said("届满即自动发生的期限", "happens by itself at"), _limit, "tightened"),
    "not_in_person": flag(
        "law",
        Said("必须由本人办理", "must be taken in person"),
        Said("不再必须由本人办理", "need no longer be taken in person"),
        "tightened",
    ),
    "kept_by": one_name("law", Said("系统本身的保证", "promise of the engine"), lambda _, name: literal(name)),
}
