"""The days of a way: the earliest by going forward from the case, the latest by going back from the day it is wanted.

Both hold the guards to it: a day is possible when they say so of the step taken in thought on that day, so a plan and
`case why` cannot differ. Our acts are planned on working days.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from engine.case_view import CaseView
from engine.changing import changed
from engine.deadlines import Deadline
from engine.errors import Refusal
from engine.plan_values import OnTheWay, Stage
from engine.rehearsing import Rehearsal
from engine.ways import Arc

ONE_DAY = timedelta(days=1)
# Going back, no day is looked for further away from the next step than this.
FURTHEST_DAYS = 1100


def stages_of(rehearsal: Rehearsal, case: CaseView, way: Sequence[Arc], today: date) -> tuple[Stage, ...]:
    """Every step of the way on the first working day on which nothing makes it wait."""
    stages: list[Stage] = []
    begun: dict[str, str] = {}
    on = max(today, case.last_on)
    for arc in way:
        on, reasons, against = _first_day(rehearsal, case, arc, on)
        after = rehearsal.after(case, arc, on)
        waits = {str(r.facts["deadline"]): r for r in reasons if r.facts.get("deadline") in case.deadlines}
        held = tuple(r for r in reasons if r.facts.get("deadline") not in case.deadlines)
        ends = _met(case, after)
        stages.append(
            Stage(
                arc,
                on,
                case,
                after,
                tuple(OnTheWay(case.deadlines[name], begun.get(name)) for name in waits),
                held,
                against,
                tuple(OnTheWay(d, begun.get(d.id)) for d in ends),
            )
        )
        begun |= {name: arc.step for name in after.deadlines if name not in case.deadlines}
        case = after
    return tuple(stages)


def latest_days(
    rehearsal: Rehearsal, stages: Sequence[Stage], by: date | None, caps: Mapping[int, date], others: bool = False
) -> tuple[date | None, ...]:
    """For every step the last working day from which the next ones, on their own last days, are still possible.

    The last step is wanted by `by`, a step by its day in `caps`. None: nothing limits it, or no such day was found.
    With `others` the limits of those outside run out before the step that ends them.
    """
    latest: list[date | None] = [None] * len(stages)
    bound = by
    for place in reversed(range(len(stages))):
        bound = min((day for day in (bound, caps.get(place)) if day is not None), default=None)
        if bound is not None:
            bound = latest[place] = _last_day(rehearsal, stages, place, bound, latest, others)
    return tuple(latest)


def shut_after(rehearsal: Rehearsal, case: CaseView, stage: Stage, last_on: date | None) -> tuple[Refusal, ...]:
    """What stands against the step from the working day after its last day on, and made that its last day."""
    if last_on is None:
        return ()
    return _shut_on(rehearsal, case, stage, rehearsal.around.law.calendar.add(last_on, 1))


def _first_day(
    rehearsal: Rehearsal, case: CaseView, arc: Arc, from_on: date
) -> tuple[date, tuple[Refusal, ...], tuple[Refusal, ...]]:
    """The first working day, why not earlier, and what stands against the step on that day all the same."""
    on_any_day, next_working = _is_owed_in_hours(rehearsal, case, arc), rehearsal.around.law.calendar.next_working
    on, reasons = from_on if on_any_day else next_working(from_on), list[Refusal]()
    while True:
        against = rehearsal.against(case, arc, on)
        later = _to_wait_for(against, on)
        if not later:
            return on, tuple(reasons), against
        reasons += later
        on = max(day for r in later if (day := r.earliest_on))
        on = on if on_any_day else next_working(on)


def _is_owed_in_hours(rehearsal: Rehearsal, case: CaseView, arc: Arc) -> bool:
    ending = {stop.rule for stop in rehearsal.workflow.definition.steps[arc.step].stop}
    return any(d.is_open and d.due_at is not None and d.rule in ending for d in case.deadlines.values())


def _to_wait_for(against: Sequence[Refusal], on: date) -> list[Refusal]:
    return [r for r in against if r.earliest_on is not None and r.earliest_on > on]


def _last_day(
    rehearsal: Rehearsal, stages: Sequence[Stage], place: int, bound: date, latest: Sequence[date | None], others: bool
) -> date | None:
    """The last working day up to `bound` from which the later steps are possible on their last days."""
    calendar, floor = rehearsal.around.law.calendar, bound - timedelta(days=FURTHEST_DAYS)
    day = bound
    while day > floor:
        planned = stages[place].on_any_day or calendar.is_working(day)
        if planned and _leads_on(rehearsal, stages, place, day, latest, others):
            return day
        day -= ONE_DAY
    return None


def _leads_on(
    rehearsal: Rehearsal, stages: Sequence[Stage], place: int, day: date, latest: Sequence[date | None], others: bool
) -> bool:
    """Whether the step, taken on that day, lets the later ones be taken on theirs.

    What ran before it is left out: that bounds the earliest days.
    """
    first = stages[place]
    if _shut_on(rehearsal, stages[0].before, first, day):
        return False
    case = rehearsal.after(changed(first.before, deadlines={}), first.arc, day)
    for stage, on in zip(stages[place + 1 :], latest[place + 1 :], strict=True):
        if on is None:
            return True
        if _to_wait_for(rehearsal.against(case, stage.arc, on), on):
            return False
        after = rehearsal.after(case, stage.arc, on)
        if others and any(d.due_on > on for d in _met(case, after) if OnTheWay(d, None).is_of_others):
            return False
        case = after
    return True


def _shut_on(rehearsal: Rehearsal, first: CaseView, stage: Stage, day: date) -> tuple[Refusal, ...]:
    """What stands against the step on a day after its earliest that waiting does not cure, and did not on that one.

    Time limits that the way itself begins are left out (`first` is the case as it is now): they move with it.
    """
    if day <= stage.earliest_on:
        return ()
    now = {name: d for name, d in stage.before.deadlines.items() if name in first.deadlines}
    case = changed(stage.before, deadlines=now)
    known = {r.code for r in rehearsal.against(case, stage.arc, stage.earliest_on)}
    against = rehearsal.against(case, stage.arc, day)
    return tuple(r for r in against if r.earliest_on is None and r.code not in known)


def _met(before: CaseView, after: CaseView) -> list[Deadline]:
    """The time limits that were met in between, as they ran before."""
    return [d for d in before.deadlines.values() if d.is_open and after.deadlines[d.id].state == "met"]
