"""Puts on record that somebody knows of an overdue time limit: nobody higher is told of it, and the limit runs on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from engine.acknowledgements import ACKNOWLEDGE, Announced, acknowledged, announced
from engine.answers import require_text
from engine.book_store import entries_of
from engine.case_rights import LEADING, no_reason
from engine.case_view import CaseView
from engine.casework import add_entry, find_case, settle
from engine.clock import legal_day
from engine.deadlines import Deadline
from engine.errors import Holder, Refusal, Remedy, TransitionRefused
from engine.ledger import Entry, case_book
from engine.office import Office
from engine.people import People, Person
from engine.store import Work
from engine.turning import deadline_of

NAME = ("确认知悉逾期", "acknowledge")
# Beside the holders and whoever heard of it.
MAY = (*LEADING, "supervisor")


@dataclass(frozen=True)
class Acknowledged:
    """The limit as it stands, what had been announced of it, and the entry that says who knows of it."""

    case: CaseView
    deadline: Deadline
    announced: Announced
    entry: Entry


def acknowledge(
    office: Office, work: Work, case_no: str, deadline_id: str, actor_name: str, reason: str
) -> Acknowledged:
    """Put it on record. Raises TransitionRefused with every reason, NotFound, Forbidden."""
    require_text(reason)
    # A limit that has run out by itself has ended, recorded or not.
    settle(office, work, case_no)
    case = find_case(office, work, case_no, actor_name)
    deadline = deadline_of(case, deadline_id)
    entries = entries_of(work, case_book(case_no))
    told = announced(entries, case_book(case_no), case.unit, deadline)
    now = office.clock.now()
    refusals = [
        *_about_the_actor(case, deadline, office.people, office.people.person(actor_name), told, now),
        *_about_the_limit(case, deadline, told, now),
    ]
    before = acknowledged(entries).get(deadline_id)
    if before is not None:
        refusals.append(_already(before.by, before.on.isoformat(), case, deadline))
    if not reason.strip():
        refusals.append(no_reason(f"acknowledge {case_no} {deadline_id}"))
    if refusals or told is None:
        raise TransitionRefused(case_no, ACKNOWLEDGE, tuple(refusals), (), *NAME)
    effects = {"deadline": deadline.id, "due_on": deadline.due_on.isoformat(), "rung": told.rung_days}
    entry = add_entry(office, work, case, actor_name, ACKNOWLEDGE, effects, None, reason)
    return Acknowledged(case, deadline, told, entry)


def _about_the_actor(
    case: CaseView, deadline: Deadline, people: People, actor: Person, told: Announced | None, now: datetime
) -> Iterator[Refusal]:
    """Whoever holds the case or heard of it, and whoever leads or watches over the unit."""
    on = legal_day(now)
    heard = told.heard if told is not None else frozenset()
    if actor.name in {*case.holders, *heard}:
        return
    if any(people.holds(actor, role, place, on) for role in MAY for place in people.above(case.unit)):
        return
    who_can = [Holder(name, "handler", people.person(name).zh) for name in case.holders]
    who_can += [holder for role in MAY for holder in people.holders(role, case.unit, on, from_above=True)]
    asked = list(dict.fromkeys(holder.name for holder in who_can))
    yield Refusal(
        "role.missing",
        f"应由承办人、收到提醒的人员或者其负责人、督办人员确认，{actor.zh}不能确认",
        f"this is for who holds the case, who was reminded, or their lead, head or supervisor; {actor.name} is none",
        facts={"actor": actor.name, "deadline": deadline.id, "holders": list(case.holders)},
        remedy=Remedy(f"请{'、'.join(asked)}确认", f"ask {', '.join(asked)}"),
        who_can=tuple(who_can),
    )


def _about_the_limit(case: CaseView, deadline: Deadline, told: Announced | None, now: datetime) -> Iterator[Refusal]:
    """It is overdue and open, and somebody was told so after its date."""
    if deadline.standing(now) != "overdue":
        yield Refusal(
            "acknowledge.not_overdue",
            f"“{deadline.terms.zh}”没有逾期（届满日{deadline.due_on}）",
            f"{deadline.id} is not overdue (due on {deadline.due_on})",
            facts={"deadline": deadline.id, "due_on": deadline.due_on.isoformat(), "state": deadline.standing(now)},
            remedy=Remedy("查看案件的期限", "see the deadlines of the case", f"anjuan case show {case.case_no}"),
        )
    elif told is None or told.rung_days >= 0:
        yield Refusal(
            "acknowledge.not_announced",
            f"“{deadline.terms.zh}”逾期后还没有发出提醒，没有可以确认的",
            f"nobody has been told yet that {deadline.id} is overdue: there is nothing to acknowledge",
            facts={"deadline": deadline.id, "due_on": deadline.due_on.isoformat()},
            remedy=Remedy("逾期提醒在其后的工作日发出", "the reminder goes out on a working day after the date"),
        )


def _already(by: str, on: str, case: CaseView, deadline: Deadline) -> Refusal:
    return Refusal(
        "acknowledge.already",
        f"“{deadline.terms.zh}”已由{by}于{on}确认知悉",
        f"{by} acknowledged {deadline.id} on {on} already",
        facts={"deadline": deadline.id, "by": by, "on": on},
        remedy=Remedy("查看记录", "see the record", f"anjuan case history {case.case_no}"),
    )
