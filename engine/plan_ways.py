"""Chooses the way that is planned: through the steps that were named or along the usual line, with what comes first."""

from __future__ import annotations

from engine.case_view import CaseView
from engine.definitions import Definition
from engine.errors import Refusal
from engine.plan_days import stages_of
from engine.plan_values import Aim, Line
from engine.rehearsing import Rehearsal
from engine.ways import Arc, occasions_on, way_to


def line_to(definition: Definition, case: CaseView, aim: Aim) -> Line | None:
    """The way to the goal, None where there is none; of the usual line as much as leads there without detours.

    A detour leads through the goal itself, or takes a step on occasion that the case could do without.
    """
    plain = way_to(definition, case, [aim.goal], aim.via)
    if plain is None or aim.via:
        return None if plain is None else Line(plain, aim.via)
    for length in range(len(aim.usual), 0, -1):
        way = way_to(definition, case, [aim.goal], aim.usual[:length])
        if way is None or any(arc.dest == aim.goal for arc in way[:-1]):
            continue
        if occasions_on(definition, way) <= occasions_on(definition, plain):
            return Line(way, aim.usual[:length])
    return Line(plain, ())


def shorter_than(definition: Definition, case: CaseView, aim: Aim, line: Line) -> tuple[Arc, ...]:
    """A way that turns off the usual line and is shorter; empty where there is none, or the line was asked for."""
    if aim.via:
        return ()
    taken, other = {arc.step for arc in line.way}, way_to(definition, case, [aim.goal]) or ()
    return other if any(arc.step not in taken for arc in other) else ()


def with_what_comes_first(least: Rehearsal, most: Rehearsal, case: CaseView, aim: Aim, line: Line) -> Line:
    """The line with every step on it that a guard wants to see taken before another, whatever the amounts will be.

    Only as far as it still leads to the goal then; a step taken on occasion is not put on it.
    """
    definition, tried = most.workflow.definition, set[tuple[str, str]]()
    while True:
        pairs = [_wanted_first(rehearsal, case, line) for rehearsal in (least, most)]
        found = next((pair for pair in pairs[0] if pair in pairs[1] and pair not in tried), None)
        if found is None:
            return line
        tried.add(found)
        through = _put_before(line, *found)
        way = way_to(definition, case, [aim.goal], through)
        if way is not None:
            line = Line(way, through)


def named_step(definition: Definition, refusal: Refusal) -> str | None:
    """The step to which the remedy's command points: `anjuan case why NO STEP`."""
    words = (refusal.remedy.command or "").split() if refusal.remedy else []
    return next((w for w in words[4:5] if words[:2] == ["anjuan", "case"] and w in definition.steps), None)


def _wanted_first(rehearsal: Rehearsal, case: CaseView, line: Line) -> list[tuple[str, str]]:
    """Pairs of a step that is missing and the step of the way that a guard refuses without it."""
    definition = rehearsal.workflow.definition
    found, taken = [], set[str]()
    for stage in stages_of(rehearsal, case, line.way, rehearsal.around.today):
        names = (named_step(definition, refusal) for refusal in stage.against)
        missing = [name for name in names if name and name not in {*taken, stage.arc.step}]
        found += [(name, stage.arc.step) for name in missing if not definition.steps[name].on_occasion]
        taken.add(stage.arc.step)
    return found


def _put_before(line: Line, missing: str, step: str) -> tuple[str, ...]:
    """The steps to pass, with the missing one and the one that wants it in the place where that stands."""
    place = [arc.step for arc in line.way].index(step)
    passed = {arc.step for arc in line.way[:place]}
    before = tuple(name for name in line.through if name in passed)
    return (*before, missing, step, *(name for name in line.through if name not in passed and name != step))
