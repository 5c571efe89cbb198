"""What happens to a case after it was referred: police, procuratorate and court answer; it goes on or comes back."""

from __future__ import annotations

import pytest
from builders import Scene, day

from engine.people import StandIn
from engine.snapshot import snapshot
from engine.verifying import verify_store
from workflows.stand_ins import set_stand_in

pytest_plugins = ("scenes",)

REFERRED_ON = "2025-09-15"


@pytest.fixture
def no(scene: Scene) -> str:
    """A case handed over to the police on a Monday."""
    no = scene.open("2025-09-01", campaign=None)
    scene.walk(no, "verify file investigate", "2025-09-05")
    scene.walk(no, "propose_referral approve_referral hand_over", REFERRED_ON)
    return no


def whole(scene: Scene) -> None:
    with snapshot(scene.office.store) as work:
        assert verify_store(work).first_bad is None


def test_missing_papers_are_supplied_within_three_days(scene: Scene, no: str) -> None:
    scene.take(no, "police_ask_papers", "2025-09-16")
    assert scene.due(no, "referral_supplement") == "2025-09-19"

    late = scene.take(no, "supplement_papers", "2025-09-22", reason="鉴定意见迟到")

    assert "duty.overdue" in [w.code for w in late.warnings]
    assert scene.standing(no, "referral_supplement") == "met"
    whole(scene)


def test_whoever_the_case_was_passed_on_to_has_the_whole_time(scene: Scene, no: str) -> None:
    first = scene.due(no, "police_answer")
    scene.take(no, "police_pass_on", "2025-09-17")

    assert scene.standing(no, "police_answer") == "stopped"
    assert scene.due(no, "police_answer.2") == "2025-09-22" > first  # the 20th is a Saturday


def test_the_police_reconsider_once_and_then_the_procuratorate_is_asked(scene: Scene, no: str) -> None:
    scene.take(no, "police_refuse", "2025-09-17")
    assert scene.due(no, "police_reconsideration") == "2025-09-20"
    assert scene.refusals(no, "ask_reconsideration", "2025-09-21") == ["right.lapsed"]

    scene.take(no, "ask_reconsideration", "2025-09-22", asked_on="2025-09-20")
    scene.take(no, "police_reconsidered", "2025-09-23")
    assert scene.case(no).state == "police_refused"
    assert scene.refusals(no, "ask_reconsideration", "2025-09-24") == ["right.none"]
    assert scene.due(no, "procuratorate_request") == "2025-09-26"
    assert scene.refusals(no, "ask_supervision", "2025-09-27") == ["right.lapsed"]

    scene.take(no, "ask_supervision", "2025-09-26")
    scene.take(no, "procurator_asks_police", "2025-09-28")
    assert scene.due(no, "police_explanation") == "2025-10-09"  # seven days end in the National Day holidays
    scene.take(no, "procurator_answer", "2025-10-10")
    assert (scene.case(no).state, scene.due(no, "police_filing_on_notice")) == ("supervision_requested", "2025-10-27")
    scene.take(no, "police_file", "2025-10-15")

    assert scene.case(no).state == "police_filed"
    assert scene.standing(no, "police_filing_on_notice") == "met"
    whole(scene)


def test_the_police_file_after_all(scene: Scene, no: str) -> None:
    scene.walk(no, "police_refuse", "2025-09-17")
    scene.take(no, "ask_reconsideration", "2025-09-18")
    scene.take(no, "police_reconsidered", "2025-09-19", result="filed")

    assert scene.case(no).state == "police_filed"
    assert scene.due(no, "goods_handover") == "2025-09-22"
    assert "procuratorate_request" not in scene.case(no).deadlines


@pytest.mark.parametrize("way", ["police_refuse", "police_refuse ask_reconsideration", "police_refuse ask_supervision"])
def test_a_case_that_is_not_filed_returns_to_where_it_was_proposed(scene: Scene, no: str, way: str) -> None:
    scene.walk(no, way, "2025-09-17")
    scene.take(no, "return_to_penalty", "2025-09-18")

    assert scene.case(no).state == "investigating"
    open_ = {d.rule for d in scene.case(no).deadlines.values() if d.is_open}
    assert not open_ & {
        "police_reconsideration",
        "police_reconsideration_outcome",
        "procuratorate_request",
        "police_explanation",
    }
    # A copyright bureau's ninety days leave out the time with the police.
    assert scene.standing(no, "decision_limit") == "running"
    whole(scene)


def test_reasons_found_good_leave_only_the_penalty(scene: Scene, no: str) -> None:
    scene.walk(no, "police_refuse ask_supervision", "2025-09-17")
    scene.take(no, "procurator_answer", "2025-09-20", answer="reasons_good")

    assert scene.case(no).state == "police_refused"
    assert "police_filing_on_notice" not in scene.case(no).deadlines
    assert scene.refusals(no, "return_to_penalty", "2025-09-21") == []


def test_while_the_police_have_it_nothing_is_decided(scene: Scene, no: str) -> None:
    for step in ("decide", "decide_no_penalty", "approve_notice", "conclude"):
        assert "state.wrong" in scene.refusals(no, step, "2025-09-20")
    scene.take(no, "police_file", "2025-09-17")
    assert "state.wrong" in scene.refusals(no, "decide", "2025-09-20")


