"""One person's calendar as real cases fill it, on both databases: what moves, what falls away, and for whom."""

from __future__ import annotations

from datetime import timedelta

import icalendar
import pytest
from builders import Scene, day

from engine import assigning
from engine.casework import note
from engine.correct_judging import CorrectCase
from engine.correcting import correct
from engine.deadline_orders import TurnDeadline, TurnKind
from engine.errors import Forbidden, NotFound
from engine.turning import turn_deadline
from notifications.calendar_events import KEPT_DAYS, Event
from notifications.calendar_feed import feed
from notifications.calendar_person import calendar_for, campaign_calendar

pytest_plugins = ("scenes",)

# For what no database can change.
ON_SQLITE = pytest.mark.parametrize("scene", ["sqlite"], indirect=True)
HOSTILE = "A\nATTENDEE:x;b,c\\d𠮷" + "案" * 280


def calendar(scene: Scene, name: str, by: str | None = None) -> tuple[Event, ...]:
    """The calendar of that person, as somebody sees it."""
    viewer = scene.office.people.person(by or name)
    with scene.office.store.reading() as work:
        scene.office.refresh(work)
        return calendar_for(scene.office, work, viewer, name).events


def of_cases(scene: Scene, name: str) -> dict[str, Event]:
    """The events of cases, by their title in English up to the case."""
    found = {f"{e.case_no} {e.en.partition(':')[0]}": e for e in calendar(scene, name) if e.case_no}
    assert len(found) == len([e for e in calendar(scene, name) if e.case_no])
    return found


def the_event(scene: Scene, name: str, no: str, words: str) -> Event:
    return of_cases(scene, name)[f"{no} {words}"]


def told(event: Event) -> tuple[str, str, int]:
    return event.on.isoformat(), "cancelled" if event.cancelled else "stands", event.revision.number


def turn(scene: Scene, kind: TurnKind, no: str, on: str, ground: str = "") -> None:
    scene.it_is(on)
    with scene.office.store.writing() as work:
        turn_deadline(
            scene.office, work, TurnDeadline(kind, no, "decision_limit", "lead", "见附件", ground, day(on), 0)
        )


def assign(scene: Scene, no: str, *to: str) -> None:
    with scene.office.store.writing() as work:
        assigning.assign(scene.office, work, no, "lead", to, "调整分工")


def in_hearing(scene: Scene) -> str:
    """A hearing was asked for on 9 October 2018, and called for the 17th."""
    no = scene.open("2018-09-14")
    scene.walk(no, "verify file investigate", "2018-09-17")
    scene.walk(no, "conclude review", "2018-09-27")
    scene.take(no, "approve_notice", "2018-09-28", proposed_fine_fen="10000000")
    scene.take(no, "notify", "2018-09-28")
    scene.take(no, "request_hearing", "2018-10-08")
    scene.take(no, "call_hearing", "2018-10-08", hearing_on="2018-10-17")
    return no


def filed_at_market(scene: Scene) -> str:
    """Filed on 20 September 2025 by market regulation: ninety days, that may be paused."""
    scene.as_market_regulation()
    no = scene.open("2025-09-19", campaign=None)
    scene.walk(no, "verify file", "2025-09-20")
    return no


def limit_words(scene: Scene, no: str) -> str:
    return scene.case(no).deadlines["decision_limit"].terms.en


def test_a_hearing_stands_in_the_calendars_of_holders_and_of_whoever_presides(scene: Scene) -> None:
    no = in_hearing(scene)

    for name in ("handler1", "handler2", "hearing_officer"):
        assert told(the_event(scene, name, no, "day of the hearing")) == ("2018-10-17", "stands", 0)
    for name in ("handler3", "reviewer", "county_handler1"):
        assert of_cases(scene, name) == {}
    met = [e for e in of_cases(scene, "handler1").values() if e.cancelled]
    assert met, "the right to ask for a hearing was used"
    assert all(e.alarms == () for e in met)


def test_a_hearing_put_off_is_moved_and_one_given_up_is_cancelled(scene: Scene) -> None:
    no = in_hearing(scene)
    first = the_event(scene, "hearing_officer", no, "day of the hearing")

    scene.take(no, "call_hearing", "2018-10-09", hearing_on="2018-10-25")
    second = the_event(scene, "hearing_officer", no, "day of the hearing")
    scene.take(no, "end_hearing", "2018-10-20", ground="withdrawn")
    third = the_event(scene, "hearing_officer", no, "day of the hearing")

    assert [told(e) for e in (first, second, third)] == [
        ("2018-10-17", "stands", 0),
        ("2018-10-25", "stands", 1),
        ("2018-10-25", "cancelled", 2),
    ]
    assert len({e.uid for e in (first, second, third)}) == 1


def test_a_limit_that_is_paused_moved_met_and_taken_back_keeps_its_identity(scene: Scene) -> None:
    no = filed_at_market(scene)
    words = limit_words(scene, no)
    seen = [the_event(scene, "handler1", no, words)]

    turn(scene, "pause", no, "2025-10-20", "appraisal")
    seen.append(the_event(scene, "handler1", no, words))
    turn(scene, "resume", no, "2025-10-30")
    seen.append(the_event(scene, "handler1", no, words))
    scene.undo(no, by="lead")
    seen.append(the_event(scene, "handler1", no, words))

    assert len({e.uid for e in seen}) == 1
    assert [e.revision.number for e in seen] == [0, 1, 2, 3]
    assert not any(e.cancelled for e in seen)
    assert seen[2].on > seen[0].on
    assert "此为最早届满日" in seen[1].about_zh[0]
    assert seen[3].on == seen[1].on


