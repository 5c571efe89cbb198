"""Whole ways of a case through the one door, on both databases: what each step does, and what is refused on the way."""

from __future__ import annotations

from datetime import datetime

import pytest
from builders import CAMPAIGN, TWO, Scene, all_tallies, day

from engine import casework
from engine.case_page import possible_steps
from engine.case_store import update_case
from engine.clock import SHANGHAI, end_of_day
from engine.errors import CaseChangedMeanwhile, Forbidden, InputWrong, NotFound, TransitionRefused
from engine.granting import PassOrder, grant_pass
from engine.orders import TakeStep
from engine.request_keys import answered, keep_answer
from engine.snapshot import snapshot
from engine.store import Work
from engine.verifying import verify_store

pytest_plugins = ("scenes",)

# For what no database can change.
ON_SQLITE = pytest.mark.parametrize("scene", ["sqlite"], indirect=True)


def sums(scene: Scene) -> dict[str, int]:
    """The figures of the campaign: measure → sum."""
    found: dict[str, int] = {}
    with scene.office.store.reading() as work:
        for tallies in all_tallies(work).values():
            for tally in tallies:
                found[tally["column"]] = found.get(tally["column"], 0) + tally["n"]
    return {column: n for column, n in found.items() if n}


def whole(scene: Scene) -> bool:
    with snapshot(scene.office.store) as work:
        verified = verify_store(work)
    assert verified.first_bad is None, verified.first_bad
    return verified.ok


def to_reviewed(scene: Scene, on: str = "2018-09-25", **concluded: str) -> str:
    """A case up to the passed legal review on that day."""
    no = scene.open("2018-09-03")
    scene.walk(no, "verify file investigate", "2018-09-05")
    scene.take(no, "conclude", on, **concluded)
    scene.take(no, "review", on)
    return no


def to_notified(scene: Scene, fine: int = 5_000_000, served_on: str = "2018-09-28", **notice: str) -> str:
    """A case whose notice was approved and served on that day."""
    no = to_reviewed(scene)
    scene.take(no, "approve_notice", served_on, proposed_fine_fen=str(fine))
    scene.take(no, "notify", served_on, **notice)
    return no


# --- whole ways -------------------------------------------------------------------------------------------------------


def test_a_complaint_that_is_not_accepted_is_closed(scene: Scene) -> None:
    no = scene.open("2018-09-03", source="complaint", materials_complete_on="2018-09-03")

    scene.take(no, "refuse", "2018-09-10")
    scene.take(no, "close", "2018-09-11", result="not_accepted")

    assert scene.case(no).state == "closed"
    assert scene.standing(no, "complaint_decision") == "met"
    assert sums(scene) == {}
    assert whole(scene)


@ON_SQLITE
def test_the_time_for_accepting_begins_with_the_last_paper(scene: Scene) -> None:
    no = scene.open("2018-09-03", source="complaint")

    assert scene.case(no).deadlines == {}

    scene.take(no, "receive_materials", "2018-09-17")
    assert scene.due(no, "complaint_decision") == "2018-10-02"  # T2: plan on the unrolled fifteenth day
    late = scene.take(no, "accept", "2018-10-08")
    assert [w.code for w in late.warnings] == ["duty.overdue"]


def test_a_rectified_case_is_closed_and_its_links_count(scene: Scene) -> None:
    no = scene.open("2018-09-03")
    scene.take(no, "verify", "2018-09-05")
    scene.take(no, "interview", "2018-09-06")

    ordered = scene.take(no, "order_rectification", "2018-09-10", rectify_by="2018-09-30")
    scene.take(no, "recheck", "2018-10-08", links_removed="12")
    scene.take(no, "close_rectified", "2018-10-08")

    assert [d.id for d in ordered.started] == ["rectification"]
    assert ordered.started[0].due_on == day("2018-09-30")
    assert sums(scene) == {"links_removed": 12}
    assert scene.case(no).state == "closed"
    assert whole(scene)


def test_a_penalty_is_decided_served_paid_published_closed_and_archived(scene: Scene) -> None:
    """T2: served 2018-10-19, pay until 11-05, suit until 2019-01-21."""
    no = to_notified(scene)

    assert scene.refusals(no, "decide", "2018-10-12") == ["wait.running"]
    scene.take(no, "decide", "2018-10-13")
    scene.take(no, "serve", "2018-10-19")
    assert {d: scene.due(no, d) for d in ("payment", "reconsideration", "suit")} == {
        "payment": "2018-11-05",
        "reconsideration": "2018-12-18",
        "suit": "2019-01-21",
    }
    paid_half = scene.take(no, "pay", "2018-11-01", paid_fen="2000000")
    assert paid_half.after.state == "served"
    paid = scene.take(no, "pay", "2018-11-05", paid_fen="3000000")
    assert paid.after.state == "executed"
    scene.take(no, "publish", "2018-11-06")
    scene.take(no, "close", "2018-11-07")
    scene.take(no, "archive", "2018-11-08")

    assert scene.case(no).state == "archived"
    assert sums(scene) == {"filed": 1, "penalties": 1, "fines_fen": 5_000_000}
    assert scene.standing(no, "payment") == "met"
    assert "decision_limit" not in scene.case(no).deadlines  # T2: none in 2018
    assert whole(scene)


@ON_SQLITE
def test_a_case_closes_from_served_only_when_nothing_is_open(scene: Scene) -> None:
    no = to_notified(scene)
    scene.take(no, "decide", "2018-10-15")
    scene.take(no, "serve", "2018-10-19")

    assert scene.refusals(no, "close", "2018-10-20") == ["execution.open"]
    assert scene.refusals(no, "complete", "2018-10-20") == ["execution.open"]


