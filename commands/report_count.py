"""`anjuan report count`: counts a figure from outside the system, on a paper and for a reason."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from typer import Option, Typer

from commands.arguments import parse_day
from commands.door import Desk, office_here
from commands.frame import Run, command
from commands.history_lines import history_document
from commands.once import Key, behind_the_others, once
from commands.output import cut, wrap
from commands.report_order import Campaign
from commands.words import t
from engine.clock import today
from engine.errors import InputWrong, Remedy, TransitionRefused
from engine.evidence import measured
from engine.home import evidence_folder
from reports.outside_counting import CountOrder, count_outside, record_refused_count

WHOLE_NUMBER = re.compile(r"[+-]?\d{1,18}", re.ASCII)

Row = Annotated[str, Option("--row", metavar="R", help=t("行（类别）", "the row: a category"))]
Column = Annotated[
    str, Option("--column", metavar="C", help=t("栏目，或行动自己的计数项", "the column, or a counter of the campaign"))
]
Number = Annotated[
    str,
    Option(
        "--n", metavar="N", help=t("整数，金额以分计；负数为减去", "a whole number, money in fen; below 0 takes back")
    ),
]
On = Annotated[str, Option("--on", metavar="DATE", help=t("计入这一天所在的月份", "the day in whose month it counts"))]
Paper = Annotated[Path, Option("--paper", metavar="FILE", help=t("依据的文件", "the paper that it rests on"))]
Reason = Annotated[str, Option("--reason", metavar="R", help=t("理由", "why"))]
Form = Annotated[
    str | None,
    Option("--form", metavar="F", help=t("报表（栏目在几张表中不同的，须写明）", "the form, where forms differ")),
]
OfUnit = Annotated[
    str | None, Option("--unit", metavar="U", help=t("哪个单位的（默认本人单位）", "of which unit; your own"))
]


def hang(app: Typer) -> None:
    """Makes the act a command of the noun."""
    command(
        app,
        "count",
        zh="登记系统以外的数字\n\n计入栏目、类别、单位和当月，与案件的数字相加，report cells逐条列出。"
        "依据的文件按内容散列值保存。金额以分计；负数减去此前登记的，不能低于零。由该单位或其上级的统计综合人员登记。",
        en="Count a figure from outside the system\n\nIt adds to what cases count in that column, row, unit and month; "
        "report cells lists it. The paper is kept by its hash. Money is in fen; a negative number takes back what was "
        "counted so before, never more. By the campaign office of the unit or of one above.",
        changes=True,
    )(count)


def count(
    run: Run,
    campaign: Campaign,
    row: Row,
    column: Column,
    n: Number,
    on: On,
    paper: Paper,
    reason: Reason,
    form: Form = None,
    unit: OfUnit = None,
    key: Key = None,
) -> None:
    """Counts it; a refusal is told with every reason and put into the campaign's book."""
    number = _whole(n)
    office = office_here()
    folder, content = evidence_folder(os.environ), measured(paper)
    request = {
        "count": [campaign, form, row, column, unit],
        "said": [number, on, reason],
        # The same request is one with the same content.
        "paper": [content.name, content.sha256],
    }

    def order(desk: Desk) -> CountOrder:
        day = parse_day(on, today(office.clock), office.law.calendar)
        return CountOrder(campaign, row, column, number, day, desk.who.name, reason, paper, form, unit)

    def act(desk: Desk) -> dict[str, Any]:
        counted = count_outside(office, desk.work, order(desk), folder, store=not run.dry_run)
        tally = counted.tally
        return {
            "campaign": campaign,
            "form": counted.form,
            "row": tally.category,
            "column": column,
            "measure": tally.measure,
            "unit": tally.unit,
            "period": tally.period,
            "n": tally.n,
            "stands": counted.stands,
            "paper": counted.entry.said()["effects"]["paper"],
            "warnings": [warning.document() for warning in counted.warnings],
            "book": counted.entry.book,
            **history_document(counted.entry),
        }

    def refused(desk: Desk, refusal: TransitionRefused) -> None:
        record_refused_count(office, desk.work, refusal, order(desk))

    said = behind_the_others(lambda: once(run, office, key, request, act, refused))
    run.show(said, lambda: _lines(said))


def _whole(text: str) -> int:
    if WHOLE_NUMBER.fullmatch(text.strip()):
        return int(text)
    raise InputWrong(
        "usage.value",
        f"--n 应为整数（金额以分计），不能是“{cut(text, 40)}”",
        f"--n takes a whole number (money in fen), not {cut(text, 40)!r}",
        Remedy("例如 --n 3；25万元写作 --n 25000000", "for example --n 3; 250 000 yuan is --n 25000000"),
    )


def _lines(said: Mapping[str, Any]) -> Iterator[str]:
    place = f"{said['campaign']} {said['column']} / {said['row']}"
    yield from wrap(
        t(
            f"{place}：外部数字{said['n']:+}（{said['unit']}，{said['period']}，第{said['seq']}条记录）",
            f"{place}: {said['n']:+} from outside ({said['unit']}, {said['period']}, entry {said['seq']})",
        )
    )
    yield from wrap(t(f"该处外部数字现为{said['stands']}", f"there from outside now: {said['stands']}"), indent="  ")
    yield from wrap(t("理由：", "reason: ") + said["reason"], indent="    ", first="  ")
    paper = said["paper"]
    size = t(f"{paper['bytes']}字节", f"{paper['bytes']} bytes")
    yield from wrap(
        t(f"依据：{paper['name']}（{size}）", f"paper: {paper['name']} ({size})"), indent="    ", first="  "
    )
    yield f"    SHA-256 {paper['sha256']}"
    for warning in said["warnings"]:
        yield from wrap(t("请注意：", "mind: ") + t(warning["zh"], warning["en"]), indent="    ", first="  ")
