"""What a campaign board says of tasks: each with its departments and how it stands for every unit that takes part."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.campaign_plan import span_of
from engine.campaign_tasks import PlannedTask, TaskStanding, departments_by_task, planned_tasks, standings
from engine.office import Office
from engine.store import Work
from engine.task_recording import task_progress
from reports.board_plan import View

Standings = Mapping[tuple[str, str], TaskStanding]
NOTHING = TaskStanding()


def standings_in(work: Work, view: View) -> Standings:
    """How every task of which something is on record stands, unit by unit. One statement."""
    return standings(task_progress(work, view.plan.id)) if view.plan.every_task() else {}


def tasks_of(office: Office, view: View, standing: Standings) -> list[dict[str, Any]]:
    """The tasks in printed order. `units` are those in view that take part, each with its last entry."""
    departments, loaded = departments_by_task(view.plan), office.documents("campaign")
    known = {document.id for document in loaded}
    return [
        {
            "id": one.key,
            "no": one.task.no,
            "phase": one.phase.id if one.phase is not None else None,
            "above": one.above,
            "zh": one.task.zh,
            "en": one.task.en,
            "departments": list(departments[one.key]),
            "campaign": one.task.campaign,
            "campaign_loaded": one.task.campaign in known if one.task.campaign is not None else None,
            "done": sum(standing.get((one.key, unit), NOTHING).done for unit in view.taking),
            "of": len(view.taking),
            "units": [_of_unit(unit, standing.get((one.key, unit), NOTHING)) for unit in view.taking],
        }
        for one in planned_tasks(view.plan)
    ]


def departments_of(view: View, tasks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every department with its tasks, and for how many units these are done; first those of the plan, in its order.

    A name that is no department of the plan stands by itself.
    """
    named = {department.id: department for department in view.plan.departments}
    ids = dict.fromkeys([*named, *(department for task in tasks for department in task["departments"])])
    found = []
    for id_ in ids:
        own = [task for task in tasks if id_ in task["departments"]]
        department = named.get(id_)
        found.append(
            {
                "id": id_,
                "zh": department.zh if department is not None else id_,
                "en": department.en if department is not None else id_,
                "lead": department is not None and department.lead,
                "tasks": [task["id"] for task in own],
                "done": sum(task["done"] for task in own),
                "of": sum(task["of"] for task in own),
            }
        )
    return found


def tasks_late(office: Office, view: View, standing: Standings) -> list[dict[str, Any]]:
    """Tasks not on record as done whose phase is over for a unit; those of the campaign itself once it is over."""
    found = []
    for one in planned_tasks(view.plan):
        late = [
            {
                "unit": unit,
                "ended_on": ended_on,
                "command": f"anjuan campaign task {view.plan.id} {one.key} --unit {unit} --note … --done",
            }
            for unit in view.taking
            if not standing.get((one.key, unit), NOTHING).done
            and (ended_on := _ended_on(one, office, view, unit)) is not None
        ]
        if late:
            phase = one.phase.id if one.phase is not None else None
            found.append({"id": one.key, "phase": phase, "zh": one.task.zh, "en": one.task.en, "units": late})
    return found


def _ended_on(one: PlannedTask, office: Office, view: View, unit: str) -> date | None:
    """The day on which the time for the task ended for that unit, where that is past."""
    above = office.people.above(unit)
    last = span_of(one.phase, above)[1] if one.phase is not None else span_of(view.plan, above)[1]
    return last if last is not None and last < view.on else None


def _of_unit(unit: str, standing: TaskStanding) -> dict[str, Any]:
    return {
        "unit": unit,
        "state": "done" if standing.done else "open",
        "done_on": standing.done_by.on if standing.done_by is not None else None,
        "entries": len(standing.entries),
        "last": standing.last.document() if standing.last is not None else None,
    }
