"""Adds staff and units: who may, which roles there are, and the entry of the store's book that says so."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import Any

from engine.agenda import plan
from engine.book_store import append
from engine.clock import legal_day
from engine.errors import Forbidden, Holder, InputWrong, Remedy
from engine.ledger import STORE_BOOK, Said
from engine.office import Office
from engine.people import ADMINISTRATOR, Person, Unit
from engine.people_store import add_person, add_unit
from engine.store import Work
from workflows.campaign_loading import rungs_of_new_unit
from workflows.founding import person_effect

# Roles that take no step of a workflow: liaisons and those who look on.
LIAISONS = ("auditor", "comms", "cyberspace", "procurator", "province")
LEVELS = ("nation", "province", "city", "county")
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)


def known_roles(office: Office) -> tuple[str, ...]:
    """Every role that somebody may hold, sorted."""
    of_workflows = {role for definition in office.definitions().values() for role in definition.roles}
    return tuple(sorted({*of_workflows, *LIAISONS, ADMINISTRATOR}))


def take_on(office: Office, work: Work, actor: Person, person: Person) -> None:
    """Add somebody to the staff. Raises Forbidden, InputWrong, NotFound."""
    _require_name(person.name)
    office.people.unit(person.unit)
    _require_may_change(office, actor, person.unit)
    for unit, role in sorted(person.roles):
        _require_role(office, role)
        if role == ADMINISTRATOR and not office.people.holds(
            actor, ADMINISTRATOR, unit, legal_day(office.clock.now()), from_above=True
        ):
            raise _forbidden(
                office, unit, "只有管理员可以再设管理员", "only an administrator may make another administrator"
            )
    if not person.zh.strip():
        raise InputWrong("person.zh", "姓名不能为空", "the name to show cannot be empty")
    for certificate in person.certificates:
        if not certificate.number.strip() or certificate.to_on < certificate.from_on:
            raise InputWrong(
                "certificate.invalid",
                f"执法证应有证号，且止期不早于起期（{certificate.from_on}至{certificate.to_on}）",
                f"a certificate needs a number and must not end before it begins "
                f"({certificate.from_on} to {certificate.to_on})",
            )
    _refuse_taken_account(office, person)
    add_person(work, person, office.people)
    _enter(office, work, actor, "staff", {"act": "add", "person": person_effect(person)})


def set_up(office: Office, work: Work, actor: Person, unit_id: str, zh: str, parent_id: str) -> Unit:
    """Add a unit one level below its parent; a squad of a county counts as county too.

    Raises Forbidden, InputWrong, NotFound.
    """
    _require_name(unit_id)
    parent = office.people.unit(parent_id)
    _require_may_change(office, actor, parent_id)
    if not zh.strip():
        raise InputWrong("unit.zh", "单位名称不能为空", "the name of a unit cannot be empty")
    below = LEVELS[min(LEVELS.index(parent.level) + 1, len(LEVELS) - 1)]
    unit = Unit(unit_id, zh.strip(), below, parent_id)
    add_unit(work, unit, office.people)
    _enter(office, work, actor, "unit", {"act": "add", "unit": vars(unit)})
    office.refresh(work)
    plan(work, rungs_of_new_unit(office, unit_id))
    return unit


def _require_may_change(office: Office, actor: Person, unit_id: str) -> None:
    """The administrator of the unit or of one above it, and the unit's own lead and head."""
    people, today = office.people, legal_day(office.clock.now())
    if people.holds(actor, ADMINISTRATOR, unit_id, today, from_above=True):
        return
    if any(people.holds(actor, role, unit_id, today) for role in ("lead", "head")):
        return
    raise _forbidden(
        office,
        unit_id,
        f"{actor.zh}不能增设“{unit_id}”的人员和单位",
        f"{actor.name} may not add staff or units to {unit_id!r}",
    )


def _forbidden(office: Office, unit_id: str, zh: str, en: str) -> Forbidden:
    people, today = office.people, legal_day(office.clock.now())
    can: tuple[Holder, ...] = people.holders(ADMINISTRATOR, unit_id, today, from_above=True)
    names = [holder.name for holder in can]
    remedy = (
        Remedy(f"请管理员办理：{'、'.join(names)}", f"ask the administrator: {', '.join(names)}") if names else None
    )
    return Forbidden("command.forbidden", zh, en, remedy)


def _require_name(name: str) -> None:
    if not NAME.fullmatch(name):
        raise InputWrong(
            "name.invalid",
            f"代号“{name[:40]}”只能用小写字母、数字和下划线，以字母开头，至多40个字符",
            f"{name[:40]!r} is no name: small letters, digits and _, a letter first, at most 40 characters",
        )


def _require_role(office: Office, role: str) -> None:
    known = known_roles(office)
    if role in known:
        return
    near = difflib.get_close_matches(role, known, 1)
    hint_zh, hint_en = (f"是否指{near[0]}；", f"did you mean {near[0]}? ") if near else ("", "")
    raise InputWrong(
        "role.unknown",
        f"没有角色“{role[:40]}”",
        f"there is no role {role[:40]!r}",
        Remedy(f"{hint_zh}可选：{'、'.join(known)}", f"{hint_en}there are: {', '.join(known)}"),
    )


def _refuse_taken_account(office: Office, person: Person) -> None:
    holder = office.people.by_account(person.account) if person.account else None
    if holder is not None:
        raise InputWrong(
            "account.taken",
            f"系统账户“{person.account}”已绑定给{holder.name}",
            f"the account {person.account!r} is bound to {holder.name}",
        )


def _enter(office: Office, work: Work, actor: Person, kind: str, effects: Mapping[str, Any]) -> None:
    now = office.clock.now()
    append(work, Said(STORE_BOOK, kind, actor.name, legal_day(now).isoformat(), now, effects=effects))
    office.refresh(work)
