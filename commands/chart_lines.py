"""How a chart reads on a terminal: every number that stands on the picture, and what is not on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from commands.output import table, wrap
from commands.words import language, t
from reports.chart_values import Chart, Panel, Point


def chart_lines(chart: Chart, to: Path) -> Iterator[str]:
    """Title, the panels as tables, what is missing, how it was counted, the file."""
    lang = language()
    yield from wrap(chart.title.said(lang))
    yield from wrap(chart.about.said(lang))
    if not chart.categories:
        yield chart.empty.said(lang)
    for panel in chart.panels if chart.categories else ():
        yield ""
        yield from wrap(panel.label.said(lang))
        yield from _panel(chart, panel)
    yield ""
    for label in (*(label for _, label in chart.missing), *chart.remarks, chart.source):
        yield from wrap(label.said(lang))
    yield from wrap(t(f"已写入{to}", f"written to {to}"))


def _panel(chart: Chart, panel: Panel) -> Iterator[str]:
    lang = language()
    several = len(panel.series) > 1
    heads = ["", *(series.label.said(lang) if several else t("数量", "number") for series in panel.series)]
    rows = []
    for place, category in enumerate(panel.series[0].points):
        shown: list[object] = [_name(chart, category)]
        for series in panel.series:
            point = series.points[place]
            value = series.value(point)
            shown.append(value if isinstance(value, int) and point.of is None else series.shown(point, lang))
        rows.append(shown)
    yield from table(heads, rows)


def _name(chart: Chart, category: Point) -> str:
    return category.id if chart.upright else category.label.said(language())
