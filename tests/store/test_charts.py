"""Charts from the record of both databases: every figure equals what the cases and tallies say, in a few statements."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builders import CAMPAIGN, Scene, day

from engine.campaign_checks import read_campaign
from engine.campaign_plan import CampaignPlan, plan_from, shipped_campaign
from engine.errors import Forbidden, InputWrong, NotFound
from engine.tallies import Tally, write_tallies
from engine.task_recording import TaskOrder, record_task
from reports.chart_ground import KINDS, ChartOrder
from reports.chart_values import Chart
from reports.charts import chart_of
from workflows.campaign_loading import load_campaign

pytest_plugins = ("scenes",)

BEFORE = "suzhou-2017"
CLOSED = "verify interview order_rectification recheck close_rectified"


def chart(scene: Scene, kind: str, by: str = "campaign_office", campaign: str = CAMPAIGN, **said: Any) -> Chart:
    with scene.office.store.reading() as work:
        scene.office.refresh(work)
        return chart_of(scene.office, work, ChartOrder(campaign, kind, actor=by, **said))[0]


def figures(made: Chart, series: str) -> dict[str, Any]:
    """The figures of a series by their ids."""
    (found,) = [one for one in made.series if one.id == series]
    return {point.id: found.value(point) for point in found.points}


def suzhou(**changes: Any) -> CampaignPlan:
    plan, _ = read_campaign(shipped_campaign(CAMPAIGN))
    return plan_from({**plan.as_document(), **changes})


def load(scene: Scene, plan: CampaignPlan) -> None:
    with scene.office.store.writing() as work:
        load_campaign(scene.office, work, scene.office.people.person("campaign_office"), plan)


def count(scene: Scene, *tallies: tuple[str, str, str, int, str]) -> None:
    """Figures of (campaign, measure, unit, n, on), as entries of a case would cause them."""
    with scene.office.store.writing() as work:
        for seq, (campaign, measure, unit, n, on) in enumerate(tallies, start=1):
            write_tallies(work, "case:counted", seq, [Tally(campaign, measure, "other", unit, n, day(on), on[:7])])


def compared(scene: Scene) -> str:
    """A campaign with another before it, which ran from 25 July 2017; both have counted. The id of the later one."""
    dates = {"starts_on": "2017-07-25", "ends_on": "2017-11-30", "phases": [], "gates": [], "obligations": []}
    load(scene, suzhou(id=BEFORE, issued_on="2017-07-20", **dates))
    load(scene, suzhou(id="later", previous=BEFORE))
    figures_before = [("filed", 4, "2017-08-10"), ("filed", 9, "2017-09-20"), ("fines_fen", 5_000_000, "2017-08-10")]
    count(
        scene,
        ("later", "filed", "suzhou", 6, "2018-09-10"),
        ("later", "fines_fen", "suzhou", 7_000_000, "2018-09-10"),
        *((BEFORE, measure, "suzhou", n, on) for measure, n, on in figures_before),
    )
    return "later"


# --- funnel -----------------------------------------------------------------------------------------------------------


def test_the_funnel_counts_each_case_in_every_stage_that_it_reached(scene: Scene) -> None:
    scene.open("2018-09-03")
    for steps in ("verify", CLOSED, "verify file investigate"):
        scene.walk(scene.open("2018-09-03"), steps, "2018-09-04")

    made = chart(scene, "funnel")

    assert list(figures(made, "reached").items()) == [
        ("intake", 4),
        ("verification", 3),
        ("rectification", 1),
        ("investigation", 1),
        ("penalty", 0),
        ("execution", 0),
        ("referral", 0),
        ("closure", 1),
    ]


def test_a_month_of_the_funnel_has_the_cases_that_came_in_it_as_they_stood_at_its_end(scene: Scene) -> None:
    early, late = scene.open("2018-08-20"), scene.open("2018-09-03")
    scene.walk(early, "verify", "2018-09-04")
    scene.walk(late, "verify", "2018-10-08")

    august, september = chart(scene, "funnel", month="2018-08"), chart(scene, "funnel", month="2018-09")
    together = chart(scene, "funnel", month="2018-09", cumulative=True)

    assert [figures(made, "reached")["intake"] for made in (august, september, together)] == [1, 1, 2]
    assert [figures(made, "reached")["verification"] for made in (august, september, together)] == [0, 0, 1]


def test_a_step_undone_is_not_reached(scene: Scene) -> None:
    no = scene.open("2018-09-03")
    scene.take(no, "verify", "2018-09-03")
    scene.undo(no, by="lead")

    assert figures(chart(scene, "funnel"), "reached")["verification"] == 0


def test_a_campaign_without_cases_has_no_stages(scene: Scene) -> None:
    scene.it_is("2018-09-30")

    made = chart(scene, "funnel", month="2018-09")

    assert made.categories == ()
    assert made.empty.zh == "本期没有案件"


# --- months -----------------------------------------------------------------------------------------------------------


def test_months_have_what_was_filed_closed_and_removed_in_them(scene: Scene) -> None:
    scene.walk(scene.open("2018-09-03"), CLOSED, "2018-09-04")
    scene.walk(scene.open("2018-09-03"), "verify file", "2018-10-08")

    made = chart(scene, "monthly")

    assert figures(made, "filed") == {"2018-08": 0, "2018-09": 0, "2018-10": 1}
    assert figures(made, "closed") == {"2018-08": 0, "2018-09": 1, "2018-10": 0}
    assert figures(made, "links_removed") == {"2018-08": 0, "2018-09": 3, "2018-10": 0}


def test_years_later_the_months_end_with_the_campaign_or_its_last_figure(scene: Scene) -> None:
    count(scene, (CAMPAIGN, "fines_fen", "suzhou", 100, "2019-01-10"))
    scene.it_is("2026-11-25")

    assert list(figures(chart(scene, "monthly"), "filed"))[-1] == "2018-11"
    assert list(figures(chart(scene, "fines"), "fines_wan"))[-1] == "2019-01"
    assert list(figures(chart(scene, "monthly", month="2018-12"), "filed"))[-1] == "2018-12"


def test_fines_are_exact_in_wan_and_a_correction_lowers_the_sum(scene: Scene) -> None:
    rows = [(1_234_567, "2018-08-20"), (500_000, "2018-09-20"), (-1_000_000, "2018-10-09")]
    count(scene, *((CAMPAIGN, "fines_fen", "suzhou", n, on) for n, on in rows))
    scene.it_is("2018-10-09")

    made = chart(scene, "fines")

    assert list(figures(made, "fines_wan").values()) == ["1.234567", "0.500000", "-1.000000"]
    assert list(figures(made, "fines_cumulative_wan").values()) == ["1.234567", "1.734567", "0.734567"]


# --- units, links, phases ---------------------------------------------------------------------------------------------


def test_regions_are_the_units_directly_below_with_theirs_or_every_unit_by_itself(scene: Scene) -> None:
    count(
        scene,
        (CAMPAIGN, "filed", "suzhou", 2, "2018-09-10"),
        (CAMPAIGN, "filed", "kunshan", 5, "2018-09-10"),
        (CAMPAIGN, "penalties", "kunshan", -1, "2018-09-10"),
    )
    scene.it_is("2018-09-30")

    assert figures(chart(scene, "regions", "province"), "filed") == {"suzhou": 7}
    assert figures(chart(scene, "regions"), "filed") == {"kunshan": 5, "suzhou": 2}
    assert figures(chart(scene, "regions", "province", tree=True), "filed") == {"kunshan": 5, "suzhou": 2}
    assert figures(chart(scene, "regions", "county_clerk"), "penalties") == {"kunshan": -1}
    assert figures(chart(scene, "regions", month="2018-08"), "filed") == {"kunshan": 0, "suzhou": 0}


def test_links_that_nothing_counts_are_named_and_not_nought(scene: Scene) -> None:
    scene.walk(scene.open("2018-09-03"), "verify interview order_rectification recheck", "2018-09-04")

    made = chart(scene, "links")

    assert figures(made, "links") == {"links_found": None, "links_notified": None, "links_removed": 3}
    assert [id_ for id_, _ in made.missing] == ["links_found", "links_notified"]


def test_links_counted_from_outside_are_drawn(scene: Scene) -> None:
    count(scene, (CAMPAIGN, "links_found", "suzhou", 140, "2018-09-10"))
    scene.it_is("2018-09-30")

    assert figures(chart(scene, "links"), "links")["links_found"] == 140


def test_phases_show_days_gone_by_and_tasks_done_by_that_day(scene: Scene) -> None:
    scene.it_is("2018-09-10")
    with scene.office.store.writing() as work:
        record_task(
            scene.office, work, TaskOrder(CAMPAIGN, "inspection.3", "lead", "已培训", done=True), Path("nowhere")
        )
    scene.it_is("2018-09-15")

    made, before = chart(scene, "phases"), chart(scene, "phases", month="2018-08")

    days, tasks = made.series
    assert [(p.amount, p.of) for p in days.points] == [(33, 99), (18, 18), (15, 30), (0, 31), (0, 20)]
    assert [(p.amount, p.of) for p in tasks.points][1:3] == [(0, 3), (1, 3)]
    assert [p.amount for p in list(before.series)[1].points][2] == 0


def test_a_phase_without_dates_is_named(scene: Scene) -> None:
    phases = [{"id": "undated", "zh": "某阶段", "en": "a phase", "printed": [{"date": "ends_on", "words": "年底"}]}]
    load(scene, suzhou(id="undated", phases=phases, gates=[], obligations=[]))
    scene.it_is("2018-09-15")

    made = chart(scene, "phases", campaign="undated")

    assert [id_ for id_, _ in made.missing] == ["undated"]
    assert figures(made, "days")["undated"] is None


# --- the campaign before ----------------------------------------------------------------------------------------------


def test_the_campaign_before_stands_beside_it_month_of_the_run_by_month_of_the_run(scene: Scene) -> None:
    later = compared(scene)
    scene.it_is("2018-09-30")

    monthly, fines = (chart(scene, kind, campaign=later, previous=True) for kind in ("monthly", "fines"))

    assert figures(monthly, "filed") == {"2018-08": 0, "2018-09": 6}
    assert figures(monthly, "filed.previous") == {"2017-07": 0, "2017-08": 4}
    assert list(figures(fines, "fines_cumulative_wan.previous").values()) == ["0.00", "5.00"]


def test_regions_of_the_campaign_before_end_on_the_same_day_of_its_run(scene: Scene) -> None:
    later = compared(scene)
    scene.it_is("2018-09-30")

    assert figures(chart(scene, "regions", campaign=later, previous=True), "filed.previous")["suzhou"] == 4
    scene.it_is("2018-11-10")
    assert figures(chart(scene, "regions", campaign=later, previous=True), "filed.previous")["suzhou"] == 13
    month = chart(scene, "regions", campaign=later, previous=True, month="2018-10")
    assert figures(month, "filed.previous")["suzhou"] == 9


def test_a_campaign_that_names_none_before_it_is_not_compared(scene: Scene) -> None:
    load(scene, suzhou(id="later", previous="nowhere-2017"))

    for campaign in (CAMPAIGN, "later"):
        with pytest.raises(NotFound, match=r"before"):
            chart(scene, "monthly", campaign=campaign, previous=True)
    with pytest.raises(InputWrong):
        chart(scene, "phases", previous=True)


# --- who may see it, and how long it takes ----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_unit_beside_is_not_shown(scene: Scene, kind: str) -> None:
    with pytest.raises(Forbidden):
        chart(scene, kind, "county_clerk", unit="suzhou")


@pytest.mark.parametrize("kind", KINDS)
def test_however_many_cases_there_are_it_takes_the_same_few_statements(scene: Scene, kind: str) -> None:
    scene.walk(scene.open("2018-09-03"), CLOSED, "2018-09-04")
    few = _statements(scene, kind)

    for _ in range(4):
        scene.walk(scene.open("2018-09-04"), CLOSED, "2018-09-04")

    assert _statements(scene, kind) == few <= 4


def _statements(scene: Scene, kind: str) -> int:
    with scene.office.store.reading() as work:
        chart_of(scene.office, work, ChartOrder(CAMPAIGN, kind, actor="campaign_office"))
        return work.statements
