"""Plans: which steps, when each can and must be taken, and which period or duty makes a day impossible.

Days are worked out by hand on the official calendars: 2018 (29 and 30 September worked, 1–7 October off), 2021, 2025
(28 September and 11 October worked, 1–8 October off). T1, T2: the timelines of the reference.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from builders import CAMPAIGN, PEOPLE, a_case, day, law, running, taken
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.campaign_checks import read_campaign
from engine.campaign_plan import CampaignPlan, shipped_campaign
from engine.case_view import Attempt, CaseView, InCampaign
from engine.clock import end_of_day
from engine.deadlines import Deadline, new_deadline
from engine.definitions import definition_from
from engine.errors import Refusal, Remedy
from engine.guards import GUARDS, guard
from engine.judging import Surroundings
from engine.limit_checks import shipped_time_limits
from engine.machine import Workflow
from engine.period_values import Basis, Pause
from engine.plan_values import Aim, Plan, PlannedStep
from engine.planning import plan_of
from workflows.case_plans import usual_way
from workflows.definition_files import shipped_definitions

ONE_DAY = timedelta(days=1)
LARGE = 20_000_000  # 200,000 yuan: gives a company the right to a hearing
SMALL = 5_000_000


@cache
def the_workflow() -> Workflow:
    natures = {limit.id: limit.nature for limit in shipped_time_limits().values()}
    return Workflow(shipped_definitions(natures)["case"], "")


@cache
def the_campaign() -> CampaignPlan:
    return read_campaign(shipped_campaign(CAMPAIGN))[0]


def planned(
    case: CaseView, to: str, today: str, by: str | None = None, *via: str, usually: bool = True, people: Any = PEOPLE
) -> Plan:
    around = Surroundings(people, law(), {CAMPAIGN: the_campaign()}, end_of_day(day(today)))
    usual = usual_way(the_workflow().definition, case, law(), day(today)) if usually else ()
    aim = Aim(to, day(by) if by else None, via, usual)
    return plan_of(the_workflow(), case, aim, people.person("head"), around)


def names(plan: Plan) -> list[str]:
    return [step.timed.step for step in plan.steps]


def step_of(plan: Plan, name: str) -> PlannedStep:
    return next(step for step in plan.steps if step.timed.step == name)


def earliest(plan: Plan, name: str) -> str:
    return str(step_of(plan, name).timed.earliest_on)


def latest(plan: Plan, name: str) -> str:
    return str(step_of(plan, name).timed.latest_on)


def codes(refusals: tuple[Refusal, ...]) -> list[str]:
    return [refusal.code for refusal in refusals]


def warned(plan: Plan, code: str) -> list[Refusal]:
    return [warning for warning in plan.warnings if warning.code == code]


def concluded(on: str, *deadlines: Deadline) -> CaseView:
    """The investigation was concluded that day; nobody knows yet what will be proposed."""
    return a_case(
        "concluded",
        taken("file", on, "head"),
        taken("investigate", on, "lead", officers=["handler1", "handler2"]),
        taken("conclude", on),
        deadlines=deadlines,
        facts={"respondent_kind": "unit"},
        opened_on=on,
    )


def approved(on: str, *deadlines: Deadline, fine: int = LARGE) -> CaseView:
    """The prior notice was approved that day, after a passed review."""
    before = concluded(on, *deadlines)
    more = (
        taken("review", on, "reviewer", opinion="pass"),
        taken("approve_notice", on, "head", proposed_fine_fen=fine),
    )
    return a_case(
        "notice_approved", *before.trail, *more, deadlines=deadlines, facts={"respondent_kind": "unit"}, opened_on=on
    )


def notified(on: str, *deadlines: Deadline, fine: int = LARGE, more: Any = ()) -> CaseView:
    """The prior notice was served in person that day."""
    before = approved(on, fine=fine)
    served = taken("notify", on, served_on=on, served_how="person")
    periods = (running("statement_period", on), *([running("hearing_request", on)] if fine >= LARGE else []))
    return a_case(
        "notified",
        *before.trail,
        served,
        *more,
        deadlines=(*periods, *deadlines),
        facts={"respondent_kind": "unit"},
        opened_on=on,
    )


# --- forward: the earliest days ---------------------------------------------------------------------------------------


def test_a_decision_waits_until_both_periods_of_the_notice_have_run_out() -> None:
    """T1: notice served Mon 2025-11-10: a hearing until 11-17, a statement until 11-19 (7 wd)."""
    plan = planned(notified("2025-11-10"), "decided", "2025-11-10")

    assert names(plan) == ["decide"]
    assert earliest(plan, "decide") == "2025-11-20"
    waits = {w.deadline.id: str(w.deadline.due_on) for w in step_of(plan, "decide").timed.stage.waits_for}
    assert waits == {"statement_period": "2025-11-19", "hearing_request": "2025-11-17"}


def test_a_day_that_is_free_but_not_worked_moves_to_the_next_working_day() -> None:
    """T2: told Fri 2018-09-28: statement until Fri 10-12 (7 wd); 10-13 and 10-14 are a weekend."""
    plan = planned(notified("2018-09-28"), "decided", "2018-09-28")

    assert earliest(plan, "decide") == "2018-10-15"


def test_a_period_that_was_waived_or_is_over_holds_nothing_up() -> None:
    waived = notified("2025-11-10")
    ended = {name: replace(d, state="stopped", note="waived") for name, d in waived.deadlines.items()}

    assert earliest(planned(replace(waived, deadlines=ended), "decided", "2025-11-11"), "decide") == "2025-11-11"
    assert earliest(planned(waived, "decided", "2025-12-01"), "decide") == "2025-12-01"


def test_nothing_is_planned_before_today_or_before_the_last_step() -> None:
    case = replace(approved("2025-11-10"), last_on=day("2025-11-12"))

    assert earliest(planned(case, "notified", "2025-11-11"), "notify") == "2025-11-12"
    assert earliest(planned(case, "notified", "2025-11-15"), "notify") == "2025-11-17"  # a Saturday


def test_periods_that_a_planned_step_starts_are_counted_by_the_law_of_its_day() -> None:
    """The hearing notice: 7 calendar days until 2021-07-14, 7 working days from 07-15 on."""
    case = a_case("hearing", taken("request_hearing", "2021-07-12"), opened_on="2021-07-12")

    under_the_old = planned(case, "heard", "2021-07-14", None, "call_hearing")
    under_the_new = planned(case, "heard", "2021-07-15", None, "call_hearing")

    assert earliest(under_the_old, "hold_hearing") == "2021-07-22"  # 07-14 + 7 = Wed 07-21
    assert earliest(under_the_new, "hold_hearing") == "2021-07-27"  # 16 19 20 21 22 23 26


def test_what_nobody_knows_yet_is_taken_as_large_so_that_no_period_is_forgotten() -> None:
    known_small = planned(approved("2025-11-10", fine=SMALL), "decided", "2025-11-10")
    unknown = planned(concluded("2025-11-10"), "decided", "2025-11-10")

    def waits(plan: Plan) -> list[str]:
        return [w.deadline.rule for w in step_of(plan, "decide").timed.stage.waits_for]

    assert waits(known_small) == ["statement_period"]
    assert waits(unknown) == ["statement_period", "hearing_request"]


def test_a_step_that_only_a_large_amount_would_need_is_told_and_not_planned() -> None:
    """A heavier penalty is discussed first. The notice on record is not asked for again."""
    plan = planned(notified("2025-11-10"), "decided", "2025-11-10")

    assert names(plan) == ["decide"]
    assert [w.facts["needs"] for w in warned(plan, "plan.may_need")] == ["discuss"]


def test_a_paused_period_ends_on_no_known_day_and_stands_in_the_way() -> None:
    case = notified("2025-11-10")
    statement = case.deadlines["statement_period"]
    pause = Pause(day("2025-11-12"), None, Basis(reason="不可抗力"))
    paused = replace(statement, state="paused", course=replace(statement.course, pauses=(pause,)))

    plan = planned(replace(case, deadlines={"statement_period": paused}), "decided", "2025-11-20", "2025-12-31")

    assert codes(plan.refusals) == ["wait.running"]
    assert plan.refusals[0].facts["state"] == "paused"
    assert plan.refusals[0].facts["step"] == "decide"


def test_what_is_owed_within_hours_is_planned_on_a_rest_day_too() -> None:
    """H1: hours do not stop for holidays. Approved Fri 2025-10-31 16:30; the Saturday after is a rest day."""
    approval = taken("approve_referral", "2025-10-31", "head", approved_at="2025-10-31T16:30+08:00")
    case = a_case("referral_approved", taken("propose_referral", "2025-10-31", source="concluded"), approval)
    limit, version = law().limits["hand_over"], law().limit_on("hand_over", day("2025-10-31"))
    assert version is not None
    at = end_of_day(day("2025-10-31")).replace(hour=16, minute=30, second=0, microsecond=0)
    hours = new_deadline(limit, version, "hand_over", "", law().calendar, started_on=at.date(), started_at=at)

    case = replace(case, deadlines={"hand_over": hours})
    on_saturday = planned(case, "referred", "2025-11-01", "2025-11-01")
    on_friday = planned(case, "referred", "2025-10-31")

    assert (earliest(on_saturday, "hand_over"), latest(on_saturday, "hand_over")) == ("2025-11-01", "2025-11-01")
    assert on_saturday.refusals == ()
    assert (earliest(on_friday, "hand_over"), latest(on_friday, "hand_over")) == ("2025-10-31", "2025-11-01")


# --- backward: the latest days ----------------------------------------------------------------------------------------


def test_a_notice_must_be_served_early_enough_for_its_periods_to_end_before_the_decision() -> None:
    """Across National Day 2025: served Tue 09-30, the statement ends 10-16 (9 10 11 13 14 15 16): decided Fri 10-17.

    A working day later, Thu 10-09, it would end on 10-17 itself.
    """
    plan = planned(approved("2025-09-22"), "decided", "2025-09-22", "2025-10-17")

    assert latest(plan, "notify") == "2025-09-30"
    assert latest(plan, "decide") == "2025-10-17"
    assert plan.said_zh == "要在2025-10-17前到“已作处罚决定”，最迟须在2025-09-30“送达事先告知书”"
    assert plan.said_en == "to reach decided by 2025-10-17, notify must be done by 2025-09-30"
    assert plan.refusals == ()


def test_a_day_that_is_not_worked_is_reached_on_the_working_day_before() -> None:
    """2025-10-12 is a Sunday, Sat 10-11 is worked (调休)."""
    plan = planned(notified("2025-09-22"), "decided", "2025-09-22", "2025-10-12")

    assert latest(plan, "decide") == "2025-10-11"


@pytest.mark.parametrize(
    ("by", "called", "why"),
    [
        ("2021-07-23", "2021-07-14", "7 calendar days end 07-21; on 07-15 the 7 working days would end 07-26"),
        ("2021-07-26", "2021-07-14", "called on 07-15 the period still runs on 07-26"),
        ("2021-07-27", "2021-07-15", "7 working days from 07-15 end 07-26: 16 19 20 21 22 23 26"),
        ("2021-07-28", "2021-07-16", "7 working days from 07-16 end 07-27"),
    ],
)
def test_the_latest_day_takes_the_law_of_that_day(by: str, called: str, why: str) -> None:
    case = a_case("hearing", taken("request_hearing", "2021-07-12"), opened_on="2021-07-12")

    plan = planned(case, "heard", "2021-07-12", by, "call_hearing")

    assert latest(plan, "call_hearing") == called, why


def test_a_whole_case_of_the_suzhou_campaign_is_planned_back_from_its_end() -> None:
    """By Tue 2018-11-20: served Thu 11-08 the statement ends Mon 11-19 (9 12 13 14 15 16 19).

    With 15 days for payment the decision is served by Mon 11-05; a notice of Wed 10-24 runs until Fri 11-02.
    """
    case = a_case("verifying", taken("verify", "2018-09-03", "lead"), opened_on="2018-09-03")

    plan = planned(case, "closed", "2018-09-03", "2018-11-20")

    before = "file investigate conclude review approve_notice notify"
    assert names(plan) == f"{before} decide serve pay close".split()
    assert plan.refusals == ()
    assert {latest(plan, name) for name in before.split()} == {"2018-11-08"}
    assert {latest(plan, name) for name in ("decide", "serve", "pay", "close")} == {"2018-11-20"}
    assert str(step_of(plan, "notify").timed.prudent_on) == "2018-10-24"
    assert warned(plan, "plan.counts_on_others")[0].facts["prudent_on"] == "2018-10-24"


def test_a_plan_that_only_holds_when_others_are_quick_says_so() -> None:
    """Decided by Mon 2025-12-15, closed by Fri 12-19: the party has 15 days to pay."""
    case = a_case(
        "decided", taken("decide", "2025-12-15", "head", source="notified", fine_fen=SMALL), opened_on="2025-12-15"
    )

    plan = planned(case, "closed", "2025-12-15", "2025-12-19")

    assert names(plan) == ["serve", "pay", "close"]
    assert plan.refusals == ()
    assert warned(plan, "plan.counts_on_others")[0].facts["prudent_on"] is None


def test_the_gate_of_a_campaign_is_the_last_day_of_its_work() -> None:
    """Rectifications are ordered until 2018-10-31 in the campaign of Suzhou."""
    case = a_case(
        "verifying", opened_on="2018-09-03", campaigns=(InCampaign(CAMPAIGN, "short_video", day("2018-09-03")),)
    )

    in_time = planned(case, "rechecked", "2018-09-03", "2018-11-20")
    too_late = planned(case, "rechecked", "2018-11-05", "2018-11-20")

    assert (latest(in_time, "order_rectification"), latest(in_time, "recheck")) == ("2018-10-31", "2018-11-20")
    assert codes(in_time.refusals) == []
    assert warned(in_time, "phase.closed")
    assert codes(too_late.refusals) == ["phase.closed"]
    assert [h.name for h in too_late.refusals[0].who_can] == ["supervisor"]


def test_a_right_that_runs_already_bounds_the_step_that_uses_it_and_one_that_is_to_come_does_not() -> None:
    """T1: served 2025-11-10, a hearing can be requested until 11-17. Called Fri 12-19 it can be held on 12-31."""
    runs = planned(notified("2025-11-10"), "heard", "2025-11-10", "2025-12-31")
    to_come = planned(approved("2025-11-10"), "heard", "2025-11-10", "2025-12-31")

    assert (latest(runs, "request_hearing"), latest(runs, "call_hearing")) == ("2025-11-17", "2025-12-19")
    assert [w.facts["due_on"] for w in warned(runs, "right.lapsed")] == ["2025-11-17"]
    assert (latest(to_come, "request_hearing"), latest(to_come, "notify")) == ("2025-12-19", "2025-12-19")
    assert warned(to_come, "right.lapsed") == []


# --- duties -----------------------------------------------------------------------------------------------------------


def test_a_running_duty_takes_days_from_a_goal_that_would_leave_more() -> None:
    """T1: filed Sun 2025-09-28: decide by Sat 12-27, so on Fri 12-26. Served 12-16, the statement ends 12-25."""
    case = approved("2025-10-09", running("decision_limit", "2025-09-28"))

    plan = planned(case, "decided", "2025-11-10", "2026-01-30")
    open_ended = planned(case, "decided", "2025-11-10")

    assert (latest(plan, "notify"), latest(plan, "decide")) == ("2025-12-16", "2025-12-26")
    (duty,) = warned(plan, "plan.duty")
    assert duty.facts == {
        "step": "decide",
        "deadline": "decision_limit",
        "due_on": "2025-12-27",
        "earliest_on": "2025-11-20",
        "begun_by": None,
        "unsure": None,
    }
    assert duty.basis == "行政处罚法（2021年修订）第六十条"
    assert latest(open_ended, "decide") == "2025-12-26"
    assert step_of(plan, "decide").timed.owed_by == day("2025-12-27")


def test_a_duty_that_leaves_more_days_than_the_goal_is_not_mentioned() -> None:
    case = approved("2025-10-09", running("decision_limit", "2025-09-28"))

    plan = planned(case, "decided", "2025-11-10", "2025-11-28")
    just_as_many = planned(case, "decided", "2025-11-10", "2025-12-26")

    assert latest(plan, "notify") == "2025-11-18"  # 19 20 21 24 25 26 27
    assert warned(plan, "plan.duty") == warned(just_as_many, "plan.duty") == []


def test_a_duty_that_can_no_longer_be_met_is_named_and_blocks_nothing() -> None:
    """The last day, Sat 2025-12-27, comes before the first on which the periods of the notice have ended."""
    case = notified("2025-12-22", running("decision_limit", "2025-09-28"))

    plan = planned(case, "decided", "2025-12-22", "2026-01-30")

    assert codes(plan.refusals) == ["plan.duty"]
    assert plan.refusals[0].facts["deadline"] == "decision_limit"
    assert plan.refusals[0].earliest_on == day("2026-01-04")  # statement: 23 24 25 26 29 30 31; 1–3 January off
    assert latest(plan, "decide") == "2026-01-30"
    assert plan.said_en.startswith("to reach decided by 2026-01-30")


def test_a_duty_that_the_way_itself_begins_moves_with_it() -> None:
    """Decided Mon 12-01 it is served by Wed 12-10 (2 3 4 5 8 9 10); decided later, later: no day is lost to it."""
    plan = planned(notified("2025-11-19"), "served", "2025-12-01", "2026-01-30")

    assert (latest(plan, "decide"), latest(plan, "serve")) == ("2026-01-30", "2026-01-30")
    (duty,) = warned(plan, "plan.duty")
    assert duty.facts["begun_by"] == "decide"
    assert duty.facts["due_on"] == "2025-12-10"
    assert [w.facts["deadline"] for w in warned(plan, "plan.also_owed")] == ["publication"]
    assert warned(planned(notified("2025-11-19"), "decided", "2025-12-01"), "plan.also_owed") == []


def test_a_hold_that_lapses_by_itself_is_owed_all_the_same() -> None:
    """T1: evidence preserved Fri 2025-09-26 is decided on by Mon 10-13 (7 wd); the way to the decision does not."""
    plan = planned(approved("2025-09-26", running("evidence_hold", "2025-09-26")), "decided", "2025-09-26")

    assert [w.facts["due_on"] for w in warned(plan, "plan.also_owed")] == ["2025-10-13"]


def test_a_rule_that_nobody_has_confirmed_says_so() -> None:
    """The 7 days of 2018 for serving a decision are from memory (M+)."""
    plan = planned(notified("2018-09-28"), "served", "2018-10-15")

    (duty,) = warned(plan, "plan.duty")
    assert "送达决定书期限（未确认）" in duty.zh
    assert "(unconfirmed)" in duty.en
    assert duty.facts["unsure"] == "M+"


def test_a_paused_duty_and_one_that_is_merely_stopped_take_no_days() -> None:
    limit = running("decision_limit", "2025-09-28")
    pause = Pause(day("2025-11-01"), None, Basis(reason="移送公安"))
    paused = replace(limit, state="paused", course=replace(limit.course, pauses=(pause,)))
    filed = a_case("police_filed", taken("police_file", "2025-11-10"), deadlines=(limit,))

    assert latest(planned(approved("2025-10-09", paused), "decided", "2025-11-10"), "decide") == "None"
    assert latest(planned(filed, "closed", "2025-11-10"), "close") == "None"


# --- what makes it impossible -----------------------------------------------------------------------------------------


def test_a_day_inside_a_waiting_period_is_too_early_and_the_period_is_named() -> None:
    plan = planned(notified("2025-11-10"), "decided", "2025-11-10", "2025-11-18")

    assert plan.reachable
    assert codes(plan.refusals) == ["plan.too_late"]
    refusal = plan.refusals[0]
    assert refusal.facts == {
        "step": "decide",
        "earliest_on": "2025-11-20",
        "latest_on": "2025-11-18",
        "deadline": "hearing_request",
        "deadlines": ["statement_period", "hearing_request"],
        "by": "2025-11-18",
    }
    assert refusal.earliest_on == day("2025-11-20")
    assert "著作权行政处罚实施办法（2009年）第二十七条" in refusal.basis
    assert "陈述申辩期至2025-11-19届满" in refusal.zh
    assert refusal.remedy is not None
    assert refusal.remedy.command == "anjuan case plan suzhou-2018-0001 --to decided --by 2025-11-20"
    assert plan.said_zh == refusal.zh


def test_the_first_day_named_by_a_refusal_can_be_met_and_the_day_before_cannot() -> None:
    refused = planned(concluded("2025-09-22"), "closed", "2025-09-22", "2025-09-30")

    # Served at once, the statement ends Tue 09-30 (23 24 25 26 28 29 30); 1 to 8 October are off.
    assert refused.refusals[0].earliest_on == day("2025-10-09")
    assert codes(planned(concluded("2025-09-22"), "closed", "2025-09-22", "2025-10-09").refusals) == []
    assert codes(planned(concluded("2025-09-22"), "closed", "2025-09-22", "2025-10-08").refusals) == ["plan.too_late"]


def test_a_plan_that_is_too_late_still_tells_when_each_step_would_have_been_due() -> None:
    stated = notified("2025-11-10", more=(taken("state_defence", "2025-11-11", received_on="2025-11-11"),))

    plan = planned(stated, "decided", "2025-11-11", "2025-11-14")

    assert codes(plan.refusals) == ["plan.too_late"]
    assert (latest(plan, "answer_defence"), latest(plan, "decide")) == ("2025-11-14", "2025-11-14")


def test_a_goal_before_the_next_working_day_is_too_early_without_any_period() -> None:
    plan = planned(approved("2025-11-14"), "notified", "2025-11-15", "2025-11-16")  # a weekend

    assert codes(plan.refusals) == ["plan.too_late"]
    assert plan.refusals[0].facts["deadline"] is None
    assert plan.refusals[0].earliest_on == day("2025-11-17")


def test_a_day_that_is_over_is_told_and_the_earliest_days_are_planned_all_the_same() -> None:
    plan = planned(notified("2025-11-10"), "decided", "2025-11-10", "2025-11-07")

    assert codes(plan.refusals) == ["plan.past"]
    assert (earliest(plan, "decide"), latest(plan, "decide")) == ("2025-11-20", "None")


def test_a_state_to_which_nothing_leads_is_unreachable() -> None:
    plan = planned(a_case("verifying"), "complaint", "2018-09-03")

    assert not plan.reachable
    assert (codes(plan.refusals), plan.steps) == (["plan.no_way"], ())


def test_steps_that_do_not_lie_on_any_way_make_it_unreachable() -> None:
    plan = planned(notified("2025-11-10"), "decided", "2025-11-10", None, "close_rectified", "verify")

    assert not plan.reachable
    assert plan.refusals[0].facts["via"] == ["close_rectified", "verify"]


def test_a_case_that_is_there_needs_no_step() -> None:
    plan = planned(notified("2025-11-10"), "notified", "2025-11-10", "2025-11-28")

    assert (plan.reachable, plan.steps, plan.refusals, plan.warnings) == (True, (), (), ())
    assert plan.said_en == "the case is notified now"


def test_what_certainly_stands_against_a_step_stands_against_the_plan() -> None:
    """The turnover reaches the criminal threshold of 50,000 yuan: no plan leads past the referral."""
    case = a_case(
        "concluded",
        taken("file", "2018-09-03", "head"),
        taken("conclude", "2018-09-03", turnover_fen=9_000_000),
        opened_on="2018-09-03",
    )

    plan = planned(case, "decided", "2018-09-03", "2018-11-20")

    assert codes(plan.refusals) == ["referral.owed"]
    assert plan.refusals[0].facts["step"] == "decide"


# --- the way ----------------------------------------------------------------------------------------------------------


def test_steps_taken_on_occasion_stay_out_unless_the_goal_needs_them() -> None:
    assert names(planned(notified("2025-11-10"), "served", "2025-11-10")) == ["decide", "serve"]
    assert names(planned(notified("2025-11-10"), "hearing", "2025-11-10")) == ["request_hearing"]


def test_a_step_that_a_guard_wants_first_is_put_on_the_way() -> None:
    """Until 2021-07-14 every decision is reviewed first, since then after a hearing; a hearing is called before."""
    old, new = concluded("2021-06-01"), concluded("2021-08-02")
    stated = notified("2025-11-10", more=(taken("state_defence", "2025-11-11", received_on="2025-11-11"),))

    assert names(planned(old, "decided", "2021-06-01")) == ["review", "approve_notice", "notify", "decide"]
    assert names(planned(new, "decided", "2021-08-02")) == ["approve_notice", "notify", "decide"]
    assert names(planned(stated, "decided", "2025-11-11")) == ["answer_defence", "decide"]
    assert names(planned(notified("2025-11-10"), "decided", "2025-11-10", None, "hold_hearing")) == [
        "request_hearing",
        "call_hearing",
        "hold_hearing",
        "review",
        "decide",
    ]


def test_a_named_step_is_passed_in_its_place() -> None:
    case = a_case("verifying", opened_on="2018-09-03")

    assert names(planned(case, "closed", "2018-09-03", None, "order_rectification")) == [
        "order_rectification",
        "recheck",
        "close_rectified",
    ]
    assert "discuss" in names(planned(notified("2025-11-10"), "served", "2025-11-10", None, "discuss"))


def test_without_named_steps_the_usual_line_is_taken_and_a_shorter_one_is_told() -> None:
    case = a_case("verifying", opened_on="2018-09-03")

    usual, shortest = planned(case, "closed", "2018-09-03"), planned(case, "closed", "2018-09-03", usually=False)

    assert "pay" in names(usual)
    assert names(shortest) == ["order_rectification", "recheck", "close_rectified"]
    (told,) = warned(usual, "plan.usual_line")
    assert told.facts["shorter"] == names(shortest)
    assert told.remedy is not None
    assert str(told.remedy.command).endswith("--to closed --via order_rectification")
    assert warned(planned(notified("2025-11-10"), "closed", "2025-11-10"), "plan.usual_line") == []


def test_a_case_on_which_rectification_was_ordered_is_planned_to_its_re_check() -> None:
    """The day in our own order is not the time of others: it may be re-checked before."""
    limit, version = law().limits["rectification"], law().limit_on("rectification", day("2018-09-03"))
    assert version is not None
    set_days = {"started_on": day("2018-09-03"), "fixed_on": day("2018-09-28")}
    ordered = new_deadline(limit, version, "rectification", "", law().calendar, **set_days)
    case = a_case(
        "rectifying",
        taken("order_rectification", "2018-09-03", "lead"),
        opened_on="2018-09-03",
        deadlines=(ordered,),
    )

    plan = planned(case, "closed", "2018-09-03", "2018-09-20")

    assert names(plan) == ["recheck", "close_rectified"]
    assert [limit.deadline.id for limit in plan.steps[0].timed.stage.ends] == ["rectification"]
    assert warned(plan, "plan.counts_on_others") == []


def test_a_period_that_an_order_is_going_to_set_is_told_as_not_counted() -> None:
    case = a_case("verifying", opened_on="2018-09-03")

    plan = planned(case, "rechecked", "2018-09-03")

    assert warned(plan, "plan.not_counted")[0].facts["step"] == "order_rectification"


def test_a_plan_says_that_it_counts_on_service_in_person() -> None:
    (told,) = warned(planned(approved("2025-11-10"), "decided", "2025-11-10"), "plan.assumed")

    assert told.facts == {
        "step": "notify",
        "answer": "served_how",
        "assumed": "person",
        "slower": ["public_notice"],
    }


# --- who, and how sure ------------------------------------------------------------------------------------------------


def test_a_step_names_the_roles_and_the_people_who_may_take_it() -> None:
    """Whoever reviewed or investigated may not decide."""
    case = notified("2025-11-10", more=(taken("discuss", "2025-11-11", "head"),))

    step = step_of(planned(case, "decided", "2025-11-10"), "decide")
    barred = replace(case, trail=(*case.trail, replace(case.trail[0], step="investigate", actor="head", seq=99)))

    assert (list(step.roles), [h.name for h in step.who_can]) == (["head"], ["head"])
    assert codes(tuple(warned(planned(barred, "decided", "2025-11-10"), "plan.nobody"))) == ["plan.nobody"]


def test_days_of_a_year_without_published_holidays_are_provisional_and_so_is_what_follows_from_them() -> None:
    assert not law().calendar.is_published(2027)

    plan = planned(approved("2026-12-21"), "decided", "2026-12-21", "2027-01-06")
    before = planned(approved("2026-12-01"), "decided", "2026-12-01", "2026-12-25")

    assert latest(plan, "notify") == "2026-12-25"  # counted back from a day of 2027
    assert [step.latest_provisional for step in plan.steps] == [True, True]
    assert [step.earliest_provisional for step in plan.steps] == [False, False]
    assert [step["provisional"] for step in plan.document()["steps"]] == [True, True]
    assert warned(plan, "plan.provisional")[0].facts["years"] == [2027]
    assert [step.latest_provisional for step in before.steps] == [False, False]
    assert warned(before, "plan.provisional") == []


def test_a_plan_as_a_document_has_the_promised_keys() -> None:
    document = planned(approved("2025-11-10"), "decided", "2025-11-10", "2025-11-28").document()

    assert {"reachable", "steps", "refusals"} <= set(document)
    notify, decide = document["steps"]
    assert {"step", "by", "earliest_on", "latest_on"} <= set(decide)
    assert (notify["step"], notify["by"], notify["latest_on"]) == ("notify", ["handler"], "2025-11-18")
    assert decide["waits_for"][0] == {
        "deadline": "statement_period",
        "nature": "right",
        "zh": "陈述申辩期",
        "en": "Period for statement and defence",
        "started_on": "2025-11-10",
        "due_on": "2025-11-19",
        "begun_by": "notify",
        "provisional": False,
        "basis": "著作权行政处罚实施办法（2009年）第二十七条",
        "confidence": "V2",
        "unconfirmed": False,
        "unsure": None,
    }


# --- whatever the case and the days -----------------------------------------------------------------------------------


def end_of_periods(served_on: date, *, by_law_of: date) -> date:
    """The last day of both periods of a notice, from the rules and not from a plan."""
    ends = []
    for rule in ("statement_period", "hearing_request"):
        version = law().limit_on(rule, by_law_of)
        assert version is not None
        ends.append(new_deadline(law().limits[rule], version, rule, "", law().calendar, started_on=served_on).due_on)
    return max(ends)


FIRST_DAY = day("2018-01-02").toordinal()


@settings(max_examples=60, deadline=None)
@given(
    start=st.integers(0, 2900),
    ahead=st.integers(0, 70),
    state=st.sampled_from(["concluded", "notice_approved"]),
    goal=st.sampled_from(["decided", "served", "closed"]),
)
def test_days_are_in_order_and_a_feasible_plan_has_room_for_every_step(
    start: int, ahead: int, state: str, goal: str
) -> None:
    today = date.fromordinal(FIRST_DAY + start)
    by = today + timedelta(days=ahead)
    case = concluded(str(today)) if state == "concluded" else approved(str(today))

    plan = planned(case, goal, str(today), str(by))

    rows = [step.timed for step in plan.steps]
    first, last = [row.earliest_on for row in rows], [row.latest_on for row in rows]
    assert first == sorted(first)
    assert all(day is not None for day in last)
    assert last == sorted(day for day in last if day is not None)
    feasible = first[-1] <= by
    assert ("plan.too_late" in codes(plan.refusals)) is not feasible
    if feasible:
        assert all(row.earliest_on <= row.latest_on for row in rows if row.latest_on is not None)


@settings(max_examples=60, deadline=None)
@given(start=st.integers(0, 2900), ahead=st.integers(15, 60))
def test_the_latest_notice_is_just_early_enough(start: int, ahead: int) -> None:
    """By the rules themselves: on its last day the periods end before the decision, a working day later they do not."""
    today = date.fromordinal(FIRST_DAY + start)
    plan = planned(approved(str(today)), "decided", str(today), str(today + timedelta(days=ahead)))

    served, decided = (step_of(plan, name).timed.latest_on for name in ("notify", "decide"))
    assert served is not None
    assert decided is not None
    next_on = law().calendar.add(served, 1)
    assert end_of_periods(served, by_law_of=served) < decided
    assert next_on > decided or end_of_periods(next_on, by_law_of=next_on) >= decided


# --- the way in other workflows ---------------------------------------------------------------------------------------


@pytest.fixture
def small_guards() -> Iterator[None]:
    """Guards of a made-up workflow: one wants a step first, one wants another only where nothing is paid."""
    guards = dict(GUARDS)

    @guard
    def signed(case: CaseView, attempt: Attempt) -> Refusal | None:
        return None if case.last("sign") else _wants("sign")

    @guard
    def reminded_when_free(case: CaseView, attempt: Attempt) -> Refusal | None:
        return _wants("remind") if attempt.answers.get("fee_fen") == 0 else None

    yield
    for name in set(GUARDS) - set(guards):
        del GUARDS[name]


def _wants(step: str) -> Refusal:
    return Refusal(f"{step}.first", "先", "first", remedy=Remedy("先", "first", f"anjuan case why x {step}"))


def small_workflow(**steps: dict[str, Any]) -> Workflow:
    words = {"zh": "词", "en": "word"}
    shown = {name: {**words, "stage": "a"} for name in ("begun", "waiting", "ready", "done")}
    made = {name: {**words, "by": ["head"], **step} for name, step in steps.items()}
    return Workflow(
        definition_from(
            {
                "workflow": "small",
                **words,
                "roles": {"head": words},
                "open": {"to": "begun", "by": ["head"], "title": "title"},
                "states": shown,
                "steps": made,
            }
        ),
        "",
    )


def planned_small(workflow: Workflow, to: str) -> Plan:
    around = Surroundings(PEOPLE, law(), {}, end_of_day(day("2025-11-10")))
    return plan_of(workflow, a_case("begun", opened_on="2025-11-10"), Aim(to), PEOPLE.person("head"), around)


@pytest.mark.usefixtures("small_guards")
def test_only_what_is_wanted_whatever_the_amount_is_put_on_the_way() -> None:
    fee = {"fee_fen": {"type": "money", "zh": "费", "en": "fee"}}
    workflow = small_workflow(
        sign={"from": "begun", "to": "same"},
        remind={"from": "begun", "to": "same"},
        finish={"from": "begun", "to": "done", "ask": fee, "require": ["signed", "reminded_when_free"]},
    )

    plan = planned_small(workflow, "done")

    assert names(plan) == ["sign", "finish"]
    assert plan.refusals == ()


def test_what_happens_by_itself_is_on_no_way() -> None:
    workflow = small_workflow(
        expire={"from": "begun", "to": "done", "by": [], "on_expiry": "public_notice_service"},
        prepare={"from": "begun", "to": "ready"},
        finish={"from": "ready", "to": "done"},
    )

    assert names(planned_small(workflow, "done")) == ["prepare", "finish"]
