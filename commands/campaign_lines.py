"""How a campaign reads on a terminal: who, when, its phases and tasks, what it owes, and when its work is open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from commands.campaign_detail_lines import detail_lines
from commands.campaign_words import LEVELS, date_lines, named, open_day, reading_lines, said, when_due
from commands.output import table, wrap
from commands.words import t
from engine.campaign_gates import window_words
from engine.campaign_owed import EACH_UNIT
from engine.campaign_parts import Phase, Task
from engine.campaign_plan import CampaignPlan
from engine.campaigns import phase_on
from engine.obligations import Obligation, obligations_of
from engine.passes import Counted
from engine.working_days import WorkingDays


def plan_lines(plan: CampaignPlan, calendar: WorkingDays, on: date) -> Iterator[str]:
    """Every field of a plan, section by section; what it does not say is left out. `on` is today."""
    yield from wrap(t(plan.title.zh, plan.title.en))
    yield from _head_lines(plan)
    yield from _phase_lines(plan, on)
    yield from _task_lines(plan)
    yield from _obligation_lines(plan, calendar)
    yield from _gate_lines(plan)
    yield from detail_lines(plan)


def is_unsure(safe_on: date | None, calendar: WorkingDays) -> bool:
    """Whether the holidays of the year may still move this last working day. The printed day itself stays."""
    return safe_on is not None and not calendar.is_published(safe_on.year)


def pass_lines(passes: Sequence[Counted]) -> Iterator[str]:
    """The exceptions granted in the campaign; their number goes into its summary."""
    if passes:
        used = sum(one.used_in is not None for one in passes)
        yield ""
        yield t(f"放行{len(passes)}次，已用{used}次", f"{len(passes)} passes granted, {used} used")
        headers = (t("放行", "pass"), t("案件", "case"), t("步骤", "step"), t("有效至", "until"), t("理由", "reason"))
        yield from table(headers, [(p.id, p.case_no or p.used_in, p.step, p.until, p.reason) for p in passes])


def _head_lines(plan: CampaignPlan) -> Iterator[str]:
    level = t(*LEVELS[plan.level])
    run = window_words((plan.starts_on, plan.ends_on))
    rows = [
        (t("名称", "Name"), t(f"{plan.name.zh}（{plan.id}，{level}）", f"{plan.name.en} ({plan.id}, {level})")),
        (t("文号", "Document"), plan.document_no),
        (t("发文", "Issued"), t(f"{plan.issued_on}，{said(plan.issuers)}", f"{plan.issued_on}, {said(plan.issuers)}")),
        (t("启动", "Launched"), plan.launched_on.isoformat() if plan.launched_on else None),
        (t("主送", "To"), plan.addressees),
        (t("主办", "Organised by"), said(plan.organisers)),
        (t("执行单位", "Run by"), plan.unit),
        (t("上一年度", "Year before"), plan.previous),
        (t("起止", "Runs"), t(run.zh, run.en)),
    ]
    for name, value in rows:
        if value is not None:
            yield from wrap(t(f"{name}：{value}", f"{name}: {value}"), indent="    ", first="")
    yield from date_lines(plan, "  ")
    for parent in plan.parents:
        task = t(f"任务{parent.task}", f"task {parent.task}") if parent.task else None
        notes = [said(parent.issuers) or None, parent.document_no, parent.id, task]
        text = t("，", ", ").join(note for note in (t(parent.zh, parent.en), *notes) if note is not None)
        yield from wrap(t(f"上级文件：{text}", f"Carries out: {text}"), indent="    ", first="")
    if plan.based_on is not None:
        based_on = plan.based_on[:12]
        yield t(f"由上一版（{based_on}）调整而来", f"Made from the version before ({based_on})")


def _phase_lines(plan: CampaignPlan, on: date) -> Iterator[str]:
    if not plan.phases:
        return
    current = phase_on(plan, on)
    yield ""
    rows = [
        (
            t(phase.zh, phase.en),
            phase.id,
            open_day(phase.starts_on),
            open_day(phase.ends_on),
            t("← 现在", "<- now") if phase is current else "",
        )
        for phase in plan.phases
    ]
    yield from table((t("阶段", "phase"), t("代号", "id"), t("开始", "from"), t("结束", "to"), ""), rows)
    for phase in plan.phases:
        details = list(date_lines(phase, "    "))
        if details:
            yield from wrap(t(f"{phase.zh}：", f"{phase.en}:"), indent="  ")
            yield from details


def _task_lines(plan: CampaignPlan) -> Iterator[str]:
    if plan.tasks:
        yield ""
        yield t("任务：", "Tasks:")
        for task in plan.tasks:
            yield from _one_task(plan, task, "  ")
    for phase in plan.phases:
        if phase.tasks:
            yield ""
            yield from wrap(_tasks_of(phase))
            for task in phase.tasks:
                yield from _one_task(plan, task, "  ")


def _tasks_of(phase: Phase) -> str:
    return t(f"{phase.zh}的任务：", f"Tasks of the phase {phase.en}:")


def _one_task(plan: CampaignPlan, task: Task, indent: str) -> Iterator[str]:
    number = f"{task.no}. " if task.no is not None else "- "
    notes = [f"[{task.id}]"] if task.id else []
    owners = [_department(plan, owner) for owner in task.owners]
    if owners:
        notes.append(t(f"负责：{said(owners)}", f"owned by {said(owners)}"))
    if task.campaign:
        notes.append(t(f"由行动{task.campaign}承担", f"carried out by campaign {task.campaign}"))
    text = "  ".join([t(task.zh, task.en), *notes])
    yield from wrap(text, indent=indent + " " * len(number), first=indent + number)
    for below in task.tasks:
        # Deeper than this nothing is read any more: the text would stand in a column of a few letters.
        yield from _one_task(plan, below, indent + "   " if len(indent) < 30 else indent)


def _department(plan: CampaignPlan, name: str) -> str:
    found = plan.department(name)
    return t(found.zh, found.en) if found is not None else name


def _obligation_lines(plan: CampaignPlan, calendar: WorkingDays) -> Iterator[str]:
    if not plan.obligations:
        return
    yield ""
    headers = (t("报送事项", "owed"), t("期限", "due"), t("稳妥日", "safe day"), t("报送", "to"))
    by_rule = {rule.id: rule for rule in plan.obligations}
    rows = [
        (
            t(owed.zh, owed.en),
            owed.due_on or t(*when_due(by_rule[owed.id.partition(".")[0]], months=False)),
            _safe(owed, calendar),
            owed.to,
        )
        for owed in obligations_of(plan, calendar)
    ]
    yield from table(headers, rows)
    for rule in plan.obligations:
        zh, en = when_due(rule)
        forms = t(f"；报表：{said(rule.forms)}", f"; forms: {said(rule.forms)}") if rule.forms else ""
        limit = rule.character_limit
        limited = t(f"；不超过{limit}字", f"; at most {limit} characters") if limit is not None else ""
        units = said(t("本级及所辖各单位", "each unit") if unit == EACH_UNIT else unit for unit in rule.owed_by)
        owed_by = t(f"；报送单位：{units}", f"; owed by {units}")
        text = t(f"{rule.zh}（{rule.id}）：{zh}", f"{rule.en} ({rule.id}): {en}") + owed_by + forms + limited
        yield from wrap(text, indent="    ", first="  ")
        if rule.printed:
            yield from wrap(t(f"原文：{rule.printed}", f"Printed: {rule.printed}"), indent="      ")
        for line in rule.lines:
            yield from wrap(f"{line.by} → {line.to}", indent="      ")
        yield from reading_lines(rule.printings, rule.reading, "      ")


def _safe(owed: Obligation, calendar: WorkingDays) -> str | None:
    if owed.safe_on is None:
        return None
    unsure = is_unsure(owed.safe_on, calendar)
    return owed.safe_on.isoformat() + (t("（暂定）", " (provisional)") if unsure else "")


def _gate_lines(plan: CampaignPlan) -> Iterator[str]:
    if not plan.gates:
        return
    yield ""
    refuse, warn = t("不予办理", "refused"), t("提示", "warned")
    rows = []
    for gate in plan.gates:
        first, last = plan.window_of(gate)
        after = refuse if gate.after == "refuse" else warn
        when = " ".join([gate.step, *(f"{name}={value}" for name, value in gate.when.items())])
        rows.append((named(gate), when, open_day(first), open_day(last), after, gate.basis))
    headers = (
        t("行动事项", "campaign work"),
        t("步骤", "step"),
        t("自", "from"),
        t("至", "to"),
        t("此外", "otherwise"),
        t("依据", "basis"),
    )
    yield from table(headers, rows)
