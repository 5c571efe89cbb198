"""Plays one scenario in an office, act by act.

What time has brought is put on record before each act, as the daily run of an office does. After an act that went so
that the rest of the file no longer fits (a step was refused, an undo worked) nothing more is played; after any other
difference the play goes on.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from engine import casework
from engine.case_store import load_case
from engine.case_view import CaseView
from engine.clock import SHANGHAI, StandingClock, end_of_day
from engine.definitions import Definition
from engine.errors import AnjuanError, Problem, Refusal, TransitionRefused
from engine.ledger import case_book
from engine.office import Office
from engine.orders import OpenCase, TakeStep
from engine.parsed_file import KeyPath
from engine.party_views import positions
from engine.people import StandIn
from engine.store import Statement, Work
from engine.tallies import TALLY
from engine.undoing import undo
from workflows.founding import ADMIN
from workflows.scenario_differences import Differences
from workflows.scenario_files import Act, ScenarioFile
from workflows.staff_roles import give_role
from workflows.stand_ins import set_stand_in

CAMPAIGN = "any-year"
# What a paper signed by somebody absent is put on record with; no scenario looks at it.
PAPER = {"name": "签批.pdf", "bytes": 1, "sha256": "0" * 64}


@dataclass(frozen=True)
class Outcome:
    """How a scenario went: where the case differs from its file, with the lines; `case_no` is None if none opened."""

    id: str
    zh: str
    en: str
    differences: tuple[Problem, ...] = ()
    case_no: str | None = None

    @property
    def ok(self) -> bool:
        return not self.differences


@dataclass(frozen=True)
class Stage:
    """Where scenarios are played: a practice office with the campaign `any-year`, in which cases are opened under the
    definition, and the clock it goes by."""

    office: Office
    clock: StandingClock
    definition: Definition

    def reach(self, on: date) -> None:
        """Let it be the end of that day, unless it is later already."""
        if self.clock.now() < end_of_day(on):
            self.clock.move_to(end_of_day(on))

    def case(self, case_no: str) -> CaseView:
        with self.office.store.reading() as work:
            return load_case(work, case_no).case


def play(stage: Stage, file: ScenarioFile) -> Outcome:
    """Play the earlier cases, then the scenario from its opening to its end."""
    scenario, differences = file.scenario, Differences(file, stage.definition)
    case_no = None
    if _earlier(stage, file, differences):
        case_no = _opened(stage, file, differences)
    if case_no is not None and _life(stage, file, case_no, differences):
        _compare_end(stage, file, case_no, differences)
    return Outcome(scenario.id, scenario.zh, scenario.en, tuple(differences.found), case_no)


def _earlier(stage: Stage, file: ScenarioFile, differences: Differences) -> bool:
    for number, earlier in enumerate(file.earlier):
        outcome = play(stage, earlier)
        if not outcome.ok:
            differences.before(number, outcome.zh, outcome.en, outcome.differences[0])
            return False
    return True


def _opened(stage: Stage, file: ScenarioFile, differences: Differences) -> str | None:
    office, opened = stage.office, file.scenario.open
    workflow = stage.definition.workflow
    order = OpenCase(workflow, opened.by, opened.answers, opened.unit, CAMPAIGN, opened.category, on=opened.on)
    try:
        _give_roles(office, file)
        stage.reach(opened.on)
        with office.store.writing() as work:
            return casework.open_case(office, work, order).after.case_no
    except AnjuanError as e:
        differences.opening(e)
        return None


def _give_roles(office: Office, file: ScenarioFile) -> None:
    with office.store.writing() as work:
        office.refresh(work)
        for name, roles in file.scenario.staff.items():
            for role in roles:
                person = office.people.person(name)
                if (person.unit, role) not in person.roles:
                    give_role(office, work, office.people.person(ADMIN), name, role, from_on=file.scenario.open.on)


def _life(stage: Stage, file: ScenarioFile, case_no: str, differences: Differences) -> bool:
    """Every line of the life; False where the play ended before its end."""
    for number, act in enumerate(file.scenario.life):
        path: KeyPath = ("life", number)
        stage.reach(act.on)
        if not _Line(stage, case_no, act, path, differences).play():
            return False
        _compare(stage, case_no, act, path, differences)
    return True


@dataclass(frozen=True)
class _Line:
    """One line of a life, to be played."""

    stage: Stage
    case_no: str
    act: Act
    path: KeyPath
    differences: Differences

    def play(self) -> bool:
        """Do what the line says; False where the rest of the file no longer fits."""
        office, act = self.stage.office, self.act
        try:
            with office.store.writing() as work:
                casework.settle(office, work, self.case_no)
            if act.stand_in is not None:
                self._stand_in()
            elif act.undo:
                return self._undo()
            elif act.kind != "look":
                return self._step()
        except AnjuanError as e:
            self.differences.impossible((*self.path, act.kind), e)
            return act.kind == "refused"
        return True

    def _step(self) -> bool:
        office, act, at = self.stage.office, self.act, (*self.path, self.act.kind)
        order = self._order()
        if order.step not in self.stage.definition.steps:
            self.differences.step_unknown(at, order.step)
            return act.kind == "refused"
        if act.refused is not None:
            with office.store.reading() as work:
                refusals = casework.explain(office, work, order).verdict.refusals
            self.differences.judged((*self.path, "because"), order.step, refusals, act.because)
            return True
        try:
            with office.store.writing() as work:
                move = casework.take_step(office, work, order)
        except TransitionRefused as e:
            self.differences.refused(at, order.step, e.refusals)
            return False
        self.differences.warnings((*self.path, "mind"), order.step, move.warnings, act.mind)
        return True

    def _order(self) -> TakeStep:
        act = self.act
        at = datetime.fromisoformat(f"{act.on}T{act.at}").replace(tzinfo=SHANGHAI) if act.at else None
        return TakeStep(
            self.case_no,
            act.do or act.refused or "",
            act.by or "",
            act.answers,
            act.on,
            at,
            act.reason,
            party=act.party,
            signed_by=act.signed_by,
            paper=PAPER if act.signed_by else None,
        )

    def _undo(self) -> bool:
        office, act = self.stage.office, self.act
        refusals: tuple[Refusal, ...] = ()
        try:
            with office.store.writing() as work:
                undo(office, work, self.case_no, act.by or "", act.reason)
        except TransitionRefused as e:
            refusals = e.refusals
        if act.because:
            self.differences.judged((*self.path, "because"), None, refusals, act.because)
            return bool(refusals)
        if refusals:
            self.differences.refused((*self.path, "undo"), None, refusals)
        return not refusals

    def _stand_in(self) -> None:
        named, office = self.act.stand_in, self.stage.office
        assert named is not None
        absent = office.people.person(named.for_name)
        wanted = StandIn(named.name, named.for_name, absent.unit, named.role, named.from_on, named.to_on)
        with office.store.writing() as work:
            set_stand_in(office, work, office.people.person(self.act.by or ""), wanted, "外出")


def _compare(stage: Stage, case_no: str, act: Act, path: KeyPath, differences: Differences) -> None:
    if act.state is None and not act.due:
        return
    case = stage.case(case_no)
    if act.state is not None:
        differences.state((*path, "state"), case.state, act.state)
    ends = {id_: running.due_on for id_, running in case.deadlines.items()}
    for id_, on in act.due.items():
        differences.due((*path, "due", id_), ends, id_, on)


def _compare_end(stage: Stage, file: ScenarioFile, case_no: str, differences: Differences) -> None:
    case, end, now = stage.case(case_no), file.scenario.end, stage.clock.now()
    differences.state(("end", "state"), case.state, end.state)
    stand = {str(n): state for n, state in positions(stage.definition, case.parties, case.trail).items()}
    for number, state in end.parties.items():
        differences.party(("end", "parties", number), number, stand.get(number), state)
    standing = {id_: str(running.standing(now)) for id_, running in case.deadlines.items()}
    for id_, wanted in end.deadlines.items():
        differences.deadline(("end", "deadlines", id_), standing, id_, wanted)
    with stage.office.store.reading() as work:
        counted = _counted(work, case_no)
    for month in sorted({*end.figures, *counted}):
        differences.figures(month, counted.get(month, {}), end.figures.get(month, {}))


def _counted(work: Work, case_no: str) -> dict[str, Counter[str]]:
    """All that was counted of the case, by month and measure."""
    counted: dict[str, Counter[str]] = {}
    for period, measure, n in work.all(_FIGURES, {"book_key": case_book(case_no)}):
        counted.setdefault(period, Counter())[measure] += n
    return counted


_FIGURES = Statement(
    lambda _: sa.select(TALLY.c.period, TALLY.c.measure, TALLY.c.n).where(TALLY.c.book == sa.bindparam("book_key"))
)
