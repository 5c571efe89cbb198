"""What is said to be out of reach is out of reach: small random graphs, held against a search over every path."""

from __future__ import annotations

from random import Random
from typing import Any

from brute_paths import leaves, paths_of
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.definitions import definition_from
from engine.reaching import from_after, from_opening, graph_of

Document = dict[str, Any]
WORDS = {"zh": "甲", "en": "a"}


def a_document(rng: Random) -> Document:
    """4 to 7 states and 3 to 8 steps: plain, staying, chosen by an answer, by the state, or leading back.

    As in every definition that may run, a step that leads back cannot be taken without the earlier one.
    """
    states = [f"s{i}" for i in range(rng.randint(4, 7))]
    names = [f"t{i}" for i in range(rng.randint(3, 8))]
    # Most of what leads back leaves a state of its own, into which mostly that earlier step leads.
    aside = dict(zip(names, states[2:], strict=False)) if rng.random() < 0.5 else {names[0]: states[-1]}
    steps: dict[str, Document] = {}
    for name in names:
        sources = rng.sample(states, rng.randint(1, 3))
        target = _target(rng, states[: 2 + rng.randrange(len(states) - 1)], names, sources)
        if name in aside and rng.random() < 0.6:
            target = aside[name]
        elif rng.random() < 0.4:
            earlier = rng.choice(list(aside))
            sources, target = [aside[earlier]], {"previous": earlier}
        steps[name] = WORDS | {"by": ["head"], "from": sources, "to": target, "on_occasion": rng.random() < 0.3}
    document = WORDS | {
        "workflow": "small",
        "roles": {"head": WORDS},
        "open": {"to": rng.choice([states[0], {"a": {"x": states[0], "y": states[1]}}]), "by": ["head"], "title": "a"},
        "states": {state: WORDS | {"stage": "b"} for state in states},
        "steps": steps,
    }
    while wrong := _back_to_nowhere(document):
        for name in wrong:
            steps[name]["to"] = "same"
    return document


def _target(rng: Random, states: list[str], names: list[str], sources: list[str]) -> Any:
    kind = rng.randrange(6)
    if kind == 0:
        return {"a": {"x": rng.choice(states), "otherwise": rng.choice([{"previous": rng.choice(names)}, "same"])}}
    if kind == 1:
        return {"at": {source: rng.choice([*states, "same"]) for source in sources}}
    return rng.choice([*states, "same"])


def _back_to_nowhere(document: Document) -> set[str]:
    """The steps that lead back, but can be taken without the earlier one."""
    paths = paths_of(document)
    every = paths.from_opening()
    return {
        name
        for (name, source), found in paths.ways.items()
        for dest, back in found
        if back and (paths.never_taken(dest, every.get((source, True), 0)) or (source, True) not in every)
    }


def reached_after(document: Document, step: str, without: frozenset[str]) -> set[str]:
    """By a search over every path: where a case can be after the step with none of those others since."""
    paths = paths_of(document)
    reached = paths.onward({(state, False): 1 for state in paths.openings}, without, {step})
    return {state for state, since in reached if since}


graphs = st.builds(lambda seed: a_document(Random(seed)), st.integers(0, 10**9))


@st.composite
def asked(draw: st.DrawFn) -> tuple[Document, str, frozenset[str]]:
    document = draw(graphs)
    names = st.sampled_from(sorted(document["steps"]))
    return document, draw(names), draw(st.frozensets(names, max_size=3))


@given(asked())
@settings(max_examples=400, deadline=None)
def test_what_a_new_case_reaches_is_exact(question: tuple[Document, str, frozenset[str]]) -> None:
    document, _, without = question

    reach = from_opening(graph_of(definition_from(document)), without)

    exact = {state for state, owed in paths_of(document).from_opening(without) if owed}
    assert set(reach.came) == exact


@given(asked())
@settings(max_examples=200, deadline=None)
def test_the_way_to_a_state_can_be_gone(question: tuple[Document, str, frozenset[str]]) -> None:
    document, _, without = question
    reach = from_opening(graph_of(definition_from(document)), without)
    for state in reach.came:
        stands = set(paths_of(document).openings)
        for step in reach.way_to(state):
            assert step not in without
            said = document["steps"][step]
            stands = {d for s in stands if s in said["from"] for d, back in leaves(said["to"], s) if not back}
        assert state in stands


@given(asked())
@settings(max_examples=400, deadline=None)
def test_what_is_out_of_reach_after_a_step_is_out_of_reach(question: tuple[Document, str, frozenset[str]]) -> None:
    document, step, without = question

    reach = from_after(graph_of(definition_from(document)), (step,), without)

    assert reached_after(document, step, without) <= set(reach.came)


def test_too_much_is_said_to_be_in_reach_only_seldom() -> None:
    """Of definitions all of whose states are reached. It happens where two steps that lead back meet in one life."""
    too_wide = compared = 0
    for seed in range(3000):
        rng = Random(seed)
        document = a_document(rng)
        names = list(document["steps"])
        step, without = rng.choice(names), frozenset(rng.sample(names, rng.randint(0, 3)))
        graph = graph_of(definition_from(document))
        if graph.back and len(from_opening(graph).came) == len(document["states"]):
            compared += 1
            too_wide += set(from_after(graph, (step,), without).came) != reached_after(document, step, without)
    assert compared > 100
    assert too_wide <= compared / 50
