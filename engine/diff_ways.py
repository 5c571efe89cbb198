"""From which states a step is taken otherwise than before, and where it leads."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from engine.definitions import SAME, Target
from engine.diff_tellers import each_name
from engine.diff_values import Change, Place, Said, literal, say

OTHERWISE = "otherwise"
source_changes = each_name(
    "way",
    Said("也可以从{}办理", "may now also be taken from {}"),
    Said("不再可以从{}办理", "may no longer be taken from {}"),
    lambda place, state: place.two.state(state),
    "loosened",
)


def target_changes(place: Place, before: Target, after: Target) -> Iterator[Change]:
    """Only the branches that differ are told, each with the case in which it is followed."""
    for path, when, old, new in _differing(place, before, after):
        sentence = say(
            "去向由{}改为{}", "leads to {1} instead of {0}", target_said(place, old), target_said(place, new)
        )
        if when is not None:
            sentence = say("{}，{}", "{}: {}", when, sentence)
        yield place.at(*path).change("to.changed", "way", sentence)


def target_said(place: Place, target: Target | None) -> Said:
    """Where a target leads, in words; as it is written where it makes no sense."""
    if target is None:
        return Said("未规定", "not said")
    if target == SAME:
        return Said("状态不变", "the same state")
    if isinstance(target, str):
        return place.two.state(target)
    key, inner = next(iter(target.items()), ("", None))
    if key == "previous":
        return say("{}之前的状态", "the state before {}", place.two.step(str(inner)))
    if not isinstance(inner, Mapping):
        return literal(json.dumps(target, ensure_ascii=False, sort_keys=True))
    branches = [
        say("{}→{}", "{} -> {}", _case(place, key, inner, branch), target_said(place, inner[branch]))
        for branch in inner
        if not (key == "choose" and branch == "by")
    ]
    return Said("，".join(b.zh for b in branches), ", ".join(b.en for b in branches))


def _differing(
    place: Place, before: Target | None, after: Target | None
) -> Iterator[tuple[tuple[str, ...], Said | None, Target | None, Target | None]]:
    """The way to each differing branch, when it is followed, and where it leads in both versions."""
    shared = _shared(before, after)
    if shared is None:
        yield (), None, before, after
        return
    key, old, new = shared
    for branch in dict.fromkeys((*old, *new)):
        was, now = _branch(key, old, branch), _branch(key, new, branch)
        if was == now:
            continue
        case = _case(place, key, new, branch)
        for path, when, left, led in _differing(place, was, now):
            yield (key, branch, *path), case if when is None else say("{}，{}", "{}, {}", case, when), left, led


def _branch(key: str, branches: Mapping[str, Any], branch: str) -> Target | None:
    """Where a branch leads; an answer that is not named goes the way of all others."""
    if branch in branches or key in ("at", "choose"):
        return branches.get(branch)
    return branches.get(OTHERWISE)


def _shared(before: Any, after: Any) -> tuple[str, Mapping[str, Any], Mapping[str, Any]] | None:
    """The question that both targets ask, with the branches of both; `None` where they ask different ones."""
    if not (isinstance(before, Mapping) and isinstance(after, Mapping) and len(before) == len(after) == 1):
        return None
    (key, old), (other, new) = next(iter(before.items())), next(iter(after.items()))
    if key != other or not isinstance(old, Mapping) or not isinstance(new, Mapping):
        return None
    return None if key == "choose" and old.get("by") != new.get("by") else (key, old, new)


def _case(place: Place, key: str, inner: Mapping[str, Any], branch: str) -> Said:
    """The case in which a branch is followed."""
    if key == "at":
        return say("处于{}时", "at {}", place.two.state(branch))
    if key == "choose":
        condition = place.two.names.condition(str(inner.get("by")))
        return say("符合“{}”时", "if {}", condition) if branch == "yes" else say("不符合“{}”时", "if not {}", condition)
    if branch == OTHERWISE:
        return say("{}填其他时", "where {} is anything else", place.answer(key))
    return say("{}填{}时", "where {} is {}", place.answer(key), place.value(key, branch))
