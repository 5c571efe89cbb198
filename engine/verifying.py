"""Walks the whole record, book by book, and names the first thing that is not as it was written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine.book_store import ENTRY, anchors, books, entries_of
from engine.case_links import works_damage, works_of
from engine.case_store import CASE, CASE_COLUMNS, DEADLINE, DEADLINE_COLUMNS, IN_CAMPAIGN, PARTY, case_not_found
from engine.documents import DOCUMENT, changed_documents, document_by_hash
from engine.holder_store import offer_of
from engine.ledger import NO_HASH, STORE_BOOK, Damage, Entry, Head, anchor_root, case_book
from engine.people_replaying import staff_damage
from engine.people_store import staff_rows
from engine.replaying import Face, chain_damage, face_damage, head_damage, tally_damage
from engine.respondent_store import RESPONDENT, known_respondent
from engine.respondents import PREFIX, respondent_damage
from engine.store import Statement, Work
from engine.tallies import TALLY

CASE_PREFIX = "case:"
UNIT_PREFIX = "unit:"
ANCHORS = "anchor"


@dataclass(frozen=True)
class Verified:
    """How much was looked at, and the first damage; `None` where everything is as it was written."""

    cases: int
    entries: int
    first_bad: Damage | None

    @property
    def ok(self) -> bool:
        return self.first_bad is None


def verify_store(work: Work) -> Verified:
    """Every book with the tables that follow from it, every document, every anchor.

    To be given a view that does not move (`engine.snapshot`).
    """
    cases = work.first(_COUNT_CASES, {})[0]
    entries = work.first(_COUNT_ENTRIES, {})[0]
    return Verified(cases, entries, next(_damages(work), None))


def verify_case(work: Work, case_no: str) -> Verified:
    """One case: its book, its anchored heads, its tables. Raises NotFound."""
    book = case_book(case_no)
    entries = entries_of(work, book)
    if not entries and work.first(_ROW, {"case_key": case_no}) is None:
        raise case_not_found(case_no)
    anchored = _Anchored(work)
    damage = anchored.damage or _book_damage(work, book, entries, anchored.heads, _Definitions(work))
    return Verified(1, len(entries), damage)


class _Anchored:
    """The heads that were sealed, by book and number; and the first anchor that is not whole."""

    def __init__(self, work: Work) -> None:
        self.heads: dict[str, dict[int, str]] = defaultdict(dict)
        self.damage: Damage | None = None
        root_before = NO_HASH
        for number, (seq, root, previous, heads) in enumerate(anchors(work), start=1):
            if self.damage is None and (seq != number or previous != root_before):
                self.damage = Damage(ANCHORS, number, "固定值不连续", "the anchors do not follow one another")
            if self.damage is None and anchor_root(heads, previous) != root:
                self.damage = Damage(ANCHORS, seq, "固定值与其内容不符", "the root does not match what it seals")
            root_before = root
            for book, head in heads.items():
                self.heads[book][head.seq] = head.hash


class _Definitions:
    """Workflow definitions as stored, by hash, each read once."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._known: dict[str, Mapping[str, Any]] = {}

    def __getitem__(self, hash_: str) -> Mapping[str, Any]:
        if hash_ not in self._known:
            document = document_by_hash(self._work, "workflow", hash_)
            self._known[hash_] = document.content if document else {}
        return self._known[hash_]


def _damages(work: Work) -> Iterator[Damage]:
    """Everything wrong, found one by one: whoever takes the first does not pay for the rest."""
    for kind, id_ in changed_documents(work):
        yield Damage(f"document:{kind}:{id_}", 0, "规则文件被改动过", "this document was changed")
    anchored = _Anchored(work)
    if anchored.damage is not None:
        yield anchored.damage
    definitions = _Definitions(work)
    known = books(work)
    for book in known:
        damage = _book_damage(work, book, entries_of(work, book), anchored.heads, definitions)
        if damage is not None:
            yield damage
    for book in sorted(set(anchored.heads) - set(known)):
        yield Damage(book, 1, "整本记录不见了", "the whole book is gone")
    row = work.first(_CASE_WITHOUT_BOOK, {"prefix": CASE_PREFIX})
    if row is not None:
        yield Damage(case_book(row[0]), 1, "案件没有记录", "the case has no record")
    row = work.first(_RESPONDENT_WITHOUT_BOOK, {"prefix": PREFIX})
    if row is not None:
        yield Damage(f"{PREFIX}{row[0]}", 1, "当事人登记没有记录", "the respondent has no record")
    row = work.first(_PARTY_WITHOUT_RESPONDENT, {})
    if row is not None:
        yield Damage(case_book(row[0]), row[1], f"当事人登记{row[2]}不见了", f"respondent {row[2]} of a party is gone")
    row = work.first(_TALLY_WITHOUT_ENTRY, {})
    if row is not None:
        yield Damage(row[0], row[1], "统计数字没有相应的记录", "figures stand there that no entry caused")


