"""What waits for somebody: duties to do, periods to wait for, cases in which it is this person's turn. Reads only."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from engine.campaigns import Obligation, obligations_of
from engine.case_page import possible_steps, steps_here
from engine.case_queries import open_cases_of
from engine.case_store import load_case
from engine.case_view import CaseView
from engine.casework import surroundings
from engine.clock import legal_day
from engine.deadlines import Deadline
from engine.definitions import SAME, Definition, steps_that_meet
from engine.holder_store import Asked, offers_to
from engine.machine import Workflow
from engine.office import Office
from engine.party_history import history_for
from engine.people import Person
from engine.store import Work

MOST_CASES = 500
CAMPAIGN_OFFICE = "campaign_office"
# Obligations are shown this many days ahead; what fell due is shown as long after.
HORIZON_DAYS = 31
OWED = "duty"
OTHERS_OWE = "other_body"


@dataclass(frozen=True)
class Item:
    """A deadline that concerns the person, with the step that would meet it, or the one that waits for it."""

    case: CaseView
    deadline: Deadline
    step: str | None


@dataclass(frozen=True)
class Turn:
    """A case in which the person can take a step now."""

    case: CaseView
    step: str


@dataclass(frozen=True)
class Owed:
    """A dated obligation of a campaign that the person's unit owes."""

    campaign: str
    obligation: Obligation


@dataclass
class Workload:
    """One person's day: due by date, waiting by date, turns by case, obligations by date, cases offered to him."""

    due: list[Item] = field(default_factory=list)
    waiting: list[Item] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    obligations: list[Owed] = field(default_factory=list)
    offers: tuple[Asked, ...] = ()


def workload_of(office: Office, work: Work, person: Person) -> Workload:
    """Everything that waits for that person today, the most urgent first."""
    load = Workload()
    now, today = office.clock.now(), legal_day(office.clock.now())
    for case_no in open_cases_of(work, office.people.below(person.unit), MOST_CASES):
        case = load_case(work, case_no).case
        # Of a case that can only be read the dates still run; nobody can say which step would meet them.
        workflow = office.workflow_of(work, case.definition) if not office.lost_to(work, case) else None
        definition = workflow.definition if workflow is not None else None
        for deadline in case.deadlines.values():
            if not deadline.is_open:
                continue
            step = meeting_step(definition, case, deadline.rule) if definition is not None else None
            if not concerns(office, definition, case, person, step):
                continue
            late = deadline.nature == OTHERS_OWE and deadline.overdue(now)
            if deadline.nature == OWED or deadline.terms.owed or late:
                load.due.append(Item(case, deadline, step))
            elif deadline.standing(now) == "running":
                load.waiting.append(Item(case, deadline, step))
        if workflow is not None:
            load.turns += _turns(office, work, workflow, case, person)
    load.due.sort(key=lambda i: (i.deadline.due_on, i.case.case_no))
    load.waiting.sort(key=lambda i: (i.deadline.due_on, i.case.case_no))
    load.obligations = _obligations(office, person, today)
    load.offers = offers_to(work, person.name)
    return load


def meeting_step(definition: Definition, case: CaseView, rule: str) -> str | None:
    """The step that meets a deadline: one possible from the present state before others."""
    ending = steps_that_meet(definition, rule)
    here = [name for name in ending if case.state in definition.steps[name].from_]
    return next(iter(here or ending), None)


def concerns(office: Office, definition: Definition | None, case: CaseView, person: Person, step: str | None) -> bool:
    """Whether a deadline is this person's: he holds the case, or holds the role of the step that meets it."""
    if person.name in case.holders:
        return True
    if definition is None or step is None:
        return False
    today = legal_day(office.clock.now())
    return any(
        role != "handler"
        and office.people.holds(person, role, case.unit, today, from_above=definition.roles[role].from_above)
        for role in definition.steps[step].by
    )


def _turns(office: Office, work: Work, workflow: Workflow, case: CaseView, person: Person) -> list[Turn]:
    """The first step that leads on and that the person may take now; handlers only in cases they hold.

    A step taken on occasion is nobody's turn: nothing waits for it.
    """
    around = surroundings(office, case, history_for(work, case, workflow, steps_here(workflow, case)))
    for possible in possible_steps(workflow, case, person, around):
        step = workflow.definition.steps[possible.step]
        if not possible.allowed or step.on_occasion or step.to == SAME:
            continue
        if "handler" in step.by and person.name not in case.holders:
            continue
        return [Turn(case, possible.step)]
    return []


def _obligations(office: Office, person: Person, today: date) -> list[Owed]:
    if CAMPAIGN_OFFICE not in person.role_names(today):
        return []
    found = [
        Owed(plan.id, obligation)
        for plan in office.campaigns().values()
        if plan.unit in office.people.above(person.unit)
        for obligation in obligations_of(plan, office.law.calendar)
        if obligation.due_on is not None and abs((obligation.due_on - today).days) <= HORIZON_DAYS
    ]
    return sorted(found, key=lambda o: (o.obligation.due_on or today, o.obligation.id))
