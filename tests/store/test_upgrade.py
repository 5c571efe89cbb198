"""A store that the previous program wrote is brought up to this one, whole or not at all, on both databases.

`written_by_0001.json.gz` holds every row of a store as the program of revision 0001 wrote it: in one case a statement
period told by public notice the day after it was published, in the other a complaint answered, an order taken back
and given again.
"""

from __future__ import annotations

import gzip
import json
import sqlite3
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command

from engine.case_store import load_case
from engine.clock import SHANGHAI, StandingClock
from engine.deadlines import derived
from engine.documents import DRAFT
from engine.errors import StoreUnavailable
from engine.home import Home, open_office, store_of
from engine.ladders import CERTIFICATE
from engine.ledger import STORE_BOOK
from engine.migrating import migrate
from engine.snapshot import snapshot
from engine.store import Store, schema_version
from engine.tables import SCHEMA_VERSION
from engine.verifying import verify_store
from engine.workflow_versions import history_of
from workflows import upgrading
from workflows.shipped import shipped_documents
from workflows.upgrading import upgrade

WRITTEN = Path(__file__).parent / "written_by_0001.json.gz"
CLOCK = StandingClock(datetime(2018, 9, 20, 9, 0, tzinfo=SHANGHAI))
NOTICE, ORDER = "suzhou-2018-0001", "suzhou-2018-0002"


@pytest.fixture
def old_home(home: Home) -> Home:
    """A home as the program of revision 0001 left it."""
    home.folder.mkdir()
    store = store_of(home)
    migrate(store, "0001")
    rows = json.loads(gzip.decompress(WRITTEN.read_bytes()))
    tables = sa.MetaData()
    with store.engine.connect() as connection:
        tables.reflect(connection)
        for table in tables.sorted_tables:
            if rows.get(table.name):
                connection.execute(sa.insert(table), rows[table.name])
        connection.commit()
    store.close()
    return home


def contents(store: Store) -> dict[str, list[Any]]:
    """Every row of every table."""
    tables = sa.MetaData()
    with store.engine.connect() as connection:
        tables.reflect(connection)
        found = {t.name: [tuple(row) for row in connection.execute(sa.select(t))] for t in tables.sorted_tables}
    store.close()
    return {name: sorted(rows, key=repr) for name, rows in found.items()}


def refusal(home: Home) -> str:
    with pytest.raises(StoreUnavailable) as caught:
        open_office(home, {})
    return caught.value.code


def test_an_older_store_is_not_opened_and_the_remedy_is_the_upgrade(old_home: Home) -> None:
    with pytest.raises(StoreUnavailable) as caught:
        open_office(old_home, {})

    assert caught.value.code == "store.older"
    assert caught.value.remedy is not None
    assert caught.value.remedy.command == "anjuan upgrade"


def test_a_newer_store_is_neither_opened_nor_upgraded(old_home: Home) -> None:
    store = store_of(old_home)
    with store.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    before = contents(store)

    with pytest.raises(StoreUnavailable) as caught:
        upgrade(old_home, CLOCK)

    assert (refusal(old_home), caught.value.code) == ("store.newer", "store.newer")
    assert contents(store) == before


def test_the_upgrade_keeps_every_row_and_the_store_verifies(old_home: Home) -> None:
    before = contents(store_of(old_home))

    done = upgrade(old_home, CLOCK)

    store = store_of(old_home)
    after = contents(store)
    # An earlier program planned nothing for certificates, and nothing after a date.
    assert any(row[5] < 0 for row in after["agenda"])
    after["agenda"] = [row for row in after["agenda"] if row[3] != CERTIFICATE and row[5] >= 0]
    kept = {"case_file", "party", "case_campaign", "tally", "agenda", "personal_value", "staff", "number_series"}
    # A row may have new columns behind those it had.
    for name in kept:
        assert [row[: len(was)] for row, was in zip(after[name], before[name], strict=True)] == before[name], name
    assert set(before["entry"]) < set(after["entry"])
    assert len(after["deadline"]) == len(before["deadline"]) == 3
    with snapshot(store) as work:
        verified = verify_store(work)
    assert (verified.first_bad, verified.cases) == (None, 2)
    assert (done.tables.before, done.tables.after, schema_version(store)) == ("0001", SCHEMA_VERSION, SCHEMA_VERSION)
    store.close()


