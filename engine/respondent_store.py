"""Reads and writes respondents: finds whom a name and a number mean, and appends to their books."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from engine.book_store import append
from engine.case_store import CASE, PARTY
from engine.clock import legal_day, stored_instant
from engine.errors import CaseChangedMeanwhile, NotFound, Remedy
from engine.ledger import Entry, Head, Said
from engine.numbers import hold, next_number
from engine.parties import UNIT
from engine.respondents import KIND, Act, Respondent, acted, chosen, normal_number, respondent_book
from engine.store import Statement, Work
from engine.tables import RespondentAliasRow, RespondentRow

RESPONDENT = RespondentRow.__table__  # type: ignore[attr-defined]
ALIAS = RespondentAliasRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class By:
    """Who says it, when, and why."""

    actor: str
    at: datetime
    reason: str = ""


def respondent_for(work: Work, by: By, kind: str, name: str, number: str | None) -> Respondent:
    """The person or unit behind a name, found or newly added; a number that was missing is added to it."""
    number = normal_number(number) if number else None
    known = _known(work, kind, name, number)
    found = chosen(kind, name, number, known)
    if found is None:
        # Whoever adds the same one at the same time is waited for, and looked for again.
        hold(work, KIND)
        known = _known(work, kind, name, number)
        found = chosen(kind, name, number, known)
    if found is None:
        return _added(work, by, kind, name, number)
    if number is not None and all(r.number != number for r in known):
        return act_on(work, found, by, "number", {"number": number}, {})
    return found


def respondent(work: Work, respondent_id: str) -> Respondent:
    """One of them by its id. Raises NotFound."""
    row = work.first(_BY_ID, {"id_key": respondent_id})
    if row is None:
        raise NotFound(
            "respondent.unknown",
            f"没有当事人“{respondent_id[:40]}”",
            f"there is no respondent {respondent_id[:40]!r}",
            Remedy("查找当事人", "look for it", "anjuan respondent list --text …"),
        )
    return _respondent(row, [alias for (alias,) in work.all(_ALIASES, {"id_key": respondent_id})])


def known_respondent(work: Work, respondent_id: str) -> Respondent | None:
    """One of them, if there is one."""
    try:
        return respondent(work, respondent_id)
    except NotFound:
        return None


def act_on(
    work: Work, before: Respondent, by: By, act: Act, said: Mapping[str, str], effects: Mapping[str, Any]
) -> Respondent:
    """Put one more thing about a respondent on record. Raises CaseChangedMeanwhile when another did so meanwhile."""
    entry = append(work, _said(before.id, by, act, said, effects), before.head)
    after = acted(before, entry)
    values = {
        **_columns(after, entry),
        "id_key": after.id,
        "expected_seq": before.head.seq,
    }
    work.change_one(_UPDATE, values, CaseChangedMeanwhile(before.id))
    if act == "alias":
        work.run(_ADD_ALIAS, {"respondent": after.id, "name": said["alias"]})
    return after


def listed(work: Work, text: str | None, limit: int) -> tuple[Respondent, ...]:
    """Those in whose name, alias or number the text occurs, by id; all of them without a text."""
    where: list[Any] = []
    if text:
        alias = sa.exists().where(ALIAS.c.respondent == RESPONDENT.c.id, ALIAS.c.name.contains(text, autoescape=True))
        number = normal_number(text)
        where = [
            sa.or_(
                RESPONDENT.c.name.contains(text, autoescape=True),
                # In part only that of a unit: a person's could be found out digit by digit.
                RESPONDENT.c.number == number,
                sa.and_(RESPONDENT.c.kind == UNIT, RESPONDENT.c.number.contains(number, autoescape=True))
                if number
                else sa.false(),
                RESPONDENT.c.id == text,
                alias,
            )
        ]
    rows = work.connection.execute(sa.select(*RESPONDENT.columns).where(*where).order_by(RESPONDENT.c.id).limit(limit))
    found = [tuple(row) for row in rows]
    aliases: dict[str, list[str]] = {row[0]: [] for row in found}
    for owner, name in work.connection.execute(
        sa.select(ALIAS.c.respondent, ALIAS.c.name).where(ALIAS.c.respondent.in_(list(aliases)))
    ):
        aliases[owner].append(name)
    return tuple(_respondent(row, aliases[row[0]]) for row in found)


def cases_of(work: Work, respondent_id: str) -> tuple[tuple[str, str, str, str, str], ...]:
    """(case number, unit, title, state, definition) of every case of which it, or one that it turned out to be the
    same as, is a party; by number."""
    rows = work.all(_CASES, {"id_key": respondent_id})
    return tuple((no, unit, title, state, definition) for no, unit, title, state, definition in rows)


def those_with(work: Work, number: str) -> tuple[Respondent, ...]:
    """Those of that number, with all that are one with them; by id."""
    return _candidates(work, "", number)


def joined_to(work: Work, respondent_id: str) -> tuple[Respondent, ...]:
    """Those that turned out to be this one; by id."""
    found = [row[0] for row in work.all(_JOINED, {"id_key": respondent_id})]
    return tuple(respondent(work, one) for one in found)


def _known(work: Work, kind: str, name: str, number: str | None) -> tuple[Respondent, ...]:
    """All that a name and a number could mean. A person's name means nobody: hundreds may be called so."""
    return _candidates(work, name if kind == UNIT else "", number or "")