def _book_damage(
    work: Work,
    book: str,
    entries: Sequence[Entry],
    anchored: Mapping[str, Mapping[int, str]],
    definitions: _Definitions,
) -> Damage | None:
    damage = chain_damage(book, entries, anchored.get(book, {}))
    if damage is not None:
        return damage
    if book.startswith(CASE_PREFIX):
        damage = _case_damage(work, book, entries, definitions)
    elif book.startswith(UNIT_PREFIX):
        damage = _unit_damage(work, book, entries)
    elif book.startswith(PREFIX):
        damage = respondent_damage(book, entries, known_respondent(work, book.removeprefix(PREFIX)))
    elif book == STORE_BOOK:
        damage = _document_damage(work, entries) or staff_damage(book, entries, staff_rows(work))
    return damage or tally_damage(book, entries, _tallies_of(work, book))


def _case_damage(work: Work, book: str, entries: Sequence[Entry], definitions: _Definitions) -> Damage | None:
    case_no = book.removeprefix(CASE_PREFIX)
    row = work.first(_ROW, {"case_key": case_no})
    if row is None:
        return Damage(book, entries[-1].seq if entries else 1, "案件已不在库中", "the case itself is gone")
    values = dict(zip(CASE_COLUMNS, row, strict=True))
    if not entries:
        return Damage(book, 1, "案件没有记录", "the case has no record")
    deadlines = (dict(zip(DEADLINE_COLUMNS, d, strict=True)) for d in work.all(_DEADLINES, {"case_key": case_no}))
    campaigns = frozenset(tuple(row) for row in work.all(_CAMPAIGNS, {"case_key": case_no}))
    parties = frozenset(tuple(row) for row in work.all(_PARTIES, {"case_key": case_no}))
    offer = offer_of(work, case_no)
    offered = (offer.from_name, offer.to_name, offer.reason) if offer is not None else None
    face = Face(values, {d["id"]: d for d in deadlines}, campaigns, parties, offered)
    damage = head_damage(book, entries, Head(values["head_seq"], values["head_hash"]))
    definition = definitions[values["definition"]]
    damage = damage or face_damage(book, entries, face, definition)
    return damage or works_damage(book, entries, works_of(work, case_no), definition)


def _unit_damage(work: Work, book: str, entries: Sequence[Entry]) -> Damage | None:
    """Every case that the unit opened must still be there, and every case of the unit must have been opened by it."""
    opened = set()
    for entry in entries:
        effects = entry.said()["effects"]
        if entry.kind != "open":
            continue
        case_no = effects["case_no"]
        opened.add(case_no)
        first = work.first(_FIRST_HASH, {"book_key": case_book(case_no)})
        if first is None:
            return Damage(book, entry.seq, f"案件{case_no}不见了", f"case {case_no}, opened by this entry, is gone")
        if first[0] != effects["entry"]:
            return Damage(
                case_book(case_no), 1, "与单位记录所记的登记不符", "it is not the opening that the unit's book knows"
            )
    foreign = [row[0] for row in work.all(_CASES_OF_UNIT, {"unit_key": book.removeprefix(UNIT_PREFIX)})]
    unknown = next((case_no for case_no in foreign if case_no not in opened), None)
    if unknown is not None:
        return Damage(case_book(unknown), 1, "单位记录中没有登记这一案件", "the unit's book knows nothing of this case")
    return None


