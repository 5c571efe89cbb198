"""What stands in the way of a plan, and what to mind about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from engine import plan_words
from engine.errors import Refusal
from engine.plan_values import Draft, OnTheWay, PlannedStep, Timed
from engine.plan_ways import named_step, shorter_than


def blocking(draft: Draft, today: date) -> Iterator[Refusal]:
    """Why the goal cannot be reached, or not by its day."""
    aim, case_no = draft.aim, draft.case.case_no
    if aim.by is not None and aim.by < today:
        yield plan_words.past(case_no, aim, aim.by, today)
    for row in draft.rows:
        yield from (replace(r, facts={**r.facts, "step": row.step}) for r in row.refusals)
    if draft.by is not None and any(row.is_missed for row in draft.rows):
        yield plan_words.too_late(case_no, draft.definition, aim, draft.by, draft.rows)


def missed_duties(draft: Draft) -> Iterator[Refusal]:
    """Our duties that cannot be met in time any more, be the goal reached or not."""
    for row in draft.rows:
        for limit in row.stage.ends:
            if limit.is_duty and limit.deadline.due_on < row.earliest_on:
                yield plan_words.duty_missed(draft.definition, row, limit)


def warnings(draft: Draft, steps: Sequence[PlannedStep]) -> Iterator[Refusal]:
    """What to mind: duties that want a step earlier, what others may delay, what was assumed, who is missing."""
    shorter = shorter_than(draft.definition, draft.case, draft.aim, draft.line)
    if shorter:
        yield plan_words.usual_line(draft.definition, draft.case.case_no, draft.aim, draft.line.way, shorter)
    for row in draft.rows:
        yield from (*row.stage.held, *row.shut)
    yield from _duties(draft)
    yield from _others(draft)
    yield from _also_owed(draft)
    for row in draft.rows:
        yield from _perhaps_first(draft, row)
        yield from _assumed(draft, row)
        yield from _not_counted(draft, row)
    yield from (plan_words.nobody(step) for step in steps if not step.who_can)
    days = {day for row in draft.rows for day in (row.earliest_on, row.latest_on) if day is not None}
    years = sorted({day.year for day in days if not draft.calendar.is_published(day.year)})
    if years:
        yield plan_words.provisional(years)


def _duties(draft: Draft) -> Iterator[Refusal]:
    """Running duties that want a step before the goal, or the next step, does; duties that the way itself begins."""
    for place, row in enumerate(draft.rows, start=1):
        next_on = draft.rows[place].latest_on if place < len(draft.rows) else draft.by
        for limit in row.stage.ends:
            if not limit.is_duty or limit.deadline.due_on < row.earliest_on:
                continue
            safe_on = limit.plan_on(draft.calendar)
            if limit.begun_by is not None:
                yield plan_words.duty_begins(draft.definition, row, limit, safe_on)
            elif safe_on == row.latest_on and (next_on is None or safe_on < next_on):
                yield plan_words.duty_bites(draft.definition, row, limit, safe_on)


def _others(draft: Draft) -> Iterator[Refusal]:
    """Steps that depend on those outside, where their taking all their time would cost the goal or some days."""
    rows = {row.step: row for row in draft.rows}
    for row in draft.rows:
        for limit in row.stage.ends:
            if not limit.is_of_others or row.latest_on is None or row.is_missed:
                continue
            if limit.begun_by is None:
                if limit.deadline.due_on > row.latest_on:
                    yield plan_words.counts_on_others(draft.definition, row, limit, None)
            elif rows[limit.begun_by].prudent_on != rows[limit.begun_by].latest_on:
                yield plan_words.counts_on_others(draft.definition, row, limit, _prudent_pivot(draft))


def _prudent_pivot(draft: Draft) -> Timed | None:
    """The step that the plan hinges on, when it can still be taken early enough for others to use all their time."""
    limited = [row for row in draft.rows if row.latest_on is not None]
    if any(row.prudent_on is None or row.prudent_on < row.earliest_on for row in limited):
        return None
    return draft.pivot


def _also_owed(draft: Draft) -> Iterator[Refusal]:
    """Our duties that run, or begin on the way, and that no step of it ends. What the last step begins comes later."""
    begun: dict[str, str | None] = dict.fromkeys(draft.case.deadlines)
    for row in draft.rows[:-1]:
        begun |= {name: row.step for name in row.stage.after.deadlines if name not in begun}
    for d in draft.rows[-1].stage.after.deadlines.values() if draft.rows else ():
        limit = OnTheWay(d, begun.get(d.id))
        if limit.is_duty and d.id in begun:
            yield plan_words.also_owed(draft.definition, limit)


def _perhaps_first(draft: Draft, row: Timed) -> Iterator[Refusal]:
    """Steps that may be wanted before this one, depending on amounts that nobody knows yet."""
    known = {r.code for r in row.refusals}
    had = {taken.step for taken in row.stage.before.trail}
    for reason in row.stage.against:
        name = named_step(draft.definition, reason)
        if name is not None and reason.code not in known and name not in {*had, row.step}:
            yield plan_words.may_need(draft.definition, row, reason, name)


def _assumed(draft: Draft, row: Timed) -> Iterator[Refusal]:
    """Answers of a step with which the period that a later step waits for would take longer."""
    if all(wait.begun_by != row.step for later in draft.rows for wait in later.stage.waits_for):
        return
    step = draft.definition.steps[row.step]
    slower: dict[str, dict[str, None]] = {}
    for start in step.start:
        for answer, by_value in (*start.instead.items(), *start.after.items()):
            slower.setdefault(answer, {}).update(dict.fromkeys(by_value))
    for answer, values in slower.items():
        yield plan_words.assumed(row, step, answer, step.ask[answer], tuple(values))


def _not_counted(draft: Draft, row: Timed) -> Iterator[Refusal]:
    """Periods whose last day the order itself will set, where a later step of the way ends them."""
    steps = draft.definition.steps
    ended = {stop.rule for later in draft.rows for stop in steps[later.step].stop}
    for start in steps[row.step].start:
        if start.until is not None and start.rule in ended:
            yield plan_words.not_counted(row, steps[row.step], steps[row.step].ask[start.until])
