"""Several parties in one case: each has its own service, defence, decision, fine and execution, on both databases."""

from __future__ import annotations

import pytest
from builders import Scene

from engine.case_page import case_document
from engine.casework import find_case
from engine.clock import today
from engine.errors import NotFound
from engine.party_views import positions
from engine.snapshot import snapshot
from engine.verifying import verify_store
from workflows.case_plans import PlanOrder, plan_case

pytest_plugins = ("scenes",)

NOTICE = "2018-09-10"


@pytest.fixture
def no(scene: Scene) -> str:
    """A case against two companies whose investigation is concluded and reviewed."""
    no = scene.open("2018-09-03")
    scene.walk(no, "verify add_party file investigate conclude review", "2018-09-05")
    return no


def stands(scene: Scene, no: str) -> dict[int, str]:
    case = scene.case(no)
    with scene.office.store.reading() as work:
        definition = scene.office.workflow_of(work, case.definition).definition
    return positions(definition, case.parties, case.trail)


def whole(scene: Scene) -> None:
    """The tables say what the record says."""
    with snapshot(scene.office.store) as work:
        verified = verify_store(work)
    assert verified.first_bad is None


def test_two_parties_go_to_different_ends_in_one_case(scene: Scene, no: str) -> None:
    scene.take(no, "approve_notice", "2018-09-06", party=1)
    scene.take(no, "decide_no_penalty", "2018-09-06", party=2, ground="not_established")
    assert stands(scene, no) == {1: "notice_approved", 2: "no_penalty"}
    assert scene.case(no).state == "notice_approved"

    scene.take(no, "notify", NOTICE, party=1)
    scene.take(no, "serve", NOTICE, party=2)
    scene.take(no, "waive_rights", "2018-09-11", party=1)
    scene.take(no, "discuss", "2018-09-11", party=1)
    decided = scene.take(no, "decide", "2018-09-12", party=1)
    assert {t.measure: t.n for t in decided.tallies} == {"fines_fen": 5_000_000, "penalties": 1}
    scene.take(no, "serve", "2018-09-13", party=1)
    assert "execution.open" in scene.refusals(no, "close", "2018-09-13", result="penalty_executed")

    scene.take(no, "pay", "2018-09-20", party=1)
    assert stands(scene, no) == {1: "executed", 2: "served"}
    assert "parties.apart" in scene.refusals(no, "close", "2018-09-21")
    scene.take(no, "close", "2018-09-21", party=2, result="not_established")
    assert scene.case(no).state == "executed"
    scene.take(no, "close", "2018-09-21", party=1, result="penalty_executed")

    assert (scene.case(no).state, scene.case(no).ended) == ("closed", True)
    scene.take(no, "archive", "2018-09-22")
    assert stands(scene, no) == {1: "archived", 2: "archived"}
    whole(scene)


def test_each_party_has_its_own_time_limits(scene: Scene, no: str) -> None:
    scene.take(no, "approve_notice", "2018-09-06")
    scene.take(no, "notify", NOTICE, party=1)
    scene.take(no, "notify", "2018-09-14", party=2)

    limits = {d.id: (d.rule, d.party_no, d.started_on.isoformat()) for d in scene.case(no).deadlines.values()}

    assert limits["statement_period"] == ("statement_period", 1, NOTICE)
    assert limits["statement_period.2"] == ("statement_period", 2, "2018-09-14")
    first, second = scene.due(no, "statement_period"), scene.due(no, "statement_period.2")
    assert first < second
    assert "wait.running" not in scene.refusals(no, "decide", second, party=1)
    assert "wait.running" in scene.refusals(no, "decide", second, party=2)


def test_a_limit_of_the_whole_case_runs_until_the_last_party_is_decided(scene: Scene) -> None:
    no = scene.open("2025-09-01", campaign=None)
    scene.walk(no, "verify add_party file investigate conclude review", "2025-09-05")
    scene.take(no, "decide_no_penalty", "2025-09-08", party=1, ground="not_established")
    assert scene.standing(no, "decision_limit") == "running"

    scene.take(no, "decide_no_penalty", "2025-09-09", party=2, ground="not_established")

    assert scene.standing(no, "decision_limit") == "met"
    whole(scene)


def test_an_opinion_about_one_party_is_answered_while_the_other_has_none(scene: Scene, no: str) -> None:
    for step in ("propose_referral", "approve_referral", "hand_over", "police_file", "receive_opinion"):
        scene.take(no, step, NOTICE, party=1)

    assert scene.refusals(no, "answer_procuratorate", NOTICE) == ["parties.apart", "opinion.none"]
    assert scene.refusals(no, "answer_procuratorate", NOTICE, party=2) == ["opinion.none"]
    scene.take(no, "answer_procuratorate", NOTICE, party=1)

    assert stands(scene, no) == {1: "police_filed", 2: "reviewed"}
    whole(scene)


