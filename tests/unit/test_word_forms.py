"""Written documents, opened with the library that wrote them and, independently, read as XML."""

from __future__ import annotations

import errno
import os
import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import InputWrong, StoreUnavailable
from reports.figures import statistics_page
from reports.form_head import BLANK_EN, BLANK_ZH, FormHead
from reports.form_paper import fitting_points, shares, type_for
from reports.forms import FigureForm, HeadForm, ListForm, Printed, RowHead, shipped_form
from reports.printed_forms import HeadSheet, ListSheet, PrintedForm, StatisticsSheet
from reports.word_documents import document_bytes
from reports.word_forms import write_document

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HEAD = FormHead(campaign="剑网2018", unit="苏州市版权局", period="2018年9月", filled_by="张三")
IN_ENGLISH = FormHead(campaign="Sword Net 2018", unit="Suzhou", period="2018-09", filled_by="Zhang San", lang="en")
LANDSCAPE, PORTRAIT = (16838, 11906), (11906, 16838)  # A4 in twips
# What the format lays down about the order of the properties that are written here.
ORDERS = {
    "pPr": ["pStyle", "keepNext", "keepLines", "spacing", "ind", "jc", "outlineLvl", "sectPr"],
    "rPr": ["rFonts", "b", "sz", "szCs", "u", "lang"],
    "tblPr": ["tblW", "jc", "tblInd", "tblBorders", "tblLayout", "tblCellMar"],
    "tcPr": ["tcW", "gridSpan", "vMerge", "vAlign"],
    "sectPr": ["footerReference", "type", "pgSz", "pgMar", "pgNumType", "cols"],
    "tbl": ["tblPr", "tblGrid", "tr"],
}


class Category:
    """A category of a campaign."""

    def __init__(self, id: str, zh: str, en: str) -> None:
        self.id, self.zh, self.en = id, zh, en


CATEGORIES = (Category("news", "网络新闻转载", "News"), Category("other", "其他", "Other"))
SUMS = {("news", "filed"): 4, ("other", "filed"): 7, ("news", "fines_fen"): 9_950_000, ("other", "fines_fen"): 1}


def statistics(
    categories: Sequence[Category] = CATEGORIES, head: FormHead = HEAD, form_id: str = "statistics"
) -> StatisticsSheet:
    form = shipped_form(form_id)
    assert isinstance(form, FigureForm)
    return StatisticsSheet(statistics_page(form, categories, SUMS, {"filed", "fines_fen", "penalties"}), form, head)


def cases(*rows: tuple[str | int, ...], head: FormHead = HEAD) -> ListSheet:
    form = shipped_form("cases")
    assert isinstance(form, ListForm)
    return ListSheet(rows, form, head)


def a_case(title: str = "", summary: str = "") -> tuple[str | int, ...]:
    return (1, title, "", "", summary, "", "")


def head_only(*foot: Printed, head: FormHead = HEAD) -> HeadSheet:
    form = shipped_form("counterfeit_2017")
    assert isinstance(form, HeadForm)
    return HeadSheet(form.model_copy(update={"foot": foot}), head)


def opened(*forms: PrintedForm) -> Any:
    return Document(BytesIO(document_bytes(forms)))


def part(name: str, *forms: PrintedForm) -> ElementTree.Element:
    """A part of the document, by another reader than the one of the library."""
    with zipfile.ZipFile(BytesIO(document_bytes(forms))) as archive:
        return ElementTree.fromstring(archive.read(name))


def body_of(*forms: PrintedForm) -> ElementTree.Element:
    return part("word/document.xml", *forms)


def ruled(root: ElementTree.Element) -> list[ElementTree.Element]:
    """The tables with lines, which are those of figures and cases."""
    return [table for table in root.iter(f"{W}tbl") if table.find(f".//{W}tblBorders") is not None]


def text_of(element: ElementTree.Element) -> str:
    signs = {f"{W}br": "\n", f"{W}tab": "\t"}
    return "".join(signs.get(one.tag, one.text or "") for one in element.iter() if one.tag in (f"{W}t", *signs))


def val(element: ElementTree.Element | None, name: str = "val") -> str | None:
    return None if element is None else element.attrib.get(f"{W}{name}")


