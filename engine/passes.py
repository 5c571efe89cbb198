"""Passes in the store: one-time dated exceptions to a gate, granted for one step of one case or for one opening."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True)
class Counted:
    """A granted pass as the summary of its campaign counts it; `used_in` is the case that used it."""

    id: str
    unit: str
    case_no: str | None
    step: str
    asked_by: str
    granted_by: str
    reason: str
    until: date
    used_in: str | None

    def document(self) -> dict[str, Any]:
        return {**vars(self), "until": self.until.isoformat()}


def passes_of(work: Work, campaign: str) -> tuple[Counted, ...]:
    """Every pass granted in a campaign, by its number."""
    return tuple(
        Counted(id_, unit, case_no, step, asked_by, granted_by, reason, date.fromisoformat(until), used_in)
        for id_, unit, case_no, step, asked_by, granted_by, reason, until, used_in in work.all(
            _OF_CAMPAIGN, {"campaign_key": campaign}
        )
    )


_OF_CAMPAIGN = Statement(
    lambda _: (
        sa.select(
            PASS.c.id,
            PASS.c.unit,
            PASS.c.case_no,
            PASS.c.step,
            PASS.c.asked_by,
            PASS.c.granted_by,
            PASS.c.reason,
            PASS.c.until,
            PASS.c.used_in,
        )
        .where(PASS.c.campaign == sa.bindparam("campaign_key"))
        .order_by(PASS.c.id)
    )
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
