"""How a ladder of reminders reads on a terminal and in few words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from commands.output import table, wrap
from commands.words import t
from engine.confidence import confidence_words

Rungs = Sequence[Mapping[str, Any]]
SUBJECTS = {
    "deadline": ("案件期限", "time limits of cases"),
    "obligation": ("专项行动报送事项", "what campaigns owe"),
    "certificate": ("执法证", "certificates"),
}


def ladder_words(rungs: Rungs, *, urgent: bool) -> tuple[str, str]:
    """The rungs in a few words: how many days before and after, the latter calendar days where it is urgent."""
    before = [str(rung["before"]) for rung in rungs if rung.get("before")]
    after = [str(rung["after"]) for rung in rungs if rung.get("after")]
    zh, en = [], []
    if before:
        zh.append(f"提前{'、'.join(before)}天")
        en.append(f"{', '.join(before)} days before")
    if any(rung.get("on") for rung in rungs):
        zh.append("当日")
        en.append("on the day")
    if after:
        zh.append(f"逾期{'、'.join(after)}{'天' if urgent else '个工作日'}")
        en.append(f"{', '.join(after)} {'days' if urgent else 'working days'} after")
    return "，".join(zh), ", ".join(en)


def ladder_lines(found: Mapping[str, Any]) -> Iterator[str]:
    """For what the ladder is, whether it may be muted, every rung, and where it comes from."""
    reach = [*found.get("natures", ()), *found.get("limits", ())]
    named = f"（{'、'.join(reach)}）", f" ({', '.join(reach)})"
    zh, en = SUBJECTS[found["for"]]
    yield from wrap(t(f"适用于：{zh}{named[0] if reach else ''}", f"for: {en}{named[1] if reach else ''}"))
    if found.get("compulsory"):
        yield from wrap(t(f"不能关闭：{found['why_zh']}", f"cannot be muted: {found['why_en']}"))
    else:
        command = f"anjuan staff mute {found['id']}"
        yield from wrap(t(f"本人可以关闭：{command}", f"whoever wishes may mute it: {command}"))
    if found.get("urgent"):
        yield from wrap(t("休息日照常发出，逾期按自然日计", "goes out on rest days too, late days by the calendar"))
    if found.get("yellow_from") is not None:
        n = found["yellow_from"]
        yield from wrap(t(f"届满前{n}个工作日起为黄", f"yellow from {n} working days before the date"))
    headers = (t("何时", "when"), t("另通知", "tells besides"), t("记入案卷", "on record"))
    rows = [
        (
            t(*_when(rung, found.get("urgent", False))),
            t("、", ", ").join(rung.get("to", ())) or "–",
            t("是", "yes") if rung.get("escalates") else "",
        )
        for rung in found["rungs"]
    ]
    yield from table(headers, rows)
    (version,) = found["versions"]
    said = t(*confidence_words(version["confidence"]))
    yield from wrap(t(f"依据：{version['basis']}", f"basis: {version['basis']}"))
    yield from wrap(t(f"来源：{version['source']}（{said}）", f"source: {version['source']} ({said})"))


def _when(rung: Mapping[str, Any], urgent: bool) -> tuple[str, str]:
    if rung.get("before"):
        return f"提前{rung['before']}天", f"days before: {rung['before']}"
    if rung.get("after"):
        n = rung["after"]
        return (f"逾期第{n}天", f"days after: {n}") if urgent else (f"逾期第{n}个工作日", f"working days after: {n}")
    return "当日", "on the day"
