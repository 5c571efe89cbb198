"""Says which days are worked: weekdays, statutory rest days and make-up working days (调休上班日), year by year."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date
from typing import Any, Literal

from engine.canonical import content_hash
from engine.errors import InputWrong
from engine.holiday_values import SATURDAY, WEEKDAYS, HolidayYear

Kind = Literal["working", "weekend", "holiday", "make_up", "unpublished"]


@dataclass(frozen=True)
class DayReason:
    """Why a day is worked or not, in both languages."""

    kind: Kind
    zh: str
    en: str


class WorkingDays:
    """The working days of all years. A year is loaded when it is first asked for, and alone.

    A year without published holidays counts Monday to Friday, and `why` says so with the kind `unpublished`:
    whoever derives a legal date from it must mark that date provisional (`is_published`).
    """

    def __init__(self, published: Iterable[int], load: Callable[[int], HolidayYear]) -> None:
        self._published = frozenset(published)
        self._load = load
        self._years: dict[int, HolidayYear] = {}
        self._worked: dict[int, list[date]] = {}
        self._hashes: dict[tuple[int, ...], str] = {}

    @classmethod
    def from_documents(cls, documents: Iterable[Mapping[str, Any]]) -> WorkingDays:
        """From documents in the shape of the data files, one per year; of two for a year the later one holds.

        A document is checked when its year is first asked for: FileWrong then.
        """
        by_year = {int(document["year"]): document for document in documents}

        def load(year: int) -> HolidayYear:
            from engine.holiday_years import holiday_year_of

            return holiday_year_of(by_year[year])

        return cls(by_year, load)

    @property
    def years(self) -> tuple[int, ...]:
        """The published years, ascending; none is loaded for this."""
        return tuple(sorted(self._published))

    def is_published(self, year: int) -> bool:
        """Whether the holidays of `year` are known."""
        return year in self._published

    def year(self, year: int) -> HolidayYear:
        """The table of a published year. Raises KeyError for another one, FileWrong when its file is wrong."""
        found = self._years.get(year)
        if found is None:
            if year not in self._published:
                raise KeyError(year)
            found = self._years[year] = self._load(year)
        return found

    @property
    def table_hash(self) -> str:
        """The hash over every published year (loads them all). A proof names its own years: `hash_of`."""
        return self.hash_of(self._published)

    def hash_of(self, years: Iterable[int]) -> str:
        """The hash over exactly these years, in any order; an unpublished one enters as unpublished."""
        named = tuple(sorted(set(years)))
        found = self._hashes.get(named)
        if found is None:
            tables = [[year, self.year(year).table_hash() if self.is_published(year) else None] for year in named]
            found = self._hashes[named] = content_hash(tables)
        return found

    def is_working(self, day: date) -> bool:
        """Whether `day` is worked. A make-up Saturday or Sunday is. In an unpublished year: Monday to Friday."""
        if day.year not in self._published:
            return day.weekday() < SATURDAY
        table = self.year(day.year)
        return day in table.worked or (day.weekday() < SATURDAY and day not in table.rest)

    def why(self, day: date) -> DayReason:
        """Why `day` is worked or not."""
        zh, en = WEEKDAYS[day.weekday()]
        if day.year not in self._published:
            return DayReason(
                "unpublished",
                f"{zh}，{day.year}年放假安排尚未公布，暂按周一至周五计",
                f"{en}; the holidays of {day.year} are not published, Monday to Friday for now",
            )
        table = self.year(day.year)
        if day in table.worked:
            name = table.worked[day]
            return DayReason("make_up", f"{name.zh}调休上班", f"make-up working day for {name.en}")
        if day in table.rest:
            name = table.rest[day]
            return DayReason("holiday", f"{name.zh} 放假", f"{name.en} holiday")
        if day.weekday() >= SATURDAY:
            return DayReason("weekend", f"{zh} 休息", en)
        return DayReason("working", f"{zh} 上班", en)

    def add(self, start: date, n: int) -> date:
        """The n-th working day after `start`, or before it when n < 0; `start` is never counted, 0 gives it back.

        Raises InputWrong beyond the years 1 to 9999.
        """
        if n == 0:
            return start
        year = start.year
        worked = self._worked_in(year)
        position = bisect_right(worked, start) + n - 1 if n > 0 else bisect_left(worked, start) + n
        while position >= len(worked):
            position -= len(worked)
            year += 1
            worked = self._worked_in(year)
        while position < 0:
            year -= 1
            worked = self._worked_in(year)
            position += len(worked)
        return worked[position]

    def next_working(self, day: date) -> date:
        """`day` itself when worked, else the first working day after it."""
        return day if self.is_working(day) else self.add(day, 1)

    def previous_working(self, day: date) -> date:
        """`day` itself when worked, else the last working day before it."""
        return day if self.is_working(day) else self.add(day, -1)

    def count(self, after: date, to: date) -> int:
        """How many working days lie in (after, to]; minus those in (to, after] when `to` comes first."""
        if to < after:
            return -self.count(to, after)
        whole_years = sum(len(self._worked_in(year)) for year in range(after.year, to.year))
        return (
            whole_years + bisect_right(self._worked_in(to.year), to) - bisect_right(self._worked_in(after.year), after)
        )

    def _worked_in(self, year: int) -> list[date]:
        worked = self._worked.get(year)
        if worked is None:
            if not MINYEAR <= year <= MAXYEAR:
                raise InputWrong(
                    "date.out_of_range", "日期超出可计算的范围（公元1年至9999年）", "beyond the years 1 to 9999"
                )
            first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
            days = (date.fromordinal(number) for number in range(first, last + 1))
            worked = self._worked[year] = [day for day in days if self.is_working(day)]
        return worked


def shipped_working_days() -> WorkingDays:
    """The tables shipped in `data/holidays`, each read when a date first touches its year."""
    from engine.data_files import data_folder

    folder = data_folder() / "holidays"
    files = {int(path.stem): path for path in folder.glob("[0-9][0-9][0-9][0-9].yaml")}

    def load(year: int) -> HolidayYear:
        from engine.holiday_years import read_holiday_year

        return read_holiday_year(files[year])

    return WorkingDays(files, load)
