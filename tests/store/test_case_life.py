"""Random lives of cases: whatever anybody tries on whatever day, the law holds and the record is whole.

The invariants are those of case-lifecycle §5 that the main line can break: 1–3, 6–8, 10–14, 16.
"""

from __future__ import annotations

import calendar
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import chinese_calendar
from builders import CAMPAIGN, TWO, Scene, all_tallies, day, scene_in
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from engine import casework
from engine.case_page import possible_steps
from engine.case_view import CaseView, StepTaken
from engine.definitions import Answer
from engine.errors import AnjuanError, TransitionRefused
from engine.happening import ITSELF
from engine.home import Home
from engine.moving import Move
from engine.snapshot import snapshot
from engine.verifying import verify_store

ONE_DAY = timedelta(days=1)
NEW_LAW = day("2021-07-15")
EXPIRED_ON = day("2018-06-30")  # the certificate of handler_expired
THRESHOLD_FEN = 5_000_000  # turnover from which a case must be referred, 2018 and 2025
OFFICERS = (TWO, "handler2,handler_reviewer", "handler1,handler_head", "handler1,handler_expired", "handler1")
STAFF = ("handler1", "handler_head", "handler_reviewer", "lead", "head", "reviewer", "hearing_officer", "finance")
TO_CONCLUDED = "verify file investigate conclude"
UNREVIEWED = f"{TO_CONCLUDED} approve_notice notify"
TO_NOTIFIED = f"{TO_CONCLUDED} review approve_notice notify"
# How much likelier a step is taken that leads on than one that leads aside.
FORWARD = {
    **dict.fromkeys(
        f"{TO_NOTIFIED} answer_defence call_hearing hold_hearing police_refuse return_to_penalty".split(), 15
    ),
    **dict.fromkeys(["discuss", "approve_referral", "hand_over", "redo"], 15),
    **dict.fromkeys(["decide", "serve", "pay", "close"], 60),
}
ACTED_ON = ("served_on", "met_on", "handed_at", "handed_on", "inspected_on", "asked_on")
# Limits whose last day an order, a letter or a judgment sets.
FIXED = {"rectification", "lead_feedback", "redo_period"}


# --- dates counted day by day, by another calendar and from the articles themselves -----------------------------------


def calendar_days(start: date, number: int, *, rolled: bool = False) -> date:
    end = start + timedelta(days=number)
    while rolled and not chinese_calendar.is_workday(end):
        end += ONE_DAY
    return end


def working_days(start: date, number: int) -> date:
    end = start
    while number:
        end += ONE_DAY
        number -= chinese_calendar.is_workday(end)
    return end


def months(start: date, number: int, *, rolled: bool = True) -> date:
    year, month = divmod(start.month - 1 + number, 12)
    year, month = start.year + year, month + 1
    end = date(year, month, min(start.day, calendar.monthrange(year, month)[1]))
    return calendar_days(end, 0, rolled=rolled)


