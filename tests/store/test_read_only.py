"""A case that can no longer be run is still read: on its page and in every list; nothing moves it on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from builders import CAMPAIGN, FOUNDED_AT, Scene, day

from engine import assigning, casework
from engine.campaign_gates import judge_gates
from engine.case_page import case_document
from engine.case_queries import CaseFilter, any_case_in, find_cases
from engine.case_view import Attempt, CaseView
from engine.clock import legal_day
from engine.deadline_orders import TurnDeadline
from engine.documents import add_document
from engine.errors import CaseReadOnly, DeadlineUndetermined, Refusal, TransitionRefused
from engine.guards import CONDITIONS, GUARDS
from engine.handing_over import HandOver, hand_over
from engine.office import Office
from engine.snapshot import snapshot
from engine.store import Store, Work
from engine.turning import turn_deadline
from engine.undoing import undo
from engine.verifying import verify_case, verify_store
from engine.version_health import read_only_by_reason, read_only_checks
from engine.workload import workload_of
from notifications.reminding import rehearse_reminders
from reports.monthly import ReportOrder, monthly_report
from workflows.case_plans import PlanOrder, plan_case

pytest_plugins = ("scenes",)

OPENED, TODAY = "2018-09-03", "2018-09-10"


def a_guard_of_an_office(case: CaseView, attempt: Attempt) -> Refusal | None:
    """One that another program has and that nothing depends on."""
    return None


@dataclass
class Broken:
    """An office started anew, in which a case of a complaint can only be read, and why."""

    office: Office
    case_no: str
    reason: str
    scene: Scene

    def read(self, ask: Callable[[Office, Work], Any]) -> Any:
        with self.office.store.reading() as work:
            self.office.refresh(work)
            return ask(self.office, work)

    def write(self, act: Callable[[Office, Work], Any]) -> Any:
        with self.office.store.writing() as work:
            return act(self.office, work)

    def case(self) -> CaseView:
        found: CaseView = self.read(lambda office, work: casework.find_case(office, work, self.case_no, None))
        return found


def past_the_triggers(store: Store, *statements: str) -> None:
    """What somebody with the password of the database could do."""
    with store.engine.begin() as connection:
        if store.dialect == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
        for statement in statements:
            connection.exec_driver_sql(statement)
    store.engine.dispose()


def under(scene: Scene, changes: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Another version of the workflow in force, which nobody has proved."""
    before = scene.office.workflow("case")
    content = {**changes(before.definition.as_document()), "based_on": before.hash}
    with scene.office.store.writing() as work:
        on = legal_day(FOUNDED_AT)
        kept = add_document(work, "workflow", "case", content, effective_on=on, author="test", reason="", at=FOUNDED_AT)
    past_the_triggers(scene.office.store, f"UPDATE case_file SET definition = '{kept.hash}'")


def with_guard(content: dict[str, Any]) -> dict[str, Any]:
    steps = content["steps"]
    return {**content, "steps": {**steps, "verify": {**steps["verify"], "warn": [{"a_guard_of_an_office": {}}]}}}


def without_role(content: dict[str, Any]) -> dict[str, Any]:
    return {**content, "roles": {role: said for role, said in content["roles"].items() if role != "reviewer"}}


REASONS = (
    "definition_lost",
    "definition_unreadable",
    "guard_unknown",
    "condition_unknown",
    "role_unknown",
    "state_unknown",
)


