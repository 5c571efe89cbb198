"""The versions of a workflow as the store tells them: drafts, what is proposed, in force, coming, and replaced."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import sqlalchemy as sa

from engine.book_store import ENTRY
from engine.canonical import content_hash
from engine.case_store import CASE
from engine.documents import BASED_ON, DRAFT, Document, Edition, editions_of
from engine.ledger import STORE_BOOK
from engine.store import Statement, Work

WORKFLOW = "workflow"  # the kind of document, and of the entries in which people change its versions
SHIPPED = "upgrade"  # the entry of a new program, which may bring drafts too

Standing = Literal["draft", "proposed", "in_force", "coming", "replaced"]


@dataclass(frozen=True)
class Version:
    """One version. `effective_on` is the first day on which cases begin under it, `None` while nobody says so.

    A draft that a later one took the place of is `replaced` too. `by` are the two who put it in force.
    """

    document: Document
    effective_on: date | None
    author: str
    reason: str
    recorded_at: str
    standing: Standing
    by: tuple[str, ...] = ()

    @property
    def hash(self) -> str:
        return self.document.hash

    @property
    def based_on(self) -> str | None:
        """The version that it replaced."""
        found: str | None = self.document.content.get(BASED_ON)
        return found


@dataclass(frozen=True)
class Proposal:
    """Somebody wants that draft in force from a day on. It lapses when another draft or version comes after it."""

    seq: int
    draft: str
    effective_on: date
    by: str
    proposed_on: date
    reason: str
    lapsed: bool = False


@dataclass(frozen=True)
class History:
    """All that is known of one workflow: its versions as each was made from the one before, its drafts as they came."""

    versions: tuple[Version, ...]
    drafts: tuple[Version, ...]
    proposal: Proposal | None
    waiting: str | None = None  # the draft that was loaded last, unless it is in force

    @property
    def newest(self) -> Version | None:
        """The version that no other replaced; it may be a coming one."""
        return self.versions[-1] if self.versions else None

    @property
    def draft(self) -> Version | None:
        """The draft that is to come next."""
        return next((draft for draft in self.drafts if draft.hash == self.waiting), None)

    def knows(self, text: str) -> bool:
        """Whether a version or a draft says just that."""
        return any(text_of(v.document.content) == text for v in (*self.versions, *self.drafts))


@dataclass(frozen=True)
class _Act:
    """What an entry of the store's book says of the versions of a workflow."""

    seq: int
    act: str
    draft: str
    actor: str
    happened_on: date
    reason: str
    effects: Mapping[str, Any]


def plain(content: Mapping[str, Any]) -> dict[str, Any]:
    """What a version says, without the one it was made from."""
    return {name: value for name, value in content.items() if name != BASED_ON}


def text_of(content: Mapping[str, Any]) -> str:
    """The hash of what a version says, whichever it was made from: that of a draft with the same text."""
    return content_hash(plain(content))


def begins_under(versions: Sequence[Edition], on: date, today: date) -> Edition | None:
    """The version under which a case opened on that day begins, of those in the order of their making.

    The newest whose day has come; a case from before the first one begins under that. None while the first is to come.
    """
    come = [edition for edition in versions if edition.effective_on <= on]
    if come:
        return come[-1]
    first = next(iter(versions), None)
    return first if first is not None and first.effective_on <= today else None


def history_of(work: Work, id_: str, today: date) -> History:
    """Every version, draft and proposal of the workflow. One without any has never been loaded."""
    acts = _acts_of(work, id_)
    editions = editions_of(work, WORKFLOW, id_)
    running = begins_under(editions, today, today)
    by = {act.effects["version"]: (act.effects["proposed_by"], act.actor) for act in acts if act.act == "activate"}
    proposal, waiting = _proposal(acts), _waiting(acts)
    return History(
        tuple(_version(e, running, today, by.get(e.document.hash, ())) for e in editions),
        tuple(_drafts(editions_of(work, DRAFT, id_), acts, proposal, waiting)),
        proposal,
        waiting,
    )


