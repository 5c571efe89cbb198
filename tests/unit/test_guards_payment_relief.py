"""Relief from paying at once: the late fee stands still while a remedy is pending; the fine may be paid in parts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from builders import a_case, an_attempt, day, law, running, taken

from engine.case_view import CaseView, StepTaken
from engine.errors import Refusal
from workflows.payment_relief import (
    fine_imposed,
    instalments_add_up,
    instalments_are_several,
    instalments_lie_ahead,
    late_fee_running,
    late_fee_suspended,
)
from workflows.settlement import Balance, balance_of, nothing_open

YUAN = 100
DECIDED = taken("decide", "2025-12-15", "head", fine_fen=50_000 * YUAN, confiscated_fen=0)
SERVED = taken("serve", "2025-12-18", served_on="2025-12-18")
PAYMENT = running("payment", "2025-12-18")  # until Sunday 2026-01-04, a make-up day (T1)


def served(*more: StepTaken, deadlines: tuple[Any, ...] = (PAYMENT,), fine: int = 50_000 * YUAN) -> CaseView:
    decided = replace(DECIDED, answers={**DECIDED.answers, "fine_fen": fine})
    return a_case("served", decided, SERVED, *more, deadlines=deadlines)


def suspended(on: str) -> StepTaken:
    return taken("suspend_late_fee", on, "finance", ground="reconsideration", suspended_on=on)


def resumed(on: str) -> StepTaken:
    return taken("resume_late_fee", on, "finance", resumed_on=on)


def paid(on: str, yuan: int, kind: str = "fine") -> StepTaken:
    return taken("pay", on, "finance", **{"paid_on": on, "paid_fen": yuan * YUAN, "for": kind})


def in_parts(on: str, *parts: tuple[str, int]) -> StepTaken:
    said = [{"on": part_on, "fen": yuan * YUAN} for part_on, yuan in parts]
    return taken("allow_instalments", on, "head", instalments=said)


def until(last_on: str, number: int = 2) -> Any:
    """The deadline that instalments start."""
    return replace(PAYMENT, id=f"payment.{number}", due_on=day(last_on))


def balance(case: CaseView, on: str) -> Balance:
    found = balance_of(case, law(), day(on))
    assert found is not None
    return found


def code(refusal: Refusal | None) -> str | None:
    return refusal.code if refusal else None


# --- the late fee stands still ----------------------------------------------------------------------------------------


def test_the_days_of_a_reconsideration_are_not_counted() -> None:
    """The last row of legal-deadlines §8.2: 2026-01-15 to 2026-02-24, both inclusive, leave 24 of 65 days."""
    case = served(suspended("2026-01-15"), resumed("2026-02-25"))

    assert balance(case, "2026-03-10").late_fee_fen == 36_000 * YUAN
    assert balance(case, "2026-02-24").late_fee_fen == 10 * 1_500 * YUAN  # the 5th to the 14th
    assert balance(case, "2026-02-25").late_fee_fen == 11 * 1_500 * YUAN


def test_while_it_goes_on_the_fee_stands_still_and_says_since_when() -> None:
    case = served(suspended("2026-01-15"))

    refused = nothing_open(case, an_attempt("complete", "2027-01-01", "handler1"))

    assert refused is not None
    assert refused.facts["late_fee_fen"] == 15_000 * YUAN
    assert refused.facts["late_fee_suspended_on"] == "2026-01-15"


def test_a_suspension_of_an_earlier_decision_does_not_touch_the_new_one() -> None:
    case = served(suspended("2026-01-15"))
    again = replace(DECIDED, on=day("2026-06-01"), seq=9), replace(SERVED, on=day("2026-06-02"), seq=10)

    anew = a_case("served", *case.trail, *again, deadlines=(PAYMENT, replace(until("2026-06-17"), id="payment.2")))

    assert balance(anew, "2026-06-18").late_fee_fen == 1_500 * YUAN


def test_before_a_new_decision_is_served_the_old_last_day_makes_nothing_late() -> None:
    decided_anew = replace(DECIDED, on=day("2026-06-01"))

    case = served(decided_anew)

    assert balance(case, "2026-06-18").late_fee_fen == 0


def test_it_is_suspended_once_until_it_runs_again() -> None:
    attempt = an_attempt("suspend_late_fee", "2026-03-01", "finance", suspended_on="2026-03-01")

    assert late_fee_running(served(), attempt) is None
    assert code(late_fee_running(served(suspended("2026-01-15")), attempt)) == "late_fee.suspended"
    assert late_fee_running(served(suspended("2026-01-15"), resumed("2026-02-25")), attempt) is None


@pytest.mark.parametrize(
    ("resumed_on", "refused"),
    [
        ("2026-01-14", "date.before_previous"),
        ("2026-01-15", "date.before_previous"),  # not one day would be left out
        ("2026-01-16", None),
        (None, None),  # left to the missing answer
    ],
)
def test_it_runs_again_from_a_day_after_it_stood_still(resumed_on: str | None, refused: str | None) -> None:
    said = {} if resumed_on is None else {"resumed_on": resumed_on}
    attempt = an_attempt("resume_late_fee", "2026-03-01", "finance", **said)

    assert code(late_fee_suspended(served(suspended("2026-01-15")), attempt)) == refused


@pytest.mark.parametrize("before", [(), (suspended("2026-01-15"), resumed("2026-02-25"))])
def test_what_is_not_suspended_cannot_be_resumed(before: tuple[StepTaken, ...]) -> None:
    attempt = an_attempt("resume_late_fee", "2026-03-01", "finance", resumed_on="2026-03-01")

    found = late_fee_suspended(served(*before), attempt)

    assert code(found) == "late_fee.not_suspended"
    assert found is not None
    assert found.remedy is not None
    assert found.remedy.command == "anjuan case why suzhou-2018-0001 suspend_late_fee"


def test_only_a_fine_carries_a_late_fee() -> None:
    attempt = an_attempt("suspend_late_fee", "2026-03-01", "finance")

    assert fine_imposed(served(), attempt) is None
    assert code(fine_imposed(served(fine=0), attempt)) == "late_fee.none"
    no_penalty = a_case("served", taken("decide_no_penalty", "2025-12-15", "head", ground="no_fault"))
    assert code(fine_imposed(no_penalty, attempt)) == "late_fee.none"


# --- instalments ------------------------------------------------------------------------------------------------------


SUMS = [  # paid before in yuan, the instalments in yuan, refused
    (0, (20_000, 30_000), None),
    (0, (20_000, 29_999), "instalments.sum"),
    (0, (20_000, 30_001), "instalments.sum"),
    (10_000, (20_000, 20_000), None),
    (10_000, (20_000, 30_000), "instalments.sum"),
    (50_000, (1, 1), "instalments.sum"),
]


@pytest.mark.parametrize(("before", "parts", "refused"), SUMS)
def test_the_parts_add_up_to_what_is_still_owed_of_the_fine(
    before: int, parts: tuple[int, int], refused: str | None
) -> None:
    case = served(*([paid("2025-12-29", before)] if before else []))
    said = [{"on": on, "fen": yuan * YUAN} for on, yuan in zip(("2026-02-02", "2026-03-02"), parts, strict=True)]

    found = instalments_add_up(case, allowing("2025-12-30", said), answer="instalments")

    assert code(found) == refused
    if found is not None:
        assert found.facts == {"in_parts_fen": sum(parts) * YUAN, "owed_fen": (50_000 - before) * YUAN}


def test_a_late_fee_that_runs_is_no_part_of_the_instalments() -> None:
    said = [{"on": "2026-02-02", "fen": 20_000 * YUAN}, {"on": "2026-03-02", "fen": 30_000 * YUAN}]

    assert balance(served(), "2026-01-10").late_fee_fen == 9_000 * YUAN
    assert instalments_add_up(served(), allowing("2026-01-10", said), answer="instalments") is None


@pytest.mark.parametrize(
    ("first", "refused"), [("2026-01-09", "date.before_previous"), ("2026-01-10", None), ("2026-01-11", None)]
)
def test_no_part_lies_before_the_day_on_which_it_is_allowed(first: str, refused: str | None) -> None:
    said = [{"on": first, "fen": 1}, {"on": "2026-03-02", "fen": 1}]

    assert code(instalments_lie_ahead(served(), allowing("2026-01-10", said), answer="instalments")) == refused


def test_one_part_alone_is_a_deferral_and_says_how_to_grant_it() -> None:
    one = [{"on": "2026-02-02", "fen": 50_000 * YUAN}]

    found = instalments_are_several(served(), allowing("2026-01-02", one), answer="instalments")

    assert code(found) == "instalments.single"
    assert found is not None
    assert found.remedy is not None
    assert found.remedy.command is not None
    assert found.remedy.command.startswith("anjuan case why suzhou-2018-0001 defer_payment")
    assert instalments_are_several(served(), allowing("2026-01-02", [*one, *one]), answer="instalments") is None


@pytest.mark.parametrize("guard", [instalments_add_up, instalments_lie_ahead, instalments_are_several])
def test_instalments_that_are_missing_are_left_to_the_missing_answer(guard: Any) -> None:
    assert guard(served(), an_attempt("allow_instalments", "2026-01-02"), answer="instalments") is None


def allowing(on: str, parts: list[dict[str, Any]]) -> Any:
    return an_attempt("allow_instalments", on, instalments=parts)


def test_each_part_has_its_own_last_day_moved_over_rest_days() -> None:
    """Sunday 2026-02-01 moves to Monday; 2026-02-28 is a worked Saturday (V15) and stays."""
    plan = in_parts("2026-01-02", ("2026-02-01", 20_000), ("2026-02-28", 20_000), ("2026-04-01", 10_000))
    case = served(plan, deadlines=(PAYMENT, until("2026-04-01")))

    assert balance(case, "2026-02-02").late_fen == 0
    assert balance(case, "2026-02-03").late_fen == 20_000 * YUAN
    assert balance(case, "2026-02-28").late_fen == 20_000 * YUAN
    assert balance(case, "2026-03-01").late_fen == 40_000 * YUAN
    assert balance(case, "2026-04-01").late_fen == 40_000 * YUAN
    assert balance(case, "2026-04-02").late_fen == 50_000 * YUAN


def test_more_time_granted_for_the_payment_is_more_time_for_the_last_part() -> None:
    plan = in_parts("2026-01-02", ("2026-02-02", 20_000), ("2026-03-02", 30_000))

    case = served(plan, deadlines=(PAYMENT, until("2026-03-20")))

    assert balance(case, "2026-03-20").late_fen == 20_000 * YUAN
    assert balance(case, "2026-03-21").late_fen == 50_000 * YUAN


def test_payments_settle_the_earliest_part_first_and_the_facts_say_what_is_open() -> None:
    plan = in_parts("2026-01-02", ("2026-02-02", 20_000), ("2026-03-02", 30_000))
    case = served(plan, paid("2026-02-02", 25_000), deadlines=(PAYMENT, until("2026-03-02")))

    refused = nothing_open(case, an_attempt("complete", "2026-02-03", "handler1"))

    assert refused is not None
    assert refused.facts["instalments"] == [
        {"due_on": "2026-02-02", "open_fen": 0},
        {"due_on": "2026-03-02", "open_fen": 25_000 * YUAN},
    ]
    assert refused.facts["late_fen"] == 0
    assert refused.facts["late_fee_fen"] == 0


def test_new_instalments_take_the_place_of_the_old_ones() -> None:
    first = in_parts("2026-01-02", ("2026-02-02", 20_000), ("2026-03-02", 30_000))
    second = in_parts("2026-02-10", ("2026-04-01", 15_000), ("2026-05-06", 25_000))
    case = served(first, paid("2026-02-05", 10_000), second, deadlines=_three())

    # The 3rd to the 5th on 20,000 (the day of a payment counts), the 6th to the 9th on 10,000; then the new terms.
    assert balance(case, "2026-03-31").late_fee_fen == (3 * 600 + 4 * 300) * YUAN
    assert balance(case, "2026-03-31").late_fen == 0
    assert [on for on, _ in balance(case, "2026-03-31").parts] == [date(2026, 4, 1), date(2026, 5, 6)]


def _three() -> tuple[Any, ...]:
    return (PAYMENT, until("2026-03-02", 2), until("2026-05-06", 3))
