"""Looks in the record for the files that it names: attached ones, and papers that somebody signed. Reads only."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine.book_store import ENTRY
from engine.ledger import case_book
from engine.store import Work


@dataclass(frozen=True)
class NamedFile:
    """A file under the first name by which a case names it."""

    case_no: str
    name: str
    sha256: str


def files_named(work: Work) -> tuple[NamedFile, ...]:
    """Every content that some entry names, once each, in the order of the books."""
    rows = work.connection.execute(
        sa.select(ENTRY.c.book, ENTRY.c.body)
        .where(
            sa.or_(ENTRY.c.kind == "attach", sa.and_(ENTRY.c.kind == "step", ENTRY.c.body.contains('"paper":{'))),
            ENTRY.c.book.startswith(case_book("")),
        )
        .order_by(ENTRY.c.book, ENTRY.c.seq)
    )
    found: dict[str, NamedFile] = {}
    for book, body in rows:
        for file in _files_in(json.loads(body)["effects"]):
            found.setdefault(file["sha256"], NamedFile(book.removeprefix(case_book("")), file["name"], file["sha256"]))
    return tuple(found.values())


def _files_in(effects: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    return (effects[name] for name in ("file", "paper") if name in effects)
