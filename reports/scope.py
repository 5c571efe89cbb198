"""Whose figures a report shows: one unit alone, or with those below it, as far as the actor may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.campaign_plan import CampaignPlan
from engine.people import ADMINISTRATOR, People, Person, Unit
from engine.sight import require_sight


@dataclass(frozen=True)
class Scope:
    """The unit that reports, and the ids of all units counted, its own included."""

    unit: Unit
    units: tuple[str, ...]
    tree: bool

    @property
    def zh(self) -> str:
        return f"{self.unit.zh}（含所属单位）" if self.tree else self.unit.zh

    @property
    def en(self) -> str:
        """A unit has one name, the Chinese one."""
        return f"{self.unit.zh} with the units below it" if self.tree else self.unit.zh


def scope_of(
    people: People, plan: CampaignPlan, actor: Person | None, unit: str | None, today: date, *, tree: bool
) -> Scope:
    """The scope asked for. Without `unit` it is the actor's own; of an administrator or nobody, the campaign's.

    Raises NotFound, and Forbidden (`unit.outside`) for a unit that is neither the actor's nor below it.
    """
    own = plan.unit if actor is None or ADMINISTRATOR in actor.role_names(today) else actor.unit
    named = own if unit is None else unit
    found = people.unit(named)
    if actor is not None:
        require_sight(people, actor, named, today)
    below = (id_ for id_ in sorted(people.units) if named in people.above(id_))
    return Scope(found, tuple(below) if tree else (named,), tree)
