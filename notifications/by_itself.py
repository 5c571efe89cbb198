"""Puts on record, in every case, what took effect by itself because a time limit had run out."""

from __future__ import annotations

from functools import partial

from engine import casework
from engine.clock import today
from engine.deadline_store import cases_with_ends
from engine.errors import AnjuanError, StoreUnavailable
from engine.moving import Move
from engine.office import Office
from engine.repeating import kept
from engine.store import Work
from notifications.telling import Tell


def record_happenings(office: Office, tell: Tell) -> int:
    """How many effects were recorded. A case that cannot be settled does not stop the others.

    Raises StoreUnavailable; what was recorded until then stays.
    """
    with office.store.reading() as work:
        waiting = cases_with_ends(work, today(office.clock))
    happened = 0
    for case_no in waiting:
        try:
            moves = kept(office.store, partial(_settled, office, case_no))
        except StoreUnavailable:
            raise
        except AnjuanError as wrong:
            tell(f"{case_no}：{wrong.zh}", f"{case_no}: {wrong.en}")
            continue
        happened += len(moves)
        for move in moves:
            _told(move, tell)
    return happened


def _settled(office: Office, case_no: str, work: Work) -> tuple[Move, ...]:
    return casework.settle(office, work, case_no)


def _told(move: Move, tell: Tell) -> None:
    step = move.definition.steps[move.step]
    on = move.attempt.on
    tell(f"{move.after.case_no}：{step.zh}（{on}）", f"{move.after.case_no}: {step.en} ({on})")
