"""What happens to a case by itself when a time limit has run out: a hold lapses, a service takes effect. Pure.

Such a step is data like every other (`on_expiry` in the definition), goes on record like every other, and is dated on
the last day of its limit, on whatever day it is recorded. Nobody takes it, so nothing is judged.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.case_view import Attempt, CaseView
from engine.changing import changed
from engine.deadlines import Deadline
from engine.definitions import Definition
from engine.judging import Surroundings
from engine.machine import Workflow
from engine.moving import Move, plan_move
from engine.party_views import seen_by
from engine.people import Person

# Under this name the program itself stands in the record.
ITSELF = Person("anjuan", "系统", "", frozenset())


def next_happening(workflow: Workflow, case: CaseView, around: Surroundings) -> Move | None:
    """The earliest effect that is due and not recorded yet; None where there is none."""
    due = [
        (deadline, step)
        for deadline in case.deadlines.values()
        if deadline.nature == "automatic" and (step := _step_at_end(workflow.definition, case, deadline)) is not None
        if _has_run_out(deadline, around)
    ]
    if not due:
        return None
    deadline, step = min(due, key=lambda pair: (pair[0].ends_at, pair[0].id))
    seen = _eyes(workflow.definition, case, deadline)
    attempt = Attempt(
        step=step,
        actor=ITSELF,
        role="",
        on=deadline.due_on,
        at=deadline.due_at,
        today=around.today,
        answers={},
        law=around.law,
        people=around.people,
        plans=around.plans,
        source=seen.state,
        party_no=deadline.party_no,
    )
    attempt = changed(attempt, dest=workflow.destination(seen, attempt))
    return plan_move(workflow, case, attempt, (), (), around.now, seen)


@dataclass(frozen=True)
class Standing:
    """The case with everything that has happened by itself, and what of it is not on record yet, in order."""

    case: CaseView
    happened: tuple[Move, ...]


def as_it_stands(workflow: Workflow, case: CaseView, around: Surroundings) -> Standing:
    """What guards and people are to see: a hold that has lapsed has lapsed, recorded or not."""
    happened = []
    while (move := next_happening(workflow, case, around)) is not None:
        happened.append(move)
        case = changed(move.after, head_seq=case.head_seq + 1)
    return Standing(case, tuple(happened))


def _eyes(definition: Definition, case: CaseView, deadline: Deadline) -> CaseView:
    """The case as the party sees it whose limit it is."""
    return case if deadline.party_no is None else seen_by(definition, case, deadline.party_no)


def _step_at_end(definition: Definition, case: CaseView, deadline: Deadline) -> str | None:
    """The step that follows from the end of that limit where the case stands."""
    state = _eyes(definition, case, deadline).state
    for name, step in definition.steps.items():
        if step.on_expiry == deadline.rule and state in step.from_:
            return name
    return None


def _has_run_out(deadline: Deadline, around: Surroundings) -> bool:
    """A provisional end takes no effect: the holidays of its year may still move it."""
    return deadline.is_open and not deadline.provisional and deadline.standing(around.now) in {"met", "lapsed"}
