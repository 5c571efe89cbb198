"""Changes the versions of a workflow: keeps a proved file as a draft, and puts a draft in force by two people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from engine.answers import require_text
from engine.book_store import append, head_of
from engine.clock import legal_day
from engine.definitions import Definition
from engine.documents import BASED_ON, DRAFT, Document, add_document
from engine.errors import Holder, InputWrong, NotFound, Refusal, TransitionRefused
from engine.ledger import STORE_BOOK, Head, Said
from engine.office import Office
from engine.people import Person
from engine.store import Work
from engine.workflow_versions import WORKFLOW, History, Proposal, Version, history_of, open_cases_under, plain, text_of
from workflows.rule_loading import require_may_load
from workflows.version_judging import (
    Activation,
    about_the_two,
    against,
    against_other_words,
    by_hash,
    lapsed,
    made_from_another,
    meant,
    nothing_waits,
    proposed_meanwhile,
    see,
    wanted,
    who_may_confirm,
)

Act = Literal["drafted", "proposed", "activated", "withdrawn", "unchanged"]


@dataclass(frozen=True)
class Changed:
    """What was done. `draft` is the text that it was about, `version` what is in force or coming by it.

    `who_can` are those who may confirm a proposal, `open_cases` those that stay under earlier versions.
    """

    act: Act
    workflow: str
    draft: str
    version: str | None = None
    effective_on: date | None = None
    replaces: str | None = None
    by: tuple[str, ...] = ()
    who_can: tuple[Holder, ...] = ()
    open_cases: int = 0

    def document(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "act": self.act,
            "workflow": self.workflow,
            "draft": self.draft,
            "version": self.version,
            "from": self.effective_on.isoformat() if self.effective_on else None,
            "replaces": self.replaces,
            "by": list(self.by),
            "who_can": [{"name": h.name, "role": h.role, "zh": h.zh} for h in self.who_can],
            "open_cases": self.open_cases,
        }


def load_draft(office: Office, work: Work, actor: Person, definition: Definition, reason: str) -> Changed:
    """Keep a proved definition as the draft that waits. What is in force or waits already changes nothing.

    Raises Forbidden, InputWrong, RuleChanged when the file was made from another version than the newest,
    CaseChangedMeanwhile.
    """
    desk = _desk(office, work, actor, definition.workflow, reason)
    newest, waiting = desk.history.newest, desk.history.draft
    based_on = definition.based_on
    if based_on is not None and (newest is None or based_on != newest.hash):
        raise made_from_another(definition.workflow, newest)
    content = plain(definition.as_document())
    text = text_of(content)
    if newest is not None and text_of(newest.document.content) == text:
        return desk.changed("unchanged", text, version=newest.hash, effective_on=newest.effective_on)
    if waiting is not None and waiting.hash == text:
        return desk.changed("unchanged", text)
    kept = desk.keep(DRAFT, content, desk.today, actor.name, reason)
    desk.enter("draft", kept.hash, reason, documents=[[DRAFT, kept.id, kept.hash]])
    return desk.changed("drafted", kept.hash)


def activate(office: Office, work: Work, actor: Person, order: Activation) -> Changed:
    """Propose the version that is meant, or confirm what another has proposed in the same words.

    Confirmed, it is the newest version of its workflow, made from the one before; its hash is another one than that of
    the draft, and the entry names both. Raises Forbidden, InputWrong, NotFound, TransitionRefused with every reason,
    RuleChanged where the proposal has lapsed, CaseChangedMeanwhile.
    """
    desk = _desk(office, work, actor, order.workflow, order.reason)
    proposal = desk.history.proposal
    if proposal is None or (proposal.lapsed and not meant(order, proposal, actor)):
        return _propose(desk, order)
    if order.seen is not None and order.seen != proposal.seq and not proposal.lapsed:
        raise proposed_meanwhile(order, proposal)
    if proposal.lapsed:
        raise lapsed(order, proposal, desk.history)
    return _confirm(desk, order, proposal)


def withdraw(office: Office, work: Work, actor: Person, workflow: str, reason: str = "") -> Changed:
    """Take a proposal back, one's own or another's. Raises Forbidden, NotFound where there is none."""
    require_text(reason)
    require_may_load(office, actor)
    desk = _Desk(office, work, actor, workflow, *_fresh(office, work, workflow))
    proposal = desk.history.proposal
    if proposal is None:
        raise NotFound(
            "workflow.no_proposal",
            f"流程“{workflow}”没有等待确认的启用提议",
            f"nobody has proposed to put a version of {workflow!r} in force",
            see(workflow),
        )
    desk.enter("withdraw", proposal.draft, reason, **{"from": proposal.effective_on.isoformat()})
    return desk.changed("withdrawn", proposal.draft, effective_on=proposal.effective_on, by=(proposal.by,))


def waiting_proposal(office: Office, work: Work, workflow: str) -> tuple[Proposal, Version] | None:
    """The proposal that waits to be confirmed, with the draft that it is about; None where there is none."""
    history = history_of(work, workflow, legal_day(office.clock.now()))
    if history.proposal is None or history.proposal.lapsed:
        return None
    return history.proposal, by_hash(history, history.proposal.draft)


@dataclass(frozen=True)
class _Desk:
    """The one who changes a workflow, all that is known of it, and the entry after which he does."""

    office: Office
    work: Work
    actor: Person
    workflow: str
    head: Head
    history: History

    @property
    def today(self) -> date:
        return legal_day(self.office.clock.now())

    def keep(self, kind: str, content: Mapping[str, Any], from_on: date, author: str, reason: str) -> Document:
        return add_document(
            self.work,
            kind,
            self.workflow,
            content,
            effective_on=from_on,
            author=author,
            reason=reason,
            at=self.office.clock.now(),
        )

    def enter(self, act: str, draft: str, reason: str, **effects: Any) -> None:
        """Put it into the store's book, and know of it."""
        now = self.office.clock.now()
        said = {"act": act, WORKFLOW: self.workflow, "draft": draft, **effects}
        append(
            self.work,
            Said(STORE_BOOK, WORKFLOW, self.actor.name, self.today.isoformat(), now, reason=reason, effects=said),
            self.head,
        )
        self.office.refresh(self.work)

    def changed(self, act: Act, draft: str, **what: Any) -> Changed:
        cases = sum(open_cases_under(self.work, self.workflow).values())
        return Changed(act, self.workflow, draft, open_cases=cases, **what)


