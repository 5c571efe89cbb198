"""What the roles that somebody held make of the events in his calendar: his, his no more, or his again. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from engine.people import People
from engine.roles_on_record import Held
from notifications.calendar_events import Revision


@dataclass(frozen=True)
class Turns:
    """The stored instants until now at which he came to hold what makes an event his, and at which he ceased to."""

    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()

    def __or__(self, other: Turns) -> Turns:
        return Turns(_sorted(self.gained + other.gained), _sorted(self.lost + other.lost))


def turns_of(held: Iterable[Held], concerned: Callable[[Held], bool], now: str) -> Turns:
    """The turns of what is `concerned` among what somebody held."""
    mine = [one for one in held if concerned(one)]
    return Turns(
        _sorted(one.from_at for one in mine if one.from_at <= now),
        _sorted(one.to_at for one in mine if one.to_at <= now),
    )


def makes_his(people: People, roles: Iterable[str], from_above: Iterable[str], unit: str) -> Callable[[Held], bool]:
    """Whether a role that somebody held is one of these in that unit, or one of `from_above` in a unit above it."""
    wanted, reaching, above = set(roles), set(from_above), people.above(unit)
    return lambda held: held.role in wanted and (held.unit == unit or (held.role in reaching and held.unit in above))


def as_his(revision: Revision, turns: Turns, left_at: str | None, *, mine: bool) -> Revision | None:
    """The revision as his calendar shows it: cancelled where it was his and is no more, `None` where it never was.

    `mine`: it is his now; `left_at`: the instant at which he gave the case away. Every turn since the event came on
    record raises its number, so that programs follow; giving the case away has raised it already.
    """
    since = [at for at in turns.gained + turns.lost if at > revision.first_at]
    number = revision.number + len(since)
    if mine:
        changed_at = max([revision.changed_at, *since]) if revision.face.stands else revision.changed_at
        return replace(revision, number=number, changed_at=changed_at)
    ended = [at for at in (*turns.lost, *((left_at,) if left_at is not None else ())) if at >= revision.first_at]
    if not ended:
        return None
    if not revision.face.stands:
        return replace(revision, number=number)
    return replace(revision, face=replace(revision.face, stands=False), number=number, changed_at=max(ended))


def _sorted(instants: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(instants)))
