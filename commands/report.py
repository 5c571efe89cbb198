"""`anjuan report`: the forms of a month, the entries behind a figure, and the spreadsheet to be sent."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from commands.door import Desk, reading, writing
from commands.figure_table import figure_lines
from commands.frame import Run, command, noun
from commands.output import day, table, wrap
from commands.words import t
from engine.book_store import append
from reports.cells import Opened, open_figure
from reports.export import Exported, export_month, export_said, exported_forms, require_export_place
from reports.forms import TOTAL
from reports.monthly import FilledFigures, FilledForm, MonthlyReport, ReportOrder, monthly_report

app = noun("report", zh="报表：查看、追溯、导出", en="Reports: show, trace a figure, export")

Campaign = Annotated[str, Argument(metavar="CAMPAIGN", help=t("专项行动", "the campaign"))]
Month = Annotated[str, Option("--month", metavar="YYYY-MM", help=t("月份", "the month"))]
Unit = Annotated[
    str | None,
    Option("--unit", metavar="U", help=t("只报该单位（默认本人单位）", "that unit alone (default: your own)")),
]
Tree = Annotated[bool, Option("--tree", help=t("连同所属单位", "with the units below it"))]
Cumulative = Annotated[bool, Option("--cumulative", help=t("自行动开始累计", "everything since the campaign began"))]


@command(
    app,
    "show",
    zh="查看某月的各张表\n\n没有数据来源的栏目显示为“–”，不是0。",
    en="Show the forms of a month\n\nA column that nothing feeds yet shows a dash, which is not 0.",
)
def show(
    run: Run,
    campaign: Campaign,
    month: Month,
    unit: Unit = None,
    tree: Tree = False,
    cumulative: Cumulative = False,
) -> None:
    with reading(run) as desk:
        order = _order(desk, campaign, month, unit, tree=tree, cumulative=cumulative)
        report = monthly_report(desk.office, desk.work, order)
    run.show(report.document(), lambda: _report_lines(report, order))


@command(
    app,
    "cells",
    zh="打开一个数字：列出它由哪些记录相加而成\n\n合计行为total；金额以分计。",
    en="Open a figure: the entries of the record it adds up\n\nThe row of totals is `total`; money is in fen.",
)
def cells(
    run: Run,
    campaign: Campaign,
    month: Month,
    form: Annotated[str, Option("--form", metavar="F", help=t("报表", "the form"))],
    row: Annotated[str, Option("--row", metavar="R", help=t("行（类别或total）", "the row: a category, or total"))],
    column: Annotated[str, Option("--column", metavar="C", help=t("栏目", "the column"))],
    unit: Unit = None,
    tree: Tree = False,
    cumulative: Cumulative = False,
) -> None:
    with reading(run) as desk:
        order = _order(desk, campaign, month, unit, tree=tree, cumulative=cumulative)
        opened = open_figure(desk.office, desk.work, order, form, row, column)
    run.show(opened.document(), lambda: _cell_lines(opened))


@command(
    app,
    "export",
    zh="导出为电子表格（.xlsx），按印发的表式\n\n导出记入专项行动的记录。尚无数据来源的清单不导出。",
    en="Export a spreadsheet (.xlsx) in the printed layout\n\n"
    "The export goes on the campaign's record. A list that nothing feeds yet is left out.",
    changes=True,
)
def export(
    run: Run,
    campaign: Campaign,
    month: Month,
    to: Annotated[Path, Option("--to", metavar="FILE.xlsx", help=t("写到哪个文件", "the file to write"))],
    unit: Unit = None,
    tree: Tree = False,
    cumulative: Cumulative = False,
) -> None:
    require_export_place(to)
    with writing(run) as desk:
        actor = desk.who
        order = _order(desk, campaign, month, unit, tree=tree, cumulative=cumulative)
        report = monthly_report(desk.office, desk.work, order)
        if run.dry_run:
            forms = exported_forms(report)
            document = {"file": str(to), "forms": list(forms), "sha256": None}
            run.show(document, lambda: [t(f"将写出{to}：{'、'.join(forms)}", f"would write {to}: {', '.join(forms)}")])
            return
        exported = export_month(report, to, actor)
        append(desk.work, export_said(report, exported, actor, desk.office.clock.now()))
    run.show(exported.document(), lambda: _export_lines(exported, report))


def _order(desk: Desk, campaign: str, month: str, unit: str | None, *, tree: bool, cumulative: bool) -> ReportOrder:
    actor = desk.actor.name if desk.actor else None
    return ReportOrder(campaign, month, actor, unit, tree=tree, cumulative=cumulative)


def _report_lines(report: MonthlyReport, order: ReportOrder) -> Iterator[str]:
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
        yield f"  {_cells_command(order, figures)}"


def _form_lines(form_id: str, filled: FilledForm) -> Iterator[str]:
    label = t(filled.form.label.zh, filled.form.label.en)
    name = t(filled.form.sheet.zh, filled.form.sheet.en)
    yield f"{label}  {name}{t(f'（{form_id}）', f' ({form_id})')}"
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


def _cells_command(order: ReportOrder, figures: FilledFigures) -> str:
    words = ["anjuan", "report", "cells", order.campaign, "--month", order.month]
    words += ["--form", figures.form.id, "--row", TOTAL, "--column", figures.form.columns[0].id]
    words += ["--unit", order.unit] if order.unit else []
    words += ["--tree"] if order.tree else []
    words += ["--cumulative"] if order.cumulative else []
    return shlex.join(words)


def _cell_lines(opened: Opened) -> Iterator[str]:
    head = t(opened.column.heading_zh, opened.column.heading_en)
    if opened.value is None:
        yield t(f"{head}：尚无数据来源", f"{head}: nothing feeds this column yet")
        return
    yield t(f"{head}：{opened.value}", f"{head}: {opened.value}")
    if not opened.entries:
        yield t("没有相关记录", "no entry counts here")
        return
    amount = t("分", "fen") if opened.column.kind == "wan" else t("数量", "n")
    yield from table(
        [t("案号", "case"), t("记录序号", "entry"), amount], [[e.case_no, e.seq, e.n] for e in opened.entries]
    )
    yield from wrap(t("查看案件经过：", "see what happened: ") + f"anjuan case history {opened.entries[0].case_no}")


def _export_lines(exported: Exported, report: MonthlyReport) -> Iterator[str]:
    forms = [t(report.forms[form_id].form.sheet.zh, report.forms[form_id].form.sheet.en) for form_id in exported.forms]
    yield t(f"已写出{exported.file}：{'、'.join(forms)}", f"written to {exported.file}: {', '.join(forms)}")
    if report.late:
        yield t("报送期限已过", "the day on which it was due has passed")
