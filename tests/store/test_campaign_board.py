"""The board of a campaign on both databases: dates, tasks, what is owed, figures, cases and what is late, as far as one
may see it."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from builders import CAMPAIGN, Scene, day

from engine.campaign_checks import read_campaign
from engine.campaign_plan import CampaignPlan, plan_from, shipped_campaign
from engine.case_store import CASE, DEADLINE, IN_CAMPAIGN
from engine.clock import SHANGHAI
from engine.errors import Forbidden, NotFound
from engine.store import Work
from engine.tallies import Tally, write_tallies
from engine.task_recording import TaskOrder, record_task
from reports.board import campaign_board
from workflows.campaign_loading import load_campaign

pytest_plugins = ("scenes",)

KEYS = {"id", "on", "phases", "tasks", "obligations", "counters", "cases", "late"}
SECTIONS = ("phases", "tasks", "departments", "obligations", "counters")
NOTHING = {"zh": "无", "en": "nothing"}


def board(
    scene: Scene, by: str = "campaign_office", unit: str | None = None, campaign: str = CAMPAIGN
) -> dict[str, Any]:
    with scene.office.store.reading() as work:
        scene.office.refresh(work)
        return campaign_board(scene.office, work, campaign, scene.office.people.person(by), unit)


def one(rows: list[dict[str, Any]], id_: str) -> dict[str, Any]:
    (found,) = [row for row in rows if row["id"] == id_]
    return found


def suzhou(**changes: Any) -> CampaignPlan:
    plan, _ = read_campaign(shipped_campaign(CAMPAIGN))
    return plan_from({**plan.as_document(), **changes})


def load(scene: Scene, plan: CampaignPlan) -> None:
    with scene.office.store.writing() as work:
        load_campaign(scene.office, work, scene.office.people.person("campaign_office"), plan)


def count(scene: Scene, *tallies: tuple[str, str, str, int, str]) -> None:
    """Figures of (campaign, measure, unit, n, on), as entries of a case would cause them."""
    rows = [Tally(c, measure, "other", unit, n, day(on), on[:7]) for c, measure, unit, n, on in tallies]
    with scene.office.store.writing() as work:
        for seq, row in enumerate(rows, start=1):
            write_tallies(work, "case:counted", seq, [row])


def record(scene: Scene, task: str, by: str, **said: Any) -> None:
    order = TaskOrder(said.pop("campaign", CAMPAIGN), task, by, **{"note": "已办理", **said})
    with scene.office.store.writing() as work:
        record_task(scene.office, work, order, Path("nowhere"))


def complained(scene: Scene) -> str:
    """A complaint with all its materials, which has to be accepted or refused within days."""
    no = scene.open("2018-09-03", source="complaint")
    scene.take(no, "receive_materials", "2018-09-03")
    return no


# --- dates ------------------------------------------------------------------------------------------------------------


def test_phases_say_whether_they_run_and_how_many_working_days_are_left(scene: Scene) -> None:
    """28 September 2018 is a Friday; Saturday 29 and Sunday 30 are worked for the National Day holidays."""
    scene.it_is("2018-09-28")

    found = board(scene)

    assert set(found) >= KEYS
    assert (found["id"], found["on"], found["unit"]) == (CAMPAIGN, date(2018, 9, 28), "suzhou")
    assert [(p["id"], p["state"], p["working_days_left"]) for p in found["phases"]] == [
        ("deployment", "over", None),
        ("inspection", "running", 2),
        ("rectification", "to_come", None),
        ("summary", "to_come", None),
    ]


def test_a_region_has_its_own_dates_and_a_phase_may_be_open_or_undated(scene: Scene) -> None:
    regions = [{"unit": "kunshan", "ends_on": "2018-12-31"}]
    phases = [
        {"id": "late", **NOTHING, "starts_on": "2018-09-01", "ends_on": "2018-09-30", "regions": regions},
        {"id": "open", **NOTHING, "starts_on": "2018-09-01"},
        {"id": "undated", **NOTHING, "printed": [{"date": "ends_on", "words": "年底"}]},
    ]
    load(scene, suzhou(id="regions", phases=phases, gates=[]))
    scene.it_is("2018-10-15")

    city, county = board(scene, campaign="regions"), board(scene, "county_clerk", campaign="regions")

    states = [(p["state"], p["working_days_left"]) for p in city["phases"]]
    assert states == [("over", None), ("running", None), ("undated", None)]
    (region,) = city["phases"][0]["regions"]
    assert (region["unit"], region["state"], region["ends_on"]) == ("kunshan", "running", date(2018, 12, 31))
    assert (county["phases"][0]["state"], county["phases"][0]["regions"]) == ("running", [])
    assert city["phases"][2]["printed"] == ["年底"]


# --- tasks ------------------------------------------------------------------------------------------------------------


def test_tasks_stand_unit_by_unit_with_their_last_evidence(scene: Scene) -> None:
    no = scene.open("2018-09-03")
    record(scene, "inspection.3", "handler1", cases=(no,), done=True)
    record(scene, "inspection.3", "county_lead", note="筹备中")

    task = one(board(scene)["tasks"], "inspection.3")
    county = one(board(scene, "county_lead")["tasks"], "inspection.3")

    assert (task["phase"], task["no"], task["done"], task["of"]) == ("inspection", 3, 1, 2)
    by_unit = {unit["unit"]: unit for unit in task["units"]}
    assert (by_unit["suzhou"]["state"], by_unit["suzhou"]["last"]["cases"]) == ("done", [no])
    assert (by_unit["kunshan"]["state"], by_unit["kunshan"]["last"]["note"]) == ("open", "筹备中")
    assert [unit["unit"] for unit in county["units"]] == ["kunshan"]


def test_departments_have_the_tasks_that_the_matrix_marks_by_whichever_name(scene: Scene) -> None:
    tasks = [{"id": "sales", **NOTHING, "owners": ["市质监局"]}, {"id": "source", **NOTHING, "campaign": "elsewhere"}]
    departments = [{"id": "quality", **NOTHING, "zh": "质监局", "aliases": ["市质监局"]}, {"id": "post", **NOTHING}]
    matrix = [{"department": "质监局", "tasks": ["sales", "source"]}]
    load(scene, suzhou(id="marks", phases=[], gates=[], tasks=tasks, departments=departments, matrix=matrix))
    scene.it_is("2018-09-03")
    record(scene, "sales", "lead", campaign="marks", done=True)

    found = board(scene, campaign="marks")

    assert [task["departments"] for task in found["tasks"]] == [["quality"], ["quality"]]
    assert (found["tasks"][1]["campaign"], found["tasks"][1]["campaign_loaded"]) == ("elsewhere", False)
    quality, post = found["departments"]
    assert (quality["zh"], quality["tasks"], quality["done"], quality["of"]) == ("质监局", ["sales", "source"], 1, 4)
    assert (post["tasks"], post["of"]) == ([], 0)


# --- what is owed -----------------------------------------------------------------------------------------------------


def test_what_is_owed_has_its_dates_a_colour_and_those_who_owe_and_never_a_guess(scene: Scene) -> None:
    """12 October 2018 is a Friday, the day before the weekend before 15 October."""
    scene.it_is("2018-10-12")

    found = board(scene)["obligations"]

    passed, soon, later = (one(found, f"monthly_form.2018-{month}") for month in ("08", "09", "10"))
    assert (passed["due_on"], passed["safe_on"]) == (date(2018, 9, 15), date(2018, 9, 14))
    assert [o["colour"] for o in (passed, soon, later)] == ["red", "yellow", "green"]
    assert soon["working_days_left"] == 1
    assert soon["owed_by"] == [{"unit": unit, "state": "not_recorded"} for unit in ("kunshan", "suzhou")]
    assert {o["state"] for o in found} == {"not_recorded"}
    undated = one(found, "ad_hoc")
    assert (undated["due_on"], undated["colour"], undated["working_days_left"]) == (None, None, None)


def test_a_unit_sees_what_it_owes_itself(scene: Scene) -> None:
    scene.it_is("2018-09-20")
    found = board(scene, "county_clerk")

    assert {unit["unit"] for o in found["obligations"] for unit in o["owed_by"]} == {"kunshan"}
    assert [o["units"] for o in found["late"]["obligations"]] == [["kunshan"]] * 3
    assert [o["days_late"] for o in found["late"]["obligations"]] == [28, 28, 5]


# --- figures ----------------------------------------------------------------------------------------------------------


def test_figures_stand_beside_those_of_the_campaign_before_up_to_the_same_day_of_its_run(scene: Scene) -> None:
    """The run begins a day later than the year before, so that 20 September is compared with 19 September."""
    load(scene, suzhou(id="jianwang-2017", starts_on="2017-08-13", ends_on="2017-11-20", gates=[]))
    counters = [{"id": "links", "zh": "链接", "en": "links", "measure": "links_removed"}, _published()]
    load(scene, suzhou(id="jianwang-2018", previous="jianwang-2017", counters=counters))
    count(
        scene,
        ("jianwang-2017", "filed", "suzhou", 5, "2017-09-19"),
        ("jianwang-2017", "filed", "suzhou", 7, "2017-09-20"),
        ("jianwang-2018", "filed", "suzhou", 3, "2018-09-20"),
        ("jianwang-2018", "filed", "kunshan", 1, "2018-08-20"),
        ("jianwang-2018", "fines_fen", "kunshan", 250_000, "2018-08-20"),
        (CAMPAIGN, "filed", "suzhou", 99, "2018-08-20"),
    )
    scene.it_is("2018-09-20")

    city = board(scene, campaign="jianwang-2018")
    county = board(scene, "county_clerk", campaign="jianwang-2018")

    assert city["previous"] == {"id": "jianwang-2017", "on": date(2017, 9, 19)}
    filed, fines = one(city["counters"], "filed"), one(city["counters"], "fines_fen")
    assert (filed["value"], filed["previous"], filed["form"]) == (4, 5, "statistics")
    assert (fines["value"], fines["previous"]) == (250_000, 0)
    assert (one(county["counters"], "filed")["value"], one(county["counters"], "filed")["previous"]) == (1, 0)
    links, monitored = one(city["counters"], "links"), one(city["counters"], "monitored")
    assert (links["value"], links["form"]) == (0, None)
    assert (monitored["value"], monitored["previous"]) == (None, None)
    assert monitored["published"] == [{"value": "1400万", "period": "2017年", "source": None}]


def _published() -> dict[str, Any]:
    published = [{"value": "1400万", "period": "2017年"}]
    return {"id": "monitored", "zh": "监测链接", "en": "links found", "published": published}


@pytest.mark.parametrize("previous", [None, "not-loaded"])
def test_without_a_campaign_before_there_is_nothing_to_compare_with_and_that_is_not_nought(
    scene: Scene, previous: str | None
) -> None:
    load(scene, suzhou(id="alone-2018", **({"previous": previous} if previous else {})))
    scene.it_is("2018-09-20")

    found = board(scene, campaign="alone-2018")

    assert found["previous"] is None
    assert {counter["previous"] for counter in found["counters"]} == {None}
    assert one(found["counters"], "filed")["value"] == 0
    assert one(found["counters"], "mediations")["value"] is None


# --- cases and what is late -------------------------------------------------------------------------------------------


def test_cases_are_counted_by_state_in_the_order_of_the_workflow_and_only_those_of_the_campaign(scene: Scene) -> None:
    first = scene.open("2018-09-03")
    scene.walk(first, "verify file", "2018-09-04")
    scene.open("2018-09-03")
    scene.open("2018-09-03", by="county_handler1")
    scene.open("2018-09-03", campaign=None, outside_campaign=True, reason="与行动无关")

    city, county = board(scene)["cases"], board(scene, "county_lead")["cases"]

    assert (city["total"], city["open"], city["ended"]) == (3, 3, 0)
    assert [(s["state"], s["n"]) for s in city["states"]] == [("lead", 2), ("filed", 1)]
    assert (county["total"], [s["n"] for s in county["states"]]) == (1, [1])


def test_late_limits_come_with_the_step_that_meets_them_and_the_longest_overdue_first(scene: Scene) -> None:
    numbers = [complained(scene) for _ in range(12)]
    scene.it_is("2018-09-28")

    late = board(scene)["late"]["deadlines"]

    expected = [no for no in numbers if scene.standing(no, late["first"][0]["deadline"]) == "overdue"]
    assert late["n"] == len(expected) == 12
    assert [row["case_no"] for row in late["first"]] == expected[:10]
    first = late["first"][0]
    assert first["command"] == f"anjuan case why {numbers[0]} {first['step']}"
    assert first["due_on"] < date(2018, 9, 28)
    assert first["days_late"] == (date(2018, 9, 28) - first["due_on"]).days
    assert board(scene, "county_lead")["late"]["deadlines"] == {"n": 0, "first": []}


def test_the_last_day_of_a_limit_is_not_late(scene: Scene) -> None:
    no = complained(scene)
    last = next(d.due_on for d in scene.case(no).deadlines.values() if d.nature == "duty")

    scene.it_is(last.isoformat())
    on_time = board(scene)["late"]["deadlines"]["n"]
    scene.it_is(date.fromordinal(last.toordinal() + 1).isoformat())

    assert (on_time, board(scene)["late"]["deadlines"]["n"]) == (0, 1)


def test_where_the_law_counts_hours_it_is_late_from_the_minute_on(scene: Scene) -> None:
    """Approved at ten, to be handed over within 24 hours."""
    no = scene.open("2018-09-03")
    scene.walk(no, "verify file investigate propose_referral approve_referral", "2018-09-10")
    found = {}
    for hour in (10, 11):
        scene.clock.move_to(datetime(2018, 9, 11, hour, 0, tzinfo=SHANGHAI))
        found[hour] = board(scene)["late"]["deadlines"]

    assert found[10]["n"] == 0
    assert [(row["step"], row["days_late"]) for row in found[11]["first"]] == [("hand_over", 0)]
    assert found[11]["n"] == 1


def test_a_limit_that_is_paused_is_not_late(scene: Scene) -> None:
    load(scene, suzhou(id="now", gates=[]))
    scene.as_market_regulation()
    no = scene.open("2025-09-03", campaign="now")
    scene.walk(no, "verify file investigate", "2025-09-03")
    scene.take(no, "suspend", "2025-09-10")
    scene.it_is("2026-03-02")

    while_paused = board(scene, campaign="now")["late"]["deadlines"]["n"]
    scene.take(no, "resume", "2026-03-02")
    scene.it_is("2026-09-01")

    assert [d.nature for d in scene.case(no).deadlines.values()] == ["duty"]
    assert (while_paused, board(scene, campaign="now")["late"]["deadlines"]["n"]) == (0, 1)


def test_a_task_is_late_once_its_phase_is_over_for_that_unit(scene: Scene) -> None:
    scene.it_is("2018-08-31")
    on_the_last_day = board(scene)["late"]["tasks"]
    record(scene, "deployment.1", "lead", done=True)
    scene.it_is("2018-09-01")

    late = board(scene)["late"]["tasks"]

    assert on_the_last_day == []
    assert [row["id"] for row in late] == ["deployment.1", "deployment.2", "deployment.3"]
    assert [unit["unit"] for unit in late[0]["units"]] == ["kunshan"]
    assert late[0]["units"][0]["ended_on"] == date(2018, 8, 31)
    assert [unit["unit"] for unit in late[1]["units"]] == ["kunshan", "suzhou"]


# --- who sees what ----------------------------------------------------------------------------------------------------


def test_nobody_sees_the_board_of_a_unit_that_is_not_his(scene: Scene) -> None:
    scene.it_is("2018-09-03")

    with pytest.raises(Forbidden):
        board(scene, "county_clerk", "suzhou")
    with pytest.raises(NotFound):
        board(scene, unit="nowhere")
    with pytest.raises(NotFound):
        board(scene, campaign="nothing-2018")
    assert [unit["id"] for unit in board(scene, unit="kunshan")["units"]] == ["kunshan"]
    assert [unit["id"] for unit in board(scene, "province")["units"]] == ["kunshan", "suzhou"]


def test_a_campaign_without_anything_has_empty_sections(scene: Scene) -> None:
    bare = {
        key: suzhou().as_document()[key] for key in ("name", "title", "level", "issued_on", "issuers", "organisers")
    }
    load(scene, plan_from({**bare, "id": "bare", "unit": "suzhou"}))
    scene.it_is("2018-09-03")

    found = board(scene, campaign="bare")

    assert [found[section] for section in SECTIONS] == [[]] * len(SECTIONS)
    assert (found["state"], found["starts_on"], found["previous"]) == ("undated", None, None)
    assert found["cases"] == {"total": 0, "open": 0, "ended": 0, "states": []}
    assert found["late"] == {"deadlines": {"n": 0, "first": []}, "obligations": [], "tasks": []}


# --- what it costs ----------------------------------------------------------------------------------------------------


def test_however_many_cases_there_are_it_takes_the_same_number_of_statements(scene: Scene) -> None:
    no = complained(scene)
    scene.it_is("2018-11-01")
    few = _statements(scene)
    with scene.office.store.writing() as work:
        _copied(work, no, 500)

    assert _statements(scene) == few <= 10
    assert board(scene)["cases"]["total"] == 501
    assert board(scene)["late"]["deadlines"]["n"] == 501


def _statements(scene: Scene) -> int:
    with scene.office.store.reading() as work:
        campaign_board(scene.office, work, CAMPAIGN, scene.office.people.person("campaign_office"))
        return work.statements


def _copied(work: Work, case_no: str, times: int) -> None:
    for table in (CASE, IN_CAMPAIGN, DEADLINE):
        rows = work.connection.execute(sa.select(*table.columns).where(table.c.case_no == case_no)).mappings().all()
        copies = [{**row, "case_no": f"copy-{number}"} for number in range(times) for row in rows]
        work.connection.execute(sa.insert(table), copies)
