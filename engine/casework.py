"""The only way to change a case: `open_case`, `take_step`, `settle`, `note`; and to ask without doing: `explain`.

Each takes the open transaction (`Work`) and does everything in it: what it does is whole or did not happen.
`undoing.py` has `undo`, which takes a step back by the same door.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from engine import agenda
from engine.answers import require_text
from engine.book_store import append
from engine.case_links import keep_works, linked_attempt, linked_parties
from engine.case_store import insert_case, insert_parties, load_case, move_head, save_deadlines, update_case, use_pass
from engine.case_view import CaseView, InCampaign, OtherCase
from engine.changing import changed
from engine.clock import legal_day, stored_instant
from engine.definitions import OPEN, Definition
from engine.errors import (
    CaseChangedMeanwhile,
    InputWrong,
    NotFound,
    Remedy,
    TransitionRefused,
)
from engine.happening import as_it_stands
from engine.judging import Surroundings, Verdict, clock_went_back, judge_opening, judge_step
from engine.ledger import Entry, Head, Said, case_book, unit_book
from engine.machine import Workflow
from engine.moving import Move, plan_move, plan_opening
from engine.numbers import case_number
from engine.office import Office
from engine.orders import OpenCase, TakeStep
from engine.parties import parties_of_opening
from engine.party_history import history_for
from engine.passes import opening_passes
from engine.respondent_store import By
from engine.sight import require_sight
from engine.store import Work
from engine.tallies import write_tallies

NOT_YET = "?"


@dataclass(frozen=True)
class Asked:
    """An attempt, judged but not carried out.

    `case` is the case as it stands, with what has `happened` by itself since it was last written; `head` is the last
    entry of its book.
    """

    workflow: Workflow
    case: CaseView
    verdict: Verdict
    around: Surroundings
    head: Head
    happened: tuple[Move, ...] = ()


def take_step(office: Office, work: Work, order: TakeStep) -> Move:
    """Take one step. Raises TransitionRefused with every reason, CaseChangedMeanwhile, NotFound, Forbidden."""
    asked = explain(office, work, order)
    if not asked.verdict.allowed:
        named = asked.workflow.definition.steps[order.step]
        v = asked.verdict
        raise TransitionRefused(order.case_no, order.step, v.refusals, v.warnings, named.zh, named.en)
    move = foreseen(_linked(work, asked))
    _carry_out(work, (*asked.happened, move), asked.head)
    return move


def _linked(work: Work, asked: Asked) -> Asked:
    """The attempt knows the person or unit behind a name that becomes a party by it."""
    attempt = asked.verdict.attempt
    by = By(attempt.actor.name, asked.around.now)
    linked = linked_attempt(work, by, asked.workflow.definition.steps[attempt.step], attempt)
    return asked if linked is attempt else replace(asked, verdict=replace(asked.verdict, attempt=linked))


def foreseen(asked: Asked) -> Move:
    """Everything that the step would do, of an attempt that may be carried out; nothing is kept."""
    v = asked.verdict
    return plan_move(asked.workflow, asked.case, v.attempt, v.warnings, v.passes, asked.around.now, v.case)


def settle(office: Office, work: Work, case_no: str) -> tuple[Move, ...]:
    """Put on record what has happened to the case by itself; nothing where nothing has. Raises NotFound.

    To a case that can only be read nothing happens any more.
    """
    case = find_case(office, work, case_no, None)
    if office.lost_to(work, case):
        return ()
    around = surroundings(office, case)
    happened = as_it_stands(office.workflow_of(work, case.definition), case, around).happened
    if stored_instant(around.now) < case.recorded_at:
        return ()  # a clock that has gone back proves nothing
    _carry_out(work, happened, Head(case.head_seq, case.head_hash))
    return happened


def explain(office: Office, work: Work, order: TakeStep) -> Asked:
    """Whether the step could be taken, with every reason against it; nothing is done.

    A version other than the one the actor saw goes before every guard: CaseChangedMeanwhile.
    """
    require_text(order.reason)
    case = find_case(office, work, order.case_no, order.actor)
    if order.expect is not None and order.expect != case.version:
        raise CaseChangedMeanwhile(case.case_no, order.expect, case.version, case.trail[-1].actor if case.trail else "")
    workflow = office.workflow_for(work, case, order.step)
    _require_step(workflow.definition, order.step)
    _require_gated(office, case, order)
    around = surroundings(office, case, history_for(work, case, workflow, (order.step,)))
    stands = as_it_stands(workflow, case, around)
    verdict = judge_step(workflow, stands.case, order, office.people.person(order.actor), around)
    return Asked(workflow, stands.case, verdict, around, Head(case.head_seq, case.head_hash), stands.happened)


def open_case(office: Office, work: Work, order: OpenCase) -> Move:
    """Open a case. Raises TransitionRefused with every reason, NotFound, Forbidden, InputWrong."""
    asked = explain_opening(office, work, order)
    if not asked.verdict.allowed:
        v = asked.verdict
        raise TransitionRefused("", OPEN, v.refusals, v.warnings, "登记案件", "open a case")
    v, now = asked.verdict, asked.around.now
    definition, answers = asked.workflow.definition, v.attempt.answers
    parties = linked_parties(work, By(order.actor, now), definition, answers, parties_of_opening(definition, answers))
    numbered = changed(
        asked.case,
        case_no=case_number(work, asked.case.unit, v.attempt.on.year),
        title=str(answers.get(definition.open.title, "")),
        parties=parties,
        opened_on=v.attempt.on,
        last_on=v.attempt.on,
        last_at=stored_instant(v.attempt.at) if v.attempt.at else None,
    )
    move = plan_opening(asked.workflow, numbered, v.attempt, v.warnings, v.passes, now)
    entry = append(work, move.said, Head())
    insert_case(work, changed(move.after, head_seq=entry.seq, head_hash=entry.hash))
    keep_works(work, move.after.case_no, definition, answers)
    _keep_consequences(work, move, entry)
    append(work, _unit_entry(move, entry))
    return move


def explain_opening(office: Office, work: Work, order: OpenCase) -> Asked:
    """Whether the case could be opened, with every reason against it; nothing is done."""
    require_text(order.reason)
    office.refresh(work)
    actor = office.people.person(order.actor)
    unit = order.unit or actor.unit
    office.people.unit(unit)
    require_sight(office.people, actor, unit, legal_day(office.clock.now()))
    on = order.on or legal_day(order.at or office.clock.now())
    workflow = office.workflow(order.workflow, on)
    campaigns = _campaigns_of(office, order, unit, on)
    if order.parent is not None:
        find_case(office, work, order.parent, order.actor)
    blank = CaseView(
        case_no=NOT_YET,
        workflow=order.workflow,
        definition=workflow.hash,
        state="",
        ended=False,
        version=0,
        unit=unit,
        title="",
        holders=(actor.name,),
        facts={},
        trail=(),
        deadlines={},
        parties=(),
        campaigns=campaigns,
        passes=tuple(p for c in campaigns for p in opening_passes(work, c.id, unit)),
        children=(),
        parent=order.parent,
        opened_on=on,
        last_on=on,
        last_at=None,
        recorded_at="",
        head_seq=0,
        head_hash="",
    )
    around = surroundings(office, blank)
    return Asked(workflow, blank, judge_opening(workflow, blank, order, actor, around), around, Head())


def find_case(office: Office, work: Work, case_no: str, actor: str | None) -> CaseView:
    """The case, with the office's knowledge refreshed. Raises NotFound, and Forbidden outside the actor's units."""
    loaded = load_case(work, case_no)
    office.refresh(work, loaded.store_head)
    if actor is not None:
        people = office.people
        require_sight(people, people.person(actor), loaded.case.unit, legal_day(office.clock.now()))
    return loaded.case


def surroundings(office: Office, case: CaseView, history: tuple[OtherCase, ...] = ()) -> Surroundings:
    plans = office.plans_of(tuple(c.id for c in case.campaigns))
    return Surroundings(office.people, office.law, plans, office.clock.now(), history)


def note(office: Office, work: Work, case_no: str, actor: str, text: str) -> Entry:
    """Write a note into the case's book: it moves neither state nor version. Raises as `add_entry`, InputWrong."""
    require_text(text)
    case = find_case(office, work, case_no, actor)
    return add_entry(office, work, case, actor, "note", {"text": text}, None)


