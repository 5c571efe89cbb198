"""Whether the staff of an office can carry a definition: somebody for each step, and apart where they must be. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from engine.definitions import OPEN, Definition, Step
from engine.people import People


def remarks_on_staff(definition: Definition, people: People, unit: str, on: date) -> Iterator[tuple[str, str]]:
    """What does not stop a workflow and somebody should know of, in both languages: steps that nobody in the unit may
    take, and steps that nobody may take because the only one for it must have taken another."""
    for step in definition.steps.values():
        if not step.by:
            continue
        takers = _holders(definition, people, step.by, unit, on)
        if not takers:
            yield (
                f"“{step.zh}”在本单位（{unit}）目前无人可以办理（{_roles(definition, step, 'zh')}）",
                f"nobody in {unit} may take {step.en} at present ({_roles(definition, step, 'en')})",
            )
            continue
        for other in step.not_by:
            by = definition.open.by if other == OPEN else definition.steps[other].by
            others = _holders(definition, people, by, unit, on)
            if len(others) == 1 and takers == others:
                zh, en = ("登记", OPEN) if other == OPEN else (definition.steps[other].zh, definition.steps[other].en)
                (only,) = takers
                yield (
                    f"“{step.zh}”与“{zh}”不得由同一人办理，而本单位（{unit}）目前都只有{people.person(only).zh}可以办理",
                    f"{step.en} and {en} need two people, and in {unit} only {only} may take either at present",
                )


def _holders(definition: Definition, people: People, by: tuple[str, ...], unit: str, on: date) -> frozenset[str]:
    return frozenset(
        holder.name
        for role in by
        for holder in people.holders(role, unit, on, from_above=definition.roles[role].from_above)
    )


def _roles(definition: Definition, step: Step, lang: str) -> str:
    names = [definition.roles[role] for role in step.by]
    return "、".join(role.zh for role in names) if lang == "zh" else ", ".join(role.en for role in names)
