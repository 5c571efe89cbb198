"""A deadline as it is shown: its dates, how it stands, what was done to it, how sure its rule is; plain values."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from engine.changing import changed
from engine.clock import shown_instant, stored_instant
from engine.deadlines import Deadline, derived
from engine.periods import Basis, Pause, Restart, safe_day
from engine.working_days import WorkingDays


def shown(deadline: Deadline, calendar: WorkingDays, today: date, now: datetime) -> dict[str, Any]:
    """The deadline as `case show` gives it. While it is paused, the days left are those to its earliest end."""
    earliest_on = earliest_end(deadline, calendar, today)
    ends_on = earliest_on or deadline.due_on
    return {
        "id": deadline.id,
        "rule": deadline.rule,
        "zh": deadline.terms.zh,
        "en": deadline.terms.en,
        "nature": deadline.nature,
        "party_no": deadline.party_no,
        "started_on": deadline.started_on.isoformat(),
        "due_on": deadline.due_on.isoformat(),
        "due_at": shown_instant(stored_instant(deadline.due_at)) if deadline.due_at else None,
        "safe_on": safe_day(deadline.due_on, calendar).isoformat(),
        "provisional": deadline.provisional,
        "state": deadline.standing(now),
        "earliest_on": earliest_on.isoformat() if earliest_on else None,
        "days_left": (ends_on - today).days,
        "working_days_left": calendar.count(today, ends_on),
        "overdue": deadline.overdue(now),
        "ended_on": deadline.ended_on.isoformat() if deadline.ended_on else None,
        "waived": deadline.waived,
        "basis": deadline.terms.basis,
        "confidence": deadline.terms.confidence,
        "confirmed": deadline.terms.confirmed,
        "fixed": deadline.terms.fixed_on is not None,
        "unconfirmed": bool(deadline.unsure),
        "unsure": deadline.unsure or None,
        "pauses": [_pause_shown(pause) for pause in deadline.course.pauses],
        "extensions": [{"length": str(e.length), **_basis_shown(e.basis)} for e in deadline.course.extensions],
        "restart": _restart_shown(deadline.course.restart),
    }


def earliest_end(deadline: Deadline, calendar: WorkingDays, today: date) -> date | None:
    """While it is paused and nobody knows for how long: the day on which it would end if it ran again today."""
    pause = deadline.course.open_pause
    if pause is None or pause.last_on is not None or not deadline.is_paused(today):
        return None
    course = deadline.course.with_pause_ended(max(pause.from_on, today - timedelta(days=1)))
    return derived(changed(deadline, course=course), calendar).due_on


def _pause_shown(pause: Pause) -> dict[str, Any]:
    return {
        "from_on": pause.from_on.isoformat(),
        "to_on": pause.to_on.isoformat() if pause.to_on else None,
        "last_on": pause.last_on.isoformat() if pause.last_on else None,
        **_basis_shown(pause.basis),
    }


def _restart_shown(restart: Restart | None) -> dict[str, Any] | None:
    if restart is None:
        return None
    latest = str(restart.latest) if restart.latest else None
    return {"from_on": restart.from_on.isoformat(), "latest": latest, **_basis_shown(restart.basis)}


def _basis_shown(basis: Basis) -> dict[str, str]:
    return {"ground": basis.ground, "why": basis.reason, "by": basis.by, "zh": basis.zh, "en": basis.en}
