"""Paying a fine on both databases: days without a late fee, instalments, what undo restores, the band of the act.

The fine is 50,000 yuan, served on 2025-12-18, payable until 2026-01-04 (legal-deadlines §8.2, T1).
"""

from __future__ import annotations

from typing import Any

import pytest
from builders import Scene, day

from engine import casework
from engine.snapshot import snapshot
from engine.verifying import verify_store
from workflows.settlement import balance_of

pytest_plugins = ("scenes",)

ON_SQLITE = pytest.mark.parametrize("scene", ["sqlite"], indirect=True)
IN_PARTS = "2026-02-01=20000.00，2026-03-02=30000.00"


def served(scene: Scene) -> str:
    no = scene.open("2025-11-03", campaign=None)
    scene.walk(no, "verify file investigate conclude review approve_notice notify", "2025-11-10")
    scene.take(no, "decide", "2025-12-15")
    scene.take(no, "serve", "2025-12-18")
    assert scene.due(no, "payment") == "2026-01-04"
    return no


def late_fee(scene: Scene, no: str, on: str) -> int:
    found = balance_of(scene.case(no), scene.office.law, day(on))
    assert found is not None
    return found.late_fee_fen


def whole(scene: Scene) -> bool:
    with snapshot(scene.office.store) as work:
        verified = verify_store(work)
    assert verified.first_bad is None, verified.first_bad
    return verified.ok


def facts(scene: Scene, no: str, step: str, on: str, **changes: Any) -> dict[str, Any]:
    scene.it_is(on)
    with scene.office.store.reading() as work:
        asked = casework.explain(scene.office, work, scene.order(no, step, on, **changes))
    return {r.code: dict(r.facts) for r in asked.verdict.refusals}


def test_the_days_of_a_reconsideration_are_left_out_to_the_last_payment(scene: Scene) -> None:
    no = served(scene)
    scene.take(no, "suspend_late_fee", "2026-01-16", suspended_on="2026-01-15")
    assert scene.refusals(no, "suspend_late_fee", "2026-01-20") == ["late_fee.suspended"]
    scene.take(no, "resume_late_fee", "2026-02-26", resumed_on="2026-02-25")

    scene.take(no, "pay", "2026-03-10")
    over = scene.refusals(no, "pay", "2026-03-10", paid_fen="3600001", **{"for": "late_fee"})
    fee = scene.take(no, "pay", "2026-03-10", paid_fen="3600000", **{"for": "late_fee"})

    assert over == ["payment.not_owed"]
    assert fee.after.state == "executed"
    assert whole(scene)


def test_a_suspension_may_be_recorded_after_it_is_over(scene: Scene) -> None:
    """The papers of the reconsideration came late: both days are answered, the fee follows."""
    no = served(scene)
    scene.take(no, "pay", "2026-03-10")
    before = late_fee(scene, no, "2026-03-10")

    scene.take(no, "suspend_late_fee", "2026-03-11", suspended_on="2026-01-15")
    scene.take(no, "resume_late_fee", "2026-03-11", resumed_on="2026-02-25")

    assert (before, late_fee(scene, no, "2026-03-11")) == (5_000_000, 3_600_000)


REFUSED = [  # steps before with their day, the step, its answers, refused with
    ([], "resume_late_fee", {"resumed_on": "2026-02-25"}, ["late_fee.not_suspended"]),
    ([], "suspend_late_fee", {"suspended_on": "2025-12-17"}, ["date.before_previous"]),  # before the service
    ([("suspend_late_fee", "2026-01-15")], "resume_late_fee", {"resumed_on": "2026-01-15"}, ["date.before_previous"]),
    (
        [("suspend_late_fee", "2026-01-15"), ("resume_late_fee", "2026-01-25")],
        "suspend_late_fee",
        {"suspended_on": "2026-01-24"},  # inside the suspension before it
        ["date.before_previous"],
    ),
    ([], "suspend_late_fee", {"suspended_on": "2026-03-02"}, ["date.in_future"]),
    ([], "suspend_late_fee", {"ground": "holiday"}, ["answer.invalid"]),
]


@ON_SQLITE
@pytest.mark.parametrize(("before", "step", "said", "codes"), REFUSED)
def test_suspensions_follow_one_another_in_time(
    scene: Scene, before: list[tuple[str, str]], step: str, said: dict[str, str], codes: list[str]
) -> None:
    no = served(scene)
    for name, on in before:
        scene.take(no, name, on)

    assert scene.refusals(no, step, "2026-03-01", **said) == codes


@ON_SQLITE
def test_whoever_decided_does_not_suspend_and_finance_allows_no_instalments(scene: Scene) -> None:
    no = served(scene)

    assert scene.refusals(no, "suspend_late_fee", "2026-01-15", by="head") == ["role.missing", "duty.same_person"]
    assert scene.refusals(no, "allow_instalments", "2025-12-30", by="finance") == ["role.missing"]


