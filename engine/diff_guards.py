"""What a step requires otherwise than before: guards added, dropped or given other parameters, warnings likewise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from engine.diff_tellers import paired
from engine.diff_values import Change, Place, Said, literal, say

Guards: TypeAlias = Sequence[Mapping[str, Mapping[str, Any]]]
YES_NO = {"yes": Said("是", "yes"), "no": Said("否", "no")}


def guard_changes(place: Place, before: Guards, after: Guards) -> Iterator[Change]:
    """Of everything that must hold."""
    added = ("新增条件：{}", "new requirement: {}")
    removed = ("取消条件：{}", "requirement dropped: {}")
    yield from _changes(place, before, after, "guard", (added, removed))


def warning_changes(place: Place, before: Guards, after: Guards) -> Iterator[Change]:
    """Of everything that is pointed out without being refused."""
    added = ("新增提示：{}", "new warning: {}")
    removed = ("取消提示：{}", "warning dropped: {}")
    yield from _changes(place, before, after, "warning", (added, removed))


def guard_said(place: Place, name: str, parameters: Mapping[str, Any]) -> Said:
    """What a guard asks for, with its name and its parameters."""
    words = place.two.names.guards.get(name)
    given = _parameters(place, parameters) if parameters else None
    if words is None:
        return literal(name) if given is None else say("{}（{}）", "{} ({})", literal(name), given)
    called = Said(*words)
    if given is None:
        return say("{}（{}）", "{} ({})", called, literal(name))
    return say("{}（{}；{}）", "{} ({}; {})", called, literal(name), given)


def _changes(
    place: Place, before: Guards, after: Guards, code: str, words: tuple[tuple[str, str], tuple[str, str]]
) -> Iterator[Change]:
    gone, changed, new = paired(_one_by_one(before), _one_by_one(after), lambda guard: guard[0])
    for name, parameters in gone:
        sentence = say(*words[1], guard_said(place, name, parameters))
        yield place.at(name).change(f"{code}.removed", "guard", sentence, "loosened")
    for name, parameters in new:
        sentence = say(*words[0], guard_said(place, name, parameters))
        yield place.at(name).change(f"{code}.added", "guard", sentence, "tightened")
    for (name, old), (_, now) in changed:
        called = guard_said(place, name, {})
        parts = (_parameters(place, old), _parameters(place, now))
        what = Said("条件", "requirement") if code == "guard" else Said("提示", "warning")
        sentence = say("{}“{}”由“{}”改为“{}”", "{} '{}': '{}' became '{}'", what, called, *parts)
        yield place.at(name).change(f"{code}.changed", "guard", sentence)


def _one_by_one(guards: Guards) -> list[tuple[str, Mapping[str, Any]]]:
    return [(name, parameters) for item in guards for name, parameters in item.items()]


def _parameters(place: Place, parameters: Mapping[str, Any]) -> Said:
    if not parameters:
        return Said("无参数", "no parameters")
    said = []
    for name, value in parameters.items():
        words = place.two.names.parameters.get(name)
        said.append(say("{}：{}", "{}: {}", Said(*words) if words else literal(name), _value(place, value)))
    return Said("，".join(s.zh for s in said), ", ".join(s.en for s in said))


def _value(place: Place, value: Any) -> Said:
    """A parameter's value: the limit, answer or step of that name, a yes or no, or as it is written."""
    text = {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
    if text in YES_NO:
        return YES_NO[text]
    if text in place.two.names.limits:
        return place.two.names.limit(text)
    if text in place.asked:
        return place.answer(text)
    return place.two.step(text)
