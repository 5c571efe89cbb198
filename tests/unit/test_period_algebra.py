"""Budget, pauses, extensions and new starts: whatever is done to a limit, nothing is lost and nothing is won.

10,000 random courses of up to 40 acts. The oracle is a walk over single days that knows nothing of `engine.periods`;
working days are asked of the `chinesecalendar` library.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import chinese_calendar
import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from engine.courses import Course, course_from_text, course_of, course_text
from engine.deadline_turns import begun_anew, extended, paused, resumed
from engine.deadlines import Deadline, Terms, derived, period_of
from engine.period_values import Basis, Extension, Length, Pause, Restart, Unit
from engine.spending import spent
from engine.working_days import shipped_working_days

CALENDAR = shipped_working_days()
ONE_DAY = timedelta(days=1)
FIRST = date(2015, 1, 1)
WHY = Basis("ground", "依据", "ground", "理由", "head", "某法第一条")
SEQUENCES, SHARDS, ACTS = 10_000, 4, 40


def a_deadline(length: str, start: date, roll: str = "none") -> Deadline:
    terms = Terms("limit", "期限", "limit", ((length, roll),), "later", "某法", "V1", False, "hash", ())
    blank = Deadline("limit", "limit", "duty", start, None, terms, Course(start), start, None, False)
    return derived(blank, CALENDAR)


@dataclass
class Model:
    """The same course, kept as plain facts: what counts, what was granted, which days are left out."""

    unit: Unit
    budget: int
    start: date
    granted: int = 0
    left_out: set[date] = field(default_factory=set)
    pause_from: date | None = None

    def counts(self, day: date) -> bool:
        worked = self.unit != "wd" or chinese_calendar.is_workday(day)
        return worked and day not in self.left_out

    def walked(self) -> Iterator[date]:
        """The days that count, one after another, until everything is used up."""
        day, left = self.start, self.budget + self.granted
        while left:
            day += ONE_DAY
            if self.counts(day):
                left -= 1
                yield day


def acts_in(data: bytes) -> Iterator[tuple[str, int]]:
    kinds = ("pause", "resume", "extend", "pause", "resume", "restart", "extend")
    for position in range(0, len(data) - 1, 2):
        yield kinds[data[position] % len(kinds)], data[position + 1]


def played(deadline: Deadline, model: Model, data: bytes) -> Deadline:
    """Both go through the same acts; an act that the rules would refuse is left out."""
    for kind, number in acts_in(data):
        day = deadline.started_on + timedelta(days=number % 90)
        running = deadline.state == "running"
        if kind == "pause" and running and model.start <= day <= deadline.due_on:
            most = number % 5 + 1 if number % 3 == 0 else None
            deadline, model.pause_from = paused(deadline, Pause(day, None, WHY, most), CALENDAR), day
        elif kind == "resume" and not running and model.pause_from is not None and day >= model.pause_from:
            most_days = deadline.course.pauses[-1].most_days
            days = (day - model.pause_from).days
            counted = min(days, most_days) if most_days is not None else days
            model.left_out |= {model.pause_from + timedelta(days=n) for n in range(counted)}
            deadline, model.pause_from = resumed(deadline, day, CALENDAR), None
        elif kind == "extend":
            more = number % 9 + 1
            deadline, model.granted = (
                extended(deadline, Extension(Length(more, model.unit), WHY), CALENDAR),
                model.granted + more,
            )
        elif kind == "restart" and running and number % 4 == 0:
            deadline = begun_anew(deadline, Restart(day, WHY), CALENDAR)
            model.start, model.granted, model.left_out = day, 0, set()
    if model.pause_from is not None:  # so that the end can be compared
        deadline = resumed(deadline, model.pause_from + ONE_DAY, CALENDAR)
        most_days = deadline.course.pauses[-1].most_days
        model.left_out |= {model.pause_from} if most_days != 0 else set()
        model.pause_from = None
    return deadline


@pytest.mark.parametrize("shard", range(SHARDS))
def test_nothing_is_lost_and_nothing_is_won(shard: int) -> None:
    @seed(shard)
    @settings(max_examples=SEQUENCES // SHARDS, deadline=None, database=None)
    @given(
        st.sampled_from(("wd", "cd")),
        st.integers(1, 60),
        st.integers(0, 3_000),
        st.binary(min_size=2, max_size=2 * ACTS),
    )
    def one_course(unit: Unit, budget: int, offset: int, data: bytes) -> None:
        start = FIRST + timedelta(days=offset)
        model = Model(unit, budget, start)

        deadline = played(a_deadline(f"+{budget}{unit}", start), model, data)

        counted = list(model.walked())
        assert deadline.due_on == counted[-1]
        for day in (
            start,
            model.start,
            counted[len(counted) // 2],
            deadline.due_on - ONE_DAY,
            deadline.due_on + ONE_DAY,
        ):
            account = spent(period_of(deadline), CALENDAR, day)
            assert account.consumed + account.remaining == account.budget + account.granted
            assert (account.budget, account.granted) == (budget, model.granted)
            assert account.consumed == sum(on <= day for on in counted)
        assert course_of(deadline.course.document()) == deadline.course
        assert course_from_text(course_text(deadline.course)) == deadline.course

    one_course()


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(("+1mo", "+3mo", "+6mo", "+2yr", "+7wd", "+90cd")),
    st.sampled_from(("none", "next")),
    st.integers(0, 2_000),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 30)), max_size=4),
    st.lists(st.sampled_from(("+30cd", "+1mo", "+5wd")), max_size=3),
    st.integers(-5, 400),
)
def test_the_account_of_months_and_mixed_extensions_adds_up(
    length: str, roll: str, offset: int, pauses: list[tuple[int, int]], more: list[str], later: int
) -> None:
    from engine.period_values import parse_length

    start = FIRST + timedelta(days=offset)
    deadline = a_deadline(length, start, roll)
    for first, days in pauses:
        pause = Pause(start + timedelta(days=first), start + timedelta(days=first + days), WHY)
        deadline = resumed(paused(deadline, pause, CALENDAR), start + timedelta(days=first + days + 1), CALENDAR)
    for extension in more:
        deadline = extended(deadline, Extension(parse_length(extension), WHY), CALENDAR)

    account = spent(period_of(deadline), CALENDAR, start + timedelta(days=later))

    assert account.consumed + account.remaining == account.budget + account.granted
    assert min(account.consumed, account.remaining, account.granted) >= 0
    assert account.remaining == 0 or deadline.due_on > start + timedelta(days=later)


def test_a_limit_that_began_anew_ends_no_later_than_its_latest_day() -> None:
    """Six months to sue; told of the right only after eight months: a year from the first start at most (X8)."""
    deadline = a_deadline("+6mo", date(2024, 1, 10), "next")

    deadline = begun_anew(deadline, Restart(date(2024, 9, 10), WHY, Length(1, "yr")), CALENDAR)

    account = spent(period_of(deadline), CALENDAR, date(2024, 12, 31))
    assert deadline.due_on == date(2025, 1, 10)
    assert (account.budget, account.consumed, account.remaining) == (122, 112, 10)


def test_hours_are_accounted_in_minutes() -> None:
    from datetime import datetime

    from engine.clock import SHANGHAI
    from engine.period_values import Period, Reading

    start_at = datetime(2025, 9, 30, 16, 30, tzinfo=SHANGHAI)
    period = Period((Reading(Length(24, "h")),), start_at=start_at, extensions=(Extension(Length(2, "h"), WHY),))

    account: Any = spent(period, CALENDAR, date(2025, 9, 30), start_at + timedelta(hours=1, minutes=30))

    assert (account.unit, account.budget, account.granted) == ("minutes", 1440, 120)
    assert (account.consumed, account.remaining) == (90, 1470)
