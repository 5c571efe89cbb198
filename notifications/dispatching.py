"""Delivers one mail: re-checked just before, marked just after, each in its own transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from engine.errors import AnjuanError
from engine.office import Office
from engine.repeating import kept
from engine.store import Work
from notifications.causes import cause_of
from notifications.delivery import Delivery, DeliveryDelayed, NotDelivered
from notifications.gathering import GATHERED, gathered_untrue
from notifications.mail_store import (
    DEAD,
    RETRYING,
    SENT,
    SUPPRESSED,
    Mail,
    is_mailed,
    mail_of,
    original_key,
)
from notifications.message import build_message
from notifications.open_mails import is_due, mark
from notifications.render import Rendered
from notifications.retrying import GIVEN_UP_AFTER, next_try
from notifications.truth import SUPERSEDED, Untrue, later_keys

# What became of the mail is for the other worker to say.
TAKEN = "taken"
_TAKEN = Untrue("另一进程已处理这封邮件", "another process has dealt with this mail meanwhile")


@dataclass(frozen=True)
class Dispatched:
    """What became of a mail: its new state (or `taken`), and why in both languages (`None` for one that was sent)."""

    mail: Mail
    state: str
    why: Untrue | None = None


@dataclass(frozen=True)
class _Outcome:
    """What is put on the mail: its new state, the answer to this attempt, when it is tried next, and why."""

    state: str
    answer: str
    why: Untrue | None = None
    next_try_at: datetime | None = None


def dispatch(office: Office, delivery: Delivery, mail_id: int) -> Dispatched | None:
    """Deliver a mail whose time has come; `None`, and nothing done, for every other.

    A process that is killed between the acceptance of a mail and its mark delivers it again under the same
    Message-ID; at every other point nothing is lost and nothing goes twice.
    """
    with office.store.reading() as work:
        mail = mail_of(work, mail_id)
        if not is_due(mail, office.clock.now()):
            return None
        untrue = untrue_now(office, work, mail)
    done = _Outcome(SUPPRESSED, untrue.kept, untrue) if untrue else _tried(office, delivery, mail)
    now = office.clock.now()
    first = kept(office.store, lambda work: mark(work, mail, done.state, done.answer, now, done.next_try_at))
    return Dispatched(mail, done.state, done.why) if first else Dispatched(mail, TAKEN, _TAKEN)


def untrue_now(office: Office, work: Work, mail: Mail) -> Untrue | None:
    """Why the mail, perhaps left over from an earlier run, is not to be sent any more."""
    if mail.line.kind in GATHERED:
        return gathered_untrue(office, work, replace(mail, line=replace(mail.line, key=original_key(mail.line))))
    if is_mailed(work, later_keys(mail.rung, office.law.ladders)):
        return SUPERSEDED
    cause = cause_of(office, work, mail.rung)
    return cause if isinstance(cause, Untrue) else cause.untrue(mail.rung)


def _tried(office: Office, delivery: Delivery, mail: Mail) -> _Outcome:
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
    except DeliveryDelayed as delayed:
        return _put_off(office, mail, delayed)
    except AnjuanError as wrong:
        # Refused for good, or something that no repetition will put right: an address or a text that is none.
        why = Untrue(wrong.zh, wrong.en)
        return _Outcome(DEAD, wrong.answer if isinstance(wrong, NotDelivered) else why.kept, why)
    return _Outcome(SENT, accepted.answer)


def _put_off(office: Office, mail: Mail, delayed: DeliveryDelayed) -> _Outcome:
    now = office.clock.now()
    at = next_try(mail.tries + 1, datetime.fromisoformat(mail.since), now)
    if at is not None:
        return _Outcome(RETRYING, delayed.answer, Untrue(delayed.zh, delayed.en), at)
    hours = int(GIVEN_UP_AFTER.total_seconds()) // 3600
    given_up = Untrue(
        f"{hours}小时内多次投递未成，不再投递：{delayed.zh}",
        f"tried again and again for {hours} hours, given up: {delayed.en}",
    )
    return _Outcome(DEAD, given_up.kept, given_up)
