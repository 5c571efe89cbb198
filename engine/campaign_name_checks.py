"""What contradicts itself in the names of a campaign: ids that stand twice, and names that stand for nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from engine.campaign_parts import Task
from engine.campaign_plan import CampaignPlan
from engine.campaign_problems import Finder
from engine.errors import Problem
from engine.parsed_file import KeyPath

# Row of every form of figures: a category of that name could not be told from it.
TOTAL = "total"
TASK, DEPARTMENT = ("任务", "task"), ("部门", "department")
NAMED = (
    "targets",
    "target_lists",
    "key_areas",
    "measures",
    "mechanisms",
    "phases",
    "special_periods",
    "departments",
    "categories",
    "counters",
    "obligations",
    "gates",
    "rewards",
)


def name_problems(plan: CampaignPlan, find: Finder, forms: Collection[str]) -> Iterator[Problem]:
    """Every id that stands twice and every name that stands for nothing; `forms` are the ids of the known forms."""
    for name in NAMED:
        yield from find.repeated((name,), [part.id for part in getattr(plan, name)], "id")
    yield from _repeated_values(plan, find)
    yield from _categories(plan, find)
    yield from find.unknown_ones(("forms",), plan.forms, ("表", "form"), sorted(forms))
    yield from _itself(plan, find)
    yield from _tasks(plan, find)
    yield from _departments(plan, find)
    yield from _matrix(plan, find)
    lists = [listed.id for listed in plan.target_lists]
    for position, period in enumerate(plan.special_periods):
        place: KeyPath = ("special_periods", position, "lists")
        yield from find.unknown_ones(place, period.lists, ("名单", "target list"), lists)
        yield from find.repeated(place, period.lists)


def placed_tasks(plan: CampaignPlan) -> Iterator[tuple[KeyPath, Task]]:
    """Every task with its place in the file."""
    yield from _below(("tasks",), plan.tasks)
    for position, phase in enumerate(plan.phases):
        yield from _below(("phases", position, "tasks"), phase.tasks)


def _repeated_values(plan: CampaignPlan, find: Finder) -> Iterator[Problem]:
    for name in ("issuers", "organisers", "forms"):
        yield from find.repeated((name,), getattr(plan, name))
    yield from find.repeated(("hotlines",), [line.value or line.zh for line in plan.hotlines], "value")
    for position, reward in enumerate(plan.rewards):
        yield from find.repeated(("rewards", position, "for"), reward.for_)
    for position, mechanism in enumerate(plan.mechanisms):
        yield from find.repeated(("mechanisms", position, "partners"), mechanism.partners)
    for number, listed in enumerate(plan.target_lists):
        seen = Counter((target.name, target.url) for target in listed.items)
        for position, target in enumerate(listed.items):
            if seen[target.name, target.url] > 1:
                seen[target.name, target.url] = 0
                yield find.remark(
                    ("target_lists", number, "items", position),
                    "target.twice",
                    f"“{target.name}”在名单中出现不止一次，请核对",
                    f"{target.name!r} stands in the list more than once; check it",
                )


def _categories(plan: CampaignPlan, find: Finder) -> Iterator[Problem]:
    categories = [category.id for category in plan.categories]
    for position, category in enumerate(categories):
        if category == TOTAL:
            zh = "类别不能叫“total”，该名用于合计行，请改用其他名称"
            en = "a category cannot be called 'total', the row of totals; choose another name"
            yield find.error(("categories", position, "id"), "name.reserved", zh, en)
    if plan.unknown_category is not None and plan.unknown_category not in categories:
        yield find.unknown(("unknown_category",), ("类别", "category"), plan.unknown_category, categories)
    if plan.categories and plan.unknown_category is None:
        zh = "请用unknown_category写明哪一类收纳其他案件"
        en = "name with unknown_category the category that takes all other cases"
        yield find.error(("categories",), "category.no_other", zh, en)


def _itself(plan: CampaignPlan, find: Finder) -> Iterator[Problem]:
    """A campaign cannot be above, before or part of itself."""
    places: list[tuple[KeyPath, str | None]] = [(("previous",), plan.previous)]
    places += [(("parents", position, "id"), parent.id) for position, parent in enumerate(plan.parents)]
    places += [((*path, "campaign"), task.campaign) for path, task in placed_tasks(plan)]
    for path, named in places:
        if named == plan.id:
            yield find.error(
                path,
                "campaign.itself",
                f"“{plan.id}”就是本行动，请改写所指的行动或者删去",
                f"{plan.id!r} is this campaign itself; name the one that is meant or take it away",
            )
    known = [parent.id for parent in plan.parents]
    yield from find.repeated_at(
        (("parents", position, "id"), named) for position, named in enumerate(known) if named is not None
    )


def _tasks(plan: CampaignPlan, find: Finder) -> Iterator[Problem]:
    placed = tuple(placed_tasks(plan))
    yield from find.repeated_at(((*path, "id"), task.id) for path, task in placed if task.id is not None)
    siblings: list[tuple[KeyPath, tuple[Task, ...]]] = [(("tasks",), plan.tasks)]
    siblings += [(("phases", position, "tasks"), phase.tasks) for position, phase in enumerate(plan.phases)]
    siblings += [((*path, "tasks"), task.tasks) for path, task in placed]
    for path, tasks in siblings:
        yield from find.repeated_at(
            ((*path, position, "no"), task.no) for position, task in enumerate(tasks) if task.no is not None
        )
    known = [department.id for department in plan.departments]
    for path, task in placed:
        place = (*path, "owners")
        for position, owner in enumerate(task.owners):
            if plan.department(owner) is None:
                yield find.unknown((*place, position), DEPARTMENT, owner, known)
        yield from find.repeated(place, [_department(plan, owner) for owner in task.owners])


def _departments(plan: CampaignPlan, find: Finder) -> Iterator[Problem]:
    """A name by which two departments are called would stand for the first of them only."""
    owner: dict[str, str] = {}
    for department in plan.departments:
        owner.setdefault(department.id, department.id)
    for position, department in enumerate(plan.departments):
        named: list[tuple[KeyPath, str]] = [(("departments", position, "zh"), department.zh)]
        named += [(("departments", position, "aliases", n), alias) for n, alias in enumerate(department.aliases)]
        for path, name in named:
            other = owner.setdefault(name, department.id)
            if other != department.id:
                yield find.error(
                    path,
                    "department.ambiguous",
                    f"“{name}”也是部门“{other}”的名称，请只保留一处",
                    f"{name!r} is a name of department {other!r} too; keep one of them",
                )
        yield from find.repeated(("departments", position, "aliases"), department.aliases)


def _matrix(plan: CampaignPlan, find: Finder) -> Iterator[Problem]:
    tasks = {task.id: task for _, task in placed_tasks(plan) if task.id is not None}
    known = [department.id for department in plan.departments]
    yield from find.repeated(("matrix",), [_department(plan, row.department) for row in plan.matrix], "department")
    for position, row in enumerate(plan.matrix):
        if plan.department(row.department) is None:
            yield find.unknown(("matrix", position, "department"), DEPARTMENT, row.department, known)
        place: KeyPath = ("matrix", position, "tasks")
        yield from find.unknown_ones(place, row.tasks, TASK, list(tasks))
        yield from find.repeated(place, row.tasks)
        for number, mark in enumerate(row.tasks):
            task = tasks.get(mark)
            owners = {_department(plan, owner) for owner in task.owners} if task is not None else set()
            if task is not None and owners and _department(plan, row.department) not in owners:
                yield find.remark(
                    (*place, number),
                    "matrix.other_owner",
                    f"任务“{mark}”另写明由{'、'.join(task.owners)}负责，矩阵中又标给{row.department}，请核对",
                    f"task {mark!r} is owned by {', '.join(task.owners)} and marked for {row.department}; check it",
                )


def _department(plan: CampaignPlan, name: str) -> str:
    found = plan.department(name)
    return found.id if found is not None else name


def _below(path: KeyPath, tasks: tuple[Task, ...]) -> Iterator[tuple[KeyPath, Task]]:
    for position, task in enumerate(tasks):
        yield (*path, position), task
        yield from _below((*path, position, "tasks"), task.tasks)
