"""Draws a sheet of marks as SVG or PNG with Matplotlib, which is imported here and only when a chart is drawn.

No display, no settings of the user, no cache that stays behind. The same sheet gives the same bytes.
"""

from __future__ import annotations

import atexit
import functools
import io
import logging
import os
import shutil
import tempfile
import warnings
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

from engine.errors import Remedy, StoreUnavailable
from reports.chart_sheet import WIDTH, Bar, Fill, Line, Sheet, Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

POINTS_PER_INCH = 72
PNG_DPI = 144
MOST_PIXELS = 30_000  # of one edge: a very long chart is drawn coarser
# The fonts that a viewer of an SVG file tries in turn.
FONTS = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
)
# Those with which a PNG can be drawn besides, less fit for a chart than the ones above.
OTHER_FONTS = ("SimHei", "Heiti SC", "Hiragino Sans GB", "STHeiti", "Noto Serif CJK SC", "SimSun", "Songti SC")
LATIN = "DejaVu Sans"  # comes with Matplotlib
FIRST_CHINESE = 0x2E80
FILLS: dict[Fill, dict[str, Any]] = {
    "solid": {"facecolor": "#4d4d4d", "edgecolor": "#1a1a1a"},
    "hatched": {"facecolor": "#ffffff", "edgecolor": "#1a1a1a", "hatch": "////"},
    "dotted": {"facecolor": "#d9d9d9", "edgecolor": "#4d4d4d", "hatch": "...."},
    "crossed": {"facecolor": "#ffffff", "edgecolor": "#4d4d4d", "hatch": "xxxx"},
    "track": {"facecolor": "#ffffff", "edgecolor": "#808080"},
}
ALIGNS: dict[str, Literal["left", "center", "right"]] = {"start": "left", "middle": "center", "end": "right"}


def svg_of(sheet: Sheet) -> bytes:
    """The sheet as SVG. Texts stay texts, in whichever of `FONTS` the viewer has."""
    return _drawn(sheet, "svg", FONTS)


def png_of(sheet: Sheet) -> bytes:
    """The sheet as PNG. Raises StoreUnavailable (`font.missing`) where it needs a Chinese font and there is none."""
    chinese = any(ord(c) >= FIRST_CHINESE for mark in sheet.marks if isinstance(mark, Text) for c in mark.text)
    return _drawn(sheet, "png", fonts_for(_installed(), chinese=chinese))


def fonts_for(installed: Collection[str], *, chinese: bool) -> tuple[str, ...]:
    """The most fitting of the fonts installed, if there is one. Raises StoreUnavailable where it has to be Chinese."""
    found = next((name for name in (*FONTS, *OTHER_FONTS) if name in installed), None)
    if found is None and chinese:
        raise StoreUnavailable(
            "font.missing",
            "本机没有中文字体，不能绘制PNG",
            "this machine has no Chinese font, without which no PNG can be drawn",
            Remedy(
                "请安装Noto Sans CJK SC（Debian/Ubuntu：fonts-noto-cjk），或改写为.svg",
                "install Noto Sans CJK SC (Debian/Ubuntu: fonts-noto-cjk), or write an .svg",
            ),
        )
    return (found,) if found is not None else ()


def _installed() -> frozenset[str]:
    with _matplotlib():
        from matplotlib import font_manager

        return frozenset(font.name for font in font_manager.fontManager.ttflist)


def _drawn(sheet: Sheet, kind: str, fonts: tuple[str, ...]) -> bytes:
    with _matplotlib():
        import matplotlib
        from matplotlib.figure import Figure

        settings: Any = {
            "font.family": ["sans-serif"],
            "font.sans-serif": [*fonts, LATIN],
            "svg.fonttype": "none",
            "svg.hashsalt": "anjuan",
            "hatch.linewidth": 0.8,
            "path.simplify": False,
        }
        with matplotlib.rc_context():
            matplotlib.rcdefaults()
            matplotlib.rcParams.update(settings)
            width, height = WIDTH, sheet.height
            figure = Figure(figsize=(width / POINTS_PER_INCH, height / POINTS_PER_INCH))
            axes = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(height, 0))
            axes.set_axis_off()
            for mark in sheet.marks:
                _put(axes, mark)
            content = io.BytesIO()
            dpi = min(PNG_DPI, MOST_PIXELS * POINTS_PER_INCH / height) if kind == "png" else POINTS_PER_INCH
            figure.savefig(content, format=kind, dpi=dpi, metadata=_said(sheet, kind))
    return content.getvalue()


def _put(axes: Axes, mark: Bar | Line | Text) -> None:
    if isinstance(mark, Text):
        # On its base line, so that nothing in the file depends on the fonts of this machine; no text is a formula.
        axes.text(
            mark.x,
            mark.y,
            mark.text,
            fontsize=mark.size,
            fontweight="bold" if mark.bold else "normal",
            horizontalalignment=ALIGNS[mark.align],
            verticalalignment="baseline",
            parse_math=False,
        )
    elif isinstance(mark, Line):
        axes.plot([mark.x, mark.to_x], [mark.y, mark.to_y], color="#1a1a1a", linewidth=1, scalex=False, scaley=False)
    else:
        from matplotlib.patches import Rectangle

        axes.add_patch(Rectangle((mark.x, mark.y), mark.width, mark.height, linewidth=1, **FILLS[mark.fill]))


def _said(sheet: Sheet, kind: str) -> dict[str, Any]:
    """What the file says of itself: its title; no date, no program."""
    if kind == "png":
        return {"Software": None}
    return {"Title": sheet.title, "Date": None, "Creator": None, "Format": None, "Type": None}


@contextmanager
def _matplotlib() -> Iterator[None]:
    """Keeps Matplotlib away from the user's folders, and what it says of missing fonts and glyphs from the terminal."""
    log = logging.getLogger("matplotlib")
    level, before = log.level, os.environ.get("MPLCONFIGDIR")
    os.environ["MPLCONFIGDIR"] = _folder()
    log.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        log.setLevel(level)
        if before is None:
            del os.environ["MPLCONFIGDIR"]
        else:
            os.environ["MPLCONFIGDIR"] = before


@functools.cache
def _folder() -> str:
    """A folder that goes when the program ends."""
    folder = tempfile.mkdtemp(prefix="anjuan-charts-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
