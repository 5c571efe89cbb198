"""Which role may take which step of a workflow, read from its definition; the opening is a step like the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.definitions import OPEN, Definition


@dataclass(frozen=True)
class Right:
    """Who takes a step: roles, none where it happens by itself.

    `not_by` are the steps that bar whoever had a part in them, `in_person` says that nobody may stand in, `confirmed`
    that the one who takes it proves once more who he is, `on_paper` that another may type what he signed.
    """

    by: tuple[str, ...]
    not_by: tuple[str, ...] = ()
    in_person: bool = False
    confirmed: bool = False
    on_paper: bool = False


def rights_of(definition: Definition) -> Mapping[str, Right]:
    """The right of every step, in the order of the definition, the opening first."""
    steps = {
        name: Right(step.by, step.not_by, step.in_person, step.confirmed, step.on_paper)
        for name, step in definition.steps.items()
    }
    return {OPEN: Right(definition.open.by), **steps}


def who_may(definition: Definition, groups: Mapping[str, Iterable[str]]) -> dict[str, dict[str, bool]]:
    """Of each group of steps, which role may take all of them: {group: {role: may}}. Raises KeyError for no step."""
    rights = rights_of(definition)
    return {
        group: {role: all(role in rights[step].by for step in steps) for role in definition.roles}
        for group, steps in ((name, tuple(steps)) for name, steps in groups.items())
    }