def record_refusal(office: Office, work: Work, refused: TransitionRefused, actor: str) -> None:
    """Put a refusal on record: its codes, without the answers. It moves neither state nor version."""
    now = office.clock.now()
    content = {"refused": [r.code for r in refused.refusals]}
    case = find_case(office, work, refused.case_no, actor)
    if stored_instant(now) >= case.recorded_at:
        add_entry(office, work, case, actor, "refusal", content, refused.step)


def record_refused_opening(
    office: Office, work: Work, refused: TransitionRefused, actor: str, unit: str, campaign: str | None
) -> None:
    """Put a refused opening on record, in the book of the unit."""
    now = office.clock.now()
    content = {"refused": [r.code for r in refused.refusals], "campaign": campaign}
    append(work, Said(unit_book(unit), "refusal", actor, legal_day(now).isoformat(), now, step=OPEN, effects=content))


def add_entry(
    office: Office,
    work: Work,
    case: CaseView,
    actor: str,
    kind: str,
    effects: Mapping[str, object],
    step: str | None,
    reason: str = "",
    on: date | None = None,
) -> Entry:
    """Append an entry that moves neither state nor version, of what happened today or on that day.

    Raises TransitionRefused when the clock has gone back.
    """
    now = office.clock.now()
    if stored_instant(now) < case.recorded_at:
        raise TransitionRefused(case.case_no, step or kind, (clock_went_back(case.recorded_at),))
    said = Said(
        case_book(case.case_no),
        kind,
        actor,
        (on or legal_day(now)).isoformat(),
        now,
        step=step,
        reason=reason,
        effects=effects,
    )
    entry = append(work, said, Head(case.head_seq, case.head_hash))
    move_head(work, case, entry.seq, entry.hash, entry.recorded_at)
    return entry


