"""When a mail that was put off is tried again, when it is given up, and how the pace of a server is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.clock import SHANGHAI
from engine.errors import InputWrong
from notifications.pacing import Pace, pace_from
from notifications.retrying import GIVEN_UP_AFTER, LEAST_TRIES, LONGEST_WAIT, MOST_TRIES, next_try

MADE = datetime(2018, 9, 5, 8, tzinfo=SHANGHAI)
MINUTE = timedelta(minutes=1)


def test_the_waits_double_up_to_an_hour() -> None:
    tries = [next_try(number, MADE, MADE) for number in range(1, 10)]

    assert [(at - MADE) // MINUTE for at in tries if at] == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_mail_tried_whenever_its_time_comes_is_given_up_after_48_hours() -> None:
    now, tries = MADE, 1
    while (at := next_try(tries, MADE, now)) is not None:
        now, tries = at, tries + 1

    assert timedelta(0) <= now - MADE - GIVEN_UP_AFTER < LONGEST_WAIT
    assert tries == MOST_TRIES


def test_a_mail_that_became_old_without_being_tried_is_not_given_up() -> None:
    years_on = MADE + timedelta(days=1000)

    outcomes = [next_try(number, MADE, years_on) is None for number in range(1, 7)]

    assert outcomes.index(True) == LEAST_TRIES - 1


@given(st.integers(-(10**6), 10**6), st.integers(1, 100))
def test_whatever_the_clock_does_it_ends_and_never_waits_longer_than_an_hour(minutes: int, tries: int) -> None:
    now = MADE + minutes * MINUTE

    at = next_try(tries, MADE, now)

    assert (at is None) == (tries >= MOST_TRIES or (tries >= LEAST_TRIES and now - MADE >= GIVEN_UP_AFTER))
    assert at is None or now < at <= now + LONGEST_WAIT


def test_the_pace_waits_between_mails_only() -> None:
    waited: list[float] = []
    pace = Pace(120, waited.append)

    for _ in range(3):
        pace.keep()

    assert waited == [0.5, 0.5]


def test_without_a_limit_nothing_waits() -> None:
    waited: list[float] = []
    pace = Pace(None, waited.append)

    pace.keep()
    pace.keep()

    assert waited == []


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "many", "60001", "9" * 30, "１２"])
def test_a_pace_that_is_none_is_explained(text: str) -> None:
    with pytest.raises(InputWrong) as caught:
        pace_from({"ANJUAN_SMTP_PER_MINUTE": text})

    assert caught.value.code == "smtp.pace"
    assert "ANJUAN_SMTP_PER_MINUTE" in caught.value.zh
