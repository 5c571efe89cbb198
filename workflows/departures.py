"""Sets the last day on which somebody acts, once no open case is left with him."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from engine.clock import legal_day
from engine.errors import Refusal
from engine.holder_store import open_cases_held_by
from engine.office import Office
from engine.people import ADMINISTRATOR, Person
from engine.people_effects import leave_effect
from engine.people_store import save_last_day
from engine.store import Work
from workflows.staff_rights import Act, enter, has_left, require_may_change, require_none, without_administrator
from workflows.staff_roles import open_cases

LEAVE = Act("staff_leave", "离岗", "leaving")


@dataclass(frozen=True)
class Departure:
    """The last day of somebody, inclusive, and the one that stood before where it was another."""

    person: Person
    left_on: date
    before: date | None


def leave(office: Office, work: Work, actor: Person, name: str, on: date) -> Departure:
    """Make that day the last one on which somebody acts; another day than before takes its place.

    Raises Forbidden, NotFound, TransitionRefused (all that he still holds).
    """
    person = office.people.person(name)
    require_may_change(office, actor, person.unit)
    require_none(LEAVE, _against(office, work, person, on))
    save_last_day(work, name, on)
    enter(office, work, actor, "staff", leave_effect(name, on, person.left_on))
    return Departure(office.people.person(name), on, person.left_on)


def _against(office: Office, work: Work, person: Person, on: date) -> Iterator[Refusal]:
    today = legal_day(office.clock.now())
    if person.left_on == on:
        yield has_left(person)
    held = open_cases_held_by(work, person.name)
    if held:
        yield open_cases(person, held)
    administered = sorted(
        unit for unit, role in person.roles if role == ADMINISTRATOR and person.has_role(unit, role, today)
    )
    yield from without_administrator(office.people, person, administered, max(on, today) + timedelta(days=1))
