"""One transaction on both databases: a fault in the middle of it, seen at once or later, leaves nothing behind."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
import sqlalchemy as sa

from engine.book_store import append, entries_of
from engine.clock import end_of_day
from engine.errors import CaseChangedMeanwhile
from engine.ledger import Head, Said
from engine.settings import SETTING, put_setting, setting
from engine.store import Statement, Store, Work
from tests.builders import day

BOOK = "case:1"
NOBODY_HOLDS = CaseChangedMeanwhile("1")
_RENAME = Statement(
    lambda _: (
        sa.update(SETTING).where(SETTING.c.name == sa.bindparam("setting_name")).values(value=sa.bindparam("value"))
    )
)


def note(work: Work, text: str, head: Head | None = None) -> None:
    at = end_of_day(day("2018-09-03"))
    append(work, Said(BOOK, "note", "handler1", "2018-09-03", at, effects={"text": text}), head)


def texts(store: Store) -> list[str]:
    with store.reading() as work:
        return [entry.said()["effects"]["text"] for entry in entries_of(work, BOOK)]


def test_an_entry_on_a_number_that_is_taken_undoes_all_that_came_before_and_after(store: Store) -> None:
    with store.writing() as work:
        note(work, "first")

    def write_beside(work: Work) -> None:
        put_setting(work, "before", "yes")
        note(work, "second", Head())
        put_setting(work, "after", "yes")

    with pytest.raises(CaseChangedMeanwhile), store.writing() as work:
        write_beside(work)

    with store.reading() as work:
        assert setting(work, "before") is setting(work, "after") is None
    assert texts(store) == ["first"]


def test_a_change_that_must_hit_one_row_and_hits_none_undoes_the_transaction(store: Store) -> None:
    def write_around_it(work: Work) -> None:
        note(work, "first")
        work.change_one(_RENAME, {"setting_name": "missing", "value": "x"}, NOBODY_HOLDS)
        note(work, "second")

    with pytest.raises(CaseChangedMeanwhile) as caught, store.writing() as work:
        write_around_it(work)

    assert caught.value is NOBODY_HOLDS
    assert texts(store) == []


def test_a_rehearsal_finds_the_same_fault(store: Store) -> None:
    with pytest.raises(CaseChangedMeanwhile), store.writing(keep=False) as work:
        work.change_one(_RENAME, {"setting_name": "missing", "value": "x"}, NOBODY_HOLDS)


def test_a_store_works_on_after_a_fault_and_reads_what_it_wrote(store: Store) -> None:
    def break_off(work: Work) -> None:
        note(work, "lost")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), store.writing() as work:
        break_off(work)

    with store.writing() as work:
        put_setting(work, "kept", "no")
        changed = work.changes(_RENAME, {"setting_name": "kept", "value": "yes"})
        note(work, "kept")
        seen = setting(work, "kept")

    assert (changed, seen, texts(store)) == (1, "yes", ["kept"])


def test_transactions_side_by_side_each_have_a_connection_of_their_own(store: Store) -> None:
    with store.writing() as work:
        note(work, "first")
    together, read = Barrier(8), []

    def look() -> None:
        with store.reading() as work:
            together.wait(timeout=30)
            read.append(len(entries_of(work, BOOK)))

    threads = [Thread(target=look) for _ in range(together.parties)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert read == [1] * together.parties
