"""The working-day table against two public libraries, and its arithmetic against counting on the fingers."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import chinese_calendar
import holidays
import pytest

from engine.errors import FileWrong, InputWrong
from engine.holiday_years import holiday_year_of, read_holiday_year
from engine.working_days import WorkingDays, shipped_working_days

SHIPPED = shipped_working_days()
YEARS = range(2007, 2027)
ONE_DAY = timedelta(days=1)

# The oracle: the days worked by the data of `chinese_calendar`, walked one by one; nothing of ours, no search.
FIRST_KNOWN, LAST_KNOWN = date(2004, 1, 1), date(2026, 12, 31)
MOST_WORKING_DAYS = 120
WALKED_YEARS = range(2018, 2027)
# Counted by hand: from 2026-12-31 (a Thursday) back, the 120th working day is Monday 2026-07-13. A date is out of the
# data once for every start from the k-th last working day to the end of the year, for k from 1 to 120. Monday to
# Friday, that is 10 for the last four days and 35 j + 10 for the j-th of the 24 weeks before: 10 + 10,500 + 240. Of it
# go the six holidays on weekdays (09-25: 98 starts; 10-01, 02, 05, 06, 07: 92, 91, 88, 87, 86), and the two make-up
# days come in (09-20: 103; 10-10: 83): 10,750 - 542 + 186.
BEYOND_THE_DATA = 10_394
COMPARED = {
    (year, step): (366 if year in (2020, 2024) else 365) * MOST_WORKING_DAYS
    - (BEYOND_THE_DATA if (year, step) == (2026, 1) else 0)
    for year in WALKED_YEARS
    for step in (1, -1)
}


def days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += ONE_DAY


def a_document(**changes: Any) -> dict[str, Any]:
    row = {"on": "2031-10-01", "zh": "国庆节", "en": "National Day"}
    made_up = {"on": "2031-09-27", "zh": "国庆节", "en": "National Day"}
    plain = {"year": "2031", "notice": None, "source": "test", "confidence": "library"}
    return plain | {"rest": [row], "worked": [made_up]} | changes


def test_every_day_2007_to_2026_agrees_with_both_libraries() -> None:
    other = holidays.country_holidays("CN", years=YEARS)

    differing = [
        day
        for day in days(date(2007, 1, 1), date(2026, 12, 31))
        if not SHIPPED.is_working(day) == chinese_calendar.is_workday(day) == other.is_working_day(day)
    ]

    assert differing == []
    assert SHIPPED.years == tuple(YEARS)


@functools.cache
def days_worked_by_the_library() -> frozenset[date]:
    """The oracle: every worked day of the library's own data, 2004 to 2026, asked for day by day."""
    return frozenset(day for day in days(FIRST_KNOWN, LAST_KNOWN) if chinese_calendar.is_workday(day))


def walk_on_foot(start: date, step: int, number: int) -> Iterator[tuple[date, int, bool]]:
    """Every day from the one beside `start`: the day, how many were worked so far, and whether it was itself one.

    Ends with the `number`-th worked day, or where the library's data end.
    """
    worked = days_worked_by_the_library()
    on, so_far = start + step * ONE_DAY, 0
    while so_far < number and FIRST_KNOWN <= on <= LAST_KNOWN:
        is_worked = on in worked
        so_far += is_worked
        yield on, so_far, is_worked
        on += step * ONE_DAY


@pytest.mark.parametrize("step", [1, -1], ids=["on", "back"])
@pytest.mark.parametrize("year", WALKED_YEARS)
def test_add_equals_counting_day_by_day(year: int, step: int) -> None:
    """Every start day of the year and 1 to 120 working days; of 2019 to 2026 that is 340,246 dates on, 350,640 back."""
    compared, differing = 0, []

    for start in days(date(year, 1, 1), date(year, 12, 31)):
        for on, number, is_worked in walk_on_foot(start, step, MOST_WORKING_DAYS):
            if is_worked:
                compared += 1
                if SHIPPED.add(start, step * number) != on:
                    differing.append((start, step * number, on))

    assert differing == []
    assert compared == COMPARED[year, step]


@pytest.mark.parametrize("step", [1, -1], ids=["on", "back"])
@pytest.mark.parametrize("year", WALKED_YEARS)
def test_count_equals_counting_day_by_day(year: int, step: int) -> None:
    """Also to days that are not worked themselves; counted back, the start is in and the other end is not."""
    worked = days_worked_by_the_library()
    compared, differing = 0, []

    for start in days(date(year, 1, 1), date(year, 12, 31)):
        for on, number, is_worked in walk_on_foot(start, step, MOST_WORKING_DAYS):
            compared += is_worked
            expected = number if step > 0 else -(number + (start in worked) - is_worked)
            if SHIPPED.count(start, on) != expected:
                differing.append((start, on, expected))

    assert differing == []
    assert compared == COMPARED[year, step]


@pytest.mark.parametrize("year", WALKED_YEARS)
def test_next_and_previous_equal_looking_day_by_day(year: int) -> None:
    worked = days_worked_by_the_library()

    for day in days(date(year, 1, 1), date(year, 12, 31)):
        for look, step in ((SHIPPED.next_working, 1), (SHIPPED.previous_working, -1)):
            found = day
            while found not in worked:
                found += step * ONE_DAY
            assert look(day) == found


def test_add_crosses_years_in_both_directions() -> None:
    start, end = date(2010, 3, 1), date(2019, 8, 15)

    between = sum(chinese_calendar.is_workday(day) for day in days(start + ONE_DAY, end))

    assert SHIPPED.add(start, between) == end
    assert SHIPPED.count(start, end) == between
    assert SHIPPED.count(end, start) == -between
    assert SHIPPED.add(end + ONE_DAY, -between) == SHIPPED.next_working(start + ONE_DAY)
    assert SHIPPED.count(start, start) == 0
    assert SHIPPED.add(start, 0) == start


