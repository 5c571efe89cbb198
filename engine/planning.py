"""Plans how a case reaches a state: the steps in order, when each can and must be taken, what stands in the way.

Pure: values in, a plan out. The way is the shortest one through the steps that were named; steps taken on occasion stay
out of it unless nothing else leads there, and a step that a guard certainly wants to see first is put on it. Amounts
that nobody knows yet are taken as large, so that no period is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from engine import plan_words
from engine.capacities import Post, holders_of, withdrawn
from engine.case_view import CaseView
from engine.errors import Refusal
from engine.judging import Surroundings
from engine.machine import Workflow
from engine.people import Person
from engine.plan_days import latest_days, shut_after, stages_of
from engine.plan_notes import blocking, missed_duties, warnings
from engine.plan_values import Aim, Draft, Plan, PlannedStep, Stage, Timed
from engine.plan_ways import line_to, with_what_comes_first
from engine.rehearsing import Rehearsal
from engine.ways import Arc
from engine.working_days import WorkingDays

# Ten billion yuan: above every threshold.
LARGE_FEN = 10**12


def plan_of(workflow: Workflow, case: CaseView, aim: Aim, actor: Person, around: Surroundings) -> Plan:
    """The plan for a case. The state and the steps of the aim must be the workflow's."""
    definition = workflow.definition
    line = line_to(definition, case, aim)
    if line is None:
        refusal = plan_words.no_way(definition, case.state, aim)
        return Plan(case.case_no, case.state, aim, aim.via, False, (), (refusal,), (), refusal.zh, refusal.en)
    least, most = Rehearsal(workflow, around, actor, 0), Rehearsal(workflow, around, actor, LARGE_FEN)
    line = with_what_comes_first(least, most, case, aim, line)
    by = aim.by if aim.by is not None and aim.by >= around.today else None
    rows = _rows(least, most, case, line.way, by)
    draft = Draft(definition, case, aim, by, line, rows, around.law.calendar)
    against = tuple(blocking(draft, around.today))
    steps = _steps(draft, around)
    zh, en = (against[0].zh, against[0].en) if against else plan_words.headline(draft)
    refusals = (*against, *missed_duties(draft))
    return Plan(
        case.case_no, case.state, aim, line.through, True, steps, refusals, tuple(warnings(draft, steps)), zh, en
    )


def _rows(least: Rehearsal, most: Rehearsal, case: CaseView, way: Sequence[Arc], by: date | None) -> tuple[Timed, ...]:
    """The steps with all their days. `least` and `most` take unknown amounts as nothing and as large."""
    today = most.around.today
    stages = stages_of(most, case, way, today)
    caps = dict(_caps(stages, most.around.law.calendar))
    latest = latest_days(most, stages, by, caps)
    begun = any(limit.is_of_others and limit.begun_by for stage in stages for limit in stage.ends)
    prudent = latest_days(most, stages, by, caps, others=True) if begun else latest
    lenient = stages_of(least, case, way, today)
    return tuple(
        Timed(
            stage,
            last_on,
            prudent_on,
            _whatever_is_answered(least, stage, other.before),
            shut_after(most, case, stage, last_on),
        )
        for stage, other, last_on, prudent_on in zip(stages, lenient, latest, prudent, strict=True)
    )


def _caps(stages: Sequence[Stage], calendar: WorkingDays) -> Iterator[tuple[int, date]]:
    """For a step that ends running duties of ours the last working day for the first of them that can still be met.

    A duty that a step of the way begins moves with that step, and takes no day from it.
    """
    for place, stage in enumerate(stages):
        running = [limit.plan_on(calendar) for limit in stage.ends if limit.is_duty and limit.begun_by is None]
        met = [day for day in running if day >= stage.earliest_on]
        if met:
            yield place, min(met)


def _whatever_is_answered(least: Rehearsal, stage: Stage, before: CaseView) -> tuple[Refusal, ...]:
    """What stands against the step on its earliest day, also when nothing is fined and nothing was (`before`)."""
    also = {r.code for r in least.against(before, stage.arc, stage.earliest_on)}
    return tuple(r for r in stage.against if r.code in also)


def _steps(draft: Draft, around: Surroundings) -> tuple[PlannedStep, ...]:
    """The rows as they are shown. A provisional day makes those provisional that are counted from it."""
    definition, case, rows = draft.definition, draft.case, draft.rows
    forward = [_is_provisional(draft, row.earliest_on) for row in rows]
    backward = [_is_provisional(draft, row.latest_on) for row in rows]
    found = []
    for place, row in enumerate(rows):
        step = definition.steps[row.step]
        barred = {name for taken in case.taken(*step.not_by) for name in taken.involved}
        post = Post(definition, step.by, case.unit, row.earliest_on or around.today, around.today, step)
        who_can = holders_of(post, around.people, barred | withdrawn(definition, case))
        roles = {name: definition.roles[name] for name in step.by}
        provisional = any(forward[: place + 1]), row.latest_on is not None and any(backward[place:])
        found.append(PlannedStep(row, step, roles, who_can, *provisional))
    return tuple(found)


def _is_provisional(draft: Draft, day: date | None) -> bool:
    return day is not None and not draft.calendar.is_published(day.year)
