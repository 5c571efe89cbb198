"""The shipped first version of law and workflows: reads it from the program's files and puts it into a store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine.canonical import content_hash
from engine.data_files import data_folder, read_yaml
from engine.documents import add_document, documents_in_force
from engine.holiday_years import read_holiday_year
from engine.ladder_checks import shipped_ladders
from engine.limit_checks import shipped_time_limits
from engine.parameter_checks import shipped_parameters
from engine.store import Work
from engine.time_limits import TimeLimit
from workflows.definition_files import shipped_definitions

WITH_THE_PROGRAM = "随程序发布 / shipped with the program"


@dataclass(frozen=True)
class Shipped:
    """One shipped document."""

    kind: str
    id: str
    content: Mapping[str, Any]


def shipped_documents() -> tuple[Shipped, ...]:
    """Everything that a new store begins with."""
    limits = shipped_time_limits()
    natures = {limit.id: limit.nature for limit in limits.values()}
    return (
        *_time_limits(limits.values()),
        *(Shipped("parameter", p.id, p.document()) for p in shipped_parameters().values()),
        *(Shipped("ladder", ladder.id, ladder.document()) for ladder in shipped_ladders().by_id.values()),
        *_holidays(),
        *(Shipped("workflow", d.workflow, d.as_document()) for d in shipped_definitions(natures).values()),
        *_forms(),
    )


def install(work: Work, *, author: str, at: datetime) -> None:
    """Put the shipped documents into a store; what is there already stays."""
    for shipped in shipped_documents():
        _add(work, shipped, author, at)


def install_missing(
    work: Work, *, author: str, at: datetime
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """Put those documents into an older store that it has in no version.

    Returns (kind, id) of what was added, and of rules that are shipped in another version than the one in force there;
    other versions of workflows are drafts (`shipped_versions.keep_shipped_drafts`).
    """
    there = documents_in_force(work)
    added, differing = [], []
    for shipped in shipped_documents():
        found = there.get((shipped.kind, shipped.id))
        if found is None:
            _add(work, shipped, author, at)
            added.append((shipped.kind, shipped.id))
        elif found.kind != "workflow" and found.hash != content_hash(shipped.content):
            differing.append((shipped.kind, shipped.id))
    return tuple(added), tuple(differing)


def _add(work: Work, shipped: Shipped, author: str, at: datetime) -> None:
    add_document(
        work,
        shipped.kind,
        shipped.id,
        shipped.content,
        effective_on=date(1990, 1, 1),
        author=author,
        reason=WITH_THE_PROGRAM,
        at=at,
    )


def _time_limits(limits: Iterable[TimeLimit]) -> Iterable[Shipped]:
    return (Shipped("time_limit", limit.id, limit.document()) for limit in limits)


def _holidays() -> Iterable[Shipped]:
    for path in sorted((data_folder() / "holidays").glob("*.yaml")):
        yield Shipped("holidays", path.stem, read_holiday_year(path).document())


def _forms() -> Iterable[Shipped]:
    # Forms are read by reports/, which stands above; the store keeps their plain content.
    for path in sorted((data_folder() / "forms").glob("*.yaml")):
        yield Shipped("form", path.stem, read_yaml(path).value)