@ON_SQLITE
def test_a_warning_alone_leaves_nothing_to_pay(scene: Scene) -> None:
    no = to_notified(scene, fine=0)
    scene.take(no, "decide", "2018-10-15", fine_fen="0", measures="stop,warning")

    scene.take(no, "serve", "2018-10-19")
    assert "payment" not in scene.case(no).deadlines
    scene.take(no, "complete", "2018-10-20")

    assert sums(scene) == {"filed": 1, "penalties": 1}


@ON_SQLITE
def test_a_late_fee_keeps_a_case_open_until_it_is_paid(scene: Scene) -> None:
    no = to_notified(scene)
    scene.take(no, "decide", "2018-10-15")
    scene.take(no, "serve", "2018-10-19")

    late = scene.take(no, "pay", "2018-11-07")  # two days late: 2 × 3 % of 5,000,000
    assert late.after.state == "served"
    fee = scene.take(no, "pay", "2018-11-08", paid_fen="300000", **{"for": "late_fee"})

    assert fee.after.state == "executed"
    assert sums(scene)["fines_fen"] == 5_000_000  # the late fee is no fine of the form


def test_a_hearing_across_national_day_ends_in_a_penalty(scene: Scene) -> None:
    """T2: told on 2018-09-28, a hearing may be asked for until 10-08; called on 10-09, held after seven days."""
    no = to_notified(scene, fine=10_000_000)
    assert scene.due(no, "hearing_request") == "2018-10-08"
    assert scene.due(no, "statement_period") == "2018-10-12"

    scene.take(no, "request_hearing", "2018-10-09", requested_on="2018-10-08")
    assert scene.refusals(no, "hold_hearing", "2018-10-09") == ["hearing.not_called"]
    assert scene.refusals(no, "call_hearing", "2018-10-09", hearing_on="2018-10-16") == ["wait.running"]
    called = scene.take(no, "call_hearing", "2018-10-09", hearing_on="2018-10-17")
    assert called.started[0].due_on == day("2018-10-16")
    assert scene.refusals(no, "hold_hearing", "2018-10-16") == ["wait.running"]
    scene.take(no, "hold_hearing", "2018-10-17")
    assert scene.refusals(no, "decide", "2018-10-18", fine_fen="10000000") == [
        "state.wrong",
    ]
    scene.take(no, "review", "2018-10-18")
    assert scene.case(no).state == "heard_reviewed"
    assert scene.refusals(no, "decide", "2018-10-18", fine_fen="10000000") == ["discussion.required"]
    scene.take(no, "discuss", "2018-10-19")
    scene.take(no, "decide", "2018-10-19", fine_fen="10000000")

    assert sums(scene) == {"filed": 1, "penalties": 1, "fines_fen": 10_000_000}
    assert whole(scene)


@ON_SQLITE
def test_a_hearing_that_the_party_gave_up_leads_back(scene: Scene) -> None:
    no = to_notified(scene, fine=10_000_000)
    scene.take(no, "request_hearing", "2018-09-30")
    scene.take(no, "call_hearing", "2018-09-30", hearing_on="2018-10-19")

    assert scene.refusals(no, "end_hearing", "2018-10-18", ground="absent") == ["wait.running"]
    ended = scene.take(no, "end_hearing", "2018-10-19", ground="absent")
    scene.take(no, "discuss", "2018-10-19")

    assert ended.after.state == "notified"
    assert scene.standing(no, "hearing_notice") == "stopped"
    assert scene.refusals(no, "decide", "2018-10-19", fine_fen="10000000") == []


def test_a_referral_is_approved_and_handed_over_to_the_minute(scene: Scene) -> None:
    """H1: approved 2025-09-30 16:30, hand over by 2025-10-01 16:30; holidays do not stop hours."""
    no = scene.open("2025-09-01", campaign=None)
    scene.walk(no, "verify file investigate", "2025-09-02")
    concluded = scene.take(no, "conclude", "2025-09-28", turnover_fen="9000000")
    assert [w.code for w in concluded.warnings] == ["referral.owed"]

    proposed = scene.take(no, "propose_referral", "2025-09-29")
    assert proposed.started[0].due_on == day("2025-10-02")
    approved = scene.take(no, "approve_referral", "2025-09-30T16:30", approved_at="2025-09-30T16:30")
    (hours,) = approved.started
    assert hours.due_at == datetime(2025, 10, 1, 16, 30, tzinfo=SHANGHAI)
    scene.take(no, "hand_over", "2025-10-01T16:00", handed_at="2025-10-01T16:00")
    scene.take(no, "police_file", "2025-10-09")
    scene.take(no, "hand_over_goods", "2025-10-10")
    assert scene.refusals(no, "close", "2025-10-11", result="referred") == ["answer.missing"]
    scene.take(no, "close", "2025-10-11", result="referred", outcome="pending")

    case = scene.case(no)
    assert case.state == "closed"
    assert not case.deadlines["hand_over"].overdue(scene.clock.now())
    assert whole(scene)


def test_a_hand_over_a_minute_late_is_done_and_marked_as_late(scene: Scene) -> None:
    no = scene.open("2025-09-01", campaign=None)
    scene.walk(no, "verify propose_referral", "2025-09-29")
    scene.take(no, "approve_referral", "2025-09-30T16:30", approved_at="2025-09-30T16:30")

    done = scene.take(no, "hand_over", "2025-10-01T16:31", handed_at="2025-10-01T16:31")

    assert [w.code for w in done.warnings] == ["duty.overdue"]
    assert scene.case(no).deadlines["hand_over"].overdue(scene.clock.now())


