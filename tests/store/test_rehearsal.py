"""Rehearsed reports on both databases: what is missing in which unit, until it is mended, and who hears of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from builders import CAMPAIGN, Scene, day
from test_correcting import SECOND, join, put_right, put_right_named, second_campaign
from test_digests import digests
from test_reminding import Post

import notifications.morning
from engine.case_store import CASE
from engine.errors import Forbidden, InputWrong, NotFound, StoreUnavailable
from notifications.rehearsing import missing_by_name
from notifications.reminding import RunResult, rehearse_reminders, run_reminders
from notifications.run_days import DIGESTED, REHEARSED, last_on
from notifications.silence import silent_runs
from reports.monthly import ReportOrder
from reports.rehearsal import Rehearsal, rehearse

pytest_plugins = ("scenes",)

ON_SQLITE = pytest.mark.parametrize("scene", ["sqlite"], indirect=True)
MISSING = "Missing in the report"


def rehearsed(scene: Scene, month: str = "2018-09", actor: str | None = "campaign_office", **asked: Any) -> Rehearsal:
    with scene.office.store.reading() as work:
        scene.office.refresh(work)
        return rehearse(scene.office, work, ReportOrder(asked.pop("campaign", CAMPAIGN), month, actor, **asked))


def found(scene: Scene, **asked: Any) -> list[tuple[str, str]]:
    """What is missing, by code and case."""
    return [(gap.code, gap.case_no) for gap in rehearsed(scene, **asked).missing]


def a_case(scene: Scene, *, by: str = "handler1", on: str = "2018-09-03", **given: Any) -> str:
    return scene.open(on, by=by, work="《流浪地球》", **given)


def rechecked(scene: Scene, on: str = "2018-10-08", links: str = "") -> str:
    """A case in which nobody wrote how many links were removed."""
    no = a_case(scene, on=on)
    scene.walk(no, "verify order_rectification", on)
    scene.take(no, "recheck", on, links_removed=links)
    return no


# --- what is missing --------------------------------------------------------------------------------------------------


def test_a_category_that_the_campaign_does_not_know_is_missing_until_it_is_corrected(scene: Scene) -> None:
    no = a_case(scene, category="anime")
    scene.it_is("2018-10-08")
    before = rehearsed(scene)

    assert [(gap.code, gap.case_no, gap.command) for gap in before.missing] == [
        ("category.unknown", no, f"anjuan case correct {no} --set category=… --reason …")
    ]
    assert not before.ready

    put_right(scene, no, category="short_video")

    after = rehearsed(scene)
    assert (after.ready, after.missing) == (True, ())


def test_what_was_left_empty_is_missing_in_the_month_of_its_step_until_it_is_filled_in(scene: Scene) -> None:
    no = rechecked(scene)
    scene.it_is("2018-11-05")

    assert found(scene, month="2018-09") == []
    assert found(scene, month="2018-10") == [("amount.unanswered", no)]
    put_right(scene, no, links_removed="0")
    assert found(scene, month="2018-10") == []


def test_the_command_that_is_named_mends_the_right_one_of_two(scene: Scene) -> None:
    no = rechecked(scene, links="2")
    scene.walk(no, "close_rectified reopen order_rectification", "2018-10-30")
    scene.take(no, "recheck", "2018-10-31", links_removed="")
    (gap,) = rehearsed(scene, month="2018-10").missing
    entry = scene.case(no).trail[-1].seq

    assert f"--entry {entry} " in gap.command
    put_right(scene, no, entry=entry, links_removed="5")

    assert rehearsed(scene, month="2018-10").ready


def test_an_empty_cell_of_the_list_is_missing_until_it_is_filled_in(scene: Scene) -> None:
    no = scene.open("2018-09-03", respondent="", respondent_kind="")
    scene.it_is("2018-10-08")
    assert found(scene) == []  # nobody has begun with it
    scene.take(no, "verify", "2018-09-04")

    assert found(scene) == [("cell.empty", no)]
    put_right(scene, no, work="《流浪地球》")
    assert found(scene) == []


def test_an_overdue_duty_is_missing_where_its_step_counts_and_a_remark_where_not(scene: Scene) -> None:
    complaint = a_case(scene, source="complaint", materials_complete_on="2018-09-03")
    no = a_case(scene)
    scene.walk(no, "verify order_rectification", "2018-09-04")
    scene.it_is("2018-09-18")
    assert (rehearsed(scene).missing, rehearsed(scene).open) == ((), True)
    scene.it_is("2018-10-08")

    rehearsal = rehearsed(scene)
    duties = [one.document() for one in rehearsal.remarks if one.code == "duty.overdue"]

    assert rehearsal.ready
    assert [(one["case_no"], one["command"]) for one in duties] == [(complaint, f"anjuan case why {complaint} accept")]
    assert [one["name"] for one in duties[0]["who_can"]] == ["lead"]


def test_what_nothing_feeds_is_a_remark(scene: Scene) -> None:
    scene.it_is("2018-10-08")

    remarks = {(one.code, one.document()["form"]): one.document()["columns"] for one in rehearsed(scene).remarks}

    assert remarks[("column.unfed", "statistics")] == ["mediations", "sites_closed"]
    assert ("list.unfed", "sites") in remarks
    assert rehearsed(scene).ready


# --- whose it is ------------------------------------------------------------------------------------------------------


def test_a_unit_sees_its_own_and_the_tree_those_below(scene: Scene) -> None:
    city = a_case(scene, category="anime")
    county = a_case(scene, by="county_handler1", category="anime")
    scene.it_is("2018-10-08")

    assert [no for _, no in found(scene)] == [city]
    assert [no for _, no in found(scene, tree=True)] == [county, city]  # as in the list
    assert [no for _, no in found(scene, unit="kunshan")] == [county]
    assert [no for _, no in found(scene, actor="county_clerk")] == [county]
    with pytest.raises(Forbidden):
        rehearsed(scene, actor="county_clerk", unit="suzhou")


def test_only_cases_of_the_campaign_and_of_the_month_are_named(scene: Scene, tmp_path: Path) -> None:
    second_campaign(scene, tmp_path)
    other = a_case(scene, category="anime", campaign=SECOND)
    a_case(scene, campaign=None)
    later = a_case(scene, category="anime", on="2018-10-08")

    assert found(scene) == []
    assert found(scene, month="2018-10") == [("category.unknown", later)]
    assert found(scene, campaign=SECOND) == [("category.unknown", other)]


def test_a_case_in_two_campaigns_is_mended_by_the_command_that_is_named(scene: Scene, tmp_path: Path) -> None:
    second_campaign(scene, tmp_path)
    no = a_case(scene, category="short_video")
    join(scene, no, category="anime")

    (gap,) = rehearsed(scene, campaign=SECOND).missing

    assert f"--set {SECOND}:category=… " in gap.command
    assert found(scene) == []
    put_right_named(scene, no, {f"{SECOND}:category": "other"})
    assert rehearsed(scene, campaign=SECOND).ready


def test_a_month_that_has_not_begun_an_unknown_campaign_and_unit_are_refused(scene: Scene) -> None:
    scene.it_is("2018-10-08")

    with pytest.raises(InputWrong) as future:
        rehearsed(scene, month="2018-11")
    with pytest.raises(NotFound):
        rehearsed(scene, campaign="nowhere")
    with pytest.raises(NotFound):
        rehearsed(scene, unit="nowhere")

    assert future.value.code == "month.future"


def test_the_document_says_when_the_month_closes_and_when_it_is_due(scene: Scene) -> None:
    scene.it_is("2018-09-30")
    running = rehearsed(scene).document()
    scene.it_is("2018-10-01")
    over = rehearsed(scene).document()

    assert (running["open"], over["open"]) == (True, False)
    assert (running["closes_on"], running["due_on"], running["safe_on"]) == ("2018-09-30", "2018-10-15", "2018-10-15")
    assert {"campaign", "unit", "units", "period", "ready", "missing", "remarks", "forms"} <= set(running)


def test_however_many_cases_there_are_it_takes_the_same_number_of_statements(scene: Scene) -> None:
    def statements() -> int:
        ran: list[str] = []
        with scene.office.store.reading() as work:
            listen = (work.connection, "before_cursor_execute", lambda *said: ran.append(said[2]))
            sa.event.listen(*listen)
            before = work.statements
            rehearse(scene.office, work, ReportOrder(CAMPAIGN, "2018-09", "campaign_office", tree=True))
            sa.event.remove(*listen)
            return len(ran) + work.statements - before

    a_case(scene, category="anime", source="complaint", materials_complete_on="2018-09-03")
    scene.it_is("2018-10-08")
    few = statements()
    for _ in range(12):
        a_case(scene, category="anime", source="complaint", materials_complete_on="2018-09-03")
    for _ in range(5):
        a_case(scene, by="county_handler1", category="anime")

    assert statements() == few <= 10
    assert len(rehearsed(scene, tree=True).missing) == 18


def test_a_case_whose_version_is_gone_is_named_and_only_shown(scene: Scene) -> None:
    no = a_case(scene, category="anime")
    scene.it_is("2018-10-08")
    with scene.office.store.writing() as work:
        work.connection.execute(sa.update(CASE).where(CASE.c.case_no == no).values(definition="0" * 64))

    (gap,) = rehearsed(scene).missing

    assert (gap.code, gap.command, gap.who_can) == ("category.unknown", f"anjuan case show {no}", ())


# --- the run ----------------------------------------------------------------------------------------------------------


def run(scene: Scene, on: str) -> RunResult:
    scene.it_is(on)
    return run_reminders(scene.office, Post())


def told(scene: Scene, name: str) -> list[str]:
    """The lines about what is missing in the last digest to somebody."""
    mails = digests(scene).get(name, [])
    if not mails or MISSING not in mails[-1].text:
        return []
    tail = mails[-1].text.split(MISSING, 1)[1].split("\n\n", 1)[0]
    return tail.replace("\n  anjuan", " anjuan").splitlines()[1:]


@pytest.mark.parametrize(
    ("on", "said"),
    [
        ("2018-09-29", False),  # the month still runs, a make-up day
        ("2018-10-08", True),  # 15 October is the safe day: a week before
        ("2018-10-15", True),
        ("2018-11-15", True),  # a month after, as `today` shows it
        ("2018-11-16", False),
    ],
)
@ON_SQLITE
def test_it_is_said_from_a_week_before_the_safe_day_until_a_month_after(scene: Scene, on: str, said: bool) -> None:
    no = a_case(scene, category="anime")

    run(scene, on)

    about = [one for one in told(scene, "campaign_office") if "2018-09 of suzhou" in one]
    assert bool(about) == said
    assert all(f"anjuan case correct {no} --set category=… --reason …" in one for one in about)


def test_each_campaign_office_hears_of_its_own_unit_and_of_nothing_where_nothing_is_missing(scene: Scene) -> None:
    county = a_case(scene, by="county_handler1", category="anime")

    run(scene, "2018-10-09")

    assert [county in one for one in told(scene, "county_clerk")] == [True]
    assert told(scene, "campaign_office") == []
    assert told(scene, "county_lead") == []
    assert "报表缺项1" in digests(scene)["county_clerk"][-1].line.subject

    put_right(scene, county, by="county_handler1", category="other")
    run(scene, "2018-10-10")

    assert told(scene, "county_clerk") == []


@ON_SQLITE
def test_ten_are_named_and_the_rest_is_one_command_away(scene: Scene) -> None:
    for _ in range(13):
        a_case(scene, category="anime")

    run(scene, "2018-10-09")

    lines = told(scene, "campaign_office")
    assert len(lines) == 11
    assert lines[-1] == f"- and 3 more: anjuan report rehearse {CAMPAIGN} --month 2018-09 --unit suzhou"


@ON_SQLITE
def test_where_nobody_is_the_campaign_office_whoever_is_in_charge_hears(scene: Scene) -> None:
    a_case(scene, by="county_handler1", category="anime")
    scene.it_is("2018-10-09")
    people = scene.office.people
    clerk = people.person("county_clerk")
    scene.office.people = type(people)(
        people.units.values(), [p for p in people.persons.values() if p is not clerk], people.stand_ins
    )

    with scene.office.store.reading() as work:
        assert set(missing_by_name(scene.office, work)) == {"county_lead"}


def test_the_day_is_written_with_the_digests_and_read_as_a_run_of_its_own(scene: Scene) -> None:
    run(scene, "2018-10-09")

    with scene.office.store.reading() as work:
        assert last_on(work, REHEARSED) == last_on(work, DIGESTED) == day("2018-10-09")
    scene.it_is("2018-10-11")
    with scene.office.store.reading() as work:
        silent = {one.run.id: one.since for one in silent_runs(scene.office, work)}
    assert silent["rehearsal"] == silent["digest"] == day("2018-10-10")


@ON_SQLITE
def test_a_rehearsed_run_writes_no_day_and_says_what_would_be_sent(scene: Scene) -> None:
    a_case(scene, category="anime")
    scene.it_is("2018-10-09")

    _, outgoing = rehearse_reminders(scene.office)

    assert any(one.to == "campaign_office" and "报表缺项1" in one.subject for one in outgoing)
    with scene.office.store.reading() as work:
        assert last_on(work, REHEARSED) is None


def test_a_rehearsal_that_fails_is_told_and_leaves_only_its_own_day_unwritten(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_case(scene)

    def broken(*_: object) -> None:
        raise NotFound("form.unknown", "没有报表", "there is no form")

    run(scene, "2018-10-09")
    monkeypatch.setattr(notifications.morning, "missing_by_name", broken)
    result = run(scene, "2018-10-10")

    assert result.failed == 1
    with scene.office.store.reading() as work:
        assert (last_on(work, DIGESTED), last_on(work, REHEARSED)) == (day("2018-10-10"), day("2018-10-09"))
    assert len(digests(scene)["lead"]) == 2


@ON_SQLITE
def test_a_store_that_is_away_stops_the_run_as_ever(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise StoreUnavailable("store.away", "库不可用", "the store is away")

    monkeypatch.setattr(notifications.morning, "missing_by_name", away)

    with pytest.raises(StoreUnavailable):
        run(scene, "2018-10-10")
