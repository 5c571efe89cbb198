"""The kinds of value that every schema of a data file shares, and the way a schema says what contradicts itself."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, StringConstraints

from engine.day_words import FIRST_DAY, LAST_DAY

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"-?[0-9]{1,15}")


class Contradiction(ValueError):
    """Raised inside a schema's validator: one thing that cannot be so, with its stable code and both languages."""

    def __init__(self, zh: str, en: str, code: str = "field.invalid") -> None:
        super().__init__(zh, en, code)
        self.zh, self.en, self.code = zh, en, code

    def __str__(self) -> str:
        return self.en


def _exact_day(value: Any) -> Any:
    if value is None:
        return value
    if type(value) is date:
        return _likely(value)
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise Contradiction(
                f"没有“{value}”这一天，请核对", f"there is no day {value}; check it", "date.invalid"
            ) from None
        return _likely(day)
    raise Contradiction(
        f"“{value}”不是日期，请写成2018-08-14的样子",
        f"{value!r} is not a date; write it like 2018-08-14",
        "date.invalid",
    )


def _likely(day: date) -> date:
    if FIRST_DAY <= day <= LAST_DAY:
        return day
    raise Contradiction(
        f"“{day}”超出{FIRST_DAY}至{LAST_DAY}的范围，请核对年份",
        f"{day} is outside {FIRST_DAY} to {LAST_DAY}; check the year",
        "date.out_of_range",
    )


def _exact_number(value: Any) -> Any:
    if value is None or type(value) is int:
        return value
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return int(value)
    raise Contradiction(f"“{value}”不是整数", f"{value!r} is not a whole number", "number.invalid")


# Without these, pydantic would read "1534204800" as a day and "5.0" as a whole number.
Day = Annotated[date, BeforeValidator(_exact_day)]
Number = Annotated[int, BeforeValidator(_exact_number)]

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]

_IDENTIFIER = r"^[a-z][a-z0-9_]*$"
_FILE_ID = r"^[a-z][a-z0-9_-]*$"
_MONTH = r"^[12][0-9]{3}-(0[1-9]|1[0-2])$"
Identifier = Annotated[str, StringConstraints(pattern=_IDENTIFIER, max_length=40)]
FileId = Annotated[str, StringConstraints(pattern=_FILE_ID, max_length=60)]
Month = Annotated[str, StringConstraints(pattern=_MONTH)]

# How a person is told what a pattern wants.
PATTERN_WORDS = {
    _IDENTIFIER: ("只能用小写字母、数字和下划线，以字母开头", "takes small letters, digits and _, a letter first"),
    _FILE_ID: (
        "只能用小写字母、数字、连字符和下划线，以字母开头",
        "takes small letters, digits, - and _, a letter first",
    ),
    _MONTH: ("应写成2018-08的样子", "is written like 2018-08"),
}
