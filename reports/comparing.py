"""Compares a form that a unit filled in, cell by cell, with what the record of its own cases gives. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from engine.evidence import Kept
from engine.office import Office
from engine.store import Work
from reports.figures import Cell, StatisticsPage
from reports.filled_forms import FilledForm, FormRow, Unread, filled_form
from reports.foreign_workbooks import read_workbook
from reports.form_places import cells_command, figure_form
from reports.forms import OTHER, TOTAL, FigureColumn, FigureForm
from reports.monthly import Ground, ReportOrder, figures_of, ground_of
from reports.written_figures import as_cell


@dataclass(frozen=True)
class Difference:
    """A cell in which the form and the record differ, and the command that opens ours."""

    row: str
    column: str
    theirs: Cell
    ours: Cell
    entries_command: str

    def document(self) -> dict[str, Any]:
        return vars(self).copy()


@dataclass(frozen=True)
class WrongTotal:
    """A total that is not the sum of the rows above it on the same form: somebody changed it."""

    column: str
    theirs: Cell
    sum: Cell

    def document(self) -> dict[str, Any]:
        return vars(self).copy()


@dataclass(frozen=True)
class Comparison:
    """What was compared, and everything in which it differs or could not be read."""

    ground: Ground
    form: FigureForm
    file: Kept
    sheet: str
    differences: tuple[Difference, ...]
    totals_wrong: tuple[WrongTotal, ...]
    unread: tuple[Unread, ...]

    @property
    def ok(self) -> bool:
        """Whether every cell was read, every total adds up and nothing differs."""
        return not (self.differences or self.totals_wrong or self.unread)

    def document(self) -> dict[str, Any]:
        """As `report compare --json` prints it."""
        return {
            "campaign": self.ground.plan.id,
            "unit": self.ground.scope.unit.id,
            "period": self.ground.month.month,
            "form": self.form.id,
            "file": self.file.document(),
            "sheet": self.sheet,
            "ok": self.ok,
            "differences": [one.document() for one in self.differences],
            "totals_wrong": [one.document() for one in self.totals_wrong],
            "unread": [one.document() for one in self.unread],
        }


def compare_form(office: Office, work: Work, order: ReportOrder, file: Path, form_id: str | None = None) -> Comparison:
    """Compare the campaign's form of figures (the one named, else the first) in the file with the report ordered.

    A blank and 0 are the same, also where nothing feeds the column. Raises as `monthly_report`, NotFound for the form
    or the file, InputWrong for a file that is no such form.
    """
    ground = ground_of(office, order)
    form = figure_form(office, ground.plan, form_id)
    workbook = read_workbook(file)
    page = figures_of(office, work, ground, form)
    theirs = filled_form(workbook.sheets, form, _rows(form, page))
    named = replace(order, unit=ground.scope.unit.id)
    return Comparison(
        ground,
        form,
        workbook.file,
        theirs.sheet,
        tuple(_differences(named, form, page, theirs)),
        tuple(_wrong_totals(form, theirs)),
        theirs.unread,
    )


def _rows(form: FigureForm, page: StatisticsPage) -> list[FormRow]:
    """The rows of our page; the form may have one for everything else where ours needs none."""
    rows = [FormRow(row.id, (row.zh, row.en, row.id)) for row in page.rows]
    if all(row.id != OTHER for row in rows):
        rows.append(FormRow(OTHER, (form.other.zh, form.other.en)))
    return rows


def _differences(
    order: ReportOrder, form: FigureForm, page: StatisticsPage, theirs: FilledForm
) -> Iterator[Difference]:
    ours: dict[str, Mapping[str, Cell]] = {row.id: row.cells for row in page.rows}
    rows = [id_ for id_ in dict.fromkeys((*ours, OTHER)) if id_ != TOTAL]
    for row in (*rows, TOTAL):
        for column in form.columns:
            if (row, column.id) not in theirs.figures:
                continue
            figure, stands = theirs.figures[row, column.id], ours.get(row, {}).get(column.id)
            if (figure or 0) != Decimal(stands or 0):
                command = cells_command(order, form, row if row in ours else TOTAL, column.id)
                yield Difference(row, column.id, as_cell(figure, column), stands, command)


def _wrong_totals(form: FigureForm, theirs: FilledForm) -> Iterator[WrongTotal]:
    """A column is judged only where every cell of it was read."""
    whole = all(one.column is not None for one in theirs.unread)
    doubtful = {one.column for one in theirs.unread}
    for column in form.columns if whole else ():
        if column.id not in doubtful:
            yield from _wrong_total(column, theirs)


def _wrong_total(column: FigureColumn, theirs: FilledForm) -> Iterator[WrongTotal]:
    figures = {row: figure for (row, id_), figure in theirs.figures.items() if id_ == column.id}
    total = figures.pop(TOTAL)
    added = sum((figure or Decimal(0) for figure in figures.values()), Decimal(0))
    if (total or 0) != added:
        yield WrongTotal(column.id, as_cell(total, column), as_cell(added, column))
