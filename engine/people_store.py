"""Reads and writes staff, roles, stand-ins, certificates and units.

Nothing is written here without an entry of the store's book in the same transaction: `ledger verify` holds the two
against one another.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.errors import InputWrong
from engine.people import Certificate, People, Person, StandIn, Term, Unit
from engine.people_replaying import Rows
from engine.store import Statement, Work, insert_on_conflict
from engine.tables import CertificateRow, StaffRoleRow, StaffRow, StandInRow, UnitRow

UNIT = UnitRow.__table__  # type: ignore[attr-defined]
STAFF = StaffRow.__table__  # type: ignore[attr-defined]
ROLE = StaffRoleRow.__table__  # type: ignore[attr-defined]
STAND_IN = StandInRow.__table__  # type: ignore[attr-defined]
CERTIFICATE = CertificateRow.__table__  # type: ignore[attr-defined]


def load_people(work: Work) -> People:
    """Everybody and every unit."""
    roles: dict[str, set[tuple[str, str]]] = defaultdict(set)
    terms: dict[str, dict[tuple[str, str], Term]] = defaultdict(dict)
    for name, unit, role, from_on, to_on in work.all(_ROLES, {}):
        roles[name].add((unit, role))
        if from_on or to_on:
            terms[name][unit, role] = Term(_day(from_on), _day(to_on))
    certificates: dict[str, list[Certificate]] = defaultdict(list)
    for number, name, from_on, to_on in work.all(_CERTIFICATES, {}):
        certificates[name].append(Certificate(number, date.fromisoformat(from_on), date.fromisoformat(to_on)))
    units = [Unit(*row) for row in work.all(_UNITS, {})]
    persons = [
        Person(
            name,
            zh,
            unit,
            frozenset(roles[name]),
            tuple(certificates[name]),
            email,
            account,
            terms[name],
            _day(left_on),
        )
        for name, zh, unit, email, account, left_on in work.all(_STAFF, {})
    ]
    stand_ins = [
        StandIn(name, for_name, unit, role, date.fromisoformat(from_on), date.fromisoformat(to_on))
        for name, for_name, unit, role, from_on, to_on in work.all(_STAND_INS, {})
    ]
    return People(units, persons, stand_ins)


def add_unit(work: Work, unit: Unit, known: People) -> None:
    """Add a unit below its parent. Raises InputWrong when it exists, NotFound when the parent does not."""
    if unit.id in known.units:
        raise InputWrong("unit.exists", f"单位“{unit.id}”已存在", f"unit {unit.id!r} exists already")
    if unit.parent is not None:
        known.unit(unit.parent)
    work.run(_ADD_UNIT, {"id": unit.id, "zh": unit.zh, "level": unit.level, "parent": unit.parent})


def add_person(work: Work, person: Person, known: People) -> None:
    """Add somebody with his roles and certificates.

    Raises InputWrong when the name or a certificate number is taken, NotFound when the unit does not exist.
    """
    if person.name in known.persons:
        raise InputWrong("person.exists", f"人员“{person.name}”已存在", f"{person.name!r} exists already")
    known.unit(person.unit)
    taken = {c.number for p in known.persons.values() for c in p.certificates}
    for certificate in person.certificates:
        if certificate.number in taken:
            raise InputWrong(
                "certificate.exists",
                f"执法证号“{certificate.number}”已登记",
                f"certificate {certificate.number!r} is registered already",
            )
    work.run(
        _ADD_STAFF,
        {
            "name": person.name,
            "zh": person.zh,
            "unit": person.unit,
            "email": person.email,
            "account": person.account,
            "left_on": _iso(person.left_on),
        },
    )
    work.run_many(_ADD_ROLE, [_role_row(person, unit, role) for unit, role in sorted(person.roles)])
    work.run_many(
        _ADD_CERTIFICATE,
        [
            {
                "number": c.number,
                "name": person.name,
                "from_on": c.from_on.isoformat(),
                "to_on": c.to_on.isoformat(),
            }
            for c in person.certificates
        ],
    )


def save_role(work: Work, name: str, unit: str, role: str, term: Term) -> None:
    """Write from when to when somebody holds a role there, in the place of what stood there before."""
    work.run(
        _SAVE_ROLE,
        {"name": name, "unit": unit, "role": role, "from_on": _iso(term.from_on), "to_on": _iso(term.to_on)},
    )


def save_certificate(work: Work, name: str, certificate: Certificate) -> None:
    """Write a certificate, in the place of its earlier dates where the number is known."""
    from_on, to_on = certificate.from_on.isoformat(), certificate.to_on.isoformat()
    work.run(_SAVE_CERTIFICATE, {"number": certificate.number, "name": name, "from_on": from_on, "to_on": to_on})


def add_stand_in(work: Work, stand_in: StandIn) -> None:
    work.run(_ADD_STAND_IN, {**_stand_in_key(stand_in), "to_on": stand_in.to_on.isoformat()})


def end_stand_in(work: Work, stand_in: StandIn, last_on: date) -> None:
    """Make that day its last one; one that would not have begun by then is taken out."""
    if last_on < stand_in.from_on:
        work.run(_REMOVE_STAND_IN, _as_keys(_stand_in_key(stand_in)))
    else:
        work.run(_END_STAND_IN, {**_as_keys(_stand_in_key(stand_in)), "last_on": last_on.isoformat()})


def save_last_day(work: Work, name: str, left_on: date) -> None:
    """Write the last day on which somebody acts."""
    work.run(_SAVE_LAST_DAY, {"name_key": name, "last_on": left_on.isoformat()})


def staff_rows(work: Work) -> Rows:
    """Every row about units and staff: table and key, and what stands there."""
    rows: Rows = {("unit", id_): (zh, level, parent) for id_, zh, level, parent in work.all(_UNITS, {})}
    rows |= {("staff", row[0]): tuple(row[1:]) for row in work.all(_STAFF, {})}
    rows |= {("staff_role", *row[:3]): tuple(row[3:]) for row in work.all(_ROLES, {})}
    rows |= {("certificate", row[0]): tuple(row[1:]) for row in work.all(_CERTIFICATES, {})}
    rows |= {("stand_in", *row[:5]): tuple(row[5:]) for row in work.all(_STAND_INS, {})}
    return rows


def _stand_in_key(stand_in: StandIn) -> dict[str, str]:
    return {
        "name": stand_in.name,
        "for_name": stand_in.for_name,
        "unit": stand_in.unit,
        "role": stand_in.role,
        "from_on": stand_in.from_on.isoformat(),
    }


def _as_keys(columns: dict[str, str]) -> dict[str, str]:
    """The columns under the names of the parameters that look for a row."""
    return {f"{name}_key": value for name, value in columns.items()}


def _role_row(person: Person, unit: str, role: str) -> dict[str, str | None]:
    term = person.terms.get((unit, role), Term())
    return {
        "name": person.name,
        "unit": unit,
        "role": role,
        "from_on": _iso(term.from_on),
        "to_on": _iso(term.to_on),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _values(table: Any) -> dict[str, Any]:
    return {c.name: sa.bindparam(c.name) for c in table.columns}


_UNITS = Statement(lambda _: sa.select(UNIT.c.id, UNIT.c.zh, UNIT.c.level, UNIT.c.parent).order_by(UNIT.c.id))
_STAFF = Statement(
    lambda _: sa.select(
        STAFF.c.name, STAFF.c.zh, STAFF.c.unit, STAFF.c.email, STAFF.c.account, STAFF.c.left_on
    ).order_by(STAFF.c.name)
)
_ROLES = Statement(lambda _: sa.select(ROLE.c.name, ROLE.c.unit, ROLE.c.role, ROLE.c.from_on, ROLE.c.to_on))
_STAND_INS = Statement(
    lambda _: sa.select(*STAND_IN.columns).order_by(STAND_IN.c.from_on, STAND_IN.c.name, STAND_IN.c.for_name)
)
_CERTIFICATES = Statement(
    lambda _: sa.select(CERTIFICATE.c.number, CERTIFICATE.c.name, CERTIFICATE.c.from_on, CERTIFICATE.c.to_on).order_by(
        CERTIFICATE.c.number
    )
)
_ADD_UNIT = Statement(lambda _: sa.insert(UNIT).values(_values(UNIT)))
_ADD_STAFF = Statement(lambda _: sa.insert(STAFF).values(_values(STAFF)))
_ADD_ROLE = Statement(lambda _: sa.insert(ROLE).values(_values(ROLE)))
_ADD_CERTIFICATE = Statement(lambda _: sa.insert(CERTIFICATE).values(_values(CERTIFICATE)))


def _build_save(table: Any, keys: tuple[str, ...], dialect: str) -> sa.Executable:
    statement = insert_on_conflict(dialect, table).values(_values(table))
    changing = [c.name for c in table.columns if c.name not in keys]
    return statement.on_conflict_do_update(
        index_elements=list(keys), set_={name: statement.excluded[name] for name in changing}
    )


def _this_stand_in() -> list[sa.ColumnElement[bool]]:
    keys = ("name", "for_name", "unit", "role", "from_on")
    return [STAND_IN.c[name] == sa.bindparam(f"{name}_key") for name in keys]


_SAVE_ROLE = Statement(lambda dialect: _build_save(ROLE, ("name", "unit", "role"), dialect))
_SAVE_CERTIFICATE = Statement(lambda dialect: _build_save(CERTIFICATE, ("number",), dialect))
_ADD_STAND_IN = Statement(lambda _: sa.insert(STAND_IN).values(_values(STAND_IN)))
_END_STAND_IN = Statement(lambda _: sa.update(STAND_IN).where(*_this_stand_in()).values(to_on=sa.bindparam("last_on")))
_REMOVE_STAND_IN = Statement(lambda _: sa.delete(STAND_IN).where(*_this_stand_in()))
_SAVE_LAST_DAY = Statement(
    lambda _: sa.update(STAFF).where(STAFF.c.name == sa.bindparam("name_key")).values(left_on=sa.bindparam("last_on"))
)
