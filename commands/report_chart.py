"""`anjuan report chart`: a chart of a campaign as SVG or PNG, and its numbers as a table."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Option, Typer

from commands.door import reading
from commands.frame import Run, command
from commands.report_order import Campaign, Tree, Unit
from commands.words import language, t
from engine.errors import InputWrong, Remedy

if TYPE_CHECKING:
    from reports.chart_values import Chart

EXAMPLES = {".svg": "chart.svg", ".png": "chart.png"}

Kind = Annotated[
    str,
    Option(
        "--kind",
        metavar="K",
        help=t(
            "funnel（办理漏斗）、monthly（各月）、fines（罚款）、regions（各地区）、phases（阶段进度）、links（链接）",
            "funnel, monthly, fines, regions, phases or links",
        ),
    ),
]
To = Annotated[Path, Option("--to", metavar="FILE.svg|FILE.png", help=t("写到哪个文件", "the file to write"))]
UpTo = Annotated[
    str | None,
    Option(
        "--month",
        metavar="YYYY-MM",
        help=t("该月（按月的图：画到该月）；默认截至今天", "that month, or up to it; default: up to today"),
    ),
]
Cumulative = Annotated[bool, Option("--cumulative", help=t("自行动开始累计", "everything since the campaign began"))]
Previous = Annotated[
    bool,
    Option("--previous", help=t("与上一次行动同期相比", "beside the campaign before")),
]


def hang(app: Typer) -> None:
    """Makes `chart` a command of the noun."""
    command(
        app,
        "chart",
        zh="绘制图表（.svg或.png），并列出图上的数字\n\n不分颜色也能看懂，可打印。尚无办理步骤计数的，图上注明，不画成0。"
        "SVG中的文字仍是文字；PNG需要本机有中文字体。",
        en="Draw a chart (.svg or .png) and list its numbers\n\nIt reads without colour. What no step counts yet "
        "is named and not drawn as 0. Text in an SVG stays text; a PNG needs a Chinese font on this machine.",
    )(chart)


def chart(
    run: Run,
    campaign: Campaign,
    kind: Kind,
    to: To,
    month: UpTo = None,
    cumulative: Cumulative = False,
    unit: Unit = None,
    tree: Tree = False,
    previous: Previous = False,
) -> None:
    """Raises InputWrong, NotFound, Forbidden, StoreUnavailable; then no file is written."""
    # Loaded here, so that the other commands of the noun start without it.
    from commands.chart_lines import chart_lines
    from reports.chart_ground import ChartOrder
    from reports.charts import chart_of
    from reports.written_files import put_in_place

    _require_place(to)
    with reading(run) as desk:
        actor = desk.actor.name if desk.actor else None
        order = ChartOrder(campaign, kind, month, actor, unit, tree=tree, cumulative=cumulative, previous=previous)
        made, about = chart_of(desk.office, desk.work, order)
    content = _content(made, to)
    put_in_place(to, content, EXAMPLES[to.suffix.lower()])
    document = {**about, **made.document(), "file": str(to), "sha256": hashlib.sha256(content).hexdigest()}
    run.show(document, lambda: chart_lines(made, to))


def _content(made: Chart, to: Path) -> bytes:
    from reports.chart_drawing import png_of, svg_of
    from reports.chart_layout import chart_sheet

    sheet = chart_sheet(made, language())
    return svg_of(sheet) if to.suffix.lower() == ".svg" else png_of(sheet)


def _require_place(to: Path) -> None:
    from reports.written_files import require_place

    suffix = to.suffix.lower()
    if suffix not in EXAMPLES:
        raise InputWrong(
            "file.suffix",
            f"文件应以.svg或.png结尾：“{to}”",
            f"the file must end in .svg or .png: {to}",
            Remedy(f"例如{to.stem or 'chart'}.svg", f"for example {to.stem or 'chart'}.svg"),
        )
    require_place(to, EXAMPLES[suffix])
