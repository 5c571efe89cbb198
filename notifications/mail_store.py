"""Keeps the mails: written when their rung is due, read one by one or listed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from engine.agenda import AGENDA, Rung
from engine.clock import stored_instant
from engine.errors import NotFound, Remedy
from engine.jobs import Job, queue_of
from engine.store import Statement, Work
from engine.tables import MailRow

MAIL = MailRow.__table__  # type: ignore[attr-defined]

QUEUED, RETRYING, SENT, SUPPRESSED, DEAD = "queued", "retrying", "sent", "suppressed", "dead"
STATES = (QUEUED, RETRYING, SENT, SUPPRESSED, DEAD)
MAIL_JOB = "mail"
_AGAIN = "again"
# From these a mail is still to be delivered.
OPEN_STATES = frozenset({QUEUED, RETRYING})


@dataclass(frozen=True)
class Draft:
    """A mail to one person, before it is kept. `refused` says why it can never be sent, where that is known already;
    `muted` that the person does not want it."""

    key: str
    kind: str
    book: str
    to_name: str
    to_address: str
    message_id: str
    subject: str
    text: str
    html: str
    refused: str | None = None
    muted: str | None = None

    @property
    def stopped(self) -> str | None:
        """Why it does not go out at all."""
        return self.muted or self.refused

    @property
    def state(self) -> str:
        """In which state it is kept."""
        return SUPPRESSED if self.muted else DEAD if self.refused else QUEUED


@dataclass(frozen=True)
class Tried:
    """One attempt to deliver a mail: the stored instant, and what the other side (or we) said.

    `reopened` is no attempt: somebody wants a dead mail tried again, and the answer says who.
    """

    at: str
    answer: str
    reopened: bool = False


@dataclass(frozen=True)
class MailLine:
    """A mail as lists show it. `unit` is the unit whose reminder it is, `sent_at` a stored instant."""

    id: int
    key: str
    kind: str
    book: str
    unit: str
    to_name: str
    to_address: str
    subject: str
    state: str
    sent_at: str | None

    @property
    def case_no(self) -> str | None:
        """The case it is about, `None` for a campaign's."""
        book_kind, _, subject = self.book.partition(":")
        return subject if book_kind == "case" else None


@dataclass(frozen=True)
class Mail:
    """A whole mail, with the rung that it was made from and when it is tried next."""

    line: MailLine
    message_id: str
    text: str
    html: str
    created_at: str
    attempts: tuple[Tried, ...]
    rung: Rung
    next_try_at: str | None

    @property
    def since(self) -> str:
        """The stored instant from which it has been on its way: its making, or the last time it was reopened."""
        return next((one.at for one in reversed(self.attempts) if one.reopened), self.created_at)

    @property
    def tries(self) -> int:
        """How often delivery was tried since then."""
        reopened = [number for number, one in enumerate(self.attempts, 1) if one.reopened]
        return len(self.attempts) - (reopened[-1] if reopened else 0)


def insert(work: Work, drafts: Iterable[Draft], at: datetime) -> None:
    """Keep new mails: queued, with the jobs that deliver them, or dead or suppressed from the start where they cannot
    or shall not be sent."""
    stored, drafts = stored_instant(at), tuple(drafts)
    work.run_many(
        _INSERT,
        [
            {
                "key": d.key,
                "kind": d.kind,
                "book": d.book,
                "to_name": d.to_name,
                "to_address": d.to_address,
                "message_id": d.message_id,
                "subject": d.subject,
                "body": d.text,
                "html": d.html,
                "state": d.state,
                "created_at": stored,
                "sent_at": None,
                "attempts": attempts_text((Tried(stored, d.stopped),) if d.stopped else ()),
            }
            for d in drafts
        ],
    )
    keys = dict.fromkeys(d.key for d in drafts if d.state == QUEUED)
    made = [row for key in keys for row in work.all(_MADE_OF, {"rung_key": key})]
    numbers = [number for number, state in made if state == QUEUED]
    queue_of(work.store).put(work, map(mail_job, numbers))


def mail_job(mail_id: int) -> Job:
    """The job that delivers a mail."""
    return Job(MAIL_JOB, str(mail_id))


def mail_of(work: Work, mail_id: int) -> Mail:
    """Raises NotFound."""
    row = work.first(_GET, {"mail_id": mail_id})
    if row is None:
        raise NotFound(
            "mail.unknown",
            f"没有第{mail_id}号邮件",
            f"there is no mail {mail_id}",
            Remedy("查看邮件清单", "list the mails", "anjuan mail list"),
        )
    return _mail(row)


def listed(work: Work, *, book: str | None = None, state: str | None = None) -> tuple[MailLine, ...]:
    """The mails of one book, or of all, in one state or any, the oldest first."""
    return tuple(MailLine(*row) for row in work.all(_LISTED, {"book_key": book, "state_key": state}))


def again_key(line: MailLine, number: int) -> str:
    """The key under which a mail is sent again to the same person, for the first (1) or a later time."""
    return f"{_AGAIN}.{number}:{line.to_name}:{original_key(line)}"


