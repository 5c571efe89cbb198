"""Holds a campaign plan against what it refers to: steps and measures of the workflows, units, other campaigns.

Stable codes besides `name.unknown`:

| Code | What is wrong |
|---|---|
| `unit.unknown` | a unit that owes something, or has dates of its own, is not in the store |
| `unit.elsewhere` | remark: the unit that runs the campaign is not in the store |
| `campaign.not_loaded` | remark: the campaign that carries a task out is not loaded |
| `parent.no_task` | remark: the parent campaign has no task of that id |
| `parent.ends_earlier` | remark: this campaign ends after its parent |
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.campaign_name_checks import placed_tasks
from engine.campaign_owed import EACH_UNIT
from engine.campaign_plan import CampaignPlan
from engine.campaign_problems import Finder
from engine.definitions import OPEN, Definition
from engine.errors import Problem
from engine.parsed_file import KeyPath
from engine.people import People


def workflow_references(plan: CampaignPlan, find: Finder, definitions: Iterable[Definition]) -> Iterator[Problem]:
    """Steps, answers, choices and measures that no workflow has: a gate on one would never close."""
    kinds = tuple(definitions)
    for position, gate in enumerate(plan.gates):
        asked = [d.open.ask if gate.step == OPEN else d.steps[gate.step].ask for d in kinds if _has(d, gate.step)]
        place: KeyPath = ("gates", position)
        if not asked:
            steps = sorted({step for d in kinds for step in d.steps})
            yield _unknown(find, (*place, "step"), ("步骤", "step"), gate.step, steps)
            continue
        for answer, value in gate.when.items():
            answers = [ask[answer] for ask in asked if answer in ask]
            if not answers:
                known = sorted({name for ask in asked for name in ask})
                yield _unknown(find, (*place, "when"), ("填报项", "answer"), answer, known)
            elif all(a.choices and value not in a.choices for a in answers):
                known = sorted({choice for a in answers for choice in a.choices})
                yield _unknown(find, (*place, "when", answer), ("选项", "choice"), value, known)
    measures = sorted({measure for d in kinds for step in d.steps.values() for measure in step.count})
    for position, counter in enumerate(plan.counters):
        if counter.measure is not None and counter.measure not in measures:
            yield find.unknown(("counters", position, "measure"), ("统计项", "measure"), counter.measure, measures)


def unit_references(plan: CampaignPlan, find: Finder, people: People) -> Iterator[Problem]:
    """Units that are not in the store. Dates of units elsewhere do no harm where the campaign itself is from there."""
    here = plan.unit in people.units
    if not here:
        yield find.remark(
            ("unit",),
            "unit.elsewhere",
            f"库中没有单位“{plan.unit}”，载入时由办理人所在的单位执行，也可用--unit指定",
            f"the store has no unit {plan.unit!r}; loaded, the actor's own unit runs it, or the one given by --unit",
        )
    for position, rule in enumerate(plan.obligations):
        for number, unit in enumerate(rule.owed_by):
            if unit != EACH_UNIT and unit not in people.units:
                yield find.error(("obligations", position, "owed_by", number), "unit.unknown", *_no_unit(unit, people))
    for base, dated in (((), plan), *((("phases", n), phase) for n, phase in enumerate(plan.phases))):
        for position, region in enumerate(dated.regions):
            if region.unit not in people.units:
                place: KeyPath = (*base, "regions", position, "unit")
                told = find.error if here else find.remark
                yield told(place, "unit.unknown", *_no_unit(region.unit, people))


def campaign_references(plan: CampaignPlan, find: Finder, loaded: Mapping[str, CampaignPlan]) -> Iterator[Problem]:
    """What other campaigns that are named say, as far as they are loaded: legal all of it, and worth a look."""
    for path, task in placed_tasks(plan):
        named = task.campaign
        if named is not None and named not in loaded:
            yield find.remark(
                (*path, "campaign"),
                "campaign.not_loaded",
                f"承担该任务的专项行动“{named}”尚未载入，进度暂时看不到；可先载入",
                f"campaign {named!r}, which carries this task out, is not loaded; nobody sees how far it is",
            )
    for position, parent in enumerate(plan.parents):
        above = loaded.get(parent.id) if parent.id is not None else None
        if above is None:
            continue
        if parent.task is not None and parent.task not in {task.id for _, task in above.every_task()}:
            yield find.remark(
                ("parents", position, "task"),
                "parent.no_task",
                f"上级行动“{above.id}”没有任务“{parent.task}”，请核对",
                f"the parent {above.id!r} has no task {parent.task!r}; check it",
            )
        if above.ends_on is not None and (plan.ends_on is None or plan.ends_on > above.ends_on):
            own_zh, own_en = (str(plan.ends_on), str(plan.ends_on)) if plan.ends_on else ("未定", "an open day")
            yield find.remark(
                ("parents", position),
                "parent.ends_earlier",
                f"本行动的结束日（{own_zh}）晚于上级行动“{above.id}”的结束日{above.ends_on}；如非原文如此，请改正",
                f"this campaign ends on {own_en}, after its parent {above.id!r} ({above.ends_on}); check the notice",
            )


def _has(definition: Definition, step: str) -> bool:
    return step == OPEN or step in definition.steps


def _no_unit(unit: str, people: People) -> tuple[str, str]:
    known = sorted(people.units)
    return (
        f"库中没有单位“{unit}”，现有：{'、'.join(known)}；请改正，或先办理anjuan unit add {unit}",
        f"the store has no unit {unit!r}; there are {', '.join(known)}; correct it, or first: anjuan unit add {unit}",
    )


def _unknown(find: Finder, path: KeyPath, what: tuple[str, str], name: str, known: list[str]) -> Problem:
    """The names of a workflow are too many to be listed: only the nearest is told."""
    import difflib

    near = difflib.get_close_matches(name, known, 1)
    hint_zh, hint_en = (f"，是否为“{near[0]}”？", f"; did you mean {near[0]}?") if near else ("，请改正", "; mend it")
    zh, en = f"流程中没有{what[0]}“{name}”{hint_zh}", f"no workflow has the {what[1]} {name!r}{hint_en}"
    return find.error(path, "name.unknown", zh, en)
