"""A person or unit that is a party of cases, as an entity of its own: its names, its number, its end. Pure values.

Each has a book. What is said in it is what the tables hold; names and numbers are personal: the record keeps their
hashes, the readable values stand beside it and can be erased by law.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from engine.ledger import Damage, Entry, Head
from engine.parties import UNIT

PREFIX = "respondent:"
KIND = "respondent"
Act = Literal["add", "alias", "number", "end", "same"]
_SEPARATORS = re.compile(r"[\s\-‐-―－]+")


_NO_HEAD = Head()


@dataclass(frozen=True)
class Respondent:
    """`number` is in its normal form. `same_as` is the one that it turned out to be, which is itself no other's."""

    id: str
    kind: str
    name: str
    number: str | None = None
    ended_on: date | None = None
    same_as: str | None = None
    aliases: tuple[str, ...] = ()
    head: Head = _NO_HEAD

    @property
    def root(self) -> str:
        """The id under which it is known now."""
        return self.same_as or self.id

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)


def respondent_book(respondent_id: str) -> str:
    return f"{PREFIX}{respondent_id}"


def normal_number(text: str) -> str:
    """The one written form of a number: half-width, capital letters, without blanks and hyphens."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()


def chosen(kind: str, name: str, number: str | None, known: Iterable[Respondent]) -> Respondent | None:
    """Which of those known a name and a number mean; none where nobody can say.

    A number decides. By its name alone only a unit is known again, and only when exactly one is called so and no number
    contradicts: two people may share a name. The names and numbers of one that was joined to another mean that other;
    `known` has both.
    """
    alike = {r.id: r for r in known if r.kind == kind}
    numbers: dict[str, set[str]] = defaultdict(set)
    for r in alike.values():
        if r.number is not None:
            numbers[r.root].add(r.number)
    if number is not None:
        by_number = [root for root in alike if number in numbers[root]]
        if by_number:
            return alike[by_number[0]]
    by_name = {r.root for r in alike.values() if kind == UNIT and name in r.names}
    if len(by_name) != 1:
        return None
    (found,) = by_name
    return alike[found] if number is None or not numbers[found] else None


def acted(before: Respondent | None, entry: Entry) -> Respondent:
    """The respondent after one more entry of its book. Raises KeyError where the entry cannot follow."""
    content = entry.said()
    effects, answers = content["effects"], content["answers"]
    readable = {p.answer: p.value for p in entry.personal}
    said = {name: readable.get(name, value) for name, value in answers.items()}
    act = effects["act"]
    if act == "add":
        added = Respondent(effects["id"], effects["kind"], said["name"], said.get("number"))
        return replace(added, head=entry.head)
    if before is None:
        raise KeyError("add")
    changes: dict[str, Any] = {}
    if act == "alias":
        changes = {"aliases": (*before.aliases, said["alias"])}
    elif act == "number":
        changes = {"number": said["number"]}
    elif act == "end":
        changes = {"ended_on": date.fromisoformat(effects["ended_on"])}
    else:
        changes = {"same_as": effects["same_as"]}
    return replace(before, **changes, head=entry.head)


def played(entries: Sequence[Entry]) -> Respondent | None:
    """The respondent as its book tells it."""
    found: Respondent | None = None
    for entry in entries:
        found = acted(found, entry)
    return found


def respondent_damage(book: str, entries: Sequence[Entry], row: Respondent | None) -> Damage | None:
    """Whether the tables say what the book says. A value that was erased by law may say anything."""
    if row is None:
        return Damage(book, entries[-1].seq, "当事人登记已不在库中", "the respondent itself is gone")
    try:
        said = played(entries)
    except (KeyError, TypeError, ValueError, AttributeError):
        return Damage(
            book, entries[-1].seq, "当事人登记无法与记录核对", "the respondent cannot be held against its record"
        )
    assert said is not None
    pairs = {
        "kind": (said.kind, row.kind),
        "name": (said.name, row.name),
        "number": (said.number, row.number),
        "ended_on": (said.ended_on, row.ended_on),
        "same_as": (said.same_as, row.same_as),
        "aliases": (sorted(map(str, said.aliases)), sorted(row.aliases)),
        "head": (said.head, row.head),
    }
    for what, (told, stands) in pairs.items():
        if told != stands and not _is_erased(told):
            return Damage(
                book,
                entries[-1].seq,
                f"当事人登记的“{what}”与记录不符",
                f"{what} of the respondent differs from what its book says",
            )
    return None


def _is_erased(value: object) -> bool:
    """Of a personal value that was erased only its hash is left."""
    return isinstance(value, dict)
