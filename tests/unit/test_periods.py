"""Due dates against vectors worked out by hand, and proofs against the due dates they prove.

The vectors V, M, H, N and the two timelines come from the project's reference of legal deadlines, section 9, where
each cites the article or the holiday it turns on.
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from builders import a_case, an_attempt, law, running
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.clock import SHANGHAI
from engine.errors import DeadlineUndetermined, InputWrong
from engine.periods import (
    Basis,
    Extension,
    Length,
    Pause,
    Period,
    Reading,
    Roll,
    due_of,
    parse_length,
    proof_of,
    rung_days,
    safe_day,
)
from engine.working_days import shipped_working_days
from workflows.periods import right_in_time

ROOT = Path(__file__).parents[2]
CALENDAR = shipped_working_days()
VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))
COLUMNS = [
    *((f"wd{n}", f"+{n}wd", "none") for n in (2, 3, 5, 7, 10)),
    *((f"cal{n}", f"+{n}d", "none") for n in (3, 7, 15, 30)),
    *((f"cal{n}_roll", f"+{n}d", "next") for n in (3, 7, 15, 30)),
]


def day(text: str) -> date:
    return date.fromisoformat(text)


def reading(length: str, roll: Roll = "none") -> Reading:
    return Reading(parse_length(length), roll)


def due_on(start: str, length: str, roll: Roll = "none") -> date:
    return due_of(Period((reading(length, roll),), day(start)), CALENDAR).due_on


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_vectors_of_days(vector: dict[str, str]) -> None:
    found = {column: due_on(vector["trigger"], length, roll).isoformat() for column, length, roll in COLUMNS}

    assert found == {column: vector[column] for column, _, _ in COLUMNS}


@pytest.mark.parametrize(
    ("start", "length", "roll", "expected"),
    [
        pytest.param("2018-08-31", "+6mo", "next", "2019-02-28", id="M1"),
        pytest.param("2024-08-29", "+6mo", "next", "2025-02-28", id="M2"),
        pytest.param("2018-11-30", "+3mo", "next", "2019-02-28", id="M3"),
        pytest.param("2025-12-31", "+2mo", "next", "2026-02-28", id="M4 a worked Saturday does not roll"),
        pytest.param("2018-10-19", "+3mo", "none", "2019-01-19", id="M5 plain"),
        pytest.param("2018-10-19", "+3mo", "next", "2019-01-21", id="M5 rolled"),
        pytest.param("2016-02-29", "+2y", "none", "2018-02-28", id="M6"),
        pytest.param("2019-10-03", "+2yr", "none", "2021-10-03", id="M7 a bar does not roll"),
        pytest.param("2018-08-10", "+60d", "next", "2018-10-09", id="N1"),
        pytest.param("2024-09-12", "+30d", "next", "2024-10-12", id="N2 a worked Saturday"),
    ],
)
def test_vectors_of_months_and_notices(start: str, length: str, roll: Roll, expected: str) -> None:
    assert due_on(start, length, roll) == day(expected)


@pytest.mark.parametrize(
    ("start", "length", "roll", "expected"),
    [
        ("2025-09-26", "+7wd", "none", "2025-10-13"),
        ("2025-09-28", "+90d", "none", "2025-12-27"),
        ("2025-11-10", "+5wd", "none", "2025-11-17"),
        ("2025-11-10", "+7d", "next", "2025-11-17"),
        ("2025-11-10", "+7wd", "none", "2025-11-19"),
        ("2025-11-17", "+7wd", "none", "2025-11-26"),
        ("2025-12-15", "+7wd", "none", "2025-12-24"),
        ("2025-12-15", "+20wd", "none", "2026-01-13"),
        ("2025-12-18", "+15d", "none", "2026-01-02"),
        ("2025-12-18", "+15d", "next", "2026-01-04"),
        ("2025-12-18", "+60d", "none", "2026-02-16"),
        ("2025-12-18", "+60d", "next", "2026-02-24"),
        ("2025-12-18", "+6mo", "next", "2026-06-18"),
        ("2026-06-22", "+10wd", "none", "2026-07-06"),
        ("2026-06-18", "+3mo", "none", "2026-09-18"),
        ("2018-09-17", "+15d", "none", "2018-10-02"),
        ("2018-09-17", "+15d", "next", "2018-10-08"),
        ("2018-09-26", "+7d", "none", "2018-10-03"),
        ("2018-09-26", "+7d", "next", "2018-10-08"),
        ("2018-09-28", "+3d", "next", "2018-10-08"),
        ("2018-09-28", "+7d", "next", "2018-10-08"),
        ("2018-09-28", "+7wd", "none", "2018-10-12"),
        ("2018-10-19", "+15d", "none", "2018-11-03"),
        ("2018-10-19", "+15d", "next", "2018-11-05"),
    ],
)
def test_timelines_t1_and_t2(start: str, length: str, roll: Roll, expected: str) -> None:
    assert due_on(start, length, roll) == day(expected)


@pytest.mark.parametrize(
    ("start_at", "expected"),
    [
        pytest.param(datetime(2025, 9, 30, 16, 30, tzinfo=SHANGHAI), "2025-10-01T16:30+08:00", id="H1"),
        pytest.param(datetime(2018, 9, 29, 10, 0, tzinfo=SHANGHAI), "2018-09-30T10:00+08:00", id="H2"),
        pytest.param(datetime(2025, 9, 30, 16, 0, 59, tzinfo=UTC), "2025-10-02T00:00+08:00", id="past midnight in UTC"),
    ],
)
def test_hours_run_from_the_minute_over_holidays(start_at: datetime, expected: str) -> None:
    period = Period((reading("+24h"),), start_at=start_at)

    due, proof = due_of(period, CALENDAR), proof_of(period, CALENDAR)

    assert due.due_at is not None
    assert due.due_at.isoformat(timespec="minutes") == expected
    assert due.due_on == day(expected[:10])
    assert not due.provisional
    assert [line.on for line in proof] == [period.start_day, due.due_on]


def test_the_reference_case_is_proved_day_by_day() -> None:
    period = Period((reading("+7wd"),), day("2018-09-26"))

    proof = proof_of(period, CALENDAR)

    assert [(line.on.isoformat()[5:], line.number) for line in proof if line.counted] == [
        ("09-27", 1),
        ("09-28", 2),
        ("09-29", 3),
        ("09-30", 4),
        ("10-08", 5),
        ("10-09", 6),
        ("10-10", 7),
    ]
    assert proof[0].why_zh == "期间开始之日不计算在内"
    assert (proof[3].why_zh, proof[5].why_en) == ("国庆节调休上班", "National Day holiday")


def test_a_rolled_end_shows_the_rest_days_it_passed() -> None:
    period = Period((reading("+7d", "next"),), day("2018-09-26"))

    proof = proof_of(period, CALENDAR)

    assert [line.number for line in proof] == [None, 1, 2, 3, 4, 5, 6, 7, None, None, None, None, None]
    assert proof[7].why_zh == "自然日（周三）；末日为休息日（国庆节 放假），顺延"
    assert proof[8].why_zh == "顺延：国庆节 放假"
    assert (proof[-1].on, proof[-1].why_zh) == (day("2018-10-08"), "顺延至本日届满（周一 上班）")


def test_months_show_the_corresponding_day_only() -> None:
    plain = proof_of(Period((reading("+3mo", "next"),), day("2018-10-19")), CALENDAR)
    month_end = proof_of(Period((reading("+6mo"),), day("2018-08-31")), CALENDAR)

    assert [line.on.isoformat() for line in plain] == ["2018-10-19", "2019-01-19", "2019-01-20", "2019-01-21"]
    assert plain[1].why_zh.startswith("3个月后的对应日；末日为休息日")
    assert month_end[1].why_zh == "6个月后无对应日，以当月末日为准"


def test_two_readings_take_the_later_for_a_right_and_the_earlier_for_a_duty() -> None:
    statement = (reading("+7d", "next"), reading("+7wd"))
    complaint = (reading("+15d"), reading("+15d", "next"))

    right = due_of(Period(statement, day("2018-09-28"), pick="later"), CALENDAR)
    duty = due_of(Period(complaint, day("2018-09-17"), pick="earlier"), CALENDAR)

    assert (right.due_on, right.reading) == (day("2018-10-12"), 1)
    assert (duty.due_on, duty.reading) == (day("2018-10-02"), 0)


def test_counting_back() -> None:
    assert due_on("2018-10-03", "-3d") == day("2018-09-30")
    assert due_on("2018-10-08", "-3wd") == day("2018-09-28")
    assert due_on("2018-10-10", "-3d", "previous") == day("2018-09-30")
    assert due_on("2018-10-10", "-3d", "next") == day("2018-10-08")


def test_paused_days_are_not_counted() -> None:
    pause = Pause(day("2018-09-28"), day("2018-09-29"), Basis(reason="鉴定"))
    period = Period((reading("+7wd"),), day("2018-09-26"), pauses=(pause,))

    proof = proof_of(period, CALENDAR)

    assert due_of(period, CALENDAR).due_on == day("2018-10-12")
    assert [line.on.day for line in proof if line.why_zh == "第1次中止：鉴定"] == [28, 29]


def test_overlapping_pauses_count_once_and_move_months_too() -> None:
    pauses = (
        Pause(day("2019-01-02"), day("2019-01-05"), Basis(reason="一")),
        Pause(day("2019-01-04"), day("2019-01-08"), Basis(reason="二")),
    )

    days = due_of(Period((reading("+30d"),), day("2018-12-20"), pauses=pauses), CALENDAR)
    months = due_of(Period((reading("+1mo"),), day("2018-12-20"), pauses=pauses), CALENDAR)

    assert days.due_on == day("2019-01-26")
    assert months.due_on == day("2019-01-27")


def test_a_rolled_end_never_falls_into_a_pause() -> None:
    pause = Pause(day("2018-10-08"), day("2018-10-09"), Basis(reason="中止"))

    due = due_of(Period((reading("+7d", "next"),), day("2018-09-26"), pauses=(pause,)), CALENDAR)

    assert due.due_on == day("2018-10-10")


def test_an_open_pause_leaves_the_date_unknown_unless_the_period_ended_before() -> None:
    open_pause = Pause(day("2018-10-10"), None, Basis(reason="等待鉴定"))
    running = Period((reading("+15d"),), day("2018-09-28"), pauses=(open_pause,))
    ended = Period((reading("+3wd"),), day("2018-09-28"), pauses=(open_pause,))

    with pytest.raises(DeadlineUndetermined) as caught:
        due_of(running, CALENDAR)

    assert "等待鉴定" in caught.value.zh
    assert due_of(ended, CALENDAR).due_on == day("2018-10-08")


def test_an_extension_lengthens_the_whole_period() -> None:
    month = Extension(Length(1, "mo"), Basis(reason="案情复杂", by="head"))
    two_days = Extension(Length(2, "wd"), Basis(reason="补充鉴定", by="head"))
    once = Period((reading("+1mo"),), day("2019-01-31"), extensions=(month,))
    in_days = Period((reading("+1mo"),), day("2018-09-03"), extensions=(two_days,))

    assert due_of(once, CALENDAR).due_on == day("2019-03-31")
    assert due_of(in_days, CALENDAR).due_on == day("2018-10-09")
    assert "案情复杂，head决定" in proof_of(once, CALENDAR)[-1].why_zh


def test_only_the_days_of_an_extension_are_said_to_be_extended() -> None:
    more = Extension(Length(2, "wd"), Basis(reason="案情复杂", by="head"))

    proof = proof_of(Period((reading("+3wd"),), day("2018-09-26"), extensions=(more,)), CALENDAR)

    assert [line.number for line in proof if "延长" in line.why_zh] == [4, 5]
    assert proof[-1].on == day("2018-10-08")


@pytest.mark.parametrize(
    ("start", "length", "roll", "provisional", "rests_on"),
    [
        pytest.param("2026-12-28", "+3wd", "none", False, (2026,), id="all inside the published year"),
        pytest.param("2026-12-28", "+4wd", "none", True, (2026, 2027), id="touches the year without holidays"),
        pytest.param("2026-12-31", "+1wd", "none", True, (2027,), id="the start itself does not count"),
        pytest.param("2026-12-01", "+60d", "none", False, (), id="unrolled calendar days rest on no table"),
        pytest.param("2026-12-01", "+60d", "next", True, (2027,), id="rolling asks the table"),
        pytest.param("2028-01-10", "-5wd", "none", True, (2028,), id="counting back"),
        pytest.param("2006-11-01", "+5wd", "none", True, (2006,), id="before the first table"),
    ],
)
def test_l1_a_year_without_holidays_makes_the_date_provisional(
    start: str, length: str, roll: Roll, provisional: bool, rests_on: tuple[int, ...]
) -> None:
    due = due_of(Period((reading(length, roll),), day(start)), CALENDAR)

    assert (due.provisional, due.rests_on) == (provisional, rests_on)


def test_a_provisional_day_says_so_in_the_proof() -> None:
    proof = proof_of(Period((reading("+5wd"),), day("2026-12-28")), CALENDAR)

    assert [line.on.year for line in proof if "尚未公布" in line.why_zh] == [2027] * 4


@pytest.mark.parametrize(
    ("due", "safe"),
    [
        pytest.param("2018-09-15", "2018-09-14", id="monthly form, a Saturday"),
        pytest.param("2018-10-02", "2018-09-30", id="T2, back to a worked Sunday"),
        pytest.param("2025-12-27", "2025-12-26", id="T1, 90 days end on a Saturday"),
        pytest.param("2018-11-20", "2018-11-20", id="a working day is its own safe day"),
    ],
)
def test_safe_day(due: str, safe: str) -> None:
    assert safe_day(day(due), CALENDAR) == day(safe)


def test_rungs_go_out_on_the_last_working_day_before_a_rest_day() -> None:
    rungs = rung_days(day("2018-10-10"), (7, 3, 1, 0), CALENDAR)

    assert rungs == {7: day("2018-09-30"), 3: day("2018-09-30"), 1: day("2018-10-09"), 0: day("2018-10-10")}
    with pytest.raises(ValueError, match="before it"):
        rung_days(day("2018-10-10"), (-1,), CALENDAR)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("+7wd", Length(7, "wd")),
        ("-3d", Length(-3, "cd")),
        ("-3cd", Length(-3, "cd")),
        ("15cd", Length(15, "cd")),
        (" +24h ", Length(24, "h")),
        ("+6mo", Length(6, "mo")),
        ("+2y", Length(2, "yr")),
    ],
)
def test_lengths_are_read_and_written(text: str, length: Length) -> None:
    assert parse_length(text) == length
    assert parse_length(str(length)) == length


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "period.invalid"),
        ("seven days", "period.invalid"),
        ("+7", "period.invalid"),
        ("+7 wd", "period.invalid"),
        ("+1.5d", "period.invalid"),
        ("+٣d", "period.invalid"),
        ("+7w\x00d", "period.invalid"),
        ("+99999999wd", "period.invalid"),
        ("+0d", "period.out_of_range"),
        ("+99999wd", "period.out_of_range"),
        ("+101yr", "period.out_of_range"),
        ("-6mo", "period.backwards"),
        ("-24h", "period.backwards"),
    ],
)
def test_what_is_no_length_is_refused(text: str, code: str) -> None:
    with pytest.raises(InputWrong) as caught:
        parse_length(text)

    assert caught.value.code == code
    assert caught.value.zh != caught.value.en


def test_a_date_beyond_the_calendar_is_refused() -> None:
    for start, length in (("9999-12-01", "+60d"), ("9990-01-01", "+100yr"), ("0001-01-05", "-30d")):
        with pytest.raises(InputWrong):
            due_on(start, length)


def test_periods_that_contradict_themselves_cannot_be_made() -> None:
    start_at = datetime(2018, 9, 29, 10, 0, tzinfo=SHANGHAI)
    pause = Pause(day("2018-09-28"), day("2018-09-29"), Basis(reason="x"))
    wrong = [
        lambda: Period((reading("+7wd"),)),
        lambda: Period((reading("+7wd"),), day("2018-09-26"), start_at),
        lambda: Period((), day("2018-09-26")),
        lambda: Period((reading("+24h"),), day("2018-09-26")),
        lambda: Period((reading("+24h"), reading("+1d")), start_at=start_at),
        lambda: Period((reading("+24h", "next"),), start_at=start_at),
        lambda: Period((reading("+24h"),), start_at=start_at, pauses=(pause,)),
        lambda: Period(
            (reading("+24h"),), start_at=start_at, extensions=(Extension(Length(1, "cd"), Basis(reason="x", by="y")),)
        ),
        lambda: Period((reading("-3d"),), day("2018-09-26"), pauses=(pause,)),
        lambda: Period(
            (reading("+3d"),), day("2018-09-26"), extensions=(Extension(Length(-1, "cd"), Basis(reason="x", by="y")),)
        ),
        lambda: Pause(day("2018-09-29"), day("2018-09-28"), Basis(reason="reversed")),
    ]

    for make in wrong:
        with pytest.raises(InputWrong):
            make()
    with pytest.raises(ValueError, match="zone"):
        Period((reading("+24h"),), start_at=start_at.replace(tzinfo=None))


def test_arithmetic_needs_no_library() -> None:
    code = "import sys, engine.periods; print(sorted({'pydantic', 'ruamel', 'pendulum'} & set(sys.modules)))"

    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)

    assert answer.stdout.strip() == "[]"


# --- the counting rules C1 to C12 of the reference, section 2, one by one ---------------------------------------------


def test_c1_the_day_or_minute_of_the_start_is_not_counted() -> None:
    """民法典第二百零一条. Hours run from the minute (H1); 民诉法解释第一百二十五条 would give 17:00."""
    hours = due_of(Period((reading("+24h"),), start_at=datetime(2025, 9, 30, 16, 30, tzinfo=SHANGHAI)), CALENDAR)

    assert (due_on("2018-09-26", "+1d"), due_on("2018-09-26", "+1wd")) == (day("2018-09-27"), day("2018-09-27"))
    assert due_on("2019-04-28", "+1wd") == day("2019-04-29")  # V06: the start is itself a worked Sunday
    assert hours.due_at == datetime(2025, 10, 1, 16, 30, tzinfo=SHANGHAI)


def test_c2_an_end_on_a_rest_day_moves_to_the_first_day_after_the_whole_rest() -> None:
    """民法典第二百零三条第一款: seven days of National Day 2018, a plain weekend, and a day that needs no moving."""
    assert due_on("2018-09-28", "+3d", "next") == day("2018-10-08")
    assert due_on("2018-10-17", "+3d", "next") == day("2018-10-22")
    assert due_on("2018-10-16", "+3d", "next") == day("2018-10-19")


def test_c3_months_and_years_end_on_the_corresponding_day_or_the_last_of_the_month() -> None:
    """民法典第二百零二条."""
    assert due_on("2018-10-19", "+3mo") == day("2019-01-19")
    assert (due_on("2019-01-31", "+1mo"), due_on("2020-01-31", "+1mo")) == (day("2019-02-28"), day("2020-02-29"))
    assert (due_on("2016-02-29", "+2yr"), due_on("2016-02-29", "+4yr")) == (day("2018-02-28"), day("2020-02-29"))


def test_c4_the_last_day_runs_to_midnight() -> None:
    """民法典第二百零三条第二款: told on 2025-11-10, five working days end with 2025-11-17."""
    request = running("hearing_request", "2025-11-10")

    assert request.standing(datetime(2025, 11, 17, 23, 59, 59, tzinfo=SHANGHAI)) == "running"
    assert request.standing(datetime(2025, 11, 18, 0, 0, tzinfo=SHANGHAI)) == "lapsed"


@pytest.mark.parametrize(("posted_on", "refused"), [("2025-11-17", None), ("2025-11-18", "right.lapsed")])
def test_c5_posted_before_the_end_is_in_time_whenever_it_arrives(posted_on: str, refused: str | None) -> None:
    """民事诉讼法（2023年）第八十五条第四款: the last day is 2025-11-17, the request arrives on 11-21."""
    case = a_case("notified", deadlines=(running("hearing_request", "2025-11-10"),))
    attempt = an_attempt("request_hearing", "2025-11-21", requested_on=posted_on)

    found = right_in_time(case, attempt, deadline="hearing_request", answer="requested_on")

    assert (found and found.code) == refused


@pytest.mark.parametrize(
    ("statute", "in_working_days", "must_be_there"),
    [
        pytest.param(
            "行政处罚法（2021年修订）",
            {2, 3, 5, 7},
            {"hearing_request": 5, "hearing_notice": 7, "service_of_decision": 7, "evidence_hold": 7}
            | {"publication_withdrawal": 3, "spot_fine_to_authority": 2, "payment": 15, "decision_limit": 90},
            id="C6, 行政处罚法（2021年）第八十五条",
        ),
        pytest.param(
            "行政强制法",
            set(range(1, 11)),
            {"demand_wait": 10, "court_acceptance": 5, "court_ruling": 7, "seizure": 30, "late_fee_thirty_days": 30},
            id="C7, 行政强制法第六十九条",
        ),
        pytest.param(
            "行政复议法（2023年修订）",
            {3, 5, 7, 10},
            {"reconsideration_reply_simplified": 5, "reconsideration_reply": 10, "reconsideration": 60},
            id="C8, 行政复议法（2023年）第八十八条",
        ),
        pytest.param(
            "行政复议法（2017年修正）",
            {5, 7},
            {"reconsideration_acceptance": 5, "reconsideration_reply": 10, "reconsideration": 60},
            id="C8, 行政复议法（2017年）第四十条",
        ),
    ],
)
def test_c6_to_c8_the_shipped_limits_of_a_statute_have_its_unit(
    statute: str, in_working_days: set[int], must_be_there: dict[str, int]
) -> None:
    found = [
        (limit.id, reading.length)
        for limit in law().limits.values()
        for version in limit.versions
        if version.basis.startswith(statute)
        for reading in version.readings
        if reading.length.unit in ("wd", "cd")
    ]

    wrong = [(rule, str(of)) for rule, of in found if (of.unit == "wd") != (of.number in in_working_days)]
    assert wrong == []
    assert must_be_there.items() <= {(rule, of.number) for rule, of in found}


def test_c9_a_make_up_day_is_a_working_day_and_no_rest_day() -> None:
    """Saturday 2018-09-29 is worked: it counts, and an end on it stays. Saturday 2018-09-22 is not."""
    assert due_on("2018-09-28", "+1wd") == day("2018-09-29")
    assert due_on("2018-09-26", "+3d", "next") == day("2018-09-29")
    assert due_on("2018-09-19", "+3d", "next") == day("2018-09-25")  # 09-22 to 09-24 is Mid-Autumn


@pytest.mark.parametrize(
    ("rule", "due"),
    [
        pytest.param("referral_decision", "2018-10-21", id="K2, our duty: planned on the unrolled day"),
        pytest.param("goods_handover", "2018-10-21", id="K14, our duty"),
        pytest.param("police_reconsideration", "2018-10-21", id="K9, ours to use"),
        pytest.param("police_answer", "2018-10-22", id="K8, the police's own: 刑事诉讼法（2018年）第一百零五条 rolls"),
    ],
)
def test_c10_the_three_days_of_a_referral_are_calendar_days(rule: str, due: str) -> None:
    """From Thursday 2018-10-18: Sunday 10-21, rolled 10-22; three working days would end on 10-23."""
    assert running(rule, "2018-10-18").due_on == day(due)


@pytest.mark.parametrize(
    ("rule", "start", "due"),
    [
        pytest.param("statement_period", "2018-09-28", "2018-10-12", id="7 days, a right: working days end later"),
        pytest.param("statement_period", "2018-02-12", "2018-02-27", id="7 days over Spring Festival, V05"),
        pytest.param("complaint_decision", "2018-09-17", "2018-10-02", id="15 days, our duty: unrolled, T2"),
        pytest.param("statement_period_public_notice", "2018-09-28", "2018-10-29", id="30 days, rolled over a Sunday"),
    ],
)
def test_c11_the_periods_of_the_2009_measures_are_read_for_the_party_and_against_us(
    rule: str, start: str, due: str
) -> None:
    assert running(rule, start).due_on == day(due)


@pytest.mark.parametrize(("ground", "refused"), [({}, "right.lapsed"), ({"late_ground": "洪水封路"}, None)])
def test_c12_a_period_missed_for_good_cause_is_restored(ground: dict[str, str], refused: str | None) -> None:
    """行政诉讼法（2017年）第四十八条 and the like: without a recorded ground the right is gone."""
    case = a_case("notified", deadlines=(running("statement_period", "2018-09-28"),))
    attempt = an_attempt("state_defence", "2018-10-20", received_on="2018-10-13", **ground)

    found = right_in_time(case, attempt, deadline="statement_period", answer="received_on")

    assert (found and found.code) == refused


def test_c12_days_lost_to_an_obstacle_are_not_counted_in_a_reconsideration() -> None:
    """行政复议法（2023年）第二十条第二款: sixty days from 2025-12-18 end on 2026-02-16; ten days lost make it 02-26."""
    obstacle = Pause(day("2026-01-10"), day("2026-01-19"))

    due = due_of(Period((reading("+60d", "next"),), day("2025-12-18"), pauses=(obstacle,)), CALENDAR)

    assert due.due_on == day("2026-02-26")


UNITS = st.sampled_from(["wd", "cd", "mo", "yr"])
STARTS = st.dates(date(2008, 1, 1), date(2023, 12, 31))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    start = draw(STARTS)

    def a_length(most: int) -> Length:
        unit = draw(UNITS)
        return Length(draw(st.integers(1, {"mo": 12, "yr": 2}.get(unit, most))), unit)

    def a_pause() -> Pause:
        first = start + timedelta(days=draw(st.integers(-5, 60)))
        return Pause(first, first + timedelta(days=draw(st.integers(0, 20))), Basis(reason="中止"))

    readings = [Reading(a_length(60), draw(st.sampled_from(["next", "previous", "none"]))) for _ in range(2)]
    pauses = tuple(a_pause() for _ in range(draw(st.integers(0, 2))))
    extensions = tuple(Extension(a_length(30), Basis(reason="延长", by="head")) for _ in range(draw(st.integers(0, 2))))
    return Period(tuple(readings), start, None, draw(st.sampled_from(["later", "earlier"])), pauses, extensions)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(periods())
def test_every_proof_ends_on_the_due_day_and_counts_no_paused_day(period: Period) -> None:
    due = due_of(period, CALENDAR)

    proof = proof_of(period, CALENDAR)

    assert (proof[0].on, proof[-1].on) == (period.start_day, due.due_on)
    assert not any(line.counted for line in proof[1:] for pause in period.pauses if pause.covers(line.on))
    roll = period.readings[due.reading].roll
    assert roll == "none" or CALENDAR.is_working(due.due_on)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(STARTS, st.integers(1, 60), st.sampled_from(["wd", "cd"]))
def test_days_are_numbered_without_a_gap_and_as_many_as_the_length(start: date, number: int, unit: str) -> None:
    proof = proof_of(Period((reading(f"+{number}{unit}"),), start), CALENDAR)

    assert [line.number for line in proof if line.counted] == list(range(1, number + 1))
    assert [line.on for line in proof] == [start + timedelta(days=n) for n in range(len(proof))]
