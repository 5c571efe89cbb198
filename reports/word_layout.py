"""The printed layout of one form in a document: label, title, heads, rows, foot and note."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from reports.figures import PageRow
from reports.form_head import FormHead, filled, said
from reports.form_paper import HEAD_ONLY_WIDTH, broken_heading, fitting_points, height_of, shares, type_for
from reports.forms import TOTAL, FigureColumn, FigureForm, Form, ListForm, Printed
from reports.printed_forms import HeadSheet, ListLine, ListSheet, PrintedForm, StatisticsSheet
from reports.word_parts import Merge, cell, element, paragraph, row, table

TALLEST_ROW_POINTS = 300.0  # about what stands on a landscape page below the heads


def widths_of(printed: PrintedForm) -> list[int]:
    """The widths of the form's columns in characters; of one without columns, of a whole landscape page."""
    if isinstance(printed, StatisticsSheet):
        return [printed.form.row_head.width, *(column.width for column in printed.form.columns)]
    if isinstance(printed, ListSheet):
        return [column.width for column in printed.form.columns]
    return [HEAD_ONLY_WIDTH]


def laid_out(printed: PrintedForm, room: int) -> Iterator[Any]:
    """The paragraphs and tables of the form, `room` twips wide; the last one is a paragraph."""
    if isinstance(printed, StatisticsSheet):
        yield from _top(printed.form, printed.head, room)
        yield _figures(printed, room)
        yield from _bottom(printed.form, printed.head, room)
    elif isinstance(printed, ListSheet):
        yield from _top(printed.form, printed.head, room)
        yield _list(printed, room)
        yield from _bottom(printed.form, printed.head, room)
    else:
        yield from _head_only(printed, room)


def _top(form: FigureForm | ListForm, head: FormHead, room: int) -> Iterator[Any]:
    yield paragraph("FormLabel", said(form.label, head.lang))
    yield paragraph("FormTitle", filled(form, form, head))
    left, right = shares([1, 1], room)
    texts = filled(form.head, form, head) if form.head is not None else "", filled(form.period, form, head)
    cells = [cell(left, paragraph("FormLine", texts[0])), cell(right, paragraph("FormLineRight", texts[1]))]
    yield table((left, right), [row(cells, least=0)], ruled=False)
    yield _gap()


def _bottom(form: FigureForm | ListForm, head: FormHead, room: int) -> Iterator[Any]:
    yield _gap()
    yield _parts(form.foot, form, head, room, "FormFoot")
    yield paragraph("FormNote", filled(form.note, form, head))
    if form.reading is not None:
        yield paragraph("FormNote", said(form.reading, head.lang))


def _head_only(printed: HeadSheet, room: int) -> Iterator[Any]:
    form, head = printed.form, printed.head
    yield paragraph("FormTitle", filled(form, form, head))
    yield _parts(form.fields, form, head, room, "FormLine")
    yield _gap()
    reading = cell(room, paragraph("FormCentre", said(form.reading, head.lang), joined=True))
    yield table((room,), [row([reading])], ruled=True)
    if form.foot:
        yield _gap()
        yield _parts(form.foot, form, head, room, "FormFoot")
    yield _gap(joined=False)


def _parts(parts: Sequence[Printed], form: Form, head: FormHead, room: int, style: str) -> Any:
    """One line of printed texts side by side, for the seal and the signature among them."""
    widths = shares([1] * len(parts), room)
    texts = [paragraph(style, filled(printed, form, head)) for printed in parts]
    return table(widths, [row(map(cell, widths, texts), least=0)], ruled=False)


def _gap(*, joined: bool = True) -> Any:
    """Keeps two tables apart, which would otherwise be taken for one; as low as a line can be."""
    gap = paragraph("FormNote", joined=joined)
    gap.pPr.append(element("spacing", line=20, lineRule="exact"))
    return gap


def _figures(printed: StatisticsSheet, room: int) -> Any:
    form, lang = printed.form, printed.head.lang
    characters = widths_of(printed)
    columns, points = shares(characters, room), type_for(characters)
    rows = [_figure_row(line, form, columns, points, lang) for line in printed.page.rows]
    return table(columns, [*_figure_heads(form, columns, points, lang), *rows], ruled=True)


def _figure_heads(form: FigureForm, columns: Sequence[int], points: float, lang: str) -> list[Any]:
    """One row of heads, or two where columns stand under a group: whatever stands under none goes over both."""
    both: Merge | None = "restart" if form.groups else None
    upper = [cell(columns[0], paragraph("FormHead", said(form.row_head, lang), points=points), merge=both)]
    lower = [cell(columns[0], paragraph("FormHead"), merge="continue")]
    place = 1
    for _, members in groupby(form.columns, key=lambda column: column.group or column):
        under = list(members)
        widths = columns[place : place + len(under)]
        group = form.group_of(under[0])
        heads = [_heading(column, points, lang) for column in under]
        if group is None:
            upper += [cell(widths[0], heads[0], merge=both)]
            lower += [cell(widths[0], paragraph("FormHead"), merge="continue")]
        else:
            upper += [cell(sum(widths), paragraph("FormHead", said(group, lang), points=points), span=len(under))]
            lower += map(cell, widths, heads)
        place += len(under)
    return [row(line, is_head=True) for line in ((upper, lower) if form.groups else (upper,))]


def _heading(column: FigureColumn, points: float, lang: str) -> Any:
    text = column.heading_en if lang == "en" else broken_heading(column.heading_zh, column.width)
    return paragraph("FormHead", text, points=points)


def _figure_row(line: PageRow, form: FigureForm, columns: Sequence[int], points: float, lang: str) -> Any:
    """The row of totals is bold, and stays on the page of the foot."""
    is_total = line.id == TOTAL
    name = line.en if lang == "en" else line.zh
    texts = [("FormCentre", name), *(("FormFigure", _shown(line.cells[column.id])) for column in form.columns)]
    paragraphs = [paragraph(style, text, points=points, bold=is_total, joined=is_total) for style, text in texts]
    return row(map(cell, columns, paragraphs))


def _shown(figure: int | str | None) -> str:
    """A column that nothing feeds stays empty."""
    return "" if figure is None else str(figure)


def _list(printed: ListSheet, room: int) -> Any:
    form, lang = printed.form, printed.head.lang
    characters = widths_of(printed)
    columns, points = shares(characters, room), type_for(characters)
    heads = [
        cell(width, paragraph("FormHead", said(column, lang), points=points))
        for width, column in zip(columns, form.columns, strict=True)
    ]
    rows = [_list_row(line, form, columns, points) for line in printed.rows]
    if not rows:
        empty = paragraph("FormCentre", said(form.empty, lang), points=points, joined=True)
        rows = [row([cell(room, empty, span=len(columns))])]
    return table(columns, [row(heads, is_head=True), *rows], ruled=True)


def _list_row(line: ListLine, form: ListForm, columns: Sequence[int], points: float) -> Any:
    """A long text is set smaller; where that does not help, its row goes on on the next page."""
    paragraphs, heights = [], []
    for value, column in zip(line, form.columns, strict=True):
        text, style = str(value), "FormCentre" if column.align == "centre" else "FormText"
        size = fitting_points(text, column.width, TALLEST_ROW_POINTS, points)
        paragraphs.append(paragraph(style, text, points=size))
        heights.append(height_of(text, column.width, size))
    return row(map(cell, columns, paragraphs), whole=max(heights) < TALLEST_ROW_POINTS)
