"""How a deadline is named and marked wherever a command lists one: standing, due day, what to mind about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from commands.output import table, wrap
from commands.words import t
from engine.colours import WORDS as COLOURS
from engine.confidence import confidence_words

STANDINGS = {
    "running": ("进行中", "running"),
    "paused": ("中止", "paused"),
    "met": ("已完成", "met"),
    "overdue": ("已逾期", "overdue"),
    "lapsed": ("已届满", "lapsed"),
    "stopped": ("已终止", "stopped"),
}


def due_text(d: Mapping[str, Any]) -> str:
    """The due day, or while it is paused the earliest that it can be."""
    if d["earliest_on"] is not None:
        return t(f"最早{d['earliest_on']}", f"from {d['earliest_on']}")
    return str(d["due_on"])


def marks(d: Mapping[str, Any]) -> list[str]:
    """What to mind about its date: extended, provisional, under a rule that nobody has confirmed."""
    found = []
    if d["extensions"]:
        found.append(t("已延长", "extended"))
    if d["restart"] is not None:
        found.append(t("已重新计算", "begun anew"))
    if d["provisional"]:
        found.append(t("暂定", "provisional"))
    if d["unconfirmed"]:
        found.append(t("未确认", "unconfirmed"))
    return found


def standing_text(d: Mapping[str, Any]) -> str:
    """Its colour where it has one, its standing, its marks."""
    return t("、", ", ").join([*colour_text(d), t(*STANDINGS[d["state"]]), *marks(d)])


def colour_text(d: Mapping[str, Any]) -> list[str]:
    """How near it is, as a word; nothing for what has ended."""
    return [t(*COLOURS[d["colour"]])] if d.get("colour") else []


def left_text(d: Mapping[str, Any]) -> str | None:
    """The days left, both ways of counting them; nothing for one that has ended."""
    if d["state"] not in {"running", "overdue"}:
        return None
    if d["days_left"] < 0:
        return t(f"已过{-d['days_left']}日", f"{-d['days_left']} days ago")
    return t(
        f"{d['days_left']}日／{d['working_days_left']}个工作日",
        f"{d['days_left']} days / {d['working_days_left']} working",
    )


def notes(d: Mapping[str, Any]) -> Iterator[str]:
    """What the marks mean for this one: since when and why it is paused, why it is not certain."""
    name = t(d["zh"], d["en"])
    if d["state"] == "paused":
        pause = d["pauses"][-1]
        until = pause["last_on"]
        why = t(pause["zh"], pause["en"])
        end_zh = f"至多至{until}" if until else "恢复计算后才能确定届满日"
        end_en = f"until {until} at the latest" if until else "its end is known once it runs again"
        yield t(
            f"{name}：自{pause['from_on']}起中止（{why}），{end_zh}",
            f"{name}: paused since {pause['from_on']} ({why}), {end_en}",
        )
    if d["provisional"] and d["ended_on"] is None:
        yield t(
            f"{name}：暂定，所涉年份的放假安排尚未公布",
            f"{name}: provisional, the holidays of a year it rests on are not published",
        )
    if d["unconfirmed"] and d["ended_on"] is None:
        said_zh, said_en = confidence_words(d["unsure"])
        yield t(f"{name}：所依规定未经确认：{said_zh}", f"{name}: what it rests on is not confirmed: {said_en}")


def ways_out(case_no: str, d: Mapping[str, Any]) -> Iterator[str]:
    """Of what is yellow or red the commands that prove its date and that say what to do, each whole on a line; and who
    knows already that it is overdue."""
    if d.get("colour") in {"yellow", "red"}:
        (word,) = colour_text(d)
        yield from wrap(t(f"{d['zh']}（{word}）：", f"{d['en']} ({word}):"), indent="    ", first="  ")
        yield f"    anjuan deadline proof {case_no} {d['id']}  " + t("怎样算出", "how it is counted")
        if d["step"] is not None:
            yield f"    anjuan case why {case_no} {d['step']}  " + t("怎么办", "what to do")
    if d.get("acknowledged"):
        known = d["acknowledged"]
        said = t(
            f"{d['zh']}：{known['by']}已于{known['on']}确认知悉逾期（{known['reason']}）",
            f"{d['en']}: {known['by']} acknowledged on {known['on']} that it is overdue ({known['reason']})",
        )
        yield from wrap(said, indent="    ", first="  ")


def deadline_table(deadlines: Iterable[Mapping[str, Any]]) -> list[str]:
    """Deadlines with their two dates and the working days left."""
    return table(
        [
            t("期限", "deadline"),
            t("起算日", "from"),
            t("届满日", "due"),
            t("稳妥日", "safe day"),
            t("情况", "standing"),
            t("剩余", "left"),
        ],
        [
            [
                t(d["zh"], d["en"]),
                d["started_on"],
                due_text(d),
                d["safe_on"] if d["earliest_on"] is None else None,
                standing_text(d),
                left_text(d) or "",
            ]
            for d in deadlines
        ],
    )
