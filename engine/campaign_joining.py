"""Lets a case count in one more campaign, from a day on: what was done before does not count there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from engine.answers import require_text
from engine.campaign_plan import CampaignPlan, span_of
from engine.case_rights import LEADING, about_the_actor
from engine.case_store import insert_campaigns
from engine.case_view import CaseView, InCampaign
from engine.casework import add_entry, find_case
from engine.clock import legal_day
from engine.errors import InputWrong, Refusal, Remedy, TransitionRefused
from engine.ledger import Entry
from engine.office import Office
from engine.people import People
from engine.standing import JOIN
from engine.store import Work

LONGEST_NAME = 200


@dataclass(frozen=True)
class JoinCampaign:
    """An order to let a case count in a campaign from `on` (inclusive; today when `None`) on."""

    case_no: str
    campaign: str
    actor: str
    category: str | None = None
    reason: str = ""
    on: date | None = None


@dataclass(frozen=True)
class Joined:
    """In which campaign the case counts now, what is to be minded about it, and the entry that says so."""

    case: CaseView
    campaign: InCampaign
    warnings: tuple[Refusal, ...]
    entry: Entry


def join_campaign(office: Office, work: Work, order: JoinCampaign) -> Joined:
    """Do it. Raises TransitionRefused with every reason, NotFound, Forbidden, InputWrong.

    A category that the campaign does not know counts in the one that catches those, as with an opening.
    """
    require_text(order.reason)
    case = find_case(office, work, order.case_no, order.actor)
    plan = office.plan(order.campaign)
    category = (order.category or "").strip() or plan.unknown_category or ""
    if len(category) > LONGEST_NAME or not category.isprintable():
        raise InputWrong("category.invalid", "类别应为一个名称", "a category is a name")
    today = legal_day(office.clock.now())
    on = order.on or today
    definition = office.workflow_for(work, case).definition
    actor = office.people.person(order.actor)
    refusals = (
        *about_the_actor(case, definition, office.people, actor, today, (*LEADING, "campaign_office")),
        *_about_the_campaign(case, plan, office.people),
        *_about_the_day(case, on, today),
    )
    warnings = tuple(_minded(plan, on, office.people.above(case.unit)))
    if refusals:
        zh, en = "计入专项行动", "join a campaign"
        raise TransitionRefused(case.case_no, JOIN, refusals, warnings, zh, en)
    joined = InCampaign(plan.id, category, on)
    effects = {
        "campaign": plan.id,
        "category": category,
        "since": on.isoformat(),
        "warnings": [w.code for w in warnings],
        "plan": plan.hash,
    }
    entry = add_entry(office, work, case, order.actor, JOIN, effects, None, order.reason, on)
    insert_campaigns(work, case.case_no, (joined,))
    return Joined(case, joined, warnings, entry)


def _about_the_campaign(case: CaseView, plan: CampaignPlan, people: People) -> Iterator[Refusal]:
    there = next((c for c in case.campaigns if c.id == plan.id), None)
    if there is not None:
        yield Refusal(
            "campaign.joined",
            f"本案自{there.since}起已计入“{plan.name.zh}”",
            f"the case counts in {plan.id} already, since {there.since}",
            facts={"campaign": plan.id, "since": there.since.isoformat(), "category": there.category},
            remedy=Remedy(
                "类别有误的，更正类别",
                "if the category is wrong, correct it",
                f"anjuan case correct {case.case_no} --set {plan.id}:category=… --reason …",
            ),
        )
    if plan.unit not in people.above(case.unit):
        yield Refusal(
            "campaign.elsewhere",
            f"单位“{case.unit}”不在“{plan.name.zh}”范围内",
            f"unit {case.unit!r} does not take part in {plan.id}",
            facts={"campaign": plan.id, "unit": case.unit},
            remedy=Remedy("查看已载入的专项行动", "list the loaded campaigns", "anjuan campaign list"),
        )


def _about_the_day(case: CaseView, on: date, today: date) -> Iterator[Refusal]:
    if on > today:
        yield Refusal(
            "date.in_future",
            f"日期{on}尚未到来",
            f"{on} lies in the future",
            facts={"on": on.isoformat()},
            remedy=Remedy("到当日再办理，或更正日期", "wait for that day, or correct the date"),
            earliest_on=on,
        )
    if on < case.last_on:
        yield Refusal(
            "date.before_previous",
            f"日期{on}早于上一步（{case.last_on}）：已经办理的步骤不计入",
            f"{on} is before the previous step ({case.last_on}): what was done already does not count",
            facts={"on": on.isoformat(), "previous_on": case.last_on.isoformat()},
            remedy=Remedy(f"改用{case.last_on}或以后的日期", f"use {case.last_on} or later"),
        )


def _minded(plan: CampaignPlan, on: date, units: tuple[str, ...]) -> Iterator[Refusal]:
    first, last = span_of(plan, units)
    facts = {
        "campaign": plan.id,
        "starts_on": first.isoformat() if first is not None else None,
        "ends_on": last.isoformat() if last is not None else None,
    }
    if last is not None and on > last:
        yield Refusal(
            "campaign.over",
            f"“{plan.name.zh}”已于{last}结束",
            f"{plan.id} ended on {last}",
            facts=facts,
        )
    if first is not None and on < first:
        yield Refusal(
            "campaign.not_begun",
            f"“{plan.name.zh}”自{first}开始",
            f"{plan.id} begins on {first}",
            facts=facts,
        )
