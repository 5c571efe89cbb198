"""Adds up a period on a day: how much it had, how much was granted, how much is used up and how much is left. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal, cast

from engine.clock import SHANGHAI
from engine.day_counts import last_day, pause_on, unpaused_end
from engine.period_values import Length, Period
from engine.periods import due_of
from engine.working_days import WorkingDays

ONE_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Spent:
    """The account of a period: `consumed` + `remaining` = `budget` + `granted`, always.

    In working days, calendar days, or minutes where hours count. The budget of months and years is the days to their
    corresponding day; days over which the end rolls belong to nobody and are not in the account. What a latest end
    takes away from a period that began anew is not in its budget.
    """

    unit: Literal["wd", "cd", "minutes"]
    budget: int
    granted: int
    consumed: int
    remaining: int


def spent(period: Period, calendar: WorkingDays, on: date, at: datetime | None = None) -> Spent:
    """The account at the end of the day `on` (at the minute `at` where hours count), of the reading that holds.

    Raises DeadlineUndetermined as `due_of` does.
    """
    if period.counts_hours:
        return _spent_minutes(period, at or datetime.combine(on + timedelta(days=1), datetime.min.time(), SHANGHAI))
    base = period.readings[due_of(period, calendar).reading].length
    own = sum(e.length.number for e in period.extensions if e.length.unit == base.unit)
    whole = replace(base, number=base.number + own)
    budget, granted, used, left = _budget(period, base), _budget(period, whole) - _budget(period, base), 0, 0
    start, last_on = period.counted_from, _cut_on(period)
    for length in (whole, *(e.length for e in period.extensions if e.length.unit != base.unit)):
        end = last_day(start, length, period, calendar)
        by_working_day = length.unit == "wd"
        if last_on is not None and last_on < end:
            cut_from = max(start, last_on)
            budget -= _counted(cut_from, end, period, calendar, by_working_day=by_working_day)
            end = cut_from
        used += _counted(start, min(max(on, start), end), period, calendar, by_working_day=by_working_day)
        left += _counted(min(max(on, start), end), end, period, calendar, by_working_day=by_working_day)
        if length is not whole:
            granted += length.number if length.unit in ("wd", "cd") else (unpaused_end(start, length) - start).days
        start = end
    return Spent("wd" if base.unit == "wd" else "cd", budget, granted, used, left)


def _cut_on(period: Period) -> date | None:
    """The last day that a period which began anew can have, before it rolls."""
    if period.restart is None or period.restart.latest is None:
        return None
    return unpaused_end(period.start_day, period.restart.latest)


def _budget(period: Period, length: Length) -> int:
    if length.unit in ("wd", "cd"):
        return length.number
    return (unpaused_end(period.counted_from, length) - period.counted_from).days


def _counted(after: date, to: date, period: Period, calendar: WorkingDays, *, by_working_day: bool) -> int:
    """The days in (after, to] that count: worked where working days count, and not paused."""
    days = calendar.count(after, to) if by_working_day else (to - after).days
    paused = (after + timedelta(days=n) for n in range(1, (to - after).days + 1)) if period.pauses else ()
    left_out = (day for day in paused if pause_on(day, period) is not None)
    return days - sum(1 for day in left_out if not by_working_day or calendar.is_working(day))


def _spent_minutes(period: Period, at: datetime) -> Spent:
    start_at = cast(datetime, period.start_at).astimezone(SHANGHAI).replace(second=0, microsecond=0)
    due_at = cast(datetime, due_of(period, NO_DAYS).due_at)
    granted = 60 * sum(e.length.number for e in period.extensions)
    total = (due_at - start_at) // ONE_MINUTE
    consumed = min(max((at.astimezone(SHANGHAI) - start_at) // ONE_MINUTE, 0), total)
    return Spent("minutes", total - granted, granted, consumed, total - consumed)


# Hours ask no calendar.
NO_DAYS = WorkingDays.from_documents(())
