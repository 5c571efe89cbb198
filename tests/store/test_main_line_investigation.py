"""From the filing to the decision, beside the straight way: waits, early ends, officers who withdraw, on the spot."""

from __future__ import annotations

import pytest
from builders import Scene, all_tallies

from engine.errors import TransitionRefused

pytest_plugins = ("scenes",)
TO_INVESTIGATING = "verify file investigate"


def investigating(scene: Scene, on: str = "2024-03-04", **opened: str) -> str:
    no = scene.open(on, campaign=None, **opened)
    scene.walk(no, TO_INVESTIGATING, on)
    return no


# --- suspended, terminated --------------------------------------------------------------------------------------------


def test_a_copyright_bureau_has_no_ground_to_stop_the_ninety_days(scene: Scene) -> None:
    """legal-deadlines §2: none was found; the case waits, the limit runs."""
    no = investigating(scene)

    scene.take(no, "suspend", "2024-03-10")

    assert scene.case(no).state == "suspended"
    assert scene.standing(no, "decision_limit") == "running"
    assert scene.due(no, "decision_limit") == "2024-06-02"


def test_market_regulation_leaves_the_days_of_a_suspension_out(scene: Scene) -> None:
    scene.as_market_regulation()
    no = investigating(scene)

    scene.take(no, "suspend", "2024-03-10")
    assert scene.standing(no, "decision_limit") == "paused"
    scene.take(no, "resume", "2024-03-19")

    assert scene.case(no).state == "investigating"
    # From the 10th to the 18th, nine days, are not counted: that of the resumption counts again.
    assert scene.due(no, "decision_limit") == "2024-06-11"


def test_a_suspended_case_goes_back_to_where_it_stood(scene: Scene) -> None:
    no = investigating(scene)
    scene.take(no, "conclude", "2024-03-10")

    scene.take(no, "suspend", "2024-03-11", by="head")
    assert scene.refusals(no, "review", "2024-03-12") == ["state.wrong"]
    scene.take(no, "resume", "2024-03-12")

    assert scene.case(no).state == "concluded"


def test_a_case_without_a_party_is_terminated_and_keeps_its_filing(scene: Scene) -> None:
    no = scene.open("2018-09-03")
    scene.walk(no, TO_INVESTIGATING, "2018-09-05")
    scene.take(no, "suspend", "2018-09-10")

    scene.take(no, "terminate", "2018-09-20", ground="dissolved")
    assert scene.refusals(no, "close", "2018-09-21", result="penalty_executed") == ["answer.invalid"]
    scene.take(no, "close", "2018-09-21", result="terminated")

    with scene.office.store.reading() as work:
        counted = [t["column"] for tallies in all_tallies(work).values() for t in tallies]
    assert counted == ["filed"]
    assert scene.case(no).state == "closed"


def test_termination_ends_what_was_running(scene: Scene) -> None:
    no = investigating(scene)
    scene.walk(no, "conclude review approve_notice notify", "2024-03-10")

    scene.take(no, "terminate", "2024-03-12", ground="death")

    case = scene.case(no)
    assert case.state == "terminated"
    assert {d.rule for d in case.deadlines.values() if d.is_open} == set()


# --- merged, split ----------------------------------------------------------------------------------------------------


def test_a_case_is_merged_into_another_and_closed(scene: Scene) -> None:
    no, other = investigating(scene), investigating(scene)

    assert scene.refusals(no, "merge", "2024-03-10", into=no) == ["case.same"]
    scene.take(no, "merge", "2024-03-10", into=other)
    scene.take(no, "close", "2024-03-11", result="merged")

    assert scene.standing(no, "decision_limit") == "stopped"
    assert scene.case(no).facts["into"] == other
    assert scene.case(other).state == "investigating"


def test_what_is_split_off_is_on_record_on_both_sides(scene: Scene) -> None:
    no = investigating(scene)
    new = scene.open("2024-03-10", campaign=None, source="split", came_from=no)

    scene.take(no, "split", "2024-03-10", new_case=new)

    assert (scene.case(no).state, scene.case(no).facts["new_case"]) == ("investigating", new)
    assert scene.case(new).facts["came_from"] == no
    assert scene.refusals(no, "split", "2024-03-11", new_case=no) == ["case.same"]


# --- officers withdraw ------------------------------------------------------------------------------------------------


def test_an_officer_who_had_to_withdraw_acts_no_more_in_the_case(scene: Scene) -> None:
    no = investigating(scene)
    scene.take(no, "ask_withdrawal", "2024-03-10", concerned="handler2")
    assert scene.refusals(no, "inspect", "2024-03-10") == []  # the investigation goes on meanwhile

    scene.take(no, "withdraw_officer", "2024-03-11", concerned="handler2")

    assert scene.case(no).state == "investigating"
    assert scene.refusals(no, "inspect", "2024-03-12") == ["duty.withdrawn"]
    assert scene.refusals(no, "conclude", "2024-03-12", officers="handler1,handler_head") == []
    assert "duty.withdrawn" in scene.refusals(no, "state_defence", "2024-03-12", by="handler2")


