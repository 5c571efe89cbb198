"""Links a case to what is known beyond it: the persons and units behind its parties, and the works it is about."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from engine.case_store import CASE
from engine.case_view import Attempt, Party
from engine.changing import changed
from engine.definitions import Definition, Step
from engine.ledger import Damage, Entry
from engine.respondent_store import By, respondent_for
from engine.standing import answers_of
from engine.store import Statement, Work
from engine.tables import CaseWorkRow
from engine.work_titles import titles_in

CASE_WORK = CaseWorkRow.__table__  # type: ignore[attr-defined]


def linked_parties(
    work: Work, by: By, definition: Definition, answers: Mapping[str, Any], parties: tuple[Party, ...]
) -> tuple[Party, ...]:
    """The parties of an opening with the person or unit behind each."""
    number = answers.get(definition.open.party.get("number", ""))
    return tuple(changed(p, respondent=respondent_for(work, by, p.kind, p.name, number).id) for p in parties)


def linked_attempt(work: Work, by: By, step: Step, attempt: Attempt) -> Attempt:
    """The attempt with the person or unit behind the name that becomes a party by it."""
    joins = step.joins
    name = attempt.answers.get(joins.name) if joins is not None else None
    if joins is None or not name:
        return attempt
    number = attempt.answers.get(joins.number) if joins.number else None
    kind = str(attempt.answers.get(joins.kind) or "unit")
    return changed(attempt, respondent=respondent_for(work, by, kind, str(name), number).id)


def keep_works(work: Work, case_no: str, definition: Definition, answers: Mapping[str, Any]) -> None:
    """Keep the titles by which other cases about the same works are found."""
    titles = titles_in(str(answers.get(definition.open.works or "") or ""))
    work.run_many(_INSERT_WORK, [{"case_no": case_no, "work": title} for title in titles])


def keep_missing_works(work: Work, answer: str) -> None:
    """For a store of a program that did not know works by their titles: those that its cases name in that answer."""
    if work.first(_ANY_WORK, {}) is not None:
        return
    for case_no, facts in work.all(_FACTS, {}):
        titles = titles_in(str(json.loads(facts).get(answer) or ""))
        work.run_many(_INSERT_WORK, [{"case_no": case_no, "work": title} for title in titles])


def works_of(work: Work, case_no: str) -> frozenset[str]:
    """The titles kept with a case."""
    return frozenset(row[0] for row in work.all(_WORKS, {"case_key": case_no}))


def works_damage(
    book: str, entries: Sequence[Entry], kept: frozenset[str], definition: Mapping[str, Any]
) -> Damage | None:
    """Whether other titles are kept with a case than its opening names, as corrected.

    A definition of an earlier program does not say where.
    """
    answer = definition.get("open", {}).get("works")
    if answer is None:
        return None
    opening = entries[0].seq
    named = answers_of(entries)[opening].get(answer)
    value = named.value if named is not None else ""
    # A personal value that was erased by law has left only its hash.
    if isinstance(value, dict) or frozenset(titles_in(str(value))) == kept:
        return None
    return Damage(book, opening, "案件所涉作品与登记时所填不符", "the works differ from those its opening names")


_WORKS = Statement(lambda _: sa.select(CASE_WORK.c.work).where(CASE_WORK.c.case_no == sa.bindparam("case_key")))
_ANY_WORK = Statement(lambda _: sa.select(CASE_WORK.c.work).limit(1))
_FACTS = Statement(lambda _: sa.select(CASE.c.case_no, CASE.c.facts).order_by(CASE.c.case_no))
_INSERT_WORK = Statement(
    lambda _: sa.insert(CASE_WORK).values(case_no=sa.bindparam("case_no"), work=sa.bindparam("work"))
)
