"""One cell of an official sheet: text that stays text, numbers to the last digit, borders and type as printed."""

from __future__ import annotations

from typing import Any, Literal

from openpyxl.styles import Alignment, Border, Font, Side

from reports.form_paper import BODY_POINTS
from reports.paper_text import printable

SONG_TI = "宋体"
HEI_TI = "黑体"

# What a spreadsheet program would take for a formula when a cell is edited or the sheet is saved as CSV.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
LONGEST_TEXT = 32_767  # a cell of the format holds no more
CUT_ZH = "……（以下从略）"

_EDGE = Side(style="thin", color="FF000000")
_BOX = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)

Align = Literal["left", "center", "right"]


def put_text(
    cell: Any, text: str, *, align: Align = "left", points: float = BODY_POINTS, bold: bool = False, font: str = SONG_TI
) -> None:
    """Put `text` as text whatever it begins with. Characters that cannot be printed are shown as U+FFFD."""
    shown = printable(text)
    if len(shown) > LONGEST_TEXT:
        shown = shown[: LONGEST_TEXT - len(CUT_ZH)] + CUT_ZH
    cell.value = shown
    cell.data_type = "s"
    cell.font = chinese_font(points, bold=bold, name=font)
    cell.alignment = Alignment(horizontal=align, vertical="center", wrap_text=True)
    if shown.startswith(FORMULA_STARTS):
        cell.quotePrefix = True


def put_number(cell: Any, number: int | str, *, bold: bool = False) -> None:
    """Put a whole number, or a decimal text such as `25.00`, as a number with as many decimals as it has."""
    digits = str(number)
    # The library would print a Decimal through a float (9.95 becomes 9.949999999999999); its own text is exact.
    cell.value = digits
    cell.data_type = "n"
    _, _, decimals = digits.partition(".")
    cell.number_format = f"0.{'0' * len(decimals)}" if decimals else "0"
    cell.font = chinese_font(BODY_POINTS, bold=bold)
    cell.alignment = Alignment(horizontal="center", vertical="center")


def put_box(worksheet: Any, first_row: int, last_row: int, columns: int) -> None:
    """Rule every cell of the rows, merged ones included."""
    for row in worksheet.iter_rows(min_row=first_row, max_row=last_row, max_col=columns):
        for cell in row:
            cell.border = _BOX


def chinese_font(points: float, *, bold: bool = False, name: str = SONG_TI) -> Font:
    """A Chinese typeface; the character set and the family let a machine without it choose a like one."""
    is_serif = name == SONG_TI
    return Font(name=name, size=points, bold=bold, charset=134, family=1 if is_serif else 2)
