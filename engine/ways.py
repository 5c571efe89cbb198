"""Finds the way of a case to a state: the shortest sequence of steps through those that somebody wants on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count

from engine.case_view import CaseView
from engine.definitions import SAME, Definition, Target


@dataclass(frozen=True)
class Arc:
    """One step of a way, from a state to a state. `said` are the answers that make it lead there."""

    step: str
    source: str
    dest: str
    said: tuple[tuple[str, str], ...] = ()


def way_to(
    definition: Definition, case: CaseView, goals: Iterable[str], through: tuple[str, ...] = ()
) -> tuple[Arc, ...] | None:
    """The way from the case's state to one of the goals: empty where it is there, None where there is none.

    It takes the steps of `through` in their order, as few steps as it can that are taken only on occasion, then as few
    as it can at all; among equals those that stand first in the definition. A step that nobody takes is on no way, and
    one that leads back to where another left only for a case that has left there.
    """
    wanted, onward = frozenset(goals), dict[str, list[Arc]]()
    for arc in _arcs(definition, case):
        onward.setdefault(arc.source, []).append(arc)
    order = count()
    waiting: list[tuple[int, int, int, str, int, tuple[Arc, ...]]] = [(0, 0, next(order), case.state, 0, ())]
    seen = set[tuple[str, int]]()
    while waiting:
        occasional, length, _, state, passed, way = heappop(waiting)
        if state in wanted and passed == len(through):
            return way
        if (state, passed) in seen:
            continue
        seen.add((state, passed))
        for arc in onward.get(state, ()):
            passes = passed < len(through) and through[passed] == arc.step
            cost = (occasional + definition.steps[arc.step].on_occasion, length + 1, next(order))
            heappush(waiting, (*cost, arc.dest, passed + passes, (*way, arc)))
    return None


def occasions_on(definition: Definition, way: Iterable[Arc]) -> int:
    """How many of its steps are taken only on occasion."""
    return sum(definition.steps[arc.step].on_occasion for arc in way)


def _arcs(definition: Definition, case: CaseView) -> Iterator[Arc]:
    for name, step in definition.steps.items():
        for source in step.from_ if step.by else ():
            for dest, said in _leads_to(step.to, source, case):
                yield Arc(name, source, dest, said)


def _leads_to(target: Target, source: str, case: CaseView) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """Every state to which the target may lead, with the answers that make it so."""
    if isinstance(target, str):
        yield source if target == SAME else target, ()
        return
    for key, inner in target.items():
        if key == "previous":
            left = case.last(inner)
            if left is not None:
                yield left.source, ()
        elif key == "at":
            if source in inner:
                yield from _leads_to(inner[source], source, case)
        elif key == "choose":
            yield from _leads_to(inner["yes"], source, case)
            yield from _leads_to(inner["no"], source, case)
        else:
            for value, nested in inner.items():
                answer = () if value == "otherwise" else ((key, value),)
                for dest, said in _leads_to(nested, source, case):
                    yield dest, (*answer, *said)
