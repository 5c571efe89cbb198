"""How the forms of a month read on a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from commands.figure_table import figure_lines
from commands.output import day, table, wrap
from commands.words import t
from reports.form_places import cells_command
from reports.forms import TOTAL
from reports.monthly import BlankForm, FilledFigures, FilledForm, FilledList, MonthlyReport, ReportOrder


def report_lines(report: MonthlyReport, order: ReportOrder) -> Iterator[str]:
    """The head, every form, and the command that opens a figure."""
    ground = report.ground
    unit = t(ground.scope.zh, f"{ground.scope.unit.id}{' and below' if ground.scope.tree else ''}")
    period = t(ground.month.zh, ground.month.en)
    yield f"{t(ground.plan.name.zh, ground.plan.name.en)}  {unit}  {period}"
    if report.duty is not None and report.duty.due_on is not None:
        due = day(report.duty.due_on)
        yield t(f"报送期限：{due}", f"due: {due}") + (t("，已逾期", ", the day has passed") if report.late else "")
    for form_id, form in report.forms.items():
        yield ""
        yield from _form_lines(form_id, form)
    figures = next((form for form in report.forms.values() if isinstance(form, FilledFigures)), None)
    if figures is not None:
        yield ""
        yield t("打开某个数字：", "open a figure:")
        asked = cells_command(order, figures.form, TOTAL, figures.form.columns[0].id)
        yield from wrap(asked, indent="    ", first="  ")


def _form_lines(form_id: str, filled: FilledForm) -> Iterator[str]:
    name = f"{t(filled.form.sheet.zh, filled.form.sheet.en)}{t(f'（{form_id}）', f' ({form_id})')}"
    if isinstance(filled, BlankForm):
        yield name
    else:
        yield f"{t(filled.form.label.zh, filled.form.label.en)}  {name}"
        yield from _content_lines(filled)
    if filled.form.reading is not None:
        yield from wrap(t(filled.form.reading.zh, filled.form.reading.en))


def _content_lines(filled: FilledFigures | FilledList) -> Iterator[str]:
    if isinstance(filled, FilledFigures):
        yield from figure_lines(filled.form, filled.page)
        if any(cell is None for row in filled.page.rows for cell in row.cells.values()):
            yield t("–：该栏尚无数据来源，不是0", "–: nothing feeds this column yet, which is not 0")
    elif not filled.fed:
        yield t("尚无数据来源", "nothing feeds this list yet")
    elif not filled.rows:
        yield t(filled.form.empty.zh, filled.form.empty.en)
    else:
        heads = [t("编号", "No."), t("案号", "case"), t("案件名称", "title"), t("查处结果", "outcome")]
        cells = [
            [number, row.id, row.zh, t(str(row.cells["outcome"]), row.outcome_en)]
            for number, row in enumerate(filled.rows, start=1)
        ]
        yield from table(heads, cells)
