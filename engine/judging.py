"""Judges an attempt: every reason against it at once, before anything is touched. Pure: values in, a verdict out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from engine.answers import Known, understand
from engine.campaign_gates import judge_gates
from engine.campaign_plan import CampaignPlan
from engine.capacities import Post, about_his_part, about_the_taker, about_withdrawal, taker_of
from engine.case_view import Attempt, CaseView, GatePass, OtherCase
from engine.changing import changed
from engine.clock import legal_day, stored_instant
from engine.definitions import OPEN, Answer, Definition, Step
from engine.errors import Refusal, Remedy
from engine.law_book import LawBook
from engine.machine import Workflow
from engine.orders import OpenCase, TakeStep
from engine.party_views import apart, by_parties, sight_of, strays
from engine.people import People, Person
from engine.ways import way_to


@dataclass(frozen=True)
class Surroundings:
    """What the office knows at the moment of judging. `history` are the other cases of the parties, where needed."""

    people: People
    law: LawBook
    plans: Mapping[str, CampaignPlan]
    now: datetime
    history: tuple[OtherCase, ...] = ()

    @cached_property
    def today(self) -> date:
        return legal_day(self.now)


@dataclass(frozen=True)
class Verdict:
    """Whether the attempt may be carried out. `case` is the case as the attempt sees it, be it through the eyes of one
    party; `passes` are the exceptions that would be used up by it."""

    case: CaseView
    attempt: Attempt
    refusals: tuple[Refusal, ...]
    warnings: tuple[Refusal, ...]
    passes: tuple[GatePass, ...] = ()

    @property
    def allowed(self) -> bool:
        return not self.refusals


def judge_step(
    workflow: Workflow, case: CaseView, order: TakeStep, actor: Person, around: Surroundings, *, warn: bool = True
) -> Verdict:
    """Every reason against taking the step, which must be one of the workflow's. Without `warn` the guards that only
    warn are not asked: for whoever wants to know no more than whether the step is possible."""
    definition = workflow.definition
    step = definition.steps[order.step]
    sight = sight_of(definition, case, order.step, order.party)
    seen = sight.case
    attempt, refusals = _attempt(order, actor, definition, step, seen, around, sight.party_no)
    refusals += sight.refusals
    refusals += _dates(case, attempt, around.now)
    refusals += _future_answers(attempt, step.ask, around.now)
    if step.on_expiry is not None:
        refusals.append(_happens_by_itself(seen, step, around.law))
    fits = seen.state in step.from_
    if not fits:
        refusals.append(_wrong_state(definition, seen, order.step))
    elif sight.party_no is None and not sight.refusals and (stray := strays(definition, case, order.step)):
        refusals.append(apart(definition, case, order.step, stray))
    gate_refusals, gate_warnings, passes = judge_campaign_gates(seen, attempt, around.people)
    refusals += gate_refusals
    warnings = list(gate_warnings)
    if fits:
        attempt = changed(attempt, source=seen.state, dest=workflow.destination(seen, attempt))
        for_all = sight.party_no is None
        refusals += by_parties(definition, case, seen, lambda eyes: workflow.judge(eyes, attempt), for_all=for_all)
        if warn:
            asked_of = workflow.warnings
            warnings += by_parties(definition, case, seen, lambda eyes: asked_of(eyes, attempt), for_all=for_all)
    return Verdict(seen, attempt, tuple(refusals), tuple(warnings), passes)


def judge_opening(workflow: Workflow, case: CaseView, order: OpenCase, actor: Person, around: Surroundings) -> Verdict:
    """Every reason against opening `case`, which is the blank case as the order describes it."""
    step = TakeStep("", OPEN, order.actor, order.given, order.on, order.at, order.reason, None, order.outside_campaign)
    attempt, refusals = _attempt(step, actor, workflow.definition, None, case, around)
    if attempt.on > around.today:
        refusals.append(_in_future(attempt.on))
    refusals += _future_answers(attempt, workflow.definition.open.ask, around.now)
    gate_refusals, gate_warnings, passes = judge_campaign_gates(case, attempt, around.people)
    attempt = changed(attempt, dest=workflow.destination(case, attempt))
    refusals += [*gate_refusals, *workflow.judge_opening(case, attempt)]
    return Verdict(case, attempt, tuple(refusals), (*gate_warnings, *workflow.warnings(case, attempt)), passes)


def _attempt(
    order: TakeStep,
    actor: Person,
    definition: Definition,
    step: Step | None,
    case: CaseView,
    around: Surroundings,
    party_no: int | None = None,
) -> tuple[Attempt, list[Refusal]]:
    """What is tried, and every reason that lies in who tries it and in what was answered."""
    asked = definition.open if step is None else step
    people, today = around.people, around.today
    understood = understand(asked.ask, order.given, Known(people, today, around.law.calendar))
    on = order.on or (legal_day(order.at) if order.at else today)
    post = Post(definition, asked.by, case.unit, on, today, step)
    signed_by = people.person(order.signed_by) if order.signed_by is not None else None
    taker = taker_of(post, people, actor, signed_by)
    refusals = [
        *about_the_taker(post, people, taker, has_paper=order.paper is not None),
        *understood.refusals,
        *about_his_part(post, case, people, taker),
        *about_withdrawal(post, case, people, taker, understood),
    ]
    attempt = Attempt(
        step=order.step,
        actor=actor,
        role=taker.capacity.role if taker.capacity is not None else "",
        on=on,
        at=order.at,
        today=today,
        answers=understood.values,
        law=around.law,
        people=people,
        plans=around.plans,
        reason=order.reason,
        outside_campaign=order.outside_campaign,
        party_no=party_no,
        signed_by=signed_by.name if signed_by is not None else None,
        for_name=taker.capacity.for_name if taker.capacity is not None else None,
        paper=order.paper if signed_by is not None else None,
        history=around.history,
    )
    return attempt, refusals


def _happens_by_itself(case: CaseView, step: Step, law: LawBook) -> Refusal:
    """Nobody takes such a step: it follows from the end of a time limit."""
    rule = step.on_expiry or ""
    running = case.latest_deadline(rule)
    limit = law.limits[rule]
    until_zh, until_en = (f"（{running.due_on}届满）", f" (on {running.due_on})") if running is not None else ("", "")
    return Refusal(
        "step.by_itself",
        f"“{step.zh}”在{limit.zh}届满时自动发生{until_zh}，无须也不能办理",
        f"{step.en} happens by itself when this ends: {limit.en}{until_en}; nobody takes it",
        basis=running.terms.basis if running is not None else "",
        facts={"deadline": running.id if running is not None else None, "rule": rule},
    )


def _dates(case: CaseView, attempt: Attempt, now: datetime) -> list[Refusal]:
    refusals = []
    minute_back = bool(attempt.at and case.last_at and stored_instant(attempt.at) < case.last_at)
    if attempt.on < case.last_on or minute_back:
        refusals.append(
            Refusal(
                "date.before_previous",
                f"办理日期{attempt.on}早于上一步（{case.last_on}）",
                f"{attempt.on} is before the previous step ({case.last_on})",
                facts={"on": attempt.on.isoformat(), "previous_on": case.last_on.isoformat()},
                remedy=Remedy(f"改用{case.last_on}或以后的日期", f"use {case.last_on} or later"),
                earliest_on=case.last_on,
            )
        )
    elif stored_instant(now) < case.recorded_at:
        refusals.append(clock_went_back(case.recorded_at))
    if attempt.on > attempt.today or (attempt.at and attempt.at > now):
        refusals.append(_in_future(attempt.on))
    return refusals


def clock_went_back(recorded_at: str) -> Refusal:
    """The clock stands before the last entry of the case: recording now would put the book out of order."""
    return Refusal(
        "date.before_previous",
        "系统时间早于本案上一条记录的登记时间，不能登记",
        "the clock stands before the last entry of this case",
        facts={"previous_recorded_at": recorded_at},
        remedy=Remedy("校正系统时间", "set the clock right"),
    )


def _in_future(on: date) -> Refusal:
    return Refusal(
        "date.in_future",
        f"办理日期{on}尚未到来",
        f"{on} lies in the future",
        facts={"on": on.isoformat()},
        remedy=Remedy("到当日再办理，或更正日期", "wait for that day, or correct the date"),
        earliest_on=on,
    )


def _future_answers(attempt: Attempt, ask: Mapping[str, Answer], now: datetime) -> list[Refusal]:
    refusals: list[Refusal] = []
    for name, answer in ask.items() if attempt.answers else ():
        day = attempt.day(name) if answer.type in {"date", "moment"} and answer.not_in_future else None
        if day is None:
            continue
        given: str = attempt.answers[name]
        if day > attempt.today or (answer.type == "moment" and datetime.fromisoformat(given) > now):
            refusals.append(
                Refusal(
                    "date.in_future",
                    f"“{answer.zh}”{given}尚未到来",
                    f"{answer.en} {given} lies in the future",
                    facts={"answer": name, "on": day.isoformat()},
                    remedy=Remedy("更正日期", "correct the date"),
                    earliest_on=day,
                )
            )
    return refusals


def _wrong_state(definition: Definition, case: CaseView, step: str) -> Refusal:
    here = definition.states[case.state]
    sources = definition.steps[step].from_
    way = [arc.step for arc in way_to(definition, case, sources) or ()]
    names = [definition.steps[s] for s in way]
    if way:
        remedy = Remedy(
            f"先办理：{' → '.join(s.zh for s in names)}",
            f"first: {' → '.join(way)}",
            f"anjuan case why {case.case_no} {way[0]}",
        )
    else:
        remedy = Remedy("从现在的状态不能再走到这一步", "from here this step can no longer be reached")
    return Refusal(
        "state.wrong",
        f"案件现为“{here.zh}”，“{definition.steps[step].zh}”只能在"
        f"{'、'.join(definition.states[s].zh for s in sources)}时办理",
        f"the case is {case.state}; {step} is possible only in {', '.join(sources)}",
        facts={"state": case.state, "from": list(sources), "way": way},
        remedy=remedy,
    )


def judge_campaign_gates(
    case: CaseView, attempt: Attempt, people: People
) -> tuple[list[Refusal], list[Refusal], tuple[GatePass, ...]]:
    """What the campaigns of the case say: refusals, warnings, and the passes that would let the attempt through."""
    refusals: list[Refusal] = []
    warnings: list[Refusal] = []
    used: dict[str, GatePass] = {}
    if attempt.outside_campaign:
        return refusals, warnings, ()
    units = people.above(case.unit)
    for campaign in case.campaigns:
        if campaign.since > attempt.on:
            continue
        for verdict in judge_gates(attempt.plans[campaign.id], attempt.step, attempt.answers, attempt.on, units):
            if verdict.refusal is None:
                continue
            if verdict.outcome == "warn":
                warnings.append(verdict.refusal)
                continue
            found = _fitting_pass(case, campaign.id, attempt)
            if found is None:
                refusals.append(_with_helpers(verdict.refusal, case, attempt, people, campaign.id))
            else:
                used[found.id] = found
                warnings.append(_passed(verdict.refusal, found))
    return refusals, warnings, tuple(used.values())


def _fitting_pass(case: CaseView, campaign: str, attempt: Attempt) -> GatePass | None:
    fitting = [p for p in case.passes if p.campaign == campaign and p.step == attempt.step and attempt.on <= p.until]
    return min(fitting, key=lambda p: (p.until, p.id)) if fitting else None


def _with_helpers(refusal: Refusal, case: CaseView, attempt: Attempt, people: People, campaign: str) -> Refusal:
    target = f"{campaign} open --unit {case.unit}" if attempt.step == OPEN else f"{case.case_no} {attempt.step}"
    command = f"anjuan pass grant {target} --asked-by {attempt.actor.name} --reason … --until {attempt.today}"
    remedy = refusal.remedy or Remedy("", "")
    return replace(
        refusal,
        remedy=Remedy(remedy.zh, remedy.en, command),
        who_can=people.holders("supervisor", case.unit, attempt.on, from_above=True),
    )


def _passed(refusal: Refusal, used: GatePass) -> Refusal:
    return Refusal(
        "phase.pass",
        f"超出时段，凭放行{used.id}办理（有效至{used.until}，仅限一次）",
        f"outside its time, admitted by pass {used.id} (until {used.until}, once)",
        basis=refusal.basis,
        facts={**refusal.facts, "pass": used.id},
    )
