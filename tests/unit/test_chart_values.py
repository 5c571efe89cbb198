"""The figures of charts: months one after another, sums that grow, how far a case came and when it ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from builders import day
from hypothesis import given
from hypothesis import strategies as st

from engine.case_view import StepTaken
from reports.chart_months import MOST_MONTHS, by_month, growing, months_apart, months_from, shifted
from reports.chart_phases import days_point
from reports.chart_stages import Course, closed_on, funnel_series, main_workflow, reached
from reports.chart_values import Label, Point, Series

NAME = Label("名", "name")
STAGES = {"lead": "intake", "verifying": "verification", "closed": "closure", "archived": "closure"}
ENDS = frozenset({"closed", "archived"})
months = st.builds(lambda y, m: f"{y:04d}-{m:02d}", st.integers(1950, 2090), st.integers(1, 12))


def course(*steps: tuple[str, str] | tuple[str, str, int], ended: bool = True, workflow: str = "case") -> Course:
    """A case that came into these states on these days, for one party or for all."""
    trail = tuple(
        StepTaken(n, "step", "", dest, "handler1", "", day(on), {}, party=party[0] if party else None)
        for n, (dest, on, *party) in enumerate(steps, start=1)
    )
    return Course("suzhou-2018-0001", "suzhou-2018", workflow, "", ended, trail[0].on, trail)


# --- months -----------------------------------------------------------------------------------------------------------


@given(months, st.integers(-400, 400))
def test_a_month_shifted_is_that_far_apart(month: str, by: int) -> None:
    assert months_apart(month, shifted(month, by)) == by
    assert shifted(shifted(month, by), -by) == month


@given(months, st.integers(0, 400))
def test_months_follow_each_other_and_end_with_the_last(first: str, apart: int) -> None:
    found = months_from(first, shifted(first, apart))

    assert found[-1] == shifted(first, apart)
    assert len(found) == min(apart + 1, MOST_MONTHS)
    assert [months_apart(a, b) for a, b in pairwise(found)] == [1] * (len(found) - 1)


def test_a_run_over_the_turn_of_the_year_has_every_month() -> None:
    assert months_from("2018-11", "2019-02") == ("2018-11", "2018-12", "2019-01", "2019-02")
    assert months_from("2019-02", "2018-11") == ("2018-11",)


def test_sums_grow_with_what_came_before_and_fall_with_corrections() -> None:
    found = growing({"2018-07": 5, "2018-08": 10, "2018-10": -4}, ["2018-08", "2018-09", "2018-10"])

    assert found == {"2018-08": 15, "2018-09": 15, "2018-10": 11}
    assert growing(None, ["2018-08"]) is None


def test_a_month_without_a_figure_is_nought_where_something_counts_and_unknown_where_nothing_does() -> None:
    assert [p.amount for p in by_month("filed", NAME, ["2018-08", "2018-09"], {"2018-08": 2}).points] == [2, 0]
    assert [p.amount for p in by_month("filed", NAME, ["2018-08"], None).points] == [None]


# --- values -----------------------------------------------------------------------------------------------------------


def test_money_is_written_in_wan_with_as_many_places_as_its_series_needs() -> None:
    series = Series("fines_wan", NAME, (Point("a", NAME, 1_234_500), Point("b", NAME, -500_000)), money=True)

    assert [series.value(point) for point in series.points] == ["1.2345", "-0.5000"]
    assert series.document()["unit"] == "wan"


def test_what_nobody_knows_is_none_for_scripts_and_words_for_people() -> None:
    point = Point("a", NAME, None, why=Label("尚无来源", "no source"))
    series = Series("links", NAME, (point,))

    assert series.document()["points"] == [{"id": "a", "zh": "名", "en": "name", "value": None}]
    assert (series.shown(point, "zh"), series.shown(point, "en")) == ("尚无来源", "no source")


@pytest.mark.parametrize(
    ("on", "amount"), [("2018-08-31", 0), ("2018-09-01", 1), ("2018-09-15", 15), ("2018-09-30", 30), ("2019-01-01", 30)]
)
def test_days_count_from_the_first_to_the_last_both_inclusive(on: str, amount: int) -> None:
    point = days_point("p", NAME, (date(2018, 9, 1), date(2018, 9, 30)), day(on))

    assert (point.amount, point.of) == (amount, 30)


@pytest.mark.parametrize("span", [(None, None), (date(2018, 9, 1), None), (None, date(2018, 9, 30))])
def test_a_phase_without_a_first_or_last_day_has_no_share(span: tuple[date | None, date | None]) -> None:
    assert days_point("p", NAME, span, day("2018-09-15")).amount is None


# --- how far a case came ----------------------------------------------------------------------------------------------


def test_a_case_counts_once_in_each_stage_that_it_reached_by_the_day() -> None:
    case = course(("lead", "2018-09-03"), ("verifying", "2018-09-04"), ("lead", "2018-09-05"), ("closed", "2018-10-08"))

    assert reached(case, STAGES, day("2018-09-30")) == {"intake", "verification"}
    counted = funnel_series("f", NAME, [case, case], ["intake", "verification", "closure"], STAGES, day("2018-10-08"))
    assert [(point.id, point.amount) for point in counted.points] == [
        ("intake", 2),
        ("verification", 2),
        ("closure", 2),
    ]


def test_a_state_of_no_known_version_and_a_stage_without_a_name_break_nothing() -> None:
    case = course(("lost", "2018-09-03"), ("local", "2018-09-04"))

    (point,) = funnel_series("f", NAME, [case], ["own_stage"], {"local": "own_stage"}, day("2018-12-31")).points

    assert (point.amount, point.label.zh) == (1, "own_stage")


@pytest.mark.parametrize(
    ("steps", "closed"),
    [
        ((("lead", "2018-09-03"),), None),
        ((("lead", "2018-09-03"), ("closed", "2018-10-08"), ("archived", "2018-11-01")), "2018-10-08"),
        ((("closed", "2018-10-08"), ("lead", "2018-10-09"), ("closed", "2018-11-02")), "2018-11-02"),
        ((("closed", "2018-10-08", 1), ("closed", "2018-11-02", 2), ("archived", "2018-11-30")), "2018-11-02"),
        ((("closed", "2018-10-08", 1), ("lead", "2018-10-09", 1), ("closed", "2018-10-20", 1)), "2018-10-20"),
    ],
)
def test_a_case_is_closed_since_it_last_came_into_an_end(steps: tuple[tuple[str, str]], closed: str | None) -> None:
    assert closed_on(course(*steps), ENDS) == (day(closed) if closed else None)


def test_an_open_case_is_not_closed_though_one_party_is() -> None:
    assert closed_on(course(("closed", "2018-10-08", 1), ended=False), ENDS) is None


def test_the_main_workflow_is_that_of_most_cases() -> None:
    case, hold = course(("lead", "2018-09-03")), course(("lead", "2018-09-03"), workflow="preservation")

    assert main_workflow([case, hold, hold]) == "preservation"
    assert main_workflow([hold, replace(case, case_no="b")]) == "case"
    assert main_workflow([]) is None
