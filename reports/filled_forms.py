"""Finds a form of figures in a spreadsheet by its printed heads, wherever they stand, and reads its figures. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any

from engine.errors import InputWrong, Remedy
from reports.foreign_workbooks import ForeignCell, ForeignSheet
from reports.forms import TOTAL, FigureColumn, FigureForm
from reports.written_figures import LONGEST_SHOWN, UnreadableFigure, plain_text, read_figure

MOST_PLACES = 20  # where the head of the rows may stand before the search gives up


@dataclass(frozen=True)
class FormRow:
    """A row that the form may have: its id, and the names under which it is printed."""

    id: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Unread:
    """A cell that could not be taken into account: where, in which row and column, what stands there, and why."""

    cell: str
    row: str | None
    column: str | None
    text: str
    zh: str
    en: str

    def document(self) -> dict[str, Any]:
        return vars(self).copy()


@dataclass(frozen=True)
class FilledForm:
    """The figures by (row, column), in the unit of the column; None is a blank, what is missing was not read."""

    sheet: str
    figures: Mapping[tuple[str, str], Decimal | None]
    unread: tuple[Unread, ...]


@dataclass(frozen=True)
class _Found:
    """A place where the head of the rows stands, the form's columns by position there, and the first row below."""

    sheet: ForeignSheet
    label_at: int
    first_row: int
    columns: Mapping[int, FigureColumn]
    missing: tuple[str, ...]


def filled_form(sheets: Sequence[ForeignSheet], form: FigureForm, rows: Sequence[FormRow]) -> FilledForm:
    """The form as it was filled in. Raises InputWrong (`form.not_found`, `form.head_missing`, `form.head_twice`).

    A row that the sheet does not have is one of blanks; the row of totals ends the form.
    """
    found = max(_places(sheets, form), key=lambda place: len(place.columns), default=None)
    if found is None:
        raise _not_found(form)
    ids = {plain_text(name): row.id for row in reversed(rows) for name in row.names}
    lines = list(_lines(found, ids))
    missing = [*found.missing, *([] if any(id_ == TOTAL for id_, _ in lines) else [form.total.zh])]
    if missing:
        raise _head_missing(found.sheet, missing)
    figures: dict[tuple[str, str], Decimal | None] = {}
    unread: list[Unread] = []
    for row_id, cells in lines:
        _take(found, row_id, cells, figures, unread)
    blanks = {(row.id, c.id): None for row in rows for c in form.columns if row.id not in {id_ for id_, _ in lines}}
    return FilledForm(found.sheet.title, {**blanks, **figures}, tuple(unread))


def _places(sheets: Iterable[ForeignSheet], form: FigureForm) -> Iterator[_Found]:
    wanted = plain_text(form.row_head.zh)
    names = _names_of(form)
    at = (
        (sheet, row, column)
        for sheet in sheets
        for row, cells in enumerate(sheet.rows)
        for column, cell in enumerate(cells)
        if isinstance(cell.value, str) and plain_text(cell.value) == wanted
    )
    for sheet, row, column in islice(at, MOST_PLACES):
        yield _found_at(sheet, row, column, form, names)


def _found_at(sheet: ForeignSheet, row: int, label_at: int, form: FigureForm, names: Mapping[str, str]) -> _Found:
    upper = [_text(cell) for cell in sheet.rows[row]]
    lower = [_text(cell) for cell in sheet.rows[row + 1]] if row + 1 < len(sheet.rows) else []
    # Where the cell below is merged with the head, or repeats it, the head has two lines.
    two_lines = bool(lower) and lower[label_at] in ("", upper[label_at])
    columns: dict[int, FigureColumn] = {}
    by_id = {column.id: column for column in form.columns}
    group = ""
    for position in range(label_at + 1, len(upper)):
        group = upper[position] or group
        below = lower[position] if two_lines else ""
        found = (names.get(group + below) or names.get(below)) if below else names.get(upper[position])
        if found is not None:
            columns[position] = by_id[found]
    twice = [id_ for id_, times in Counter(column.id for column in columns.values()).items() if times > 1]
    if twice:
        raise _head_twice(sheet, by_id[twice[0]])
    there = {column.id for column in columns.values()}
    missing = tuple(_shown(form, column) for column in form.columns if column.id not in there)
    return _Found(sheet, label_at, row + (2 if two_lines else 1), columns, missing)


