"""Written sheets, opened with the library that wrote them and, independently, read as XML."""

from __future__ import annotations

import errno
import os
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook

from engine.errors import InputWrong, StoreUnavailable
from reports.figures import statistics_page
from reports.form_head import FormHead
from reports.forms import FigureForm, HeadForm, ListForm, Printed, shipped_form
from reports.printed_forms import HeadSheet, ListSheet, StatisticsSheet
from reports.sheets import write_month

NAMESPACE = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
HEAD = FormHead(campaign="剑网2018", unit="苏州市版权局", period="2018年9月", filled_by="张三")


@dataclass(frozen=True)
class A:
    """A category of a campaign."""

    id: str
    zh: str
    en: str


CATEGORIES = (A("news", "网络新闻转载", "News"), A("video", "短视频", "Video"), A("other", "其他", "Other"))
SUMS = {("news", "filed"): 4, ("video", "filed"): 7, ("news", "fines_fen"): 9_950_000, ("video", "fines_fen"): 1}


def statistics() -> StatisticsSheet:
    form = shipped_form("statistics")
    assert isinstance(form, FigureForm)
    return StatisticsSheet(statistics_page(form, CATEGORIES, SUMS, {"filed", "fines_fen", "penalties"}), form, HEAD)


def written_statistics(path: Path) -> Path:
    sheet = statistics()
    write_month(path, [sheet])
    return path


def cases_form() -> ListForm:
    form = shipped_form("cases")
    assert isinstance(form, ListForm)
    return form


def a_case(number: int = 1, **texts: str) -> tuple[str | int, ...]:
    columns = ("title", "unit", "source", "summary", "outcome", "remarks")
    return (number, *(texts.get(column, "") for column in columns))


def cells_in_xml(path: Path, sheet: int = 1) -> dict[str, tuple[str, str]]:
    """Type and content of every filled cell, straight from the XML."""
    with zipfile.ZipFile(path) as archive:
        root = ElementTree.fromstring(archive.read(f"xl/worksheets/sheet{sheet}.xml"))
    assert root.find(".//m:f", NAMESPACE) is None, "a formula stands in the sheet"
    found = {}
    for cell in root.iterfind(".//m:c", NAMESPACE):
        content = cell.find("m:v", NAMESPACE)
        if content is None:
            content = cell.find("m:is/m:t", NAMESPACE)
        if content is not None:
            found[cell.attrib["r"]] = (cell.attrib.get("t", "n"), content.text or "")
    return found


def merged_in_xml(path: Path, sheet: int = 1) -> set[str]:
    with zipfile.ZipFile(path) as archive:
        root = ElementTree.fromstring(archive.read(f"xl/worksheets/sheet{sheet}.xml"))
    return {merge.attrib["ref"] for merge in root.iterfind(".//m:mergeCell", NAMESPACE)}


def test_the_two_level_head_is_merged_as_printed(tmp_path: Path) -> None:
    file = written_statistics(tmp_path / "form.xlsx")

    two_rows = {f"{letter}4:{letter}5" for letter in "AGHIJ"}
    assert two_rows | {"B4:D4", "E4:F4", "A2:J2"} <= merged_in_xml(file)
    cells = cells_in_xml(file)
    assert cells["A2"][1] == "“剑网2018”专项行动工作情况统计表"
    assert [cells[place][1].replace("\n", "") for place in ("A4", "B4", "E4", "G4", "J4")] == [
        "案件类别",
        "行政处罚",
        "移送司法机关",
        "调解案件（件）",
        "收缴侵权盗版制品（件）",
    ]
    assert [cells[f"{letter}5"][1].replace("\n", "") for letter in "BCDEF"] == [
        "立案数量（件）",
        "处罚数量（件）",
        "罚款金额（万元）",
        "数量（件）",
        "涉案金额（万元）",
    ]


def test_figures_are_numbers_to_the_last_digit_and_unfed_cells_are_empty(tmp_path: Path) -> None:
    file = written_statistics(tmp_path / "form.xlsx")

    cells = cells_in_xml(file)

    assert [cells[f"A{row}"][1] for row in range(6, 10)] == ["网络新闻转载", "短视频", "其他", "合计"]
    assert [cells[f"B{row}"] for row in range(6, 10)] == [("n", "4"), ("n", "7"), ("n", "0"), ("n", "11")]
    # 99,500 yuan is 9.95 万元, which a float prints as 9.949999999999999
    assert [cells[f"D{row}"] for row in range(6, 10)] == [
        ("n", "9.950000"),
        ("n", "0.000001"),
        ("n", "0.000000"),
        ("n", "9.950001"),
    ]
    assert not [place for place in cells if re.fullmatch(r"[E-J][6-9]", place)]


