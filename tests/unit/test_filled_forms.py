"""A form that somebody filled in: found by its heads wherever they stand; hostile files end in one sentence."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from engine.errors import AnjuanError, InputWrong
from reports.figures import statistics_page
from reports.filled_forms import FilledForm, FormRow, filled_form
from reports.foreign_workbooks import read_workbook
from reports.form_head import FormHead
from reports.forms import FigureForm, shipped_form
from reports.printed_forms import StatisticsSheet
from reports.sheets import write_month

ROWS = [
    FormRow("short_video", ("短视频", "short video", "short_video")),
    FormRow("other", ("其他", "other")),
    FormRow("total", ("合计", "Total", "total")),
]
HEADS = [
    ("行政处罚", "立案数量（件）"),
    ("", "处罚数量(件)"),
    ("", "罚款金额\n（万元）"),
    ("移送司法机关", "数 量（件）"),
    ("", "涉案金额（万元）"),
    ("调解案件（件）", ""),
    ("关闭网站", ""),
    ("删除侵权盗版链接（条）", ""),
    ("收缴侵权盗版制品（件）", ""),
]


def the_form() -> FigureForm:
    form = shipped_form("statistics")
    assert isinstance(form, FigureForm)
    return form


def typed(*rows: list[Any], top: int = 1, left: int = 1, heads: list[tuple[str, str]] | None = None) -> Workbook:
    """The form as somebody typed it again, without merged cells, its corner at that row and column."""
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "Sheet1"
    for number, (label, lower) in enumerate([("案件类别", ""), *(heads or HEADS)]):
        sheet.cell(top, left + number, label or None)
        sheet.cell(top + 1, left + number, lower or None)
    for down, row in enumerate(rows):
        for right, value in enumerate(row):
            sheet.cell(top + 2 + down, left + right, value)
    return workbook


def saved(workbook: Workbook, folder: Path, name: str = "表.xlsx") -> Path:
    workbook.save(folder / name)
    return folder / name


def taken(path: Path) -> FilledForm:
    return filled_form(read_workbook(path).sheets, the_form(), ROWS)


@pytest.mark.parametrize(("top", "left"), [(1, 1), (9, 4), (200, 30)])
def test_a_form_typed_again_is_found_by_its_heads(tmp_path: Path, top: int, left: int) -> None:
    workbook = typed(
        ["短视频", "１２", 3.0, "25.5"],
        ["其他", None, "—"],
        ["合 计", 12, 3, 25.5],
        ["填报人：张三"],
        top=top,
        left=left,
    )

    found = taken(saved(workbook, tmp_path))

    assert found.unread == ()
    assert found.figures["short_video", "filed"] == 12
    assert found.figures["short_video", "fines_wan"] == Decimal("25.5")
    assert found.figures["other", "filed"] is None
    assert found.figures["total", "penalties"] == 3
    assert len(found.figures) == 3 * 9


def test_columns_may_stand_in_another_order_and_among_others(tmp_path: Path) -> None:
    heads = [("备注", ""), *reversed(HEADS[5:]), ("移送司法机关", "涉案金额"), ("", "数量"), *HEADS[:3]]
    workbook = typed(["短视频", "转来", 4, 3, 2, 1], ["合计", None, 4, 3, 2, 1], heads=heads)

    found = taken(saved(workbook, tmp_path))

    assert found.figures["short_video", "mediations"] == 1
    assert found.figures["short_video", "copies_seized"] == 4
    assert found.figures["other", "filed"] is None
    assert found.unread == ()


def test_one_line_of_heads_is_enough(tmp_path: Path) -> None:
    workbook = Workbook()
    names = ["立案数量", "处罚数量", "罚款金额", "移送司法机关数量", "涉案金额", "调解案件", "关闭网站"]
    for row in (
        ["案件类别", *names, "删除侵权盗版链接", "收缴侵权盗版制品"],
        ["短视频", *range(1, 10)],
        ["合计", *range(1, 10)],
    ):
        workbook.active.append(row)  # type: ignore[union-attr]

    found = taken(saved(workbook, tmp_path))

    assert [found.figures["short_video", column.id] for column in the_form().columns] == list(range(1, 10))


def test_our_own_sheet_is_read_back_whole(tmp_path: Path) -> None:
    form = the_form()
    categories = [type("A", (), {"id": "short_video", "zh": "短视频", "en": "short video"})]
    sums = {("short_video", "filed"): 7, ("short_video", "fines_fen"): 12_345}
    page = statistics_page(form, categories, sums, {"filed", "fines_fen"})  # type: ignore[arg-type]
    head = FormHead("剑网2018", "苏州市版权局", "2018年9月")
    write_month(tmp_path / "a.xlsx", [StatisticsSheet(page, form, head)])

    found = taken(tmp_path / "a.xlsx")

    assert found.figures["short_video", "filed"] == 7
    assert found.figures["total", "fines_wan"] == Decimal("0.012345")
    assert found.figures["total", "mediations"] is None
    assert found.unread == ()


def test_what_cannot_be_read_is_named_with_its_cell(tmp_path: Path) -> None:
    workbook = typed(
        ["短视频", "十二", "=1+1", "='[1]别处'!A1"],
        ["动漫", 3],
        ["短视频", 1],
        ["合计", "=SUM(B3:B5)"],
    )

    found = taken(saved(workbook, tmp_path))

    assert [(one.cell, one.column) for one in found.unread] == [
        ("B3", "filed"),
        ("C3", "penalties"),
        ("D3", "fines_wan"),
        ("A4", None),
        ("A5", None),
        ("B6", "filed"),
    ]
    assert [one.en.split()[0] for one in found.unread] == ["it", "its", "its", "the", "the", "its"]


def test_of_a_formula_the_saved_result_is_read(tmp_path: Path) -> None:
    path = saved(typed(["短视频", 5], ["合计", "=SUM(B3:B3)"]), tmp_path)
    in_sheet(path, lambda xml: re.sub(rb"(<f>SUM\(B3:B3\)</f>)(?:<v ?/>|<v></v>)", rb"\1<v>6</v>", xml))

    assert taken(path).figures["total", "filed"] == 6


@pytest.mark.parametrize(
    ("make", "code", "named"),
    [
        (lambda: Workbook(), "form.not_found", "案件类别"),
        (lambda: typed(["合计"], heads=HEADS[:-1]), "form.head_missing", "收缴侵权盗版制品（件）"),
        (lambda: typed(["短视频", 1]), "form.head_missing", "合计"),
        (lambda: typed(["合计"], heads=[*HEADS, ("", "立案数量")]), "form.head_twice", "立案数量"),
    ],
)
def test_a_file_that_is_no_such_form_is_told_which_head_is_missing(
    tmp_path: Path, make: Callable[[], Workbook], code: str, named: str
) -> None:
    with pytest.raises(InputWrong) as caught:
        taken(saved(make(), tmp_path))

    assert caught.value.code == code
    assert named in caught.value.zh


# --- files that were made to do harm ------------------------------------------------------------------------------


def in_sheet(path: Path, change: Callable[[bytes], bytes], member: str = "xl/worksheets/sheet1.xml") -> Path:
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members[member] = change(members[member])
    return zipped(path, members)


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def bomb(path: Path) -> Path:
    return in_sheet(path, lambda xml: xml + b" " * (200 * 1024 * 1024))


def macros(path: Path) -> Path:
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    return path


def encrypted(path: Path) -> Path:
    content = bytearray(path.read_bytes())
    entry = content.rindex(b"PK\x01\x02")
    content[entry + 8] |= 1
    path.write_bytes(bytes(content))
    return path


def entities(path: Path) -> Path:
    lol = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    return in_sheet(path, lambda xml: lol + xml)


def compound(path: Path) -> Path:
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 512)
    return path


def cut(path: Path) -> Path:
    path.write_bytes(path.read_bytes()[:2000])
    return path


def no_workbook(path: Path) -> Path:
    return zipped(path, {"a.txt": b"1"})


def broken_xml(path: Path) -> Path:
    return in_sheet(path, lambda xml: xml[: len(xml) // 2])


def broken_parts(path: Path) -> Path:
    return in_sheet(path, lambda xml: xml[: len(xml) // 2], "xl/styles.xml")


def wild_places(path: Path) -> Path:
    return in_sheet(path, lambda xml: xml.replace(b'r="A1"', b'r="1A!"'))


def long_number(path: Path) -> Path:
    return in_sheet(path, lambda xml: xml.replace(b"<v>0</v>", b"<v>" + b"9" * 1_000_000 + b"</v>"))


def many_members(path: Path) -> Path:
    return zipped(path, {f"a{number}.xml": b"<a/>" for number in range(600)})


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (bomb, "file.too_large"),
        (many_members, "file.too_large"),
        (macros, "file.macros"),
        (encrypted, "file.locked"),
        (compound, "file.locked"),
        (entities, "file.no_spreadsheet"),
        (cut, "file.no_spreadsheet"),
        (no_workbook, "file.no_spreadsheet"),
        (broken_xml, "file.no_spreadsheet"),
        (broken_parts, "file.no_spreadsheet"),
        (wild_places, "file.no_spreadsheet"),
        (long_number, "file.no_spreadsheet"),
    ],
)
def test_a_harmful_file_is_refused_in_one_sentence(tmp_path: Path, harm: Callable[[Path], Path], code: str) -> None:
    path = harm(saved(typed(["短视频", 0], ["合计", 0]), tmp_path))

    with pytest.raises(InputWrong) as caught:
        taken(path)

    assert caught.value.code == code


def test_a_wrong_ending_a_folder_and_no_file_are_told_apart(tmp_path: Path) -> None:
    codes = []
    for path in (saved(typed(), tmp_path, "表.xlsm"), tmp_path, tmp_path / "none.xlsx"):
        with pytest.raises(AnjuanError) as caught:
            read_workbook(path)
        codes.append(caught.value.code)

    assert codes == ["file.suffix", "file.unreadable", "file.missing"]


def test_ten_thousand_columns_and_copies_of_a_formula_are_not_worked_through(tmp_path: Path) -> None:
    path = saved(typed(["短视频", 1], ["合计", 1]), tmp_path)
    master = b'<c r="ZZ5"><f t="shared" si="0" ref="A5:XFD99">' + b"SUM(A1,[[[" * 800 + b"</f><v>1</v></c>"
    row = b"<row>" + master + b'<c><f t="shared" si="0"/><v>1</v></c>' * 10_000 + b"</row>"
    in_sheet(path, lambda xml: xml.replace(b"</sheetData>", row * 20 + b"</sheetData>"))

    (sheet,) = read_workbook(path).sheets

    assert {len(cells) for cells in sheet.rows} == {100}
    assert taken(path).figures["short_video", "filed"] == 1


def test_no_more_rows_are_looked_at_than_a_form_can_have(tmp_path: Path) -> None:
    workbook = typed(["短视频", 1])
    workbook.active.cell(900_000, 1, "合计")  # type: ignore[union-attr]

    (sheet,) = read_workbook(saved(workbook, tmp_path)).sheets

    assert len(sheet.rows) == 300


def test_a_text_without_end_is_cut_before_it_is_looked_at(tmp_path: Path) -> None:
    path = saved(typed(["短视频", "1" * 30_000], ["合计", 1]), tmp_path)

    found = taken(path)

    (unread,) = found.unread
    assert len(unread.text) == 40


def test_the_file_is_left_as_it_is(tmp_path: Path) -> None:
    path = saved(typed(["合计", 1]), tmp_path)
    before = path.read_bytes()

    taken(path)

    assert path.read_bytes() == before
    assert io.BytesIO(before).read(2) == b"PK"
