"""How far cases came, by the steps on their trail: the stages that each reached, the day on which it ended. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engine.case_view import StepTaken
from engine.definitions import Definition
from reports.chart_values import Label, Point, Series

# The stages of the definitions that travel with the program; one of a local workflow is shown under its own name.
NAMES = {
    "intake": Label("线索与受理", "intake"),
    "verification": Label("核查", "verification"),
    "rectification": Label("约谈整改", "rectification"),
    "investigation": Label("立案调查", "investigation"),
    "penalty": Label("告知与处罚决定", "penalty"),
    "execution": Label("送达与执行", "execution"),
    "referral": Label("移送公安", "criminal referral"),
    "closure": Label("结案", "closure"),
    "held": Label("登记保存", "held"),
}


@dataclass(frozen=True)
class Course:
    """How a case went: its workflow, the campaign in which it counts and since when, every step on its trail."""

    case_no: str
    campaign: str
    workflow: str
    definition: str
    ended: bool
    since: date
    trail: tuple[StepTaken, ...]


def main_workflow(courses: Iterable[Course]) -> str | None:
    """The workflow of most of the cases; of equally many the first by name, None without a case."""
    counted = Counter(course.workflow for course in courses)
    return min(counted, key=lambda workflow: (-counted[workflow], workflow), default=None)


def stages_in(definitions: Iterable[Definition]) -> tuple[tuple[str, ...], Mapping[str, str]]:
    """The stages in the order in which the states name them, and the stage of every state; earlier definitions win."""
    stage_of: dict[str, str] = {}
    for definition in definitions:
        for name, state in definition.states.items():
            stage_of.setdefault(name, state.stage)
    return tuple(dict.fromkeys(stage_of.values())), stage_of


def reached(course: Course, stage_of: Mapping[str, str], until: date) -> frozenset[str]:
    """The stages of all states in which the case, or one of its parties, stood by the end of that day."""
    return frozenset(stage_of[step.dest] for step in course.trail if step.on <= until and step.dest in stage_of)


def funnel_series(
    id_: str,
    label: Label,
    courses: Collection[Course],
    stages: Sequence[str],
    stage_of: Mapping[str, str],
    until: date,
    *,
    before: bool = False,
) -> Series:
    """How many cases reached each stage, each case once per stage, however often it came there."""
    counted = Counter(stage for course in courses for stage in reached(course, stage_of, until))
    points = tuple(Point(stage, NAMES.get(stage, Label(stage, stage)), counted[stage]) for stage in stages)
    return Series(id_, label, points, before=before)


def closed_on(course: Course, ends: Collection[str]) -> date | None:
    """Since when an ended case stands in an end; of several parties that of the last. None while it is open."""
    if not course.ended:
        return None
    since: dict[int | None, date] = {}
    for step in course.trail:
        if step.dest not in ends:
            if step.party is None:
                since.clear()
            since.pop(step.party, None)
        elif step.party is not None or not since:
            since.setdefault(step.party, step.on)
    return max(since.values(), default=None)
