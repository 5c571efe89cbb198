"""Finds where this program ships a workflow otherwise than a store has it, and keeps what is new there as a draft."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.clock import legal_day
from engine.definitions import Definition
from engine.documents import DRAFT, Document, add_document
from engine.health import Check
from engine.office import Office
from engine.store import Work
from engine.workflow_versions import WORKFLOW, history_of, text_of
from workflows.shipped import WITH_THE_PROGRAM, Shipped

EXTENDS = "extends"


@dataclass(frozen=True)
class NewerBase:
    """A local workflow in force starts from a version of a shipped one that this program ships no more."""

    workflow: str
    base: str
    had: str
    shipped: str

    @property
    def zh(self) -> str:
        return f"流程“{self.workflow}”所扩展的“{self.base}”随程序有新版本：请以原文件重新载入，看过差异后启用"

    @property
    def en(self) -> str:
        return (
            f"{self.workflow} extends {self.base}, which this program ships in another version: load its file anew, "
            "look at the difference, and activate it"
        )


def keep_shipped_drafts(work: Work, shipped: Iterable[Shipped], *, author: str, at: datetime) -> tuple[Document, ...]:
    """Keep as drafts those workflows that this program ships in a version the store does not know.

    Where a local extension is in force there is nothing to keep: what it makes of its newer base is for the office to
    work out anew (`newer_bases`).
    """
    kept, today = [], legal_day(at)
    for one in shipped:
        if one.kind != WORKFLOW:
            continue
        history = history_of(work, one.id, today)
        newest = history.newest
        if newest is None or EXTENDS in newest.document.content or history.knows(text_of(one.content)):
            continue
        kept.append(
            add_document(
                work,
                DRAFT,
                one.id,
                one.content,
                effective_on=today,
                author=author,
                reason=WITH_THE_PROGRAM,
                at=at,
            )
        )
    return tuple(kept)


def newer_bases(in_force: Iterable[Definition], shipped: Mapping[str, str]) -> Iterator[NewerBase]:
    """The local extensions whose base is shipped in another version; `shipped` are the hashes, by id."""
    for definition in in_force:
        base = definition.extends
        now = shipped.get(base.workflow) if base is not None else None
        if base is not None and now is not None and now != base.hash:
            yield NewerBase(definition.workflow, base.workflow, base.hash, now)


def shipped_checks(office: Office, work: Work, shipped: Iterable[Shipped]) -> Iterator[Check]:
    """Whether the store has the workflows as this program ships them: remarks, what is in force stays so."""
    today, texts = legal_day(office.clock.now()), shipped_hashes(shipped)
    said: list[tuple[str, str]] = []
    for id_, text in texts.items():
        history = history_of(work, id_, today)
        newest = history.newest
        if newest is None or EXTENDS in newest.document.content or text_of(newest.document.content) == text:
            continue
        if history.draft is not None and history.draft.hash == text:
            see = f"anjuan workflow versions {id_}"
            said.append((f"流程“{id_}”随程序有新版本，存为草案，尚未启用：{see}", f"{id_} has a shipped draft: {see}"))
        elif not history.knows(text):
            said.append(
                (
                    f"流程“{id_}”随程序有新版本：anjuan upgrade",
                    f"the program ships another version of {id_}: anjuan upgrade",
                )
            )
    said += [(newer.zh, newer.en) for newer in newer_bases(office.definitions().values(), texts)]
    for zh, en in said:
        yield Check("workflows", True, f"请注意：{zh}", f"mind: {en}")
    if not said:
        yield Check("workflows", True, "流程没有待启用的随程序版本", "no shipped version of a workflow waits")


def shipped_hashes(shipped: Iterable[Shipped]) -> dict[str, str]:
    """The shipped workflows by id, each with the hash of its text."""
    return {one.id: text_of(one.content) for one in shipped if one.kind == WORKFLOW}