def test_what_a_referral_counts_is_counted_at_the_hand_over(scene: Scene) -> None:
    no = to_reviewed(scene, turnover_fen="9000000")
    scene.take(no, "propose_referral", "2018-09-26", amount_fen="9000000")
    scene.take(no, "approve_referral", "2018-09-27")
    assert sums(scene) == {"filed": 1}

    scene.take(no, "hand_over", "2018-09-28")

    assert sums(scene) == {"filed": 1, "referrals": 1, "referred_fen": 9_000_000}


@pytest.mark.parametrize("state", ["investigating", "notified"])
@ON_SQLITE
def test_a_refused_referral_leads_back_to_where_it_was_proposed(scene: Scene, state: str) -> None:
    no = scene.open("2018-09-03")
    scene.walk(no, "verify file investigate", "2018-09-05")
    if state == "notified":
        scene.walk(no, "conclude review approve_notice notify", "2018-09-06")

    scene.take(no, "propose_referral", "2018-09-07")
    refused = scene.take(no, "refuse_referral", "2018-09-08")

    assert refused.after.state == state
    assert scene.standing(no, "referral_decision") == "met"


def test_a_case_that_must_be_referred_is_not_fined_until_the_police_refused_it(scene: Scene) -> None:
    no = to_reviewed(scene, turnover_fen="6000000")
    scene.take(no, "approve_notice", "2018-09-28", proposed_fine_fen="6000000")
    scene.take(no, "notify", "2018-09-28")
    fine = {"fine_fen": "6000000"}
    assert scene.refusals(no, "decide", "2018-10-15", **fine) == ["referral.owed"]
    assert scene.refusals(no, "decide_no_penalty", "2018-10-15") == ["referral.owed"]

    scene.take(no, "propose_referral", "2018-10-15")
    scene.walk(no, "approve_referral hand_over police_refuse", "2018-10-16")
    back = scene.take(no, "return_to_penalty", "2018-10-17")

    assert back.after.state == "notified"
    assert scene.standing(no, "police_reconsideration") == "stopped"
    assert scene.refusals(no, "decide", "2018-10-17", **fine) == []


@ON_SQLITE
def test_a_case_referred_while_it_was_investigated_can_still_be_concluded_and_fined(scene: Scene) -> None:
    no = scene.open("2018-09-03")
    scene.walk(no, "verify file investigate", "2018-09-05")
    scene.walk(no, "propose_referral approve_referral hand_over police_refuse return_to_penalty", "2018-09-06")

    scene.take(no, "conclude", "2018-09-10", turnover_fen="6000000")
    scene.walk(no, "review", "2018-09-11")
    scene.take(no, "approve_notice", "2018-09-12", proposed_fine_fen="6000000")
    scene.take(no, "notify", "2018-09-12")

    assert scene.refusals(no, "decide", "2018-10-15", fine_fen="6000000") == []


def test_no_penalty_is_decided_served_and_closed(scene: Scene) -> None:
    no = to_reviewed(scene)
    scene.take(no, "decide_no_penalty", "2018-09-26")
    scene.take(no, "serve", "2018-09-27")
    scene.take(no, "close", "2018-09-28", result="no_penalty")

    assert scene.case(no).state == "closed"
    assert sums(scene) == {"filed": 1}
    assert "payment" not in scene.case(no).deadlines
    assert whole(scene)


def test_a_filed_case_reopens_under_investigation_another_one_under_verification(scene: Scene) -> None:
    filed = to_reviewed(scene)
    scene.walk(filed, "decide_no_penalty serve", "2018-09-26")
    scene.take(filed, "close", "2018-09-26", result="no_penalty")
    never_filed = scene.open("2018-09-26")
    scene.walk(never_filed, "verify decline_filing", "2018-09-26")
    scene.take(never_filed, "close", "2018-09-26", result="not_filed")
    scene.take(never_filed, "archive", "2018-09-26")

    assert scene.take(filed, "reopen", "2019-03-01").after.state == "investigating"
    assert scene.take(never_filed, "reopen", "2019-03-01").after.state == "verifying"
    assert whole(scene)


@ON_SQLITE
def test_a_returned_review_goes_back_to_the_investigation(scene: Scene) -> None:
    no = scene.open("2018-09-03")
    scene.walk(no, "verify file investigate conclude", "2018-09-05")

    returned = scene.take(no, "review", "2018-09-06", opinion="return")

    assert returned.after.state == "investigating"
    scene.take(no, "conclude", "2018-09-10")
    assert scene.take(no, "review", "2018-09-11").after.state == "reviewed"


# --- notices and waiting ----------------------------------------------------------------------------------------------


def test_a_second_notice_begins_second_periods(scene: Scene) -> None:
    no = to_notified(scene, fine=10_000_000)
    scene.take(no, "approve_notice", "2018-10-15", proposed_fine_fen="12000000")
    scene.take(no, "notify", "2018-10-16")

    assert scene.due(no, "hearing_request.2") == "2018-10-19"
    assert scene.due(no, "statement_period.2") == "2018-10-25"
    assert set(scene.refusals(no, "decide", "2018-10-25", fine_fen="12000000")) == {
        "wait.running",
        "discussion.required",
    }
    scene.take(no, "discuss", "2018-10-26")
    scene.take(no, "decide", "2018-10-26", fine_fen="12000000")


