"""Charts as files: texts stay texts, the same sheet gives the same bytes, a missing font is said in one sentence."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from io import BytesIO
from pathlib import Path

import pytest
from chart_samples import a_chart, a_series

import engine
from engine.errors import StoreUnavailable
from reports import chart_drawing
from reports.chart_drawing import FONTS, OTHER_FONTS, fonts_for, png_of, svg_of
from reports.chart_layout import chart_sheet
from reports.chart_sheet import Sheet, Text
from reports.chart_values import Chart, Label, Panel

ROOT = Path(engine.__file__).parent.parent
PNG = b"\x89PNG\r\n\x1a\n"
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "$\\frac{1}{2}$ <script>alert(1)</script> & \x1b[31m \u202e%"


def a_sheet(name: str = "单位", lang: str = "zh") -> Sheet:
    panel = Panel(
        Label("立案（件）", "Cases filed"), (a_series("filed", 3, -1, None, name=name), a_series("b", 1, 2, 3))
    )
    return chart_sheet(a_chart(panel), lang)


def written(content: bytes) -> list[str]:
    """The texts of an SVG, in their order."""
    root = ElementTree.parse(BytesIO(content)).getroot()
    return ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]


def test_an_svg_holds_every_text_as_text_under_fonts_that_know_chinese() -> None:
    sheet = a_sheet()
    content = svg_of(sheet)

    assert written(content) == [mark.text for mark in sheet.marks if isinstance(mark, Text)]
    assert "font-family: 'Noto Sans CJK SC', 'Source Han Sans SC', 'Microsoft YaHei', 'PingFang SC'" in content.decode()


def test_a_hostile_name_stays_a_text() -> None:
    found = "".join(written(svg_of(a_sheet(HOSTILE))))

    assert "$\\frac{1}{2}$" in found
    assert "alert(1)</script>" in found.replace(" ", "")
    assert "\x1b" not in found
    assert "\u202e" not in found


def test_the_same_sheet_gives_the_same_bytes_without_a_date() -> None:
    once, again = svg_of(a_sheet()), svg_of(a_sheet())

    assert once == again
    assert b"dc:date" not in once
    assert b"Matplotlib" not in once
    assert png_of(a_sheet("", "en")) == png_of(a_sheet("", "en"))


def test_a_png_of_latin_texts_needs_no_chinese_font(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chart_drawing, "_installed", frozenset)

    assert png_of(a_sheet("", "en")).startswith(PNG)


def test_a_chinese_png_without_a_font_is_refused_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chart_drawing, "_installed", lambda: frozenset({"DejaVu Sans"}))

    with pytest.raises(StoreUnavailable) as caught:
        png_of(a_sheet())

    assert caught.value.code == "font.missing"
    assert caught.value.remedy is not None
    assert "fonts-noto-cjk" in caught.value.remedy.zh
    assert ".svg" in caught.value.remedy.en


def test_the_most_fitting_font_is_taken() -> None:
    assert fonts_for({"SimSun", FONTS[2], "Arial"}, chinese=True) == (FONTS[2],)
    assert fonts_for({OTHER_FONTS[-1]}, chinese=True) == (OTHER_FONTS[-1],)
    assert fonts_for({"Arial"}, chinese=False) == ()


def test_a_very_long_chart_is_drawn_coarser_and_not_refused() -> None:
    sheet = a_sheet("", "en")
    sheet.bottom = 40_000

    assert png_of(sheet).startswith(PNG)


def test_drawing_leaves_nothing_in_the_folders_of_the_user_and_is_loaded_only_when_it_draws(tmp_path: Path) -> None:
    script = (
        "import sys, commands.report\n"
        "assert 'matplotlib' not in sys.modules\n"
        "from reports.chart_drawing import svg_of\n"
        "from reports.chart_sheet import Sheet\n"
        "assert svg_of(Sheet('t', 'en'))\n"
        "import os; assert 'MPLCONFIGDIR' not in os.environ\n"
    )
    folders = {name: str(tmp_path / name) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "TMPDIR")}
    for folder in folders.values():
        Path(folder).mkdir()
    environment = {**folders, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "PATH": ""}

    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=120)

    assert (done.returncode, done.stderr) == (0, "")
    assert [file for folder in folders.values() for file in Path(folder).iterdir()] == []


def test_a_chart_of_nothing_is_still_a_file() -> None:
    empty: Chart = a_chart()

    assert "nothing to be drawn" in written(svg_of(chart_sheet(empty, "en")))
