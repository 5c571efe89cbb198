"""Says who holds a case: assigned by its lead or head, or offered by a holder and accepted by the one asked.

Neither state nor version moves. An offer changes nothing until it is accepted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.answers import require_text
from engine.case_rights import about_a_new_holder, about_the_actor, leads_here, no_reason
from engine.case_view import CaseView
from engine.casework import add_entry, find_case
from engine.clock import legal_day, stored_instant
from engine.errors import Holder, InputWrong, Refusal, Remedy, TransitionRefused
from engine.holder_store import Offer, offer_of, remove_offer, save_offer, set_holders
from engine.ledger import Entry
from engine.office import Office
from engine.store import Work

# What the acts are called where they are refused; not as steps of a workflow are, which may be called `accept`.
NAMES = {
    "assign": ("指定承办人", "assign"),
    "offer": ("移交案件", "offer"),
    "accept-offer": ("接收移交", "accept an offer"),
    "refuse-offer": ("不接收移交", "refuse an offer"),
}


@dataclass(frozen=True)
class Assigned:
    """Who held the case, who holds it now, the offer that is open now, and the entry that says so."""

    before: CaseView
    after: CaseView
    offer: Offer | None
    entry: Entry


def assign(office: Office, work: Work, case_no: str, actor_name: str, to: Iterable[str], reason: str) -> Assigned:
    """Name who holds the case from now on. Raises TransitionRefused with every reason, NotFound, Forbidden."""
    require_text(reason)
    case = find_case(office, work, case_no, actor_name)
    names = names_of(office, to)
    actor, today = office.people.person(actor_name), legal_day(office.clock.now())
    definition = office.workflow_for(work, case).definition
    refusals = list(about_the_actor(case, definition, office.people, actor, today, holders=False))
    for name in names:
        refusals += about_a_new_holder(case, definition, office.people, office.people.person(name), today)
    if names == case.holders:
        refusals.append(_held_already(case, names))
    _require(case, "assign", refusals)
    return hand(office, work, case, actor_name, "assign", names, reason, {})


def offer(office: Office, work: Work, case_no: str, actor_name: str, to: str, reason: str) -> Assigned:
    """Offer the case to somebody who takes the place of the one who offers it, once he accepts.

    It stands in the place of an earlier offer. Raises TransitionRefused with every reason, NotFound, Forbidden.
    """
    require_text(reason)
    case = find_case(office, work, case_no, actor_name)
    (name,) = names_of(office, [to])
    now = office.clock.now()
    definition = office.workflow_for(work, case).definition
    receiver = office.people.person(name)
    refusals = list(about_a_new_holder(case, definition, office.people, receiver, legal_day(now)))
    if actor_name not in case.holders:
        refusals.append(_not_the_holder(office, case, actor_name))
    if name in case.holders:
        refusals.append(_held_already(case, (name,)))
    if not reason.strip():
        refusals.append(no_reason(f"offer {case_no} --to {name}"))
    _require(case, "offer", refusals)
    entry = add_entry(office, work, case, actor_name, "offer", {"from": actor_name, "to": name}, None, reason)
    made = Offer(case_no, actor_name, name, reason, stored_instant(now))
    save_offer(work, made)
    return Assigned(case, case, made, entry)


def accept(office: Office, work: Work, case_no: str, actor_name: str) -> Assigned:
    """Take an offered case over. Raises TransitionRefused with every reason, NotFound, Forbidden."""
    case = find_case(office, work, case_no, actor_name)
    asked = offer_of(work, case_no)
    if asked is None:
        raise _refused(case, "accept-offer", [_no_offer(case)])
    definition = office.workflow_for(work, case).definition
    receiver, today = office.people.person(actor_name), legal_day(office.clock.now())
    refusals = list(about_a_new_holder(case, definition, office.people, receiver, today))
    if asked.to_name != actor_name:
        refusals = [_not_asked(office, case, asked, (asked.to_name,))]
    if asked.from_name not in case.holders:
        refusals.append(_stale(case, asked))
    _require(case, "accept-offer", refusals)
    holders = tuple(dict.fromkeys(actor_name if name == asked.from_name else name for name in case.holders))
    said = {"from": asked.from_name, "to": actor_name}
    return hand(office, work, case, actor_name, "accept", holders, "", said)


def decline(office: Office, work: Work, case_no: str, actor_name: str, reason: str) -> Assigned:
    """Refuse an offer, or take one's own back. Raises TransitionRefused with every reason, NotFound, Forbidden."""
    require_text(reason)
    case = find_case(office, work, case_no, actor_name)
    asked = offer_of(work, case_no)
    if asked is None:
        raise _refused(case, "refuse-offer", [_no_offer(case)])
    refusals = []
    if actor_name not in {asked.to_name, asked.from_name}:
        refusals.append(_not_asked(office, case, asked, (asked.to_name, asked.from_name)))
    if not reason.strip():
        refusals.append(no_reason(f"refuse-offer {case_no}"))
    _require(case, "refuse-offer", refusals)
    said = {"from": asked.from_name, "to": asked.to_name}
    entry = add_entry(office, work, case, actor_name, "decline", said, None, reason)
    remove_offer(work, case_no)
    return Assigned(case, case, None, entry)


