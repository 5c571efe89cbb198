"""From when to when people could act in a role, as the store's book tells it: by the day and by when it was entered.

A role that ends on a day ends with that day; one whose end was entered later ended when it was entered, since until
then everything was done as if it were still held.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from engine.book_store import ENTRY
from engine.clock import SHANGHAI, stored_instant
from engine.ledger import STORE_BOOK, Entry
from engine.store import Statement, Work

# Before and after every stored instant, as texts that sort.
NEVER_BEGAN, NEVER_ENDS = "", "9999"


class Span(NamedTuple):
    """From one stored instant on, until before another."""

    from_at: str
    to_at: str


@dataclass(frozen=True)
class Held:
    """Somebody could act in that role of that unit, himself or standing in, from one stored instant until before
    another, which is NEVER_ENDS where no end is known."""

    unit: str
    role: str
    from_at: str
    to_at: str


class _Said(NamedTuple):
    """What an entry said of the days from then on, both inclusive; `None` is open. Not `holds`: it took them out."""

    at: str
    from_on: str | None
    to_on: str | None
    holds: bool = True


@dataclass
class _Book:
    roles: dict[tuple[str, str, str], list[_Said]] = field(default_factory=lambda: defaultdict(list))
    leaving: dict[str, list[_Said]] = field(default_factory=lambda: defaultdict(list))
    stand_ins: dict[tuple[str, str, str, str, str], list[_Said]] = field(default_factory=lambda: defaultdict(list))


def roles_on_record(work: Work) -> Mapping[str, tuple[Held, ...]]:
    """What everybody could act in, by name."""
    return held_by([Entry(*row) for row in work.all(_ENTRIES, {})])


def held_by(entries: Iterable[Entry]) -> Mapping[str, tuple[Held, ...]]:
    """The same from the entries of the store's book about its foundation and its staff, in their order. Pure."""
    book = _Book()
    for entry in entries:
        _follow(book, entry)
    own = {
        (name, unit, role): _both(_spans(said), _there(book, name)) for (name, unit, role), said in book.roles.items()
    }
    found: dict[str, list[Held]] = defaultdict(list)
    for (name, unit, role), spans in own.items():
        found[name] += [Held(unit, role, *span) for span in spans]
    for (name, for_name, unit, role, _), said in book.stand_ins.items():
        absent = _both(own.get((for_name, unit, role), ()), _there(book, name))
        found[name] += [Held(unit, role, *span) for span in _both(_spans(said), absent)]
    return {name: tuple(held) for name, held in found.items()}


def _follow(book: _Book, entry: Entry) -> None:
    effects, at = entry.said()["effects"], entry.recorded_at
    if entry.kind == "founded":
        for person in effects.get("staff", ()):
            _add(book, at, person)
    elif effects["act"] == "add":
        _add(book, at, effects["person"])
    elif effects["act"] in {"role", "role_end"}:
        key = (effects["name"], effects["unit"], effects["role"])
        book.roles[key].append(_Said(at, effects["from_on"], effects["to_on"]))
    elif effects["act"] == "leave":
        book.leaving[effects["name"]].append(_Said(at, None, effects["left_on"]))
    elif effects["act"] in {"stand_in", "stand_in_end"}:
        for one in effects["stand_ins"]:
            who = (one["name"], one["for"], one["unit"], one["role"], one["from_on"])
            book.stand_ins[who].append(_Said(at, one["from_on"], one["to_on"], one["to_on"] is not None))


def _add(book: _Book, at: str, person: Mapping[str, Any]) -> None:
    for unit, role in person["roles"]:
        book.roles[person["name"], unit, role].append(_Said(at, None, None))


def _there(book: _Book, name: str) -> tuple[Span, ...]:
    """When he had not left."""
    return _spans([_Said(NEVER_BEGAN, None, None), *book.leaving[name]])


def _spans(said: list[_Said]) -> tuple[Span, ...]:
    """When it held: each entry counts until the next one, by the days that it gives."""
    spans: list[Span] = []
    for one, next_at in zip(said, [*(later.at for later in said[1:]), NEVER_ENDS], strict=True):
        span = Span(max(one.at, _begins(one.from_on)), min(next_at, _ends(one.to_on)))
        if not one.holds or span.from_at >= span.to_at:
            continue
        if spans and spans[-1].to_at == span.from_at:
            spans[-1] = Span(spans[-1].from_at, span.to_at)
        else:
            spans.append(span)
    return tuple(spans)


def _both(some: Iterable[Span], others: Iterable[Span]) -> tuple[Span, ...]:
    return tuple(_overlaps(some, tuple(others)))


def _overlaps(some: Iterable[Span], others: tuple[Span, ...]) -> Iterator[Span]:
    for one in some:
        for other in others:
            span = Span(max(one.from_at, other.from_at), min(one.to_at, other.to_at))
            if span.from_at < span.to_at:
                yield span


def _begins(day: str | None) -> str:
    return _midnight(date.fromisoformat(day)) if day is not None else NEVER_BEGAN


def _ends(day: str | None) -> str:
    if day is None or day == date.max.isoformat():
        return NEVER_ENDS
    return _midnight(date.fromisoformat(day) + timedelta(days=1))


def _midnight(day: date) -> str:
    return stored_instant(datetime(day.year, day.month, day.day, tzinfo=SHANGHAI))


_ENTRIES = Statement(
    lambda _: (
        sa.select(
            *(
                ENTRY.c[name]
                for name in ("book", "seq", "kind", "step", "actor", "happened_on", "recorded_at", "body", "hash")
            )
        )
        .where(ENTRY.c.book == sa.literal(STORE_BOOK), ENTRY.c.kind.in_([sa.literal("founded"), sa.literal("staff")]))
        .order_by(ENTRY.c.seq)
    )
)
