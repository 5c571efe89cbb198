"""Guards on time: periods run to the end of their last day, rights lapse, duties are only late, days keep order."""

from __future__ import annotations

from datetime import date

import pytest
from builders import a_case, an_attempt, day, law, running, taken

from engine.errors import Refusal
from workflows.periods import late_duty, not_before_step, not_before_step_day, right_in_time, waited


def code(refusal: Refusal | None) -> str | None:
    return refusal.code if refusal else None


NOTICED = a_case(
    "notified",
    taken("notify", "2018-09-28", served_on="2018-09-28"),
    deadlines=(running("statement_period", "2018-09-28"), running("hearing_request", "2018-09-28")),
)


@pytest.mark.parametrize(
    ("on", "refused"),
    [("2018-09-29", "wait.running"), ("2018-10-12", "wait.running"), ("2018-10-13", None)],
)
def test_a_decision_waits_until_the_day_after_the_statement_period(on: str, refused: str | None) -> None:
    """Timeline T2: told on 2018-09-28; seven working days end on 10-12, no decision before 10-13."""
    found = waited(NOTICED, an_attempt("decide", on), deadline="statement_period")

    assert code(found) == refused
    assert found is None or found.earliest_on == day("2018-10-13")


def test_a_refused_wait_says_until_when_and_under_which_article() -> None:
    found = waited(NOTICED, an_attempt("decide", "2018-10-10"), deadline="statement_period")

    assert found is not None
    assert found.basis == "著作权行政处罚实施办法（2009年）第二十七条"
    assert found.facts["due_on"] == "2018-10-12"
    assert found.facts["working_days_left"] == 2  # 10-11 and 10-12
    assert found.remedy is not None
    assert found.remedy.command == "anjuan case why suzhou-2018-0001 decide --on 2018-10-13"


def test_a_day_that_may_still_move_is_marked_wherever_a_guard_names_it() -> None:
    """Nobody knows the holidays of 2150: weekdays count for now."""
    wait, right, duty = (
        running(rule, "2026-12-01", provisional=True) for rule in ("statement_period", "suit", "decision_limit")
    )
    case = a_case("notified", deadlines=(wait, right, duty))
    late = an_attempt("decide", "2150-01-05", requested_on="2150-01-05")

    found = [
        waited(case, an_attempt("decide", "2026-12-02"), deadline="statement_period"),
        right_in_time(case, late, deadline="suit", answer="requested_on"),
        late_duty(case, late, rule="decision_limit"),
    ]

    assert [f and (f.facts["provisional"], "（暂定）" in f.zh, "(provisional)" in f.en) for f in found] == [
        (True, True, True)
    ] * 3


def test_nothing_is_waited_for_after_a_waiver() -> None:
    waived = running("statement_period", "2018-09-28", state="stopped", note="waived", ended_on=day("2018-09-29"))
    case = a_case("notified", deadlines=(waived,))

    assert waited(case, an_attempt("decide", "2018-09-29"), deadline="statement_period") is None


def test_a_case_that_was_never_told_has_nothing_to_wait_for_and_may_not_be_decided() -> None:
    never_told = a_case("notified")

    needed = waited(never_told, an_attempt("decide", "2018-10-13"), deadline="statement_period")
    optional = waited(never_told, an_attempt("decide", "2018-10-13"), deadline="hearing_request", optional="yes")

    assert code(needed) == "notice.missing"
    assert optional is None


def test_a_hearing_waits_by_the_day_on_which_it_is_held_not_by_the_day_of_recording() -> None:
    case = a_case("hearing", deadlines=(running("hearing_notice", "2025-11-17"),))

    too_soon = waited(
        case,
        an_attempt("hold_hearing", "2025-12-01", held_on="2025-11-26"),
        deadline="hearing_notice",
        answer="held_on",
    )
    in_time = waited(
        case,
        an_attempt("hold_hearing", "2025-12-01", held_on="2025-11-27"),
        deadline="hearing_notice",
        answer="held_on",
    )

    assert code(too_soon) == "wait.running"
    assert in_time is None


