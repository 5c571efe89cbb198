"""The sentences of a proof, in both languages: from when, by which length, the account, how it ended."""

from __future__ import annotations

from engine.clock import SHANGHAI
from engine.periods import parse_length
from engine.proof_values import Proof
from engine.spending import Spent

ROLLS = {
    "next": ("末日为休息日的顺延", "an end on a rest day moves on"),
    "previous": ("末日为休息日的提前", "an end on a rest day moves back"),
    "none": ("末日为休息日的不顺延", "a rest day at the end does not move it"),
}
UNITS = {"wd": ("个工作日", "working days"), "cd": ("日", "days"), "minutes": ("分钟", "minutes")}


def start_words(proof: Proof) -> tuple[str, str]:
    """From which day it counts, and why from that one."""
    stored = proof.stored
    on = stored.started_on.isoformat()
    if stored.started_at is not None:
        at = f"{stored.started_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        zh, en = f"{at}", f"{at}"
    elif stored.terms.fixed_on is not None:
        zh, en = f"{on}，末日由文书载明", f"{on}; the order names the last day"
    else:
        zh, en = f"{on}，当日不计算在内", f"{on}, which is not counted"
    if stored.course.told_on is not None:
        after = proof.after
        after_zh, after_en = (after.zh, after.en) if after else (stored.course.after or "", stored.course.after or "")
        zh += f"（{stored.course.told_on}起{after_zh}，至本日届满）"
        en += f" (the last day of: {after_en}, from {stored.course.told_on})"
    if proof.rule is not None and proof.rule.trigger is not None:
        zh += f"；{proof.rule.trigger.zh}"
        en += f"; {proof.rule.trigger.en}"
    restart = stored.course.restart
    if restart is not None:
        zh += f"；自{restart.from_on}重新计算：{restart.basis.zh}"
        en += f"; begun anew on {restart.from_on}: {restart.basis.en}"
    return zh, en


def reading_words(proof: Proof) -> tuple[str, str]:
    """How long, how an end on a rest day is treated, what was left out and granted."""
    stored = proof.stored
    if stored.terms.fixed_on is not None:
        zh, en = "由文书载明末日，不作推算", "the order names the last day; nothing is counted"
    else:
        read = [(parse_length(length), roll) for length, roll in stored.terms.readings]
        zh = "；或者".join(f"{length.zh}，{ROLLS[roll][0]}" for length, roll in read)
        en = "; or ".join(f"{length.en}, {ROLLS[roll][1]}" for length, roll in read)
        if len(read) > 1:
            later = stored.terms.pick == "later"
            zh += f"；两种读法取{'较晚' if later else '较早'}者"
            en += f"; of the two readings the {stored.terms.pick} date holds"
    for pause in stored.course.pauses:
        until_zh = f"至{pause.last_on}中止" if pause.last_on else "起中止，尚未恢复"
        until_en = f" to {pause.last_on}" if pause.last_on else " on, not resumed yet"
        zh += f"；自{pause.from_on}{until_zh}：{pause.basis.zh}"
        en += f"; paused from {pause.from_on}{until_en}: {pause.basis.en}"
    for extension in stored.course.extensions:
        zh += f"；延长{extension.length.zh}：{extension.basis.zh}"
        en += f"; extended by {extension.length.en}: {extension.basis.en}"
    return zh, en


def account_words(account: Spent) -> tuple[str, str]:
    """Budget and extensions on one side, used and left on the other."""
    zh, en = UNITS[account.unit]
    return (
        f"期限{account.budget} + 延长{account.granted} = 已用{account.consumed} + 剩余{account.remaining}（{zh}）",
        f"limit {account.budget} + extended {account.granted} = used {account.consumed} + "
        f"left {account.remaining} ({en})",
    )


def undetermined_words(proof: Proof) -> tuple[str, str]:
    """Why nobody knows the last day while it is paused."""
    pause, earliest_on = proof.stored.course.pauses[-1], proof.shown["earliest_on"]
    zh, en = UNITS[proof.account.unit]
    left = proof.account.remaining
    return (
        f"最早{earliest_on}；自{pause.from_on}起中止，尚未恢复，恢复计算之日起还有{left}{zh}，届满日届时方能确定",
        f"{earliest_on} at the earliest; paused since {pause.from_on} and not resumed yet: {left} {en} are left from "
        "the day on which it runs again, and only then is its end known",
    )


def end_words(proof: Proof) -> tuple[str, str]:
    """What became of a limit that no longer runs."""
    stored = proof.stored
    on = stored.ended_on
    if stored.waived:
        return f"{on}当事人书面放弃该项权利", f"the party gave the right up in writing on {on}"
    if stored.state == "lapsed":
        return f"{on}自动失效", f"lapsed by itself on {on}"
    if stored.state != "met":
        return f"{on}终止，不再计算", f"stopped on {on}; it is no longer counted"
    if proof.shown["overdue"]:
        return f"{on}办理，已逾期", f"done on {on}, late"
    return f"{on}了结", f"over on {on}"
