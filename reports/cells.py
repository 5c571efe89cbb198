"""Opens one figure of a report: the entries of the record that it adds up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.office import Office
from engine.store import Work
from reports.figures import Cell
from reports.form_places import column_of, figure_form, unknown_name
from reports.forms import TOTAL, FigureColumn
from reports.monthly import ReportOrder, figures_of, ground_of, row_of
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
    form = figure_form(office, ground.plan, form_id)
    column = column_of(form, column_id)
    page = figures_of(office, work, ground, form)
    row = next((row for row in page.rows if row.id == row_id), None)
    if row is None:
        raise unknown_name("row", ("行", "row"), row_id, (known.id for known in page.rows))
    value = row.cells[column_id]
    if value is None:
        return Opened(column, None, ())
    entries = entries_behind(work, ground.reach, column.measure)
    return Opened(column, value, tuple(e for e in entries if row_id in (TOTAL, row_of(ground.plan, e.category))))
