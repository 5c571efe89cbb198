"""The difference between two versions of a workflow: every kind of change in words, and that none is passed over."""

from __future__ import annotations

import copy
import functools
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from engine.data_files import read_yaml, validated
from engine.definition_diff import ROLE_TELLERS, STATE_TELLERS, WORKFLOW_TELLERS, changes
from engine.definitions import Answer, Definition, Never, Opening, Role, State, Step, definition_from
from engine.diff_answers import ANSWER_TELLERS
from engine.diff_laws import LAW_TELLERS
from engine.diff_steps import OPENING_TELLERS, STEP_TELLERS
from engine.diff_tellers import Teller
from engine.diff_values import TOPICS, Change, Names, opposite
from workflows.definition_files import DEFINITIONS

NAMES = Names(
    limits={
        "wait": ("等待期", "waiting time"),
        "serve": ("送达期限", "time for service"),
        "act": ("办理期限", "time to act"),
    },
    guards={"two_officers": ("两名以上", "two or more"), "waited": ("等待期已过", "the wait is over")},
    conditions={"is_open": ("仍在进行", "it goes on")},
    parameters={"deadline": ("期限", "time limit")},
)
WORDS = read_yaml(Path(__file__).parent / "definition_changes.yaml").value
BASE: dict[str, Any] = WORDS["base"]
GONE = object()
JUDGE = ("steps", "judge")


def edited(document: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """The document with something else at that place."""
    made = copy.deepcopy(document)
    inner = made
    for key in path[:-1]:
        inner = inner.setdefault(key, {}) if isinstance(inner, dict) else inner[key]
    if value is GONE:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return made


def difference(before: dict[str, Any], after: dict[str, Any]) -> tuple[Change, ...]:
    return changes(definition_from(before), definition_from(after), NAMES)


def mirrored(change: Change) -> tuple[Any, ...]:
    """What the same change is the other way round."""
    code, turn = change.code, {"added": "removed", "removed": "added", "changed": "changed"}
    head, _, word = code.rpartition(".")
    return change.path, f"{head}.{turn[word]}", opposite(change.effect), change.topic


def shape(change: Change) -> tuple[Any, ...]:
    return change.path, change.code, change.effect, change.topic


# --- the words ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", WORDS["cases"], ids=lambda case: f"{'.'.join(case['path'])}-{case['code']}")
def test_a_change_is_one_sentence_in_each_language(case: dict[str, Any]) -> None:
    (change,) = difference(BASE, edited(BASE, tuple(case["path"]), case.get("value", GONE)))

    assert (change.code, change.effect) == (case["code"], case.get("effect"))
    assert change.zh == case["zh"]
    assert change.en == case["en"]


def test_a_change_names_the_article_of_the_step_and_where_it_is() -> None:
    (change,) = difference(BASE, edited(BASE, (*JUDGE, "require"), []))

    assert (change.kind, change.name, change.basis) == ("step", "judge", "甲法第一条")
    assert change.path == ("steps", "judge", "require", "waited")
    assert change.topic == "guard"


def test_what_matters_to_an_officer_stands_first_and_wording_last() -> None:
    after = edited(BASE, (*JUDGE, "zh"), "裁决")
    after = edited(after, (*JUDGE, "basis"), "乙法第一条")
    after = edited(after, (*JUDGE, "start"), [])
    after = edited(after, (*JUDGE, "require"), [])
    after = edited(after, ("steps", "extra"), {**BASE["steps"]["close"], "from": ["begun"]})

    assert [change.topic for change in difference(BASE, after)] == ["step", "guard", "limit", "basis", "wording"]


def test_a_guard_that_is_asked_twice_is_compared_one_by_one() -> None:
    twice = [{"waited": {"deadline": "wait"}}, {"waited": {"deadline": "serve"}}]
    before = edited(BASE, (*JUDGE, "require"), twice)
    after = edited(before, (*JUDGE, "require"), twice[1:])

    (change,) = difference(before, after)

    assert change.code == "guard.removed"
    assert change.zh.endswith("等待期已过（waited；期限：等待期（wait））")


def test_equal_values_that_are_written_otherwise_are_told_too() -> None:
    before = edited(BASE, (*JUDGE, "require"), [{"waited": {"deadline": "wait", "optional": True}}])
    after = edited(BASE, (*JUDGE, "require"), [{"waited": {"deadline": "wait", "optional": 1}}])

    (change,) = difference(before, after)

    assert (change.code, change.topic) == ("other.changed", "other")


# --- that nothing is passed over ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "tellers"),
    [
        (Definition, WORKFLOW_TELLERS),
        (Opening, OPENING_TELLERS),
        (Step, STEP_TELLERS),
        (Answer, ANSWER_TELLERS),
        (State, STATE_TELLERS),
        (Role, ROLE_TELLERS),
        (Never, LAW_TELLERS),
    ],
)
def test_every_field_of_the_language_has_words_of_its_own(model: type[BaseModel], tellers: dict[str, Teller]) -> None:
    assert set(tellers) == set(model.model_fields)