def test_the_library_reads_numbers_with_their_formats(tmp_path: Path) -> None:
    file = written_statistics(tmp_path / "form.xlsx")

    sheet = load_workbook(file)["工作情况统计表"]

    assert (sheet["B9"].value, sheet["B9"].number_format) == (11, "0")
    assert (sheet["D9"].value, sheet["D9"].number_format) == (9.950001, "0.000000")
    assert sheet["B9"].font.b
    assert not sheet["B8"].font.b


def test_foot_and_note_are_printed_below_the_total(tmp_path: Path) -> None:
    file = written_statistics(tmp_path / "form.xlsx")

    below = [content for place, (_, content) in cells_in_xml(file).items() if re.fullmatch(r"[A-J]1[01]", place)]

    assert below[0] == "填报单位（盖章）：苏州市版权局"
    assert below[1] == "填报人：张三"
    assert below[2].startswith("联系电话：")
    assert below[3].startswith("注：各地版权管理部门填报此表，于每月15日前报送市版权局。")


def test_the_page_is_landscape_a4_one_page_wide_with_repeated_heads(tmp_path: Path) -> None:
    file = written_statistics(tmp_path / "form.xlsx")

    sheet = load_workbook(file).active

    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToWidth) == (True, 1)
    assert int(sheet.page_setup.fitToHeight) == 0
    assert sheet.print_area.replace("$", "").endswith("A1:J11")
    assert sheet.print_title_rows == "$2:$5"


def test_a_narrow_form_is_printed_upright(tmp_path: Path) -> None:
    file, sheet = tmp_path / "form.xlsx", statistics()
    form = sheet.form.model_copy(update={"columns": sheet.form.columns[:3]})

    write_month(file, [StatisticsSheet(sheet.page, form, HEAD)])

    page = load_workbook(file).active.page_setup
    assert (page.orientation, int(page.paperSize)) == ("portrait", 9)


def test_the_pages_of_a_table_are_numbered_and_a_form_without_columns_has_one(tmp_path: Path) -> None:
    file, head_only = tmp_path / "form.xlsx", shipped_form("counterfeit_2017")
    assert isinstance(head_only, HeadForm)

    write_month(file, [statistics(), ListSheet([], cases_form(), HEAD), HeadSheet(head_only, HEAD)])

    footers = [sheet.oddFooter.center.text for sheet in load_workbook(file)]
    assert footers == ["第 &P 页，共 &N 页", "第 &P 页，共 &N 页", None]


def test_what_does_not_fit_on_one_line_gets_a_taller_row(tmp_path: Path) -> None:
    file = tmp_path / "form.xlsx"
    long = FormHead(campaign="剑网" * 60, unit="某某市版权局" * 20, period="2018年9月", region="某区" * 60)

    write_month(file, [statistics(), ListSheet([a_case()], cases_form(), HEAD), ListSheet([], cases_form(), long)])

    usual, wrapped = (load_workbook(file)[name].row_dimensions for name in ("查处案件信息表", "查处案件信息表1"))
    assert all(wrapped[row].height > usual[row].height for row in (2, 3, 6))
    assert [usual[row].height for row in (2, 3, 6)] == [42, 22, 34]


def test_every_form_of_a_kind_has_a_sheet_in_the_order_given(tmp_path: Path) -> None:
    file, other = tmp_path / "month.xlsx", shipped_form("statistics_2015")
    assert isinstance(other, FigureForm)
    second = StatisticsSheet(statistics_page(other, CATEGORIES, SUMS, {"filed"}), other, HEAD)

    write_month(file, [ListSheet([], cases_form(), HEAD), statistics(), second])

    assert load_workbook(file).sheetnames == ["查处案件信息表", "工作情况统计表", "工作情况统计表1"]


