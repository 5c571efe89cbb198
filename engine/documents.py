"""Versioned documents in the database: definitions, campaigns, time limits, parameters, calendars, forms.

`data/` is the shipped first version and is never written. A document is added with its author, reason and date of
effect, and never changed: a newer version of the same id stands beside it. A version made from another names it in its
content (`based_on`), so that what is in force does not hang on a clock, and a text that comes back is a new version.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from engine.canonical import content_hash
from engine.clock import stored_instant
from engine.errors import Remedy, StoreUnavailable
from engine.store import Statement, Work
from engine.tables import DocumentRow

DOCUMENT = DocumentRow.__table__  # type: ignore[attr-defined]
# Where a document names the version that it was made from.
BASED_ON = "based_on"
# A workflow that was read and proved, and that nobody has put in force.
DRAFT = "workflow_draft"


@dataclass(frozen=True)
class Document:
    """One version: what it says, and the hash of that."""

    kind: str
    id: str
    hash: str
    content: Mapping[str, Any]


@dataclass(frozen=True)
class Edition:
    """A document with the account of how it came into the store, and the day from which it holds."""

    document: Document
    author: str
    reason: str
    recorded_at: str
    effective_on: date


def add_document(
    work: Work,
    kind: str,
    id_: str,
    content: Mapping[str, Any],
    *,
    effective_on: date,
    author: str,
    reason: str,
    at: datetime,
) -> Document:
    """Keep a version. The very same content again changes nothing."""
    # The order of a definition's steps and choices is kept for readers; the identity does not depend on it.
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    hash_ = content_hash(content)
    if work.first(_THERE, {"kind_key": kind, "id_key": id_, "hash_key": hash_}) is None:
        work.run(
            _INSERT,
            {
                "kind": kind,
                "id": id_,
                "hash": hash_,
                "effective_on": effective_on.isoformat(),
                "body": body,
                "author": author,
                "reason": reason,
                "recorded_at": stored_instant(at),
            },
        )
    return Document(kind, id_, hash_, content)


def documents_in_force(work: Work) -> dict[tuple[str, str], Document]:
    """The newest version of every document, by (kind, id): the latest of those that no other was made from."""
    return newest_of(all_editions(work))


def all_editions(work: Work) -> tuple[Edition, ...]:
    """Every version of every document but drafts, in one read: by day, then by when it came into the store."""
    return tuple(_edition(*row) for row in work.all(_ALL_EDITIONS, {"draft_kind": DRAFT}))


def newest_of(editions: Iterable[Edition]) -> dict[tuple[str, str], Document]:
    """The newest version of each document, by (kind, id), of editions in the order of `all_editions`."""
    documents = [edition.document for edition in editions]
    edited = {(d.kind, d.id, d.content.get(BASED_ON)) for d in documents}
    return {(d.kind, d.id): d for d in documents if (d.kind, d.id, d.hash) not in edited}


def editions_of(work: Work, kind: str, id_: str) -> tuple[Edition, ...]:
    """Every version of a document, as each was made from the one before; the last is in force."""
    return in_turn([_edition(*row) for row in work.all(_EDITIONS, {"kind_key": kind, "id_key": id_})])


def in_turn(editions: Sequence[Edition]) -> tuple[Edition, ...]:
    """Versions of one document, as each was made from the one before."""
    by_hash = {edition.document.hash: edition.document for edition in editions}
    return tuple(sorted(editions, key=lambda edition: _generation(edition.document, by_hash)))


def _edition(kind: str, id_: str, hash_: str, body: str, author: str, reason: str, at: str, on: str) -> Edition:
    document = Document(kind, id_, hash_, _content(kind, id_, body))
    return Edition(document, author, reason, at, date.fromisoformat(on))


def document_by_hash(work: Work, kind: str, hash_: str) -> Document | None:
    """That very version, also when a newer one is in force."""
    row = work.first(_BY_HASH, {"kind_key": kind, "hash_key": hash_})
    return Document(kind, row[0], hash_, _content(kind, row[0], row[1])) if row else None


def changed_documents(work: Work) -> list[tuple[str, str]]:
    """(kind, id) of documents whose text no longer has its hash: somebody went past the triggers."""
    return [(kind, id_) for kind, id_, hash_, body in work.all(_ALL, {}) if not _is_intact(body, hash_)]


def _generation(document: Document, by_hash: Mapping[str, Document]) -> int:
    """How many versions it goes back to."""
    generations, base = 0, by_hash.get(str(document.content.get(BASED_ON)))
    while base is not None and generations < len(by_hash):
        generations, base = generations + 1, by_hash.get(str(base.content.get(BASED_ON)))
    return generations


def _content(kind: str, id_: str, body: str) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(body)
    except ValueError as e:
        raise StoreUnavailable(
            "document.damaged",
            f"数据库中的规则文件已损坏：{kind} {id_}",
            f"a rule in the store is damaged: {kind} {id_}",
            Remedy("从备份恢复", "restore a backup", "anjuan ledger verify"),
        ) from e
    return content


def _is_intact(body: str, hash_: str) -> bool:
    try:
        return content_hash(json.loads(body)) == hash_
    except (ValueError, TypeError):
        return False


_THERE = Statement(
    lambda _: sa.select(DOCUMENT.c.hash).where(
        DOCUMENT.c.kind == sa.bindparam("kind_key"),
        DOCUMENT.c.id == sa.bindparam("id_key"),
        DOCUMENT.c.hash == sa.bindparam("hash_key"),
    )
)
_INSERT = Statement(lambda _: sa.insert(DOCUMENT).values({c.name: sa.bindparam(c.name) for c in DOCUMENT.columns}))
_EDITION_COLUMNS = (
    DOCUMENT.c.kind,
    DOCUMENT.c.id,
    DOCUMENT.c.hash,
    DOCUMENT.c.body,
    DOCUMENT.c.author,
    DOCUMENT.c.reason,
    DOCUMENT.c.recorded_at,
    DOCUMENT.c.effective_on,
)
_ALL_EDITIONS = Statement(
    lambda _: (
        sa.select(*_EDITION_COLUMNS)
        .where(DOCUMENT.c.kind != sa.bindparam("draft_kind"))
        .order_by(DOCUMENT.c.effective_on, DOCUMENT.c.recorded_at, DOCUMENT.c.kind, DOCUMENT.c.id)
    )
)
_ALL = Statement(
    lambda _: sa.select(DOCUMENT.c.kind, DOCUMENT.c.id, DOCUMENT.c.hash, DOCUMENT.c.body).order_by(
        DOCUMENT.c.effective_on, DOCUMENT.c.recorded_at, DOCUMENT.c.kind, DOCUMENT.c.id
    )
)
_EDITIONS = Statement(
    lambda _: (
        sa.select(*_EDITION_COLUMNS)
        .where(DOCUMENT.c.kind == sa.bindparam("kind_key"), DOCUMENT.c.id == sa.bindparam("id_key"))
        .order_by(DOCUMENT.c.effective_on, DOCUMENT.c.recorded_at)
    )
)
_BY_HASH = Statement(
    lambda _: (
        sa.select(DOCUMENT.c.id, DOCUMENT.c.body)
        .where(DOCUMENT.c.kind == sa.bindparam("kind_key"), DOCUMENT.c.hash == sa.bindparam("hash_key"))
        .limit(1)
    )
)
