"""Where execution meets something else: a new service, more time, a pending remedy, a payment, the police."""

from __future__ import annotations

import pytest
from builders import Scene

from engine.snapshot import snapshot
from engine.verifying import verify_store

pytest_plugins = ("scenes",)

WINDOW = ("demand_wait", "court_enforcement")


@pytest.fixture
def served(scene: Scene) -> str:
    """A fine of 50000 yuan, served on a Thursday under the law of 2021."""
    no = scene.open("2025-01-02", campaign=None)
    scene.walk(no, "verify file investigate conclude review approve_notice", "2025-01-06")
    scene.walk(no, "notify waive_rights discuss", "2025-01-07")
    scene.take(no, "decide", "2025-01-08")
    scene.take(no, "serve", "2025-01-09")
    return no


@pytest.fixture
def demanded(scene: Scene, served: str) -> str:
    """Demanded on the day after the six months to sue had run out."""
    scene.take(served, "demand", "2025-07-10")
    return served


def standings(scene: Scene, no: str) -> list[str]:
    """How the newest of each limit stands."""
    case, now = scene.case(no), scene.clock.now()
    return [limit.standing(now) for rule in WINDOW if (limit := case.latest_deadline(rule)) is not None]


def whole(scene: Scene) -> None:
    with snapshot(scene.office.store) as work:
        assert verify_store(work).first_bad is None


def test_a_new_service_takes_the_ground_from_a_demand(scene: Scene, demanded: str) -> None:
    scene.take(demanded, "serve_again", "2025-07-20")

    assert standings(scene, demanded) == ["stopped", "running"]
    assert scene.refusals(demanded, "apply_enforcement", "2025-08-10") == ["demand.missing"]
    assert scene.refusals(demanded, "demand", "2025-08-10") == ["wait.running"] * 2  # both remedies are open again
    assert scene.refusals(demanded, "demand", "2026-01-21") == []
    whole(scene)


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("defer_payment", {"pay_by": "2025-09-30"}),
        ("allow_instalments", {"instalments": "2025-08-31=20000.00,2025-09-30=30000.00"}),
    ],
)
def test_more_time_moves_the_demand_and_the_three_months(
    scene: Scene, demanded: str, step: str, said: dict[str, str]
) -> None:
    """行政处罚法（2021） §72(2): the three months begin when the deferral or the instalments are over."""
    scene.take(demanded, step, "2025-07-15", **said)

    assert standings(scene, demanded) == ["stopped", "running"]
    assert scene.refusals(demanded, "apply_enforcement", "2025-08-10") == ["demand.missing"]
    assert scene.refusals(demanded, "demand", "2025-09-30") == ["wait.running"]
    scene.take(demanded, "demand", "2025-10-09")
    window = scene.case(demanded).latest_deadline("court_enforcement")
    assert window is not None
    assert (window.started_on.isoformat(), window.due_on.isoformat()) == ("2025-09-30", "2025-12-30")


def test_a_second_demand_takes_the_place_of_the_first(scene: Scene, demanded: str) -> None:
    scene.take(demanded, "demand", "2025-07-14")

    assert standings(scene, demanded) == ["running", "running"]
    assert scene.standing(demanded, "court_enforcement.2") == "stopped"
    assert scene.due(demanded, "court_enforcement.3") == scene.due(demanded, "court_enforcement") == "2025-10-09"
    assert scene.refusals(demanded, "apply_enforcement", "2025-07-28") == ["wait.running"]
    assert scene.refusals(demanded, "apply_enforcement", "2025-07-29") == []


def test_while_a_remedy_is_pending_nothing_is_demanded_or_enforced(scene: Scene, served: str) -> None:
    scene.take(served, "suspend_late_fee", "2025-06-02", ground="suit")
    assert scene.refusals(served, "demand", "2025-07-10") == ["remedy.pending"]
    scene.take(served, "resume_late_fee", "2025-07-11")
    scene.take(served, "demand", "2025-07-14")
    scene.take(served, "suspend_late_fee", "2025-07-15", ground="suit")

    assert scene.refusals(served, "apply_enforcement", "2025-08-10") == ["remedy.pending"]