def heads(table: ElementTree.Element) -> list[list[tuple[str, int, str | None]]]:
    """Of each repeated row: text, columns it goes over, whether it begins or goes on with a cell over two rows."""
    return [
        [
            (
                text_of(cell).replace("\n", ""),
                int(val(cell.find(f"{W}tcPr/{W}gridSpan")) or 1),
                val(cell.find(f"{W}tcPr/{W}vMerge")),
            )
            for cell in row.findall(f"{W}tc")
        ]
        for row in table.findall(f"{W}tr")
        if row.find(f"{W}trPr/{W}tblHeader") is not None
    ]


EVERY_KIND = [
    statistics(),
    cases(a_case("某案")),
    head_only(Printed(zh="（盖章）{unit}", en="Seal: {unit}")),
    cases(),
    head_only(),
    statistics(form_id="statistics_2015"),
]


def test_the_two_level_head_is_merged_as_printed() -> None:
    (table,) = ruled(body_of(statistics()))

    upper, lower = heads(table)
    assert upper == [
        ("案件类别", 1, "restart"),
        ("行政处罚", 3, None),
        ("移送司法机关", 2, None),
        *((text, 1, "restart") for text in ("调解案件（件）", "关闭网站（家）")),
        *((text, 1, "restart") for text in ("删除侵权盗版链接（条）", "收缴侵权盗版制品（件）")),
    ]
    assert lower == [
        ("", 1, "continue"),
        *((text, 1, None) for text in ("立案数量（件）", "处罚数量（件）", "罚款金额（万元）", "数量（件）")),
        ("涉案金额（万元）", 1, None),
        *[("", 1, "continue")] * 4,
    ]


def test_the_library_sees_the_same_merged_cells() -> None:
    table = opened(statistics()).tables[1]

    assert {table.cell(0, column)._tc for column in (1, 2, 3)} == {table.cell(0, 1)._tc}
    assert [table.cell(0, 0)._tc is table.cell(1, 0)._tc, table.cell(0, 9)._tc is table.cell(1, 9)._tc] == [True, True]
    assert table.cell(0, 1)._tc is not table.cell(1, 1)._tc
    assert (len(table.rows), len(table.columns)) == (5, 10)


def test_a_form_without_groups_has_one_row_of_heads() -> None:
    sheet = statistics()
    columns = tuple(column.model_copy(update={"group": None}) for column in sheet.form.columns)
    plain = replace(sheet, form=sheet.form.model_copy(update={"groups": (), "columns": columns}))

    (table,) = ruled(body_of(plain))

    (line,) = heads(table)
    assert {(span, merge) for _, span, merge in line} == {(1, None)}
    assert len(line) == 10


@pytest.mark.parametrize("head", [HEAD, IN_ENGLISH], ids=["zh", "en"])
def test_every_row_fills_its_table_and_every_table_its_page(head: FormHead) -> None:
    root = body_of(*(replace(printed, head=head) for printed in EVERY_KIND))

    tables = list(root.iter(f"{W}tbl"))
    assert len(tables) == 17
    for table in tables:
        grid = [int(val(column, "w") or 0) for column in table.iter(f"{W}gridCol")]
        assert sum(grid) == LANDSCAPE[0] - 2 * 1134 == int(val(table.find(f"{W}tblPr/{W}tblW"), "w") or 0)
        for row in table.findall(f"{W}tr"):
            place = 0
            for properties in row.iter(f"{W}tcPr"):
                span = int(val(properties.find(f"{W}gridSpan")) or 1)
                assert int(val(properties.find(f"{W}tcW"), "w") or 0) == sum(grid[place : place + span])
                place += span
            assert place == len(grid)


def test_figures_stand_on_the_right_as_they_are_and_what_nothing_feeds_is_empty() -> None:
    table = opened(statistics()).tables[1]

    rows = [[cell.text for cell in row.cells] for row in table.rows][2:]
    assert [row[:4] for row in rows] == [
        ["网络新闻转载", "4", "0", "9.950000"],
        ["其他", "7", "0", "0.000001"],
        ["合计", "11", "0", "9.950001"],
    ]
    assert {cell for row in rows for cell in row[4:]} == {""}
    styles = [[cell.paragraphs[0].style for cell in row.cells] for row in table.rows][2:]
    assert {style.paragraph_format.alignment for row in styles for style in row[1:]} == {WD_ALIGN_PARAGRAPH.RIGHT}
    bold = [table.cell(row, 1).paragraphs[0].runs[0].bold for row in (2, 3, 4)]
    assert bold == [None, None, True]


