"""`anjuan campaign`: checks, loads, shows and lists campaigns, and gives their calendar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from typer import Argument, Option

from commands import board, campaign_changes, campaign_export, campaign_new, campaign_tasks
from commands.campaign_lines import is_unsure, pass_lines, plan_lines
from commands.campaign_names import loaded, path_of, shipped_ids
from commands.campaign_problem_lines import check_document, check_lines, remark_lines
from commands.door import reading, writing
from commands.failures import problem_document
from commands.frame import Run, command, noun
from commands.output import day, table, wrap
from commands.rules_here import office_or_none
from commands.words import t
from engine.campaign_plan import CampaignPlan
from engine.campaigns import calendar_of, summary_of
from engine.clock import today
from engine.errors import FileWrong, Problem
from engine.passes import Counted, passes_of
from engine.working_days import WorkingDays
from workflows.campaign_loading import load_campaign, read_checked

app = noun("campaign", zh="专项行动", en="Campaigns")
FILE_OR_ID = t("文件，或随程序发布的行动代号", "a file, or the id of a shipped campaign")
ID = t("行动代号，如 suzhou-2018", "id of the campaign, like suzhou-2018")


@command(app, "check", zh="校验专项行动文件，不载入", en="Check a campaign file without loading it")
def check(run: Run, file: Annotated[str, Argument(metavar="FILE", help=FILE_OR_ID)]) -> None:
    path = path_of(file)
    errors: tuple[Problem, ...] = ()
    remarks: tuple[Problem, ...] = ()
    try:
        _, remarks = read_checked(path, office_or_none())
    except FileWrong as wrong:
        errors = tuple(p for p in wrong.problems if not p.remark)
    run.show(check_document(errors, remarks), lambda: check_lines(path.name, errors, remarks))
    if errors:
        run.exit(2)


@command(
    app,
    "load",
    zh="载入专项行动，安排其报送提醒\n\n库中没有方案所写的执行单位的，由办理人所在单位执行，也可用--unit指定。",
    en="Load a campaign and plan its reminders\n\nWhere the store has no unit of that id the actor's own runs it.",
    changes=True,
)
def load(
    run: Run,
    source: Annotated[str, Argument(metavar="FILE", help=FILE_OR_ID)],
    unit: Annotated[
        str | None, Option("--unit", metavar="U", help=t("执行单位，默认为方案所写的单位", "the unit that runs it"))
    ] = None,
) -> None:
    path = path_of(source)
    with writing(run) as desk:
        read, remarks = read_checked(path, desk.office)
        loading = load_campaign(desk.office, desk.work, desk.who, read, unit)
        calendar, on = desk.office.law.calendar, today(desk.office.clock)
        passes = passes_of(desk.work, read.id)
    plan = loading.plan

    def lines() -> Iterator[str]:
        name = t(plan.name.zh, plan.name.en)
        if loading.new:
            n = len(loading.rungs)
            yield from wrap(
                t(f"已载入：{name}（{plan.id}），安排提醒{n}次", f"Loaded {name} ({plan.id}); {n} reminders")
            )
        else:
            yield from wrap(
                t(f"{name}（{plan.id}）此前已载入，未作改动", f"{plan.id} was loaded before; nothing changed")
            )
        if plan.unit != read.unit:
            yield from wrap(
                t(
                    f"由{plan.unit}执行（方案所写为{read.unit}）",
                    f"Run by {plan.unit} (the plan says {read.unit})",
                )
            )
        yield from remark_lines(remarks)
        yield ""
        yield from plan_lines(plan, calendar, on)

    document = {
        **_shown(plan, calendar, passes),
        "loaded": loading.new,
        "unit_written": read.unit,
        "reminders": len(loading.rungs),
        "remarks": [problem_document(p) for p in remarks],
    }
    run.show(document, lines)


@command(app, "show", zh="查看已载入的专项行动", en="Show a loaded campaign")
def show(run: Run, campaign_id: Annotated[str, Argument(metavar="ID", help=ID)]) -> None:
    with reading(run) as desk:
        plan, calendar = loaded(desk.office.campaigns(), campaign_id), desk.office.law.calendar
        on = today(desk.office.clock)
        passes = passes_of(desk.work, campaign_id)
    lines = [*plan_lines(plan, calendar, on), *pass_lines(passes)]
    run.show(_shown(plan, calendar, passes), lambda: lines)


def _shown(plan: CampaignPlan, calendar: WorkingDays, passes: Sequence[Counted]) -> dict[str, Any]:
    summary = summary_of(plan, calendar)
    owed = [{**o, "provisional": is_unsure(_day(o["safe_on"]), calendar)} for o in summary["obligations"]]
    return {**summary, "obligations": owed, "passes": [one.document() for one in passes]}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text is not None else None


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
        waiting = [name for name in shipped_ids() if name not in {p.id for p in plans}]
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
        plan = loaded(desk.office.campaigns(), campaign_id)
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


board.hang(app)
campaign_changes.hang(app)
campaign_export.hang(app)
campaign_new.hang(app)
campaign_tasks.hang(app)
