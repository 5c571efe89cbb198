"""What happens by itself: a hold on evidence lapses, service by public notice takes effect, on both databases."""

from __future__ import annotations

import pytest
from builders import TWO, Scene, day

from engine import casework
from engine.deadline_store import cases_with_ends
from engine.errors import TransitionRefused
from engine.orders import OpenCase, TakeStep
from engine.verifying import verify_store
from notifications.by_itself import record_happenings

pytest_plugins = ("scenes",)


def preserved(scene: Scene, on: str, **changes: str) -> str:
    """Goods held on that day, in a case of their own."""
    scene.it_is(on)
    given = {"goods": "光盘200张", "officers": TWO, "approved_on": on, "delivered_on": on, **changes}
    with scene.office.store.writing() as work:
        return casework.open_case(
            scene.office, work, OpenCase("preservation", "handler1", given, on=day(on))
        ).after.case_no


def dispose(scene: Scene, case_no: str, on: str) -> None:
    scene.it_is(on)
    order = TakeStep(case_no, "dispose", "head", {"measure": "appraised"}, on=day(on))
    with scene.office.store.writing() as work:
        casework.take_step(scene.office, work, order)


def told(scene: Scene) -> list[str]:
    heard: list[str] = []
    record_happenings(scene.office, lambda zh, _en: heard.append(zh))
    return heard


def test_a_hold_lapses_after_seven_working_days_over_national_day(scene: Scene) -> None:
    """T1: preserved 2025-09-26, decide by 2025-10-13 (7 wd; counts Sunday 09-28 and Saturday 10-11)."""
    case_no = preserved(scene, "2025-09-26")

    scene.it_is("2025-10-13")
    on_the_last_day = told(scene)
    scene.it_is("2025-10-14")
    heard = told(scene)

    case = scene.case(case_no)
    assert on_the_last_day == []
    assert heard == [f"{case_no}：登记保存自动失效（2025-10-13）"]
    assert (case.state, case.trail[-1].actor, case.trail[-1].on) == ("lapsed", "anjuan", day("2025-10-13"))
    assert case.last_on == day("2025-09-26")
    assert told(scene) == []


def test_before_2021_the_hold_is_seven_days_and_does_not_roll(scene: Scene) -> None:
    """T2: preserved 2018-09-26, 7 calendar days = 2018-10-03; we plan before the holiday."""
    case_no = preserved(scene, "2018-09-26")

    assert scene.due(case_no, "evidence_hold") == "2018-10-03"


def test_a_hold_decided_upon_in_time_does_not_lapse(scene: Scene) -> None:
    case_no = preserved(scene, "2025-09-26")

    dispose(scene, case_no, "2025-10-13")
    scene.it_is("2025-10-20")

    assert (told(scene), scene.case(case_no).state) == ([], "disposed")


def test_a_lapsed_hold_has_lapsed_before_anybody_has_recorded_it(scene: Scene) -> None:
    case_no = preserved(scene, "2025-09-26")

    with pytest.raises(TransitionRefused) as caught:
        dispose(scene, case_no, "2025-10-14")

    assert [r.code for r in caught.value.refusals] == ["state.wrong"]
    assert caught.value.refusals[0].facts["state"] == "lapsed"


def test_a_step_records_first_what_has_happened_by_itself(scene: Scene) -> None:
    case_no = preserved(scene, "2025-09-26")
    scene.it_is("2025-10-20")
    given = {"officers": TWO, "released_on": "2025-10-20", "receipt": "当事人签收"}

    with scene.office.store.writing() as work:
        casework.take_step(scene.office, work, TakeStep(case_no, "release", "handler1", given, on=day("2025-10-20")))

    case = scene.case(case_no)
    assert [(t.step, t.actor) for t in case.trail[1:]] == [("lapse", "anjuan"), ("release", "handler1")]
    assert (case.state, case.version) == ("released", 3)
    with scene.office.store.reading() as work:
        assert verify_store(work).first_bad is None


