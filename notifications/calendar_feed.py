"""Events as an iCalendar file (RFC 5545) that the calendars of phones and desktops read, subscribe to and follow."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from engine.clock import SHANGHAI
from engine.people import Person
from notifications.calendar_events import Event
from notifications.plain_text import one_line

if TYPE_CHECKING:
    from icalendar import Calendar, Component

PRODUCT = "-//anjuan//calendar//ZH"
ZONE = "Asia/Shanghai"
# How often a program that subscribes looks again.
REFRESH = timedelta(hours=12)
# The zone has had no summer time since then; the file says no more of it than an event can need.
ZONE_SINCE = datetime(1992, 1, 1)  # noqa: DTZ001 - local time, as the format asks for


def feed(name: str, events: Iterable[Event], lang: str = "zh") -> bytes:
    """The file, its calendar called `name`. Equal events give equal bytes; titles are in `lang`, details in both.

    What was cancelled is in it with STATUS:CANCELLED and a higher SEQUENCE, so that programs take it away.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", one_line(name))
    calendar.add("x-wr-timezone", ZONE)
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT12H")
    _add_zone(calendar)
    for event in events:
        calendar.add_component(_event(event, lang))
    content: bytes = calendar.to_ical()
    return content


def calendar_name(person: Person, lang: str) -> str:
    """What the calendar of somebody is called in the programs that show it."""
    return f"案卷：{person.zh}" if lang == "zh" else f"anjuan: {person.name}"


def _add_zone(calendar: Calendar) -> None:
    from icalendar import Timezone, TimezoneStandard

    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", ZONE)
    offset = SHANGHAI.utcoffset(None)
    standard.add("dtstart", ZONE_SINCE)
    standard.add("tzoffsetfrom", offset)
    standard.add("tzoffsetto", offset)
    standard.add("tzname", "CST")
    zone.add_component(standard)
    calendar.add_component(zone)


def _event(event: Event, lang: str) -> Component:
    from icalendar import Event as Component

    revision = event.revision
    made = Component()
    changed_at = _utc(revision.changed_at)
    title = event.zh if lang == "zh" else event.en
    made.add("uid", event.uid)
    made.add("sequence", revision.number)
    made.add("dtstamp", changed_at)
    made.add("created", _utc(revision.first_at))
    made.add("last-modified", changed_at)
    made.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    if event.at is not None:
        made.add("dtstart", event.at.astimezone(ZoneInfo(ZONE)))
    else:
        made.add("dtstart", event.on)
        if event.on < date.max:
            made.add("dtend", event.on + timedelta(days=1))
    made.add("summary", title)
    if event.place is not None:
        made.add("location", event.place)
    made.add("description", "\n".join((event.zh, *event.about_zh, event.en, *event.about_en)))
    made.add("categories", [event.kind])
    made.add("transp", "TRANSPARENT")
    for trigger in event.alarms:
        made.add_component(_alarm(trigger, title))
    return made


def _alarm(trigger: timedelta, title: str) -> Component:
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", trigger)
    alarm.add("description", title)
    return alarm


def _utc(stored: str) -> datetime:
    return datetime.fromisoformat(stored).astimezone(UTC).replace(microsecond=0)
