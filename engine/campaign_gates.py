"""When the work of a campaign is open: what its gates say about a step on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from engine.campaign_parts import Words
from engine.campaign_plan import CampaignPlan, Gate, Span
from engine.errors import Refusal, Remedy


@dataclass(frozen=True)
class GateVerdict:
    """What one gate says about an attempt; the refusal carries the reason, also of a warning."""

    gate: str
    outcome: Literal["open", "refused", "warn"]
    refusal: Refusal | None = None


def judge_gates(
    plan: CampaignPlan, step: str, answers: Mapping[str, Any], on: date, units: tuple[str, ...] = ()
) -> tuple[GateVerdict, ...]:
    """What every gate of the plan that concerns this step says about taking it on a day.

    `units` are the unit of the case and those above it, the nearest first: a region may have dates of its own. A step
    that no gate names has no verdict: it is never closed. `who_can` and the remedy's command are left to the caller,
    who knows the case and the supervisors.
    """
    return tuple(
        _verdict(plan, gate, on, plan.window_of(gate, units))
        for gate in plan.gates
        if gate.step == step and _concerns(gate, answers)
    )


def window_words(window: Span) -> Words:
    """The window in words: from when to when, both inclusive."""
    first, last = window
    if first is not None and last is not None:
        return Words(zh=f"{first}至{last}", en=f"from {first} to {last}")
    if first is not None:
        return Words(zh=f"{first}起", en=f"from {first} on")
    return Words(zh=f"至{last}止", en=f"until {last}") if last is not None else Words(zh="不限", en="at any time")


def _concerns(gate: Gate, answers: Mapping[str, Any]) -> bool:
    return all(str(answers.get(name, "")) == value for name, value in gate.when.items())


def _verdict(plan: CampaignPlan, gate: Gate, on: date, window: Span) -> GateVerdict:
    opened_on, closed_on = window
    late = closed_on is not None and on > closed_on
    if gate.after == "warn":
        if not late:
            return GateVerdict(gate.id, "open")
        zh = f"{gate.zh}的时段已于{closed_on}届满，仍可办理，记录中将注明"
        en = f"the time for {gate.en} ended on {closed_on}; it may still be done, and the record says so"
        return GateVerdict(gate.id, "warn", _refusal(plan, gate, window, "phase.after", (zh, en)))
    early = opened_on is not None and on < opened_on
    if not early and not late:
        return GateVerdict(gate.id, "open")
    open_in = window_words(window)
    zh = f"“{plan.name.zh}”专项行动{gate.zh}的时段为{open_in.zh}，"
    en = f"{gate.en} in {plan.name.en} is open {open_in.en}; "
    if early:
        sentences = (f"{zh}{on}尚未开始", f"{en}{on} is too early")
        return GateVerdict(gate.id, "refused", _refusal(plan, gate, window, "phase.closed", sentences, opened_on))
    sentences = (f"{zh}{on}已经截止", f"{en}{on} is too late")
    return GateVerdict(gate.id, "refused", _refusal(plan, gate, window, "phase.closed", sentences))


def _refusal(
    plan: CampaignPlan,
    gate: Gate,
    window: Span,
    code: str,
    sentences: tuple[str, str],
    earliest_on: date | None = None,
) -> Refusal:
    remedy = Remedy("可向督办人员申请一次性放行，并说明理由", "ask the supervisor for a pass and give the reason")
    if earliest_on is not None:
        remedy = Remedy(
            f"请于{earliest_on}起办理，或向督办人员申请一次性放行", f"wait until {earliest_on}, or ask for a pass"
        )
    opened_on, closed_on = window
    return Refusal(
        code,
        zh=sentences[0],
        en=sentences[1],
        basis=gate.basis or plan.document_no or plan.title.zh,
        facts={
            "campaign": plan.id,
            "gate": gate.id,
            "phase": gate.phase,
            "opened_on": opened_on.isoformat() if opened_on is not None else None,
            "closed_on": closed_on.isoformat() if closed_on is not None else None,
        },
        remedy=remedy if code == "phase.closed" else None,
        earliest_on=earliest_on,
    )
