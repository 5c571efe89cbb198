"""Writes the forms of a monthly report to a file, and what the record says about that."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.clock import legal_day
from engine.errors import InputWrong, Remedy
from engine.ledger import Said, campaign_book
from engine.people import Person
from reports.form_head import FormHead
from reports.monthly import FilledFigures, FilledForm, FilledList, MonthlyReport
from reports.printed_forms import HeadSheet, ListLine, ListSheet, PrintedForm, StatisticsSheet
from reports.sheets import write_month
from reports.word_forms import DOCUMENT, write_document
from reports.written_files import require_place

EXAMPLES = ("month.xlsx", f"month{DOCUMENT}")


@dataclass(frozen=True)
class Exported:
    """A written file: the forms in it, in printed order, and the hash of its bytes."""

    file: Path
    forms: tuple[str, ...]
    sha256: str

    def document(self) -> dict[str, Any]:
        return {"file": str(self.file), "forms": list(self.forms), "sha256": self.sha256}


def export_month(report: MonthlyReport, file: Path, filled_by: Person, lang: str = "zh") -> Exported:
    """Write the forms that the record feeds, replacing an earlier file as a whole or not at all.

    The suffix decides: a spreadsheet, always in Chinese as the forms were handed out, or a document in `lang`. A list
    that nothing feeds yet is left out: an empty one would say that there is none. A form whose columns are not known
    is written with its head. Raises InputWrong, StoreUnavailable; then nothing has changed.
    """
    require_export_place(file)
    if file.suffix.lower() == DOCUMENT:
        write_document(file, _printed(report, filled_by, lang))
    else:
        write_month(file, _printed(report, filled_by, "zh"))
    return Exported(file, exported_forms(report), hashlib.sha256(file.read_bytes()).hexdigest())


def exported_forms(report: MonthlyReport) -> tuple[str, ...]:
    """The ids of the forms that `export_month` writes."""
    return tuple(part.form.id for part in _parts(report))


def require_export_place(file: Path) -> None:
    """Raises InputWrong where neither a spreadsheet nor a document can be written to `file`."""
    require_place(file, *EXAMPLES)


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


def _parts(report: MonthlyReport) -> tuple[FilledForm, ...]:
    """What is written, in the order in which the campaign names its forms. Raises InputWrong where there is nothing."""
    parts = tuple(form for form in report.forms.values() if not isinstance(form, FilledList) or form.fed)
    if not parts:
        plan = report.ground.plan
        raise InputWrong(
            "export.nothing",
            f"专项行动“{plan.name.zh}”没有可以导出的表",
            f"the campaign {plan.id} has no form to be exported",
            Remedy("查看该行动要求的各张表", "see which forms it asks for", f"anjuan campaign show {plan.id}"),
        )
    return parts


def _printed(report: MonthlyReport, filled_by: Person, lang: str) -> list[PrintedForm]:
    ground = report.ground
    month, is_english = ground.month, lang == "en"
    figures_head = FormHead(
        campaign=ground.plan.name.en if is_english else ground.plan.name.zh,
        unit=ground.scope.en if is_english else ground.scope.zh,
        period=month.en if is_english else month.zh,
        filled_by=filled_by.zh,
        lang=lang,
    )
    list_head = replace(figures_head, period=month.until_en if is_english else month.until_zh)
    return [_printed_form(part, figures_head, list_head) for part in _parts(report)]


def _printed_form(part: FilledForm, figures_head: FormHead, list_head: FormHead) -> PrintedForm:
    if isinstance(part, FilledFigures):
        return StatisticsSheet(part.page, part.form, figures_head)
    if isinstance(part, FilledList):
        return ListSheet(_printed_rows(part, list_head.lang), part.form, list_head)
    return HeadSheet(part.form, figures_head)


def _printed_rows(cases: FilledList, lang: str) -> list[ListLine]:
    """The cells are Chinese as on record, but for the outcome, which the program words."""
    lines = []
    for row in cases.rows:
        cells = {**row.cells, "outcome": row.outcome_en} if lang == "en" else row.cells
        lines.append(tuple(cells.get(column.id, "") for column in cases.form.columns))
    return lines
