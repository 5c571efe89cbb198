"""The official forms as spreadsheets in the printed layout, ready to be printed, sealed and sent."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reports.printed_forms import ListSheet, PrintedForm, StatisticsSheet


def write_month(path: Path, forms: Sequence[PrintedForm]) -> None:
    """Write one workbook with a sheet per form, in that order, replacing an earlier file as a whole or not at all.

    The sheets are in Chinese, as the forms were handed out, and the heads have to be. The same content gives the same
    bytes. A column that nothing feeds stays empty. Raises InputWrong when `path` is no place for a file,
    StoreUnavailable when the folder is full or read-only; then nothing has changed.
    """
    from reports.sheet_layout import lay_out_head, lay_out_list, lay_out_statistics
    from reports.workbooks import empty_workbook, put_in_place

    workbook = empty_workbook()
    for printed in forms:
        worksheet = workbook.create_sheet(printed.form.sheet.zh)
        if isinstance(printed, StatisticsSheet):
            lay_out_statistics(worksheet, printed.page, printed.form, printed.head)
        elif isinstance(printed, ListSheet):
            lay_out_list(worksheet, printed.rows, printed.form, printed.head)
        else:
            lay_out_head(worksheet, printed.form, printed.head)
    put_in_place(workbook, path)
