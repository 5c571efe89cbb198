"""Guards on who and how: officers, complaint and filing, review, discussion, defences, hearing, closing."""

from __future__ import annotations

import pytest
from builders import a_case, an_attempt, day, law, running, taken

from engine.case_view import Child
from engine.errors import Refusal
from workflows.closing import no_open_children, result_fits
from workflows.decisions import (
    defence_on_record,
    defences_answered,
    discussed_as_required,
    ground_in_force,
    heavier_after_defence,
    penalty_decided,
    reviewed_as_required,
)
from workflows.hearings import (
    absence_after_notice,
    hearing_called,
    hearing_day_free,
    hearing_right,
    hearing_right_given,
    minute_of_day,
    reaches_hearing_threshold,
)
from workflows.intake import (
    complaint_is_complete,
    materials_incomplete,
    public_interest_harmed,
    rectification_done,
    was_filed,
    within_limitation,
)
from workflows.officers import two_officers, valid_certificates


def code(refusal: Refusal | None) -> str | None:
    return refusal.code if refusal else None


# --- officers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("officers", "refused"), [(["handler1"], "officers.two"), (["handler1", "handler2"], None)])
def test_it_takes_two_officers(officers: list[str], refused: str | None) -> None:
    assert code(two_officers(a_case("lead"), an_attempt("verify", "2018-09-04", officers=officers))) == refused


def test_the_article_on_two_officers_is_that_of_the_day() -> None:
    before = two_officers(a_case("lead"), an_attempt("verify", "2021-07-14", officers=["handler1"]))
    since = two_officers(a_case("lead"), an_attempt("verify", "2021-07-15", officers=["handler1"]))

    assert before is not None
    assert since is not None
    assert (before.basis, since.basis) == ("行政处罚法（1996）第三十七条第一款", "行政处罚法（2021）第四十二条")


@pytest.mark.parametrize(("on", "refused"), [("2018-06-30", None), ("2018-07-01", "officers.certificate")])
def test_a_certificate_counts_on_its_last_day(on: str, refused: str | None) -> None:
    found = valid_certificates(a_case("lead"), an_attempt("verify", on, officers=["handler1", "handler_expired"]))

    assert code(found) == refused
    assert found is None or [h.name for h in found.who_can] == ["handler1", "handler2"]


def test_a_certificate_is_held_against_the_day_of_the_act_not_of_its_recording() -> None:
    said = {"officers": ["handler1", "handler_expired"]}
    acted_in_time = an_attempt("notify", "2018-07-03", "handler1", served_on="2018-06-29", **said)
    acted_after = an_attempt("notify", "2018-07-03", "handler1", served_on="2018-07-02", **said)

    assert valid_certificates(a_case("notice_approved"), acted_in_time, answer="served_on") is None
    assert (
        code(valid_certificates(a_case("notice_approved"), acted_after, answer="served_on")) == "officers.certificate"
    )


def test_missing_officers_are_left_to_the_missing_answer() -> None:
    assert two_officers(a_case("lead"), an_attempt("verify", "2018-09-04")) is None
    assert valid_certificates(a_case("lead"), an_attempt("verify", "2018-09-04")) is None


# --- intake -----------------------------------------------------------------------------------------------------------

LIMITATION = [  # end of the act, day of discovery, refused
    ("2019-10-03", "2021-10-03", None),  # M7: a rest day, a bar on the authority does not roll
    ("2019-10-03", "2021-10-04", "limitation.passed"),
    ("2016-02-29", "2018-02-28", None),  # M6
    ("2016-02-29", "2018-03-01", "limitation.passed"),
]


@pytest.mark.parametrize(("ended_on", "learned_on", "refused"), LIMITATION)
def test_limitation_runs_from_the_end_of_the_act_to_its_discovery(
    ended_on: str, learned_on: str, refused: str | None
) -> None:
    case = a_case("verifying", facts={"ended_on": ended_on}, opened_on=learned_on)

    assert code(within_limitation(case, an_attempt("file", learned_on))) == refused


def test_limitation_never_looks_at_the_day_of_the_decision() -> None:
    case = a_case("notified", facts={"ended_on": "2019-10-03"}, opened_on="2021-10-03")

    assert within_limitation(case, an_attempt("decide", "2024-10-03")) is None


def test_an_act_that_goes_on_has_no_limitation_yet() -> None:
    assert within_limitation(a_case("verifying", opened_on="2030-01-01"), an_attempt("file", "2030-01-01")) is None


