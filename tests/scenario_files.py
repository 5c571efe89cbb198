"""Whole cases as files beside the definitions: what is done on which day, what must be refused, how it must end.

Each line of `life` is one act: `do` takes a step, `refused` must not be possible for exactly the reasons in `because`,
`undo` takes the last step back (or must not be able to, where `because` says why), `stand_in` names who acts for whom.
After an act `state`, `due` (last days by deadline) and `mind` (codes of warnings, each of which must be there) are
compared. A case is played in a practice office with a campaign that lasts from 2007 to 2026 and closes nothing, so that
its figures are counted in any year.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import sqlalchemy as sa
from builders import Scene
from pydantic import BaseModel, ConfigDict, Field

import engine
from engine import casework
from engine.campaign_checks import read_campaign
from engine.clock import SHANGHAI
from engine.data_files import read_yaml, validated
from engine.data_values import Day, FileId, Identifier, Month, Number, Text
from engine.errors import TransitionRefused
from engine.orders import OpenCase, TakeStep
from engine.party_views import positions
from engine.people import StandIn
from engine.snapshot import snapshot
from engine.tallies import TALLY
from engine.undoing import undo
from engine.verifying import verify_store
from workflows.campaign_loading import load_campaign
from workflows.stand_ins import set_stand_in

FOLDER = Path(engine.__file__).parent.parent / "workflows" / "definitions" / "scenarios"
ANY_YEAR = Path(__file__).parent / "any_year.yaml"
CAMPAIGN = "any-year"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class _StandIn(_Part):
    name: Identifier
    for_name: Identifier = Field(alias="for")
    role: Identifier
    from_on: Day = Field(alias="from")
    to_on: Day = Field(alias="to")


class Act(_Part):
    """One line of a life. `at` is the minute (HH:MM) where the law counts hours."""

    on: Day
    at: Text | None = None
    by: Identifier
    do: Identifier | None = None
    refused: Identifier | None = None
    because: tuple[str, ...] = ()
    undo: bool = False
    stand_in: _StandIn | None = None
    answers: dict[str, str] = Field(default_factory=dict, alias="set")
    reason: str = ""
    party: Number | None = None
    signed_by: Identifier | None = None
    state: Identifier | None = None
    due: dict[str, Day] = Field(default_factory=dict)
    mind: tuple[str, ...] = ()


class Opening(_Part):
    on: Day
    by: Identifier
    unit: Identifier | None = None
    category: Identifier = "other"
    answers: dict[str, str] = Field(alias="set")


class End(_Part):
    """How the case must stand at the end. `figures` are all that was counted, by month and measure."""

    state: Identifier
    parties: dict[str, Identifier] = Field(default_factory=dict)
    deadlines: dict[str, Identifier] = Field(default_factory=dict)
    figures: dict[Month, dict[Identifier, Number]] = Field(default_factory=dict)


class Scenario(_Part):
    """A whole case. `before` are earlier cases, by file name, that are played first in the same office."""

    id: FileId
    zh: Text
    en: Text
    basis: Text
    workflow: Identifier
    before: tuple[FileId, ...] = ()
    open: Opening
    life: tuple[Act, ...]
    end: End


@dataclass(frozen=True)
class Played:
    scenario: Scenario
    case_no: str


def files() -> list[Path]:
    """Every scenario, by name."""
    return sorted(FOLDER.glob("*/*.yaml"))


def read(file: Path) -> Scenario:
    scenario = validated(Scenario, read_yaml(file))
    assert scenario.id == file.stem, f"{file.name} calls itself {scenario.id}"
    return scenario


def play(scene: Scene, file: Path) -> Played:
    """Play the case from its opening to its end, comparing on the way. Raises AssertionError with the place."""
    scenario = read(file)
    _load_campaign(scene)
    for earlier in scenario.before:
        play(scene, file.with_name(f"{earlier}.yaml"))
    opened = scenario.open
    scene._reach(opened.on.isoformat())
    with scene.office.store.writing() as work:
        order = OpenCase(
            scenario.workflow,
            opened.by,
            opened.answers,
            opened.unit,
            CAMPAIGN,
            opened.category,
            on=opened.on,
        )
        no = casework.open_case(scene.office, work, order).after.case_no
    for number, act in enumerate(scenario.life, 1):
        place = f"{file.name}, line {number} of the life ({act.on} {act.do or act.refused or 'undo'})"
        scene._reach(act.on.isoformat())
        _act(scene, no, act, place)
        _compare(scene, no, act, place)
    _compare_end(scene, no, scenario)
    return Played(scenario, no)


def _load_campaign(scene: Scene) -> None:
    with scene.office.store.writing() as work:
        scene.office.refresh(work)
        plan, _ = read_campaign(ANY_YEAR)
        if plan.id not in scene.office.campaigns():
            load_campaign(scene.office, work, scene.office.people.person("campaign_office"), plan)


def _act(scene: Scene, no: str, act: Act, place: str) -> None:
    office = scene.office
    if act.stand_in is not None:
        named = act.stand_in
        stand_in(scene, named.name, named.for_name, named.role, named.from_on, named.to_on)
        return
    if act.undo:
        _undo(scene, no, act, place)
        return
    step = act.do or act.refused
    assert step is not None, place
    at = datetime.fromisoformat(f"{act.on}T{act.at}").replace(tzinfo=SHANGHAI) if act.at else None
    paper = {"name": "签批.pdf", "bytes": 1, "sha256": "0" * 64} if act.signed_by else None
    order = TakeStep(
        no, step, act.by, act.answers, act.on, at, act.reason, None, False, act.party, act.signed_by, paper
    )
    if act.refused is not None:
        with office.store.reading() as work:
            codes = [r.code for r in casework.explain(office, work, order).verdict.refusals]
        assert sorted(codes) == sorted(act.because), f"{place}: refused for {codes}"
        return
    try:
        with office.store.writing() as work:
            move = casework.take_step(office, work, order)
    except TransitionRefused as refused:
        raise AssertionError(f"{place}: {[(r.code, r.en) for r in refused.refusals]}") from None
    missing = set(act.mind) - {w.code for w in move.warnings}
    assert not missing, f"{place}: no warning {sorted(missing)}, only {[w.code for w in move.warnings]}"


def _undo(scene: Scene, no: str, act: Act, place: str) -> None:
    codes: list[str] = []
    try:
        with scene.office.store.writing() as work:
            undo(scene.office, work, no, act.by, act.reason)
    except TransitionRefused as refused:
        codes = [r.code for r in refused.refusals]
    assert sorted(codes) == sorted(act.because), f"{place}: refused for {codes}"


def stand_in(scene: Scene, name: str, absent: str, role: str, from_on: date, to_on: date) -> None:
    """The absent one lets somebody act for him."""
    office = scene.office
    wanted = StandIn(name, absent, office.people.person(absent).unit, role, from_on, to_on)
    with office.store.writing() as work:
        set_stand_in(office, work, office.people.person(absent), wanted, "出差")


def _compare(scene: Scene, no: str, act: Act, place: str) -> None:
    case = scene.case(no)
    if act.state is not None:
        assert case.state == act.state, f"{place}: the case stands at {case.state}"
    for deadline, on in act.due.items():
        assert deadline in case.deadlines, f"{place}: there is no {deadline}, only {sorted(case.deadlines)}"
        assert case.deadlines[deadline].due_on == on, f"{place}: {deadline} ends on {case.deadlines[deadline].due_on}"


def _compare_end(scene: Scene, no: str, scenario: Scenario) -> None:
    case, end = scene.case(no), scenario.end
    assert case.state == end.state, f"{scenario.id}: it ends at {case.state}"
    with scene.office.store.reading() as work:
        definition = scene.office.workflow_of(work, case.definition).definition
        rows = work.connection.execute(
            sa.select(TALLY.c.period, TALLY.c.measure, TALLY.c.n).where(TALLY.c.book == f"case:{no}")
        ).all()
    stand = {str(n): s for n, s in positions(definition, case.parties, case.trail).items()}
    assert {n: stand[n] for n in end.parties} == end.parties
    standing = {d: case.deadlines[d].standing(scene.clock.now()) for d in end.deadlines}
    assert standing == end.deadlines, scenario.id
    counted: dict[str, Counter[str]] = {}
    for period, measure, n in rows:
        counted.setdefault(period, Counter())[measure] += n
    figures = {month: {m: n for m, n in sums.items() if n} for month, sums in counted.items()}
    assert {month: sums for month, sums in figures.items() if sums} == end.figures, f"{scenario.id}: {figures}"
    with snapshot(scene.office.store) as work:
        assert verify_store(work).first_bad is None, scenario.id
