"""Brings a store of an earlier program up to this one: its tables, then the shipped rules and reminders it lacks."""

from __future__ import annotations

from dataclasses import dataclass

from engine.backup_day import backed_up
from engine.book_store import append
from engine.case_links import keep_missing_works
from engine.clock import Clock, legal_day
from engine.documents import documents_in_force
from engine.home import Home, store_of
from engine.ledger import STORE_BOOK, Said
from engine.office import law_from
from engine.people_store import load_people
from engine.rule_changes import plan_open_deadlines
from engine.store import Store
from engine.upgrading import Upgraded, upgrade_tables
from workflows.certificate_reminders import plan_certificates
from workflows.shipped import install_missing, shipped_documents
from workflows.shipped_versions import keep_shipped_drafts

BY = "anjuan"
# The answer in which the main line has always named the works.
WORK = "work"


@dataclass(frozen=True)
class Renewed:
    """What was done to the tables, the rules that came new, and those of which this program ships another version.

    Such another version is not put in force: it would move legal dates without anybody's doing. Of a workflow it is
    kept as a draft; `drafts` are their ids.
    """

    tables: Upgraded
    added: tuple[tuple[str, str], ...] = ()
    differing: tuple[tuple[str, str], ...] = ()
    drafts: tuple[str, ...] = ()


def upgrade(home: Home, clock: Clock, *, keep: bool = True) -> Renewed:
    """Upgrade the store of a home; with `keep=False` nothing of it is changed. Raises StoreUnavailable, OSError."""
    store = store_of(home)
    try:
        tables = upgrade_tables(store, home.folder, keep=keep)
        # On tables that are yet to be migrated nobody can say what rules they lack.
        rehearsed_only = not keep and tables.verified is not None
        return Renewed(tables) if rehearsed_only else _with_rules(store, tables, clock, keep=keep)
    finally:
        store.close()


def _with_rules(store: Store, tables: Upgraded, clock: Clock, *, keep: bool) -> Renewed:
    now = clock.now()
    with store.writing(keep=keep) as work:
        if tables.backup is not None:
            backed_up(work, legal_day(now))
        added, differing = install_missing(work, author=BY, at=now)
        drafts = keep_shipped_drafts(work, shipped_documents(), author=BY, at=now)
        known = documents_in_force(work)
        if tables.verified is not None:
            # An earlier program planned nothing for certificates, and nothing after a date.
            law, today = law_from(known.values()), legal_day(now)
            plan_certificates(work, load_people(work).persons.values(), law, today)
            plan_open_deadlines(work, law, today)
            keep_missing_works(work, WORK)
        documents = [known[key] for key in added] + list(drafts)
        if tables.verified is not None or documents:
            effects = {
                "from": tables.before,
                "to": tables.after,
                "backup": tables.sha256,
                "documents": [[document.kind, document.id, document.hash] for document in documents],
            }
            append(work, Said(STORE_BOOK, "upgrade", BY, legal_day(now).isoformat(), now, effects=effects))
    return Renewed(tables, added, differing, tuple(draft.id for draft in drafts))
