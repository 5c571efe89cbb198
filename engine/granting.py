"""Grants a pass: lets one step of campaign work, or one opening, through a closed gate, once, until a date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.answers import require_text
from engine.book_store import append
from engine.campaign_plan import CampaignPlan
from engine.casework import add_entry, find_case
from engine.clock import legal_day
from engine.definitions import OPEN
from engine.errors import Forbidden, Refusal, Remedy, TransitionRefused
from engine.ledger import Said, campaign_book
from engine.numbers import next_number
from engine.office import Office
from engine.passes import write_pass
from engine.people import Person
from engine.store import Work

SUPERVISOR = "supervisor"


@dataclass(frozen=True)
class PassOrder:
    """Who grants what to whom. Either a case and its step, or a campaign and a unit for an opening."""

    granted_by: str
    asked_by: str
    reason: str
    until: date
    case_no: str | None = None
    step: str = OPEN
    campaign: str | None = None
    unit: str | None = None


@dataclass(frozen=True)
class Granted:
    id: str
    case_no: str | None
    campaign: str
    unit: str
    step: str
    until: date


def grant_pass(office: Office, work: Work, order: PassOrder) -> tuple[Granted, ...]:
    """Grant it for every campaign whose gate would refuse. Raises TransitionRefused, NotFound, Forbidden."""
    require_text(order.reason)
    office.refresh(work)
    granter, asker = office.people.person(order.granted_by), office.people.person(order.asked_by)
    case = find_case(office, work, order.case_no, order.granted_by) if order.case_no else None
    unit = case.unit if case else (order.unit or asker.unit)
    office.people.unit(unit)
    campaigns = [c.id for c in case.campaigns] if case else [order.campaign or ""]
    plans = [office.plan(c) for c in campaigns]
    refusals = _refusals(office, order, granter, asker, unit, plans)
    if refusals:
        raise TransitionRefused(
            order.case_no or "",
            f"pass {order.step}",
            refusals,
            (),
            f"放行{order.step}",
            f"a pass for {order.step}",
        )
    gated = [plan.id for plan in plans if _gated(plan, order.step)]
    granted = tuple(_written(office, work, order, campaign, unit) for campaign in gated)
    effects = {
        "passes": [{"id": g.id, "campaign": g.campaign, "unit": g.unit, "step": g.step} for g in granted],
        "asked_by": asker.name,
        "until": order.until.isoformat(),
    }
    if case is not None:
        add_entry(office, work, case, granter.name, "pass", effects, order.step, order.reason)
    for campaign in gated:
        append(work, _said(office, order, campaign, effects))
    return granted


def _written(office: Office, work: Work, order: PassOrder, campaign: str, unit: str) -> Granted:
    """The pass for one campaign, numbered and kept."""
    year = legal_day(office.clock.now()).year
    granted = Granted(
        f"pass-{year}-{next_number(work, f'pass:{year}'):04d}", order.case_no, campaign, unit, order.step, order.until
    )
    write_pass(
        work,
        {
            "id": granted.id,
            "campaign": campaign,
            "unit": unit,
            "case_no": order.case_no,
            "step": order.step,
            "asked_by": order.asked_by,
            "granted_by": order.granted_by,
            "reason": order.reason,
            "until": order.until.isoformat(),
        },
    )
    return granted


def _said(office: Office, order: PassOrder, campaign: str, effects: Mapping[str, Any]) -> Said:
    """The entry of the campaign's book, by which passes are counted."""
    now = office.clock.now()
    return Said(
        campaign_book(campaign),
        "pass",
        order.granted_by,
        legal_day(now).isoformat(),
        now,
        step=order.step,
        role=SUPERVISOR,
        reason=order.reason,
        effects={**effects, "case_no": order.case_no},
    )


def _refusals(
    office: Office, order: PassOrder, granter: Person, asker: Person, unit: str, plans: list[CampaignPlan]
) -> tuple[Refusal, ...]:
    people, today = office.people, legal_day(office.clock.now())
    supervisors = people.holders(SUPERVISOR, unit, today, from_above=True)
    found = []
    if not people.holds(granter, SUPERVISOR, unit, today, from_above=True):
        found.append(
            Refusal(
                "role.missing",
                f"放行由督办人员批准，{granter.zh}没有这一职责",
                f"a pass is granted by a supervisor; {granter.name} is none here",
                facts={"roles": [SUPERVISOR], "actor": granter.name, "unit": unit},
                remedy=Remedy("请督办人员批准", "ask a supervisor"),
                who_can=supervisors,
            )
        )
    if granter.name == asker.name:
        found.append(
            Refusal(
                "duty.same_person",
                "申请人不得批准自己的放行",
                "nobody grants a pass to himself",
                facts={"actor": granter.name},
                who_can=tuple(s for s in supervisors if s.name != asker.name),
            )
        )
    if not people.sees(asker, unit, today):
        raise Forbidden(
            "unit.outside", f"申请人{asker.name}不属于单位“{unit}”", f"{asker.name} does not belong to unit {unit!r}"
        )
    if order.until < today:
        found.append(
            Refusal(
                "pass.ended",
                f"放行截止日{order.until}已过",
                f"the pass would have ended on {order.until}",
                facts={"until": order.until.isoformat(), "today": today.isoformat()},
                remedy=Remedy("截止日应为今天或以后", "let it end today or later"),
            )
        )
    if not order.reason.strip():
        found.append(Refusal("reason.missing", "批准放行须说明理由", "a pass needs a reason"))
    if not any(_gated(plan, order.step) for plan in plans):
        found.append(
            Refusal(
                "pass.not_needed",
                f"“{order.step}”不受专项行动时段限制，无须放行",
                f"{order.step} is not closed by any gate; it needs no pass",
                facts={"step": order.step, "campaigns": [p.id for p in plans]},
            )
        )
    return tuple(found)


def _gated(plan: CampaignPlan, step: str) -> bool:
    return any(gate.step == step and gate.after == "refuse" for gate in plan.gates)