def open_cases_under(work: Work, id_: str) -> dict[str, int]:
    """How many cases that have not ended follow each version, by its hash."""
    return {row[0]: row[1] for row in work.all(_OPEN_CASES, {"workflow_key": id_})}


def _version(edition: Edition, running: Edition | None, today: date, by: tuple[str, ...]) -> Version:
    standing: Standing = "replaced"
    if edition.effective_on > today:
        standing = "coming"
    elif running is not None and edition.document.hash == running.document.hash:
        standing = "in_force"
    on, e = edition.effective_on, edition
    return Version(e.document, on, e.author, e.reason, e.recorded_at, standing, by)


def _waiting(acts: Sequence[_Act]) -> str | None:
    found: str | None = None
    for act in acts:
        if act.act == "draft":
            found = act.draft
        elif act.act == "activate" and act.draft == found:
            found = None
    return found


def _drafts(
    editions: Sequence[Edition], acts: Sequence[_Act], proposal: Proposal | None, waiting: str | None
) -> Iterator[Version]:
    """The drafts that nobody has put in force, as they were last loaded."""
    left: dict[str, None] = {}
    for act in acts:
        if act.act in ("draft", "activate"):
            left.pop(act.draft, None)
        if act.act == "draft":
            left[act.draft] = None
    by_hash = {edition.document.hash: edition for edition in editions}
    # One that is not there was taken away past the triggers; verifying the record tells.
    for e in (by_hash[hash_] for hash_ in left if hash_ in by_hash):
        hash_ = e.document.hash
        standing: Standing = "draft" if hash_ == waiting else "replaced"
        on = None
        if proposal is not None and not proposal.lapsed and proposal.draft == hash_:
            standing, on = "proposed", proposal.effective_on
        yield Version(e.document, on, e.author, e.reason, e.recorded_at, standing)


def _proposal(acts: Sequence[_Act]) -> Proposal | None:
    """The last proposal that was neither withdrawn nor carried out; `lapsed` when something came after it."""
    found: Proposal | None = None
    lapsed = False
    for act in acts:
        if act.act == "propose":
            on = date.fromisoformat(act.effects["from"])
            found = Proposal(act.seq, act.draft, on, act.actor, act.happened_on, act.reason)
            lapsed = False
        elif act.act == "withdraw" or (act.act == "activate" and act.effects["proposal"] == getattr(found, "seq", 0)):
            found = None
        else:
            lapsed = True
    if found is None or not lapsed:
        return found
    return Proposal(found.seq, found.draft, found.effective_on, found.by, found.proposed_on, found.reason, lapsed=True)


def _acts_of(work: Work, id_: str) -> tuple[_Act, ...]:
    found = []
    for seq, kind, actor, happened_on, body in work.all(_ACTS, {}):
        said = json.loads(body)
        effects = said["effects"]
        drafts = [hash_ for kind_, known, hash_ in effects.get("documents", ()) if (kind_, known) == (DRAFT, id_)]
        on, reason = date.fromisoformat(happened_on), said["reason"]
        if kind == SHIPPED:
            found += [_Act(seq, "draft", hash_, actor, on, reason, effects) for hash_ in drafts]
        elif effects[WORKFLOW] == id_:
            found.append(_Act(seq, effects["act"], effects["draft"], actor, on, reason, effects))
    return tuple(found)


_ACTS = Statement(
    lambda _: (
        sa.select(ENTRY.c.seq, ENTRY.c.kind, ENTRY.c.actor, ENTRY.c.happened_on, ENTRY.c.body)
        .where(
            ENTRY.c.book == sa.literal(STORE_BOOK),
            sa.or_(ENTRY.c.kind == sa.literal(WORKFLOW), ENTRY.c.kind == sa.literal(SHIPPED)),
        )
        .order_by(ENTRY.c.seq)
    )
)
_OPEN_CASES = Statement(
    lambda _: (
        sa.select(CASE.c.definition, sa.func.count())
        .where(CASE.c.workflow == sa.bindparam("workflow_key"), CASE.c.ended == sa.literal(0))
        .group_by(CASE.c.definition)
    )
)
