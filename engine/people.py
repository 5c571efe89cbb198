"""Staff, units, roles and certificates as values: who may do what, where, and since when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from engine.errors import Holder, NotFound, Remedy

ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Certificate:
    """An enforcement certificate (执法证), valid on both its first and its last day. 行政处罚法 §42."""

    number: str
    from_on: date
    to_on: date


@dataclass(frozen=True)
class Person:
    name: str
    zh: str
    unit: str
    roles: frozenset[tuple[str, str]]  # (unit, role)
    certificates: tuple[Certificate, ...] = ()
    email: str = ""
    account: str | None = None

    def certified_on(self, day: date) -> bool:
        return any(c.from_on <= day <= c.to_on for c in self.certificates)

    def role_names(self) -> tuple[str, ...]:
        return tuple(sorted({role for _, role in self.roles}))


@dataclass(frozen=True)
class Unit:
    id: str
    zh: str
    level: str
    parent: str | None


class People:
    """The staff list and the tree of units, as they stand now."""

    def __init__(self, units: Iterable[Unit], persons: Iterable[Person]) -> None:
        self.units: Mapping[str, Unit] = {u.id: u for u in units}
        self.persons: Mapping[str, Person] = {p.name: p for p in persons}
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

    def sees(self, person: Person, unit_id: str) -> bool:
        """Whether the unit is the person's own or lies below it."""
        return person.unit in self.above(unit_id)

    def holds(self, person: Person, role: str, unit_id: str, *, from_above: bool = False) -> bool:
        """Whether the person holds the role in that unit, or with `from_above` in one above it."""
        if (unit_id, role) in person.roles:
            return True
        return from_above and any((above, role) in person.roles for above in self.above(unit_id))

    def holders(self, role: str, unit_id: str, *, from_above: bool = False) -> tuple[Holder, ...]:
        """Everybody who holds the role there, by name."""
        return tuple(
            Holder(p.name, role, p.zh)
            for p in sorted(self.persons.values(), key=lambda p: p.name)
            if self.holds(p, role, unit_id, from_above=from_above)
        )


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
