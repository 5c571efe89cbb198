"""The working-day table against two public libraries, and its arithmetic against counting on the fingers."""

from __future__ import annotations

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


@pytest.mark.parametrize("step", [1, -1])
def test_add_equals_counting_day_by_day(step: int) -> None:
    starts = [*days(date(2018, 1, 1), date(2019, 12, 31)), date(2012, 9, 29), date(2020, 1, 20), date(2025, 9, 26)]

    for start in starts:
        on, number = start, 0
        while number < 30:
            on += step * ONE_DAY
            if chinese_calendar.is_workday(on):
                number += 1
                assert SHIPPED.add(start, step * number) == on


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
