"""Reads the cases of a campaign as values, all of them in the same few statements. Off the step path."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.case_queries import OPEN_STATES
from engine.case_store import (
    CAMPAIGN_COLUMNS,
    CASE,
    CASE_COLUMNS,
    DEADLINE,
    IN_CAMPAIGN,
    PARTY,
    PARTY_COLUMNS,
    view_from,
)
from engine.case_view import CaseView
from engine.store import Work

DUTY = "duty"


def cases_in_campaign(
    work: Work, campaign: str, units: Collection[str], last_on: date, due: tuple[date, date]
) -> tuple[CaseView, ...]:
    """The cases of those units that counted in the campaign on `last_on` or before, in the order in which they came in.

    Each comes with its parties and campaigns, and of its deadlines only with the open duties that are due from the
    first to the last day of `due`, both inclusive; with no passes and no child cases. Four statements.
    """
    which = _which(campaign, units, last_on)
    rows = work.connection.execute(
        sa.select(*CASE.columns)
        .join_from(CASE, IN_CAMPAIGN, _joined())
        .where(*which)
        .order_by(IN_CAMPAIGN.c.since, CASE.c.case_no)
    ).all()
    if not rows:
        return ()
    parties = _by_case(work, _beside(PARTY, PARTY_COLUMNS, which))
    campaigns = _by_case(work, _other_campaigns(which))
    open_duties = sa.and_(
        DEADLINE.c.nature == DUTY,
        DEADLINE.c.state.in_(OPEN_STATES),
        DEADLINE.c.due_on.between(due[0].isoformat(), due[1].isoformat()),
    )
    duties = _by_case(work, _beside(DEADLINE, list(DEADLINE.columns), [*which, open_duties]))
    found = (dict(zip(CASE_COLUMNS, row, strict=True)) for row in rows)
    return tuple(view_from(v, parties[v["case_no"]], campaigns[v["case_no"]], duties[v["case_no"]]) for v in found)


def _which(campaign: str, units: Collection[str], last_on: date) -> list[sa.ColumnElement[bool]]:
    return [
        IN_CAMPAIGN.c.campaign == campaign,
        IN_CAMPAIGN.c.since <= last_on.isoformat(),
        CASE.c.unit.in_(sorted(units)),
    ]


def _joined() -> sa.ColumnElement[bool]:
    joined: sa.ColumnElement[bool] = IN_CAMPAIGN.c.case_no == CASE.c.case_no
    return joined


def _beside(table: sa.Table, columns: Sequence[Any], which: Sequence[Any]) -> sa.Select[Any]:
    """Rows of another table that belong to the cases, each behind the number of its case."""
    return (
        sa.select(CASE.c.case_no.label("of_case"), *columns)
        .join_from(CASE, IN_CAMPAIGN, _joined())
        .join(table, table.c.case_no == CASE.c.case_no)
        .where(*which)
    )


def _other_campaigns(which: Sequence[Any]) -> sa.Select[Any]:
    """Every campaign in which the cases count, the one asked for among them."""
    each = IN_CAMPAIGN.alias("each_campaign")
    return _beside(each, [each.c[column.name] for column in CAMPAIGN_COLUMNS], which)


def _by_case(work: Work, select: sa.Select[Any]) -> Mapping[str, list[tuple[Any, ...]]]:
    found: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for case_no, *values in work.connection.execute(select):
        found[case_no].append(tuple(values))
    return found
