"""How the record tells what happened to a deadline, in a form from which it can be played again and taken back."""

from __future__ import annotations

from typing import Any

from engine.clock import stored_instant
from engine.deadlines import Deadline


def started_effect(d: Deadline) -> dict[str, Any]:
    """A deadline started."""
    return {
        "act": "start",
        "id": d.id,
        "rule": d.rule,
        "started_at": stored_instant(d.started_at) if d.started_at else None,
        **({"party_no": d.party_no} if d.party_no is not None else {}),
        **_running(d),
    }


def ended_effect(before: Deadline, after: Deadline) -> dict[str, Any]:
    """A deadline was met or stopped."""
    return {"act": "end", "id": after.id, **_end(after), "before": _end(before)}


def course_effect(before: Deadline, after: Deadline) -> dict[str, Any]:
    """A deadline was paused, ran again, was extended, began anew, or follows other rules: its date may have moved."""
    return {
        "act": "course",
        "id": after.id,
        "state": after.state,
        **_running(after),
        "before": {"state": before.state, **_running(before)},
    }


def restored_effect(d: Deadline) -> dict[str, Any]:
    """A deadline stands again as before a step that was taken back."""
    return {"act": "restore", "id": d.id, **_end(d), **_running(d)}


def _end(d: Deadline) -> dict[str, Any]:
    return {"state": d.state, "note": d.note, "ended_on": d.ended_on.isoformat() if d.ended_on else None}


def _running(d: Deadline) -> dict[str, Any]:
    return {
        "nature": d.nature,
        "started_on": d.started_on.isoformat(),
        "due_on": d.due_on.isoformat(),
        "due_at": stored_instant(d.due_at) if d.due_at else None,
        "provisional": d.provisional,
        "course": d.course.document(),
        "limit": d.terms.rule_hash,
    }
