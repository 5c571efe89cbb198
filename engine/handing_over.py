"""Hands all open cases of one person over to others in one act: what can be moved is moved, the rest says why not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.answers import require_text
from engine.assigning import hand, names_of
from engine.book_store import append
from engine.case_rights import LEADING, about_a_new_holder, about_the_actor, leads_here, no_reason
from engine.case_store import load_case
from engine.case_view import CaseView
from engine.clock import legal_day
from engine.errors import InputWrong, Refusal, Remedy, TransitionRefused
from engine.holder_store import open_cases_held_by
from engine.ledger import Said, unit_book
from engine.office import Office
from engine.people import Person
from engine.runnable import why_read_only
from engine.store import Work

HAND_OVER = "hand-over"


@dataclass(frozen=True)
class HandOver:
    """An order to give the open cases of one person, or those named, to others."""

    from_name: str
    to: tuple[str, ...]
    actor: str
    reason: str
    cases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Moved:
    case: CaseView
    holders: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        due_on = min((d.due_on for d in self.case.deadlines.values() if d.is_open), default=None)
        return {
            "case_no": self.case.case_no,
            "title": self.case.title,
            "state": self.case.state,
            "due_on": due_on.isoformat() if due_on else None,
            "holders": list(self.holders),
        }


@dataclass(frozen=True)
class KeptBack:
    """A case that stays where it is, and every reason why. Its title is only for those who may see the case."""

    case_no: str
    title: str | None
    refusals: tuple[Refusal, ...]

    def document(self) -> dict[str, Any]:
        return {"case_no": self.case_no, "title": self.title, "why": [r.document() for r in self.refusals]}


@dataclass(frozen=True)
class HandedOver:
    moved: tuple[Moved, ...]
    kept: tuple[KeptBack, ...]


def hand_over(office: Office, work: Work, order: HandOver) -> HandedOver:
    """Do it, all in the transaction that was given.

    Raises TransitionRefused where the actor leads nowhere or gives no reason, NotFound, InputWrong.
    """
    require_text(order.reason)
    office.refresh(work)
    actor = office.people.person(order.actor)
    office.people.person(order.from_name)
    to = names_of(office, order.to)
    if order.from_name in to:
        raise InputWrong("hand_over.same", "移出与接收的是同一人", "the cases would go to the one who holds them")
    today = legal_day(office.clock.now())
    refusals = tuple(_refusals(office, order, actor, today))
    if refusals:
        raise TransitionRefused("", HAND_OVER, refusals, (), "交接案件", "hand cases over")
    held = open_cases_held_by(work, order.from_name)
    moved: list[Moved] = []
    kept: list[KeptBack] = []
    for case_no in dict.fromkeys(order.cases) if order.cases else held:
        case = load_case(work, case_no).case
        against = tuple(_against(office, work, order, case, actor, to, today))
        if against:
            seen = office.people.sees(actor, case.unit, today)
            kept.append(KeptBack(case_no, case.title if seen else None, against))
            continue
        holders = _in_his_place(case.holders, order.from_name, to)
        said = {"from": order.from_name, "to": list(to)}
        hand(office, work, case, order.actor, "handover", holders, order.reason, said)
        moved.append(Moved(case, holders))
    return HandedOver(tuple(moved), tuple(kept))


def record_refused_hand_over(office: Office, work: Work, refused: TransitionRefused, actor: str) -> None:
    """Put a refused hand-over on record, in the book of the actor's unit: it is of no one case."""
    now = office.clock.now()
    content = {"refused": [r.code for r in refused.refusals]}
    book = unit_book(office.people.person(actor).unit)
    append(work, Said(book, "refusal", actor, legal_day(now).isoformat(), now, step=HAND_OVER, effects=content))


def _refusals(office: Office, order: HandOver, actor: Person, today: date) -> Iterable[Refusal]:
    if not any(leads_here(office.people, actor, unit, today) for unit in office.people.units):
        who_can = tuple(h for role in LEADING for h in office.people.holders(role, actor.unit, today))
        names = list(dict.fromkeys(h.name for h in who_can))
        yield Refusal(
            "role.missing",
            f"应由承办机构或者机关的负责人办理，{actor.zh}没有这一职责",
            f"this is for a lead or head; {actor.name} is none",
            facts={"roles": list(LEADING), "actor": actor.name, "unit": actor.unit},
            remedy=Remedy(f"请{'、'.join(names) or '无'}办理", f"ask {', '.join(names) or 'nobody at present'}"),
            who_can=who_can,
        )
    if not order.reason.strip():
        to = ",".join(order.to)
        yield no_reason(f"hand-over --from {order.from_name} --to {to}")


def _against(
    office: Office, work: Work, order: HandOver, case: CaseView, actor: Person, to: Sequence[str], today: date
) -> Iterable[Refusal]:
    """Every reason why this case stays where it is."""
    if order.from_name not in case.holders:
        yield Refusal(
            "holder.other",
            f"本案不由{order.from_name}承办",
            f"{order.from_name} does not hold this case",
            facts={"holders": list(case.holders)},
        )
    if case.ended:
        yield Refusal("case.ended", "本案已办结", "the case has ended", facts={"state": case.state})
    lost = office.lost_to(work, case)
    if lost:
        yield why_read_only(case.workflow, lost)
        return
    definition = office.workflow_of(work, case.definition).definition
    yield from about_the_actor(case, definition, office.people, actor, today, holders=False)
    for name in to:
        yield from about_a_new_holder(case, definition, office.people, office.people.person(name), today)


def _in_his_place(holders: Sequence[str], gone: str, to: Sequence[str]) -> tuple[str, ...]:
    """The holders with others in the place of one, each once."""
    return tuple(dict.fromkeys(n for name in holders for n in (to if name == gone else (name,))))
