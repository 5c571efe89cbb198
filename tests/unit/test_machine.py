"""The machine asks every guard, believes no guard that answers with a truth value, and moves nothing by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from builders import a_case, an_attempt, taken

from engine.case_view import Attempt, CaseView
from engine.definitions import Definition, definition_from
from engine.errors import Refusal
from engine.guards import CONDITIONS, GUARDS, condition, guard
from engine.machine import Workflow

Judge = Callable[[CaseView, Attempt], Refusal | None]


@pytest.fixture(autouse=True)
def only_for_this_test() -> Iterator[None]:
    guards, conditions = dict(GUARDS), dict(CONDITIONS)
    yield
    for registry, before in ((GUARDS, guards), (CONDITIONS, conditions)):
        for name in set(registry) - set(before):
            del registry[name]  # type: ignore[attr-defined]


def a_definition(**step: Any) -> Definition:
    words = {"zh": "词", "en": "word"}
    return definition_from(
        {
            "workflow": "small",
            **words,
            "roles": {"head": words},
            "open": {"to": "begun", "by": ["head"], "title": "title"},
            "states": {"begun": {**words, "stage": "a"}, "ended": {**words, "stage": "b", "end": True}},
            "steps": {"finish": {**words, "from": ["begun"], "to": "ended", "by": ["head"], **step}},
        }
    )


def judged(definition: Definition, **said: Any) -> tuple[Refusal, ...]:
    return Workflow(definition, "").judge(a_case("begun"), an_attempt("finish", "2018-10-13", **said))


@pytest.mark.parametrize("answer", [True, False, "", 0])
def test_a_guard_that_answers_anything_but_none_or_a_refusal_raises(answer: object) -> None:
    @guard
    def answers_wrongly(case: CaseView, attempt: Attempt) -> Any:
        return answer

    with pytest.raises(TypeError, match="answers_wrongly answered"):
        judged(a_definition(require=[{"answers_wrongly": {}}]))


def test_every_reason_is_collected_also_after_the_first_no() -> None:
    @guard
    def says_no(case: CaseView, attempt: Attempt, *, code: str) -> Refusal | None:
        return Refusal(code, "不", "no")

    @guard
    def says_yes(case: CaseView, attempt: Attempt) -> Refusal | None:
        return None

    found = judged(
        a_definition(require=[{"says_no": {"code": "first"}}, {"says_yes": {}}, {"says_no": {"code": "second"}}])
    )

    assert [r.code for r in found] == ["first", "second"]


def test_firing_changes_neither_case_nor_machine() -> None:
    workflow, case = Workflow(a_definition(), ""), a_case("begun")

    first = workflow.judge(case, an_attempt("finish", "2018-10-13"))
    second = workflow.judge(case, an_attempt("finish", "2018-10-13"))

    assert first == second == ()
    assert case.state == "begun"


def test_there_are_no_transitions_but_those_of_the_definition() -> None:
    workflow = Workflow(a_definition(), "")

    assert set(workflow._machine.events) == {"finish"}
    assert workflow._machine.models == []


def test_the_way_follows_the_answers() -> None:
    ask = {"zh": "意见", "en": "opinion", "type": "choice"}
    choices = {"yes": {"zh": "是", "en": "yes"}, "no": {"zh": "否", "en": "no"}}
    workflow = Workflow(
        a_definition(to={"opinion": {"yes": "ended", "no": "same"}}, ask={"opinion": {**ask, "choices": choices}}), ""
    )

    assert workflow.destination(a_case("begun"), an_attempt("finish", "2018-10-13", opinion="yes")) == "ended"
    assert workflow.destination(a_case("begun"), an_attempt("finish", "2018-10-13", opinion="no")) == "begun"


def test_a_way_that_is_not_answered_yet_can_still_be_asked_about() -> None:
    """`case show` judges every step before anything was answered; the missing answer is refused on its own."""
    ask = {"opinion": {"zh": "意见", "en": "opinion", "type": "choice"}}
    workflow = Workflow(a_definition(to={"opinion": {"yes": "ended", "no": "same"}}, ask=ask), "")

    assert workflow.destination(a_case("begun"), an_attempt("finish", "2018-10-13")) == "ended"


def test_a_way_back_leads_to_the_state_that_was_left_last() -> None:
    workflow = Workflow(a_definition(to={"previous": "finish"}), "")
    case = a_case(
        "begun",
        taken("finish", "2018-09-01", source="far"),
        taken("finish", "2018-09-02", source="near"),
        taken("other", "2018-09-03", source="nowhere"),
    )

    assert workflow.destination(case, an_attempt("finish", "2018-10-13")) == "near"


def test_a_condition_chooses_the_way() -> None:
    @condition
    def is_rich(case: CaseView, attempt: Attempt) -> bool:
        return bool(attempt.answers.get("rich"))

    workflow = Workflow(a_definition(to={"choose": {"by": "is_rich", "yes": "ended", "no": "same"}}), "")

    assert workflow.destination(a_case("begun"), an_attempt("finish", "2018-10-13", rich="1")) == "ended"
    assert workflow.destination(a_case("begun"), an_attempt("finish", "2018-10-13")) == "begun"


def test_two_guards_cannot_share_a_name() -> None:
    def waited(case: CaseView, attempt: Attempt) -> Refusal | None:
        return None

    with pytest.raises(ValueError, match="two functions are named waited"):
        guard(waited)