def test_every_deadline_knows_by_the_law_of_which_day_it_was_chosen(old_home: Home) -> None:
    upgrade(old_home, CLOCK)

    office = open_office(old_home, {})
    with office.store.reading() as work:
        office.refresh(work)
        told, ordered = load_case(work, NOTICE).case, load_case(work, ORDER).case
    notice = told.deadlines["statement_period"]
    complaint, order = ordered.deadlines["complaint_decision"], ordered.deadlines["rectification"]
    office.store.close()
    # Published on the 11th, put on record as the step of the 12th.
    assert (notice.started_on, notice.course.chosen_on) == (date(2018, 9, 11), date(2018, 9, 12))
    assert (notice.rule, notice.terms.limit) == ("statement_period", "statement_period_public_notice")
    assert (complaint.course.chosen_on, complaint.terms.limit) == (date(2018, 9, 14), "complaint_decision")
    assert (order.course.chosen_on, order.due_on) == (date(2018, 9, 18), date(2018, 10, 12))
    assert [derived(d, office.law.calendar) for d in (notice, complaint, order)] == [notice, complaint, order]


def test_a_backup_of_what_was_before_stands_beside_the_store(old_home: Home) -> None:
    before = contents(store_of(old_home))

    done = upgrade(old_home, CLOCK)

    assert done.tables.backup == old_home.folder / "before-upgrade-0001.db"
    with sqlite3.connect(done.tables.backup) as raw:
        counts = {name: raw.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in before}
        columns = [row[1] for row in raw.execute("PRAGMA table_info(deadline)")]
    raw.close()
    assert counts == {name: len(rows) for name, rows in before.items()}
    assert "course" not in columns
    # It counts as one that the office owes itself.
    assert ("backed_up_on", "2018-09-20") in contents(store_of(old_home))["setting"]


def test_an_earlier_backup_is_never_overwritten(old_home: Home) -> None:
    earlier = old_home.folder / "before-upgrade-0001.db"
    earlier.write_bytes(b"precious")

    done = upgrade(old_home, CLOCK)

    assert earlier.read_bytes() == b"precious"
    assert done.tables.backup == old_home.folder / "before-upgrade-0001-2.db"


def test_a_rehearsal_changes_nothing_and_leaves_nothing_behind(old_home: Home) -> None:
    before, files = contents(store_of(old_home)), sorted(p.name for p in old_home.folder.iterdir())

    done = upgrade(old_home, CLOCK, keep=False)

    assert done.tables.verified is not None
    assert done.tables.verified.ok
    assert contents(store_of(old_home)) == before
    left = sorted(p.name for p in old_home.folder.iterdir() if not p.name.endswith(("-wal", "-shm")))
    assert left == files


def test_a_second_upgrade_has_nothing_to_do(old_home: Home) -> None:
    upgrade(old_home, CLOCK)
    before, files = contents(store_of(old_home)), sorted(p.name for p in old_home.folder.glob("*.db"))

    again = upgrade(old_home, CLOCK)

    assert (again.tables.verified, again.tables.backup) == (None, None)
    assert contents(store_of(old_home)) == before
    assert sorted(p.name for p in old_home.folder.glob("*.db")) == files


def test_a_store_that_was_tampered_with_is_not_upgraded(old_home: Home) -> None:
    store = store_of(old_home)
    with store.engine.begin() as connection:
        connection.execute(sa.text("UPDATE deadline SET due_on = '2030-01-01' WHERE id = 'statement_period'"))
    store.close()
    before = contents(store)

    with pytest.raises(StoreUnavailable) as caught:
        upgrade(old_home, CLOCK)

    assert caught.value.code == "upgrade.not_verified"
    assert contents(store) == before
    assert list(old_home.folder.glob("before-upgrade*")) == []