def test_label_title_period_foot_and_note_stand_around_the_figures() -> None:
    document = opened(statistics())

    lines = [paragraph.text for paragraph in document.paragraphs if paragraph.text]
    assert lines[:2] == ["附件1", "“剑网2018”专项行动工作情况统计表"]
    assert lines[2] == (
        f"注：各地版权管理部门填报此表，于每月15日前报送市版权局。联系人：{BLANK_ZH}，电话：{BLANK_ZH}。"
    )
    above, _, below = document.tables
    assert [cell.text for cell in above.rows[0].cells] == ["", "填报期间：2018年9月"]
    assert [cell.text for cell in below.rows[0].cells] == [
        "填报单位（盖章）：苏州市版权局",
        "填报人：张三",
        f"联系电话：{BLANK_ZH}",
    ]


def test_a_blank_to_be_filled_in_by_hand_is_a_line() -> None:
    root = body_of(statistics())

    underlined = [text_of(run) for run in root.iter(f"{W}r") if run.find(f"{W}rPr/{W}u") is not None]
    assert underlined == [BLANK_ZH] * 3


def test_forms_with_columns_of_our_own_say_so_below() -> None:
    sheet = statistics(form_id="statistics_2015")
    assert sheet.form.reading is not None

    texts = [paragraph.text for paragraph in opened(sheet).paragraphs]

    assert texts[-1] == sheet.form.reading.zh


def test_a_month_without_cases_says_so_over_all_columns() -> None:
    (table,) = ruled(body_of(cases()))

    rows = table.findall(f"{W}tr")
    assert [text_of(cell) for cell in rows[0].findall(f"{W}tc")] == (
        ["编号", "案件名称", "办案单位", "案件来源", "案情简介", "查处结果", "备注"]
    )
    assert (text_of(rows[1]), val(rows[1].find(f".//{W}gridSpan"))) == ("本期无查处案件", "7")


def test_a_form_without_known_columns_prints_its_head_and_one_line_that_says_so() -> None:
    document = opened(head_only(Printed(zh="（盖章）{unit}", en="Seal: {unit}")))

    assert document.paragraphs[0].text == "宿迁市互联网领域侵权假冒专项治理工作报表（2018年9月）"
    texts = [[cell.text for cell in table.rows[0].cells] for table in document.tables]
    assert texts == [
        ["单位：苏州市版权局", "负责人：", "联系人：", f"电话：{BLANK_ZH}"],
        ["原文未刊载本表栏目，请按市领导小组办公室下发的表样填写。"],
        ["（盖章）苏州市版权局"],
    ]


def test_every_form_has_a_section_with_its_page_and_page_numbers_of_its_own() -> None:
    narrow = statistics()
    columns = narrow.form.columns[:3]
    form = narrow.form.model_copy(update={"columns": columns, "row_head": RowHead(zh="类", en="row", width=10)})

    document = opened(statistics(), replace(narrow, form=form), head_only())

    sizes = [(section.page_width.twips, section.page_height.twips) for section in document.sections]
    assert sizes == [LANDSCAPE, PORTRAIT, LANDSCAPE]
    orientations = [section.orientation for section in document.sections]
    assert orientations == [WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE]
    assert {section.left_margin.twips for section in document.sections} == {Mm(20).twips}
    assert [bool(section.footer.paragraphs[0].runs) for section in document.sections] == [True, True, False]


def test_the_pages_of_a_form_are_counted_from_one() -> None:
    footer = part("word/footer1.xml", statistics())
    root = body_of(statistics(), cases())

    assert [val(field, "instr") for field in footer.iter(f"{W}fldSimple")] == ["PAGE", "SECTIONPAGES"]
    assert text_of(footer) == "第 1 页，共 1 页"
    assert [val(number, "start") for number in root.iter(f"{W}pgNumType")] == ["1", "1"]


def test_the_break_to_the_next_form_needs_no_paragraph_of_its_own() -> None:
    breaks = [
        paragraph for paragraph in body_of(*EVERY_KIND).iter(f"{W}p") if paragraph.find(f"{W}pPr/{W}sectPr") is not None
    ]

    assert len(breaks) == len(EVERY_KIND) - 1
    assert [text_of(paragraph)[:2] for paragraph in breaks] == ["注：", "注：", "", "注：", ""]


def test_two_tables_never_stand_next_to_each_other_and_the_last_part_is_a_paragraph() -> None:
    tags = [child.tag.removeprefix(W) for child in body_of(*EVERY_KIND)[0]]

    assert ("tbl", "tbl") not in set(pairwise(tags))
    assert tags[-2:] == ["p", "sectPr"]


