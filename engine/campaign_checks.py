"""What contradicts itself in a campaign plan: errors that stop loading and remarks that do not, each with its line."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Protocol

from engine.campaign_gates import window_words
from engine.campaign_parts import Dated
from engine.campaign_plan import CampaignPlan
from engine.data_files import data_folder, read_yaml, validated
from engine.errors import FileWrong, Problem
from engine.obligations import due_dates
from engine.parsed_file import KeyPath, Parsed

# Row of every form of figures: a category of that name could not be told from it.
TOTAL = "total"


class WorkingCalendar(Protocol):
    """The part of the working-day calendar that the checks need."""

    def is_working(self, day: date) -> bool:
        """Whether that day counts as a working day."""


def read_campaign(
    path: Path, calendar: WorkingCalendar | None = None, forms: Collection[str] | None = None
) -> tuple[CampaignPlan, tuple[Problem, ...]]:
    """The plan in a file, with the remarks on it.

    `calendar` and `forms` are the working days and the ids of the known forms; left out, the shipped ones count.
    Raises FileWrong (every error, with line and both languages), NotFound, InputWrong.
    """
    from engine.working_days import shipped_working_days

    parsed = read_yaml(path)
    plan = validated(CampaignPlan, parsed)
    known_forms = shipped_forms() if forms is None else forms
    problems = problems_of_plan(plan, parsed, calendar or shipped_working_days(), known_forms)
    errors = tuple(problem for problem in problems if not problem.remark)
    if errors:
        raise FileWrong(parsed.name, errors)
    return plan, problems


def shipped_forms() -> frozenset[str]:
    """Ids of the forms in `data/forms`."""
    return frozenset(file.stem for file in (data_folder() / "forms").glob("*.yaml"))


def problems_of_plan(
    plan: CampaignPlan, parsed: Parsed, calendar: WorkingCalendar, forms: Collection[str]
) -> tuple[Problem, ...]:
    """Everything that does not fit together, sorted by line."""
    check = _Check(parsed)
    found = [
        *_dates(plan, check),
        *_repeated_ids(plan, check),
        *_unknown_names(plan, check, forms),
        *_phases(plan, check),
        *_gates(plan, check),
        *_obligations(plan, check, calendar),
    ]
    return tuple(sorted(found, key=lambda problem: (problem.line, problem.remark)))


class _Check:
    """Makes problems that know their line."""

    def __init__(self, parsed: Parsed) -> None:
        self._parsed = parsed

    def error(self, path: KeyPath, code: str, zh: str, en: str) -> Problem:
        return Problem(self._parsed.line_of(path), code, zh, en)

    def remark(self, path: KeyPath, code: str, zh: str, en: str) -> Problem:
        return Problem(self._parsed.line_of(path), code, zh, en, remark=True)


def _dates(plan: CampaignPlan, check: _Check) -> Iterator[Problem]:
    if _ends_before(plan):
        zh = f"专项行动的结束日{plan.ends_on}早于开始日{plan.starts_on}，请改正其一"
        en = f"the campaign ends on {plan.ends_on}, before it starts on {plan.starts_on}; correct one of them"
        yield check.error(("ends_on",), "campaign.ends_before_start", zh, en)


def _repeated_ids(plan: CampaignPlan, check: _Check) -> Iterator[Problem]:
    for name in ("targets", "key_areas", "measures", "phases", "departments", "categories", "obligations", "gates"):
        ids = [part.id for part in getattr(plan, name)]
        yield from _repeated(check, (name,), ids, "id")
    yield from _repeated(check, ("forms",), plan.forms, None)
    for position, phase in enumerate(plan.phases):
        numbers = [str(task.no) for task in phase.tasks if task.no is not None]
        yield from _repeated(check, ("phases", position, "tasks"), numbers, "no")
    for position, rule in enumerate(plan.obligations):
        if rule.monthly is not None:
            yield from _repeated(check, ("obligations", position, "monthly", "months"), rule.monthly.months, None)


def _repeated(check: _Check, path: KeyPath, ids: Iterable[str], key: str | None) -> Iterator[Problem]:
    seen: set[str] = set()
    for position, part_id in enumerate(ids):
        if part_id in seen:
            place = (*path, position, key) if key else (*path, position)
            yield check.error(
                place, "id.duplicate", f"“{part_id}”重复，请改用不同的名称", f"{part_id!r} twice; rename one"
            )
        seen.add(part_id)


def _unknown_names(plan: CampaignPlan, check: _Check, forms: Collection[str]) -> Iterator[Problem]:
    categories = [category.id for category in plan.categories]
    for position, category in enumerate(categories):
        if category == TOTAL:
            zh, en = "类别不能叫“total”，该名用于合计行", "a category cannot be called 'total', the row of totals"
            yield check.error(("categories", position, "id"), "name.reserved", zh, en)
    if plan.unknown_category is not None and plan.unknown_category not in categories:
        yield _unknown(check, ("unknown_category",), ("类别", "category"), plan.unknown_category, categories)
    if plan.categories and plan.unknown_category is None:
        zh = "请用unknown_category写明哪一类收纳其他案件"
        en = "name with unknown_category the category that takes all other cases"
        yield check.error(("categories",), "category.no_other", zh, en)
    phases = [phase.id for phase in plan.phases]
    for position, gate in enumerate(plan.gates):
        if gate.phase is not None and gate.phase not in phases:
            yield _unknown(check, ("gates", position, "phase"), ("阶段", "phase"), gate.phase, phases)
    for position, form in enumerate(plan.forms):
        if form not in forms:
            yield _unknown(check, ("forms", position), ("表", "form"), form, sorted(forms))


def _unknown(check: _Check, path: KeyPath, what: tuple[str, str], name: str, known: Collection[str]) -> Problem:
    zh = f"没有{what[0]}“{name}”，已有：{'、'.join(known) or '无'}"
    return check.error(path, "name.unknown", zh, f"there is no {what[1]} {name!r}; known are {', '.join(known) or '-'}")


def _phases(plan: CampaignPlan, check: _Check) -> Iterator[Problem]:
    for position, phase in enumerate(plan.phases):
        place: KeyPath = ("phases", position, "ends_on")
        if _ends_before(phase):
            zh = f"{phase.zh}的结束日{phase.ends_on}早于开始日{phase.starts_on}，请改正其一"
            en = f"{phase.en} ends on {phase.ends_on}, before it starts on {phase.starts_on}; correct one of them"
            yield check.error(place, "phase.ends_before_start", zh, en)
        if not _lies_within(phase, plan):
            run = window_words((plan.starts_on, plan.ends_on))
            zh = f"{phase.zh}超出专项行动的起止日（{run.zh}）"
            en = f"{phase.en} reaches outside the campaign ({run.en})"
            yield check.remark(place, "phase.outside", zh, en)
        for earlier in plan.phases[:position]:
            if _overlap(earlier, phase):
                zh, en = f"{phase.zh}与{earlier.zh}日期重叠", f"{phase.en} overlaps {earlier.en}"
                yield check.remark(("phases", position, "starts_on"), "phase.overlap", zh, en)


def _ends_before(dated: Dated) -> bool:
    return dated.starts_on is not None and dated.ends_on is not None and dated.ends_on < dated.starts_on


def _is_inside(day: date, dated: Dated) -> bool:
    return (dated.starts_on is None or dated.starts_on <= day) and (dated.ends_on is None or day <= dated.ends_on)


def _lies_within(inner: Dated, outer: Dated) -> bool:
    return all(_is_inside(day, outer) for day in (inner.starts_on, inner.ends_on) if day is not None)


def _overlap(one: Dated, other: Dated) -> bool:
    """Whether they share a day; without all four days nobody can tell."""
    if one.starts_on is None or one.ends_on is None or other.starts_on is None or other.ends_on is None:
        return False
    return one.starts_on <= other.ends_on and other.starts_on <= one.ends_on


def _gates(plan: CampaignPlan, check: _Check) -> Iterator[Problem]:
    for position, gate in enumerate(plan.gates):
        opened_on, closed_on = plan.window_of(gate)
        if opened_on is not None and closed_on is not None and closed_on < opened_on:
            zh = f"“{gate.zh}”的截止日{closed_on}早于开放日{opened_on}，请改正其一"
            en = f"{gate.id} closes on {closed_on}, before it opens on {opened_on}; correct one of them"
            yield check.error(("gates", position), "gate.ends_before_start", zh, en)


def _obligations(plan: CampaignPlan, check: _Check, calendar: WorkingCalendar) -> Iterator[Problem]:
    for position, rule in enumerate(plan.obligations):
        for due in due_dates(plan, rule):
            due_on, obligation_id = due.due_on, due.id
            if due_on is None:
                continue
            if not _is_inside(due_on, plan):
                run = window_words((plan.starts_on, plan.ends_on))
                zh = f"{rule.zh}的期限{due_on}不在专项行动期间（{run.zh}）之内"
                en = f"{obligation_id} is due on {due_on}, outside the campaign ({run.en})"
                yield check.remark(("obligations", position), "obligation.outside", zh, en)
            if not calendar.is_working(due_on):
                zh = f"{rule.zh}的期限{due_on}是休息日，提醒将按此前最后一个工作日发出"
                en = f"{obligation_id} is due on a rest day, {due_on}; reminders go by the working day before it"
                yield check.remark(("obligations", position), "obligation.rest_day", zh, en)
