"""One person's whole calendar: the campaigns of his units, his limits, and the days appointed in his cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from engine.clock import SHANGHAI, stored_instant, today
from engine.documents import editions_of
from engine.errors import Forbidden, Remedy
from engine.office import Office
from engine.people import ADMINISTRATOR, People, Person
from engine.roles_on_record import Held, roles_on_record
from engine.settings import STORE_ID, setting
from engine.store import Work
from notifications.calendar_campaigns import campaign_events
from notifications.calendar_cases import case_events
from notifications.calendar_events import Event, is_kept
from notifications.calendar_roles import Turns, as_his, turns_of
from notifications.readers import IN_CHARGE

CAMPAIGN = "campaign"
# Who may look at the calendar of somebody else.
LOOKING = (*IN_CHARGE, ADMINISTRATOR)


@dataclass(frozen=True)
class PersonCalendar:
    """Whose it is, and his events, the earliest first."""

    person: Person
    events: tuple[Event, ...]


def calendar_for(office: Office, work: Work, viewer: Person, name: str | None = None) -> PersonCalendar:
    """The calendar of that person, by default the viewer's own; of another's cases only those in units that he sees.

    Raises NotFound, and Forbidden unless the viewer leads or administers the person's unit or one above it.
    """
    person = viewer if name is None else office.people.person(name)
    require_may_look(office, viewer, person)
    return PersonCalendar(person, person_events(office, work, person, viewer))


def person_events(office: Office, work: Work, person: Person, viewer: Person) -> tuple[Event, ...]:
    """What stands in the person's calendar, as far as `viewer` sees it. Nothing of somebody who has left."""
    on = today(office.clock)
    if person.has_left(on):
        return ()
    store_id = setting(work, STORE_ID) or ""
    events = [*_campaigns(office, work, person, store_id), *case_events(office, work, person, viewer, store_id)]
    return tuple(sorted((e for e in events if is_kept(e, on)), key=_in_order))


def campaign_calendar(office: Office, work: Work, campaign_id: str) -> tuple[Event, ...]:
    """The events of one loaded campaign, in the order of its days."""
    editions = editions_of(work, CAMPAIGN, campaign_id)
    return campaign_events(editions, office.law, setting(work, STORE_ID) or "")


def require_may_look(office: Office, viewer: Person, person: Person) -> None:
    """Raises Forbidden unless the calendar is the viewer's own, or he leads or administers the unit or one above."""
    if person.name == viewer.name:
        return
    people, on = office.people, today(office.clock)
    if any(people.holds(viewer, role, person.unit, on, from_above=True) for role in LOOKING):
        return
    names = list(
        dict.fromkeys(h.name for role in LOOKING for h in people.holders(role, person.unit, on, from_above=True))
    )
    raise Forbidden(
        "calendar.others",
        f"{person.zh}（{person.name}）的日历，只有本人、其单位或者上级单位的负责人和管理员可以查看",
        f"the calendar of {person.name} is for that person, and for a lead, head or administrator of the unit or above",
        Remedy(
            f"可请{'、'.join(names) or '管理员'}查看；查看自己的日历",
            f"ask {', '.join(names) or 'the administrator'}, or see your own",
            "anjuan calendar",
        ),
    )


def _campaigns(office: Office, work: Work, person: Person, store_id: str) -> Iterator[Event]:
    """Of the campaigns of his own unit and of units in which he has a role; where he had one, cancelled."""
    people, now = office.people, stored_instant(office.clock.now())
    held = roles_on_record(work).get(person.name, ())
    units = {person.unit, *(one.unit for one in held if one.from_at <= now < one.to_at)}
    above = {higher for unit in units for higher in people.above(unit)}
    for plan in office.campaigns().values():
        own = plan.unit in people.above(person.unit)
        turns = Turns() if own else turns_of(held, _brings(people, plan.unit), now)
        if plan.unit not in above and not turns.lost:
            continue
        for event in campaign_events(editions_of(work, CAMPAIGN, plan.id), office.law, store_id):
            shown = as_his(event.revision, turns, None, mine=plan.unit in above)
            if shown is not None:
                yield replace(event, revision=shown, alarms=event.alarms if shown.face.stands else ())


def _brings(people: People, unit: str) -> Callable[[Held], bool]:
    """Whether a role that somebody held is one in a unit for which a campaign of `unit` is."""
    return lambda held: unit in people.above(held.unit)


def _in_order(event: Event) -> tuple[object, ...]:
    minute = event.at.astimezone(SHANGHAI).isoformat() if event.at is not None else ""
    return (event.on, minute, event.case_no or "", event.uid)
