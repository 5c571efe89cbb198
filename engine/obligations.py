"""What a campaign owes, time by time: each obligation with its due day, its safe day and the period that it covers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple, Protocol

from engine.campaign_owed import EachPhase, Monthly, ObligationRule
from engine.campaign_parts import Words
from engine.campaign_plan import CampaignPlan

ONE_DAY = timedelta(days=1)


class RestDays(Protocol):
    """The part of the working-day calendar that campaigns need."""

    def previous_working(self, day: date) -> date:
        """The last working day on or before `day`."""


@dataclass(frozen=True)
class Obligation:
    """One thing owed. `safe_on` is the last working day on or before `due_on`; both are None where it has no date.

    `period_from` and `period_to` (inclusive) are the calendar month or the phase that it covers; `of_zh` and `of_en`
    name it. `owed_by` holds unit ids, or only `each_unit`: the owning unit and every unit below it that takes part.
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
    of_zh: str = ""
    of_en: str = ""


class Due(NamedTuple):
    """One time that a rule is due: `of` is what it covers, in words, and from when to when that is."""

    id: str
    due_on: date | None
    period_from: date | None = None
    period_to: date | None = None
    of: Words | None = None


def obligations_of(plan: CampaignPlan, calendar: RestDays) -> tuple[Obligation, ...]:
    """Everything that the campaign owes, month by month and phase by phase, in the order of the plan."""
    return tuple(_obligation(rule, due, calendar) for rule in plan.obligations for due in due_dates(plan, rule))


def due_dates(plan: CampaignPlan, rule: ObligationRule) -> Iterator[Due]:
    """Each time that the rule is due. What is owed without a date, or when something happens, is due once, undated."""
    if rule.monthly is not None:
        yield from _monthly(rule.id, rule.monthly)
    elif rule.each_phase is not None:
        yield from _each_phase(plan, rule.id, rule.each_phase)
    elif rule.within is not None:
        base = getattr(plan, rule.within.of)
        yield Due(rule.id, base + timedelta(days=rule.within.days) if base is not None else None)
    else:
        yield Due(rule.id, rule.due_on)


def _monthly(rule_id: str, monthly: Monthly) -> Iterator[Due]:
    for month in monthly.months:
        first = date.fromisoformat(f"{month}-01")
        next_first = (first + timedelta(days=31)).replace(day=1)
        last = next_first - ONE_DAY
        due_on = next_first.replace(day=monthly.day) if monthly.day is not None else last if monthly.at_end else None
        of = Words(zh=f"{first.year}年{first.month}月", en=month)
        yield Due(f"{rule_id}.{month}", due_on, first, last, of)


def _each_phase(plan: CampaignPlan, rule_id: str, each: EachPhase) -> Iterator[Due]:
    for phase in plan.phases:
        if each.phases and phase.id not in each.phases:
            continue
        due_on = phase.ends_on + timedelta(days=each.days) if phase.ends_on is not None else None
        of = Words(zh=phase.zh, en=phase.en)
        yield Due(f"{rule_id}.{phase.id}", due_on, phase.starts_on, phase.ends_on, of)


def _obligation(rule: ObligationRule, due: Due, calendar: RestDays) -> Obligation:
    return Obligation(
        due.id,
        rule.kind,
        f"{rule.zh}（{due.of.zh}）" if due.of else rule.zh,
        f"{rule.en} ({due.of.en})" if due.of else rule.en,
        due.due_on,
        calendar.previous_working(due.due_on) if due.due_on is not None else None,
        due.period_from,
        due.period_to,
        rule.owed_by,
        rule.to,
        due.of.zh if due.of else "",
        due.of.en if due.of else "",
    )
