"""What a campaign means on a day: its phase, its gates, what it owes and its calendar."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, Protocol

from engine.campaign_plan import CampaignPlan, Gate, Monthly, ObligationRule, Phase
from engine.errors import Refusal, Remedy

ONE_DAY = timedelta(days=1)
CALENDAR_ORDER = ("campaign_start", "phase_start", "obligation", "gate_end", "phase_end", "campaign_end")


class RestDays(Protocol):
    """The part of the working-day calendar that campaigns need."""

    def previous_working(self, day: date) -> date:
        """The last working day on or before `day`."""


@dataclass(frozen=True)
class Obligation:
    """One thing owed. `safe_on` is the last working day on or before `due_on`; both are None for ad-hoc reports.

    `period_from` and `period_to` (inclusive) are the calendar month that a monthly form covers.
    `owed_by` holds unit ids, or only `each_unit`: the owning unit and every unit below it that takes part.
    """

    id: str
    kind: str
    zh: str
    en: str
    due_on: date | None
    safe_on: date | None
    period_from: date | None
    period_to: date | None
    owed_by: tuple[str, ...]
    to: str


@dataclass(frozen=True)
class CalendarDay:
    """Something that happens in the campaign on a day. `kind` is one of CALENDAR_ORDER, `subject` the id of the phase,
    gate or obligation; the campaign's own days have none."""

    on: date
    kind: str
    zh: str
    en: str
    subject: str = ""


@dataclass(frozen=True)
class GateVerdict:
    """What one gate says about an attempt; the refusal carries the reason, also of a warning."""

    gate: str
    outcome: Literal["open", "refused", "warn"]
    refusal: Refusal | None = None


def phase_on(plan: CampaignPlan, on: date) -> Phase | None:
    """The first phase, in printed order, to which the day belongs."""
    return next((phase for phase in plan.phases if phase.starts_on <= on <= phase.ends_on), None)


def category_of(plan: CampaignPlan, category: str) -> str | None:
    """The category under which a case counts: its own, or the one that catches unknown ones, or None."""
    return category if any(known.id == category for known in plan.categories) else plan.unknown_category


def judge_gates(plan: CampaignPlan, step: str, answers: Mapping[str, Any], on: date) -> tuple[GateVerdict, ...]:
    """What every gate of the plan that concerns this step says about taking it on a day.

    A step that no gate names has no verdict: it is never closed. `who_can` and the remedy's command are left to the
    caller, who knows the case and the supervisors.
    """
    return tuple(_verdict(plan, gate, on) for gate in plan.gates if gate.step == step and _concerns(gate, answers))


def obligations_of(plan: CampaignPlan, calendar: RestDays) -> tuple[Obligation, ...]:
    """Everything that the campaign owes, monthly ones month by month, in the order of the plan."""
    return tuple(_obligation(rule, *dates, calendar) for rule in plan.obligations for dates in due_dates(plan, rule))


def due_dates(plan: CampaignPlan, rule: ObligationRule) -> Iterator[tuple[str, date | None, date | None, date | None]]:
    """Id, due day, first and last day of the period, of each time that the rule is due."""
    if rule.monthly is not None:
        yield from _monthly(rule.id, rule.monthly)
    elif rule.within is not None:
        base = plan.issued_on if rule.within.of == "issued_on" else plan.starts_on
        yield rule.id, base + timedelta(days=rule.within.days), None, None
    else:
        yield rule.id, rule.due_on, None, None


def calendar_of(plan: CampaignPlan, calendar: RestDays) -> tuple[CalendarDay, ...]:
    """All dated days of the campaign, sorted."""
    days = [
        CalendarDay(plan.starts_on, "campaign_start", f"{plan.name.zh}开始", f"{plan.name.en} begins"),
        CalendarDay(plan.ends_on, "campaign_end", f"{plan.name.zh}结束", f"{plan.name.en} ends"),
    ]
    for phase in plan.phases:
        days.append(CalendarDay(phase.starts_on, "phase_start", f"{phase.zh}开始", f"{phase.en} begins", phase.id))
        days.append(CalendarDay(phase.ends_on, "phase_end", f"{phase.zh}结束", f"{phase.en} ends", phase.id))
    for gate in plan.gates:
        if gate.after == "refuse":
            zh, en = f"{gate.zh}截止（含当日）", f"last day for {gate.en}"
            days.append(CalendarDay(plan.window_of(gate)[1], "gate_end", zh, en, gate.id))
    for owed in obligations_of(plan, calendar):
        if owed.due_on is not None:
            days.append(CalendarDay(owed.due_on, "obligation", f"{owed.zh}期限", f"due: {owed.en}", owed.id))
    return tuple(sorted(days, key=lambda day: (day.on, CALENDAR_ORDER.index(day.kind))))


