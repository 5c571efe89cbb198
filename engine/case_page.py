"""A case as it is shown: facts, parties, deadlines, the steps possible from here and why others are not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.acknowledgements import Acknowledgement, acknowledged
from engine.book_store import entries_of
from engine.case_view import CaseView
from engine.clock import legal_day
from engine.colours import colour_of
from engine.deadline_page import shown
from engine.deadlines import Deadline
from engine.defects import defects_of
from engine.definitions import Definition, steps_that_meet
from engine.errors import DeadlineUndetermined, Refusal, Remedy
from engine.holder_store import offer_of
from engine.judging import Surroundings, judge_step
from engine.ledger import case_book
from engine.machine import Workflow
from engine.office import Office
from engine.orders import TakeStep
from engine.party_history import history_for
from engine.party_views import positions
from engine.people import Person
from engine.runnable import tells_states, why_read_only
from engine.store import Work

# A step that only lacks its answers is possible: they are given when it is taken.
UNANSWERED = "answer.missing"


@dataclass(frozen=True)
class Possible:
    """A step from the present state: whether it could be taken now by the actor, and what stands against it.

    `parties` are those of several for which it could be taken one by one.
    """

    step: str
    allowed: bool
    refusals: tuple[Refusal, ...]
    parties: tuple[int, ...] = ()


def possible_steps(workflow: Workflow, case: CaseView, actor: Person, around: Surroundings) -> tuple[Possible, ...]:
    """Every step from the present state, in the order of the definition, judged as if its answers were there."""
    return tuple(possible_step(workflow, case, actor, around, name) for name in steps_here(workflow, case))


def possible_step(workflow: Workflow, case: CaseView, actor: Person, around: Surroundings, step: str) -> Possible:
    """One step, judged as if its answers were there."""
    kind = workflow.definition.steps[step].party if len(case.parties) > 1 else None
    several = [p.party_no for p in case.parties] if kind is not None else []
    against: dict[int | None, tuple[Refusal, ...]] = {}
    for party in several if kind == "one" else (None, *several):
        order = TakeStep(case.case_no, step, actor.name, party=party)
        against[party] = tuple(r for r in _refusals(workflow, case, order, actor, around) if r.code != UNANSWERED)
    open_to = [party for party, refusals in against.items() if not refusals]
    fewest = min(against.values(), key=len)
    return Possible(step, bool(open_to), fewest, tuple(party for party in open_to if party is not None))


def _refusals(
    workflow: Workflow, case: CaseView, order: TakeStep, actor: Person, around: Surroundings
) -> tuple[Refusal, ...]:
    """Every reason against the step; a rule that the store has lost is one, and no reason not to show the others."""
    try:
        return judge_step(workflow, case, order, actor, around, warn=False).refusals
    except DeadlineUndetermined as e:
        return (Refusal(e.code, e.zh, e.en, remedy=Remedy("检查案卷库", "check the store", "anjuan doctor")),)


def steps_here(workflow: Workflow, case: CaseView) -> tuple[str, ...]:
    """The steps that somebody takes from where the case, or one of its parties, stands; in the definition's order."""
    definition = workflow.definition
    states = {case.state}
    if len(case.parties) > 1:
        states |= set(positions(definition, case.parties, case.trail).values())
    return workflow.steps_from(states)


def case_document(
    office: Office, work: Work, case: CaseView, actor: Person, extra: Mapping[str, Any]
) -> dict[str, Any]:
    """What `case show` answers; `extra` holds what only the law above can add.

    Of a case that can only be read: everything that the tables hold, why it is so, and no steps.
    """
    now = office.clock.now()
    today, book = legal_day(now), case_book(case.case_no)
    offered = offer_of(work, case.case_no)
    lost = office.lost_to(work, case)
    steps = () if lost else _steps_of(office, work, case, actor)
    definition = office.definition_of(work, case.definition) if tells_states(lost) else None
    entries = entries_of(work, book)
    known = acknowledged(entries)
    return {
        "case_no": case.case_no,
        "workflow": case.workflow,
        "definition": case.definition,
        "title": case.title,
        "state": case.state,
        "version": case.version,
        "read_only": why_read_only(case.workflow, lost).document() if lost else None,
        "unit": case.unit,
        "holders": list(case.holders),
        "offer": offered.document() if offered is not None else None,
        "opened_on": case.opened_on.isoformat(),
        "parent": case.parent,
        "campaigns": [{"id": c.id, "category": c.category, "since": c.since.isoformat()} for c in case.campaigns],
        "facts": dict(case.facts),
        "parties": _parties(definition, case),
        "deadlines": [
            {**shown(d, office.law.calendar, today, now), **_watched(office, definition, case, d, known.get(d.id))}
            for d in case.deadlines.values()
        ],
        "defects": [d.document() for d in defects_of(case.deadlines.values(), entries, now)],
        "steps": [
            {
                "id": p.step,
                "allowed": p.allowed,
                **({"parties": list(p.parties)} if len(case.parties) > 1 else {}),
                "refusals": [r.code for r in p.refusals],
                "why": [{"zh": r.zh, "en": r.en} for r in p.refusals],
            }
            for p in steps
        ],
        "children": [{"case_no": c.case_no, "workflow": c.workflow, "state": c.state} for c in case.children],
        **extra,
    }


def meeting_step(definition: Definition, case: CaseView, rule: str) -> str | None:
    """The step that meets a deadline: one possible from the present state before others."""
    ending = steps_that_meet(definition, rule)
    here = [name for name in ending if case.state in definition.steps[name].from_]
    return next(iter(here or ending), None)


def _watched(
    office: Office, definition: Definition | None, case: CaseView, deadline: Deadline, known: Acknowledgement | None
) -> dict[str, Any]:
    """How near it is, which step meets it, and who has acknowledged that it is overdue."""
    colour = colour_of(deadline, office.law.ladders, office.law.calendar, office.clock.now())
    step = meeting_step(definition, case, deadline.rule) if definition is not None and deadline.is_open else None
    acknowledgement = None
    if known is not None and deadline.is_open:
        acknowledgement = {"by": known.by, "on": known.on.isoformat(), "reason": known.reason}
    return {"colour": colour, "step": step, "acknowledged": acknowledgement}


def _steps_of(office: Office, work: Work, case: CaseView, actor: Person) -> tuple[Possible, ...]:
    workflow = office.workflow_of(work, case.definition)
    plans = office.plans_of(tuple(c.id for c in case.campaigns))
    history = history_for(work, case, workflow, steps_here(workflow, case))
    around = Surroundings(office.people, office.law, plans, office.clock.now(), history)
    return possible_steps(workflow, case, actor, around)


def _parties(definition: Definition | None, case: CaseView) -> list[dict[str, Any]]:
    """The parties; without a definition nobody can tell where each of several stands."""
    stand: Mapping[int, str] = {}
    if len(case.parties) == 1:
        stand = {case.parties[0].party_no: case.state}
    elif definition is not None:
        stand = positions(definition, case.parties, case.trail)
    return [
        {
            "party_no": p.party_no,
            "part": p.part,
            "kind": p.kind,
            "name": p.name,
            "state": stand.get(p.party_no),
            "respondent": p.respondent,
        }
        for p in case.parties
    ]