@ON_SQLITE
def test_the_lower_first_notice_does_not_cover_a_higher_decision(scene: Scene) -> None:
    no = to_notified(scene)

    assert scene.refusals(no, "decide", "2018-10-15", fine_fen="5000001") == ["fine.above_notice"]


@ON_SQLITE
def test_a_notice_by_public_notice_waits_thirty_days_and_then_for_the_hearing(scene: Scene) -> None:
    """P2a: thirty days from publication. P13 before 2022: sixty days until service, then three days for a hearing."""
    no = to_notified(scene, fine=10_000_000, served_on="2018-09-28", served_how="public_notice")

    assert scene.due(no, "statement_period") == "2018-10-29"  # 10-28 is a Sunday
    assert scene.due(no, "hearing_request") == "2018-11-30"  # served 11-27, three days
    assert "wait.running" in scene.refusals(no, "decide", "2018-11-30", fine_fen="10000000")
    scene.take(no, "discuss", "2018-12-01")
    assert scene.refusals(no, "decide", "2018-12-01", fine_fen="10000000") == []


@ON_SQLITE
def test_a_decision_by_public_notice_takes_effect_when_the_days_have_passed(scene: Scene) -> None:
    """N1: issued 2018-08-10, service date 2018-10-09; here issued 2018-10-15: 60 days end 2018-12-14."""
    no = to_notified(scene)
    scene.take(no, "decide", "2018-10-15")

    served = scene.take(no, "serve", "2018-10-15", served_how="public_notice")

    started = {d.id: d for d in served.started}
    assert started["payment"].started_on == day("2018-12-14")
    assert started["payment"].due_on == day("2018-12-29")  # a Saturday, but worked before New Year 2019


@ON_SQLITE
def test_a_party_that_waives_its_rights_is_not_waited_for(scene: Scene) -> None:
    no = to_notified(scene, fine=10_000_000)
    scene.take(no, "waive_rights", "2018-09-29", waived="statement")
    scene.take(no, "discuss", "2018-09-29")
    assert scene.refusals(no, "decide", "2018-09-29", fine_fen="10000000") == ["wait.running"]

    scene.take(no, "waive_rights", "2018-09-30", waived="hearing")

    assert scene.refusals(no, "decide", "2018-09-30", fine_fen="10000000") == []
    assert scene.standing(no, "hearing_request") == "stopped"


@ON_SQLITE
def test_a_late_defence_is_refused_unless_good_cause_is_recorded(scene: Scene) -> None:
    no = to_notified(scene)

    assert scene.refusals(no, "state_defence", "2018-10-15", received_on="2018-10-13") == ["right.lapsed"]
    scene.take(no, "state_defence", "2018-10-15", received_on="2018-10-13", late_ground="洪水封路")
    assert scene.refusals(no, "decide", "2018-10-15") == ["defence.unanswered"]
    scene.take(no, "answer_defence", "2018-10-16")

    assert scene.refusals(no, "decide", "2018-10-16") == []


@ON_SQLITE
def test_a_hearing_without_the_right_to_one_is_refused(scene: Scene) -> None:
    no = to_notified(scene, fine=9_999_999)

    assert scene.refusals(no, "request_hearing", "2018-09-29") == ["right.none"]


def test_the_law_of_2025_runs_as_in_timeline_t1(scene: Scene) -> None:
    """T1: filed 2025-09-28, notified 11-10, heard from 11-27, decided 12-15, served 12-18."""
    no = scene.open("2025-09-26", campaign=None)
    scene.take(no, "verify", "2025-09-26")
    scene.take(no, "file", "2025-09-28")
    scene.walk(no, "investigate conclude review", "2025-09-29")
    scene.take(no, "approve_notice", "2025-11-10", proposed_fine_fen="10000000")
    scene.take(no, "notify", "2025-11-10")
    scene.take(no, "request_hearing", "2025-11-17")
    scene.take(no, "call_hearing", "2025-11-17", hearing_on="2025-11-27")
    scene.take(no, "hold_hearing", "2025-11-27")
    scene.walk(no, "review discuss", "2025-11-28")
    scene.take(no, "decide", "2025-12-15", fine_fen="10000000")
    scene.take(no, "serve", "2025-12-18")

    assert {id_: d.due_on.isoformat() for id_, d in scene.case(no).deadlines.items()} == {
        "decision_limit": "2025-12-27",
        "statement_period": "2025-11-19",
        "hearing_request": "2025-11-17",
        "hearing_notice": "2025-11-26",
        "service_of_decision": "2025-12-24",
        "publication": "2026-01-13",
        "payment": "2026-01-04",
        "reconsideration": "2026-02-24",
        "suit": "2026-06-18",
        "court_enforcement": "2026-09-18",
    }
    assert whole(scene)


@ON_SQLITE
def test_a_decision_after_ninety_days_is_late_but_never_refused(scene: Scene) -> None:
    no = scene.open("2025-09-26", campaign=None)
    scene.walk(no, "verify file investigate conclude approve_notice notify", "2025-09-28")

    late = scene.take(no, "decide", "2025-12-28")

    assert [w.code for w in late.warnings] == ["duty.overdue"]
    assert scene.case(no).deadlines["decision_limit"].overdue(scene.clock.now())


# --- who may ----------------------------------------------------------------------------------------------------------