@pytest.mark.parametrize(("answer", "refused"), [("no", "public_interest.missing"), ("yes", None)])
def test_without_harm_to_the_public_nothing_is_filed(answer: str, refused: str | None) -> None:
    found = public_interest_harmed(a_case("verifying"), an_attempt("file", "2018-09-04", public_interest=answer))

    assert code(found) == refused


def test_the_time_for_accepting_begins_once_and_only_when_the_papers_are_complete() -> None:
    from dataclasses import replace

    complete = replace(
        an_attempt("receive_materials", "2018-09-04", materials_complete_on="2018-09-04"), dest="complaint"
    )
    incomplete = replace(an_attempt("open", "2018-09-04"), dest="complaint")
    a_lead = replace(complete, dest="lead")
    already = a_case("complaint", deadlines=(running("complaint_decision", "2018-09-03"),))

    assert complaint_is_complete(a_case("complaint"), complete)
    assert not complaint_is_complete(a_case("complaint"), incomplete)
    assert not complaint_is_complete(a_case("lead"), a_lead)
    assert not complaint_is_complete(already, complete)


def test_accepting_without_complete_papers_warns() -> None:
    without = materials_incomplete(a_case("complaint"), an_attempt("accept", "2018-09-04", "lead"))
    with_papers = materials_incomplete(
        a_case("complaint", facts={"materials_complete_on": "2018-09-03"}), an_attempt("accept", "2018-09-04", "lead")
    )

    assert code(without) == "materials.incomplete"
    assert with_papers is None


@pytest.mark.parametrize(
    ("result", "refused"), [("done", None), ("partly", "rectification.open"), ("not_done", "rectification.open")]
)
def test_only_a_complete_rectification_closes_a_case(result: str, refused: str | None) -> None:
    case = a_case("rechecked", taken("recheck", "2018-10-10", result=result))

    assert code(rectification_done(case, an_attempt("close_rectified", "2018-10-11", "lead"))) == refused


def test_whether_a_case_was_filed_decides_where_it_reopens() -> None:
    attempt = an_attempt("reopen", "2019-01-02")

    assert was_filed(a_case("closed", taken("file", "2018-09-04", "head")), attempt)
    assert not was_filed(a_case("closed", taken("verify", "2018-09-04", "lead")), attempt)


# --- review and discussion --------------------------------------------------------------------------------------------

CONCLUDED = taken("conclude", "2018-09-20", turnover_fen=1)
HEARD = taken("hold_hearing", "2018-10-20", "hearing_officer")


@pytest.mark.parametrize(
    ("on", "heard", "refused"),
    [
        ("2017-12-31", False, None),
        ("2018-01-01", False, "review.required"),
        ("2021-07-14", False, "review.required"),
        ("2021-07-15", False, None),
        ("2021-07-15", True, "review.required"),
        ("2018-01-01", True, "review.required"),
    ],
)
def test_legal_review_is_required_as_the_law_of_the_day_says(on: str, heard: bool, refused: str | None) -> None:
    """legal-deadlines §1.1: every ordinary decision from 2018, four situations and after a hearing from 2021-07-15."""
    case = a_case("notified", CONCLUDED, *((HEARD,) if heard else ()))

    assert code(reviewed_as_required(case, an_attempt("decide", on))) == refused


def passed(on: str) -> object:
    return taken("review", on, "reviewer", opinion="pass")


@pytest.mark.parametrize(
    ("trail", "refused"),
    [
        ((CONCLUDED, passed("2018-09-21")), None),
        ((CONCLUDED, taken("review", "2018-09-21", "reviewer", opinion="return")), "review.required"),
        ((passed("2018-09-19"), CONCLUDED), "review.required"),
        ((CONCLUDED, passed("2018-09-21"), HEARD), "review.required"),
        ((CONCLUDED, HEARD, passed("2018-10-21")), None),
        ((HEARD, passed("2018-10-21"), CONCLUDED), "review.required"),
    ],
)
def test_a_review_counts_only_after_what_it_reviews(trail: tuple[object, ...], refused: str | None) -> None:
    case = a_case("notified", *trail)  # type: ignore[arg-type]

    assert code(reviewed_as_required(case, an_attempt("decide", "2018-10-30"))) == refused


