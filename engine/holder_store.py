"""Writes who holds a case and to whom it is offered, and looks for what somebody holds or is asked to take."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine.case_store import CASE
from engine.clock import shown_instant
from engine.store import Statement, Work, insert_on_conflict
from engine.tables import OfferRow

OFFER = OfferRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Offer:
    """A case that one of its holders would hand to somebody who has not answered yet."""

    case_no: str
    from_name: str
    to_name: str
    reason: str
    offered_at: str

    def document(self) -> dict[str, Any]:
        return {
            "from": self.from_name,
            "to": self.to_name,
            "reason": self.reason,
            "offered_at": shown_instant(self.offered_at),
        }


@dataclass(frozen=True)
class Asked:
    """An offer with what the one asked wants to know of the case."""

    offer: Offer
    title: str


def set_holders(work: Work, case_no: str, holders: Iterable[str]) -> None:
    """Write who holds the case from now on. The entry that says so must be written in the same transaction."""
    text = json.dumps(list(holders), ensure_ascii=False, separators=(",", ":"))
    work.run(_SET_HOLDERS, {"case_key": case_no, "names": text})


def save_offer(work: Work, offer: Offer) -> None:
    """Write an offer, in the place of an earlier one of the same case."""
    work.run(_SAVE_OFFER, vars(offer))


def remove_offer(work: Work, case_no: str) -> None:
    work.run(_REMOVE_OFFER, {"case_key": case_no})


def offer_of(work: Work, case_no: str) -> Offer | None:
    row = work.first(_OFFER_OF, {"case_key": case_no})
    return Offer(*row) if row is not None else None


def offers_to(work: Work, name: str) -> tuple[Asked, ...]:
    """What was offered to somebody by those who still hold it, the oldest first."""
    rows = work.all(_OFFERS_TO, {"name_key": name})
    return tuple(Asked(Offer(*row), title) for *row, title, holders in rows if row[1] in json.loads(holders))


def open_cases_held_by(work: Work, name: str) -> tuple[str, ...]:
    """The numbers of the cases that somebody holds and that have not ended, sorted."""
    quoted = json.dumps(name, ensure_ascii=False)
    rows = work.connection.execute(
        sa.select(CASE.c.case_no, CASE.c.holders)
        .where(CASE.c.ended == 0, CASE.c.holders.contains(quoted, autoescape=True))
        .order_by(CASE.c.case_no)
    )
    return tuple(case_no for case_no, holders in rows if name in json.loads(holders))


def _build_save_offer(dialect: str) -> sa.Executable:
    statement = insert_on_conflict(dialect, OFFER).values({c.name: sa.bindparam(c.name) for c in OFFER.columns})
    changing = [c.name for c in OFFER.columns if c.name != "case_no"]
    return statement.on_conflict_do_update(
        index_elements=["case_no"], set_={name: statement.excluded[name] for name in changing}
    )


_SET_HOLDERS = Statement(
    lambda _: sa.update(CASE).where(CASE.c.case_no == sa.bindparam("case_key")).values(holders=sa.bindparam("names"))
)
_SAVE_OFFER = Statement(_build_save_offer)
_REMOVE_OFFER = Statement(lambda _: sa.delete(OFFER).where(OFFER.c.case_no == sa.bindparam("case_key")))
_OFFER_OF = Statement(lambda _: sa.select(*OFFER.columns).where(OFFER.c.case_no == sa.bindparam("case_key")))
_OFFERS_TO = Statement(
    lambda _: (
        sa.select(*OFFER.columns, CASE.c.title, CASE.c.holders)
        .where(OFFER.c.to_name == sa.bindparam("name_key"), OFFER.c.case_no == CASE.c.case_no)
        .order_by(OFFER.c.offered_at, OFFER.c.case_no)
    )
)