def test_a_refused_request_leaves_the_officer_where_he_is(scene: Scene) -> None:
    no = investigating(scene)

    assert scene.refusals(no, "refuse_withdrawal", "2024-03-10") == ["withdrawal.none"]
    scene.take(no, "ask_withdrawal", "2024-03-10", concerned="handler2")
    scene.take(no, "refuse_withdrawal", "2024-03-11", concerned="handler2")

    assert scene.refusals(no, "conclude", "2024-03-12") == []


def test_the_head_does_not_decide_about_himself(scene: Scene) -> None:
    no = investigating(scene)
    scene.take(no, "ask_withdrawal", "2024-03-10", concerned="head")

    assert scene.refusals(no, "withdraw_officer", "2024-03-11", concerned="head") == ["duty.same_person"]


# --- review, decision -------------------------------------------------------------------------------------------------


def test_a_case_that_its_report_calls_complex_is_reviewed(scene: Scene) -> None:
    """行政处罚法（2021） §58: without one of the situations and without a hearing no review is due."""
    plain, complex_ = investigating(scene), investigating(scene)
    for no, said in ((plain, {}), (complex_, {"review_situations": "complex,third_parties"})):
        scene.take(no, "conclude", "2024-03-10", **said)
        scene.take(no, "approve_notice", "2024-03-11", proposed_fine_fen="1000000")
        scene.take(no, "notify", "2024-03-11")

    assert scene.refusals(plain, "decide", "2024-04-10", fine_fen="1000000") == []
    assert scene.refusals(complex_, "decide", "2024-04-10", fine_fen="1000000") == ["review.required"]
    scene.take(complex_, "review", "2024-03-20")
    assert scene.refusals(complex_, "decide", "2024-04-10", fine_fen="1000000") == []


def test_education_is_said_with_the_decision_or_follows_it(scene: Scene) -> None:
    no = investigating(scene)
    scene.walk(no, "conclude review", "2024-03-10")

    move = scene.take(no, "decide_no_penalty", "2024-03-12", ground="first_minor")
    assert [w.code for w in move.warnings] == ["education.missing"]
    scene.take(no, "serve", "2024-03-13")
    scene.take(no, "educate", "2024-03-14")

    assert scene.take(no, "close", "2024-03-15", result="no_penalty").warnings == ()


def test_nobody_is_educated_who_was_punished(scene: Scene) -> None:
    no = scene.open("2024-03-04", campaign=None, respondent_kind="unit")
    scene.take(no, "decide_on_spot", "2024-03-04")

    assert scene.refusals(no, "educate", "2024-03-05") == ["education.not_due"]


# --- on the spot ------------------------------------------------------------------------------------------------------


def test_a_penalty_on_the_spot_counts_and_is_to_be_paid(scene: Scene) -> None:
    """T52: c1, c2, c3; handed over at once, so that everything runs from that day."""
    no = scene.open("2018-09-03")

    scene.take(no, "decide_on_spot", "2018-09-03", fine_fen="100000")

    case = scene.case(no)
    assert case.state == "served"
    assert {d.rule for d in case.deadlines.values()} == {
        *("payment", "reconsideration", "suit", "publication"),
        "court_enforcement",
    }
    assert scene.due(no, "payment") == "2018-09-18"
    with scene.office.store.reading() as work:
        counted = {t["column"]: t["n"] for tallies in all_tallies(work).values() for t in tallies}
    assert counted == {"filed": 1, "penalties": 1, "fines_fen": 100_000}

    scene.take(no, "pay", "2018-09-10", paid_fen="100000")
    scene.take(no, "close", "2018-09-11")
    assert scene.case(no).state == "closed"


def test_a_late_payment_of_a_fine_on_the_spot_carries_a_late_fee(scene: Scene) -> None:
    no = scene.open("2018-09-03")
    scene.take(no, "decide_on_spot", "2018-09-03", fine_fen="100000")

    scene.take(no, "pay", "2018-09-20", paid_fen="100000")

    assert scene.case(no).state == "served"  # two days late: 3 % of 1,000 yuan each
    assert scene.refusals(no, "complete", "2018-09-20") == ["execution.open"]
    scene.take(no, "pay", "2018-09-21", **{"for": "late_fee", "paid_fen": "6000"})
    assert scene.case(no).state == "executed"


def test_since_2024_no_suit_runs_from_a_penalty_on_the_spot(scene: Scene) -> None:
    no = scene.open("2024-03-04", campaign=None)
    scene.take(no, "decide_on_spot", "2024-03-04")

    assert "suit" not in scene.case(no).deadlines
    assert "reconsideration" in scene.case(no).deadlines


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ({"fine_fen": "300001"}, ["fine.not_on_spot"]),
        ({"public_interest": "no"}, ["public_interest.missing"]),
        ({"rights_told": "no"}, ["notice.missing"]),
        ({"officers": "handler1"}, ["officers.two"]),
        ({"measures": "fine,confiscate_gains"}, ["answer.invalid"]),
    ],
)
def test_what_is_not_lawful_on_the_spot_is_refused(scene: Scene, said: dict[str, str], codes: list[str]) -> None:
    no = scene.open("2024-03-04", campaign=None)

    with pytest.raises(TransitionRefused) as caught:
        scene.take(no, "decide_on_spot", "2024-03-04", **said)

    assert [r.code for r in caught.value.refusals] == codes
    assert scene.case(no).state == "lead"
