"""The invented units and staff of a practice store, read from `data/practice/staff.yaml`."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from engine.data_files import data_folder, read_yaml, validated
from engine.data_values import Day, Identifier, Text
from engine.people import Certificate, Person, Unit


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Unit(_Part):
    id: Identifier
    zh: Text
    level: Literal["province", "city", "county"]
    parent: Identifier | None = None


class _Certificate(_Part):
    number: Text
    from_on: Day = Field(alias="from")
    to_on: Day = Field(alias="to")


class _Person(_Part):
    name: Identifier
    zh: Text
    unit: Identifier
    roles: tuple[Identifier, ...] = Field(min_length=1)
    certificate: _Certificate | None = None


class _StaffFile(_Part):
    units: tuple[_Unit, ...] = Field(min_length=1)
    staff: tuple[_Person, ...]


def practice_staff() -> tuple[tuple[Unit, ...], tuple[Person, ...]]:
    """Units, each after its parent, and people. Raises FileWrong, NotFound."""
    file = validated(_StaffFile, read_yaml(data_folder() / "practice" / "staff.yaml"))
    units = tuple(Unit(u.id, u.zh, u.level, u.parent) for u in file.units)
    return units, tuple(_person(p) for p in file.staff)


def _person(read: _Person) -> Person:
    held = read.certificate
    return Person(
        name=read.name,
        zh=read.zh,
        unit=read.unit,
        roles=frozenset((read.unit, role) for role in read.roles),
        certificates=(Certificate(held.number, held.from_on, held.to_on),) if held else (),
        email=f"{read.name}@{read.unit}.example",
    )
