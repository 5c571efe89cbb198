"""Random lives of a case, walked through the door that everybody uses, each turn of them held against the law.

A life draws steps among those possible from where the case (or one of its parties) stands, by whoever may or may not
take them, with sensible and mischievous answers, days apart. What is allowed is done; what is refused changes nothing.
Hypothesis draws the seed of each life: its own draws repeat themselves too much to get a case as far as its decision.
A life ends at the first turn at which the law does not hold, so that little of it is left to shrink.
"""

from __future__ import annotations

import functools
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from builders import CAMPAIGN, FOUNDED_AT, MINUTE, ON, TWO, WALK, Scene, day, founded_file
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from engine import casework
from engine.case_view import CaseView
from engine.clock import StandingClock
from engine.correct_judging import CorrectCase
from engine.correcting import correct
from engine.definitions import Answer, Step
from engine.errors import Refusal, TransitionRefused
from engine.ledger import Entry
from engine.office import Office
from engine.orders import OpenCase, TakeStep
from engine.party_views import positions, seen_by
from engine.people import Certificate, Person, StandIn
from engine.snapshot import snapshot
from engine.store import sqlite_store
from engine.verifying import verify_store
from workflows.staffing import take_on
from workflows.stand_ins import set_stand_in

ONE_DAY = timedelta(days=1)
FOR_EVER = (day("2000-01-01"), day("2099-12-31"))
PAPER = {"name": "审批表.pdf", "bytes": 1, "sha256": "0" * 64}
# Whoever works here besides the practice staff: one person in two functions, or certified for some weeks only.
NEWCOMERS = {
    "head2": (("head",), ()),
    "reviewer2": (("reviewer",), ()),
    "deputy": (("lead",), ()),
    "hearing_reviewer": (("hearing_officer", "reviewer"), ()),
    "handler_hearing": (("handler", "hearing_officer"), (FOR_EVER,)),
    "handler_new": (
        ("handler",),
        ((day("2018-09-03"), day("2018-09-14")), (day("2025-02-12"), day("2025-02-26"))),
    ),
}
# name, for whom, in which role: two who would get round the separation of duties if that were possible.
STAND_INS = (
    ("deputy", "handler_head", "head"),
    ("handler2", "head", "head"),
    ("reviewer2", "handler_reviewer", "reviewer"),
)
STAFF = (
    *("handler1", "handler2", "handler_head", "handler_reviewer", "handler_hearing", "lead", "deputy", "head", "head2"),
    *("reviewer", "reviewer2", "hearing_officer", "hearing_reviewer", "finance", "police", "archivist", "supervisor"),
)
OFFICERS = (
    *("handler2,handler_reviewer", "handler1,handler_head", "handler2,handler_hearing", "handler1,handler_new"),
    *("handler1,handler_expired", "handler1", "handler1,handler1", "handler1,lead"),
)
# Some days before that of the step.
BACK = "<back>"
DAYS = (0, 0, 0, 1, 2, 4, 8, 16, 20)
# A child of the case, taken by the same walker.
WALK_OF_CHILD: dict[str, tuple[str, dict[str, str]]] = {
    "dispose": ("head", {"measure": "appraised"}),
    "release": ("handler1", {"officers": TWO, "released_on": ON, "receipt": "收条"}),
}
# Answers that are sensible too; which of them are lawful hangs on the case.
OTHERWISE: dict[str, tuple[dict[str, str | None], ...]] = {
    "conclude": (
        {"turnover_fen": "6000000"},
        {"turnover_fen": "6000000"},
        {"turnover_fen": None},
        {"gains_fen": "3000000"},
        {"copies": "600"},
        {"review_situations": "complex"},
        {"officers": "handler_head,handler_reviewer"},
        {"officers": "handler1,handler_hearing"},
    ),
    "investigate": ({"officers": "handler_head,handler_reviewer"}, {"officers": "handler1,handler_hearing"}),
    "approve_notice": (
        {"proposed_fine_fen": "10000000"},
        {"proposed_fine_fen": "10000000"},
        {"proposed_fine_fen": "1000000", "proposed_confiscation_fen": "10000000"},
        {"proposed_fine_fen": "0"},
    ),
    "notify": ({"served_how": "public_notice"}, {"served_how": "post", "served_on": BACK}),
    "serve": ({"served_how": "public_notice"}, {"served_how": "left", "served_on": BACK}),
    "notify_again": ({"served_on": BACK},),
    "serve_again": ({"served_on": BACK},),
    "transfer_back": ({"returned_on": BACK},),
    "state_defence": ({"late_ground": "不可抗力"}, {"received_on": BACK}),
    "request_hearing": ({"late_ground": "不可抗力"}, {"requested_on": BACK}),
    "withdraw_officer": ({"concerned": "handler_reviewer"}, {"concerned": "handler1"}),
    "close": ({"result": "penalty_executed"}, {"result": "no_penalty"}, {"result": "not_established"}),
    "end_hearing": ({"ground": "absent"},),
    "waive_rights": ({"waived": "statement"}, {"waived": "hearing"}),
    "review": ({"opinion": "return"},),
    "set_aside": ({"redo": "yes"},),
    "redo": ({"again": "decision"},),
    "recheck": ({"result": "partly", "links_removed": "1"}, {"links_removed": "12"}),
    "decide_no_penalty": ({"ground": "not_established"}, {"ground": "first_minor"}),
    "pay": ({"paid_fen": "1000000"}, {"for": "confiscation"}),
}
CORRECTIONS = (
    *({"links_removed": "7"}, {"links_removed": "0"}, {"copies_confiscated": "40"}),
    *({"category": "news_reposting"}, {"category": "other"}, {"title": "改名"}),
)