def test_every_cell_of_the_table_is_ruled_on_all_sides(tmp_path: Path) -> None:
    file = written_statistics(tmp_path / "form.xlsx")

    with zipfile.ZipFile(file) as archive:
        styles = ElementTree.fromstring(archive.read("xl/styles.xml"))
        sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    borders = [len(border.findall("*[@style='thin']")) for border in styles.iterfind("m:borders/m:border", NAMESPACE)]
    formats = [int(xf.attrib["borderId"]) for xf in styles.iterfind("m:cellXfs/m:xf", NAMESPACE)]
    edges = {cell.attrib["r"]: borders[formats[int(cell.attrib["s"])]] for cell in sheet.iterfind(".//m:c", NAMESPACE)}
    table = {f"{letter}{row}" for letter in "ABCDEFGHIJ" for row in range(4, 10)}
    assert {edges[place] for place in table} == {4}
    assert {edges[place] for place in edges.keys() - table} == {0}


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("http://x","y")', "+1", "-1", "@SUM(A1)", "\t=1", "=1+1", "#N/A", "00123", "1e5", "TRUE"]
)
def test_text_from_outside_stays_text(tmp_path: Path, text: str) -> None:
    file = tmp_path / "cases.xlsx"

    write_month(file, [ListSheet([a_case(title=text)], cases_form(), HEAD)])

    assert cells_in_xml(file)["B5"] == ("inlineStr", text)
    assert load_workbook(file).active["B5"].data_type == "s"


def test_text_that_begins_like_a_formula_is_quoted_for_later_editing(tmp_path: Path) -> None:
    file = tmp_path / "cases.xlsx"

    write_month(file, [ListSheet([a_case(title="=1+1", unit="苏州市版权局")], cases_form(), HEAD)])

    sheet = load_workbook(file).active
    assert sheet["B5"].quotePrefix
    assert not sheet["C5"].quotePrefix


def test_characters_that_the_format_cannot_hold_are_shown_as_replaced(tmp_path: Path) -> None:
    file = tmp_path / "cases.xlsx"

    write_month(file, [ListSheet([a_case(title="a\x00b\x1f\ud800c")], cases_form(), HEAD)])

    assert cells_in_xml(file)["B5"][1] == "a\ufffdb\ufffd\ufffdc"


def test_signs_that_turn_the_direction_of_writing_are_shown_as_replaced(tmp_path: Path) -> None:
    file = tmp_path / "cases.xlsx"

    write_month(file, [ListSheet([a_case(title="abc\u202edcba\u2066𠮷")], cases_form(), HEAD)])

    assert cells_in_xml(file)["B5"][1] == "abc\ufffddcba\ufffd𠮷"


def test_a_text_longer_than_a_cell_says_that_it_was_cut(tmp_path: Path) -> None:
    file = tmp_path / "cases.xlsx"

    write_month(file, [ListSheet([a_case(summary="长" * 40_000)], cases_form(), HEAD)])

    written = cells_in_xml(file)["E5"][1]
    assert len(written) == 32_767
    assert written.endswith("长……（以下从略）")


def test_a_long_account_is_set_smaller_so_that_the_row_shows_all_of_it(tmp_path: Path) -> None:
    file = tmp_path / "cases.xlsx"

    write_month(file, [ListSheet([a_case(1, summary="短"), a_case(2, summary="案情" * 400)], cases_form(), HEAD)])

    sheet = load_workbook(file).active
    assert sheet["E5"].font.sz == 10.5
    assert sheet["E6"].font.sz == 7.5
    assert 300 < sheet.row_dimensions[6].height < 409


def test_the_case_table_has_its_printed_columns_and_rows(tmp_path: Path) -> None:
    file = tmp_path / "cases.xlsx"
    rows = [a_case(n, title=f"案件{n}", outcome="罚款") for n in (1, 2)]

    write_month(file, [ListSheet(rows, cases_form(), HEAD)])

    cells = cells_in_xml(file)
    assert [cells[f"{letter}4"][1] for letter in "ABCDEFG"] == (
        ["编号", "案件名称", "办案单位", "案件来源", "案情简介", "查处结果", "备注"]
    )
    assert (cells["A6"], cells["B6"]) == (("n", "2"), ("inlineStr", "案件2"))
    assert cells["A3"][1] == "地区：　　　　　　市（县）、区"


def test_a_month_without_cases_says_so(tmp_path: Path) -> None:
    file = tmp_path / "cases.xlsx"

    write_month(file, [ListSheet([], cases_form(), HEAD)])

    assert cells_in_xml(file)["A5"][1] == "本期无查处案件"
    assert "A5:G5" in merged_in_xml(file)


def test_a_month_holds_one_sheet_per_form(tmp_path: Path) -> None:
    file = tmp_path / "month.xlsx"

    write_month(file, [statistics(), ListSheet([a_case()], cases_form(), HEAD)])

    assert load_workbook(file).sheetnames == ["工作情况统计表", "查处案件信息表"]


