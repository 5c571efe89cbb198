"""The statistics on the screen: within 100 columns in both languages, every figure under its head."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from commands.figure_table import figure_lines
from commands.output import display_width
from commands.words import use_language
from reports.figures import statistics_page
from reports.forms import FigureForm, shipped_form


@dataclass(frozen=True)
class A:
    """A category of a campaign."""

    id: str
    zh: str
    en: str


CATEGORIES = (
    A("news_reposting", "网络新闻转载", "Reposting of online news"),
    A("short_video", "短视频", "Short video"),
    A("other", "其他", "Other"),
)


@pytest.fixture(autouse=True)
def _chinese_again() -> Iterator[None]:
    yield
    use_language("zh")


def lines(lang: str, fines_fen: int = 2_000_000, max_width: int = 100) -> list[str]:
    use_language(lang)
    form = shipped_form("statistics")
    assert isinstance(form, FigureForm)
    sums = {("short_video", "filed"): 12, ("short_video", "fines_fen"): fines_fen}
    return figure_lines(form, statistics_page(form, CATEGORIES, sums, {"filed", "fines_fen"}), max_width)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("fines_fen", [2_000_000, -99_999_999_999])
def test_the_table_keeps_within_a_hundred_columns(lang: str, fines_fen: int) -> None:
    table = lines(lang, fines_fen)

    assert max(map(display_width, table)) <= 100


def test_every_column_ends_where_its_rule_ends() -> None:
    table = lines("zh")

    rule = next(line for line in table if set(line) <= {"-", " "})
    ends = [place for place, mark in enumerate(rule + " ") if mark == " " and rule[place - 1] == "-"]
    figures = next(line for line in table if line.startswith("短视频"))
    at_ends = [display_width(figures[: place + 1]) for place, mark in enumerate(figures) if mark in "0123456789–"]
    assert set(ends[1:]) <= set(at_ends)


def test_heads_stand_over_two_lines_with_the_unit_below_and_groups_above() -> None:
    table = lines("zh")

    assert "行政处罚" in table[0]
    assert "移送司法机关" in table[0]
    assert table[1].split() == ["删除侵权", "收缴侵权"]
    assert table[2].split()[:3] == ["立案数量", "处罚数量", "罚款金额"]
    assert table[3].split()[:3] == ["案件类别", "（件）", "（件）"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_english_word_and_no_figure_is_broken(lang: str) -> None:
    text = "\n".join(lines(lang, 123_456_789))

    whole = ["123.456789", "12"] + (["Penalties", "Infringing", "involved", "removed"] if lang == "en" else [])
    assert all(word in text for word in whole)


def test_what_nothing_feeds_is_a_dash() -> None:
    total = lines("zh")[-1].split()

    assert total == ["合计", "12", "–", "2.00", "–", "–", "–", "–", "–", "–"]
