"""The proof of a due date as values: days one by one, readings, tables, entries, and the document of it all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from engine.clock import shown_instant, stored_instant
from engine.day_counts import CountedDay
from engine.deadlines import Deadline
from engine.ledger import Entry
from engine.periods import Reading
from engine.spending import Spent
from engine.time_limits import LimitVersion, TimeLimit
from engine.working_days import Kind

# What the proof repeats of the deadline as it is shown.
KEPT = (
    "rule",
    "zh",
    "en",
    "nature",
    "state",
    "fixed",
    "waived",
    "overdue",
    "pauses",
    "extensions",
    "restart",
    "unconfirmed",
    "unsure",
    "earliest_on",
    "ended_on",
)
ProofKind = Kind | Literal["start", "paused", "calendar"]


@dataclass(frozen=True)
class ProofDay:
    """One line of a proof, and what kind of day it is; `calendar` where any day counts."""

    line: CountedDay
    kind: ProofKind

    def document(self) -> dict[str, Any]:
        """Plain JSON values."""
        on, why = self.line.on.isoformat(), {"why": self.line.why_zh, "why_en": self.line.why_en}
        return {"on": on, "counted": self.line.counted, "number": self.line.number, "kind": self.kind, **why}


@dataclass(frozen=True)
class Read:
    """One reading of the limit and the day to which it leads."""

    reading: Reading
    due_on: date
    held: bool

    def document(self) -> dict[str, Any]:
        """Plain JSON values."""
        reading = self.reading
        due_on = self.due_on.isoformat()
        return {"length": str(reading.length), "roll": reading.roll, "due_on": due_on, "held": self.held}


@dataclass(frozen=True)
class Table:
    """The holidays of a year on which a date rests; `hash` is None where they are not published."""

    hash: str | None
    notice: str | None

    def document(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"hash": self.hash, "notice": self.notice}


@dataclass(frozen=True)
class Counted:
    """A period counted out."""

    due_on: date
    due_at: datetime | None
    provisional: bool
    safe_on: date
    readings: tuple[Read, ...]
    days: tuple[ProofDay, ...]
    tables: dict[int, Table]


@dataclass(frozen=True)
class Touched:
    """An entry of the record that started, changed or ended the deadline."""

    entry: Entry
    act: str

    def document(self) -> dict[str, Any]:
        """Plain JSON values."""
        e = self.entry
        return {
            "seq": e.seq,
            "kind": e.kind,
            "act": self.act,
            "step": e.step,
            "actor": e.actor,
            "happened_on": e.happened_on,
            "hash": e.hash,
        }


@dataclass(frozen=True)
class Proof:
    """How the date of one deadline came about. `stored` is the deadline as the case has it; `agrees` says that it has
    the very date that was derived here anew. `rule` is the rule by whose hash it is counted, None where it is lost."""

    case_no: str
    title: str
    unit_zh: str
    stored: Deadline
    counted: Counted
    account: Spent
    rule: TimeLimit | None
    version: LimitVersion | None
    after: TimeLimit | None
    entries: tuple[Touched, ...]
    agrees: bool
    shown: Mapping[str, Any]  # the deadline as `case show` gives it
    on: date

    def document(self) -> dict[str, Any]:
        """What `deadline proof` answers."""
        counted = self.counted
        return {
            "case_no": self.case_no,
            "title": self.title,
            "deadline": self.stored.id,
            **{name: self.shown[name] for name in KEPT},
            "start": self._start(),
            **self._rule(),
            "readings": [read.document() for read in counted.readings],
            "pick": self.stored.terms.pick if len(counted.readings) > 1 else None,
            "budget": {"length": self._length(), "number": self.account.budget, "unit": self.account.unit},
            "granted": self.account.granted,
            "consumed": self.account.consumed,
            "remaining": self.account.remaining,
            "due_on": counted.due_on.isoformat(),
            "due_at": shown_instant(stored_instant(counted.due_at)) if counted.due_at else None,
            "safe_on": counted.safe_on.isoformat(),
            "provisional": counted.provisional,
            "stored_due_on": self.stored.due_on.isoformat(),
            "agrees": self.agrees,
            "ended_by": self.stored.note,
            "days": [day.document() for day in counted.days],
            "tables": {str(year): table.document() for year, table in counted.tables.items()},
            "entries": [touched.document() for touched in self.entries],
        }

    def _start(self) -> dict[str, Any]:
        """From when it runs; `after` is the limit that had to run out first, from `told_on` on."""
        stored = self.stored
        return {
            "on": stored.started_on.isoformat(),
            "at": shown_instant(stored_instant(stored.started_at)) if stored.started_at else None,
            "told_on": stored.course.told_on.isoformat() if stored.course.told_on else None,
            "after": stored.course.after,
            "chosen_on": stored.course.chosen_on.isoformat(),
        }

    def _rule(self) -> dict[str, Any]:
        """By which rule it is counted, and how sure that is."""
        terms, version = self.stored.terms, self.version
        return {
            "limit": terms.limit,
            "trigger": self.rule.trigger.model_dump() if self.rule and self.rule.trigger else None,
            "basis": terms.basis,
            "source": version.source if version else None,
            "confidence": terms.confidence,
            "confirmed": terms.confirmed,
            "confirmed_by": version.confirmed_by if version else None,
            "note_zh": version.note_zh if version else None,
            "note_en": version.note_en if version else None,
            "rule_hash": terms.rule_hash,
        }

    def _length(self) -> str | None:
        """The length of the reading that held; None where an order set the day."""
        return next((str(read.reading.length) for read in self.counted.readings if read.held), None)