def test_nobody_takes_or_takes_back_what_happens_by_itself(scene: Scene) -> None:
    case_no = preserved(scene, "2025-09-26")
    order = TakeStep(case_no, "lapse", "head", {}, on=day("2025-09-26"))

    with scene.office.store.reading() as work:
        asked = casework.explain(scene.office, work, order)
    scene.it_is("2025-10-14")
    told(scene)

    assert [r.code for r in asked.verdict.refusals] == ["step.by_itself"]
    assert scene.undo_refusals(case_no, by="lead") == ["undo.by_itself"]


def test_goods_are_held_only_after_the_head_has_approved(scene: Scene) -> None:
    with pytest.raises(TransitionRefused) as caught:
        preserved(scene, "2025-09-26", delivered_on="2025-09-25")

    assert [r.code for r in caught.value.refusals] == ["approval.late"]


def test_an_end_in_a_year_without_holidays_takes_no_effect_until_it_is_firm(scene: Scene) -> None:
    case_no = preserved(scene, "2026-12-28")
    scene.it_is("2027-01-31")

    heard = told(scene)

    assert scene.case(case_no).deadlines["evidence_hold"].provisional
    assert (heard, scene.case(case_no).state) == ([], "held")


def test_service_by_public_notice_takes_effect_on_its_last_day(scene: Scene) -> None:
    """N1: sixty days from 2018-08-10 end on 2018-10-09, be it recorded a week later."""
    case_no = scene.open("2018-07-02", campaign=None)
    scene.walk(case_no, "verify file investigate conclude approve_notice", "2018-08-09")
    scene.take(case_no, "notify", "2018-08-10", served_how="public_notice")

    scene.it_is("2018-10-16")
    heard = told(scene)

    case = scene.case(case_no)
    assert heard == [f"{case_no}：公告期满视为送达（2018-10-09）"]
    assert case.deadlines["public_notice_service"].state == "met"
    assert (case.state, case.last_on) == ("notified", day("2018-08-10"))
    assert scene.refusals(case_no, "state_defence", "2018-08-20", received_on="2018-08-20") == []


def test_a_step_names_everything_it_was_judged_by(scene: Scene) -> None:
    case_no = preserved(scene, "2025-09-26")

    rules = scene.entries(case_no)[0].said()["rules"]

    assert set(rules) == {"definition", "time_limits", "parameters", "holidays", "campaigns"}
    assert rules["parameters"] == scene.office.law.parameters_hash
    assert set(rules["time_limits"]) == {"evidence_hold"}
    assert set(rules["holidays"]) == {"2025"}


def test_cases_with_ends_leaves_out_what_ends_today(scene: Scene) -> None:
    case_no = preserved(scene, "2025-09-26")

    with scene.office.store.reading() as work:
        found = [cases_with_ends(work, day(on)) for on in ("2025-10-13", "2025-10-14")]

    assert found == [[], [case_no]]


def test_the_referral_to_the_police_is_left_out_of_the_ninety_days(scene: Scene) -> None:
    """The original limit goes on where it stood (移送规定§10; an inference, marked so in the data)."""
    case_no = scene.open("2025-03-03", campaign=None)
    scene.walk(case_no, "verify file", "2025-03-10")
    scene.walk(case_no, "investigate propose_referral", "2025-03-12")
    scene.take(case_no, "approve_referral", "2025-03-13")
    scene.take(case_no, "hand_over", "2025-03-13")
    paused = scene.case(case_no).deadlines["decision_limit"]

    scene.take(case_no, "police_refuse", "2025-03-20")
    scene.take(case_no, "return_to_penalty", "2025-03-24")

    resumed = scene.case(case_no).deadlines["decision_limit"]
    assert (paused.state, resumed.state) == ("paused", "running")
    # Ninety days from 2025-03-10 end on 2025-06-08; 03-13 to 03-23 are eleven days: the day of the return counts again.
    assert resumed.due_on == day("2025-06-19")
    scene.undo(case_no, by="lead")
    assert scene.case(case_no).deadlines["decision_limit"].state == "paused"
    with scene.office.store.reading() as work:
        assert verify_store(work).first_bad is None