@ON_SQLITE
def test_a_step_of_another_role_is_refused_and_says_who_may(scene: Scene) -> None:
    no = scene.open("2018-09-03")
    scene.it_is("2018-09-04")
    with scene.office.store.reading() as work:
        asked = casework.explain(scene.office, work, scene.order(no, "verify", "2018-09-04", by="handler1"))

    (refusal,) = asked.verdict.refusals
    assert refusal.code == "role.missing"
    assert [(h.name, h.role) for h in refusal.who_can] == [("lead", "lead")]


@pytest.mark.parametrize(
    ("step", "by"), [("review", "handler_reviewer"), ("approve_notice", "handler_head"), ("decide", "handler_head")]
)
@ON_SQLITE
def test_who_handled_a_case_neither_reviews_nor_decides_it(scene: Scene, step: str, by: str) -> None:
    no = scene.open("2018-09-03")
    scene.walk(no, "verify file", "2018-09-05")
    scene.take(no, "investigate", "2018-09-05", officers=f"handler1,{by}")
    scene.walk(no, "conclude", "2018-09-06")
    if step != "review":
        scene.walk(no, "review", "2018-09-06")
    if step == "decide":
        scene.walk(no, "approve_notice notify", "2018-09-07")

    assert scene.refusals(no, step, "2018-10-15", by=by) == ["duty.same_person"]


@ON_SQLITE
def test_whoever_had_no_hand_in_a_case_may_review_it_with_two_roles(scene: Scene) -> None:
    no = scene.open("2018-09-03")
    scene.walk(no, "verify file investigate conclude", "2018-09-05")

    assert scene.refusals(no, "review", "2018-09-06", by="handler_reviewer") == []


def test_a_case_of_another_unit_is_out_of_bounds(scene: Scene) -> None:
    no = scene.open("2018-09-03")
    county = scene.open("2018-09-03", by="county_handler1")

    with pytest.raises(Forbidden) as caught:
        scene.take(no, "verify", "2018-09-04", by="county_lead")
    with pytest.raises(Forbidden):
        scene.open("2018-09-04", by="county_handler1", unit="suzhou")

    assert caught.value.code == "unit.outside"
    assert scene.refusals(county, "verify", "2018-09-04", by="lead") == ["role.missing"]


@ON_SQLITE
def test_officers_need_certificates_of_the_day(scene: Scene) -> None:
    no = scene.open("2018-09-03")

    assert scene.refusals(no, "verify", "2018-09-04", officers="handler1,handler_expired") == ["officers.certificate"]
    assert scene.refusals(no, "verify", "2018-09-04", officers="handler1") == ["officers.two"]
    assert scene.refusals(no, "verify", "2018-09-04", officers="handler1,handler1") == ["officers.two"]
    assert scene.refusals(no, "verify", "2018-09-04", officers="handler1,nobody") == ["answer.invalid"]


# --- campaign ---------------------------------------------------------------------------------------------------------


def rectifiable(scene: Scene) -> str:
    no = scene.open("2018-09-03")
    scene.take(no, "verify", "2018-10-30")
    return no


def grant(scene: Scene, no: str, until: str, step: str = "order_rectification") -> str:
    order = PassOrder("supervisor", "lead", "平台迁移延误", day(until), no, step)
    with scene.office.store.writing() as work:
        (granted,) = grant_pass(scene.office, work, order)
    return granted.id


@ON_SQLITE
def test_an_order_after_its_phase_is_refused_with_who_can_help_and_how(scene: Scene) -> None:
    no = rectifiable(scene)
    assert scene.refusals(no, "order_rectification", "2018-10-31") == []

    scene.it_is("2018-11-01")
    with scene.office.store.reading() as work:
        asked = casework.explain(scene.office, work, scene.order(no, "order_rectification", "2018-11-01"))

    (refusal,) = asked.verdict.refusals
    assert refusal.code == "phase.closed"
    assert refusal.facts["closed_on"] == "2018-10-31"
    assert [h.name for h in refusal.who_can] == ["supervisor"]
    assert refusal.remedy is not None
    assert refusal.remedy.command == (
        f"anjuan pass grant {no} order_rectification --asked-by lead --reason … --until 2018-11-01"
    )


def test_a_pass_lets_exactly_that_step_through_once(scene: Scene) -> None:
    no, other = rectifiable(scene), rectifiable(scene)
    scene.it_is("2018-11-01")
    grant(scene, no, "2018-11-05")

    assert scene.refusals(other, "order_rectification", "2018-11-05") == ["phase.closed"]
    done = scene.take(no, "order_rectification", "2018-11-05", rectify_by="2018-11-10")

    assert [w.code for w in done.warnings] == ["phase.pass"]
    assert scene.case(no).passes == ()
    assert whole(scene)


def test_a_pass_ends_with_its_date(scene: Scene) -> None:
    no = rectifiable(scene)
    scene.it_is("2018-11-01")
    grant(scene, no, "2018-11-05")

    assert scene.refusals(no, "order_rectification", "2018-11-05") == []
    assert scene.refusals(no, "order_rectification", "2018-11-06") == ["phase.closed"]


def test_undoing_a_step_gives_its_pass_back(scene: Scene) -> None:
    no = rectifiable(scene)
    scene.it_is("2018-11-01")
    given = grant(scene, no, "2018-11-05")
    scene.take(no, "order_rectification", "2018-11-02", rectify_by="2018-11-10")

    scene.undo(no, by="lead")

    assert [p.id for p in scene.case(no).passes] == [given]
    assert scene.refusals(no, "order_rectification", "2018-11-03") == []


