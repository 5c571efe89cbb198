"""The thresholds of criminal prosecution, version by version, as the table of the reference gives them."""

from __future__ import annotations

import pytest
from builders import day, law
from hypothesis import given
from hypothesis import strategies as st

from engine.law_book import ParameterVersion
from workflows.criminal_thresholds import Figures, Reached, is_aggravated, reached, years_of_history

YUAN = 100
INFRINGING, SELLING = "criminal_threshold", "criminal_threshold_selling"
# The last day of each version, and a day of the one in force.
OF_2004, OF_2007, OF_2011, OF_2025 = "2007-04-04", "2011-01-09", "2025-04-25", "2025-04-26"


def version(on: str, name: str = INFRINGING) -> ParameterVersion:
    return law().parameter_on(name, day(on))


def ways(found: Figures, on: str, name: str = INFRINGING) -> dict[str, str]:
    return {r.item: r.way for r in reached(found, version(on, name))}


TABLE = [  # item, threshold in 2004, 2007, 2011, 2025 (None: not known then): legal-deadlines §8.3, row by row
    ("gains_fen", 30_000 * YUAN, 30_000 * YUAN, 30_000 * YUAN, 30_000 * YUAN),  # 违法所得
    ("turnover_fen", 50_000 * YUAN, 50_000 * YUAN, 50_000 * YUAN, 50_000 * YUAN),  # 非法经营数额
    ("copies", 1_000, 500, 500, 500),
    ("works", None, None, 500, 500),
    ("downloads", None, None, None, 10_000),
    ("clicks", None, None, 50_000, 100_000),
    ("members", None, None, 1_000, 1_000),
]
CELLS = [
    (on, item, threshold)
    for item, *row in TABLE
    for on, threshold in zip((OF_2004, OF_2007, OF_2011, OF_2025), row, strict=True)
]


@pytest.mark.parametrize(("on", "item", "threshold"), CELLS)
def test_each_item_reaches_its_threshold_with_the_number_itself(on: str, item: str, threshold: int | None) -> None:
    if threshold is None:
        assert reached(Figures({item: 10**9}), version(on)) == ()
        return
    assert reached(Figures({item: threshold - 1}), version(on)) == ()
    assert reached(Figures({item: threshold}), version(on)) == (Reached(item, threshold, threshold, "whole"),)


BORDERS = [  # the first day of each version, and what is new on it
    ("2007-04-05", {"copies": 500}),  # 法释〔2007〕6号 §1
    ("2011-01-10", {"works": 500}),  # 意见 §13
    ("2025-04-26", {"downloads": 10_000}),  # 法释〔2025〕5号 §13
]


@pytest.mark.parametrize(("first_day", "amounts"), BORDERS)
def test_a_version_begins_on_its_first_day(first_day: str, amounts: dict[str, int]) -> None:
    day_before = day(first_day).toordinal() - 1

    before = law().parameter_on(INFRINGING, type(day(first_day)).fromordinal(day_before))

    assert reached(Figures(amounts), before) == ()
    assert reached(Figures(amounts), version(first_day)) != ()


UNITS = [  # on, what a unit found itself with, reached: the row "units"
    (OF_2004, {"gains_fen": 89_999 * YUAN}, False),  # three times the personal standard
    (OF_2004, {"gains_fen": 90_000 * YUAN}, True),
    (OF_2004, {"copies": 3_000}, True),
    (OF_2007, {"gains_fen": 30_000 * YUAN}, True),  # as persons
    (OF_2025, {"turnover_fen": 50_000 * YUAN}, True),
]


@pytest.mark.parametrize(("on", "amounts", "owed"), UNITS)
def test_units_once_had_three_times_the_standard(on: str, amounts: dict[str, int], owed: bool) -> None:
    assert bool(reached(Figures(amounts, by_unit=True), version(on))) is owed


HALVES = [  # on, what was found, which reach half together: the row "combination"
    (OF_2007, {"gains_fen": 15_000 * YUAN, "turnover_fen": 25_000 * YUAN}, set()),
    (OF_2011, {"works": 250, "clicks": 25_000}, {"works", "clicks"}),
    (OF_2011, {"works": 249, "clicks": 49_999}, set()),
    (OF_2011, {"turnover_fen": 25_000 * YUAN, "members": 500}, {"turnover_fen", "members"}),
    (OF_2011, {"gains_fen": 15_000 * YUAN, "turnover_fen": 25_000 * YUAN}, set()),  # gains are none of its items
    (OF_2011, {"copies": 250, "works": 250}, set()),
    (OF_2025, {"gains_fen": 15_000 * YUAN, "turnover_fen": 25_000 * YUAN}, {"gains_fen", "turnover_fen"}),
    (OF_2025, {"downloads": 5_000, "clicks": 49_999}, set()),
    (OF_2025, {"downloads": 5_000, "gains_fen": 15_000 * YUAN}, {"downloads", "gains_fen"}),
    (OF_2025, {"members": 999}, set()),  # one alone is not two
]


