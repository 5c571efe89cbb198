"""Which states a case can reach without certain steps, and by which way. Pure: graphs of a definition, no case.

A step that leads back (`{previous: step}`) leads to where the case was when it took that earlier step. From the opening
on it therefore reaches nothing that was not reached before; after a fresh start in the middle of a life it may, but
only where it can be taken without the earlier step having been taken anew.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.definitions import Definition, arcs_and_returns, openings_of

NO_STEPS: frozenset[str] = frozenset()
# Enough for any workflow that was meant; one that needs more is taken to be able to go back everywhere.
MOST_ROUNDS = 5


@dataclass(frozen=True)
class Graph:
    """The arcs of a definition: `onward` by source as (step, destination), `back` as (step, source, earlier step)."""

    definition: Definition
    onward: Mapping[str, tuple[tuple[str, str], ...]]
    back: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Reach:
    """The states reached, each with the step that led there first and from where; a start with `None`."""

    came: Mapping[str, tuple[str, str] | None]

    def __contains__(self, state: str) -> bool:
        return state in self.came

    def way_to(self, state: str) -> tuple[str, ...]:
        """The steps from a start to the state, in their order."""
        steps: list[str] = []
        last = self.came[state]
        while last is not None:
            step, state = last
            steps.append(step)
            last = self.came[state]
        return tuple(reversed(steps))


def graph_of(definition: Definition) -> Graph:
    onward: dict[str, list[tuple[str, str]]] = defaultdict(list)
    back: list[tuple[str, str, str]] = []
    for name in definition.steps:
        for source, dest, returned in arcs_and_returns(definition, name):
            if returned is not None:
                back.append((name, source, returned))
            elif dest != source:
                onward[source].append((name, dest))
    unique = {source: tuple(dict.fromkeys(arcs)) for source, arcs in onward.items()}
    return Graph(definition, unique, tuple(dict.fromkeys(back)))


def from_opening(graph: Graph, without: frozenset[str] = NO_STEPS) -> Reach:
    """What a new case can reach without ever taking one of those steps."""
    return _closure(graph, openings_of(graph.definition), without, NO_STEPS)


def from_after(graph: Graph, steps: Iterable[str], without: frozenset[str] = NO_STEPS) -> Reach:
    """What a case can reach after one of `steps`, whatever came before it, without taking one of those others."""
    starts = tuple(dict.fromkeys(dest for step in steps for dest in _dests(graph.definition, step)))
    led_back = NO_STEPS
    for _ in range(MOST_ROUNDS):
        reach = _closure(graph, starts, without, led_back)
        stale = frozenset(_stale(graph, reach, starts, without, led_back))
        if stale <= led_back:
            return reach
        led_back |= stale
    return _closure(graph, starts, without, frozenset(earlier for _, _, earlier in graph.back))


def _stale(
    graph: Graph, reach: Reach, starts: Iterable[str], without: frozenset[str], led_back: frozenset[str]
) -> Iterator[str]:
    """The earlier steps to whose source the case may be led back although it took them only before the start."""
    for earlier in dict.fromkeys(e for step, source, e in graph.back if step not in without and source in reach):
        fresh = _closure(graph, starts, without | {earlier}, led_back)
        if any(e == earlier and s not in without and source in fresh for s, source, e in graph.back):
            yield earlier


def _closure(graph: Graph, starts: Iterable[str], without: frozenset[str], led_back: frozenset[str]) -> Reach:
    """Breadth first, so that the ways are short; steps taken only on occasion when nothing else leads on, so that they
    are plain. `led_back` are the earlier steps whose sources are open to all."""
    steps = graph.definition.steps
    came: dict[str, tuple[str, str] | None] = dict.fromkeys(starts)
    back: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for step, source, earlier in graph.back if led_back else ():
        if earlier in led_back:
            back[source] += ((step, dest) for dest in graph.definition.steps[earlier].from_)
    waiting, aside = deque(came), deque[tuple[str, str, str]]()
    while waiting or aside:
        if not waiting:
            step, source, dest = aside.popleft()
            if dest not in came:
                came[dest] = (step, source)
                waiting.append(dest)
            continue
        state = waiting.popleft()
        for step, dest in (*graph.onward.get(state, ()), *back.get(state, ())):
            if step in without or dest in came:
                continue
            if steps[step].on_occasion:
                aside.append((step, state, dest))
            else:
                came[dest] = (step, state)
                waiting.append(dest)
    return Reach(came)


def _dests(definition: Definition, step: str) -> Iterator[str]:
    return (dest for _, dest, _ in arcs_and_returns(definition, step))
