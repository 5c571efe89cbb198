"""How the rest of a campaign reads on a terminal: its aim, departments, matrix, figures, lists and hotlines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from commands.campaign_words import HOTLINES, REWARDED, RHYTHMS, date_lines, named, said
from commands.output import table, wrap
from commands.words import t
from engine.campaign_gates import window_words
from engine.campaign_parts import Named, TargetList, Words
from engine.campaign_plan import CampaignPlan
from engine.campaigns import matrix_of

# A table of more columns would be one of columns of single letters.
MOST_COLUMNS = 16


def detail_lines(plan: CampaignPlan) -> Iterator[str]:
    """Every section that says something."""
    if plan.aim is not None:
        yield ""
        yield from wrap(t(f"目标：{plan.aim.zh}", f"Aim: {plan.aim.en}"), indent="    ", first="")
    yield from _texts(t("手段：", "Means:"), plan.means)
    yield from _texts(t("工作重点：", "Key areas:"), plan.key_areas)
    yield from _texts(t("工作措施：", "Measures:"), plan.measures)
    yield from _targets(plan)
    yield from _mechanisms(plan)
    yield from _departments(plan)
    yield from _matrix(plan)
    yield from _special_days(plan)
    yield from _figures(plan)
    for listed in plan.target_lists:
        yield from _target_list(listed)
    yield from _rewards(plan)
    if plan.hotlines:
        yield ""
        headers = (t("投诉渠道", "ways to complain"), t("方式", "kind"), "")
        yield from table(headers, [(t(h.zh, h.en), t(*HOTLINES[h.kind]), h.value) for h in plan.hotlines])


def _texts(head: str, texts: Sequence[Words | Named]) -> Iterator[str]:
    if texts:
        yield ""
        yield head
        for one in texts:
            text = named(one) if isinstance(one, Named) else t(one.zh, one.en)
            yield from wrap(text, indent="    ", first="  - ")


def _targets(plan: CampaignPlan) -> Iterator[str]:
    if plan.targets:
        yield ""
        yield t("整治对象：", "Targets:")
        for group in plan.targets:
            items = said(t(item.zh, item.en) for item in group.items)
            yield from wrap(named(group) + t("：", ": ") + items, indent="    ", first="  - ")


def _mechanisms(plan: CampaignPlan) -> Iterator[str]:
    if plan.mechanisms:
        yield ""
        headers = (t("长期机制", "mechanism"), t("频次", "how often"), t("自", "since"), t("参加", "with"))
        yield from table(
            headers,
            [(named(m), t(*RHYTHMS[m.rhythm]), m.since, said(m.partners) or None) for m in plan.mechanisms],
        )


def _departments(plan: CampaignPlan) -> Iterator[str]:
    if plan.departments:
        yield ""
        yield t("部门及职责：", "Departments and duties:")
    for department in plan.departments:
        lead = t("（牵头）", " (lead)") if department.lead else ""
        also = said(department.aliases)
        called = t(f"，又称{also}", f", also called {also}") if also else ""
        yield from wrap(named(department) + lead + called, indent="    ", first="  ")
        for duty in department.duties:
            yield from wrap(t(duty.zh, duty.en), indent="      ", first="    - ")


def _matrix(plan: CampaignPlan) -> Iterator[str]:
    """Departments as rows, tasks as numbered columns with a mark; tasks too many for a table are named in the row."""
    rows = matrix_of(plan)
    if not rows:
        return
    names = {department.id: t(department.zh, department.en) for department in plan.departments}
    texts = {task.id: t(task.zh, task.en) for _, task in plan.every_task() if task.id is not None}
    marked = {task for row in rows for task in row["tasks"]}
    columns = [task for task in texts if task in marked]
    yield ""
    yield t("责任分工：", "Responsibility matrix:")
    for number, task in enumerate(columns, start=1):
        yield from wrap(f"{texts[task]}  [{task}]", indent="      ", first=f"  {number:2}  ")
    if len(columns) > MOST_COLUMNS:
        place = {task: str(number) for number, task in enumerate(columns, start=1)}
        cells: Iterable[Sequence[object]] = (
            (names.get(row["department"], row["department"]), said(place[task] for task in row["tasks"]))
            for row in rows
        )
        yield from table((t("部门", "department"), t("任务", "tasks")), cells)
        return
    headers = (t("部门", "department"), *map(str, range(1, len(columns) + 1)), t("计", "sum"))
    yield from table(
        headers,
        [
            (
                names.get(row["department"], row["department"]),
                *("●" if task in row["tasks"] else "" for task in columns),
                len(row["tasks"]),
            )
            for row in rows
        ],
    )


def _special_days(plan: CampaignPlan) -> Iterator[str]:
    if plan.special_periods:
        yield ""
        yield t("特别时段：", "Special periods:")
    for period in plan.special_periods:
        span = window_words((period.starts_on, period.ends_on))
        lists = said(period.lists)
        listed = t(f"；名单：{lists}", f"; lists: {lists}") if lists else ""
        duty = t(f"；{period.duty.zh}", f"; {period.duty.en}") if period.duty is not None else ""
        text = named(period) + t(f"：{span.zh}", f": {span.en}") + listed + duty
        yield from wrap(text, indent="    ", first="  - ")
        yield from date_lines(period, "      ")
    if plan.law_changes:
        yield ""
        headers = (t("施行日", "day"), t("法律变化", "change of law"), t("依据", "basis"))
        yield from table(headers, [(c.on, t(c.zh, c.en), c.basis) for c in plan.law_changes])


def _figures(plan: CampaignPlan) -> Iterator[str]:
    if plan.categories:
        yield ""
        headers = (t("案件类别", "category"), t("代号", "id"), "")
        other = t("← 收纳其他案件", "<- takes all others")
        rows = [(t(c.zh, c.en), c.id, other if c.id == plan.unknown_category else "") for c in plan.categories]
        yield from table(headers, rows)
    if plan.forms:
        yield ""
        yield from wrap(t(f"报表：{said(plan.forms)}", f"Forms: {said(plan.forms)}"))
    if plan.counters:
        yield ""
        yield t("报表以外的统计：", "Figures outside the forms:")
    for counter in plan.counters:
        counted = t(f"（由案件统计：{counter.measure}）", f" (counted from cases: {counter.measure})")
        yield from wrap(named(counter) + (counted if counter.measure else ""), indent="    ", first="  - ")
        for figure in counter.published:
            source = t(f"（{figure.source}）", f" ({figure.source})") if figure.source else ""
            yield from wrap(
                t(
                    f"已公布：{figure.value}，{figure.period}{source}",
                    f"published: {figure.value}, {figure.period}{source}",
                ),
                indent="      ",
            )


def _target_list(listed: TargetList) -> Iterator[str]:
    yield ""
    source = t(f"（{listed.source}）", f" ({listed.source})") if listed.source else ""
    yield from wrap(named(listed) + source + t("：", ":"))
    if listed.items:
        headers = (t("名称", "name"), t("网址", "address"), t("自", "from"), t("至", "to"))
        yield from table(headers, [(one.name, one.url, one.from_on, one.to_on) for one in listed.items])


def _rewards(plan: CampaignPlan) -> Iterator[str]:
    if plan.rewards:
        yield ""
        yield t("奖励：", "Rewards:")
    for reward in plan.rewards:
        whom = said(t(*REWARDED[kind]) for kind in reward.for_)
        to = t(f"；报{reward.to}", f"; proposed to {reward.to}") if reward.to else ""
        yield from wrap(named(reward) + t("：", ": ") + whom + to, indent="    ", first="  - ")
        for test in reward.tests:
            yield from wrap(t(test.zh, test.en), indent="      ", first="    · ")