def test_sixty_categories_go_over_pages_with_the_head_repeated_and_no_row_parted() -> None:
    many = [Category(f"c{number}", f"类别{number}", f"Category {number}") for number in range(60)]

    (table,) = ruled(body_of(statistics(many)))

    rows = table.findall(f"{W}tr")
    repeated = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows]
    assert repeated == [True, True, *[False] * 62]  # and the rows of other and of the total
    assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)


def test_the_total_stays_on_the_page_of_seal_and_signature() -> None:
    root = body_of(statistics())

    (table,) = ruled(root)
    *others, total = table.findall(f"{W}tr")[2:]
    kept = [[p.find(f"{W}pPr/{W}keepNext") is not None for p in row.iter(f"{W}p")] for row in (*others, total)]
    assert kept == [*[[False] * 10] * 2, [True] * 10]
    styles = part("word/styles.xml", statistics())
    (foot,) = [style for style in styles if val(style, "styleId") == "FormFoot"]
    assert foot.find(f"{W}pPr/{W}keepNext") is not None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "=1+1"),
        ("\t@SUM(A1)", "\t@SUM(A1)"),
        ("<w:p/>&amp;", "<w:p/>&amp;"),
        ("a\x00b\x1f\ud800c\x85", "a\ufffdb\ufffd\ufffdc\ufffd"),
        ("abc\u202edcba\u2066\u200f", "abc\ufffddcba\ufffd\ufffd"),
        ("𠮷野家", "𠮷野家"),
        ("一\r\n二\r三\n", "一\n二\n三\n"),
        ("　前后　", "　前后　"),
        (f"甲{BLANK_ZH}乙", f"甲{BLANK_ZH}乙"),
        ("  two  spaces ", "  two  spaces "),
    ],
)
def test_text_from_outside_stays_the_text_that_it_is(text: str, shown: str) -> None:
    (table,) = ruled(body_of(cases(a_case(text))))

    assert text_of(table.findall(f"{W}tr")[1].findall(f"{W}tc")[1]) == shown


@given(st.text(max_size=200))
def test_no_text_spoils_the_document(text: str) -> None:
    (table,) = ruled(body_of(replace(cases(a_case(text, text)), head=replace(HEAD, unit=text, filled_by=text))))

    shown = text_of(table.findall(f"{W}tr")[1].findall(f"{W}tc")[1])
    assert len(shown) == len(text.replace("\r\n", "\n"))


def test_a_very_long_account_is_kept_whole_set_smaller_and_goes_on_on_the_next_page() -> None:
    (table,) = ruled(body_of(cases(a_case("短"), a_case("长", "案情" * 5_000), a_case("中", "案情" * 250))))

    _, short, long, middling = table.findall(f"{W}tr")
    assert text_of(long.findall(f"{W}tc")[4]) == "案情" * 5_000
    sizes = [{val(size) for size in row.iter(f"{W}sz")} for row in (short, long, middling)]
    assert sizes == [set(), {"13"}, {"15"}]
    whole = [row.find(f"{W}trPr/{W}cantSplit") is not None for row in (short, long, middling)]
    assert whole == [True, False, True]


def test_typefaces_are_named_for_chinese_with_one_to_fall_back_on() -> None:
    styles, fonts = part("word/styles.xml", statistics()), part("word/fontTable.xml", statistics())

    named = {val(s, "styleId"): val(s.find(f"{W}rPr/{W}rFonts"), "eastAsia") for s in styles.iter(f"{W}style")}
    assert (named["FormTitle"], named["FormHead"], named["FormLabel"]) == ("方正小标宋简体", "黑体", "黑体")
    assert val(styles.find(f"{W}docDefaults//{W}rFonts"), "eastAsia") == "仿宋"
    others = {val(font, "name"): val(font.find(f"{W}altName")) for font in fonts}
    assert (others["方正小标宋简体"], others["仿宋"]) == ("宋体", "仿宋_GB2312")
    used = {val(style) for style in body_of(*EVERY_KIND).iter(f"{W}pStyle")}
    assert used <= named.keys()


def test_quotation_marks_of_a_chinese_title_are_as_wide_as_its_characters() -> None:
    runs = [body_of(statistics(head=head)).iter(f"{W}r") for head in (HEAD, IN_ENGLISH)]

    hints = [[text_of(run) for run in of_one if run.find(f"{W}rPr/{W}rFonts") is not None] for of_one in runs]
    assert hints == [["“剑网2018”专项行动工作情况统计表"], []]


