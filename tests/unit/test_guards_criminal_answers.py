"""What police, procuratorate and court answered: rights of ours that end, one fine per act, an opinion to answer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import a_case, an_attempt, day, running, taken

from engine.errors import Refusal
from workflows.criminal import referral_not_owed
from workflows.criminal_answers import (
    asked_in_time,
    came_with_an_opinion,
    no_fine_after_criminal_fine,
    opinion_received,
    police_file_after_all,
    police_must_file,
    police_stand_by_it,
    reconsidered_once,
)

REFUSED = taken("police_refuse", "2025-09-17", "police", notice_on="2025-09-17")
RECONSIDERED = taken("police_reconsidered", "2025-09-23", "police", result="upheld", decided_on="2025-09-22")


def code(refusal: Refusal | None) -> str | None:
    """The code of a refusal, which speaks both languages and shows a way out."""
    if refusal is None:
        return None
    assert any("\u4e00" <= c <= "\u9fff" for c in refusal.zh)
    assert refusal.en
    assert refusal.remedy
    return refusal.code


@pytest.mark.parametrize(("asked_on", "refused"), [("2025-09-20", None), ("2025-09-21", "right.lapsed")])
def test_our_right_to_ask_ends_with_its_last_day(asked_on: str, refused: str | None) -> None:
    right = running("police_reconsideration", "2025-09-17")
    case = a_case("police_refused", REFUSED, deadlines=(right,))
    attempt = an_attempt("ask_reconsideration", asked_on, asked_on=asked_on)

    assert right.due_on == day("2025-09-20")
    found = asked_in_time(case, attempt, deadline="police_reconsideration", answer="asked_on")
    assert code(found) == refused


def test_a_right_that_does_not_run_any_more_is_not_late() -> None:
    ended = replace(running("police_reconsideration", "2025-09-17"), state="stopped")
    attempt = an_attempt("ask_supervision", "2025-10-09", asked_on="2025-10-09")

    for deadlines in ((), (ended,)):
        case = a_case("police_refused", REFUSED, deadlines=deadlines)
        assert asked_in_time(case, attempt, deadline="police_reconsideration", answer="asked_on") is None


def test_the_police_reconsider_each_refusal_once() -> None:
    attempt = an_attempt("ask_reconsideration", "2025-09-24")

    assert reconsidered_once(a_case("police_refused", REFUSED), attempt) is None
    assert code(reconsidered_once(a_case("police_refused", REFUSED, RECONSIDERED), attempt)) == "right.none"
    # Referred again on new figures, refused again: that refusal has not been looked at.
    assert reconsidered_once(a_case("police_refused", REFUSED, RECONSIDERED, REFUSED), attempt) is None


@pytest.mark.parametrize(("criminal_fine", "fine", "refused"), [
    ("yes", 1, "fine.after_criminal"),
    ("yes", 0, None),
    ("no", 1, None),
    (None, 1, "fine.after_criminal"),  # the crime is never sentenced without a fine
])  # fmt: skip
def test_one_fine_for_one_act(criminal_fine: str | None, fine: int, refused: str | None) -> None:
    """行政处罚法（2021） §35(2)."""
    said = {"outcome": "sentenced", "outcome_on": "2025-12-01"}
    said |= {"criminal_fine": criminal_fine} if criminal_fine else {}
    case = a_case("notified", taken("record_outcome", "2025-12-01", **said))

    found = no_fine_after_criminal_fine(case, an_attempt("decide", "2025-12-20", fine_fen=fine), answer="fine_fen")
    assert code(found) == refused


def test_only_an_opinion_that_came_is_answered() -> None:
    attempt = an_attempt("answer_procuratorate", "2026-01-09", "handler1")
    opened_with = running("reverse_referral_answer", "2025-12-05")

    assert code(opinion_received(a_case("lead"), attempt)) == "opinion.none"
    assert opinion_received(a_case("lead", deadlines=(opened_with,)), attempt) is None
    assert opinion_received(a_case("lead", taken("receive_opinion", "2025-12-05")), attempt) is None


@pytest.mark.parametrize(
    ("source", "received_on", "came"),
    [
        ("reverse_referral", "2025-12-05", True),
        ("reverse_referral", None, False),
        ("transfer", "2025-12-05", False),
    ],
)
def test_a_case_comes_with_an_opinion_only_from_a_procuratorate(
    source: str, received_on: str | None, came: bool
) -> None:
    said = {"source": source} | ({"received_on": received_on} if received_on else {})

    assert came_with_an_opinion(a_case("lead"), an_attempt("open", "2025-12-05", **said)) is came


@pytest.mark.parametrize(("said", "file_", "stand", "must"), [
    ({"result": "filed"}, True, False, False),
    ({"result": "upheld"}, False, True, False),
    ({"answer": "must_file"}, False, False, True),
    ({"answer": "reasons_good"}, False, False, False),
])  # fmt: skip
def test_what_was_answered(said: dict[str, str], file_: bool, stand: bool, must: bool) -> None:
    case, attempt = a_case("referral_reconsideration"), an_attempt("police_reconsidered", "2025-09-23", "head", **said)

    assert (police_file_after_all(case, attempt), police_stand_by_it(case, attempt)) == (file_, stand)
    assert police_must_file(case, attempt) is must


def test_whoever_the_procuratorate_does_not_prosecute_is_ours_to_punish() -> None:
    """Contract §3: refuse_referral, a police_refuse or a procuratorate's opinion."""
    concluded = taken("conclude", "2025-12-10", turnover_fen=90_000_000)
    opinion = taken("receive_opinion", "2025-12-05", opinion_on="2025-12-05")
    attempt = an_attempt("decide", "2025-12-20", fine_fen=0)
    sent = {"source": "reverse_referral"}

    assert code(referral_not_owed(a_case("notified", concluded), attempt)) == "referral.owed"
    assert referral_not_owed(a_case("notified", opinion, concluded), attempt) is None
    assert referral_not_owed(a_case("notified", concluded, facts=sent), attempt) is None
    # What it was reopened for, nobody has answered.
    reopened = taken("reopen", "2025-12-08", "head", ground="新的事实")
    assert code(referral_not_owed(a_case("notified", reopened, concluded, facts=sent), attempt)) == "referral.owed"
