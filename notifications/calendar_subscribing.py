"""Gives somebody a calendar to subscribe to, and takes it away again: who may, and what goes on record."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.book_store import append
from engine.clock import legal_day, stored_instant
from engine.errors import InputWrong, NotFound, Remedy
from engine.feeds import Feed, add_feed, feed_of, new_token, remove_feed, set_language
from engine.ledger import STORE_BOOK, Said
from engine.office import Office
from engine.people import Person
from engine.store import Work
from notifications.calendar_person import require_may_look


@dataclass(frozen=True)
class Subscribed:
    """Whose calendar it is; `made`: he had none until now."""

    person: Person
    feed: Feed
    made: bool


def subscribe(office: Office, work: Work, actor: Person, name: str | None, lang: str) -> Subscribed:
    """The person's calendar, by default the actor's own, made where there is none; the actor's own is in that language
    from now on.

    Raises NotFound, Forbidden as `calendar_for` does, InputWrong for somebody who has left.
    """
    person = _whose(office, actor, name)
    now = office.clock.now()
    if person.has_left(legal_day(now)):
        raise InputWrong(
            "person.left",
            f"{person.zh}（{person.name}）已于{person.left_on}离岗",
            f"{person.name} has left, the last day was {person.left_on}",
        )
    feed = feed_of(work, person.name)
    if feed is None:
        feed = Feed(person.name, new_token(), lang, stored_instant(now))
        add_feed(work, feed)
        _enter(office, work, actor, "made", person)
        return Subscribed(person, feed, made=True)
    if feed.lang != lang and person.name == actor.name:
        set_language(work, person.name, lang)
        feed = replace(feed, lang=lang)
    return Subscribed(person, feed, made=False)


def revoke(office: Office, work: Work, actor: Person, name: str | None) -> Subscribed:
    """Take the person's calendar away, by default the actor's own; what was subscribed to before is never made again.

    Raises NotFound, also where he has none, and Forbidden as `calendar_for` does.
    """
    person = _whose(office, actor, name)
    feed = feed_of(work, person.name)
    if feed is None:
        whose = "" if person.name == actor.name else f" --person {person.name}"
        raise NotFound(
            "feed.none",
            f"{person.zh}（{person.name}）没有可以撤销的日历订阅",
            f"{person.name} has no calendar to subscribe to",
            Remedy("需要时可以新建", "make one", f"anjuan calendar feed{whose}"),
        )
    remove_feed(work, person.name)
    _enter(office, work, actor, "revoked", person)
    return Subscribed(person, feed, made=False)


def _whose(office: Office, actor: Person, name: str | None) -> Person:
    person = actor if name is None else office.people.person(name)
    require_may_look(office, actor, person)
    return person


def _enter(office: Office, work: Work, actor: Person, act: str, person: Person) -> None:
    """The record tells that it was made and revoked, and never the token: whoever reads it could read the calendar."""
    now = office.clock.now()
    effects = {"act": act, "name": person.name}
    append(work, Said(STORE_BOOK, "feed", actor.name, legal_day(now).isoformat(), now, effects=effects))
