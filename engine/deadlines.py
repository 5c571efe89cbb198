"""The running time limits of a case as values: started, paused, stopped, and how they stand on a day."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Literal, cast

from engine.changing import changed
from engine.clock import end_of_day, shown_instant, stored_instant
from engine.periods import Period, Pick, Reading, Roll, due_of, parse_length, safe_day
from engine.time_limits import LimitVersion, TimeLimit
from engine.working_days import WorkingDays

Standing = Literal["running", "paused", "met", "overdue", "lapsed", "stopped"]

# What a limit of each nature is called once its date has passed and nobody ended it.
_PASSED: Mapping[str, Standing] = {
    "right": "lapsed",
    "duty": "overdue",
    "waiting": "met",
    "bar": "lapsed",
    "automatic": "met",
    "other_body": "overdue",
}


@dataclass(frozen=True)
class Terms:
    """What a deadline rests on: the version of the rule as it was when the deadline started."""

    zh: str
    en: str
    readings: tuple[tuple[str, str], ...]  # (length, roll)
    pick: str
    basis: str
    confidence: str
    confirmed: bool
    rule_hash: str
    remind: tuple[str, ...]
    fixed_on: date | None = None


@dataclass(frozen=True)
class Deadline:
    """A time limit running, or ended, on one case. `due_on` is derived and re-derivable from the rest.

    `state` is what happened to it (running, paused, met, stopped); how it stands on a day says `standing`.
    """

    id: str
    rule: str
    nature: str
    started_on: date
    started_at: datetime | None
    terms: Terms
    due_on: date
    due_at: datetime | None
    provisional: bool
    state: str = "running"
    ended_on: date | None = None
    note: str | None = None  # waived, answered, undone: why it ended

    @property
    def ends_at(self) -> datetime:
        """The last moment: the minute where hours count, else the end of the day. C4."""
        return self.due_at or end_of_day(self.due_on)

    @property
    def number(self) -> int:
        """The how-manieth of its rule in the case: 1 for `payment`, 2 for `payment.2`."""
        return int(self.id.removeprefix(self.rule).lstrip(".") or 1)

    @property
    def waived(self) -> bool:
        return self.note == "waived"

    @property
    def is_open(self) -> bool:
        return self.state in {"running", "paused"}

    def standing(self, now: datetime) -> Standing:
        """How it stands at an instant."""
        if self.state == "running":
            return _PASSED[self.nature] if self._passed(now) else "running"
        return "paused" if self.state == "paused" else "met" if self.state == "met" else "stopped"

    def overdue(self, now: datetime) -> bool:
        """Whether it was owed and not done in time, be it done since or not."""
        if self.nature not in {"duty", "other_body"} or self.state == "stopped":
            return False
        if self.ended_on is not None:
            return self.note == "late" or self.ended_on > self.due_on
        return self._passed(now)

    def _passed(self, now: datetime) -> bool:
        return now > self.ends_at if self.due_at else now.astimezone(self.ends_at.tzinfo).date() > self.due_on


def new_deadline(
    limit: TimeLimit,
    version: LimitVersion,
    deadline_id: str,
    rule_hash: str,
    calendar: WorkingDays,
    *,
    started_on: date,
    started_at: datetime | None = None,
    fixed_on: date | None = None,
) -> Deadline:
    """A deadline under that version of the rule; the day (or minute) of the start is not counted. C1."""
    terms = Terms(
        limit.zh,
        limit.en,
        tuple((str(r.length), r.roll) for r in version.readings),
        version.pick or "later",
        version.basis,
        version.confidence,
        version.confirmed_on is not None,
        rule_hash,
        limit.remind,
        fixed_on,
    )
    blank = Deadline(deadline_id, limit.id, limit.nature, started_on, started_at, terms, started_on, None, False)
    return derived(blank, calendar)


def derived(deadline: Deadline, calendar: WorkingDays) -> Deadline:
    """The same deadline with its due date derived anew from start and terms."""
    if deadline.terms.fixed_on is not None:
        return changed(deadline, due_on=deadline.terms.fixed_on, due_at=None, provisional=False)
    due = due_of(period_of(deadline), calendar)
    return changed(deadline, due_on=due.due_on, due_at=due.due_at, provisional=due.provisional)


def period_of(deadline: Deadline) -> Period:
    """The period of a deadline that is counted, not fixed."""
    readings = tuple(Reading(parse_length(length), cast(Roll, roll)) for length, roll in deadline.terms.readings)
    pick = cast(Pick, deadline.terms.pick)
    if deadline.started_at is not None:
        return Period(readings, start_at=deadline.started_at, pick=pick)
    return Period(readings, start_on=deadline.started_on, pick=pick)


def ended(deadline: Deadline, state: str, on: date, at: datetime | None = None, note: str | None = None) -> Deadline:
    """The deadline, ended on that day (at that minute). A duty done after its last moment is noted as late."""
    late = at is not None and deadline.due_at is not None and at > deadline.due_at
    return changed(deadline, state=state, ended_on=on, note="late" if late else note)


def next_id(rule: str, taken: Mapping[str, Deadline]) -> str:
    """`rule`, or `rule.2`, `rule.3` … when the case has had it before."""
    if rule not in taken:
        return rule
    number = 2
    while f"{rule}.{number}" in taken:
        number += 1
    return f"{rule}.{number}"


def shown(deadline: Deadline, calendar: WorkingDays, today: date, now: datetime) -> dict[str, Any]:
    """The deadline as `case show` and the record give it."""
    return {
        "id": deadline.id,
        "rule": deadline.rule,
        "zh": deadline.terms.zh,
        "en": deadline.terms.en,
        "nature": deadline.nature,
        "started_on": deadline.started_on.isoformat(),
        "due_on": deadline.due_on.isoformat(),
        "due_at": shown_instant(stored_instant(deadline.due_at)) if deadline.due_at else None,
        "safe_on": safe_day(deadline.due_on, calendar).isoformat(),
        "provisional": deadline.provisional,
        "state": deadline.standing(now),
        "days_left": (deadline.due_on - today).days,
        "working_days_left": calendar.count(today, deadline.due_on),
        "overdue": deadline.overdue(now),
        "ended_on": deadline.ended_on.isoformat() if deadline.ended_on else None,
        "waived": deadline.waived,
        "basis": deadline.terms.basis,
        "confidence": deadline.terms.confidence,
        "confirmed": deadline.terms.confirmed,
        "fixed": deadline.terms.fixed_on is not None,
    }


def deadline_to_columns(deadline: Deadline) -> dict[str, Any]:
    """The stored form."""
    return {
        "id": deadline.id,
        "rule": deadline.rule,
        "nature": deadline.nature,
        "started_on": deadline.started_on.isoformat(),
        "started_at": stored_instant(deadline.started_at) if deadline.started_at else None,
        "terms": _terms_to_json(deadline.terms),
        "due_on": deadline.due_on.isoformat(),
        "due_at": stored_instant(deadline.due_at) if deadline.due_at else None,
        "provisional": int(deadline.provisional),
        "state": deadline.state,
        "ended_on": deadline.ended_on.isoformat() if deadline.ended_on else None,
        "note": deadline.note,
    }


def deadline_from_columns(v: Mapping[str, Any]) -> Deadline:
    """Reads the stored form back."""
    return Deadline(
        v["id"],
        v["rule"],
        v["nature"],
        date.fromisoformat(v["started_on"]),
        datetime.fromisoformat(v["started_at"]) if v["started_at"] else None,
        _terms_from_json(v["terms"]),
        date.fromisoformat(v["due_on"]),
        datetime.fromisoformat(v["due_at"]) if v["due_at"] else None,
        bool(v["provisional"]),
        v["state"],
        date.fromisoformat(v["ended_on"]) if v["ended_on"] else None,
        v["note"],
    )


# Deadlines of a rule share their terms: most cases of an office have the same few.
@lru_cache(maxsize=512)
def _terms_to_json(t: Terms) -> str:
    terms = {
        "zh": t.zh,
        "en": t.en,
        "readings": t.readings,
        "pick": t.pick,
        "basis": t.basis,
        "confidence": t.confidence,
        "confirmed": t.confirmed,
        "rule_hash": t.rule_hash,
        "remind": t.remind,
        "fixed_on": t.fixed_on.isoformat() if t.fixed_on else None,
    }
    return json.dumps(terms, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@lru_cache(maxsize=512)
def _terms_from_json(text: str) -> Terms:
    t = json.loads(text)
    return Terms(
        t["zh"],
        t["en"],
        tuple((length, roll) for length, roll in t["readings"]),
        t["pick"],
        t["basis"],
        t["confidence"],
        t["confirmed"],
        t["rule_hash"],
        tuple(t["remind"]),
        date.fromisoformat(t["fixed_on"]) if t["fixed_on"] else None,
    )
