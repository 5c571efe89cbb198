"""Money rules as arithmetic: fine bands, late fee, what has been paid. Integer fen in, integer fen out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from engine.law_book import ParameterVersion

PER_CENT = 100


def yuan(fen: int) -> str:
    """An amount as people write it: 2,500.00."""
    return f"{fen // PER_CENT:,}.{fen % PER_CENT:02d}"


@dataclass(frozen=True)
class Band:
    """The least and the most that a fine may be, both inclusive. A fine of 0 is always lawful: 可以并处."""

    least_fen: int
    most_fen: int

    def holds(self, fine_fen: int) -> bool:
        return fine_fen == 0 or self.least_fen <= fine_fen <= self.most_fen


def fine_band(turnover_fen: int | None, version: ParameterVersion) -> Band | None:
    """The band for that illegal turnover (`None`: unknown or hard to calculate); `None` where no band is confirmed.

    From the threshold on (the threshold itself included) a multiple of the turnover, else up to a fixed amount.
    著作权法（2020） §53.
    """
    if not version.says("known"):
        return None
    if turnover_fen is not None and turnover_fen >= version.integer("turnover_from_fen"):
        return Band(turnover_fen * version.integer("times_least"), turnover_fen * version.integer("times_most"))
    return Band(0, version.integer("otherwise_most_fen"))


@dataclass(frozen=True)
class Paid:
    """A payment towards the fine, received on that day."""

    on: date
    fen: int


def late_fee(
    fine_fen: int, payments: Sequence[Paid], last_payment_on: date, until: date, version: ParameterVersion
) -> int:
    """What has accrued up to and including `until`: so many per cent a day of what is unpaid, at most the fine itself.

    The first day late is the one after the last day of payment; on the day of a payment its amount counts as unpaid
    still. 行政处罚法（2021） §72(1); 行政强制法 §45.
    """
    rate = version.integer("percent_a_day")
    most = fine_fen * version.integer("most_percent") // PER_CENT
    unpaid = fine_fen - sum(p.fen for p in payments if p.on <= last_payment_on)
    fee, counted_to = 0, last_payment_on
    for payment in sorted((p for p in payments if last_payment_on < p.on <= until), key=lambda p: p.on):
        fee += max(unpaid, 0) * rate * (payment.on - counted_to).days
        unpaid, counted_to = unpaid - payment.fen, payment.on
    if until > counted_to:
        fee += max(unpaid, 0) * rate * (until - counted_to).days
    return min(fee // PER_CENT, most)
