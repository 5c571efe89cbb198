"""Fine bands: the worked amounts of every act, and the milder of two laws."""

from __future__ import annotations

import pytest
from builders import day, law
from hypothesis import given
from hypothesis import strategies as st

from workflows.fine_bands import Band, Found, fine_band, lacks_its_measure, milder

YUAN = 100
amounts = st.integers(0, 10**13)
bands = st.builds(lambda least, more: Band(least, least + more), amounts, amounts)

BY_TURNOVER = [  # turnover in fen, least and most in yuan: legal-deadlines §8.1, "Worked"
    (50_000_00, 50_000, 250_000),  # 以上 includes the number itself
    (49_999_99, 0, 250_000),
    (120_000_00, 120_000, 600_000),
    (None, 0, 250_000),
    (10_000_000_00, 10_000_000, 50_000_000),
    (0, 0, 250_000),
]


@pytest.mark.parametrize("on", ["2013-03-01", "2021-05-31", "2021-06-01"])
@pytest.mark.parametrize(("turnover_fen", "least", "most"), BY_TURNOVER)
def test_the_band_of_copyright_follows_the_turnover(on: str, turnover_fen: int | None, least: int, most: int) -> None:
    version = law().parameter_on("fine_band", day(on))

    assert fine_band(Found(turnover_fen), version) == Band(least * YUAN, most * YUAN)


@pytest.mark.parametrize("band", ["fine_band", "fine_band_software_copying", "fine_band_software_measures"])
def test_before_march_2013_no_band_is_confirmed_and_none_is_invented(band: str) -> None:
    version = law().parameter_on(band, day("2013-02-28"))

    assert fine_band(Found(1, 1, 1), version) is None
    assert not lacks_its_measure(Found(), version)


BY_GOODS = [  # goods value and copies, band in yuan: 计算机软件保护条例（2013） §24(2)
    (Found(goods_value_fen=30_000_00), Band(30_000 * YUAN, 150_000 * YUAN)),
    (Found(goods_value_fen=30_000_00, copies=40), Band(30_000 * YUAN, 150_000 * YUAN, 4_000 * YUAN)),
    (Found(copies=40), Band(4_000 * YUAN, 4_000 * YUAN)),
    (Found(turnover_fen=30_000_00), None),  # another base: the turnover does not help
]


@pytest.mark.parametrize(("found", "band"), BY_GOODS)
def test_copied_software_is_fined_by_the_copy_or_by_the_value_of_the_goods(found: Found, band: Band | None) -> None:
    version = law().parameter_on("fine_band_software_copying", day("2013-03-01"))

    assert fine_band(found, version) == band
    assert lacks_its_measure(found, version) == (band is None)


FIXED = [  # band, day, least and most in yuan: legal-deadlines §8.1
    ("fine_band_software_measures", "2013-03-01", 0, 200_000),
    ("fine_band_platform", "2018-12-31", 0, 0),  # 电子商务法 §89: in force from 2019-01-01
    ("fine_band_platform", "2019-01-01", 50_000, 500_000),
    ("fine_band_platform_serious", "2018-12-31", 0, 0),
    ("fine_band_platform_serious", "2019-01-01", 500_000, 2_000_000),
]


@pytest.mark.parametrize(("name", "on", "least", "most"), FIXED)
def test_other_bands_are_set_by_the_law_alone(name: str, on: str, least: int, most: int) -> None:
    assert fine_band(Found(99_999_99), law().parameter_on(name, day(on))) == Band(least * YUAN, most * YUAN)


@pytest.mark.parametrize(
    ("fine", "held"), [(0, True), (399_999, False), (400_000, True), (400_001, False), (2_999_999, False)]
)
def test_either_way_of_measuring_is_lawful_and_nothing_between_them(fine: int, held: bool) -> None:
    band = Band(3_000_000, 15_000_000, 400_000)

    assert band.holds(fine) is held
    assert band.holds(3_000_000)
    assert band.holds(15_000_000)
    assert not band.holds(15_000_001)


MILDER = [  # one, other, the milder of them
    (Band(5, 50), Band(5, 40), Band(5, 40)),
    (Band(5, 50), Band(9, 40), Band(9, 40)),  # the most weighs more than the least
    (Band(5, 50), Band(4, 50), Band(4, 50)),
    (Band(5, 50), Band(6, 50), Band(5, 50)),
    (Band(5, 50, 90), Band(5, 80), Band(5, 80)),  # what may be chosen besides weighs too
]


@pytest.mark.parametrize(("one", "other", "which"), MILDER)
def test_the_milder_band_has_the_lower_most_then_the_lower_least(one: Band, other: Band, which: Band) -> None:
    assert milder(one, other) == which
    assert milder(other, one) == which


@given(one=bands, other=bands)
def test_the_milder_band_never_allows_a_higher_fine_than_either(one: Band, other: Band) -> None:
    assert milder(one, other).most_fen == min(one.most_fen, other.most_fen)


def test_of_two_bands_alike_that_of_the_act_stays() -> None:
    act = Band(0, 25_000_000)

    assert milder(act, Band(0, 25_000_000)) is act


@given(turnover_fen=amounts)
def test_a_turnover_from_50_000_yuan_on_is_fined_one_to_five_times(turnover_fen: int) -> None:
    band = fine_band(Found(turnover_fen), law().parameter_on("fine_band", day("2021-06-01")))

    if turnover_fen >= 50_000_00:
        assert band == Band(turnover_fen, 5 * turnover_fen)
    else:
        assert band == Band(0, 250_000_00)
