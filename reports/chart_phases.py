"""How far the phases of a campaign are: days gone by, and tasks done on record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from engine.campaign_parts import Dated
from engine.campaign_plan import Span, span_of
from engine.campaign_tasks import TaskStanding, planned_tasks, standings
from engine.task_recording import task_progress
from reports.chart_figures import Content
from reports.chart_ground import Setting
from reports.chart_values import Label, Panel, Point, Series

WHOLE = "campaign"
NO_DATES, NO_TASKS = Label("未写起止日", "no dates"), Label("没有", "none")
NOTHING = TaskStanding()


def phases(at: Setting) -> Content:
    """The phases in printed order, the campaign with the tasks of its own before them."""
    plan, above = at.plan, at.office.people.above(at.ground.scope.unit.id)
    until = at.until
    done = standings(one for one in task_progress(at.work, plan.id) if one.on <= until)
    rows: list[tuple[str, Label, Dated]] = [(WHOLE, Label("行动全程", "whole campaign"), plan)]
    rows += [(phase.id, Label(phase.zh, phase.en), phase) for phase in plan.phases]
    days = tuple(days_point(id_, label, span_of(dated, above), until) for id_, label, dated in rows)
    tasks = tuple(_tasks_point(at, id_, label, done) for id_, label, _ in rows)
    missing = tuple(
        (id_, Label(f"“{label.zh}”没有写明起止日", f"“{label.en}” has no first or last day"))
        for (id_, label, _), point in zip(rows, days, strict=True)
        if point.amount is None
    )
    head = Label("已过天数、已完成任务", "Days gone by, tasks done")
    panel = Panel(head, (Series("days", Label("天", "days"), days), Series("tasks", Label("任务", "tasks"), tasks)))
    remark = Label(
        "天数为日历日，含首尾两日；任务为已登记完成的数目，每个参加单位各计一项；“行动全程”只计不属于任何阶段的任务",
        "Calendar days, first and last included; a task counts once for each unit that takes part, done when it is on "
        "record as done; “whole campaign” has the tasks that belong to no phase",
    )
    return Content((panel,), missing, (remark,))


def days_point(id_: str, label: Label, span: Span, on: date) -> Point:
    """How many days of the span have begun by that day, both ends inclusive."""
    first, last = span
    if first is None or last is None:
        return Point(id_, label, None, why=NO_DATES)
    total = (last - first).days + 1
    return Point(id_, label, min(max((on - first).days + 1, 0), total), total)


def _tasks_point(at: Setting, id_: str, label: Label, done: Mapping[tuple[str, str], TaskStanding]) -> Point:
    tasks = [one.key for one in planned_tasks(at.plan) if (one.phase.id if one.phase is not None else WHOLE) == id_]
    if not tasks or not at.view.taking:
        return Point(id_, label, None, why=NO_TASKS)
    return Point(id_, label, _finished(tasks, at.view.taking, done), len(tasks) * len(at.view.taking))


def _finished(tasks: Iterable[str], units: Iterable[str], done: Mapping[tuple[str, str], TaskStanding]) -> int:
    return sum(done.get((task, unit), NOTHING).done for task in tasks for unit in units)
