"""Ladders as data: which one holds, what is refused when it is read, on which days its rungs stand, and colours."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from builders import day, law, running
from hypothesis import given
from hypothesis import strategies as st

from engine.acknowledgements import acknowledged, announced
from engine.agenda import deadline_rungs, rungs_around
from engine.clock import end_of_day
from engine.colours import colour_of
from engine.courses import Course
from engine.data_files import data_folder, parse_yaml
from engine.errors import FileWrong
from engine.ladder_checks import faults_together, shipped_ladders
from engine.ladders import Ladder
from engine.ledger import Entry, Head, Said, next_entry
from engine.period_values import Pause
from workflows.rule_files import KINDS, LADDER, known_in, rules_in
from workflows.rule_text import rule_text

KNOWN = known_in(None)
LADDERS = shipped_ladders()
BOOK = "case:suzhou-2018-0001"
STEM = f"{BOOK}:suzhou:complaint_decision:2018-09-18:"
DAYS = st.dates(date(2018, 1, 1), date(2025, 12, 31))

A_LADDER = """ladders:
  - id: duties
    zh: 本机关办理期限
    en: Our own duties
    for: deadline
    natures: [duty]
    rungs:
      - {before: 3}
      - {on: yes}
      - {after: 2, to: [lead], escalates: yes}
    yellow_from: 3
    basis: 惯例
    source: 内部设计
    confidence: practice
