"""Every path through a definition, searched one by one from the raw document: an oracle for what can be reached.

A node is where a case stands, whether it still owes a step of some group, and from where it last took each step to
which another leads back. What a case remembers is a number in mixed radix, a set of such memories the bits of one
integer: so whole sets move along an arc at once, and the search stays exact.
"""

from __future__ import annotations

import json
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

OPENING = "open"
Document = Mapping[str, Any]
Node = tuple[str, bool]  # the state, and whether a step is owed
Reached = Mapping[Node, int]  # the memories with which a case can be there


def leaves(target: Any, source: str) -> Iterator[tuple[str, bool]]:
    """Where a target can lead from a source: a state, or (`True`) back to where that step was last taken."""
    if isinstance(target, str):
        yield (source if target == "same" else target), False
        return
    ((key, inner),) = target.items()
    if key == "previous":
        yield inner, True
    elif key == "at":
        yield from leaves(inner[source], source)
    else:
        for name, nested in inner.items():
            if not (key == "choose" and name == "by"):
                yield from leaves(nested, source)


def paths_of(document: Document) -> Paths:
    """The paths of a document, whose names must all exist; the same ones for all documents with the same arcs."""
    arcs = {name: [step["from"], step["to"]] for name, step in document["steps"].items()}
    return _paths_of(json.dumps([document["open"]["to"], arcs]))


@lru_cache(maxsize=4)
def _paths_of(arcs: str) -> Paths:
    opening, steps = json.loads(arcs)
    return Paths(opening, steps)


class Paths:
    """The paths along some arcs: `opening` is a target, `steps` the sources and the target of each step."""

    def __init__(self, opening: Any, steps: Mapping[str, Any]) -> None:
        self.sources = {name: tuple(dict.fromkeys(sources)) for name, (sources, _) in steps.items()}
        self.openings = {state for state, _ in leaves(opening, "")}
        self.ways = {
            (name, source): tuple(dict.fromkeys(leaves(steps[name][1], source)))
            for name, sources in self.sources.items()
            for source in sources
        }
        self._leaving: dict[str, list[str]] = defaultdict(list)
        for name, source in self.ways:
            self._leaving[source].append(name)
        self._remembered: dict[str, tuple[str, ...]] = {}
        self._stride: dict[str, int] = {}
        memories = 1
        for earlier in sorted({dest for found in self.ways.values() for dest, back in found if back}):
            self._remembered[earlier] = ("", *self.sources[earlier])
            self._stride[earlier] = memories
            memories *= len(self._remembered[earlier])
        self._any_memory = (1 << memories) - 1
        self._with = {
            (earlier, source): self._pattern(earlier, index, memories)
            for earlier, sources in self._remembered.items()
            for index, source in enumerate(sources)
        }
        self._reached: dict[tuple[frozenset[str], frozenset[str]], Reached] = {}
        self._leading: dict[frozenset[str], Mapping[str, int]] = {}

    def from_opening(self, group: Iterable[str] = (), since: Iterable[str] = ()) -> Reached:
        """All that a new case reaches. It owes a step of `group` from the start, and anew after each of `since`."""
        asked = frozenset(group), frozenset(since)
        if asked not in self._reached:
            self._reached[asked] = self.onward({(state, True): 1 for state in self.openings}, *asked)
        return self._reached[asked]

    def onward(self, starts: Reached, pays: Iterable[str] = (), owes: Iterable[str] = ()) -> Reached:
        """All that is reached from those nodes: one of `pays` pays what is owed, and one of `owes` owes it anew."""
        paying, owing = set(pays), set(owes)
        reached: dict[Node, int] = defaultdict(int)
        fresh: dict[Node, int] = defaultdict(int, starts)
        waiting = deque(fresh)
        while waiting:
            node = waiting.popleft()
            memories = fresh.pop(node, 0) & ~reached[node]
            if not memories:
                continue
            reached[node] |= memories
            state, owed = node
            for name in self._leaving[state]:
                then = name in owing or (owed and name not in paying)
                for dest, there in self.arrivals(name, state, memories):
                    if there & ~reached[dest, then]:
                        fresh[dest, then] |= there
                        waiting.append((dest, then))
        return {node: memories for node, memories in reached.items() if memories}

    def arrivals(self, step: str, source: str, memories: int) -> Iterator[tuple[str, int]]:
        """Where the step leads a case that comes to it with one of those memories, and with which it arrives."""
        for dest, back in self.ways[step, source]:
            for state, part in self._parted(dest, source, memories) if back else ((dest, memories),):
                if part:
                    yield state, self._kept(step, source, part)

    def after(self, step: str, reached: Reached) -> dict[str, int]:
        """Where a case can be right after the step, in any of what was reached."""
        found: dict[str, int] = defaultdict(int)
        for (state, _), memories in reached.items():
            if (step, state) in self.ways:
                for dest, there in self.arrivals(step, state, memories):
                    found[dest] |= there
        return found

    def never_taken(self, earlier: str, memories: int) -> bool:
        """Whether among the memories is one of a case that never took that step."""
        return bool(memories & self._with[earlier, ""])

    def leading_to(self, goals: Iterable[str]) -> Mapping[str, int]:
        """By state the memories with which some path leads to one of the goals."""
        asked = frozenset(goals)
        if asked not in self._leading:
            self._leading[asked] = self._backward(asked)
        return self._leading[asked]

    def _backward(self, goals: frozenset[str]) -> Mapping[str, int]:
        can: dict[str, int] = defaultdict(int, dict.fromkeys(goals, self._any_memory))
        entering: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for (name, source), found in self.ways.items():
            for dest, back in found:
                for state in (source, *self._remembered[dest][1:]) if back else (dest,):
                    entering[state].append((name, source))
        waiting = deque(can)
        while waiting:
            for name, source in entering[waiting.popleft()]:
                before = self._before(name, source, can)
                if before & ~can[source]:
                    can[source] |= before
                    waiting.append(source)
        return can

    def _before(self, step: str, source: str, can: Mapping[str, int]) -> int:
        found = 0
        for dest, back in self.ways[step, source]:
            for state, part in self._parted(dest, source, self._any_memory) if back else ((dest, self._any_memory),):
                found |= part & self._forgotten(step, source, can.get(state, 0))
        return found

    def _parted(self, earlier: str, source: str, memories: int) -> Iterator[tuple[str, int]]:
        """The memories by where they lead back to; who never took the earlier step stays where he is."""
        for left in self._remembered[earlier]:
            yield left or source, memories & self._with[earlier, left]

    def _kept(self, step: str, source: str, memories: int) -> int:
        """The memories once the step was taken from that source."""
        if step not in self._remembered:
            return memories
        stride, now = self._stride[step], self._remembered[step].index(source)
        emptied = 0
        for index, left in enumerate(self._remembered[step]):
            emptied |= (memories & self._with[step, left]) >> (index * stride)
        return emptied << (now * stride)

    def _forgotten(self, step: str, source: str, memories: int) -> int:
        """The memories that become one of these once the step is taken from that source."""
        if step not in self._remembered:
            return memories
        stride, now = self._stride[step], self._remembered[step].index(source)
        emptied = (memories & self._with[step, source]) >> (now * stride)
        found = 0
        for index in range(len(self._remembered[step])):
            found |= emptied << (index * stride)
        return found

    def _pattern(self, earlier: str, index: int, memories: int) -> int:
        """The set of all memories in which that step was last left at that index."""
        stride, radix = self._stride[earlier], len(self._remembered[earlier])
        block = ((1 << stride) - 1) << (index * stride)
        return sum(block << start for start in range(0, memories, stride * radix))
