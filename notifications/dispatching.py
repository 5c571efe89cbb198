"""Delivers one kept mail: re-checked just before, marked just after, each in its own transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.errors import AnjuanError
from engine.office import Office
from engine.store import Work
from notifications.causes import cause_of
from notifications.delivery import Delivery, DeliveryFailed, NotDelivered
from notifications.mail_store import DEAD, OPEN_STATES, RETRYING, SENT, SUPPRESSED, Mail, is_mailed, mail_of, mark
from notifications.message import build_message
from notifications.render import Rendered
from notifications.repeating import kept
from notifications.truth import SUPERSEDED, Untrue, later_keys
from notifications.turns import turn


@dataclass(frozen=True)
class Dispatched:
    """What became of a mail: its new state, and why in both languages (`None` for a mail that was sent)."""

    mail: Mail
    state: str
    why: Untrue | None = None


def dispatch(office: Office, delivery: Delivery, mail_id: int) -> Dispatched | None:
    """Deliver a mail that is still open; `None` when somebody else has dealt with it meanwhile.

    A process that is killed between the acceptance of a mail and its mark delivers it again under the same
    Message-ID; at every other point nothing is lost and nothing goes twice.
    """
    with turn(office.store):
        with office.store.reading() as work:
            mail = mail_of(work, mail_id)
            if mail.line.state not in OPEN_STATES:
                return None
            untrue = _untrue_now(office, work, mail)
        if untrue:
            done, answer = Dispatched(mail, SUPPRESSED, untrue), untrue.kept
        else:
            done, answer = _tried(delivery, mail)
        kept(office.store, lambda work: mark(work, mail, done.state, answer, office.clock.now()))
        return done


def _untrue_now(office: Office, work: Work, mail: Mail) -> Untrue | None:
    """Why the mail, perhaps left over from an earlier run, is not to be sent any more."""
    if is_mailed(work, later_keys(mail.rung)):
        return SUPERSEDED
    cause = cause_of(office, work, mail.rung)
    return cause if isinstance(cause, Untrue) else cause.untrue(mail.rung)


def _tried(delivery: Delivery, mail: Mail) -> tuple[Dispatched, str]:
    try:
        message = build_message(
            Rendered(mail.line.subject, mail.text, mail.html),
            to_name=mail.line.to_name,
            to_address=mail.line.to_address,
            message_id=mail.message_id,
            sent_from=delivery.sender,
            # Of the moment it was made: the same bytes at every attempt.
            at=datetime.fromisoformat(mail.created_at),
        )
        accepted = delivery.deliver(message)
    except AnjuanError as wrong:
        state = DEAD if isinstance(wrong, DeliveryFailed) else RETRYING
        why = Untrue(wrong.zh, wrong.en)
        return Dispatched(mail, state, why), wrong.answer if isinstance(wrong, NotDelivered) else why.kept
    return Dispatched(mail, SENT), accepted.answer
