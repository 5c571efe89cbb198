"""The main line keeps what contract.md §3 promises: steps, ways, roles, answers, rule ids, codes."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest

from engine.definitions import Definition, Target, arcs_of
from engine.limit_checks import shipped_time_limits
from workflows.definition_files import DEFINITIONS, MEASURES, read_definition

HEARING_REVIEW = {"concluded": {"reviewed", "investigating"}, "heard": {"heard_reviewed", "investigating"}}
# A review that should have come before the notice is made up for before the decision.
# A case may also end where the printed table has no state for it.
# A penalty that later turns out to be criminal.
LATER_CRIMINAL = {"served", "executed"}
ADDED_SOURCES = {
    "review": {"notified"},
    # Who pays while his case is with the police or the court has paid all the same.
    "pay": {"court_enforcement", "referral_proposed", "referral_approved", "referred", "police_filed", "police_refused"}
    | {"referral_reconsideration", "supervision_requested", "criminal_outcome"},
    "complete": {"court_enforcement"},
    "propose_referral": LATER_CRIMINAL,
    "police_file": {"supervision_requested"},
    "return_to_penalty": {"referral_reconsideration", "supervision_requested"},
    "close": {"transferred_out", "merged", "terminated", "quashed", "criminal_outcome", "execution_ended"},
}
SAME_IN_DEFENCE = ("notified", "hearing", "heard", "heard_reviewed")
BEFORE_NOTICE = ("concluded", "reviewed", "notified", "heard_reviewed")
REFERRABLE = ("verifying", "investigating", "concluded", "reviewed", "notified", "heard_reviewed")


def each(sources: tuple[str, ...] | str, dest: str) -> dict[str, set[str]]:
    names = (sources,) if isinstance(sources, str) else sources
    return {source: {source if dest == "same" else dest} for source in names}


# step: from -> to, role, answers, as printed in the table of contract §3
TABLE: dict[str, tuple[dict[str, set[str]], str, str]] = {
    "receive_materials": (each("complaint", "same"), "handler", "materials_complete_on"),
    "accept": (each("complaint", "accepted"), "lead", ""),
    "refuse": (each("complaint", "not_accepted"), "lead", "ground"),
    "verify": (each(("lead", "accepted"), "verifying"), "lead", "officers"),
    "interview": (each(("verifying", "interviewed"), "interviewed"), "lead", "officers met_on minutes"),
    "order_rectification": (each(("verifying", "interviewed"), "rectifying"), "lead", "items rectify_by"),
    "recheck": (each("rectifying", "rechecked"), "handler", "officers result links_removed"),
    "close_rectified": (each("rechecked", "closed"), "lead", ""),
    "decline_filing": (each(("verifying", "interviewed", "rechecked"), "not_filed"), "head", "ground"),
    "file": (each(("verifying", "interviewed", "rechecked"), "filed"), "head", "public_interest"),
    "investigate": (each("filed", "investigating"), "lead", "officers"),
    "conclude": (
        each("investigating", "concluded"),
        "handler",
        "officers turnover_fen gains_fen copies links works proposal",
    ),
    "review": (HEARING_REVIEW, "reviewer", "opinion"),
    "discuss": (each(BEFORE_NOTICE, "same"), "head", "members minutes discussed_on"),
    "approve_notice": (each(BEFORE_NOTICE, "notice_approved"), "head", "proposed_fine_fen proposed_confiscation_fen"),
    "notify": (each("notice_approved", "notified"), "handler", "officers served_on served_how proof"),
    "state_defence": (each(SAME_IN_DEFENCE, "same"), "handler", "received_on late_ground"),
    "answer_defence": (each(SAME_IN_DEFENCE, "same"), "handler", "officers accepted reasons"),
    "request_hearing": (each("notified", "hearing"), "handler", "requested_on late_ground"),
    "call_hearing": (each("hearing", "same"), "hearing_officer", "hearing_on notice_served_on"),
    "hold_hearing": (each("hearing", "heard"), "hearing_officer", "held_on"),
    "end_hearing": (each("hearing", "notified"), "hearing_officer", "ground"),
    "waive_rights": (each("notified", "same"), "handler", "waived signed_on"),
    "decide": (
        each(("notified", "heard_reviewed"), "decided"),
        "head",
        "fine_fen confiscated_fen copies_confiscated measures",
    ),
    "decide_no_penalty": (each(BEFORE_NOTICE, "no_penalty"), "head", "ground"),
    "serve": (each(("decided", "no_penalty"), "served"), "handler", "officers served_on served_how proof"),
    "pay": ({"served": {"executed", "served"}}, "finance", "paid_on paid_fen for voucher"),
    "complete": (each("served", "executed"), "handler", ""),
    "propose_referral": (each(REFERRABLE, "referral_proposed"), "handler", "officers amount_fen offence"),
    "approve_referral": (each("referral_proposed", "referral_approved"), "head", "approved_at"),
    "refuse_referral": ({"referral_proposed": set(REFERRABLE)}, "head", "ground"),
    "hand_over": (each("referral_approved", "referred"), "handler", "officers handed_at receipt"),
    "police_file": (each("referred", "police_filed"), "police", "notice_on"),
    "police_refuse": (each("referred", "police_refused"), "police", "notice_on"),
    "return_to_penalty": ({"police_refused": set(REFERRABLE)}, "head", ""),
    "close": (
        each(("executed", "police_filed", "not_accepted", "not_filed", "served"), "closed"),
        "head",
        "result outcome",
    ),
    "archive": (each("closed", "archived"), "archivist", ""),
    "reopen": ({s: {"investigating", "verifying"} for s in ("closed", "archived")}, "head", "ground"),
}
CHOICES = {
    ("refuse", "ground"): "no_jurisdiction out_of_time no_proof already_decided private_dispute",
    ("recheck", "result"): "done partly not_done",
    ("review", "opinion"): "pass return",
    ("notify", "served_how"): "person left post entrusted electronic public_notice",
    ("serve", "served_how"): "person left post entrusted electronic public_notice",
    ("end_hearing", "ground"): "withdrawn absent",
    ("waive_rights", "waived"): "statement hearing both",
    ("decide", "measures"): "stop warning confiscate_gains confiscate_copies confiscate_tools fine",
    ("decide_no_penalty", "ground"): "minor_corrected first_minor no_fault not_established",
    ("pay", "for"): "fine confiscation late_fee",
    ("refuse_referral", "ground"): "no_profit_purpose act_not_listed amount_not_proved",
    ("close", "result"): "penalty_executed no_penalty not_established rectified not_filed not_accepted transferred "
    "referred mediated terminated",
    ("close", "outcome"): "sentenced not_prosecuted dropped pending",
}
RULES = [
    "complaint_decision",
    "rectification",
    "statement_period",
    "hearing_request",
    "hearing_notice",
    "decision_limit",
    "service_of_decision",
    "payment",
    "publication",
    "reconsideration",
    "suit",
    "referral_decision",
    "hand_over",
    "police_answer",
    "police_reconsideration",
    "goods_handover",
]
CODES = [
    "phase.closed",
    "role.missing",
    "duty.same_person",
    "officers.two",
    "officers.certificate",
    "wait.running",
    "right.lapsed",
    "right.none",
    "defence.unanswered",
    "limitation.passed",
    "public_interest.missing",
    "fine.outside_band",
    "fine.above_notice",
    "review.required",
    "discussion.required",
    "referral.owed",
    "execution.open",
    "children.open",
    "answer.missing",
    "answer.invalid",
    "date.before_previous",
    "date.in_future",
    "state.wrong",
    "phase.after",
    "duty.overdue",
]


@functools.cache
def main_line() -> Definition:
    natures = {limit.id: limit.nature for limit in shipped_time_limits().values()}
    return read_definition(DEFINITIONS / "case.yaml", natures)


@pytest.mark.parametrize("step", TABLE)
def test_a_step_leads_from_where_to_where_it_says(step: str) -> None:
    found: dict[str, set[str]] = {}
    for source, dest in arcs_of(main_line(), step):
        found.setdefault(source, set()).add(dest)

    # The printed table is the least: what leads on from its states is exact, other states may be added.
    back = LATER_CRIMINAL if step in {"refuse_referral", "return_to_penalty"} else set()
    assert {source: found[source] - back for source in TABLE[step][0]} == TABLE[step][0]
    assert set(found) - set(TABLE[step][0]) == ADDED_SOURCES.get(step, set())


@pytest.mark.parametrize("step", TABLE)
def test_a_step_is_taken_by_the_printed_role_and_asks_the_printed_answers(step: str) -> None:
    said = main_line().steps[step]

    printed = TABLE[step][2].split()
    assert said.by == (TABLE[step][1],)
    assert [name for name in said.ask if name in printed] == printed
    # Whoever fills in what is printed can take the step: whatever else is asked may stay empty.
    assert all(said.ask[name].optional for name in said.ask if name not in printed)


@pytest.mark.parametrize(("step", "answer"), CHOICES)
def test_an_answer_offers_the_printed_choices(step: str, answer: str) -> None:
    printed = CHOICES[step, answer].split()

    assert list(main_line().steps[step].ask[answer].choices)[: len(printed)] == printed


def test_a_case_opens_as_complaint_or_lead_and_asks_the_printed_answers() -> None:
    opening = main_line().open

    where: Target = opening.to
    assert where == {"source": {"complaint": "complaint", "otherwise": "lead"}}
    assert "handler" in opening.by
    printed = ["source", "title", "work", "respondent", "respondent_kind", "urls", "ended_on", "materials_complete_on"]
    sources = ["complaint", "report", "patrol", "monitoring", "superior", "transfer", "self_inspection"]
    assert [name for name in opening.ask if name in printed] == printed
    assert all(opening.ask[name].optional for name in opening.ask if name not in printed)
    assert list(opening.ask["source"].choices)[: len(sources)] == sources
    assert list(opening.ask["respondent_kind"].choices) == ["person", "unit"]


def test_what_may_stay_empty_is_optional() -> None:
    """Contract §3: `turnover_fen` (empty: unknown), `ended_on` (empty: goes on)."""
    steps = main_line().steps

    assert steps["conclude"].ask["turnover_fen"].optional
    assert main_line().open.ask["ended_on"].optional
    assert not steps["decide"].ask["fine_fen"].optional


@pytest.mark.parametrize("rule", RULES)
def test_every_promised_rule_is_started_by_a_step_or_the_opening(rule: str) -> None:
    started = {s.rule for step in main_line().steps.values() for s in step.start}
    started |= {s.rule for s in main_line().open.start}

    assert rule in started
    assert rule in shipped_time_limits()


def test_the_columns_of_the_statistics_are_fed_by_the_steps_that_the_law_names() -> None:
    """case-lifecycle §6: filed at filing, penalties and fines at the decision, referrals at the hand-over."""
    counted: dict[str, set[str]] = {}
    for name, step in main_line().steps.items():
        for measure in step.count:
            counted.setdefault(measure, set()).add(name)

    # Beside the steps printed: the penalty on the spot (T52), and corrections (T05, T72).
    assert counted == {
        "links_removed": {"recheck"},
        "filed": {"file", "decide_on_spot", "transfer_out", "transfer_back"},
        "penalties": {"decide", "decide_on_spot", "set_aside"},
        "fines_fen": {"decide", "decide_on_spot", "set_aside"},
        "copies_seized": {"decide"},
        "referrals": {"hand_over"},
        "referred_fen": {"hand_over"},
    }
    assert set(counted) <= set(MEASURES)


def test_every_state_and_step_has_a_name_in_both_languages() -> None:
    named = [*main_line().states.values(), *main_line().steps.values(), *main_line().roles.values()]

    assert all(words.zh.strip() and words.en.strip() for words in named)


@pytest.mark.parametrize("code", CODES)
def test_every_promised_code_is_met_by_a_test(code: str) -> None:
    """A code that no test has seen raised is a promise that nobody keeps."""
    tests = Path(__file__).parents[1]
    texts = [p.read_text(encoding="utf-8") for p in tests.rglob("test_*.py") if p.name != Path(__file__).name]

    assert any(f'"{code}"' in text for text in texts)
