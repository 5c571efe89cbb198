"""Verifying the record: whatever somebody changes behind the program's back is found, and the first place is named."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from engine.book_store import anchors, entries_of, write_anchor
from engine.campaign_plan import shipped_campaign
from engine.canonical import canonical_text, text_hash
from engine.casework import note, open_case, take_step
from engine.clock import StandingClock
from engine.errors import NotFound
from engine.ledger import STORE_BOOK, Head, anchor_root, case_book
from engine.office import Office
from engine.orders import OpenCase, TakeStep
from engine.snapshot import snapshot
from engine.store import Store
from engine.undoing import undo
from engine.verifying import Verified, verify_case, verify_store
from workflows.campaign_loading import load_campaign, read_checked

BOOK_1, BOOK_2 = "case:suzhou-2018-0001", "case:suzhou-2018-0002"
ANSWERS = {"title": "测试影视站", "source": "report", "respondent": "某公司", "respondent_kind": "unit"}


@pytest.fixture
def worked(office: Office) -> Office:
    """Two cases of the campaign: one filed with a figure, one taken a step, back again, and noted."""
    with office.store.writing() as work:
        plan, _ = read_checked(shipped_campaign("suzhou-2018"), office)
        load_campaign(office, work, office.people.person("campaign_office"), plan)
    for number in (1, 2):
        _do(office, lambda work: open_case(office, work, _opening()))
        taken = TakeStep(f"suzhou-2018-000{number}", "verify", "lead", {"officers": "handler1,handler2"})
        _do(office, lambda work, taken=taken: take_step(office, work, taken))
    filing = TakeStep("suzhou-2018-0001", "file", "head", {"public_interest": "yes"})
    _do(office, lambda work: take_step(office, work, filing))
    _do(office, lambda work: undo(office, work, "suzhou-2018-0002", "lead", "选错案件"))
    _do(office, lambda work: note(office, work, "suzhou-2018-0002", "handler1", "已电话联系"))
    return office


def _opening() -> OpenCase:
    return OpenCase("case", "handler1", ANSWERS, campaign="suzhou-2018", category="short_video")


def _do(office: Office, act: Callable[..., object]) -> None:
    assert isinstance(office.clock, StandingClock)
    office.clock.move_to(office.clock.now() + timedelta(minutes=1))
    with office.store.writing() as work:
        act(work)


def _verified(office: Office) -> Verified:
    with snapshot(office.store) as work:
        return verify_store(work)


def _tamper(store: Store, *statements: str, **values: str) -> None:
    """Does what somebody with the password of the database could do: past the triggers."""
    with store.engine.begin() as connection:
        if store.dialect == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
        for statement in statements:
            connection.exec_driver_sql(PLACE.sub(lambda found: _quoted(values[found[1]]), statement))
    store.engine.dispose()


# `:name`, but neither the colon of a JSON key nor that of a book's name.
PLACE = re.compile(r'(?<!["\w]):(\w+)')


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def test_an_untouched_store_verifies(worked: Office) -> None:
    verified = _verified(worked)

    assert verified.first_bad is None
    assert verified.cases == 2
    # store: founded, campaign; campaign: load; cases: open, verify, file | open, verify, undo, note; unit: 2 openings;
    # the respondent of both.
    assert verified.entries == 2 + 1 + 3 + 4 + 2 + 1


def test_an_untouched_store_verifies_after_an_anchor_and_more_work(worked: Office) -> None:
    with worked.store.writing() as work:
        write_anchor(work, worked.clock.now())
    _do(worked, lambda work: note(worked, work, "suzhou-2018-0001", "handler1", "补充"))
    with worked.store.writing() as work:
        write_anchor(work, worked.clock.now())

    assert _verified(worked).first_bad is None


TAMPERED = {
    "the text of an entry is changed": (
        "UPDATE entry SET body = replace(body, 'handler2', 'handler3') WHERE book = :book1 AND seq = 2",
        (BOOK_1, 2),
    ),
    "a column of an entry is changed": (
        "UPDATE entry SET actor = 'handler3' WHERE book = :book1 AND seq = 1",
        (BOOK_1, 1),
    ),
    "an entry in the middle is removed": ("DELETE FROM entry WHERE book = :book1 AND seq = 2", (BOOK_1, 2)),
    "the last entry of a case is cut off": ("DELETE FROM entry WHERE book = :book1 AND seq = 3", (BOOK_1, 3)),
    "the last entry and what it noted are cut off": (
        "DELETE FROM entry WHERE book = :book2 AND seq = 4",
        (BOOK_2, 4),
    ),
    "an entry is slipped in at the end": (
        "INSERT INTO entry SELECT book, 4, kind, step, actor, happened_on, recorded_at, body, hash FROM entry "
        "WHERE book = :book1 AND seq = 3",
        (BOOK_1, 4),
    ),
    "the state of a case is changed": (
        "UPDATE case_file SET state = 'closed' WHERE case_no = 'suzhou-2018-0001'",
        (BOOK_1, 3),
    ),
    "the version of a case is changed": (
        "UPDATE case_file SET version = 9 WHERE case_no = 'suzhou-2018-0001'",
        (BOOK_1, 3),
    ),
    "a case is marked as ended": (
        "UPDATE case_file SET ended = 1 WHERE case_no = 'suzhou-2018-0001'",
        (BOOK_1, 3),
    ),
    "a case is given to another unit": (
        "UPDATE case_file SET unit = 'kunshan' WHERE case_no = 'suzhou-2018-0001'",
        (BOOK_1, 3),
    ),
    "the title of a case is changed": (
        "UPDATE case_file SET title = 'x' WHERE case_no = 'suzhou-2018-0001'",
        (BOOK_1, 1),
    ),
    "a case is given to other officers": (
        "UPDATE case_file SET holders = '[\"handler3\"]' WHERE case_no = 'suzhou-2018-0001'",
        (BOOK_1, 2),
    ),
    "the name of a party is changed": (
        "UPDATE party SET name = 'x' WHERE case_no = 'suzhou-2018-0001'",
        (BOOK_1, 1),
    ),
    "who took a step is changed on the trail": (
        'UPDATE case_file SET trail = replace(trail, \'"actor":"lead"\', \'"actor":"head"\') '
        "WHERE case_no = 'suzhou-2018-0001'",
        (BOOK_1, 2),
    ),
    "an answer is changed": (
        'UPDATE case_file SET facts = replace(facts, \'"source":"report"\', \'"source":"patrol"\') '
        "WHERE case_no = 'suzhou-2018-0001'",
        (BOOK_1, 1),
    ),
    "a personal answer is changed": (
        "UPDATE personal_value SET value = '另一公司' WHERE book = :book1",
        (BOOK_1, 1),
    ),
    "the category of a case is changed": (
        "UPDATE case_campaign SET category = 'other' WHERE case_no = 'suzhou-2018-0001'",
        (BOOK_1, 1),
    ),
    "a figure is changed": ("UPDATE tally SET n = 2 WHERE book = :book1", (BOOK_1, 3)),
    "a figure is moved to another month": ("UPDATE tally SET period = '2018-09' WHERE book = :book1", (BOOK_1, 3)),
    "the day of a figure is changed": ("UPDATE tally SET happened_on = '2018-08-20' WHERE book = :book1", (BOOK_1, 3)),
    "a figure is removed": ("DELETE FROM tally WHERE book = :book1", (BOOK_1, 3)),
    "a figure is invented for an entry": (
        "INSERT INTO tally SELECT book, 2, campaign, measure, category, unit, n, happened_on, period FROM tally "
        "WHERE book = :book1",
        (BOOK_1, 2),
    ),
    "a figure is invented without an entry": (
        "INSERT INTO tally SELECT 'unit:nowhere', 7, campaign, measure, category, unit, n, happened_on, period "
        "FROM tally WHERE book = :book1",
        ("unit:nowhere", 7),
    ),
    "a case is removed with all its entries": (
        "DELETE FROM entry WHERE book = :book2",
        "DELETE FROM case_file WHERE case_no = 'suzhou-2018-0002'",
        ("unit:suzhou", 2),
    ),
    "only the row of a case is removed": (
        "DELETE FROM case_file WHERE case_no = 'suzhou-2018-0002'",
        (BOOK_2, 4),
    ),
    "only the entries of a case are removed": ("DELETE FROM entry WHERE book = :book2", ("unit:suzhou", 2)),
    "a case is slipped in": (
        "INSERT INTO case_file SELECT 'suzhou-2018-0009', workflow, definition, state, ended, version, unit, title, "
        "holders, facts, trail, parent, opened_on, last_on, last_at, recorded_at, head_seq, head_hash "
        "FROM case_file WHERE case_no = 'suzhou-2018-0001'",
        ("case:suzhou-2018-0009", 1),
    ),
    "the text of a campaign is changed": (
        "UPDATE document SET body = replace(body, '2018-10-31', '2018-11-30') WHERE kind = 'campaign'",
        ("document:campaign:suzhou-2018", 0),
    ),
    "a document is removed": (
        "DELETE FROM document WHERE kind = 'holidays' AND id = '2018'",
        (STORE_BOOK, 1),
    ),
    "a document is slipped in": (
        "INSERT INTO document SELECT kind, '1999', hash, effective_on, body, author, reason, recorded_at FROM document "
        "WHERE kind = 'holidays' AND id = '2018'",
        ("document:holidays:1999", 0),
    ),
}


@pytest.mark.parametrize("what", TAMPERED, ids=[name.replace(" ", "_") for name in TAMPERED])
def test_tampering_is_found_and_the_first_place_named(worked: Office, what: str) -> None:
    *statements, place = TAMPERED[what]
    _tamper(worked.store, *statements, book1=BOOK_1, book2=BOOK_2)

    bad = _verified(worked).first_bad

    assert bad is not None
    assert (bad.book, bad.seq) == place
    assert bad.zh
    assert bad.en


DEADLINE_TAMPERED = {
    "due_on": "UPDATE deadline SET due_on = '2030-01-01' WHERE case_no = :case_no",
    "started_on": "UPDATE deadline SET started_on = '2018-08-01' WHERE case_no = :case_no",
    "state": "UPDATE deadline SET state = 'met' WHERE case_no = :case_no",
    "removed": "DELETE FROM deadline WHERE case_no = :case_no",
}


@pytest.mark.parametrize("statement", DEADLINE_TAMPERED.values(), ids=DEADLINE_TAMPERED)
def test_a_changed_deadline_is_found_at_the_entry_that_started_it(office: Office, statement: str) -> None:
    answers = {**ANSWERS, "source": "complaint", "materials_complete_on": "2018-08-14"}
    _do(office, lambda work: open_case(office, work, OpenCase("case", "handler1", answers)))
    assert _verified(office).ok

    _tamper(office.store, statement, case_no="suzhou-2018-0001")

    bad = _verified(office).first_bad
    assert bad is not None
    assert (bad.book, bad.seq) == (BOOK_1, 1)


def test_a_forged_entry_with_a_right_hash_breaks_the_chain(worked: Office) -> None:
    """Whoever changes an entry can compute its hash anew, but not that of the entries after it."""
    body = _forged(worked, 2, "reason", "另有原因")
    _tamper(
        worked.store,
        "UPDATE entry SET body = :body, hash = :hash WHERE book = :book AND seq = 2",
        body=body,
        hash=text_hash(body),
        book=BOOK_1,
    )

    bad = _verified(worked).first_bad
    assert bad is not None
    assert (bad.book, bad.seq) == (BOOK_1, 3)


def test_a_forged_last_entry_is_not_the_one_that_the_case_knows(worked: Office) -> None:
    body = _forged(worked, 3, "reason", "另有原因")
    _tamper(
        worked.store,
        "UPDATE entry SET body = :body, hash = :hash WHERE book = :book AND seq = 3",
        body=body,
        hash=text_hash(body),
        book=BOOK_1,
    )

    bad = _verified(worked).first_bad
    assert bad is not None
    assert (bad.book, bad.seq) == (BOOK_1, 3)


def test_a_text_that_is_no_json_is_damage_and_no_crash(worked: Office) -> None:
    _tamper(
        worked.store,
        "UPDATE entry SET body = 'x', hash = :hash WHERE book = :book AND seq = 2",
        hash=text_hash("x"),
        book=BOOK_1,
    )

    bad = _verified(worked).first_bad
    assert bad is not None
    assert (bad.book, bad.seq) == (BOOK_1, 2)


def test_a_row_that_is_no_json_is_damage_and_no_crash(worked: Office) -> None:
    _tamper(worked.store, "UPDATE case_file SET trail = 'x' WHERE case_no = 'suzhou-2018-0001'")

    bad = _verified(worked).first_bad
    assert bad is not None
    assert bad.book == BOOK_1


def test_a_tail_cut_everywhere_shows_by_the_anchor(worked: Office) -> None:
    """Somebody removes a note and corrects the case's row to match; only the anchor still knows."""
    with worked.store.writing() as work:
        write_anchor(work, worked.clock.now())
        kept = entries_of(work, BOOK_2)[2]
    _tamper(
        worked.store,
        "DELETE FROM entry WHERE book = :book AND seq = 4",
        "UPDATE case_file SET head_seq = 3, head_hash = :hash WHERE case_no = 'suzhou-2018-0002'",
        book=BOOK_2,
        hash=kept.hash,
    )

    bad = _verified(worked).first_bad
    assert bad is not None
    assert (bad.book, bad.seq) == (BOOK_2, 4)