def _desk(office: Office, work: Work, actor: Person, workflow: str, reason: str) -> _Desk:
    require_text(reason)
    require_may_load(office, actor)
    if not reason.strip():
        raise InputWrong("reason.missing", "请用--reason说明依据", "say why with --reason")
    return _Desk(office, work, actor, workflow, *_fresh(office, work, workflow))


def _fresh(office: Office, work: Work, workflow: str) -> tuple[Head, History]:
    """The last entry of the store's book, read before anything is worked out: of two who change the versions at the
    same time one begins again."""
    head = head_of(work, STORE_BOOK)
    office.refresh(work, head.hash)
    return head, history_of(work, workflow, legal_day(office.clock.now()))


def _propose(desk: _Desk, order: Activation) -> Changed:
    newest = desk.history.newest
    chosen = wanted(desk.history, order)
    if chosen is None or (newest is not None and text_of(newest.document.content) == text_of(chosen.document.content)):
        if newest is not None and newest.effective_on == order.from_on:
            text = text_of(newest.document.content)
            return desk.changed("unchanged", text, version=newest.hash, effective_on=order.from_on, by=newest.by)
        raise nothing_waits(desk.office, order.workflow, newest)
    _require_none(against(desk.office, desk.history, order, chosen))
    replaces = newest.hash if newest is not None else None
    text = text_of(chosen.document.content)
    desk.enter("propose", text, order.reason, **{"from": order.from_on.isoformat(), "replaces": replaces})
    others = who_may_confirm(desk.office, desk.actor, desk.today)
    by = (desk.actor.name,)
    return desk.changed("proposed", text, effective_on=order.from_on, replaces=replaces, by=by, who_can=others)


def _confirm(desk: _Desk, order: Activation, proposal: Proposal) -> Changed:
    chosen = by_hash(desk.history, proposal.draft)
    _require_none(
        (
            *about_the_two(desk.office, desk.actor, proposal),
            *against_other_words(order, proposal),
            *against(desk.office, desk.history, order, chosen),
        )
    )
    newest = desk.history.newest
    base = {BASED_ON: newest.hash} if newest is not None else {}
    content = {**plain(chosen.document.content), **base}
    kept = desk.keep(WORKFLOW, content, order.from_on, chosen.author, order.reason)
    replaces = [[WORKFLOW, order.workflow, newest.hash]] if newest is not None else []
    desk.enter(
        "activate",
        proposal.draft,
        order.reason,
        **{"from": order.from_on.isoformat()},
        version=kept.hash,
        proposed_by=proposal.by,
        proposal=proposal.seq,
        documents=[[WORKFLOW, kept.id, kept.hash]],
        replaces=replaces,
    )
    before = newest.hash if newest is not None else None
    two = (proposal.by, desk.actor.name)
    return desk.changed(
        "activated", proposal.draft, version=kept.hash, effective_on=order.from_on, replaces=before, by=two
    )


def _require_none(refusals: Iterable[Refusal]) -> None:
    found = tuple(refusals)
    if found:
        raise TransitionRefused("", "activate", found, (), "启用流程版本", "put a version in force")
