"""Lays a chart out as upright bars, month beside month in as many strips as keep every value legible. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reports.chart_sheet import (
    BODY,
    HEAD,
    INNER,
    MARGIN,
    SMALL,
    WIDTH,
    Bar,
    Fill,
    Line,
    Sheet,
    Text,
    fill_of,
    leading,
    room_for,
)
from reports.chart_values import Panel, Series
from reports.flow_type import width_of

MOST_COLUMNS = 12
TALL = 130  # of the highest bar together with the lowest
WIDEST_SLOT, WIDEST_BAR, BETWEEN = 200, 52, 16
SWATCH, ASIDE = 22, 4


@dataclass(frozen=True)
class _Grid:
    """How the months of a panel are spread: `columns` in each strip, `slot` points each; `unit` points for one."""

    columns: int
    slot: float
    bar: float
    unit: float
    above: float
    below: float


def lay_columns(sheet: Sheet, panels: Sequence[Panel]) -> None:
    """Put the panels on the sheet, one below the other."""
    for panel in panels:
        _lay(sheet, panel)


def _lay(sheet: Sheet, panel: Panel) -> None:
    live = tuple(s for s in panel.series if any(point.amount is not None for point in s.points))
    sheet.write(panel.label.said(sheet.lang), HEAD, bold=True)
    if not live:
        none = "尚无来源，未画出" if sheet.lang == "zh" else "nothing counts this yet: not drawn"
        sheet.write(none, BODY, space=14)
        return
    if len(live) > 1:
        _key(sheet, live)
    grid = _grid(live, sheet.lang)
    count = len(live[0].points)
    for first in range(0, count, grid.columns):
        _strip(sheet, live, grid, first, min(first + grid.columns, count))
    sheet.bottom += 12


def _key(sheet: Sheet, live: Sequence[Series]) -> None:
    """Which filling is which series."""
    x, y = float(MARGIN), sheet.bottom + 4
    for series in live:
        text = series.label.said(sheet.lang)
        room = SWATCH + 6 + width_of(text, SMALL) + 22
        if x + room > WIDTH - MARGIN and x > MARGIN:
            x, y = float(MARGIN), y + 22
        sheet.marks.append(Bar(x, y, SWATCH, 14, _fill(live, series)))
        sheet.marks.append(Text(x + SWATCH + 6, y + 12, text, SMALL))
        x += room
    sheet.bottom = y + 22


def _grid(live: Sequence[Series], lang: str) -> _Grid:
    texts = [room_for(series.shown(point, lang), SMALL) for series in live for point in series.points]
    needed = len(live) * (max(texts) + ASIDE) + BETWEEN
    count = len(live[0].points)
    columns = max(1, min(MOST_COLUMNS, INNER // needed))
    strips = -(-count // columns)
    columns = -(-count // strips)
    slot = max(min(WIDEST_SLOT, INNER / columns), float(needed))
    amounts = [point.amount or 0 for series in live for point in series.points]
    low, high = min(0, *amounts), max(0, *amounts)
    unit = TALL / (high - low) if high > low else 0.0
    above, below = high * unit + leading(SMALL), -low * unit + (leading(SMALL) if low else 0)
    return _Grid(columns, slot, (slot - BETWEEN) / len(live), unit, above, below)


def _strip(sheet: Sheet, live: Sequence[Series], grid: _Grid, first: int, last: int) -> None:
    zero = sheet.bottom + grid.above + 4
    for place in range(first, last):
        left = MARGIN + (place - first) * grid.slot
        for number, series in enumerate(live):
            middle = left + BETWEEN / 2 + grid.bar * (number + 0.5)
            _bar(sheet, live, series, place, grid, middle, zero)
        _month(sheet, live[0], place, first, left + grid.slot / 2, zero + grid.below)
    sheet.marks.append(Line(MARGIN, zero, MARGIN + (last - first) * grid.slot, zero))
    sheet.bottom = zero + grid.below + 2 * leading(SMALL) + 8


def _bar(
    sheet: Sheet, live: Sequence[Series], series: Series, place: int, grid: _Grid, middle: float, zero: float
) -> None:
    point = series.points[place]
    height = (point.amount or 0) * grid.unit
    width = min(grid.bar - ASIDE, WIDEST_BAR)
    if height:
        top = zero - max(height, 0)
        sheet.marks.append(Bar(middle - width / 2, top, width, abs(height), _fill(live, series)))
    base = zero - height - 5 if height >= 0 else zero - height + SMALL + 2
    sheet.marks.append(Text(middle, base, series.shown(point, sheet.lang), SMALL, "middle"))


def _month(sheet: Sheet, series: Series, place: int, first: int, middle: float, top: float) -> None:
    """The month, and under it the year where one begins."""
    point = series.points[place]
    sheet.marks.append(Text(middle, top + leading(SMALL), point.label.said(sheet.lang), SMALL, "middle"))
    if place == first or point.id.endswith("-01"):
        year = f"{point.id[:4]}年" if sheet.lang == "zh" else point.id[:4]
        sheet.marks.append(Text(middle, top + 2 * leading(SMALL), year, SMALL, "middle"))


def _fill(live: Sequence[Series], series: Series) -> Fill:
    alike = [one for one in live if one.before == series.before]
    return fill_of(alike.index(series), series.before)
