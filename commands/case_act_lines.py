"""How acts on a case that are no steps read on a terminal: corrections, campaigns joined, files, who holds it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from commands.output import NOTHING, day, money, table, wrap
from commands.words import t

ARROW = " → "


def corrected_lines(done: Mapping[str, Any], columns: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    """After `case correct`: what stood there, what stands there, and how the figures follow."""
    no, seq, version = done["case_no"], done["seq"], done["version"]
    yield t(f"{no}：已更正（第{seq}条记录，第{version}版）", f"{no}: corrected (entry {seq}, version {version})")
    for one in done["changed"]:
        entry = one.get("corrects")
        where = t(f"（第{entry}条）", f" (entry {entry})") if entry is not None else f" {one['campaign']}"
        what = t(one["zh"], one["en"]) + where + t("：", ": ")
        yield from wrap(what + _value(one["from"]) + ARROW + _value(one["to"]), indent="  ")
    for tally in done["tallies"]:
        name = t(*columns.get(tally["column"], (tally["column"],) * 2))
        n = money(tally["n"]) if tally["column"].endswith("_fen") else f"{tally['n']:+d}"
        said = f"{tally['campaign']} {tally['period']} {tally['row']}{t('：', ': ')}{name} {n}"
        yield from wrap(t(f"更正报表：{said}", f"figures: {said}"), indent="  ")


def joined_lines(done: Mapping[str, Any]) -> Iterator[str]:
    """After `case join`."""
    no, c = done["case_no"], done["campaign"]
    yield from wrap(
        t(
            f"{no}：自{c['since']}起计入{c['id']}，类别{c['category']}（第{done['seq']}条记录）",
            f"{no}: counts in {c['id']} from {c['since']} on, category {c['category']} (entry {done['seq']})",
        )
    )
    for w in done["warnings"]:
        yield from wrap(t(f"请注意：{w['zh']}", f"mind: {w['en']}"), indent="        ")


def attached_lines(done: Mapping[str, Any]) -> Iterator[str]:
    """After `case attach`."""
    file = done["file"]
    yield from wrap(
        t(
            f"{done['case_no']}：已附{file['name']}（{file['bytes']}字节，第{done['seq']}条记录）",
            f"{done['case_no']}: {file['name']} attached ({file['bytes']} bytes, entry {done['seq']})",
        )
    )
    yield f"  SHA-256 {file['sha256']}"


def assigned_lines(done: Mapping[str, Any]) -> Iterator[str]:
    """After `case assign`, `offer`, `accept`, `refuse-offer`: who holds the case, and who is asked."""
    no, names = done["case_no"], t("、", ", ").join(done["holders"])
    yield from wrap(t(f"{no}：由{names}承办（第{done['seq']}条记录）", f"{no}: held by {names} (entry {done['seq']})"))
    if done["offer"] is not None:
        to = done["offer"]["to"]
        yield from wrap(t(f"等待{to}答复：", f"waiting for {to}: ") + f"anjuan case accept {no}", indent="  ")


def handed_over_lines(done: Mapping[str, Any], *, rehearsed: bool) -> Iterator[str]:
    """After `case hand-over`: every case that moved, every one that did not and why."""
    moved, kept, to = done["moved"], done["kept"], t("、", ", ").join(done["to"])
    if not moved and not kept:
        yield t(f"{done['from']}没有承办的未结案件", f"{done['from']} holds no open case")
        return
    if moved:
        yield t(
            f"{'将由' if rehearsed else ''}{done['from']}{ARROW}{to}：{len(moved)}件",
            f"{done['from']}{ARROW}{to}: {len(moved)} {'would move' if rehearsed else 'moved'}",
        )
        yield from table(
            [t("案号", "number"), t("案件名称", "title"), t("状态", "state"), t("最近期限", "next date")],
            [[m["case_no"], m["title"], t(m["names"]["zh"], m["names"]["en"]), _day(m["due_on"])] for m in moved],
        )
    if kept:
        yield t(f"未交接：{len(kept)}件", f"not moved: {len(kept)}")
    for one in kept:
        yield from wrap(f"{one['case_no']}  {one['title'] or ''}".rstrip(), indent="    ", first="  ")
        for why in one["why"]:
            yield from wrap(t(why["zh"], why["en"]), indent="      ", first="    - ")


def _day(text: str | None) -> str | None:
    return day(date.fromisoformat(text)) if text else None


def _value(value: Any) -> str:
    if value is None:
        return NOTHING
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
