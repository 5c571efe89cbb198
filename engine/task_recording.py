"""Puts on record what a unit did for a task of a campaign, with the evidence: an entry of the campaign's book."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from engine.answers import require_text
from engine.book_store import append, entries_of_kind
from engine.campaign_plan import CampaignPlan
from engine.campaign_tasks import (
    TASK,
    PlannedTask,
    Progress,
    TaskStanding,
    find_task,
    progress_from,
    standing_of,
)
from engine.case_view import CaseView
from engine.casework import find_case
from engine.clock import legal_day
from engine.errors import Holder, InputWrong, Refusal, Remedy, TransitionRefused
from engine.evidence import Kept, keep, measured
from engine.ledger import Entry, Said, campaign_book
from engine.office import Office
from engine.people import People, Person
from engine.sight import require_sight
from engine.store import Work

CAMPAIGN_OFFICE = "campaign_office"
ACT = (TASK, "登记任务进展", "record a task")
MOST_NAMED = 8


@dataclass(frozen=True)
class TaskOrder:
    """What somebody wants on record of a task. `unit` is the one that did it, his own when None.

    `done` closes the task for that unit, `reopen` opens it again for a reason.
    """

    campaign: str
    task: str
    actor: str
    note: str = ""
    unit: str | None = None
    cases: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()
    done: bool = False
    reopen: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Recorded:
    """The entry, the task that it is about, and how that stands for the unit now."""

    entry: Entry
    planned: PlannedTask
    unit: str
    standing: TaskStanding


def record_task(office: Office, work: Work, order: TaskOrder, folder: Path, *, store: bool = True) -> Recorded:
    """Do it. With `store=False` the files are measured and not kept, for an act that will be rolled back.

    Raises TransitionRefused with every reason, NotFound (campaign, task, unit, case, file), Forbidden outside the
    actor's units, InputWrong for a text or a file that cannot be kept.
    """
    office.refresh(work)
    people, plan, today = office.people, office.plan(order.campaign), legal_day(office.clock.now())
    planned = find_task(plan, order.task)
    actor = people.person(order.actor)
    unit = order.unit or actor.unit
    people.unit(unit)
    require_sight(people, actor, unit, today)
    _require_texts(order)
    cases = tuple(find_case(office, work, case_no, actor.name) for case_no in dict.fromkeys(order.cases))
    before = tuple(p for p in task_progress(work, plan.id) if (p.task, p.unit) == (planned.key, unit))
    refusals = (
        *_about_the_actor(people, plan, actor, unit, today),
        *_about_the_unit(people, plan, unit),
        *_about_the_cases(people, cases, unit),
        *_about_the_standing(plan, planned, standing_of(before), order),
    )
    if refusals:
        raise TransitionRefused("", TASK, refusals, (), ACT[1], ACT[2])
    files = {kept.sha256: kept for kept in (_kept(file, folder, store=store) for file in order.files)}
    entry = append(work, _said(office, order, planned, unit, cases, tuple(files.values()), plan.hash))
    return Recorded(entry, planned, unit, standing_of((*before, progress_from(entry))))


def record_refused_task(office: Office, work: Work, refused: TransitionRefused, order: TaskOrder) -> None:
    """Put a refusal on record in the campaign's book: its codes, without what was to be said."""
    now = office.clock.now()
    effects = {
        "refused": [r.code for r in refused.refusals],
        "task": find_task(office.plan(order.campaign), order.task).key,
    }
    book = campaign_book(order.campaign)
    append(work, Said(book, "refusal", order.actor, legal_day(now).isoformat(), now, step=TASK, effects=effects))


def task_progress(work: Work, campaign: str) -> tuple[Progress, ...]:
    """Everything on record of the campaign's tasks, in its order: one statement."""
    return tuple(map(progress_from, entries_of_kind(work, campaign_book(campaign), TASK)))


def _kept(file: Path, folder: Path, *, store: bool) -> Kept:
    kept = keep(folder, file) if store else measured(file)
    require_text(kept.name)
    return kept


def _said(
    office: Office,
    order: TaskOrder,
    planned: PlannedTask,
    unit: str,
    cases: Sequence[CaseView],
    files: Sequence[Kept],
    plan: str,
) -> Said:
    now = office.clock.now()
    effects = {
        "task": planned.key,
        "unit": unit,
        "note": order.note.strip(),
        "cases": [case.case_no for case in cases],
        "files": [kept.document() for kept in files],
        "done": order.done,
        "reopened": order.reopen,
        "plan": plan,
    }
    on = legal_day(now).isoformat()
    book = campaign_book(order.campaign)
    return Said(book, TASK, order.actor, on, now, step=planned.key, reason=order.reason.strip(), effects=effects)