def broken_by(scene: Scene, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = scene.office.store
    if reason == "definition_lost":
        past_the_triggers(store, "DELETE FROM document WHERE kind = 'workflow' AND id = 'case'")
    elif reason == "definition_unreadable":
        under(scene, lambda content: {**content, "of_another_program": "yes"})
    elif reason == "guard_unknown":
        monkeypatch.setitem(GUARDS, "a_guard_of_an_office", a_guard_of_an_office)
        under(scene, with_guard)
        monkeypatch.delitem(GUARDS, "a_guard_of_an_office")
    elif reason == "condition_unknown":
        monkeypatch.delitem(CONDITIONS, "money_ordered")
    elif reason == "role_unknown":
        under(scene, without_role)
    else:
        past_the_triggers(store, "UPDATE case_file SET state = 'nowhere'")


@pytest.fixture(params=REASONS)
def broken(scene: Scene, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Broken:
    case_no = scene.open(OPENED, source="complaint", materials_complete_on=OPENED)
    scene.it_is(TODAY)
    broken_by(scene, request.param, monkeypatch)
    return Broken(Office(scene.office.store, scene.clock, practice=True), case_no, request.param, scene)


def test_the_page_shows_what_the_tables_hold_and_why_there_is_no_more(broken: Broken) -> None:
    case = broken.case()
    actor = broken.office.people.person("handler1")

    page = broken.read(lambda office, work: case_document(office, work, case, actor, {}))

    assert page["read_only"]["code"] == "case.read_only"
    assert {one["reason"] for one in page["read_only"]["facts"]["lost"]} == {broken.reason}
    assert page["read_only"]["remedy"]["command"].startswith("anjuan ")
    assert page["steps"] == []
    assert (page["state"], page["title"]) == (case.state, "某网站转载案")
    assert [(d["id"], d["state"]) for d in page["deadlines"]] == [("complaint_decision", "running")]
    assert [(p["name"], p["state"]) for p in page["parties"]] == [("某公司", case.state)]


def test_lists_and_reports_go_on(broken: Broken) -> None:
    no, units = broken.case_no, {broken.case().unit}

    total, found = broken.read(lambda _, work: find_cases(work, CaseFilter(units), 10))
    load = broken.read(lambda office, work: workload_of(office, work, office.people.person("handler1")))
    order = ReportOrder(CAMPAIGN, "2018-09", "campaign_office")
    forms = broken.read(lambda office, work: monthly_report(office, work, order)).document()["forms"]

    assert (total, [one.case_no for one in found]) == (1, [no])
    assert [(i.case.case_no, i.deadline.rule, i.step) for i in load.due] == [(no, "complaint_decision", None)]
    assert load.turns == []
    assert [row["cells"]["title"] for row in forms["cases"]["rows"]] == ["某网站转载案"]


def test_reminders_go_on_and_lead_to_the_case(broken: Broken) -> None:
    due_on = broken.case().deadlines["complaint_decision"].due_on
    broken.scene.it_is(due_on.isoformat())

    done, outgoing = rehearse_reminders(broken.office)

    about = [mail for mail in outgoing if mail.kind == "deadline"]
    assert done.failed == 0
    assert {mail.to for mail in about} >= {"handler1"}


def test_nothing_moves_it_on_and_every_refusal_says_the_same(broken: Broken) -> None:
    no, scene = broken.case_no, broken.scene
    attempts: tuple[Callable[[Office, Work], object], ...] = (
        lambda o, w: casework.take_step(o, w, scene.order(no, "accept", TODAY)),
        lambda o, w: casework.explain(o, w, scene.order(no, "accept", TODAY)),
        lambda o, w: casework.explain(o, w, scene.order(no, "accept", TODAY)),
        lambda o, w: plan_case(o, w, PlanOrder(no, "handler1", "closed")),
        lambda o, w: turn_deadline(o, w, TurnDeadline("pause", no, "complaint_decision", "lead", "x")),
        lambda o, w: assigning.assign(o, w, no, "lead", ["handler2"], "x"),
    )

    for attempt in attempts:
        with pytest.raises(CaseReadOnly) as caught:
            broken.write(attempt)
        (why,) = caught.value.refusals
        assert (why.code, caught.value.case_no) == ("case.read_only", no)
        assert {one["reason"] for one in why.facts["lost"]} == {broken.reason}
        assert (why.zh, why.en) != ("", "")

    assert len(scene.entries(no)) == 1


def test_a_refusal_and_a_note_go_on_record(broken: Broken) -> None:
    no = broken.case_no
    with pytest.raises(TransitionRefused) as caught:
        broken.write(lambda o, w: casework.take_step(o, w, broken.scene.order(no, "accept", TODAY)))

    broken.write(lambda o, w: casework.record_refusal(o, w, caught.value, "lead"))
    broken.write(lambda o, w: casework.note(o, w, no, "handler1", "已报告"))

    entries = broken.scene.entries(no)
    assert [entry.kind for entry in entries] == ["open", "refusal", "note"]
    assert entries[1].said()["effects"] == {"refused": ["case.read_only"]}


def test_nothing_happens_to_it_by_itself(broken: Broken) -> None:
    assert broken.write(lambda o, w: casework.settle(o, w, broken.case_no)) == ()


def test_handing_over_keeps_it_back_and_says_why(broken: Broken) -> None:
    done = broken.write(lambda o, w: hand_over(o, w, HandOver("handler1", ("handler2",), "lead", "离岗")))

    assert done.moved == ()
    assert [(kept.case_no, [r.code for r in kept.refusals]) for kept in done.kept] == [
        (broken.case_no, ["case.read_only"])
    ]


def test_the_doctor_counts_them_by_reason(broken: Broken) -> None:
    open_, reasons = broken.read(read_only_by_reason)
    (check,) = broken.read(lambda office, work: list(read_only_checks(office, work)))

    assert (open_, dict(reasons)) == (1, {broken.reason: 1})
    assert not check.ok
    assert ": 1" in check.en


def test_the_record_is_walked_all_the_same(broken: Broken) -> None:
    with snapshot(broken.office.store) as work:
        whole, one = verify_store(work), verify_case(work, broken.case_no)

    # Only what went past the triggers is damage; a guard that is gone is none.
    assert (whole.first_bad is None) == (one.first_bad is None) == (broken.reason == "condition_unknown")


def test_a_case_is_not_opened_under_a_version_that_cannot_be_run(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(GUARDS, "within_limitation")
    office = Office(scene.office.store, scene.clock, practice=True)
    scene.it_is(OPENED)

    with pytest.raises(TransitionRefused) as caught, office.store.writing() as work:
        casework.open_case(office, work, scene.opening(OPENED))

    assert [r.code for r in caught.value.refusals] == ["workflow.unusable"]
    assert caught.value.refusals[0].facts["lost"] == [{"reason": "guard_unknown", "name": "within_limitation"}]
    assert "case" in office.definitions()


def test_other_cases_are_not_held_up_by_one_that_can_only_be_read(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = scene.open(OPENED)
    whole = scene.open(OPENED)
    scene.it_is(TODAY)
    past_the_triggers(scene.office.store, f"UPDATE case_file SET definition = 'f00' WHERE case_no = '{lost}'")
    office = Office(scene.office.store, scene.clock, practice=True)

    with office.store.reading() as work:
        office.refresh(work)
        load = workload_of(office, work, office.people.person("lead"))
    with office.store.writing() as work:
        casework.take_step(office, work, scene.order(whole, "verify", TODAY))

    assert {turn.case.case_no for turn in load.turns} == {whole}
    assert scene.case(whole).state != scene.case(lost).state


def test_of_several_parties_nobody_says_where_each_stands(scene: Scene) -> None:
    no = scene.open(OPENED)
    scene.walk(no, "verify file investigate", OPENED)
    scene.take(no, "add_party", TODAY)
    past_the_triggers(scene.office.store, "DELETE FROM document WHERE kind = 'workflow' AND id = 'case'")
    office = Office(scene.office.store, scene.clock, practice=True)

    with office.store.reading() as work:
        case = casework.find_case(office, work, no, None)
        page = case_document(office, work, case, office.people.person("handler1"), {})

    assert [(p["name"], p["state"]) for p in page["parties"]] == [("某公司", None), ("另一公司", None)]


def test_a_step_taken_back_needs_a_definition_that_runs(scene: Scene) -> None:
    no = scene.open(OPENED)
    scene.walk(no, "verify", OPENED)
    past_the_triggers(scene.office.store, "UPDATE case_file SET state = 'nowhere'")
    office = Office(scene.office.store, scene.clock, practice=True)

    with pytest.raises(CaseReadOnly), office.store.writing() as work:
        undo(office, work, no, "lead", "填错")

    with office.store.reading() as work:
        assert any_case_in(work, "nowhere")
        assert not any_case_in(work, "verifying")


def test_a_deadline_whose_rule_is_gone_is_shown_met_and_started_no_more(scene: Scene) -> None:
    no = scene.open(OPENED, source="complaint", materials_complete_on=OPENED)
    scene.it_is(TODAY)
    past_the_triggers(scene.office.store, "DELETE FROM document WHERE id = 'complaint_decision'")
    office = Office(scene.office.store, scene.clock, practice=True)

    with office.store.reading() as work:
        case = casework.find_case(office, work, no, None)
        page = case_document(office, work, case, office.people.person("handler1"), {})
        load = workload_of(office, work, office.people.person("handler1"))
    with office.store.writing() as work:
        met = casework.take_step(office, work, scene.order(no, "refuse", TODAY))

    assert page["read_only"] is None
    assert [d["zh"] for d in page["deadlines"]] == [item.deadline.terms.zh for item in load.due]
    assert met.after.deadlines["complaint_decision"].state == "met"
    with pytest.raises(DeadlineUndetermined), office.store.writing() as work:
        casework.open_case(office, work, scene.opening(TODAY, source="complaint", materials_complete_on=TODAY))


def test_a_rule_that_a_guard_cannot_find_stands_against_its_step_alone(scene: Scene) -> None:
    no = scene.open(OPENED)
    scene.walk(no, "verify", OPENED)
    past_the_triggers(scene.office.store, "DELETE FROM document WHERE id = 'limitation'")
    office = Office(scene.office.store, scene.clock, practice=True)

    with office.store.reading() as work:
        case = casework.find_case(office, work, no, None)
        page = case_document(office, work, case, office.people.person("head"), {})
        assert workload_of(office, work, office.people.person("head")).due == []

    steps = {step["id"]: step["refusals"] for step in page["steps"]}
    assert steps["file"] == ["deadline.undetermined"]
    assert any(refusals != ["deadline.undetermined"] for refusals in steps.values())


def test_a_gate_on_a_step_that_is_gone_closes_nothing(scene: Scene) -> None:
    plan = scene.office.plan(CAMPAIGN)
    gone = plan.gates[0].model_copy(update={"step": "no_such_step", "when": {}})
    no = scene.open(OPENED)

    scene.office._plans[CAMPAIGN] = plan.model_copy(update={"gates": (gone,)})

    assert "phase.closed" not in scene.refusals(no, "verify", "2018-12-31")
    assert [v.outcome for v in judge_gates(plan.model_copy(update={"gates": (gone,)}), "verify", {}, day(TODAY))] == []
