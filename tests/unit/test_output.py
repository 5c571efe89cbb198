"""Texts and tables on a screen of 100 columns."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from datetime import date

import pytest
import wcwidth
from hypothesis import given
from hypothesis import strategies as st

from commands.output import cut, day, display_width, harmless, money, table, wrap
from commands.screen import progress
from commands.words import use_language

TEXTS = st.text(st.sampled_from("案件（二）号，。abc -7 “立案”é\n"), max_size=120)


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    use_language("zh")
    yield
    use_language("zh")


def test_widths_are_those_of_the_terminal_table_for_the_characters_that_we_print() -> None:
    blocks = [(0x20, 0x7E), (0xA1, 0xAC), (0x2010, 0x2027), (0x3000, 0x3029), (0x4E00, 0x9FFF), (0xFF01, 0xFF60)]
    characters = [chr(code) for first, last in blocks for code in range(first, last + 1)]

    wrong = [one for one in characters if display_width("x" + one) != 1 + wcwidth.wcwidth(one)]

    assert wrong == []


def test_marks_and_joined_signs_take_no_room_of_their_own() -> None:
    assert display_width("e\u0301") == 1
    assert display_width("\U0001f468\u200d\U0001f469") == 2


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("案件登记", 8, "案件登记"),
        ("案件登记", 7, "案件登…"),
        ("案件登记", 6, "案件…"),
        ("abcdef", 4, "abc…"),
        ("", 3, ""),
    ],
)
def test_a_text_is_cut_at_columns_not_at_letters(text: str, width: int, shown: str) -> None:
    assert cut(text, width) == shown


def test_closing_punctuation_never_begins_a_line_and_words_stay_whole() -> None:
    lines = wrap("一二三四，五六（七八）abc defghij", width=8)

    assert lines == ["一二三", "四，五六", "（七八）", "abc", "defghij"]


@given(TEXTS, st.integers(8, 40))
def test_wrapping_loses_nothing_and_stays_within_the_width(text: str, width: int) -> None:
    lines = wrap(text, width, "  ", "1 ")

    assert all(display_width(line) <= width for line in lines)
    assert "".join("".join(lines).split()).removeprefix("1") == "".join(text.split())


def test_a_table_fits_the_screen_and_wraps_its_widest_column() -> None:
    title = "关于某网站未经许可转载新闻作品并提供下载服务一案" * 3

    lines = table(["案号", "案由", "到期", "剩余天数"], [["001", title, date(2018, 9, 15), 7], ["002", "短", None, 12]])

    assert max(map(display_width, lines)) <= 100
    assert lines[2].split()[1] + lines[3].strip() == title
    assert lines[0].split() == ["案号", "案由", "到期", "剩余天数"]


def test_figures_stand_on_the_right_and_nothing_is_not_zero() -> None:
    lines = table(["类别", "件"], [["转载", 7], ["短视频", 12], ["其他", None]])

    assert lines == [
        "类别    件",
        "------  --",
        "转载     7",
        "短视频  12",
        "其他     –",
    ]


def test_a_huge_cell_does_not_make_a_slow_or_a_wide_table() -> None:
    lines = table(["a", "b"], [["字" * 200_000, "x"]], max_width=60)

    assert max(map(display_width, lines)) <= 60


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("红\x1b[31m字", "红␛[31m字"),
        ("one\r\ntwo", "one␍␊two"),
        ("a\tb", "a b"),
        ("\x9b2J", "\ufffd2J"),
        ("abc\u202edcba\u2066", "abc\ufffddcba\ufffd"),
        ("平常的文字，“引号”", "平常的文字，“引号”"),
    ],
)
def test_what_steers_a_terminal_is_shown_and_not_sent(text: str, shown: str) -> None:
    assert harmless(text) == shown


@pytest.mark.parametrize(
    ("fen", "zh", "en"),
    [(250_000, "2,500.00 元", "2,500.00 yuan"), (5, "0.05 元", "0.05 yuan"), (-123_45, "-123.45 元", "-123.45 yuan")],
)
def test_money_is_whole_fen_shown_as_yuan(fen: int, zh: str, en: str) -> None:
    in_chinese = money(fen)
    use_language("en")

    assert (in_chinese, money(fen)) == (zh, en)


def test_a_day_carries_its_weekday() -> None:
    assert day(date(2018, 9, 15)) == "2018-09-15（周六）"
    assert day(date(2018, 9, 15), "en") == "2018-09-15 (Sat)"


def test_progress_says_nothing_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    with progress(3, "办理") as advance:
        advance(1)

    assert capsys.readouterr() == ("", "")


def test_progress_draws_on_the_terminal_of_stderr_only(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")

    with progress(2, "办理") as advance:
        advance(1)
        advance(1)

    assert capsys.readouterr().out == ""
    assert [line.split()[-1] for line in terminal.getvalue().strip().split("\r") if line] == ["0/2", "1/2", "2/2"]
