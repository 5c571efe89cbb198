"""Where the workflow that a command names comes from: the store, without a store the program, or a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from commands.rules_here import office_or_none
from engine.definitions import Definition
from engine.errors import NotFound, Remedy
from engine.limit_checks import shipped_time_limits
from engine.time_limits import TimeLimit
from workflows import guards
from workflows.definition_files import read_definition, shipped_definitions

FILES = (".yaml", ".yml")


def definitions_here() -> dict[str, Definition]:
    """Those of the store; without a store those shipped."""
    office = office_or_none()
    if office is not None:
        return office.definitions()
    guards.known()
    return shipped_definitions(natures_here())


def definition_here(workflow_id: str) -> Definition:
    """Raises NotFound with the workflows there are."""
    found = definitions_here()
    definition = found.get(workflow_id)
    if definition is None:
        names = sorted(found)
        raise NotFound(
            "workflow.unknown",
            f"没有流程“{workflow_id}”",
            f"there is no workflow {workflow_id!r}",
            Remedy(f"现有：{'、'.join(names)}", f"there are: {', '.join(names)}", "anjuan workflow list"),
        )
    return definition


def definition_named(named: str) -> Definition:
    """A workflow by its id, or the file of one, proved. Raises NotFound, FileWrong."""
    file = Path(named)
    return read_definition(file, natures_here()) if file.suffix.lower() in FILES else definition_here(named)


def limits_here() -> Mapping[str, TimeLimit]:
    """Every time limit by its id, by the law of the store; without a store by the law that is shipped."""
    office = office_or_none()
    return shipped_time_limits() if office is None else office.law.limits


def natures_here() -> dict[str, str]:
    """The nature of every time limit."""
    return {limit.id: limit.nature for limit in limits_here().values()}
