"""Days, minutes and settings as people type them."""

from __future__ import annotations

from datetime import date

import pytest

from commands.arguments import Moment, parse_day, parse_moment, parse_settings
from engine.clock import SHANGHAI
from engine.errors import InputWrong


class EveryDayWorks:
    """A calendar without rest days."""

    def add(self, start: date, n: int) -> date:
        return date.fromordinal(start.toordinal() + n)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2018-09-15", date(2018, 9, 15)),
        (" today ", date(2018, 8, 31)),
        ("+3d", date(2018, 9, 3)),
        ("-3d", date(2018, 8, 28)),
        ("+7wd", date(2018, 9, 7)),
    ],
)
def test_a_day_is_typed_in_full_or_counted_from_today(typed: str, day: date) -> None:
    assert parse_day(typed, date(2018, 8, 31), EveryDayWorks()) == day


@pytest.mark.parametrize(
    "typed",
    ["2018-09-31", "2018-9-5", "20180915", "+3", "+3m", "", "tomorrow", "２０１８-09-15", "+9999d9", "0000-00-00"],
)
def test_what_is_no_day_is_told_what_a_day_looks_like(typed: str) -> None:
    with pytest.raises(InputWrong) as caught:
        parse_day(typed, date(2018, 8, 31))

    assert caught.value.code == "date.invalid"
    assert caught.value.remedy is not None
    assert "2018-09-15" in caught.value.remedy.en


def test_a_day_before_the_first_or_after_the_last_year_is_no_day() -> None:
    with pytest.raises(InputWrong, match="no such day"):
        parse_day("+9999d", date(9999, 1, 1))


@pytest.mark.parametrize(
    "typed", ["2018-09-15T16:30", "2018-09-15 16:30", "2018-09-15T08:30Z", "2018-09-15T16:30:00+08:00"]
)
def test_a_minute_is_shanghai_time_unless_it_says_otherwise(typed: str) -> None:
    moment = parse_moment(typed, date(2018, 8, 31))

    assert moment.on == date(2018, 9, 15)
    assert moment.at is not None
    assert moment.at.isoformat() == "2018-09-15T16:30:00+08:00"
    assert moment.at.tzinfo is SHANGHAI


def test_a_moment_may_be_a_whole_day() -> None:
    assert parse_moment("+3d", date(2018, 8, 31)) == Moment(date(2018, 9, 3))


@pytest.mark.parametrize("typed", ["2018-09-15T25:00", "2018-09-15T16", "2018-09-31T10:00", "16:30"])
def test_what_is_no_moment_is_refused(typed: str) -> None:
    with pytest.raises(InputWrong) as caught:
        parse_moment(typed, date(2018, 8, 31))

    assert caught.value.code == "date.invalid"


def test_settings_keep_their_order_and_whatever_follows_the_first_equals() -> None:
    answers = parse_settings(["work=《歌》", "ended_on=", "urls=http://a.cn/?q=1"])

    assert list(answers.items()) == [("work", "《歌》"), ("ended_on", ""), ("urls", "http://a.cn/?q=1")]


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        (["done"], "usage.setting"),
        (["=1"], "usage.setting"),
        (["a＝1"], "usage.setting"),
        (["a=1", "a=1"], "usage.setting_twice"),
    ],
)
def test_a_setting_has_one_name_and_an_equals_sign(settings: list[str], code: str) -> None:
    with pytest.raises(InputWrong) as caught:
        parse_settings(settings)

    assert caught.value.code == code
    assert isinstance(caught.value.zh, str)
