"""Invariants of the field that values suffice for: certificates of the day, separated functions, whole waiting periods.

The other invariants, and these in whole lives of cases, are in `tests/store/test_invariants.py`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from builders import PEOPLE, a_case, an_attempt, day, law, running, taken
from hypothesis import given
from hypothesis import strategies as st

from engine.capacities import Post, about_his_part, taker_of
from engine.case_view import StepTaken
from engine.guards import GUARDS
from engine.people import Certificate, People, Person, StandIn
from workflows.definition_files import shipped_definitions

ON = day("2025-10-13")
CASE = shipped_definitions({name: limit.nature for name, limit in law().limits.items()})["case"]
NAMES = ("head", "head2", "handler1", "handler2", "reviewer")
offsets = st.integers(-40, 40)


def on(days: int) -> date:
    return ON + timedelta(days=days)


# --- 2: certificates --------------------------------------------------------------------------------------------------


@given(
    spans=st.lists(st.tuples(offsets, st.integers(0, 30)), max_size=3),
    acted=offsets,
    recorded=st.integers(0, 40),
)
def test_a_certificate_counts_on_the_day_of_the_act_whenever_it_is_recorded(
    spans: list[tuple[int, int]], acted: int, recorded: int
) -> None:
    """2: neither one of today nor one of yesterday serves for an act of another day."""
    held = tuple(Certificate(str(n), on(first), on(first + length)) for n, (first, length) in enumerate(spans))
    people = {**PEOPLE.persons, "handler2": replace(PEOPLE.person("handler2"), certificates=held)}
    said = {"officers": ["handler1", "handler2"], "inspected_on": on(acted).isoformat()}
    attempt = an_attempt("inspect", on(acted + recorded).isoformat(), "handler1", **said)
    attempt = replace(attempt, people=People(PEOPLE.units.values(), people.values()))

    refusal = GUARDS["valid_certificates"](a_case("investigating"), attempt, answer="inspected_on")

    certified = any(first <= acted <= first + length for first, length in spans)
    assert (refusal is None) == certified
    assert refusal is None or (refusal.code, refusal.facts["officers"]) == ("officers.certificate", ["handler2"])


# --- 6: different people ----------------------------------------------------------------------------------------------


@st.composite
def a_part(draw: st.DrawFn) -> StepTaken:
    """Somebody had a hand in a step, himself, for another, or with his name on a paper that a third one typed."""
    step = draw(st.sampled_from(["verify", "investigate", "conclude", "review", "hold_hearing", "notify"]))
    acted = taken(step, "2025-10-10", draw(st.sampled_from(NAMES)))
    if draw(st.booleans()):
        acted = replace(acted, answers={"officers": draw(st.lists(st.sampled_from(NAMES), max_size=2))})
    signed, absent = (draw(st.none() | st.sampled_from(NAMES)) for _ in range(2))
    return replace(acted, signed_by=signed, for_name=absent)


@given(
    trail=st.lists(a_part(), max_size=4),
    actor=st.sampled_from(NAMES),
    signed=st.none() | st.sampled_from(NAMES),
    stands_in_for=st.none() | st.sampled_from(["head", "head2"]),
)
def test_nobody_decides_who_had_a_hand_in_the_case_or_acts_for_one_who_had(
    trail: list[StepTaken], actor: str, signed: str | None, stands_in_for: str | None
) -> None:
    """6: neither standing in for somebody nor a paper gets round it, and typing for somebody else is no hand in it."""
    roles = {"head": "head", "head2": "head", "handler1": "handler", "handler2": "handler", "reviewer": "reviewer"}
    persons = [Person(name, name, "suzhou", frozenset({("suzhou", role)})) for name, role in roles.items()]
    decider = signed or actor
    stand_ins = [StandIn(decider, stands_in_for, "suzhou", "head", on(-9), on(9))] if stands_in_for else []
    people = People(PEOPLE.units.values(), persons, stand_ins)
    step = CASE.steps["decide"]
    post = Post(CASE, step.by, "suzhou", ON, ON, step)
    taker = taker_of(post, people, people.person(actor), people.person(signed) if signed else None)

    refusals = about_his_part(post, a_case("notified", *trail), people, taker)

    decides = {decider}
    if stands_in_for and roles[decider] != "head":
        decides.add(stands_in_for)  # one who is a head himself needs nobody's place
    handled = set[str]()
    for t in trail:
        if t.step != "notify":
            handled |= {t.signed_by or t.actor, *t.officers, *([t.for_name] if t.for_name else [])}
    assert [r.code for r in refusals] == (["duty.same_person"] if decides & handled else [])
    assert not refusals or not handled & {holder.name for holder in refusals[0].who_can}


# --- 1, 11: waiting and being late ------------------------------------------------------------------------------------


@pytest.mark.parametrize("served_on", ["2018-09-10", "2025-09-26"])
@given(days=st.integers(0, 40), waived=st.booleans())
def test_a_period_is_waited_for_to_the_end_of_its_last_day(served_on: str, days: int, waived: bool) -> None:
    """1, 11: seven days after 10 September 2018 the period ends on the 19th (seven working days, a holiday apart);
    after 26 September 2025 on 13 October, with the National Day between."""
    last_on = {"2018-09-10": "2018-09-19", "2025-09-26": "2025-10-13"}[served_on]
    period = running("statement_period", served_on)
    if waived:
        period = replace(period, state="met", note="waived", ended_on=day(served_on))
    case = a_case("notified", taken("notify", served_on, served_on=served_on), deadlines=(period,))
    decided_on = day(served_on) + timedelta(days=days)

    refusal = GUARDS["waited"](case, an_attempt("decide", decided_on.isoformat()), deadline="statement_period")

    assert (refusal is None) == (waived or decided_on > day(last_on))
    assert refusal is None or refusal.earliest_on == day(last_on) + timedelta(days=1)


@given(days=st.integers(0, 40), good_cause=st.booleans())
def test_a_right_lapses_after_its_last_day_unless_good_cause_is_on_record(days: int, good_cause: bool) -> None:
    """11: told of it on 10 September 2018, a party may ask for a hearing until the 13th."""
    case = a_case(
        "notified",
        taken("notify", "2018-09-10", served_on="2018-09-10"),
        deadlines=(running("hearing_request", "2018-09-10"),),
    )
    asked_on = day("2018-09-10") + timedelta(days=days)
    said = {"requested_on": asked_on.isoformat(), **({"late_ground": "住院"} if good_cause else {})}
    attempt = an_attempt("request_hearing", asked_on.isoformat(), "handler1", **said)

    refusal = GUARDS["right_in_time"](case, attempt, deadline="hearing_request", answer="requested_on")

    assert (refusal is None) == (good_cause or asked_on <= day("2018-09-13"))