def test_next_and_previous_keep_a_make_up_sunday() -> None:
    worked_sunday, holiday = date(2018, 9, 30), date(2018, 10, 3)

    around = [f(day) for day in (worked_sunday, holiday) for f in (SHIPPED.previous_working, SHIPPED.next_working)]

    assert around == [worked_sunday, worked_sunday, worked_sunday, date(2018, 10, 8)]


def test_each_kind_of_day_says_why_in_both_languages() -> None:
    asked = [date(2018, 10, 6), date(2018, 9, 30), date(2018, 9, 22), date(2018, 9, 25)]

    reasons = [SHIPPED.why(day) for day in asked]

    assert [(r.kind, r.zh, r.en) for r in reasons] == [
        ("holiday", "国庆节 放假", "National Day holiday"),
        ("make_up", "国庆节调休上班", "make-up working day for National Day"),
        ("weekend", "周六 休息", "Saturday"),
        ("working", "周二 上班", "Tuesday"),
    ]


def test_two_holidays_in_one_break_are_named_as_the_notice_names_them() -> None:
    assert SHIPPED.why(date(2025, 10, 6)).zh == "国庆节、中秋节 放假"
    assert SHIPPED.why(date(2017, 9, 30)).en == "make-up working day for Mid-Autumn Festival and National Day"


def test_an_unpublished_year_counts_monday_to_friday_and_says_so() -> None:
    national_day, saturday = date(2027, 10, 1), date(2027, 10, 2)

    reason = SHIPPED.why(national_day)

    assert not SHIPPED.is_published(2027)
    assert SHIPPED.is_working(national_day)
    assert not SHIPPED.is_working(saturday)
    assert reason.kind == SHIPPED.why(saturday).kind == "unpublished"
    assert "2027" in reason.zh
    assert "2027" in reason.en


def test_a_date_loads_its_own_year_and_no_other() -> None:
    loaded: list[int] = []

    def load(year: int) -> Any:
        loaded.append(year)
        return SHIPPED.year(year)

    calendar = WorkingDays(YEARS, load)
    calendar.add(date(2018, 9, 26), 7)
    calendar.why(date(2018, 10, 1))

    assert loaded == [2018]


def test_beyond_the_calendar_is_an_error_not_a_date() -> None:
    with pytest.raises(InputWrong):
        SHIPPED.add(date(9999, 12, 30), 5)

    with pytest.raises(InputWrong):
        SHIPPED.add(date(1, 1, 2), -5)


def test_documents_give_the_same_calendar_and_hash_as_the_files() -> None:
    documents = [SHIPPED.year(year).document() for year in YEARS]

    copied = WorkingDays.from_documents(documents)

    assert copied.table_hash == SHIPPED.table_hash
    assert copied.add(date(2018, 9, 26), 7) == date(2018, 10, 10)


def test_a_hash_names_exactly_its_years() -> None:
    moved = SHIPPED.year(2018).document()
    moved["worked"] = moved["worked"][1:]
    calendar = WorkingDays.from_documents([moved, SHIPPED.year(2019).document()])

    assert calendar.hash_of([2019]) == SHIPPED.hash_of([2019])
    assert calendar.hash_of([2018]) != SHIPPED.hash_of([2018])
    assert calendar.hash_of([2019, 2018]) == calendar.hash_of([2018, 2019])
    assert SHIPPED.hash_of([2026]) != SHIPPED.hash_of([2026, 2027])


def test_finding_the_notice_later_moves_no_hash() -> None:
    found = SHIPPED.year(2009).document() | {"notice": "later", "source": "another", "confidence": "V1"}

    assert holiday_year_of(found).table_hash() == SHIPPED.year(2009).table_hash()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"year": "twenty"}, "number.invalid"),
        ({"source": None}, "field.missing"),
        ({"confidence": "sure"}, "value.unknown"),
        ({"extra": "1"}, "field.unknown"),
        ({"rest": "2031-10-01"}, "shape.invalid"),
        ({"rest": [{"on": "2031-09-31", "zh": "国庆节", "en": "National Day"}]}, "date.invalid"),
        ({"rest": [{"on": "2030-10-01", "zh": "国庆节", "en": "National Day"}]}, "date.other_year"),
        ({"rest": [{"on": "2031-09-27", "zh": "国庆节", "en": "National Day"}]}, "date.twice"),
        ({"worked": [{"on": "2031-09-29", "zh": "国庆节", "en": "National Day"}]}, "date.weekday"),
    ],
)
def test_a_wrong_holiday_document_is_refused(changes: dict[str, Any], code: str) -> None:
    assert holiday_year_of(a_document()).year == 2031

    with pytest.raises(FileWrong) as caught:
        holiday_year_of(a_document(**changes))

    assert [problem.code for problem in caught.value.problems] == [code]


def test_a_wrong_file_names_the_line_and_the_year_of_its_name(tmp_path: Path) -> None:
    file = tmp_path / "2030.yaml"
    file.write_text(
        "year: 2031\nnotice: ~\nsource: x\nconfidence: library\nrest:\n"
        "  - {on: 2031-10-01, zh: 国庆节, en: National Day}\n  - {on: 2031-10-01, zh: 国庆节, en: National Day}\n"
        "worked: []\n",
        encoding="utf-8",
    )

    with pytest.raises(FileWrong) as caught:
        read_holiday_year(file)

    assert [(p.line, p.code) for p in caught.value.problems] == [(1, "year.mismatch"), (7, "date.twice")]
