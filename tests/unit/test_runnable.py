"""What of a definition this program can no longer run, one thing at a time; and under which version a case begins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from builders import law
from hypothesis import given
from hypothesis import strategies as st

from engine.definitions import Definition, definition_from
from engine.documents import BASED_ON, Document, Edition, in_turn
from engine.guards import CONDITIONS, GUARDS
from engine.runnable import definition_lost, lost_in, lost_states, tells_states, why_read_only
from engine.workflow_versions import begins_under
from workflows.definition_files import shipped_definitions

FIRST = date(2018, 9, 1)


@pytest.fixture(scope="module")
def shipped() -> dict[str, Definition]:
    return shipped_definitions(law().natures)


def reasons(definition: Definition) -> set[tuple[str, str]]:
    return {(one.reason, one.name) for one in lost_in(definition)}


def changed(definition: Definition, place: tuple[str, ...], value: Any) -> Definition:
    document = definition.as_document()
    *way, last = place
    inner = document
    for key in way:
        inner = inner[key]
    inner[last] = value
    return definition_from(document)


def test_what_is_shipped_can_be_run(shipped: dict[str, Definition]) -> None:
    assert {id_: lost_in(definition) for id_, definition in shipped.items()} == dict.fromkeys(shipped, ())


def test_every_guard_and_condition_that_is_gone_is_named(
    shipped: dict[str, Definition], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = shipped["case"]
    guards = {name for step in case.steps.values() for item in (*step.require, *step.warn) for name in item}
    guards |= {name for item in (*case.open.require, *case.open.warn) for name in item}
    monkeypatch.setattr("engine.runnable.GUARDS", {})
    monkeypatch.setattr("engine.runnable.CONDITIONS", {})

    found = reasons(case)

    assert {name for reason, name in found if reason == "guard_unknown"} == guards <= set(GUARDS)
    assert {name for reason, name in found if reason == "condition_unknown"} <= set(CONDITIONS)
    assert {"money_ordered", "settled_with_this"} <= {name for reason, name in found if reason == "condition_unknown"}


@pytest.mark.parametrize(
    ("place", "value", "reason"),
    [
        (("steps", "verify", "by"), ["nobody"], ("role_unknown", "nobody")),
        (("open", "by"), ["nobody"], ("role_unknown", "nobody")),
        (("steps", "verify", "to"), "nowhere", ("state_unknown", "nowhere")),
        (("steps", "verify", "from"), ["nowhere"], ("state_unknown", "nowhere")),
        (("open", "to"), "nowhere", ("state_unknown", "nowhere")),
        (("steps", "verify", "to"), {"previous": "no_step"}, ("step_unknown", "no_step")),
        (("steps", "decide", "require"), [{"waited": {"limit": "x"}}], ("guard_changed", "waited")),
        (("steps", "decide", "require"), [{"no_guard": {}}], ("guard_unknown", "no_guard")),
        (
            ("steps", "verify", "to"),
            {"choose": {"by": "no_condition", "yes": "filed", "no": "filed"}},
            ("condition_unknown", "no_condition"),
        ),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_one_thing_that_is_gone_is_found(
    shipped: dict[str, Definition], place: tuple[str, ...], value: Any, reason: tuple[str, str]
) -> None:
    assert reasons(changed(shipped["case"], place, value)) == {reason}


def test_a_state_that_the_definition_does_not_have_is_gone(shipped: dict[str, Definition]) -> None:
    found = lost_states(shipped["case"], ["filed", "nowhere", "nowhere"])

    assert [(one.reason, one.name) for one in found] == [("state_unknown", "nowhere")]
    assert not tells_states(found)
    assert tells_states(())


def test_the_reason_names_some_and_counts_the_rest(shipped: dict[str, Definition]) -> None:
    many = lost_states(shipped["case"], [f"nowhere_{n}" for n in range(5)])

    why, gone = why_read_only("case", many), why_read_only("case", (definition_lost("f" * 64), *many))

    assert (why.code, len(why.facts["lost"])) == ("case.read_only", 5)
    assert "nowhere_2" in why.en
    assert "nowhere_3" not in why.en
    assert "and 2 more" in why.en
    assert "另有2项" in why.zh
    assert why.remedy is not None
    assert gone.remedy is not None
    assert why.remedy.command == "anjuan workflow move case --rehearse"
    # Moving it does not help where the store itself is damaged.
    assert gone.remedy.command == "anjuan doctor"


def editions(days: Sequence[int]) -> tuple[Edition, ...]:
    """A chain of versions, each in force so many days after the first of September."""
    found: list[Edition] = []
    for number, days_after in enumerate(days):
        base = {BASED_ON: found[-1].document.hash} if found else {}
        document = Document("workflow", "case", f"hash {number}", base)
        found.append(Edition(document, "head", "", "", FIRST + timedelta(days=days_after)))
    return tuple(found)


@given(st.lists(st.integers(0, 20), min_size=1, max_size=6).map(sorted), st.integers(-5, 25), st.randoms())
def test_a_case_begins_under_the_newest_version_whose_day_has_come(days: list[int], after: int, random: Any) -> None:
    chain, on = editions(days), FIRST + timedelta(days=after)
    shuffled = list(chain)
    random.shuffle(shuffled)

    found = begins_under(in_turn(shuffled), on, today=FIRST + timedelta(days=30))

    come = [n for n, d in enumerate(days) if d <= after]
    assert found == chain[come[-1] if come else 0]


def test_before_the_first_version_has_come_there_is_none() -> None:
    chain = editions([10])

    assert begins_under(chain, FIRST, today=FIRST) is None
    assert begins_under((), FIRST, today=FIRST) is None
    assert begins_under(chain, FIRST, today=FIRST + timedelta(days=10)) == chain[0]