def hand(
    office: Office,
    work: Work,
    case: CaseView,
    actor_name: str,
    kind: str,
    holders: tuple[str, ...],
    reason: str,
    said: Mapping[str, Any],
) -> Assigned:
    """Write that the case is held by others from now on; an open offer of it is void with that."""
    effects = {**said, "before": list(case.holders), "holders": list(holders)}
    entry = add_entry(office, work, case, actor_name, kind, effects, None, reason)
    set_holders(work, case.case_no, holders)
    remove_offer(work, case.case_no)
    return Assigned(case, replace(case, holders=holders), None, entry)


def names_of(office: Office, typed: Iterable[str]) -> tuple[str, ...]:
    """The names typed, each once. Raises NotFound for a name that nobody has, InputWrong for none."""
    names = tuple(dict.fromkeys(name.strip() for name in typed if name.strip()))
    if not names:
        raise InputWrong(
            "holder.missing",
            "请用--to写明由谁承办",
            "say with --to who is to hold it",
            Remedy("查看人员名单", "see the staff list", "anjuan staff list"),
        )
    for name in names:
        office.people.person(name)
    return names


def _require(case: CaseView, kind: str, refusals: list[Refusal]) -> None:
    if refusals:
        raise _refused(case, kind, refusals)


def _refused(case: CaseView, kind: str, refusals: list[Refusal]) -> TransitionRefused:
    return TransitionRefused(case.case_no, kind, tuple(refusals), (), *NAMES[kind])


def _held_already(case: CaseView, names: Iterable[str]) -> Refusal:
    said = list(names)
    return Refusal(
        "holder.unchanged",
        f"本案现由{'、'.join(said)}承办，没有变动",
        f"the case is held by {', '.join(said)} already; nothing would change",
        facts={"holders": list(case.holders)},
    )


def _not_the_holder(office: Office, case: CaseView, actor_name: str) -> Refusal:
    """Only who holds a case can offer it; the lead assigns it."""
    today = legal_day(office.clock.now())
    leads = leads_here(office.people, office.people.person(actor_name), case.unit, today)
    remedy = (
        Remedy("直接指定承办人", "assign it", f"anjuan case assign {case.case_no} --to NAME --reason …")
        if leads
        else Remedy(f"请{'、'.join(case.holders)}移交", f"ask {', '.join(case.holders)}")
    )
    return Refusal(
        "role.missing",
        f"{office.people.person(actor_name).zh}不是本案的经办人员，不能移交",
        f"{actor_name} does not hold this case and cannot offer it",
        facts={"roles": [], "actor": actor_name, "unit": case.unit, "holders": list(case.holders)},
        remedy=remedy,
        who_can=tuple(_holders(office, case.holders)),
    )


def _no_offer(case: CaseView) -> Refusal:
    return Refusal(
        "offer.none",
        "本案没有等待接收的移交",
        "nobody has offered this case to anyone",
        remedy=Remedy("查看案件", "see the case", f"anjuan case show {case.case_no}"),
    )


def _not_asked(office: Office, case: CaseView, asked: Offer, who: tuple[str, ...]) -> Refusal:
    return Refusal(
        "offer.not_yours",
        f"本案由{asked.from_name}移交给{asked.to_name}，应由其答复",
        f"{asked.from_name} offered this case to {asked.to_name}, who is to answer",
        facts={"from": asked.from_name, "to": asked.to_name},
        remedy=Remedy(f"请{asked.to_name}答复", f"ask {asked.to_name}", f"anjuan case show {case.case_no}"),
        who_can=tuple(_holders(office, who)),
    )


def _stale(case: CaseView, asked: Offer) -> Refusal:
    return Refusal(
        "offer.stale",
        f"{asked.from_name}已不再承办本案，其移交不能再接收",
        f"{asked.from_name} no longer holds this case; the offer cannot be accepted any more",
        facts={"from": asked.from_name, "holders": list(case.holders)},
        remedy=Remedy(
            f"请{'、'.join(case.holders)}重新移交",
            f"ask {', '.join(case.holders)} to offer it",
            f"anjuan case show {case.case_no}",
        ),
    )


def _holders(office: Office, names: Iterable[str]) -> Iterator[Holder]:
    return (Holder(name, "handler", office.people.person(name).zh) for name in names)
