"""`anjuan report`: the forms of a month, the entries behind a figure, and the spreadsheet to be sent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from typer import Option

from commands import report_chart, report_compare, report_count, report_rehearsal
from commands.cell_lines import cell_lines
from commands.door import reading, writing
from commands.frame import Run, command, noun
from commands.report_lines import report_lines
from commands.report_order import Campaign, Month, Tree, Unit, order_of
from commands.words import language, t
from engine.book_store import append
from reports.cells import open_figure
from reports.export import Exported, export_month, export_said, exported_forms, require_export_place
from reports.monthly import MonthlyReport, monthly_report

app = noun(
    "report",
    zh="报表：查看、预演、追溯、补记、核对、导出、制图",
    en="Reports: show, rehearse, trace, count, compare, export, chart",
)

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
        order = order_of(desk, campaign, month, unit, tree=tree, cumulative=cumulative)
        report = monthly_report(desk.office, desk.work, order)
    run.show(report.document(), lambda: report_lines(report, order))


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
        order = order_of(desk, campaign, month, unit, tree=tree, cumulative=cumulative)
        opened = open_figure(desk.office, desk.work, order, form, row, column)
    run.show(opened.document(), lambda: cell_lines(opened))


report_rehearsal.hang(app)
report_count.hang(app)
report_compare.hang(app)
report_chart.hang(app)


@command(
    app,
    "export",
    zh="导出为电子表格（.xlsx）或文档（.docx），按印发的表式\n\n"
    "以文件名的后缀为准。导出记入专项行动的记录。尚无数据来源的清单不导出。",
    en="Export a spreadsheet (.xlsx) or a document (.docx) in the printed layout\n\n"
    "The suffix decides. The export goes on the campaign's record. A list that nothing feeds yet is left out.",
    changes=True,
)
def export(
    run: Run,
    campaign: Campaign,
    month: Month,
    to: Annotated[Path, Option("--to", metavar="FILE", help=t("写到哪个.xlsx或.docx文件", "the .xlsx or .docx"))],
    unit: Unit = None,
    tree: Tree = False,
    cumulative: Cumulative = False,
) -> None:
    require_export_place(to)
    with writing(run) as desk:
        actor = desk.who
        order = order_of(desk, campaign, month, unit, tree=tree, cumulative=cumulative)
        report = monthly_report(desk.office, desk.work, order)
        if run.dry_run:
            forms = exported_forms(report)
            document = {"file": str(to), "forms": list(forms), "sha256": None}
            run.show(document, lambda: [t(f"将写出{to}：{'、'.join(forms)}", f"would write {to}: {', '.join(forms)}")])
            return
        exported = export_month(report, to, actor, language())
        append(desk.work, export_said(report, exported, actor, desk.office.clock.now()))
    run.show(exported.document(), lambda: _export_lines(exported, report))


def _export_lines(exported: Exported, report: MonthlyReport) -> Iterator[str]:
    forms = [t(report.forms[form_id].form.sheet.zh, report.forms[form_id].form.sheet.en) for form_id in exported.forms]
    yield t(f"已写出{exported.file}：{'、'.join(forms)}", f"written to {exported.file}: {', '.join(forms)}")
    if report.late:
        yield t("报送期限已过", "the day on which it was due has passed")
