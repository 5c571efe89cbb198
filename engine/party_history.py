"""Finds the other cases of a case's parties and about its works, in whichever unit, for guards that need a history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from engine.case_links import CASE_WORK
from engine.case_store import CASE, PARTY, trail_from_json
from engine.case_view import CaseView, OtherCase, StepTaken
from engine.machine import Workflow
from engine.respondent_store import RESPONDENT
from engine.store import Statement, Work


def history_for(work: Work, case: CaseView, workflow: Workflow, steps: Iterable[str]) -> tuple[OtherCase, ...]:
    """The other cases of the case's parties and works, if a guard of one of those steps needs them; else none."""
    if "history" not in workflow.needs(steps):
        return ()
    return other_cases_of(work, case.case_no)


def other_cases_of(work: Work, case_no: str) -> tuple[OtherCase, ...]:
    """Every other case of one of the parties, or about one of the works, by number.

    A party is the same when it is the same respondent, also where two turned out to be one; where its name is the very
    same in the same part (two people may share a name: whoever relies on this says whose case it is). A blank name is
    nobody's.
    """
    rows = work.all(_OTHERS, {"case_key": case_no})
    own: dict[str, set[int]] = defaultdict(set)
    theirs: dict[str, set[int]] = defaultdict(set)
    works: set[str] = set()
    told: dict[str, tuple[str, str, str]] = {}
    for no, workflow, unit, trail, own_no, their_no in rows:
        told[no] = (workflow, unit, trail)
        if own_no is None:
            works.add(no)
        else:
            own[no].add(own_no)
            theirs[no].add(their_no)
    return tuple(
        OtherCase(
            no, workflow, unit, _concerning(trail_from_json(trail), theirs[no]), tuple(sorted(own[no])), no in works
        )
        for no, (workflow, unit, trail) in sorted(told.items())
    )


def _concerning(trail: tuple[StepTaken, ...], parties: set[int]) -> tuple[StepTaken, ...]:
    """What was done for those parties or for all; where only the work is the same, everything."""
    if not parties:
        return trail
    return tuple(taken for taken in trail if taken.party is None or taken.party in parties)


def _build_others(_dialect: str) -> sa.Executable:
    """One row per other case and pair of parties that are the same, and one per case about the same work.

    Each way to be the same goes by an index of its own.
    """
    ways = (_by_name(), _by_respondent(same_as=False), _by_respondent(same_as=True), _by_work())
    found = sa.union(*ways).subquery("found")
    return (
        sa.select(CASE.c.case_no, CASE.c.workflow, CASE.c.unit, CASE.c.trail, found.c.own_no, found.c.their_no)
        .join(found, found.c.case_no == CASE.c.case_no)
        .order_by(CASE.c.case_no)
    )


def _by_name() -> sa.Select[Any]:
    own, same = PARTY.alias("own"), PARTY.alias("same")
    mine, theirs = RESPONDENT.alias("mine"), RESPONDENT.alias("theirs")
    # Where their numbers differ they are two, whatever they are called.
    two = sa.and_(mine.c.number.is_not(None), theirs.c.number.is_not(None), mine.c.number != theirs.c.number)
    return (
        sa.select(same.c.case_no, own.c.party_no.label("own_no"), same.c.party_no.label("their_no"))
        .select_from(
            own.join(same, sa.and_(same.c.name == own.c.name, same.c.part == own.c.part))
            .outerjoin(mine, mine.c.id == own.c.respondent)
            .outerjoin(theirs, theirs.c.id == same.c.respondent)
        )
        .where(
            own.c.case_no == sa.bindparam("case_key"),
            same.c.case_no != own.c.case_no,
            sa.func.trim(own.c.name) != sa.literal(""),
            sa.not_(sa.func.coalesce(two, sa.false())),
        )
    )


def _by_respondent(*, same_as: bool) -> sa.Select[Any]:
    """By the very same row, or by one that turned out to be the same."""
    own, same = PARTY.alias("own"), PARTY.alias("same")
    mine, theirs = RESPONDENT.alias("mine"), RESPONDENT.alias("theirs")
    known = sa.func.coalesce(mine.c.same_as, mine.c.id)
    return (
        sa.select(same.c.case_no, own.c.party_no.label("own_no"), same.c.party_no.label("their_no"))
        .select_from(
            own.join(mine, mine.c.id == own.c.respondent)
            .join(theirs, (theirs.c.same_as if same_as else theirs.c.id) == known)
            .join(same, same.c.respondent == theirs.c.id)
        )
        .where(own.c.case_no == sa.bindparam("case_key"), same.c.case_no != own.c.case_no)
    )


def _by_work() -> sa.Select[Any]:
    here, there = CASE_WORK.alias("here"), CASE_WORK.alias("there")
    nobody = sa.cast(sa.null(), sa.Integer)
    return (
        sa.select(there.c.case_no, nobody.label("own_no"), nobody.label("their_no"))
        .select_from(here.join(there, there.c.work == here.c.work))
        .where(here.c.case_no == sa.bindparam("case_key"), there.c.case_no != here.c.case_no)
    )


_OTHERS = Statement(_build_others)
