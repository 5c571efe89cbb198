"""Opens one figure of a report: the entries of the record that it adds up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from engine.errors import InputWrong, NotFound, Remedy
from engine.office import Office
from engine.store import Work
from reports.figures import Cell
from reports.forms import TOTAL, FigureColumn, FigureForm
from reports.monthly import Ground, ReportOrder, figures_of, form_of, ground_of, row_of
from reports.tally_store import TallyEntry, entries_behind


@dataclass(frozen=True)
class Opened:
    """A figure as the form shows it (`None`: nothing feeds it), and what it is made of, money in fen."""

    column: FigureColumn
    value: Cell
    entries: tuple[TallyEntry, ...]

    def document(self) -> dict[str, Any]:
        """As `report cells --json` prints it."""
        return {"value": self.value, "entries": [entry.document() for entry in self.entries]}


def open_figure(office: Office, work: Work, order: ReportOrder, form_id: str, row_id: str, column_id: str) -> Opened:
    """The figure in a row and column of a form of the report. The sum of the entries' `n` equals it.

    Raises as `monthly_report`, NotFound for an unknown form, row or column, InputWrong for a form without figures.
    """
    ground = ground_of(office, order)
    form = _figure_form(office, ground, form_id)
    column = next((column for column in form.columns if column.id == column_id), None)
    if column is None:
        raise _unknown("column", ("栏目", "column"), column_id, (known.id for known in form.columns))
    page = figures_of(office, work, ground, form)
    row = next((row for row in page.rows if row.id == row_id), None)
    if row is None:
        raise _unknown("row", ("行", "row"), row_id, (known.id for known in page.rows))
    value = row.cells[column_id]
    if value is None:
        return Opened(column, None, ())
    entries = entries_behind(work, ground.reach, column.measure)
    return Opened(column, value, tuple(e for e in entries if row_id in (TOTAL, row_of(ground.plan, e.category))))


def _figure_form(office: Office, ground: Ground, form_id: str) -> FigureForm:
    if form_id not in ground.plan.forms:
        raise _unknown("form", ("报表", "form"), form_id, ground.plan.forms)
    form = form_of(office, form_id)
    if not isinstance(form, FigureForm):
        raise InputWrong(
            "form.without_figures",
            f"“{form_id}”是清单，没有可追溯的数字",
            f"the form {form_id!r} is a list and has no figures to open",
            Remedy("查看该清单", "see the list", f"anjuan report show {ground.plan.id} --month {ground.month.month}"),
        )
    return form


def _unknown(code: str, what: tuple[str, str], name: str, known: Iterable[str]) -> NotFound:
    names, shown = list(known), name[:40]
    return NotFound(
        f"{code}.unknown",
        f"没有{what[0]}“{shown}”",
        f"there is no {what[1]} {shown!r}",
        Remedy(f"可用的有：{'、'.join(names)}", f"known are: {', '.join(names)}"),
    )