@pytest.mark.parametrize(("on", "amounts", "together"), HALVES)
def test_two_items_at_half_each_are_enough_since_2011(on: str, amounts: dict[str, int], together: set[str]) -> None:
    assert ways(Figures(amounts), on) == dict.fromkeys(together, "half")


def test_an_odd_threshold_is_halved_upwards() -> None:
    """Half of 999 is 499.5: 499 does not reach it, 500 does."""
    odd = version(OF_2025).model_copy(update={"values": {"works": "999", "members": "10", "half": "works members"}})

    assert reached(Figures({"works": 499, "members": 5}), odd) == ()
    assert reached(Figures({"works": 500, "members": 5}), odd) == (
        Reached("works", 500, 500, "half"),
        Reached("members", 5, 5, "half"),
    )


def test_halves_are_not_spoken_of_where_an_item_is_reached_by_itself() -> None:
    assert ways(Figures({"copies": 500, "gains_fen": 15_000 * YUAN}), OF_2025) == {"copies": "whole"}


REPEATS = [  # on, name, what was found, reached by whoever was punished before: the row "repeat offender", §14(2)
    (OF_2011, INFRINGING, {"gains_fen": 29_999 * YUAN, "turnover_fen": 49_999 * YUAN}, {}),
    (OF_2025, INFRINGING, {"gains_fen": 19_999 * YUAN}, {}),
    (OF_2025, INFRINGING, {"gains_fen": 20_000 * YUAN}, {"gains_fen": "repeat"}),
    (OF_2025, INFRINGING, {"turnover_fen": 29_999 * YUAN}, {}),
    (OF_2025, INFRINGING, {"turnover_fen": 30_000 * YUAN}, {"turnover_fen": "repeat"}),
    (OF_2025, INFRINGING, {"gains_fen": 30_000 * YUAN}, {"gains_fen": "whole"}),
    (OF_2025, INFRINGING, {"copies": 499}, {}),
    (OF_2011, SELLING, {"gains_fen": 99_999 * YUAN}, {}),
    (OF_2025, SELLING, {"gains_fen": 29_999 * YUAN}, {}),
    (OF_2025, SELLING, {"gains_fen": 30_000 * YUAN}, {"gains_fen": "repeat"}),
    (OF_2025, SELLING, {"turnover_fen": 49_999 * YUAN}, {}),
    (OF_2025, SELLING, {"turnover_fen": 50_000 * YUAN}, {"turnover_fen": "repeat"}),
]


@pytest.mark.parametrize(("on", "name", "amounts", "owed"), REPEATS)
def test_whoever_was_punished_before_reaches_lower_amounts_since_2025(
    on: str, name: str, amounts: dict[str, int], owed: dict[str, str]
) -> None:
    first_time = {item: way for item, way in owed.items() if way != "repeat"}

    assert ways(Figures(amounts, punished_before=True), on, name) == owed
    assert ways(Figures(amounts), on, name) == first_time


@pytest.mark.parametrize(("on", "years"), [(OF_2004, 0), (OF_2011, 0), (OF_2025, 2)])
@pytest.mark.parametrize("name", [INFRINGING, SELLING])
def test_an_earlier_penalty_counts_for_two_years_since_2025(on: str, years: int, name: str) -> None:
    assert years_of_history(version(on, name)) == years


SOLD = [  # on, what was found, how it is reached: 法释〔2004〕19号 §6; 法释〔2025〕5号 §14
    (OF_2004, {"gains_fen": 100_000 * YUAN}, {"gains_fen": "whole"}),
    (OF_2011, {"gains_fen": 99_999 * YUAN}, {}),
    (OF_2011, {"gains_fen": 100_000 * YUAN}, {"gains_fen": "whole"}),
    (OF_2011, {"turnover_fen": 10**9, "copies": 10**6, "stock": 10**6, "clicks": 10**6}, {}),
    (OF_2025, {"gains_fen": 49_999 * YUAN}, {}),
    (OF_2025, {"gains_fen": 50_000 * YUAN}, {"gains_fen": "whole"}),
    (OF_2025, {"turnover_fen": 99_999 * YUAN}, {}),
    (OF_2025, {"turnover_fen": 100_000 * YUAN}, {"turnover_fen": "whole"}),
    (OF_2025, {"copies": 999}, {}),
    (OF_2025, {"copies": 1_000}, {"copies": "whole"}),
    (OF_2025, {"works": 500, "clicks": 10**6, "members": 10**6}, {}),
    (OF_2025, {"stock": 2_999}, {}),
    (OF_2025, {"stock": 3_000}, {"stock": "stock"}),  # three times, alone
    (OF_2025, {"stock": 2_001, "copies": 999}, {"stock": "stock"}),  # three times, with those sold
    (OF_2025, {"stock": 2_000, "copies": 999}, {}),
    (OF_2025, {"stock_value_fen": 299_999 * YUAN}, {}),
    (OF_2025, {"stock_value_fen": 300_000 * YUAN}, {"stock_value_fen": "stock"}),
    (OF_2025, {"stock_value_fen": 201_000 * YUAN, "turnover_fen": 99_000 * YUAN}, {"stock_value_fen": "stock"}),
    (OF_2025, {"gains_fen": 25_000 * YUAN, "turnover_fen": 50_000 * YUAN}, {}),  # no rule of halves
]