@pytest.mark.parametrize(
    ("kind", "fine", "refused"),
    [
        ("unit", 9_999_999, None),
        ("unit", 10_000_000, "discussion.required"),
        ("person", 1_999_999, None),
        ("person", 2_000_000, "discussion.required"),
        (None, 2_000_000, "discussion.required"),
    ],
)
def test_a_heavy_penalty_is_discussed(kind: str | None, fine: int, refused: str | None) -> None:
    case = a_case("notified", facts={"respondent_kind": kind} if kind else {})

    found = discussed_as_required(
        case, an_attempt("decide", "2018-10-13", fine_fen=fine), fine="fine_fen", confiscation="confiscated_fen"
    )

    assert code(found) == refused


@pytest.mark.parametrize("last", ["notify", "state_defence", "hold_hearing"])
def test_a_discussion_before_the_last_notice_defence_or_hearing_does_not_count(last: str) -> None:
    talk, event = taken("discuss", "2018-10-09", "head"), taken(last, "2018-10-10")
    attempt = an_attempt("decide", "2018-10-13", fine_fen=10_000_000)
    names = {"fine": "fine_fen", "confiscation": "confiscated_fen"}

    too_early = discussed_as_required(a_case("notified", talk, event), attempt, **names)
    after = discussed_as_required(a_case("notified", event, talk), attempt, **names)

    assert code(too_early) == "discussion.required"
    assert after is None


# --- defences ---------------------------------------------------------------------------------------------------------

STATED = taken("state_defence", "2018-10-01", received_on="2018-09-30")
ANSWERED = taken("answer_defence", "2018-10-02")


@pytest.mark.parametrize(
    ("trail", "refused"),
    [
        ((), None),
        ((STATED,), "defence.unanswered"),
        ((STATED, ANSWERED), None),
        ((ANSWERED, STATED), "defence.unanswered"),
    ],
)
def test_every_defence_is_answered_before_a_decision(trail: tuple[object, ...], refused: str | None) -> None:
    case = a_case("notified", *trail)  # type: ignore[arg-type]

    assert code(defences_answered(case, an_attempt("decide", "2018-10-13"))) == refused


@pytest.mark.parametrize(
    ("trail", "refused"), [((), "defence.none"), ((STATED,), None), ((STATED, ANSWERED), "defence.none")]
)
def test_only_a_defence_that_waits_can_be_answered(trail: tuple[object, ...], refused: str | None) -> None:
    case = a_case("notified", *trail)  # type: ignore[arg-type]

    assert code(defence_on_record(case, an_attempt("answer_defence", "2018-10-02", "handler1"))) == refused


# --- hearing ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "kind", "fine", "confiscation", "right"),
    [
        ("2018-09-25", "person", 1_999_999, 0, False),
        ("2018-09-25", "person", 2_000_000, 0, True),
        ("2018-09-25", "unit", 9_999_999, 0, False),
        ("2018-09-25", "unit", 10_000_000, 0, True),
        ("2018-09-25", "unit", 0, 10_000_000, False),
        ("2021-07-14", "unit", 0, 10_000_000, False),
        ("2021-07-15", "unit", 0, 10_000_000, True),
        ("2021-07-15", "unit", 9_999_999, 9_999_999, False),
    ],
)
def test_the_threshold_of_a_hearing(on: str, kind: str, fine: int, confiscation: int, right: bool) -> None:
    """P8: person from 20,000, unit from 100,000 yuan; confiscation counts since 2021-07-15 (§63)."""
    assert reaches_hearing_threshold(kind, fine, confiscation, law().parameter_on("hearing_right", day(on))) is right


def test_the_right_follows_the_proposal_in_the_notice() -> None:
    def noticed(fine: int) -> bool:
        notice = taken("approve_notice", "2018-09-25", "head", proposed_fine_fen=fine)
        case = a_case("notice_approved", notice, facts={"respondent_kind": "unit"})
        return hearing_right(case, an_attempt("notify", "2018-09-26", "handler1"))

    assert noticed(10_000_000)
    assert not noticed(9_999_999)
    assert not hearing_right(a_case("notice_approved"), an_attempt("notify", "2018-09-26", "handler1"))


