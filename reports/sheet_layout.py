"""The printed layout of the official forms on a worksheet: title, heads, rows, foot, note and page set-up."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, groupby
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins

from reports.figures import PageRow, StatisticsPage
from reports.form_head import FormHead, filled
from reports.form_paper import (
    BODY_POINTS,
    HEAD_ONLY_WIDTH,
    LINE_POINTS,
    broken_heading,
    fitting_points,
    height_of,
    is_wide,
)
from reports.forms import TOTAL, FigureColumn, FigureForm, Form, HeadForm, ListForm, Printed
from reports.sheet_cells import HEI_TI, put_box, put_number, put_text

TITLE_POINTS = 18.0  # 小二
LABEL_POINTS = 14.0  # 四号
TALLEST_ROW_POINTS = 409.0  # the format's limit
FIGURE_ROW_POINTS = 34.0
LIST_ROW_POINTS = 30.0
NOTE_POINTS = 24.0
FIELD_POINTS = 34.0
HEAD_POINTS = 40.0  # room for two lines
LABEL_ROW, TITLE_ROW, LINE_ROW, HEAD_ROW = 1, 2, 3, 4
PAGE_NUMBERS = "第 &P 页，共 &N 页"


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
    worksheet.oddFooter.center.text = PAGE_NUMBERS


def lay_out_list(worksheet: Any, rows: Sequence[tuple[str | int, ...]], form: ListForm, head: FormHead) -> None:
    """Lay out a list: one row per case or site, or one line that says there is none."""
    widths = [column.width for column in form.columns]
    _put_top(worksheet, form, head, widths)
    for number, column in enumerate(form.columns, start=1):
        _put_heading(worksheet.cell(HEAD_ROW, number), column.zh, column.width)
    worksheet.row_dimensions[HEAD_ROW].height = _head_height([(column.zh, column.width) for column in form.columns])
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
    _set_page(worksheet, widths, end, HEAD_ROW)
    worksheet.oddFooter.center.text = PAGE_NUMBERS


def lay_out_head(worksheet: Any, form: HeadForm, head: FormHead) -> None:
    """Lay out a form whose columns are not known: title, the fields of its head, one line that says so, its foot."""
    parts = max(len(form.fields), len(form.foot), 2)
    widths = [HEAD_ONLY_WIDTH // parts] * parts
    _put_title(worksheet, form, head, widths)
    _put_parts(worksheet, LINE_ROW, form.fields, form, head, widths)
    _merged(worksheet, HEAD_ROW, 1, HEAD_ROW, parts)
    put_text(worksheet.cell(HEAD_ROW, 1), form.reading.zh, align="center")
    worksheet.row_dimensions[HEAD_ROW].height = max(HEAD_POINTS, _height(form.reading.zh, sum(widths)))
    put_box(worksheet, HEAD_ROW, HEAD_ROW, parts)
    last = HEAD_ROW
    if form.foot:
        last += 1
        _put_parts(worksheet, last, form.foot, form, head, widths)
    _set_page(worksheet, widths, last, LINE_ROW)


def _put_top(worksheet: Any, form: FigureForm | ListForm, head: FormHead, widths: Sequence[int]) -> None:
    columns = len(widths)
    _merged(worksheet, LABEL_ROW, 1, LABEL_ROW, columns)
    put_text(worksheet.cell(LABEL_ROW, 1), form.label.zh, points=LABEL_POINTS, font=HEI_TI)
    worksheet.row_dimensions[LABEL_ROW].height = 24
    _put_title(worksheet, form, head, widths)
    left_end = _spans(widths, 2)[0][1]
    _merged(worksheet, LINE_ROW, 1, LINE_ROW, left_end)
    _merged(worksheet, LINE_ROW, left_end + 1, LINE_ROW, columns)
    left = filled(form.head, form, head) if form.head is not None else ""
    right = filled(form.period, form, head)
    if left:
        put_text(worksheet.cell(LINE_ROW, 1), left)
    put_text(worksheet.cell(LINE_ROW, left_end + 1), right, align="right")
    heights = (_height(left, sum(widths[:left_end])), _height(right, sum(widths[left_end:])))
    worksheet.row_dimensions[LINE_ROW].height = max(LINE_POINTS + 7, *heights)


def _put_title(worksheet: Any, form: Form, head: FormHead, widths: Sequence[int]) -> None:
    _merged(worksheet, TITLE_ROW, 1, TITLE_ROW, len(widths))
    title = filled(form, form, head)
    put_text(worksheet.cell(TITLE_ROW, 1), title, align="center", points=TITLE_POINTS, bold=True)
    worksheet.row_dimensions[TITLE_ROW].height = max(42, _height(title, sum(widths), TITLE_POINTS))


def _put_two_level_head(worksheet: Any, form: FigureForm) -> None:
    _merged(worksheet, HEAD_ROW, 1, HEAD_ROW + 1, 1)
    _put_heading(worksheet.cell(HEAD_ROW, 1), form.row_head.zh, form.row_head.width)
    position = 2
    for group_id, members in groupby(form.columns, key=lambda column: column.group or column):
        columns = list(members)
        _put_group(worksheet, position, columns, form, under_group=isinstance(group_id, str))
        position += len(columns)
    worksheet.row_dimensions[HEAD_ROW].height = 26
    texts = [(form.row_head.zh, form.row_head.width), *((column.heading_zh, column.width) for column in form.columns)]
    worksheet.row_dimensions[HEAD_ROW + 1].height = _head_height(texts)


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
    put_text(cell, broken_heading(heading, width), align="center", bold=True)


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
        points = fitting_points(value, column.width, TALLEST_ROW_POINTS)
        put_text(cell, value, align="center" if column.align == "centre" else "left", points=points)
        heights.append(_height(value, column.width, points))
    worksheet.row_dimensions[number].height = max(heights)


def _put_bottom(
    worksheet: Any, form: FigureForm | ListForm, head: FormHead, widths: Sequence[int], foot_row: int
) -> int:
    """Foot, note and what of the form is ours; returns the last row of the sheet."""
    _put_parts(worksheet, foot_row, form.foot, form, head, widths)
    notes = [filled(form.note, form, head), *([form.reading.zh] if form.reading is not None else [])]
    for row, note in enumerate(notes, start=foot_row + 1):
        _merged(worksheet, row, 1, row, len(widths))
        put_text(worksheet.cell(row, 1), note)
        worksheet.row_dimensions[row].height = max(NOTE_POINTS, _height(note, sum(widths)))
    return foot_row + len(notes)


def _put_parts(
    worksheet: Any, row: int, parts: Sequence[Printed], form: Form, head: FormHead, widths: Sequence[int]
) -> None:
    """One line of printed texts, each under a run of columns of its own."""
    heights = [FIELD_POINTS]
    for (first, last), printed in zip(_spans(widths, len(parts)), parts, strict=True):
        text = filled(printed, form, head)
        _merged(worksheet, row, first, row, last)
        put_text(worksheet.cell(row, first), text)
        heights.append(_height(text, sum(widths[first - 1 : last])))
    worksheet.row_dimensions[row].height = max(heights)


def _set_page(worksheet: Any, widths: Sequence[int], last_row: int, last_head_row: int) -> None:
    for number, width in enumerate(widths, start=1):
        worksheet.column_dimensions[get_column_letter(number)].width = width
    worksheet.page_setup.orientation = "landscape" if is_wide(widths) else "portrait"
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


def _head_height(texts: Sequence[tuple[str, int]]) -> float:
    """Points that the tallest of these heads needs, each with the width of its column."""
    return max(HEAD_POINTS, *(_height(broken_heading(text, width), width) for text, width in texts))


def _height(text: str, width: int, points: float = BODY_POINTS) -> float:
    """As `height_of`, up to the format's limit: spreadsheet programs do not grow a row by themselves on opening."""
    return min(height_of(text, width, points), TALLEST_ROW_POINTS)
