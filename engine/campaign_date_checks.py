"""What contradicts itself in the dates of a campaign: what runs when, and what the notice prints."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta

from engine.campaign_gates import window_words
from engine.campaign_parts import Dated, Phase, Printing
from engine.campaign_plan import CampaignPlan
from engine.campaign_problems import Finder
from engine.errors import Problem
from engine.obligations import due_dates
from engine.parsed_file import KeyPath

ONE_DAY = timedelta(days=1)
AS_WRITTEN = ("方案所填", "as written here")


def date_problems(plan: CampaignPlan, find: Finder) -> Iterator[Problem]:
    """Everything odd about the dates of a plan, but for what it owes and when its work is open."""
    yield from _order(plan, find)
    yield from _phases(plan, find)
    yield from _regions(plan, find)
    yield from _back_dated(plan, find)
    yield from _law_changes(plan, find)
    yield from _targets(plan, find)
    yield from _printings(plan, find)


def is_inside(day: date, dated: Dated) -> bool:
    """Whether a day lies in it; where it is open nothing lies outside."""
    return (dated.starts_on is None or dated.starts_on <= day) and (dated.ends_on is None or day <= dated.ends_on)


def run_of(plan: CampaignPlan) -> tuple[str, str]:
    """From when to when the campaign runs, in both languages."""
    words = window_words((plan.starts_on, plan.ends_on))
    return words.zh, words.en


def _order(plan: CampaignPlan, find: Finder) -> Iterator[Problem]:
    if _ends_before(plan.starts_on, plan.ends_on):
        yield _wrong_order(plan, ("专项行动", "the campaign"), ("ends_on",), "campaign.ends_before_start", find)
    for position, phase in enumerate(plan.phases):
        if _ends_before(phase.starts_on, phase.ends_on):
            place: KeyPath = ("phases", position, "ends_on")
            yield _wrong_order(phase, (phase.zh, phase.en), place, "phase.ends_before_start", find)
    for position, period in enumerate(plan.special_periods):
        if _ends_before(period.starts_on, period.ends_on):
            place = ("special_periods", position, "ends_on")
            yield _wrong_order(period, (period.zh, period.en), place, "special.ends_before_start", find)


def _wrong_order(dated: Dated, name: tuple[str, str], place: KeyPath, code: str, find: Finder) -> Problem:
    zh = f"{name[0]}的结束日{dated.ends_on}早于开始日{dated.starts_on}，请改正其一"
    en = f"{name[1]} ends on {dated.ends_on}, before it starts on {dated.starts_on}; correct one of them"
    return find.error(place, code, zh, en)


def _phases(plan: CampaignPlan, find: Finder) -> Iterator[Problem]:
    for position, phase in enumerate(plan.phases):
        if not all(is_inside(day, plan) for day in (phase.starts_on, phase.ends_on) if day is not None):
            zh, en = run_of(plan)
            yield find.remark(
                ("phases", position, "ends_on"),
                "phase.outside",
                f"{phase.zh}超出专项行动的起止日（{zh}）；如非原文如此，请改正",
                f"{phase.en} reaches outside the campaign ({en}); correct it unless the notice says so",
            )
        for earlier in plan.phases[:position]:
            if _overlap(earlier, phase):
                yield find.remark(
                    ("phases", position, "starts_on"),
                    "phase.overlap",
                    f"{phase.zh}与{earlier.zh}日期重叠；重叠的日子按在前的阶段计",
                    f"{phase.en} overlaps {earlier.en}; the days of both belong to the earlier one",
                )
    yield from _gaps(plan, find)


def _gaps(plan: CampaignPlan, find: Finder) -> Iterator[Problem]:
    """Days between two phases that belong to none; a phase that is open on one side leaves none there."""
    running = [(p.starts_on or date.min, p.ends_on or date.max, p) for p in plan.phases if p.starts_on or p.ends_on]
    running.sort(key=lambda one: one[:2])
    reached: date | None = None
    for first, last, phase in running:
        if reached is not None and first - ONE_DAY > reached:
            free_from, free_to = reached + ONE_DAY, first - ONE_DAY
            yield find.remark(
                ("phases", plan.phases.index(phase), "starts_on"),
                "phase.gap",
                f"{phase.zh}之前有{(free_to - free_from).days + 1}天（{free_from}至{free_to}）不属于任何阶段",
                f"before {phase.en} {free_from} to {free_to} belong to no phase",
            )
        reached = max(reached or date.min, last)


def _regions(plan: CampaignPlan, find: Finder) -> Iterator[Problem]:
    for base, dated in _dated(plan):
        yield from find.repeated((*base, "regions"), [region.unit for region in dated.regions], "unit")
        for position, region in enumerate(dated.regions):
            first, last = region.starts_on or dated.starts_on, region.ends_on or dated.ends_on
            if _ends_before(first, last) and not _ends_before(dated.starts_on, dated.ends_on):
                yield find.error(
                    (*base, "regions", position),
                    "region.ends_before_start",
                    f"单位“{region.unit}”的结束日{last}早于开始日{first}，请改正其一",
                    f"for unit {region.unit!r} it ends on {last}, before it starts on {first}; correct one of them",
                )


def _back_dated(plan: CampaignPlan, find: Finder) -> Iterator[Problem]:
    places: list[tuple[KeyPath, str, str, date | None]] = [((), plan.name.zh, plan.name.en, plan.starts_on)]
    places += [(("phases", n), p.zh, p.en, p.starts_on) for n, p in enumerate(plan.phases)]
    for base, zh, en, starts_on in places:
        if starts_on is not None and starts_on < plan.issued_on:
            yield find.remark(
                (*base, "starts_on"),
                "date.back_dated",
                f"{zh}自{starts_on}开始，早于发文日{plan.issued_on}；如非原文如此，请改正",
                f"{en} starts on {starts_on}, before the notice ({plan.issued_on}); correct it unless that says so",
            )


def _law_changes(plan: CampaignPlan, find: Finder) -> Iterator[Problem]:
    for position, change in enumerate(plan.law_changes):
        if not is_inside(change.on, plan):
            zh, en = run_of(plan)
            yield find.remark(
                ("law_changes", position, "on"),
                "law_change.outside",
                f"{change.zh}（{change.on}）不在专项行动期间（{zh}）之内",
                f"{change.en} ({change.on}) lies outside the campaign ({en})",
            )


def _targets(plan: CampaignPlan, find: Finder) -> Iterator[Problem]:
    for number, listed in enumerate(plan.target_lists):
        for position, target in enumerate(listed.items):
            if _ends_before(target.from_on, target.to_on):
                yield find.error(
                    ("target_lists", number, "items", position),
                    "target.ends_before_start",
                    f"“{target.name}”的末日{target.to_on}早于首日{target.from_on}，请改正其一",
                    f"{target.name!r} ends on {target.to_on}, before {target.from_on}; correct one of them",
                )


def _printings(plan: CampaignPlan, find: Finder) -> Iterator[Problem]:
    own = {"issued_on": plan.issued_on, "launched_on": plan.launched_on, **_run(plan)}
    yield from _printed(("printed",), plan.printed, own, find)
    for base, dated in _dated(plan):
        if dated is not plan:
            yield from _printed((*base, "printed"), dated.printed, _run(dated), find)
    for position, rule in enumerate(plan.obligations):
        due = {one.due_on for one in due_dates(plan, rule)}
        only = next(iter(due)) if len(due) == 1 else None
        comes_again = len(due) > 1
        printed = [p.model_copy(update={"on": None}) for p in rule.printings] if comes_again else rule.printings
        yield from _printed(("obligations", position, "printings"), printed, {"due_on": only}, find)


def _printed(
    base: KeyPath, printed: Collection[Printing], fields: Mapping[str, date | None], find: Finder
) -> Iterator[Problem]:
    """What is printed of the dates that a part has, against the dates that are written."""
    days: dict[str, dict[date, tuple[str, str]]] = defaultdict(dict)
    for position, one in enumerate(printed):
        if one.date not in fields:
            yield find.error(
                (*base, position, "date"),
                "printed.no_such_date",
                f"这里没有{one.date}，可写：{'、'.join(fields)}",
                f"there is no {one.date} here; it may be {', '.join(fields)}",
            )
            continue
        if one.on is None:
            continue
        source_zh, source_en = (f"（{one.source}）", f" ({one.source})") if one.source else ("", "")
        days[one.date].setdefault(one.on, (f"“{one.words}”{source_zh}", f"{one.words!r}{source_en}"))
        if fields[one.date] is None:
            yield find.remark(
                (*base, position),
                "printed.unset",
                f"原文印有{one.date}（“{one.words}”，{one.on}），方案中没有填写该日；请填写，或者删去on",
                f"{one.date} is printed ({one.on}) and not set here; set it, or take `on` away",
            )
    for name, found in days.items():
        written = fields[name]
        if written is not None:
            found.setdefault(written, AS_WRITTEN)
        if len(found) > 1:
            zh = "；".join(f"{on}{words[0]}" for on, words in sorted(found.items()))
            en = "; ".join(f"{on} {words[1]}" for on, words in sorted(found.items()))
            yield find.remark(
                base,
                "printed.differs",
                f"{name}有不同的日期：{zh}；办理时以方案所填为准（{written or '未填'}）",
                f"{name} has different days: {en}; the one that counts is that written here ({written or 'none'})",
            )


def _dated(plan: CampaignPlan) -> Iterator[tuple[KeyPath, Dated]]:
    yield (), plan
    parts: tuple[tuple[str, Iterable[Dated]], ...] = (
        ("phases", plan.phases),
        ("special_periods", plan.special_periods),
    )
    for name, dated in parts:
        for position, one in enumerate(dated):
            yield (name, position), one


def _run(dated: Dated) -> dict[str, date | None]:
    return {"starts_on": dated.starts_on, "ends_on": dated.ends_on}


def _ends_before(first: date | None, last: date | None) -> bool:
    return first is not None and last is not None and last < first


def _overlap(one: Phase, other: Phase) -> bool:
    """Whether they share a day; without all four days nobody can tell."""
    if one.starts_on is None or one.ends_on is None or other.starts_on is None or other.ends_on is None:
        return False
    return one.starts_on <= other.ends_on and other.starts_on <= one.ends_on
