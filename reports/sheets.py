"""The official forms as spreadsheets in the printed layout, ready to be printed, sealed and sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from reports.figures import StatisticsPage
from reports.form_head import FormHead
from reports.forms import FigureForm, ListForm

ListRow: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True)
class StatisticsSheet:
    """The form of figures of one period, ready to be written."""

    page: StatisticsPage
    form: FigureForm
    head: FormHead


@dataclass(frozen=True)
class ListSheet:
    """A form of cases or sites: every row has one value per column, in printed order; a number is an integer."""

    rows: Sequence[ListRow]
    form: ListForm
    head: FormHead


def write_month(path: Path, *, statistics: StatisticsSheet | None = None, cases: ListSheet | None = None) -> None:
    """Write one workbook with a sheet per form, replacing an earlier file as a whole or not at all.

    The same content gives the same bytes. A column that nothing feeds stays empty. Raises InputWrong when
    `path` is no place for a file, StoreUnavailable when the folder is full or read-only; then nothing has changed.
    """
    from reports.sheet_layout import lay_out_list, lay_out_statistics
    from reports.workbooks import empty_workbook, put_in_place

    workbook = empty_workbook()
    if statistics is not None:
        form = statistics.form
        lay_out_statistics(workbook.create_sheet(form.sheet.zh), statistics.page, form, statistics.head)
    if cases is not None:
        lay_out_list(workbook.create_sheet(cases.form.sheet.zh), cases.rows, cases.form, cases.head)
    put_in_place(workbook, path)
