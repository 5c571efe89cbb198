"""The schema of a holiday file: one year's rest days and make-up working days, checked before a date rests on them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from engine.data_files import read_yaml, validated
from engine.data_values import Day, Number
from engine.day_words import FIRST_DAY, LAST_DAY
from engine.errors import FileWrong, Problem
from engine.holiday_values import SATURDAY, WEEKDAYS, HolidayName, HolidayYear
from engine.parsed_file import KeyPath, Parsed

Text = Annotated[str, Field(min_length=1)]


class HolidayRow(BaseModel):
    """One day and the holiday it belongs to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    on: Day
    zh: Text
    en: Text


class HolidayFile(BaseModel):
    """`rest`: days off as the notices print them. `worked`: weekend days on which people work (调休上班日).

    `confidence`: `V1`, `V2`, `M+`, `M-` as in the time limits; `library` when taken from public libraries alone.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    year: Annotated[Number, Field(ge=FIRST_DAY.year, le=LAST_DAY.year)]
    notice: Text | None
    source: Text
    confidence: Literal["V1", "V2", "M+", "M-", "library"]
    confirmed_by: Text | None = None
    confirmed_on: Day | None = None
    based_on: Text | None = None
    rest: tuple[HolidayRow, ...]
    worked: tuple[HolidayRow, ...]


def read_holiday_year(path: Path) -> HolidayYear:
    """The year in a file named `YEAR.yaml`. Raises FileWrong, NotFound, InputWrong."""
    parsed = read_yaml(path)
    file = validated(HolidayFile, parsed)
    problems = _problems(file, parsed)
    if path.stem != str(file.year):
        zh, en = "年份与文件名不一致，请核对", "the year is not the one in the file's name; check it"
        problems.insert(0, Problem(parsed.line_of(("year",)), "year.mismatch", zh, en))
    return _year(file, problems, parsed.name)


def holiday_year_in(parsed: Parsed) -> HolidayYear:
    """The year in a parsed file, whatever its name. Raises FileWrong with every problem and its line."""
    file = validated(HolidayFile, parsed)
    return _year(file, _problems(file, parsed), parsed.name)


def holiday_year_of(document: Mapping[str, Any]) -> HolidayYear:
    """The year in a document that was stored, in the shape of the file. Raises FileWrong."""
    return holiday_year_in(Parsed(document, {}, f"holidays/{document.get('year')}"))


def _year(file: HolidayFile, problems: list[Problem], name: str) -> HolidayYear:
    if problems:
        raise FileWrong(name, tuple(problems))
    return HolidayYear(
        file.year,
        _named(file.rest),
        _named(file.worked),
        file.notice,
        file.source,
        file.confidence,
        file.confirmed_by,
        file.confirmed_on,
        file.based_on,
    )


def _named(rows: tuple[HolidayRow, ...]) -> Mapping[date, HolidayName]:
    return MappingProxyType({row.on: HolidayName(row.zh, row.en) for row in rows})


def _problems(file: HolidayFile, parsed: Parsed) -> list[Problem]:
    """Days of another year, days listed twice, make-up days that are weekdays: worked anyway, so surely a mistake."""
    problems: list[Problem] = []
    seen: set[date] = set()

    def report(path: KeyPath, code: str, zh: str, en: str) -> None:
        problems.append(Problem(parsed.line_of(path), code, zh, en))

    for field, rows in (("rest", file.rest), ("worked", file.worked)):
        for index, row in enumerate(rows):
            path: KeyPath = (field, index)
            if row.on.year != file.year:
                report(path, "date.other_year", f"{row.on}不在{file.year}年内", f"{row.on} is not in {file.year}")
            if row.on in seen:
                report(path, "date.twice", f"{row.on}列了两次，请只保留一处", f"{row.on} is listed twice; keep one")
            elif field == "worked" and row.on.weekday() < SATURDAY:
                weekday = WEEKDAYS[row.on.weekday()]
                zh = f"{row.on}是{weekday[0]}，不可能是调休上班日，请核对"
                report(path, "date.weekday", zh, f"{row.on} is a {weekday[1]}, no make-up day; check it")
            seen.add(row.on)
    if (file.confirmed_by is None) != (file.confirmed_on is None):
        zh, en = "confirmed_by与confirmed_on须同时填写", "confirmed_by and confirmed_on go together"
        report(("confirmed_by",), "version.confirmed", zh, en)
    return problems
