"""Finds what was owed on a case and not done in time: duties that stay on record as defects. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine.clock import legal_day
from engine.deadlines import Deadline
from engine.happening import ITSELF
from engine.ledger import Entry

DUTY = "duty"


@dataclass(frozen=True)
class Defect:
    """A duty that ended late, or has run out and is still owed; or a limit that `lapsed` by itself before we acted.

    `reason` is what the step that ended it says; empty where it says nothing.
    """

    deadline: Deadline
    done_on: date | None
    days_late: int
    reason: str
    lapsed: bool = False

    def document(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "deadline": self.deadline.id,
            "zh": self.deadline.terms.zh,
            "en": self.deadline.terms.en,
            "due_on": self.deadline.due_on.isoformat(),
            "done_on": self.done_on.isoformat() if self.done_on else None,
            "days_late": self.days_late,
            "lapsed": self.lapsed,
            "reason": self.reason,
            "basis": self.deadline.terms.basis,
        }


def defects_of(deadlines: Iterable[Deadline], entries: Iterable[Entry], now: datetime) -> tuple[Defect, ...]:
    """Those of a case, in the order of its deadlines. `entries` are its book."""
    endings = _endings(entries)
    found = (_defect_of(deadline, endings.get(deadline.id), now) for deadline in deadlines)
    return tuple(defect for defect in found if defect is not None)


def _defect_of(deadline: Deadline, ending: Entry | None, now: datetime) -> Defect | None:
    if deadline.nature != DUTY and not deadline.terms.owed:
        return None
    if deadline.state == "stopped":  # what was owed fell away
        return None
    # What ended without an entry has ended by itself and is not on record yet.
    if not deadline.is_open and (ending is None or ending.actor == ITSELF.name):
        return Defect(deadline, None, 0, "", lapsed=True)
    if deadline.ended_on is not None and ending is not None:
        late = deadline.note == "late" or deadline.ended_on > deadline.due_on
        reason = str(ending.said()["reason"])
        return Defect(deadline, deadline.ended_on, _days_after(deadline, deadline.ended_on), reason) if late else None
    standing = deadline.standing(now)
    if standing == "lapsed":
        return Defect(deadline, None, 0, "", lapsed=True)
    if standing != "overdue":
        return None
    return Defect(deadline, None, _days_after(deadline, legal_day(now)), "")


def _days_after(deadline: Deadline, on: date) -> int:
    return (on - deadline.due_on).days


def _endings(entries: Iterable[Entry]) -> dict[str, Entry]:
    """The entry that ended each deadline, and was not taken back."""
    found: dict[str, Entry] = {}
    for entry in entries:
        for effect in entry.said()["effects"].get("deadlines", ()):
            if effect["act"] == "end":
                found[effect["id"]] = entry
            elif effect["act"] in {"restore", "remove"}:
                found.pop(effect["id"], None)
    return found