@pytest.mark.parametrize(
    ("by", "asked_by", "codes"),
    [
        ("lead", "handler1", ["role.missing"]),
        ("supervisor", "supervisor", ["duty.same_person"]),
    ],
)
@ON_SQLITE
def test_a_pass_is_granted_by_a_supervisor_to_somebody_else(
    scene: Scene, by: str, asked_by: str, codes: list[str]
) -> None:
    no = rectifiable(scene)

    order = PassOrder(by, asked_by, "平台迁移延误", day("2018-11-05"), no, "order_rectification")
    with pytest.raises(TransitionRefused) as caught, scene.office.store.writing() as work:
        grant_pass(scene.office, work, order)

    assert [r.code for r in caught.value.refusals] == codes


@ON_SQLITE
def test_a_pass_for_what_no_gate_closes_is_refused(scene: Scene) -> None:
    no = rectifiable(scene)

    with pytest.raises(TransitionRefused) as caught:
        grant(scene, no, "2018-11-05", step="file")

    assert [r.code for r in caught.value.refusals] == ["pass.not_needed"]


def test_a_late_recheck_and_closing_are_never_closed_they_warn(scene: Scene) -> None:
    no = scene.open("2018-09-03")
    scene.take(no, "verify", "2018-09-05")
    scene.take(no, "order_rectification", "2018-10-31", rectify_by="2018-11-20")

    checked = scene.take(no, "recheck", "2018-12-03")
    closed = scene.take(no, "close_rectified", "2018-12-03")

    assert [w.code for w in checked.warnings] == ["phase.after"]
    assert [w.code for w in closed.warnings] == ["phase.after"]
    assert sums(scene) == {"links_removed": 3}


@ON_SQLITE
def test_statutory_steps_are_never_closed_by_a_campaign(scene: Scene) -> None:
    no = scene.open("2018-09-03")

    scene.walk(no, "verify file investigate conclude review approve_notice notify", "2019-05-05")

    assert scene.case(no).state == "notified"
    assert scene.case(no).trail[-1].on == day("2019-05-05")


def test_outside_the_campaign_an_order_is_possible_and_its_recheck_uncounted(scene: Scene) -> None:
    no = rectifiable(scene)
    outside = {"outside_campaign": True, "reason": "专项行动已截止"}

    scene.take(no, "order_rectification", "2018-11-12", rectify_by="2018-11-20", **outside)
    checked = scene.take(no, "recheck", "2018-11-21")

    assert checked.tallies == ()
    assert sums(scene) == {}
    assert whole(scene)


@ON_SQLITE
def test_outside_the_campaign_needs_a_reason_and_is_only_for_its_own_work(scene: Scene) -> None:
    no = rectifiable(scene)

    with pytest.raises(InputWrong) as without_reason:
        scene.take(no, "order_rectification", "2018-11-12", outside_campaign=True)
    with pytest.raises(InputWrong) as not_its_work:
        scene.take(no, "file", "2018-11-12", outside_campaign=True, reason="不想计入")

    assert without_reason.value.code == "reason.missing"
    assert not_its_work.value.code == "campaign.not_its_work"


@pytest.mark.parametrize(
    ("on", "source", "codes"),
    [
        ("2018-08-13", "patrol", ["phase.closed"]),
        ("2018-08-14", "patrol", []),
        ("2018-11-20", "patrol", []),
        ("2018-11-21", "patrol", ["phase.closed"]),
        ("2018-08-31", "self_inspection", ["phase.closed"]),
        ("2018-09-01", "self_inspection", []),
        ("2018-09-30", "self_inspection", []),
        ("2018-10-01", "self_inspection", ["phase.closed"]),
    ],
)
@ON_SQLITE
def test_cases_open_under_the_campaign_only_in_its_time(scene: Scene, on: str, source: str, codes: list[str]) -> None:
    scene.it_is(on)
    with scene.office.store.reading() as work:
        asked = casework.explain_opening(scene.office, work, scene.opening(on, source=source))

    assert [r.code for r in asked.verdict.refusals] == codes


def test_a_pass_for_an_opening_lets_one_case_in(scene: Scene) -> None:
    scene.it_is("2018-11-21")
    order = PassOrder("supervisor", "handler1", "平台迟报", day("2018-11-25"), campaign=CAMPAIGN, unit="suzhou")
    with scene.office.store.writing() as work:
        grant_pass(scene.office, work, order)

    scene.open("2018-11-25")

    with pytest.raises(TransitionRefused) as caught:
        scene.open("2018-11-25")
    assert [r.code for r in caught.value.refusals] == ["phase.closed"]
    assert whole(scene)


# --- undo -------------------------------------------------------------------------------------------------------------


def test_undo_restores_state_facts_holders_deadlines_and_figures(scene: Scene) -> None:
    no = scene.open("2018-09-03", source="complaint", materials_complete_on="2018-09-03")
    scene.walk(no, "accept verify", "2018-09-05")
    before = scene.case(no)
    scene.take(no, "file", "2018-09-06")
    assert sums(scene) == {"filed": 1}

    done = scene.undo(no, by="head")

    after = scene.case(no)
    assert (after.state, after.facts, after.holders, after.deadlines, after.last_on) == (
        before.state,
        before.facts,
        before.holders,
        before.deadlines,
        before.last_on,
    )
    assert after.version == before.version + 2
    assert sums(scene) == {}
    assert [t.n for t in done.tallies] == [-1]
    assert whole(scene)


