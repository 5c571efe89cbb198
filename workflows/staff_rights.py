"""Says who may change the staff of a unit, and puts on record what was changed or refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.book_store import append
from engine.clock import legal_day
from engine.errors import Forbidden, Holder, Refusal, Remedy, TransitionRefused
from engine.ledger import STORE_BOOK, Said, unit_book
from engine.office import Office
from engine.people import ADMINISTRATOR, People, Person
from engine.store import Work

LEAD, HEAD = "lead", "head"


@dataclass(frozen=True)
class Act:
    """One of the acts on the staff, as the record and people name it."""

    id: str
    zh: str
    en: str


def require_may_change(office: Office, actor: Person, unit_id: str) -> None:
    """The administrator of the unit or of one above it, and the unit's own lead and head. Raises Forbidden."""
    people, today = office.people, legal_day(office.clock.now())
    if people.holds(actor, ADMINISTRATOR, unit_id, today, from_above=True):
        return
    if any(people.holds(actor, role, unit_id, today) for role in (LEAD, HEAD)):
        return
    raise forbidden(
        office,
        unit_id,
        f"{actor.zh}不能变动“{unit_id}”的人员和单位",
        f"{actor.name} may not change staff or units of {unit_id!r}",
    )


def forbidden(office: Office, unit_id: str, zh: str, en: str) -> Forbidden:
    """With the administrators who could do it."""
    people, today = office.people, legal_day(office.clock.now())
    names = [holder.name for holder in people.holders(ADMINISTRATOR, unit_id, today, from_above=True)]
    remedy = (
        Remedy(f"请管理员办理：{'、'.join(names)}", f"ask the administrator: {', '.join(names)}") if names else None
    )
    return Forbidden("command.forbidden", zh, en, remedy)


def those_who_may(people: People, unit_id: str, on: date, *, but: Iterable[str] = ()) -> tuple[Holder, ...]:
    """Who may change the staff of the unit, each once, leaving out those named."""
    out = set(but)
    found = [
        *people.holders(ADMINISTRATOR, unit_id, on, from_above=True),
        *people.holders(HEAD, unit_id, on),
        *people.holders(LEAD, unit_id, on),
    ]
    return tuple({h.name: h for h in reversed(found) if h.name not in out}.values())[::-1]


def own_rights(people: People, actor: Person, unit_id: str, on: date) -> Refusal:
    """Nobody gives himself a role, a certificate or somebody else's part."""
    who_can = those_who_may(people, unit_id, on, but=[actor.name])
    asked = [holder.name for holder in who_can]
    return Refusal(
        "staff.own",
        f"{actor.zh}不能给自己授予职责、登记执法证或者设定代行",
        f"{actor.name} cannot give himself a role or a certificate, or make himself a stand-in",
        facts={"actor": actor.name},
        remedy=Remedy(f"请{'、'.join(asked) or '无'}办理", f"ask {', '.join(asked) or 'nobody at present'}"),
        who_can=who_can,
    )


def has_left(person: Person) -> Refusal:
    return Refusal(
        "person.left",
        f"{person.zh}（{person.name}）的最后工作日为{person.left_on}",
        f"the last day of {person.name} is {person.left_on}",
        facts={"name": person.name, "left_on": person.left_on.isoformat() if person.left_on else None},
    )


def without_administrator(people: People, person: Person, units: Iterable[str], after: date) -> Iterable[Refusal]:
    """Every one of these units keeps an administrator, its own or one above it, when this one is none any more."""
    for unit in units:
        others = people.holders(ADMINISTRATOR, unit, after, from_above=True)
        if all(holder.name == person.name for holder in others):
            yield Refusal(
                "administrator.last",
                f"{person.zh}是“{unit}”唯一的管理员",
                f"{person.name} is the only administrator of {unit!r}",
                facts={"unit": unit},
                remedy=Remedy(
                    "先另设管理员",
                    "make somebody else an administrator first",
                    f"anjuan staff role NAME {ADMINISTRATOR} --unit {unit}",
                ),
            )


def require_none(act: Act, refusals: Iterable[Refusal]) -> None:
    """Raises TransitionRefused with every reason there is."""
    found = tuple(refusals)
    if found:
        raise TransitionRefused("", act.id, found, (), act.zh, act.en)


def enter(office: Office, work: Work, actor: Person, kind: str, effects: Mapping[str, Any], reason: str = "") -> None:
    """Put a change of staff or units into the store's book."""
    now = office.clock.now()
    append(work, Said(STORE_BOOK, kind, actor.name, legal_day(now).isoformat(), now, reason=reason, effects=effects))
    office.refresh(work)


def record_refused(office: Office, work: Work, refused: TransitionRefused, actor: str) -> None:
    """Put a refused act on record, in the book of the actor's unit: the store's book tells of changes only."""
    now = office.clock.now()
    book = unit_book(office.people.person(actor).unit)
    content = {"refused": [r.code for r in refused.refusals]}
    append(work, Said(book, "refusal", actor, legal_day(now).isoformat(), now, step=refused.step, effects=content))