def test_a_limit_whose_step_was_taken_back_is_cancelled(scene: Scene) -> None:
    no = filed_at_market(scene)
    words = limit_words(scene, no)

    scene.undo(no, by="lead")

    assert told(the_event(scene, "handler1", no, words))[1:] == ("cancelled", 1)
    scene.take(no, "file", "2025-09-22")
    assert told(the_event(scene, "handler1", no, words))[1:] == ("stands", 2)


def test_what_ended_stays_cancelled_for_sixty_days(scene: Scene) -> None:
    no = in_hearing(scene)
    scene.take(no, "end_hearing", "2018-10-10", ground="withdrawn")
    words = f"{no} day of the hearing"

    scene.it_is((day("2018-10-10") + timedelta(days=KEPT_DAYS)).isoformat())
    assert of_cases(scene, "handler1")[words].cancelled
    scene.it_is((day("2018-10-10") + timedelta(days=KEPT_DAYS + 1)).isoformat())
    assert words not in of_cases(scene, "handler1")


def test_whoever_gives_a_case_away_sees_its_dates_cancelled(scene: Scene) -> None:
    no = in_hearing(scene)
    before = the_event(scene, "handler1", no, "day of the hearing")

    assign(scene, no, "handler2", "handler3")
    gone, new = (the_event(scene, name, no, "day of the hearing") for name in ("handler1", "handler3"))

    assert (gone.uid, new.uid) == (before.uid, before.uid)
    assert (gone.cancelled, new.cancelled) == (True, False)
    assert gone.revision.number == new.revision.number == before.revision.number + 1
    assign(scene, no, "handler1", "handler3")
    assert told(the_event(scene, "handler1", no, "day of the hearing")) == ("2018-10-17", "stands", 2)


@ON_SQLITE
def test_a_corrected_title_is_told_and_a_note_is_not(scene: Scene) -> None:
    no = in_hearing(scene)
    before = the_event(scene, "handler1", no, "day of the hearing")

    with scene.office.store.writing() as work:
        note(scene.office, work, no, "handler1", "当事人来电")
    assert the_event(scene, "handler1", no, "day of the hearing") == before
    with scene.office.store.writing() as work:
        correct(scene.office, work, CorrectCase(no, "lead", {"title": "另一网站转载案"}, "笔误"))
    after = the_event(scene, "handler1", no, "day of the hearing")

    assert (before.revision.number, after.revision.number) == (0, 1)
    standing = [e for e in of_cases(scene, "handler1").values() if not e.cancelled]
    assert len(standing) > 1
    assert all(e.zh.endswith("另一网站转载案") and e.revision.number > 0 for e in standing)


@ON_SQLITE
def test_an_overdue_duty_stays_and_a_right_long_lapsed_goes(scene: Scene) -> None:
    """Both of 2025: the decision was due in December, and the statement of defence in autumn."""
    no = scene.open("2025-09-01", campaign=None)
    scene.walk(no, "verify file investigate", "2025-09-01")
    scene.walk(no, "conclude review approve_notice notify", "2025-09-02")
    duty, right = (scene.case(no).deadlines[id_].terms.en for id_ in ("decision_limit", "statement_period"))
    assert {f"{no} {duty}", f"{no} {right}"} <= of_cases(scene, "handler1").keys()

    scene.it_is("2026-09-10")
    words = of_cases(scene, "handler1")

    assert f"{no} {right}" not in words
    assert not words[f"{no} {duty}"].cancelled


def test_the_same_record_gives_the_same_bytes_that_read_back_without_fault(scene: Scene) -> None:
    in_hearing(scene)
    scene.open("2018-10-08", title=HOSTILE)
    scene.take(scene.open("2018-10-08", title=HOSTILE), "verify", "2018-10-08")

    content = feed("经办人", calendar(scene, "lead"))
    scene.it_is("2018-10-09")
    again = feed("经办人", calendar(scene, "lead"))

    assert content == again
    read = icalendar.Calendar.from_ical(content)
    events = read.walk("VEVENT")
    assert [part.errors for part in read.walk() if part.errors] == []
    assert len({str(e["uid"]) for e in events}) == len(events) > 20
    assert "ATTENDEE" not in {name for e in events for name in e}


def test_the_calendar_of_somebody_else_is_for_those_in_charge(scene: Scene) -> None:
    in_hearing(scene)

    for by in ("lead", "head", "admin"):
        assert calendar(scene, "handler1", by) == calendar(scene, "handler1")
    for by in ("handler2", "reviewer", "county_lead"):
        with pytest.raises(Forbidden) as refused:
            calendar(scene, "handler1", by)
        assert refused.value.code == "calendar.others"
    with pytest.raises(NotFound):
        calendar(scene, "nobody", "lead")


@ON_SQLITE
def test_a_campaign_has_the_same_events_by_itself_and_in_the_calendars_of_its_units(scene: Scene) -> None:
    with scene.office.store.reading() as work:
        alone = {e.uid: e for e in campaign_calendar(scene.office, work, "suzhou-2018")}

    for name in ("handler1", "county_handler1"):
        assert {e.uid: e for e in calendar(scene, name) if e.campaign} == alone
    assert [e for e in calendar(scene, "province") if e.campaign] == []
    assert {e.kind for e in alone.values() if e.alarms} == {"obligation"}
