"""The append-only account: builds entries, chains them by hash, and finds what was changed afterwards.

An entry's hash covers one canonical text that holds everything said in it, the hashes of the rules used and the
hash of the entry before. Personal answers enter as SHA-256(salt‖value), so that erasing value and salt later keeps
the chain whole.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.canonical import canonical_text, text_hash
from engine.clock import stored_instant

TEXT_FORM = 1
ALGORITHM = "sha256"
PROGRAM = "anjuan 0.1.0"
NO_HASH = "0" * 64

STORE_BOOK = "store"


def case_book(case_no: str) -> str:
    return f"case:{case_no}"


def campaign_book(campaign_id: str) -> str:
    return f"campaign:{campaign_id}"


def unit_book(unit_id: str) -> str:
    return f"unit:{unit_id}"


@dataclass(frozen=True)
class Head:
    """The last entry of a book: its number and hash. An empty book has number 0."""

    seq: int = 0
    hash: str = NO_HASH


@dataclass(frozen=True)
class Said:
    """What an entry says, before it is numbered and chained."""

    book: str
    kind: str
    actor: str
    happened_on: str
    recorded_at: datetime
    happened_at: str | None = None  # the minute, where one was given
    step: str | None = None
    role: str | None = None
    signed_by: str | None = None
    reason: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    personal: frozenset[str] = frozenset()
    effects: Mapping[str, Any] = field(default_factory=dict)
    rules: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PersonalValue:
    answer: str
    salt: str
    value: str


@dataclass(frozen=True)
class Entry:
    """A numbered, chained entry. `body` is the text that was hashed."""

    book: str
    seq: int
    kind: str
    step: str | None
    actor: str
    happened_on: str
    recorded_at: str
    body: str
    hash: str
    personal: tuple[PersonalValue, ...] = ()

    @property
    def head(self) -> Head:
        return Head(self.seq, self.hash)

    def said(self) -> dict[str, Any]:
        """The content of the body."""
        content: dict[str, Any] = json.loads(self.body)
        return content


def next_entry(head: Head, said: Said) -> Entry:
    """The entry that follows `head` in the same book."""
    seq = head.seq + 1
    answers, personal = _without_personal(said.answers, said.personal)
    recorded_at = stored_instant(said.recorded_at)
    body = canonical_text(
        {
            "form": TEXT_FORM,
            "algorithm": ALGORITHM,
            "program": PROGRAM,
            "book": said.book,
            "seq": seq,
            "kind": said.kind,
            "step": said.step,
            "actor": said.actor,
            "role": said.role,
            "signed_by": said.signed_by,
            "reason": said.reason,
            "happened_on": said.happened_on,
            "happened_at": said.happened_at,
            "recorded_at": recorded_at,
            "answers": answers,
            "effects": dict(said.effects),
            "rules": dict(said.rules),
            "previous": head.hash,
        }
    )
    return Entry(
        said.book,
        seq,
        said.kind,
        said.step,
        said.actor,
        said.happened_on,
        recorded_at,
        body,
        text_hash(body),
        personal,
    )


def personal_hash(salt: str, value: str) -> str:
    """What stands in the entry for a personal value."""
    return hashlib.sha256((salt + value).encode("utf-8")).hexdigest()


@dataclass(frozen=True)
class Damage:
    """The first thing found wrong in a book, in both languages."""

    book: str
    seq: int
    zh: str
    en: str


def first_damage(book: str, entries: Sequence[Entry]) -> Damage | None:
    """Walks one book from its beginning; `None` when every entry is what was written, none is missing."""
    head = Head()
    for entry in entries:
        damage = _damage_of(entry, book, head)
        if damage is not None:
            return damage
        head = entry.head
    return None


def _damage_of(entry: Entry, book: str, before: Head) -> Damage | None:
    if entry.seq != before.seq + 1:
        return Damage(book, before.seq + 1, "缺少这一条记录", "this entry is missing")
    if text_hash(entry.body) != entry.hash:
        return Damage(
            book, entry.seq, "内容与其散列值不符，记录被改动过", "the text does not match its hash; it was changed"
        )
    content = entry.said()
    if content.get("previous") != before.hash:
        return Damage(book, entry.seq, "与上一条记录不衔接", "it does not follow the entry before it")
    for name in ("book", "seq", "kind", "step", "actor", "happened_on", "recorded_at"):
        if content.get(name) != getattr(entry, name):
            return Damage(
                book, entry.seq, f"栏目“{name}”与记录正文不符", f"column {name} differs from the text of the entry"
            )
    return _personal_damage(entry, book, content["answers"])


def _personal_damage(entry: Entry, book: str, answers: Mapping[str, Any]) -> Damage | None:
    for value in entry.personal:
        stated = answers.get(value.answer)
        if not isinstance(stated, dict) or stated.get("personal") != personal_hash(value.salt, value.value):
            return Damage(
                book,
                entry.seq,
                f"个人信息“{value.answer}”与记录不符",
                f"the personal value {value.answer} does not match the record",
            )
    return None


def _without_personal(
    answers: Mapping[str, Any], personal: Iterable[str]
) -> tuple[dict[str, Any], tuple[PersonalValue, ...]]:
    """The answers as they enter the chain, and the readable personal values beside it."""
    kept, values = dict(answers), []
    for name in personal:
        if kept.get(name) is None:
            continue
        value = PersonalValue(name, secrets.token_hex(16), str(kept[name]))
        kept[name] = {"personal": personal_hash(value.salt, value.value)}
        values.append(value)
    return kept, tuple(values)


def merkle_root(leaves: Sequence[str]) -> str:
    """The root over hex hashes in their order; of none it is the zero hash.

    Leaves and inner nodes are told apart by a first byte, an odd node is carried up unpaired.
    """
    if not leaves:
        return NO_HASH
    level = [hashlib.sha256(b"\x00" + bytes.fromhex(leaf)).digest() for leaf in leaves]
    while len(level) > 1:
        pairs = [hashlib.sha256(b"\x01" + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=False)]
        level = pairs + (level[-1:] if len(level) % 2 else [])
    return level[0].hex()


def anchor_root(heads: Mapping[str, Head], previous: str) -> str:
    """The root over the heads of all books by name, and the anchor before."""
    leaves = [text_hash(f"{book}\n{head.seq}\n{head.hash}") for book, head in sorted(heads.items())]
    return merkle_root([previous, *leaves])
