"""From when to when a role was held, as the record tells it; and what that makes of an event in somebody's calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from builders import day
from hypothesis import given
from hypothesis import strategies as st

from engine.clock import SHANGHAI, stored_instant
from engine.ledger import STORE_BOOK, Entry, Head, Said, next_entry
from engine.people import StandIn, Term
from engine.people_effects import leave_effect, role_effect, stand_in_effect, stand_in_end_effect
from engine.roles_on_record import NEVER_ENDS, Held, held_by
from notifications.calendar_events import Face, Revision
from notifications.calendar_roles import Turns, as_his

FIRST = datetime(2018, 9, 1, 9, tzinfo=SHANGHAI)
STAND_IN = StandIn("deputy", "lead", "suzhou", "lead", day("2018-09-10"), day("2018-09-20"))


def at(text: str) -> str:
    """A stored instant."""
    return stored_instant(datetime.fromisoformat(text).replace(tzinfo=SHANGHAI))


def held(*acts: tuple[str, dict[str, Any]], of: str = "lead") -> list[tuple[str, str]]:
    """When `of` could act as lead of suzhou: `lead` founded as such on 1 September 2018, `deputy` with no role."""
    staff = [{"name": "lead", "roles": [["suzhou", "lead"]]}, {"name": "deputy", "roles": []}]
    founded = Said(STORE_BOOK, "founded", "lead", "2018-09-01", FIRST, effects={"staff": staff})
    entries: list[Entry] = [next_entry(Head(), founded)]
    for on, effects in acts:
        when = datetime.fromisoformat(f"{on}T12:00").replace(tzinfo=SHANGHAI)
        said = Said(STORE_BOOK, "staff", "admin", on, when, effects=effects)
        entries.append(next_entry(entries[-1].head, said))
    return spans(held_by(entries).get(of, ()))


def spans(found: Sequence[Held]) -> list[tuple[str, str]]:
    assert {(one.unit, one.role) for one in found} <= {("suzhou", "lead")}
    return [(one.from_at, one.to_at) for one in found]


def role(from_on: str | None, to_on: str | None, name: str = "lead") -> dict[str, Any]:
    term = Term(day(from_on) if from_on else None, day(to_on) if to_on else None)
    return role_effect("role_end" if to_on else "role", name, "suzhou", "lead", term, None)


BEGAN = at("2018-09-01T09:00")


def test_a_role_ends_with_its_last_day_and_one_ended_late_when_that_was_entered() -> None:
    assert held() == [(BEGAN, NEVER_ENDS)]
    assert held(("2018-09-05", role(None, "2018-09-09"))) == [(BEGAN, at("2018-09-10T00:00"))]
    assert held(("2018-09-05", role(None, "2018-09-03"))) == [(BEGAN, at("2018-09-05T12:00"))]


def test_a_role_made_longer_in_time_never_ended_and_one_given_again_has_two_spans() -> None:
    assert held(("2018-09-05", role(None, "2018-09-09")), ("2018-09-09", role(None, None))) == [(BEGAN, NEVER_ENDS)]
    assert held(("2018-09-05", role(None, "2018-09-09")), ("2018-09-12", role("2018-09-15", None))) == [
        (BEGAN, at("2018-09-10T00:00")),
        (at("2018-09-15T00:00"), NEVER_ENDS),
    ]


def test_whoever_has_left_holds_nothing_after_his_last_day() -> None:
    assert held(("2018-09-05", leave_effect("lead", day("2018-09-07"), None))) == [(BEGAN, at("2018-09-08T00:00"))]


@pytest.mark.parametrize(
    ("acts", "expected"),
    [
        ([], ("2018-09-10T00:00", "2018-09-21T00:00")),
        ([("2018-09-15", role(None, "2018-09-15"))], ("2018-09-10T00:00", "2018-09-16T00:00")),
        (
            [("2018-09-15", stand_in_end_effect([STAND_IN], day("2018-09-12")))],
            ("2018-09-10T00:00", "2018-09-15T12:00"),
        ),
        ([("2018-09-08", stand_in_end_effect([STAND_IN], day("2018-09-08")))], None),
        ([("2018-09-11", leave_effect("deputy", day("2018-09-13"), None))], ("2018-09-10T00:00", "2018-09-14T00:00")),
    ],
)
def test_a_stand_in_acts_while_he_whom_he_stands_in_for_holds_the_role(
    acts: list[tuple[str, dict[str, Any]]], expected: tuple[str, str] | None
) -> None:
    found = held(("2018-09-05", stand_in_effect(STAND_IN)), *acts, of="deputy")

    assert found == ([(at(expected[0]), at(expected[1]))] if expected else [])


DAYS = st.dates(date(2018, 9, 1), date(2018, 10, 15))
TERMS = st.lists(st.tuples(st.integers(0, 40), st.none() | DAYS, st.none() | DAYS), max_size=5)


@given(TERMS)
def test_on_every_noon_the_spans_say_what_the_newest_entry_says(
    terms: list[tuple[int, date | None, date | None]],
) -> None:
    acts, known = [], sorted(terms, key=lambda one: one[0])
    for n, (after, from_on, to_on) in enumerate(known):
        entered = datetime(2018, 9, 1, 12, n, tzinfo=SHANGHAI) + timedelta(days=after)
        acts.append((entered, Term(from_on, to_on)))
    founded = Said(
        STORE_BOOK, "founded", "a", "2018-09-01", FIRST, effects={"staff": [{"name": "a", "roles": [["u", "r"]]}]}
    )
    entries = [next_entry(Head(), founded)]
    for entered, term in acts:
        effects = role_effect("role", "a", "u", "r", term, None)
        entries.append(
            next_entry(entries[-1].head, Said(STORE_BOOK, "staff", "a", "2018-09-01", entered, effects=effects))
        )
    found = held_by(entries).get("a", ())

    for n in range(45):
        noon = datetime(2018, 9, 1, 13, tzinfo=SHANGHAI) + timedelta(days=n)
        newest = ([term for entered, term in acts if entered <= noon] or [Term()])[-1]
        instant = stored_instant(noon)
        assert any(one.from_at <= instant < one.to_at for one in found) == newest.covers(noon.date())


# --- what that makes of an event --------------------------------------------------------------------------------------

EVENT = Revision(Face("2018-10-08", None, True), 3, at("2018-09-03T10:00"), at("2018-09-04T10:00"))
MET = Revision(Face("2018-10-08", None, False), 4, EVENT.first_at, at("2018-09-08T10:00"))


def test_a_lost_role_cancels_what_it_made_his_and_a_role_given_again_brings_it_back() -> None:
    lost = Turns((BEGAN,), (at("2018-09-10T00:00"),))
    again = Turns((BEGAN, at("2018-09-15T00:00")), lost.lost)

    gone, back = as_his(EVENT, lost, None, mine=False), as_his(EVENT, again, None, mine=True)

    assert as_his(EVENT, Turns((BEGAN,)), None, mine=True) == EVENT
    assert gone is not None
    assert (gone.face.stands, gone.number, gone.changed_at) == (False, 4, at("2018-09-10T00:00"))
    assert back is not None
    assert (back.face.stands, back.number, back.changed_at) == (True, 5, at("2018-09-15T00:00"))


def test_what_was_never_his_is_not_told() -> None:
    before = Turns((BEGAN,), (at("2018-09-02T00:00"),))

    assert as_his(EVENT, Turns(), None, mine=False) is None
    assert as_his(EVENT, before, None, mine=False) is None
    assert as_his(EVENT, Turns(), at("2018-09-02T00:00"), mine=False) is None


def test_what_had_ended_before_stays_cancelled_from_then_on() -> None:
    found = as_his(MET, Turns((BEGAN,), (at("2018-09-10T00:00"),)), None, mine=False)

    assert found is not None
    assert (found.face.stands, found.changed_at) == (False, MET.changed_at)


@given(st.lists(st.integers(0, 60), unique=True, max_size=6).map(sorted), st.booleans())
def test_whenever_it_is_asked_numbers_never_fall_and_rise_with_every_turn(turns: list[int], held_first: bool) -> None:
    """Every second day is the one on which he comes to hold the role, or ceases to."""
    begins, ends = (turns[1::2], turns[0::2]) if held_first else (turns[0::2], turns[1::2])
    instants = {n: stored_instant(FIRST + timedelta(days=n)) for n in range(62)}
    seen = []
    for today in range(62):
        known = Turns(
            ((BEGAN,) if held_first else ()) + tuple(instants[n] for n in begins if n <= today),
            tuple(instants[n] for n in ends if n <= today),
        )
        mine = held_first ^ (sum(n <= today for n in turns) % 2 == 1)
        if instants[today] >= EVENT.first_at:
            seen.append(as_his(EVENT, known, None, mine=mine))
    told = [one for one in seen if one is not None]
    assert None not in seen[seen.index(told[0]) :] if told else True, "an event vanished instead of being cancelled"
    for one, next_ in pairwise(told):
        assert next_.number - one.number == (next_ != one)