"""


def faults(text: str, **changes: Any) -> list[tuple[int, str]]:
    """Line and code of every problem in a file of ladders."""
    try:
        rules_in(parse_yaml(text, "test.yaml"), replace(KNOWN, **changes))
    except FileWrong as wrong:
        return [(p.line, p.code) for p in wrong.problems]
    return []


# --- which one holds --------------------------------------------------------------------------------------------------


def test_every_limit_has_exactly_one_ladder_and_one_in_hours_is_urgent() -> None:
    for limit in law().limits.values():
        ladder = LADDERS.of_limit(limit.id, limit.nature)
        in_hours = any(version.counts_hours for version in limit.versions)
        assert (ladder.for_, ladder.urgent) == ("deadline", in_hours), limit.id
    assert not list(faults_together(LADDERS.by_id.values()))


def test_a_duty_goes_up_to_the_lead_the_head_and_above() -> None:
    duties = LADDERS.of_limit("decision_limit", "duty")

    assert duties.numbers == (7, 3, 1, 0, -1, -3, -7)
    assert [duties.heard_from(n) for n in (7, 0, -1, -3, -7)] == [
        (),
        (),
        ("lead",),
        ("lead", "head"),
        ("lead", "head", "above"),
    ]
    assert [n for n in duties.numbers if duties.escalates_at(n)] == [-1, -3, -7]


def test_every_compulsory_ladder_says_why_in_both_languages() -> None:
    assert {ladder.id for ladder in LADDERS.by_id.values() if ladder.compulsory} == {
        "duties",
        "effects",
        "urgent",
        "obligations",
    }
    for ladder in LADDERS.by_id.values():
        assert bool(ladder.why_zh) == bool(ladder.why_en) == ladder.compulsory


@pytest.mark.parametrize("ladder", LADDERS.by_id.values(), ids=lambda ladder: ladder.id)
def test_a_ladder_that_was_written_as_a_file_reads_the_same(ladder: Ladder) -> None:
    parsed = parse_yaml(rule_text(LADDER, ladder.document(), "0" * 64, ["note"]), "test.yaml")

    (rule,) = rules_in(parsed, KNOWN).rules

    assert {name: value for name, value in rule.content.items() if name != "based_on"} == ladder.document()
    assert next(iter(parsed.value)) in KINDS


# --- what is refused --------------------------------------------------------------------------------------------------


def test_a_right_file_has_no_faults() -> None:
    assert faults(A_LADDER) == []


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("{before: 3}", "{before: 3, on: yes}", [(8, "rung.kind")]),
        ("{before: 3}", "{to: [lead]}", [(8, "rung.kind")]),
        ("{before: 3}", "{before: -3}", [(8, "field.invalid")]),
        ("{before: 3}", "{before: 3, escalates: yes}", [(8, "rung.escalates")]),
        ("{before: 3}", "{before: 3, to: [leed]}", [(8, "role.unknown")]),
        ("      - {before: 3}\n      - {on: yes}\n", "      - {on: yes}\n      - {before: 3}\n", [(9, "ladder.order")]),
        ("{on: yes}", "{before: 3}", [(9, "ladder.order")]),
        ("{after: 2, to: [lead], escalates: yes}", "{after: 2}", [(10, "rung.nobody")]),
        ("    natures: [duty]\n", "", [(5, "ladder.reach")]),
        ("natures: [duty]", "natures: [dutty]", [(6, "value.unknown")]),
        ("natures: [duty]", "limits: [no_such_limit]", [(6, "limit.unknown"), (1, "ladder.none")]),
        ("natures: [duty]", "natures: [duty, right]", [(10, "ladder.after")]),
        ("natures: [duty]", "natures: [duty]\n    limits: [suit]", [(7, "ladder.after")]),
        ("id: duties", "id: others", [(6, "ladder.two")]),
        ("natures: [duty]", "natures: [duty, other_body]", [(6, "ladder.two")]),
        ("natures: [duty]", "natures: [duty]\n    limits: [hand_over]", [(7, "ladder.two")]),
        ("natures: [duty]", "natures: [other_body]", [(6, "ladder.two"), (1, "ladder.none")]),
        ("    yellow_from: 3\n", "", [(2, "ladder.yellow")]),
        ("yellow_from: 3", "yellow_from: 3\n    compulsory: yes", [(12, "ladder.why")]),
        ("yellow_from: 3", "yellow_from: 3\n    why_zh: 法定\n    why_en: the law", [(2, "ladder.why")]),
        ("confidence: practice", "confidence: practice\n    confirmed_by: head", [(2, "version.confirmed")]),
        ("for: deadline", "for: deadlines", [(5, "value.unknown")]),
    ],
)
def test_what_is_wrong_is_told_with_its_line(old: str, new: str, found: list[tuple[int, str]]) -> None:
    assert A_LADDER.count(old) == 1

    assert sorted(faults(A_LADDER.replace(old, new))) == sorted(found)


def test_a_rung_of_which_no_fulfilment_is_known_cannot_stand_after_the_date() -> None:
    text = A_LADDER.replace("    natures: [duty]\n", "").replace("for: deadline", "for: obligation")

    assert (9, "ladder.after") in faults(text.replace("id: duties", "id: obligations"))


def test_a_ladder_that_nobody_here_hears_is_refused() -> None:
    assert faults(A_LADDER, held={"head", "handler"}) == [(10, "rung.nobody")]
    assert faults(A_LADDER, held={"lead"}) == []
    silent = A_LADDER.replace("natures: [duty]", "natures: [duty]\n    limits: [yearly_statistics]")
    assert faults(silent, silent={"yearly_statistics"}) == [(7, "rung.nobody")]


# --- on which days ----------------------------------------------------------------------------------------------------


def sends(ladder: str, due: str, from_on: str = "2018-01-01") -> dict[int, str]:
    found = rungs_around(LADDERS.by_id[ladder], BOOK, "x", "suzhou", day(due), law().calendar, day(from_on))
    return {rung.rung_days: rung.send_on.isoformat() for rung in found}


def test_rungs_after_the_date_are_working_days_counted_from_the_due_day() -> None:
    # Due on Sunday 30 September 2018, worked that day for the holiday of 1 to 7 October.
    assert sends("duties", "2018-09-30") == {
        7: "2018-09-21",
        3: "2018-09-27",
        1: "2018-09-29",
        0: "2018-09-30",
        -1: "2018-10-08",
        -3: "2018-10-10",
        -7: "2018-10-16",
    }


def test_an_urgent_ladder_knows_no_rest_days() -> None:
    # Due on Saturday 3 November 2018.
    assert sends("urgent", "2018-11-03") == {1: "2018-11-02", 0: "2018-11-03", -1: "2018-11-04", -2: "2018-11-05"}


def test_what_lies_behind_is_not_planned() -> None:
    assert list(sends("duties", "2018-09-18", "2018-09-19")) == [-1, -3, -7]


@given(due_on=DAYS, from_on=DAYS)
def test_rungs_climb_in_time_and_those_of_no_urgent_ladder_go_out_on_working_days(due_on: date, from_on: date) -> None:
    for ladder in LADDERS.by_id.values():
        found = rungs_around(ladder, BOOK, "x", "suzhou", due_on, law().calendar, from_on)
        days = [rung.send_on for rung in found]
        assert days == sorted(days)
        assert all(on >= from_on for on in days)
        assert all((rung.send_on > due_on) == (rung.rung_days < 0) for rung in found)
        assert ladder.urgent or all(map(law().calendar.is_working, days))


def test_only_what_reminds_somebody_is_announced() -> None:
    duty = running("complaint_decision", "2018-09-03")
    silent = replace(duty, terms=replace(duty.terms, remind=()))

    assert len(deadline_rungs(BOOK, "suzhou", [duty], law(), day("2018-09-03"))) == 7
    assert deadline_rungs(BOOK, "suzhou", [silent], law(), day("2018-09-03")) == ()


# --- colours ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "colour"),
    [
        ("2018-09-12", "green"),  # four working days left
        ("2018-09-13", "yellow"),  # three
        ("2018-09-18", "yellow"),  # the day itself
        ("2018-09-19", "red"),
    ],
)
def test_a_duty_turns_yellow_and_red(on: str, colour: str) -> None:
    duty = running("complaint_decision", "2018-09-03", due_on=day("2018-09-18"))

    assert colour_of(duty, LADDERS, law().calendar, end_of_day(day(on))) == colour


def test_what_is_paused_is_green_and_what_has_ended_has_no_colour() -> None:
    late = end_of_day(day("2018-12-31"))
    duty = running("complaint_decision", "2018-09-03", due_on=day("2018-09-18"))
    right = running("statement_period", "2018-09-03")

    paused = replace(duty, state="paused", course=Course(day("2018-09-03"), pauses=(Pause(day("2018-09-10"), None),)))
    assert colour_of(paused, LADDERS, law().calendar, late) == "green"
    assert colour_of(replace(duty, state="met", ended_on=day("2018-09-20")), LADDERS, law().calendar, late) is None
    assert colour_of(right, LADDERS, law().calendar, late) is None  # a right that has run out is nobody's delay


@given(due_on=DAYS, on=DAYS)
def test_a_colour_never_goes_back_as_days_pass(due_on: date, on: date) -> None:
    duty = running("complaint_decision", "2018-09-03", due_on=due_on)
    order = ["green", "yellow", "red"]

    today, tomorrow = (
        order.index(str(colour_of(duty, LADDERS, law().calendar, end_of_day(day_)))) for day_ in (on, on + timedelta(1))
    )

    assert today <= tomorrow


# --- what the book says -----------------------------------------------------------------------------------------------


def book(*said: tuple[str, dict[str, Any]]) -> list[Entry]:
    entries: list[Entry] = []
    for n, (kind, effects) in enumerate(said):
        head = entries[-1].head if entries else Head()
        at = end_of_day(date(2018, 9, 19) + timedelta(n))
        entries.append(next_entry(head, Said(BOOK, kind, "lead", "2018-09-19", at, reason="在办", effects=effects)))
    return entries


KNOWS = ("acknowledge", {"deadline": "complaint_decision", "due_on": "2018-09-18", "rung": -1})


def of_deadline(act: str, due_on: str = "2018-09-18") -> dict[str, Any]:
    return {"deadlines": [{"act": act, "id": "complaint_decision", "due_on": due_on}]}


@pytest.mark.parametrize(
    ("then", "holds"),
    [
        ((), True),
        ((("note", {"text": "x"}),), True),
        ((("rules", of_deadline("course")),), True),  # its terms changed, its date did not
        ((("extend", of_deadline("course", "2018-10-18")),), False),
        ((("restart", of_deadline("course")),), False),
        ((("undo", of_deadline("remove")), ("step", of_deadline("start"))), False),
        ((("step", {"deadlines": [{"act": "start", "id": "another", "due_on": "2018-10-01"}]}),), True),
        ((("extend", of_deadline("course", "2018-10-18")), ("undo", of_deadline("restore"))), False),
    ],
)
def test_a_new_date_or_a_new_start_makes_an_acknowledgement_void(
    then: tuple[tuple[str, dict[str, Any]], ...], holds: bool
) -> None:
    found = acknowledged(book(KNOWS, *then))

    assert ("complaint_decision" in found) == holds


def test_who_heard_of_the_present_date_is_in_the_mails() -> None:
    deadline = running("complaint_decision", "2022-03-01", due_on=day("2018-09-18"))
    mails = [
        ("mail", {"rung": f"{STEM}0", "to": ["handler1"]}),
        ("mail", {"rung": f"{STEM}-1", "to": ["handler1", "lead"]}),
        ("mail", {"rung": f"{BOOK}:suzhou:complaint_decision:2018-09-10:-7", "to": ["head"]}),
    ]

    told = announced(book(*mails), BOOK, "suzhou", deadline)

    assert told is not None
    assert (told.rung_days, told.heard) == (-1, frozenset({"handler1", "lead"}))
    assert announced(book(mails[2]), BOOK, "suzhou", deadline) is None


def test_the_shipped_files_hold_nothing_that_a_load_would_refuse() -> None:
    for path in sorted((data_folder() / "ladders").glob("*.yaml")):
        assert rules_in(parse_yaml(path.read_text("utf-8"), path.name), KNOWN).remarks == ()
