"""Judges an attempt: every reason against it at once, before anything is touched. Pure: values in, a verdict out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from engine.answers import Known, understand
from engine.campaign_plan import CampaignPlan
from engine.campaigns import judge_gates
from engine.case_view import Attempt, CaseView, GatePass, OtherCase
from engine.changing import changed
from engine.clock import legal_day, stored_instant
from engine.definitions import OPEN, Answer, Definition, Step
from engine.errors import Holder, Refusal, Remedy
from engine.law_book import LawBook
from engine.machine import Workflow
from engine.orders import OpenCase, TakeStep
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

    @property
    def today(self) -> date:
        return legal_day(self.now)


@dataclass(frozen=True)
class Verdict:
    """Whether the attempt may be carried out. `passes` are the exceptions that would be used up by it."""

    attempt: Attempt
    refusals: tuple[Refusal, ...]
    warnings: tuple[Refusal, ...]
    passes: tuple[GatePass, ...] = ()

    @property
    def allowed(self) -> bool:
        return not self.refusals


def judge_step(workflow: Workflow, case: CaseView, order: TakeStep, actor: Person, around: Surroundings) -> Verdict:
    """Every reason against taking the step. The step must be one of the workflow's."""
    step = workflow.definition.steps[order.step]
    attempt, refusals = _attempt(order, actor, step.by, step.ask, workflow.definition, case.unit, around)
    refusals += _same_person(workflow.definition, case, attempt, step.not_by, step.by)
    refusals += _dates(case, attempt, around.now)
    refusals += _future_answers(attempt, step.ask, around.now)
    if step.on_expiry is not None:
        refusals.append(_happens_by_itself(case, step, around.law))
    fits = case.state in step.from_
    if not fits:
        refusals.append(_wrong_state(workflow.definition, case, order.step))
    gate_refusals, gate_warnings, passes = judge_campaign_gates(case, attempt, around.people)
    refusals += gate_refusals
    warnings = list(gate_warnings)
    if fits:
        attempt = changed(attempt, source=case.state, dest=workflow.destination(case, attempt))
        refusals += workflow.judge(case, attempt)
        warnings += workflow.warnings(case, attempt)
    return Verdict(attempt, tuple(refusals), tuple(warnings), passes)


def judge_opening(workflow: Workflow, case: CaseView, order: OpenCase, actor: Person, around: Surroundings) -> Verdict:
    """Every reason against opening `case`, which is the blank case as the order describes it."""
    opening = workflow.definition.open
    step = TakeStep("", OPEN, order.actor, order.given, order.on, order.at, order.reason, None, order.outside_campaign)
    attempt, refusals = _attempt(step, actor, opening.by, opening.ask, workflow.definition, case.unit, around)
    if attempt.on > around.today:
        refusals.append(_in_future(attempt.on))
    refusals += _future_answers(attempt, opening.ask, around.now)
    gate_refusals, gate_warnings, passes = judge_campaign_gates(case, attempt, around.people)
    attempt = changed(attempt, dest=workflow.destination(case, attempt))
    refusals += [*gate_refusals, *workflow.judge_opening(case, attempt)]
    return Verdict(attempt, tuple(refusals), (*gate_warnings, *workflow.warnings(case, attempt)), passes)


def _attempt(
    order: TakeStep,
    actor: Person,
    by: Iterable[str],
    ask: Mapping[str, Answer],
    definition: Definition,
    unit: str,
    around: Surroundings,
) -> tuple[Attempt, list[Refusal]]:
    understood = understand(ask, order.given, Known(around.people, around.today, around.law.calendar))
    refusals: list[Refusal] = []
    held = [r for r in by if around.people.holds(actor, r, unit, from_above=definition.roles[r].from_above)]
    if by and not held:
        refusals.append(_role_missing(definition, actor, by, unit, around.people))
    refusals += understood.refusals
    today = around.today
    on = order.on or (legal_day(order.at) if order.at else today)
    attempt = Attempt(
        step=order.step,
        actor=actor,
        role=held[0] if held else "",
        on=on,
        at=order.at,
        today=today,
        answers=understood.values,
        law=around.law,
        people=around.people,
        plans=around.plans,
        reason=order.reason,
        outside_campaign=order.outside_campaign,
        history=around.history,
    )
    return attempt, refusals


def holders_of(
    definition: Definition, by: Iterable[str], unit: str, people: People, barred: Iterable[str] = ()
) -> tuple[Holder, ...]:
    """Who could take a step of these roles in that unit, leaving out those who may not."""
    out = set(barred)
    return tuple(
        holder
        for role in by
        for holder in people.holders(role, unit, from_above=definition.roles[role].from_above)
        if holder.name not in out
    )


def _role_missing(definition: Definition, actor: Person, by: Iterable[str], unit: str, people: People) -> Refusal:
    roles = [definition.roles[r] for r in by]
    who_can = holders_of(definition, by, unit, people)
    who = "、".join(dict.fromkeys(h.name for h in who_can)) or "无"
    return Refusal(
        "role.missing",
        f"应由{'或'.join(r.zh for r in roles)}办理，{actor.zh}没有这一职责",
        f"this is for the {' or '.join(r.en for r in roles)}; {actor.name} has no such role here",
        facts={"roles": list(by), "actor": actor.name, "unit": unit},
        remedy=Remedy(f"请{who}办理", f"ask {who.replace('无', 'nobody at present').replace('、', ', ')}"),
        who_can=who_can,
    )


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


def _same_person(
    definition: Definition, case: CaseView, attempt: Attempt, not_by: Iterable[str], by: Iterable[str]
) -> list[Refusal]:
    barred: set[str] = set()
    found: list[str] = []
    for taken in case.taken(*not_by):
        barred |= taken.involved
        if attempt.actor.name in taken.involved and taken.step not in found:
            found.append(taken.step)
    if not found:
        return []
    names_zh = "、".join(definition.steps[s].zh if s != OPEN else "登记" for s in found)
    names_en = ", ".join(definition.steps[s].en if s != OPEN else "opening" for s in found)
    return [
        Refusal(
            "duty.same_person",
            f"{attempt.actor.zh}参与过本案“{names_zh}”，不得再办理这一步",
            f"{attempt.actor.name} took part in {names_en} of this case and may not take this step",
            facts={"actor": attempt.actor.name, "steps": found},
            remedy=Remedy("由未参与上述步骤的人员办理", "somebody who took no part in that must do it"),
            who_can=holders_of(definition, by, case.unit, attempt.people, barred),
        )
    ]


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
    refusals = []
    for name, answer in ask.items():
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
    for campaign in case.campaigns:
        for verdict in judge_gates(attempt.plans[campaign.id], attempt.step, attempt.answers, attempt.on):
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
        who_can=people.holders("supervisor", case.unit, from_above=True),
    )


def _passed(refusal: Refusal, used: GatePass) -> Refusal:
    return Refusal(
        "phase.pass",
        f"超出时段，凭放行{used.id}办理（有效至{used.until}，仅限一次）",
        f"outside its time, admitted by pass {used.id} (until {used.until}, once)",
        basis=refusal.basis,
        facts={**refusal.facts, "pass": used.id},
    )