def _carry_out(work: Work, moves: Iterable[Move], head: Head) -> None:
    """Write what steps change, one after another, whole."""
    for move in moves:
        entry = append(work, move.said, head)
        head = Head(entry.seq, entry.hash)
        update_case(work, changed(move.after, head_seq=entry.seq, head_hash=entry.hash), move.before.version)
        save_deadlines(work, move.after.case_no, move.changed_deadlines)
        insert_parties(work, move.after.case_no, move.after.parties[len(move.before.parties) :])
        _keep_consequences(work, move, entry)


def _keep_consequences(work: Work, move: Move, entry: Entry) -> None:
    write_tallies(work, entry.book, entry.seq, move.tallies)
    agenda.plan(work, move.rungs)
    for used in move.passes:
        use_pass(work, used.id, move.after.case_no)


def _unit_entry(move: Move, entry: Entry) -> Said:
    """Opening a case is also an entry of its unit's book, so that a case that vanished shows."""
    return Said(
        unit_book(move.after.unit),
        "open",
        move.attempt.actor.name,
        move.attempt.on.isoformat(),
        move.said.recorded_at,
        role=move.attempt.role,
        effects={"case_no": move.after.case_no, "entry": entry.hash},
    )


def _campaigns_of(office: Office, order: OpenCase, unit: str, on: date) -> tuple[InCampaign, ...]:
    if order.campaign is None:
        if order.category is not None:
            raise InputWrong(
                "category.without_campaign",
                "类别属于专项行动，请同时用--campaign注明",
                "a category belongs to a campaign: name it with --campaign",
            )
        return ()
    plan = office.plan(order.campaign)
    if plan.unit not in office.people.above(unit):
        raise InputWrong(
            "campaign.elsewhere",
            f"单位“{unit}”不在“{plan.name.zh}”范围内",
            f"unit {unit!r} does not take part in {plan.id}",
        )
    if order.outside_campaign:
        _require_reason(order.reason)
        return ()
    return (InCampaign(plan.id, order.category or plan.unknown_category or "", on),)


def _require_step(definition: Definition, step: str) -> None:
    if step not in definition.steps:
        near = difflib.get_close_matches(step, list(definition.steps), 3)
        hint_zh = f"是否指：{'、'.join(near)}" if near else "查看全部步骤"
        hint_en = f"did you mean {', '.join(near)}?" if near else "see all steps"
        raise NotFound(
            "step.unknown",
            f"没有步骤“{step}”",
            f"there is no step {step!r}",
            Remedy(hint_zh, hint_en, f"anjuan workflow show {definition.workflow}"),
        )


def _require_gated(office: Office, case: CaseView, order: TakeStep) -> None:
    """Only campaign work can be taken outside the campaign: otherwise figures could be hidden at will."""
    if not order.outside_campaign:
        return
    _require_reason(order.reason)
    gated = {gate.step for c in case.campaigns for gate in office.plan(c.id).gates}
    if order.step not in gated:
        raise InputWrong(
            "campaign.not_its_work",
            f"“{order.step}”不受专项行动时段限制，不必在行动外办理",
            f"{order.step} is not gated by a campaign; it cannot be taken outside one",
        )


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise InputWrong(
            "reason.missing",
            "在专项行动外办理须用--reason说明理由",
            "taking it outside the campaign needs a --reason",
        )