def test_a_migration_that_fails_leaves_the_store_as_it_was(old_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    before = contents(store_of(old_home))
    whole = command.upgrade

    def broken(config: Any, to: str) -> None:
        whole(config, "0003")
        raise RuntimeError("the power fails")

    monkeypatch.setattr(command, "upgrade", broken)
    with pytest.raises(RuntimeError):
        migrate(store_of(old_home))

    assert contents(store_of(old_home)) == before
    assert before["alembic_version"] == [("0001",)]


def test_rules_that_the_store_has_not_known_come_with_the_upgrade_and_others_stay(old_home: Home) -> None:
    old = {tuple(row[:3]) for row in contents(store_of(old_home))["document"]}

    done = upgrade(old_home, CLOCK)

    after = contents(store_of(old_home))
    new = {tuple(row[:3]) for row in after["document"]} - old
    assert ("parameter", "authority_kind") in done.added
    drafts = {(DRAFT, id_) for id_ in done.drafts}
    assert {(kind, id_) for kind, id_, _ in new} == {*done.added, *drafts}
    assert {(kind, id_) for kind, id_, _ in old}.isdisjoint(done.added)
    (told,) = [row for row in after["entry"] if row[0] == STORE_BOOK and row[2] == "upgrade"]
    effects = json.loads(told[7])["effects"]
    assert (effects["from"], effects["to"]) == ("0001", SCHEMA_VERSION)
    assert effects["backup"] == done.tables.sha256


def test_another_version_of_a_workflow_comes_as_a_draft_named_in_the_entry(old_home: Home) -> None:
    done = upgrade(old_home, CLOCK)
    again = upgrade(old_home, CLOCK)

    store = store_of(old_home)
    with snapshot(store) as work:
        history = history_of(work, "case", CLOCK.now().date())
    entries = [row for row in contents(store)["entry"] if row[0] == STORE_BOOK and row[2] == "upgrade"]
    assert history.draft is not None
    assert (done.drafts, again.drafts) == (("case",), ())
    assert (history.draft.author, [v.standing for v in history.versions]) == ("anjuan", ["in_force"])
    assert [DRAFT, "case", history.draft.hash] in json.loads(entries[0][7])["effects"]["documents"]
    assert len(entries) == 1


def test_what_a_new_program_ships_comes_also_where_the_tables_are_those_it_knows(
    old_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade(old_home, CLOCK)
    shipped = shipped_documents()
    newer = [
        replace(one, content={**one.content, "en": "newer"}) if (one.kind, one.id) == ("workflow", "case") else one
        for one in shipped
    ]
    monkeypatch.setattr(upgrading, "shipped_documents", lambda: newer)

    rehearsed, done, again = upgrade(old_home, CLOCK, keep=False), upgrade(old_home, CLOCK), upgrade(old_home, CLOCK)

    store = store_of(old_home)
    with snapshot(store) as work:
        history = history_of(work, "case", CLOCK.now().date())
        verified = verify_store(work)
    store.close()
    assert (rehearsed.drafts, done.drafts, again.drafts) == (("case",), ("case",), ())
    assert done.tables.verified is None
    assert [draft.standing for draft in history.drafts] == ["replaced", "draft"]
    assert verified.first_bad is None


def test_certificates_recorded_by_an_earlier_program_get_their_reminders(old_home: Home) -> None:
    assert CERTIFICATE not in {row[3] for row in contents(store_of(old_home))["agenda"]}

    upgrade(old_home, CLOCK)

    planned = [row for row in contents(store_of(old_home))["agenda"] if row[3] == CERTIFICATE]
    # That of `handler_expired` ended on 2018-06-30, before the upgrade: nothing is left to remind of.
    assert {row[2] for row in planned} == {f"练习-{n:04}" for n in (1, 2, 3, 5, 6, 101, 102)}
    assert {row[5] for row in planned} == {60, 30, 7}
    assert all(row[6] == "2099-12-31" for row in planned)
