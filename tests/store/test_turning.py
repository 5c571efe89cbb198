"""Deadlines of real cases are paused, resumed, extended, begun anew and all of that taken back, on both databases."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
import sqlalchemy as sa
from builders import Scene, day

from engine.agenda import due_rungs
from engine.casework import record_refusal
from engine.clock import end_of_day
from engine.deadline_orders import TurnDeadline, TurnKind
from engine.deadlines import Deadline, derived
from engine.defects import Defect, defects_of
from engine.errors import Forbidden, InputWrong, NotFound, TransitionRefused
from engine.proof_values import Proof
from engine.proofs import prove
from engine.snapshot import snapshot
from engine.turning import Turned, deadline_of, turn_deadline
from engine.undoing import Undone
from engine.verifying import verify_store

pytest_plugins = ("scenes",)

# For what no database can change.
ON_SQLITE = pytest.mark.parametrize("scene", ["sqlite"], indirect=True)


def turn(
    scene: Scene,
    kind: TurnKind,
    no: str,
    deadline: str,
    on: str,
    *,
    by: str = "handler1",
    ground: str = "",
    number: int = 0,
    reason: str = "见附件",
) -> Turned:
    if scene.clock.now() < end_of_day(day(on)):
        scene.it_is(on)
    order = TurnDeadline(kind, no, deadline, by, reason, ground, day(on), number)
    with scene.office.store.writing() as work:
        return turn_deadline(scene.office, work, order)


def whole(scene: Scene) -> bool:
    with snapshot(scene.office.store) as work:
        verified = verify_store(work)
    assert verified.first_bad is None, verified.first_bad
    return verified.ok


def deadline(scene: Scene, no: str, id: str) -> Deadline:
    return scene.case(no).deadlines[id]


def proof_of(scene: Scene, no: str, id: str) -> Proof:
    with scene.office.store.reading() as work:
        case = scene.case(no)
        return prove(scene.office, work, case, deadline_of(case, id))


def defects(scene: Scene, no: str) -> tuple[Defect, ...]:
    return defects_of(scene.case(no).deadlines.values(), scene.entries(no), scene.clock.now())


def filed(scene: Scene) -> str:
    """Filed on Saturday 20 September 2025: the ninety days end on 19 December (10 + 31 + 30 + 19)."""
    no = scene.open("2025-09-19", campaign=None)
    scene.walk(no, "verify file", "2025-09-20")
    return no


def filed_at_market(scene: Scene) -> str:
    """Filed on that day by market regulation, whose rules name grounds on which the ninety days are paused."""
    scene.as_market_regulation()
    return filed(scene)


def pause_for_appraisal(scene: Scene, no: str, on: str, *, reason: str = "见附件") -> Turned:
    return turn(scene, "pause", no, "decision_limit", on, by="lead", ground="appraisal", reason=reason)


def resume(scene: Scene, no: str, on: str, *, reason: str = "见附件") -> Turned:
    return turn(scene, "resume", no, "decision_limit", on, by="lead", reason=reason)


def served(scene: Scene) -> str:
    """The decision reached the party on Monday 8 September 2025: to be paid by the 23rd."""
    no = scene.open("2025-09-01", campaign=None)
    scene.walk(no, "verify file investigate", "2025-09-01")
    scene.take(no, "conclude", "2025-09-02")
    scene.walk(no, "review approve_notice", "2025-09-02")
    scene.take(no, "notify", "2025-09-03")
    scene.take(no, "waive_rights", "2025-09-04")
    scene.take(no, "decide", "2025-09-05")
    scene.take(no, "serve", "2025-09-08")
    return no


def test_paused_days_are_left_out_and_the_record_says_why(scene: Scene) -> None:
    no = filed_at_market(scene)
    assert scene.due(no, "decision_limit") == "2025-12-19"

    pause_for_appraisal(scene, no, "2025-10-11", reason="已送鉴定")
    standing = scene.standing(no, "decision_limit")
    done = resume(scene, no, "2025-11-03", reason="")

    # 11 October to 2 November, 23 days: 19 December + 23 is 11 January.
    assert (standing, scene.standing(no, "decision_limit")) == ("paused", "running")
    assert scene.due(no, "decision_limit") == "2026-01-11"
    assert done.before.due_on == date(2025, 12, 20)  # the earliest that it could have been: one day left out
    told = [(e.kind, e.actor, e.happened_on, e.said()["reason"]) for e in scene.entries(no)][-2:]
    assert told == [
        ("pause", "lead", "2025-10-11", "已送鉴定"),
        ("resume", "lead", "2025-11-03", ""),
    ]
    (pause,) = deadline(scene, no, "decision_limit").course.pauses
    assert (pause.from_on, pause.to_on, pause.basis.ground) == (date(2025, 10, 11), date(2025, 11, 2), "appraisal")
    assert whole(scene)


def test_an_act_moves_neither_state_nor_version(scene: Scene) -> None:
    no = filed_at_market(scene)
    before = scene.case(no)

    pause_for_appraisal(scene, no, "2025-10-11")

    after = scene.case(no)
    assert (after.state, after.version, after.trail) == (before.state, before.version, before.trail)


def test_an_extension_in_the_unit_of_the_limit_is_added_to_it_as_one_whole(scene: Scene) -> None:
    no = served(scene)
    assert scene.due(no, "payment") == "2025-09-23"

    turn(scene, "extend", no, "payment", "2025-09-22", by="head", number=30)

    # 8 September + 45 days (22 to the end of the month, 23 in October): a Thursday.
    assert scene.due(no, "payment") == "2025-10-23"
    assert whole(scene)


def test_what_is_recorded_late_stands_under_the_day_on_which_it_happened(scene: Scene) -> None:
    no = served(scene)
    scene.it_is("2025-10-20")

    done = turn(scene, "extend", no, "payment", "2025-09-22", by="head", number=30)

    assert (done.entry.happened_on, done.entry.recorded_at[:10]) == ("2025-09-22", "2025-10-20")
    assert whole(scene)


def test_a_limit_begun_anew_ends_no_later_than_its_ground_says(scene: Scene) -> None:
    no = served(scene)
    assert scene.due(no, "reconsideration") == "2025-11-07"

    turn(scene, "restart", no, "reconsideration", "2026-03-02")
    first = scene.due(no, "reconsideration")
    turn(scene, "restart", no, "reconsideration", "2026-08-20")

    assert first == "2026-05-06"  # 2 March + 60 days is Friday 1 May; the holiday runs to the 5th
    assert scene.due(no, "reconsideration") == "2026-09-08"  # one year from 8 September 2025, before 19 October
    assert whole(scene)


def test_a_pause_resumed_on_its_own_day_leaves_no_trace_but_in_the_record(scene: Scene) -> None:
    no = filed_at_market(scene)
    pause_for_appraisal(scene, no, "2025-10-11")

    resume(scene, no, "2025-10-11")

    assert deadline(scene, no, "decision_limit").course.pauses == ()
    assert scene.due(no, "decision_limit") == "2025-12-19"
    assert [e.kind for e in scene.entries(no)][-2:] == ["pause", "resume"]
    assert whole(scene)


def test_a_refused_act_changes_nothing_and_is_on_record(scene: Scene) -> None:
    no = filed(scene)
    before = deadline(scene, no, "decision_limit")

    with pytest.raises(TransitionRefused) as caught:
        turn(scene, "extend", no, "decision_limit", "2025-10-11", by="head", number=30)
    with scene.office.store.writing() as work:
        record_refusal(scene.office, work, caught.value, "head")

    assert [r.code for r in caught.value.refusals] == ["ground.none"]
    assert deadline(scene, no, "decision_limit") == before
    last = scene.entries(no)[-1]
    assert (last.kind, last.step, last.said()["effects"]["refused"]) == ("refusal", "extend", ["ground.none"])
    assert whole(scene)


@pytest.mark.parametrize("ground", ["", "criminal_referral", "appraisal"])
def test_nobody_in_a_copyright_bureau_pauses_the_ninety_days_on_his_own_word(scene: Scene, ground: str) -> None:
    """P11: the law lists no exclusion; the time with the police is left out by the steps alone."""
    no = filed(scene)
    before = deadline(scene, no, "decision_limit")

    with pytest.raises(TransitionRefused) as caught:
        turn(scene, "pause", no, "decision_limit", "2025-10-11", by="head", ground=ground)

    (refusal,) = caught.value.refusals
    assert (refusal.code, refusal.facts["grounds"]) == ("ground.none", [])
    assert refusal.remedy is not None
    assert refusal.remedy.command == "anjuan rule show decision_limit"
    assert deadline(scene, no, "decision_limit") == before


@ON_SQLITE
def test_nor_does_market_regulation_leave_out_the_time_with_the_police(scene: Scene) -> None:
    no = filed_at_market(scene)

    with pytest.raises(TransitionRefused) as caught:
        turn(scene, "pause", no, "decision_limit", "2025-10-11", by="head", ground="criminal_referral")

    (refusal,) = caught.value.refusals
    assert refusal.code == "ground.unknown"
    assert "appraisal" in refusal.facts["grounds"]
    assert "criminal_referral" not in refusal.facts["grounds"]


@ON_SQLITE
def test_wrong_orders_say_what_is_wrong(scene: Scene) -> None:
    no = served(scene)

    for number in (0, -3):
        with pytest.raises(InputWrong) as caught:
            turn(scene, "extend", no, "payment", "2025-09-22", by="head", number=number)
        assert caught.value.code == "extension.not_positive"
    with pytest.raises(InputWrong) as far:
        turn(scene, "extend", no, "payment", "2025-09-22", by="head", number=10**6)
    assert far.value.code == "period.out_of_range"
    with pytest.raises(NotFound) as unknown:
        turn(scene, "pause", no, "paymnt", "2025-09-22")
    assert unknown.value.code == "deadline.unknown"
    with pytest.raises(Forbidden):
        turn(scene, "pause", no, "payment", "2025-09-22", by="county_lead")


# --- taking back ------------------------------------------------------------------------------------------------------


def undo(scene: Scene, no: str, by: str = "handler1") -> Undone:
    return scene.undo(no, by=by)


def test_an_extension_granted_by_mistake_is_taken_back(scene: Scene) -> None:
    no = served(scene)
    before = deadline(scene, no, "payment")
    turn(scene, "extend", no, "payment", "2025-09-22", by="head", number=30)

    done = undo(scene, no, by="head")

    assert (done.kind, done.step) == ("extend", None)
    assert deadline(scene, no, "payment") == before
    assert (scene.case(no).state, scene.case(no).version) == (done.before.state, done.before.version)
    assert [e.kind for e in scene.entries(no)][-2:] == ["extend", "undo"]
    assert whole(scene)


def test_somebody_elses_act_is_taken_back_by_the_lead_alone(scene: Scene) -> None:
    no = served(scene)
    turn(scene, "extend", no, "payment", "2025-09-22", by="head", number=30)

    assert scene.undo_refusals(no, by="handler1") == ["undo.not_own"]
    assert scene.undo_refusals(no, by="lead") == []
    scene.it_is("2025-09-23")
    assert scene.undo_refusals(no, by="head") == ["undo.too_late"]


def test_what_was_done_last_is_taken_back_first(scene: Scene) -> None:
    no = filed_at_market(scene)
    before = deadline(scene, no, "decision_limit")
    pause_for_appraisal(scene, no, "2025-09-22")
    scene.take(no, "investigate", "2025-09-23")
    resume(scene, no, "2025-09-25")

    undone = [undo(scene, no, by="lead").kind for _ in range(4)]

    assert undone == ["resume", "step", "pause", "step"]
    assert "decision_limit" not in scene.case(no).deadlines  # the filing that started it is the fourth
    assert before.due_on == date(2025, 12, 19)
    assert whole(scene)


def test_reminders_follow_the_date_there_and_back(scene: Scene) -> None:
    no = served(scene)

    def planned() -> set[date]:
        with scene.office.store.reading() as work:
            rungs = due_rungs(work, date(2026, 12, 31))
        return {r.due_on for r in rungs if r.subject == "payment" and r.book == f"case:{no}"}

    first = planned()
    turn(scene, "extend", no, "payment", "2025-09-12", by="head", number=30)
    longer = planned()
    undo(scene, no, by="head")

    assert first == {date(2025, 9, 23)}
    assert longer == {date(2025, 9, 23), date(2025, 10, 23)}  # the old ones are not true any more, and not sent
    assert date(2025, 9, 23) in planned()


SEQUENCES = list(product(("pause", "resume", "extend"), repeat=3))


@ON_SQLITE
@pytest.mark.parametrize("kinds", SEQUENCES, ids=["-".join(kinds) for kinds in SEQUENCES])
def test_taking_back_everything_brings_back_the_beginning(scene: Scene, kinds: tuple[TurnKind, ...]) -> None:
    no = served(scene)
    first = dict(scene.case(no).deadlines)
    done = 0
    for number, kind in enumerate(kinds):
        on = f"2025-09-{10 + 2 * number}"
        target = "payment" if kind == "extend" else "reconsideration"
        by = "head" if kind == "extend" else "handler1"
        try:
            turn(scene, kind, no, target, on, by=by, number=5 if kind == "extend" else 0)
            done += 1
        except TransitionRefused:
            continue
        moved = scene.case(no).deadlines
        assert [derived(d, scene.office.law.calendar) for d in moved.values()] == list(moved.values())

    for _ in range(done):
        undo(scene, no, by="lead")

    assert dict(scene.case(no).deadlines) == first
    assert whole(scene)


# --- proofs -----------------------------------------------------------------------------------------------------------


def test_a_proof_lists_every_day_and_what_it_rests_on(scene: Scene) -> None:
    no = filed_at_market(scene)
    pause_for_appraisal(scene, no, "2025-10-11")
    resume(scene, no, "2025-11-03")

    proof = proof_of(scene, no, "decision_limit")

    said = proof.document()
    days = said["days"]
    assert (days[0]["on"], days[-1]["on"], days[-1]["number"]) == ("2025-09-20", "2026-01-11", 90)
    assert [d["on"] for d in days if d["kind"] == "paused"] == [
        *(f"2025-10-{n}" for n in range(11, 32)),
        "2025-11-01",
        "2025-11-02",
    ]
    assert (said["due_on"], said["agrees"], said["budget"]) == (
        "2026-01-11",
        True,
        {"length": "+90cd", "number": 90, "unit": "cd"},
    )
    # Counted to the evening of 3 November: 20 days before the pause, and this one.
    assert (said["granted"], said["consumed"], said["remaining"]) == (0, 21, 69)
    entries = scene.entries(no)
    assert [(e["seq"], e["act"], e["hash"]) for e in said["entries"]] == [
        (3, "start", entries[2].hash),
        (4, "course", entries[3].hash),
        (5, "course", entries[4].hash),
    ]
    assert said["rule_hash"] == deadline(scene, no, "decision_limit").terms.rule_hash
    assert said["source"] == "行政处罚法2021年修订全文"
    assert (said["unconfirmed"], said["unsure"]) == (True, "M+")  # the ground of the pause is from memory


def test_while_it_is_paused_the_proof_says_what_is_certain(scene: Scene) -> None:
    no = filed_at_market(scene)
    pause_for_appraisal(scene, no, "2025-10-11")
    scene.it_is("2025-11-03")

    said = proof_of(scene, no, "decision_limit").document()

    # Twenty days are used up, seventy are left. If it ran again today: 3 November + 69.
    assert (said["state"], said["consumed"], said["remaining"]) == ("paused", 20, 70)
    assert said["earliest_on"] == "2026-01-11"
    assert (said["days"][-1]["on"], said["days"][-1]["counted"]) == ("2025-11-03", False)


def test_a_day_set_by_an_order_is_proved_by_the_order(scene: Scene) -> None:
    no = scene.open("2025-09-01", campaign=None)
    scene.take(no, "verify", "2025-09-01")
    scene.take(no, "order_rectification", "2025-09-02", rectify_by="2025-09-12")

    said = proof_of(scene, no, "rectification").document()

    assert [(d["on"], d["counted"]) for d in said["days"]] == [("2025-09-02", False), ("2025-09-12", True)]
    assert (said["fixed"], said["budget"], said["readings"]) == (True, {"length": None, "number": 10, "unit": "cd"}, [])
    assert (said["consumed"], said["remaining"], said["due_on"], said["agrees"]) == (0, 10, "2025-09-12", True)


def test_more_time_after_an_order_is_proved_day_by_day(scene: Scene) -> None:
    no = scene.open("2025-09-01", campaign=None)
    scene.take(no, "verify", "2025-09-01")
    scene.take(no, "order_rectification", "2025-09-02", rectify_by="2025-09-12")

    turn(scene, "extend", no, "rectification", "2025-09-10", by="lead", number=5, reason="平台申请")
    turn(scene, "extend", no, "rectification", "2025-09-11", by="lead", number=2, reason="再次申请")

    said = proof_of(scene, no, "rectification").document()
    assert (said["due_on"], said["agrees"], said["budget"]["number"], said["granted"]) == ("2025-09-19", True, 10, 7)
    assert [(d["on"][8:], d["number"]) for d in said["days"]] == [
        ("12", None),
        *((str(12 + number), number) for number in range(1, 8)),
    ]
    assert said["days"][0]["why"] == "文书载明的末日，自次日起为延长的期限"
    assert all("；延长：作出机关同意延长整改期限，平台申请" in d["why"] for d in said["days"][1:6])
    assert all("再次申请" in d["why"] for d in said["days"][6:])
    assert whole(scene)


def test_hours_are_proved_by_their_two_minutes(scene: Scene) -> None:
    no = filed(scene)
    scene.take(no, "investigate", "2025-09-29")
    scene.take(no, "propose_referral", "2025-09-30")
    scene.take(no, "approve_referral", "2025-09-30T16:30", approved_at="2025-09-30T16:30")

    said = proof_of(scene, no, "hand_over").document()

    assert (said["due_at"], said["start"]["at"]) == ("2025-10-01T16:30:00+08:00", "2025-09-30T16:30:00+08:00")
    # The clock stands at 23:59: 7 hours and 29 minutes are used up.
    assert (said["budget"]["number"], said["consumed"], said["remaining"]) == (1440, 449, 991)
    assert (said["tables"], said["agrees"]) == ({}, True)


def test_a_right_that_was_waived_is_proved_and_told_how_it_ended(scene: Scene) -> None:
    no = served(scene)

    said = proof_of(scene, no, "statement_period").document()

    # Told on Wednesday 3 September 2025: seven days are 10 September, seven working days 12 September.
    assert [(r["due_on"], r["held"]) for r in said["readings"]] == [("2025-09-10", False), ("2025-09-12", True)]
    assert (said["pick"], said["waived"], said["ended_on"]) == ("later", True, "2025-09-04")


def test_a_date_that_no_longer_agrees_is_said_to(scene: Scene) -> None:
    no = filed(scene)
    with scene.office.store.writing() as work:
        work.connection.execute(sa.text("UPDATE deadline SET due_on = '2025-12-18' WHERE id = 'decision_limit'"))

    said = proof_of(scene, no, "decision_limit").document()

    assert (said["agrees"], said["stored_due_on"], said["due_on"]) == (False, "2025-12-18", "2025-12-19")


# --- defects ----------------------------------------------------------------------------------------------------------


def test_a_duty_done_late_stays_a_defect_with_the_reason_given(scene: Scene) -> None:
    no = scene.open("2025-09-01", campaign=None, source="complaint", materials_complete_on="2025-09-01")
    scene.it_is("2025-09-20")
    assert [(d.deadline.id, d.done_on, d.days_late, d.reason) for d in defects(scene, no)] == [
        ("complaint_decision", None, 4, "")  # fifteen days end on the 16th
    ]

    scene.take(no, "accept", "2025-09-19", reason="材料需核对")

    assert [(d.deadline.id, d.done_on, d.days_late, d.reason) for d in defects(scene, no)] == [
        ("complaint_decision", date(2025, 9, 19), 3, "材料需核对")
    ]


def test_a_duty_done_in_time_or_taken_back_is_none(scene: Scene) -> None:
    no = scene.open("2025-09-01", campaign=None, source="complaint", materials_complete_on="2025-09-01")
    scene.take(no, "accept", "2025-09-16")
    in_time = defects(scene, no)

    undo(scene, no, by="lead")
    scene.it_is("2025-09-18")

    assert in_time == ()
    assert [(d.done_on, d.days_late) for d in defects(scene, no)] == [(None, 2)]
