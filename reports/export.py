"""Writes the forms of a monthly report to a spreadsheet, and what the record says about that."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.clock import legal_day
from engine.ledger import Said, campaign_book
from engine.people import Person
from reports.form_head import FormHead
from reports.monthly import FilledFigures, FilledList, MonthlyReport
from reports.sheets import ListSheet, StatisticsSheet, write_month
from reports.written_files import require_place

EXAMPLE = "month.xlsx"


@dataclass(frozen=True)
class Exported:
    """A written file: the forms in it, in printed order, and the hash of its bytes."""

    file: Path
    forms: tuple[str, ...]
    sha256: str

    def document(self) -> dict[str, Any]:
        return {"file": str(self.file), "forms": list(self.forms), "sha256": self.sha256}


def export_month(report: MonthlyReport, file: Path, filled_by: Person) -> Exported:
    """Write the forms that the record feeds, replacing an earlier file as a whole or not at all.

    A list that nothing feeds yet is left out: an empty one would say that there is none. Raises InputWrong,
    StoreUnavailable; then nothing has changed.
    """
    require_export_place(file)
    ground = report.ground
    statistics, cases = _parts(report)
    common = {"campaign_zh": ground.plan.name.zh, "unit_zh": ground.scope.zh, "filled_by": filled_by.zh}
    figures_head = FormHead(period_zh=ground.month.zh, **common)
    list_head = FormHead(period_zh=ground.month.until_zh, **common)
    write_month(
        file,
        statistics=StatisticsSheet(statistics.page, statistics.form, figures_head) if statistics else None,
        cases=ListSheet(_printed_rows(cases), cases.form, list_head) if cases else None,
    )
    return Exported(file, exported_forms(report), hashlib.sha256(file.read_bytes()).hexdigest())


def exported_forms(report: MonthlyReport) -> tuple[str, ...]:
    """The ids of the forms that `export_month` writes."""
    return tuple(part.form.id for part in _parts(report) if part is not None)


def require_export_place(file: Path) -> None:
    """Raises InputWrong where no spreadsheet can be written to `file`."""
    require_place(file, EXAMPLE)


def export_said(report: MonthlyReport, exported: Exported, actor: Person, now: datetime) -> Said:
    """The entry of the campaign's book that says what was given out, and to whom the figures belong."""
    month, scope = report.ground.month, report.ground.scope
    return Said(
        campaign_book(report.ground.plan.id),
        "export",
        actor.name,
        legal_day(now).isoformat(),
        now,
        effects={
            "month": month.month,
            "cumulative": month.cumulative,
            "unit": scope.unit.id,
            "tree": scope.tree,
            "forms": list(exported.forms),
            "sha256": exported.sha256,
        },
    )


def _parts(report: MonthlyReport) -> tuple[FilledFigures | None, FilledList | None]:
    figures = (form for form in report.forms.values() if isinstance(form, FilledFigures))
    lists = (form for form in report.forms.values() if isinstance(form, FilledList) and form.fed)
    return next(figures, None), next(lists, None)


def _printed_rows(cases: FilledList) -> list[tuple[str | int, ...]]:
    return [tuple(row.cells.get(column.id, "") for column in cases.form.columns) for row in cases.rows]
