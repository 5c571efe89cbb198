"""Who may take a step: in a role of his own, for somebody absent, on a signed paper; and who may not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from builders import PEOPLE, a_case, day, person, taken
from hypothesis import given
from hypothesis import strategies as st

from engine.answers import Understood
from engine.capacities import (
    Post,
    about_his_part,
    about_the_taker,
    about_withdrawal,
    holders_of,
    taker_of,
    withdrawn,
)
from engine.definitions import Answer, Definition, Opening, Role, State, Step
from engine.people import People, StandIn, Term

ON = day("2025-10-13")


def made(**fields: Any) -> Step:
    return Step.model_validate({"zh": "批准", "en": "approve", "from": ["a"], "to": "b", "by": ["head"], **fields})


DEFINITION = Definition(
    workflow="w",
    zh="流程",
    en="workflow",
    roles={
        "head": Role(zh="机关负责人", en="bureau head"),
        "handler": Role(zh="办案人员", en="case handler"),
        "supervisor": Role(zh="督办人员", en="supervisor", from_above=True),
    },
    open=Opening.model_validate({"to": "a", "by": ["handler"], "title": "title"}),
    states={"a": State(zh="甲", en="a", stage="s"), "b": State(zh="乙", en="b", stage="s", end=True)},
    steps={
        "approve": made(not_by=["propose"]),
        "propose": made(by=["handler"]),
        "withdraw": made(withdraws="officers", ask={"officers": Answer(zh="人员", en="officers", type="officers")}),
        "act": made(by=["handler"], ask={"officers": Answer(zh="人员", en="officers", type="officers")}),
    },
)
DEPUTY = StandIn("lead", "head", "suzhou", "head", day("2025-10-09"), day("2025-10-17"))


def people(*stand_ins: StandIn, **changed: Any) -> People:
    persons = {**PEOPLE.persons, **{name: replace(PEOPLE.person(name), **fields) for name, fields in changed.items()}}
    return People(PEOPLE.units.values(), persons.values(), stand_ins)


def post(step: Step, on: date = ON, today: date | None = None) -> Post:
    return Post(DEFINITION, step.by, "suzhou", on, today or on, step)


def codes(
    step: Step, known: People, actor: str, *, signed_by: str | None = None, paper: bool = False, **days: date
) -> list[str]:
    where = post(step, **days)
    taker = taker_of(where, known, known.person(actor), known.person(signed_by) if signed_by else None)
    return [r.code for r in about_the_taker(where, known, taker, has_paper=paper)]


# --- standing in ------------------------------------------------------------------------------------------------------


def test_a_stand_in_acts_in_the_role_of_the_absent_between_his_days_only() -> None:
    known = people(DEPUTY)

    assert codes(made(), known, "lead") == []
    assert codes(made(), known, "lead", on=day("2025-10-08")) == ["role.missing"]
    assert codes(made(), known, "lead", on=day("2025-10-18")) == ["role.missing"]
    taker = taker_of(post(made()), known, known.person("lead"), None)
    assert (taker.capacity is not None, taker.names) == (True, frozenset({"lead", "head"}))


def test_nobody_stands_in_for_one_who_does_not_hold_the_role_himself() -> None:
    assert codes(made(), people(DEPUTY, head={"roles": frozenset()}), "lead") == ["role.missing"]
    assert codes(made(), people(DEPUTY, head={"left_on": day("2025-10-10")}), "lead") == ["role.missing"]
    # … and a stand-in cannot be stood in for.
    chain = StandIn("handler1", "lead", "suzhou", "head", DEPUTY.from_on, DEPUTY.to_on)
    assert codes(made(), people(DEPUTY, chain), "handler1") == ["role.missing"]


def test_what_must_be_done_in_person_nobody_does_for_another() -> None:
    known = people(DEPUTY)

    where = post(made(in_person=True))
    (refusal,) = about_the_taker(where, known, taker_of(where, known, known.person("lead"), None), has_paper=False)

    assert refusal.code == "role.in_person"
    assert [h.name for h in refusal.who_can] == ["head"]
    assert codes(made(in_person=True), known, "head") == []


def test_separation_of_duties_holds_through_a_stand_in() -> None:
    """The head proposed as an officer: neither he nor whoever acts for him approves."""
    known = people(DEPUTY)
    step = DEFINITION.steps["approve"]
    case = a_case("a", taken("propose", "2025-10-10", "head"))

    for actor in ("head", "lead"):
        taker = taker_of(post(step), known, known.person(actor), None)
        (refusal,) = about_his_part(post(step), case, known, taker)
        assert refusal.code == "duty.same_person"
        assert refusal.facts["actor"] == "head"
        assert "head" not in [h.name for h in refusal.who_can]


def test_whoever_acted_for_another_involved_both() -> None:
    step = DEFINITION.steps["approve"]
    acted = replace(taken("propose", "2025-10-10", "handler1"), for_name="handler2")
    case = a_case("a", acted)
    known = people(
        handler1={"roles": frozenset({("suzhou", "head")})}, handler2={"roles": frozenset({("suzhou", "head")})}
    )

    for actor in ("handler1", "handler2"):
        taker = taker_of(post(step), known, known.person(actor), None)
        assert [r.code for r in about_his_part(post(step), case, known, taker)] == ["duty.same_person"]


# --- on paper ---------------------------------------------------------------------------------------------------------


def test_a_paper_is_typed_by_another_and_decided_by_the_one_who_signed() -> None:
    step, known = made(on_paper=True), people()

    assert codes(step, known, "handler1", signed_by="head", paper=True) == []
    assert codes(step, known, "handler1", signed_by="head") == ["paper.missing"]
    assert codes(made(), known, "handler1", signed_by="head", paper=True) == ["paper.not_allowed"]
    assert codes(step, known, "handler1", signed_by="reviewer", paper=True) == ["role.missing"]


def test_only_somebody_who_works_there_types_for_others() -> None:
    known = People([*PEOPLE.units.values()], [*PEOPLE.persons.values(), person("stranger")])

    assert codes(made(on_paper=True), known, "stranger", signed_by="head", paper=True) == ["role.missing"]


def test_separation_of_duties_looks_at_the_one_who_signed_not_at_the_typist() -> None:
    step = made(on_paper=True, not_by=["propose"])
    case = a_case("a", taken("propose", "2025-10-10", "handler1"))
    typed = taker_of(post(step), PEOPLE, PEOPLE.person("handler1"), PEOPLE.person("head"))
    assert about_his_part(post(step), case, PEOPLE, typed) == ()

    signed = a_case("a", replace(taken("propose", "2025-10-10", "handler1"), signed_by="head"))
    assert [r.code for r in about_his_part(post(step), signed, PEOPLE, typed)] == ["duty.same_person"]
    by_typist = taker_of(post(step), PEOPLE, PEOPLE.person("handler1"), None)
    assert about_his_part(post(step), signed, PEOPLE, by_typist) == ()


# --- days -------------------------------------------------------------------------------------------------------------


def test_a_role_is_held_on_the_day_of_the_step_and_at_the_keyboard_also_today() -> None:
    term = {("suzhou", "head"): Term(day("2025-10-01"), day("2025-10-15"))}
    known = people(head={"terms": term})

    assert codes(made(), known, "head", on=day("2025-10-15")) == []
    assert codes(made(), known, "head", on=day("2025-10-15"), today=day("2025-10-16")) == ["role.missing"]
    assert codes(made(), known, "head", on=day("2025-09-30")) == ["role.missing"]
    # What he signed on paper while he held it may be typed later.
    paper = {"signed_by": "head", "paper": True, "on": day("2025-10-15"), "today": day("2025-10-20")}
    assert codes(made(on_paper=True), known, "lead", **paper) == []


@given(st.integers(-30, 30), st.integers(-30, 30), st.integers(0, 30))
def test_a_term_covers_its_first_and_last_day_and_nothing_else(offset: int, first: int, length: int) -> None:
    def on(days: int) -> date:
        return date.fromordinal(ON.toordinal() + days)

    known = people(head={"terms": {("suzhou", "head"): Term(on(first), on(first + length))}})

    held = known.holds(known.person("head"), "head", "suzhou", on(offset))

    assert held == (first <= offset <= first + length)


def test_whoever_has_left_acts_no_more_and_sees_nothing() -> None:
    known = people(head={"left_on": ON})
    head, after = known.person("head"), day("2025-10-14")

    assert known.holds(head, "head", "suzhou", ON)
    assert not known.holds(head, "head", "suzhou", after)
    assert (known.sees(head, "suzhou", ON), known.sees(head, "suzhou", after)) == (True, False)


def test_somebody_lent_to_another_unit_sees_it_while_he_is_lent() -> None:
    lent = replace(
        PEOPLE.person("reviewer"),
        unit="jiangsu_other",
        terms={("suzhou", "reviewer"): Term(day("2025-10-01"), day("2025-10-31"))},
    )
    known = People(PEOPLE.units.values(), [lent])

    assert known.sees(lent, "suzhou", ON)
    assert not known.sees(lent, "suzhou", day("2025-11-01"))


# --- withdrawal -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("actor", "officers"), [("handler1", ["handler2"]), ("handler2", ["handler1", "handler2"])])
def test_whoever_withdrew_neither_acts_nor_is_named(actor: str, officers: list[str]) -> None:
    step = DEFINITION.steps["act"]
    case = a_case("a", taken("withdraw", "2025-10-10", "head", officers=["handler1"]))
    taker = taker_of(post(step), PEOPLE, PEOPLE.person(actor), None)

    (refusal,) = about_withdrawal(post(step), case, PEOPLE, taker, Understood({"officers": officers}, ()))

    assert (refusal.code, refusal.facts["withdrawn"]) == ("duty.withdrawn", ["handler1"])
    assert "handler1" not in [h.name for h in refusal.who_can]
    assert withdrawn(DEFINITION, case) == {"handler1"}


def test_to_be_named_in_the_withdrawal_itself_is_no_acting() -> None:
    step = DEFINITION.steps["withdraw"]
    case = a_case("a", taken("withdraw", "2025-10-10", "head", officers=["handler1"]))
    taker = taker_of(post(step), PEOPLE, PEOPLE.person("head"), None)

    assert about_withdrawal(post(step), case, PEOPLE, taker, Understood({"officers": ["handler1"]}, ())) == ()


def test_those_who_could_take_it_are_told_without_stand_ins_where_it_must_be_done_in_person() -> None:
    known = people(DEPUTY)

    assert [h.name for h in holders_of(post(made()), known)] == ["head", "lead"]
    assert [h.name for h in holders_of(post(made(in_person=True)), known)] == ["head"]
    assert holders_of(post(made()), known, barred=["head", "lead"]) == ()
