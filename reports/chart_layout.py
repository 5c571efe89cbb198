"""Lays out a chart on a sheet: the layout that its kind asks for, between title and foot. Pure."""

from __future__ import annotations

from reports.chart_columns import lay_columns
from reports.chart_rows import lay_rows
from reports.chart_sheet import HEAD, Sheet, begun, finish
from reports.chart_values import Chart


def chart_sheet(chart: Chart, lang: str) -> Sheet:
    """The whole sheet. Equal charts give equal sheets."""
    sheet = begun(chart, lang)
    if not chart.categories:
        sheet.write(chart.empty.said(lang), HEAD)
    elif chart.upright:
        lay_columns(sheet, chart.panels)
    else:
        lay_rows(sheet, chart.panels)
    finish(sheet, chart)
    return sheet
