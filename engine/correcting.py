"""Puts a slip of the pen right: a marked entry beside the one it corrects, and figures that follow by signed tallies.

What was written first stays in the record. The version of the case rises: whoever decided on the answers as they were
is to look again before he acts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.answers import require_text
from engine.book_store import append, entries_of
from engine.case_links import keep_works
from engine.case_store import update_case
from engine.case_view import CaseView, Party, StepTaken
from engine.casework import find_case, surroundings
from engine.changing import changed
from engine.clock import legal_day, stored_instant
from engine.correct_judging import CorrectCase, CorrectionVerdict, Rewritten, judge_correction
from engine.correction_store import forget_works, set_category, set_party
from engine.definitions import Definition
from engine.errors import InputWrong, Remedy, TransitionRefused
from engine.ledger import Entry, Head, Said, case_book
from engine.office import Office
from engine.parties import parties_of_opening
from engine.refiguring import Changes, figure_changes, tallies_from
from engine.standing import CORRECT, answers_of
from engine.store import Work
from engine.tallies import Tally, write_tallies

Answers = Mapping[int, Mapping[str, Any]]


@dataclass(frozen=True)
class Corrected:
    """What was put right, the case before and after, and the entry that says so."""

    before: CaseView
    after: CaseView
    answers: tuple[Rewritten, ...]
    tallies: tuple[Tally, ...]
    entry: Entry


def correct(office: Office, work: Work, order: CorrectCase) -> Corrected:
    """Do it. Raises TransitionRefused with every reason, NotFound, Forbidden, InputWrong."""
    require_text(order.reason)
    if not order.given:
        raise InputWrong(
            "correct.nothing",
            "请用--set写明更正的内容",
            "say with --set what is to be corrected",
            Remedy("例如--set title=…", "for example --set title=…"),
        )
    case = find_case(office, work, order.case_no, order.actor)
    around = surroundings(office, case)
    definition = office.workflow_for(work, case).definition
    entries = entries_of(work, case_book(case.case_no))
    actor = office.people.person(order.actor)
    verdict = judge_correction(order, case, definition, answers_of(entries), actor, around)
    if verdict.refusals:
        raise TransitionRefused(case.case_no, CORRECT, verdict.refusals, (), "更正", "correct")
    after = _after(definition, case, entries, verdict, stored_instant(around.now))
    changes = figure_changes(definition, case, after, entries, around)
    tallies = tallies_from(changes, case)
    entry = append(work, _said(office, order, after, verdict, changes, tallies), Head(case.head_seq, case.head_hash))
    _store(work, case, after, entry, tallies)
    _store_works(work, definition, case, verdict)
    return Corrected(case, after, verdict.answers, tallies, entry)


def _store(work: Work, before: CaseView, after: CaseView, entry: Entry, tallies: Sequence[Tally]) -> None:
    update_case(work, changed(after, head_seq=entry.seq, head_hash=entry.hash), before.version)
    for party in set(after.parties) - set(before.parties):
        set_party(work, after.case_no, party)
    for campaign in set(after.campaigns) - set(before.campaigns):
        set_category(work, after.case_no, campaign)
    write_tallies(work, entry.book, entry.seq, tallies)


def _store_works(work: Work, definition: Definition, case: CaseView, verdict: CorrectionVerdict) -> None:
    """The works by which the case is found, where what names them was put right."""
    named = {one.name: one.value for one in verdict.answers if one.seq == case.trail[0].seq}
    if definition.open.works in named:
        forget_works(work, case.case_no)
        keep_works(work, case.case_no, definition, named)


def _after(
    definition: Definition, case: CaseView, entries: Sequence[Entry], verdict: CorrectionVerdict, recorded_at: str
) -> CaseView:
    """The case as it stands with what was put right."""
    by_seq: dict[int, dict[str, Any]] = defaultdict(dict)
    for one in verdict.answers:
        by_seq[one.seq][one.name] = one.value
    stood = {seq: {name: one.value for name, one in said.items()} for seq, said in answers_of(entries).items()}
    stands = {seq: said | by_seq.get(seq, {}) for seq, said in stood.items()}
    newest = {name: taken.seq for taken in case.trail for name in stands[taken.seq]}
    categories = {c.before.id: c.after for c in verdict.categories}
    texts = {(one.seq, one.name) for one in verdict.answers if one.answer.type == "text"}
    return changed(
        case,
        version=case.version + 1,
        title=str(by_seq.get(case.trail[0].seq, {}).get(definition.open.title, case.title)),
        facts={**case.facts, **{one.name: one.value for one in verdict.answers if newest[one.name] == one.seq}},
        trail=tuple(_taken_with(taken, by_seq.get(taken.seq, {}), texts) for taken in case.trail),
        parties=_parties(definition, case, entries, stood, stands),
        campaigns=tuple(categories.get(c.id, c) for c in case.campaigns),
        recorded_at=recorded_at,
    )


def _taken_with(taken: StepTaken, values: Mapping[str, Any], texts: Collection[tuple[int, str]]) -> StepTaken:
    """The step on the trail with those answers; the trail leaves texts out, and goes on doing so."""
    kept = {name: value for name, value in values.items() if (taken.seq, name) not in texts}
    return changed(taken, answers={**taken.answers, **kept}) if kept else taken


def _parties(
    definition: Definition, case: CaseView, entries: Sequence[Entry], stood: Answers, stands: Answers
) -> tuple[Party, ...]:
    """The parties, those whose name or kind was put right under the new one."""
    before, after = (_named(definition, case, entries, answers) for answers in (stood, stands))
    return tuple(
        changed(p, name=after[p.party_no][0], kind=after[p.party_no][1])
        if after.get(p.party_no) != before.get(p.party_no)
        else p
        for p in case.parties
    )


def _named(
    definition: Definition, case: CaseView, entries: Sequence[Entry], answers: Answers
) -> dict[int, tuple[str, str]]:
    """Name and kind of the parties by their numbers, as those answers give them."""
    found = {p.party_no: (p.name, p.kind) for p in parties_of_opening(definition, answers[case.trail[0].seq])}
    for taken in case.trail[1:]:
        step = definition.steps.get(taken.step)  # one of an earlier version made nobody a party
        joins = step.joins if step is not None else None
        if joins is None:
            continue
        for joined in entries[taken.seq - 1].said()["effects"].get("joined", ()):
            said = answers[taken.seq]
            found[joined["party_no"]] = (str(said[joins.name]), str(said.get(joins.kind) or joined["kind"]))
    return found


def _said(
    office: Office,
    order: CorrectCase,
    after: CaseView,
    verdict: CorrectionVerdict,
    changes: Changes,
    tallies: Iterable[Tally],
) -> Said:
    now = office.clock.now()
    effects = {
        "corrects": {one.name: one.seq for one in verdict.answers},
        "before": {one.name: one.before.stated for one in verdict.answers},
        "categories": [
            {"campaign": c.before.id, "from": c.before.category, "to": c.after.category} for c in verdict.categories
        ],
        "version": after.version,
        "tallies": [{**t.shown(), "happened_on": t.happened_on.isoformat()} for t in tallies],
        "of": {
            str(seq): [figure.shown(n) for figure, n in sorted(figures.items())] for seq, figures in changes.items()
        },
    }
    return Said(
        case_book(order.case_no),
        CORRECT,
        order.actor,
        legal_day(now).isoformat(),
        now,
        reason=order.reason,
        answers={one.name: one.value for one in verdict.answers},
        personal=frozenset(one.name for one in verdict.answers if one.answer.personal),
        effects=effects,
        rules={"definition": after.definition},
    )