class Broken(AssertionError):
    """A life in which the law does not hold."""


@dataclass(frozen=True)
class Tour:
    """Where lives begin and what they are mostly about.

    `preludes` are steps taken as usual on the first day; `eager` says how much likelier a step is than the others (0:
    never), `likely` which answers are given to it rather than the usual ones; `acts` are what a turn may be, `mischief`
    what may be wrong with a step (`""`: nothing).
    """

    preludes: tuple[str, ...] = ("",)
    eager: Mapping[str, int] = field(default_factory=dict)
    likely: Mapping[str, tuple[dict[str, str | None], ...]] = field(default_factory=dict)
    begins: tuple[str, ...] = ("2018-08-20", "2025-02-10")
    days: tuple[int, ...] = DAYS
    parties: tuple[int, ...] = (1,)
    sources: tuple[str, ...] = ("patrol",)
    campaign: bool = True
    acts: tuple[str, ...] = ("step",)
    mischief: tuple[str, ...] = ("", "", "otherwise", "otherwise", "answer", "who", "back", "paper")
    turns: int = 16


@dataclass(frozen=True)
class Tried:
    """One attempt of a life; without refusals it was done."""

    case_no: str
    step: str
    on: date
    party: int | None
    refusals: tuple[Refusal, ...] = ()


