"""Takes back what was done last to a case: a compensating entry that reverses state, deadlines and figures.

That is the last step, or where one came later the last act on a deadline (it was paused, extended …). Nothing is
deleted from the record. The actor may take back his own on the day on which he recorded it, as long as nothing has been
served or sent because of it; otherwise the unit lead may, with a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from engine.agenda import deadline_rungs, mailed_subjects, plan
from engine.answers import require_text
from engine.book_store import append, entries_of
from engine.case_store import free_pass, remove_deadline, remove_party, save_deadlines, update_case
from engine.case_view import CaseView
from engine.casework import add_entry, find_case
from engine.clock import legal_day, stored_instant
from engine.deadline_effects import restored_effect
from engine.deadlines import Deadline
from engine.definitions import OPEN, Definition
from engine.errors import Refusal, Remedy, TransitionRefused
from engine.happening import ITSELF
from engine.judging import clock_went_back
from engine.ledger import Entry, Head, Said, case_book
from engine.office import Office
from engine.party_views import stands_at
from engine.people import Person
from engine.restored_deadlines import restored
from engine.standing import MOVE, counted_by, facts_of, holders_of_book
from engine.store import Work
from engine.tallies import Tally, write_tallies
from engine.turn_judging import NAMES

LEAD = "lead"


@dataclass(frozen=True)
class Undone:
    """What was taken back, and how the case stands now. `step` is None where it was an act on a deadline."""

    kind: str
    step: str | None
    seq: int
    before: CaseView
    after: CaseView
    deadlines: tuple[Deadline, ...]
    tallies: tuple[Tally, ...]
    entry: Entry


def undo(office: Office, work: Work, case_no: str, actor_name: str, reason: str) -> Undone:
    """Take the last step, or the last act on a deadline, back.

    Raises TransitionRefused with every reason, NotFound, Forbidden.
    """
    require_text(reason)
    case = find_case(office, work, case_no, actor_name)
    actor = office.people.person(actor_name)
    entries = entries_of(work, case_book(case_no))
    entry = _last_standing(entries)
    refusals = (*_moved_since(case, entries, entry), *_refusals(office, work, case, actor, entry, reason))
    if refusals:
        raise TransitionRefused(case_no, "undo", refusals, (), "撤回上一步", "take the last step back")
    if entry.kind in NAMES:
        return _undo_turn(office, work, case, actor, entry, reason)
    return _undo_step(office, work, case, actor, entries, reason)


def _undo_step(
    office: Office, work: Work, case: CaseView, actor: Person, entries: Sequence[Entry], reason: str
) -> Undone:
    case_no, now = case.case_no, office.clock.now()
    last = case.trail[-1]
    entry = entries[last.seq - 1]
    effects = entry.said()["effects"]
    standing = tuple(restored(case, effects["deadlines"], office.law))
    removed = [e["id"] for e in effects["deadlines"] if e["act"] == "start"]
    tallies = tuple(_taken_off(entries, entry))
    definition = office.workflow_for(work, case).definition
    after = _case_before(definition, case, entries, standing, removed, stored_instant(now))
    said = _said(case, actor, office, reason, entry, after, standing, removed, tallies)
    written = append(work, said, Head(case.head_seq, case.head_hash))
    update_case(work, replace(after, head_seq=written.seq, head_hash=written.hash), case.version)
    for deadline_id in removed:
        remove_deadline(work, case_no, deadline_id)
    for party in case.parties[len(after.parties) :]:
        remove_party(work, case_no, party.party_no)
    save_deadlines(work, case_no, standing)
    write_tallies(work, written.book, written.seq, tallies)
    plan(work, deadline_rungs(written.book, case.unit, standing, office.law, legal_day(now)))
    for pass_id in effects["passes"]:
        free_pass(work, pass_id)
    return Undone(entry.kind, last.step, last.seq, case, after, standing, tallies, written)


def _undo_turn(office: Office, work: Work, case: CaseView, actor: Person, entry: Entry, reason: str) -> Undone:
    """The course of the deadline as it was before; neither state nor version moves."""
    standing = tuple(restored(case, entry.said()["effects"]["deadlines"], office.law))
    effects = {
        "undoes": entry.seq,
        "from": case.state,
        "to": case.state,
        "version": case.version,
        "deadlines": [*map(restored_effect, standing)],
        "tallies": [],
        "passes": [],
    }
    written = add_entry(office, work, case, actor.name, "undo", effects, None, reason)
    save_deadlines(work, case.case_no, standing)
    plan(work, deadline_rungs(written.book, case.unit, standing, office.law, legal_day(office.clock.now())))
    after = replace(case, deadlines={**case.deadlines, **{d.id: d for d in standing}})
    return Undone(entry.kind, None, entry.seq, case, after, standing, (), written)


def _last_standing(entries: Sequence[Entry]) -> Entry:
    """The last step or act on a deadline that was not taken back; the opening where there is none.

    In this order each finds the deadlines as it left them.
    """
    undone = {entry.said()["effects"]["undoes"] for entry in entries if entry.kind == "undo"}
    standing = (e for e in entries if e.kind in {OPEN, "step", *NAMES} and e.seq not in undone)
    return max(standing, key=lambda e: e.seq)


def _moved_since(case: CaseView, entries: Sequence[Entry], entry: Entry) -> Iterable[Refusal]:
    """A step is taken back under the version under which it was taken."""
    moved = next((e for e in entries if e.kind == MOVE and e.seq > entry.seq), None)
    if moved is not None:
        before = moved.said()["effects"]["definition"]["from"]
        back = f"anjuan workflow move {case.workflow} --to {before[:12]} --rehearse"
        yield Refusal(
            "undo.moved",
            f"这一步之后，案件已于{moved.happened_on}移到流程的另一版本，须先移回才能撤回",
            f"the case was moved to another version of its workflow since ({moved.happened_on}); move it back first",
            facts={"moved_on": moved.happened_on, "version": before},
            remedy=Remedy("先移回", "move it back", back),
        )


def _called(entry: Entry) -> tuple[str, str]:
    """What is to be taken back, in words."""
    if entry.kind not in NAMES:
        return "上一步", "the last step"
    zh, en = NAMES[entry.kind]
    return f"上一次办理（{zh}）", f"the last act on a deadline ({en})"


def _refusals(
    office: Office, work: Work, case: CaseView, actor: Person, entry: Entry, reason: str
) -> tuple[Refusal, ...]:
    now = office.clock.now()
    if entry.kind == OPEN:
        return (
            Refusal(
                "undo.nothing",
                "登记之后还没有办理任何步骤，没有可以撤回的",
                "no step has been taken since the case was opened; there is nothing to take back",
            ),
        )
    if entry.actor == ITSELF.name:
        return (
            Refusal(
                "undo.by_itself",
                f"上一条是期限届满时自动发生的（{entry.happened_on}），不能撤回",
                f"the last entry happened by itself when a limit ended ({entry.happened_on}); it cannot be taken back",
                facts={"step": entry.step, "on": entry.happened_on},
                remedy=Remedy("有异议的，记一笔说明", "note what is wrong", f"anjuan case note {case.case_no} …"),
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
    if not office.people.holds(actor, LEAD, case.unit, legal_day(now)):
        refusals += _own_refusals(office, work, case, actor, entry)
    return tuple(refusals)


def _own_refusals(office: Office, work: Work, case: CaseView, actor: Person, entry: Entry) -> Iterable[Refusal]:
    zh, en = _called(entry)
    leads = office.people.holders(LEAD, case.unit, legal_day(office.clock.now()))
    remedy = Remedy(
        "请承办机构负责人撤回", "the unit lead may take it back", f"anjuan case undo {case.case_no} --reason …"
    )
    if entry.actor != actor.name:
        yield Refusal(
            "undo.not_own",
            f"{zh}由{entry.actor}办理，只能由其本人撤回",
            f"{en} was taken by {entry.actor}, who alone may take it back",
            facts={"actor": entry.actor, "step": entry.step},
            remedy=remedy,
            who_can=leads,
        )
    recorded_on = legal_day(datetime.fromisoformat(entry.recorded_at))
    if recorded_on != legal_day(office.clock.now()):
        yield Refusal(
            "undo.too_late",
            f"{zh}于{recorded_on}登记，只能在当日撤回",
            f"{en} was recorded on {recorded_on} and may be taken back only on that day",
            facts={"recorded_on": recorded_on.isoformat(), "step": entry.step},
            remedy=remedy,
            who_can=leads,
        )
    effects = entry.said()["effects"]
    started = {e["id"] for e in effects["deadlines"] if e["act"] == "start"}
    mailed = started & mailed_subjects(work, case_book(case.case_no))
    if effects.get("served") or mailed:
        yield Refusal(
            "undo.served",
            "因这一步已有文书送达或通知发出",
            "something was served or sent because of this step",
            facts={"step": entry.step, "mailed": sorted(mailed)},
            remedy=remedy,
            who_can=leads,
        )


def _case_before(
    definition: Definition,
    case: CaseView,
    entries: Sequence[Entry],
    restored: Iterable[Deadline],
    removed: Iterable[str],
    recorded_at: str,
) -> CaseView:
    trail = case.trail[:-1]
    # A step of an earlier version that is no step any more was taken by somebody.
    taken = [t for t in trail if (step := definition.steps.get(t.step)) is None or step.by]
    gone = set(removed)
    deadlines = {d.id: d for d in (*case.deadlines.values(), *restored) if d.id not in gone}
    # Whoever became a party by the step is none again; the first one had taken over what was there before.
    new = len(entries[case.trail[-1].seq - 1].said()["effects"].get("joined", ()))
    parties = case.parties[: len(case.parties) - new]
    state = stands_at(definition, parties, trail)
    return replace(
        case,
        state=state,
        ended=definition.states[state].end,
        parties=parties,
        version=case.version + 1,
        holders=holders_of_book(definition, entries, trail),
        facts=facts_of(entries, {t.seq for t in trail}),
        trail=trail,
        deadlines=deadlines,
        last_on=taken[-1].on,
        last_at=stored_instant(datetime.fromisoformat(taken[-1].at or "")) if taken[-1].at else None,
        recorded_at=recorded_at,
    )


def _taken_off(entries: Sequence[Entry], entry: Entry) -> Iterable[Tally]:
    """The figures of the step with the sign turned, as they were corrected since."""
    on = date.fromisoformat(entry.happened_on)
    for f, n in sorted(counted_by(entries)[entry.seq].items()):
        if n:
            yield Tally(f.campaign, f.measure, f.category, f.unit, -n, on, f.period)


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
        **({"case": after.state} if len(case.parties) > 1 else {}),
        "deadlines": [
            *({"act": "remove", "id": deadline_id} for deadline_id in removed),
            *map(restored_effect, restored),
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
