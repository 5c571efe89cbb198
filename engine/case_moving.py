"""Moves one case to another version of its workflow, whole: an entry of kind `move`, and its tables read through it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine import agenda
from engine.agenda import deadline_rungs
from engine.book_store import append, entries_of
from engine.case_store import save_deadlines, update_case
from engine.case_view import CaseView
from engine.casework import find_case, settle
from engine.changing import changed
from engine.clock import legal_day, stored_instant
from engine.deadline_effects import ended_effect, restored_effect
from engine.deadlines import Deadline, ended
from engine.judging import clock_went_back
from engine.ledger import Entry, Head, Said, case_book
from engine.move_judging import NOTHING, MoveVerdict, NameMapping, Target, judge_move
from engine.office import Office
from engine.renaming import Renaming, renaming_from
from engine.restored_deadlines import restored
from engine.standing import MOVE
from engine.store import Work

NOTE = "moved"


@dataclass(frozen=True)
class MoveOrder:
    """Who moves a case where, with which mapping, and on which grounds."""

    target: Target
    mapping: NameMapping
    actor: str
    reason: str


def judged(office: Office, work: Work, case_no: str, target: Target, mapping: NameMapping) -> MoveVerdict:
    """What would become of the case; nothing is done. Raises NotFound."""
    return _judged(office, work, find_case(office, work, case_no, None), target, mapping)[0]


def move_case(office: Office, work: Work, case_no: str, order: MoveOrder) -> MoveVerdict:
    """Move the case, if nothing stands against it: judged anew in the transaction. What has happened to it by itself
    goes on record first. Raises NotFound, CaseChangedMeanwhile."""
    case = find_case(office, work, case_no, None)
    if office.lost_to(work, case) == () and settle(office, work, case_no):
        case = find_case(office, work, case_no, None)
    verdict, last = _judged(office, work, case, order.target, order.mapping)
    if verdict.outcome == "moves":
        _carry_out(office, work, order, verdict, last)
    return verdict


def _judged(
    office: Office, work: Work, case: CaseView, target: Target, mapping: NameMapping
) -> tuple[MoveVerdict, Entry | None]:
    last = _last_move(entries_of(work, case_book(case.case_no)), case.definition, target.hash)
    back = _back(last) if last is not None else NOTHING
    verdict = judge_move(case, office.definition_of(work, case.definition), target, mapping, back)
    if stored_instant(office.clock.now()) < case.recorded_at:
        verdict = replace(verdict, outcome="blocked", blocks=(*verdict.blocks, clock_went_back(case.recorded_at)))
    return verdict, last


def _last_move(entries: Sequence[Entry], here: str, target: str) -> Entry | None:
    """The entry that brought the case here from that very version, where moving there means moving back."""
    moves = [entry for entry in entries if entry.kind == MOVE]
    if not moves:
        return None
    definition = moves[-1].said()["effects"]["definition"]
    return moves[-1] if definition == {"from": target, "to": here} else None


def _back(entry: Entry) -> Renaming:
    return renaming_from(entry.said()["effects"]["renamed"]).turned_round()


def _carry_out(office: Office, work: Work, order: MoveOrder, verdict: MoveVerdict, last: Entry | None) -> None:
    case, now = verdict.case, office.clock.now()
    today = legal_day(now)
    stopped = tuple(ended(d, "stopped", today, note=NOTE) for d in verdict.ended)
    again = _ended_by(last, case, office) if last is not None else ()
    effects = {
        "definition": {"from": case.definition, "to": order.target.hash},
        "from": case.state,
        "to": verdict.after.state,
        "version": verdict.after.version,
        "renamed": verdict.renaming.document(),
        "deadlines": [
            *(ended_effect(before, after) for before, after in zip(verdict.ended, stopped, strict=True)),
            *map(restored_effect, again),
        ],
    }
    said = Said(
        case_book(case.case_no), MOVE, order.actor, today.isoformat(), now, reason=order.reason, effects=effects
    )
    entry = append(work, said, Head(case.head_seq, case.head_hash))
    after = changed(verdict.after, recorded_at=stored_instant(now), head_seq=entry.seq, head_hash=entry.hash)
    update_case(work, after, case.version)
    save_deadlines(work, case.case_no, (*stopped, *again))
    agenda.plan(work, deadline_rungs(entry.book, case.unit, again, office.law, today))


def _ended_by(last: Entry, case: CaseView, office: Office) -> tuple[Deadline, ...]:
    """The limits that the move which is taken back had ended, running again."""
    found = restored(case, last.said()["effects"]["deadlines"], office.law)
    return tuple(d for d in found if case.deadlines[d.id].note == NOTE)
