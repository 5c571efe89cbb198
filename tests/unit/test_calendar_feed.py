"""The calendar file says what the events say, to two readers, whatever people wrote in their titles."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from engine.clock import SHANGHAI
from engine.ladders import Ladder, LadderRung
from engine.working_days import shipped_working_days
from notifications.calendar_events import (
    Event,
    Face,
    Revision,
    appointment_alarms,
    is_kept,
    ladder_alarms,
    revised,
    uid_of,
)
from notifications.calendar_feed import feed
from notifications.plain_text import one_line

AT = "2018-09-04T15:59:00.000000+00:00"
HOSTILE = 'A\r\nATTENDEE:x;b,c\\d"𠮷' + "案" * 300


def event(uid: str = "1@anjuan", title: str = "某案", *, number: int = 0, stands: bool = True, **said: Any) -> Event:
    """An event on 28 September 2018, of the whole day unless `at` is said."""
    on = said.pop("on", date(2018, 9, 28))
    at = said.pop("at", None)
    face = Face(on.isoformat(), at.isoformat() if at else None, stands)
    line = one_line(title)
    return Event(
        uid, "deadline", on, at, f"期限：{line}", f"limit: {line}", (), (), Revision(face, number, AT, AT), **said
    )


def read(content: bytes) -> list[Any]:
    """The events as icalendar reads them, none of whose parts it found fault with."""
    calendar = icalendar.Calendar.from_ical(content)
    assert [part.errors for part in calendar.walk() if part.errors] == []
    return calendar.walk("VEVENT")


def read_by_another(content: bytes) -> list[Any]:
    calendar = vobject.readOne(content.decode("utf-8"))
    calendar.validate(raiseException=True)
    return list(calendar.contents.get("vevent", []))


def test_a_whole_day_ends_where_the_next_begins() -> None:
    (found,) = read(feed("某人", [event()]))

    assert (found.decoded("dtstart"), found.decoded("dtend")) == (date(2018, 9, 28), date(2018, 9, 29))
    assert found["status"] == "CONFIRMED"
    assert found.decoded("dtstamp") == found.decoded("last-modified") == datetime(2018, 9, 4, 15, 59, tzinfo=UTC)


def test_a_minute_stands_in_the_zone_that_the_file_describes() -> None:
    at = datetime(2018, 9, 28, 16, 30, tzinfo=SHANGHAI)
    content = feed("某人", [event(at=at)])

    (found,) = read(content)
    (other,) = read_by_another(content)

    assert b"DTSTART;TZID=Asia/Shanghai:20180928T163000\r\n" in content
    assert found.decoded("dtstart") == at
    assert other.dtstart.value == at
    zone = icalendar.Calendar.from_ical(content).walk("VTIMEZONE")[0].to_tz()
    assert datetime(2018, 9, 28, 16, 30, tzinfo=zone).utcoffset() == timedelta(hours=8)


def test_what_was_cancelled_is_told_and_warns_nobody() -> None:
    (found,) = read(feed("某人", [event(number=2, stands=False)]))

    assert (found["status"], found["sequence"]) == ("CANCELLED", 2)
    assert found.walk("VALARM") == []


def test_the_head_tells_programs_what_it_is_and_when_to_look_again() -> None:
    calendar = icalendar.Calendar.from_ical(feed("案卷：某人\r\nX-EVIL:1", []))

    assert calendar["method"] == "PUBLISH"
    assert calendar["x-wr-calname"] == "案卷：某人 X-EVIL:1"
    assert calendar["refresh-interval"].to_ical() == b"PT12H"
    assert "X-EVIL" not in calendar


@pytest.mark.parametrize(("lang", "title"), [("zh", "期限：某案"), ("en", "limit: 某案")])
def test_the_title_is_in_the_language_asked_for_and_the_details_in_both(lang: str, title: str) -> None:
    (found,) = read(feed("x", [event()], lang))

    assert found["summary"] == title
    assert str(found["description"]) == "期限：某案\nlimit: 某案"


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=320) | st.just(HOSTILE), max_size=6),
    st.sampled_from(["zh", "en"]),
)
def test_titles_come_back_as_text_from_two_readers(titles: list[str], lang: str) -> None:
    events = [event(f"{n}@anjuan", title, number=n) for n, title in enumerate(titles)]
    content = feed("某人", events, lang)

    expected = [e.zh if lang == "zh" else e.en for e in events]
    assert [str(found["summary"]) for found in read(content)] == expected
    assert [found.summary.value for found in read_by_another(content)] == expected
    assert [found["uid"] for found in read(content)] == [e.uid for e in events]
    assert [found["sequence"] for found in read(content)] == list(range(len(events)))
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    assert content == feed("某人", events, lang)
    assert all(line.decode("utf-8") is not None for line in content.split(b"\r\n")), "folded inside a character"


def ladder(*before: int, urgent: bool = False) -> Ladder:
    """A ladder with rungs so many days before the date, the date itself, and one working day after it."""
    rungs = (*(LadderRung(before=n) for n in before), LadderRung(on=True), LadderRung(after=1, to=("lead",)))
    said = {"id": "x", "zh": "甲", "en": "x", "for": "deadline", "basis": "x", "source": "x", "confidence": "practice"}
    return Ladder(**said, rungs=rungs, urgent=urgent)


def goes_off(alarms: tuple[timedelta, ...], begins: datetime) -> list[datetime]:
    """When they go off before that beginning, in Shanghai."""
    (found,) = read(feed("x", [event(on=begins.date(), alarms=alarms)]))
    assert [alarm.decoded("trigger") for alarm in found.walk("VALARM")] == list(alarms)
    return [begins + alarm for alarm in alarms]


def test_alarms_of_a_limit_go_off_at_nine_on_the_days_of_its_ladder_up_to_the_date() -> None:
    """国办发明电〔2017〕12号: 1 to 7 October 2018 closed, the weekend before worked; so Monday 8 October is safe, and
    three and one days before it lie in the holidays: both alarms come on Sunday 30 September."""
    alarms = ladder_alarms(ladder(20, 3, 1), date(2018, 10, 8), None, shipped_working_days())

    assert goes_off(alarms, datetime(2018, 10, 8)) == [  # noqa: DTZ001
        datetime(2018, 9, 18, 9),  # noqa: DTZ001
        datetime(2018, 9, 30, 9),  # noqa: DTZ001
        datetime(2018, 10, 8, 9),  # noqa: DTZ001
    ]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2018-10-07T16:30", ["2018-10-06T09:00", "2018-10-07T09:00", "2018-10-07T13:30", "2018-10-07T15:30"]),
        # Nine o'clock of the day itself would be too late.
        ("2018-10-07T08:30", ["2018-10-06T09:00", "2018-10-07T05:30", "2018-10-07T07:30"]),
        ("2018-10-07T09:00", ["2018-10-06T09:00", "2018-10-07T06:00", "2018-10-07T08:00"]),
    ],
)
def test_a_limit_of_hours_warns_in_the_holidays_and_hours_before(at: str, expected: list[str]) -> None:
    ends = datetime.fromisoformat(at).replace(tzinfo=SHANGHAI)

    alarms = ladder_alarms(ladder(1, urgent=True), ends.date(), ends, shipped_working_days())

    assert [found.isoformat()[:16] for found in goes_off(alarms, ends)] == expected
    assert ladder_alarms(ladder(1, urgent=True), ends.date(), ends.astimezone(UTC), shipped_working_days()) == alarms


@pytest.mark.parametrize("hour", [None, 14])
def test_an_appointment_warns_three_days_and_a_day_before(hour: int | None) -> None:
    at = datetime(2018, 10, 17, hour, tzinfo=SHANGHAI) if hour else None

    alarms = appointment_alarms(date(2018, 10, 17), at, shipped_working_days())

    begins = at or datetime(2018, 10, 17, tzinfo=SHANGHAI)
    assert [(begins + alarm).isoformat()[:13] for alarm in alarms] == ["2018-10-12T09", "2018-10-16T09"]


def test_a_place_is_told_as_text() -> None:
    (found,) = read(feed("x", [event(place=one_line(HOSTILE))]))
    (other,) = read_by_another(feed("x", [event(place=one_line(HOSTILE))]))

    assert str(found["location"]) == other.location.value == one_line(HOSTILE)
    assert "ATTENDEE" not in found


def test_a_revision_counts_changes_and_nothing_else() -> None:
    first = revised(None, Face("2018-09-28", None, True), "1")

    same = revised(first, Face("2018-09-28", None, True), "2")
    moved = revised(same, Face("2018-09-29", None, True), "3")

    assert same == first
    assert (moved.number, moved.first_at, moved.changed_at) == (1, "1", "3")


@pytest.mark.parametrize(("today", "kept"), [(date(2018, 11, 3), True), (date(2018, 11, 4), False)])
def test_what_was_cancelled_stays_for_sixty_days(today: date, kept: bool) -> None:
    """Cancelled on record on 4 September 2018 in Shanghai."""
    assert is_kept(event(stands=False), today) is kept
    assert is_kept(event(), today)


def test_an_identity_is_of_one_store_one_book_one_subject() -> None:
    base = ("store", "deadline", "case:1", "payment")
    others = [tuple("other" if n == place else part for n, part in enumerate(base)) for place in range(4)]

    uids = {uid_of(*parts) for parts in (base, *others)}

    assert len(uids) == 5
    assert uid_of(*base) == uid_of(*base)
