"""Guards beside the straight way: records, leaving, a penalty on the spot, setting aside, closing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import a_case, an_attempt, day, law, running, taken

from engine.case_view import Party
from engine.errors import Refusal
from workflows.closing import complainant_told, education_given, redo_not_owed, result_fits, unpunished
from workflows.decision_in_force import decision_in_force, penalty_in_force
from workflows.decisions import penalty_decided, reviewed_as_required
from workflows.intake import filed_before, papers_still_missing, somebody_waits_for_an_answer
from workflows.leaving import another_case
from workflows.officers import decides_about_others, withdrawal_asked
from workflows.on_spot import (
    fined_on_spot,
    one_party_only,
    rights_told_on_spot,
    suit_is_open_at_once,
    within_on_spot_limits,
)
from workflows.periods import later_than_running
from workflows.records import refusal_witnessed
from workflows.setting_aside import decision_holds, decision_is_public, penalty_holds, withdrawal_owed

NEW = "2024-03-01"
FILED = taken("file", "2024-01-05", "head")
DECIDED = taken("decide", "2024-02-20", "head", fine_fen=5_000_000, measures=["fine"])
NO_PENALTY = taken("decide_no_penalty", "2024-02-20", "head", ground="first_minor")
PUBLISHED = taken("publish", "2024-02-22", published_on="2024-02-22")
SET_ASIDE = taken("set_aside", NEW, "head", redo="yes", redo_by="2024-05-01")


def code(refusal: Refusal | None) -> str | None:
    """The code of a refusal, which speaks both languages and, where it bars a way, shows another."""
    if refusal is None:
        return None
    assert any("\u4e00" <= c <= "\u9fff" for c in refusal.zh)
    assert refusal.en
    return refusal.code


# --- intake -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("facts", "refused"), [({}, None), ({"materials_complete_on": NEW}, "materials.complete")])
def test_papers_are_asked_for_only_while_they_are_missing(facts: dict[str, str], refused: str | None) -> None:
    found = papers_still_missing(a_case("complaint", facts=facts), an_attempt("request_materials", NEW))

    assert code(found) == refused


@pytest.mark.parametrize(("source", "waits"), [("complaint", True), ("report", True), ("patrol", False)])
def test_whoever_complained_or_reported_waits_for_an_answer(source: str, waits: bool) -> None:
    assert somebody_waits_for_an_answer(a_case("lead"), an_attempt("open", NEW, source=source)) is waits


@pytest.mark.parametrize("step", ["decide", "decide_no_penalty", "approve_notice"])
def test_nothing_is_decided_in_a_case_that_was_never_filed(step: str) -> None:
    """case-lifecycle §5, 16."""
    never, once = a_case("notified"), a_case("notified", FILED)

    refusal = filed_before(never, an_attempt(step, NEW))

    assert code(refusal) == "filing.missing"
    assert refusal is not None
    assert refusal.remedy is not None
    assert str(refusal.remedy.command).endswith("file")
    assert [h.name for h in refusal.who_can] == ["head"]
    assert filed_before(once, an_attempt(step, NEW)) is None


# --- records, officers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ({"signed": "signed"}, None),
        ({"signed": "refused", "witness": "某乙"}, None),
        ({"signed": "refused"}, "witness.missing"),
        ({}, None),  # left to the missing answer
    ],
)
def test_a_record_that_nobody_signed_names_who_saw_it(said: dict[str, str], refused: str | None) -> None:
    assert code(refusal_witnessed(a_case("verifying"), an_attempt("inspect", NEW, **said))) == refused


@pytest.mark.parametrize(("concerned", "refused"), [(["handler1"], None), (["head"], "duty.same_person")])
def test_nobody_decides_about_his_own_withdrawal(concerned: list[str], refused: str | None) -> None:
    attempt = an_attempt("withdraw_officer", NEW, "head", concerned=concerned)

    refusal = decides_about_others(a_case("investigating"), attempt)

    assert code(refusal) == refused
    assert refusal is None or (refusal.facts["actor"], refusal.basis[:5]) == ("head", "行政处罚法")


def test_on_paper_it_is_the_signer_who_must_not_decide_about_himself() -> None:
    attempt = replace(an_attempt("withdraw_officer", NEW, "handler1", concerned=["head"]), signed_by="head")

    assert code(decides_about_others(a_case("investigating"), attempt)) == "duty.same_person"


def test_a_request_to_withdraw_is_refused_once() -> None:
    asked = taken("ask_withdrawal", NEW, concerned=["handler2"])
    answered = taken("refuse_withdrawal", NEW, "head", concerned=["handler2"])
    attempt = an_attempt("refuse_withdrawal", NEW)

    assert code(withdrawal_asked(a_case("investigating"), attempt)) == "withdrawal.none"
    assert withdrawal_asked(a_case("investigating", asked), attempt) is None
    assert code(withdrawal_asked(a_case("investigating", asked, answered), attempt)) == "withdrawal.none"


# --- rectification, leaving -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("given", "refused"), [("2024-03-20", "date.not_later"), ("2024-03-21", None)])
def test_more_time_ends_later_than_before(given: str, refused: str | None) -> None:
    until = replace(
        running("payment", "2024-03-01", due_on=day("2024-03-20")), id="rectification", rule="rectification"
    )
    case = a_case("rectifying", deadlines=(until,))
    attempt = an_attempt("extend_rectification", NEW, rectify_by=given)

    refusal = later_than_running(case, attempt, deadline="rectification", answer="rectify_by")

    assert code(refusal) == refused
    assert refusal is None or refusal.facts["due_on"] == "2024-03-20"


@pytest.mark.parametrize(("into", "refused"), [(" suzhou-2018-0001 ", "case.same"), ("suzhou-2018-0002", None)])
def test_a_case_is_merged_into_another(into: str, refused: str | None) -> None:
    found = another_case(a_case("investigating"), an_attempt("merge", NEW, into=into), answer="into")

    assert code(found) == refused


# --- on the spot ------------------------------------------------------------------------------------------------------

ON_SPOT = [  # day, kind, most in fen: legal-deadlines §5 P17; before, the law of 1996
    ("2021-07-14", "person", 5_000),
    ("2021-07-14", "unit", 100_000),
    ("2021-07-15", "person", 20_000),
    ("2021-07-15", "unit", 300_000),
]


@pytest.mark.parametrize(("on", "kind", "most_fen"), ON_SPOT)
def test_the_most_that_is_fined_on_the_spot_is_that_of_the_day(on: str, kind: str, most_fen: int) -> None:
    case = a_case("lead", facts={"respondent_kind": kind})

    at_most = within_on_spot_limits(case, an_attempt("decide_on_spot", on, fine_fen=most_fen), fine="fine_fen")
    above = within_on_spot_limits(case, an_attempt("decide_on_spot", on, fine_fen=most_fen + 1), fine="fine_fen")

    assert at_most is None
    assert code(above) == "fine.not_on_spot"
    assert above is not None
    assert above.facts["most_fen"] == most_fen


def test_where_nobody_knows_the_kind_the_lower_amount_holds() -> None:
    attempt = an_attempt("decide_on_spot", NEW, fine_fen=20_001)

    assert code(within_on_spot_limits(a_case("lead"), attempt, fine="fine_fen")) == "fine.not_on_spot"


@pytest.mark.parametrize(("told", "refused"), [("yes", None), ("no", "notice.missing")])
def test_a_party_is_told_before_it_is_fined_on_the_spot(told: str, refused: str | None) -> None:
    assert code(rights_told_on_spot(a_case("lead"), an_attempt("decide_on_spot", NEW, rights_told=told))) == refused


def test_a_penalty_on_the_spot_is_one_case_for_one_party() -> None:
    one, other = Party(1, "respondent", "unit", "甲"), Party(2, "respondent", "unit", "乙")
    attempt = an_attempt("decide_on_spot", NEW)

    assert one_party_only(a_case("lead", parties=(one,)), attempt) is None
    assert one_party_only(a_case("lead"), attempt) is None
    assert code(one_party_only(a_case("lead", parties=(one, other)), attempt)) == "parties.several"


@pytest.mark.parametrize(("on", "at_once"), [("2023-12-31", True), ("2024-01-01", False)])
def test_since_2024_reconsideration_comes_before_a_suit(on: str, at_once: bool) -> None:
    assert suit_is_open_at_once(a_case("lead"), an_attempt("decide_on_spot", on)) is at_once


def test_a_warning_on_the_spot_is_not_to_be_paid() -> None:
    assert not fined_on_spot(a_case("lead"), an_attempt("decide_on_spot", NEW, fine_fen=0))
    assert fined_on_spot(a_case("lead"), an_attempt("decide_on_spot", NEW, fine_fen=1))


# --- review -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "situations", "refused"),
    [
        ("2024-02-20", ["public_interest"], "review.required"),
        ("2024-02-20", [], None),
        ("2017-12-31", ["public_interest"], None),
    ],
)
def test_a_case_in_one_of_the_situations_is_reviewed(on: str, situations: list[str], refused: str | None) -> None:
    """行政处罚法（2021） §58."""
    case = a_case("notified", taken("conclude", "2017-12-01", review_situations=situations))

    refusal = reviewed_as_required(case, an_attempt("decide", on))

    assert code(refusal) == refused
    assert refusal is None or refusal.facts["situations"] == situations


# --- decisions in force, setting aside --------------------------------------------------------------------------------

IN_FORCE = [
    ((), None),
    ((DECIDED,), "decide"),
    ((taken("decide_on_spot", NEW, fine_fen=1),), "decide_on_spot"),
    ((NO_PENALTY,), "decide_no_penalty"),
    ((DECIDED, SET_ASIDE), None),
    ((DECIDED, SET_ASIDE, NO_PENALTY), "decide_no_penalty"),
    ((NO_PENALTY, SET_ASIDE, DECIDED), "decide"),
]


@pytest.mark.parametrize(("trail", "step"), IN_FORCE)
def test_the_newest_decision_holds_until_it_is_set_aside(trail: tuple, step: str | None) -> None:  # type: ignore[type-arg]
    case = a_case("served", *trail)
    found = decision_in_force(case.trail)
    attempt = an_attempt("set_aside", NEW)

    assert (found.step if found else None) == step
    assert (penalty_in_force(case) is not None) == (step in {"decide", "decide_on_spot"})
    assert penalty_holds(case, attempt) == (penalty_in_force(case) is not None)
    assert code(decision_holds(case, attempt)) == (None if step else "decision.none")
    assert (penalty_decided(case, an_attempt("publish", NEW)) is None) == penalty_holds(case, attempt)


def test_what_was_published_is_withdrawn_once_when_it_falls() -> None:
    attempt = an_attempt("withdraw_publication", "2024-03-04")
    gone = taken("withdraw_publication", "2024-03-04", withdrawn_on="2024-03-04")

    assert decision_is_public(a_case("served", DECIDED, PUBLISHED), attempt)
    assert not decision_is_public(a_case("served", DECIDED), attempt)
    assert not decision_is_public(a_case("served", DECIDED, PUBLISHED, SET_ASIDE, DECIDED), attempt)
    assert withdrawal_owed(a_case("quashed", DECIDED, PUBLISHED, SET_ASIDE), attempt) is None
    assert code(withdrawal_owed(a_case("served", DECIDED, PUBLISHED), attempt)) == "publication.none"
    assert code(withdrawal_owed(a_case("quashed", DECIDED, PUBLISHED, SET_ASIDE, gone), attempt)) == "publication.none"


# --- closing ----------------------------------------------------------------------------------------------------------

RESULTS = [
    ("transferred_out", "transferred"),
    ("terminated", "terminated"),
    ("merged", "merged"),
    ("quashed", "quashed"),
    ("execution_ended", "execution_ended"),
]


@pytest.mark.parametrize(("state", "result"), RESULTS)
def test_each_end_has_its_result(state: str, result: str) -> None:
    fitting = result_fits(a_case(state), an_attempt("close", NEW, result=result))
    other = result_fits(a_case(state), an_attempt("close", NEW, result="penalty_executed"))

    assert fitting is None
    assert code(other) == "answer.invalid"


def test_what_is_to_be_decided_anew_is_not_closed() -> None:
    not_ordered = taken("set_aside", NEW, "head", redo="no")
    attempt = an_attempt("close", NEW, result="quashed")

    refusal = redo_not_owed(a_case("quashed", DECIDED, SET_ASIDE), attempt)

    assert code(refusal) == "redo.owed"
    assert refusal is not None
    assert refusal.facts["redo_by"] == "2024-05-01"
    assert redo_not_owed(a_case("quashed", DECIDED, not_ordered), attempt) is None
    assert redo_not_owed(a_case("executed", DECIDED, SET_ASIDE, DECIDED), attempt) is None


def test_closing_reminds_of_whoever_complained() -> None:
    attempt = an_attempt("close", NEW)
    told = taken("tell_complainant", NEW)
    silent = complainant_told(a_case("executed", facts={"source": "report"}), attempt)

    assert code(silent) == "complainant.untold"
    assert complainant_told(a_case("executed", told, facts={"source": "report"}), attempt) is None
    assert complainant_told(a_case("executed", facts={"source": "patrol"}), attempt) is None


@pytest.mark.parametrize(
    ("on", "ground", "warned"),
    [
        ("2021-07-14", "minor_corrected", None),
        ("2021-07-15", "minor_corrected", "education.missing"),
        (NEW, "no_fault", "education.missing"),
        (NEW, "not_established", None),
    ],
)
def test_whoever_is_left_unpunished_is_educated(on: str, ground: str, warned: str | None) -> None:
    """行政处罚法（2021） §33."""
    bare = an_attempt("decide_no_penalty", on, ground=ground)
    with_it = an_attempt("decide_no_penalty", on, ground=ground, education="当面教育")

    assert code(education_given(a_case("reviewed"), bare)) == warned
    assert education_given(a_case("reviewed"), with_it) is None


def test_education_may_follow_the_decision() -> None:
    educated = taken("educate", NEW)
    close, educate = an_attempt("close", NEW), an_attempt("educate", NEW)

    assert code(education_given(a_case("served", NO_PENALTY), close)) == "education.missing"
    assert education_given(a_case("served", NO_PENALTY, educated), close) is None
    assert unpunished(a_case("served", NO_PENALTY), educate) is None
    assert code(unpunished(a_case("served", DECIDED), educate)) == "education.not_due"


def test_every_parameter_that_these_guards_use_says_where_it_comes_from() -> None:
    used = ("education", "on_spot", "reconsideration_first", "filing_first")

    versions = [law().parameter_on(name, day(on)) for name in used for on in ("2018-01-01", NEW)]

    assert all(v.basis and v.source and v.confidence for v in versions)
