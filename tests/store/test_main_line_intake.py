"""From a clue to the filing, beside the straight way: urgent acts, records, leads handed down, transfer."""

from __future__ import annotations

import pytest
from builders import Scene, all_tallies

from engine.errors import TransitionRefused

pytest_plugins = ("scenes",)


def sums(scene: Scene) -> dict[str, int]:
    """The figures of the campaign: measure → sum."""
    found: dict[str, int] = {}
    with scene.office.store.reading() as work:
        for tallies in all_tallies(work).values():
            for tally in tallies:
                found[tally["column"]] = found.get(tally["column"], 0) + tally["n"]
    return {column: n for column, n in found.items() if n}


def warned(scene: Scene, case_no: str, step: str, on: str, **said: str) -> list[str]:
    return [w.code for w in scene.take(case_no, step, on, **said).warnings]


# --- complaint --------------------------------------------------------------------------------------------------------


def test_missing_papers_are_asked_for_until_they_are_complete(scene: Scene) -> None:
    no = scene.open("2018-09-03", source="complaint")

    scene.take(no, "request_materials", "2018-09-04")
    scene.take(no, "receive_materials", "2018-09-10")

    assert scene.due(no, "complaint_decision") == "2018-09-25"
    assert scene.refusals(no, "request_materials", "2018-09-11") == ["materials.complete"]


def test_whoever_complained_is_told_why_it_was_refused(scene: Scene) -> None:
    no = scene.open("2018-09-03", source="complaint", materials_complete_on="2018-09-03")
    scene.take(no, "refuse", "2018-09-10")

    silent = warned(scene, no, "close", "2018-09-11", result="not_accepted")
    scene.take(no, "tell_complainant", "2018-09-12")

    assert silent == ["complainant.untold"]
    assert scene.case(no).state == "closed"


def test_a_report_tells_where_it_came_from(scene: Scene) -> None:
    no = scene.open("2018-09-03", source="report", came_from="12390举报平台第7号", received_on="2018-09-01")

    assert scene.case(no).facts["came_from"] == "12390举报平台第7号"
    # The rules on reports set no number of days: nothing runs, but the answer is owed.
    assert scene.case(no).deadlines == {}


@pytest.mark.parametrize("source", ["reverse_referral", "split"])
def test_what_is_referred_back_or_split_off_begins_as_a_lead(scene: Scene, source: str) -> None:
    no = scene.open("2018-09-03", source=source, came_from="某检察意见书")

    assert scene.case(no).state == "lead"


# --- urgent acts, inspection, inquiry ---------------------------------------------------------------------------------


def test_whoever_acted_at_once_files_within_seven_days(scene: Scene) -> None:
    """legal-deadlines F4."""
    no = scene.open("2018-09-03")

    scene.take(no, "act_at_once", "2018-09-04", inspected_on="2018-09-03")

    assert scene.case(no).holders == ("handler1", "handler2")
    assert scene.due(no, "urgent_filing") == "2018-09-10"
    assert warned(scene, no, "file", "2018-09-11") == ["duty.overdue"]
    assert scene.standing(no, "urgent_filing") == "met"


def test_whoever_acted_at_once_may_find_nothing_to_file(scene: Scene) -> None:
    no = scene.open("2018-09-03", source="complaint", materials_complete_on="2018-09-03")
    scene.take(no, "act_at_once", "2018-09-04")

    scene.take(no, "decline_filing", "2018-09-06")

    assert scene.standing(no, "complaint_decision") == "stopped"
    assert scene.standing(no, "urgent_filing") == "stopped"


def test_acting_at_once_takes_two_certified_officers_as_ever(scene: Scene) -> None:
    no = scene.open("2018-09-03")

    assert scene.refusals(no, "act_at_once", "2018-09-04", officers="handler1") == ["officers.two"]
    assert scene.refusals(no, "act_at_once", "2018-09-04", officers="handler1,handler_expired") == [
        "officers.certificate"
    ]


@pytest.mark.parametrize(("step", "asked"), [("inspect", "inspected_on"), ("inquire", "asked_on")])
def test_a_record_is_signed_or_witnessed_and_leaves_the_case_where_it_was(scene: Scene, step: str, asked: str) -> None:
    no = scene.open("2018-09-03")
    scene.take(no, "verify", "2018-09-04")

    assert scene.refusals(no, step, "2018-09-05", signed="refused") == ["witness.missing"]
    scene.take(no, step, "2018-09-05", signed="refused", witness="某乙")

    assert scene.case(no).state == "verifying"
    assert scene.case(no).trail[-1].day(asked) is not None
    # The certificate is held against the day of the act, which may lie before that of its recording.
    expired = {"officers": "handler1,handler_expired"}
    assert scene.refusals(no, step, "2018-09-05", **expired, **{asked: "2018-06-30"}) == []
    assert scene.refusals(no, step, "2018-09-05", **expired, **{asked: "2018-07-01"}) == ["officers.certificate"]