def test_a_defence_of_one_party_does_not_stand_in_the_way_of_the_other(scene: Scene, no: str) -> None:
    scene.take(no, "approve_notice", "2018-09-06")
    for party in (1, 2):
        scene.take(no, "notify", NOTICE, party=party)
    scene.take(no, "state_defence", "2018-09-12", party=2)

    assert "defence.unanswered" not in scene.refusals(no, "decide", "2018-09-20", party=1)
    assert "defence.unanswered" in scene.refusals(no, "decide", "2018-09-20", party=2)


def test_a_fine_is_measured_by_what_that_party_was_told(scene: Scene, no: str) -> None:
    scene.take(no, "approve_notice", "2018-09-06", party=1, proposed_fine_fen="5000000")
    scene.take(no, "approve_notice", "2018-09-06", party=2, proposed_fine_fen="1000000")
    for party in (1, 2):
        scene.take(no, "notify", NOTICE, party=party)

    assert "fine.above_notice" not in scene.refusals(no, "decide", "2018-09-20", party=1, fine_fen="5000000")
    assert "fine.above_notice" in scene.refusals(no, "decide", "2018-09-20", party=2, fine_fen="5000000")


def test_a_step_for_one_of_several_says_so_when_nobody_is_named(scene: Scene, no: str) -> None:
    scene.take(no, "approve_notice", "2018-09-06")

    assert "party.missing" in scene.refusals(no, "notify", NOTICE)
    assert "party.unknown" in scene.refusals(no, "notify", NOTICE, party=3)
    assert scene.refusals(no, "notify", NOTICE, party=2) == []


def test_what_was_done_for_one_party_is_taken_back_for_that_party(scene: Scene, no: str) -> None:
    scene.take(no, "approve_notice", "2018-09-06", party=2)
    before = scene.case(no)
    scene.undo(no, by="head")

    assert stands(scene, no) == {1: "reviewed", 2: "reviewed"}
    assert scene.case(no).version == before.version + 1
    whole(scene)


def test_a_party_added_by_mistake_is_taken_back(scene: Scene) -> None:
    no = scene.open("2018-09-03")
    scene.walk(no, "verify add_party", "2018-09-05")
    assert [p.name for p in scene.case(no).parties] == ["某公司", "另一公司"]

    scene.undo(no, by="handler1")

    assert [p.name for p in scene.case(no).parties] == ["某公司"]
    whole(scene)


def test_the_first_party_that_becomes_known_takes_over_what_was_done(scene: Scene) -> None:
    no = scene.open("2018-09-03", respondent=None, respondent_kind=None)
    scene.walk(no, "verify file investigate conclude add_party", "2018-09-05")

    assert stands(scene, no) == {1: "concluded"}
    scene.walk(no, "review approve_notice notify", "2018-09-06")
    assert scene.case(no).state == "notified"
    whole(scene)


def test_the_page_shows_where_each_stands_and_what_is_possible_for_whom(scene: Scene, no: str) -> None:
    scene.take(no, "approve_notice", "2018-09-06")
    scene.take(no, "notify", NOTICE, party=2)
    with scene.office.store.reading() as work:
        case = find_case(scene.office, work, no, "handler1")
        shown = case_document(scene.office, work, case, scene.office.people.person("handler1"), {})

    assert [(p["party_no"], p["state"]) for p in shown["parties"]] == [(1, "notice_approved"), (2, "notified")]
    steps = {s["id"]: s for s in shown["steps"]}
    assert steps["notify"]["parties"] == [1]
    assert steps["state_defence"]["parties"] == [2]
    assert today(scene.office.clock).isoformat() == NOTICE


def test_a_party_row_that_was_changed_is_found(scene: Scene, no: str) -> None:
    from engine.case_store import PARTY

    with scene.office.store.writing() as work:
        work.connection.execute(PARTY.update().where(PARTY.c.party_no == 2).values(name="别人"))

    with snapshot(scene.office.store) as work:
        bad = verify_store(work).first_bad
    assert bad is not None
    assert "parties" in bad.en


def test_the_way_of_one_party_is_planned_from_where_it_stands(scene: Scene, no: str) -> None:
    scene.take(no, "approve_notice", "2018-09-06")
    scene.take(no, "notify", NOTICE, party=2)

    with scene.office.store.reading() as work:
        ways = {
            party: plan_case(scene.office, work, PlanOrder(no, "head", "decided", party=party))
            for party in (1, 2, None)
        }
        with pytest.raises(NotFound) as unknown:
            plan_case(scene.office, work, PlanOrder(no, "head", "decided", party=9))

    steps = {party: [s["step"] for s in plan.document()["steps"]] for party, plan in ways.items()}
    assert steps[1][0] == "notify"
    assert "notify" not in steps[2]
    assert steps[None] == steps[1]
    assert unknown.value.code == "party.unknown"
