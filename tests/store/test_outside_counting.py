"""Figures from outside go on record with their paper, add to the cases' figures and are found when tampered with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from builders import CAMPAIGN, Scene
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.book_store import entries_of
from engine.campaign_checks import read_campaign
from engine.campaign_parts import Counter
from engine.campaign_plan import shipped_campaign
from engine.errors import CaseChangedMeanwhile, Forbidden, InputWrong, NotFound, TransitionRefused
from engine.evidence import is_whole
from engine.evidence_queries import NamedFile, files_named
from engine.ledger import campaign_book
from engine.snapshot import snapshot
from engine.store import Work
from engine.verifying import verify_store
from reports.board import campaign_board
from reports.cells import Opened, open_figure
from reports.comparing import compare_form
from reports.export import export_month
from reports.monthly import ReportOrder, monthly_report
from reports.outside_counting import CountedOutside, CountOrder, count_outside, record_refused_count
from workflows.campaign_loading import load_campaign

pytest_plugins = ("scenes",)

BOOK = campaign_book(CAMPAIGN)
ROWS, COLUMNS = ("news_reposting", "short_video", "other"), ("filed", "fines_wan", "mediations", "sites_closed")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "evidence"


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    file = tmp_path / "来函.pdf"
    file.write_bytes(b"signed")
    return file


def an_order(paper: Path, n: int = 3, by: str = "campaign_office", **said: Any) -> CountOrder:
    given = {"row": "short_video", "column": "mediations", "on": date(2018, 9, 10), "reason": "法院来函", **said}
    return CountOrder(CAMPAIGN, n=n, actor=by, paper=paper, **given)


def counted(scene: Scene, folder: Path, order: CountOrder) -> CountedOutside:
    with scene.office.store.writing() as work:
        return count_outside(scene.office, work, order, folder)


def refusals(scene: Scene, folder: Path, order: CountOrder) -> list[str]:
    with pytest.raises(TransitionRefused) as caught:
        counted(scene, folder, order)
    return [refusal.code for refusal in caught.value.refusals]


def opened(scene: Scene, row: str = "total", column: str = "mediations", **asked: Any) -> Opened:
    order = ReportOrder(CAMPAIGN, **{"month": "2018-09", "actor": "campaign_office", **asked})
    with scene.office.store.reading() as work:
        return open_figure(scene.office, work, order, "statistics", row, column)


def verified(scene: Scene) -> tuple[str, int] | None:
    with snapshot(scene.office.store) as work:
        bad = verify_store(work).first_bad
    return (bad.book, bad.seq) if bad is not None else None


def test_the_entry_names_the_place_and_the_paper_and_the_figure_opens_it(
    scene: Scene, folder: Path, paper: Path
) -> None:
    scene.it_is("2018-10-09")

    done = counted(scene, folder, an_order(paper))

    assert (done.form, done.stands, done.warnings) == ("statistics", 3, ())
    with scene.office.store.reading() as work:
        last = entries_of(work, BOOK)[-1]
        named = files_named(work)
    effects = last.said()["effects"]
    assert (last.kind, last.actor, last.happened_on) == ("count", "campaign_office", "2018-09-10")
    assert effects["tallies"] == [
        {"campaign": CAMPAIGN, "column": "mediations", "row": "short_video", "n": 3, "unit": "suzhou"}
        | {"period": "2018-09"}
    ]
    assert named == (NamedFile(CAMPAIGN, "来函.pdf", effects["paper"]["sha256"]),)
    assert is_whole(folder, effects["paper"]["sha256"])
    (entry,) = opened(scene).document()["entries"]
    assert entry == {
        "case_no": None,
        "book": BOOK,
        "seq": last.seq,
        "n": 3,
        "zh": "外部数字",
        "en": "from outside",
        "paper": effects["paper"],
        "reason": "法院来函",
        "by": "campaign_office",
        "on": "2018-09-10",
    }
    assert verified(scene) is None


def test_it_adds_to_the_cases_and_stands_beside_their_entries(scene: Scene, folder: Path, paper: Path) -> None:
    no = scene.open("2018-09-03")
    scene.walk(no, "verify file", "2018-09-03")
    scene.it_is("2018-10-09")

    counted(scene, folder, an_order(paper, 2, row="other", column="filed"))

    figure = opened(scene, column="filed")
    assert (figure.value, [entry.n for entry in figure.entries]) == (3, [1, 2])
    assert [entry.case_no for entry in figure.entries] == [no, None]
    assert figure.document()["entries"][0] == {"case_no": no, "seq": figure.entries[0].seq, "n": 1}


def test_money_counts_in_fen_and_only_in_its_own_month_and_unit(scene: Scene, folder: Path, paper: Path) -> None:
    scene.it_is("2018-10-09")
    counted(scene, folder, an_order(paper, 12_345, column="fines_wan", unit="kunshan"))

    assert opened(scene, column="fines_wan").value == "0.00"
    assert opened(scene, column="fines_wan", tree=True).value == "0.012345"
    assert opened(scene, column="fines_wan", unit="kunshan").value == "0.012345"
    assert opened(scene, column="fines_wan", unit="kunshan", month="2018-10").value == "0.00"


def test_as_much_is_taken_back_as_stands_there_from_outside_and_no_more(
    scene: Scene, folder: Path, paper: Path
) -> None:
    no = scene.open("2018-09-03")
    scene.walk(no, "verify file", "2018-09-03")
    scene.it_is("2018-10-09")
    place = {"row": "short_video", "column": "filed"}
    counted(scene, folder, an_order(paper, 2, **place))

    for other in ({"row": "other"}, {"column": "penalties"}, {"unit": "kunshan"}, {"on": date(2018, 8, 31)}):
        assert refusals(scene, folder, an_order(paper, -1, **{**place, **other})) == ["count.below"]
    assert refusals(scene, folder, an_order(paper, -3, **place)) == ["count.below"]
    assert counted(scene, folder, an_order(paper, -2, **place)).stands == 0
    assert refusals(scene, folder, an_order(paper, -1, **place)) == ["count.below"]
    assert opened(scene, column="filed").value == 1
    assert verified(scene) is None


def test_who_may_not_count_is_told_every_reason_and_nothing_is_kept(scene: Scene, folder: Path, paper: Path) -> None:
    scene.it_is("2018-10-09")
    order = an_order(paper, -1, "handler1", on=date(2018, 10, 10))

    assert refusals(scene, folder, order) == ["role.missing", "date.in_future", "count.below"]
    assert refusals(scene, folder, an_order(paper, by="handler1", unit="kunshan")) == ["role.missing"]
    assert refusals(scene, folder, an_order(paper, by="province", unit="jiangsu"))[-1] == "campaign.elsewhere"
    with pytest.raises(Forbidden):
        counted(scene, folder, an_order(paper, by="county_clerk", unit="suzhou"))

    assert counted(scene, folder, an_order(paper, by="county_clerk")).tally.unit == "kunshan"
    assert counted(scene, folder, an_order(paper, by="campaign_office", unit="kunshan")).stands == 6
    assert opened(scene).value is None
    assert opened(scene, tree=True).value == 6


def test_a_refusal_is_on_record_without_the_figure(scene: Scene, folder: Path, paper: Path) -> None:
    scene.it_is("2018-10-09")
    order = an_order(paper, by="handler1")
    with pytest.raises(TransitionRefused) as caught:
        counted(scene, folder, order)
    with scene.office.store.writing() as work:
        record_refused_count(scene.office, work, caught.value, order)

    assert not folder.exists()
    with scene.office.store.reading() as work:
        last = entries_of(work, BOOK)[-1]
    assert (last.kind, last.step) == ("refusal", "count")
    assert last.said()["effects"] == {"refused": ["role.missing"], "row": "short_video", "column": "mediations"}


def test_a_day_outside_the_campaign_is_minded_and_counts(scene: Scene, folder: Path, paper: Path) -> None:
    scene.it_is("2018-12-01")

    done = counted(scene, folder, an_order(paper, on=date(2018, 12, 1)))

    assert [warning.code for warning in done.warnings] == ["campaign.outside"]
    assert opened(scene, month="2018-12").value == 3


@pytest.mark.parametrize(
    ("wrong", "kind", "code"),
    [
        ({"row": "total"}, InputWrong, "row.total"),
        ({"row": "anime"}, NotFound, "row.unknown"),
        ({"column": "fines_fen"}, NotFound, "column.unknown"),
        ({"column": "fines_fen", "form": "statistics"}, NotFound, "column.unknown"),
        ({"form": "cases"}, InputWrong, "form.without_figures"),
        ({"form": "statistics_2015"}, NotFound, "form.unknown"),
        ({"unit": "nowhere"}, NotFound, "unit.unknown"),
        ({"reason": "  "}, InputWrong, "reason.missing"),
        ({"n": 0}, InputWrong, "count.out_of_range"),
        ({"n": 10**18}, InputWrong, "count.out_of_range"),
    ],
)
def test_a_place_that_is_not_there_is_told_with_those_that_are(
    scene: Scene, folder: Path, paper: Path, wrong: dict[str, Any], kind: type[InputWrong], code: str
) -> None:
    scene.it_is("2018-10-09")
    with pytest.raises(kind) as caught:
        counted(scene, folder, an_order(paper, **wrong))

    assert caught.value.code == code
    assert not folder.exists()


def test_a_counter_of_the_campaign_that_has_a_measure_takes_counts_too(scene: Scene, folder: Path, paper: Path) -> None:
    plan, _ = read_campaign(shipped_campaign(CAMPAIGN))
    counters = (
        Counter(id="lessons", zh="培训场次", en="lessons", measure="lessons"),
        Counter(id="attendance", zh="参加人数", en="attendance"),
    )
    scene.it_is("2018-10-09")
    office = scene.office
    with office.store.writing() as work:
        chief = office.people.person("campaign_office")
        load_campaign(office, work, chief, plan.model_copy(update={"id": "trial-2018", "counters": counters}))

    done = counted(scene, folder, replace(an_order(paper, column="lessons"), campaign="trial-2018"))
    with pytest.raises(NotFound) as caught:
        counted(scene, folder, replace(an_order(paper, column="attendance"), campaign="trial-2018"))
    with office.store.reading() as work:
        board = campaign_board(office, work, "trial-2018", chief)

    assert (done.form, done.tally.measure, done.stands) == (None, "lessons", 3)
    assert {c["id"]: c["value"] for c in board["counters"]}["lessons"] == 3
    assert caught.value.remedy is not None
    assert "lessons" in caught.value.remedy.en
    assert "attendance" not in caught.value.remedy.en


class _Overtaken:
    """A transaction in which another count is written once it has been read what stands there."""

    def __init__(self, work: Work, meanwhile: Callable[[], object]) -> None:
        self._work, self._meanwhile = work, meanwhile

    def first(self, statement: Any, values: dict[str, Any]) -> Any:
        found = self._work.first(statement, values)
        if "measure_key" in values:
            self._meanwhile()
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._work, name)


def test_of_two_who_take_back_the_same_at_once_one_comes_too_late(scene: Scene, folder: Path, paper: Path) -> None:
    scene.it_is("2018-10-09")
    counted(scene, folder, an_order(paper, 1))
    back = an_order(paper, -1)

    def both(work: Work) -> None:
        overtaken = _Overtaken(work, lambda: count_outside(scene.office, work, back, folder))
        count_outside(scene.office, overtaken, back, folder)  # type: ignore[arg-type]

    with pytest.raises(CaseChangedMeanwhile), scene.office.store.writing() as work:
        both(work)

    assert opened(scene).value == 1
    assert verified(scene) is None


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE tally SET n = 30 WHERE book = :book",
        "UPDATE tally SET period = '2018-08' WHERE book = :book",
        "UPDATE tally SET unit = 'kunshan' WHERE book = :book",
        "UPDATE tally SET category = 'other' WHERE book = :book",
        "UPDATE tally SET happened_on = '2018-09-11' WHERE book = :book",
        "DELETE FROM tally WHERE book = :book",
        "INSERT INTO tally SELECT book, seq, campaign, 'filed', category, unit, n, happened_on, period FROM tally "
        "WHERE book = :book",
        "UPDATE tally SET seq = 99 WHERE book = :book",
    ],
)
def test_a_tally_of_a_count_that_was_touched_is_found(scene: Scene, folder: Path, paper: Path, tampering: str) -> None:
    scene.it_is("2018-10-09")
    seq = counted(scene, folder, an_order(paper)).entry.seq
    past_the_triggers(scene, tampering)

    assert verified(scene) == (BOOK, seq)


def past_the_triggers(scene: Scene, statement: str) -> None:
    """What somebody with the password of the database could do."""
    store = scene.office.store
    with store.engine.begin() as connection:
        if store.dialect == "sqlite":
            for event in ("update", "delete", "insert"):
                connection.exec_driver_sql(f"DROP TRIGGER tally_no_{event}")
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
        connection.execute(sa.text(statement), {"book": BOOK})
    store.engine.dispose()


COUNTS = st.lists(
    st.tuples(st.sampled_from(ROWS), st.sampled_from(COLUMNS), st.integers(-(10**9), 10**9).filter(bool)), max_size=8
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(counts=COUNTS)
def test_cells_add_up_to_what_is_shown_and_the_exported_form_compares_equal(
    scene: Scene, folder: Path, paper: Path, tmp_path: Path, counts: list[tuple[str, str, int]]
) -> None:
    scene.it_is("2018-10-09")
    order = ReportOrder(CAMPAIGN, "2018-09", "campaign_office")
    stands = dict.fromkeys(((row, column) for row in ROWS for column in COLUMNS), 0)
    with scene.office.store.writing(keep=False) as work:
        for row, column, n in counts:
            try:
                count_outside(scene.office, work, an_order(paper, n, row=row, column=column), folder)
            except TransitionRefused:
                assert stands[row, column] + n < 0
            else:
                stands[row, column] += n
        figures = {place: open_figure(scene.office, work, order, "statistics", *place).entries for place in stands}
        report = monthly_report(scene.office, work, order)
        export_month(report, tmp_path / "form.xlsx", scene.office.people.person("campaign_office"))
        compared = compare_form(scene.office, work, order, tmp_path / "form.xlsx")

    assert {place: sum(entry.n for entry in entries) for place, entries in figures.items()} == stands
    assert compared.ok
