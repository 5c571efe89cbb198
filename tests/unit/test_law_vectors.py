"""The vectors and the two timelines through the shipped law: the day of the step chooses the version that is counted.

Sources: the project's reference of legal deadlines, section 9 (V01 to V17, M, H, N, L1, timelines T1 and T2), with the
numbers of its sections 3 to 7 (P4, X1 …) for the limit. `test_periods.py` has the same as plain arithmetic.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from builders import a_case, an_attempt, day, law, running

from engine.clock import SHANGHAI, end_of_day
from engine.deadlines import Deadline, new_deadline, period_of
from engine.periods import Period, Reading, due_of, proof_of, safe_day
from workflows.periods import right_in_time, waited

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))
PENALTY_LAW_2021 = "2021-07-15"


class Row(NamedTuple):
    """A line of a timeline: the limit, the day it runs from, its last day, the working day to plan on."""

    rule: str
    start: str
    due: str
    safe: str
    source: str


def running_hours(rule: str, started_at: str) -> Deadline:
    at = datetime.fromisoformat(started_at)
    version = law().limit_on(rule, at.date())
    assert version is not None
    return new_deadline(law().limits[rule], version, rule, "", law().calendar, started_on=at.date(), started_at=at)


T1 = [
    Row("evidence_hold", "2025-09-26", "2025-10-13", "2025-10-13", "E1: 7 wd, Sun 09-28 and Sat 10-11 are worked"),
    Row("decision_limit", "2025-09-28", "2025-12-27", "2025-12-26", "P11: 90 cd end on a Saturday, plan for Friday"),
    Row("hearing_request", "2025-11-10", "2025-11-17", "2025-11-17", "P4: 5 wd"),
    Row("statement_period", "2025-11-10", "2025-11-19", "2025-11-19", "P2: the later of 7 cd and 7 wd"),
    Row("hearing_notice", "2025-11-17", "2025-11-26", "2025-11-26", "P5: seven full working days"),
    Row("service_of_decision", "2025-12-15", "2025-12-24", "2025-12-24", "P12: 7 wd"),
    Row("publication", "2025-12-15", "2026-01-13", "2026-01-13", "P15: 20 wd"),
    Row("payment", "2025-12-18", "2026-01-04", "2026-01-04", "X1: 01-02 is a rest day, Sun 01-04 is worked"),
    Row("reconsideration", "2025-12-18", "2026-02-24", "2026-02-24", "X4: 02-16 lies in Spring Festival"),
    Row("suit", "2025-12-18", "2026-06-18", "2026-06-18", "X8: 6 months"),
    Row("demand_wait", "2026-06-22", "2026-07-06", "2026-07-06", "X10: 10 wd"),
    Row("court_enforcement", "2026-06-18", "2026-09-18", "2026-09-18", "X11: 3 months"),
]
T2 = [
    Row("complaint_decision", "2018-09-17", "2018-10-02", "2018-09-30", "F2: plan at the latest on the worked Sunday"),
    Row("evidence_hold", "2018-09-26", "2018-10-03", "2018-09-30", "E1: 7 cd before 2021-07-15, before the holiday"),
    Row("hearing_request", "2018-09-28", "2018-10-08", "2018-10-08", "P4: 3 days end on 10-01, a party's right rolls"),
    Row("statement_period", "2018-09-28", "2018-10-12", "2018-10-12", "P2: the later of 10-08 (7 cd) and 10-12 (7 wd)"),
    Row("payment", "2018-10-19", "2018-11-05", "2018-11-05", "X1: 11-03 is a Saturday"),
    Row("suit", "2018-10-19", "2019-01-21", "2019-01-21", "X8, M5: 3 months under the Copyright Law of 2010"),
]


@pytest.mark.parametrize("row", [*T1, *T2], ids=lambda row: f"{row.rule} {row.start}")
def test_the_timelines_row_by_row(row: Row) -> None:
    """Legal deadlines §9, T1 (law of 2021) and T2 (law of 2018, Suzhou campaign)."""
    due_on = running(row.rule, row.start).due_on

    assert (due_on, safe_day(due_on, law().calendar)) == (day(row.due), day(row.safe)), row.source


def test_the_law_of_2018_sets_no_limit_for_the_decision() -> None:
    """T2, last line."""
    assert law().limits["decision_limit"].choose(day("2018-09-28")) is None


@pytest.mark.parametrize(
    ("rule", "start", "each_reading"),
    [
        ("statement_period", "2025-11-10", {"+7cd": "2025-11-17", "+7wd": "2025-11-19"}),  # T1
        ("statement_period", "2018-09-28", {"+7cd": "2018-10-08", "+7wd": "2018-10-12"}),  # T2
        ("complaint_decision", "2018-09-17", {"+15cd": "2018-10-02", "+15cd next": "2018-10-08"}),  # T2
        ("evidence_hold", "2018-09-26", {"+7cd": "2018-10-03", "+7cd next": "2018-10-08"}),  # T2
    ],
)
def test_both_readings_of_an_open_text_stand_in_the_law(rule: str, start: str, each_reading: dict[str, str]) -> None:
    version = law().limits[rule].choose(day(start))
    assert version is not None

    found = [due_of(Period((Reading(r.length, r.roll),), day(start)), law().calendar).due_on for r in version.readings]

    assert found == [day(due) for due in each_reading.values()]
    assert [str(r.length) for r in version.readings] == [name.split()[0] for name in each_reading]


@pytest.mark.parametrize(
    ("rule", "start", "step", "last_refused", "first_day"),
    [
        ("hearing_notice", "2025-11-17", "hold_hearing", "2025-11-26", "2025-11-27"),  # T1
        ("demand_wait", "2026-06-22", "apply_to_court", "2026-07-06", "2026-07-07"),  # T1
        ("statement_period", "2018-09-28", "decide", "2018-10-12", "2018-10-13"),  # T2
        ("statement_period", "2025-11-10", "decide", "2025-11-19", "2025-11-20"),  # T1
    ],
)
def test_what_waits_may_be_done_on_the_day_after(
    rule: str, start: str, step: str, last_refused: str, first_day: str
) -> None:
    case = a_case("notified", deadlines=(running(rule, start),))

    refusal = waited(case, an_attempt(step, last_refused), deadline=rule)

    assert refusal is not None
    assert refusal.earliest_on == day(first_day)
    assert waited(case, an_attempt(step, first_day), deadline=rule) is None


def test_a_fine_is_late_from_the_day_after_the_worked_sunday() -> None:
    """T1: pay by 2026-01-04; late from 2026-01-05."""
    payment = running("payment", "2025-12-18")

    assert not payment.overdue(end_of_day(day("2026-01-04")))
    assert payment.overdue(datetime(2026, 1, 5, 0, 0, tzinfo=SHANGHAI))


class FromVector(NamedTuple):
    """Which columns of V01 to V17 a limit has between two days; of two columns the later is its due day."""

    rule: str
    first: str
    last: str
    columns: tuple[str, ...]
    source: str


ALWAYS, DAY_BEFORE = ("2000-01-01", "2099-12-31"), "2021-07-14"
FROM_VECTORS = [
    FromVector("hearing_request", ALWAYS[0], DAY_BEFORE, ("cal3_roll",), "P4, 1996 law: 3 days"),
    FromVector("hearing_request", PENALTY_LAW_2021, ALWAYS[1], ("wd5",), "P4, 2021 law: 5 working days"),
    FromVector("hearing_notice", ALWAYS[0], DAY_BEFORE, ("cal7_roll",), "P5, 1996 law: 7 days"),
    FromVector("hearing_notice", PENALTY_LAW_2021, ALWAYS[1], ("wd7",), "P5, 2021 law: 7 working days"),
    FromVector("service_of_decision", ALWAYS[0], DAY_BEFORE, ("cal7",), "P12, 1996 law: 7 days, our duty"),
    FromVector("service_of_decision", PENALTY_LAW_2021, ALWAYS[1], ("wd7",), "P12, 2021 law: 7 working days"),
    FromVector("evidence_hold", ALWAYS[0], DAY_BEFORE, ("cal7",), "E1: 7 days, treated as calendar days"),
    FromVector("evidence_hold", PENALTY_LAW_2021, ALWAYS[1], ("wd7",), "E1, 2021 law: 7 working days"),
    FromVector("seizure", "2021-06-01", ALWAYS[1], ("cal30",), "E3: 30 calendar days, our duty"),
    FromVector("demand_wait", *ALWAYS, ("wd10",), "X10 with C7: 10 working days"),
    FromVector("payment", *ALWAYS, ("cal15_roll",), "X1: 15 calendar days, rolls"),
    FromVector("complaint_decision", *ALWAYS, ("cal15",), "F2: 15 calendar days, our duty"),
    FromVector("statement_period", *ALWAYS, ("cal7_roll", "wd7"), "P2 with C11: the later reading"),
    FromVector("statement_period_public_notice", *ALWAYS, ("cal30_roll",), "P2a: 30 days, rolls"),
    FromVector("public_notice_service", "2022-01-01", ALWAYS[1], ("cal30_roll",), "P13: the later for the party"),
    FromVector("referral_decision", *ALWAYS, ("cal3",), "K2 with C10: unrolled"),
    FromVector("goods_handover", *ALWAYS, ("cal3",), "K14 with C10: unrolled"),
    FromVector("police_reconsideration", *ALWAYS, ("cal3",), "K9 with C10: unrolled"),
    FromVector("procuratorate_request", *ALWAYS, ("cal3",), "K11 with C10: unrolled"),
    FromVector("police_answer", *ALWAYS, ("cal3_roll",), "K8 with C10: the police's own period rolls"),
    FromVector("police_reconsideration_outcome", *ALWAYS, ("cal3_roll",), "K10 with C10: the police's own"),
    FromVector("urgent_filing", *ALWAYS, ("cal7",), "F4 with C11: the earlier reading, our duty"),
    FromVector("publication_withdrawal", PENALTY_LAW_2021, ALWAYS[1], ("wd3",), "P16 with C6: 3 working days"),
    FromVector("spot_fine_to_authority", PENALTY_LAW_2021, ALWAYS[1], ("wd2",), "X16 with C6: 2 working days"),
    FromVector("spot_fine_to_bank", PENALTY_LAW_2021, ALWAYS[1], ("wd2",), "X16 with C6: 2 working days"),
    FromVector("late_fee_thirty_days", *ALWAYS, ("cal30",), "X3 with C7: 30 calendar days"),
    FromVector("reconsideration_acceptance", *ALWAYS, ("wd5",), "X5 with C8: 5 working days in both texts"),
    FromVector("reconsideration_reply", "2024-01-01", ALWAYS[1], ("wd10",), "X6 with C8: 10 working days"),
    FromVector("reconsideration_reply_simplified", "2024-01-01", ALWAYS[1], ("wd5",), "X6 with C8: 5 working days"),
    FromVector("suit_after_reconsideration", *ALWAYS, ("cal15_roll",), "X8: 15 calendar days, rolls"),
    FromVector("court_defence", *ALWAYS, ("cal15",), "X9: 15 calendar days, our duty"),
    FromVector("court_acceptance", *ALWAYS, ("wd5",), "X12 with C7: 5 working days"),
    FromVector("court_ruling", *ALWAYS, ("wd7",), "X12 with C7: 7 working days"),
    FromVector("court_refusal_review", *ALWAYS, ("cal15_roll",), "X12 with C7: 15 calendar days, rolls"),
]


@pytest.mark.parametrize("limit", FROM_VECTORS, ids=lambda limit: f"{limit.rule} from {limit.first}")
def test_v01_to_v17_under_the_law_of_their_day(limit: FromVector) -> None:
    inside = [vector for vector in VECTORS if limit.first <= vector["trigger"] <= limit.last]

    found = {vector["id"]: running(limit.rule, vector["trigger"]).due_on.isoformat() for vector in inside}

    assert found == {v["id"]: max(v[column] for column in limit.columns) for v in inside}, limit.source
    assert len(inside) >= 6


@pytest.mark.parametrize(
    ("rule", "start", "due", "source"),
    [
        ("suit", "2018-11-30", "2019-02-28", "M3: 3 months to a month's end"),
        ("suit", "2024-08-29", "2025-02-28", "M2: 6 months to a month's end"),
        ("reverse_referral_answer", "2025-12-31", "2026-02-28", "M4, K16: 2 months, a worked Saturday"),
        ("suit", "2018-10-19", "2019-01-21", "M5: Saturday 01-19, rolled"),
        ("limitation", "2016-02-29", "2018-02-28", "M6: 2 years from a leap day"),
        ("limitation", "2019-10-03", "2021-10-03", "M7: a rest day, a bar on the authority does not roll"),
        ("public_notice_service", "2018-08-10", "2018-10-09", "N1: 60 days"),
        ("public_notice_service", "2024-09-12", "2024-10-12", "N2: 30 days, a worked Saturday"),
    ],
)
def test_months_years_and_public_notices(rule: str, start: str, due: str, source: str) -> None:
    assert running(rule, start).due_on == day(due), source


def test_m7_the_bar_does_not_roll_under_the_law_of_the_later_day_either() -> None:
    """2021-10-03 lies in National Day; the step of that day is judged by the law of 2021."""
    bar = running("limitation", "2019-10-03", law_on="2021-10-03")

    assert bar.due_on == day("2021-10-03")
    assert not law().calendar.is_working(bar.due_on)
    assert "2021年修订" in bar.terms.basis


@pytest.mark.parametrize(
    ("issued", "first_counted", "pay_by"),
    [
        pytest.param("2018-08-10", "2018-10-10", "2018-10-24", id="N1, served on 2018-10-09"),
        pytest.param("2024-09-12", "2024-10-13", "2024-10-28", id="N2, served on 2024-10-12; 10-27 is a Sunday"),
    ],
)
def test_after_a_public_notice_the_next_clock_counts_from_the_day_after(
    issued: str, first_counted: str, pay_by: str
) -> None:
    served = running("public_notice_service", issued)

    payment = running("payment", served.due_on.isoformat())

    proof = proof_of(period_of(payment), law().calendar)
    assert next(line.on for line in proof if line.counted) == day(first_counted)
    assert payment.due_on == day(pay_by)


@pytest.mark.parametrize(
    ("rule", "started_at", "due_at", "source"),
    [
        ("hand_over", "2025-09-30T16:30+08:00", "2025-10-01T16:30+08:00", "H1, K3: 24 h from approval"),
        ("emergency_approval", "2018-09-29T10:00+08:00", "2018-09-30T10:00+08:00", "H2, E4: 24 h to report"),
    ],
)
def test_hours_end_to_the_minute(rule: str, started_at: str, due_at: str, source: str) -> None:
    deadline = running_hours(rule, started_at)

    assert deadline.due_at == datetime.fromisoformat(due_at), source
    assert not deadline.provisional


@pytest.mark.parametrize(
    ("rule", "last_old_day", "old_due", "first_new_day", "new_due", "source"),
    [
        ("hearing_request", "2021-07-14", "2021-07-19", "2021-07-15", "2021-07-22", "3 days (Sat 07-17), 5 wd"),
        ("hearing_notice", "2021-07-14", "2021-07-21", "2021-07-15", "2021-07-26", "7 days, 7 wd"),
        ("service_of_decision", "2021-07-14", "2021-07-21", "2021-07-15", "2021-07-26", "7 days, 7 wd"),
        ("evidence_hold", "2021-07-14", "2021-07-21", "2021-07-15", "2021-07-26", "7 days, 7 wd"),
        ("decision_limit", "2021-07-14", None, "2021-07-15", "2021-10-13", "none, 90 cd"),
        ("suit", "2021-05-31", "2021-08-31", "2021-06-01", "2021-12-01", "3 months, 6 months"),
        (
            "public_notice_service",
            "2021-12-31",
            "2022-03-01",
            "2022-01-01",
            "2022-02-07",
            "60 cd; 30 cd, 01-31 is a rest day",
        ),
        ("publication", "2014-05-31", None, "2014-06-01", "2014-06-30", "none; 20 wd, 06-02 is a rest day"),
    ],
)
def test_the_day_on_which_the_law_changed(
    rule: str, last_old_day: str, old_due: str | None, first_new_day: str, new_due: str, source: str
) -> None:
    """Legal deadlines §1."""
    old = law().limits[rule].choose(day(last_old_day))

    assert (old is None) == (old_due is None), source
    if old_due is not None:
        assert running(rule, last_old_day).due_on == day(old_due), source
    assert running(rule, first_new_day).due_on == day(new_due), source
    assert day(first_new_day) - day(last_old_day) == timedelta(days=1)


@pytest.mark.parametrize(
    ("step_on", "due"),
    [
        pytest.param("2021-07-14", "2021-07-19", id="law of 1996: 3 days, Saturday rolled"),
        pytest.param("2021-07-15", "2021-07-21", id="law of 2021: 5 working days from the same start"),
    ],
)
def test_the_day_of_the_step_chooses_not_the_day_it_runs_from(step_on: str, due: str) -> None:
    """ADR 0005: told on 2021-07-14; what differs is the day under which the step was taken."""
    assert running("hearing_request", "2021-07-14", law_on=step_on).due_on == day(due)


@pytest.mark.parametrize(
    ("start", "due", "provisional"),
    [
        pytest.param("2026-12-24", "2026-12-31", False, id="inside the last published year"),
        pytest.param("2026-12-25", "2027-01-01", True, id="one working day into the year without holidays"),
    ],
)
def test_l1_a_date_that_rests_on_an_unpublished_year_is_never_given_as_certain(
    start: str, due: str, provisional: bool
) -> None:
    deadline = running("hearing_request", start)
    case = a_case("notified", deadlines=(deadline,))

    refusal = waited(case, an_attempt("decide", start), deadline="hearing_request")

    assert (deadline.due_on, deadline.provisional) == (day(due), provisional)
    assert refusal is not None
    assert refusal.facts["provisional"] is provisional


@pytest.mark.parametrize(("posted_on", "refused"), [("2026-06-18", False), ("2026-06-19", True)])
def test_a_right_of_the_party_ends_with_its_last_day(posted_on: str, refused: bool) -> None:
    """T1: suit until 2026-06-18."""
    case = a_case("served", deadlines=(running("suit", "2025-12-18"),))

    found = right_in_time(case, an_attempt("sue", "2026-06-25", sued_on=posted_on), deadline="suit", answer="sued_on")

    assert (found is not None) is refused


def test_every_limit_of_these_tables_is_in_the_shipped_law() -> None:
    named = {row.rule for row in (*T1, *T2)} | {limit.rule for limit in FROM_VECTORS} | {"emergency_approval"}

    assert named - law().limits.keys() == set()
