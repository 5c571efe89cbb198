"""Says which reminders a step would lead to: when, to whom, about which time limit. Nothing is planned or sent."""

from __future__ import annotations

from typing import Any

from engine.clock import legal_day
from engine.moving import Move
from engine.office import Office
from notifications.readers import readers_of_deadline


def mails_of(office: Office, move: Move) -> list[dict[str, Any]]:
    """One line per reminder and reader, in the order in which they would go out."""
    today = legal_day(office.clock.now())
    lines = []
    for rung in move.rungs:
        deadline = move.after.deadlines[rung.subject]
        for reader in readers_of_deadline(office.people, move.definition, move.after, deadline, today):
            lines.append(
                {
                    "send_on": rung.send_on.isoformat(),
                    "to": reader.name,
                    "kind": rung.kind,
                    "deadline": rung.subject,
                    "zh": deadline.terms.zh,
                    "en": deadline.terms.en,
                    "due_on": rung.due_on.isoformat(),
                    "rung_days": rung.rung_days,
                }
            )
    return sorted(lines, key=lambda line: (line["send_on"], line["deadline"], line["to"]))
