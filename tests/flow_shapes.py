"""Definitions to draw: those that are shipped, random ones, large ones, one with hostile names."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import strategies as st

from engine.definitions import Definition
from engine.limit_checks import shipped_time_limits
from workflows import guards
from workflows.definition_files import shipped_definitions

guards.known()
SHIPPED = shipped_definitions({limit.id: limit.nature for limit in shipped_time_limits().values()})
CASE = SHIPPED["case"]

HOSTILE = (
    "</text><script>alert(1)</script>",
    "\"';--> end",
    "𠮷野家",
    "长" * 300,
    "W" * 300,
    "a & b < c > d",
    "#quot; #59; `|`{}[]()",
    "二\n行\t\x00\u202e反",
)


def defined(states: dict[str, Any], steps: dict[str, Any], begins: Any, name: str = "流程") -> Definition:
    """A definition of which only the shape matters."""
    return Definition.model_validate(
        {
            "workflow": "shape",
            "zh": name,
            "en": name,
            "roles": {"handler": {"zh": "办案人员", "en": "handler"}},
            "open": {"to": begins, "by": ["handler"], "title": "title"},
            "states": states,
            "steps": steps,
        }
    )


@st.composite
def definitions(draw: st.DrawFn) -> Definition:
    """Up to 24 states in up to 6 stages, up to 40 steps of every kind, whatever sense they make."""
    count = draw(st.integers(1, 24))
    stages = draw(st.integers(1, 6))
    ids = [f"s{n}" for n in range(count)]
    states = {
        id_: {"zh": f"状态{id_}" * draw(st.integers(1, 4)), "en": id_, "stage": f"g{draw(st.integers(1, stages))}"}
        | ({"end": True} if draw(st.booleans()) else {})
        for id_ in ids
    }
    some = st.lists(st.sampled_from(ids), min_size=1, max_size=8, unique=True)
    one = st.sampled_from(ids)
    target = st.one_of(
        one, st.just("same"), st.fixed_dictionaries({"answer": st.fixed_dictionaries({"a": one, "b": one})})
    )
    steps: dict[str, Any] = {}
    for number in range(draw(st.integers(0, 40))):
        kind: dict[str, Any] = draw(
            st.sampled_from([{"by": ["handler"]}, {"by": ["handler"], "on_occasion": True}, {"on_expiry": "x"}])
        )
        steps[f"t{number}"] = {"zh": "办理一步" * draw(st.integers(1, 5)), "en": f"Step {number}", **kind} | {
            "from": draw(some),
            "to": draw(target),
        }
    return defined(states, steps, draw(one))


def large(count: int, seed: int) -> Definition:
    """As many states in ten stages, three steps for each."""
    rng = random.Random(seed)
    ids = [f"s{n}" for n in range(count)]
    states = {id_: {"zh": id_, "en": id_, "stage": f"g{n * 10 // count}"} for n, id_ in enumerate(ids)}
    steps = {
        f"t{n}": {
            "zh": f"步骤{n}",
            "en": f"Step {n}",
            "by": ["handler"],
            "from": rng.sample(ids, 2),
            "to": rng.choice(ids),
        }
        for n in range(3 * count)
    }
    return defined(states, steps, ids[0])


def hostile() -> Definition:
    """Every name is one that breaks pages which trust it."""
    states = {f"s{n}": {"zh": name, "en": name, "stage": name if n % 2 else "intake"} for n, name in enumerate(HOSTILE)}
    steps = {
        f"t{n}": {"zh": name, "en": name, "by": ["handler"], "from": [f"s{n}"], "to": f"s{(n + 1) % len(HOSTILE)}"}
        for n, name in enumerate(HOSTILE)
    }
    wide = {
        "zh": HOSTILE[0],
        "en": HOSTILE[1],
        "by": ["handler"],
        "from": list(states),
        "to": "s0",
        "on_occasion": True,
    }
    return defined(states, {**steps, "wide": wide, "stay": {**wide, "to": "same"}}, "s0", HOSTILE[0])
