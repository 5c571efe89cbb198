"""What a campaign means: in which phase a day lies, where a case counts, its dated days, and its summary."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.campaign_parts import Phase
from engine.campaign_plan import CampaignPlan, Gate, span_of
from engine.obligations import Obligation, RestDays, obligations_of

CALENDAR_ORDER = (
    "launch",
    "campaign_start",
    "phase_start",
    "special_start",
    "law_change",
    "obligation",
    "gate_end",
    "special_end",
    "phase_end",
    "campaign_end",
)


@dataclass(frozen=True)
class CalendarDay:
    """Something that happens in the campaign on a day. `kind` is one of CALENDAR_ORDER, `subject` the id of the phase,
    special period, gate or obligation, of a law the day; the campaign's own days have none."""

    on: date
    kind: str
    zh: str
    en: str
    subject: str = ""


def phase_on(plan: CampaignPlan, on: date, units: tuple[str, ...] = ()) -> Phase | None:
    """The first phase, in printed order, to which the day belongs; one without any date is never running.

    `units`, the nearest first, may have dates of their own.
    """
    return next((phase for phase in plan.phases if _runs(phase, on, units)), None)


def category_of(plan: CampaignPlan, category: str) -> str | None:
    """The category under which a case counts: its own, or the one that catches unknown ones, or None."""
    return category if any(known.id == category for known in plan.categories) else plan.unknown_category


def calendar_of(plan: CampaignPlan, calendar: RestDays) -> tuple[CalendarDay, ...]:
    """All dated days of the campaign, sorted. What has no date is not in it."""
    name = plan.name
    days = [
        _day(plan.launched_on, "launch", f"{name.zh}启动", f"{name.en} is launched"),
        _day(plan.starts_on, "campaign_start", f"{name.zh}开始", f"{name.en} begins"),
        _day(plan.ends_on, "campaign_end", f"{name.zh}结束", f"{name.en} ends"),
    ]
    for phase in plan.phases:
        days.append(_day(phase.starts_on, "phase_start", f"{phase.zh}开始", f"{phase.en} begins", phase.id))
        days.append(_day(phase.ends_on, "phase_end", f"{phase.zh}结束", f"{phase.en} ends", phase.id))
    for period in plan.special_periods:
        days.append(_day(period.starts_on, "special_start", f"{period.zh}开始", f"{period.en} begins", period.id))
        days.append(_day(period.ends_on, "special_end", f"{period.zh}结束", f"{period.en} ends", period.id))
    days += [_day(change.on, "law_change", change.zh, change.en, change.on.isoformat()) for change in plan.law_changes]
    for gate in plan.gates:
        if gate.after == "refuse":
            zh, en = f"{gate.zh}截止（含当日）", f"last day for {gate.en}"
            days.append(_day(plan.window_of(gate)[1], "gate_end", zh, en, gate.id))
    for owed in obligations_of(plan, calendar):
        days.append(_day(owed.due_on, "obligation", f"{owed.zh}期限", f"due: {owed.en}", owed.id))
    dated = [day for day in days if day is not None]
    return tuple(sorted(dated, key=lambda day: (day.on, CALENDAR_ORDER.index(day.kind))))


def matrix_of(plan: CampaignPlan) -> list[dict[str, Any]]:
    """The responsibility matrix: each department, by its id, with the ids of its tasks, in printed order.

    A department called by an alias is the one that has it; marks and owners written at the tasks count as well.
    """
    rows: dict[str, dict[str, None]] = {}
    for marks in plan.matrix:
        rows.setdefault(_department_id(plan, marks.department), {}).update(dict.fromkeys(marks.tasks))
    for _, task in plan.every_task():
        for owner in task.owners:
            if task.id is not None:
                rows.setdefault(_department_id(plan, owner), {})[task.id] = None
    return [{"department": department, "tasks": list(tasks)} for department, tasks in rows.items()]


def summary_of(plan: CampaignPlan, calendar: RestDays) -> dict[str, Any]:
    """The campaign as `anjuan campaign show --json` prints it: dates as ISO text, lists in printed order."""
    document = plan.model_dump(mode="json", by_alias=True)
    return {
        **document,
        "title": plan.title.zh,
        "title_en": plan.title.en,
        "tasks": [
            {"phase": phase.id if phase else None, **task.model_dump(mode="json", exclude={"tasks"})}
            for phase, task in plan.every_task()
        ],
        "obligations": [_as_json(owed) for owed in obligations_of(plan, calendar)],
        "gates": [_gate_as_json(plan, gate) for gate in plan.gates],
        "matrix": matrix_of(plan),
        "parent": document["parents"][0] if document["parents"] else None,
        "hash": plan.hash,
    }


def _runs(phase: Phase, on: date, units: tuple[str, ...]) -> bool:
    first, last = span_of(phase, units)
    return (first, last) != (None, None) and (first is None or first <= on) and (last is None or on <= last)


def _day(on: date | None, kind: str, zh: str, en: str, subject: str = "") -> CalendarDay | None:
    return CalendarDay(on, kind, zh, en, subject) if on is not None else None


def _department_id(plan: CampaignPlan, name: str) -> str:
    found = plan.department(name)
    return found.id if found is not None else name


def _as_json(owed: Obligation) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else list(value) if isinstance(value, tuple) else value
        for name, value in vars(owed).items()
    }


def _gate_as_json(plan: CampaignPlan, gate: Gate) -> dict[str, Any]:
    opened_on, closed_on = plan.window_of(gate)
    return {
        **gate.model_dump(mode="json"),
        "starts_on": opened_on.isoformat() if opened_on is not None else None,
        "ends_on": closed_on.isoformat() if closed_on is not None else None,
        "basis": gate.basis or plan.document_no,
    }
