"""Months one after another, and the figures of charts that follow them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from reports.chart_values import Label, Point, Series

MOST_MONTHS = 120
ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def month_of(on: date) -> str:
    """The month of a day, YYYY-MM."""
    return on.isoformat()[: len("YYYY-MM")]


def shifted(month: str, by: int) -> str:
    """The month so many months later; earlier for a negative number."""
    year, number = int(month[:4]), int(month[5:])
    years, place = divmod(year * 12 + number - 1 + by, 12)
    return f"{years:04d}-{place + 1:02d}"


def months_apart(first: str, second: str) -> int:
    """How many months the second is later than the first."""
    return (int(second[:4]) - int(first[:4])) * 12 + int(second[5:]) - int(first[5:])


def months_from(first: str, last: str) -> tuple[str, ...]:
    """From the first to the last, both inclusive, and never none: of more than can be drawn the latest."""
    count = min(max(months_apart(first, last), 0) + 1, MOST_MONTHS)
    return tuple(shifted(last, place - count + 1) for place in range(count))


def month_label(month: str) -> Label:
    """As it stands under its bars; the year is written only where it begins."""
    number = int(month[5:])
    return Label(f"{number}月", ENGLISH[number - 1])


def by_month(
    id_: str,
    label: Label,
    months: Sequence[str],
    counted: Mapping[str, int] | None,
    *,
    money: bool = False,
    before: bool = False,
    named: Callable[[str], str] = str,
) -> Series:
    """A series of months. `counted` is None where nothing counts it; `named` gives the id of each figure."""
    amounts = [None if counted is None else counted.get(named(month), 0) for month in months]
    points = tuple(Point(named(m), month_label(m), n) for m, n in zip(months, amounts, strict=True))
    return Series(id_, label, points, money=money, before=before)


def growing(counted: Mapping[str, int] | None, months: Sequence[str]) -> Mapping[str, int] | None:
    """The sums up to the end of each month, everything before the first included."""
    if counted is None:
        return None
    total = sum(n for month, n in counted.items() if months and month < months[0])
    sums = {}
    for month in months:
        total += counted.get(month, 0)
        sums[month] = total
    return sums