def due_by_hand(rule_id: str, start: date) -> set[date]:
    """When a limit that began on that day ends; two days where service by public notice has its own period."""
    new = start >= NEW_LAW
    match rule_id:
        case "complaint_decision":
            return {calendar_days(start, 15)}
        case "statement_period":
            personal = max(calendar_days(start, 7, rolled=True), working_days(start, 7))
            return {personal, calendar_days(start, 30, rolled=True)}
        case "hearing_request":
            return {working_days(start, 5) if new else calendar_days(start, 3, rolled=True)}
        case "hearing_notice":
            return {working_days(start, 7) if new else calendar_days(start, 7, rolled=True)}
        case "decision_limit":
            return {calendar_days(start, 90)}
        case "service_of_decision":
            return {working_days(start, 7) if new else calendar_days(start, 7)}
        case "payment":
            return {calendar_days(start, 15, rolled=True)}
        case "publication":
            return {working_days(start, 20)}
        case "publication_withdrawal":
            return {working_days(start, 3)}
        case "urgent_filing":
            return {calendar_days(start, 7)}
        case "reconsideration":
            return {calendar_days(start, 60, rolled=True)}
        case "suit":
            return {months(start, 6 if new else 3)}
        case "police_answer" | "police_reconsideration_outcome":
            return {calendar_days(start, 3, rolled=True)}
        case "police_explanation":
            return {calendar_days(start, 7, rolled=True)}
        case "police_filing_on_notice" | "court_refusal_review":
            return {calendar_days(start, 15, rolled=True)}
        case "reverse_referral_answer":
            return {months(start, 2, rolled=False)}
        case "court_enforcement":
            return {months(start, 3, rolled=False)}
        case "public_notice_service":
            number = 30 if start >= date(2022, 1, 1) else 60
            return {calendar_days(start, number), calendar_days(start, number, rolled=True)}
        case "demand_wait":
            return {working_days(start, 10)}
        case "court_acceptance":
            return {working_days(start, 5)}
        case "court_ruling":
            return {working_days(start, 7)}
        case "spot_fine_to_authority" | "spot_fine_to_bank":
            return {working_days(start, 2)}
        case "hand_over":
            return {calendar_days(start, 1)}
        case _:
            three = {"referral_decision", "police_reconsideration", "goods_handover", "referral_supplement"}
            assert rule_id in {*three, "procuratorate_request"}, rule_id
            return {calendar_days(start, 3)}


# --- what anybody may try ---------------------------------------------------------------------------------------------


@st.composite
def changed_answers(draw: st.DrawFn, ask: dict[str, Answer], on: date) -> dict[str, Any]:
    """One or two answers unlike the usual ones: plausible, but perhaps not lawful."""
    if not ask:
        return {}
    names = draw(st.lists(st.sampled_from(list(ask)), min_size=1, max_size=2, unique=True))
    return {name: draw(an_answer(ask[name], on)) for name in names}


def an_answer(answer: Answer, on: date) -> st.SearchStrategy[str]:
    if answer.choices:
        return st.sampled_from(list(answer.choices))
    match answer.type:
        case "officers":
            return st.sampled_from(OFFICERS)
        case "money":
            return st.sampled_from(["0", "5000000", "6000000", "10000000", "20000000"])
        case "date":
            days = st.integers(-6, 1) if answer.not_in_future else st.integers(0, 15)
            return days.map(lambda n: (on + timedelta(days=n)).isoformat())
        case "moment":
            return st.integers(-30, 10).map(lambda n: f"{on + timedelta(hours=n)}T{n % 24:02}:30")
        case "integer":
            return st.sampled_from(["0", "7", "600"])
        case "yes_no":
            return st.sampled_from(["yes", "no"])
        case _:
            return st.sampled_from(["", "情况属实"])


