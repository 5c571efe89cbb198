"""What a running time limit is made of: length, readings, pauses, extensions, as values that cannot contradict."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal, cast

from engine.clock import legal_day
from engine.errors import InputWrong, Remedy

Unit = Literal["wd", "cd", "h", "mo", "yr"]
Roll = Literal["next", "previous", "none"]
Pick = Literal["later", "earlier"]

MOST = {"wd": 36_600, "cd": 36_600, "h": 878_400, "mo": 1_200, "yr": 100}
UNITS_ZH = {"wd": "个工作日", "cd": "日", "h": "小时", "mo": "个月", "yr": "年"}
UNITS_EN = {"wd": "working days", "cd": "days", "h": "hours", "mo": "months", "yr": "years"}
OTHER_SPELLINGS = {"d": "cd", "y": "yr"}
_LENGTH = re.compile(r"([+-]?)([0-9]{1,6})(wd|cd|d|h|mo|yr|y)")


@dataclass(frozen=True)
class Length:
    """So many working days, calendar days, hours, months or years; negative counts back (days only).

    Raises InputWrong for 0, for more than about a hundred years, and for hours, months or years counted back.
    """

    number: int
    unit: Unit

    def __post_init__(self) -> None:
        if not 0 < abs(self.number) <= MOST[self.unit]:
            raise InputWrong(
                "period.out_of_range",
                f"期限“{self}”超出范围，应为1至{MOST[self.unit]}{UNITS_ZH[self.unit]}",
                f"the period {self} is out of range: 1 to {MOST[self.unit]} {UNITS_EN[self.unit]}",
                Remedy("请核对数字", "check the number"),
            )
        if self.number < 0 and self.unit not in ("wd", "cd"):
            raise InputWrong(
                "period.backwards",
                f"期限“{self}”不能倒算，只有工作日和自然日可以倒算",
                f"the period {self} cannot be counted back; only days can",
                Remedy("改用日数，如-90d", "give it in days, such as -90d"),
            )

    def __str__(self) -> str:
        return f"{self.number:+d}{self.unit}"

    @property
    def zh(self) -> str:
        """As a person reads it: 7个工作日, 6个月."""
        return f"{abs(self.number)}{UNITS_ZH[self.unit]}"

    @property
    def en(self) -> str:
        """As a person reads it: 7 working days, 1 month."""
        name = UNITS_EN[self.unit]
        return f"{abs(self.number)} {name.removesuffix('s') if abs(self.number) == 1 else name}"


@lru_cache(maxsize=256)
def parse_length(text: str) -> Length:
    """`+7wd`, `-3d`, `+15cd`, `+24h`, `+6mo`, `+2y` or `+2yr` as a length; without a sign it counts forward.

    Raises InputWrong.
    """
    found = _LENGTH.fullmatch(text.strip())
    if found is None:
        raise InputWrong(
            "period.invalid",
            f"“{text[:40]}”不是期限",
            f"{text[:40]!r} is not a period",
            Remedy(
                "请写成+7wd（工作日）、+15d（自然日）、-3d（倒算）、+24h、+6mo、+2y的样子",
                "write it like +7wd (working days), +15d (calendar days), -3d (back), +24h, +6mo, +2y",
            ),
        )
    sign, number, unit = found.groups()
    return Length(int(sign + number), cast(Unit, OTHER_SPELLINGS.get(unit, unit)))


@dataclass(frozen=True)
class Reading:
    """One way to read a time limit: how long, and whether an end on a rest day moves."""

    length: Length
    roll: Roll = "none"


@dataclass(frozen=True)
class Basis:
    """On what the running of a limit was changed: the named ground, why in this case, who decided, under which text,
    and how sure that text is."""

    ground: str = ""
    ground_zh: str = ""
    ground_en: str = ""
    reason: str = ""
    by: str = ""
    text: str = ""
    confidence: str = ""

    @property
    def zh(self) -> str:
        """As a proof cites it."""
        return "，".join(p for p in (self.ground_zh, self.reason, self.text, self.by and f"{self.by}决定") if p)

    @property
    def en(self) -> str:
        """As a proof cites it."""
        return ", ".join(p for p in (self.ground_en, self.reason, self.text, self.by and f"by {self.by}") if p)


@dataclass(frozen=True)
class Pause:
    """Days that are not counted (扣除、中止), both ends inclusive. `to_on` None: still going on.

    With `most_days` only so many calendar days from its first are left out. Raises InputWrong when reversed.
    """

    from_on: date
    to_on: date | None
    basis: Basis = Basis()
    most_days: int | None = None

    def __post_init__(self) -> None:
        if self.to_on is not None and self.to_on < self.from_on:
            raise _contradiction(
                f"中止期间的止日{self.to_on}早于起日{self.from_on}",
                f"the pause ends on {self.to_on}, before it begins on {self.from_on}",
            )
        if self.most_days is not None and self.most_days < 1:
            raise _contradiction("中止期间的上限至少为一日", "a pause is capped at one day or more")

    @property
    def last_on(self) -> date | None:
        """The last day left out; None while it goes on without a cap."""
        capped = None if self.most_days is None else self.from_on + timedelta(days=self.most_days - 1)
        return capped if self.to_on is None else min(self.to_on, capped or self.to_on)

    def covers(self, day: date) -> bool:
        """Whether `day` is paused."""
        last_on = self.last_on
        return self.from_on <= day and (last_on is None or day <= last_on)


@dataclass(frozen=True)
class Extension:
    """More time, granted by somebody for a reason.

    In the reading's own unit it lengthens the period from its start, as one whole; in another unit it is
    counted on from the end, before that end rolls.
    """

    length: Length
    basis: Basis = Basis()


@dataclass(frozen=True)
class Restart:
    """The period begins anew on `from_on`, a day that is not counted; what ran before is void.

    With `latest` it ends no later than that long after its first start.
    """

    from_on: date
    basis: Basis = Basis()
    latest: Length | None = None


@dataclass(frozen=True)
class Period:
    """A time limit that runs from a day, or from a minute where hours count.

    With several readings the later or the earlier due date holds (`pick`). Raises InputWrong for values that
    contradict each other, ValueError for an instant without zone.
    """

    readings: tuple[Reading, ...]
    start_on: date | None = None
    start_at: datetime | None = None
    pick: Pick = "later"
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    restart: Restart | None = None

    def __post_init__(self) -> None:
        if (self.start_on is None) == (self.start_at is None):
            raise _contradiction("期限应当且只能有一个起算时点", "a period has one start: a day or a minute")
        if self.start_at is not None:
            legal_day(self.start_at)
        units = {reading.length.unit for reading in self.readings}
        if not units or (len(units) > 1 and "h" in units):
            raise _contradiction("期限的算法缺失，或者混用了小时与日", "no reading, or hours mixed with days")
        if any(extension.length.number < 0 for extension in self.extensions):
            raise _contradiction("延长的期限不能是负数", "an extension cannot be negative")
        if units == {"h"}:
            self._refuse_days_among_hours()
        elif (self.pauses or self.extensions or self.restart) and any(
            reading.length.number < 0 for reading in self.readings
        ):
            raise _contradiction("倒算的期限不能中止或者延长", "a period counted back cannot be paused or extended")
        if self.restart is not None and self.restart.from_on < self.start_day:
            raise _contradiction(
                f"重新计算之日{self.restart.from_on}早于起算日{self.start_day}",
                f"it begins anew on {self.restart.from_on}, before it began on {self.start_day}",
            )

    @property
    def counts_hours(self) -> bool:
        """Whether the period is counted from minute to minute."""
        return self.readings[0].length.unit == "h"

    @property
    def start_day(self) -> date:
        """The day of the start in Shanghai, which is not counted."""
        return self.start_on if self.start_on is not None else legal_day(cast(datetime, self.start_at))

    @property
    def counted_from(self) -> date:
        """The day after which counting begins: the start, or where it began anew."""
        return self.restart.from_on if self.restart is not None else self.start_day

    def _refuse_days_among_hours(self) -> None:
        if self.start_at is None:
            raise InputWrong(
                "period.minute_missing",
                "以小时计算的期限须从某一分钟起算",
                "a period in hours starts at a minute",
                Remedy("请写明时刻，如2025-09-30 16:30", "give the time of day, like 2025-09-30 16:30"),
            )
        if self.pauses or self.restart:
            zh, en = "以小时计算的期限不能中止或者重新计算", "a period in hours cannot be paused or begun anew"
            raise _contradiction(zh, en)
        if any(reading.roll != "none" for reading in self.readings):
            raise _contradiction("以小时计算的期限不因休息日顺延", "a period in hours does not roll over rest days")
        if any(extension.length.unit != "h" for extension in self.extensions):
            raise _contradiction("以小时计算的期限只能按小时延长", "a period in hours is extended by hours")


def _contradiction(zh: str, en: str) -> InputWrong:
    return InputWrong("period.contradiction", zh, en)
