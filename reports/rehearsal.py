"""The rehearsal of a campaign's report: what a month would look like if it closed now, and what is missing in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engine.clock import today
from engine.office import Office
from engine.store import Work
from reports.forms import FigureColumn
from reports.monthly import BlankForm, FilledFigures, FilledForm, MonthlyReport, ReportOrder, monthly_report
from workflows.month_gaps import Gap
from workflows.month_missing import gaps_in_month


@dataclass(frozen=True)
class FormRemark:
    """Something to mind about a form that nobody can mend in a case: what nothing feeds stays empty."""

    code: str
    form: str
    columns: tuple[str, ...]
    zh: str
    en: str

    def document(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "form": self.form,
            "columns": list(self.columns),
            "zh": self.zh,
            "en": self.en,
            "command": None,
        }


@dataclass(frozen=True)
class Rehearsal:
    """The report as it stands now. `open`: its month still runs, and more may come until the end of its last day.

    What is missing somebody can mend in a case; of remarks no figure hangs, or nobody can.
    """

    report: MonthlyReport
    open: bool
    missing: tuple[Gap, ...]
    remarks: tuple[Gap | FormRemark, ...]

    @property
    def ready(self) -> bool:
        return not self.missing

    def document(self) -> dict[str, Any]:
        """As `report rehearse --json` prints it, but for the sentence in the language of the run."""
        return {
            **self.report.document(),
            "open": self.open,
            "closes_on": self.report.ground.month.last_on.isoformat(),
            "ready": self.ready,
            "missing": [gap.document() for gap in self.missing],
            "remarks": [remark.document() for remark in self.remarks],
        }


def rehearse(office: Office, work: Work, order: ReportOrder) -> Rehearsal:
    """Rehearse that report. Raises as `monthly_report`; changes nothing."""
    report = monthly_report(office, work, order)
    plan, scope, month = report.ground.plan, report.ground.scope, report.ground.month
    gaps = gaps_in_month(office, work, plan, scope.units, month.first_on, month.last_on)
    unfed = (remark for form_id, form in report.forms.items() for remark in _unfed(form_id, form))
    return Rehearsal(
        report,
        today(office.clock) <= month.last_on,
        tuple(gap for gap in gaps if gap.counts),
        (*unfed, *(gap for gap in gaps if not gap.counts)),
    )


def _unfed(form_id: str, filled: FilledForm) -> Iterator[FormRemark]:
    zh, en = filled.form.sheet.zh, filled.form.sheet.en
    if isinstance(filled, BlankForm):
        yield FormRemark("form.blank", form_id, (), f"{zh}：栏目不明，按原表手填", f"{en}: its columns are not known")
    elif isinstance(filled, FilledFigures):
        columns = _empty_columns(filled)
        if columns:
            named_zh = "、".join(column.zh for column in columns)
            named_en = ", ".join(column.en for column in columns)
            ids = tuple(column.id for column in columns)
            yield FormRemark(
                "column.unfed", form_id, ids, f"{zh}：尚无数据来源：{named_zh}", f"{en}: nothing feeds yet: {named_en}"
            )
    elif not filled.fed:
        yield FormRemark("list.unfed", form_id, (), f"{zh}：尚无数据来源", f"{en}: nothing feeds this list yet")


def _empty_columns(filled: FilledFigures) -> list[FigureColumn]:
    return [c for c in filled.form.columns if all(row.cells[c.id] is None for row in filled.page.rows)]
