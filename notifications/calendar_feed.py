"""The days of a campaign as an iCalendar file (RFC 5545) for the calendars of phones and desktops."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta

from engine.campaign_plan import CampaignPlan
from engine.campaigns import CalendarDay
from engine.canonical import text_hash
from engine.clock import SHANGHAI

PRODUCT = "-//anjuan//campaign calendar//ZH"


def campaign_feed(plan: CampaignPlan, days: Iterable[CalendarDay]) -> bytes:
    """One all-day event per day. Equal plans give equal bytes.

    The id of an event does not hold its date: an event that moves is moved in the calendar too, not doubled.
    """
    from icalendar import Calendar, Event

    feed = Calendar()
    feed.add("prodid", PRODUCT)
    feed.add("version", "2.0")
    feed.add("calscale", "GREGORIAN")
    feed.add("x-wr-calname", plan.name.zh)
    issued_at = datetime.combine(plan.issued_on, time(), SHANGHAI).astimezone(UTC)
    seen: Counter[tuple[str, str]] = Counter()
    for day in days:
        seen[day.kind, day.zh] += 1
        event = Event()
        event.add("uid", _uid(plan.id, day, seen[day.kind, day.zh]))
        event.add("dtstamp", issued_at)
        event.add("dtstart", day.on)
        event.add("dtend", day.on + timedelta(days=1))
        event.add("summary", day.zh if plan.name.zh in day.zh else f"{plan.name.zh}：{day.zh}")
        event.add("description", day.en)
        event.add("categories", [day.kind])
        event.add("transp", "TRANSPARENT")
        feed.add_component(event)
    content: bytes = feed.to_ical()
    return content


def _uid(campaign_id: str, day: CalendarDay, number: int) -> str:
    identity = "\n".join((campaign_id, day.kind, day.zh, str(number)))
    return f"{text_hash(identity)[:32]}@anjuan"
