"""Turns budget, pauses and extensions into a due date and its proof, day by day; pure values, no statute.

Counting (期间计算): the day or minute that starts a period is not counted (民法典第二百零一条); months and years end
on the corresponding day of the last month, or on that month's last day (第二百零二条); where a reading says so, an
end on a rest day moves to the next working day (第二百零三条第一款). A make-up day is a working day in every respect.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import cast

from engine.clock import SHANGHAI
from engine.day_counts import (
    CountedDay,
    last_day,
    months_later,
    moved,
    out_of_range,
    pause_on,
    paused_day,
    rolled,
    unpaused_end,
    walk,
)
from engine.period_values import (
    Basis,
    Extension,
    Length,
    Pause,
    Period,
    Pick,
    Reading,
    Restart,
    Roll,
    Unit,
    parse_length,
)
from engine.working_days import WorkingDays

__all__ = [
    "Basis",
    "CountedDay",
    "Due",
    "Extension",
    "Length",
    "Pause",
    "Period",
    "Pick",
    "Reading",
    "Restart",
    "Roll",
    "Unit",
    "due_of",
    "months_later",
    "parse_length",
    "proof_of",
    "rung_days",
    "safe_day",
]


@dataclass(frozen=True)
class Due:
    """When a period ends.

    `due_on` is the last day, itself inside the period; `due_at` the minute, for hours only. `reading` is the
    index of the reading that held. `rests_on` are the years whose holidays had a say in any reading; when one of
    them is unpublished, the date is `provisional`.
    """

    due_on: date
    due_at: datetime | None
    provisional: bool
    reading: int
    rests_on: tuple[int, ...]


def due_of(period: Period, calendar: WorkingDays) -> Due:
    """The due date. Hours run from the minute of the start exactly, holidays or not; seconds are dropped.

    Raises DeadlineUndetermined when the count runs into a pause that is still open, InputWrong when the date
    lies beyond the years 1 to 9999.
    """
    if period.counts_hours:
        return _due_in_hours(period)
    ends = [_end_of(period, reading, calendar) for reading in period.readings]
    days = [end.on for end in ends]
    due_on = max(days) if period.pick == "later" else min(days)
    years = sorted(set().union(*(end.rests_on for end in ends)))
    provisional = not all(calendar.is_published(year) for year in years)
    return Due(due_on, None, provisional, days.index(due_on), tuple(years))


def proof_of(period: Period, calendar: WorkingDays) -> tuple[CountedDay, ...]:
    """How the due date came about: the start, then every day to the due day, in the order of counting.

    For months and years only the start, paused days, the corresponding day and the days over which it rolled;
    for hours the two ends. Raises as `due_of` does.
    """
    due = due_of(period, calendar)
    if due.due_at is not None:
        return _proof_in_hours(period, due.due_at)
    lines = _starts(period)
    base = period.readings[due.reading].length
    for stretch in _stretches(period, base):
        counted = _months_counted if stretch.length.unit in ("mo", "yr") else _days_counted
        lines += counted(lines[-1].on, stretch, period, calendar)
    if due.due_on < lines[-1].on and period.restart is not None:
        return tuple(_cut_short(lines, period, due.due_on))
    if lines[-1].on != due.due_on:
        lines[-1:] = _rolled_over(lines[-1], due.due_on, period, calendar)
    return tuple(lines)


def safe_day(due_on: date, calendar: WorkingDays) -> date:
    """The last working day on or before the due day: the day to plan on."""
    return calendar.previous_working(due_on)


def rung_days(safe_on: date, offsets: Iterable[int], calendar: WorkingDays) -> dict[int, date]:
    """For each offset, in calendar days before the safe day, the day on which its reminder goes out.

    A rung that falls on a rest day goes out on the last working day before. Raises ValueError below 0.
    """
    days: dict[int, date] = {}
    for offset_days in offsets:
        if offset_days < 0:
            raise ValueError(f"a rung stands on the safe day or before it, not {-offset_days} days after")
        days[offset_days] = calendar.previous_working(moved(safe_on, -offset_days))
    return days


def _starts(period: Period) -> list[CountedDay]:
    """The day (or the two days) from which it is counted."""
    zh, en = "期间开始之日不计算在内", "the day on which the period starts is not counted"
    if period.restart is None:
        return [CountedDay(period.start_day, False, None, zh, en)]
    why = period.restart.basis
    again = CountedDay(
        period.restart.from_on,
        False,
        None,
        f"自本日起重新计算，本日不计算在内：{why.zh}",
        f"begins anew; this day is not counted: {why.en}",
    )
    return [CountedDay(period.start_day, False, None, zh, en), again]


def _no_later(due_on: date, period: Period, reading: Reading, calendar: WorkingDays) -> date:
    """The due day, or the last day on which a period that began anew may end."""
    if period.restart is None or period.restart.latest is None:
        return due_on
    return min(due_on, rolled(unpaused_end(period.start_day, period.restart.latest), reading.roll, period, calendar))


def _cut_short(lines: list[CountedDay], period: Period, due_on: date) -> list[CountedDay]:
    """The proof of a period that began anew and came to its latest day."""
    kept = [line for line in lines if line.on < due_on]
    latest = cast(Length, cast(Restart, period.restart).latest)
    zh = f"自最初起算日{period.start_day}起最长{latest.zh}，至本日届满"
    en = f"ends here: at most {latest.en} from the first start on {period.start_day}"
    return [*kept, CountedDay(due_on, True, None, zh, en)]


@dataclass(frozen=True)
class _End:
    on: date
    rests_on: set[int]


@dataclass(frozen=True)
class _Stretch:
    """Days counted in one go. `unextended` of `length` was there without the extensions."""

    length: Length
    unextended: int
    extensions: tuple[Extension, ...]


def _stretches(period: Period, base: Length) -> list[_Stretch]:
    """What is counted one after another. Extensions in the base's own unit go into the base, because a whole
    period is added at once: two single months drift."""
    own = tuple(extension for extension in period.extensions if extension.length.unit == base.unit)
    whole = replace(base, number=base.number + sum(extension.length.number for extension in own))
    others = (extension for extension in period.extensions if extension.length.unit != base.unit)
    return [
        _Stretch(whole, abs(base.number), own),
        *(_Stretch(extension.length, 0, (extension,)) for extension in others),
    ]


def _end_of(period: Period, reading: Reading, calendar: WorkingDays) -> _End:
    on, rests_on = period.counted_from, set[int]()
    lengths = [s.length for s in _stretches(period, reading.length)] if period.extensions else [reading.length]
    for length in lengths:
        first = moved(on, 1 if length.number > 0 else -1)
        on = last_day(on, length, period, calendar)
        if length.unit == "wd":
            rests_on |= _years_between(first, on)
    due_on = on
    if reading.roll != "none":
        due_on = rolled(on, reading.roll, period, calendar)
        rests_on |= _years_between(on, due_on)
    return _End(_no_later(due_on, period, reading, calendar), rests_on)


def _days_counted(start: date, stretch: _Stretch, period: Period, calendar: WorkingDays) -> list[CountedDay]:
    """Every day of the stretch; days that only an extension gave say so."""
    zh, en = _granted(stretch.extensions)
    return [
        replace(line, why_zh=line.why_zh + zh, why_en=line.why_en + en)
        if line.number is not None and line.number > stretch.unextended
        else line
        for line in walk(start, stretch.length, period, calendar)
    ]


def _months_counted(start: date, stretch: _Stretch, period: Period, calendar: WorkingDays) -> list[CountedDay]:
    """The paused days and the day on which the months end."""
    length = stretch.length
    corresponding = unpaused_end(start, length)
    zh, en = f"{length.zh}后的对应日", f"the corresponding day {length.en} on"
    if corresponding.day != start.day:
        zh, en = f"{length.zh}后无对应日，以当月末日为准", f"no corresponding day {length.en} on: that month's last day"
    walked = list(walk(start, length, period, calendar)) if period.pauses else []
    paused = [line for line in walked if not line.counted]
    if paused:
        zh = f"{zh}（{corresponding}），扣除中止的{len(paused)}日后为本日"
        en = f"{en} ({corresponding}); with {len(paused)} paused days not counted, this day"
    granted_zh, granted_en = _granted(stretch.extensions)
    end_on = walked[-1].on if walked else corresponding
    return [*paused, CountedDay(end_on, True, None, zh + granted_zh, en + granted_en)]


def _granted(extensions: tuple[Extension, ...]) -> tuple[str, str]:
    if not extensions:
        return "", ""
    return (
        "；延长：" + "；".join(extension.basis.zh for extension in extensions),
        "; extended: " + "; ".join(extension.basis.en for extension in extensions),
    )


def _rolled_over(last: CountedDay, due_on: date, period: Period, calendar: WorkingDays) -> list[CountedDay]:
    """The last counted day, now said to be a rest day, and the days from there to the due day."""
    onwards = due_on > last.on
    zh, en = ("顺延", "moves on") if onwards else ("提前", "moves back")
    rest = calendar.why(last.on)
    lines = [
        replace(
            last,
            why_zh=f"{last.why_zh}；末日为休息日（{rest.zh}），{zh}",
            why_en=f"{last.why_en}; the last day is a rest day ({rest.en}), it {en}",
        )
    ]
    while lines[-1].on != due_on:
        on = moved(lines[-1].on, 1 if onwards else -1)
        why, pause = calendar.why(on), pause_on(on, period)
        if pause is not None:
            line = paused_day(on, pause, period)
        elif on == due_on:
            line = CountedDay(on, False, None, f"{zh}至本日届满（{why.zh}）", f"{en} to this day and ends ({why.en})")
        else:
            line = CountedDay(on, False, None, f"{zh}：{why.zh}", f"{en}: {why.en}")
        lines.append(line)
    return lines


def _due_in_hours(period: Period) -> Due:
    start_at = cast(datetime, period.start_at).astimezone(SHANGHAI).replace(second=0, microsecond=0)
    more_hours = sum(extension.length.number for extension in period.extensions)
    try:
        ends = [start_at + timedelta(hours=reading.length.number + more_hours) for reading in period.readings]
    except OverflowError as e:
        raise out_of_range() from e
    due_at = max(ends) if period.pick == "later" else min(ends)
    return Due(due_at.date(), due_at, False, ends.index(due_at), ())


def _proof_in_hours(period: Period, due_at: datetime) -> tuple[CountedDay, ...]:
    start_at = cast(datetime, period.start_at).astimezone(SHANGHAI)
    zh, en = _granted(period.extensions)
    return (
        CountedDay(start_at.date(), False, None, f"自{start_at:%H:%M}起算", f"counted from {start_at:%H:%M}"),
        CountedDay(
            due_at.date(),
            True,
            None,
            f"{due_at:%H:%M}届满，不因休息日顺延{zh}",
            f"ends at {due_at:%H:%M}; hours do not stop for rest days{en}",
        ),
    )


def _years_between(one: date, other: date) -> set[int]:
    return set(range(min(one.year, other.year), max(one.year, other.year) + 1))
