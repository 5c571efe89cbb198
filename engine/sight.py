"""Keeps everybody to the units that he sees: his own and those below it, or where he holds a role."""

from __future__ import annotations

from datetime import date

from engine.errors import Forbidden, Remedy
from engine.people import People, Person


def require_sight(people: People, actor: Person, unit: str, today: date) -> None:
    """Raises Forbidden (`unit.outside`) where the actor does not see the unit on that day."""
    if not people.sees(actor, unit, today):
        raise Forbidden(
            "unit.outside",
            f"单位“{unit}”不在{actor.zh}的权限范围内",
            f"unit {unit!r} lies outside the units of {actor.name}",
            Remedy("请该单位或其上级办理", "ask that unit or one above it"),
        )
