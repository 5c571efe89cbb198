"""How an act on a running time limit reads on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from commands.output import day, wrap
from commands.words import t

ACTS = {
    "pause": ("已中止", "paused"),
    "resume": ("已恢复计算", "runs again"),
    "extend": ("已延长", "extended"),
    "restart": ("已重新计算", "begun anew"),
}


def turned_lines(done: Mapping[str, Any]) -> Iterator[str]:
    """After `case pause`, `resume`, `extend`, `restart`: what was done, and from which day to which it moved."""
    deadline, no = done["deadline"], done["case_no"]
    act = t(*ACTS[done["kind"]])
    yield from wrap(
        t(
            f"{no}：{deadline['zh']}{act}（第{done['seq']}条记录）",
            f"{no}: {deadline['en']}: {act} (entry {done['seq']})",
        )
    )
    yield from wrap(_moved(done["moved"], deadline), indent="  ")
    for line in _why(deadline, done["kind"]):
        yield from wrap(line, indent="  ")
    yield t("计算说明：", "how it is counted: ") + f"anjuan deadline proof {no} {deadline['id']}"


def acknowledged_lines(done: Mapping[str, Any]) -> Iterator[str]:
    """After `case acknowledge`: who knows of it, and that it is still owed."""
    deadline, no, by = done["deadline"], done["case_no"], done["actor"]
    late = -deadline["days_left"]
    yield from wrap(
        t(
            f"{no}：{by}已确认知悉{deadline['zh']}逾期（第{done['seq']}条记录）",
            f"{no}: {by} acknowledged that it is overdue: {deadline['en']} (entry {done['seq']})",
        )
    )
    yield from wrap(
        t(
            f"届满日{deadline['due_on']}，已逾期{late}日，仍须办理；不再逐级提醒",
            f"due on {deadline['due_on']}, {late} days late and still owed; nobody higher is told",
        ),
        indent="  ",
    )
    yield t("怎么办：", "what to do: ") + f"anjuan case show {no}"


def _moved(moved: Mapping[str, str], deadline: Mapping[str, Any]) -> str:
    old, new = day(date.fromisoformat(moved["from"])), day(date.fromisoformat(moved["to"]))
    if deadline["earliest_on"] is not None:
        earliest = day(date.fromisoformat(deadline["earliest_on"]))
        return t(
            f"原届满日{old}；恢复计算后才能确定，最早{earliest}",
            f"it was due {old}; known once it runs again, {earliest} at the earliest",
        )
    left = deadline["working_days_left"]
    left_zh, left_en = f"剩{left}个工作日", f"{left} working days left"
    if left < 0:
        left_zh, left_en = f"已过{-left}个工作日", f"{-left} working days ago"
    if old == new:
        return t(f"届满日仍为{new}，{left_zh}", f"still due {new}, {left_en}")
    return t(f"届满日：{old} → {new}，{left_zh}", f"due: {old} → {new}, {left_en}")


def _why(deadline: Mapping[str, Any], kind: str) -> Iterator[str]:
    """The ground on which it rests."""
    if kind == "pause" and deadline["pauses"]:
        pause = deadline["pauses"][-1]
        until = pause["to_on"]
        yield t(
            f"自{pause['from_on']}起不计算{f'，至多至{until}' if until else ''}",
            f"not counted from {pause['from_on']}{f' to {until} at the latest' if until else ''}",
        )
    if deadline["provisional"]:
        yield t("暂定：所涉年份的放假安排尚未公布", "provisional: the holidays of a year it rests on are not published")
