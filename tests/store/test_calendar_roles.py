"""Whoever loses a role sees what it made his cancelled, on both databases, for as long as cancelled events are kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from builders import Scene, day
from test_calendar import assign, calendar, in_hearing, of_cases, the_event, told

from engine.people import StandIn
from notifications.calendar_events import KEPT_DAYS
from workflows.staff_roles import end_role, give_role
from workflows.stand_ins import set_stand_in

pytest_plugins = ("scenes",)

ON_SQLITE = pytest.mark.parametrize("scene", ["sqlite"], indirect=True)
HEARING = "day of the hearing"


def as_admin(scene: Scene, on: str, act: Callable[..., Any], *given: Any) -> None:
    scene.it_is(on)
    with scene.office.store.writing() as work:
        act(scene.office, work, scene.office.people.person("admin"), *given)


def test_a_role_that_ended_cancels_and_one_given_again_brings_back(scene: Scene) -> None:
    no = in_hearing(scene)
    before = the_event(scene, "hearing_officer", no, HEARING)
    place = ("hearing_officer", "hearing_officer", "suzhou")

    as_admin(scene, "2018-10-09", end_role, *place, day("2018-10-10"))
    assert the_event(scene, "hearing_officer", no, HEARING) == before, "the last day is not over"
    scene.it_is("2018-10-11")
    gone = the_event(scene, "hearing_officer", no, HEARING)
    as_admin(scene, "2018-10-12", give_role, *place)
    back = the_event(scene, "hearing_officer", no, HEARING)

    assert [told(e) for e in (before, gone, back)] == [
        ("2018-10-17", "stands", 0),
        ("2018-10-17", "cancelled", 1),
        ("2018-10-17", "stands", 2),
    ]
    assert {e.uid for e in (gone, back)} == {before.uid}
    assert (gone.alarms, back.alarms) == ((), before.alarms)
    assert gone.revision.changed_at == "2018-10-10T16:00:00.000000+00:00", "midnight in Shanghai"


def test_what_a_lost_role_cancelled_stays_for_sixty_days(scene: Scene) -> None:
    no = in_hearing(scene)
    as_admin(scene, "2018-10-09", end_role, "lead", "lead", "suzhou", day("2018-10-09"))
    lost_on = day("2018-10-10")

    scene.it_is((lost_on + timedelta(days=KEPT_DAYS)).isoformat())
    kept = [e for e in calendar(scene, "lead") if e.case_no == no]
    scene.it_is((lost_on + timedelta(days=KEPT_DAYS + 1)).isoformat())

    assert kept
    assert all(e.cancelled and e.alarms == () for e in kept)
    assert [e for e in calendar(scene, "lead") if e.case_no == no] == []


def test_a_limit_that_began_after_the_role_ended_was_never_his(scene: Scene) -> None:
    no = in_hearing(scene)
    as_admin(scene, "2018-10-09", end_role, "lead", "lead", "suzhou", day("2018-10-09"))
    before = {e.uid for e in calendar(scene, "lead")}

    scene.take(no, "hold_hearing", "2018-10-18")
    scene.take(no, "review", "2018-10-18")
    scene.take(no, "decide", "2018-10-18")

    mine = [e for e in calendar(scene, "lead") if e.case_no == no]
    assert {e.uid for e in mine} <= before
    assert all(e.cancelled for e in mine)
    assert {e.uid for e in calendar(scene, "handler1") if e.case_no == no} - before, "something did begin"


@ON_SQLITE
def test_a_stand_in_sees_what_he_stood_in_for_cancelled(scene: Scene) -> None:
    no = in_hearing(scene)
    wanted = StandIn("reviewer", "hearing_officer", "suzhou", "hearing_officer", day("2018-10-08"), day("2018-10-10"))

    as_admin(scene, "2018-10-08", set_stand_in, wanted, "出差")
    assert told(the_event(scene, "reviewer", no, HEARING))[1:] == ("stands", 0)
    scene.it_is("2018-10-11")

    assert told(the_event(scene, "reviewer", no, HEARING))[1:] == ("cancelled", 1)
    assert told(the_event(scene, "hearing_officer", no, HEARING))[1:] == ("stands", 0)


@ON_SQLITE
def test_who_was_lent_sees_the_cases_he_held_there_cancelled_and_nothing_new_of_them(scene: Scene) -> None:
    no = in_hearing(scene)
    as_admin(scene, "2018-10-08", give_role, "county_handler1", "handler", "suzhou")
    assign(scene, no, "county_handler1", "handler2")
    mine = the_event(scene, "county_handler1", no, HEARING)

    as_admin(scene, "2018-10-09", end_role, "county_handler1", "handler", "suzhou", day("2018-10-09"))
    scene.it_is("2018-10-10")
    gone = the_event(scene, "county_handler1", no, HEARING)

    assert "某网站转载案" in mine.zh
    assert "某网站转载案" not in gone.zh + gone.en
    assert (mine.cancelled, gone.cancelled, gone.uid) == (False, True, mine.uid)
    assert gone.revision.number > mine.revision.number


@ON_SQLITE
def test_who_was_lent_sees_the_campaign_of_that_unit_cancelled(scene: Scene) -> None:
    as_admin(scene, "2018-09-10", give_role, "province", "reviewer", "suzhou")
    mine = {e.uid: e for e in calendar(scene, "province") if e.campaign}

    as_admin(scene, "2018-09-11", end_role, "province", "reviewer", "suzhou", day("2018-09-11"))
    scene.it_is("2018-09-12")
    gone = {e.uid: e for e in calendar(scene, "province") if e.campaign}

    assert mine
    assert gone.keys() == mine.keys()
    assert not any(e.cancelled for e in mine.values())
    assert all(e.cancelled and e.revision.number == mine[uid].revision.number + 1 for uid, e in gone.items())
    assert of_cases(scene, "province") == {}


@ON_SQLITE
def test_the_hour_and_the_place_of_a_hearing_are_told(scene: Scene) -> None:
    no = in_hearing(scene)
    said = {"hearing_on": "2018-10-25", "hearing_at": "2018-10-25T09:30", "hearing_place": "二楼\r\nX:1"}

    assert scene.refusals(no, "call_hearing", "2018-10-09", **{**said, "hearing_at": "2018-10-24T09:30"}) == [
        "date.differs"
    ]
    scene.take(no, "call_hearing", "2018-10-09", **said)
    (event,) = [e for e in calendar(scene, "handler1") if e.kind == "appointment"]

    assert (event.at.isoformat() if event.at else None) == "2018-10-25T01:30:00+00:00"
    assert event.place == "二楼 X:1"
    assert told(event) == ("2018-10-25", "stands", 1)
    assert "地点：二楼 X:1" in event.about_zh
