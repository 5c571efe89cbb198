"""Reads a figure as people write it into a form: a number or its text, full-width digits, blanks and dashes. Pure."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Any

from reports.figures import FEN_PER_WAN, MOST_PLACES, Cell, wan, wan_places
from reports.forms import FigureColumn

LONGEST_SHOWN = 40
BLANKS = frozenset({"", "-", "–", "—", "―", "/", "无"})
NUMBER = re.compile(r"[+-]?(\d{1,15}|\d{1,3}(,\d{3}){1,4})(\.\d{1,9})?", re.ASCII)
NOISE = Decimal("1e-9")  # what adding up binary fractions leaves behind


class UnreadableFigure(ValueError):
    """What stands there is no figure of the column; says why, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.zh, self.en = zh, en


def plain_text(text: str) -> str:
    """The text as it is compared: full-width signs narrow, without blanks, line breaks and signs that nobody sees."""
    narrow = unicodedata.normalize("NFKC", text)
    return "".join(c for c in narrow if not c.isspace() and unicodedata.category(c) != "Cf").casefold()


def read_figure(value: Any, column: FigureColumn) -> Decimal | None:
    """The figure in the unit of the column, None for a blank. Raises UnreadableFigure."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise _no_figure()
    number = _from_text(value, column) if isinstance(value, str) else _from_number(value)
    if number is not None and column.kind == "count" and number != number.to_integral_value():
        raise UnreadableFigure("应为整数", "it should be a whole number")
    return number


def as_cell(number: Decimal | None, column: FigureColumn) -> Cell:
    """The figure as a form shows it, exactly: an integer, or a decimal text with at least two places."""
    if number is None:
        return None
    if column.kind == "count":
        return int(number)
    fen = number * FEN_PER_WAN
    if fen != fen.to_integral_value():
        return f"{number.normalize():f}"
    return wan(int(fen), wan_places([int(fen)]))


def _from_text(text: str, column: FigureColumn) -> Decimal | None:
    shown = plain_text(text).replace("\N{MINUS SIGN}", "-").removesuffix(plain_text(column.unit.zh))
    if shown in BLANKS:
        return None
    if not NUMBER.fullmatch(shown):
        raise _no_figure()
    return Decimal(shown.replace(",", ""))


def _from_number(value: int | float) -> Decimal:
    exact = Decimal(repr(value))
    if not exact.is_finite() or abs(exact) >= Decimal(10) ** 18:
        raise _no_figure()
    shown = round(exact, MOST_PLACES)
    return shown if abs(exact - shown) < NOISE else exact


def _no_figure() -> UnreadableFigure:
    return UnreadableFigure("不是数字", "it is no figure")
