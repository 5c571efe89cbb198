"""Passes in the store: one-time dated exceptions to a gate, granted for one step of one case or for one opening."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.case_view import GatePass
from engine.store import Statement, Work
from engine.tables import PassRow

PASS = PassRow.__table__  # type: ignore[attr-defined]


def write_pass(work: Work, values: dict[str, Any]) -> None:
    """Keep a granted pass."""
    work.run(_INSERT, {**values, "used_in": None})


def opening_passes(work: Work, campaign: str, unit: str) -> tuple[GatePass, ...]:
    """The unused passes for opening a case under a campaign in a unit."""
    return tuple(
        GatePass(id_, campaign, "open", date.fromisoformat(until))
        for id_, until in work.all(_FOR_OPENING, {"campaign_key": campaign, "unit_key": unit})
    )


_INSERT = Statement(lambda _: sa.insert(PASS).values({c.name: sa.bindparam(c.name) for c in PASS.columns}))
_FOR_OPENING = Statement(
    lambda _: (
        sa.select(PASS.c.id, PASS.c.until)
        .where(
            PASS.c.campaign == sa.bindparam("campaign_key"),
            PASS.c.unit == sa.bindparam("unit_key"),
            PASS.c.case_no.is_(None),
            PASS.c.used_in.is_(None),
        )
        .order_by(PASS.c.until, PASS.c.id)
    )
)
