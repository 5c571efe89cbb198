"""How single parts of a campaign read: levels, rhythms, dates with what is printed of them, when something is due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from commands.output import wrap
from commands.words import t
from engine.campaign_gates import window_words
from engine.campaign_owed import ObligationRule
from engine.campaign_parts import Dated, Named, Printing, Reading

LEVELS = {
    "nation": ("全国", "national"),
    "province": ("省级", "provincial"),
    "city": ("市级", "municipal"),
    "county": ("县级", "county"),
}
RHYTHMS = {
    "monthly": ("每月", "monthly"),
    "quarterly": ("每季度", "quarterly"),
    "half_yearly": ("每半年", "half-yearly"),
    "yearly": ("每年", "yearly"),
    "standing": ("常设", "standing"),
    "on_occasion": ("视需要", "on occasion"),
}
HOTLINES = {
    "phone": ("电话", "phone"),
    "mail": ("邮箱", "e-mail"),
    "web": ("网址", "web"),
    "letter": ("信函", "letter"),
    "message": ("即时通讯", "messaging"),
}
REWARDED = {"units": ("单位", "units"), "persons": ("个人", "persons"), "cases": ("案件", "cases")}
DATES = {
    "issued_on": ("发文日", "day of issue"),
    "launched_on": ("启动日", "launch"),
    "starts_on": ("开始日", "first day"),
    "ends_on": ("结束日", "last day"),
    "due_on": ("期限", "due day"),
}
CONFIDENCE = {
    "V1": ("原文核对", "read in full"),
    "V2": ("摘录核对", "read in excerpt"),
    "M+": ("记忆可靠", "from memory, reliable"),
    "M-": ("记忆未核", "from memory, unverified"),
    "inference": ("推断", "inferred"),
}


def said(texts: Iterable[str]) -> str:
    """Several texts as one."""
    return t("、", ", ").join(texts)


def named(part: Named) -> str:
    """What something is called, with its id."""
    return f"{t(part.zh, part.en)} [{part.id}]"


def open_day(on: date | None) -> str:
    """A day, or that there is none on that side."""
    return on.isoformat() if on is not None else t("不限", "open")


def date_lines(dated: Dated, indent: str) -> Iterator[str]:
    """What differs from unit to unit, what is printed of the dates, and how it was read."""
    for region in dated.regions:
        span = window_words((region.starts_on, region.ends_on))
        yield from wrap(t(f"{region.unit}：{span.zh}", f"{region.unit}: {span.en}"), indent=indent)
    yield from reading_lines(dated.printed, dated.reading, indent)


def reading_lines(printed: Sequence[Printing], reading: Reading | None, indent: str) -> Iterator[str]:
    """What is printed, from which source, and how it was read."""
    for one in printed:
        zh, en = DATES[one.date]
        meant = t(f"，即{one.on}", f", that is {one.on}") if one.on is not None else ""
        source = t(f"（{one.source}）", f" ({one.source})") if one.source else ""
        text = t(f"原文所印{zh}：“{one.words}”{meant}{source}", f'Printed {en}: "{one.words}"{meant}{source}')
        yield from wrap(text, indent=indent)
    if reading is not None:
        sure = t(*CONFIDENCE[reading.confidence])
        yield from wrap(t(f"理解：{reading.zh}（{sure}）", f"Read as: {reading.en} ({sure})"), indent=indent)


def when_due(rule: ObligationRule, *, months: bool = True) -> tuple[str, str]:
    """When an obligation is due, in the words of its rule, in both languages; `months` lists the months too."""
    if rule.due_on is not None:
        return f"{rule.due_on}", f"{rule.due_on}"
    if rule.within is not None:
        days, (zh, en) = rule.within.days, DATES[rule.within.of]
        return f"{zh}起{days}日内", f"within {days} days of the {en}"
    if rule.monthly is not None:
        said_months = rule.monthly.months if months else ()
        listed = (f"（{'、'.join(said_months)}）", f" ({', '.join(said_months)})") if said_months else ("", "")
        if rule.monthly.day is not None:
            day = rule.monthly.day
            return f"次月{day}日前{listed[0]}", f"by day {day} of the month after{listed[1]}"
        if rule.monthly.at_end:
            return f"当月月底前{listed[0]}", f"by the end of the month{listed[1]}"
        return f"每月，未定具体日期{listed[0]}", f"monthly, no day given{listed[1]}"
    if rule.each_phase is not None:
        days, which = rule.each_phase.days, rule.each_phase.phases
        named_zh, named_en = (f"（{'、'.join(which)}）", f" ({', '.join(which)})") if which else ("", "")
        if days == 0:
            return f"每一阶段{named_zh}结束日", f"the last day of each phase{named_en}"
        return f"每一阶段{named_zh}结束后{days}日内", f"within {days} days of the end of each phase{named_en}"
    if rule.event is not None:
        days = rule.event.days or 0
        zh = f"{rule.event.zh}后{days}日内" if days else f"{rule.event.zh}时即报"
        return zh, f"{rule.event.en}: within {days} days" if days else f"{rule.event.en}: at once"
    return ("随时", "as it comes") if rule.kind == "ad_hoc" else ("没有期限", "no date")