def _candidates(work: Work, name: str, number: str) -> tuple[Respondent, ...]:
    rows: dict[str, Any] = {}
    aliases: dict[str, list[str]] = {}
    for *row, alias in work.all(_CANDIDATES, {"name_key": name, "number_key": number}):
        rows[row[0]] = row
        aliases.setdefault(row[0], []).extend([alias] if alias is not None else [])
    return tuple(_respondent(row, aliases[id_]) for id_, row in rows.items())


def _added(work: Work, by: By, kind: str, name: str, number: str | None) -> Respondent:
    respondent_id = f"R-{next_number(work, KIND):06d}"
    answers = {"name": name, **({"number": number} if number else {})}
    entry = append(work, _said(respondent_id, by, "add", answers, {"id": respondent_id, "kind": kind}), Head())
    added = acted(None, entry)
    work.run(_INSERT, {"id": respondent_id, **_columns(added, entry)})
    return added


def _said(respondent_id: str, by: By, act: Act, said: Mapping[str, str], effects: Mapping[str, Any]) -> Said:
    return Said(
        respondent_book(respondent_id),
        KIND,
        by.actor,
        legal_day(by.at).isoformat(),
        by.at,
        reason=by.reason,
        answers=said,
        personal=frozenset(said),
        effects={"act": act, **effects},
    )


def _columns(r: Respondent, entry: Entry) -> dict[str, Any]:
    return {
        "kind": r.kind,
        "name": r.name,
        "number": r.number,
        "ended_on": r.ended_on.isoformat() if r.ended_on else None,
        "same_as": r.same_as,
        "recorded_at": stored_instant(datetime.fromisoformat(entry.recorded_at)),
        "head_seq": r.head.seq,
        "head_hash": r.head.hash,
    }


def _respondent(row: Any, aliases: Iterable[str]) -> Respondent:
    v = dict(zip((c.name for c in RESPONDENT.columns), row, strict=True))
    ended_on = date.fromisoformat(v["ended_on"]) if v["ended_on"] else None
    head = Head(v["head_seq"], v["head_hash"])
    return Respondent(v["id"], v["kind"], v["name"], v["number"], ended_on, v["same_as"], tuple(aliases), head)


_BY_ID = Statement(lambda _: sa.select(*RESPONDENT.columns).where(RESPONDENT.c.id == sa.bindparam("id_key")))
_ALIASES = Statement(
    lambda _: sa.select(ALIAS.c.name).where(ALIAS.c.respondent == sa.bindparam("id_key")).order_by(ALIAS.c.name)
)
_JOINED = Statement(
    lambda _: sa.select(RESPONDENT.c.id).where(RESPONDENT.c.same_as == sa.bindparam("id_key")).order_by(RESPONDENT.c.id)
)


def _build_candidates(_dialect: str) -> sa.Executable:
    """Rows of that name, alias or number with the whole group of each, and an alias per row; each way by its index."""
    root = sa.func.coalesce(RESPONDENT.c.same_as, RESPONDENT.c.id).label("root")
    named: Any = sa.bindparam("name_key")
    hits = sa.union(
        sa.select(root).where(RESPONDENT.c.number == sa.bindparam("number_key")),
        sa.select(root).where(RESPONDENT.c.name == named),
        sa.select(root).join(ALIAS, ALIAS.c.respondent == RESPONDENT.c.id).where(ALIAS.c.name == named),
    ).cte("hits")
    group = sa.union(
        sa.select(*RESPONDENT.columns).join(hits, RESPONDENT.c.id == hits.c.root),
        sa.select(*RESPONDENT.columns).join(hits, RESPONDENT.c.same_as == hits.c.root),
    ).subquery("alike")
    return (
        sa.select(*group.columns, ALIAS.c.name)
        .select_from(group.outerjoin(ALIAS, ALIAS.c.respondent == group.c.id))
        .order_by(group.c.id, ALIAS.c.name)
    )


_CANDIDATES = Statement(_build_candidates)
_CASES = Statement(
    lambda _: (
        sa.select(CASE.c.case_no, CASE.c.unit, CASE.c.title, CASE.c.state, CASE.c.definition)
        .where(
            CASE.c.case_no.in_(
                sa.select(PARTY.c.case_no)
                .join(RESPONDENT, RESPONDENT.c.id == PARTY.c.respondent)
                .where(
                    sa.or_(
                        RESPONDENT.c.id == sa.bindparam("id_key"),
                        RESPONDENT.c.same_as == sa.bindparam("id_key"),
                    )
                )
            )
        )
        .order_by(CASE.c.case_no)
    )
)
_INSERT = Statement(lambda _: sa.insert(RESPONDENT).values({c.name: sa.bindparam(c.name) for c in RESPONDENT.columns}))
_UPDATE = Statement(
    lambda _: (
        sa.update(RESPONDENT)
        .where(RESPONDENT.c.id == sa.bindparam("id_key"), RESPONDENT.c.head_seq == sa.bindparam("expected_seq"))
        .values({c.name: sa.bindparam(c.name) for c in RESPONDENT.columns if c.name != "id"})
    )
)
_ADD_ALIAS = Statement(
    lambda _: sa.insert(ALIAS).values(respondent=sa.bindparam("respondent"), name=sa.bindparam("name"))
)
