"""What a campaign board says of dates: the phases and what is owed, as they stand on a day for the units in view."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.campaign_parts import Dated
from engine.campaign_plan import CampaignPlan, Span, span_of
from engine.colours import Colour
from engine.obligations import Obligation, obligations_of
from engine.office import Office
from engine.people import People
from engine.working_days import WorkingDays
from workflows.campaign_loading import owing_units

NOT_RECORDED = "not_recorded"


@dataclass(frozen=True)
class View:
    """Whose board it is: the plan, the unit that looks, every unit in view, and those of them that take part.

    `on` is the day as of which everything is said.
    """

    plan: CampaignPlan
    unit: str
    units: tuple[str, ...]
    taking: tuple[str, ...]
    on: date


def phases_of(office: Office, view: View) -> list[dict[str, Any]]:
    """Each phase with its dates for the unit that looks, and for the regions in view whose dates are others."""
    return [
        {
            "id": phase.id,
            "zh": phase.zh,
            "en": phase.en,
            **dates_of(phase, office, view, view.unit),
            "printed": [one.words for one in phase.printed],
            "regions": [
                {"unit": region.unit, **dates_of(phase, office, view, region.unit)}
                for region in phase.regions
                if region.unit in view.taking and region.unit != view.unit
            ],
        }
        for phase in view.plan.phases
    ]


def dates_of(dated: Dated, office: Office, view: View, unit: str) -> dict[str, Any]:
    """From when to when for the unit, how that stands today, and the working days after today up to the last day.

    `provisional`: the holidays of the year of the last day are not published, so that the count may change.
    """
    first, last = span_of(dated, office.people.above(unit))
    state = state_on((first, last), view.on)
    running = state == "running" and last is not None
    return {
        "starts_on": first,
        "ends_on": last,
        "state": state,
        "working_days_left": office.law.calendar.count(view.on, last) if running and last is not None else None,
        "provisional": running and last is not None and not office.law.calendar.is_published(last.year),
    }


def state_on(span: Span, on: date) -> str:
    """`running`, `over` or `to_come`; `undated` where there is neither day."""
    first, last = span
    if first is None and last is None:
        return "undated"
    if first is not None and on < first:
        return "to_come"
    return "over" if last is not None and last < on else "running"


def obligations_in(office: Office, view: View) -> list[dict[str, Any]]:
    """Everything that a unit in view owes. Whether it was sent is not on record: the colour is that of the date."""
    calendar, rules = office.law.calendar, {rule.id: rule for rule in view.plan.obligations}
    found = []
    for owed in obligations_of(view.plan, calendar):
        units = _owing(view.plan, owed, office.people, view.units)
        if not units:
            continue
        rule = rules[owed.id.partition(".")[0]]
        found.append(
            {
                "id": owed.id,
                "kind": owed.kind,
                "zh": owed.zh,
                "en": owed.en,
                "due_on": owed.due_on,
                "safe_on": owed.safe_on,
                "provisional": owed.due_on is not None and not calendar.is_published(owed.due_on.year),
                "days_left": (owed.due_on - view.on).days if owed.due_on is not None else None,
                "working_days_left": calendar.count(view.on, owed.due_on) if owed.due_on is not None else None,
                "colour": _colour(owed.due_on, view.on, calendar, office.law.ladders.of_obligations.yellow_from),
                "to": owed.to,
                "printed": rule.printed,
                "state": NOT_RECORDED,
                "owed_by": [{"unit": unit, "state": NOT_RECORDED} for unit in units],
            }
        )
    return found


def past(obligations: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those whose day has passed, sent or not."""
    return [
        {
            "id": one["id"],
            "zh": one["zh"],
            "en": one["en"],
            "due_on": one["due_on"],
            "days_late": -one["days_left"],
            "state": one["state"],
            "units": [owing["unit"] for owing in one["owed_by"]],
        }
        for one in obligations
        if one["days_left"] is not None and one["days_left"] < 0
    ]


def _owing(plan: CampaignPlan, owed: Obligation, people: People, units: Collection[str]) -> list[str]:
    return [unit for unit in owing_units(plan, owed, people) if unit in units]


def _colour(due_on: date | None, on: date, calendar: WorkingDays, yellow_from: int | None) -> Colour | None:
    if due_on is None:
        return None
    if due_on < on:
        return "red"
    return "yellow" if calendar.count(on, due_on) <= (yellow_from or 0) else "green"
