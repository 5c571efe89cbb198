"""Money rules: the fine bands and late fees of the law, the notice as the ceiling, what is settled and what is open."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from builders import a_case, an_attempt, day, law, running, taken

from engine.case_view import CaseView
from engine.errors import Refusal
from workflows.money import Band, Paid, fine_band, late_fee
from workflows.money_guards import fine_within_band, not_above_notice
from workflows.settlement import (
    balance_of,
    fine_settled_with_this,
    imposed_is_executed,
    money_ordered,
    nothing_open,
    settled_with_this,
    something_to_pay,
)

YUAN = 100


def code(refusal: Refusal | None) -> str | None:
    return refusal.code if refusal else None


BANDS = [  # turnover in fen, least and most in yuan: legal-deadlines §8.1, "Worked"
    (50_000_00, 50_000, 250_000),
    (49_999_99, 0, 250_000),
    (120_000_00, 120_000, 600_000),
    (None, 0, 250_000),
    (10_000_000_00, 10_000_000, 50_000_000),
    (0, 0, 250_000),
]


@pytest.mark.parametrize("on", ["2013-03-01", "2021-05-31", "2021-06-01"])
@pytest.mark.parametrize(("turnover_fen", "least", "most"), BANDS)
def test_the_fine_band_follows_the_turnover(on: str, turnover_fen: int | None, least: int, most: int) -> None:
    version = law().parameter_on("fine_band", day(on))

    assert fine_band(turnover_fen, version) == Band(least * YUAN, most * YUAN)


def test_before_march_2013_no_band_is_confirmed_and_none_is_invented() -> None:
    assert fine_band(None, law().parameter_on("fine_band", day("2013-02-28"))) is None


@pytest.mark.parametrize(
    ("fine_fen", "refused"),
    [
        (0, None),
        (11_999_999, "fine.outside_band"),
        (12_000_000, None),
        (60_000_000, None),
        (60_000_001, "fine.outside_band"),
    ],
)
def test_a_fine_lies_in_its_band_both_ends_included_and_zero_always(fine_fen: int, refused: str | None) -> None:
    case = a_case("notified", taken("conclude", "2018-09-20", turnover_fen=12_000_000))

    assert (
        code(fine_within_band(case, an_attempt("decide", "2018-10-13", fine_fen=fine_fen), answer="fine_fen"))
        == refused
    )


def test_a_refused_fine_says_the_band_and_its_article() -> None:
    case = a_case("notified", taken("conclude", "2018-09-20"))

    found = fine_within_band(case, an_attempt("decide", "2018-10-13", fine_fen=25_000_001), answer="fine_fen")

    assert found is not None
    assert found.facts["least_fen"] == 0
    assert found.facts["most_fen"] == 25_000_000
    assert "实施条例（2013）" in found.basis


def test_the_band_is_that_of_the_end_of_the_act_not_of_the_decision() -> None:
    """Substance follows the law of the act; before 2013-03-01 no amount is confirmed, so none is refused."""
    old_act = a_case("notified", facts={"ended_on": "2013-02-28"})
    new_act = a_case("notified", facts={"ended_on": "2013-03-01"})
    attempt = an_attempt("decide", "2013-10-13", fine_fen=99_000_000)

    assert fine_within_band(old_act, attempt, answer="fine_fen") is None
    assert code(fine_within_band(new_act, attempt, answer="fine_fen")) == "fine.outside_band"


@pytest.mark.parametrize(
    ("fine", "confiscated", "refused"),
    [
        (5_000_000, 1_000_000, None),
        (4_000_000, None, None),
        (5_000_001, 0, "fine.above_notice"),
        (0, 1_000_001, "fine.above_notice"),
    ],
)
def test_a_decision_is_never_heavier_than_the_notice(fine: int, confiscated: int | None, refused: str | None) -> None:
    notice = taken(
        "approve_notice", "2018-09-25", "head", proposed_fine_fen=5_000_000, proposed_confiscation_fen=1_000_000
    )
    said = {"fine_fen": fine, **({} if confiscated is None else {"confiscated_fen": confiscated})}

    found = not_above_notice(
        a_case("notified", notice),
        an_attempt("decide", "2018-10-13", **said),
        fine="fine_fen",
        confiscation="confiscated_fen",
    )

    assert code(found) == refused


def test_after_a_new_notice_the_new_amount_is_the_ceiling() -> None:
    case = a_case(
        "notified",
        taken("approve_notice", "2018-09-25", "head", proposed_fine_fen=1_000_000),
        taken("approve_notice", "2018-10-09", "head", proposed_fine_fen=3_000_000),
    )

    attempt = an_attempt("decide", "2018-10-30", fine_fen=3_000_000)

    assert not_above_notice(case, attempt, fine="fine_fen", confiscation="confiscated_fen") is None


LATE_FEES = [  # paid on, fee in yuan: legal-deadlines §8.2, fine 50,000, last payment day 2026-01-04
    ("2026-01-04", 0),
    ("2026-01-05", 1_500),
    ("2026-01-20", 24_000),
    ("2026-02-06", 49_500),
    ("2026-02-07", 50_000),
    ("2026-03-10", 50_000),
]


@pytest.mark.parametrize(("paid_on", "yuan"), LATE_FEES)
def test_the_late_fee_grows_by_three_per_cent_a_day_up_to_the_fine(paid_on: str, yuan: int) -> None:
    version = law().parameter_on("late_fee", day(paid_on))
    fine = 50_000 * YUAN

    unpaid = late_fee(fine, (), day("2026-01-04"), day(paid_on), version)
    paid = late_fee(fine, [Paid(day(paid_on), fine)], day("2026-01-04"), day("2026-12-31"), version)

    assert unpaid == yuan * YUAN
    assert paid == yuan * YUAN  # it stops growing with the payment


def test_a_part_paid_in_time_carries_no_late_fee() -> None:
    """Ten days on the unpaid 20,000 of 50,000: 20,000 × 3 % × 10."""
    version = law().parameter_on("late_fee", day("2026-01-14"))

    fee = late_fee(
        50_000 * YUAN, [Paid(day("2026-01-04"), 30_000 * YUAN)], day("2026-01-04"), day("2026-01-14"), version
    )

    assert fee == 6_000 * YUAN


def served(*more: object, fine: int = 5_000_000, confiscated: int = 0, state: str = "served") -> CaseView:
    """A decision served on 2018-10-19, payable until 2018-11-05 (T2)."""
    return a_case(
        state,
        taken("decide", "2018-10-13", "head", fine_fen=fine, confiscated_fen=confiscated),
        taken("serve", "2018-10-19", served_on="2018-10-19"),
        *more,  # type: ignore[arg-type]
        deadlines=(running("payment", "2018-10-19"),),
    )


def paying(on: str, fen: int, kind: str = "fine") -> dict[str, object]:
    return {"paid_on": on, "paid_fen": fen, "for": kind}


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        (paying("2018-11-05", 5_000_000), None),
        (paying("2018-11-05", 1), None),
        (paying("2018-11-05", 5_000_001), "payment.not_owed"),
        (paying("2018-11-05", 0), "payment.not_owed"),
        (paying("2018-11-05", 1, "confiscation"), "payment.not_owed"),
        (paying("2018-11-05", 1, "late_fee"), "payment.not_owed"),
        (paying("2018-11-06", 150_000, "late_fee"), None),
        (paying("2018-11-06", 150_001, "late_fee"), "payment.not_owed"),
    ],
)
def test_a_payment_fits_what_is_owed(said: dict[str, object], refused: str | None) -> None:
    on = str(said["paid_on"])

    assert code(something_to_pay(served(), an_attempt("pay", on, "finance", **said))) == refused


def test_a_payment_without_its_answers_is_left_to_the_missing_answers() -> None:
    assert something_to_pay(served(), an_attempt("pay", "2018-11-05", "finance")) is None


def test_a_fine_paid_in_time_but_recorded_late_leaves_nothing_open() -> None:
    attempt = an_attempt("pay", "2018-11-20", "finance", **paying("2018-11-05", 5_000_000))

    assert settled_with_this(served(), attempt)
    assert fine_settled_with_this(served(), attempt)


def test_a_fine_paid_late_settles_the_fine_but_leaves_the_late_fee() -> None:
    attempt = an_attempt("pay", "2018-11-06", "finance", **paying("2018-11-06", 5_000_000))

    assert not settled_with_this(served(), attempt)
    assert fine_settled_with_this(served(), attempt)


def test_confiscated_gains_carry_no_late_fee() -> None:
    case = served(fine=0, confiscated=1_000_000)

    balance = balance_of(case, law(), day("2019-01-01"))

    assert balance is not None
    assert balance.open == {"confiscation": 1_000_000}


@pytest.mark.parametrize("guard", [nothing_open, imposed_is_executed])
def test_what_is_open_is_named_with_the_running_late_fee(guard: Callable[..., Refusal | None]) -> None:
    found = guard(served(), an_attempt("complete", "2018-11-15", "handler1"))

    assert code(found) == "execution.open"
    assert found is not None
    assert found.facts["fine_open_fen"] == 5_000_000
    assert found.facts["late_fee_fen"] == 1_500_000  # ten days at 3 %


@pytest.mark.parametrize("guard", [nothing_open, imposed_is_executed])
def test_a_settled_decision_has_nothing_open(guard: Callable[..., Refusal | None]) -> None:
    case = served(taken("pay", "2018-11-05", "finance", **paying("2018-11-05", 5_000_000)))

    assert guard(case, an_attempt("complete", "2018-11-15", "handler1")) is None


def test_only_a_served_case_is_asked_for_execution_when_it_is_closed() -> None:
    assert imposed_is_executed(served(state="executed"), an_attempt("close", "2018-11-15")) is None


def test_a_later_decision_without_penalty_leaves_nothing_of_the_first_one_open() -> None:
    """Reopened and corrected: the penalty is gone, and with it its payment and late fee."""
    case = served(taken("decide_no_penalty", "2019-03-01", "head", ground="not_established"))

    assert balance_of(case, law(), day("2019-03-02")) is None
    assert imposed_is_executed(case, an_attempt("close", "2019-03-02")) is None


@pytest.mark.parametrize(("fine", "confiscated", "ordered"), [(1, 0, True), (0, 1, True), (0, 0, False)])
def test_a_payment_period_begins_only_when_money_was_ordered(fine: int, confiscated: int, ordered: bool) -> None:
    case = served(fine=fine, confiscated=confiscated)

    assert money_ordered(case, an_attempt("serve", "2018-10-19", "handler1")) is ordered


def test_no_payment_is_ordered_by_a_decision_without_penalty() -> None:
    case = a_case("no_penalty", taken("decide_no_penalty", "2018-10-13", "head", ground="no_fault"))

    assert not money_ordered(case, an_attempt("serve", "2018-10-19", "handler1"))