def test_who_pays_after_the_demand_is_not_taken_to_court(scene: Scene, demanded: str) -> None:
    scene.take(demanded, "pay", "2025-07-15")
    assert standings(scene, demanded) == ["running", "running"]  # the late fee is still owed
    scene.take(demanded, "pay", "2025-07-15", **{"for": "late_fee"})

    assert scene.case(demanded).state == "executed"
    assert standings(scene, demanded) == ["stopped", "stopped"]
    whole(scene)


def test_what_is_settled_before_the_court_leaves_no_limit_running(scene: Scene, demanded: str) -> None:
    scene.take(demanded, "apply_enforcement", "2025-07-25")
    scene.take(demanded, "record_court_answer", "2025-07-30")
    for item in ("fine", "late_fee"):
        scene.take(demanded, "pay", "2025-08-01", **{"for": item})
    scene.take(demanded, "complete", "2025-08-04")

    assert scene.case(demanded).state == "executed"
    open_ = {d.rule for d in scene.case(demanded).deadlines.values() if d.is_open}
    assert open_ <= {"reconsideration", "suit", "publication"}


def test_a_decision_that_falls_before_the_court_ends_the_enforcement(scene: Scene, demanded: str) -> None:
    scene.take(demanded, "apply_enforcement", "2025-07-25")
    scene.take(demanded, "set_aside", "2025-08-01", redo="no")

    assert scene.case(demanded).state == "quashed"
    assert scene.standing(demanded, "court_acceptance") == "stopped"
    assert [d.rule for d in scene.case(demanded).deadlines.values() if d.is_open and d.rule.startswith("court")] == []


# --- money collected on the spot --------------------------------------------------------------------------------------


def test_no_more_is_collected_than_the_fine(scene: Scene, served: str) -> None:
    assert scene.refusals(served, "collect_on_spot", "2025-01-10", collected_fen="5000001") == ["payment.not_owed"]
    scene.take(served, "collect_on_spot", "2025-01-10", collected_fen="3000000")

    assert scene.refusals(served, "collect_on_spot", "2025-01-10", collected_fen="3000000") == ["payment.not_owed"]


def test_what_was_not_collected_is_not_handed_in(scene: Scene, served: str) -> None:
    assert scene.refusals(served, "receive_spot_fine", "2025-01-10") == ["collection.none"]
    scene.take(served, "collect_on_spot", "2025-01-10")
    scene.take(served, "receive_spot_fine", "2025-01-13")

    assert scene.refusals(served, "receive_spot_fine", "2025-01-13") == ["collection.none"]


def test_whoever_collects_does_not_receive(scene: Scene, served: str) -> None:
    scene.take(served, "collect_on_spot", "2025-01-10")

    assert scene.refusals(served, "receive_spot_fine", "2025-01-13", by="handler1") == [
        "role.missing",
        "duty.same_person",
    ]


# --- the police -------------------------------------------------------------------------------------------------------


@pytest.fixture
def with_police(scene: Scene, served: str) -> str:
    """Criminal only after it was punished; the fine is not paid."""
    scene.walk(served, "propose_referral approve_referral hand_over", "2025-01-13")
    scene.take(served, "police_file", "2025-01-15")
    return served


def test_an_unpaid_penalty_is_not_closed_with_the_referral(scene: Scene, with_police: str) -> None:
    """不得以移送了结: the fine stands until it is paid, or the case comes back to its execution."""
    closing = {"result": "referred", "outcome": "pending"}
    assert scene.refusals(with_police, "close", "2025-01-20", **closing) == ["execution.open"]
    scene.take(with_police, "record_outcome", "2025-02-10", outcome="not_prosecuted")
    assert scene.refusals(with_police, "close", "2025-02-11", result="referred") == ["execution.open"]

    scene.take(with_police, "take_back_after_outcome", "2025-02-12")
    assert scene.case(with_police).state == "served"
    scene.take(with_police, "pay", "2025-02-12")
    whole(scene)


def test_what_was_paid_meanwhile_lets_it_close(scene: Scene, with_police: str) -> None:
    scene.take(with_police, "pay", "2025-01-20")

    assert scene.refusals(with_police, "close", "2025-01-20", result="referred", outcome="pending") == []


def test_a_criminal_fine_takes_the_place_of_what_is_unpaid(scene: Scene, with_police: str) -> None:
    scene.take(with_police, "record_outcome", "2025-02-10", outcome="sentenced", criminal_fine="yes")

    assert scene.refusals(with_police, "close", "2025-02-11", result="referred") == []
