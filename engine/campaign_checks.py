"""Reads a campaign file and says what contradicts itself: errors that stop loading, remarks that do not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from engine.campaign_date_checks import date_problems
from engine.campaign_name_checks import name_problems
from engine.campaign_owed_checks import WorkingCalendar, gate_problems, owed_problems
from engine.campaign_plan import CampaignPlan
from engine.campaign_problems import Finder
from engine.data_files import data_folder, read_yaml, validated
from engine.errors import FileWrong, Problem
from engine.parsed_file import Parsed

# What else somebody knows to be wrong with a plan.
More = Callable[[CampaignPlan, Finder], Iterable[Problem]]


def read_campaign(
    path: Path,
    calendar: WorkingCalendar | None = None,
    forms: Collection[str] | None = None,
    more: More | None = None,
) -> tuple[CampaignPlan, tuple[Problem, ...]]:
    """The plan in a file, with the remarks on it.

    `calendar` and `forms` are the working days and the ids of the known forms; left out, the shipped ones count.
    Raises FileWrong (every error, with line and both languages), NotFound, InputWrong.
    """
    return checked_campaign(read_yaml(path), calendar, forms, more)


def checked_campaign(
    parsed: Parsed,
    calendar: WorkingCalendar | None = None,
    forms: Collection[str] | None = None,
    more: More | None = None,
) -> tuple[CampaignPlan, tuple[Problem, ...]]:
    """As `read_campaign`, of what was read already. Raises FileWrong."""
    from engine.working_days import shipped_working_days

    plan = validated(CampaignPlan, parsed)
    known_forms = shipped_forms() if forms is None else forms
    problems = problems_of_plan(plan, parsed, calendar or shipped_working_days(), known_forms, more)
    errors = tuple(problem for problem in problems if not problem.remark)
    if errors:
        raise FileWrong(parsed.name, errors)
    return plan, problems


def shipped_forms() -> frozenset[str]:
    """Ids of the forms in `data/forms`."""
    return frozenset(file.stem for file in (data_folder() / "forms").glob("*.yaml"))


def problems_of_plan(
    plan: CampaignPlan,
    parsed: Parsed,
    calendar: WorkingCalendar,
    forms: Collection[str],
    more: More | None = None,
) -> tuple[Problem, ...]:
    """Everything that does not fit together, sorted by line."""
    find = Finder(parsed)
    found = [
        *date_problems(plan, find),
        *name_problems(plan, find, forms),
        *gate_problems(plan, find),
        *owed_problems(plan, find, calendar, forms),
        *(more(plan, find) if more is not None else ()),
    ]
    return tuple(sorted(found, key=lambda problem: (problem.line, problem.remark)))
