"""Reads what charts are made of: sums of tallies by unit and month, and how the cases of a campaign went."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import sqlalchemy as sa

from engine.case_store import CASE, IN_CAMPAIGN, trail_from_json
from engine.store import Statement, Work
from engine.tallies import TALLY
from reports.chart_stages import Course
from reports.tally_store import in_list, listed

Sums: TypeAlias = dict[tuple[str, str, str, str], int]  # by campaign, unit, month, measure


@dataclass(frozen=True)
class Asked:
    """Of which campaign, up to which day inclusive."""

    campaign: str
    until: date


def sums_in(work: Work, asked: Collection[Asked], units: Collection[str], measures: Collection[str]) -> Sums:
    """The sums of those measures, in one statement. At most two campaigns; what was never counted is missing."""
    values = {**_values(asked, units), "measure_list": listed(measures)}
    return {(campaign, unit, period, measure): int(n) for campaign, unit, period, measure, n in work.all(_SUMS, values)}


def courses_in(work: Work, asked: Collection[Asked], units: Collection[str]) -> tuple[Course, ...]:
    """The cases that counted in those campaigns by those days, in one statement. At most two campaigns."""
    return tuple(
        Course(case_no, campaign, workflow, definition, bool(ended), date.fromisoformat(since), trail_from_json(trail))
        for case_no, campaign, workflow, definition, ended, since, trail in work.all(_COURSES, _values(asked, units))
    )


def _values(asked: Collection[Asked], units: Collection[str]) -> dict[str, str]:
    """A campaign that is not asked for goes by a name that none has."""
    first, second = [(one.campaign, one.until.isoformat()) for one in asked] + [("", "")] * (2 - len(asked))
    return {
        "first_key": first[0],
        "first_on": first[1],
        "second_key": second[0],
        "second_on": second[1],
        "unit_list": listed(units),
    }


def _asked(campaign: sa.ColumnElement[str], on: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    return sa.or_(
        *(
            sa.and_(campaign == sa.bindparam(f"{which}_key"), on <= sa.bindparam(f"{which}_on"))
            for which in ("first", "second")
        )
    )


_SUMS = Statement(
    lambda dialect: (
        sa.select(TALLY.c.campaign, TALLY.c.unit, TALLY.c.period, TALLY.c.measure, sa.func.sum(TALLY.c.n))
        .where(
            _asked(TALLY.c.campaign, TALLY.c.happened_on),
            in_list(dialect, TALLY.c.unit, "unit_list"),
            in_list(dialect, TALLY.c.measure, "measure_list"),
        )
        .group_by(TALLY.c.campaign, TALLY.c.unit, TALLY.c.period, TALLY.c.measure)
    )
)
_COURSES = Statement(
    lambda dialect: (
        sa.select(
            CASE.c.case_no,
            IN_CAMPAIGN.c.campaign,
            CASE.c.workflow,
            CASE.c.definition,
            CASE.c.ended,
            IN_CAMPAIGN.c.since,
            CASE.c.trail,
        )
        .join_from(CASE, IN_CAMPAIGN, IN_CAMPAIGN.c.case_no == CASE.c.case_no)
        .where(_asked(IN_CAMPAIGN.c.campaign, IN_CAMPAIGN.c.since), in_list(dialect, CASE.c.unit, "unit_list"))
        .order_by(CASE.c.case_no)
    )
)
