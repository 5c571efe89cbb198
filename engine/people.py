"""Staff, units, roles, stand-ins and certificates as values: who may do what, where, on which day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from engine.errors import Holder, NotFound, Remedy

ADMINISTRATOR = "administrator"
KEPT_ANSWERS = 1024


@dataclass(frozen=True)
class Certificate:
    """An enforcement certificate (执法证), valid on both its first and its last day. 行政处罚法 §42."""

    number: str
    from_on: date
    to_on: date


@dataclass(frozen=True)
class Term:
    """From when to when, both inclusive; `None` is open."""

    from_on: date | None = None
    to_on: date | None = None

    def covers(self, day: date) -> bool:
        return (self.from_on is None or self.from_on <= day) and (self.to_on is None or day <= self.to_on)


@dataclass(frozen=True)
class StandIn:
    """`name` acts for `for_name` in that role of that unit, from the first to the last day, both inclusive."""

    name: str
    for_name: str
    unit: str
    role: str
    from_on: date
    to_on: date

    def covers(self, day: date) -> bool:
        return self.from_on <= day <= self.to_on


@dataclass(frozen=True)
class Capacity:
    """In which role somebody acts, and for whom where he only stands in."""

    role: str
    for_name: str | None = None


@dataclass(frozen=True)
class Person:
    """Somebody of the staff. A role may be held in a unit that he is lent to.

    `terms` dates the roles that are held for a time only; `left_on` is the last day on which he acts.
    """

    name: str
    zh: str
    unit: str
    roles: frozenset[tuple[str, str]]  # (unit, role)
    certificates: tuple[Certificate, ...] = ()
    email: str = ""
    account: str | None = None
    terms: Mapping[tuple[str, str], Term] = field(default_factory=dict)
    left_on: date | None = None

    def certified_on(self, day: date) -> bool:
        return any(c.from_on <= day <= c.to_on for c in self.certificates)

    def has_left(self, day: date) -> bool:
        return self.left_on is not None and self.left_on < day

    def has_role(self, unit: str, role: str, day: date) -> bool:
        """Whether he holds it himself on that day."""
        held = (unit, role)
        return held in self.roles and not self.has_left(day) and self.terms.get(held, _ALWAYS).covers(day)

    def role_names(self, on: date | None = None) -> tuple[str, ...]:
        """The roles he was given in whichever unit; with a day only those that he holds on it."""
        return tuple(sorted({role for unit, role in self.roles if on is None or self.has_role(unit, role, on)}))


@dataclass(frozen=True)
class Unit:
    id: str
    zh: str
    level: str
    parent: str | None


_ALWAYS = Term()


class People:
    """The staff list and the tree of units, as they stand now."""

    def __init__(self, units: Iterable[Unit], persons: Iterable[Person], stand_ins: Iterable[StandIn] = ()) -> None:
        self.units: Mapping[str, Unit] = {u.id: u for u in units}
        self.persons: Mapping[str, Person] = {p.name: p for p in persons}
        self.stand_ins: tuple[StandIn, ...] = tuple(stand_ins)
        # Refusals name who could act: a page of refusals asks the same of a staff list that never changes.
        self._holders: dict[tuple[str, str, date, bool], tuple[Holder, ...]] = {}
        self._accounts = {p.account: p for p in self.persons.values() if p.account}

    def person(self, name: str) -> Person:
        """Raises NotFound with the nearest names."""
        found = self.persons.get(name)
        if found is None:
            raise unknown_person(name, self.persons)
        return found

    def by_account(self, account: str) -> Person | None:
        return self._accounts.get(account)

    def unit(self, unit_id: str) -> Unit:
        """Raises NotFound with the units there are."""
        found = self.units.get(unit_id)
        if found is None:
            names = "、".join(sorted(self.units))
            raise NotFound(
                "unit.unknown",
                f"没有单位“{unit_id}”",
                f"there is no unit {unit_id!r}",
                Remedy(f"现有单位：{names}", f"units: {', '.join(sorted(self.units))}", "anjuan unit list"),
            )
        return found

    def above(self, unit_id: str) -> tuple[str, ...]:
        """The unit and those above it, nearest first."""
        chain: list[str] = []
        here: str | None = unit_id
        while here is not None and here not in chain:
            chain.append(here)
            unit = self.units.get(here)
            here = unit.parent if unit else None
        return tuple(chain)

    def below(self, unit_id: str) -> tuple[str, ...]:
        """The unit and every unit below it, sorted."""
        return tuple(sorted(u for u in self.units if unit_id in self.above(u)))

    def sees(self, person: Person, unit_id: str, on: date) -> bool:
        """Whether the unit is the person's own, lies below it, or is one in which he has a role on that day."""
        if person.has_left(on):
            return False
        above = self.above(unit_id)
        return person.unit in above or any(unit in above for unit, _ in self._held(person, on))

    def works_in(self, person: Person, unit_id: str, on: date) -> bool:
        """Whether he has some role in that unit, or in one above it, on that day."""
        return any(unit in self.above(unit_id) for unit, _ in self._held(person, on))

    def capacity(
        self, person: Person, role: str, unit_id: str, on: date, *, from_above: bool = False
    ) -> Capacity | None:
        """How the person holds the role in that unit on that day, with `from_above` also in one above it.

        His own role goes before standing in for somebody else; `None` where he has neither.
        """
        units = self.above(unit_id) if from_above else (unit_id,)
        if any(person.has_role(unit, role, on) for unit in units):
            return Capacity(role)
        for s in self._standing_in(person, on):
            if s.role == role and s.unit in units:
                return Capacity(role, s.for_name)
        return None

    def holds(self, person: Person, role: str, unit_id: str, on: date, *, from_above: bool = False) -> bool:
        """Whether the person may act in the role in that unit on that day, himself or for somebody else."""
        return self.capacity(person, role, unit_id, on, from_above=from_above) is not None

    def holders(self, role: str, unit_id: str, on: date, *, from_above: bool = False) -> tuple[Holder, ...]:
        """Everybody who may act in the role there on that day, by name."""
        key = (role, unit_id, on, from_above)
        if key not in self._holders:
            if len(self._holders) >= KEPT_ANSWERS:
                self._holders.clear()
            self._holders[key] = tuple(
                Holder(p.name, role, p.zh)
                for p in sorted(self.persons.values(), key=lambda p: p.name)
                if self.holds(p, role, unit_id, on, from_above=from_above)
            )
        return self._holders[key]

    def _held(self, person: Person, on: date) -> Iterator[tuple[str, str]]:
        yield from ((unit, role) for unit, role in person.roles if person.has_role(unit, role, on))
        yield from ((s.unit, s.role) for s in self._standing_in(person, on))

    def _standing_in(self, person: Person, on: date) -> Iterator[StandIn]:
        """For whom he stands in on that day: only for one who holds the role himself, and while neither has left."""
        for s in self.stand_ins:
            if s.name == person.name and s.covers(on) and not person.has_left(on):
                absent = self.persons.get(s.for_name)
                if absent is not None and absent.has_role(s.unit, s.role, on):
                    yield s


def unknown_person(name: str, known: Iterable[str]) -> NotFound:
    import difflib

    near = difflib.get_close_matches(name, list(known), 3)
    hint_zh = f"是否指：{'、'.join(near)}" if near else "查看人员名单"
    hint_en = f"did you mean {', '.join(near)}?" if near else "see the staff list"
    return NotFound(
        "person.unknown",
        f"没有人员“{name}”",
        f"there is nobody named {name!r}",
        Remedy(hint_zh, hint_en, "anjuan staff list"),
    )
