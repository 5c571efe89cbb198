"""Gives somebody a role in his own unit or in one that he is lent to (借调), and ends it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from engine.clock import legal_day
from engine.errors import Holder, InputWrong, Refusal, Remedy
from engine.holder_store import open_cases_held_by
from engine.office import Office
from engine.people import ADMINISTRATOR, Person, Term
from engine.people_effects import role_effect
from engine.people_store import save_role
from engine.store import Work
from workflows.staff_rights import (
    HEAD,
    Act,
    enter,
    forbidden,
    has_left,
    own_rights,
    require_may_change,
    require_none,
    without_administrator,
)
from workflows.staffing import require_role

GIVE = Act("staff_role", "授予角色", "giving a role")
END = Act("staff_role_end", "终止角色", "ending a role")
HANDLER = "handler"
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class RoleSet:
    """From when to when somebody holds a role in a unit now, and until now; `lent` where the unit is not his own."""

    person: Person
    unit: str
    role: str
    term: Term
    before: Term | None
    warnings: tuple[Refusal, ...] = ()

    @property
    def lent(self) -> bool:
        return self.unit != self.person.unit


def give_role(
    office: Office,
    work: Work,
    actor: Person,
    name: str,
    role: str,
    unit_id: str | None = None,
    from_on: date | None = None,
    to_on: date | None = None,
) -> RoleSet:
    """Give the role from `from_on` (without one, from today) to `to_on` (without one, for good), both inclusive.

    Time that joins on to what he holds already makes it longer; after a gap it takes its place, and the record keeps
    what was before. Raises Forbidden, NotFound, InputWrong, TransitionRefused.
    """
    person = office.people.person(name)
    unit = office.people.unit(unit_id or person.unit).id
    require_role(office, role)
    require_may_change(office, actor, unit)
    _require_administrator(office, actor, unit, role)
    today = legal_day(office.clock.now())
    before = person.terms.get((unit, role), Term()) if (unit, role) in person.roles else None
    term = _joined(before, from_on, to_on, today)
    require_none(GIVE, _against_giving(office, actor, person, unit, role, before, term))
    save_role(work, name, unit, role, term)
    enter(office, work, actor, "staff", role_effect("role", name, unit, role, term, before))
    return RoleSet(office.people.person(name), unit, role, term, before)


def end_role(
    office: Office, work: Work, actor: Person, name: str, role: str, unit_id: str | None, last_on: date
) -> RoleSet:
    """Make that day the last one on which he holds the role there; without a unit the only one in which he does.

    Raises Forbidden, NotFound, InputWrong, TransitionRefused.
    """
    person = office.people.person(name)
    require_role(office, role)
    unit = office.people.unit(unit_id).id if unit_id is not None else unit_of_role(person, role)
    require_may_change(office, actor, unit)
    _require_administrator(office, actor, unit, role)
    before = person.terms.get((unit, role), Term()) if (unit, role) in person.roles else None
    require_none(END, _against_ending(office, person, unit, role, before, last_on))
    assert before is not None
    term = Term(before.from_on, last_on)
    warnings = tuple(_left_behind(work, person, unit)) if role == HANDLER else ()
    save_role(work, name, unit, role, term)
    enter(office, work, actor, "staff", role_effect("role_end", name, unit, role, term, before))
    return RoleSet(office.people.person(name), unit, role, term, before, warnings)


def unit_of_role(person: Person, role: str) -> str:
    """The only unit in which somebody was given the role, else his own. Raises InputWrong where it is several."""
    units = sorted(unit for unit, held in person.roles if held == role)
    if len(units) > 1:
        raise InputWrong(
            "unit.needed",
            f"{person.zh}在几个单位有这一角色，请用--unit写明",
            f"{person.name} has this role in several units: say which with --unit",
            Remedy(f"可选：{'、'.join(units)}", f"one of: {', '.join(units)}"),
        )
    return units[0] if units else person.unit


def open_cases(person: Person, numbers: tuple[str, ...]) -> Refusal:
    """He still holds open cases: which, and how to hand them over."""
    shown = numbers[:10]
    more_zh = f"等{len(numbers)}件" if len(numbers) > len(shown) else ""
    more_en = f" and {len(numbers) - len(shown)} more" if len(numbers) > len(shown) else ""
    return Refusal(
        "cases.held",
        f"{person.zh}还承办着未办结的案件：{'、'.join(shown)}{more_zh}",
        f"{person.name} still holds open cases: {', '.join(shown)}{more_en}",
        facts={"name": person.name, "cases": list(numbers)},
        remedy=Remedy(
            "先把案件交给他人",
            "hand the cases over first",
            f"anjuan case hand-over --from {person.name} --to NAME --reason 离岗交接",
        ),
    )


def _joined(before: Term | None, from_on: date | None, to_on: date | None, today: date) -> Term:
    """From when to when he would hold it. Raises InputWrong where it would end before it begins."""
    runs_on = before is not None and before.to_on is not None and before.to_on >= today
    first = from_on or (before.to_on + ONE_DAY if runs_on and before and before.to_on else today)
    if to_on is not None and to_on < first:
        raise InputWrong(
            "term.invalid",
            f"止期{to_on}早于起期{first}",
            f"it would end on {to_on}, before it begins on {first}",
            Remedy("核对--from和--to", "check --from and --to"),
        )
    if before is None or not _join(before, first, to_on):
        return Term(first, to_on)
    begins = None if before.from_on is None else min(before.from_on, first)
    ends = None if before.to_on is None or to_on is None else max(before.to_on, to_on)
    return Term(begins, ends)


def _join(before: Term, first: date, last: date | None) -> bool:
    """Whether no day lies between the time that he holds it already and the other."""
    begins_in_time = before.to_on is None or first <= before.to_on + ONE_DAY
    ends_late_enough = before.from_on is None or last is None or before.from_on <= last + ONE_DAY
    return begins_in_time and ends_late_enough


def _against_giving(
    office: Office, actor: Person, person: Person, unit: str, role: str, before: Term | None, term: Term
) -> Iterator[Refusal]:
    people, today = office.people, legal_day(office.clock.now())
    if actor.name == person.name:
        yield own_rights(people, actor, unit, today)
    elif _administers(office, person) and not (
        people.holds(actor, ADMINISTRATOR, unit, today, from_above=True) or people.holds(actor, HEAD, unit, today)
    ):
        yield _of_an_administrator(office, person, unit)
    if person.has_left(max(today, term.from_on or today)):
        yield has_left(person)
    if before is not None and before.to_on is not None and before.to_on >= today and _apart(before, term):
        yield Refusal(
            "role.apart",
            f"{person.zh}在“{unit}”的这一角色{before.to_on}才终止，新的时间与其不相连",
            f"{person.name} holds this role in {unit!r} until {before.to_on}; the new time does not join on to that",
            facts={"name": person.name, "unit": unit, "role": role, "to_on": before.to_on.isoformat()},
            remedy=Remedy(
                "使两段时间相连，或者待其终止后再授予", "let the two join, or give it again once it has ended"
            ),
            earliest_on=before.to_on + ONE_DAY,
        )
    if before == term:
        until_zh, until_en = (f"至{term.to_on}", f" until {term.to_on}") if term.to_on else ("", "")
        yield Refusal(
            "role.held",
            f"{person.zh}在“{unit}”已有这一角色{until_zh}",
            f"{person.name} has this role in {unit!r} already{until_en}",
            facts={"name": person.name, "unit": unit, "role": role},
            remedy=Remedy(
                "要提前终止的，用staff role-end",
                "to end it earlier use staff role-end",
                f"anjuan staff role-end {person.name} {role} --unit {unit} --on today",
            ),
        )


def _apart(before: Term, term: Term) -> bool:
    """Whether the new time leaves out a day that he holds it on now."""
    keeps_begin = term.from_on is None or (before.from_on is not None and term.from_on <= before.from_on)
    keeps_end = term.to_on is None or (before.to_on is not None and before.to_on <= term.to_on)
    return not (keeps_begin and keeps_end)


def _against_ending(
    office: Office, person: Person, unit: str, role: str, before: Term | None, last_on: date
) -> Iterator[Refusal]:
    if before is None or (before.to_on is not None and before.to_on <= last_on):
        since_zh, since_en = (f"，{before.to_on}终止", f" after {before.to_on}") if before else ("", "")
        yield Refusal(
            "role.not_held",
            f"{person.zh}在“{unit}”没有这一角色可终止{since_zh}",
            f"{person.name} does not hold this role in {unit!r}{since_en}",
            facts={"name": person.name, "unit": unit, "role": role},
            remedy=Remedy("查看该人员", "see what he holds", f"anjuan staff show {person.name}"),
        )
        return
    if before.from_on is not None and last_on < before.from_on:
        yield Refusal(
            "role.not_begun",
            f"这一角色自{before.from_on}起，不能在此前终止",
            f"this role begins on {before.from_on} and cannot end before",
            facts={"from_on": before.from_on.isoformat()},
            earliest_on=before.from_on,
        )
    if role == ADMINISTRATOR:
        after = max(last_on, legal_day(office.clock.now())) + ONE_DAY
        yield from without_administrator(office.people, person, [unit], after)


def _left_behind(work: Work, person: Person, unit: str) -> Iterator[Refusal]:
    # The number of a case begins with the unit that opened it.
    held = tuple(no for no in open_cases_held_by(work, person.name) if no.startswith(f"{unit}-"))
    if held:
        yield open_cases(person, held)


def _administers(office: Office, person: Person) -> bool:
    today = legal_day(office.clock.now())
    return any(role == ADMINISTRATOR and person.has_role(unit, role, today) for unit, role in person.roles)


def _of_an_administrator(office: Office, person: Person, unit: str) -> Refusal:
    people, today = office.people, legal_day(office.clock.now())
    who_can: tuple[Holder, ...] = tuple(
        holder
        for holder in (
            *people.holders(ADMINISTRATOR, unit, today, from_above=True),
            *people.holders(HEAD, unit, today),
        )
        if holder.name != person.name
    )
    asked = [holder.name for holder in who_can]
    return Refusal(
        "staff.administrator",
        f"{person.zh}是管理员，其角色由其他管理员或者机关负责人授予",
        f"{person.name} is an administrator: only another administrator or the head gives him a role",
        facts={"name": person.name},
        remedy=Remedy(f"请{'、'.join(asked) or '无'}办理", f"ask {', '.join(asked) or 'nobody at present'}"),
        who_can=who_can,
    )


def _require_administrator(office: Office, actor: Person, unit: str, role: str) -> None:
    today = legal_day(office.clock.now())
    if role == ADMINISTRATOR and not office.people.holds(actor, ADMINISTRATOR, unit, today, from_above=True):
        raise forbidden(
            office,
            unit,
            "只有管理员可以设立或者撤销管理员",
            "only an administrator may make or unmake an administrator",
        )