def test_after_a_second_notice_the_second_period_counts_even_when_it_began_earlier() -> None:
    """A notice by public notice takes effect later than the personal one that replaces it."""
    first = running("hearing_request", "2018-11-10")
    second = running("hearing_request", "2018-10-08", id="hearing_request.2")
    case = a_case("notified", deadlines=(second, first))  # as the store sorts them: by first day

    found = case.latest_deadline("hearing_request")

    assert found is second


@pytest.mark.parametrize(
    ("received_on", "ground", "refused"),
    [
        ("2018-10-12", None, None),
        ("2018-10-13", None, "right.lapsed"),
        ("2018-10-13", "洪水封路", None),
    ],
)
def test_a_defence_is_in_time_by_the_day_of_posting(received_on: str, ground: str | None, refused: str | None) -> None:
    said = {"received_on": received_on, **({"late_ground": ground} if ground else {})}
    found = right_in_time(
        NOTICED, an_attempt("state_defence", "2018-10-20", **said), deadline="statement_period", answer="received_on"
    )

    assert code(found) == refused


@pytest.mark.parametrize(("requested_on", "refused"), [("2018-10-08", None), ("2018-10-09", "right.lapsed")])
def test_three_days_to_ask_for_a_hearing_roll_over_national_day(requested_on: str, refused: str | None) -> None:
    """T2: told on 2018-09-28, 3 days = 10-01, rolled to 2018-10-08."""
    found = right_in_time(
        NOTICED,
        an_attempt("request_hearing", "2018-10-09", requested_on=requested_on),
        deadline="hearing_request",
        answer="requested_on",
    )

    assert code(found) == refused


def test_a_right_that_never_began_cannot_lapse_here() -> None:
    found = right_in_time(
        a_case("notified"),
        an_attempt("request_hearing", "2018-10-09", requested_on="2018-10-09"),
        deadline="hearing_request",
        answer="requested_on",
    )

    assert found is None  # `hearing_right_given` is the guard that refuses it


@pytest.mark.parametrize(
    ("served_on", "refused"),
    [("2018-09-24", "date.before_previous"), ("2018-09-25", None), ("2018-09-26", None)],
)
def test_a_notice_is_not_served_before_it_was_approved(served_on: str, refused: str | None) -> None:
    case = a_case("notice_approved", taken("approve_notice", "2018-09-25", "head"))
    found = not_before_step(
        case, an_attempt("notify", "2018-09-26", served_on=served_on), answer="served_on", step="approve_notice"
    )

    assert code(found) == refused


@pytest.mark.parametrize(("received_on", "refused"), [("2018-09-26", "date.before_previous"), ("2018-09-27", None)])
def test_what_counts_is_the_day_of_service_not_the_day_on_which_it_was_recorded(
    received_on: str, refused: str | None
) -> None:
    case = a_case("notified", taken("notify", "2018-09-29", served_on="2018-09-27"))
    found = not_before_step(
        case,
        an_attempt("state_defence", "2018-09-30", received_on=received_on),
        answer="received_on",
        step="notify",
        answered="served_on",
    )

    assert code(found) == refused


@pytest.mark.parametrize(
    ("handed_at", "refused"),
    [("2018-09-21T16:29+08:00", "date.before_previous"), ("2018-09-21T16:30+08:00", None)],
)
def test_a_case_is_not_handed_over_a_minute_before_its_approval(handed_at: str, refused: str | None) -> None:
    case = a_case(
        "referral_approved", taken("approve_referral", "2018-09-21", "head", approved_at="2018-09-21T16:30+08:00")
    )
    found = not_before_step(
        case,
        an_attempt("hand_over", "2018-09-21", handed_at=handed_at),
        answer="handed_at",
        step="approve_referral",
        answered="approved_at",
    )

    assert code(found) == refused


def test_a_step_that_was_never_taken_orders_nothing() -> None:
    found = not_before_step(
        a_case("no_penalty"),
        an_attempt("serve", "2018-09-21", served_on="2018-01-01"),
        answer="served_on",
        step="decide",
    )

    assert found is None


@pytest.mark.parametrize(
    ("rectify_by", "refused"), [("2018-09-20", "date.before_previous"), ("2018-09-21", None), ("2018-09-30", None)]
)
def test_a_rectification_is_not_due_before_it_is_ordered(rectify_by: str, refused: str | None) -> None:
    found = not_before_step_day(
        a_case("verifying"), an_attempt("order_rectification", "2018-09-21", rectify_by=rectify_by), answer="rectify_by"
    )

    assert code(found) == refused


