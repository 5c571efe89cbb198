"""The printed layout of the official forms on a worksheet: title, heads, rows, foot, note and page set-up."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import accumulate, groupby
from math import ceil
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins

from reports.figures import PageRow, StatisticsPage
from reports.form_head import FormHead, filled
from reports.forms import TOTAL, FigureColumn, FigureForm, Form, ListForm
from reports.sheet_cells import BODY_POINTS, HEI_TI, LINE_POINTS, put_box, put_number, put_text

TITLE_POINTS = 18.0  # 小二
LABEL_POINTS = 14.0  # 四号
TALLEST_ROW_POINTS = 409.0  # the format's limit
FIGURE_ROW_POINTS = 34.0
LIST_ROW_POINTS = 30.0
NOTE_POINTS = 24.0
HEAD_POINTS = 40.0  # room for two lines
SMALLER_POINTS = (BODY_POINTS, 9.0, 7.5, 6.0)  # 五号, 小五, 六号, 小六
LABEL_ROW, TITLE_ROW, LINE_ROW, HEAD_ROW = 1, 2, 3, 4


def lay_out_statistics(worksheet: Any, page: StatisticsPage, form: FigureForm, head: FormHead) -> None:
    """Lay out a form of figures: two-level head, a row per category, the totals row in bold."""
    widths = [form.row_head.width, *(column.width for column in form.columns)]
    _put_top(worksheet, form, head, widths)
    _put_two_level_head(worksheet, form)
    first = HEAD_ROW + 2
    for number, row in enumerate(page.rows, start=first):
        _put_figures(worksheet, number, row, form)
    last = first + len(page.rows) - 1
    put_box(worksheet, HEAD_ROW, last, len(widths))
    end = _put_bottom(worksheet, form, head, widths, last + 1)
    worksheet.freeze_panes = f"B{first}"
    _set_page(worksheet, widths, end, first - 1)


def lay_out_list(worksheet: Any, rows: Sequence[tuple[str | int, ...]], form: ListForm, head: FormHead) -> None:
    """Lay out a list: one row per case or site, or one line that says there is none."""
    widths = [column.width for column in form.columns]
    _put_top(worksheet, form, head, widths)
    for number, column in enumerate(form.columns, start=1):
        _put_heading(worksheet.cell(HEAD_ROW, number), column.zh, column.width)
    worksheet.row_dimensions[HEAD_ROW].height = HEAD_POINTS
    first = HEAD_ROW + 1
    for number, row in enumerate(rows, start=first):
        _put_list_row(worksheet, number, row, form)
    if not rows:
        _merged(worksheet, first, 1, first, len(widths))
        put_text(worksheet.cell(first, 1), form.empty.zh, align="center")
        worksheet.row_dimensions[first].height = LIST_ROW_POINTS
    last = first + max(len(rows), 1) - 1
    put_box(worksheet, HEAD_ROW, last, len(widths))
    end = _put_bottom(worksheet, form, head, widths, last + 1)
    worksheet.freeze_panes = f"A{first}"
    worksheet.oddFooter.center.text = "第 &P 页，共 &N 页"
    _set_page(worksheet, widths, end, HEAD_ROW)


def _put_top(worksheet: Any, form: Form, head: FormHead, widths: Sequence[int]) -> None:
    columns = len(widths)
    _merged(worksheet, LABEL_ROW, 1, LABEL_ROW, columns)
    put_text(worksheet.cell(LABEL_ROW, 1), form.label.zh, points=LABEL_POINTS, font=HEI_TI)
    worksheet.row_dimensions[LABEL_ROW].height = 24
    _merged(worksheet, TITLE_ROW, 1, TITLE_ROW, columns)
    title = worksheet.cell(TITLE_ROW, 1)
    put_text(title, filled(form.zh, form, head), align="center", points=TITLE_POINTS, bold=True)
    worksheet.row_dimensions[TITLE_ROW].height = 42
    left_end = _spans(widths, 2)[0][1]
    _merged(worksheet, LINE_ROW, 1, LINE_ROW, left_end)
    _merged(worksheet, LINE_ROW, left_end + 1, LINE_ROW, columns)
    if form.head is not None:
        put_text(worksheet.cell(LINE_ROW, 1), filled(form.head.zh, form, head))
    put_text(worksheet.cell(LINE_ROW, left_end + 1), filled(form.period.zh, form, head), align="right")
    worksheet.row_dimensions[LINE_ROW].height = 22


def _put_two_level_head(worksheet: Any, form: FigureForm) -> None:
    _merged(worksheet, HEAD_ROW, 1, HEAD_ROW + 1, 1)
    _put_heading(worksheet.cell(HEAD_ROW, 1), form.row_head.zh, form.row_head.width)
    position = 2
    for group_id, members in groupby(form.columns, key=lambda column: column.group or column):
        columns = list(members)
        _put_group(worksheet, position, columns, form, under_group=isinstance(group_id, str))
        position += len(columns)
    worksheet.row_dimensions[HEAD_ROW].height = 26
    worksheet.row_dimensions[HEAD_ROW + 1].height = HEAD_POINTS


def _put_group(
    worksheet: Any, position: int, columns: Sequence[FigureColumn], form: FigureForm, *, under_group: bool
) -> None:
    if not under_group:
        _merged(worksheet, HEAD_ROW, position, HEAD_ROW + 1, position)
        _put_heading(worksheet.cell(HEAD_ROW, position), columns[0].heading_zh, columns[0].width)
        return
    _merged(worksheet, HEAD_ROW, position, HEAD_ROW, position + len(columns) - 1)
    group = form.group_of(columns[0])
    put_text(worksheet.cell(HEAD_ROW, position), group.zh if group else "", align="center", bold=True)
    for offset, column in enumerate(columns):
        _put_heading(worksheet.cell(HEAD_ROW + 1, position + offset), column.heading_zh, column.width)


def _put_heading(cell: Any, heading: str, width: int) -> None:
    """A head that does not fit on one line breaks before its bracket, as on the printed page."""
    is_long = _lines(heading, width) > 1
    put_text(cell, heading.replace("（", "\n（", 1) if is_long else heading, align="center", bold=True)


def _put_figures(worksheet: Any, number: int, row: PageRow, form: FigureForm) -> None:
    is_total = row.id == TOTAL
    put_text(worksheet.cell(number, 1), row.zh, align="center", bold=is_total)
    for position, column in enumerate(form.columns, start=2):
        figure = row.cells[column.id]
        if figure is not None:
            put_number(worksheet.cell(number, position), figure, bold=is_total)
    worksheet.row_dimensions[number].height = max(FIGURE_ROW_POINTS, _height(row.zh, form.row_head.width))


def _put_list_row(worksheet: Any, number: int, row: tuple[str | int, ...], form: ListForm) -> None:
    heights = [LIST_ROW_POINTS]
    for position, (value, column) in enumerate(zip(row, form.columns, strict=True), start=1):
        cell = worksheet.cell(number, position)
        if isinstance(value, int):
            put_number(cell, value)
            continue
        points = _fitting_points(value, column.width)
        put_text(cell, value, align="center" if column.align == "centre" else "left", points=points)
        heights.append(_height(value, column.width, points))
    worksheet.row_dimensions[number].height = max(heights)


def _put_bottom(worksheet: Any, form: Form, head: FormHead, widths: Sequence[int], foot_row: int) -> int:
    """Foot and note; returns the last row of the sheet."""
    for (first, last), printed in zip(_spans(widths, len(form.foot)), form.foot, strict=True):
        _merged(worksheet, foot_row, first, foot_row, last)
        put_text(worksheet.cell(foot_row, first), filled(printed.zh, form, head))
    worksheet.row_dimensions[foot_row].height = 34
    note_row = foot_row + 1
    _merged(worksheet, note_row, 1, note_row, len(widths))
    note = filled(form.note.zh, form, head)
    put_text(worksheet.cell(note_row, 1), note)
    worksheet.row_dimensions[note_row].height = max(NOTE_POINTS, _height(note, sum(widths)))
    return note_row


def _set_page(worksheet: Any, widths: Sequence[int], last_row: int, last_head_row: int) -> None:
    for number, width in enumerate(widths, start=1):
        worksheet.column_dimensions[get_column_letter(number)].width = width
    worksheet.page_setup.orientation = "landscape"
    worksheet.page_setup.paperSize = worksheet.PAPERSIZE_A4
    worksheet.page_setup.fitToWidth = 1
    worksheet.page_setup.fitToHeight = 0  # as many pages as the rows need
    worksheet.sheet_properties.pageSetUpPr.fitToPage = True
    worksheet.page_margins = PageMargins(left=0.6, right=0.6, top=0.8, bottom=0.7)  # inches
    worksheet.print_options.horizontalCentered = True
    worksheet.print_area = f"A1:{get_column_letter(len(widths))}{last_row}"
    worksheet.print_title_rows = f"{TITLE_ROW}:{last_head_row}"


def _merged(worksheet: Any, row: int, column: int, last_row: int, last_column: int) -> None:
    if (row, column) != (last_row, last_column):
        worksheet.merge_cells(start_row=row, start_column=column, end_row=last_row, end_column=last_column)


def _spans(widths: Sequence[int], parts: int) -> list[tuple[int, int]]:
    """The columns cut into `parts` neighbouring runs of about the same width, each at least one column wide."""
    ends = list(accumulate(widths))
    spans: list[tuple[int, int]] = []
    first = 1
    for part in range(1, parts + 1):
        wanted = ends[-1] * part / parts
        choices = range(first, len(widths) - (parts - part) + 1)
        last = min(choices, key=lambda column: abs(ends[column - 1] - wanted))
        spans.append((first, last))
        first = last + 1
    return spans


def _fitting_points(text: str, width: int) -> float:
    """The largest type with which `text` is not taller than a row may be: a taller one would print cut off."""
    fitting = (points for points in SMALLER_POINTS if _height(text, width, points) < TALLEST_ROW_POINTS)
    return next(fitting, SMALLER_POINTS[-1])


def _height(text: str, width: int, points: float = BODY_POINTS) -> float:
    """Points that `text` needs: spreadsheet programs do not grow a row by themselves on opening."""
    return min(_lines(text, width, points) * LINE_POINTS * points / BODY_POINTS + 4, TALLEST_ROW_POINTS)


def _lines(text: str, width: int, points: float = BODY_POINTS) -> int:
    """Printed lines of `text` in a column `width` characters wide; a Chinese character takes two."""
    room = max(int((width - 1) * BODY_POINTS / points), 2)
    return sum(max(1, ceil(_extent(line) / room)) for line in text.split("\n"))


def _extent(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in line)