def _require_texts(order: TaskOrder) -> None:
    require_text(order.note)
    require_text(order.reason)
    if not order.note.strip() and not order.reopen:
        raise InputWrong(
            "note.missing",
            "须用--note说明做了什么",
            "say with --note what was done",
            Remedy("写明进展", "say how far it is", f"anjuan campaign task {order.campaign} {order.task} --note …"),
        )


def _about_the_actor(people: People, plan: CampaignPlan, actor: Person, unit: str, today: date) -> Iterator[Refusal]:
    """People with a role in the unit itself, and the campaign office of the unit or of one above it."""
    if _works_there(people, actor, unit, today):
        return
    if people.holds(actor, CAMPAIGN_OFFICE, unit, today, from_above=True):
        return
    offices = people.holders(CAMPAIGN_OFFICE, unit, today, from_above=True)
    others = tuple(
        Holder(p.name, min(role for at, role in p.roles if at == unit and p.has_role(at, role, today)), p.zh)
        for p in sorted(people.persons.values(), key=lambda p: p.name)
        if any(p.has_role(at, role, today) for at, role in p.roles if at == unit)
    )
    who_can = tuple({h.name: h for h in (*offices, *others)}.values())[:MOST_NAMED]
    names = [holder.name for holder in who_can]
    unit_zh = people.unit(unit).zh
    yield Refusal(
        "role.missing",
        f"{unit_zh}的任务进展由该单位人员或者统计综合人员登记，{actor.zh}不能登记",
        f"tasks of {unit} are recorded by its own people or the campaign office; {actor.name} is neither",
        basis=plan.document_no or plan.title.zh,
        facts={"actor": actor.name, "unit": unit, "roles": [CAMPAIGN_OFFICE]},
        remedy=Remedy(f"请{'、'.join(names) or '无'}登记", f"ask {', '.join(names) or 'nobody at present'}"),
        who_can=who_can,
    )


def _works_there(people: People, actor: Person, unit: str, today: date) -> bool:
    roles = {role for at, role in actor.roles if at == unit}
    roles |= {s.role for s in people.stand_ins if s.name == actor.name and s.unit == unit}
    return any(people.holds(actor, role, unit, today) for role in roles)


def _about_the_unit(people: People, plan: CampaignPlan, unit: str) -> Iterator[Refusal]:
    if plan.unit not in people.above(unit):
        yield Refusal(
            "campaign.elsewhere",
            f"单位“{unit}”不在“{plan.name.zh}”范围内",
            f"unit {unit!r} does not take part in {plan.id}",
            facts={"campaign": plan.id, "unit": unit},
            remedy=Remedy("用--unit写明参加的单位", "name with --unit one that takes part"),
        )


def _about_the_cases(people: People, cases: Sequence[CaseView], unit: str) -> Iterator[Refusal]:
    """Evidence of a unit are its cases and those below it: then whoever sees the entry sees the cases."""
    others = [case.case_no for case in cases if unit not in people.above(case.unit)]
    if others:
        yield Refusal(
            "case.other_unit",
            f"{'、'.join(others)}不是“{unit}”及其下级的案件",
            f"not cases of {unit} or of a unit below it: {', '.join(others)}",
            facts={"cases": others, "unit": unit},
            remedy=Remedy("附本单位的案件，或用--unit写明单位", "name its own cases, or the unit with --unit"),
        )


def _about_the_standing(
    plan: CampaignPlan, planned: PlannedTask, standing: TaskStanding, order: TaskOrder
) -> Iterator[Refusal]:
    again = f"anjuan campaign task {plan.id} {planned.key}" + (f" --unit {order.unit}" if order.unit else "")
    if order.done and standing.done_by is not None:
        by = standing.done_by
        yield Refusal(
            "task.done",
            f"{by.actor}已于{by.on}登记完成（第{by.seq}条记录）",
            f"{by.actor} recorded on {by.on} that it is done (entry {by.seq})",
            facts={"task": planned.key, "seq": by.seq},
            remedy=Remedy("补充进展不写--done", "add to it without --done", f"{again} --note …"),
        )
    if not order.reopen:
        return
    if standing.done_by is None:
        yield Refusal(
            "task.open",
            "该任务没有登记完成，不必重新打开",
            "the task is not recorded as done; it need not be opened again",
            facts={"task": planned.key},
            remedy=Remedy("直接登记进展", "record what was done", f"{again} --note …"),
        )
    if not order.reason.strip():
        yield Refusal(
            "reason.missing",
            "重新打开须用--reason说明理由",
            "opening it again needs a --reason",
            remedy=Remedy("写明理由", "give the reason", f"{again} --reopen --reason …"),
        )