def test_a_changed_anchor_is_found(worked: Office) -> None:
    with worked.store.writing() as work:
        write_anchor(work, worked.clock.now())
    _tamper(worked.store, "UPDATE anchor SET root = :root", root="0" * 64)

    bad = _verified(worked).first_bad
    assert bad is not None
    assert (bad.book, bad.seq) == ("anchor", 1)


def test_a_removed_anchor_is_found_by_the_next(worked: Office) -> None:
    for _ in range(2):
        with worked.store.writing() as work:
            write_anchor(work, worked.clock.now())
    _tamper(worked.store, "DELETE FROM anchor WHERE seq = 1")

    bad = _verified(worked).first_bad
    assert bad is not None
    assert (bad.book, bad.seq) == ("anchor", 1)


def test_the_root_of_an_anchor_covers_the_head_of_every_book(worked: Office) -> None:
    with worked.store.writing() as work:
        root, heads = write_anchor(work, worked.clock.now())
        ((_, kept, previous, kept_heads),) = anchors(work)

    assert set(heads) == {"store", "campaign:suzhou-2018", "unit:suzhou", "respondent:R-000001", BOOK_1, BOOK_2}
    assert root == kept == anchor_root(kept_heads, previous)
    assert anchor_root({**kept_heads, BOOK_1: Head(3, "f" * 64)}, previous) != root


def test_one_case_can_be_verified_alone(worked: Office) -> None:
    _tamper(worked.store, "UPDATE case_file SET version = 9 WHERE case_no = 'suzhou-2018-0002'")

    with snapshot(worked.store) as work:
        whole = verify_case(work, "suzhou-2018-0001")
        damaged = verify_case(work, "suzhou-2018-0002")
        with pytest.raises(NotFound):
            verify_case(work, "suzhou-2018-0003")

    assert (whole.cases, whole.entries, whole.ok) == (1, 3, True)
    assert damaged.first_bad is not None


def test_an_erased_personal_value_leaves_the_chain_whole(worked: Office) -> None:
    _tamper(
        worked.store,
        "DELETE FROM personal_value WHERE book = :book",
        "UPDATE case_file SET facts = replace(facts, '某公司', '') WHERE case_no = 'suzhou-2018-0001'",
        book=BOOK_1,
    )

    assert _verified(worked).first_bad is None


def _forged(office: Office, seq: int, field: str, value: str) -> str:
    with office.store.reading() as work:
        entry = entries_of(work, case_book("suzhou-2018-0001"))[seq - 1]
    content = json.loads(entry.body)
    content[field] = value
    return canonical_text(content)
