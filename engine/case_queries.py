"""Looks for cases and deadlines in a set of units: lists, counts, what is due. Reads only, off the step path."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.case_store import CASE, DEADLINE, IN_CAMPAIGN, PARTY
from engine.store import Work

OPEN_STATES = ("running", "paused")


@dataclass(frozen=True)
class CaseFilter:
    """What to look for; `None` does not narrow. `due_by` is the last day of the nearest open deadline (inclusive)."""

    units: Collection[str]
    state: str | None = None
    campaign: str | None = None
    due_by: date | None = None
    text: str | None = None


@dataclass(frozen=True)
class CaseLine:
    """A case in a list. `due_on` is its nearest open deadline; `provisional`, whether that day may still move."""

    case_no: str
    title: str
    state: str
    workflow: str
    definition: str
    unit: str
    holders: tuple[str, ...]
    due_on: date | None
    provisional: bool


def find_cases(work: Work, wanted: CaseFilter, limit: int) -> tuple[int, tuple[CaseLine, ...]]:
    """How many there are, and the first of them: those with the nearest date first, then by number."""
    due_on = _nearest_due()
    where = _conditions(wanted, due_on)
    total = work.connection.scalar(sa.select(sa.func.count()).select_from(CASE).where(*where)) or 0
    columns = (CASE.c.case_no, CASE.c.title, CASE.c.state, CASE.c.workflow, CASE.c.definition, CASE.c.unit)
    rows = work.connection.execute(
        sa.select(*columns, CASE.c.holders, due_on, _nearest_provisional())
        .where(*where)
        .order_by(due_on.is_(None), due_on, CASE.c.case_no)
        .limit(limit)
    )
    return int(total), tuple(_line(row) for row in rows)


def any_case_in(work: Work, state: str) -> bool:
    """Whether any case stands in that state, whichever workflow has it."""
    return work.connection.execute(sa.select(CASE.c.case_no).where(CASE.c.state == state).limit(1)).first() is not None


def open_cases_of(work: Work, units: Collection[str], limit: int) -> Sequence[str]:
    """The numbers of cases that have not ended, the nearest date first."""
    # Grouped once: asked for case by case, SQLite walks through all open deadlines for each of thousands of cases.
    nearest = (
        sa.select(DEADLINE.c.case_no, sa.func.min(DEADLINE.c.due_on).label("due_on"))
        .where(DEADLINE.c.state.in_(OPEN_STATES))
        .group_by(DEADLINE.c.case_no)
        .subquery()
    )
    rows = work.connection.execute(
        sa.select(CASE.c.case_no)
        .outerjoin_from(CASE, nearest, nearest.c.case_no == CASE.c.case_no)
        .where(CASE.c.unit.in_(sorted(units)), CASE.c.ended == 0)
        .order_by(nearest.c.due_on.is_(None), nearest.c.due_on, CASE.c.case_no)
        .limit(limit)
    )
    return [row[0] for row in rows]


def open_cases_by_state(work: Work, units: Collection[str], workflow: str) -> dict[str, int]:
    """How many cases of that workflow have not ended, by state; one in which none stands is left out."""
    rows = work.connection.execute(
        sa.select(CASE.c.state, sa.func.count())
        .where(CASE.c.unit.in_(sorted(units)), CASE.c.ended == 0, CASE.c.workflow == workflow)
        .group_by(CASE.c.state)
        .order_by(CASE.c.state)
    )
    return {state: int(n) for state, n in rows}


def _nearest_due() -> Any:
    return (
        sa.select(sa.func.min(DEADLINE.c.due_on))
        .where(DEADLINE.c.case_no == CASE.c.case_no, DEADLINE.c.state.in_(OPEN_STATES))
        .scalar_subquery()
    )


def _nearest_provisional() -> Any:
    return (
        sa.select(DEADLINE.c.provisional)
        .where(DEADLINE.c.case_no == CASE.c.case_no, DEADLINE.c.state.in_(OPEN_STATES))
        .order_by(DEADLINE.c.due_on, DEADLINE.c.provisional.desc())
        .limit(1)
        .scalar_subquery()
    )


def _conditions(wanted: CaseFilter, due_on: Any) -> list[Any]:
    where: list[Any] = [CASE.c.unit.in_(sorted(wanted.units))]
    if wanted.state is not None:
        where.append(CASE.c.state == wanted.state)
    if wanted.campaign is not None:
        where.append(
            sa.exists().where(IN_CAMPAIGN.c.case_no == CASE.c.case_no, IN_CAMPAIGN.c.campaign == wanted.campaign)
        )
    if wanted.due_by is not None:
        where.append(due_on <= wanted.due_by.isoformat())
    if wanted.text:
        named = sa.exists().where(
            PARTY.c.case_no == CASE.c.case_no, PARTY.c.name.contains(wanted.text, autoescape=True)
        )
        where.append(
            sa.or_(
                CASE.c.case_no.contains(wanted.text, autoescape=True),
                CASE.c.title.contains(wanted.text, autoescape=True),
                CASE.c.facts.contains(wanted.text, autoescape=True),
                named,
            )
        )
    return where


def _line(row: Any) -> CaseLine:
    case_no, title, state, workflow, definition, unit, holders, due_on, provisional = row
    return CaseLine(
        case_no,
        title,
        state,
        workflow,
        definition,
        unit,
        tuple(json.loads(holders)),
        date.fromisoformat(due_on) if due_on else None,
        bool(provisional),
    )
