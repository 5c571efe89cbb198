"""Who is signed in: sessions in the store, each known by the hash of a token that only its holder has."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from engine.clock import SHANGHAI, stored_instant
from engine.store import Statement, Work
from engine.tables import SessionRow

SESSION = SessionRow.__table__  # type: ignore[attr-defined]

IDLE = timedelta(minutes=30)
# Moved on at most so often, so that a command that only reads mostly writes nothing.
MOVED_ON_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Session:
    """Somebody signed in, last seen at `last_at`."""

    token_hash: str
    name: str
    started_at: datetime
    last_at: datetime

    @property
    def until(self) -> datetime:
        """When it ends if nothing more is done; it has ended at that instant."""
        return self.last_at.astimezone(SHANGHAI) + IDLE

    def is_live(self, now: datetime) -> bool:
        """Ended also where the clock has gone back by as much: nobody knows how long it was idle."""
        return abs(now - self.last_at) < IDLE

    def is_to_be_moved_on(self, now: datetime) -> bool:
        return abs(now - self.last_at) >= MOVED_ON_EVERY


def new_token() -> str:
    return secrets.token_urlsafe(32)


def token_hash(token: bytes) -> str:
    """By what the store knows the token."""
    return hashlib.sha256(token).hexdigest()


def begin_session(work: Work, token: str, name: str, now: datetime) -> Session:
    """Somebody is signed in from now on. Sessions that ended by themselves are cleared away."""
    work.run(_CLEAR, {"ended_at": stored_instant(now - IDLE)})
    began = Session(token_hash(token.encode()), name, now, now)
    at = stored_instant(now)
    work.run(_BEGIN, {"token_hash": began.token_hash, "name": name, "started_at": at, "last_at": at})
    return began


def session_of(work: Work, hash_: str) -> Session | None:
    """The session of a token, also one that has ended; `None` where the store does not know it."""
    row = work.first(_GET, {"token_key": hash_})
    return Session(hash_, row[0], datetime.fromisoformat(row[1]), datetime.fromisoformat(row[2])) if row else None


def move_on(work: Work, session: Session, now: datetime) -> None:
    """Somebody is still here."""
    work.run(_MOVE_ON, {"token_key": session.token_hash, "now": stored_instant(now)})


def end_session(work: Work, hash_: str) -> None:
    work.run(_END, {"token_key": hash_})


def end_sessions_of(work: Work, name: str, *, but: str = "") -> None:
    """End every session of somebody, save the one of that token hash."""
    work.run(_END_OF, {"person_name": name, "kept": but})


_GET = Statement(
    lambda _: sa.select(SESSION.c.name, SESSION.c.started_at, SESSION.c.last_at).where(
        SESSION.c.token_hash == sa.bindparam("token_key")
    )
)
_BEGIN = Statement(lambda _: sa.insert(SESSION).values({c.name: sa.bindparam(c.name) for c in SESSION.columns}))
_MOVE_ON = Statement(
    lambda _: (
        sa.update(SESSION).where(SESSION.c.token_hash == sa.bindparam("token_key")).values(last_at=sa.bindparam("now"))
    )
)
_CLEAR = Statement(lambda _: sa.delete(SESSION).where(SESSION.c.last_at <= sa.bindparam("ended_at")))
_END = Statement(lambda _: sa.delete(SESSION).where(SESSION.c.token_hash == sa.bindparam("token_key")))
_END_OF = Statement(
    lambda _: sa.delete(SESSION).where(
        SESSION.c.name == sa.bindparam("person_name"), SESSION.c.token_hash != sa.bindparam("kept")
    )
)
