"""Judges who may act on a case apart from its steps, and who may hold it. Pure: values in, refusals out."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from engine.capacities import withdrawn
from engine.case_view import CaseView
from engine.definitions import Definition
from engine.errors import Holder, Refusal, Remedy
from engine.people import People, Person

HANDLER = "handler"
LEADING = ("lead", "head")


def leads_here(people: People, person: Person, unit: str, on: date) -> bool:
    """Whether somebody is lead or head of the unit on that day."""
    return any(people.holds(person, role, unit, on) for role in LEADING)


def about_the_actor(
    case: CaseView,
    definition: Definition,
    people: People,
    actor: Person,
    on: date,
    roles: Collection[str] = LEADING,
    *,
    holders: bool = True,
) -> Iterator[Refusal]:
    """Whether he holds the case (where `holders` may) or one of the roles there, and has not withdrawn from it."""
    if actor.name in withdrawn(definition, case):
        yield _withdrawn(people, [actor.name])
    if (holders and actor.name in case.holders) or any(people.holds(actor, r, case.unit, on) for r in roles):
        return
    who_can = who_may_act(case, definition, people, on, roles, holders=holders)
    known = [definition.roles[role] for role in roles if role in definition.roles]
    zh = "或".join([*(["经办人员"] if holders else []), *(role.zh for role in known)])
    en = " or ".join([*(["those who hold the case"] if holders else []), *(f"the {role.en}" for role in known)])
    asked = list(dict.fromkeys(h.name for h in who_can))
    yield Refusal(
        "role.missing",
        f"应由{zh}办理，{actor.zh}不能办理",
        f"this is for {en}; {actor.name} is none of them",
        facts={"roles": list(roles), "actor": actor.name, "unit": case.unit, "holders": list(case.holders)},
        remedy=Remedy(f"请{'、'.join(asked) or '无'}办理", f"ask {', '.join(asked) or 'nobody at present'}"),
        who_can=who_can,
    )


def who_may_act(
    case: CaseView,
    definition: Definition,
    people: People,
    on: date,
    roles: Collection[str] = LEADING,
    *,
    holders: bool = True,
) -> tuple[Holder, ...]:
    """Everybody about whom `about_the_actor` says nothing, those who hold the case first; one with two roles twice."""
    out = withdrawn(definition, case)
    names = [Holder(name, HANDLER, people.person(name).zh) for name in case.holders if name not in out]
    others = [h for role in roles for h in people.holders(role, case.unit, on) if h.name not in out]
    return (*(names if holders else ()), *others)


def about_a_new_holder(
    case: CaseView, definition: Definition, people: People, person: Person, on: date
) -> Iterator[Refusal]:
    """Whether somebody can be given the case: handler of its unit or lent to it, certified, not withdrawn from it."""
    who_can = _handlers(case, definition, people, on)
    unit = people.unit(case.unit)
    if not person.has_role(case.unit, HANDLER, on):
        yield Refusal(
            "holder.not_handler",
            f"{person.zh}（{person.name}）于{on}不是{unit.zh}的办案人员，不能承办本案",
            f"{person.name} is no handler of unit {unit.id} on {on} and cannot hold this case",
            facts={"person": person.name, "unit": unit.id, "on": on.isoformat()},
            remedy=Remedy("换由本单位的或借调到本单位的办案人员承办", "name a handler of the unit, or one lent to it"),
            who_can=who_can,
        )
    if not person.certified_on(on):
        yield Refusal(
            "officers.certificate",
            f"{person.zh}（{person.name}）于{on}没有有效的执法证",
            f"{person.name} has no valid certificate on {on}",
            facts={"person": person.name, "on": on.isoformat()},
            remedy=Remedy("换由执法证有效的人员承办", "name somebody whose certificate is valid"),
            who_can=who_can,
        )
    if person.name in withdrawn(definition, case):
        yield _withdrawn(people, [person.name], who_can)


def _handlers(case: CaseView, definition: Definition, people: People, on: date) -> tuple[Holder, ...]:
    out = withdrawn(definition, case)
    return tuple(
        Holder(p.name, HANDLER, p.zh)
        for p in sorted(people.persons.values(), key=lambda p: p.name)
        if p.has_role(case.unit, HANDLER, on) and p.certified_on(on) and p.name not in out
    )


def _withdrawn(people: People, names: Collection[str], who_can: tuple[Holder, ...] = ()) -> Refusal:
    return Refusal(
        "duty.withdrawn",
        f"{'、'.join(people.person(name).zh for name in names)}已回避，不得再办理本案",
        f"{', '.join(names)} had to withdraw from this case and may not act in it",
        facts={"withdrawn": sorted(names)},
        remedy=Remedy("换由未回避的人员办理", "somebody who did not withdraw must do it"),
        who_can=who_can,
    )


def no_reason(command: str) -> Refusal:
    """An act that is done to a case for a reason was typed without one."""
    return Refusal(
        "reason.missing",
        "须用--reason说明理由",
        "this needs a --reason",
        remedy=Remedy("写明理由", "give the reason", f"anjuan case {command} --reason …"),
    )
