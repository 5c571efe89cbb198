"""What people write into the cells of a form, and the figure that it means."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.figures import FEN_PER_WAN, wan, wan_places
from reports.forms import FigureColumn, Words
from reports.written_figures import UnreadableFigure, as_cell, read_figure

CASES = FigureColumn.model_validate(
    {"id": "filed", "zh": "立案数量", "en": "filed", "unit": {"zh": "件", "en": "cases"}, "measure": "filed"}
    | {"kind": "count", "width": 10}
)
FINES = CASES.model_copy(
    update={"id": "fines", "kind": "wan", "measure": "fines_fen", "unit": Words(zh="万元", en="10 000 yuan")}
)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (12, "12"),
        (12.0, "12"),
        ("12", "12"),
        (" １２ ", "12"),
        ("１，２３４", "1234"),
        ("1,234,567", "1234567"),
        ("12件", "12"),
        ("\u200b12\u00a0", "12"),
        ("－3", "-3"),
        ("\N{MINUS SIGN}3", "-3"),
        (None, None),
        ("", None),
        ("　", None),
        ("—", None),
        ("/", None),
        ("无", None),
    ],
)
def test_a_count_is_read_however_it_is_typed(written: Any, meant: str | None) -> None:
    assert read_figure(written, CASES) == (Decimal(meant) if meant is not None else None)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (0.1 + 0.2, "0.3"),
        ("２５．００", "25"),
        ("0.012345万元", "0.012345"),
        (1.2345678, "1.2345678"),
        ("-0.5", "-0.5"),
    ],
)
def test_an_amount_is_read_to_the_last_fen(written: Any, meant: str) -> None:
    assert read_figure(written, FINES) == Decimal(meant)


@pytest.mark.parametrize(
    "written",
    [
        *("十二", "12人", "3+2", "1,23", "12.5.1", "#REF!", "1e5", "½", "9" * 40),
        *(10**30, True, date(2018, 9, 1), float("nan"), float("inf")),
    ],
)
def test_what_is_no_figure_is_not_guessed_at(written: Any) -> None:
    with pytest.raises(UnreadableFigure):
        read_figure(written, CASES)


@pytest.mark.parametrize("written", [0.5, "1.5"])
def test_a_count_is_whole(written: Any) -> None:
    with pytest.raises(UnreadableFigure, match="whole"):
        read_figure(written, CASES)


@given(st.integers(-(10**13), 10**13))
def test_every_amount_that_a_form_shows_is_read_back_as_text_and_as_number(fen: int) -> None:
    shown = wan(fen, wan_places([fen]))

    assert read_figure(shown, FINES) == Decimal(fen) / FEN_PER_WAN
    assert read_figure(float(shown), FINES) == Decimal(fen) / FEN_PER_WAN
    assert as_cell(read_figure(shown, FINES), FINES) == shown


def test_an_amount_finer_than_a_fen_is_shown_as_it_stands() -> None:
    assert as_cell(Decimal("1.2345678"), FINES) == "1.2345678"
