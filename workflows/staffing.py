"""Adds staff and units, and knows which roles there are."""

from __future__ import annotations

import difflib
import re

from engine.agenda import plan
from engine.clock import legal_day
from engine.errors import InputWrong, Remedy
from engine.office import Office
from engine.people import ADMINISTRATOR, Certificate, Person, Unit
from engine.people_store import add_person, add_unit
from engine.store import Work
from workflows.campaign_loading import rungs_of_new_unit
from workflows.certificate_reminders import plan_certificates
from workflows.founding import person_effect
from workflows.staff_rights import enter, forbidden, require_may_change

# Roles that take no step of a workflow: liaisons and those who look on.
LIAISONS = ("auditor", "comms", "cyberspace", "procurator", "province")
LEVELS = ("nation", "province", "city", "county")
LONGEST_NUMBER = 40
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)


def known_roles(office: Office) -> tuple[str, ...]:
    """Every role that somebody may hold, sorted."""
    of_workflows = {role for definition in office.definitions().values() for role in definition.roles}
    return tuple(sorted({*of_workflows, *LIAISONS, ADMINISTRATOR}))


def take_on(office: Office, work: Work, actor: Person, person: Person) -> None:
    """Add somebody to the staff. Raises Forbidden, InputWrong, NotFound."""
    _require_name(person.name)
    office.people.unit(person.unit)
    require_may_change(office, actor, person.unit)
    for unit, role in sorted(person.roles):
        require_role(office, role)
        if role == ADMINISTRATOR and not office.people.holds(
            actor, ADMINISTRATOR, unit, legal_day(office.clock.now()), from_above=True
        ):
            raise forbidden(
                office, unit, "只有管理员可以再设管理员", "only an administrator may make another administrator"
            )
    if not person.zh.strip():
        raise InputWrong("person.zh", "姓名不能为空", "the name to show cannot be empty")
    for certificate in person.certificates:
        require_possible(certificate)
    _refuse_taken_account(office, person)
    add_person(work, person, office.people)
    plan_certificates(work, [person], office.law, legal_day(office.clock.now()))
    enter(office, work, actor, "staff", {"act": "add", "person": person_effect(person)})


def set_up(office: Office, work: Work, actor: Person, unit_id: str, zh: str, parent_id: str) -> Unit:
    """Add a unit one level below its parent; a squad of a county counts as county too.

    Raises Forbidden, InputWrong, NotFound.
    """
    _require_name(unit_id)
    parent = office.people.unit(parent_id)
    require_may_change(office, actor, parent_id)
    if not zh.strip():
        raise InputWrong("unit.zh", "单位名称不能为空", "the name of a unit cannot be empty")
    below = LEVELS[min(LEVELS.index(parent.level) + 1, len(LEVELS) - 1)]
    unit = Unit(unit_id, zh.strip(), below, parent_id)
    add_unit(work, unit, office.people)
    enter(office, work, actor, "unit", {"act": "add", "unit": vars(unit)})
    plan(work, rungs_of_new_unit(office, unit_id))
    return unit


def require_possible(certificate: Certificate) -> None:
    """Raises InputWrong without a number, with one that no certificate has, and where it ends before it begins."""
    if not certificate.number.strip() or certificate.to_on < certificate.from_on:
        raise InputWrong(
            "certificate.invalid",
            f"执法证应有证号，且止期不早于起期（{certificate.from_on}至{certificate.to_on}）",
            f"a certificate needs a number and must not end before it begins "
            f"({certificate.from_on} to {certificate.to_on})",
        )
    number = certificate.number
    if len(number) > LONGEST_NUMBER or number != number.strip() or not number.isprintable():
        raise InputWrong(
            "certificate.number",
            f"执法证号至多{LONGEST_NUMBER}个可见字符，前后不留空格",
            f"the number of a certificate has at most {LONGEST_NUMBER} printable characters, no blank at either end",
        )


def _require_name(name: str) -> None:
    if not NAME.fullmatch(name):
        raise InputWrong(
            "name.invalid",
            f"代号“{name[:40]}”只能用小写字母、数字和下划线，以字母开头，至多40个字符",
            f"{name[:40]!r} is no name: small letters, digits and _, a letter first, at most 40 characters",
        )


def require_role(office: Office, role: str) -> None:
    """Raises InputWrong with the roles there are."""
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
