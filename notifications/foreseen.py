"""Says which reminders a step would lead to: when, to whom, about which time limit. Nothing is planned or sent."""

from __future__ import annotations

from typing import Any

from engine.clock import legal_day
from engine.moving import Move
from engine.office import Office
from notifications.readers import readers_of_deadline


def mails_of(office: Office, move: Move) -> list[dict[str, Any]]:
    """One line per day, time limit and reader, in the order in which they would go out.

    Rungs that fall on the same working day make one mail. What would go out after a date is left out.
    """
    today = legal_day(office.clock.now())
    lines: dict[tuple[str, str, str], dict[str, Any]] = {}
    for rung in move.rungs:
        if rung.rung_days < 0:
            continue  # only if nobody acts
        deadline = move.after.deadlines[rung.subject]
        also = office.law.ladders.of_limit(deadline.terms.limit, deadline.nature).heard_from(rung.rung_days)
        for reader in readers_of_deadline(office.people, move.definition, move.after, deadline, today, also):
            send_on = rung.send_on.isoformat()
            lines[send_on, rung.subject, reader.name] = {
                "send_on": send_on,
                "to": reader.name,
                "kind": rung.kind,
                "deadline": rung.subject,
                "zh": deadline.terms.zh,
                "en": deadline.terms.en,
                "due_on": rung.due_on.isoformat(),
                "rung_days": rung.rung_days,
            }
    return [lines[key] for key in sorted(lines)]
