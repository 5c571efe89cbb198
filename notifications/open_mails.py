"""Finds the mails that are still to be delivered, puts them into the queue when their time has come, and marks them."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from engine.clock import stored_instant
from engine.jobs import queue_of
from engine.store import Statement, Work
from notifications.mail_store import MAIL, OPEN_STATES, SENT, Mail, Tried, attempts_text, mail_job
from notifications.retrying import LONGEST_WAIT

# A next try further ahead than any that this program sets was set by a clock that stood wrong: it does not count.
# Machines whose clocks differ by less than this do not hurry each other's mails.
CLOCK_TOLERANCE = LONGEST_WAIT


def due_ids(work: Work, now: datetime) -> tuple[int, ...]:
    """The open mails whose time has come, the oldest first."""
    return tuple(row[0] for row in work.all(_DUE, _times(now)))


def waiting_count(work: Work, now: datetime) -> int:
    """How many open mails wait for their next try."""
    count: int = work.first(_WAITING, _times(now))[0]
    return count


def is_due(mail: Mail, now: datetime) -> bool:
    """Whether the mail is open and its time has come."""
    times, at = _times(now), mail.next_try_at
    return mail.line.state in OPEN_STATES and (at is None or at <= times["now"] or at > times["furthest"])


def put_due(work: Work, now: datetime) -> None:
    """Put every mail whose time has come into the queue: those whose next try it is, and those whose job was lost."""
    queue_of(work.store).put(work, [mail_job(mail_id) for mail_id in due_ids(work, now)])


def mark(work: Work, mail: Mail, state: str, answer: str, at: datetime, next_try_at: datetime | None = None) -> bool:
    """Put an attempt and what became of it on an open mail.

    False, with nothing changed, when somebody else has put something on it since it was read.
    """
    stored = stored_instant(at)
    values = {
        "mail_id": mail.line.id,
        "seen": attempts_text(mail.attempts),
        "state": state,
        "sent_at": stored if state == SENT else None,
        "attempts": attempts_text((*mail.attempts, Tried(stored, answer))),
        "next_try_at": stored_instant(next_try_at) if next_try_at else None,
    }
    return work.changes(_MARK, values) == 1


def _times(now: datetime) -> dict[str, str]:
    return {"now": stored_instant(now), "furthest": stored_instant(now + LONGEST_WAIT + CLOCK_TOLERANCE)}


def _is_open() -> sa.ColumnElement[bool]:
    state: sa.Column[str] = MAIL.c.state
    return state.in_([sa.literal(one) for one in sorted(OPEN_STATES)])


_DUE = Statement(
    lambda _: (
        sa.select(MAIL.c.id)
        .where(
            _is_open(),
            sa.or_(
                MAIL.c.next_try_at.is_(None),
                MAIL.c.next_try_at <= sa.bindparam("now"),
                MAIL.c.next_try_at > sa.bindparam("furthest"),
            ),
        )
        .order_by(MAIL.c.id)
    )
)
_WAITING = Statement(
    lambda _: (
        sa.select(sa.func.count())
        .select_from(MAIL)
        .where(_is_open(), MAIL.c.next_try_at > sa.bindparam("now"), MAIL.c.next_try_at <= sa.bindparam("furthest"))
    )
)
_MARK = Statement(
    lambda _: (
        sa.update(MAIL)
        .where(MAIL.c.id == sa.bindparam("mail_id"), MAIL.c.attempts == sa.bindparam("seen"), _is_open())
        .values({name: sa.bindparam(name) for name in ("state", "sent_at", "attempts", "next_try_at")})
    )
)
