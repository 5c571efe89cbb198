"""Plans of cases in a store: carried out as planned they hold, a day later they do not, and asking changes nothing."""

from __future__ import annotations

import pytest
from builders import Scene, day

from engine.clock import legal_day
from engine.errors import Forbidden, InputWrong, NotFound
from engine.plan_values import Plan
from workflows.case_plans import PlanOrder, plan_case

pytest_plugins = ("scenes",)

ON_SQLITE = pytest.mark.parametrize("scene", ["sqlite"], indirect=True)


def planned(scene: Scene, case_no: str, to: str, by: str | None = None, *via: str, actor: str = "head") -> Plan:
    with scene.office.store.reading() as work:
        return plan_case(scene.office, work, PlanOrder(case_no, actor, to, day(by) if by else None, via))


def names(plan: Plan) -> list[str]:
    return [step.timed.step for step in plan.steps]


def to_concluded(scene: Scene, on: str) -> str:
    no = scene.open(on, campaign=None)
    scene.walk(no, "verify file investigate conclude", on)
    return no


@pytest.mark.parametrize(
    ("start", "by"),
    [
        ("2018-09-17", "2018-11-20"),  # National Day 2018, review before every decision
        ("2021-07-08", "2021-08-12"),  # over the day on which the law changed
        ("2025-09-22", "2025-10-24"),  # National Day 2025, Sat 11 October worked
    ],
)
def test_a_plan_carried_out_on_its_last_days_is_admitted_step_by_step(scene: Scene, start: str, by: str) -> None:
    no = to_concluded(scene, start)

    plan = planned(scene, no, "closed", by)
    for step in plan.steps:
        assert step.timed.latest_on is not None
        scene.take(no, step.timed.step, step.timed.latest_on.isoformat())

    assert plan.refusals == ()
    assert scene.case(no).state == "closed"
    assert scene.case(no).last_on <= day(by)


@ON_SQLITE
@pytest.mark.parametrize(("start", "by"), [("2018-09-17", "2018-11-20"), ("2025-09-22", "2025-10-24")])
def test_a_notice_served_a_working_day_after_its_last_day_comes_too_late(scene: Scene, start: str, by: str) -> None:
    no = to_concluded(scene, start)
    plan = planned(scene, no, "decided", by)
    *before, notify, decide = plan.steps
    served, decided = notify.timed.latest_on, decide.timed.latest_on
    assert served is not None
    assert decided is not None

    for step in before:
        scene.take(
            no,
            step.timed.step,
            start,
            **({"proposed_fine_fen": "5000000"} if step.timed.step == "approve_notice" else {}),
        )
    scene.take(no, "notify", scene.office.law.calendar.add(served, 1).isoformat())

    assert scene.refusals(no, "decide", decided.isoformat()) == ["wait.running"]
    assert [r.code for r in planned(scene, no, "decided", by).refusals] == ["plan.too_late"]


def test_planning_changes_nothing(scene: Scene) -> None:
    no = to_concluded(scene, "2018-09-17")
    case, entries = scene.case(no), scene.entries(no)

    planned(scene, no, "closed", "2018-11-20")

    assert (scene.case(no), scene.entries(no)) == (case, entries)


@ON_SQLITE
def test_what_is_left_to_pay_is_on_the_way_and_what_is_paid_is_not(scene: Scene) -> None:
    no = to_concluded(scene, "2018-09-17")
    scene.walk(no, "review approve_notice notify", "2018-09-17")
    scene.take(no, "decide", "2018-10-08")
    scene.take(no, "serve", "2018-10-08")

    owed = planned(scene, no, "closed", "2018-11-20")
    scene.take(no, "pay", "2018-10-10")
    paid = planned(scene, no, "closed", "2018-11-20")

    assert (names(owed), names(paid)) == (["pay", "close"], ["close"])
    assert owed.refusals == paid.refusals == ()


@ON_SQLITE
def test_a_case_without_a_penalty_is_closed_without_a_payment(scene: Scene) -> None:
    no = to_concluded(scene, "2018-09-17")
    scene.walk(no, "review decide_no_penalty", "2018-09-18")

    plan = planned(scene, no, "closed", "2018-11-20")

    assert (names(plan), plan.refusals) == (["serve", "close"], ())


@ON_SQLITE
def test_a_penalty_without_money_is_closed_without_a_payment(scene: Scene) -> None:
    no = to_concluded(scene, "2018-09-17")
    scene.walk(no, "review approve_notice notify", "2018-09-17")
    scene.take(no, "decide", "2018-10-08", fine_fen="0", measures="stop,warning")
    scene.take(no, "serve", "2018-10-08")

    plan = planned(scene, no, "closed", "2018-11-20")

    assert (names(plan), plan.refusals) == (["close"], ())


@ON_SQLITE
def test_a_plan_starts_from_the_case_as_it_stands(scene: Scene) -> None:
    """What has taken effect by itself has, be it on record or not."""
    no = to_concluded(scene, "2025-09-22")
    scene.take(no, "approve_notice", "2025-09-22")
    scene.take(no, "notify", "2025-09-22", served_how="public_notice")
    scene.it_is("2025-11-03")

    plan = planned(scene, no, "decided")

    (decide,) = plan.steps
    assert "service_takes_effect" in [taken.step for taken in decide.timed.stage.before.trail]
    assert "service_takes_effect" not in [taken.step for taken in scene.case(no).trail]


@ON_SQLITE
def test_an_unknown_state_or_step_is_not_found_and_the_nearest_is_named(scene: Scene) -> None:
    no = to_concluded(scene, "2018-09-17")

    with pytest.raises(NotFound, match="there is no state 'close'") as state:
        planned(scene, no, "close")
    with pytest.raises(NotFound) as step:
        planned(scene, no, "closed", None, "descide")
    with pytest.raises(NotFound):
        planned(scene, "suzhou-2018-9999", "closed")
    with pytest.raises(InputWrong):
        planned(scene, no, "closed", "2101-01-01")

    assert (state.value.code, step.value.code) == ("state.unknown", "step.unknown")
    assert state.value.remedy is not None
    assert "closed" in state.value.remedy.en


@ON_SQLITE
def test_a_case_of_another_unit_is_not_planned(scene: Scene) -> None:
    no = to_concluded(scene, "2018-09-17")

    with pytest.raises(Forbidden):
        planned(scene, no, "closed", actor="county_head")


@ON_SQLITE
def test_every_state_can_be_asked_for_from_every_state_on_the_way(scene: Scene) -> None:
    """Whatever is unknown on the way, no guard may fail for it."""
    no = scene.open("2018-09-03", source="complaint")
    states = list(scene.office.workflow("case").definition.states)
    walk = "accept verify file investigate conclude review approve_notice notify"

    asked = 0
    for step in (None, *walk.split()):
        if step:
            scene.take(no, step, "2018-09-04")
        for state in states:
            plan = planned(scene, no, state, "2018-12-28")
            asked += plan.reachable
            assert plan.document()["to"] == state

    assert legal_day(scene.clock.now()) == day("2018-09-04")
    assert asked > 200