def test_undo_opens_a_deadline_again_that_the_step_had_ended_and_removes_what_it_had_begun(scene: Scene) -> None:
    no = scene.open("2018-09-03", source="complaint", materials_complete_on="2018-09-03")
    scene.take(no, "accept", "2018-09-05")
    assert scene.standing(no, "complaint_decision") == "met"

    scene.undo(no, by="lead")
    assert scene.standing(no, "complaint_decision") == "running"

    scene.walk(no, "accept verify propose_referral", "2018-09-06")
    scene.undo(no, by="handler1")
    assert "referral_decision" not in scene.case(no).deadlines
    assert whole(scene)


def test_undo_gives_the_case_back_to_who_held_it(scene: Scene) -> None:
    no = scene.open("2018-09-03")
    scene.take(no, "verify", "2018-09-05", officers="handler1,handler2")
    scene.take(no, "file", "2018-09-05")
    scene.take(no, "investigate", "2018-09-05", officers="handler2,handler3")

    scene.undo(no, by="lead")

    assert scene.case(no).holders == ("handler1", "handler2")


def test_only_the_actor_takes_his_step_back_and_only_on_the_same_day(scene: Scene) -> None:
    no = scene.open("2018-09-03")
    scene.walk(no, "verify file", "2018-09-06")

    assert scene.undo_refusals(no, by="handler1") == ["undo.not_own"]
    assert scene.undo_refusals(no, by="head", reason=" ") == ["reason.missing"]
    assert scene.undo_refusals(no, by="head") == []
    scene.it_is("2018-09-07")
    assert scene.undo_refusals(no, by="head") == ["undo.too_late"]
    assert scene.undo_refusals(no, by="lead") == []


def test_what_was_served_is_taken_back_by_the_lead_alone(scene: Scene) -> None:
    no = to_notified(scene)

    assert scene.undo_refusals(no, by="handler1") == ["undo.served"]
    scene.undo(no, by="lead")

    case = scene.case(no)
    assert case.state == "notice_approved"
    assert not {"statement_period", "hearing_request"} & set(case.deadlines)


@ON_SQLITE
def test_a_case_that_was_only_opened_has_nothing_to_take_back(scene: Scene) -> None:
    no = scene.open("2018-09-03")

    assert scene.undo_refusals(no, by="handler1") == ["undo.nothing"]


def test_steps_are_taken_back_one_after_another(scene: Scene) -> None:
    no = scene.open("2018-09-03")
    scene.walk(no, "verify file investigate", "2018-09-05")

    scene.undo(no, by="lead")
    scene.undo(no, by="lead")

    assert scene.case(no).state == "verifying"
    assert [t.step for t in scene.case(no).trail] == ["open", "verify"]
    assert whole(scene)


# --- record and conflicts ---------------------------------------------------------------------------------------------


def test_a_note_and_a_refusal_move_neither_state_nor_version(scene: Scene) -> None:
    no = scene.open("2018-09-03")
    before = scene.case(no)

    with scene.office.store.writing() as work:
        casework.note(scene.office, work, no, "handler1", "已电话联系")
    with pytest.raises(TransitionRefused) as caught:
        scene.take(no, "verify", "2018-09-04", officers="handler1")
    with scene.office.store.writing() as work:
        casework.record_refusal(scene.office, work, caught.value, "lead")

    after = scene.case(no)
    assert (after.state, after.version, after.trail) == (before.state, before.version, before.trail)
    assert [e.kind for e in scene.entries(no)] == ["open", "note", "refusal"]
    assert scene.entries(no)[2].said()["effects"] == {"refused": ["officers.two"]}
    assert whole(scene)


def test_another_version_goes_before_every_guard(scene: Scene) -> None:
    no = scene.open("2018-09-03")
    scene.take(no, "verify", "2018-09-05")

    with pytest.raises(CaseChangedMeanwhile) as caught:
        scene.take(no, "close", "2018-09-05", by="handler1", expect=1)

    assert (caught.value.expected, caught.value.version, caught.value.actor) == (1, 2, "lead")
    scene.take(no, "interview", "2018-09-05", expect=2)


def test_two_transactions_on_one_case_let_one_through(scene: Scene) -> None:
    """The second has read the case before the first commits; SQLite makes it wait for the write instead."""
    no = scene.open("2018-09-03")
    order = scene.order(no, "verify", "2018-09-04")
    scene.it_is("2018-09-04")
    with scene.office.store.reading() as early:
        stale = casework.explain(scene.office, early, order)
    scene.take(no, "verify", "2018-09-04")

    with pytest.raises(CaseChangedMeanwhile), scene.office.store.writing() as work:
        update_case(work, stale.case, stale.case.version)


def test_the_same_key_answers_the_same_and_another_request_is_refused(scene: Scene) -> None:
    with scene.office.store.writing() as work:
        keep_answer(work, "k1", {"do": "a"}, {"version": 2})

    with scene.office.store.reading() as work:
        assert answered(work, "k1", {"do": "a"}) == {"version": 2}
        assert answered(work, "k2", {"do": "a"}) is None
        with pytest.raises(InputWrong) as caught:
            answered(work, "k1", {"do": "b"})
    assert caught.value.code == "key.reused"


@ON_SQLITE
def test_days_keep_their_order(scene: Scene) -> None:
    no = scene.open("2018-09-03")
    scene.take(no, "verify", "2018-09-05")

    assert scene.refusals(no, "file", "2018-09-04") == ["date.before_previous"]
    with scene.office.store.reading() as work:
        ahead = casework.explain(scene.office, work, scene.order(no, "file", "2018-09-06")).verdict.refusals
    assert [(r.code, r.earliest_on) for r in ahead] == [("date.in_future", day("2018-09-06"))]