def test_a_fine_is_paid_in_parts_each_by_its_own_day(scene: Scene) -> None:
    """Sunday 2026-02-01 moves to Monday the 2nd."""
    no = served(scene)

    move = scene.take(no, "allow_instalments", "2025-12-30", instalments=IN_PARTS)
    first = scene.take(no, "pay", "2026-02-02", paid_fen="2000000")
    second = scene.take(no, "pay", "2026-03-02", paid_fen="3000000")

    assert [(d.id, d.due_on.isoformat()) for d in move.started] == [
        ("payment.2", "2026-03-02"),
        ("court_enforcement.2", "2026-09-18"),
    ]
    assert scene.case(no).deadlines["payment"].state == "stopped"
    assert (first.after.state, second.after.state) == ("served", "executed")
    assert scene.case(no).deadlines["payment.2"].state == "met"
    assert move.said.answers["instalments"] == [
        {"on": "2026-02-01", "fen": 2_000_000},
        {"on": "2026-03-02", "fen": 3_000_000},
    ]
    assert whole(scene)


def test_a_late_part_carries_the_late_fee_alone_and_keeps_the_case_open(scene: Scene) -> None:
    no = served(scene)
    scene.take(no, "allow_instalments", "2025-12-30", instalments=IN_PARTS)

    scene.take(no, "pay", "2026-02-04", paid_fen="2000000")  # two days late: 2 × 3 % of 20,000 yuan
    found = facts(scene, no, "complete", "2026-02-05")["execution.open"]

    assert found["late_fee_fen"] == 120_000
    assert found["fine_open_fen"] == 3_000_000
    assert found["instalments"] == [
        {"due_on": "2026-02-02", "open_fen": 0},
        {"due_on": "2026-03-02", "open_fen": 3_000_000},
    ]


def test_a_last_part_on_a_rest_day_moves_the_deadline_with_it(scene: Scene) -> None:
    no = served(scene)

    scene.take(no, "allow_instalments", "2025-12-30", instalments="2026-01-30=20000.00,2026-03-01=30000.00")

    assert scene.due(no, "payment.2") == "2026-03-02"
    assert late_fee(scene, no, "2026-03-02") == (31 * 3 * 20_000)  # the first part alone: 31 January to 2 March
    assert late_fee(scene, no, "2026-03-03") == 31 * 3 * 20_000 + 3 * 50_000


def test_instalments_that_are_taken_back_leave_the_payment_as_it_was(scene: Scene) -> None:
    no = served(scene)
    before = scene.case(no)
    scene.take(no, "allow_instalments", "2025-12-30", instalments=IN_PARTS)

    scene.undo(no, by="lead")

    assert scene.case(no).deadlines == before.deadlines
    assert late_fee(scene, no, "2026-01-05") == 150_000
    assert whole(scene)


WRONG = [  # the instalments, refused with
    (
        "2026-02-01=20000.00,2026-03-02=29999.99",
        {"instalments.sum": {"in_parts_fen": 4_999_999, "owed_fen": 5_000_000}},
    ),
    ("2026-03-02=50000.00", {"instalments.single": {}}),
    (
        "2025-12-29=20000.00,2026-03-02=30000.00",
        {
            "date.before_previous": {
                "answer": "instalments",
                "given": "2025-12-29",
                "previous_on": "2025-12-30",
            }
        },
    ),
    ("2026-03-02=20000.00,2026-02-01=30000.00", {"answer.invalid": {"answer": "instalments", "allowed": []}}),
]


@ON_SQLITE
@pytest.mark.parametrize(("said", "refused"), WRONG)
def test_instalments_that_do_not_fit_are_refused(scene: Scene, said: str, refused: dict[str, Any]) -> None:
    no = served(scene)

    assert facts(scene, no, "allow_instalments", "2025-12-30", instalments=said) == refused


def test_the_band_and_the_order_go_through_the_steps(scene: Scene) -> None:
    """A platform that did not obey an order: told at the conclusion, fined 50,000 to 500,000 yuan."""
    no = scene.open("2025-11-03", campaign=None)
    scene.take(no, "verify", "2025-11-03")
    scene.take(no, "order_rectification", "2025-11-03", rectify_by="2025-11-07")
    scene.take(no, "recheck", "2025-11-10", result="not_done")
    scene.walk(no, "file investigate", "2025-11-10")

    ended = scene.take(no, "conclude", "2025-11-10", band="platform", turnover_fen=None)
    scene.walk(no, "review", "2025-11-10")
    notice = scene.take(no, "approve_notice", "2025-11-10", proposed_fine_fen="5000000")
    scene.take(no, "notify", "2025-11-10")

    assert [w.code for w in (*ended.warnings, *notice.warnings)] == []
    assert scene.refusals(no, "decide", "2025-12-15", fine_fen="4999999") == ["fine.outside_band"]
    assert scene.refusals(no, "decide", "2025-12-15", fine_fen="5000000") == []


def test_a_platform_that_was_never_ordered_is_not_fined_as_one(scene: Scene) -> None:
    no = scene.open("2025-11-03", campaign=None)
    scene.walk(no, "verify file investigate", "2025-11-10")

    ended = scene.take(no, "conclude", "2025-11-10", band="platform", turnover_fen=None)
    scene.walk(no, "review approve_notice notify", "2025-11-10")

    assert [w.code for w in ended.warnings] == ["band.not_open"]
    assert scene.refusals(no, "decide", "2025-12-15") == ["band.not_open"]
    assert scene.refusals(no, "decide", "2025-12-15", fine_fen="0", measures="stop,warning") == []
