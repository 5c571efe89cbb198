"""Where the marks of a chart lie: nothing overlaps, nothing leaves the sheet, every value stands there."""

from __future__ import annotations

from itertools import combinations

import pytest
from chart_samples import a_chart, a_series, charts
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.chart_layout import chart_sheet
from reports.chart_sheet import WIDTH, Bar, Sheet, Text
from reports.chart_values import Chart, Label, Panel, Point, Series

LANGUAGES = ("zh", "en")


def texts(sheet: Sheet) -> list[Text]:
    return [mark for mark in sheet.marks if isinstance(mark, Text)]


def bars(sheet: Sheet, *fills: str) -> list[Bar]:
    return [mark for mark in sheet.marks if isinstance(mark, Bar) and (not fills or mark.fill in fills)]


def overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def box_of(bar: Bar) -> tuple[float, float, float, float]:
    return bar.x, bar.y, bar.x + bar.width, bar.y + bar.height


def collisions(sheet: Sheet) -> list[tuple[str, str]]:
    """Texts over texts and texts over bars."""
    written = texts(sheet)
    found = [(a.text, b.text) for a, b in combinations(written, 2) if overlap(a.box, b.box)]
    drawn = [(bar, box_of(bar)) for bar in bars(sheet)]
    return found + [(a.text, bar.fill) for a in written for bar, box in drawn if overlap(a.box, box)]


def outside(sheet: Sheet) -> list[object]:
    boxes = [(mark, mark.box if isinstance(mark, Text) else box_of(mark)) for mark in (*texts(sheet), *bars(sheet))]
    return [mark for mark, box in boxes if box[0] < 0 or box[1] < 0 or box[2] > WIDTH or box[3] > sheet.height]


@given(charts(), st.sampled_from(LANGUAGES))
@settings(max_examples=60, deadline=None)
def test_nothing_overlaps_and_nothing_leaves_the_sheet(chart: Chart, lang: str) -> None:
    sheet = chart_sheet(chart, lang)

    assert collisions(sheet) == []
    assert outside(sheet) == []


@given(charts(), st.sampled_from(LANGUAGES))
@settings(max_examples=40, deadline=None)
def test_every_figure_stands_beside_its_bar(chart: Chart, lang: str) -> None:
    sheet = chart_sheet(chart, lang)

    written = " ".join(text.text for text in texts(sheet))
    live = [s for s in chart.series if not chart.upright or any(point.amount is not None for point in s.points)]
    assert [s.shown(p, lang) for s in live for p in s.points if s.shown(p, lang) not in written] == []


@pytest.mark.parametrize("upright", [False, True])
@pytest.mark.parametrize("count", [1, 100])
def test_one_category_and_a_hundred_have_a_bar_each(count: int, upright: bool) -> None:
    panel = Panel(Label("立案（件）", "Cases filed"), (a_series("filed", *range(1, count + 1), upright=upright),))

    sheet = chart_sheet(a_chart(panel, upright=upright), "zh")

    assert len(bars(sheet)) == count
    assert collisions(sheet) == []


def test_no_category_is_said_in_words() -> None:
    empty = a_chart(Panel(Label("立案（件）", "Cases filed"), (Series("filed", Label("a", "a"), ()),)))

    assert "没有可画的内容" in [text.text for text in texts(chart_sheet(empty, "zh"))]
    assert "nothing to be drawn" in [text.text for text in texts(chart_sheet(a_chart(), "en"))]


def test_bars_are_as_long_as_their_figures_and_corrections_go_the_other_way() -> None:
    panel = Panel(Label("立案（件）", "Cases filed"), (a_series("filed", 40, 10, -20, 0),))

    long, short, back = bars(chart_sheet(a_chart(panel), "zh"))

    assert long.width == pytest.approx(4 * short.width) == pytest.approx(2 * back.width)
    assert long.x == short.x == pytest.approx(back.x + back.width)


def test_upright_bars_share_one_scale_over_all_strips_and_hang_below_the_line_when_negative() -> None:
    panel = Panel(Label("立案（件）", "Cases filed"), (a_series("filed", 40, -20, *[0] * 20, 10, upright=True),))

    high, low, late = bars(chart_sheet(a_chart(panel, upright=True), "zh"))

    assert high.height == pytest.approx(2 * low.height) == pytest.approx(4 * late.height)
    assert low.y == pytest.approx(high.y + high.height)
    assert late.y > low.y + low.height


@pytest.mark.parametrize("upright", [False, True])
def test_what_nobody_counts_has_words_and_no_bar(upright: bool) -> None:
    panel = Panel(Label("链接（条）", "Links"), (a_series("links", None, None, upright=upright),))

    sheet = chart_sheet(a_chart(panel, upright=upright), "zh")

    assert bars(sheet) == []
    assert any("尚无来源" in text.text for text in texts(sheet))
    assert "0" not in [text.text for text in texts(sheet)]


@pytest.mark.parametrize("upright", [False, True])
def test_series_are_told_apart_by_their_filling(upright: bool) -> None:
    four = tuple(a_series(f"s{n}", 5, 6, upright=upright, before=n > 1) for n in range(4))

    sheet = chart_sheet(a_chart(Panel(Label("a", "a"), four), upright=upright), "zh")

    assert {bar.fill for bar in bars(sheet)} == {"solid", "hatched", "dotted", "crossed"}


def test_a_share_is_part_of_its_whole() -> None:
    half = Series("days", Label("天", "days"), (Point("p", Label("阶段", "phase"), 15, 30),))
    sheet = chart_sheet(a_chart(Panel(Label("a", "a"), (half,))), "zh")

    (whole,), (part,) = bars(sheet, "track"), bars(sheet, "solid")

    assert part.width == pytest.approx(whole.width / 2)
    assert "15/30 (50%)" in [text.text for text in texts(sheet)]


def test_a_long_name_is_wrapped_and_not_cut() -> None:
    name = "苏州工业园区综合行政执法局文化市场综合行政执法大队"
    panel = Panel(Label("立案（件）", "Cases filed"), (a_series("filed", 3, name=name),))

    written = "".join(text.text for text in texts(chart_sheet(a_chart(panel), "zh")))

    assert f"{name}0" in written
