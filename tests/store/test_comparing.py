"""A form that a county filled in, held against what its own cases give, on both databases."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from builders import CAMPAIGN, Scene
from openpyxl import load_workbook

from engine.errors import Forbidden, InputWrong, NotFound
from reports.comparing import Comparison, compare_form
from reports.export import export_month
from reports.monthly import ReportOrder, monthly_report
from reports.outside_counting import CountOrder, count_outside

pytest_plugins = ("scenes",)

# Of the exported form: heads in rows 4 and 5, then the categories and the total; columns B to J are those printed.
NEWS, VIDEO, OTHER, TOTAL = 6, 7, 8, 9
COUNTY = ReportOrder(CAMPAIGN, "2018-09", "campaign_office", "kunshan")


@pytest.fixture
def filled(scene: Scene, tmp_path: Path) -> Path:
    """What Kunshan sent in: one case of its own, two sites from a letter, money from outside."""
    no = scene.open("2018-09-03", by="county_handler1")
    scene.take(no, "verify", "2018-09-03", by="county_lead", officers="county_handler1,county_handler2")
    scene.take(no, "file", "2018-09-03", by="county_head")
    scene.it_is("2018-10-09")
    paper = tmp_path / "来函.pdf"
    paper.write_bytes(b"signed")
    file = tmp_path / "昆山.xlsx"
    with scene.office.store.writing() as work:
        for column, n in (("sites_closed", 2), ("fines_wan", 1_234_500)):
            order = CountOrder(CAMPAIGN, "other", column, n, date(2018, 9, 10), "county_clerk", "来函", paper)
            count_outside(scene.office, work, order, tmp_path / "evidence")
        report = monthly_report(scene.office, work, COUNTY)
        export_month(report, file, scene.office.people.person("county_clerk"))
    return file


def compared(scene: Scene, file: Path, order: ReportOrder = COUNTY, form: str | None = None) -> Comparison:
    with scene.office.store.reading() as work:
        return compare_form(scene.office, work, order, file, form)


def changed(file: Path, cells: dict[str, Any]) -> Path:
    workbook = load_workbook(file)
    sheet = workbook["工作情况统计表"]
    for place, value in cells.items():
        sheet[place] = value
    workbook.save(file)
    return file


def test_the_form_as_it_was_exported_agrees(scene: Scene, filled: Path) -> None:
    found = compared(scene, filled)

    assert found.ok
    assert (found.sheet, found.form.id, found.file.name) == ("工作情况统计表", "statistics", "昆山.xlsx")


def test_another_spelling_of_the_same_figures_agrees(scene: Scene, filled: Path) -> None:
    file = changed(
        filled, {f"B{NEWS}": "", f"B{VIDEO}": "１", f"H{OTHER}": "2家", f"D{OTHER}": "1.2345", f"H{NEWS}": "—"}
    )

    assert compared(scene, file).ok


def test_every_cell_that_differs_is_named_with_what_opens_ours(scene: Scene, filled: Path) -> None:
    file = changed(filled, {f"B{VIDEO}": 3, f"B{TOTAL}": 3, f"D{OTHER}": None, f"D{TOTAL}": 0, f"G{NEWS}": 0})

    found = compared(scene, file)

    assert [(one.row, one.column, one.theirs, one.ours) for one in found.differences] == [
        ("short_video", "filed", 3, 1),
        ("other", "fines_wan", None, "1.2345"),
        ("total", "filed", 3, 1),
        ("total", "fines_wan", "0.00", "1.2345"),
    ]
    assert found.differences[0].entries_command == (
        "anjuan report cells suzhou-2018 --month 2018-09 --form statistics --row short_video --column filed"
        " --unit kunshan"
    )
    assert (found.totals_wrong, found.unread, found.ok) == ((), (), False)


def test_a_changed_total_is_named_as_such(scene: Scene, filled: Path) -> None:
    found = compared(scene, changed(filled, {f"B{TOTAL}": 9, f"D{TOTAL}": "1.23"}))

    assert [one.document() for one in found.totals_wrong] == [
        {"column": "filed", "theirs": 9, "sum": 1},
        {"column": "fines_wan", "theirs": "1.23", "sum": "1.2345"},
    ]
    assert {one.row for one in found.differences} == {"total"}


def test_what_was_not_read_is_neither_equal_nor_different(scene: Scene, filled: Path) -> None:
    found = compared(scene, changed(filled, {f"B{TOTAL}": "=SUM(B6:B8)", f"C{VIDEO}": "若干"}))

    assert [(one.cell, one.row, one.column) for one in found.unread] == [
        (f"C{VIDEO}", "short_video", "penalties"),
        (f"B{TOTAL}", "total", "filed"),
    ]
    assert (found.differences, found.totals_wrong, found.ok) == ((), (), False)


def test_a_row_that_the_campaign_does_not_have_is_named_and_no_total_is_judged(scene: Scene, filled: Path) -> None:
    file = changed(filled, {f"A{NEWS}": "动漫", f"B{NEWS}": 4})

    found = compared(scene, file)

    assert [(one.cell, one.text) for one in found.unread] == [(f"A{NEWS}", "动漫")]
    assert found.totals_wrong == ()


@pytest.mark.parametrize(
    ("order", "form", "kind", "code"),
    [
        (ReportOrder(CAMPAIGN, "2018-09", "county_clerk", "suzhou"), None, Forbidden, "unit.outside"),
        (ReportOrder(CAMPAIGN, "2018-11", "campaign_office"), None, InputWrong, "month.future"),
        (ReportOrder("nowhere", "2018-09", "campaign_office"), None, NotFound, "campaign.unknown"),
        (COUNTY, "cases", InputWrong, "form.without_figures"),
        (COUNTY, "statistics_2015", NotFound, "form.unknown"),
    ],
)
def test_what_cannot_be_compared_is_said(
    scene: Scene, filled: Path, order: ReportOrder, form: str | None, kind: type[InputWrong], code: str
) -> None:
    with pytest.raises(kind) as caught:
        compared(scene, filled, order, form)

    assert caught.value.code == code


def test_nothing_is_written_by_comparing(scene: Scene, filled: Path) -> None:
    before, content = entries(scene), filled.read_bytes()

    compared(scene, filled)

    assert (entries(scene), filled.read_bytes()) == (before, content)


def entries(scene: Scene) -> Any:
    with scene.office.store.reading() as work:
        return work.connection.exec_driver_sql("SELECT count(*) FROM entry").scalar()
