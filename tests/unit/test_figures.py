"""Figures of a form: every column adds up as shown, nothing is lost, what nothing feeds is not zero."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.figures import StatisticsPage, statistics_page, wan, wan_places
from reports.forms import FigureForm, shipped_form


@dataclass(frozen=True)
class A:
    """A category of a campaign."""

    id: str
    zh: str
    en: str


CATEGORIES = (
    A("news_reposting", "网络新闻转载", "News reposting"),
    A("short_video", "短视频", "Short video"),
    A("other", "其他", "Other"),
)
MEASURES = (
    "filed",
    "penalties",
    "fines_fen",
    "referrals",
    "referred_fen",
    "mediations",
    "sites_closed",
    "links_removed",
    "copies_seized",
)
SUMS = st.dictionaries(
    st.tuples(st.sampled_from(["news_reposting", "short_video", "other", "unknown", ""]), st.sampled_from(MEASURES)),
    st.integers(-(10**12), 10**12),
)


def the_form() -> FigureForm:
    form = shipped_form("statistics")
    assert isinstance(form, FigureForm)
    return form


def row(page: StatisticsPage, row_id: str) -> dict[str, Any]:
    return dict(next(row.cells for row in page.rows if row.id == row_id))


def test_rows_and_columns_stand_in_printed_order() -> None:
    page = statistics_page(the_form(), CATEGORIES, {}, MEASURES)

    assert [row.id for row in page.rows] == ["news_reposting", "short_video", "other", "total"]
    # 苏知法〔2018〕75号附件1, column heads as printed
    assert [(column.group_zh, column.zh) for column in page.columns] == [
        ("行政处罚", "立案数量（件）"),
        ("行政处罚", "处罚数量（件）"),
        ("行政处罚", "罚款金额（万元）"),
        ("移送司法机关", "数量（件）"),
        ("移送司法机关", "涉案金额（万元）"),
        ("", "调解案件（件）"),
        ("", "关闭网站（家）"),
        ("", "删除侵权盗版链接（条）"),
        ("", "收缴侵权盗版制品（件）"),
    ]


def test_document_has_the_shape_of_the_contract() -> None:
    page = statistics_page(the_form(), CATEGORIES, {("short_video", "filed"): 3}, {"filed"})

    document = page.document()

    assert [column["id"] for column in document["columns"]] == [
        "filed",
        "penalties",
        "fines_wan",
        "referrals",
        "referred_wan",
        "mediations",
        "sites_closed",
        "links_removed",
        "copies_seized",
    ]
    assert document["rows"][1]["cells"]["filed"] == 3
    assert document["rows"][-1] | {"cells": None} == {"id": "total", "zh": "合计", "en": "Total", "cells": None}


def test_a_fine_of_250_000_yuan_is_25_wan() -> None:
    page = statistics_page(the_form(), CATEGORIES, {("short_video", "fines_fen"): 25_000_000}, {"fines_fen"})

    assert [r.cells["fines_wan"] for r in page.rows] == ["0.00", "25.00", "0.00", "25.00"]


def test_one_odd_amount_gives_the_whole_column_its_decimals() -> None:
    sums = {("news_reposting", "fines_fen"): 123_456_78, ("short_video", "fines_fen"): 25_000_000}

    page = statistics_page(the_form(), CATEGORIES, sums, {"fines_fen", "referred_fen"})

    assert [r.cells["fines_wan"] for r in page.rows] == ["12.345678", "25.000000", "0.000000", "37.345678"]
    assert row(page, "total")["referred_wan"] == "0.00"


def test_fed_but_empty_is_zero_and_unfed_is_nothing_in_every_row() -> None:
    page = statistics_page(the_form(), CATEGORIES, {("short_video", "filed"): 1}, {"filed", "links_removed"})

    assert {r.cells["links_removed"] for r in page.rows} == {0}
    assert {r.cells["mediations"] for r in page.rows} == {None}
    assert {r.cells["fines_wan"] for r in page.rows} == {None}


def test_a_tally_of_a_measure_that_no_workflow_names_is_shown() -> None:
    page = statistics_page(the_form(), CATEGORIES, {("other", "mediations"): 2}, set())

    assert [r.cells["mediations"] for r in page.rows] == [0, 0, 2, 2]


def test_categories_unknown_to_the_campaign_count_in_other() -> None:
    sums = {("other", "filed"): 1, ("games", "filed"): 2, ("", "filed"): 4}

    page = statistics_page(the_form(), CATEGORIES, sums, {"filed"})

    assert [r.cells["filed"] for r in page.rows] == [0, 0, 7, 7]


def test_other_is_added_only_where_a_campaign_without_it_needs_it() -> None:
    film_only = CATEGORIES[1:2]

    without = statistics_page(the_form(), film_only, {("short_video", "filed"): 1}, {"filed"})
    needed = statistics_page(the_form(), film_only, {("games", "filed"): 1}, {"filed"})

    assert [r.id for r in without.rows] == ["short_video", "total"]
    assert [(r.id, r.zh, r.cells["filed"]) for r in needed.rows] == [
        ("short_video", "短视频", 0),
        ("other", "其他", 1),
        ("total", "合计", 1),
    ]


@given(sums=SUMS, fed=st.sets(st.sampled_from(MEASURES)))
def test_every_column_adds_up_to_its_total_exactly_as_shown(sums: dict[tuple[str, str], int], fed: set[str]) -> None:
    form = the_form()

    page = statistics_page(form, CATEGORIES, sums, fed)

    for column in form.columns:
        shown = [r.cells[column.id] for r in page.rows]
        in_tallies = sum(n for (_, measure), n in sums.items() if measure == column.measure)
        if column.measure not in fed | {measure for _, measure in sums}:
            assert shown == [None] * 4
        elif column.kind == "count":
            assert sum(shown[:-1]) == shown[-1] == in_tallies
        else:
            assert len({cell.partition(".")[2].__len__() for cell in shown}) == 1
            assert sum(Decimal(cell) for cell in shown[:-1]) == Decimal(shown[-1])
            assert Decimal(shown[-1]) * 1_000_000 == in_tallies


@given(fen=st.integers(-(10**15), 10**15))
def test_wan_loses_no_fen_and_shows_at_least_two_decimals(fen: int) -> None:
    places = wan_places([fen])

    text = wan(fen, places)

    assert Decimal(text) * 1_000_000 == fen
    assert 2 <= len(text.partition(".")[2]) == places <= 6
    assert places == 2 or not text.endswith("0")


WAN = [  # fen, places, 万元
    (0, 2, "0.00"),
    (1, 6, "0.000001"),
    (-1, 6, "-0.000001"),
    (-12_500_000, 2, "-12.50"),
    (99_999_999_999, 6, "99999.999999"),
    (10_000, 2, "0.01"),
]


@pytest.mark.parametrize(("fen", "places", "text"), WAN)
def test_wan_as_worked_out_by_hand(fen: int, places: int, text: str) -> None:
    assert wan(fen, places) == text


def test_wan_refuses_to_round() -> None:
    with pytest.raises(ValueError, match="not exact"):
        wan(12_345_678, 2)


def test_no_amounts_need_two_decimals() -> None:
    assert wan_places([]) == 2
