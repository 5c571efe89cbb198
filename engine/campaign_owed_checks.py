"""What contradicts itself in what a campaign owes, and in when its work is open."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Protocol

from engine.campaign_date_checks import is_inside, run_of
from engine.campaign_owed import EACH_UNIT, ObligationRule
from engine.campaign_plan import CampaignPlan
from engine.campaign_problems import Finder
from engine.errors import Problem
from engine.obligations import Due, due_dates
from engine.parsed_file import KeyPath

# Kinds of obligations that are figures or lists: nobody counts the characters of those.
NOT_WRITTEN = ("site_list", "monthly_form")
PHASE = ("阶段", "phase")


class WorkingCalendar(Protocol):
    """The part of the working-day calendar that the checks need."""

    def is_working(self, day: date) -> bool:
        """Whether that day counts as a working day."""


def owed_problems(
    plan: CampaignPlan, find: Finder, calendar: WorkingCalendar, forms: Collection[str]
) -> Iterator[Problem]:
    """Everything odd about the obligations of a plan; `forms` are the ids of the known forms."""
    for position, rule in enumerate(plan.obligations):
        base: KeyPath = ("obligations", position)
        yield from _lists(plan, rule, base, find, forms)
        yield from _never_due(plan, rule, base, find)
        if rule.character_limit is not None and rule.kind in NOT_WRITTEN:
            yield find.error(
                (*base, "character_limit"),
                "obligation.character_limit",
                f"{rule.zh}不是文字材料，不计字数，请删去character_limit",
                f"{rule.id} is no text whose characters are counted; take character_limit away",
            )
        for due in due_dates(plan, rule):
            yield from _due(plan, rule, due, base, find, calendar)


def gate_problems(plan: CampaignPlan, find: Finder) -> Iterator[Problem]:
    """Everything odd about the gates of a plan."""
    phases = [phase.id for phase in plan.phases]
    for position, gate in enumerate(plan.gates):
        if gate.phase is not None and gate.phase not in phases:
            yield find.unknown(("gates", position, "phase"), PHASE, gate.phase, phases)
            continue
        opened_on, closed_on = plan.window_of(gate)
        if opened_on is not None and closed_on is not None and closed_on < opened_on:
            zh = f"“{gate.zh}”的截止日{closed_on}早于开放日{opened_on}，请改正其一"
            en = f"{gate.id} closes on {closed_on}, before it opens on {opened_on}; correct one of them"
            yield find.error(("gates", position), "gate.ends_before_start", zh, en)
        if opened_on is None and closed_on is None:
            zh = f"“{gate.zh}”没有任何日期，始终开放；请补写日期，或者删去该时段"
            en = f"{gate.id} has no day at all and is always open; give it a day, or take it away"
            yield find.remark(("gates", position), "gate.always_open", zh, en)


def _lists(
    plan: CampaignPlan, rule: ObligationRule, base: KeyPath, find: Finder, forms: Collection[str]
) -> Iterator[Problem]:
    yield from find.unknown_ones((*base, "forms"), rule.forms, ("表", "form"), sorted(forms))
    yield from find.repeated((*base, "forms"), rule.forms)
    for position, form in enumerate(rule.forms):
        if form in forms and form not in plan.forms:
            yield find.remark(
                (*base, "forms", position),
                "form.not_listed",
                f"“{form}”没有列在本行动的forms中，报表中不会有该表；请补列",
                f"{form!r} is not among the forms of the campaign, so no report has it; list it there",
            )
    yield from find.repeated((*base, "owed_by"), rule.owed_by)
    if EACH_UNIT in rule.owed_by and len(rule.owed_by) > 1:
        yield find.error(
            (*base, "owed_by"),
            "obligation.owed_by",
            f"owed_by写了{EACH_UNIT}就不能再列单位，请只保留一种写法",
            f"owed_by lists units or says {EACH_UNIT}, not both; keep one",
        )
    yield from find.repeated((*base, "lines"), [f"{line.by} → {line.to}" for line in rule.lines])
    if rule.monthly is not None:
        yield from find.repeated((*base, "monthly", "months"), rule.monthly.months)
    if rule.each_phase is not None:
        place = (*base, "each_phase", "phases")
        yield from find.unknown_ones(place, rule.each_phase.phases, PHASE, [phase.id for phase in plan.phases])
        yield from find.repeated(place, rule.each_phase.phases)


def _never_due(plan: CampaignPlan, rule: ObligationRule, base: KeyPath, find: Finder) -> Iterator[Problem]:
    """A rule that counts from something that has no day, or from nothing at all."""
    if rule.within is not None and getattr(plan, rule.within.of) is None:
        yield find.remark(
            (*base, "within"),
            "obligation.no_base",
            f"{rule.zh}自{rule.within.of}起算，而方案没有该日，因此没有期限；请补写该日",
            f"{rule.id} counts from {rule.within.of}, which has no day here, so it is not dated; set that day",
        )
    if rule.each_phase is None:
        return
    chosen = [p for p in plan.phases if not rule.each_phase.phases or p.id in rule.each_phase.phases]
    for phase in chosen:
        if phase.ends_on is None:
            yield find.remark(
                (*base, "each_phase"),
                "obligation.undated_phase",
                f"{phase.zh}没有结束日，{rule.zh}因此没有期限；请补写结束日",
                f"{phase.en} has no last day, so {rule.id} is not dated for it; set that day",
            )
    if not plan.phases:
        yield find.remark(
            (*base, "each_phase"),
            "obligation.no_phase",
            f"方案没有阶段，{rule.zh}永远不会到期；请写明阶段，或者改用其他期限",
            f"there are no phases, so {rule.id} is never owed; add phases, or say otherwise when it is due",
        )


def _due(
    plan: CampaignPlan, rule: ObligationRule, due: Due, base: KeyPath, find: Finder, calendar: WorkingCalendar
) -> Iterator[Problem]:
    if due.due_on is None:
        return
    if not is_inside(due.due_on, plan):
        zh, en = run_of(plan)
        yield find.remark(
            base,
            "obligation.outside",
            f"{rule.zh}的期限{due.due_on}不在专项行动期间（{zh}）之内",
            f"{due.id} is due on {due.due_on}, outside the campaign ({en})",
        )
    if not calendar.is_working(due.due_on):
        yield find.remark(
            base,
            "obligation.rest_day",
            f"{rule.zh}的期限{due.due_on}是休息日，提醒将按此前最后一个工作日发出",
            f"{due.id} is due on a rest day, {due.due_on}; reminders go by the working day before it",
        )