@pytest.mark.parametrize(("on", "amounts", "owed"), SOLD)
def test_selling_has_thresholds_of_its_own(on: str, amounts: dict[str, int], owed: dict[str, str]) -> None:
    assert ways(Figures(amounts, "selling"), on, SELLING) == owed


def test_unsold_goods_of_whoever_was_punished_before_count_at_three_times_the_lower_amount() -> None:
    """法释〔2025〕5号 §14(4): three times the figures of the items before it, the 50,000 of the repeat among them."""
    again = Figures({"stock_value_fen": 150_000 * YUAN}, "selling", punished_before=True)
    less = Figures({"stock_value_fen": 149_999 * YUAN}, "selling", punished_before=True)

    assert ways(again, OF_2025, SELLING) == {"stock_value_fen": "repeat"}
    assert ways(less, OF_2025, SELLING) == {}


KINDS = [  # on, kind, what was found, reached
    (OF_2025, "dissemination", {"copies": 500}, False),  # since 2025 dissemination stands apart
    (OF_2025, "dissemination", {"works": 500}, True),
    (OF_2025, "copying", {"copies": 500}, True),
    (OF_2025, "copying", {"clicks": 100_000}, False),
    (OF_2011, "dissemination", {"copies": 500}, True),  # before, it was a way of copying and distributing
    (OF_2011, "copying", {"works": 500}, False),
    (OF_2004, "dissemination", {"copies": 1_000}, True),
    (OF_2025, "", {"copies": 500}, True),
    (OF_2025, "", {"clicks": 100_000}, True),
]


@pytest.mark.parametrize(("on", "kind", "amounts", "owed"), KINDS)
def test_an_act_of_a_kind_is_measured_by_the_items_of_that_kind(
    on: str, kind: str, amounts: dict[str, int], owed: bool
) -> None:
    assert bool(reached(Figures(amounts, kind), version(on))) is owed


AGGRAVATED = [  # on, what was found, aggravated: the row "aggravated tier"
    (OF_2004, {"gains_fen": 149_999 * YUAN}, False),
    (OF_2004, {"gains_fen": 150_000 * YUAN}, True),
    (OF_2004, {"turnover_fen": 250_000 * YUAN}, True),
    (OF_2004, {"copies": 5_000}, True),
    (OF_2007, {"copies": 2_499}, False),
    (OF_2007, {"copies": 2_500}, True),
    (OF_2011, {"clicks": 250_000}, True),  # 5×
    (OF_2025, {"clicks": 999_999}, False),
    (OF_2025, {"clicks": 1_000_000}, True),  # 10×
    (OF_2025, {"gains_fen": 299_999 * YUAN}, False),
    (OF_2025, {"gains_fen": 300_000 * YUAN}, True),
]


@pytest.mark.parametrize(("on", "amounts", "heavy"), AGGRAVATED)
def test_so_many_times_the_threshold_is_the_aggravated_tier(on: str, amounts: dict[str, int], heavy: bool) -> None:
    assert is_aggravated(Figures(amounts), version(on)) is heavy


@pytest.mark.parametrize("on", [OF_2004, OF_2011, OF_2025])
def test_selling_knows_no_aggravated_tier(on: str) -> None:
    """刑法 §218: up to five years, one tier."""
    assert not is_aggravated(Figures({"gains_fen": 10**12}, "selling"), version(on, SELLING))


AMOUNTS = st.dictionaries(
    st.sampled_from(["gains_fen", "turnover_fen", "copies", "works", "clicks", "downloads", "members", "stock"]),
    st.integers(0, 10**7),
)


@given(AMOUNTS, AMOUNTS, st.sampled_from([OF_2004, OF_2007, OF_2011, OF_2025]), st.sampled_from([INFRINGING, SELLING]))
def test_more_of_anything_never_takes_a_case_below_the_threshold(
    amounts: dict[str, int], more: dict[str, int], on: str, name: str
) -> None:
    grown = {item: amounts.get(item, 0) + more.get(item, 0) for item in {*amounts, *more}}

    if reached(Figures(amounts), version(on, name)):
        assert reached(Figures(grown), version(on, name))
        assert reached(Figures(amounts, punished_before=True), version(on, name))