def summary_of(plan: CampaignPlan, calendar: RestDays) -> dict[str, Any]:
    """The campaign as `anjuan campaign show --json` prints it: dates as ISO text, lists in printed order.

    No plan prints a table of departments by tasks yet, so `matrix` is empty.
    """
    document = plan.model_dump(mode="json")
    return {
        **document,
        "title": plan.title.zh,
        "title_en": plan.title.en,
        "tasks": [{"phase": phase.id, **task.model_dump(mode="json")} for phase in plan.phases for task in phase.tasks],
        "obligations": [_as_json(owed) for owed in obligations_of(plan, calendar)],
        "gates": [_gate_as_json(plan, gate) for gate in plan.gates],
        "matrix": [],
        "parent": document["parents"][0] if document["parents"] else None,
        "hash": plan.hash,
    }


def _concerns(gate: Gate, answers: Mapping[str, Any]) -> bool:
    return all(str(answers.get(name, "")) == value for name, value in gate.when.items())


def _verdict(plan: CampaignPlan, gate: Gate, on: date) -> GateVerdict:
    opened_on, closed_on = plan.window_of(gate)
    if gate.after == "warn":
        if on <= closed_on:
            return GateVerdict(gate.id, "open")
        zh = f"{gate.zh}的时段已于{closed_on}届满，仍可办理，记录中将注明"
        en = f"the time for {gate.en} ended on {closed_on}; it may still be done, and the record says so"
        return GateVerdict(gate.id, "warn", _refusal(plan, gate, "phase.after", (zh, en)))
    if opened_on <= on <= closed_on:
        return GateVerdict(gate.id, "open")
    zh = f"“{plan.name.zh}”专项行动{gate.zh}的时段为{opened_on}至{closed_on}，"
    en = f"{gate.en} in {plan.name.en} is open from {opened_on} to {closed_on}; "
    if on < opened_on:
        sentences = (f"{zh}{on}尚未开始", f"{en}{on} is too early")
        return GateVerdict(gate.id, "refused", _refusal(plan, gate, "phase.closed", sentences, opened_on))
    sentences = (f"{zh}{on}已经截止", f"{en}{on} is too late")
    return GateVerdict(gate.id, "refused", _refusal(plan, gate, "phase.closed", sentences))


def _refusal(
    plan: CampaignPlan, gate: Gate, code: str, sentences: tuple[str, str], earliest_on: date | None = None
) -> Refusal:
    opened_on, closed_on = plan.window_of(gate)
    remedy = Remedy("可向督办人员申请一次性放行，并说明理由", "ask the supervisor for a pass and give the reason")
    if earliest_on is not None:
        remedy = Remedy(
            f"请于{earliest_on}起办理，或向督办人员申请一次性放行", f"wait until {earliest_on}, or ask for a pass"
        )
    return Refusal(
        code,
        zh=sentences[0],
        en=sentences[1],
        basis=gate.basis or plan.document_no or plan.title.zh,
        facts={
            "campaign": plan.id,
            "gate": gate.id,
            "phase": gate.phase,
            "opened_on": opened_on.isoformat(),
            "closed_on": closed_on.isoformat(),
        },
        remedy=remedy if code == "phase.closed" else None,
        earliest_on=earliest_on,
    )


def _monthly(rule_id: str, monthly: Monthly) -> Iterator[tuple[str, date, date, date]]:
    for month in monthly.months:
        first = date.fromisoformat(f"{month}-01")
        next_first = (first + timedelta(days=31)).replace(day=1)
        yield f"{rule_id}.{month}", next_first.replace(day=monthly.day), first, next_first - ONE_DAY


def _obligation(
    rule: ObligationRule,
    obligation_id: str,
    due_on: date | None,
    period_from: date | None,
    period_to: date | None,
    calendar: RestDays,
) -> Obligation:
    month = f"（{period_from.year}年{period_from.month}月）" if period_from else ""
    month_en = f" ({period_from:%Y-%m})" if period_from else ""
    return Obligation(
        obligation_id,
        rule.kind,
        rule.zh + month,
        rule.en + month_en,
        due_on,
        calendar.previous_working(due_on) if due_on is not None else None,
        period_from,
        period_to,
        rule.owed_by,
        rule.to,
    )


def _as_json(owed: Obligation) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else list(value) if isinstance(value, tuple) else value
        for name, value in vars(owed).items()
    }


def _gate_as_json(plan: CampaignPlan, gate: Gate) -> dict[str, Any]:
    opened_on, closed_on = plan.window_of(gate)
    return {
        **gate.model_dump(mode="json"),
        "starts_on": opened_on.isoformat(),
        "ends_on": closed_on.isoformat(),
        "basis": gate.basis or plan.document_no,
    }
