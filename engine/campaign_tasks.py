"""The tasks of a campaign as people name them, whose they are, and how far the record says that each is done. Pure."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.campaign_parts import Phase, Task
from engine.campaign_plan import CampaignPlan
from engine.errors import NotFound, Remedy
from engine.ledger import Entry

TASK = "task"
MOST_NAMED = 8


@dataclass(frozen=True)
class PlannedTask:
    """A task of the plan, under the name by which commands and entries call it.

    `key` is its id; without one the phase (or the task above) and the printed number: `inspection.2`, of a campaign's
    own tasks the number alone. One without a number either is `_2`, the second of its list. `path` is the name that it
    has without its id. `above` is the key of the task that it belongs to.
    """

    key: str
    path: str
    task: Task
    phase: Phase | None = None
    above: str | None = None


@dataclass(frozen=True)
class Progress:
    """What one entry says of a task: what a unit did, on what evidence, and whether it is done by that.

    `cases` are numbers; `files` name content by its hash, as `engine.evidence` keeps it.
    """

    seq: int
    task: str
    unit: str
    actor: str
    on: date
    note: str
    reason: str
    cases: tuple[str, ...]
    files: tuple[Mapping[str, Any], ...]
    done: bool
    reopened: bool

    def document(self) -> dict[str, Any]:
        """As scripts read it."""
        return {
            "seq": self.seq,
            "actor": self.actor,
            "on": self.on.isoformat(),
            "note": self.note,
            "reason": self.reason,
            "cases": list(self.cases),
            "files": [dict(file) for file in self.files],
        }


@dataclass(frozen=True)
class TaskStanding:
    """How a task stands for one unit: all `entries`, and the one that closed it, None while it is open."""

    entries: tuple[Progress, ...] = ()
    done_by: Progress | None = None

    @property
    def done(self) -> bool:
        return self.done_by is not None

    @property
    def last(self) -> Progress | None:
        return self.entries[-1] if self.entries else None


def planned_tasks(plan: CampaignPlan) -> tuple[PlannedTask, ...]:
    """All tasks in printed order, those of the campaign itself first, each before the tasks below it."""
    return (
        *_planned(plan.tasks, "", None, None),
        *(one for phase in plan.phases for one in _planned(phase.tasks, f"{phase.id}.", phase, None)),
    )


def find_task(plan: CampaignPlan, name: str) -> PlannedTask:
    """The task of that id, or of that phase and number. Raises NotFound with the nearest."""
    tasks = planned_tasks(plan)
    for one in tasks:
        if name == one.key:
            return one
    for one in tasks:
        if name == one.path:
            return one
    raise _unknown_task(plan, name, [one.key for one in tasks])


def departments_by_task(plan: CampaignPlan) -> dict[str, tuple[str, ...]]:
    """The departments of each task, by its key: its owners, and those for whom the responsibility matrix marks it.

    Each once, by the id of the department whichever name the document calls it by; by the name itself where it is no
    department of the plan.
    """
    marked: dict[str, list[str]] = defaultdict(list)
    for marks in plan.matrix:
        for task in marks.tasks:
            marked[task].append(marks.department)
    found = {}
    for one in planned_tasks(plan):
        names = (*one.task.owners, *marked.get(one.task.id or "", ()))
        found[one.key] = tuple(dict.fromkeys(_department_id(plan, name) for name in names))
    return found


def progress_from(entry: Entry) -> Progress:
    """What an entry of kind `task` says."""
    said = entry.said()
    effects = said["effects"]
    return Progress(
        entry.seq,
        effects["task"],
        effects["unit"],
        entry.actor,
        date.fromisoformat(entry.happened_on),
        effects["note"],
        said["reason"],
        tuple(effects["cases"]),
        tuple(effects["files"]),
        effects["done"],
        effects["reopened"],
    )


def standing_of(entries: Sequence[Progress]) -> TaskStanding:
    """How a task stands after these entries of one unit, given in their order: done is what was said to be and was not
    opened again since."""
    done_by = None
    for entry in entries:
        if entry.reopened:
            done_by = None
        elif entry.done:
            done_by = entry
    return TaskStanding(tuple(entries), done_by)


def standings(progress: Iterable[Progress]) -> dict[tuple[str, str], TaskStanding]:
    """How every task of which something is on record stands, by its key and the unit."""
    grouped: dict[tuple[str, str], list[Progress]] = defaultdict(list)
    for one in progress:
        grouped[one.task, one.unit].append(one)
    return {place: standing_of(entries) for place, entries in grouped.items()}


def _planned(tasks: tuple[Task, ...], before: str, phase: Phase | None, above: str | None) -> Iterator[PlannedTask]:
    for position, task in enumerate(tasks, start=1):
        path = f"{before}{task.no if task.no is not None else f'_{position}'}"
        key = task.id or path
        yield PlannedTask(key, path, task, phase, above)
        yield from _planned(task.tasks, f"{key}.", phase, key)


def _department_id(plan: CampaignPlan, name: str) -> str:
    found = plan.department(name)
    return found.id if found is not None else name


def _unknown_task(plan: CampaignPlan, name: str, keys: list[str]) -> NotFound:
    shown = name[:40]
    zh, en = f"“{plan.name.zh}”没有任务“{shown}”", f"campaign {plan.id} has no task {shown!r}"
    command = f"anjuan campaign show {plan.id}"
    near = difflib.get_close_matches(name, keys, 3)
    if near:
        remedy = Remedy(f"是否指：{'、'.join(near)}", f"did you mean {', '.join(near)}?", command)
    elif keys:
        known = [*keys[:MOST_NAMED], *(["…"] if len(keys) > MOST_NAMED else [])]
        remedy = Remedy(f"有：{'、'.join(known)}", f"there are: {', '.join(known)}", command)
    else:
        remedy = Remedy("该专项行动没有列出任务", "this campaign lists no tasks", command)
    return NotFound("task.unknown", zh, en, remedy)
