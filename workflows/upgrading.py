"""Brings a store of an earlier program up to this one: its tables, then the shipped rules and reminders it lacks."""

from __future__ import annotations

from dataclasses import dataclass

from engine.book_store import append
from engine.case_links import keep_missing_works
from engine.clock import Clock, legal_day
from engine.documents import documents_in_force
from engine.home import Home, store_of
from engine.ledger import STORE_BOOK, Said
from engine.people_store import load_people
from engine.store import Store
from engine.upgrading import Upgraded, upgrade_tables
from workflows.certificate_reminders import calendar_in, plan_certificates
from workflows.shipped import install_missing

BY = "anjuan"
# The answer in which the main line has always named the works.
WORK = "work"


@dataclass(frozen=True)
class Renewed:
    """What was done to the tables, the rules that came new, and those of which this program ships another version.

    Such another version is not put in force: it would move legal dates without anybody's doing.
    """

    tables: Upgraded
    added: tuple[tuple[str, str], ...]
    differing: tuple[tuple[str, str], ...]


def upgrade(home: Home, clock: Clock, *, keep: bool = True) -> Renewed:
    """Upgrade the store of a home; with `keep=False` nothing of it is changed. Raises StoreUnavailable, OSError."""
    store = store_of(home)
    try:
        tables = upgrade_tables(store, home.folder, keep=keep)
        if not keep or tables.verified is None:
            return Renewed(tables, (), ())
        return _with_rules(store, tables, clock)
    finally:
        store.close()


def _with_rules(store: Store, tables: Upgraded, clock: Clock) -> Renewed:
    now = clock.now()
    with store.writing() as work:
        added, differing = install_missing(work, author=BY, at=now)
        known = documents_in_force(work)
        # An earlier program recorded certificates without planning their reminders.
        plan_certificates(work, load_people(work).persons.values(), calendar_in(known.values()), legal_day(now))
        keep_missing_works(work, WORK)
        effects = {
            "from": tables.before,
            "to": tables.after,
            "backup": tables.sha256,
            "documents": [[kind, id_, known[kind, id_].hash] for kind, id_ in added],
        }
        append(work, Said(STORE_BOOK, "upgrade", BY, legal_day(now).isoformat(), now, effects=effects))
    return Renewed(tables, added, differing)
