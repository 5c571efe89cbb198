"""How a paper reaches the party, and how a decision is obeyed: paid late, in the end by order of the court."""

from __future__ import annotations

import pytest
from builders import Scene

from engine.snapshot import snapshot
from engine.verifying import verify_store

pytest_plugins = ("scenes",)


def whole(scene: Scene) -> None:
    with snapshot(scene.office.store) as work:
        assert verify_store(work).first_bad is None


@pytest.fixture
def approved(scene: Scene) -> str:
    """A case whose notice is approved, under the law of 2021."""
    no = scene.open("2025-01-02", campaign=None)
    scene.walk(no, "verify file investigate conclude review approve_notice", "2025-01-06")
    return no


@pytest.fixture
def decided(scene: Scene, approved: str) -> str:
    scene.walk(approved, "notify waive_rights discuss", "2025-01-07")
    scene.take(approved, "decide", "2025-01-08", copies_confiscated="10", measures="stop,fine,confiscate_copies")
    return approved


@pytest.fixture
def served(scene: Scene, decided: str) -> str:
    scene.take(decided, "serve", "2025-01-09")
    return decided


# --- service ----------------------------------------------------------------------------------------------------------


def test_electronic_service_wants_a_confirmation_signed_by_its_day(scene: Scene, approved: str) -> None:
    electronic = {"served_how": "electronic"}
    assert scene.refusals(approved, "notify", "2025-01-07", **electronic) == ["service.consent"]
    assert scene.refusals(approved, "notify", "2025-01-07", consent_on="2025-01-06", **electronic) == []

    scene.take(approved, "confirm_address", "2025-01-07", electronic="no")
    assert scene.refusals(approved, "notify", "2025-01-07", **electronic) == ["service.consent"]
    scene.take(approved, "confirm_address", "2025-01-07")
    scene.take(approved, "notify", "2025-01-07", **electronic)
    whole(scene)


def test_before_2021_a_missing_confirmation_warns(scene: Scene) -> None:
    no = scene.open("2018-09-03")
    scene.walk(no, "verify file investigate conclude review approve_notice", "2018-09-05")

    move = scene.take(no, "notify", "2018-09-06", served_how="electronic")

    assert "service.consent" in [w.code for w in move.warnings]


@pytest.mark.parametrize(("how", "answer"), [("left", "witness"), ("public_notice", "tried")])
def test_a_service_that_could_be_challenged_warns(scene: Scene, approved: str, how: str, answer: str) -> None:
    with scene.office.store.reading() as work:
        from engine.casework import explain

        bare = explain(scene.office, work, scene.order(approved, "notify", "2025-01-07", served_how=how))
        full = explain(
            scene.office, work, scene.order(approved, "notify", "2025-01-07", served_how=how, **{answer: "已写明"})
        )

    assert [w.facts["answer"] for w in bare.verdict.warnings if w.code == "service.proof"] == [answer]
    assert "service.proof" not in [w.code for w in full.verdict.warnings]


def test_a_new_service_restarts_what_runs_from_it(scene: Scene, approved: str) -> None:
    """Invariant 9."""
    scene.take(approved, "notify", "2025-01-07")
    scene.take(approved, "notify_again", "2025-01-13")

    assert scene.standing(approved, "statement_period") == "stopped"
    assert scene.case(approved).deadlines["statement_period.2"].started_on.isoformat() == "2025-01-13"
    first_over = scene.due(approved, "statement_period")
    assert "wait.running" in scene.refusals(approved, "decide", first_over)
    scene.walk(approved, "waive_rights discuss", "2025-01-14")
    scene.take(approved, "decide", "2025-01-15")
    scene.take(approved, "serve", "2025-01-16")
    scene.take(approved, "serve_again", "2025-02-10")

    again = scene.case(approved).deadlines["payment.2"]
    assert (again.started_on.isoformat(), scene.standing(approved, "payment")) == ("2025-02-10", "stopped")
    assert scene.standing(approved, "reconsideration.2") == "running"
    paid = scene.take(approved, "pay", "2025-02-20")  # in time by the second service: no late fee
    assert paid.after.state == "executed"
    whole(scene)


# --- payment ----------------------------------------------------------------------------------------------------------


def test_a_deferral_moves_the_last_day_and_the_late_fee(scene: Scene, served: str) -> None:
    first = scene.due(served, "payment")
    assert scene.refusals(served, "defer_payment", "2025-01-10", pay_by=first) == ["date.not_later"]
    scene.take(served, "defer_payment", "2025-01-10", pay_by="2025-03-31")

    assert scene.due(served, "payment.2") == "2025-03-31"
    assert scene.take(served, "pay", "2025-03-31").after.state == "executed"


def test_money_collected_on_the_spot_goes_to_the_authority_and_to_the_bank(scene: Scene, served: str) -> None:
    scene.take(served, "collect_on_spot", "2025-01-10", collected_fen="5000000")
    assert scene.due(served, "spot_fine_to_authority") == "2025-01-14"
    late = scene.take(served, "receive_spot_fine", "2025-01-15", reason="路远")
    assert "duty.overdue" in [w.code for w in late.warnings]
    assert scene.due(served, "spot_fine_to_bank") == "2025-01-17"
    scene.take(served, "pay", "2025-01-16")

    assert scene.standing(served, "spot_fine_to_bank") == "met"
    assert scene.case(served).state == "executed"


