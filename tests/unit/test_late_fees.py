"""The late fee: 3 % a day of what is late, suspended days left out, by instalments, never above the fine. X2."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from builders import day, law
from hypothesis import given
from hypothesis import strategies as st

from workflows.late_fees import Paid, Part, Suspension, Terms, late_fee, late_on, open_parts

YUAN = 100
FINE = 50_000 * YUAN
LAST_DAY = day("2026-01-04")
WHOLE = (Terms((Part(LAST_DAY, FINE),)),)
PENDING = Suspension(day("2026-01-15"), day("2026-02-24"))  # 41 days, both inclusive
VERSION = law().parameter_on("late_fee", day("2026-01-05"))


def fee(
    until: str,
    *payments: Paid,
    terms: Sequence[Terms] = WHOLE,
    suspensions: Sequence[Suspension] = (),
    fine: int = FINE,
) -> int:
    return late_fee(fine, terms, payments, day(until), VERSION, suspensions)


ROWS = [  # paid on, reconsideration pending, days late, fee in yuan: legal-deadlines §8.2
    ("2026-01-04", False, 0, 0),
    ("2026-01-05", False, 1, 1_500),
    ("2026-01-20", False, 16, 24_000),
    ("2026-02-06", False, 33, 49_500),
    ("2026-02-07", False, 34, 50_000),  # capped, it would be 51,000
    ("2026-03-10", False, 65, 50_000),
    ("2026-03-10", True, 65 - 41, 36_000),
]


@pytest.mark.parametrize(("paid_on", "pending", "days_late", "yuan"), ROWS)
def test_the_late_fee_is_that_of_the_table(paid_on: str, pending: bool, days_late: int, yuan: int) -> None:
    suspensions = (PENDING,) if pending else ()

    unpaid = fee(paid_on, suspensions=suspensions)
    paid = fee("2026-12-31", Paid(day(paid_on), FINE), suspensions=suspensions)

    assert unpaid == yuan * YUAN == min(days_late * 1_500, 50_000) * YUAN
    assert paid == yuan * YUAN  # it stops growing with the payment


def test_before_and_after_july_2021_the_fee_is_the_same() -> None:
    """行政处罚法（1996） §51, （2021） §72(1)."""
    old, new = (law().parameter_on("late_fee", day(on)) for on in ("2021-07-14", "2021-07-15"))

    assert old.values == new.values
    assert old.basis != new.basis


SUSPENDED = [  # first and last day not counted, fee in yuan by 2026-01-20 (16 days late without it)
    ("2026-01-01", "2026-01-04", 24_000),  # before anything is late
    ("2026-01-04", "2026-01-05", 22_500),  # one late day: the fifth
    ("2026-01-05", "2026-01-05", 22_500),
    ("2026-01-20", "2026-01-20", 22_500),  # the last of the late days
    ("2026-01-20", None, 22_500),
    ("2026-01-05", None, 0),  # it goes on
    ("2026-01-21", None, 24_000),
]


@pytest.mark.parametrize(("first", "last", "yuan"), SUSPENDED)
def test_both_ends_of_a_suspension_are_not_counted(first: str, last: str | None, yuan: int) -> None:
    suspension = Suspension(day(first), day(last) if last else None)

    assert fee("2026-01-20", suspensions=(suspension,)) == yuan * YUAN


def test_days_suspended_twice_are_left_out_once() -> None:
    """Reconsideration on the 6th to the 10th, suit from the 10th to the 12th: seven days of sixteen."""
    twice = (Suspension(day("2026-01-06"), day("2026-01-10")), Suspension(day("2026-01-10"), day("2026-01-12")))

    assert fee("2026-01-20", suspensions=twice) == 9 * 1_500 * YUAN


def test_a_part_paid_in_time_carries_no_late_fee() -> None:
    """Ten days on the unpaid 20,000 of 50,000: 20,000 × 3 % × 10."""
    assert fee("2026-01-14", Paid(LAST_DAY, 30_000 * YUAN)) == 6_000 * YUAN


def test_a_part_paid_late_carries_it_up_to_the_day_of_its_payment() -> None:
    """50,000 for four days (5th to 8th), then 20,000 for two: 6,000 + 1,200."""
    assert fee("2026-01-10", Paid(day("2026-01-08"), 30_000 * YUAN)) == 7_200 * YUAN


# 20,000 by Monday 2026-02-02 and 30,000 by Monday 2026-03-02, agreed on the last day itself.
IN_PARTS = (*WHOLE, Terms((Part(day("2026-02-02"), 20_000 * YUAN), Part(day("2026-03-02"), 30_000 * YUAN)), LAST_DAY))
PARTS = [  # until, payments, fee in yuan
    ("2026-02-02", [], 0),
    ("2026-02-03", [], 600),  # 20,000 × 3 %
    ("2026-03-02", [], 28 * 600),
    ("2026-03-03", [], 28 * 600 + 1_500),  # now both parts
    ("2026-12-31", [], 50_000),  # capped at the fine, not at a part
    ("2026-12-31", [("2026-02-02", 20_000), ("2026-03-02", 30_000)], 0),
    ("2026-02-10", [("2026-02-02", 15_000)], 8 * 150),  # 5,000 of the first part is late
    ("2026-02-10", [("2026-02-05", 25_000)], 3 * 600),  # the earliest part first, the rest for the second
    ("2026-03-03", [("2026-02-02", 25_000)], 750),  # 25,000 of the second part is open
]


@pytest.mark.parametrize(("until", "paid", "yuan"), PARTS)
def test_each_instalment_is_late_by_itself(until: str, paid: list[tuple[str, int]], yuan: int) -> None:
    payments = [Paid(day(on), amount * YUAN) for on, amount in paid]

    assert fee(until, *payments, terms=IN_PARTS) == yuan * YUAN


def test_what_was_late_before_the_instalments_were_allowed_stays_late() -> None:
    """Six days (5th to 10th), allowed on the 11th; the first part is late from 3 February on."""
    agreed = Terms(IN_PARTS[1].parts, day("2026-01-11"))

    assert fee("2026-01-10", terms=(*WHOLE, agreed)) == 9_000 * YUAN
    assert fee("2026-02-02", terms=(*WHOLE, agreed)) == 9_000 * YUAN
    assert fee("2026-02-04", terms=(*WHOLE, agreed)) == (9_000 + 2 * 600) * YUAN


def test_what_was_paid_before_the_instalments_is_not_asked_for_again() -> None:
    paid = Paid(day("2026-01-02"), 30_000 * YUAN)
    agreed = Terms((Part(day("2026-02-02"), 10_000 * YUAN), Part(day("2026-03-02"), 10_000 * YUAN)), day("2026-01-05"))

    assert fee("2026-02-02", paid, terms=(*WHOLE, agreed)) == 0
    assert late_on(FINE, (*WHOLE, agreed), (paid,), day("2026-02-03")) == 10_000 * YUAN
    assert [left for _, left in open_parts(agreed, FINE, 35_000 * YUAN)] == [5_000 * YUAN, 10_000 * YUAN]


def test_later_terms_take_the_place_of_earlier_ones() -> None:
    again = Terms((Part(day("2026-04-01"), FINE),), day("2026-02-02"))

    assert fee("2026-04-01", terms=(*IN_PARTS, again)) == 0
    assert fee("2026-04-02", terms=(*IN_PARTS, again)) == 1_500 * YUAN


def test_without_terms_nothing_is_late() -> None:
    """The decision is not served yet."""
    assert fee("2026-12-31", terms=()) == 0


def test_a_fraction_of_a_fen_is_dropped() -> None:
    """3 % of 33 fen is 0.99 fen; over two days 1.98, one whole fen."""
    terms = (Terms((Part(LAST_DAY, 33),)),)

    assert fee("2026-01-05", terms=terms, fine=33) == 0
    assert fee("2026-01-06", terms=terms, fine=33) == 1


# --- properties -------------------------------------------------------------------------------------------------------

some_days = st.integers(-10, 200).map(lambda n: LAST_DAY + timedelta(days=n))


@st.composite
def owed(draw: st.DrawFn) -> tuple[int, tuple[Terms, ...], tuple[Suspension, ...]]:
    """A fine, by when it is to be paid, and the days for which nothing accrues."""
    amounts = draw(st.lists(st.integers(1, 10**9), min_size=1, max_size=4))
    days = sorted(draw(st.sets(some_days, min_size=len(amounts), max_size=len(amounts))))
    fine = sum(amounts)
    terms = [Terms((Part(LAST_DAY, fine),))]
    if len(amounts) > 1:
        parts = tuple(Part(on, fen) for on, fen in zip(days, amounts, strict=True))
        terms.append(Terms(parts, draw(some_days)))
    suspensions = []
    for first in draw(st.lists(some_days, max_size=2)):
        length = draw(st.none() | st.integers(0, 60))
        suspensions.append(Suspension(first, None if length is None else first + timedelta(days=length)))
    return fine, tuple(terms), tuple(suspensions)


@given(owed(), st.lists(st.tuples(some_days, st.integers(1, 10**9)), max_size=3), some_days)
def test_the_fee_equals_counting_day_by_day(
    owing: tuple[int, tuple[Terms, ...], tuple[Suspension, ...]], paid: list[tuple[date, int]], until: date
) -> None:
    """The oracle walks every day and every part, paying the earliest part first."""
    fine, terms, suspensions = owing
    payments = [Paid(on, fen) for on, fen in paid]
    hundredths, on = 0, LAST_DAY - timedelta(days=20)
    while on <= until:
        if not any(s.from_on <= on and (s.to_on is None or on <= s.to_on) for s in suspensions):
            agreed = [t for t in terms if t.from_on is None or t.from_on <= on][-1]
            left = sum(p.fen for p in payments if p.on < on)
            for part in agreed.parts:
                covered = min(left, part.fen)
                left -= covered
                if part.due_on < on:
                    hundredths += (part.fen - covered) * 3
        on += timedelta(days=1)

    assert late_fee(fine, terms, payments, until, VERSION, suspensions) == min(hundredths // 100, fine)


@given(owed(), some_days, st.integers(0, 60))
def test_the_fee_never_shrinks_with_time_nor_exceeds_the_fine(
    owing: tuple[int, tuple[Terms, ...], tuple[Suspension, ...]], until: date, more: int
) -> None:
    fine, terms, suspensions = owing

    sooner = late_fee(fine, terms, (), until, VERSION, suspensions)
    later = late_fee(fine, terms, (), until + timedelta(days=more), VERSION, suspensions)

    assert 0 <= sooner <= later <= fine


@given(owed(), some_days, st.integers(0, 60))
def test_whoever_pays_later_never_owes_less(
    owing: tuple[int, tuple[Terms, ...], tuple[Suspension, ...]], paid_on: date, more: int
) -> None:
    fine, terms, suspensions = owing
    end = day("2027-12-31")

    sooner = late_fee(fine, terms, [Paid(paid_on, fine)], end, VERSION, suspensions)
    later = late_fee(fine, terms, [Paid(paid_on + timedelta(days=more), fine)], end, VERSION, suspensions)

    assert sooner <= later


@given(owed(), some_days, some_days, st.integers(0, 60))
def test_a_suspension_never_raises_the_fee(
    owing: tuple[int, tuple[Terms, ...], tuple[Suspension, ...]], until: date, first: date, length: int
) -> None:
    fine, terms, suspensions = owing
    more = (*suspensions, Suspension(first, first + timedelta(days=length)))

    assert late_fee(fine, terms, (), until, VERSION, more) <= late_fee(fine, terms, (), until, VERSION, suspensions)
