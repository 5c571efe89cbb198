"""Sets somebody who acts for an absent one (代行职责), and ends it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from engine.answers import require_text
from engine.clock import legal_day
from engine.errors import Forbidden, InputWrong, NotFound, Refusal, Remedy
from engine.office import Office
from engine.people import ADMINISTRATOR, People, Person, StandIn, Term
from engine.people_effects import stand_in_effect, stand_in_end_effect
from engine.people_store import add_stand_in, end_stand_in
from engine.store import Work
from workflows.staff_rights import HEAD, LEAD, Act, enter, has_left, own_rights, require_none
from workflows.staff_roles import unit_of_role
from workflows.staffing import require_role

SET = Act("staff_stand_in", "设定代行人", "setting a stand-in")


@dataclass(frozen=True)
class StandInSet:
    """A stand-in with those of the same role that run at the same time, and what is to be minded about it."""

    stand_in: StandIn
    overlapping: tuple[StandIn, ...]
    warnings: tuple[Refusal, ...]


def set_stand_in(office: Office, work: Work, actor: Person, wanted: StandIn, reason: str) -> StandInSet:
    """Let somebody act for another in one of the other's roles, between two days, both inclusive.

    Raises Forbidden, NotFound, InputWrong, TransitionRefused.
    """
    people = office.people
    absent = people.person(wanted.for_name)
    people.person(wanted.name)
    people.unit(wanted.unit)
    require_role(office, wanted.role)
    require_text(reason)
    _require_sense(wanted)
    _require_may(office, actor, [wanted])
    require_none(SET, _against(office, actor, wanted, reason))
    warnings = tuple(_warnings(absent, wanted))
    overlapping = tuple(one for one in people.stand_ins if _same_part(one, wanted) and _overlap(one, wanted))
    add_stand_in(work, wanted)
    enter(office, work, actor, "staff", stand_in_effect(wanted), reason.strip())
    return StandInSet(wanted, overlapping, warnings)


def end_stand_ins(
    office: Office,
    work: Work,
    actor: Person,
    name: str,
    for_name: str,
    role: str | None,
    unit: str | None,
    last_on: date,
) -> tuple[StandIn, ...]:
    """Make that day the last one of whatever runs longer; what would not have begun is taken out. Those of before.

    Raises Forbidden, NotFound (also where nothing runs longer).
    """
    people = office.people
    people.person(name)
    people.person(for_name)
    found = tuple(
        one
        for one in people.stand_ins
        if (one.name, one.for_name) == (name, for_name)
        and role in (None, one.role)
        and unit in (None, one.unit)
        and one.to_on > last_on
    )
    if not found:
        raise NotFound(
            "stand_in.unknown",
            f"{last_on}之后，{name}没有代行{for_name}的职责",
            f"{name} does not stand in for {for_name} after {last_on}",
            Remedy("查看该人员", "see for whom he stands in", f"anjuan staff show {name}"),
        )
    _require_may(office, actor, found, also=name)
    for one in found:
        end_stand_in(work, one, last_on)
    enter(office, work, actor, "staff", stand_in_end_effect(found, last_on))
    return found


def unit_of_stand_in(people: People, for_name: str, role: str) -> str:
    """The unit in which the absent one has the role. Raises NotFound, InputWrong where it is several."""
    return unit_of_role(people.person(for_name), role)


def _require_sense(wanted: StandIn) -> None:
    if wanted.to_on < wanted.from_on:
        raise InputWrong(
            "term.invalid",
            f"止期{wanted.to_on}早于起期{wanted.from_on}",
            f"it would end on {wanted.to_on}, before it begins on {wanted.from_on}",
            Remedy("核对--from和--to", "check --from and --to"),
        )
    if wanted.name == wanted.for_name:
        raise InputWrong("stand_in.self", "代行人与被代行人是同一人", "nobody stands in for himself")


def _require_may(office: Office, actor: Person, stand_ins: tuple[StandIn, ...] | list[StandIn], also: str = "") -> None:
    """The absent one himself, the head, the lead (but not for the head), the administrator.

    Whoever only stands in for somebody cannot pass that on. Raises Forbidden.
    """
    people, today = office.people, legal_day(office.clock.now())
    for one in stand_ins:
        if actor.name in (one.for_name, also) and not actor.has_left(today):
            continue
        if any(actor.has_role(unit, ADMINISTRATOR, today) for unit in people.above(one.unit)):
            continue
        if actor.has_role(one.unit, HEAD, today) or (one.role != HEAD and actor.has_role(one.unit, LEAD, today)):
            continue
        names = [one.for_name, *(h.name for h in people.holders(HEAD, one.unit, today))]
        names += [h.name for h in people.holders(ADMINISTRATOR, one.unit, today, from_above=True)]
        asked = list(dict.fromkeys(names))
        raise Forbidden(
            "command.forbidden",
            f"{actor.zh}不能设定或者终止对{people.person(one.for_name).zh}职责的代行",
            f"{actor.name} may not say who stands in for {one.for_name}",
            Remedy(f"请{'、'.join(asked)}办理", f"ask one of: {', '.join(asked)}"),
        )


def _against(office: Office, actor: Person, wanted: StandIn, reason: str) -> Iterator[Refusal]:
    people, today = office.people, legal_day(office.clock.now())
    absent, other = people.person(wanted.for_name), people.person(wanted.name)
    if actor.name == wanted.name:
        yield own_rights(people, actor, wanted.unit, today)
    if wanted.role == ADMINISTRATOR:
        yield Refusal(
            "stand_in.administrator",
            "管理员的职责不能由他人代行",
            "nobody stands in for an administrator",
            remedy=Remedy("另设管理员", "make somebody else an administrator"),
        )
    elif not _holds_at_some_time(absent, wanted):
        yield _not_his(people, wanted)
    if other.has_left(wanted.from_on):
        yield has_left(other)
    if any(_key(one) == _key(wanted) for one in people.stand_ins):
        yield Refusal(
            "stand_in.exists",
            f"自{wanted.from_on}起的这一代行已经设定",
            f"this has been set already from {wanted.from_on} on",
            remedy=Remedy(
                "要改变止期的，先终止再重新设定",
                "to change when it ends, end it and set it again",
                f"anjuan staff stand-in-end {wanted.name} --for {wanted.for_name} --on today",
            ),
        )
    if not reason.strip():
        yield Refusal(
            "reason.missing",
            "须用--reason说明原因，如外出、病假",
            "say why with --reason: away, on sick leave and the like",
        )


def _not_his(people: People, wanted: StandIn) -> Refusal:
    """The absent one does not hold the role himself; what he only does for somebody else he cannot pass on."""
    chain = any(_same_role(one, wanted) and one.name == wanted.for_name for one in people.stand_ins)
    absent = people.person(wanted.for_name)
    if chain:
        return Refusal(
            "stand_in.chain",
            f"{absent.zh}自己也是代行，不能再由他人代行",
            f"{absent.name} only stands in himself and cannot pass it on",
            facts={"for": absent.name, "role": wanted.role, "unit": wanted.unit},
            remedy=Remedy("为本职人员另设代行人", "set a stand-in for the one who holds the role"),
        )
    return Refusal(
        "stand_in.not_held",
        f"{absent.zh}在这段时间没有“{wanted.unit}”的{wanted.role}角色",
        f"{absent.name} does not hold the role {wanted.role} in {wanted.unit!r} at that time",
        facts={"for": absent.name, "role": wanted.role, "unit": wanted.unit},
        remedy=Remedy("查看其角色", "see what he holds", f"anjuan staff show {absent.name}"),
    )


def _warnings(absent: Person, wanted: StandIn) -> Iterator[Refusal]:
    if not (_holds_on(absent, wanted, wanted.from_on) and _holds_on(absent, wanted, wanted.to_on)):
        yield Refusal(
            "stand_in.partly",
            f"{absent.zh}在这段时间里并非一直有这一角色，没有的日子不能代行",
            f"{absent.name} does not hold the role throughout; on the other days nobody stands in",
            facts={"for": absent.name, "role": wanted.role, "unit": wanted.unit},
        )


def _holds_on(absent: Person, wanted: StandIn, day: date) -> bool:
    return absent.has_role(wanted.unit, wanted.role, day)


def _holds_at_some_time(absent: Person, wanted: StandIn) -> bool:
    held = (wanted.unit, wanted.role)
    if held not in absent.roles or absent.has_left(wanted.from_on):
        return False
    term = absent.terms.get(held, Term())
    begins = term.from_on is None or term.from_on <= wanted.to_on
    return begins and (term.to_on is None or term.to_on >= wanted.from_on)


def _key(one: StandIn) -> tuple[str, str, str, str, date]:
    return one.name, one.for_name, one.unit, one.role, one.from_on


def _same_role(one: StandIn, other: StandIn) -> bool:
    return (one.unit, one.role) == (other.unit, other.role) and _overlap(one, other)


def _same_part(one: StandIn, other: StandIn) -> bool:
    return (one.for_name, one.unit, one.role) == (other.for_name, other.unit, other.role)


def _overlap(one: StandIn, other: StandIn) -> bool:
    return one.from_on <= other.to_on and other.from_on <= one.to_on
