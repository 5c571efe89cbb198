"""How a form fits on A4: portrait or landscape, in which size of type, and where a head breaks. Pure.

Widths are in characters as the forms give them; a Chinese character takes two.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import accumulate
from math import ceil

BODY_POINTS = 10.5  # 五号
SMALLER_POINTS = (BODY_POINTS, 9.0, 7.5, 6.5)  # 五号, 小五, 六号, 小六
LINE_POINTS = 15.0  # of a line of body type
PORTRAIT_WIDTH = 90  # characters of body type between the margins of an upright page
LANDSCAPE_WIDTH = 138
HEAD_ONLY_WIDTH = 108  # of a form whose columns are not known


def is_wide(widths: Sequence[int]) -> bool:
    """Whether columns of these widths need a landscape page."""
    return sum(widths) > PORTRAIT_WIDTH


def type_for(widths: Sequence[int]) -> float:
    """The largest type, in points, with which columns of these widths stand side by side on their page."""
    room = LANDSCAPE_WIDTH if is_wide(widths) else PORTRAIT_WIDTH
    fitting = (points for points in SMALLER_POINTS if sum(widths) * points <= room * BODY_POINTS)
    return next(fitting, SMALLER_POINTS[-1])


def shares(widths: Sequence[int], whole: int) -> list[int]:
    """`whole` cut in proportion to the widths; the parts add up to it exactly."""
    ends = [round(whole * end / sum(widths)) for end in accumulate(widths)]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def broken_heading(heading: str, width: int) -> str:
    """A head that does not fit on one line breaks before its bracket, as on the printed page."""
    return heading.replace("（", "\n（", 1) if lines_of(heading, width) > 1 else heading


def fitting_points(text: str, width: int, tallest: float, largest: float = BODY_POINTS) -> float:
    """The largest type with which `text` stays below `tallest` points in a column of that width, else the smallest."""
    sizes = [points for points in SMALLER_POINTS if points <= largest]
    return next((points for points in sizes if height_of(text, width, points) < tallest), sizes[-1])


def height_of(text: str, width: int, points: float = BODY_POINTS) -> float:
    """Points that `text` needs in a column of that width, with a little air."""
    return lines_of(text, width, points) * LINE_POINTS * points / BODY_POINTS + 4


def lines_of(text: str, width: int, points: float = BODY_POINTS) -> int:
    """Printed lines of `text` in a column of that width."""
    room = max(int((width - 1) * BODY_POINTS / points), 2)
    return sum(max(1, ceil(_extent(line) / room)) for line in text.split("\n"))


def _extent(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in line)
