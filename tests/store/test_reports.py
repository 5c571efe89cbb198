"""Monthly reports on both databases: figures are sums of tallies, and every figure opens the entries behind it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from engine.book_store import append, entries_of
from engine.campaign_checks import read_campaign
from engine.campaign_plan import CampaignPlan, shipped_campaign
from engine.case_store import insert_case
from engine.case_view import CaseView, InCampaign, StepTaken
from engine.clock import StandingClock, end_of_day
from engine.definitions import Definition
from engine.documents import add_document
from engine.errors import Forbidden, InputWrong, NotFound
from engine.ledger import STORE_BOOK, Said, campaign_book, case_book
from engine.office import Office
from engine.people import ADMINISTRATOR, Person, Unit
from engine.people_store import add_person, add_unit, load_people
from engine.store import Store, Work
from engine.tallies import Tally, write_tallies
from reports.cells import open_figure
from reports.export import export_month, export_said
from reports.figures import FEN_PER_WAN
from reports.forms import form_document, shipped_forms
from reports.monthly import MonthlyReport, ReportOrder, monthly_report

CAMPAIGN = "trial-2018"
PROVINCE, CITY, COUNTY, NEIGHBOUR = "trial_province", "trial_city", "trial_county", "trial_neighbour"
UNITS = (
    Unit(PROVINCE, "某省版权局", "province", None),
    Unit(CITY, "某市版权局", "city", PROVINCE),
    Unit(COUNTY, "某县版权局", "county", CITY),
    Unit(NEIGHBOUR, "邻县版权局", "county", CITY),
)
OFFICER, COUNTY_OFFICER, KEEPER = "trial_officer", "trial_county_officer", "trial_keeper"
PERSONS = (
    Person(OFFICER, "周统计", CITY, frozenset({(CITY, "campaign_office")})),
    Person(COUNTY_OFFICER, "钱统计", COUNTY, frozenset({(COUNTY, "campaign_office")})),
    Person(KEEPER, "管理员", PROVINCE, frozenset({(PROVINCE, ADMINISTRATOR)})),
)
TODAY = date(2018, 10, 16)
MEASURES = ("filed", "penalties", "fines_fen", "referred_fen", "links_removed")
COLUMNS = {
    "filed": "filed",
    "penalties": "penalties",
    "fines_wan": "fines_fen",
    "referred_wan": "referred_fen",
    "links_removed": "links_removed",
}
ROWS = ("news_reposting", "short_video", "other", "total")
# A workflow that counts what these tests count; nothing in it counts mediations or closed sites.
WORKFLOW = Definition.model_validate(
    {
        "workflow": "trial",
        "zh": "试办案件",
        "en": "Trial case",
        "roles": {"handler": {"zh": "办案人员", "en": "handler"}},
        "open": {
            "to": "filed",
            "by": ["handler"],
            "title": "title",
            "ask": {
                "title": {"type": "text", "zh": "案件名称", "en": "title"},
                "source": {
                    "type": "choice",
                    "zh": "案件来源",
                    "en": "source",
                    "choices": {"patrol": {"zh": "日常巡查", "en": "patrol"}},
                },
            },
        },
        "states": {
            "filed": {"zh": "已立案", "en": "filed", "stage": "investigation"},
            "decided": {"zh": "已作处罚决定", "en": "penalty decided", "stage": "penalty", "end": True},
        },
        "steps": {
            "decide": {
                "zh": "决定",
                "en": "Decide",
                "from": "filed",
                "to": "decided",
                "by": "handler",
                "ask": {"fine_fen": {"type": "money", "zh": "罚款", "en": "fine"}},
                "count": dict.fromkeys((*MEASURES, "referrals", "copies_seized"), "1"),
            }
        },
    }
)


def a_plan() -> CampaignPlan:
    plan, _ = read_campaign(shipped_campaign("suzhou-2018"))
    return plan.model_copy(update={"id": CAMPAIGN, "unit": CITY})


@pytest.fixture
def office(store: Store) -> Office:
    clock = StandingClock(end_of_day(TODAY))
    office = Office(store, clock, practice=True)
    with store.writing() as work:
        for unit in UNITS:
            add_unit(work, unit, load_people(work))
        for person in PERSONS:
            add_person(work, person, load_people(work))
        _keep(work, "campaign", CAMPAIGN, a_plan().as_document())
        _keep(work, "workflow", WORKFLOW.workflow, WORKFLOW.as_document())
        for form in shipped_forms():
            _keep(work, "form", form.id, form_document(form))
        append(work, Said(STORE_BOOK, "campaign", KEEPER, "2018-08-13", clock.now()))
        office.refresh(work)
    return office


def _keep(work: Work, kind: str, id_: str, content: dict[str, Any]) -> None:
    at = end_of_day(date(2018, 8, 13))
    add_document(work, kind, id_, content, effective_on=at.date(), author=KEEPER, reason="test", at=at)


def a_tally(
    measure: str = "filed",
    n: int = 1,
    category: str = "short_video",
    unit: str = CITY,
    on: date = date(2018, 9, 10),
    campaign: str = CAMPAIGN,
) -> Tally:
    return Tally(campaign, measure, category, unit, n, on, f"{on:%Y-%m}")


def count(work: Work, tallies: Iterable[Tally]) -> None:
    """Each tally is caused by an entry of its own."""
    for seq, tally in enumerate(tallies, start=1):
        write_tallies(work, case_book(f"no-{seq % 3}"), seq, [tally])


def an_order(**asked: Any) -> ReportOrder:
    return replace(ReportOrder(CAMPAIGN, "2018-09", OFFICER), **asked)


def figures(office: Office, work: Work, row: str = "total", **asked: Any) -> dict[str, Any]:
    """The cells of one row of the statistics."""
    document = monthly_report(office, work, an_order(**asked)).document()
    return next(dict(r["cells"]) for r in document["forms"]["statistics"]["rows"] if r["id"] == row)


def a_case(number: int, unit: str, since: date, *steps: StepTaken, **facts: Any) -> CaseView:
    opened = StepTaken(1, "open", "", "filed", OFFICER, "handler", since, {"source": "patrol"})
    return CaseView(
        case_no=f"case-{number}",
        workflow=WORKFLOW.workflow,
        definition=WORKFLOW.hash,
        state=(steps or (opened,))[-1].dest,
        ended=False,
        version=1,
        unit=unit,
        title=f"第{number}案",
        holders=(OFFICER,),
        facts={"source": "patrol", **facts},
        trail=(opened, *steps),
        deadlines={},
        parties=(),
        campaigns=(InCampaign(CAMPAIGN, "short_video", since),),
        passes=(),
        children=(),
        parent=None,
        opened_on=since,
        last_on=since,
        last_at=None,
        recorded_at="2018-09-01T00:00:00.000000+00:00",
        head_seq=1,
        head_hash="0" * 64,
    )


def test_a_month_counts_only_its_own_tallies_and_the_cumulative_report_all_before(office: Office) -> None:
    tallies = [a_tally(n=2, on=date(2018, 8, 31)), a_tally(n=3, on=date(2018, 9, 30)), a_tally(n=5, on=TODAY)]

    with office.store.writing(keep=False) as work:
        count(work, tallies)
        months = [figures(office, work, month=month)["filed"] for month in ("2018-08", "2018-09", "2018-10")]
        up_to = [
            figures(office, work, month=month, cumulative=True)["filed"] for month in ("2018-08", "2018-09", "2018-10")
        ]

    assert months == [2, 3, 5]
    assert up_to == [2, 5, 10]


def test_a_unit_counts_alone_and_the_tree_adds_the_units_below(office: Office) -> None:
    tallies = [a_tally(n=1), a_tally(n=10, unit=COUNTY), a_tally(n=100, unit=NEIGHBOUR), a_tally(n=1000, unit=PROVINCE)]

    with office.store.writing(keep=False) as work:
        count(work, tallies)
        city = figures(office, work)["filed"]
        tree = figures(office, work, tree=True)["filed"]
        county = figures(office, work, unit=COUNTY)["filed"]
        own = figures(office, work, actor=COUNTY_OFFICER)["filed"]
        administrator = figures(office, work, actor=KEEPER)["filed"]
        nobody = figures(office, work, actor=None)["filed"]

    assert (city, tree, county, own) == (1, 111, 10, 10)
    assert (administrator, nobody) == (1, 1)


def test_a_unit_outside_ones_own_is_not_shown(office: Office) -> None:
    with office.store.reading() as work:
        for order in (an_order(actor=COUNTY_OFFICER, unit=CITY), an_order(actor=COUNTY_OFFICER, unit=NEIGHBOUR)):
            with pytest.raises(Forbidden) as caught:
                monthly_report(office, work, order)

            assert caught.value.code == "unit.outside"


def test_another_campaign_does_not_count(office: Office) -> None:
    with office.store.writing(keep=False) as work:
        count(work, [a_tally(n=4), a_tally(n=7, campaign="another")])

        assert figures(office, work)["filed"] == 4


def test_a_category_unknown_to_the_campaign_counts_in_other(office: Office) -> None:
    with office.store.writing(keep=False) as work:
        count(work, [a_tally(category="anime"), a_tally(category=""), a_tally(category="other")])
        report = monthly_report(office, work, an_order()).document()
        opened = open_figure(office, work, an_order(), "statistics", "other", "filed")

    rows = {row["id"]: row["cells"]["filed"] for row in report["forms"]["statistics"]["rows"]}
    assert rows == {"news_reposting": 0, "short_video": 0, "other": 3, "total": 3}
    assert sum(entry.n for entry in opened.entries) == 3


def test_a_correction_lowers_the_figure_and_is_listed_with_its_sign(office: Office) -> None:
    with office.store.writing(keep=False) as work:
        count(work, [a_tally("fines_fen", 2_000_000), a_tally("fines_fen", -2_000_000), a_tally("fines_fen", 12_345)])
        fines = figures(office, work)["fines_wan"]
        opened = open_figure(office, work, an_order(), "statistics", "short_video", "fines_wan")

    assert fines == "0.012345"
    assert opened.value == "0.012345"
    assert sorted(entry.n for entry in opened.entries) == [-2_000_000, 12_345, 2_000_000]


def test_money_is_shown_in_wan_with_as_many_decimals_as_the_sum_needs(office: Office) -> None:
    with office.store.writing(keep=False) as work:
        count(work, [a_tally("fines_fen", 1_500_000), a_tally("fines_fen", 1_000, category="other")])
        shown = {row: figures(office, work, row)["fines_wan"] for row in ROWS}

    assert shown == {"news_reposting": "0.000", "short_video": "1.500", "other": "0.001", "total": "1.501"}


def test_a_column_that_nothing_feeds_is_null_and_one_that_is_fed_but_empty_is_zero(office: Office) -> None:
    with office.store.reading() as work:
        cells = figures(office, work)
        opened = open_figure(office, work, an_order(), "statistics", "total", "mediations")

    assert (cells["mediations"], cells["sites_closed"]) == (None, None)
    assert (cells["filed"], cells["fines_wan"], cells["copies_seized"]) == (0, "0.00", 0)
    assert opened.document() == {"value": None, "entries": []}


RANDOM_TALLIES = st.lists(
    st.builds(
        a_tally,
        measure=st.sampled_from(MEASURES),
        n=st.integers(-(10**9), 10**9).filter(bool),
        category=st.sampled_from(["news_reposting", "short_video", "other", "anime", ""]),
        unit=st.sampled_from([CITY, COUNTY, PROVINCE]),
        on=st.sampled_from([date(2018, 8, 20), date(2018, 9, 1), date(2018, 9, 30), date(2018, 10, 8)]),
        campaign=st.sampled_from([CAMPAIGN, CAMPAIGN, "another"]),
    ),
    max_size=40,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tallies=RANDOM_TALLIES, tree=st.booleans(), cumulative=st.booleans())
def test_the_entries_behind_a_figure_add_up_to_it(
    office: Office, tallies: list[Tally], tree: bool, cumulative: bool
) -> None:
    units = {CITY, COUNTY} if tree else {CITY}
    order = an_order(tree=tree, cumulative=cumulative)
    meant = [
        tally
        for tally in tallies
        if tally.campaign == CAMPAIGN
        and tally.unit in units
        and (tally.period <= order.month if cumulative else tally.period == order.month)
    ]

    with office.store.writing(keep=False) as work:
        count(work, tallies)
        shown = {row: figures(office, work, row, tree=tree, cumulative=cumulative) for row in ROWS}
        opened = {
            (row, column): open_figure(office, work, order, "statistics", row, column)
            for row in ROWS
            for column in COLUMNS
        }

    for (row, column), figure in opened.items():
        expected = sum(
            t.n
            for t in meant
            if t.measure == COLUMNS[column]
            and row in ("total", t.category if t.category in ROWS and t.category != "total" else "other")
        )
        assert sum(entry.n for entry in figure.entries) == expected
        assert figure.value == shown[row][column]
        in_units = Decimal(expected) / FEN_PER_WAN if column.endswith("_wan") else Decimal(expected)
        assert Decimal(str(figure.value)) == in_units


@pytest.mark.parametrize(
    ("form", "row", "column", "code"),
    [
        ("statistic", "total", "filed", "form.unknown"),
        ("statistics", "toatl", "filed", "row.unknown"),
        ("statistics", "total", "fines_fen", "column.unknown"),
    ],
)
def test_an_unknown_form_row_or_column_is_not_found_and_the_known_ones_are_named(
    office: Office, form: str, row: str, column: str, code: str
) -> None:
    with office.store.reading() as work, pytest.raises(NotFound) as caught:
        open_figure(office, work, an_order(), form, row, column)

    assert caught.value.code == code
    known = {"form.unknown": "cases", "row.unknown": "news_reposting", "column.unknown": "fines_wan"}[code]
    assert caught.value.remedy is not None
    assert known in caught.value.remedy.en


def test_a_list_has_no_figures_to_open(office: Office) -> None:
    with office.store.reading() as work, pytest.raises(InputWrong) as caught:
        open_figure(office, work, an_order(), "cases", "total", "number")

    assert caught.value.code == "form.without_figures"


def test_a_month_that_has_not_begun_is_refused_and_the_running_one_is_shown(office: Office) -> None:
    with office.store.reading() as work:
        running = monthly_report(office, work, an_order(month="2018-10")).document()
        with pytest.raises(InputWrong) as caught:
            monthly_report(office, work, an_order(month="2018-11"))

    assert caught.value.code == "month.future"
    assert (running["period_from"], running["period_to"]) == ("2018-10-01", "2018-10-31")


def test_a_late_report_is_shown_and_marked(office: Office) -> None:
    # 苏知法〔2018〕75号: the forms of a month are due on the 15th of the next; 15 September 2018 was a Saturday.
    with office.store.reading() as work:
        august = monthly_report(office, work, an_order(month="2018-08")).document()
        october = monthly_report(office, work, an_order(month="2018-10")).document()
        july = monthly_report(office, work, an_order(month="2018-07")).document()

    assert (august["due_on"], august["late"]) == ("2018-09-15", True)
    assert (october["due_on"], october["late"]) == ("2018-11-15", False)
    assert (july["due_on"], july["late"]) == (None, False)


@pytest.mark.parametrize(("on", "late"), [(date(2018, 10, 15), False), (date(2018, 10, 16), True)])
def test_the_day_on_which_it_is_due_is_still_in_time(office: Office, on: date, late: bool) -> None:
    then = Office(office.store, StandingClock(end_of_day(on)), practice=True)

    with then.store.reading() as work:
        then.refresh(work)

        assert monthly_report(then, work, an_order()).late is late


def test_the_list_shows_each_case_as_it_stood_at_the_end_of_the_month(office: Office) -> None:
    decided = StepTaken(
        2, "decide", "filed", "decided", OFFICER, "handler", date(2018, 10, 9), {"fine_fen": 2_000_050, "officers": []}
    )
    cases = [
        a_case(1, CITY, date(2018, 9, 3), decided, respondent="某公司", respondent_kind="unit", work="某书"),
        a_case(
            2, CITY, date(2018, 8, 20), respondent="张三", respondent_kind="person", urls="http://a.example, b.example"
        ),
        a_case(3, COUNTY, date(2018, 9, 4)),
        a_case(4, CITY, date(2018, 10, 1)),
    ]

    with office.store.writing(keep=False) as work:
        for case in cases:
            insert_case(work, case)
        september = monthly_report(office, work, an_order()).document()["forms"]["cases"]
        october = monthly_report(office, work, an_order(month="2018-10", tree=True)).document()["forms"]["cases"]

    assert [row["id"] for row in september["rows"]] == ["case-2", "case-1"]
    assert september["rows"][1]["cells"] == {
        "number": 2,
        "title": "第1案",
        "unit": "某市版权局",
        "source": "日常巡查",
        "summary": "涉案作品：某书；当事人：某公司",
        "outcome": "已立案",
        "remarks": "案号case-1",
    }
    assert september["rows"][0]["cells"]["summary"] == "当事人为公民；涉案网址：http://a.example等2个"
    assert [row["id"] for row in october["rows"]] == ["case-2", "case-1", "case-3", "case-4"]
    assert october["rows"][1]["cells"]["outcome"] == "已作处罚决定；罚款20000.50元"


def test_the_document_has_the_shape_of_the_contract(office: Office) -> None:
    with office.store.reading() as work:
        document = monthly_report(office, work, an_order()).document()

    assert (document["campaign"], document["unit"], document["period"]) == (CAMPAIGN, CITY, "2018-09")
    assert list(document["forms"]) == ["statistics", "cases", "sites"]
    assert document["forms"]["sites"]["rows"] == []
    assert document["forms"]["sites"]["columns"][0]["id"] == "number"


def test_the_export_opens_as_a_spreadsheet_and_stands_in_the_campaigns_book(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "月报.xlsx"
    officer = office.people.person(OFFICER)

    with office.store.writing() as work:
        count(work, [a_tally(n=3), a_tally("fines_fen", 2_500_000)])
        report = monthly_report(office, work, an_order())
        exported = export_month(report, file, officer)
        append(work, export_said(report, exported, officer, office.clock.now()))

    workbook = load_workbook(file)
    assert exported.forms == ("statistics", "cases")
    assert workbook.sheetnames == ["工作情况统计表", "查处案件信息表"]
    cells = [cell for row in workbook["工作情况统计表"].iter_rows(values_only=True) for cell in row]
    assert "“剑网2018”专项行动工作情况统计表" in cells
    assert 2.5 in cells
    with office.store.reading() as work:
        (entry,) = entries_of(work, campaign_book(CAMPAIGN))
    assert entry.kind == "export"
    assert entry.said()["effects"]["sha256"] == exported.sha256


def test_a_document_is_in_the_language_asked_for_and_on_record_like_a_spreadsheet(
    office: Office, tmp_path: Path
) -> None:
    officer = office.people.person(OFFICER)

    with office.store.writing() as work:
        count(work, [a_tally(n=3), a_tally("fines_fen", 2_500_000)])
        report = monthly_report(office, work, an_order(tree=True))
        for lang in ("zh", "en"):
            exported = export_month(report, tmp_path / f"{lang}.docx", officer, lang)
            append(work, export_said(report, exported, officer, office.clock.now()))

    zh, en = (Document(str(tmp_path / f"{lang}.docx")) for lang in ("zh", "en"))
    assert exported.forms == ("statistics", "cases")
    assert [cell.text for cell in zh.tables[1].rows[-1].cells][:4] == ["合计", "3", "0", "2.50"]
    assert [cell.text for cell in en.tables[1].rows[-1].cells][:4] == ["Total", "3", "0", "2.50"]
    assert "with the units below it" in en.tables[2].cell(0, 0).text
    assert en.tables[3].cell(0, 1).text == "Period: up to 2018-09-30"
    with office.store.reading() as work:
        entries = entries_of(work, campaign_book(CAMPAIGN))
    written = [hashlib.sha256((tmp_path / f"{lang}.docx").read_bytes()).hexdigest() for lang in ("zh", "en")]
    assert [entry.said()["effects"]["sha256"] for entry in entries] == written


@pytest.mark.parametrize(
    ("name", "code"), [("month.xls", "file.suffix"), (".", "file.is_folder"), ("none/month.xlsx", "folder.missing")]
)
def test_an_export_to_no_place_for_a_spreadsheet_is_refused(
    office: Office, tmp_path: Path, name: str, code: str
) -> None:
    place = tmp_path / "exports"
    place.mkdir()
    with office.store.reading() as work:
        report = monthly_report(office, work, an_order())

    with pytest.raises(InputWrong) as caught:
        export_month(report, place / name, office.people.person(OFFICER))

    assert caught.value.code == code
    assert list(place.iterdir()) == []


def test_a_form_without_known_columns_is_shown_and_exported_as_its_head(office: Office, tmp_path: Path) -> None:
    report, file = a_seed_report(office, "suqian-2017", "2017-09"), tmp_path / "form.xlsx"

    exported = export_month(report, file, office.people.person(OFFICER))

    form = report.document()["forms"]["counterfeit_2017"]
    assert (form["columns"], form["rows"], form["reading"]["confidence"]) == ([], [], "V1")
    assert report.document()["due_on"] is None
    assert exported.forms == ("counterfeit_2017",)
    assert load_workbook(file).active["A2"].value == "宿迁市互联网领域侵权假冒专项治理工作报表（2017年9月）"


def test_forms_with_columns_of_our_own_are_filled_in_and_say_so(office: Office, tmp_path: Path) -> None:
    report, file = a_seed_report(office, "national-2015", "2015-09"), tmp_path / "form.xlsx"

    exported = export_month(report, file, office.people.person(OFFICER))

    forms = report.document()["forms"]
    assert {name: form["reading"]["confidence"] for name, form in forms.items()} == {
        "statistics_2015": "inference",
        "cases_2015": "inference",
    }
    assert [row["id"] for row in forms["statistics_2015"]["rows"]][-2:] == ["other", "total"]
    assert exported.forms == ("statistics_2015", "cases_2015")
    assert load_workbook(file)["查处案件信息表"]["A5"].value == "本期无查处案件"


def test_a_form_without_columns_has_no_figure_to_open(office: Office) -> None:
    a_seed_report(office, "suqian-2017", "2017-09")

    with office.store.reading() as work, pytest.raises(InputWrong) as caught:
        open_figure(office, work, ReportOrder("suqian-2017", "2017-09", OFFICER), "counterfeit_2017", "total", "filed")

    assert caught.value.code == "form.without_figures"


def a_seed_report(office: Office, campaign: str, month: str) -> MonthlyReport:
    """The report of a shipped campaign, loaded for the city of these tests."""
    plan, _ = read_campaign(shipped_campaign(campaign))
    with office.store.writing() as work:
        _keep(work, "campaign", campaign, plan.model_copy(update={"unit": CITY}).as_document())
        append(work, Said(STORE_BOOK, "campaign", KEEPER, "2018-10-16", office.clock.now()))
        office.refresh(work)
        return monthly_report(office, work, ReportOrder(campaign, month, OFFICER))
