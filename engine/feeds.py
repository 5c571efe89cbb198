"""The calendars to which people subscribe: one per person, known by a token that whoever reads it must know."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

import sqlalchemy as sa

from engine.store import Statement, Work
from engine.tables import FeedRow

FEED = FeedRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Feed:
    """Somebody's calendar: its token, which is shown to nobody but him, its language, and the stored instant at which
    it was made."""

    name: str
    token: str = field(repr=False)
    lang: str
    made_at: str


def new_token() -> str:
    """43 letters, digits, `-` and `_`: 256 bits that nobody guesses."""
    return secrets.token_urlsafe(32)


def feed_of(work: Work, name: str) -> Feed | None:
    row = work.first(_OF_PERSON, {"person": name})
    return Feed(*row) if row else None


def feeds(work: Work) -> tuple[Feed, ...]:
    """Everybody's, by name."""
    return tuple(Feed(*row) for row in work.all(_ALL, {}))


def add_feed(work: Work, feed: Feed) -> None:
    """Keep it. Raises CaseChangedMeanwhile where he got another at the same moment."""
    work.run(_INSERT, {"name": feed.name, "token": feed.token, "lang": feed.lang, "made_at": feed.made_at})


def set_language(work: Work, name: str, lang: str) -> None:
    work.run(_SET_LANGUAGE, {"person": name, "new_lang": lang})


def remove_feed(work: Work, name: str) -> None:
    work.run(_DELETE, {"person": name})


_COLUMNS = (FEED.c.name, FEED.c.token, FEED.c.lang, FEED.c.made_at)
_ALL = Statement(lambda _: sa.select(*_COLUMNS).order_by(FEED.c.name))
_OF_PERSON = Statement(lambda _: sa.select(*_COLUMNS).where(FEED.c.name == sa.bindparam("person")))
_INSERT = Statement(lambda _: sa.insert(FEED).values({c.name: sa.bindparam(c.name) for c in FEED.columns}))
_SET_LANGUAGE = Statement(
    lambda _: sa.update(FEED).where(FEED.c.name == sa.bindparam("person")).values(lang=sa.bindparam("new_lang"))
)
_DELETE = Statement(lambda _: sa.delete(FEED).where(FEED.c.name == sa.bindparam("person")))
