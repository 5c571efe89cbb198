"""A case that reaches a criminal threshold of its day is referred, not fined away. 移送规定 §3, §11."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from builders import a_case, an_attempt, day, taken

from engine.case_view import Attempt, OtherCase, StepTaken
from engine.errors import Refusal
from workflows.criminal import referral_in_doubt, referral_not_owed, referral_owed
from workflows.offenders import EarlierPenalty, before_the_act, earlier_penalties


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


# --- the law of the act and the law of the day ------------------------------------------------------------------------

TWO_LAWS = [  # end of the act, day of the step, what was found, owed, in doubt
    ("2025-04-25", "2025-09-01", {"clicks": 50_000}, False, True),  # raised to 100,000: the day is milder
    ("2025-04-25", "2025-09-01", {"clicks": 100_000}, True, False),
    ("2025-04-26", "2025-09-01", {"clicks": 50_000}, False, False),
    ("2025-04-25", "2025-09-01", {"downloads": 10_000}, False, True),  # new in 2025: the act is milder
    ("2025-04-26", "2025-09-01", {"downloads": 10_000}, True, False),
    ("2025-04-25", "2025-04-25", {"clicks": 50_000}, True, False),
    (None, "2025-09-01", {"clicks": 50_000}, False, False),  # it goes on: the law of the day alone
    (None, "2025-09-01", {"downloads": 10_000}, True, False),
    ("2025-04-25", "2025-09-01", {"gains_fen": 9_999_999, "offence_kind": "selling"}, False, True),  # 100,000, 50,000
    ("2025-04-25", "2025-09-01", {"gains_fen": 10_000_000, "offence_kind": "selling"}, True, False),
    ("2007-04-04", "2008-03-01", {"copies": 500}, False, True),
    ("2025-04-25", "2025-09-01", {}, False, False),
]


@pytest.mark.parametrize(("ended_on", "on", "found", "owed", "doubt"), TWO_LAWS)
def test_a_referral_is_owed_where_both_laws_are_reached_and_in_doubt_where_one_is(
    ended_on: str | None, on: str, found: dict[str, Any], owed: bool, doubt: bool
) -> None:
    """刑法 §12: the milder law decides; the engine shows both. legal-deadlines §8.3."""
    facts = {"ended_on": ended_on} if ended_on else {}
    case = a_case("notified", taken("conclude", on, **found), facts=facts)
    attempt = an_attempt("decide", on)

    assert code(referral_not_owed(case, attempt)) == ("referral.owed" if owed else None)
    assert code(referral_owed(case, attempt)) == ("referral.owed" if owed else None)
    assert code(referral_in_doubt(case, attempt)) == ("referral.in_doubt" if doubt else None)


def test_a_case_in_doubt_shows_both_laws_and_which_of_them_is_reached() -> None:
    case = a_case("notified", taken("conclude", "2025-08-01", clicks=60_000), facts={"ended_on": "2025-04-25"})

    found = referral_in_doubt(case, an_attempt("decide", "2025-09-01"))

    assert found is not None
    act, decision = found.facts["laws"]["act"], found.facts["laws"]["decision"]
    assert act["on"] == "2025-04-25"
    assert act["reached"] == {"clicks": {"found": 60_000, "threshold": 50_000, "way": "whole"}}
    assert decision["on"] == "2025-09-01"
    assert decision["reached"] == {}
    assert "按行为终了时标准已达到" in found.zh
    assert "意见（2011）第十三条" in act["basis"]


@pytest.mark.parametrize(
    ("on", "confidence", "confirmed"),
    [("2008-10-13", "V1", True), ("2018-10-13", "V2", False), ("2025-10-13", "M+", False)],
)
def test_a_threshold_that_nobody_has_confirmed_says_so(on: str, confidence: str, confirmed: bool) -> None:
    case = a_case("notified", taken("conclude", on, turnover_fen=5_000_000))

    found = referral_not_owed(case, an_attempt("decide", on))

    assert found is not None
    assert (found.facts["confidence"], found.facts["confirmed"]) == (confidence, confirmed)
    assert ("未确认" in found.zh, "not confirmed" in found.en) == (not confirmed, not confirmed)


@pytest.mark.parametrize(
    ("ended_on", "gains_fen", "heavy"),
    [(None, 30_000_000, True), (None, 29_999_999, False), ("2025-04-25", 15_000_000, False)],
)
def test_the_aggravated_tier_stands_in_the_facts(ended_on: str | None, gains_fen: int, heavy: bool) -> None:
    """150,000 was five times the threshold before 2025-04-26; since then it is ten times, which is milder."""
    facts = {"ended_on": ended_on} if ended_on else {}
    case = a_case("notified", taken("conclude", "2025-08-01", gains_fen=gains_fen), facts=facts)

    found = referral_not_owed(case, an_attempt("decide", "2025-09-01"))

    assert found is not None
    assert found.facts["aggravated"] is heavy
    assert ("加重处罚" in found.zh) is heavy


def test_two_items_at_half_each_are_named_as_such() -> None:
    case = a_case("notified", taken("conclude", "2018-09-20", works=300, clicks=30_000))

    found = referral_not_owed(case, an_attempt("decide", "2018-10-13"))

    assert found is not None
    assert found.facts["thresholds"] == {"works": 250, "clicks": 25_000}
    assert found.facts["ways"] == {"works": "half", "clicks": "half"}
    assert "均达到标准的一半以上" in found.zh


# --- who was punished before ------------------------------------------------------------------------------------------


def other(case_no: str, *trail: StepTaken, unit: str = "kunshan") -> OtherCase:
    return OtherCase(case_no, "case", unit, trail, of=(1,))


def decided(on: str, **said: Any) -> StepTaken:
    return taken("decide", on, "head", **{"fine_fen": 1_000_000, "measures": ["stop", "fine"], **said})


def knowing(attempt: Attempt, *others: OtherCase) -> Attempt:
    return replace(attempt, history=others)


AGAIN = [  # decided on, end of the act, day of the step, owed
    ("2025-06-01", None, "2026-03-01", True),
    ("2025-06-01", None, "2027-06-01", True),  # two years: the corresponding day is in
    ("2025-06-01", None, "2027-06-02", False),
    ("2025-06-01", "2025-06-01", "2026-03-01", False),  # it had ended by then: not again
    ("2025-06-01", "2025-06-02", "2026-03-01", True),
    ("2024-02-29", "2026-02-28", "2026-03-01", True),  # no 29th: the last day of the month
    ("2024-02-29", "2026-03-01", "2026-03-01", False),
    ("2024-06-01", "2025-04-25", "2025-09-01", False),  # the law of the act knew no such rule
    ("2018-06-01", None, "2018-10-13", False),
]


@pytest.mark.parametrize(("decided_on", "ended_on", "on", "owed"), AGAIN)
def test_a_penalty_in_another_case_lowers_the_threshold_for_two_years(
    decided_on: str, ended_on: str | None, on: str, owed: bool
) -> None:
    """法释〔2025〕5号 §13: 二年内受过处罚后再次实施, gains of 20,000."""
    facts = {"ended_on": ended_on} if ended_on else {}
    case = a_case("notified", taken("conclude", on, gains_fen=2_000_000), facts=facts)
    attempt = an_attempt("decide", on)

    known = knowing(attempt, other("kunshan-2025-0007", decided(decided_on)))

    assert referral_not_owed(case, attempt) is None
    assert code(referral_not_owed(case, known)) == ("referral.owed" if owed else None)


def test_the_refusal_names_the_earlier_case_for_somebody_to_look() -> None:
    case = a_case("notified", taken("conclude", "2025-08-01", gains_fen=2_000_000))
    known = knowing(an_attempt("decide", "2025-09-01"), other("kunshan-2025-0007", decided("2025-06-01")))

    found = referral_not_owed(case, known)

    assert found is not None
    assert found.facts["earlier"] == (
        [{"on": "2025-06-01", "case_no": "kunshan-2025-0007", "unit": "kunshan", "criminal": False, "by": "party"}]
    )
    assert found.facts["thresholds"] == {"gains_fen": 2_000_000}
    assert "同名当事人" in found.zh
    assert "kunshan-2025-0007" in found.zh
    assert "kunshan-2025-0007" in found.en


def test_a_penalty_by_another_body_counts_as_the_officer_knows_it() -> None:
    said = {"turnover_fen": 3_000_000, "punished_on": "2025-06-01"}
    case = a_case("investigating")

    warned = referral_owed(case, an_attempt("conclude", "2025-09-01", "handler1", **said))
    alone = referral_owed(case, an_attempt("conclude", "2025-09-01", "handler1", turnover_fen=3_000_000))

    assert warned is not None
    assert "其他机关" in warned.zh
    assert warned.facts["earlier"] == (
        [{"on": "2025-06-01", "case_no": None, "unit": None, "criminal": False, "by": None}]
    )
    assert alone is None


def test_the_history_is_not_spoken_of_where_the_figures_suffice() -> None:
    case = a_case("notified", taken("conclude", "2025-08-01", gains_fen=3_000_000))
    known = knowing(an_attempt("decide", "2025-09-01"), other("kunshan-2025-0007", decided("2025-06-01")))

    found = referral_not_owed(case, known)

    assert found is not None
    assert "earlier" not in found.facts
    assert "曾受处罚" not in found.zh


CONVICTED = taken("close", "2025-07-01", "head", result="referred", outcome="sentenced")
PENALTIES = [  # what the other case's trail holds, the penalties that follow
    ([decided("2025-06-01")], [("2025-06-01", False)]),
    ([decided("2025-06-01", fine_fen=0, measures=["stop"])], []),  # an order to stop is no penalty
    ([decided("2025-06-01", fine_fen=0, measures=["stop", "warning"])], [("2025-06-01", False)]),
    ([taken("decide_no_penalty", "2025-06-01", "head", ground="no_fault")], []),
    ([decided("2025-06-01"), taken("decide_no_penalty", "2025-08-01", "head", ground="no_fault")], []),
    ([decided("2025-06-01"), decided("2025-08-01")], [("2025-08-01", False)]),  # decided anew
    ([CONVICTED], [("2025-07-01", True)]),
    ([taken("close", "2025-07-01", "head", result="referred", outcome="not_prosecuted")], []),
    ([CONVICTED, taken("close", "2025-08-01", "head", result="referred", outcome="dropped")], []),
    ([taken("conclude", "2025-06-01", gains_fen=9_000_000)], []),
]


@pytest.mark.parametrize(("trail", "found"), PENALTIES)
def test_penalties_are_read_from_the_last_decision_and_the_last_closing(
    trail: list[StepTaken], found: list[tuple[str, bool]]
) -> None:
    expected = [EarlierPenalty(day(on), "kunshan-2025-0007", "kunshan", criminal) for on, criminal in found]

    assert list(earlier_penalties([other("kunshan-2025-0007", *trail)], None)) == expected


def test_penalties_stand_in_the_order_of_their_days() -> None:
    others = [other("b", decided("2025-06-01")), other("a", decided("2025-06-01")), other("c", decided("2024-06-01"))]

    found = earlier_penalties(others, day("2025-01-01"))

    assert [p.case_no for p in found] == ["c", None, "a", "b"]
    assert [p.case_no for p in before_the_act(found, day("2026-12-31"), 2)] == [None, "a", "b"]
    assert before_the_act(found, day("2026-12-31"), 0) == ()
