"""The figures of a form for one period: sums of tallies, by category and column, as exact values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from reports.forms import OTHER, TOTAL, FigureColumn, FigureForm

Cell: TypeAlias = int | str | None

FEN_PER_WAN = 1_000_000
LEAST_PLACES = 2
MOST_PLACES = 6  # one fen is 0.000001 万元


class Category(Protocol):
    """A category of the campaign: what a row of the form is about."""

    @property
    def id(self) -> str: ...
    @property
    def zh(self) -> str: ...
    @property
    def en(self) -> str: ...


@dataclass(frozen=True)
class PageColumn:
    """A column as it is printed, unit included; the group texts are empty where it stands under no group."""

    id: str
    zh: str
    en: str
    group_zh: str
    group_en: str


@dataclass(frozen=True)
class PageRow:
    """A row of figures. A count is an integer, an amount in 万元 a decimal text, what nothing feeds is None."""

    id: str
    zh: str
    en: str
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class StatisticsPage:
    """A form of figures, filled in: rows in printed order, the totals row last."""

    columns: tuple[PageColumn, ...]
    rows: tuple[PageRow, ...]

    def document(self) -> dict[str, Any]:
        """As plain JSON values: `{columns: [{id, zh, en, group_zh, group_en}], rows: [{id, zh, en, cells}]}`."""
        return {
            "columns": [vars(column).copy() for column in self.columns],
            "rows": [{"id": row.id, "zh": row.zh, "en": row.en, "cells": dict(row.cells)} for row in self.rows],
        }


def statistics_page(
    form: FigureForm,
    categories: Sequence[Category],
    sums: Mapping[tuple[str, str], int],
    fed_measures: Collection[str],
) -> StatisticsPage:
    """Fill in `form` from `sums`, the totals of the tallies by (category id, measure), money in fen.

    A category that is not the campaign's (or is empty) counts in `other`; where the campaign has no such
    category and something falls there, the row is added before the total, so that no figure is lost. A column
    whose measure nothing feeds is None in every row. A measure with a tally is fed, whether named or not.
    """
    rows = _named_rows(form, categories, sums)
    known = [row_id for row_id, _, _ in rows]
    by_row = _summed(sums, known)
    fed = {*fed_measures, *(measure for _, measure in sums)}
    cells: dict[str, dict[str, Cell]] = {row_id: {} for row_id in (*known, TOTAL)}
    for column in form.columns:
        amounts = {row_id: by_row.get((row_id, column.measure), 0) for row_id in known}
        amounts[TOTAL] = sum(amounts.values())
        shown = _shown(column, amounts) if column.measure in fed else dict.fromkeys(amounts)
        for row_id, cell in shown.items():
            cells[row_id][column.id] = cell
    named = (*rows, (TOTAL, form.total.zh, form.total.en))
    return StatisticsPage(
        columns=tuple(_page_column(form, column) for column in form.columns),
        rows=tuple(PageRow(row_id, zh, en, cells[row_id]) for row_id, zh, en in named),
    )


def wan(fen: int, places: int) -> str:
    """`fen` in 万元 with exactly `places` decimals. Raises ValueError where that would need rounding."""
    whole, rest = divmod(abs(fen), FEN_PER_WAN)
    decimals = f"{rest:0{MOST_PLACES}d}"
    if not 1 <= places <= MOST_PLACES or decimals[places:].strip("0"):
        raise ValueError(f"{fen} fen is not exact in 万元 with {places} decimals")
    return f"{'-' if fen < 0 else ''}{whole}.{decimals[:places]}"


def wan_places(amounts_fen: Iterable[int]) -> int:
    """The decimals with which all amounts are exact in 万元, at least two: then what is shown adds up."""
    needed = (len(f"{abs(fen) % FEN_PER_WAN:0{MOST_PLACES}d}".rstrip("0")) for fen in amounts_fen)
    return max((LEAST_PLACES, *needed))


def _named_rows(
    form: FigureForm, categories: Sequence[Category], sums: Mapping[tuple[str, str], int]
) -> list[tuple[str, str, str]]:
    rows = [(category.id, category.zh, category.en) for category in categories]
    known = {row_id for row_id, _, _ in rows}
    if OTHER not in known and any(category not in known for category, _ in sums):
        rows.append((OTHER, form.other.zh, form.other.en))
    return rows


def _summed(sums: Mapping[tuple[str, str], int], known: Collection[str]) -> dict[tuple[str, str], int]:
    summed: dict[tuple[str, str], int] = {}
    for (category, measure), n in sums.items():
        place = (category if category in known else OTHER, measure)
        summed[place] = summed.get(place, 0) + n
    return summed


def _shown(column: FigureColumn, amounts: Mapping[str, int]) -> dict[str, Cell]:
    if column.kind == "count":
        return dict(amounts)
    places = wan_places(amounts.values())
    return {row_id: wan(fen, places) for row_id, fen in amounts.items()}


def _page_column(form: FigureForm, column: FigureColumn) -> PageColumn:
    group = form.group_of(column)
    return PageColumn(
        id=column.id,
        zh=column.heading_zh,
        en=column.heading_en,
        group_zh=group.zh if group else "",
        group_en=group.en if group else "",
    )
