"""Plans the reminders before the last day of enforcement certificates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from engine.agenda import certificate_rungs, plan
from engine.law_book import LawBook
from engine.ledger import STORE_BOOK
from engine.people import Certificate, Person
from engine.store import Work


def plan_certificate(work: Work, officer: Person, certificate: Certificate, law: LawBook, today: date) -> int:
    """Plan the reminders of one certificate, in the transaction that records it, and tell how many."""
    rungs = certificate_rungs(STORE_BOOK, officer.unit, certificate, law, today)
    plan(work, rungs)
    return len(rungs)


def plan_certificates(work: Work, persons: Iterable[Person], law: LawBook, today: date) -> None:
    """Plan those of everybody who has not left: planned twice, sent once."""
    for person in persons:
        if not person.has_left(today):
            for certificate in person.certificates:
                plan_certificate(work, person, certificate, law, today)