def original_key(line: MailLine) -> str:
    """The key of a mail, or of the one that it was sent again for."""
    return line.key.partition(f":{line.to_name}:")[2] if is_again(line.key) else line.key


def is_again(key: str) -> bool:
    """Whether this is the key of a mail that was sent again."""
    return key.startswith(f"{_AGAIN}.")


def number_of(work: Work, key: str, to_name: str) -> int | None:
    """The number of the mail made from this rung for this person, if there is one."""
    row = work.first(_NUMBER, {"rung_key": key, "reader": to_name})
    return None if row is None else int(row[0])


def is_mailed(work: Work, keys: Iterable[str]) -> bool:
    """Whether mails were made from any of these rungs, each by itself or gathered with others."""
    return any(state == "mailed" for (state,) in work.all(_STATES_OF, {"rung_keys": json.dumps([*keys])}))


def _mail(row: Any) -> Mail:
    line = MailLine(*row[: len(_LINE)])
    whole, (subject, rung_days, *days) = row[len(_LINE) : -len(_RUNG)], row[-len(_RUNG) :]
    message_id, text, html, created_at, attempts, next_try_at = whole
    due_on, safe_on, send_on = map(date.fromisoformat, days)
    rung = Rung(line.book, line.kind, subject, line.unit, rung_days, due_on, safe_on, send_on)
    return Mail(line, message_id, text, html, created_at, attempts_of(attempts), rung, next_try_at)


def attempts_of(kept: str) -> tuple[Tried, ...]:
    """The attempts that are kept as this text."""
    return tuple(Tried(**one) for one in json.loads(kept))


def attempts_text(attempts: Iterable[Tried]) -> str:
    """The attempts as they are kept."""
    kept = [{"at": one.at, "answer": one.answer} | ({"reopened": True} if one.reopened else {}) for one in attempts]
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


_LINE = (
    MAIL.c.id,
    MAIL.c.key,
    MAIL.c.kind,
    MAIL.c.book,
    AGENDA.c.unit,
    MAIL.c.to_name,
    MAIL.c.to_address,
    MAIL.c.subject,
    MAIL.c.state,
    MAIL.c.sent_at,
)
_WHOLE = (
    MAIL.c.message_id,
    MAIL.c.body,
    MAIL.c.html,
    MAIL.c.created_at,
    MAIL.c.attempts,
    MAIL.c.next_try_at,
)
_RUNG = (AGENDA.c.subject, AGENDA.c.rung_days, AGENDA.c.due_on, AGENDA.c.safe_on, AGENDA.c.send_on)


def _is_or_any(column: sa.Column[Any], parameter: str) -> sa.ColumnElement[bool]:
    """The column has that value; every value will do where the parameter is NULL."""
    return column == sa.func.coalesce(sa.cast(sa.bindparam(parameter), sa.Text), column)


# A new mail has no number yet and waits for nothing.
_WRITTEN = [c.name for c in MAIL.columns if c.name not in ("id", "next_try_at")]
_INSERT = Statement(lambda _: sa.insert(MAIL).values({name: sa.bindparam(name) for name in _WRITTEN}))
_GET = Statement(
    lambda _: (
        sa.select(*_LINE, *_WHOLE, *_RUNG)
        .join_from(MAIL, AGENDA, MAIL.c.key == AGENDA.c.key)
        .where(MAIL.c.id == sa.bindparam("mail_id"))
    )
)
_LISTED = Statement(
    lambda _: (
        sa.select(*_LINE)
        .join_from(MAIL, AGENDA, MAIL.c.key == AGENDA.c.key)
        .where(_is_or_any(MAIL.c.book, "book_key"), _is_or_any(MAIL.c.state, "state_key"))
        .order_by(MAIL.c.id)
    )
)
_NUMBER = Statement(
    lambda _: sa.select(MAIL.c.id).where(
        MAIL.c.key == sa.bindparam("rung_key"), MAIL.c.to_name == sa.bindparam("reader")
    )
)
# By the key alone: asked for the state too, SQLite would look through all mails that wait.
_MADE_OF = Statement(
    lambda _: sa.select(MAIL.c.id, MAIL.c.state).where(MAIL.c.key == sa.bindparam("rung_key")).order_by(MAIL.c.id)
)


def _build_states_of(dialect: str) -> sa.Executable:
    # All keys in one parameter, so that the text of the statement is the same however many there are; and by the keys
    # alone, as above.
    keys = sa.bindparam("rung_keys", type_=sa.Text())
    if dialect == "sqlite":
        among = AGENDA.c.key.in_(sa.select(sa.func.json_each(keys).table_valued("value").c.value))
    else:
        # As an array: PostgreSQL takes a list of unknown length for a hundred keys and reads the whole agenda.
        asked = sa.select(sa.func.json_array_elements_text(sa.cast(keys, sa.JSON())).column_valued())
        among = AGENDA.c.key == sa.func.any(sa.func.array(asked.scalar_subquery()))
    return sa.select(AGENDA.c.state).where(among)


_STATES_OF = Statement(_build_states_of)
