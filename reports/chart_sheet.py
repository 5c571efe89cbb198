"""A chart as marks on a sheet, in points from its upper left corner: title and foot around what a layout puts in. Pure.

Whether anything overlaps can be told from the marks alone: rooms for text are taken on the wide side (`flow_type`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from reports.chart_values import Chart
from reports.flow_type import lines_of, printable, width_of

WIDTH, MARGIN = 900, 36
INNER = WIDTH - 2 * MARGIN
TITLE, HEAD, BODY, SMALL = 24, 15, 14, 12
MOST_LINES = 6

Align: TypeAlias = Literal["start", "middle", "end"]
# How a bar is filled, so that series are told apart without colour; `track` is the whole of which a bar is part.
Fill: TypeAlias = Literal["solid", "hatched", "dotted", "crossed", "track"]
FILLS: tuple[Fill, ...] = ("solid", "hatched")
FILLS_BEFORE: tuple[Fill, ...] = ("dotted", "crossed")


@dataclass(frozen=True)
class Bar:
    """A filled rectangle; `x` and `y` are its upper left corner."""

    x: float
    y: float
    width: float
    height: float
    fill: Fill


@dataclass(frozen=True)
class Line:
    """A straight thin line."""

    x: float
    y: float
    to_x: float
    to_y: float


@dataclass(frozen=True)
class Text:
    """One line of text; `x` is where it is aligned, `y` its base line."""

    x: float
    y: float
    text: str
    size: int = BODY
    align: Align = "start"
    bold: bool = False

    @property
    def box(self) -> tuple[float, float, float, float]:
        """The room it takes at most: left, upper, right and lower edge."""
        width = width_of(self.text, self.size)
        left = self.x - {"start": 0.0, "middle": width / 2, "end": width}[self.align]
        return left, self.y - self.size * 0.9, left + width, self.y + self.size * 0.25


Mark: TypeAlias = Bar | Line | Text


@dataclass
class Sheet:
    """Marks put on from the top down; `bottom` is where the next may begin."""

    title: str
    lang: str
    bottom: float = MARGIN
    marks: list[Mark] = field(default_factory=list)

    @property
    def height(self) -> float:
        return self.bottom + MARGIN

    def write(self, text: str, size: int, *, bold: bool = False, space: float = 0) -> None:
        """A paragraph over the whole width, `space` below it."""
        for line in lines_of(text, size, INNER, MOST_LINES):
            self.bottom += leading(size)
            self.marks.append(Text(MARGIN, self.bottom - size * 0.45, line, size, bold=bold))
        self.bottom += space


def begun(chart: Chart, lang: str) -> Sheet:
    """A sheet with the title of the chart, and what it is about."""
    sheet = Sheet(printable(chart.title.said(lang)), lang)
    sheet.write(chart.title.said(lang), TITLE, bold=True)
    sheet.write(chart.about.said(lang), HEAD, space=18)
    return sheet


def finish(sheet: Sheet, chart: Chart) -> None:
    """Puts what is missing, the remarks and the source under it."""
    sheet.bottom += 14
    sheet.marks.append(Line(MARGIN, sheet.bottom, WIDTH - MARGIN, sheet.bottom))
    sheet.bottom += 6
    for _, label in chart.missing:
        sheet.write(label.said(sheet.lang), SMALL)
    for remark in chart.remarks:
        sheet.write(remark.said(sheet.lang), SMALL)
    sheet.write(chart.source.said(sheet.lang), SMALL)


def room_for(text: str, size: int) -> int:
    """The room that a value needs beside or over its bar, also in a font with wide figures."""
    return width_of(text, size + 1)


def leading(size: int) -> float:
    """From one base line to the next."""
    return size * 1.45


def middle_lines(x: float, y: float, lines: Sequence[str], size: int, align: Align) -> list[Mark]:
    """Lines of text about the height `y`."""
    first = y - leading(size) * (len(lines) - 1) / 2 + size * 0.35
    return [Text(x, first + leading(size) * n, line, size, align) for n, line in enumerate(lines)]


def fill_of(place: int, before: bool) -> Fill:
    """How the series at that place among its own kind is filled."""
    return (FILLS_BEFORE if before else FILLS)[place % len(FILLS)]
