"""Finds the other cases of a case's parties, in whichever unit they are, for guards that need a history."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from engine.case_store import CASE, PARTY, trail_from_json
from engine.case_view import CaseView, OtherCase
from engine.machine import Workflow
from engine.store import Statement, Work


def history_for(work: Work, case: CaseView, workflow: Workflow, steps: Iterable[str]) -> tuple[OtherCase, ...]:
    """The other cases of the case's parties, in one read, if a guard of one of those steps needs them; else none."""
    if "history" not in workflow.needs(steps) or not case.parties:
        return ()
    return other_cases_of(work, case.case_no)


def other_cases_of(work: Work, case_no: str) -> tuple[OtherCase, ...]:
    """Every other case in which somebody of the very same name has the same part, by number.

    A blank name is nobody's. Two people may share a name: whoever relies on this says whose case it is.
    """
    rows = work.all(_OTHERS, {"case_key": case_no})
    return tuple(OtherCase(no, workflow, unit, trail_from_json(trail)) for no, workflow, unit, trail in rows)


def _build_others(_dialect: str) -> sa.Executable:
    own, same = PARTY.alias("own"), PARTY.alias("same")
    numbers = (
        sa.select(same.c.case_no)
        .join(own, sa.and_(own.c.name == same.c.name, own.c.part == same.c.part))
        .where(
            own.c.case_no == sa.bindparam("case_key"),
            same.c.case_no != own.c.case_no,
            sa.func.trim(own.c.name) != sa.literal(""),
        )
    )
    return (
        sa.select(CASE.c.case_no, CASE.c.workflow, CASE.c.unit, CASE.c.trail)
        .where(CASE.c.case_no.in_(numbers))
        .order_by(CASE.c.case_no)
    )


_OTHERS = Statement(_build_others)