# --- rectification ----------------------------------------------------------------------------------------------------


def test_more_time_to_rectify_begins_a_second_period_and_keeps_the_first(scene: Scene) -> None:
    no = scene.open("2018-09-03")
    scene.take(no, "verify", "2018-09-04")
    scene.take(no, "order_rectification", "2018-09-05", rectify_by="2018-09-20")

    late = {"asked_on": "2018-09-21", "rectify_by": "2018-10-10"}
    assert scene.refusals(no, "extend_rectification", "2018-09-21", **late) == ["right.lapsed"]
    assert scene.refusals(no, "extend_rectification", "2018-09-21", **late, late_ground="系统故障") == []
    assert scene.refusals(no, "extend_rectification", "2018-09-10", rectify_by="2018-09-20") == ["date.not_later"]
    scene.take(no, "extend_rectification", "2018-09-20", rectify_by="2018-10-10")

    assert (scene.standing(no, "rectification"), scene.due(no, "rectification")) == ("stopped", "2018-09-20")
    assert (scene.standing(no, "rectification.2"), scene.due(no, "rectification.2")) == ("running", "2018-10-10")


# --- leaving ----------------------------------------------------------------------------------------------------------


def test_a_lead_handed_down_comes_back_or_ends_with_the_feedback(scene: Scene) -> None:
    kept, given = scene.open("2018-09-03"), scene.open("2018-09-03")
    for no in (kept, given):
        scene.take(no, "hand_down", "2018-09-04", feedback_by="2018-10-15")
    assert scene.due(given, "lead_feedback") == "2018-10-15"

    scene.take(kept, "take_back", "2018-09-05")
    scene.take(given, "record_feedback", "2018-10-20", fed_back_on="2018-10-18")

    assert (scene.case(kept).state, scene.standing(kept, "lead_feedback")) == ("lead", "stopped")
    assert (scene.case(given).state, scene.standing(given, "lead_feedback")) == ("closed", "met")


def test_feedback_is_not_wanted_before_the_lead_was_handed_down(scene: Scene) -> None:
    no = scene.open("2018-09-03")

    assert scene.refusals(no, "hand_down", "2018-09-04", feedback_by="2018-09-03") == ["date.before_previous"]
    scene.take(no, "hand_down", "2018-09-04", feedback_by="2018-10-15")
    assert scene.refusals(no, "record_feedback", "2018-09-10", fed_back_on="2018-09-03") == ["date.before_previous"]


def test_a_case_that_is_transferred_takes_its_filing_out_of_the_figures(scene: Scene) -> None:
    """T05: c1 is reversed if it had been filed here, and counts again when the case comes back."""
    no = scene.open("2018-09-03")
    scene.walk(no, "verify file", "2018-09-05")
    assert sums(scene) == {"filed": 1}

    scene.take(no, "transfer_out", "2018-10-08")
    assert sums(scene) == {}
    scene.take(no, "transfer_back", "2018-11-05")

    assert sums(scene) == {"filed": 1}
    assert scene.case(no).state == "filed"


def test_a_lead_that_is_transferred_had_counted_nothing(scene: Scene) -> None:
    no = scene.open("2018-09-03")

    scene.take(no, "transfer_out", "2018-09-04")
    scene.take(no, "close", "2018-09-20", result="transferred")

    assert sums(scene) == {}
    assert scene.case(no).state == "closed"


def test_the_ninety_days_end_with_the_transfer_and_begin_anew_with_the_return(scene: Scene) -> None:
    no = scene.open("2024-03-01", campaign=None)
    scene.walk(no, "verify file", "2024-03-04")

    scene.take(no, "transfer_out", "2024-03-20")
    assert scene.standing(no, "decision_limit") == "stopped"
    scene.take(no, "transfer_back", "2024-04-10", returned_on="2024-04-09")

    assert scene.due(no, "decision_limit.2") == "2024-07-08"


def test_whoever_verified_a_case_does_not_send_it_away(scene: Scene) -> None:
    no = scene.open("2018-09-03")
    scene.take(no, "verify", "2018-09-04", officers="handler1,handler_head")

    with pytest.raises(TransitionRefused) as caught:
        scene.take(no, "transfer_out", "2018-09-05", by="handler_head")

    assert [r.code for r in caught.value.refusals] == ["duty.same_person"]
