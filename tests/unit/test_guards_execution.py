"""Guards on making a decision obeyed: the demand, the court, confiscated goods, fines collected on the spot."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from builders import a_case, an_attempt, day, running, taken

from engine.case_view import CaseView, StepTaken
from engine.errors import Refusal
from workflows.enforcement import (
    court_accepted,
    court_refused,
    demanded,
    enforcement_in_time,
    executed_is_settled,
    goods_confiscated,
    goods_disposed,
    no_remedy_pending,
    something_is_owed,
)
from workflows.settlement import imposed_is_executed
from workflows.spot_fines import collected_before, collected_is_owed

FINE = 5_000_000
DECIDED = taken("decide", "2025-01-08", "head", fine_fen=FINE, measures=["fine"])
SERVED = taken("serve", "2025-01-09", served_on="2025-01-09")
PAYMENT = running("payment", "2025-01-09")
DEMANDED = taken("demand", "2025-07-10", "head", served_on="2025-07-10")
ALL_OF_IT: dict[str, Any] = {"paid_on": "2025-01-15", "paid_fen": FINE, "for": "fine"}
PAID_ALL = (taken("pay", "2025-01-15", "finance", **ALL_OF_IT),)
NOW = "2025-08-01"


def served(*more: StepTaken, state: str = "served", decided: StepTaken = DECIDED, **changes: Any) -> CaseView:
    return a_case(state, decided, SERVED, *more, **{"deadlines": (PAYMENT,), **changes})


def code(refusal: Refusal | None) -> str | None:
    """The code of a refusal, which speaks both languages and shows a way out."""
    if refusal is None:
        return None
    assert any("\u4e00" <= c <= "\u9fff" for c in refusal.zh)
    assert refusal.en
    assert refusal.remedy
    return refusal.code


# --- demand and court -------------------------------------------------------------------------------------------------


def test_only_what_is_owed_is_demanded() -> None:
    assert something_is_owed(served(), an_attempt("demand", NOW)) is None
    assert code(something_is_owed(served(*PAID_ALL), an_attempt("demand", NOW))) == "execution.nothing_owed"
    assert code(something_is_owed(a_case("served"), an_attempt("demand", NOW))) == "execution.nothing_owed"


@pytest.mark.parametrize("gives_time", ["serve_again", "defer_payment", "allow_instalments"])
def test_a_demand_counts_until_the_party_gets_more_time(gives_time: str) -> None:
    attempt = an_attempt("apply_enforcement", NOW)
    later = taken(gives_time, "2025-07-11", served_on="2025-07-11", pay_by="2025-09-30", instalments=[])

    assert code(demanded(served(), attempt)) == "demand.missing"
    assert demanded(served(DEMANDED), attempt) is None
    assert code(demanded(served(DEMANDED, later), attempt)) == "demand.missing"
    assert demanded(served(DEMANDED, later, DEMANDED), attempt) is None


def test_a_pending_remedy_bars_enforcement_until_it_has_ended() -> None:
    suspended = taken("suspend_late_fee", "2025-06-02", "finance", ground="suit", suspended_on="2025-06-02")
    resumed = taken("resume_late_fee", "2025-07-12", "finance", resumed_on="2025-07-11")

    found = no_remedy_pending(served(suspended), an_attempt("demand", NOW))
    assert code(found) == "remedy.pending"
    assert found is not None
    assert found.facts == {"suspended_on": "2025-06-02"}
    assert no_remedy_pending(served(suspended, resumed), an_attempt("demand", NOW)) is None
    assert no_remedy_pending(served(), an_attempt("demand", NOW)) is None


@pytest.mark.parametrize(
    ("applied_on", "said", "refused"),
    [
        ("2025-10-09", {}, None),
        ("2025-10-10", {}, "right.lapsed"),
        ("2025-10-10", {"late_ground": "不可抗力"}, None),
    ],
)
def test_the_court_is_asked_by_the_last_day_or_with_good_cause(
    applied_on: str, said: dict[str, str], refused: str | None
) -> None:
    window = replace(running("court_enforcement", "2025-07-09"), due_on=day("2025-10-09"))
    attempt = an_attempt("apply_enforcement", "2025-10-10", applied_on=applied_on, **said)

    assert code(enforcement_in_time(served(deadlines=(PAYMENT, window)), attempt, answer="applied_on")) == refused


@pytest.mark.parametrize(
    ("answer", "accepted", "refused"), [("accepted", True, False), ("granted", False, False), ("refused", False, True)]
)
def test_what_the_court_answered(answer: str, accepted: bool, refused: bool) -> None:
    attempt = an_attempt("record_court_answer", NOW, "handler1", court_answer=answer)

    assert court_accepted(a_case("court_enforcement"), attempt) is accepted
    assert court_refused(a_case("court_enforcement"), attempt) is refused


def test_an_enforcement_that_executed_everything_leaves_nothing_open() -> None:
    executed = an_attempt("end_enforcement", NOW, "handler1", ended_how="executed")

    assert code(executed_is_settled(served(), executed)) == "execution.open"
    assert executed_is_settled(served(*PAID_ALL), executed) is None
    assert executed_is_settled(served(), an_attempt("end_enforcement", NOW, "handler1", ended_how="ended")) is None


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ({"copies_confiscated": 10}, None),
        ({"measures": ["stop", "confiscate_copies"]}, None),
        ({"measures": ["confiscate_tools"]}, None),
        ({"measures": ["stop", "fine"]}, "goods.none"),
    ],
)
def test_only_confiscated_goods_are_disposed_of(said: dict[str, Any], refused: str | None) -> None:
    decided = replace(DECIDED, answers={"fine_fen": 0, "measures": [], **said})

    found = goods_confiscated(served(decided=decided), an_attempt("dispose_goods", NOW, "handler1"))
    assert code(found) == refused


def test_without_a_decision_there_are_no_goods() -> None:
    assert code(goods_confiscated(a_case("closed"), an_attempt("dispose_goods", NOW, "handler1"))) == "goods.none"


# --- closing ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["served", "police_filed", "criminal_outcome"])
def test_what_was_imposed_is_settled_before_the_case_is_closed(state: str) -> None:
    attempt = an_attempt("close", "2025-01-20")

    assert code(imposed_is_executed(served(state=state), attempt)) == "execution.open"
    assert imposed_is_executed(served(*PAID_ALL, state=state), attempt) is None


def test_where_a_court_fined_the_party_the_rest_of_our_fine_does_not_keep_the_case_open() -> None:
    outcome = taken("record_outcome", "2025-02-10", outcome="sentenced", criminal_fine="yes", outcome_on="2025-02-10")

    assert imposed_is_executed(served(outcome, state="criminal_outcome"), an_attempt("close", NOW)) is None


def test_an_enforcement_that_was_ended_may_be_closed_with_what_is_open() -> None:
    assert imposed_is_executed(served(state="execution_ended"), an_attempt("close", NOW)) is None


# --- collected on the spot --------------------------------------------------------------------------------------------


def collected(on: str, fen: int) -> StepTaken:
    return taken("collect_on_spot", on, collected_on=on, collected_fen=fen)


@pytest.mark.parametrize(
    ("before", "fen", "refused"),
    [
        ((), FINE, None),
        ((), FINE + 1, "payment.not_owed"),
        ((), 0, "payment.not_owed"),
        ((collected("2025-01-09", 4_000_000),), 1_000_000, None),
        ((collected("2025-01-09", 4_000_000),), 1_000_001, "payment.not_owed"),
        (PAID_ALL, 1, "payment.not_owed"),
    ],
)
def test_no_more_is_collected_than_the_fine(before: tuple[StepTaken, ...], fen: int, refused: str | None) -> None:
    attempt = an_attempt("collect_on_spot", "2025-01-16", "handler1", collected_fen=fen)

    assert code(collected_is_owed(served(*before), attempt, answer="collected_fen")) == refused


def test_only_what_was_collected_is_handed_in() -> None:
    attempt = an_attempt("receive_spot_fine", "2025-01-16", "finance")
    first, in_ = collected("2025-01-10", 100), taken("receive_spot_fine", "2025-01-13", "finance")

    assert code(collected_before(served(), attempt)) == "collection.none"
    assert collected_before(served(first), attempt) is None
    assert code(collected_before(served(first, in_), attempt)) == "collection.none"
    assert collected_before(served(first, in_, first), attempt) is None


def test_confiscated_goods_that_were_not_disposed_of_are_pointed_out_at_closing() -> None:
    decided = taken("decide", "2025-01-08", "head", fine_fen=0, copies_confiscated=10, measures=["confiscate_copies"])
    disposed = taken("dispose_goods", "2025-01-20", pieces=10)
    attempt = an_attempt("close", "2025-02-01")

    found = goods_disposed(a_case("executed", decided), attempt)

    assert found is not None
    assert (found.code, found.remedy is not None) == ("goods.not_disposed", True)
    assert goods_disposed(a_case("executed", decided, disposed), attempt) is None
    # What was disposed of under a decision that fell does not count for the next.
    assert goods_disposed(a_case("executed", disposed, decided), attempt) is not None
    fine = taken("decide", "2025-01-08", "head", fine_fen=5_000_000, measures=["fine"])
    assert goods_disposed(a_case("executed", fine), attempt) is None
