"""`anjuan report rehearse`: what a month would look like if it closed now, what is missing, who mends it and how."""

from __future__ import annotations

from collections.abc import Iterator

from typer import Typer

from commands.door import reading
from commands.frame import Run, command
from commands.output import day, wrap
from commands.report_lines import report_lines
from commands.report_order import Campaign, Month, Tree, Unit, order_of
from commands.words import t
from reports.monthly import ReportOrder
from reports.rehearsal import FormRemark, Rehearsal
from reports.rehearsal import rehearse as rehearse_report
from workflows.month_gaps import Gap


def hang(app: Typer) -> None:
    """Makes the rehearsal a command of the noun."""
    command(
        app,
        "rehearse",
        zh="预演某月的报表：现在截止会是什么样，缺什么，谁来补\n\n"
        "缺项：本行动没有的类别、计数却未填的数量、清单中的空栏、当月到期而逾期的职责；每项附补正的命令。"
        "尚无数据来源的栏目只作提示。不改动任何内容。",
        en="Rehearse the report of a month: how it would look if it closed now, what is missing, who mends it\n\n"
        "Missing are categories that the campaign does not know, amounts that count and were left empty, empty cells "
        "of the list, duties that fell due in the month and are overdue; each with the command that mends it. Columns "
        "that nothing feeds are remarks. Nothing is changed.",
    )(rehearse)


def rehearse(run: Run, campaign: Campaign, month: Month, unit: Unit = None, tree: Tree = False) -> None:
    """Shows the forms as they stand and what is missing in them."""
    with reading(run) as desk:
        order = order_of(desk, campaign, month, unit, tree=tree)
        rehearsal = rehearse_report(desk.office, desk.work, order)
    document = rehearsal.document()
    for one in (*document["missing"], *document["remarks"]):
        one["what"] = t(one["zh"], one["en"])
    run.show(document, lambda: _lines(rehearsal, order))


def _lines(rehearsal: Rehearsal, order: ReportOrder) -> Iterator[str]:
    yield from report_lines(rehearsal.report, order)
    yield ""
    if rehearsal.open:
        ends = day(rehearsal.report.ground.month.last_on)
        yield t(
            f"本月尚未结束（至{ends}），以上为目前情况", f"the month still runs until {ends}; this is how it stands now"
        )
    if rehearsal.remarks:
        yield t("提示：", "remarks:")
        for remark in rehearsal.remarks:
            yield from _remark_lines(remark)
        yield ""
    if rehearsal.ready:
        yield t("没有缺项", "nothing is missing")
        return
    yield t(f"缺项{len(rehearsal.missing)}：", f"missing, {len(rehearsal.missing)}:")
    for gap in rehearsal.missing:
        yield from _gap_lines(gap)


def _remark_lines(remark: Gap | FormRemark) -> Iterator[str]:
    if isinstance(remark, Gap):
        yield from _gap_lines(remark)
    else:
        yield from wrap(t(remark.zh, remark.en), indent="    ", first="  ")


def _gap_lines(gap: Gap) -> Iterator[str]:
    who = t("、", ", ").join(one.name for one in gap.who_can)
    by = t(f"（{who}）", f" ({who})") if who else ""
    yield from wrap(f"{gap.case_no}  {t(gap.zh, gap.en)}{by}", indent="    ", first="  ")
    yield from wrap(gap.command, indent="      ", first="    ")