class CaseLife(RuleBasedStateMachine):
    """An office, its clock, and at most three cases in it."""

    @initialize(begins=st.sampled_from(["2018-08-20", "2025-02-10"]))
    def an_office_opens(self, begins: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="anjuan-life-"))
        self.scene: Scene = scene_in(Home(self.folder, None))
        self.scene.it_is(begins)
        self.today = day(begins)
        self.cases: list[str] = []
        with self.scene.office.store.reading() as work:
            self.workflow = self.scene.office.workflow("case")
            self.scene.office.refresh(work)

    @rule(days=st.sampled_from([1, 3, 8, 15, 20]))
    def time_passes(self, days: int) -> None:
        self.today += timedelta(days=days)
        self.scene.it_is(self.today.isoformat())

    @precondition(lambda self: len(self.cases) < 3)
    @rule(
        source=st.sampled_from(["complaint", "patrol", "self_inspection"]),
        kind=st.sampled_from(["unit", "unit", "person"]),
        counted=st.booleans(),
        stage=st.sampled_from(["verify", TO_CONCLUDED, TO_NOTIFIED, TO_NOTIFIED, UNREVIEWED]),
        fine=st.sampled_from(["1000000", "6000000", "10000000"]),
        turnover=st.sampled_from(["4000000", "6000000"]),
        officers=st.sampled_from([TWO, "handler_head,handler_reviewer"]),
    )
    def a_case_opens(
        self, source: str, kind: str, counted: bool, stage: str, fine: str, turnover: str, officers: str
    ) -> None:
        on = self.today.isoformat()
        campaign = CAMPAIGN if counted else None
        said = {"source": source, "respondent_kind": kind, "materials_complete_on": on}
        with self.scene.office.store.reading() as work:
            order = self.scene.opening(on, campaign=campaign, **said)
            against = casework.explain_opening(self.scene.office, work, order).verdict.refusals
        if against:
            assert {r.code for r in against} == {"phase.closed"}
            return
        no = self.scene.open(on, campaign=campaign, **said)
        self.cases.append(no)
        for step in f"{'accept ' if source == 'complaint' else ''}{stage}".split():
            told = {
                "approve_notice": {"proposed_fine_fen": fine},
                "conclude": {"turnover_fen": turnover},
                "investigate": {"officers": officers},
            }
            self.scene.take(no, step, on, **told.get(step, {}))

    @precondition(lambda self: self.cases)
    @rule(data=st.data(), times=st.integers(1, 4))
    def the_case_goes_on_as_it_should(self, data: st.DataObject, times: int) -> None:
        """Steps that are possible now are taken as they usually are, with days between."""
        no = data.draw(st.sampled_from(self.cases))
        for _ in range(times):
            step = self.possible_step(no, data)
            if step is not None:
                before = self.case(no)
                said = self.as_told(before, step)
                self.step_was_lawful(before, self.scene.take(no, step, self.today.isoformat(), **said))
            self.time_passes(data.draw(st.sampled_from([0, 2, 15])))

    @precondition(lambda self: self.cases)
    @rule(data=st.data(), who=st.sampled_from([None, None, "handler_head", "handler_reviewer"]))
    def a_possible_step_is_taken_otherwise(self, data: st.DataObject, who: str | None) -> None:
        """With another answer, or by somebody else, than makes it possible."""
        no = data.draw(st.sampled_from(self.cases))
        step = self.possible_step(no, data)
        if step is not None:
            self.try_step(no, step, who, data)

    def possible_step(self, no: str, data: st.DataObject) -> str | None:
        """One of the steps that are possible now as usually answered, mostly one that leads on."""
        case, on = self.case(no), self.today.isoformat()
        here = [name for name, s in self.workflow.definition.steps.items() if case.state in s.from_ and s.by]
        if case.state == "notified":  # a life that only goes round here tells little
            here = [name for name in here if name not in {"approve_notice", "review"}]
        free = [name for name in here if not self.scene.refusals(no, name, on, **self.as_told(case, name))]
        weighted = [name for name in free for _ in range(FORWARD.get(name, 1))]
        return data.draw(st.sampled_from(weighted)) if weighted else None

    def as_told(self, case: CaseView, step: str) -> dict[str, str]:
        """A decision as the notice said it, a payment of what is owed, a result that fits."""
        if step == "decide":
            notice = case.last("approve_notice")
            return {"fine_fen": str(notice.answers["proposed_fine_fen"]) if notice else "0"}
        if step == "call_hearing":
            return {"hearing_on": (self.today + timedelta(days=15)).isoformat()}
        if step == "allow_instalments":
            half, rest = divmod(fine_open(case), 2)
            days = [(self.today + timedelta(days=n)).isoformat() for n in (30, 60)]
            return {"instalments": f"{days[0]}={in_yuan(half)},{days[1]}={in_yuan(half + rest)}"}
        if step == "close":
            results = {
                "police_filed": "referred",
                "transferred_out": "transferred",
                **{state: state for state in ("not_accepted", "not_filed", "merged", "terminated", "quashed")},
            }
            if case.last("decide_no_penalty") and case.state == "served":
                return {"result": "no_penalty"}
            return {"result": results.get(case.state, "penalty_executed"), "outcome": "pending"}
        return {}

    @precondition(lambda self: self.cases)
    @rule(data=st.data(), who=st.sampled_from(STAFF))
    def anybody_tries_anything(self, data: st.DataObject, who: str) -> None:
        no = data.draw(st.sampled_from(self.cases))
        taken = [name for name, s in self.workflow.definition.steps.items() if s.by]  # the others happen by themselves
        self.try_step(no, data.draw(st.sampled_from(taken)), who, data)

    @precondition(lambda self: self.cases)
    @rule(data=st.data(), who=st.sampled_from(["lead", "head", "handler1"]))
    def a_step_is_taken_back(self, data: st.DataObject, who: str) -> None:
        no = data.draw(st.sampled_from(self.cases))
        before = self.case(no)
        try:
            done = self.scene.undo(no, by=who)
        except TransitionRefused:
            self.nothing_changed(before)
            return
        assert done.after.state == before.trail[-1].source
        assert self.case(no).trail == before.trail[:-1]
        assert who == "lead" or before.trail[-1].actor == who

    @precondition(lambda self: self.cases)
    @rule(data=st.data())
    def a_note_is_written(self, data: st.DataObject) -> None:
        before = self.case(data.draw(st.sampled_from(self.cases)))
        with self.scene.office.store.writing() as work:
            casework.note(self.scene.office, work, before.case_no, "handler1", "已电话联系")
        self.nothing_changed(before)

    def try_step(self, no: str, step: str, who: str | None, data: st.DataObject) -> None:
        before = self.case(no)
        on = max(before.last_on, self.today - timedelta(days=data.draw(st.sampled_from([0, 0, 0, 2]))))
        told = self.as_told(before, step)
        changes = {**told, **data.draw(changed_answers(self.workflow.definition.steps[step].ask, on))}
        try:
            move = self.scene.take(no, step, on.isoformat(), by=who, **changes)
        except TransitionRefused as refused:
            codes = {r.code for r in refused.refusals}
            assert codes
            # 11: a duty is only late. 10: what follows from an admitted act is never closed.
            assert "duty.overdue" not in codes
            assert "phase.closed" not in codes or step == "order_rectification"
            self.nothing_changed(before)
            return
        self.step_was_lawful(before, move)

    def case(self, no: str) -> CaseView:
        return self.scene.case(no)

    def nothing_changed(self, before: CaseView) -> None:
        after = self.case(before.case_no)
        assert (after.state, after.version, after.trail, after.deadlines, after.facts, after.holders) == (
            before.state,
            before.version,
            before.trail,
            before.deadlines,
            before.facts,
            before.holders,
        )
        self.figures_are_the_sum_of_the_steps()

    def step_was_lawful(self, before: CaseView, move: Move) -> None:
        after = self.case(before.case_no)
        *happened, step = after.trail[len(before.trail) :]
        # A service by public notice takes effect by itself, and stands on record before the next step.
        assert {(t.step, t.actor) for t in happened} <= {("service_takes_effect", ITSELF.name)}
        assert (after.state, after.version) == (step.dest, before.version + 1 + len(happened))
        assert step.on >= before.last_on
        two_certified_officers(step)
        match step.step:
            case "decide":
                decided_lawfully(after, step)
            case "review":
                handled_by = people_in(after, "verify", "interview", "investigate", "conclude")
                assert step.actor not in handled_by  # 6
            case "hold_hearing":
                assert step.actor not in people_in(after, "verify", "investigate", "conclude", "review")  # 6
            case "file":
                limits = [d for d in move.started if d.rule == "decision_limit"]
                assert [d.started_on for d in limits] == ([step.on] if step.on >= NEW_LAW else [])  # 8
            case "hand_over":
                approved = after.last("approve_referral")
                assert approved is not None  # 7
                assert approved.actor in {"head", "handler_head"}
                late = step.answers["handed_at"] > add_a_day(approved.answers["approved_at"])
                assert (after.deadlines[move.altered[0].id].note == "late") == late
            case "close":
                assert not before.deadlines or after.state == "closed"
        for deadline in move.started:
            if step.step == "defer_payment" and deadline.rule == "payment":
                assert deadline.due_on == calendar_days(day(step.answers["pay_by"]), 0, rolled=True)
            elif step.step == "allow_instalments" and deadline.rule == "payment":
                last_on = day(step.answers["instalments"][-1]["on"])
                assert deadline.due_on == calendar_days(last_on, 0, rolled=True)
                assert sum(part["fen"] for part in step.answers["instalments"]) == fine_open(before)
            elif deadline.rule not in FIXED:
                assert deadline.due_on in due_by_hand(deadline.rule, deadline.started_on), deadline
        every_step_can_be_asked_about(self.scene, after)

    def figures_are_the_sum_of_the_steps(self) -> None:
        """13: each event counts once, in its month; what was taken back not at all."""
        expected: Counter[tuple[str, str]] = Counter()
        for no in self.cases:
            case = self.case(no)
            for t in case.trail if case.campaigns else ():
                for column, n in counted_by(t, case):
                    expected[column, f"{t.on:%Y-%m}"] += n
        found: Counter[tuple[str, str]] = Counter()
        with self.scene.office.store.reading() as work:
            for tallies in all_tallies(work).values():
                for tally in tallies:
                    found[tally["column"], tally["period"]] += tally["n"]
        assert {key: n for key, n in found.items() if n} == {key: n for key, n in expected.items() if n}
        whole = Counter[str]()
        for (column, _), n in found.items():
            whole[column] += n
        assert all(n >= 0 for n in whole.values())  # nothing is corrected that had not been counted

    def teardown(self) -> None:
        if not hasattr(self, "scene"):
            return
        self.figures_are_the_sum_of_the_steps()
        with snapshot(self.scene.office.store) as work:
            verified = verify_store(work)
        for no in self.cases:
            for entry in self.scene.entries(no):
                said = entry.said()  # 12
                assert said["actor"]
                assert said["recorded_at"]
                by_itself = said["actor"] == ITSELF.name and entry.step == "service_takes_effect"
                if entry.kind in {"open", "step"}:
                    assert bool(said["role"]) != by_itself
                    assert said["rules"]["definition"]
        self.scene.office.store.close()
        shutil.rmtree(self.folder)
        assert verified.first_bad is None, verified.first_bad


