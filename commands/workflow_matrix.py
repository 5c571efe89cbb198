"""How the rights in a workflow, role by role and step by step, read as JSON and on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from commands.output import table, wrap
from commands.words import t
from engine.definitions import OPEN, Definition
from workflows.permissions import rights_of

OPENING = ("登记", "Open")


def matrix_document(definition: Definition) -> dict[str, Any]:
    """The rights as scripts read them."""
    return {
        "workflow": definition.workflow,
        "roles": [
            {"id": role, "zh": said.zh, "en": said.en, "from_above": said.from_above}
            for role, said in definition.roles.items()
        ],
        "steps": {
            step: {
                "zh": _name(definition, step)[0],
                "en": _name(definition, step)[1],
                "by": list(right.by),
                "not_by": list(right.not_by),
                "in_person": right.in_person,
                "confirmed": right.confirmed,
                "on_paper": right.on_paper,
            }
            for step, right in rights_of(definition).items()
        },
    }


def matrix_lines(definition: Definition) -> Iterator[str]:
    """The roles with their numbers, then one line per step with a mark under every role that may take it."""
    roles = list(definition.roles)
    yield from wrap(t(f"{definition.zh}（{definition.workflow}）", f"{definition.en} ({definition.workflow})"))
    numbered = [f"{place} {t(definition.roles[role].zh, role)}" for place, role in enumerate(roles, start=1)]
    yield from wrap(t("角色：", "Roles: ") + t("，", ", ").join(numbered), indent="    ")
    yield ""
    headers = (t("步骤", "step"), *(str(place) for place in range(1, len(roles) + 1)), "")
    rows = [
        (
            t(_name(definition, step)[0], step),
            *("x" if role in right.by else "" for role in roles),
            _marks(right.in_person, right.by),
        )
        for step, right in rights_of(definition).items()
    ]
    yield from table(headers, rows)


def _marks(in_person: bool, by: tuple[str, ...]) -> str:
    if not by:
        return t("自动发生", "by itself")
    return t("须本人", "in person") if in_person else ""


def _name(definition: Definition, step: str) -> tuple[str, str]:
    return OPENING if step == OPEN else (definition.steps[step].zh, definition.steps[step].en)