def _names_of(form: FigureForm) -> dict[str, str]:
    """Every way in which the head of a column may be written that means this column alone, with its id."""
    ways: list[tuple[str, str]] = []
    for column in form.columns:
        group = form.group_of(column)
        for name in (column.zh, column.heading_zh):
            ways.append((plain_text(name), column.id))
            if group is not None:
                ways.append((plain_text(group.zh + name), column.id))
    meant: dict[str, set[str]] = {}
    for way, id_ in ways:
        meant.setdefault(way, set()).add(id_)
    return {way: next(iter(ids)) for way, ids in meant.items() if len(ids) == 1}


def _lines(found: _Found, ids: Mapping[str, str]) -> Iterator[tuple[str | None, Sequence[ForeignCell]]]:
    """The rows under the head with their ids (None: no such row), to the row of totals, empty ones left out."""
    seen: set[str] = set()
    for cells in found.sheet.rows[found.first_row :]:
        row_id = ids.get(_text(cells[found.label_at]))
        if row_id is None and not any(_text(cells[position]) for position in found.columns):
            continue
        yield (None if row_id in seen else row_id), cells
        if row_id == TOTAL:
            return
        if row_id is not None:
            seen.add(row_id)


def _take(
    found: _Found,
    row_id: str | None,
    cells: Sequence[ForeignCell],
    figures: dict[tuple[str, str], Decimal | None],
    unread: list[Unread],
) -> None:
    if row_id is None:
        label = cells[found.label_at]
        zh, en = "报表没有这一行，或者重复", "the form has no such row, or has it already"
        unread.append(Unread(label.place, None, None, _cut(label), zh, en))
        return
    for position, column in found.columns.items():
        cell = cells[position]
        try:
            figures[row_id, column.id] = _figure(cell, column)
        except UnreadableFigure as e:
            unread.append(Unread(cell.place, row_id, column.id, _cut(cell), e.zh, e.en))


def _figure(cell: ForeignCell, column: FigureColumn) -> Decimal | None:
    if cell.elsewhere:
        raise UnreadableFigure("公式引用了其他文件", "its formula refers to another file")
    if cell.formula and cell.value is None:
        raise UnreadableFigure(
            "公式没有保存结果，请用电子表格程序打开后保存", "its formula has no saved result; open and save the sheet"
        )
    return read_figure(cell.value, column)


def _text(cell: ForeignCell) -> str:
    return plain_text(str(cell.value)) if cell.value is not None else ""


def _cut(cell: ForeignCell) -> str:
    return str(cell.value)[:LONGEST_SHOWN] if cell.value is not None else ""


def _shown(form: FigureForm, column: FigureColumn) -> str:
    group = form.group_of(column)
    return f"{group.zh}·{column.heading_zh}" if group is not None else column.heading_zh


def _not_found(form: FigureForm) -> InputWrong:
    return InputWrong(
        "form.not_found",
        f"文件中没有“{form.sheet.zh}”：找不到表头“{form.row_head.zh}”",
        f"the form {form.id!r} is not in the file: there is no head {form.row_head.zh}",
        Remedy("核对文件，或用--form写明报表", "check the file, or name the form with --form"),
    )


def _head_missing(sheet: ForeignSheet, missing: Sequence[str]) -> InputWrong:
    return InputWrong(
        "form.head_missing",
        f"工作表“{sheet.title}”缺少表头：{'、'.join(missing)}",
        f"sheet {sheet.title} lacks the heads {', '.join(missing)}",
        Remedy("按印发的表式补齐表头", "put the heads back as they are printed"),
    )


def _head_twice(sheet: ForeignSheet, column: FigureColumn) -> InputWrong:
    return InputWrong(
        "form.head_twice",
        f"工作表“{sheet.title}”的表头“{column.heading_zh}”重复",
        f"sheet {sheet.title} has the head {column.heading_zh} twice",
        Remedy("只保留一处", "keep one of them"),
    )
