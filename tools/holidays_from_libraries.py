"""Maintenance: prints one year's holiday file as the public libraries know it, and compares it with `data/holidays`.

    uv run python tools/holidays_from_libraries.py 2027 > data/holidays/2027.yaml

The file goes to standard output, the comparison to standard error. Before a year is shipped somebody compares it with
the State Council's notice and fills in `notice`, `source` and `confidence`: the libraries leave out some weekends
that the notice prints, and name only one holiday where two fall together. Exit 1 when the libraries disagree with
each other or with `data/holidays` on whether a day is worked; the product itself never imports them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import chinese_calendar
import holidays
from chinese_calendar import constants

from engine.working_days import WorkingDays, shipped_working_days

ENGLISH = {
    "元旦": "New Year's Day",
    "春节": "Spring Festival",
    "清明节": "Tomb-Sweeping Day",
    "劳动节": "Labour Day",
    "端午节": "Dragon Boat Festival",
    "中秋节": "Mid-Autumn Festival",
    "国庆节": "National Day",
}
FULL_NAMES = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}


def main(arguments: list[str]) -> int:
    """Print and compare one year; the exit code."""
    if len(arguments) != 1 or not arguments[0].isdecimal():
        sys.stderr.write("usage: holidays_from_libraries.py YEAR\n")
        return 2
    year = int(arguments[0])
    if not any(day.year == year for day in constants.holidays):
        sys.stderr.write(f"the libraries do not know {year} yet; upgrade them once the notice is published\n")
        return 1
    sys.stdout.write(as_yaml(year))
    differences = [*between_libraries(year), *against_data(year, shipped_working_days())]
    sys.stderr.writelines(f"{line}\n" for line in differences or [f"{year}: no day differs"])
    return 1 if differences else 0


def as_yaml(year: int) -> str:
    """The year in the shape of `data/holidays/YEAR.yaml`."""
    head = [
        f"year: {year}",
        "notice: ~",
        "source: 取自两个公开节假日库，两者逐日一致，尚未与国务院通知核对",
        "confidence: library",
    ]
    return "\n".join([*head, *_rows("rest", constants.holidays, year), *_rows("worked", constants.workdays, year), ""])


def between_libraries(year: int) -> Iterator[str]:
    """The days on which the two libraries disagree."""
    other = holidays.country_holidays("CN", years=year)
    for day in _days_of(year):
        if chinese_calendar.is_workday(day) != other.is_working_day(day):
            yield f"{day}: the two libraries disagree"


def against_data(year: int, shipped: WorkingDays) -> Iterator[str]:
    """The days on which the shipped table differs from the library; one line when it has no such year."""
    if not shipped.is_published(year):
        yield f"{year}: not in data/holidays"
        return
    for day in _days_of(year):
        if chinese_calendar.is_workday(day) != shipped.is_working(day):
            yield f"{day}: data/holidays says {shipped.why(day).kind}, the library the opposite"


def _rows(field: str, days: Mapping[date, str], year: int) -> list[str]:
    rows = [f"  - {{on: {day}, {_names(days[day])}}}" for day in sorted(days) if day.year == year]
    return [f"{field}:", *rows] if rows else [f"{field}: []"]


def _names(value: str) -> str:
    chinese: str = constants.Holiday(value).chinese
    zh = FULL_NAMES.get(chinese, chinese)
    return f'zh: {zh}, en: "{ENGLISH.get(zh, value)}"'


def _days_of(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