def test_a_hearing_is_asked_for_only_where_the_notice_gave_the_right() -> None:
    served = taken("notify", "2018-09-28", served_on="2018-09-28")
    attempt = an_attempt("request_hearing", "2018-09-30", "handler1", requested_on="2018-09-30")
    given = a_case("notified", served, deadlines=(running("hearing_request", "2018-09-28"),))

    assert hearing_right_given(given, attempt) is None
    assert code(hearing_right_given(a_case("notified", served), attempt)) == "right.none"


def test_the_right_of_an_earlier_notice_is_not_that_of_the_latest() -> None:
    case = a_case(
        "notified",
        taken("notify", "2018-09-20", served_on="2018-09-20"),
        taken("notify", "2018-10-15", served_on="2018-10-15"),
        deadlines=(running("hearing_request", "2018-09-20"),),
    )

    found = hearing_right_given(case, an_attempt("request_hearing", "2018-10-16", requested_on="2018-10-16"))

    assert code(found) == "right.none"


@pytest.mark.parametrize(
    ("ground", "then", "refused"),
    [
        ("absent", "", "right.none"),
        ("withdrawn", "", None),
        ("absent", "notify", None),
        ("absent", "notify_again", None),
    ],
)
def test_whoever_stayed_away_has_no_second_hearing_before_a_new_notice(
    ground: str, then: str, refused: str | None
) -> None:
    """行政处罚法 §64(6), also where the second request is dated inside the time for asking."""
    again = (taken(then, "2025-11-10", served_on="2025-11-10"),) if then else ()
    case = a_case(
        "notified",
        taken("notify", "2025-11-10", served_on="2025-11-10"),
        taken("end_hearing", "2025-12-01", "hearing_officer", ground=ground),
        *again,
        deadlines=(running("hearing_request", "2025-11-10"),),
    )

    found = hearing_right_given(case, an_attempt("request_hearing", "2025-12-02", requested_on="2025-11-17"))

    assert code(found) == refused


@pytest.mark.parametrize(("hearing_on", "refused"), [("2025-11-26", "wait.running"), ("2025-11-27", None)])
def test_seven_full_working_days_lie_before_the_hearing(hearing_on: str, refused: str | None) -> None:
    """T1: served 2025-11-17, seven full working days end 11-26, hearing from 11-27."""
    attempt = an_attempt(
        "call_hearing", "2025-11-17", "hearing_officer", hearing_on=hearing_on, notice_served_on="2025-11-17"
    )

    found = hearing_day_free(
        a_case("hearing"), attempt, answer="hearing_on", served="notice_served_on", rule="hearing_notice"
    )

    assert code(found) == refused
    assert found is None or found.earliest_on == day("2025-11-27")


@pytest.mark.parametrize(
    ("at", "refused"),
    [
        (None, None),
        ("2025-11-27T09:30+08:00", None),
        ("2025-11-27T23:59+08:00", None),
        ("2025-11-26T09:30+08:00", "date.differs"),
        ("2025-11-28T00:00+08:00", "date.differs"),
    ],
)
def test_the_hour_of_a_hearing_lies_on_its_day(at: str | None, refused: str | None) -> None:
    attempt = an_attempt("call_hearing", "2025-11-17", "hearing_officer", hearing_on="2025-11-27", hearing_at=at)

    found = minute_of_day(a_case("hearing"), attempt, answer="hearing_at", day="hearing_on")

    assert code(found) == refused
    assert found is None or "hearing_at=2025-11-27T09:30" in str(found.remedy)


def test_a_hearing_is_held_only_after_it_was_called_for_this_request() -> None:
    asked, called = taken("request_hearing", "2018-10-01"), taken("call_hearing", "2018-10-02", "hearing_officer")
    attempt = an_attempt("hold_hearing", "2018-10-20", "hearing_officer")

    assert hearing_called(a_case("hearing", asked, called), attempt) is None
    assert code(hearing_called(a_case("hearing", asked), attempt)) == "hearing.not_called"
    assert code(hearing_called(a_case("hearing", called, asked), attempt)) == "hearing.not_called"


@pytest.mark.parametrize(
    ("ground", "on", "called", "refused"),
    [
        ("withdrawn", "2018-10-03", False, None),
        ("absent", "2018-10-03", False, "wait.running"),
        ("absent", "2018-10-18", True, "wait.running"),
        ("absent", "2018-10-19", True, None),
    ],
)
def test_nobody_is_absent_before_the_day_of_the_hearing(
    ground: str, on: str, called: bool, refused: str | None
) -> None:
    call = taken("call_hearing", "2018-10-02", "hearing_officer", hearing_on="2018-10-19")
    case = a_case("hearing", *((call,) if called else ()))

    found = absence_after_notice(
        case, an_attempt("end_hearing", on, "hearing_officer", ground=ground), deadline="hearing_notice"
    )

    assert code(found) == refused


