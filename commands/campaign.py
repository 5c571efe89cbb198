"""`anjuan campaign`: checks, loads, shows and lists campaigns, and gives their calendar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from typer import Argument, Option

from commands.door import reading, writing
from commands.failures import problem_document
from commands.frame import Run, command, noun
from commands.output import day, table, wrap
from commands.rules_here import office_or_none
from commands.words import t
from engine.campaign_gates import window_words
from engine.campaign_plan import CampaignPlan, shipped_campaign
from engine.campaigns import calendar_of, phase_on, summary_of
from engine.clock import today
from engine.errors import FileWrong, NotFound, Problem, Remedy
from engine.office import campaign_not_found
from engine.passes import Counted, passes_of
from engine.working_days import WorkingDays
from workflows.campaign_loading import load_campaign, read_checked

app = noun("campaign", zh="专项行动", en="Campaigns")
FILE_OR_ID = t("文件，或随程序发布的行动代号", "a file, or the id of a shipped campaign")
ID = t("行动代号，如 suzhou-2018", "id of the campaign, like suzhou-2018")


@command(app, "check", zh="校验专项行动文件，不载入", en="Check a campaign file without loading it")
def check(run: Run, file: Annotated[str, Argument(metavar="FILE", help=FILE_OR_ID)]) -> None:
    path = _path_of(file)
    try:
        _, remarks = read_checked(path, office_or_none())
    except FileWrong as wrong:
        _show_check(run, path, tuple(p for p in wrong.problems if not p.remark), ())
        run.exit(2)
    _show_check(run, path, (), remarks)


@command(app, "load", zh="载入专项行动，安排其报送提醒", en="Load a campaign and plan its reminders", changes=True)
def load(run: Run, source: Annotated[str, Argument(metavar="FILE", help=FILE_OR_ID)]) -> None:
    path = _path_of(source)
    with writing(run) as desk:
        plan, remarks = read_checked(path, desk.office)
        loading = load_campaign(desk.office, desk.work, desk.who, plan)
        calendar, on = desk.office.law.calendar, today(desk.office.clock)
        passes = passes_of(desk.work, plan.id)

    def lines() -> Iterator[str]:
        name = t(plan.name.zh, plan.name.en)
        if loading.new:
            n = len(loading.rungs)
            yield from wrap(
                t(f"已载入：{name}（{plan.id}），安排提醒{n}次", f"Loaded {name} ({plan.id}); {n} reminders")
            )
        else:
            yield from wrap(
                t(f"{name}（{plan.id}）此前已载入，内容相同，未作改动", f"{plan.id} was loaded before, unchanged")
            )
        yield from _remark_lines(remarks)
        yield ""
        yield from _plan_lines(plan, calendar, on)

    document = {
        **_shown(plan, calendar, passes),
        "loaded": loading.new,
        "reminders": len(loading.rungs),
        "remarks": [problem_document(p) for p in remarks],
    }
    run.show(document, lines)


@command(app, "show", zh="查看已载入的专项行动", en="Show a loaded campaign")
def show(run: Run, campaign_id: Annotated[str, Argument(metavar="ID", help=ID)]) -> None:
    with reading(run) as desk:
        plan, calendar = _loaded(desk.office.campaigns(), campaign_id), desk.office.law.calendar
        on = today(desk.office.clock)
        passes = passes_of(desk.work, campaign_id)
    lines = [*_plan_lines(plan, calendar, on), *_pass_lines(passes)]
    run.show(_shown(plan, calendar, passes), lambda: lines)


def _shown(plan: CampaignPlan, calendar: WorkingDays, passes: Sequence[Counted]) -> dict[str, Any]:
    summary = summary_of(plan, calendar)
    owed = [{**o, "provisional": _is_unsure(o["safe_on"], calendar)} for o in summary["obligations"]]
    return {**summary, "obligations": owed, "passes": [one.document() for one in passes]}


def _is_unsure(safe_on: str | None, calendar: WorkingDays) -> bool:
    """Whether the holidays of the year may still move this last working day. The printed day itself stays."""
    return safe_on is not None and not calendar.is_published(int(safe_on[:4]))


def _pass_lines(passes: Sequence[Counted]) -> Iterator[str]:
    """The exceptions granted in the campaign; their number goes into its summary."""
    if passes:
        used = sum(one.used_in is not None for one in passes)
        yield ""
        yield t(f"放行{len(passes)}次，已用{used}次", f"{len(passes)} passes granted, {used} used")
        headers = (t("放行", "pass"), t("案件", "case"), t("步骤", "step"), t("有效至", "until"), t("理由", "reason"))
        yield from table(headers, [(p.id, p.case_no or p.used_in, p.step, p.until, p.reason) for p in passes])


@command(app, "list", zh="列出已载入的专项行动", en="List the loaded campaigns")
def list_campaigns(run: Run) -> None:
    with reading(run) as desk:
        plans = list(desk.office.campaigns().values())

    def lines() -> Iterator[str]:
        if plans:
            headers = (t("代号", "id"), t("名称", "name"), t("单位", "unit"), t("开始", "from"), t("结束", "to"))
            yield from table(headers, [(p.id, t(p.name.zh, p.name.en), p.unit, p.starts_on, p.ends_on) for p in plans])
        else:
            yield t("还没有载入专项行动", "No campaign is loaded yet")
        waiting = [name for name in _shipped_ids() if name not in {p.id for p in plans}]
        if waiting:
            yield t("随程序发布、可以载入：", "Shipped with the program, to be loaded:")
            yield from (f"  anjuan campaign load {name}" for name in waiting)

    document = [
        {
            "id": p.id,
            "title": p.title.zh,
            "title_en": p.title.en,
            "name": p.name.zh,
            "unit": p.unit,
            "starts_on": p.starts_on,
            "ends_on": p.ends_on,
        }
        for p in plans
    ]
    run.show(document, lines)


@command(app, "calendar", zh="专项行动的日历", en="The calendar of a campaign")
def calendar(
    run: Run,
    campaign_id: Annotated[str, Argument(metavar="ID", help=ID)],
    ics: Annotated[
        Path | None,
        Option("--ics", metavar="FILE", help=t("另存为日历文件（iCalendar）", "write an iCalendar file too")),
    ] = None,
) -> None:
    # Loaded here, so that the other commands of the noun start without it.
    from commands.calendar import write_feed
    from notifications.calendar_person import campaign_calendar

    with reading(run) as desk:
        plan = _loaded(desk.office.campaigns(), campaign_id)
        days = calendar_of(plan, desk.office.law.calendar)
        events = campaign_calendar(desk.office, desk.work, campaign_id) if ics is not None else ()
    if ics is not None:
        write_feed(ics, t(plan.name.zh, plan.name.en), events)

    def lines() -> Iterator[str]:
        yield from wrap(t(plan.title.zh, plan.title.en))
        yield from table((t("日期", "day"), t("事项", "what")), [(day(d.on), t(d.zh, d.en)) for d in days])
        if ics is not None:
            yield from wrap(t(f"日历文件：{ics}", f"Calendar file: {ics}"))

    run.show([{"on": d.on, "kind": d.kind, "zh": d.zh, "en": d.en} for d in days], lines)


def _path_of(text: str) -> Path:
    """The file meant: one of that name, else the shipped campaign of that id. Raises NotFound."""
    path, shipped = Path(text), None
    if text in _shipped_ids():
        shipped = shipped_campaign(text)
    if shipped is not None and not path.is_file():
        return shipped
    if path.exists() or path.suffix or len(path.parts) > 1:
        return path
    names = _shipped_ids()
    raise NotFound(
        "campaign.unknown",
        f"没有文件“{text}”，也没有这个代号的专项行动",
        f"there is no file {text!r} and no shipped campaign of that id",
        Remedy(
            f"随程序发布的有：{'、'.join(names)}", f"shipped: {', '.join(names)}", f"anjuan campaign load {names[0]}"
        ),
    )


def _shipped_ids() -> list[str]:
    return sorted(file.stem for file in shipped_campaign("any").parent.glob("*.yaml"))


def _loaded(plans: dict[str, CampaignPlan], campaign_id: str) -> CampaignPlan:
    if campaign_id in plans:
        return plans[campaign_id]
    if campaign_id not in _shipped_ids():
        raise campaign_not_found(campaign_id)
    raise NotFound(
        "campaign.unknown",
        f"专项行动“{campaign_id}”尚未载入",
        f"campaign {campaign_id!r} is not loaded yet",
        Remedy("先载入", "load it first", f"anjuan campaign load {campaign_id}"),
    )


def _show_check(run: Run, path: Path, errors: tuple[Problem, ...], remarks: tuple[Problem, ...]) -> None:
    def lines() -> Iterator[str]:
        if errors:
            yield from wrap(t(f"{path.name} 有{len(errors)}处错误：", f"{path.name}: errors: {len(errors)}"))
            yield from _problem_lines(errors)
        else:
            yield from wrap(t(f"{path.name} 没有错误", f"{path.name} has no errors"))
        yield from _remark_lines(remarks)

    document = {
        "ok": not errors,
        "errors": [problem_document(p) for p in errors],
        "remarks": [problem_document(p) for p in remarks],
    }
    run.show(document, lines)


def _remark_lines(remarks: tuple[Problem, ...]) -> Iterator[str]:
    found = tuple(p for p in remarks if p.remark)
    if found:
        yield t("请注意：", "Mind:")
        yield from _problem_lines(found)


def _problem_lines(problems: tuple[Problem, ...]) -> Iterator[str]:
    for p in problems:
        where = t(f"第{p.line}行：", f"line {p.line}: ")
        yield from wrap(where + t(p.zh, p.en), indent="    ", first="  ")


def _safe(safe_on: date | None, calendar: WorkingDays) -> str | None:
    if safe_on is None:
        return None
    unsure = _is_unsure(safe_on.isoformat(), calendar)
    return safe_on.isoformat() + (t("（暂定）", " (provisional)") if unsure else "")


def _plan_lines(plan: CampaignPlan, calendar: WorkingDays, on: date) -> Iterator[str]:
    from engine.obligations import obligations_of

    yield from wrap(t(plan.title.zh, plan.title.en))
    if plan.document_no:
        yield from wrap(plan.document_no)
    yield from wrap(t(f"主办：{'、'.join(plan.organisers)}", f"Organised by {', '.join(plan.organisers)}"))
    run = window_words((plan.starts_on, plan.ends_on))
    yield from wrap(t(f"起止：{run.zh}", f"Runs {run.en}"))
    current = phase_on(plan, on)
    if plan.phases:
        yield ""
        yield from table(
            (t("阶段", "phase"), t("开始", "from"), t("结束", "to"), ""),
            [
                (t(p.zh, p.en), p.starts_on, p.ends_on, t("← 现在", "<- now") if p is current else "")
                for p in plan.phases
            ],
        )
    for phase in (p for p in plan.phases if p.tasks):
        yield ""
        yield t(f"{phase.zh}的任务：", f"Tasks of the phase {phase.en}:")
        for task in phase.tasks:
            yield from wrap(t(task.zh, task.en), indent="     ", first=f"{task.no:3}. " if task.no is not None else "  –  ")
    if plan.obligations:
        yield ""
        yield from table(
            (t("报送事项", "owed"), t("期限", "due"), t("稳妥日", "safe day"), t("报送", "to")),
            [(t(o.zh, o.en), o.due_on, _safe(o.safe_on, calendar), o.to) for o in obligations_of(plan, calendar)],
        )
    if plan.gates:
        yield ""
        refuse, warn = t("不予办理", "refused"), t("提示", "warned")
        rows = []
        for gate in plan.gates:
            first, last = plan.window_of(gate)
            rows.append((t(gate.zh, gate.en), first, last, refuse if gate.after == "refuse" else warn))
        yield from table((t("行动事项", "campaign work"), t("自", "from"), t("至", "to"), t("此外", "otherwise")), rows)