@ON_SQLITE
def test_an_answered_day_or_minute_lies_not_in_the_future(scene: Scene) -> None:
    no = scene.open("2018-09-03")
    scene.walk(no, "verify propose_referral", "2018-09-05")
    scene.clock.move_to(datetime(2018, 9, 6, 9, 0, tzinfo=SHANGHAI))

    def codes(minute: str) -> list[str]:
        with scene.office.store.reading() as work:
            order = scene.order(no, "approve_referral", "2018-09-06", approved_at=minute)
            return [r.code for r in casework.explain(scene.office, work, order).verdict.refusals]

    assert codes("2018-09-06T09:00") == []
    assert codes("2018-09-06T09:01") == ["date.in_future"]
    assert codes("2018-09-07T08:00") == ["date.in_future"]
    assert codes("2018-09-04T08:00") == ["date.before_previous"]


def test_a_clock_that_went_back_records_nothing(scene: Scene) -> None:
    no = scene.open("2018-09-05")
    scene.clock.move_to(datetime(2018, 9, 5, 8, 0, tzinfo=SHANGHAI))

    with scene.office.store.reading() as work:
        asked = casework.explain(scene.office, work, scene.order(no, "verify", "2018-09-05"))
    with pytest.raises(TransitionRefused) as noted, scene.office.store.writing() as work:
        casework.note(scene.office, work, no, "handler1", "迟到的笔记")

    assert [r.code for r in asked.verdict.refusals] == ["date.before_previous"]
    assert [r.code for r in noted.value.refusals] == ["date.before_previous"]
    assert len(scene.entries(no)) == 1


def test_a_personal_answer_stands_hashed_in_the_record_and_readable_beside_it(scene: Scene) -> None:
    no = scene.open("2018-09-03", respondent="张三")

    (opening,) = scene.entries(no)

    assert "张三" not in opening.body
    assert [(p.answer, p.value) for p in opening.personal] == [("respondent", "张三")]
    assert set(opening.said()["answers"]["respondent"]) == {"personal"}
    assert [p.name for p in scene.case(no).parties] == ["张三"]


@ON_SQLITE
def test_an_unknown_step_answer_or_case_is_told_with_what_is_near(scene: Scene) -> None:
    no = scene.open("2018-09-03")

    with pytest.raises(NotFound) as step:
        bare_step(scene, no, "verifi")
    with pytest.raises(NotFound) as case:
        bare_step(scene, "suzhou-2018-9999", "verify")

    assert step.value.code == "step.unknown"
    assert step.value.remedy is not None
    assert "verify" in step.value.remedy.en
    assert case.value.code == "case.unknown"
    assert scene.refusals(no, "verify", "2018-09-04", oficers=TWO) == ["answer.invalid"]


def bare_step(scene: Scene, no: str, step: str) -> None:
    with scene.office.store.writing() as work:
        casework.take_step(scene.office, work, TakeStep(no, step, "lead"))


@ON_SQLITE
def test_a_wrong_state_says_the_way_to_the_right_one(scene: Scene) -> None:
    no = scene.open("2018-09-03")
    scene.take(no, "verify", "2018-09-04")
    with scene.office.store.reading() as work:
        asked = casework.explain(scene.office, work, scene.order(no, "review", "2018-09-04"))

    (refusal,) = asked.verdict.refusals
    assert refusal.code == "state.wrong"
    assert refusal.facts["way"] == ["file", "investigate", "conclude"]  # never by a referral and its refusal


@ON_SQLITE
def test_every_step_can_be_asked_about_before_anything_is_answered(scene: Scene) -> None:
    """`case show` lists what is possible: in no state may an answer that is not given yet make that fail."""
    no, seen = scene.open("2018-09-03"), set()
    changes = {
        "approve_notice": {"proposed_fine_fen": "10000000"},
        "call_hearing": {"hearing_on": "2018-09-18"},
        "decide": {"fine_fen": "10000000"},
    }
    before = "verify file investigate conclude review approve_notice notify request_hearing call_hearing"
    after = "hold_hearing review discuss decide serve propose_referral"

    for on, steps in (("2018-09-04", before), ("2018-10-08", after)):
        for step in steps.split():
            if step in possible(scene, no):
                scene.take(no, step, on, **changes.get(step, {}))
            seen.add(scene.case(no).state)

    assert {"concluded", "notice_approved", "hearing", "heard", "heard_reviewed", "decided", "served"} <= seen
    assert "pay" in possible(scene, no)


def possible(scene: Scene, no: str) -> list[str]:
    case = scene.case(no)
    workflow, around = scene.office.workflow(case.workflow), casework.surroundings(scene.office, case)
    return [p.step for p in possible_steps(workflow, case, scene.office.people.person("head"), around)]


class MachineFailed(Exception):
    pass


def decide_and_fail(scene: Scene, work: Work, no: str) -> None:
    """The step is taken, and before the transaction ends the machine fails."""
    casework.take_step(scene.office, work, scene.order(no, "decide", "2018-10-15"))
    raise MachineFailed


def test_one_transaction_holds_everything_of_a_step_or_nothing(scene: Scene) -> None:
    no = to_notified(scene)
    before = scene.case(no)

    scene.clock.move_to(end_of_day(day("2018-10-15")))

    with pytest.raises(MachineFailed), scene.office.store.writing() as work:
        decide_and_fail(scene, work, no)

    assert scene.case(no) == before
    assert sums(scene) == {"filed": 1}
    assert whole(scene)
