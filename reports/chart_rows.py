"""Lays a chart out as bars that lie one below the other, the value and the name of its series beside each. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reports.chart_sheet import (
    BODY,
    HEAD,
    INNER,
    MARGIN,
    SMALL,
    Bar,
    Line,
    Sheet,
    Text,
    fill_of,
    leading,
    middle_lines,
    room_for,
)
from reports.chart_values import Label, Panel, Point, Series
from reports.flow_type import lines_of

NAMES, GAP = 210, 26  # the room for the names of the categories; between panels
LEAST_SPAN = 70  # of the longest bar
THICK, THICK_OF_SEVERAL = 20, 17
ASIDE = 6


@dataclass(frozen=True)
class _Scale:
    """Where a panel stands and how long its bars are."""

    left: float
    zero: float
    span: float
    unit: float


def lay_rows(sheet: Sheet, panels: Sequence[Panel]) -> None:
    """Put the panels on the sheet: as many beside each other as leave room for their bars."""
    place = 0
    while place < len(panels):
        for count in range(len(panels) - place, 0, -1):
            chunk = panels[place : place + count]
            width = (INNER - NAMES - GAP * (count - 1)) / count
            scales = [
                _scale(panel, MARGIN + NAMES + n * (width + GAP), width, sheet.lang) for n, panel in enumerate(chunk)
            ]
            if count == 1 or all(scale.span >= LEAST_SPAN for scale in scales):
                break
        _lay_block(sheet, chunk, scales, width)
        place += count


def _lay_block(sheet: Sheet, panels: Sequence[Panel], scales: Sequence[_Scale], width: float) -> None:
    _heads(sheet, panels, scales, width)
    several = max(len(panel.series) for panel in panels)
    thick = THICK if several == 1 else THICK_OF_SEVERAL
    top = sheet.bottom
    for number, category in enumerate(panels[0].series[0].points):
        names = lines_of(category.label.said(sheet.lang), BODY, NAMES - 16, 3)
        height = max(len(names) * leading(BODY), several * (thick + 4)) + 12
        middle = sheet.bottom + height / 2
        sheet.marks += middle_lines(MARGIN + NAMES - 12, middle, names, BODY, "end")
        for panel, scale in zip(panels, scales, strict=True):
            y = middle - len(panel.series) * (thick + 4) / 2 + 2
            for place, series in enumerate(panel.series):
                _bar(sheet, panel, series, series.points[number], scale, y + place * (thick + 4), thick)
        sheet.bottom += height
    sheet.marks += [Line(scale.zero, top, scale.zero, sheet.bottom) for scale in scales]
    sheet.bottom += 14


def _heads(sheet: Sheet, panels: Sequence[Panel], scales: Sequence[_Scale], width: float) -> None:
    heads = [lines_of(panel.label.said(sheet.lang), HEAD, int(width), 3) for panel in panels]
    most = max(map(len, heads))
    for lines, scale in zip(heads, scales, strict=True):
        for n, line in enumerate(lines):
            y = sheet.bottom + leading(HEAD) * (most - len(lines) + n + 1) - 6
            sheet.marks.append(Text(scale.left, y, line, HEAD, bold=True))
    sheet.bottom += leading(HEAD) * most + 4


def _scale(panel: Panel, left: float, width: float, lang: str) -> _Scale:
    shares = [(_share(point), _told(panel, series, point, lang)) for series in panel.series for point in series.points]
    low, high = min([0.0, *(n for n, _ in shares)]), max([0.0, *(n for n, _ in shares)])
    if any(point.of is not None for series in panel.series for point in series.points):
        high = 1.0
    before = max([0, *(room_for(text, SMALL) + ASIDE for n, text in shares if n < 0)])
    after = max([0, *(room_for(text, SMALL) + ASIDE for n, text in shares if n >= 0)])
    span = width - before - after
    unit = max(span, LEAST_SPAN) / (high - low) if high > low else 0.0
    return _Scale(left, left + before - low * unit, span, unit)


def _share(point: Point) -> float:
    if point.of is None:
        return float(point.amount or 0)
    return (point.amount or 0) / point.of if point.of else 0.0


def _told(panel: Panel, series: Series, point: Point, lang: str) -> str:
    """The value, with the name of the series where the panel has several."""
    shown = series.shown(point, lang)
    if len(panel.series) == 1:
        return shown
    between = " " if point.amount is not None else Label("：", ": ").said(lang)
    return f"{series.label.said(lang)}{between}{shown}"


def _bar(sheet: Sheet, panel: Panel, series: Series, point: Point, scale: _Scale, y: float, thick: float) -> None:
    alike = [one for one in panel.series if one.before == series.before]
    share, text = _share(point), _told(panel, series, point, sheet.lang)
    length, end = abs(share) * scale.unit, scale.zero + share * scale.unit
    if point.of:
        sheet.marks.append(Bar(scale.zero, y, scale.unit, thick, "track"))
        end = scale.zero + scale.unit
    if length:
        fill = fill_of(alike.index(series), series.before)
        sheet.marks.append(Bar(min(scale.zero, scale.zero + share * scale.unit), y, length, thick, fill))
    base = y + thick / 2 + SMALL * 0.35
    if share < 0:
        sheet.marks.append(Text(end - ASIDE, base, text, SMALL, "end"))
    else:
        sheet.marks.append(Text(end + ASIDE, base, text, SMALL))
