"""Takes the last step of a case back: a compensating entry that reverses state, deadlines and figures.

Nothing is deleted from the record. The actor may take back his own step on the day on which he recorded it, as long as
nothing has been served or sent because of it; otherwise the unit lead may, with a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from engine.agenda import deadline_rungs, mailed_subjects, plan
from engine.answers import require_text
from engine.book_store import append, entries_of
from engine.case_store import free_pass, remove_deadline, save_deadlines, update_case
from engine.case_view import CaseView, StepTaken
from engine.casework import find_case
from engine.clock import legal_day, stored_instant
from engine.deadlines import Deadline
from engine.definitions import OPEN, Definition
from engine.errors import Refusal, Remedy, TransitionRefused
from engine.judging import clock_went_back
from engine.ledger import Entry, Head, Said, case_book
from engine.office import Office
from engine.people import Person
from engine.store import Work
from engine.tallies import Tally, reversed_tallies, tallies_by_entry, write_tallies

LEAD = "lead"


@dataclass(frozen=True)
class Undone:
    """What was taken back: the step, and how the case stands now."""

    step: str
    seq: int
    before: CaseView
    after: CaseView
    deadlines: tuple[Deadline, ...]
    tallies: tuple[Tally, ...]
    entry: Entry


def undo(office: Office, work: Work, case_no: str, actor_name: str, reason: str) -> Undone:
    """Take the last step back. Raises TransitionRefused with every reason, NotFound, Forbidden."""
    require_text(reason)
    case = find_case(office, work, case_no, actor_name)
    actor = office.people.person(actor_name)
    entries = entries_of(work, case_book(case_no))
    last = case.trail[-1]
    entry = entries[last.seq - 1]
    effects = entry.said()["effects"]
    now = office.clock.now()
    refusals = _refusals(office, work, case, actor, entry, effects, reason)
    if refusals:
        raise TransitionRefused(case_no, "undo", refusals, (), "撤回上一步", "take the last step back")
    restored = tuple(_restored(case, effects["deadlines"]))
    removed = [e["id"] for e in effects["deadlines"] if e["act"] == "start"]
    tallies = reversed_tallies(tallies_by_entry(work, entry.book, entry.seq))
    definition = office.workflow_of(work, case.definition).definition
    after = _case_before(definition, case, entries, restored, removed, stored_instant(now))
    said = _said(case, actor, office, reason, entry, after, restored, removed, tallies)
    written = append(work, said, Head(case.head_seq, case.head_hash))
    update_case(work, replace(after, head_seq=written.seq, head_hash=written.hash), case.version)
    for deadline_id in removed:
        remove_deadline(work, case_no, deadline_id)
    save_deadlines(work, case_no, restored)
    write_tallies(work, written.book, written.seq, tallies)
    plan(work, deadline_rungs(written.book, case.unit, restored, office.law.calendar, legal_day(now)))
    for pass_id in effects["passes"]:
        free_pass(work, pass_id)
    return Undone(last.step, last.seq, case, after, restored, tallies, written)


def _refusals(
    office: Office,
    work: Work,
    case: CaseView,
    actor: Person,
    entry: Entry,
    effects: Mapping[str, Any],
    reason: str,
) -> tuple[Refusal, ...]:
    now = office.clock.now()
    last = case.trail[-1]
    if last.step == OPEN:
        return (
            Refusal(
                "undo.nothing",
                "登记之后还没有办理任何步骤，没有可以撤回的",
                "no step has been taken since the case was opened; there is nothing to take back",
            ),
        )
    refusals = []
    if not reason.strip():
        refusals.append(
            Refusal(
                "reason.missing",
                "撤回须说明理由",
                "taking a step back needs a reason",
                remedy=Remedy("写明理由", "give the reason", f"anjuan case undo {case.case_no} --reason …"),
            )
        )
    if stored_instant(now) < case.recorded_at:
        refusals.append(clock_went_back(case.recorded_at))
    if not office.people.holds(actor, LEAD, case.unit):
        refusals += _own_refusals(office, work, case, actor, entry, effects)
    return tuple(refusals)


def _own_refusals(
    office: Office, work: Work, case: CaseView, actor: Person, entry: Entry, effects: Mapping[str, Any]
) -> Iterable[Refusal]:
    last = case.trail[-1]
    leads = office.people.holders(LEAD, case.unit)
    remedy = Remedy(
        "请承办机构负责人撤回", "the unit lead may take it back", f"anjuan case undo {case.case_no} --reason …"
    )
    if entry.actor != actor.name:
        yield Refusal(
            "undo.not_own",
            f"上一步由{entry.actor}办理，只能由其本人撤回",
            f"the last step was taken by {entry.actor}, who alone may take it back",
            facts={"actor": entry.actor, "step": last.step},
            remedy=remedy,
            who_can=leads,
        )
    recorded_on = legal_day(datetime.fromisoformat(entry.recorded_at))
    if recorded_on != legal_day(office.clock.now()):
        yield Refusal(
            "undo.too_late",
            f"上一步于{recorded_on}登记，只能在当日撤回",
            f"the last step was recorded on {recorded_on} and may be taken back only on that day",
            facts={"recorded_on": recorded_on.isoformat(), "step": last.step},
            remedy=remedy,
            who_can=leads,
        )
    started = {e["id"] for e in effects["deadlines"] if e["act"] == "start"}
    mailed = started & mailed_subjects(work, case_book(case.case_no))
    if effects.get("served") or mailed:
        yield Refusal(
            "undo.served",
            "因这一步已有文书送达或通知发出",
            "something was served or sent because of this step",
            facts={"step": last.step, "mailed": sorted(mailed)},
            remedy=remedy,
            who_can=leads,
        )


def _restored(case: CaseView, effects: Iterable[Mapping[str, Any]]) -> Iterable[Deadline]:
    for effect in effects:
        if effect["act"] == "end":
            before = effect["before"]
            ended_on = date.fromisoformat(before["ended_on"]) if before["ended_on"] else None
            yield replace(case.deadlines[effect["id"]], state=before["state"], note=before["note"], ended_on=ended_on)


def _case_before(
    definition: Definition,
    case: CaseView,
    entries: Sequence[Entry],
    restored: Iterable[Deadline],
    removed: Iterable[str],
    recorded_at: str,
) -> CaseView:
    trail = case.trail[:-1]
    gone = set(removed)
    deadlines = {d.id: d for d in (*case.deadlines.values(), *restored) if d.id not in gone}
    return replace(
        case,
        state=case.trail[-1].source,
        ended=definition.states[case.trail[-1].source].end,
        version=case.version + 1,
        holders=_holders(definition, trail),
        facts=_facts(entries, {t.seq for t in trail}),
        trail=trail,
        deadlines=deadlines,
        last_on=trail[-1].on,
        last_at=stored_instant(datetime.fromisoformat(trail[-1].at or "")) if trail[-1].at else None,
        recorded_at=recorded_at,
    )


def _holders(definition: Definition, trail: Sequence[StepTaken]) -> tuple[str, ...]:
    """Who held the case before: those whom the last assigning step named, else whoever opened it."""
    for taken in reversed(trail[1:]):
        assigns = definition.steps[taken.step].assigns
        if assigns and taken.answers.get(assigns):
            return tuple(taken.answers[assigns])
    return (trail[0].actor,)


def _facts(entries: Sequence[Entry], kept: set[int]) -> dict[str, Any]:
    """The answers of the steps that still stand, in order, personal ones readable."""
    facts: dict[str, Any] = {}
    for entry in entries:
        if entry.seq not in kept:
            continue
        answers = entry.said()["answers"]
        readable = {p.answer: p.value for p in entry.personal}
        facts.update({name: readable.get(name, value) for name, value in answers.items()})
    return facts


def _said(
    case: CaseView,
    actor: Person,
    office: Office,
    reason: str,
    entry: Entry,
    after: CaseView,
    restored: Iterable[Deadline],
    removed: Iterable[str],
    tallies: Iterable[Tally],
) -> Said:
    now = office.clock.now()
    effects = {
        "undoes": entry.seq,
        "from": case.state,
        "to": after.state,
        "version": after.version,
        "deadlines": [
            *({"act": "remove", "id": deadline_id} for deadline_id in removed),
            *(
                {
                    "act": "restore",
                    "id": d.id,
                    "state": d.state,
                    "note": d.note,
                    "ended_on": d.ended_on.isoformat() if d.ended_on else None,
                }
                for d in restored
            ),
        ],
        "tallies": [t.shown() for t in tallies],
        "passes": [],
    }
    return Said(
        case_book(case.case_no),
        "undo",
        actor.name,
        legal_day(now).isoformat(),
        now,
        step=entry.step,
        reason=reason,
        effects=effects,
    )
