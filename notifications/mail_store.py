"""Keeps the mails: written when their rung is due, marked when they are sent, delayed or given up."""

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
from engine.store import Statement, Work
from engine.tables import MailRow

MAIL = MailRow.__table__  # type: ignore[attr-defined]

QUEUED, RETRYING, SENT, SUPPRESSED, DEAD = "queued", "retrying", "sent", "suppressed", "dead"
STATES = (QUEUED, RETRYING, SENT, SUPPRESSED, DEAD)
# From these a mail is still to be delivered.
OPEN_STATES = frozenset({QUEUED, RETRYING})


@dataclass(frozen=True)
class Draft:
    """A mail to one person, before it is kept. `refused` says why it can never be sent, where that is known already."""

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


@dataclass(frozen=True)
class Tried:
    """One attempt to deliver a mail: the stored instant, and what the other side (or we) said."""

    at: str
    answer: str


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
    """A whole mail, with the rung that it was made from."""

    line: MailLine
    message_id: str
    text: str
    html: str
    created_at: str
    attempts: tuple[Tried, ...]
    rung: Rung


def insert(work: Work, drafts: Iterable[Draft], at: datetime) -> None:
    """Keep new mails: queued, or dead from the start where they can never be sent."""
    stored = stored_instant(at)
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
                "state": DEAD if d.refused else QUEUED,
                "created_at": stored,
                "sent_at": None,
                "attempts": _to_json((Tried(stored, d.refused),) if d.refused else ()),
            }
            for d in drafts
        ],
    )


def open_ids(work: Work) -> tuple[int, ...]:
    """The mails still to be delivered, the oldest first."""
    return tuple(row[0] for row in work.all(_OPEN, {}))


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


def is_mailed(work: Work, keys: Iterable[str]) -> bool:
    """Whether mails were made from any of these rungs."""
    return any(work.first(_MADE, {"rung_key": key}) is not None for key in keys)


def mark(work: Work, mail: Mail, state: str, answer: str, at: datetime) -> None:
    """Put an attempt and what became of it on the mail."""
    stored = stored_instant(at)
    values = {
        "mail_id": mail.line.id,
        "state": state,
        "sent_at": stored if state == SENT else None,
        "attempts": _to_json((*mail.attempts, Tried(stored, answer))),
    }
    work.run(_MARK, values)


def _mail(row: Any) -> Mail:
    line = MailLine(*row[: len(_LINE)])
    message_id, text, html, created_at, attempts, subject, rung_days, *days = row[len(_LINE) :]
    due_on, safe_on, send_on = map(date.fromisoformat, days)
    rung = Rung(line.book, line.kind, subject, line.unit, rung_days, due_on, safe_on, send_on)
    tried = tuple(Tried(one["at"], one["answer"]) for one in json.loads(attempts))
    return Mail(line, message_id, text, html, created_at, tried, rung)


def _to_json(attempts: Iterable[Tried]) -> str:
    return json.dumps([vars(one) for one in attempts], ensure_ascii=False, separators=(",", ":"))


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
_WHOLE = (MAIL.c.message_id, MAIL.c.body, MAIL.c.html, MAIL.c.created_at, MAIL.c.attempts)
_RUNG = (AGENDA.c.subject, AGENDA.c.rung_days, AGENDA.c.due_on, AGENDA.c.safe_on, AGENDA.c.send_on)


def _is_or_any(column: sa.Column[Any], parameter: str) -> sa.ColumnElement[bool]:
    """The column has that value; every value will do where the parameter is NULL."""
    return column == sa.func.coalesce(sa.cast(sa.bindparam(parameter), sa.Text), column)


_INSERT = Statement(
    lambda _: sa.insert(MAIL).values({c.name: sa.bindparam(c.name) for c in MAIL.columns if c.name != "id"})
)
_OPEN = Statement(
    lambda _: (
        sa.select(MAIL.c.id)
        .where(MAIL.c.state.in_([sa.literal(state) for state in sorted(OPEN_STATES)]))
        .order_by(MAIL.c.id)
    )
)
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
_MADE = Statement(lambda _: sa.select(MAIL.c.id).where(MAIL.c.key == sa.bindparam("rung_key")).limit(1))
_MARK = Statement(
    lambda _: (
        sa.update(MAIL)
        .where(MAIL.c.id == sa.bindparam("mail_id"))
        .values({name: sa.bindparam(name) for name in ("state", "sent_at", "attempts")})
    )
)
