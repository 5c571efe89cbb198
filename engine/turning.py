"""Carries out an act on a running time limit: `turn_deadline` pauses, resumes, extends or begins it anew, on record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from engine import agenda
from engine.agenda import deadline_rungs
from engine.answers import require_text
from engine.case_store import save_deadlines
from engine.case_view import CaseView
from engine.casework import add_entry, find_case, settle, surroundings
from engine.clock import legal_day
from engine.deadline_effects import course_effect
from engine.deadline_orders import TurnDeadline
from engine.deadline_turns import basis_of, begun_anew, extended, paused, resumed
from engine.deadlines import Deadline
from engine.errors import InputWrong, NotFound, Remedy, TransitionRefused
from engine.ledger import Entry, case_book
from engine.office import Office
from engine.period_values import Extension, Length, Pause, Restart
from engine.store import Work
from engine.time_limits import Excluding, Extending, Restarting
from engine.turn_judging import NAMES, TurnVerdict, judge_turn
from engine.working_days import WorkingDays


@dataclass(frozen=True)
class Turned:
    """What was done: the deadline before and after, and the entry that says so."""

    case: CaseView
    before: Deadline
    after: Deadline
    entry: Entry


def turn_deadline(office: Office, work: Work, order: TurnDeadline) -> Turned:
    """Do it. Raises TransitionRefused with every reason, NotFound, Forbidden, InputWrong."""
    require_text(order.reason)
    if order.kind == "extend" and order.number < 1:
        raise InputWrong(
            "extension.not_positive",
            "延长的天数应为1以上的整数",
            "the extension must be one day or more",
            Remedy("以--days写明延长几日，如--days 30", "say with --days how many, such as --days 30"),
        )
    # A limit that has run out by itself has ended, recorded or not.
    settle(office, work, order.case_no)
    case = find_case(office, work, order.case_no, order.actor)
    before = deadline_of(case, order.deadline)
    around = surroundings(office, case)
    definition = office.workflow_for(work, case).definition
    verdict = judge_turn(order, case, before, office.people.person(order.actor), definition, around)
    if verdict.refusals:
        zh, en = NAMES[order.kind]
        raise TransitionRefused(case.case_no, order.kind, verdict.refusals, (), zh, en)
    after = _turned(order, before, verdict, around.law.calendar)
    effects = {"deadlines": [course_effect(before, after)], "rule": after.terms.rule_hash}
    entry = add_entry(office, work, case, order.actor, order.kind, effects, None, order.reason, verdict.on)
    save_deadlines(work, case.case_no, (after,))
    book, today = case_book(case.case_no), legal_day(around.now)
    agenda.plan(work, deadline_rungs(book, case.unit, (after,), around.law, today))
    return Turned(case, before, after, entry)


def deadline_of(case: CaseView, deadline_id: str) -> Deadline:
    """The deadline of that id. Raises NotFound naming those that the case has."""
    found = case.deadlines.get(deadline_id)
    if found is None:
        known = "、".join(case.deadlines) or "无"
        raise NotFound(
            "deadline.unknown",
            f"案件{case.case_no}没有期限“{deadline_id}”（现有：{known}）",
            f"{case.case_no} has no deadline {deadline_id!r} (there are: {', '.join(case.deadlines) or 'none'})",
            Remedy("查看案件", "see the case", f"anjuan case show {case.case_no}"),
        )
    return found


def _turned(order: TurnDeadline, before: Deadline, verdict: TurnVerdict, calendar: WorkingDays) -> Deadline:
    if order.kind == "resume":
        return resumed(before, verdict.on, calendar)
    ground = verdict.ground
    if isinstance(ground, Excluding):
        basis = basis_of(ground, order.reason, order.actor)
        return paused(before, Pause(verdict.on, None, basis, ground.most_days), calendar)
    if isinstance(ground, Extending):
        unit = ground.most.unit if ground.most is not None else "cd"
        basis = basis_of(ground, order.reason, order.actor)
        return extended(before, Extension(Length(order.number, unit), basis), calendar)
    restarting = cast(Restarting, ground)
    basis = basis_of(restarting, order.reason, order.actor)
    return begun_anew(before, Restart(verdict.on, basis, restarting.latest), calendar)