# --- decision without penalty, publication, closing -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ground", "on", "refused"),
    [
        ("first_minor", "2021-07-14", "ground.not_in_force"),
        ("first_minor", "2021-07-15", None),
        ("minor_corrected", "2018-10-13", None),
    ],
)
def test_a_first_offence_is_left_unpunished_only_since_the_law_says_so(
    ground: str, on: str, refused: str | None
) -> None:
    found = ground_in_force(a_case("concluded"), an_attempt("decide_no_penalty", on, ground=ground))

    assert code(found) == refused


def test_only_a_penalty_is_published() -> None:
    attempt = an_attempt("publish", "2018-10-20", published_on="2018-10-20")

    assert penalty_decided(a_case("served", taken("decide", "2018-10-13", "head")), attempt) is None
    assert code(penalty_decided(a_case("closed"), attempt)) == "penalty.none"


RESULTS = [  # state, decision, result, outcome, refused
    ("executed", "decide", "penalty_executed", None, None),
    ("executed", "decide", "no_penalty", None, "answer.invalid"),
    ("police_filed", None, "referred", "pending", None),
    ("police_filed", None, "referred", None, "answer.missing"),
    ("police_filed", None, "penalty_executed", "pending", "answer.invalid"),
    ("not_accepted", None, "not_accepted", None, None),
    ("not_filed", None, "not_filed", None, None),
    ("not_filed", None, "penalty_executed", None, "answer.invalid"),
    ("served", "decide_no_penalty", "no_penalty", None, None),
    ("served", "decide_no_penalty", "penalty_executed", None, "answer.invalid"),
    ("served", "decide", "penalty_executed", None, None),
]


@pytest.mark.parametrize(("state", "decision", "result", "outcome", "refused"), RESULTS)
def test_the_result_says_what_happened(
    state: str, decision: str | None, result: str, outcome: str | None, refused: str | None
) -> None:
    case = a_case(state, *((taken(decision, "2018-10-13", "head", ground="no_fault"),) if decision else ()))
    said = {"result": result, **({"outcome": outcome} if outcome else {})}

    assert code(result_fits(case, an_attempt("close", "2018-12-01", **said))) == refused


def test_unestablished_facts_are_their_own_result() -> None:
    case = a_case("served", taken("decide_no_penalty", "2018-10-13", "head", ground="not_established"))

    assert result_fits(case, an_attempt("close", "2018-12-01", result="not_established")) is None
    assert code(result_fits(case, an_attempt("close", "2018-12-01", result="no_penalty"))) == "answer.invalid"


@pytest.mark.parametrize(("ended", "refused"), [(False, "children.open"), (True, None)])
def test_a_case_waits_for_what_belongs_to_it(ended: bool, refused: str | None) -> None:
    case = a_case("executed", children=(Child("suzhou-2018-0002", "case", "verifying", ended),))

    assert code(no_open_children(case, an_attempt("close", "2018-12-01"))) == refused


@pytest.mark.parametrize(
    ("trail", "fine", "warned"),
    [
        (["approve_notice", "state_defence"], 6_000_000, True),
        (["approve_notice", "hold_hearing"], 6_000_000, True),
        (["approve_notice", "state_defence"], 5_000_000, False),
        (["approve_notice"], 6_000_000, False),
        (["approve_notice", "state_defence", "conclude"], 6_000_000, False),  # new facts
        (["state_defence", "approve_notice"], 6_000_000, False),  # what was said of an earlier notice
    ],
)
def test_a_heavier_notice_after_a_defence_warns_unless_there_is_something_new(
    trail: list[str], fine: int, warned: bool
) -> None:
    answers = {"approve_notice": {"proposed_fine_fen": 5_000_000}}
    case = a_case("notified", *(taken(step, "2025-01-08", **answers.get(step, {})) for step in trail))
    attempt = an_attempt("approve_notice", "2025-01-20", proposed_fine_fen=fine)

    found = heavier_after_defence(case, attempt, fine="proposed_fine_fen", confiscation="proposed_confiscation_fen")

    assert (found is not None and found.code == "notice.heavier") == warned