def _document_damage(work: Work, entries: Sequence[Entry]) -> Damage | None:
    """Every rule, campaign and definition that the store's book names must be there, and no others."""
    there = {tuple(row) for row in work.all(_DOCUMENTS, {})}
    named: set[tuple[str, ...]] = set()
    for entry in entries:
        for kind, id_, hash_ in entry.said()["effects"].get("documents", ()):
            if (kind, id_, hash_) not in there:
                return Damage(STORE_BOOK, entry.seq, f"文件{kind}:{id_}不见了", f"document {kind}:{id_} is gone")
            named.add((kind, id_, hash_))
    for kind, id_, _ in sorted(there - named):
        return Damage(f"document:{kind}:{id_}", 0, "没有记录说明其来历", "no entry says how this document came here")
    return None


def _tallies_of(work: Work, book: str) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for seq, *values in work.all(_TALLIES, {"book_key": book}):
        names = ("campaign", "column", "row", "unit", "n", "happened_on", "period")
        found[seq].append(dict(zip(names, values, strict=True)))
    return found


_COUNT_CASES = Statement(lambda _: sa.select(sa.func.count()).select_from(CASE))
_COUNT_ENTRIES = Statement(lambda _: sa.select(sa.func.count()).select_from(ENTRY))
_ROW = Statement(lambda _: sa.select(*CASE.columns).where(CASE.c.case_no == sa.bindparam("case_key")))
_DEADLINES = Statement(lambda _: sa.select(*DEADLINE.columns).where(DEADLINE.c.case_no == sa.bindparam("case_key")))
_PARTIES = Statement(
    lambda _: sa.select(PARTY.c.party_no, PARTY.c.part, PARTY.c.kind, PARTY.c.name, PARTY.c.respondent).where(
        PARTY.c.case_no == sa.bindparam("case_key")
    )
)
_CAMPAIGNS = Statement(
    lambda _: sa.select(IN_CAMPAIGN.c.campaign, IN_CAMPAIGN.c.category, IN_CAMPAIGN.c.since).where(
        IN_CAMPAIGN.c.case_no == sa.bindparam("case_key")
    )
)
_CASES_OF_UNIT = Statement(
    lambda _: sa.select(CASE.c.case_no).where(CASE.c.unit == sa.bindparam("unit_key")).order_by(CASE.c.case_no)
)
_FIRST_HASH = Statement(
    lambda _: sa.select(ENTRY.c.hash).where(ENTRY.c.book == sa.bindparam("book_key"), ENTRY.c.seq == sa.literal(1))
)
_DOCUMENTS = Statement(lambda _: sa.select(DOCUMENT.c.kind, DOCUMENT.c.id, DOCUMENT.c.hash))
_TALLIES = Statement(
    lambda _: sa.select(
        TALLY.c.seq,
        TALLY.c.campaign,
        TALLY.c.measure,
        TALLY.c.category,
        TALLY.c.unit,
        TALLY.c.n,
        TALLY.c.happened_on,
        TALLY.c.period,
    ).where(TALLY.c.book == sa.bindparam("book_key"))
)
_CASE_WITHOUT_BOOK = Statement(
    lambda _: (
        sa.select(CASE.c.case_no)
        .where(~sa.exists().where(ENTRY.c.book == sa.bindparam("prefix") + CASE.c.case_no))
        .order_by(CASE.c.case_no)
        .limit(1)
    )
)
_RESPONDENT_WITHOUT_BOOK = Statement(
    lambda _: (
        sa.select(RESPONDENT.c.id)
        .where(~sa.exists().where(ENTRY.c.book == sa.bindparam("prefix") + RESPONDENT.c.id))
        .order_by(RESPONDENT.c.id)
        .limit(1)
    )
)
_PARTY_WITHOUT_RESPONDENT = Statement(
    lambda _: (
        sa.select(PARTY.c.case_no, PARTY.c.joined_seq, PARTY.c.respondent)
        .where(PARTY.c.respondent.is_not(None), ~sa.exists().where(RESPONDENT.c.id == PARTY.c.respondent))
        .order_by(PARTY.c.case_no, PARTY.c.party_no)
        .limit(1)
    )
)
_TALLY_WITHOUT_ENTRY = Statement(
    lambda _: (
        sa.select(TALLY.c.book, TALLY.c.seq)
        .where(~sa.exists().where(ENTRY.c.book == TALLY.c.book, ENTRY.c.seq == TALLY.c.seq))
        .order_by(TALLY.c.book, TALLY.c.seq)
        .limit(1)
    )
)
