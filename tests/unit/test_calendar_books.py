"""Dates as a book tells them: whatever happens to a case, an event keeps its identity and its number never falls."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from builders import a_case, day
from hypothesis import given
from hypothesis import strategies as st

from engine.clock import end_of_day
from engine.deadline_effects import course_effect, ended_effect, started_effect
from engine.deadlines import Deadline
from engine.definitions import Definition
from engine.ledger import Entry, Head, Said, next_entry
from notifications.calendar_books import Told, appointing, told_by
from workflows.definition_files import shipped_definitions

BOOK = "case:suzhou-2018-0001"
CASE = a_case("hearing")


@functools.cache
def definition() -> Definition:
    from engine.limit_checks import shipped_time_limits

    return shipped_definitions({limit.id: limit.nature for limit in shipped_time_limits().values()})["case"]


def book_of(*said: dict[str, Any]) -> tuple[Entry, ...]:
    """A book of entries, the first of which opens the case on 3 September 2018; each a day after the one before."""
    opening = {"kind": "open", "answers": {"title": "某案"}, "effects": {"to": "lead", "campaigns": []}}
    entries: list[Entry] = []
    for number, one in enumerate((opening, *said)):
        on = day(f"2018-09-{3 + number:02}") if number < 28 else day(f"2018-10-{number - 27:02}")
        effects = {"deadlines": [], "from": "x", "to": "x", **one.get("effects", {})}
        said_now = Said(
            BOOK,
            one["kind"],
            "handler1",
            one.get("on", on.isoformat()),
            end_of_day(on),
            step=one.get("step"),
            answers=one.get("answers", {}),
            effects=effects,
            rules={"definition": "v1"},
        )
        entries.append(next_entry(entries[-1].head if entries else Head(), said_now))
    return tuple(entries)


def told(entries: Sequence[Entry]) -> Told:
    return told_by(entries, lambda _: definition())


def called(on: str, party: int | None = None, **more: Any) -> dict[str, Any]:
    effects = {} if party is None else {"party": party}
    return {"kind": "step", "step": "call_hearing", "answers": {"hearing_on": on}, "effects": effects, **more}


def moved(step: str, on: str, party: int | None = None) -> dict[str, Any]:
    """A step that leads the case on."""
    effects = {"from": "hearing", "to": "heard", **({} if party is None else {"party": party})}
    return {"kind": "step", "step": step, "on": on, "effects": effects}


def appointments(entries: Sequence[Entry]) -> dict[str, tuple[str, bool, int]]:
    found = told(entries).revisions.items()
    return {subject: (r.face.on, r.face.stands, r.number) for (kind, subject), r in found if kind == "appointment"}


def test_the_only_day_that_the_main_line_appoints_is_that_of_a_hearing() -> None:
    """Other days in the future are the last days of limits, which have events of their own."""
    found = {name: appointing(step) for name, step in definition().steps.items() if appointing(step)}

    assert found == {"call_hearing": ("hearing_on",)}


def test_a_hearing_put_off_is_moved_under_its_own_identity() -> None:
    assert appointments(book_of(called("2018-09-28"), called("2018-10-12"))) == {"0.1": ("2018-10-12", True, 1)}


def test_a_hearing_given_up_before_its_day_is_cancelled() -> None:
    entries = book_of(called("2018-09-28"), moved("end_hearing", "2018-09-27"))

    assert appointments(entries) == {"0.1": ("2018-09-28", False, 1)}


def test_a_hearing_that_was_held_has_taken_place() -> None:
    entries = book_of(called("2018-09-28"), moved("hold_hearing", "2018-09-28"))

    assert appointments(entries) == {"0.1": ("2018-09-28", True, 0)}


def test_a_second_hearing_is_another_event() -> None:
    entries = book_of(called("2018-09-28"), moved("hold_hearing", "2018-09-28"), called("2018-11-05"))

    assert appointments(entries) == {"0.1": ("2018-09-28", True, 0), "0.2": ("2018-11-05", True, 0)}


def test_each_party_has_a_hearing_of_its_own() -> None:
    entries = book_of(called("2018-09-28", 1), called("2018-09-29", 2), moved("end_hearing", "2018-09-20", 2))

    assert appointments(entries) == {"1.1": ("2018-09-28", True, 0), "2.1": ("2018-09-29", False, 1)}


def test_a_call_taken_back_is_cancelled_and_a_later_one_comes_back_with_a_higher_number() -> None:
    undone = {"kind": "undo", "effects": {"undoes": 2}}

    assert appointments(book_of(called("2018-09-28"), undone)) == {"0.1": ("2018-09-28", False, 1)}
    assert appointments(book_of(called("2018-09-28"), undone, called("2018-09-30"))) == {"0.1": ("2018-09-30", True, 2)}


def test_a_corrected_day_moves_the_hearing() -> None:
    slip = {"kind": "correct", "answers": {"hearing_on": "2018-09-29"}, "effects": {"corrects": {"hearing_on": 2}}}

    assert appointments(book_of(called("2018-09-28"), slip)) == {"0.1": ("2018-09-29", True, 1)}


def test_a_corrected_title_is_told_by_what_stands_and_not_by_what_has_ended() -> None:
    slip = {"kind": "correct", "answers": {"title": "另一案"}, "effects": {"corrects": {"title": 1}}}
    entries = book_of(called("2018-09-28"), moved("end_hearing", "2018-09-20"), called("2018-10-28"), slip)

    assert {s: number for s, (_, _, number) in appointments(entries).items()} == {"0.1": 1, "0.2": 1}


def test_whoever_gave_the_case_away_is_remembered_until_he_holds_it_again() -> None:
    away = {"kind": "assign", "effects": {"holders": ["handler2"]}}
    back = {"kind": "assign", "effects": {"holders": ["handler1", "handler2"]}}

    assert told(book_of(away)).left == {"handler1": "2018-09-04T15:59:00.000000+00:00"}
    assert told(book_of(away, back)).left == {}


def test_the_hour_and_the_place_stand_beside_the_day_and_moving_them_is_told() -> None:
    first = {"hearing_on": "2018-09-28", "hearing_at": "2018-09-28T09:30+08:00", "hearing_place": "二楼听证室"}
    later = {**first, "hearing_at": "2018-09-28T14:00+08:00"}
    elsewhere = {**later, "hearing_place": "三楼"}

    seen = [
        told(book_of(*({**called(""), "answers": answers} for answers in (first, later, elsewhere)[:n])))
        for n in (1, 2, 3)
    ]

    revisions = [one.revisions["appointment", "0.1"] for one in seen]
    assert [r.face.at for r in revisions] == [f"2018-09-28T{at}:00.000000+00:00" for at in ("01:30", "06:00", "06:00")]
    assert [one.appointed["0.1"].place for one in seen] == ["二楼听证室", "二楼听证室", "三楼"]
    assert [r.number for r in revisions] == [0, 1, 2]
    assert all(set(one.appointed) == {"0.1"} for one in seen), "the hour is no day of its own"


def test_an_hour_of_another_day_is_none() -> None:
    """Nobody can enter one; a day that was put right alone would leave one behind."""
    slip = {"kind": "correct", "answers": {"hearing_on": "2018-09-29"}, "effects": {"corrects": {"hearing_on": 2}}}
    with_hour = {"hearing_on": "2018-09-28", "hearing_at": "2018-09-28T09:30+08:00"}

    face = told(book_of({**called(""), "answers": with_hour}, slip)).revisions["appointment", "0.1"].face

    assert (face.on, face.at) == ("2018-09-29", None)


# --- whatever happens -------------------------------------------------------------------------------------------------

DAYS = st.dates(day("2018-09-10"), day("2018-12-31"))


def limit(id_: str, due_on: Any, state: str = "running") -> Deadline:
    from builders import running

    return running("payment", "2018-09-04", id=id_, due_on=due_on, state=state)


STARTED = st.builds(lambda n, on: ("start", f"payment.{n}", on), st.integers(2, 4), DAYS)
ACTS = st.one_of(
    STARTED,
    st.builds(lambda n, on: ("course", f"payment.{n}", on), st.integers(2, 4), DAYS),
    st.builds(lambda n: ("end", f"payment.{n}", None), st.integers(2, 4)),
    st.builds(lambda n: ("remove", f"payment.{n}", None), st.integers(2, 4)),
    st.builds(lambda on: ("call", "", on), DAYS),
    st.builds(lambda on: ("leave", "", on), DAYS),
    st.builds(lambda seq: ("undo", str(seq), None), st.integers(2, 12)),
    st.builds(lambda title: ("title", title, None), st.sampled_from(["甲", "乙"])),
    st.builds(lambda name: ("hold", name, None), st.sampled_from(["handler1", "handler2"])),
)


def entry_for(act: tuple[str, str, Any], known: set[str]) -> dict[str, Any] | None:
    """What the record would say of it; `None` where there is no such limit."""
    kind, what, on = act
    if kind == "call":
        return called(on.isoformat())
    if kind == "leave":
        return moved("end_hearing", on.isoformat())
    if kind == "undo":
        return {"kind": "undo", "effects": {"undoes": int(what)}}
    if kind == "title":
        return {"kind": "correct", "answers": {"title": what}, "effects": {"corrects": {"title": 1}}}
    if kind == "hold":
        return {"kind": "assign", "effects": {"holders": [what]}}
    if (kind == "start") == (what in known):
        return None
    known.add(what)
    deadline = limit(what, on or day("2018-10-10"))
    effect = {
        "start": lambda: started_effect(deadline),
        "course": lambda: course_effect(deadline, deadline),
        "end": lambda: ended_effect(deadline, limit(what, deadline.due_on, "met")),
        "remove": lambda: {"act": "remove", "id": what},
    }[kind]()
    return {"kind": "step", "step": "serve", "effects": {"deadlines": [effect]}}


@given(st.lists(ACTS, max_size=14))
def test_numbers_never_fall_and_rise_with_every_change_of_face(acts: list[tuple[str, str, Any]]) -> None:
    known: set[str] = set()
    entries = book_of(*(said for act in acts if (said := entry_for(act, known)) is not None))

    before = told(entries[:1]).revisions
    for length in range(2, len(entries) + 1):
        after = told(entries[:length]).revisions
        assert before.keys() <= after.keys(), "an event vanished instead of being cancelled"
        for key, was in before.items():
            now = after[key]
            assert now.number == was.number + (now.face != was.face)
            assert now.changed_at == (entries[length - 1].recorded_at if now.face != was.face else was.changed_at)
            assert now.first_at == was.first_at
        before = after
    assert told(entries) == told(entries)
