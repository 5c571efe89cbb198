"""Looks for mails that did not arrive: what `doctor` says of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import sqlalchemy as sa

from engine.clock import stored_instant
from engine.health import MOST_NAMED, Check
from engine.store import Statement, Work
from notifications.mail_store import DEAD, MAIL, RETRYING, attempts_of
from notifications.retrying import LADDER_MINUTES

# A mail that was given up longer ago than this is history: whatever it said has come and gone.
DEAD_COUNTS_FOR = timedelta(days=30)
# Whoever is put off for the first few minutes is only busy; this often means something is wrong.
LONG_TRIES = len(LADDER_MINUTES)


def mail_checks(work: Work, now: datetime) -> Iterator[Check]:
    """Dead mails of the last thirty days, and mails put off again and again."""
    dead = [row[0] for row in work.all(_DEAD, {"since": stored_instant(now - DEAD_COUNTS_FOR)})]
    retrying = [mail_id for mail_id, kept in work.all(_RETRYING, {}) if len(attempts_of(kept)) >= LONG_TRIES]
    yield _check(
        "mail_dead",
        dead,
        ("没有无法送达的邮件", "no mail was given up"),
        ("近30天无法送达的邮件", "given up in the last 30 days"),
        "anjuan mail list --state dead",
    )
    yield _check(
        "mail_retrying",
        retrying,
        ("没有多次重发未成的邮件", "no mail is being put off again and again"),
        ("多次重发未成的邮件", "put off again and again"),
        "anjuan mail list --state retrying",
    )


def _check(check_id: str, ids: list[int], fine: tuple[str, str], wrong: tuple[str, str], command: str) -> Check:
    if not ids:
        return Check(check_id, True, *fine)
    named = [str(mail_id) for mail_id in ids[:MOST_NAMED]]
    zh, en = "、".join(named) + "等" * (len(ids) > len(named)), ", ".join(named) + " …" * (len(ids) > len(named))
    return Check(
        check_id,
        False,
        f"{wrong[0]}：{len(ids)}封（第{zh}号），{command}",
        f"mails {wrong[1]}: {len(ids)} (number {en}), {command}",
    )


_DEAD = Statement(
    lambda _: (
        sa.select(MAIL.c.id)
        .where(MAIL.c.state == sa.literal(DEAD), MAIL.c.created_at >= sa.bindparam("since"))
        .order_by(MAIL.c.id)
    )
)
_RETRYING = Statement(
    lambda _: sa.select(MAIL.c.id, MAIL.c.attempts).where(MAIL.c.state == sa.literal(RETRYING)).order_by(MAIL.c.id)
)