def people_in(case: CaseView, *steps: str) -> set[str]:
    return {name for t in case.taken(*steps) for name in t.involved}


def two_certified_officers(step: StepTaken) -> None:
    """2: two different officers whose certificates were valid on the day on which they acted."""
    if "officers" not in step.answers:
        return
    acted_on = next((d for name in ACTED_ON if (d := step.day(name))), step.on)
    assert len(set(step.officers)) >= 2
    assert "handler_expired" not in step.officers or acted_on <= EXPIRED_ON
    assert all(name.startswith("handler") for name in step.officers)


def decided_lawfully(case: CaseView, decision: StepTaken) -> None:
    notice, served = case.last("approve_notice"), case.last("notify")
    assert case.last("file") is not None  # 16
    assert notice is not None  # 1
    assert served is not None
    for rule_id in ("statement_period", "hearing_request"):
        running = case.latest_deadline(rule_id)
        if running is not None and not running.waived and running.ended_on is None:
            assert decision.on > min(due_by_hand(rule_id, running.started_on))
            assert decision.on > running.due_on
    for told, now in (("proposed_fine_fen", "fine_fen"), ("proposed_confiscation_fen", "confiscated_fen")):
        assert decision.answers.get(now, 0) <= notice.answers.get(told, 0)  # 3
    assert decision.actor not in people_in(case, "verify", "investigate", "conclude", "review")
    reviewed, heard = case.last("review"), case.last("hold_hearing")
    if heard is not None or decision.on < NEW_LAW:
        assert reviewed is not None  # 6
        assert reviewed.answers["opinion"] == "pass"
        assert heard is None or reviewed.seq > heard.seq
    concluded = case.last("conclude")
    said = concluded.answers if concluded is not None else {}
    if said.get("turnover_fen", 0) >= THRESHOLD_FEN and said.get("offence_kind") != "selling":
        assert case.last("refuse_referral", "police_refuse") is not None  # 14
    fine = decision.answers["fine_fen"]
    assert fine == 0 or any(least <= fine <= most for least, most in bands_by_hand(said))