class Life:
    """One case with its children in an office of its own; `tried` is everything that was attempted, in order.

    `before` is the case as the last turn found it, `latest` the attempt of that turn, if there was one; `kept` are the
    hashes of its record when the law last looked.
    """

    def __init__(self, scene: Scene, tour: Tour, chance: Random) -> None:
        self.scene, self.tour, self.chance = scene, tour, chance
        with scene.office.store.reading() as work:
            scene.office.refresh(work)
        self.definitions = scene.office.definitions()
        self.today = day(self.one_of(tour.begins))
        scene.it_is(self.today.isoformat())
        self.tried: list[Tried] = []
        self.latest: Tried | None = None
        self.kept: list[str] = []
        self.no = ""
        self.children: list[str] = []
        self._begin()
        self.before = self.case

    def one_of(self, things: Iterable[Any]) -> Any:
        return self.chance.choice(list(things))

    @property
    def case(self) -> CaseView:
        return self.scene.case(self.no)

    @property
    def entries(self) -> tuple[Entry, ...]:
        return self.scene.entries(self.no)

    def said(self, case: CaseView) -> dict[int, Mapping[str, Any]]:
        """What the entry of each step on the trail says, by its number."""
        entries = self.scene.entries(case.case_no)
        return {t.seq: entries[t.seq - 1].said() for t in case.trail}

    def turn(self) -> None:
        """Some days pass, and somebody does something or tries to."""
        self.before, self.latest = self.case, None
        self._reach(self.today + timedelta(days=self.one_of(self.tour.days)))
        match self.one_of(self.tour.acts):
            case "undo":
                self._take_back()
            case "correct":
                self._correct()
            case "child":
                self._preserve()
            case _:
                self._step(self.one_of([*[self.no] * 4, *self.children]))

    # --- what is done -------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        on, prelude = self.today.isoformat(), self.one_of(self.tour.preludes)
        source = self.one_of(self.tour.sources)
        begins = {"source": source, "materials_complete_on": self.one_of([on, None])}
        campaign = CAMPAIGN if self.tour.campaign and day("2018-08-14") <= self.today <= day("2018-11-20") else None
        said = {name: value for name, value in begins.items() if value is not None}
        self.no = self.scene.open(on, by=self.one_of(["handler1", "handler2"]), campaign=campaign, **said)
        more = self.one_of(self.tour.parties) - 1
        for step in ("accept " * (source == "complaint" and bool(prelude)) + prelude).split():
            if step == "add_party":
                for number in range(more):
                    self.attempt(self.no, step, changes={"party_name": f"公司{number}"})
            else:
                self.attempt(self.no, step, changes=self._sensible(self.case, step) | self._at_first(step))

    def _at_first(self, step: str) -> dict[str, Any]:
        return self._otherwise(step) if step in self.tour.likely or self.one_of([True, False]) else {}

    def _step(self, case_no: str) -> None:
        case = self.scene.case(case_no)
        definition = self.definitions[case.workflow]
        stands = positions(definition, case.parties, case.trail)
        party = self.one_of(stands) if len(stands) > 1 else None
        here = [
            name
            for name, step in definition.steps.items()
            if step.by
            and name in (WALK if case.workflow == "case" else WALK_OF_CHILD)
            and (stands[party] if party and step.party else case.state) in step.from_
        ]
        weighted = [name for name in here for _ in range(self._weight(definition.steps[name], name))]
        if not weighted:
            return
        name = self.one_of(weighted)
        asked = definition.steps[name]
        if asked.party is None or (asked.party == "some" and party and self.one_of([False, False, True])):
            party = None
        seen = seen_by(definition, case, party) if party else case
        changes = self._sensible(seen, name) | (self._otherwise(name) if name in self.tour.likely else {})
        mischief = self.one_of(self.tour.mischief)
        who, signed, on = None, None, self.today
        match mischief:
            case "otherwise":
                changes |= self._otherwise(name)
            case "answer" if asked.ask:
                changes |= self._another_answer(asked.ask, on)
            case "who":
                who = self.one_of(self._able(asked))
            case "back":
                on = max(case.last_on, on - timedelta(days=self.one_of([1, 2, 5])))
            case "paper" if asked.on_paper:
                signed = self.one_of(self._able(asked))
                who = self.one_of(STAFF)
        done = self.attempt(case_no, name, who=who, on=on, party=party, changes=changes, signed_by=signed)
        if done.refusals:
            self._wait(done.refusals)

    def attempt(
        self,
        case_no: str,
        step: str,
        *,
        who: str | None = None,
        on: date | None = None,
        party: int | None = None,
        changes: Mapping[str, Any] | None = None,
        signed_by: str | None = None,
    ) -> Tried:
        """Try the step; a refusal leaves the case as it was."""
        on = on or self.today
        before = self.scene.case(case_no)
        usual, answers = (WALK | WALK_OF_CHILD)[step]
        words = {ON: on.isoformat(), MINUTE: f"{on}T10:00", BACK: (on - timedelta(days=2)).isoformat()}
        given = {n: words.get(v, v) for n, v in {**answers, **(changes or {})}.items() if v is not None}
        order = TakeStep(case_no, step, who or usual, given, on=on, party=party)
        if signed_by is not None:
            order = TakeStep(case_no, step, who or usual, given, on=on, party=party, signed_by=signed_by, paper=PAPER)
        try:
            with self.scene.office.store.writing() as work:
                casework.take_step(self.scene.office, work, order)
        except TransitionRefused as refused:
            self.latest = Tried(case_no, step, on, party, refused.refusals)
            if self.scene.case(case_no) != before:
                raise Broken(f"{step} was refused and changed the case") from refused
        else:
            self.latest = Tried(case_no, step, on, party)
        self.tried.append(self.latest)
        return self.latest

    def _take_back(self) -> None:
        try:
            self.scene.undo(self.no, by=self.one_of(["lead", "head", "handler1"]))
        except TransitionRefused:
            return

    def _correct(self) -> None:
        order = CorrectCase(self.no, self.one_of(["handler1", "lead", "head"]), self.one_of(CORRECTIONS), "笔误")
        try:
            with self.scene.office.store.writing() as work:
                correct(self.scene.office, work, order)
        except TransitionRefused:
            return

    def _preserve(self) -> None:
        on = self.today.isoformat()
        given = {"goods": "光盘", "officers": TWO, "approved_on": on, "delivered_on": on}
        order = OpenCase("preservation", "handler1", given, on=self.today, parent=self.no)
        with self.scene.office.store.writing() as work:
            self.children.append(casework.open_case(self.scene.office, work, order).after.case_no)

    def _wait(self, refusals: tuple[Refusal, ...]) -> None:
        """What is only too early may be waited for, to the very first day or to the one before it."""
        earliest = {r.earliest_on for r in refusals if r.code == "wait.running" and r.earliest_on}
        if earliest and self.one_of([True, False]):
            self._reach(max(earliest) - self.one_of([0, 0, 1]) * ONE_DAY)

    def _reach(self, on: date) -> None:
        if on > self.today:
            self.today = on
            self.scene.it_is(on.isoformat())

    # --- by whom, and with which answers ------------------------------------------------------------------------------

    def _weight(self, step: Step, name: str) -> int:
        return self.tour.eager.get(name, 1 if step.on_occasion else 5)

    def _able(self, step: Step) -> list[str]:
        """Those who could take the step by their roles, stand-ins too, and now and then anybody."""
        people = self.scene.office.people
        able = [n for n in STAFF if any(people.holds(people.person(n), r, "suzhou", self.today) for r in step.by)]
        return [*able, *able, *able, self.one_of(STAFF)]

    def _otherwise(self, step: str) -> dict[str, Any]:
        return dict(self.one_of(self.tour.likely.get(step) or [{}, *OTHERWISE.get(step, ())]))

    def _another_answer(self, ask: Mapping[str, Answer], on: date) -> dict[str, Any]:
        names = {self.one_of(ask), self.one_of(ask)}
        return {name: self.one_of(_others(ask[name], on)) for name in sorted(names)}

    def _sensible(self, case: CaseView, step: str) -> dict[str, Any]:
        """Answers that fit what is on record: a decision as the notice said it, a payment of what is owed."""
        match step:
            case "decide":
                notice = case.last("approve_notice")
                told = notice.answers if notice else {}
                more = self.one_of([0, 0, 0, 0, 0, 0, 100_000])
                return {
                    "fine_fen": str(told.get("proposed_fine_fen", 0) + more),
                    "confiscated_fen": str(told.get("proposed_confiscation_fen", 0) + self.one_of([0, more])),
                    "copies_confiscated": "20",
                    "measures": "stop,fine",
                }
            case "call_hearing":
                return {"hearing_on": (self.today + timedelta(days=self.one_of([9, 15]))).isoformat()}
            case "pay":
                return {"paid_fen": str(_still_open(case))}
            case "order_rectification" | "hand_down":
                name = "rectify_by" if step == "order_rectification" else "feedback_by"
                return {name: (self.today + timedelta(days=10)).isoformat()}
            case "allow_instalments":
                half, days = _still_open(case) // 2, [self.today + timedelta(days=n) for n in (30, 60)]
                parts = (half, _still_open(case) - half)
                said = (f"{on}={fen // 100}.{fen % 100:02}" for on, fen in zip(days, parts, strict=True))
                return {"instalments": ",".join(said)}
            case "close":
                return {"result": _result(case), "outcome": self.one_of(["pending", "sentenced", "dropped"])}
            case "interview" | "inspect" | "inquire":
                return {
                    "officers": self.one_of([TWO, TWO, "handler_head,handler_reviewer", "handler1,handler_hearing"])
                }
            case _:
                return {}