@functools.cache
def shipped() -> Definition:
    """The main line as it stands in its file."""
    return validated(Definition, read_yaml(DEFINITIONS / "case.yaml"))


@functools.cache
def places() -> tuple[tuple[Any, ...], ...]:
    """Every place in the document of the main line, its branches and its leaves."""

    def under(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
        if path:
            yield path
        inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for key, item in inner:
            yield from under(item, (*path, key))

    return tuple(under(shipped().as_document(), ()))


def other_value(value: Any, choice: int) -> Any:
    """Something else that could stand in the place of that value."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str):
        known = ("same", "lead", "closed", "waited", "date", "money", "met", "stopped", "某法第九条", "1", "-1")
        return known[choice % len(known)]
    if isinstance(value, list):
        return ([], value[::-1], value[1:], [*value, *value[:1]])[choice % 4]
    return ({}, GONE, dict(list(value.items())[1:]))[choice % 3]


# Fields of a step that may be set where they are not.
SET_ANEW = (
    *((flag, True) for flag in ("in_person", "confirmed", "on_paper", "serves", "after_end", "on_occasion")),
    *((name, "officers") for name in ("assigns", "withdraws")),
    ("follows", "file"),
    ("party", "one"),
    ("on_expiry", "redo_period"),
    ("not_by", ["file"]),
    ("basis", "某法第九条"),
    ("count", {"filed": "7"}),
    ("waive", {"a": {"b": ["redo_period"]}}),
    ("start", [{"rule": "redo_period", "until": "u"}]),
    ("pause", [{"rule": "redo_period", "ground": "g"}]),
    ("resume", [{"rule": "redo_period"}]),
    ("warn", [{"waited": {}}]),
    ("joins", {"part": "p", "name": "n", "kind": "k"}),
    ("to", "same"),
)


@st.composite
def edits(draw: st.DrawFn) -> dict[str, Any]:
    """The main line with one thing changed in it, be it there already or not."""
    document = shipped().as_document()
    if draw(st.booleans()):
        step = draw(st.sampled_from(sorted(document["steps"])))
        field, value = draw(st.sampled_from(SET_ANEW))
        return edited(document, ("steps", step, field), value)
    path = draw(st.sampled_from(places()))
    value = document
    for key in path:
        value = value[key]
    return edited(document, path, draw(st.sampled_from((GONE, other_value(value, draw(st.integers(0, 11)))))))


@settings(max_examples=120)
@given(edits())
def test_no_change_of_the_main_line_is_passed_over_and_the_way_back_mirrors_it(document: dict[str, Any]) -> None:
    try:
        after = definition_from(document)
    except ValidationError:
        assume(False)
    before = shipped()

    there, back = changes(before, after, NAMES), changes(after, before, NAMES)

    assert bool(there) == (before.hash != after.hash)
    assert Counter(map(mirrored, there)) == Counter(map(shape, back))
    assert [c.topic for c in there] == sorted((c.topic for c in there), key=TOPICS.index)
    assert all(c.zh and c.en and "{" not in c.zh for c in there if c.code != "other.changed")


def test_two_versions_that_say_the_same_differ_in_nothing() -> None:
    again = definition_from(json.loads(json.dumps(shipped().as_document())))

    assert changes(shipped(), again, NAMES) == ()