def bands_by_hand(said: Mapping[str, Any]) -> list[tuple[int, int]]:
    """Between which amounts a fine other than 0 may lie, for an act that goes on: legal-deadlines §8.1."""
    match said.get("band", "copyright"):
        case "software_copying":
            copies, value = said.get("copies"), said.get("goods_value_fen")
            by_copy = [] if copies is None else [(copies * 10_000, copies * 10_000)]
            return [*by_copy, *([] if value is None else [(value, 5 * value)])]
        case "software_measures":
            return [(0, 20_000_000)]
        case "platform" | "platform_serious":  # these lives know no order that was not obeyed in time
            return []
        case _:
            turnover = said.get("turnover_fen", 0)
            return [(turnover, 5 * turnover)] if turnover >= THRESHOLD_FEN else [(0, 25_000_000)]


def fine_open(case: CaseView) -> int:
    """What is still to be paid of the fine."""
    decision = case.last("decide", "decide_on_spot")
    if decision is None:
        return 0
    paid = [t for t in case.taken("pay") if t.answers["for"] == "fine" and t.seq > decision.seq]
    return int(decision.answers["fine_fen"]) - sum(t.answers["paid_fen"] for t in paid)


def in_yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def counted_by(step: StepTaken, case: CaseView) -> list[tuple[str, int]]:
    """case-lifecycle §6, by hand."""
    said = step.answers
    match step.step:
        case "file":
            return [("filed", 1)]
        case "decide":
            return [
                ("penalties", 1),
                ("fines_fen", said["fine_fen"]),
                ("copies_seized", said.get("copies_confiscated", 0)),
            ]
        case "hand_over":
            proposed = max((t for t in case.taken("propose_referral") if t.seq < step.seq), key=lambda t: t.seq)
            return [("referrals", 1), ("referred_fen", proposed.answers["amount_fen"])]
        case "recheck":
            return [("links_removed", said.get("links_removed", 0))]
        case "decide_on_spot":
            return [("filed", 1), ("penalties", 1), ("fines_fen", said["fine_fen"])]
        case "transfer_out" | "transfer_back":
            filed = any(t.seq < step.seq for t in case.taken("file"))
            return [("filed", -1 if step.step == "transfer_out" else 1)] if filed else []
        case "set_aside":
            fallen = [t for t in case.taken("decide", "decide_on_spot", "decide_no_penalty") if t.seq < step.seq][-1]
            if fallen.step == "decide_no_penalty":
                return []
            return [("penalties", -1), ("fines_fen", -fallen.answers["fine_fen"])]
    return []


def add_a_day(minute: str) -> str:
    return (day(minute[:10]) + ONE_DAY).isoformat() + minute[10:]


def every_step_can_be_asked_about(scene: Scene, case: CaseView) -> None:
    around = casework.surroundings(scene.office, case)
    workflow = scene.office.workflow(case.workflow)
    try:
        possible_steps(workflow, case, scene.office.people.person("head"), around)
    except AnjuanError as e:
        raise AssertionError(f"{case.state} cannot be shown") from e


CaseLife.TestCase.settings = settings(
    max_examples=150,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
TestCaseLife = CaseLife.TestCase