def _others(answer: Answer, on: date) -> list[str]:
    """Answers of that type unlike the usual one: plausible, but perhaps not lawful."""
    if answer.choices:
        return list(answer.choices)
    match answer.type:
        case "officers":
            return list(OFFICERS)
        case "money":
            return ["0", "1000000", "6000000", "10000000", "20000000"]
        case "date":
            days = range(-9, 1) if answer.not_in_future else range(16)
            return [(on + timedelta(days=n)).isoformat() for n in days]
        case "moment":
            return [f"{on - timedelta(days=n)}T{hour:02}:30" for n in range(3) for hour in (0, 9, 23)]
        case "integer":
            return ["0", "7", "600"]
        case "yes_no":
            return ["yes", "no"]
        case _:
            return ["", "情况属实"]


def _still_open(case: CaseView) -> int:
    decision = case.last("decide", "decide_on_spot")
    if decision is None:
        return 0
    paid = sum(t.answers["paid_fen"] for t in case.taken("pay") if t.seq > decision.seq and t.answers["for"] == "fine")
    return max(int(decision.answers["fine_fen"]) - paid, 0)


def _result(case: CaseView) -> str:
    results = {"police_filed": "referred", "transferred_out": "transferred", "executed": "penalty_executed"}
    decision = case.last("decide", "decide_no_penalty", "decide_on_spot")
    if case.state == "served" and decision is not None and decision.step == "decide_no_penalty":
        return "not_established" if decision.answers["ground"] == "not_established" else "no_penalty"
    same = ("not_accepted", "not_filed", "merged", "terminated", "quashed")
    return results.get(case.state, case.state if case.state in same else "penalty_executed")


