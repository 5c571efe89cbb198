"""Writes entries into their books and reads books back; keeps the anchors."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.clock import stored_instant
from engine.ledger import NO_HASH, Entry, Head, PersonalValue, Said, anchor_root, next_entry
from engine.store import Statement, Work
from engine.tables import AnchorRow, EntryRow, PersonalRow

ENTRY = EntryRow.__table__  # type: ignore[attr-defined]
PERSONAL = PersonalRow.__table__  # type: ignore[attr-defined]
ANCHOR = AnchorRow.__table__  # type: ignore[attr-defined]


def head_of(work: Work, book: str) -> Head:
    """The last entry of a book."""
    row = work.first(_HEAD, {"book_key": book})
    return Head(row[0], row[1]) if row else Head()


def append(work: Work, said: Said, head: Head | None = None) -> Entry:
    """Write the next entry of a book. A case's head is known from its row; other books are asked for theirs.

    Two writers who follow the same head collide on (book, seq): one of them gets CaseChangedMeanwhile.
    """
    entry = next_entry(head or head_of(work, said.book), said)
    work.run(
        _INSERT,
        {
            "book": entry.book,
            "seq": entry.seq,
            "kind": entry.kind,
            "step": entry.step,
            "actor": entry.actor,
            "happened_on": entry.happened_on,
            "recorded_at": entry.recorded_at,
            "body": entry.body,
            "hash": entry.hash,
        },
    )
    work.run_many(
        _INSERT_PERSONAL,
        [
            {"book": entry.book, "seq": entry.seq, "answer": p.answer, "salt": p.salt, "value": p.value}
            for p in entry.personal
        ],
    )
    return entry


def entries_of(work: Work, book: str) -> tuple[Entry, ...]:
    """One book from its beginning, personal values beside their entries."""
    personal: dict[int, list[PersonalValue]] = defaultdict(list)
    for seq, answer, salt, value in work.all(_PERSONAL_OF, {"book_key": book}):
        personal[seq].append(PersonalValue(answer, salt, value))
    return tuple(_entry(row, tuple(personal[row[1]])) for row in work.all(_ENTRIES_OF, {"book_key": book}))


def entries_of_kind(work: Work, book: str, kind: str) -> tuple[Entry, ...]:
    """The entries of one kind in a book, in its order, without personal values."""
    return tuple(Entry(*row) for row in work.all(_OF_KIND, {"book_key": book, "kind_key": kind}))


def _entry(row: Sequence[Any], personal: tuple[PersonalValue, ...]) -> Entry:
    book, seq, kind, step, actor, happened_on, recorded_at, body, hash_ = row
    return Entry(book, seq, kind, step, actor, happened_on, recorded_at, body, hash_, personal)


def books(work: Work) -> tuple[str, ...]:
    """The names of all books, sorted."""
    return tuple(row[0] for row in work.all(_BOOKS, {}))


def heads(work: Work) -> dict[str, Head]:
    """The last entry of every book."""
    return {book: Head(seq, hash_) for book, seq, hash_ in work.all(_HEADS, {})}


def write_anchor(work: Work, at: datetime) -> tuple[str, Mapping[str, Head]]:
    """Seal the heads of all books into one root that also covers the anchor before. Returns root and heads."""
    last = work.first(_LAST_ANCHOR, {})
    seq, previous = (last[0], last[1]) if last else (0, NO_HASH)
    now = heads(work)
    root = anchor_root(now, previous)
    work.run(
        _INSERT_ANCHOR,
        {
            "seq": seq + 1,
            "root": root,
            "previous": previous,
            "heads": json.dumps({b: [h.seq, h.hash] for b, h in now.items()}, sort_keys=True),
            "at": stored_instant(at),
        },
    )
    return root, now


def anchors(work: Work) -> Iterator[tuple[int, str, str, dict[str, Head]]]:
    """Every anchor, oldest first: number, root, root before, heads."""
    for seq, root, previous, kept in work.all(_ANCHORS, {}):
        yield seq, root, previous, {b: Head(s, h) for b, (s, h) in json.loads(kept).items()}


def _values(table: Any) -> dict[str, Any]:
    return {c.name: sa.bindparam(c.name) for c in table.columns}


_ENTRY_COLUMNS = (
    ENTRY.c.book,
    ENTRY.c.seq,
    ENTRY.c.kind,
    ENTRY.c.step,
    ENTRY.c.actor,
    ENTRY.c.happened_on,
    ENTRY.c.recorded_at,
    ENTRY.c.body,
    ENTRY.c.hash,
)
_HEAD = Statement(
    lambda _: (
        sa.select(ENTRY.c.seq, ENTRY.c.hash)
        .where(ENTRY.c.book == sa.bindparam("book_key"))
        .order_by(ENTRY.c.seq.desc())
        .limit(1)
    )
)
_INSERT = Statement(lambda _: sa.insert(ENTRY).values(_values(ENTRY)))
_INSERT_PERSONAL = Statement(lambda _: sa.insert(PERSONAL).values(_values(PERSONAL)))
_ENTRIES_OF = Statement(
    lambda _: sa.select(*_ENTRY_COLUMNS).where(ENTRY.c.book == sa.bindparam("book_key")).order_by(ENTRY.c.seq)
)
_OF_KIND = Statement(
    lambda _: (
        sa.select(*_ENTRY_COLUMNS)
        .where(ENTRY.c.book == sa.bindparam("book_key"), ENTRY.c.kind == sa.bindparam("kind_key"))
        .order_by(ENTRY.c.seq)
    )
)
_PERSONAL_OF = Statement(
    lambda _: (
        sa.select(PERSONAL.c.seq, PERSONAL.c.answer, PERSONAL.c.salt, PERSONAL.c.value)
        .where(PERSONAL.c.book == sa.bindparam("book_key"))
        .order_by(PERSONAL.c.seq, PERSONAL.c.answer)
    )
)
_BOOKS = Statement(lambda _: sa.select(ENTRY.c.book).distinct().order_by(ENTRY.c.book))


def _build_heads(_: str) -> sa.Executable:
    last = sa.select(ENTRY.c.book, sa.func.max(ENTRY.c.seq).label("seq")).group_by(ENTRY.c.book).subquery()
    return sa.select(ENTRY.c.book, ENTRY.c.seq, ENTRY.c.hash).join(
        last, sa.and_(ENTRY.c.book == last.c.book, ENTRY.c.seq == last.c.seq)
    )


_HEADS = Statement(_build_heads)
_LAST_ANCHOR = Statement(lambda _: sa.select(ANCHOR.c.seq, ANCHOR.c.root).order_by(ANCHOR.c.seq.desc()).limit(1))
_INSERT_ANCHOR = Statement(lambda _: sa.insert(ANCHOR).values(_values(ANCHOR)))
_ANCHORS = Statement(
    lambda _: sa.select(ANCHOR.c.seq, ANCHOR.c.root, ANCHOR.c.previous, ANCHOR.c.heads).order_by(ANCHOR.c.seq)
)
