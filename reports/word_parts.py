"""The parts of a document of forms, as elements: paragraphs with their runs, cells, rows, tables of fixed width.

Whole tables are built at once: the library's own way to a cell takes longer with every row. Styles are those of
`templates/word_base`; lengths are in twips, twentieths of a point.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement

from reports.form_head import BLANK_ZH
from reports.form_paper import BODY_POINTS
from reports.paper_text import printable

LEAST_ROW = 567  # one centimetre
PIECES = re.compile(f"{BLANK_ZH[0]}{{2,}}|[^\n\t{BLANK_ZH[0]}]+|.|\n")
# Quotation marks and the like are as wide as a letter, or as a Chinese character where the text is Chinese.
QUOTED_CHINESE = re.compile("[\u4e00-\u9fff].*[“”‘’…—·]|[“”‘’…—·].*[\u4e00-\u9fff]")

Merge = Literal["restart", "continue"]


def paragraph(
    style: str, text: str = "", *, points: float = BODY_POINTS, bold: bool = False, joined: bool = False
) -> Any:
    """A paragraph. New lines and tabs are kept, a blank to be filled in by hand is underlined, `joined` keeps it with
    the next one on a page. Characters that cannot be printed are shown as U+FFFD."""
    properties = element("pPr", element("pStyle", val=style))
    if joined:
        properties.append(element("keepNext"))
    shown = printable(re.sub("\r\n?", "\n", text))
    return element("p", properties, *(_run(piece, points, bold=bold) for piece in PIECES.findall(shown)))


def page_numbers(before: str, between: str, after: str) -> list[Any]:
    """Runs that say which page of how many pages of its form this is."""
    return [_run(before), _field("PAGE"), _run(between), _field("SECTIONPAGES"), _run(after)]


def cell(width: int, content: Any, *, span: int = 1, merge: Merge | None = None) -> Any:
    """A cell that holds one paragraph, over `span` columns; `merge` begins or goes on with a cell over several rows."""
    properties = element("tcPr", element("tcW", w=width, type="dxa"))
    if span > 1:
        properties.append(element("gridSpan", val=span))
    if merge is not None:
        properties.append(element("vMerge", val=merge))
    properties.append(element("vAlign", val="center"))
    return element("tc", properties, content)


def row(cells: Iterable[Any], *, is_head: bool = False, whole: bool = True, least: int = LEAST_ROW) -> Any:
    """A row at least that tall. A head is repeated on every page; a `whole` row is not parted between two pages."""
    properties = element("trPr")
    if whole or is_head:
        properties.append(element("cantSplit"))
    if least:
        properties.append(element("trHeight", val=least, hRule="atLeast"))
    if is_head:
        properties.append(element("tblHeader"))
    return element("tr", properties, *cells)


def table(columns: Sequence[int], rows: Iterable[Any], *, ruled: bool) -> Any:
    """A table whose columns keep their widths; `ruled` draws every edge."""
    properties = element("tblPr", element("tblW", w=sum(columns), type="dxa"), element("jc", val="center"))
    if ruled:
        edges = ("top", "left", "bottom", "right", "insideH", "insideV")
        lines = (element(edge, val="single", sz=4, space=0, color="000000") for edge in edges)
        properties.append(element("tblBorders", *lines))
    properties.append(element("tblLayout", type="fixed"))
    grid = element("tblGrid", *(element("gridCol", w=width) for width in columns))
    return element("tbl", properties, grid, *rows)


def element(tag: str, *children: Any, **attributes: str | int) -> Any:
    """An element of the word-processing namespace, with its attributes in it too."""
    made: Any = OxmlElement(f"w:{tag}", {qn(f"w:{name}"): str(value) for name, value in attributes.items()})
    made.extend(children)
    return made


def _run(piece: str, points: float = BODY_POINTS, *, bold: bool = False) -> Any:
    made = element("r")
    looks = list(_looks(piece, points, bold=bold))
    if looks:
        made.append(element("rPr", *looks))
    if piece in ("\n", "\t"):
        made.append(element("br" if piece == "\n" else "tab"))
        return made
    content = element("t")
    content.text = piece
    content.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    made.append(content)
    return made


def _looks(piece: str, points: float, *, bold: bool) -> Iterator[Any]:
    if QUOTED_CHINESE.search(piece):
        yield element("rFonts", hint="eastAsia")
    if bold:
        yield element("b")
    if points != BODY_POINTS:
        yield element("sz", val=round(points * 2))
        yield element("szCs", val=round(points * 2))
    if piece.startswith(BLANK_ZH[:2]):
        yield element("u", val="single")


def _field(code: str) -> Any:
    return element("fldSimple", _run("1"), instr=code)
