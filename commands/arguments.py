"""Days, instants and settings as people type them on the command line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from commands.output import cut
from engine.clock import SHANGHAI, legal_day
from engine.day_words import FIRST_DAY, LAST_DAY, CountsWorkingDays, relative_day
from engine.errors import InputWrong, Remedy

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?([+-]\d{2}:\d{2}|Z)?", re.ASCII)
DAYS_ZH = "2018-09-15、today（今天）、+3d（3天后）、-3d（3天前）、+7wd（7个工作日后）"
DAYS_EN = "2018-09-15, today, +3d (3 days on), -3d (3 days back), +7wd (7 working days on)"
MOMENTS_ZH = f"2018-09-15T16:30（到分钟）、{DAYS_ZH}"
MOMENTS_EN = f"2018-09-15T16:30 (to the minute), {DAYS_EN}"


@dataclass(frozen=True)
class Moment:
    """When something happened: the legal day, and the instant (aware, Shanghai) where a minute was given."""

    on: date
    at: datetime | None = None


def parse_day(text: str, today: date, calendar: CountsWorkingDays | None = None) -> date:
    """The day that `2018-09-15`, `today`, `+3d`, `-3d` or `+7wd` means, counted from `today`, which does not count.

    Without a calendar working days are counted by the holidays shipped with the program. Raises InputWrong
    (`date.invalid`, `date.out_of_range`).
    """
    typed = text.strip()
    try:
        found = (
            date.fromisoformat(typed) if DAY.fullmatch(typed) else relative_day(typed, today, calendar or _Shipped())
        )
    except (ValueError, OverflowError) as e:
        raise _no_such_day(text, DAYS_ZH, DAYS_EN) from e
    if found is None:
        raise _not_a_date(text, DAYS_ZH, DAYS_EN)
    return _in_range(found)


def parse_moment(text: str, today: date, calendar: CountsWorkingDays | None = None) -> Moment:
    """A day as `parse_day` takes it, or a minute: `2018-09-15T16:30`, with a blank for the T, with an offset.

    A minute without an offset is Shanghai time. Raises InputWrong (`date.invalid`, `date.out_of_range`).
    """
    typed = text.strip()
    if MOMENT.fullmatch(typed):
        try:
            at = datetime.fromisoformat(typed)
            at = at.astimezone(SHANGHAI) if at.tzinfo else at.replace(tzinfo=SHANGHAI)
        except (ValueError, OverflowError) as e:
            raise _no_such_day(text, MOMENTS_ZH, MOMENTS_EN) from e
        return Moment(_in_range(legal_day(at)), at)
    if DAY.match(typed) and not DAY.fullmatch(typed):
        raise _not_a_date(text, MOMENTS_ZH, MOMENTS_EN)
    return Moment(parse_day(text, today, calendar))


def parse_settings(settings: Sequence[str]) -> dict[str, str]:
    """The answers typed as `--set name=value`, in their order; a value may be empty or hold further `=`.

    Raises InputWrong (`usage.setting`, `usage.setting_twice`).
    """
    answers: dict[str, str] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        name = name.strip()
        if not equals or not name:
            shown = cut(setting, 40)
            raise InputWrong(
                "usage.setting",
                f"--set 应写成“名称=值”（半角等号），不能是“{shown}”",
                f"--set takes name=value, not {shown!r}",
                Remedy("例如 --set result=done", "for example --set result=done"),
            )
        if name in answers:
            raise InputWrong(
                "usage.setting_twice", f"--set {cut(name, 40)} 写了两次", f"--set {cut(name, 40)} was given twice"
            )
        answers[name] = value
    return answers


class _Shipped:
    """The holidays shipped with the program, read only when working days are counted."""

    def add(self, start: date, n: int) -> date:
        from engine.working_days import shipped_working_days

        return shipped_working_days().add(start, n)


def _in_range(on: date) -> date:
    """The day, where it can be one of this work."""
    if FIRST_DAY <= on <= LAST_DAY:
        return on
    raise InputWrong(
        "date.out_of_range",
        f"日期{on}超出范围，应在{FIRST_DAY}至{LAST_DAY}之间",
        f"{on} is out of range: {FIRST_DAY} to {LAST_DAY}",
        Remedy("请核对年份", "check the year"),
    )


def _no_such_day(text: str, zh: str, en: str) -> InputWrong:
    shown = cut(text, 40)
    return InputWrong("date.invalid", f"没有“{shown}”这一天", f"there is no such day as {shown!r}", _accepted(zh, en))


def _not_a_date(text: str, zh: str, en: str) -> InputWrong:
    shown = cut(text, 40)
    return InputWrong("date.invalid", f"“{shown}”不是日期", f"{shown!r} is not a date", _accepted(zh, en))


def _accepted(zh: str, en: str) -> Remedy:
    return Remedy(f"可写：{zh}", f"write {en}")