def test_after_a_non_prosecution_the_case_comes_back_with_an_opinion_to_answer(scene: Scene, no: str) -> None:
    scene.take(no, "police_file", "2025-09-17")
    assert scene.refusals(no, "answer_procuratorate", "2025-10-09") == ["opinion.none"]
    scene.take(no, "record_outcome", "2025-12-01", outcome="not_prosecuted")
    scene.take(no, "receive_opinion", "2025-12-05")
    assert scene.due(no, "reverse_referral_answer") == "2026-02-05"
    scene.take(no, "take_back_after_outcome", "2025-12-08")

    assert scene.case(no).state == "investigating"
    scene.take(no, "conclude", "2025-12-10", turnover_fen="90000000")
    # The opinion says that it is ours to punish: the threshold no longer asks for a referral …
    scene.take(no, "answer_procuratorate", "2026-01-20")
    assert scene.standing(no, "reverse_referral_answer") == "met"
    whole(scene)


def to_decision(scene: Scene, no: str) -> None:
    """… and the case goes to its decision."""
    scene.take(no, "conclude", "2025-12-10")
    scene.walk(no, "review approve_notice notify waive_rights discuss", "2025-12-11")


def test_whoever_a_court_fined_is_not_fined_again(scene: Scene, no: str) -> None:
    scene.take(no, "police_file", "2025-09-17")
    scene.take(no, "record_outcome", "2025-12-01", criminal_fine="yes")
    scene.take(no, "take_back_after_outcome", "2025-12-08")
    to_decision(scene, no)

    assert scene.refusals(no, "decide", "2025-12-12") == ["fine.after_criminal"]
    assert scene.refusals(no, "decide", "2025-12-12", fine_fen="0", measures="stop") == []


def test_without_a_criminal_fine_ours_is_open(scene: Scene, no: str) -> None:
    scene.take(no, "police_file", "2025-09-17")
    scene.take(no, "record_outcome", "2025-12-01", outcome="not_prosecuted")
    scene.take(no, "take_back_after_outcome", "2025-12-08")
    to_decision(scene, no)

    assert "fine.after_criminal" not in scene.refusals(no, "decide", "2025-12-12")


def test_a_sentenced_case_is_closed_as_referred(scene: Scene, no: str) -> None:
    scene.take(no, "police_file", "2025-09-17")
    scene.take(no, "record_outcome", "2025-12-01", criminal_fine="yes")

    assert scene.refusals(no, "close", "2025-12-05", result="no_penalty") == ["answer.invalid"]
    scene.take(no, "close", "2025-12-05", result="referred")
    assert scene.case(no).state == "closed"


def test_a_penalty_that_becomes_criminal_later_comes_back_to_its_execution(scene: Scene) -> None:
    no = scene.open("2025-09-01", campaign=None)
    scene.walk(no, "verify file investigate conclude review approve_notice", "2025-09-05")
    scene.walk(no, "notify waive_rights discuss", "2025-09-08")
    scene.walk(no, "decide serve", "2025-09-10")
    scene.walk(no, "propose_referral approve_referral hand_over", "2025-09-20")
    assert scene.standing(no, "payment") == "running"

    scene.take(no, "pay", "2025-09-22")  # he pays while the police have the case
    assert scene.case(no).state == "referred"
    scene.take(no, "police_refuse", "2025-09-23")
    scene.take(no, "return_to_penalty", "2025-09-24")

    assert scene.case(no).state == "served"
    scene.take(no, "complete", "2025-09-25")
    assert scene.case(no).state == "executed"
    whole(scene)


def test_a_case_that_a_procuratorate_sent_must_be_answered(scene: Scene) -> None:
    no = scene.open("2025-09-01", campaign=None, source="reverse_referral", received_on="2025-09-01")

    assert scene.due(no, "reverse_referral_answer") == "2025-11-01"
    scene.walk(no, "verify file", "2025-09-05")
    scene.take(no, "answer_procuratorate", "2025-10-09")
    assert scene.standing(no, "reverse_referral_answer") == "met"


def test_only_the_head_himself_approves_a_referral(scene: Scene) -> None:
    no = scene.open("2025-09-01", campaign=None)
    scene.walk(no, "verify file investigate propose_referral", "2025-09-05")
    head = scene.office.people.person("head")
    away = StandIn("lead", "head", "suzhou", "head", day("2025-09-05"), day("2025-09-30"))
    with scene.office.store.writing() as work:
        set_stand_in(scene.office, work, head, away, "出差")

    assert scene.refusals(no, "approve_referral", "2025-09-06", by="lead") == ["role.in_person"]
    paper = {"name": "批示.pdf", "bytes": 9, "sha256": "0" * 64}
    typed = {"by": "handler2", "signed_by": "head", "paper": paper}
    assert scene.refusals(no, "approve_referral", "2025-09-06", **typed) == []
    scene.take(no, "approve_referral", "2025-09-06", **typed)
    assert (scene.case(no).trail[-1].actor, scene.case(no).trail[-1].signed_by) == ("handler2", "head")
    whole(scene)
