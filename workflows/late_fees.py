"""The late fee as arithmetic: what has accrued on a fine that is not paid in time; in fen. X2."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from engine.law_book import ParameterVersion

PER_CENT = 100
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Paid:
    """A payment towards the fine, received on that day."""

    on: date
    fen: int


@dataclass(frozen=True)
class Part:
    """So much of the fine, in time when paid on or before `due_on`."""

    due_on: date
    fen: int


@dataclass(frozen=True)
class Terms:
    """By when a fine is to be paid: whole, or in parts. In force from `from_on` on, `None`: from the start.

    Later terms name what was still owed when they were agreed; what had been paid before counts as paid.
    """

    parts: tuple[Part, ...]
    from_on: date | None = None

    def due_before(self, day: date) -> int:
        """How much of their parts had its last day before that day."""
        return sum(part.fen for part in self.parts if part.due_on < day)


@dataclass(frozen=True)
class Suspension:
    """Days for which no late fee accrues, both inclusive; `to_on` None: it goes on. 行政处罚法（2021） §73(3)."""

    from_on: date
    to_on: date | None = None

    def holds(self, day: date) -> bool:
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)


def late_fee(
    fine_fen: int,
    terms: Sequence[Terms],
    payments: Sequence[Paid],
    until: date,
    version: ParameterVersion,
    suspensions: Sequence[Suspension] = (),
) -> int:
    """What has accrued up to and including `until`: so many per cent a day of what is late, at most the fine itself.

    The first day late is the one after a part's last day; payments go to the earliest part first, and on the day of a
    payment its amount still counts as unpaid. Suspended days do not count. A fraction of a fen is dropped.
    行政处罚法（2021） §72(1), §73(3); 行政强制法 §45(2).
    """
    accrued = 0
    days = [day for day in _turning_days(terms, payments, suspensions) if day <= until]
    for first, following in pairwise([*days, until + ONE_DAY]):
        if not any(suspension.holds(first) for suspension in suspensions):
            accrued += late_on(fine_fen, terms, payments, first) * (following - first).days
    most = fine_fen * version.integer("most_percent") // PER_CENT
    return min(accrued * version.integer("percent_a_day") // PER_CENT, most)


def late_on(fine_fen: int, terms: Sequence[Terms], payments: Iterable[Paid], day: date) -> int:
    """How much of the fine is late on that day: its last day has passed, and it had not been paid before the day."""
    in_force = [t for t in terms if t.from_on is None or t.from_on <= day]
    if not in_force:
        return 0
    agreed = in_force[-1]
    settled_before = fine_fen - sum(part.fen for part in agreed.parts)
    return max(settled_before + agreed.due_before(day) - sum(p.fen for p in payments if p.on < day), 0)


def open_parts(terms: Terms, fine_fen: int, paid_fen: int) -> Iterator[tuple[Part, int]]:
    """Each part with what of it is unpaid, the earliest first; payments go to the earliest part."""
    left = paid_fen - (fine_fen - sum(part.fen for part in terms.parts))
    for part in terms.parts:
        yield part, max(part.fen - max(left, 0), 0)
        left -= part.fen


def _turning_days(terms: Iterable[Terms], payments: Iterable[Paid], suspensions: Iterable[Suspension]) -> list[date]:
    """The days from which something is otherwise than on the day before, in order; between them nothing changes."""
    days: set[date] = set()
    for agreed in terms:
        days |= {part.due_on + ONE_DAY for part in agreed.parts}
        days |= {agreed.from_on} if agreed.from_on is not None else set()
    days |= {payment.on + ONE_DAY for payment in payments}
    for suspension in suspensions:
        days |= {suspension.from_on} | ({suspension.to_on + ONE_DAY} if suspension.to_on is not None else set())
    return sorted(days)
