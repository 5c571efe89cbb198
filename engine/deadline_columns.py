"""The stored form of a deadline: columns in, a value out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from engine.clock import stored_instant
from engine.courses import course_from_text, course_text
from engine.deadlines import Deadline, Terms


def deadline_to_columns(deadline: Deadline) -> dict[str, Any]:
    """The stored form."""
    return {
        "id": deadline.id,
        "rule": deadline.rule,
        "nature": deadline.nature,
        "started_on": deadline.started_on.isoformat(),
        "started_at": stored_instant(deadline.started_at) if deadline.started_at else None,
        "terms": _terms_to_json(deadline.terms),
        "course": course_text(deadline.course),
        "due_on": deadline.due_on.isoformat(),
        "due_at": stored_instant(deadline.due_at) if deadline.due_at else None,
        "provisional": int(deadline.provisional),
        "state": deadline.state,
        "ended_on": deadline.ended_on.isoformat() if deadline.ended_on else None,
        "note": deadline.note,
        "party_no": deadline.party_no,
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
        course_from_text(v["course"]),
        date.fromisoformat(v["due_on"]),
        datetime.fromisoformat(v["due_at"]) if v["due_at"] else None,
        bool(v["provisional"]),
        v["state"],
        date.fromisoformat(v["ended_on"]) if v["ended_on"] else None,
        v["note"],
        v["party_no"],
    )


# Deadlines of a rule share their terms: most cases of an office have the same few.
@lru_cache(maxsize=512)
def _terms_to_json(t: Terms) -> str:
    terms = {
        "limit": t.limit,
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
        "owed": t.owed,
    }
    return json.dumps(terms, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@lru_cache(maxsize=512)
def _terms_from_json(text: str) -> Terms:
    t = json.loads(text)
    return Terms(
        t["limit"],
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
        t["owed"],
    )
