"""Checks the numbers by which the state knows people and units: identity numbers and unified social credit codes. Pure.

GB 11643-1999 (citizens, 18 digits, the last by ISO 7064 MOD 11-2) and GB 32100-2015 (units, 18 characters, the last by
MOD 31). Numbers of fifteen digits and organisation codes of nine characters are older forms: they are told as such.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from engine.respondents import normal_number

NumberKind = Literal["person", "unit"]

_WEIGHTS_PERSON = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_PERSON = "10X98765432"
# Letters that are easily taken for digits (I, O, Z, S) and V do not occur.
_ALPHABET_UNIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS_UNIT = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_PERSON = re.compile(r"\d{17}[\dX]", re.ASCII)
_UNIT = re.compile(f"[{_ALPHABET_UNIT}]{{2}}[0-9]{{6}}[{_ALPHABET_UNIT}]{{10}}")
_OLD_PERSON = re.compile(r"\d{15}", re.ASCII)
_OLD_UNIT = re.compile(r"[0-9A-Z]{8}[0-9X]", re.ASCII)


@dataclass(frozen=True)
class Checked:
    """A number in its one written form, and what is wrong with it, if anything is."""

    number: str
    kind: NumberKind
    wrong_zh: str = ""
    wrong_en: str = ""

    @property
    def is_right(self) -> bool:
        return not self.wrong_zh


def checked_number(text: str, kind: NumberKind) -> Checked:
    """The number as it is written once and for all, checked as that of a person or of a unit."""
    number = normal_number(text)
    wrong = _wrong_person(number) if kind == "person" else _wrong_unit(number)
    return Checked(number, kind, *(wrong or ("", "")))


def check_of_person(digits: str) -> str:
    """The eighteenth character that belongs to seventeen digits."""
    return _CHECK_PERSON[sum(int(d) * w for d, w in zip(digits, _WEIGHTS_PERSON, strict=True)) % 11]


def check_of_unit(characters: str) -> str:
    """The eighteenth character that belongs to the seventeen before it."""
    total = sum(_ALPHABET_UNIT.index(c) * w for c, w in zip(characters, _WEIGHTS_UNIT, strict=True))
    return _ALPHABET_UNIT[(31 - total % 31) % 31]


def _wrong_person(number: str) -> tuple[str, str] | None:
    if _OLD_PERSON.fullmatch(number):
        return "这是旧的15位身份证号码，请填18位号码", "this is an old identity number of 15 digits; give the one of 18"
    if not _PERSON.fullmatch(number):
        return (
            f"身份证号码应为17位数字加1位校验码，现为{len(number)}个字符",
            f"an identity number has 17 digits and a check character; this has {len(number)} characters",
        )
    born = number[6:14]
    if not _is_day(born):
        return f"出生日期{born}不存在", f"there is no date of birth {born}"
    check = check_of_person(number[:17])
    return None if check == number[17] else _wrong_check(number[17], check)


def _wrong_unit(number: str) -> tuple[str, str] | None:
    if _OLD_UNIT.fullmatch(number):
        return (
            "这是旧的9位组织机构代码，请填18位统一社会信用代码",
            "this is an old organisation code of 9 characters; give the unified social credit code of 18",
        )
    if len(number) != 18:
        return (
            f"统一社会信用代码应为18个字符，现为{len(number)}个",
            f"a unified social credit code has 18 characters; this has {len(number)}",
        )
    strange = sorted(set(number) - set(_ALPHABET_UNIT))
    if strange:
        shown = "、".join(strange[:5])
        return f"统一社会信用代码中没有{shown}", f"a unified social credit code never has {', '.join(strange[:5])}"
    if not _UNIT.fullmatch(number):
        return (
            "统一社会信用代码第3至8位应为数字（行政区划）",
            "characters 3 to 8 of a unified social credit code are digits, the code of the region",
        )
    check = check_of_unit(number[:17])
    return None if check == number[17] else _wrong_check(number[17], check)


def _wrong_check(found: str, due: str) -> tuple[str, str]:
    return (
        f"校验码不符：末位是{found}，按前17位应为{due}，请逐位核对",
        f"the check character is {found} where the others give {due}; compare it digit by digit",
    )


def _is_day(text: str) -> bool:
    try:
        born = date.fromisoformat(f"{text[:4]}-{text[4:6]}-{text[6:]}")
    except ValueError:
        return False
    return born.year >= 1850
