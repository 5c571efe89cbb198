"""What waits for somebody: duties to do, periods to wait for, cases in which it is this person's turn. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from engine.case_page import meeting_step, possible_step, steps_here
from engine.case_queries import open_cases_of
from engine.case_store import load_case
from engine.case_view import CaseView
from engine.casework import surroundings
from engine.clock import legal_day
from engine.deadlines import Deadline
from engine.definitions import SAME
from engine.holder_store import Asked, offers_to
from engine.judging import Surroundings
from engine.machine import Workflow
from engine.obligations import Obligation, obligations_of
from engine.office import Office
from engine.party_history import history_for
from engine.people import Person
from engine.store import Work

MOST_CASES = 500
CAMPAIGN_OFFICE = "campaign_office"
HANDLER = "handler"
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
    return Workloads(office, work).of(person)


@dataclass
class _Seen:
    """A case with what is the same whoever asks: its open deadlines, each with the step that meets it, and the steps
    that there are from where it stands."""

    case: CaseView
    workflow: Workflow | None
    deadlines: list[tuple[Deadline, str | None]]
    here: tuple[str, ...]
    around: Surroundings | None = None


class Workloads:
    """The days of many people in one transaction: each case is read once, however many people it concerns."""

    def __init__(self, office: Office, work: Work) -> None:
        self._office, self._work = office, work
        self._now = office.clock.now()
        self._today = legal_day(self._now)
        self._numbers: dict[tuple[str, ...], Sequence[str]] = {}
        self._seen: dict[str, _Seen] = {}
        self._holds: dict[tuple[str, str, str, bool], bool] = {}

    def of(self, person: Person) -> Workload:
        """Everything that waits for that person today, the most urgent first."""
        load = Workload()
        for case_no in self._open_cases(person):
            seen = self._case(case_no)
            self._add_deadlines(load, seen, person)
            load.turns += self._turns(seen, person)
        load.due.sort(key=lambda i: (i.deadline.due_on, i.case.case_no))
        load.waiting.sort(key=lambda i: (i.deadline.due_on, i.case.case_no))
        load.obligations = _obligations(self._office, person, self._today)
        load.offers = offers_to(self._work, person.name)
        return load

    def _open_cases(self, person: Person) -> Sequence[str]:
        units = self._office.people.below(person.unit)
        if units not in self._numbers:
            self._numbers[units] = open_cases_of(self._work, units, MOST_CASES)
        return self._numbers[units]

    def _case(self, case_no: str) -> _Seen:
        if case_no not in self._seen:
            office, work = self._office, self._work
            case = load_case(work, case_no).case
            # Of a case that can only be read the dates still run; nobody can say which step would meet them.
            workflow = office.workflow_of(work, case.definition) if not office.lost_to(work, case) else None
            self._seen[case_no] = _Seen(
                case,
                workflow,
                [
                    (d, meeting_step(workflow.definition, case, d.rule) if workflow is not None else None)
                    for d in case.deadlines.values()
                    if d.is_open
                ],
                steps_here(workflow, case) if workflow is not None else (),
            )
        return self._seen[case_no]

    def _add_deadlines(self, load: Workload, seen: _Seen, person: Person) -> None:
        for deadline, step in seen.deadlines:
            if not self._concerns(seen, person, step):
                continue
            late = deadline.nature == OTHERS_OWE and deadline.overdue(self._now)
            if deadline.nature == OWED or deadline.terms.owed or late:
                load.due.append(Item(seen.case, deadline, step))
            elif deadline.standing(self._now) == "running":
                load.waiting.append(Item(seen.case, deadline, step))

    def _concerns(self, seen: _Seen, person: Person, step: str | None) -> bool:
        """Whether a deadline is this person's: he holds the case, or holds the role of the step that meets it."""
        if person.name in seen.case.holders:
            return True
        if seen.workflow is None or step is None:
            return False
        by = seen.workflow.definition.steps[step].by
        return any(self._has(person, role, seen) for role in by if role != HANDLER)

    def _turns(self, seen: _Seen, person: Person) -> list[Turn]:
        """The first step that leads on and that the person may take now; handlers only in cases they hold.

        A step taken on occasion is nobody's turn: nothing waits for it.
        """
        case, workflow = seen.case, seen.workflow
        if workflow is None:
            return []
        for name in seen.here:
            step = workflow.definition.steps[name]
            if step.on_occasion or step.to == SAME or (HANDLER in step.by and person.name not in case.holders):
                continue
            # Whoever has no role for it cannot take it: to judge it would only tell why at length.
            if step.by and not any(self._has(person, role, seen) for role in step.by):
                continue
            if seen.around is None:
                seen.around = surroundings(self._office, case, history_for(self._work, case, workflow, seen.here))
            if possible_step(workflow, case, person, seen.around, name).allowed:
                return [Turn(case, name)]
        return []

    def _has(self, person: Person, role: str, seen: _Seen) -> bool:
        """Whether he may act in the role on that case; one person is asked about hundreds of cases of a unit."""
        assert seen.workflow is not None
        asked = (person.name, role, seen.case.unit, seen.workflow.definition.roles[role].from_above)
        if asked not in self._holds:
            *_, unit, from_above = asked
            self._holds[asked] = self._office.people.holds(person, role, unit, self._today, from_above=from_above)
        return self._holds[asked]


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
