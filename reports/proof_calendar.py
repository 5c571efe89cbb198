"""Draws the days of a proof: a calendar of each day, and the days that need a reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from engine.clock import SHANGHAI
from engine.proof_values import Counted, ProofDay, ProofKind

# Above this a calendar has more pages than anybody reads; the days that need a reason are told all the same.
MOST_DAYS_DRAWN = 400
WEEKDAYS = {"zh": tuple("一二三四五六日"), "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
OUTSIDE = "outside"
SHORT: dict[ProofKind, tuple[str, str]] = {
    "working": ("", ""),
    "unpublished": ("暂定", "prov."),
    "weekend": ("休", "rest"),
    "holiday": ("假", "holiday"),
    "make_up": ("班", "made up"),
    "start": ("起算", "start"),
    "paused": ("中止", "paused"),
    "calendar": ("", ""),
}


class In:
    """Says things in the language of the sheet."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def __call__(self, zh: str, en: str) -> str:
        return zh if self.lang == "zh" else en

    def day(self, on: date) -> str:
        """2018年9月26日（周三）, 2018-09-26 (Wed)."""
        weekday = WEEKDAYS[self.lang][on.weekday()]
        return self(f"{on.year}年{on.month}月{on.day}日（周{weekday}）", f"{on.isoformat()} ({weekday})")

    def end(self, counted: Counted) -> str:
        """The last day, or the last minute."""
        return f"{counted.due_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if counted.due_at else self.day(counted.due_on)


@dataclass(frozen=True)
class Cell:
    """One day of the calendar: its number in the month, its mark, its number in the count, how it is drawn.

    `day` is 0 where the week begins or ends in another month.
    """

    day: int
    mark: str = ""
    number: str = ""
    drawn: str = ""


@dataclass(frozen=True)
class Month:
    """One month of the calendar, week by week from Monday."""

    name: str
    weeks: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Reason:
    """One day, or several that have the same reason: why they count or do not."""

    days: str
    counted: str
    why: str


def months_of(counted: Counted, said: In) -> Iterator[Month]:
    """The calendar of the days one by one; none where only some days are told, or very many."""
    by_day = {day.line.on: day for day in counted.days}
    first, last = min(by_day), max(by_day)
    if len(by_day) != (last - first).days + 1 or len(by_day) > MOST_DAYS_DRAWN or counted.due_at is not None:
        return
    month = first.replace(day=1)
    while month <= last:
        after = (month + timedelta(days=31)).replace(day=1)
        cells = [Cell(0)] * month.weekday()
        for number in range((after - month).days):
            on = month + timedelta(days=number)
            cells.append(_cell(on, by_day.get(on), counted.due_on, said))
        cells += [Cell(0)] * (-len(cells) % 7)
        name = said(f"{month.year}年{month.month}月", f"{month:%B %Y}")
        weeks = (tuple(cells[place : place + 7]) for place in range(0, len(cells), 7))
        yield Month(name, tuple(week for week in weeks if any(cell.drawn not in {"", OUTSIDE} for cell in week)))
        month = after


def _cell(on: date, day: ProofDay | None, due_on: date, said: In) -> Cell:
    if day is None:
        return Cell(on.day, drawn=OUTSIDE)
    number = "" if day.line.number is None else str(day.line.number)
    drawn = "due" if on == due_on else "counted" if day.line.counted else "left"
    mark = said(*SHORT[day.kind])
    if on == due_on and day.kind not in {"make_up", "unpublished"}:
        mark = said("届满", "due")
    return Cell(on.day, mark, number, drawn)


def reasons_of(days: Sequence[ProofDay], said: In) -> Iterator[Reason]:
    """First and last day, and in between those that are not plain; neighbours with one reason together."""
    told = [day for place, day in enumerate(days) if place in {0, len(days) - 1} or not _is_plain(day)]
    for (_, why, _), group in groupby(told, key=lambda day: (day.kind, _why(day, said), day is days[-1])):
        several = list(group)
        first, last = several[0].line, several[-1].line
        when = said.day(first.on)
        if len(several) > 1:
            when += said(f"至{said.day(last.on)}，{len(several)}日", f" to {said.day(last.on)}, {len(several)} days")
        yield Reason(when, _counts(several, said), why)


def _why(day: ProofDay, said: In) -> str:
    """Why the day counts or not. Of a day that only an extension gave, the extension: its weekday explains nothing."""
    _, zh, granted_zh = day.line.why_zh.partition("；延长：")
    _, _, granted_en = day.line.why_en.partition("; extended: ")
    if not zh:
        return said(day.line.why_zh, day.line.why_en)
    return said(f"延长：{granted_zh}", f"extended: {granted_en}")


def _counts(several: Sequence[ProofDay], said: In) -> str:
    first, last = several[0].line, several[-1].line
    if not first.counted:
        return said("不计", "no")
    if first.number is None:
        return said("计入", "yes")
    numbers = f"{first.number}" if first.number == last.number else f"{first.number}–{last.number}"
    return said(f"第{numbers}日", f"no. {numbers}")


def _is_plain(day: ProofDay) -> bool:
    """A working day that counts, a weekend that does not, any day where days are calendar days: no word is needed."""
    return ("；" not in day.line.why_zh) and (
        (day.line.counted and day.kind in {"working", "unpublished", "calendar"})
        or (not day.line.counted and day.kind == "weekend" and "：" not in day.line.why_zh)
    )