def test_a_form_without_known_columns_prints_its_head_and_one_line_that_says_so(tmp_path: Path) -> None:
    file, form = tmp_path / "form.xlsx", shipped_form("counterfeit_2017")
    assert isinstance(form, HeadForm)
    head = FormHead(campaign="不印出", unit="宿豫区", period="2017年9月")

    write_month(file, [HeadSheet(form, head)])

    assert {place: content for place, (_, content) in cells_in_xml(file).items()} == {
        "A2": "宿迁市互联网领域侵权假冒专项治理工作报表（2017年9月）",
        "A3": "单位：宿豫区",
        "B3": "负责人：",
        "C3": "联系人：",
        "D3": "电话：　　　　　　",
        "A4": form.reading.zh,
    }
    assert load_workbook(file).sheetnames == ["专项治理工作报表"]
    assert "A4:D4" in merged_in_xml(file)


def test_the_foot_of_a_form_without_known_columns_stands_below(tmp_path: Path) -> None:
    file, form = tmp_path / "form.xlsx", shipped_form("counterfeit_2017")
    assert isinstance(form, HeadForm)
    seal = Printed(zh="（盖章）{unit}", en="Seal: {unit}")

    write_month(file, [HeadSheet(form.model_copy(update={"foot": (seal,)}), HEAD)])

    assert cells_in_xml(file)["A5"][1] == "（盖章）苏州市版权局"
    assert load_workbook(file).active.print_area.replace("$", "").endswith("A1:D5")


@pytest.mark.parametrize("form_id", ["statistics_2015", "cases_2015"])
def test_columns_that_are_ours_are_said_to_be_ours_on_the_sheet(tmp_path: Path, form_id: str) -> None:
    file, form = tmp_path / "form.xlsx", shipped_form(form_id)
    assert form.reading is not None

    if isinstance(form, FigureForm):
        write_month(file, [StatisticsSheet(statistics_page(form, CATEGORIES, SUMS, {"filed"}), form, HEAD)])
    elif isinstance(form, ListForm):
        write_month(file, [ListSheet([a_case()], form, HEAD)])

    sheet = load_workbook(file).active
    assert sheet.cell(sheet.max_row, 1).value == form.reading.zh
    assert sheet.cell(sheet.max_row - 1, 1).value == "注：按月报送，通知未写明日期。"
    assert sheet.print_area.replace("$", "").endswith(str(sheet.max_row))


def test_the_same_content_gives_the_same_bytes_whenever_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = written_statistics(tmp_path / "first.xlsx").read_bytes()
    monkeypatch.setattr("time.localtime", lambda *_: (2031, 5, 6, 7, 8, 9, 1, 126, 0))
    monkeypatch.setattr("time.time", lambda: 1_936_000_000.0)

    second = written_statistics(tmp_path / "second.xlsx").read_bytes()

    assert first == second
    with zipfile.ZipFile(tmp_path / "first.xlsx") as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"1980-01-01T00:00:00Z</dcterms:modified>" in archive.read("docProps/core.xml")


def test_an_earlier_file_is_replaced_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "form.xlsx"
    file.write_bytes(b"old")

    written_statistics(file)

    assert zipfile.is_zipfile(file)
    assert os.listdir(tmp_path) == ["form.xlsx"]


def test_a_folder_or_a_missing_folder_is_no_place_for_a_file(tmp_path: Path) -> None:
    with pytest.raises(InputWrong) as onto_folder:
        written_statistics(tmp_path)
    with pytest.raises(InputWrong) as into_nowhere:
        written_statistics(tmp_path / "missing" / "form.xlsx")

    assert (onto_folder.value.code, into_nowhere.value.code) == ("file.is_folder", "folder.missing")
    assert os.listdir(tmp_path) == []


def test_a_full_disk_leaves_the_earlier_file_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "form.xlsx"
    file.write_bytes(b"old")

    def full(self: Path, target: Any) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(StoreUnavailable) as caught:
        written_statistics(file)

    assert caught.value.code == "file.not_written"
    assert "磁盘已满" in caught.value.zh
    assert "the disk is full" in str(caught.value)
    assert file.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["form.xlsx"]


@pytest.mark.parametrize(("name", "reason"), [("长" * 200, "文件名过长"), ("a\0b", "无效字符")])
def test_a_name_that_no_file_can_have_is_one_sentence(tmp_path: Path, name: str, reason: str) -> None:
    with pytest.raises(StoreUnavailable) as caught:
        written_statistics(tmp_path / f"{name}.xlsx")

    assert reason in caught.value.zh
    assert os.listdir(tmp_path) == []
