"""How the record tells what happened to roles, certificates, stand-ins and the last day of somebody on the staff."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from engine.people import Certificate, StandIn, Term


def role_effect(act: str, name: str, unit: str, role: str, term: Term, before: Term | None) -> dict[str, Any]:
    """`act` is `role` or `role_end`; the days are those from now on, `before` those until now."""
    return {
        "act": act,
        "name": name,
        "unit": unit,
        "role": role,
        "from_on": _iso(term.from_on),
        "to_on": _iso(term.to_on),
        "before": [_iso(before.from_on), _iso(before.to_on)] if before is not None else None,
    }


def certificate_effect(name: str, certificate: Certificate, before: Certificate | None) -> dict[str, Any]:
    """A certificate with its days from now on; `before` is the same number as it stood until now."""
    return {
        "act": "certificate",
        "name": name,
        "number": certificate.number,
        "from_on": certificate.from_on.isoformat(),
        "to_on": certificate.to_on.isoformat(),
        "before": [before.from_on.isoformat(), before.to_on.isoformat()] if before is not None else None,
    }


def stand_in_effect(stand_in: StandIn) -> dict[str, Any]:
    return {"act": "stand_in", "stand_ins": [{**_key(stand_in), "to_on": stand_in.to_on.isoformat()}]}


def stand_in_end_effect(ended: Iterable[StandIn], last_on: date) -> dict[str, Any]:
    """One act may end several; `to_on` is empty where one is taken out because it would not have begun by then."""
    return {
        "act": "stand_in_end",
        "stand_ins": [
            {
                **_key(one),
                "to_on": last_on.isoformat() if last_on >= one.from_on else None,
                "before": one.to_on.isoformat(),
            }
            for one in ended
        ],
    }


def leave_effect(name: str, left_on: date, before: date | None) -> dict[str, Any]:
    return {"act": "leave", "name": name, "left_on": left_on.isoformat(), "before": _iso(before)}


def _key(stand_in: StandIn) -> dict[str, Any]:
    return {
        "name": stand_in.name,
        "for": stand_in.for_name,
        "unit": stand_in.unit,
        "role": stand_in.role,
        "from_on": stand_in.from_on.isoformat(),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
