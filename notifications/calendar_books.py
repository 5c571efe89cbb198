"""Plays the book of a case into the dates that stand in calendars: its limits, and the days its steps appoint. Pure.

A day is appointed by an answer that may lie in the future (`not_in_future: no`) and that is not the last day of a limit
which the step starts: the day of a hearing. Where the same step asks for `X_at` and `X_place` beside a day `X_on`, they
are its minute and its place. A later step that moves the case (for that party) ends the appointment. One that ended
before its day is cancelled; one whose day had come has taken place; one named anew before it ended is moved.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from engine.clock import stored_instant
from engine.definitions import OPEN, Definition, Step
from engine.ledger import Entry
from engine.standing import CORRECT, HOLDING
from notifications.calendar_events import Face, Revision, revised

# The kinds of entries that can change a date, a title, or who holds the case.
TELLING = (OPEN, "step", "undo", "pause", "resume", "extend", "restart", "rules", "move", CORRECT, *HOLDING)
DEADLINE, APPOINTMENT = "deadline", "appointment"
# How a day, its minute and its place are called in a step that asks for them.
ON, AT, PLACE = "_on", "_at", "_place"
# What the states of a limit mean for its event: ended ones are cancelled.
STANDING = ("running", "paused")

Definitions = Callable[[str], Definition | None]


@dataclass(frozen=True)
class Appointed:
    """What an appointment is called, the roles that make it, the party that it concerns alone, and where it is."""

    zh: str
    en: str
    by: tuple[str, ...]
    party: int | None
    place: str | None


@dataclass(frozen=True)
class Told:
    """What the book tells: revisions by (kind, subject), rules of limits by id, what appointments are about, and for
    whoever held the case and no longer does the instant at which that came on record."""

    revisions: Mapping[tuple[str, str], Revision]
    rules: Mapping[str, str]
    appointed: Mapping[str, Appointed]
    left: Mapping[str, str]


@dataclass(frozen=True)
class _Taken:
    moves: bool
    party: int | None
    on: str
    answers: Mapping[str, Any]
    words: Step | None
    appoints: tuple[str, ...]


@dataclass
class _Book:
    definitions: Definitions
    title_answer: str = ""
    title: object = None
    taken: dict[int, _Taken] = field(default_factory=dict)
    named: dict[int, tuple[str, ...]] = field(default_factory=dict)
    limits: dict[str, dict[str, Any]] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)
    appointed: dict[str, Appointed] = field(default_factory=dict)
    revisions: dict[tuple[str, str], Revision] = field(default_factory=dict)


def told_by(entries: Iterable[Entry], definitions: Definitions) -> Told:
    """Plays the entries of one book, of the kinds TELLING and in their order.

    `definitions` gives the version of a workflow by its hash; under one that is gone no day is appointed.
    """
    book = _Book(definitions)
    for entry in entries:
        _follow(book, entry)
    rules = {id_: said["rule"] for id_, said in book.limits.items()}
    return Told(book.revisions, rules, book.appointed, book.left)


def _follow(book: _Book, entry: Entry) -> None:
    content = entry.said()
    effects = content["effects"]
    before, held = _shared(book), _holders(book)
    if entry.kind in {OPEN, "step"}:
        _take(book, entry, content)
    elif entry.kind == "undo":
        book.taken.pop(effects["undoes"], None)
        book.named.pop(effects["undoes"], None)
    elif entry.kind == CORRECT:
        _correct(book, effects["corrects"], content["answers"])
    elif entry.kind in HOLDING:
        book.named[entry.seq] = tuple(effects["holders"])
    touched = [_turn(book, effect) for effect in effects.get("deadlines", ())]
    shared, holders = _shared(book), _holders(book)
    if holders != held:
        book.left |= dict.fromkeys(held, entry.recorded_at)
        book.left = {name: at for name, at in book.left.items() if name not in holders}
    for id_ in book.limits if shared != before else touched:
        _revise(book, (DEADLINE, id_), _limit_face(book.limits[id_], shared), entry)
    _appoint(book, entry, shared)


def _shared(book: _Book) -> tuple[object, ...]:
    """What the text of every event of the case rests on, and whose they are."""
    return (book.title, _holders(book))


def _holders(book: _Book) -> tuple[str, ...]:
    return book.named[max(book.named)] if book.named else ()


def _take(book: _Book, entry: Entry, content: Mapping[str, Any]) -> None:
    effects, answers = content["effects"], content["answers"]
    definition = book.definitions(content["rules"]["definition"])
    if entry.kind == OPEN:
        book.named[entry.seq] = (entry.actor,)
        words = None
        book.title_answer = definition.open.title if definition else ""
        book.title = answers.get(book.title_answer)
    else:
        words = definition.steps.get(str(entry.step)) if definition else None
        if words is not None and words.assigns and answers.get(words.assigns):
            book.named[entry.seq] = tuple(answers[words.assigns])
    moves = effects.get("from") != effects["to"]
    appoints = appointing(words) if words is not None else ()
    book.taken[entry.seq] = _Taken(moves, effects.get("party"), entry.happened_on, answers, words, appoints)


def appointing(step: Step) -> tuple[str, ...]:
    """The answers of a step that appoint a day, each day once: not the minutes of days that it asks for too."""
    last_days = {start.until for start in step.start} | {_beside(name, AT) for name in step.ask}
    return tuple(
        name
        for name, answer in step.ask.items()
        if answer.type in {"date", "moment"} and not answer.not_in_future and name not in last_days
    )


def _beside(day: str, ending: str) -> str | None:
    """What the minute or the place of an appointed day is called; `None` for the answer that is no day by its name."""
    return f"{day.removesuffix(ON)}{ending}" if day.endswith(ON) else None


def _correct(book: _Book, corrects: Mapping[str, int], answers: Mapping[str, Any]) -> None:
    first = min(book.taken)
    for name, seq in corrects.items():
        taken = book.taken.get(seq)
        if taken is None:
            continue
        if seq == first and name == book.title_answer:
            book.title = answers[name]
        book.taken[seq] = replace(taken, answers={**taken.answers, name: answers[name]})


def _turn(book: _Book, effect: Mapping[str, Any]) -> str:
    id_: str = effect["id"]
    if effect["act"] == "remove":
        book.limits[id_] = {**book.limits[id_], "state": "removed"}
    elif effect["act"] == "start":
        book.limits[id_] = {**effect, "state": "running"}
    else:
        book.limits[id_] = {**book.limits[id_], **{n: v for n, v in effect.items() if n not in {"act", "before"}}}
    return id_


def _limit_face(said: Mapping[str, Any], shared: tuple[object, ...]) -> Face:
    stands = said["state"] in STANDING
    # Of one that has ended nothing more is told: it is not told anew when its case gets another holder.
    told = (*shared, said["state"], said["provisional"], said["limit"]) if stands else ()
    return Face(said["due_on"], said["due_at"], stands, told)


def _appoint(book: _Book, entry: Entry, shared: tuple[object, ...]) -> None:
    """Every appointment as the steps that stand make it; one whose step was taken back is cancelled."""
    if not book.appointed and not any(taken.appoints for taken in book.taken.values()):
        return
    found = _appointments(book)
    for subject, (on, at, stands) in found.items():
        told = (*shared, book.appointed[subject].place) if stands else ()
        _revise(book, (APPOINTMENT, subject), Face(on, at, stands, told), entry)
    for key, revision in list(book.revisions.items()):
        if key[0] == APPOINTMENT and key[1] not in found:
            _revise(book, key, replace(revision.face, stands=False, told=()), entry)


def _appointments(book: _Book) -> dict[str, tuple[str, str | None, bool]]:
    """Day, minute and whether it stands, by party and number."""
    found: dict[str, tuple[str, str | None, bool]] = {}
    open_: dict[tuple[int | None, str], str] = {}
    numbers: dict[int | None, int] = defaultdict(int)
    for _, taken in sorted(book.taken.items()):
        if taken.moves:
            for (party, answer), subject in list(open_.items()):
                if taken.party in (None, party):
                    on, at, _ = found[subject]
                    found[subject] = (on, at, taken.on >= on)
                    del open_[party, answer]
        for answer in taken.appoints:
            value = taken.answers.get(answer)
            if not isinstance(value, str):
                continue
            if (taken.party, answer) not in open_:
                numbers[taken.party] += 1
                open_[taken.party, answer] = f"{taken.party or 0}.{numbers[taken.party]}"
            subject = open_[taken.party, answer]
            found[subject] = (value[:10], _minute(taken, answer, value), True)
            book.appointed[subject] = _about(taken, answer)
    return found


def _about(taken: _Taken, answer: str) -> Appointed:
    assert taken.words is not None
    asked = taken.words.ask[answer]
    place = taken.answers.get(_beside(answer, PLACE) or "")
    return Appointed(asked.zh, asked.en, taken.words.by, taken.party, place if isinstance(place, str) else None)


def _minute(taken: _Taken, answer: str, value: str) -> str | None:
    """The minute that the day's own answer gives, else the one beside it, unless that was given for another day."""
    minute = value if "T" in value else taken.answers.get(_beside(answer, AT) or "")
    if not isinstance(minute, str) or minute[:10] != value[:10]:
        return None
    return stored_instant(datetime.fromisoformat(minute))


def _revise(book: _Book, key: tuple[str, str], face: Face, entry: Entry) -> None:
    book.revisions[key] = revised(book.revisions.get(key), face, entry.recorded_at)
