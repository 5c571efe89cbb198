"""Which decision of a case holds: the newest that was taken and not set aside since."""

from __future__ import annotations

from collections.abc import Iterable

from engine.case_view import CaseView, StepTaken

ON_SPOT, SET_ASIDE = "decide_on_spot", "set_aside"
PENALTIES = ("decide", ON_SPOT)
DECISIONS = (*PENALTIES, "decide_no_penalty")


def decision_in_force(trail: Iterable[StepTaken]) -> StepTaken | None:
    """The decision that holds, with or without a penalty; `None` where none was taken or the last was set aside."""
    newest = None
    for taken in trail:
        if taken.step in DECISIONS:
            newest = taken
        elif taken.step == SET_ASIDE:
            newest = None
    return newest


def penalty_in_force(case: CaseView) -> StepTaken | None:
    """The penalty that holds; `None` also where a later decision without penalty took its place."""
    decision = decision_in_force(case.trail)
    return decision if decision is not None and decision.step in PENALTIES else None