def test_confiscated_goods_are_disposed_of_by_two(scene: Scene, served: str, approved: str) -> None:
    assert scene.refusals(served, "dispose_goods", "2025-01-20", officers="handler1") == ["officers.two"]
    scene.take(served, "dispose_goods", "2025-01-20")
    other = scene.open("2025-01-20", campaign=None)
    scene.walk(
        other, "verify file investigate conclude review approve_notice notify waive_rights discuss", "2025-01-20"
    )
    scene.walk(other, "decide serve", "2025-01-21")

    assert scene.refusals(other, "dispose_goods", "2025-01-22") == ["goods.none"]


# --- enforcement ------------------------------------------------------------------------------------------------------


@pytest.fixture
def demanded(scene: Scene, served: str) -> str:
    """Demanded on the first working day after reconsideration (60 days) and suit (six months) had run out."""
    assert scene.due(served, "suit") == "2025-07-09"
    scene.take(served, "demand", "2025-07-10")
    return served


def test_nothing_is_demanded_while_a_remedy_is_open(scene: Scene, served: str) -> None:
    assert scene.refusals(served, "demand", "2025-01-20") == ["wait.running"] * 3
    assert scene.refusals(served, "demand", "2025-07-09") == ["wait.running"]
    assert scene.refusals(served, "demand", "2025-07-10") == []


def test_who_has_paid_owes_nothing_that_could_be_demanded(scene: Scene, served: str) -> None:
    scene.take(served, "pay", "2025-01-15", paid_fen="4000000")
    assert scene.refusals(served, "demand", "2025-07-10") == []
    scene.take(served, "pay", "2025-01-16", paid_fen="1000000")

    assert "state.wrong" in scene.refusals(served, "demand", "2025-07-10")


def test_the_court_is_asked_after_ten_working_days_and_within_three_months(scene: Scene, demanded: str) -> None:
    assert scene.due(demanded, "demand_wait") == "2025-07-24"
    # Known since the decision was served, and counted again from what had run out when it was demanded.
    for limit in ("court_enforcement", "court_enforcement.2"):
        assert scene.case(demanded).deadlines[limit].started_on.isoformat() == "2025-07-09"
        assert scene.due(demanded, limit) == "2025-10-09"
    assert scene.refusals(demanded, "apply_enforcement", "2025-07-24") == ["wait.running"]
    assert scene.refusals(demanded, "apply_enforcement", "2025-10-10") == ["right.lapsed"]
    assert scene.refusals(demanded, "apply_enforcement", "2025-10-10", late_ground="法院迁址") == []

    scene.take(demanded, "apply_enforcement", "2025-07-25")

    assert scene.case(demanded).state == "court_enforcement"
    assert scene.standing(demanded, "court_enforcement.2") == "met"
    whole(scene)


def test_without_a_demand_the_court_is_not_asked(scene: Scene, served: str) -> None:
    assert scene.refusals(served, "apply_enforcement", "2025-08-01") == ["demand.missing"]


def test_what_the_court_answers_is_followed_to_the_end(scene: Scene, demanded: str) -> None:
    scene.take(demanded, "apply_enforcement", "2025-07-25")
    assert scene.due(demanded, "court_acceptance") == "2025-08-01"
    scene.take(demanded, "record_court_answer", "2025-07-30")
    assert scene.due(demanded, "court_ruling") == "2025-08-08"
    scene.take(demanded, "record_court_answer", "2025-08-07", court_answer="granted")
    assert scene.standing(demanded, "court_ruling") == "met"

    assert scene.refusals(demanded, "end_enforcement", "2025-09-01", ended_how="executed") == ["execution.open"]
    scene.take(demanded, "pay", "2025-09-01")
    with_fee = scene.refusals(demanded, "end_enforcement", "2025-09-01", ended_how="executed")
    assert with_fee == ["execution.open"]  # the late fee is still owed
    scene.take(demanded, "pay", "2025-09-02", **{"for": "late_fee"}, paid_fen="5000000")
    scene.take(demanded, "end_enforcement", "2025-09-03", ended_how="executed")
    assert scene.case(demanded).state == "executed"
    scene.take(demanded, "close", "2025-09-04")
    whole(scene)


def test_a_refusal_of_the_court_can_be_taken_to_the_court_above(scene: Scene, demanded: str) -> None:
    scene.take(demanded, "apply_enforcement", "2025-07-25")
    scene.take(demanded, "record_court_answer", "2025-07-30", court_answer="refused")
    assert scene.due(demanded, "court_refusal_review") == "2025-08-14"
    assert scene.refusals(demanded, "ask_upper_court", "2025-08-15") == ["right.lapsed"]
    scene.take(demanded, "ask_upper_court", "2025-08-14")

    scene.take(demanded, "end_enforcement", "2025-09-01")
    assert scene.case(demanded).state == "execution_ended"
    assert scene.refusals(demanded, "close", "2025-09-02") == ["answer.invalid"]
    scene.take(demanded, "close", "2025-09-02", result="execution_ended")
    whole(scene)


def test_a_withdrawn_application_leads_back_to_execution(scene: Scene, demanded: str) -> None:
    scene.take(demanded, "apply_enforcement", "2025-07-25")
    scene.take(demanded, "end_enforcement", "2025-07-28", ended_how="withdrawn")

    assert scene.case(demanded).state == "served"
    assert scene.case(demanded).latest_deadline("court_acceptance").state == "stopped"  # type: ignore[union-attr]
