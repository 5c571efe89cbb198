"""A case that reaches a criminal threshold of its day is referred, not fined away. 移送规定 §3, §11."""

from __future__ import annotations

import pytest
from builders import a_case, an_attempt, taken

from engine.errors import Refusal
from workflows.criminal import referral_not_owed, referral_owed


def code(refusal: Refusal | None) -> str | None:
    return refusal.code if refusal else None


THRESHOLDS = [  # day, what was found, owed: legal-deadlines §8.3
    ("2018-10-13", {"turnover_fen": 4_999_999}, False),
    ("2018-10-13", {"turnover_fen": 5_000_000}, True),
    ("2018-10-13", {"gains_fen": 2_999_999}, False),
    ("2018-10-13", {"gains_fen": 3_000_000}, True),
    ("2018-10-13", {"copies": 499}, False),
    ("2018-10-13", {"copies": 500}, True),
    ("2007-04-04", {"copies": 999}, False),
    ("2007-04-04", {"copies": 1_000}, True),
    ("2007-04-05", {"copies": 500}, True),
    ("2018-10-13", {"works": 499}, False),
    ("2018-10-13", {"works": 500}, True),
    ("2011-01-09", {"works": 500}, False),
    ("2011-01-10", {"works": 500}, True),
    ("2025-04-26", {"turnover_fen": 5_000_000}, True),
    ("2018-10-13", {}, False),
    ("2018-10-13", {"links": 100_000}, False),
]


@pytest.mark.parametrize(("on", "found", "owed"), THRESHOLDS)
def test_each_threshold_counts_by_itself_and_includes_its_number(on: str, found: dict[str, int], owed: bool) -> None:
    case = a_case("notified", taken("conclude", on, **found))

    assert code(referral_not_owed(case, an_attempt("decide", on))) == ("referral.owed" if owed else None)


def test_a_case_without_figures_owes_nothing() -> None:
    assert referral_not_owed(a_case("rechecked"), an_attempt("close_rectified", "2018-10-13", "lead")) is None


def test_the_warning_looks_at_the_figures_that_are_just_being_recorded() -> None:
    case = a_case("investigating", taken("conclude", "2018-09-20", turnover_fen=9_000_000))

    now_more = referral_owed(case, an_attempt("conclude", "2018-10-13", "handler1", turnover_fen=5_000_000))
    now_less = referral_owed(case, an_attempt("conclude", "2018-10-13", "handler1", turnover_fen=4_999_999))

    assert code(now_more) == "referral.owed"
    assert now_less is None


@pytest.mark.parametrize("answer", ["refuse_referral", "police_refuse"])
@pytest.mark.parametrize("before_the_conclusion", [True, False])
def test_an_answer_on_record_lets_the_penalty_through(answer: str, before_the_conclusion: bool) -> None:
    """Contract §3: unless the record holds a `refuse_referral` or a `police_refuse`; a referral may be proposed while
    the investigation still goes on."""
    answered, concluded = taken(answer, "2018-09-20"), taken("conclude", "2018-09-20", turnover_fen=9_000_000)
    trail = (answered, concluded) if before_the_conclusion else (concluded, answered)

    assert referral_not_owed(a_case("notified", *trail), an_attempt("decide", "2018-10-13")) is None


def test_an_answer_from_before_the_reopening_does_not_cover_what_it_was_reopened_for() -> None:
    case = a_case(
        "notified",
        taken("police_refuse", "2018-09-20", "police"),
        taken("reopen", "2019-01-02", "head"),
        taken("conclude", "2019-02-01", turnover_fen=9_000_000),
    )

    assert code(referral_not_owed(case, an_attempt("decide", "2019-03-01"))) == "referral.owed"


@pytest.mark.parametrize("answer", ["refuse_referral", "police_refuse"])
def test_figures_recorded_after_the_answer_warn_although_they_no_longer_bar(answer: str) -> None:
    answered, concluded = taken(answer, "2018-09-20"), taken("conclude", "2018-09-21", turnover_fen=9_000_000)
    attempt = an_attempt("approve_notice", "2018-10-13")

    figures_last = a_case("reviewed", answered, concluded)
    answer_last = a_case("reviewed", concluded, answered)

    assert code(referral_owed(figures_last, attempt)) == "referral.owed"
    assert referral_owed(answer_last, attempt) is None
    assert referral_not_owed(figures_last, attempt) is None