def names(text: str) -> list[str]:
    """Those names, written in one text."""
    return text.split()


# --- holding lives against the law ------------------------------------------------------------------------------------

Law = Callable[[Life], Iterator[str]]


def hold(
    law: Law, tour: Tour, lives: int, *, phases: tuple[Phase, ...] = tuple(Phase), seen: set[str] | None = None
) -> None:
    """That many lives, in each of which the law must hold after every turn. Raises Broken with the least life found.

    `seen` collects the steps that were taken. Which lives they are is always the same.
    """

    with tempfile.TemporaryDirectory(prefix="anjuan-lives-") as folder:
        file = Path(folder) / "lives.db"
        shutil.copy(_staffed_file(), file)
        scene = _scene(file)

        @settings(
            max_examples=lives,
            phases=phases,
            deadline=None,
            derandomize=True,
            database=None,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        )
        @given(st.randoms(use_true_random=True))
        def every_life(chance: Random) -> None:
            _as_founded(file)
            scene.clock = scene.office.clock = StandingClock(FOUNDED_AT)
            _live(Life(scene, tour, chance), law, seen)

        try:
            every_life()
        finally:
            scene.office.store.close()


def _as_founded(file: Path) -> None:
    """Nothing has happened in it: cheaper than another file, and than an office that has everything to learn again."""
    with closing(sqlite3.connect(_staffed_file())) as template, closing(sqlite3.connect(file)) as used:
        template.backup(used)


def _live(life: Life, law: Law, seen: set[str] | None) -> None:
    for _ in range(life.tour.turns):
        life.turn()
        for what in law(life):
            raise Broken(f"{what}\n{_told(life)}")
    if seen is not None:
        seen |= {t.step for t in life.tried if not t.refusals}
        with snapshot(life.scene.office.store) as work:
            verified = verify_store(work)
        if verified.first_bad is not None:
            raise Broken(verified.first_bad.en)


def _told(life: Life) -> str:
    """The life, to be read."""
    return "\n".join(
        f"{t.on} {t.step}{f' for {t.party}' if t.party else ''} by {t.signed_by or t.actor}"
        f"{f' in place of {t.for_name}' if t.for_name else ''} {dict(t.answers)}"
        for t in life.case.trail
    )


@functools.cache
def _staffed_file() -> Path:
    """Made once per process: copying it is quicker than taking people on again."""
    file = Path(tempfile.mkdtemp(prefix="anjuan-staffed-")) / "staffed.db"
    shutil.copy(founded_file(), file)
    scene = _scene(file)
    add_newcomers(scene)
    scene.office.store.close()
    return file


def add_newcomers(scene: Scene) -> None:
    """Take the newcomers on, and let the stand-ins stand in."""
    office = scene.office
    for name, (roles, certificates) in NEWCOMERS.items():
        held = tuple(Certificate(f"{name}-{n}", *days) for n, days in enumerate(certificates))
        newcomer = Person(name, name, "suzhou", frozenset(("suzhou", role) for role in roles), held)
        with office.store.writing() as work:
            office.refresh(work)
            take_on(office, work, office.people.person("lead"), newcomer)
    for name, absent, role in STAND_INS:
        with office.store.writing() as work:
            office.refresh(work)
            wanted = StandIn(name, absent, "suzhou", role, *FOR_EVER)
            set_stand_in(office, work, office.people.person(absent), wanted, "外出")


def _scene(file: Path) -> Scene:
    clock = StandingClock(FOUNDED_AT)
    office = Office(sqlite_store(file, synchronous="OFF"), clock, practice=True)
    with office.store.reading() as work:
        office.refresh(work)
    return Scene(office, clock)
