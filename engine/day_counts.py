"""Counts days one after another: lengths, pauses and rolling over rest days, for `engine.periods`."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta

from engine.errors import DeadlineUndetermined, InputWrong
from engine.holiday_values import WEEKDAYS
from engine.period_values import Length, Pause, Period, Roll
from engine.working_days import WorkingDays


@dataclass(frozen=True)
class CountedDay:
    """One line of a proof: the day, whether it counts, as which number, and why."""

    on: date
    counted: bool
    number: int | None
    why_zh: str
    why_en: str


def last_day(start: date, length: Length, period: Period, calendar: WorkingDays) -> date:
    """The day on which `length` is used up, `start` and the days paused in `period` not counted."""
    if period.pauses:
        *_, last = walk(start, length, period, calendar)
        return last.on
    return calendar.add(start, length.number) if length.unit == "wd" else unpaused_end(start, length)


def walk(start: date, length: Length, period: Period, calendar: WorkingDays) -> Iterator[CountedDay]:
    """Every day after `start` until `length` is used up; paused days stand in between, not counted.

    Months and years are walked by the days between the start and their corresponding day.
    """
    by_working_day = length.unit == "wd"
    wanted = abs(length.number) if by_working_day else abs((unpaused_end(start, length) - start).days)
    on, number = start, 0
    while number < wanted:
        on = moved(on, 1 if length.number > 0 else -1)
        pause = pause_on(on, period)
        if pause is not None:
            yield paused_day(on, pause, period)
            continue
        zh, en = WEEKDAYS[on.weekday()]
        zh, en = f"自然日（{zh}）", f"calendar day ({en})"
        if by_working_day:
            reason = calendar.why(on)
            zh, en = reason.zh, reason.en
        counted = not by_working_day or calendar.is_working(on)
        number += counted
        yield CountedDay(on, counted, number if counted else None, zh, en)


def unpaused_end(start: date, length: Length) -> date:
    """The end of calendar days, months or years when nothing pauses."""
    if length.unit == "cd":
        return moved(start, length.number)
    return months_later(start, length.number * (12 if length.unit == "yr" else 1))


def months_later(start: date, number: int) -> date:
    """The corresponding day `number` months on, or that month's last day (民法典第二百零二条)."""
    year, month = divmod(start.year * 12 + start.month - 1 + number, 12)
    if not MINYEAR <= year <= MAXYEAR:
        raise out_of_range()
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def rolled(on: date, roll: Roll, period: Period, calendar: WorkingDays) -> date:
    """`on`, or where it is a rest day the working day after or before it; a paused day is never the end."""
    if roll == "none":
        return on
    if roll == "previous":
        return calendar.previous_working(on)
    day = calendar.next_working(on)
    while pause_on(day, period) is not None:
        day = calendar.next_working(moved(day, 1))
    return day


def pause_on(day: date, period: Period) -> Pause | None:
    """The pause that covers `day`. Raises DeadlineUndetermined when it has no end yet."""
    covering = [pause for pause in period.pauses if pause.covers(day)]
    for pause in covering:
        if pause.last_on is None:
            raise DeadlineUndetermined(
                " / ".join(str(reading.length) for reading in period.readings),
                period.start_day,
                f"自{pause.from_on}起中止（{pause.basis.zh}），恢复计算后才能确定",
                f"paused since {pause.from_on} ({pause.basis.en}); known once it runs again",
            )
    return covering[0] if covering else None


def paused_day(on: date, pause: Pause, period: Period) -> CountedDay:
    """The line of a day that is left out, with the number of its pause and the ground."""
    number = period.pauses.index(pause) + 1
    return CountedDay(
        on, False, None, f"第{number}次中止：{pause.basis.zh}", f"paused (pause no. {number}): {pause.basis.en}"
    )


def moved(day: date, days: int) -> date:
    """`day` plus calendar days. Raises InputWrong beyond the years 1 to 9999."""
    try:
        return day + timedelta(days=days)
    except OverflowError as e:
        raise out_of_range() from e


def out_of_range() -> InputWrong:
    """No such date in the calendar of this program."""
    return InputWrong("date.out_of_range", "日期超出可计算的范围（公元1年至9999年）", "beyond the years 1 to 9999")