def test_an_english_document_has_no_chinese_of_ours() -> None:
    forms = [replace(printed, head=IN_ENGLISH) for printed in EVERY_KIND]
    plain = [replace(form, rows=()) if isinstance(form, ListSheet) else form for form in forms]

    with zipfile.ZipFile(BytesIO(document_bytes(plain))) as archive:
        written = {name: archive.read(name).decode() for name in archive.namelist()}

    texts = written["word/document.xml"] + written["word/footer1.xml"]
    assert not re.search("[\u3000-\u9fff]", texts)
    assert "Statistics of the work in the special campaign “Sword Net 2018”" in texts
    assert f"Telephone: {BLANK_EN}" in texts
    assert ">Page <" in texts
    title = "Work statistics; Cases dealt with; Work report; Cases dealt with; Work report; Work statistics"
    assert title in written["docProps/core.xml"]


def test_properties_stand_in_the_order_that_the_format_asks_for() -> None:
    roots = [body_of(*EVERY_KIND), part("word/styles.xml", statistics()), part("word/footer1.xml", statistics())]

    for root in roots:
        for element in root.iter():
            order = ORDERS.get(element.tag.removeprefix(W))
            if order is not None:
                places = [order.index(child.tag.removeprefix(W)) for child in element]
                assert places == sorted(places)


def test_a_form_wider_than_a_page_is_set_in_smaller_type() -> None:
    sheet = statistics()
    columns = tuple(column.model_copy(update={"width": 20}) for column in sheet.form.columns)

    (table,) = ruled(body_of(replace(sheet, form=sheet.form.model_copy(update={"columns": columns}))))

    assert {val(size) for size in table.iter(f"{W}sz")} == {"13"}
    assert all(row.find(f".//{W}sz") is not None for row in table.findall(f"{W}tr"))


@given(st.lists(st.integers(4, 80), min_size=1, max_size=41), st.integers(5_000, 20_000))
def test_columns_share_a_page_in_proportion_and_to_the_last_twip(widths: list[int], whole: int) -> None:
    parts = shares(widths, whole)

    assert sum(parts) == whole
    assert all(abs(part - whole * width / sum(widths)) <= 1 for part, width in zip(parts, widths, strict=True))


@given(st.text(max_size=3_000), st.integers(4, 80))
def test_type_only_grows_with_the_room(text: str, width: int) -> None:
    sizes = [fitting_points(text, width, tallest) for tallest in (20, 100, 400, 10_000_000)]

    assert sizes == sorted(sizes)
    assert sizes[-1] == 10.5


def test_the_shipped_forms_are_printed_in_body_type() -> None:
    widths = [[*(c.width for c in form.columns)] for form in (statistics().form, cases().form)]

    assert [type_for(columns) for columns in widths] == [10.5, 10.5]


def test_the_same_content_gives_the_same_bytes_whenever_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    first = document_bytes(EVERY_KIND)
    monkeypatch.setattr("time.localtime", lambda *_: (2031, 5, 6, 7, 8, 9, 1, 126, 0))
    monkeypatch.setattr("time.time", lambda: 1_936_000_000.0)

    second = document_bytes(EVERY_KIND)

    assert first == second
    with zipfile.ZipFile(BytesIO(first)) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml")
    assert core.count(b"1980-01-01T00:00:00Z") == 2
    assert b"python-docx" not in core


def test_another_figure_gives_other_bytes() -> None:
    other = replace(HEAD, period="2018年10月")

    assert document_bytes([statistics()]) != document_bytes([statistics(head=other)])


def test_an_earlier_file_is_replaced_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "form.docx"
    file.write_bytes(b"old")

    write_document(file, EVERY_KIND)

    assert file.read_bytes() == document_bytes(EVERY_KIND)
    assert os.listdir(tmp_path) == ["form.docx"]


def test_a_full_disk_leaves_the_earlier_file_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "form.docx"
    file.write_bytes(b"old")

    def full(self: Path, target: Any) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(StoreUnavailable) as caught:
        write_document(file, EVERY_KIND)

    assert caught.value.code == "file.not_written"
    assert file.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["form.docx"]


def test_another_ending_or_no_folder_is_no_place_for_a_document(tmp_path: Path) -> None:
    codes = []
    for place in (tmp_path / "form.doc", tmp_path, tmp_path / "missing" / "form.docx"):
        with pytest.raises(InputWrong) as caught:
            write_document(place, EVERY_KIND)
        codes.append(caught.value.code)

    assert codes == ["file.suffix", "file.is_folder", "folder.missing"]
    assert os.listdir(tmp_path) == []
