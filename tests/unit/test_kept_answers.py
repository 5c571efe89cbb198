"""What a law book works out once and keeps: what would be worked out anew, a bounded number, never another law's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from builders import a_case, an_attempt, law, running
from hypothesis import given
from hypothesis import strategies as st

from engine.agenda import deadline_rungs, rungs_around
from engine.canonical import canonical_text
from engine.changing import changed
from engine.courses import Course
from engine.deadlines import new_deadline
from engine.definitions import Start
from engine.errors import DeadlineUndetermined
from engine.law_book import KEPT_ANSWERS, LawBook
from engine.step_limits import started_by
from engine.working_days import WorkingDays

BOOK = "case:suzhou-2018-0001"
LIMITS = ("complaint_decision", "payment", "evidence_hold", "hearing_request")
DAYS = st.dates(date(2018, 1, 1), date(2025, 12, 31))


def a_law(calendar: WorkingDays | None = None) -> LawBook:
    """A law book of its own, with nothing kept."""
    return LawBook(law().limits.values(), law().parameters.values(), calendar or law().calendar)


def without_holidays() -> WorkingDays:
    """No holidays are published: Monday to Friday are worked."""
    return WorkingDays.from_documents(())


def test_the_same_is_worked_out_once_for_each_law_and_each_question() -> None:
    asked: list[tuple[int, str]] = []

    def work_out(book: LawBook, name: str) -> str:
        asked.append((id(book), name))
        return name.upper()

    one, other = a_law(), a_law()
    said = [book.once(work_out, name) for book in (one, other) for name in ("a", "b", "a")]

    assert said == ["A", "B", "A"] * 2
    assert asked == [(id(one), "a"), (id(one), "b"), (id(other), "a"), (id(other), "b")]


def test_what_cannot_be_worked_out_is_not_kept() -> None:
    asked: list[str] = []

    def work_out(_book: LawBook) -> str:
        asked.append("again")
        if len(asked) == 1:
            raise DeadlineUndetermined("x", None, "无", "none")
        return "now"

    book = a_law()
    with pytest.raises(DeadlineUndetermined):
        book.once(work_out)

    assert book.once(work_out) == "now"


def test_only_so_many_answers_are_kept() -> None:
    asked: list[int] = []

    def work_out(_book: LawBook, number: int) -> int:
        asked.append(number)
        return number

    book = a_law()
    for number in range(KEPT_ANSWERS + 1):
        assert book.once(work_out, number) == number
    book.once(work_out, KEPT_ANSWERS)
    book.once(work_out, 0)

    assert asked == [*range(KEPT_ANSWERS + 1), 0]


@given(limit=st.sampled_from(LIMITS), due_on=DAYS, before=st.integers(0, 40))
def test_the_rungs_of_a_limit_are_those_of_its_ladder(limit: str, due_on: date, before: int) -> None:
    found = replace(running(limit, "2022-03-01"), due_on=due_on)
    from_on = due_on - timedelta(days=before)

    for book in (law(), a_law(without_holidays())):
        ladder = book.ladders.of_limit(limit, found.nature)
        anew = rungs_around(ladder, BOOK, found.id, "suzhou", due_on, book.calendar, from_on)
        # The second time it is read, not worked out; what lies behind `from_on` is left out for each asker anew.
        for asked_from in (due_on - timedelta(days=60), from_on, from_on):
            planned = deadline_rungs(BOOK, "suzhou", [found], book, asked_from)
            assert tuple(rung for rung in planned if rung.send_on >= from_on) == anew


@given(started_on=DAYS, chosen_on=DAYS, limit=st.sampled_from(LIMITS))
def test_a_limit_begins_as_it_is_counted_whoever_began_it_before(started_on: date, chosen_on: date, limit: str) -> None:
    version = law().limit_on(limit, chosen_on)
    assert version is not None
    counted = new_deadline(
        law().limits[limit],
        version,
        limit,
        law().rule_hash(limit),
        law().calendar,
        started_on=started_on,
        course=Course(chosen_on),
    )

    attempt = an_attempt("notify", chosen_on.isoformat(), counted_from=started_on.isoformat())
    start = Start.model_validate({"rule": limit, "from": "counted_from"})
    taken = {limit: counted}
    one, of_a_party, second = (
        next(iter(started_by(a_case("notified"), changed(attempt, party_no=party_no), [start], known)))
        for party_no, known in ((None, {}), (2, {}), (None, taken))
    )

    assert one == counted
    assert of_a_party == replace(counted, party_no=2)
    assert second == replace(counted, id=f"{limit}.2")


def test_what_goes_round_in_a_circle_is_no_text() -> None:
    circle: dict[str, object] = {}
    circle["itself"] = circle

    with pytest.raises(RecursionError):
        canonical_text(circle)
