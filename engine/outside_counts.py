"""Figures from outside the system: how an entry of a campaign's book says one, and how much of them stands so far."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.ledger import campaign_book
from engine.store import Statement, Work
from engine.tallies import TALLY, Tally

COUNT = "count"


@dataclass(frozen=True)
class OutsideCount:
    """Who counted what nobody's case says: on which day, why, and on which paper (as `engine.evidence` keeps it)."""

    actor: str
    on: date
    reason: str
    paper: Mapping[str, Any]

    def document(self) -> dict[str, Any]:
        """As it stands beside the figure that it adds to."""
        return {
            "zh": "外部数字",
            "en": "from outside",
            "paper": dict(self.paper),
            "reason": self.reason,
            "by": self.actor,
            "on": self.on.isoformat(),
        }


def outside_count_from(actor: str, happened_on: str, body: str) -> OutsideCount:
    """The count that an entry of kind `count` says."""
    said = json.loads(body)
    return OutsideCount(actor, date.fromisoformat(happened_on), said["reason"], said["effects"]["paper"])


def counted_outside(work: Work, like: Tally) -> int:
    """What stands from outside so far in the campaign, measure, category, unit and month of that tally."""
    values = {
        "book_key": campaign_book(like.campaign),
        "campaign_key": like.campaign,
        "measure_key": like.measure,
        "category_key": like.category,
        "unit_key": like.unit,
        "period_key": like.period,
    }
    row = work.first(_SUM, values)
    return int(row[0]) if row is not None else 0


_SUM = Statement(
    lambda _: sa.select(sa.func.coalesce(sa.func.sum(TALLY.c.n), 0)).where(
        TALLY.c.book == sa.bindparam("book_key"),
        TALLY.c.campaign == sa.bindparam("campaign_key"),
        TALLY.c.measure == sa.bindparam("measure_key"),
        TALLY.c.category == sa.bindparam("category_key"),
        TALLY.c.unit == sa.bindparam("unit_key"),
        TALLY.c.period == sa.bindparam("period_key"),
    )
)
