"""The month of a report: what is accepted, which days it covers, how it is printed."""

from __future__ import annotations

from datetime import date

import pytest

from engine.campaign_checks import read_campaign
from engine.campaign_plan import shipped_campaign
from engine.errors import InputWrong
from reports.month import ReportMonth, report_month

TODAY = date(2018, 10, 16)


def a_month(month: str, today: date = TODAY, *, cumulative: bool = False) -> ReportMonth:
    plan, _ = read_campaign(shipped_campaign("suzhou-2018"))
    return report_month(month, plan, today, cumulative=cumulative)


@pytest.mark.parametrize(
    "month",
    ["2018-9", "2018-13", "2018-00", "0000-01", "9999-12", "2018-09-01", "", "２０１８-09", "2018-09\n", "x" * 99],
)
def test_what_is_no_month_is_refused(month: str) -> None:
    with pytest.raises(InputWrong) as caught:
        a_month(month)

    assert caught.value.code == "month.invalid"
    assert len(caught.value.zh) < 60


@pytest.mark.parametrize(
    ("month", "first_on", "last_on"),
    [
        ("2018-09", date(2018, 9, 1), date(2018, 9, 30)),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29)),
        ("2017-12", date(2017, 12, 1), date(2017, 12, 31)),
    ],
)
def test_a_month_covers_its_first_and_last_day(month: str, first_on: date, last_on: date) -> None:
    found = a_month(month)

    assert (found.first_on, found.last_on) == (first_on, last_on)


def test_the_running_month_is_accepted_from_its_first_day_and_not_before() -> None:
    assert a_month("2018-10", date(2018, 10, 1)).month == "2018-10"

    with pytest.raises(InputWrong) as caught:
        a_month("2018-10", date(2018, 9, 30))

    assert caught.value.code == "month.future"


def test_a_cumulative_report_begins_with_the_campaign_and_leaves_no_month_out() -> None:
    found = a_month("2018-09", cumulative=True)

    assert (found.first_on, found.last_on) == (date(2018, 8, 14), date(2018, 9, 30))
    assert found.first_month < "0001-01"
    assert found.zh == "截至2018年9月（累计）"


def test_forms_print_the_month_and_lists_its_last_day() -> None:
    found = a_month("2018-09")

    assert (found.zh, found.until_zh) == ("2018年9月", "截至2018年9月30日")
