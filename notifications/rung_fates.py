"""Says of every reminder about a case or a campaign what became of it for one person, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from engine.agenda import AGENDA, Rung
from engine.clock import shown_instant
from engine.mutes import muted_by
from engine.office import Office
from engine.people import Person
from engine.store import Statement, Work
from notifications.causes import cause_of
from notifications.mail_store import DEAD, QUEUED, RETRYING, SENT, SUPPRESSED, Mail, is_again, mail_of, number_of
from notifications.queueing import MUTED
from notifications.truth import Untrue

PLANNED, NOT_HIS, MUTE = "planned", "not_his", "muted"
# What can become of a reminder for somebody: the states of a mail, and those of one that there is no mail of.
FATES = (PLANNED, NOT_HIS, MUTE, QUEUED, RETRYING, SENT, SUPPRESSED, DEAD)


@dataclass(frozen=True)
class Fate:
    """What became of one reminder for one person; `mail_id` where there is, or was, a mail to him."""

    rung: Rung
    state: str
    why: Untrue
    mail_id: int | None = None


def fates_of(office: Office, work: Work, book: str, person: Person) -> tuple[Fate, ...]:
    """One for every reminder in that book, the one with the earliest day first."""
    return tuple(_fate(office, work, person, rung, state, why) for rung, state, why in _rungs(work, book))


def _rungs(work: Work, book: str) -> Iterator[tuple[Rung, str, str | None]]:
    for key, state, why, book_, kind, subject, unit, days, *dates in work.all(_OF_BOOK, {"book_key": book}):
        if not is_again(key):
            yield Rung(book_, kind, subject, unit, days, *map(date.fromisoformat, dates)), state, why


def _fate(office: Office, work: Work, person: Person, rung: Rung, state: str, why: str | None) -> Fate:
    if state == PLANNED:
        return _planned(office, work, person, rung)
    if state == SUPPRESSED:
        return Fate(rung, SUPPRESSED, _both(why or ""))
    # It went out by itself, or in a mail about many things whose key stands with it.
    for key in (rung.key, *(why or "").split()):
        mail_id = number_of(work, key, person.name)
        if mail_id is not None:
            return _mailed(rung, mail_of(work, mail_id))
    return Fate(rung, NOT_HIS, Untrue("已发给他人，收件人中没有此人", "it went to others, and not to this person"))


def _planned(office: Office, work: Work, person: Person, rung: Rung) -> Fate:
    cause = cause_of(office, work, rung)
    untrue = cause if isinstance(cause, Untrue) else cause.untrue(rung)
    if isinstance(cause, Untrue) or untrue:
        assert untrue is not None
        return Fate(rung, PLANNED, Untrue(f"届时将不发送：{untrue.zh}", f"will not be sent: {untrue.en}"))
    readers = [reader.name for reader, _ in cause.views(rung)]
    if person.name not in readers:
        others = "、".join(readers), ", ".join(readers)
        to_others = f"按今天的职责，将发给{others[0]}", f"as things stand, it will go to {others[1]}"
        nobody = "按今天的职责，没有人接收", "as things stand, nobody is there to hear of it"
        return Fate(rung, NOT_HIS, Untrue(*(to_others if readers else nobody)))
    if person.name in muted_by(work, cause.ladder):
        return Fate(rung, MUTE, MUTED)
    return Fate(rung, PLANNED, Untrue(f"将于{rung.send_on}发送", f"will be sent on {rung.send_on}"))


def _mailed(rung: Rung, mail: Mail) -> Fate:
    last = mail.attempts[-1] if mail.attempts else None
    answer = _both(last.answer) if last else Untrue("", "")
    at = _minute(mail.next_try_at) if mail.next_try_at else None
    why = {
        QUEUED: Untrue("等待发送，由下一次运行发出", "waits to be sent by the next run"),
        RETRYING: Untrue(f"{at or '下一次运行时'}重试：{answer.zh}", f"tried again after {at or 'now'}: {answer.en}"),
        SENT: Untrue(f"已于{_minute(mail.line.sent_at)}发出", f"sent at {_minute(mail.line.sent_at)}"),
        DEAD: Untrue(f"无法送达：{answer.zh}", f"given up: {answer.en}"),
    }.get(mail.line.state, answer)
    return Fate(rung, mail.line.state, why, mail.line.id)


def _minute(stored: str | None) -> str:
    return shown_instant(stored)[:16].replace("T", " ") if stored else ""


def _both(kept: str) -> Untrue:
    """A kept reason in its two languages; what a server said stands in one."""
    zh, _, en = kept.partition(" / ")
    return Untrue(zh, en or zh)


_OF_BOOK = Statement(
    lambda _: (
        sa.select(
            AGENDA.c.key,
            AGENDA.c.state,
            AGENDA.c.why,
            AGENDA.c.book,
            AGENDA.c.kind,
            AGENDA.c.subject,
            AGENDA.c.unit,
            AGENDA.c.rung_days,
            AGENDA.c.due_on,
            AGENDA.c.safe_on,
            AGENDA.c.send_on,
        )
        .where(AGENDA.c.book == sa.bindparam("book_key"))
        .order_by(AGENDA.c.send_on, AGENDA.c.due_on, AGENDA.c.subject, AGENDA.c.unit, AGENDA.c.rung_days.desc())
    )
)
