"""`anjuan report compare`: a form that a unit filled in, cell by cell beside what its own cases give."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from typer import Option, Typer

from commands.door import reading
from commands.frame import Run, command
from commands.output import NOTHING, table, wrap
from commands.report_order import Campaign, Month, Unit, order_of
from commands.words import t
from reports.comparing import Comparison, compare_form
from reports.figures import Cell

DIFFERENT = 7

File = Annotated[Path, Option("--file", metavar="FILE.xlsx", help=t("该单位填报的表", "the form as it was filled in"))]
Form = Annotated[
    str | None, Option("--form", metavar="F", help=t("报表（默认第一张统计表）", "the form; the first of figures"))
]


def hang(app: Typer) -> None:
    """Makes it a command of the noun."""
    command(
        app,
        "compare",
        zh="把填报的表与该单位案件的数字逐格核对\n\n按表头找到各栏，与单元格位置无关；公式只读其保存的结果，不作计算。"
        "空格与0相同。不改动任何内容；不一致的，退出码7。",
        en="Compare a filled-in form with what the unit's own cases give\n\nColumns are found by their heads, wherever "
        "they stand; of a formula the saved result is read, nothing is worked out. A blank and 0 are the same. "
        "Nothing is changed; where they differ the exit code is 7.",
    )(compare)


def compare(run: Run, campaign: Campaign, month: Month, file: File, unit: Unit = None, form: Form = None) -> None:
    """Shows every difference, every total that does not add up, and what could not be read."""
    with reading(run) as desk:
        order = order_of(desk, campaign, month, unit, tree=False)
        compared = compare_form(desk.office, desk.work, order, file, form)
    run.show(compared.document(), lambda: _lines(compared))
    if not compared.ok:
        run.exit(DIFFERENT)


def _lines(compared: Comparison) -> Iterator[str]:
    ground, form = compared.ground, compared.form
    sheet = t(form.sheet.zh, form.sheet.en)
    unit, period = t(ground.scope.unit.zh, ground.scope.unit.id), t(ground.month.zh, ground.month.en)
    yield from wrap(f"{compared.file.name}  {sheet}  {unit}  {period}")
    if compared.ok:
        yield t("每一格都与案件的数字一致", "every cell agrees with the cases")
    if compared.differences:
        yield ""
        yield t(f"不一致{len(compared.differences)}处：", f"cells that differ: {len(compared.differences)}")
        heads = [t("行", "row"), t("栏目", "column"), t("表上", "theirs"), t("案件", "ours")]
        rows = [[one.row, one.column, _shown(one.theirs), _shown(one.ours)] for one in compared.differences]
        yield from table(heads, rows)
        yield t("打开案件的数字：", "open ours:")
        yield f"  {compared.differences[0].entries_command}"
    if compared.totals_wrong:
        yield ""
        yield t(
            "合计与各行之和不符，可能被改动：", "totals that are not the sum of their rows; they may have been changed:"
        )
        heads = [t("栏目", "column"), t("表上合计", "total there"), t("各行之和", "sum of the rows")]
        yield from table(heads, [[one.column, _shown(one.theirs), _shown(one.sum)] for one in compared.totals_wrong])
    if compared.unread:
        yield ""
        yield t(f"未能读取{len(compared.unread)}处：", f"cells that were not read: {len(compared.unread)}")
        for one in compared.unread:
            text = f"{one.cell}“{one.text}”" if one.text else one.cell
            yield from wrap(t(f"{text}：{one.zh}", f"{text}: {one.en}"), indent="    ", first="  ")


def _shown(cell: Cell) -> str:
    return NOTHING if cell is None else str(cell)
