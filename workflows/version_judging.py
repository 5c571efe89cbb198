"""Judges who may put which version of a workflow in force, from which day, and says why not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from engine.clock import legal_day
from engine.definitions import Definition, definition_from
from engine.errors import Holder, InputWrong, NotFound, Refusal, Remedy, RuleChanged
from engine.office import Office
from engine.people import Person
from engine.runnable import SHOWN_DIGITS
from engine.soundness import flaws_of
from engine.workflow_versions import History, Proposal, Version, plain, text_of
from workflows.definition_files import MEASURES
from workflows.rule_loading import MAY_LOAD

HEAD = "head"
LEAST_DIGITS = 6
MOST_FAULTS = 3


@dataclass(frozen=True)
class Activation:
    """Somebody wants a version of that workflow in force from a day on: the one named, else the draft that waits.

    `seen` is the entry of the proposal that he has looked at, 0 where there was none; `None` for whoever did not look.
    """

    workflow: str
    from_on: date
    reason: str
    version: str | None = None
    seen: int | None = None


def wanted(history: History, order: Activation) -> Version | None:
    """The version named, also one of before; else the draft that waits. Raises NotFound, InputWrong."""
    if order.version is None:
        return history.draft
    known = {text_of(v.document.content): v for v in (*history.versions, *history.drafts)}
    found = [
        v for text, v in known.items() if order.version in {text[: len(order.version)], v.hash[: len(order.version)]}
    ]
    if len(order.version) < LEAST_DIGITS or len(found) > 1:
        raise InputWrong(
            "workflow.version_short",
            f"版本请至少写{LEAST_DIGITS}位，并能唯一指明",
            f"give at least {LEAST_DIGITS} digits of the version, enough to tell it from others",
            see(order.workflow),
        )
    if not found:
        raise NotFound(
            "workflow.version_unknown",
            f"流程“{order.workflow}”没有版本“{order.version[:64]}”",
            f"workflow {order.workflow!r} has no version {order.version[:64]!r}",
            see(order.workflow),
        )
    return found[0]


def by_hash(history: History, text: str) -> Version:
    return next(v for v in (*history.drafts, *history.versions) if text_of(v.document.content) == text)


def against(office: Office, history: History, order: Activation, wanted: Version) -> Iterator[Refusal]:
    """Every reason why the version cannot come into force on that day."""
    today, newest = legal_day(office.clock.now()), history.newest
    if order.from_on < today:
        yield Refusal(
            "workflow.from_past",
            f"启用日期{order.from_on}已过：已经登记的案件不因此改变所依版本",
            f"{order.from_on} has passed: cases that were opened since would have begun under another version",
            facts={"from": order.from_on.isoformat()},
            remedy=Remedy("启用日期为今天或者以后", "take today or a later day", command(order, today)),
        )
    if newest is not None and newest.effective_on is not None and order.from_on < newest.effective_on:
        yield Refusal(
            "workflow.from_too_early",
            f"现有版本自{newest.effective_on}起施行，新版本不得更早",
            f"the newest version begins on {newest.effective_on}; the next one cannot begin earlier",
            facts={"from": order.from_on.isoformat(), "newest_from": newest.effective_on.isoformat()},
            remedy=Remedy("改用该日或者以后", "take that day or a later one", command(order, newest.effective_on)),
            earliest_on=newest.effective_on,
        )
    yield from _unproved(office, definition_from(plain(wanted.document.content)))


def _unproved(office: Office, definition: Definition) -> Iterator[Refusal]:
    """A draft was proved when it was loaded; the law and the program may have changed since."""
    flaws = flaws_of(definition, office.law.natures, MEASURES)
    for flaw in flaws[:MOST_FAULTS]:
        yield Refusal(
            "workflow.unproved",
            f"该版本已通不过校验：{flaw.zh}",
            f"the version does not stand the proof any more: {flaw.en}",
            facts={"faults": len(flaws)},
            remedy=Remedy("改正后重新载入", "set it right and load it again", "anjuan workflow load FILE --reason …"),
        )


def about_the_two(office: Office, actor: Person, proposal: Proposal) -> Iterator[Refusal]:
    """Two different people, and one of them a head, put a version in force."""
    first = office.people.persons.get(proposal.by)
    others = who_may_confirm(office, first, proposal.proposed_on)
    names = {holder.name: holder for holder in others}
    if actor.name in names:
        return
    said = list(dict.fromkeys(names))
    remedy = Remedy(f"请{'、'.join(said) or '无'}确认", f"ask {', '.join(said) or 'nobody at present'}")
    facts = {"proposed_by": proposal.by, "actor": actor.name}
    if proposal.by == actor.name:
        yield Refusal(
            "workflow.same_person",
            f"{actor.zh}提议启用，须由另一人确认",
            f"{actor.name} proposed it; somebody else must confirm",
            facts=facts,
            remedy=remedy,
            who_can=tuple(names.values()),
        )
    else:
        yield Refusal(
            "workflow.no_head",
            f"提议人{proposal.by}与确认人{actor.name}都不是机关负责人，其中至少一人应为机关负责人",
            f"neither {proposal.by}, who proposed it, nor {actor.name} is a head; one of the two must be",
            facts=facts,
            remedy=remedy,
            who_can=tuple(names.values()),
        )


def who_may_confirm(office: Office, proposer: Person | None, proposed_on: date) -> tuple[Holder, ...]:
    """Those who may put in force what that person proposed on that day: anybody where he was a head, else a head."""
    today = legal_day(office.clock.now())
    was_head = proposer is not None and HEAD in proposer.role_names(proposed_on)
    roles = MAY_LOAD if was_head else (HEAD,)
    return tuple(
        Holder(person.name, role, person.zh)
        for person in sorted(office.people.persons.values(), key=lambda p: p.name)
        if person != proposer
        for role in roles
        if role in person.role_names(today)
    )


def against_other_words(order: Activation, proposal: Proposal) -> Iterator[Refusal]:
    """What is confirmed is what was proposed: the same version from the same day."""
    same_version = order.version is None or proposal.draft.startswith(order.version)
    if order.from_on == proposal.effective_on and same_version:
        return
    shown, on = proposal.draft[:SHOWN_DIGITS], proposal.effective_on
    yield Refusal(
        "workflow.proposed_otherwise",
        f"{proposal.by}提议的是自{on}起启用{shown}：请照此确认，或者先撤回该提议",
        f"{proposal.by} proposed {shown} from {on} on: confirm that, or withdraw it first",
        facts={"draft": proposal.draft, "from": on.isoformat(), "proposed_by": proposal.by},
        remedy=Remedy("撤回提议", "withdraw the proposal", f"anjuan workflow activate {order.workflow} --withdraw"),
    )


def meant(order: Activation, proposal: Proposal, actor: Person) -> bool:
    """Whether the command looks like the confirmation of a proposal, and not like a new one."""
    return order.version is None and order.from_on == proposal.effective_on and actor.name != proposal.by


def proposed_meanwhile(order: Activation, proposal: Proposal) -> RuleChanged:
    return RuleChanged(
        "workflow.proposed_meanwhile",
        f"{proposal.by}刚刚另行提议自{proposal.effective_on}起启用{proposal.draft[:SHOWN_DIGITS]}，本次未作任何改动",
        f"{proposal.by} has meanwhile proposed {proposal.draft[:SHOWN_DIGITS]} from {proposal.effective_on} on; "
        "nothing was done",
        see(order.workflow),
    )


def lapsed(order: Activation, proposal: Proposal, history: History) -> RuleChanged:
    draft = history.draft
    fresh = replace(order, version=draft.hash[:SHOWN_DIGITS] if draft is not None else None)
    typed = command(fresh, order.from_on) if draft is not None else f"anjuan workflow versions {order.workflow}"
    return RuleChanged(
        "workflow.proposal_lapsed",
        f"{proposal.by}的启用提议已经失效：其后另有草案或者版本；须重新提议，本次未作任何改动",
        f"what {proposal.by} proposed has lapsed: another draft or version came after it; nothing was done",
        Remedy("看过各版本后重新提议", "look at the versions and propose anew", typed),
    )


def nothing_waits(office: Office, workflow: str, newest: Version | None) -> NotFound:
    if newest is None:
        return office.no_workflow(workflow)
    return NotFound(
        "workflow.no_draft",
        f"流程“{workflow}”没有等待启用的草案，现有最新版本自{newest.effective_on}起施行",
        f"no draft of {workflow!r} waits; its newest version is in force from {newest.effective_on} on",
        Remedy("先载入草案", "load a draft first", "anjuan workflow load FILE --reason …"),
    )


def made_from_another(workflow: str, newest: Version | None) -> RuleChanged:
    now = newest.hash[:SHOWN_DIGITS] if newest is not None else None
    return RuleChanged(
        "workflow.changed",
        f"该文件不是据流程“{workflow}”的最新版本（{now or '尚无'}）修改的，未作任何改动",
        f"the file was not made from the newest version of {workflow!r} ({now or 'none yet'}); nothing was changed",
        see(workflow),
    )


def see(workflow: str) -> Remedy:
    return Remedy("查看各版本", "see the versions", f"anjuan workflow versions {workflow}")


def command(order: Activation, on: date) -> str:
    version = f" --version {order.version}" if order.version is not None else ""
    return f"anjuan workflow activate {order.workflow} --from {on}{version} --reason …"