@pytest.mark.parametrize(("on", "warned"), [("2018-09-18", None), ("2018-09-19", "duty.overdue")])
def test_accepting_late_only_warns(on: str, warned: str | None) -> None:
    """F2: 15 calendar days from 2018-09-03."""
    case = a_case("complaint", deadlines=(running("complaint_decision", "2018-09-03"),))
    found = late_duty(case, an_attempt("accept", on, "lead"), rule="complaint_decision")

    assert code(found) == warned


@pytest.mark.parametrize(
    ("handed_at", "warned"),
    [("2025-10-01T16:30+08:00", None), ("2025-10-01T16:31+08:00", "duty.overdue")],
)
def test_twenty_four_hours_to_hand_over_end_to_the_minute(handed_at: str, warned: str | None) -> None:
    """H1: approved 2025-09-30 16:30, hand over by 2025-10-01 16:30; holidays do not stop hours."""
    from datetime import datetime

    from engine.deadlines import new_deadline

    version = law().limit_on("hand_over", day("2025-09-30"))
    assert version is not None
    approved_at = datetime.fromisoformat("2025-09-30T16:30+08:00")
    running_hours = new_deadline(
        law().limits["hand_over"],
        version,
        "hand_over",
        "",
        law().calendar,
        started_on=day("2025-09-30"),
        started_at=approved_at,
    )
    case = a_case("referral_approved", deadlines=(running_hours,))
    found = late_duty(
        case, an_attempt("hand_over", "2025-10-01", handed_at=handed_at), rule="hand_over", answer="handed_at"
    )

    assert code(found) == warned


def test_a_duty_that_was_done_is_never_late_again() -> None:
    done = running("publication", "2018-10-13", state="met", ended_on=day("2018-10-20"))
    case = a_case("served", deadlines=(done,))

    assert late_duty(case, an_attempt("publish", "2018-12-01", published_on="2018-12-01"), rule="publication") is None


T1_AND_T2 = [  # rule, start, due, source
    ("statement_period", "2018-09-28", "2018-10-12", "T2"),
    ("hearing_request", "2018-09-28", "2018-10-08", "T2"),
    ("payment", "2018-10-19", "2018-11-05", "T2"),
    ("suit", "2018-10-19", "2019-01-21", "T2, M5"),
    ("complaint_decision", "2018-09-17", "2018-10-02", "T2: plan on the unrolled fifteenth day"),
    ("decision_limit", "2025-09-28", "2025-12-27", "T1"),
    ("hearing_request", "2025-11-10", "2025-11-17", "T1"),
    ("statement_period", "2025-11-10", "2025-11-19", "T1"),
    ("hearing_notice", "2025-11-17", "2025-11-26", "T1"),
    ("service_of_decision", "2025-12-15", "2025-12-24", "T1"),
    ("publication", "2025-12-15", "2026-01-13", "T1"),
    ("payment", "2025-12-18", "2026-01-04", "T1"),
    ("reconsideration", "2025-12-18", "2026-02-24", "T1"),
    ("suit", "2025-12-18", "2026-06-18", "T1"),
    ("public_notice_service", "2018-08-10", "2018-10-09", "N1"),
    ("public_notice_service", "2024-09-12", "2024-10-12", "N2: a worked Saturday"),
]


@pytest.mark.parametrize(("rule", "start", "due", "source"), T1_AND_T2)
def test_the_two_timelines_of_the_law_come_out(rule: str, start: str, due: str, source: str) -> None:
    """legal-deadlines §9, timelines T1 and T2 and vectors N1, N2, M5."""
    assert running(rule, start).due_on == date.fromisoformat(due), source


def test_the_law_of_2018_knows_no_limit_for_the_decision() -> None:
    """T2: none in 2018; it begins with 2021-07-15."""
    assert law().limit_on("decision_limit", day("2018-09-28")) is None
    assert law().limit_on("decision_limit", day("2021-07-14")) is None
    assert law().limit_on("decision_limit", day("2021-07-15")) is not None
