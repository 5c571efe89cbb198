"""Shares the open mails among any number of workers: each is marked with a name and a lease before it is delivered."""

from __future__ import annotations

import os
import secrets
import socket
from datetime import datetime, timedelta

import sqlalchemy as sa

from engine.clock import stored_instant
from engine.store import Statement, Work
from notifications.mail_store import MAIL, OPEN_STATES, SENT, Mail, Tried, attempts_text
from notifications.retrying import LONGEST_WAIT

# One delivery over a bad line: some fifteen commands of 20 seconds each (smtp_delivery.TIMEOUT_SECONDS).
LONGEST_DELIVERY = timedelta(minutes=5)
# A mail is begun in the first half of its lease only, so that whoever holds it is through before another may have it.
LEASE = 2 * LONGEST_DELIVERY
# An instant further ahead than any that this program writes comes from a clock that stood wrong: it holds nothing.
# Machines whose clocks differ by less than this do not take each other's mails.
CLOCK_TOLERANCE = LONGEST_WAIT


def worker_name() -> str:
    """A name that no other run has: machine, process and a random number."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


def claim(work: Work, worker: str, now: datetime, most: int, after: int = 0) -> tuple[int, ...]:
    """Up to `most` mails whose time has come and that nobody holds, the oldest first; they are the worker's now.

    Only those with a number above `after`, so that a run which goes on after its last mail ends. Keep this
    transaction short: on SQLite it is the only one that writes; on PostgreSQL others pass over what is being claimed.
    """
    ids = tuple(row[0] for row in work.all(_FREE, {**_times(now), "most": most, "after_id": after}))
    until = stored_instant(now + LEASE)
    work.run_many(_CLAIM, [{"mail_id": mail_id, "worker": worker, "until": until} for mail_id in ids])
    return ids


def due_ids(work: Work, now: datetime) -> tuple[int, ...]:
    """The mails that a run would take now, the oldest first."""
    return tuple(row[0] for row in work.all(_FREE, {**_times(now), "most": 2**31 - 1, "after_id": 0}))


def waiting_count(work: Work, now: datetime) -> int:
    """How many open mails wait for their next try."""
    count: int = work.first(_WAITING, _times(now))[0]
    return count


def mark(
    work: Work, mail: Mail, worker: str, state: str, answer: str, at: datetime, next_try_at: datetime | None = None
) -> bool:
    """Put an attempt and what became of it on a mail that the worker holds, and let go of it.

    False, with nothing changed, when somebody else has it now.
    """
    stored = stored_instant(at)
    values = {
        "mail_id": mail.line.id,
        "worker": worker,
        "state": state,
        "sent_at": stored if state == SENT else None,
        "attempts": attempts_text((*mail.attempts, Tried(stored, answer))),
        "next_try_at": stored_instant(next_try_at) if next_try_at else None,
    }
    return work.changes(_MARK, values) == 1


def release(work: Work, worker: str) -> None:
    """Let go of everything that the worker still holds."""
    work.run(_RELEASE, {"worker": worker})


def _times(now: datetime) -> dict[str, str]:
    return {
        "now": stored_instant(now),
        "furthest_try": stored_instant(now + LONGEST_WAIT + CLOCK_TOLERANCE),
        "furthest_claim": stored_instant(now + LEASE + CLOCK_TOLERANCE),
    }


def _is_open() -> sa.ColumnElement[bool]:
    state: sa.Column[str] = MAIL.c.state
    return state.in_([sa.literal(one) for one in sorted(OPEN_STATES)])


def _passed(column: sa.Column[str], furthest: str) -> sa.ColumnElement[bool]:
    return sa.or_(column.is_(None), column <= sa.bindparam("now"), column > sa.bindparam(furthest))


def _build_free(dialect: str) -> sa.Executable:
    free = (
        sa.select(MAIL.c.id)
        .where(
            _is_open(),
            _passed(MAIL.c.next_try_at, "furthest_try"),
            _passed(MAIL.c.claimed_until, "furthest_claim"),
            MAIL.c.id > sa.bindparam("after_id"),
        )
        .order_by(MAIL.c.id)
        .limit(sa.bindparam("most", type_=sa.Integer))
    )
    return free.with_for_update(skip_locked=True) if dialect == "postgresql" else free


_FREE = Statement(_build_free)
_CLAIM = Statement(
    lambda _: (
        sa.update(MAIL)
        .where(MAIL.c.id == sa.bindparam("mail_id"))
        .values(claimed_by=sa.bindparam("worker"), claimed_until=sa.bindparam("until"))
    )
)
_WAITING = Statement(
    lambda _: (
        sa.select(sa.func.count())
        .select_from(MAIL)
        .where(
            _is_open(),
            MAIL.c.next_try_at > sa.bindparam("now"),
            MAIL.c.next_try_at <= sa.bindparam("furthest_try"),
        )
    )
)
_MARK = Statement(
    lambda _: (
        sa.update(MAIL)
        .where(MAIL.c.id == sa.bindparam("mail_id"), MAIL.c.claimed_by == sa.bindparam("worker"))
        .values(
            {name: sa.bindparam(name) for name in ("state", "sent_at", "attempts", "next_try_at")}
            | {"claimed_by": None, "claimed_until": None}
        )
    )
)
_RELEASE = Statement(
    lambda _: (
        sa.update(MAIL).where(MAIL.c.claimed_by == sa.bindparam("worker")).values(claimed_by=None, claimed_until=None)
    )
)
