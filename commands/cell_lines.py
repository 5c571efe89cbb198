"""How an opened figure reads on a terminal: the entries of cases, and the figures from outside with their papers."""

from __future__ import annotations

from collections.abc import Iterator

from commands.output import table, wrap
from commands.words import t
from reports.cells import Opened
from reports.tally_store import TallyEntry


def cell_lines(opened: Opened) -> Iterator[str]:
    """The figure, what it is made of, and where to see more."""
    head = t(opened.column.heading_zh, opened.column.heading_en)
    if opened.value is None:
        yield t(f"{head}：尚无数据来源", f"{head}: nothing feeds this column yet")
        return
    yield t(f"{head}：{opened.value}", f"{head}: {opened.value}")
    if not opened.entries:
        yield t("没有相关记录", "no entry counts here")
        return
    amount = t("分", "fen") if opened.column.kind == "wan" else t("数量", "n")
    outside = t("外部数字", "from outside")
    yield from table(
        [t("案号", "case"), t("记录序号", "entry"), amount],
        [[e.case_no or outside, e.seq, e.n] for e in opened.entries],
    )
    for entry in opened.entries:
        yield from _outside_lines(entry)
    case_no = next((e.case_no for e in opened.entries if e.case_no is not None), None)
    if case_no is not None:
        yield from wrap(t("查看案件经过：", "see what happened: ") + f"anjuan case history {case_no}")


def _outside_lines(entry: TallyEntry) -> Iterator[str]:
    if entry.outside is None:
        return
    said = entry.outside
    paper = said.paper["name"]
    yield from wrap(
        t(
            f"外部数字（{entry.book}第{entry.seq}条）：{said.on} {said.actor}，依据“{paper}”：{said.reason}",
            f"from outside ({entry.book}, entry {entry.seq}): {said.on} {said.actor}, on {paper}: {said.reason}",
        ),
        indent="  ",
    )
