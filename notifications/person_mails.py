"""Makes and keeps the mails to one person about many things: one of a kind, person and day, under a unique key."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from engine.agenda import AGENDA, Rung
from engine.ledger import STORE_BOOK
from engine.office import Office
from engine.people import Person
from engine.settings import STORE_ID, setting
from engine.store import Statement, Work, insert_on_conflict
from notifications.mail_store import Draft, insert
from notifications.message import message_id_of
from notifications.person_views import PersonMail
from notifications.queueing import MAILED, wrong_with
from notifications.render import render
from notifications.truth import Untrue


@dataclass(frozen=True)
class Gathered:
    """What was made: the mails, the keys of the reminders that went into them or in whose place they stand, the
    reminders that are not sent with their reasons, and how many things could not be made."""

    mails: tuple[Draft, ...] = ()
    settled: frozenset[str] = frozenset()
    suppressed: tuple[tuple[Rung, Untrue], ...] = ()
    failed: int = 0


@dataclass(frozen=True)
class Envelope:
    """To whom such a mail goes, under which key, and why it can never be sent where that is known already."""

    person: Person
    key: str
    on: date
    message_id: str
    refused: str | None

    @property
    def to_name(self) -> str:
        return self.person.name


def person_key(kind: str, name: str, on: date) -> str:
    """The key of the mail of that kind to that person on that day, in the agenda and of the mail."""
    return f"{kind}:{name}:{on}"


def envelope(work: Work, kind: str, person: Person, on: date) -> Envelope:
    key = person_key(kind, person.name, on)
    message_id = message_id_of(f"{setting(work, STORE_ID)}:{key}", on)
    return Envelope(person, key, on, message_id, wrong_with(person.email))


def draft_of(to: Envelope, view: PersonMail) -> Draft:
    """The mail, before it is kept. Raises TemplateWrong."""
    rendered = render(view)
    return Draft(
        key=to.key,
        kind=view.kind,
        book=STORE_BOOK,
        to_name=to.person.name,
        to_address=to.person.email,
        message_id=to.message_id,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        refused=to.refused,
    )


def keep(office: Office, work: Work, drafts: Iterable[tuple[Envelope, Draft]]) -> tuple[Draft, ...]:
    """Keep those of which there is none yet, and give them back."""
    new = tuple(made for to, made in drafts if work.changes(_ADD, _agenda_row(to, made)) == 1)
    insert(work, new, office.clock.now())
    return new


def _agenda_row(to: Envelope, made: Draft) -> dict[str, object]:
    on = to.on.isoformat()
    return {
        "key": to.key,
        "book": STORE_BOOK,
        "subject": to.person.name,
        "kind": made.kind,
        "unit": to.person.unit,
        "rung_days": 0,
        "due_on": on,
        "safe_on": on,
        "send_on": on,
        "state": MAILED,
        "why": None,
    }


_ADD = Statement(
    lambda dialect: (
        insert_on_conflict(dialect, AGENDA)
        .values({c.name: sa.bindparam(c.name) for c in AGENDA.columns})
        .on_conflict_do_nothing(index_elements=["key"])
    )
)
