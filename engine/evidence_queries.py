"""Looks in the record for the files that it names: of cases, of tasks, of figures from outside. Reads only."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine.book_store import ENTRY
from engine.campaign_tasks import TASK
from engine.ledger import campaign_book, case_book
from engine.outside_counts import COUNT
from engine.store import Work

CASES, CAMPAIGNS = case_book(""), campaign_book("")


@dataclass(frozen=True)
class NamedFile:
    """A file under the first name by which the record names it; `of` is the case, or the campaign."""

    of: str
    name: str
    sha256: str


def files_named(work: Work) -> tuple[NamedFile, ...]:
    """Every content that some entry names, once each, in the order of the books."""
    rows = work.connection.execute(
        sa.select(ENTRY.c.book, ENTRY.c.body)
        .where(
            sa.or_(
                sa.and_(ENTRY.c.book.startswith(CASES), _names_a_file_of_a_case()),
                sa.and_(ENTRY.c.book.startswith(CAMPAIGNS), ENTRY.c.kind.in_((TASK, COUNT))),
            )
        )
        .order_by(ENTRY.c.book, ENTRY.c.seq)
    )
    found: dict[str, NamedFile] = {}
    for book, body in rows:
        for file in _files_in(json.loads(body)["effects"]):
            of = book.removeprefix(CASES).removeprefix(CAMPAIGNS)
            found.setdefault(file["sha256"], NamedFile(of, file["name"], file["sha256"]))
    return tuple(found.values())


def _names_a_file_of_a_case() -> sa.ColumnElement[bool]:
    return sa.or_(ENTRY.c.kind == "attach", sa.and_(ENTRY.c.kind == "step", ENTRY.c.body.contains('"paper":{')))


def _files_in(effects: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from (effects[name] for name in ("file", "paper") if name in effects)
    yield from effects.get("files", ())
