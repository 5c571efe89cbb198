"""Sorts the arcs of a workflow for a drawing: the main way, arrows, numbered notes, what leads nowhere. Pure.

A drawing of every arc as a line cannot be read. Steps that leave from many states become one numbered note, steps that
leave the case where it is become one line each; the rest are arrows. Every arc is in exactly one of the three.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeAlias

from engine.definitions import Definition, arcs_of, openings_of

# Strongest first: an arrow that several steps share is drawn as the strongest of them.
Weight: TypeAlias = Literal["main", "usual", "occasion", "itself"]
WEIGHTS: tuple[Weight, ...] = ("main", "usual", "occasion", "itself")

# As many arrows of one step as an eye still follows; more of them become a note.
MOST_ARROWS: dict[Weight, int] = {"main": 5, "usual": 5, "occasion": 3, "itself": 3}

Pair: TypeAlias = tuple[str, str]


@dataclass(frozen=True)
class Group:
    """The arcs of one step that are not drawn as arrows, in the order of the definition."""

    step: str
    arcs: tuple[Pair, ...]


@dataclass(frozen=True)
class SortedArcs:
    """`drawn` are the steps by (source, destination); `numbered` move a case, `staying` leave it where it is."""

    main: tuple[str, ...]
    drawn: dict[Pair, tuple[str, ...]]
    numbered: tuple[Group, ...]
    staying: tuple[Group, ...]


def sorted_arcs(definition: Definition) -> SortedArcs:
    """Every arc of the definition in its place."""
    main = main_way(definition)
    on_main = set(pairwise(main))
    drawn: dict[Pair, tuple[str, ...]] = {}
    numbered, staying = [], []
    for name in definition.steps:
        arcs = tuple(dict.fromkeys(arcs_of(definition, name)))
        stays = tuple(arc for arc in arcs if arc[0] == arc[1])
        moves = tuple(arc for arc in arcs if arc[0] != arc[1])
        weight = weight_of(definition, name)
        if len(moves) > MOST_ARROWS[weight]:
            rest = tuple(arc for arc in moves if weight != "usual" or arc not in on_main)
            if rest:
                numbered.append(Group(name, rest))
            moves = tuple(arc for arc in moves if arc not in rest)
        for arc in moves:
            drawn[arc] = (*drawn.get(arc, ()), name)
        if stays:
            staying.append(Group(name, stays))
    return SortedArcs(main, drawn, tuple(numbered), tuple(staying))


def weight_of(definition: Definition, step_id: str) -> Weight:
    """How a step that is not on the main way is drawn."""
    step = definition.steps[step_id]
    if not step.by:
        return "itself"
    return "occasion" if step.on_occasion else "usual"


def main_way(definition: Definition) -> tuple[str, ...]:
    """The longest way forward from a beginning to an end by steps that are no exceptions, as states.

    Forward is the order of the definition, so the way never turns back. Where none leads to an end, the longest at all.
    """
    order = {state: place for place, state in enumerate(definition.states)}
    before: dict[str, str | None] = dict.fromkeys(openings_of(definition))
    length = dict.fromkeys(before, 0)
    forward = sorted(set(_forward(definition, order)), key=lambda arc: (order[arc[0]], order[arc[1]]))
    for source, dest in forward:
        if source in length and length[source] + 1 > length.get(dest, -1):
            length[dest], before[dest] = length[source] + 1, source
    ends = [state for state in length if definition.states[state].end] or list(length)
    return _back_from(max(ends, key=lambda state: (length[state], -order[state])), before)


def _forward(definition: Definition, order: dict[str, int]) -> Iterator[Pair]:
    for name in definition.steps:
        if weight_of(definition, name) == "usual":
            yield from (arc for arc in arcs_of(definition, name) if order[arc[0]] < order[arc[1]])


def _back_from(last: str, before: dict[str, str | None]) -> tuple[str, ...]:
    way: list[str] = []
    here: str | None = last
    while here is not None:
        way.append(here)
        here = before[here]
    return tuple(reversed(way))


def heaviest(weights: Sequence[Weight]) -> Weight:
    """The strongest of them."""
    return min(weights, key=WEIGHTS.index)
