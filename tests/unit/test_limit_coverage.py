"""Every row of the reference of legal deadlines is there: as a time limit, or as a guard that has no time of its own.

The tables are written by hand from sections 1 and 3 to 7 of the project's reference of legal deadlines, never from the
data files: a slip of the pen in `data/time_limits` shows here.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import pytest

from engine.definitions import Definition
from engine.guards import CONDITIONS, GUARDS
from engine.limit_checks import shipped_time_limits
from engine.time_limits import LimitVersion
from workflows import guards
from workflows.definition_files import DEFINITIONS, read_definition
from workflows.shipped import shipped_parameters

guards.known()
LIMITS = shipped_time_limits()


# --- code of the reference -> limits ----------------------------------------------------------------------------------

IDS_OF_CODE: dict[str, tuple[str, ...]] = {
    "F1": ("limitation",),
    "F2": ("complaint_decision",),
    "F3": ("refusal_reasons",),
    "F4": ("urgent_filing",),
    "F5": ("filing",),
    "F6": ("jurisdiction_transfer",),
    "F7": ("officer_withdrawal",),
    "F9": ("report_answer",),
    "E1": ("evidence_hold",),
    "E3": ("seizure",),
    "E4": ("emergency_approval",),
    "E5": ("information_request",),
    "E6": ("burden_of_proof",),
    "E7": ("assistance_request",),
    "P2": ("statement_period",),
    "P2a": ("statement_period_public_notice",),
    "P4": ("hearing_request",),
    "P5": ("hearing_notice",),
    "P11": ("decision_limit",),
    "P12": ("service_of_decision",),
    "P13": ("public_notice_service", "public_notice_service_abroad"),
    "P14": ("electronic_service",),
    "P15": ("publication", "publication_general"),
    "P16": ("publication_withdrawal",),
    "P18": ("yearly_statistics",),
    "X1": ("payment",),
    "X3": ("late_fee_thirty_days",),
    "X4": ("reconsideration", "reconsideration_longest"),
    "X5": ("reconsideration_acceptance",),
    "X6": ("reconsideration_reply", "reconsideration_reply_simplified"),
    "X7": ("reconsideration_outcome", "reconsideration_outcome_simplified"),
    "X8": ("suit", "suit_after_reconsideration", "suit_longest"),
    "X9": ("court_defence",),
    "X10": ("demand_wait",),
    "X11": ("court_enforcement",),
    "X12": ("court_acceptance", "court_ruling", "court_refusal_review"),
    "X16": ("spot_fine_to_authority", "spot_fine_to_bank"),
    "K1": ("referral_team",),
    "K2": ("referral_decision",),
    "K3": ("hand_over",),
    "K6": ("police_receipt",),
    "K7": ("police_papers_request", "referral_supplement"),
    "K8": ("police_answer",),
    "K9": ("police_reconsideration",),
    "K10": ("police_reconsideration_outcome",),
    "K11": ("procuratorate_request",),
    "K12": ("police_explanation", "police_filing_on_notice"),
    "K13": ("procuratorate_reasons",),
    "K14": ("goods_handover",),
    "K15": ("penalty_resumption",),
    "K16": ("reverse_referral_answer",),
}
# Set by the order, the letter or the judgment itself, no row of the reference.
BESIDE_THE_REFERENCE = {"rectification", "lead_feedback", "redo_period"}


class Lives(NamedTuple):
    """Where a row without a time of its own is kept, or which later work brings it."""

    guards: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    later: str = ""


WITHOUT_TIME: dict[str, Lives] = {
    "F8": Lives(guards=("two_officers", "valid_certificates"), parameters=("two_officers",)),
    "E1a": Lives(later="the steps that hold and release evidence"),
    "E2": Lives(guards=("approved_before",), parameters=("evidence_approval",)),
    "E8": Lives(later="review of the file: evidence of monitoring equipment"),
    "P1": Lives(guards=("waited",), parameters=("prior_notice",), steps=("approve_notice", "notify")),
    "P3": Lives(guards=("defences_answered", "not_above_notice"), parameters=("defence",)),
    "P6": Lives(steps=("call_hearing", "hold_hearing")),  # by `not_by`
    "P7": Lives(guards=("absence_after_notice",), steps=("end_hearing",)),
    "P8": Lives(guards=("hearing_right", "hearing_right_given"), parameters=("hearing_right",)),
    "P9": Lives(guards=("reviewed_as_required",), parameters=("legal_review",)),
    "P10": Lives(guards=("discussed_as_required",), parameters=("collective_discussion",)),
    "P17": Lives(guards=("within_on_spot_limits",), parameters=("on_spot",), steps=("decide_on_spot",)),
    "X2": Lives(parameters=("late_fee",)),
    "X13": Lives(later="enforcement by the court as a child case"),
    "X14": Lives(later="reconsideration and suit as child cases; nothing stops the execution meanwhile"),
    "X15": Lives(later="custody and destruction of confiscated goods"),
    "K4": Lives(steps=("refuse_referral",)),  # asks the ground
    "K5": Lives(later="papers of a referral"),
    "K17": Lives(guards=("referral_not_owed",)),
    "K18": Lives(steps=("hand_over_goods",), later="the party is told in writing: papers"),
}


def codes_of_the_reference() -> set[str]:
    last = {"F": 9, "E": 8, "P": 18, "X": 16, "K": 18}
    return {"E1a", "P2a"} | {f"{letter}{number}" for letter, n in last.items() for number in range(1, n + 1)}


def the_case() -> Definition:
    return read_definition(DEFINITIONS / "case.yaml", {limit.id: limit.nature for limit in LIMITS.values()})


def test_every_code_of_the_reference_is_a_limit_or_lives_elsewhere() -> None:
    assert IDS_OF_CODE.keys() | WITHOUT_TIME.keys() == codes_of_the_reference()
    assert IDS_OF_CODE.keys() & WITHOUT_TIME.keys() == set()


def test_every_limit_belongs_to_one_row() -> None:
    claimed = [rule for rules in IDS_OF_CODE.values() for rule in rules]

    assert len(claimed) == len(set(claimed))
    assert set(claimed) | BESIDE_THE_REFERENCE == LIMITS.keys()


@pytest.mark.parametrize("code", WITHOUT_TIME)
def test_a_row_without_time_is_where_the_table_says(code: str) -> None:
    lives = WITHOUT_TIME[code]

    assert any(lives)
    assert set(lives.guards) <= GUARDS.keys() | CONDITIONS.keys()
    assert set(lives.parameters) <= shipped_parameters().keys()
    assert set(lives.steps) <= the_case().steps.keys()


def test_whoever_investigates_never_presides_over_the_hearing() -> None:
    """P6 lives in `not_by` alone."""
    assert all("investigate" in the_case().steps[step].not_by for step in WITHOUT_TIME["P6"].steps)


# --- what the law says on three days ----------------------------------------------------------------------------------


def said(version: LimitVersion) -> str:
    """`+15cd>` is fifteen calendar days, moved on when they end on a rest day."""
    if version.none:
        return "none"
    if version.unstated:
        return "unstated"
    if version.fixed:
        return "fixed"
    signs = {"none": "", "next": ">", "previous": "<"}
    readings = " or ".join(f"{reading.length}{signs[reading.roll]}" for reading in version.readings)
    return f"{readings}: {version.pick}" if version.pick else readings


# On 2025-10-01: nature, what the law says, confidence (columns Nature, Length, Conf. of the reference).
TODAY: dict[str, tuple[str, str, str]] = {
    "limitation": ("bar", "+2yr", "V1"),
    "complaint_decision": ("duty", "+15cd or +15cd>: earlier", "M+"),
    "refusal_reasons": ("duty", "unstated", "M+"),
    "urgent_filing": ("duty", "+7cd or +7wd: earlier", "M+"),
    "filing": ("duty", "unstated", "V1"),
    "jurisdiction_transfer": ("duty", "unstated", "V1"),
    "officer_withdrawal": ("duty", "unstated", "V1"),
    "report_answer": ("duty", "unstated", "M-"),
    "rectification": ("other_body", "fixed", "practice"),
    "lead_feedback": ("other_body", "fixed", "practice"),
    "redo_period": ("duty", "fixed", "practice"),
    "evidence_hold": ("automatic", "+7wd", "V1"),
    "seizure": ("automatic", "+30cd", "V1"),
    "emergency_approval": ("duty", "+24h", "V1"),
    "information_request": ("other_body", "fixed", "V1"),
    "burden_of_proof": ("right", "fixed", "V1"),
    "assistance_request": ("other_body", "unstated", "V1"),
    "statement_period": ("right", "+7cd> or +7wd: later", "V2"),
    "statement_period_public_notice": ("right", "+30cd>", "V2"),
    "hearing_request": ("right", "+5wd", "V1"),
    "hearing_notice": ("waiting", "+7wd", "V1"),
    "decision_limit": ("duty", "+90cd", "V1"),
    "service_of_decision": ("duty", "+7wd", "V1"),
    "public_notice_service": ("automatic", "+30cd or +30cd>: later", "V1"),
    "public_notice_service_abroad": ("automatic", "+60cd or +60cd>: later", "V1"),
    "electronic_service": ("automatic", "unstated", "V1"),
    "publication": ("duty", "+20wd", "V2"),
    "publication_general": ("duty", "+7wd", "M+"),
    "publication_withdrawal": ("duty", "+3wd", "V1"),
    "yearly_statistics": ("duty", "unstated", "M+"),
    "payment": ("other_body", "+15cd>", "V1"),
    "late_fee_thirty_days": ("waiting", "+30cd", "V1"),
    "reconsideration": ("right", "+60cd>", "V1"),
    "reconsideration_longest": ("bar", "+5yr", "V1"),
    "reconsideration_acceptance": ("other_body", "+5wd", "V1"),
    "reconsideration_reply": ("duty", "+10wd", "V1"),
    "reconsideration_reply_simplified": ("duty", "+5wd", "V1"),
    "reconsideration_outcome": ("other_body", "+60cd>", "V1"),
    "reconsideration_outcome_simplified": ("other_body", "+30cd>", "V1"),
    "suit": ("right", "+6mo>", "V1"),
    "suit_after_reconsideration": ("right", "+15cd>", "V1"),
    "suit_longest": ("bar", "+5yr", "V1"),
    "court_defence": ("duty", "+15cd or +15cd>: earlier", "V1"),
    "demand_wait": ("waiting", "+10wd", "V1"),
    "court_enforcement": ("bar", "+3mo", "V1"),
    "court_acceptance": ("other_body", "+5wd", "V1"),
    "court_ruling": ("other_body", "+7wd", "V1"),
    "court_refusal_review": ("right", "+15cd>", "V1"),
    "spot_fine_to_authority": ("duty", "+2wd", "V1"),
    "spot_fine_to_bank": ("duty", "+2wd", "V1"),
    "referral_team": ("duty", "unstated", "V1"),
    "referral_decision": ("duty", "+3cd", "V1"),
    "hand_over": ("duty", "+24h", "V1"),
    "police_receipt": ("other_body", "+24h", "V1"),
    "police_papers_request": ("other_body", "+24h", "V1"),
    "referral_supplement": ("duty", "+3cd", "V1"),
    "police_answer": ("other_body", "+3cd>", "V1"),
    "police_reconsideration": ("right", "+3cd", "V1"),
    "police_reconsideration_outcome": ("other_body", "+3cd>", "V1"),
    "procuratorate_request": ("right", "+3cd", "V1"),
    "police_explanation": ("other_body", "+7cd>", "V1"),
    "police_filing_on_notice": ("other_body", "+15cd>", "V1"),
    "procuratorate_reasons": ("other_body", "+10cd>", "V1"),
    "goods_handover": ("duty", "+3cd", "V1"),
    "penalty_resumption": ("duty", "unstated", "V1"),
    "reverse_referral_answer": ("duty", "+2mo", "V2"),
}
# What differed on 2018-10-01 (Suzhou campaign; Penalty Law of 1996 as amended 2017, Reconsideration Law of 2017).
IN_2018: dict[str, str] = {
    "filing": "none",
    "officer_withdrawal": "none",
    "evidence_hold": "+7cd or +7cd>: earlier",
    "hearing_request": "+3cd>",
    "hearing_notice": "+7cd>",
    "decision_limit": "none",
    "service_of_decision": "+7cd",
    "public_notice_service": "+60cd or +60cd>: later",
    "public_notice_service_abroad": "none",
    "publication_general": "none",
    "publication_withdrawal": "none",
    "reconsideration_longest": "none",
    "reconsideration_reply": "+10cd or +10cd>: earlier",
    "reconsideration_reply_simplified": "none",
    "reconsideration_outcome_simplified": "none",
    "suit": "+3mo>",
    "spot_fine_to_authority": "none",
    "spot_fine_to_bank": "none",
    "police_papers_request": "none",
    "referral_supplement": "none",
    "police_explanation": "none",
    "police_filing_on_notice": "none",
    "procuratorate_reasons": "none",
    "reverse_referral_answer": "none",
}
# What differed again on 2011-10-01: before the laws on compulsion (2012) and suits (2015), before 国发〔2014〕6号.
IN_2011: dict[str, str] = {
    "report_answer": "none",
    "seizure": "none",
    "emergency_approval": "none",
    "information_request": "none",
    "electronic_service": "none",
    "publication": "none",
    "late_fee_thirty_days": "none",
    "suit_after_reconsideration": "none",
    "suit_longest": "none",
    "court_defence": "none",
    "demand_wait": "none",
    "court_enforcement": "none",
    "court_acceptance": "none",
    "court_ruling": "none",
    "court_refusal_review": "none",
}


def law_on(on: date) -> dict[str, str]:
    return {rule: said(limit.version_on(on)) for rule, limit in LIMITS.items()}


def test_natures_lengths_and_confidence_are_those_of_the_reference() -> None:
    today = date(2025, 10, 1)

    found = {
        rule: (limit.nature, said(limit.version_on(today)), limit.version_on(today).confidence)
        for rule, limit in LIMITS.items()
    }

    assert found == TODAY


def test_the_law_of_2018_stands_beside_it() -> None:
    expected = {rule: length for rule, (_, length, _) in TODAY.items()} | IN_2018

    assert law_on(date(2018, 10, 1)) == expected


def test_the_law_of_2011_stands_beside_it() -> None:
    expected = {rule: length for rule, (_, length, _) in TODAY.items()} | IN_2018 | IN_2011

    assert law_on(date(2011, 10, 1)) == expected


def test_a_version_between_those_days_is_there_too() -> None:
    """P13 abroad: three months under the Civil Procedure Law of 2021, sixty days only since that of 2023."""
    assert law_on(date(2023, 10, 1))["public_notice_service_abroad"] == "+3mo or +3mo>: later"


# First days of the versions after the first (section 1; the days of the police and procuratorate rules were looked up).
CHANGES: dict[str, str] = {
    "2009-06-15": "refusal_reasons urgent_filing jurisdiction_transfer burden_of_proof assistance_request "
    "yearly_statistics",
    "2012-01-01": "seizure emergency_approval late_fee_thirty_days demand_wait court_enforcement court_acceptance "
    "court_ruling court_refusal_review",
    "2013-01-01": "report_answer",
    "2013-03-01": "information_request",
    "2014-06-01": "publication",
    "2015-05-01": "suit_after_reconsideration suit_longest court_defence",
    "2018-01-01": "electronic_service",
    "2019-01-01": "publication_general",
    "2019-12-30": "police_explanation police_filing_on_notice procuratorate_reasons",
    "2020-09-01": "police_papers_request referral_supplement",
    "2021-06-01": "suit burden_of_proof",
    "2021-07-15": "limitation filing jurisdiction_transfer officer_withdrawal evidence_hold assistance_request "
    "hearing_request hearing_notice decision_limit service_of_decision electronic_service publication_withdrawal "
    "payment spot_fine_to_authority spot_fine_to_bank penalty_resumption",
    "2021-09-06": "reverse_referral_answer",
    "2022-01-01": "public_notice_service public_notice_service_abroad",
    "2024-01-01": "public_notice_service_abroad reconsideration reconsideration_longest reconsideration_acceptance "
    "reconsideration_reply reconsideration_reply_simplified reconsideration_outcome reconsideration_outcome_simplified",
}


def test_the_law_changes_on_these_days_only() -> None:
    found = {
        (version.from_on.isoformat(), rule)
        for rule, limit in LIMITS.items()
        for version in limit.versions
        if version.from_on is not None
    }

    assert found == {(on, rule) for on, rules in CHANGES.items() for rule in rules.split()}


# --- grounds ----------------------------------------------------------------------------------------------------------


class Row(NamedTuple):
    """A ground as the reference has it: whose rule, who decides, how much, under what confidence."""

    rule: str
    kind: str
    ground: str
    by: tuple[str, ...]
    cap: str | None
    confidence: str
    times: int | None = None
    authorities: tuple[str, ...] = ()


MARKET = ("market_regulation",)
LEADERS = ("lead", "head")
GROUNDS_TODAY = {
    Row("seizure", "extension", "complex", ("head",), "+30cd", "V1", times=1),
    Row("seizure", "exclusion", "appraisal", LEADERS, None, "V1"),
    Row("decision_limit", "extension", "complex", ("head",), "+30cd", "M+", times=1, authorities=MARKET),
    Row("decision_limit", "extension", "collective", ("head",), None, "M+", authorities=MARKET),
    Row("decision_limit", "exclusion", "suspension", LEADERS, None, "M+", authorities=MARKET),
    Row("decision_limit", "exclusion", "hearing", LEADERS, None, "M+", authorities=MARKET),
    Row("decision_limit", "exclusion", "public_notice", LEADERS, None, "M+", authorities=MARKET),
    Row("decision_limit", "exclusion", "appraisal", LEADERS, None, "M+", authorities=MARKET),
    Row("decision_limit", "exclusion", "right_holder_identification", LEADERS, None, "M+", authorities=MARKET),
    Row("decision_limit", "exclusion", "criminal_referral", ("handler", "head"), None, "inference"),
    Row("payment", "extension", "deferral", ("head",), None, "V1"),
    Row("reconsideration", "exclusion", "obstacle", ("handler",), None, "V1"),
    Row("reconsideration", "restart", "not_told", ("handler",), "+1yr", "V1"),
    Row("reconsideration_outcome", "extension", "complex", ("handler",), "+30cd", "V1"),
    Row("suit", "exclusion", "obstacle", ("handler",), None, "V1"),
    Row("suit_after_reconsideration", "exclusion", "obstacle", ("handler",), None, "V1"),
    Row("rectification", "extension", "prolonged", ("lead", "head"), None, "practice"),
    Row("suit", "restart", "not_told", ("handler",), "+1yr", "V1"),
    Row("court_defence", "extension", "leave_of_court", ("handler",), None, "V1"),
    Row("police_answer", "extension", "complex", ("handler",), "+7cd", "V2", times=1),
    Row("police_answer", "extension", "very_complex", ("handler",), "+27cd", "V2", times=1),
}
GROUNDS_IN_2018 = {
    Row("seizure", "extension", "complex", ("head",), "+30cd", "V1", times=1),
    Row("seizure", "exclusion", "appraisal", LEADERS, None, "V1"),
    Row("payment", "extension", "deferral", ("head",), None, "M+"),
    Row("reconsideration", "exclusion", "obstacle", ("handler",), None, "V1"),
    Row("rectification", "extension", "prolonged", ("lead", "head"), None, "practice"),
    Row("suit", "exclusion", "obstacle", ("handler",), None, "M+"),
    Row("suit_after_reconsideration", "exclusion", "obstacle", ("handler",), None, "V1"),
    Row("reconsideration_outcome", "extension", "complex", ("handler",), "+30cd", "V1"),
    Row("court_defence", "extension", "leave_of_court", ("handler",), None, "V1"),
    Row("police_answer", "extension", "complex", ("handler",), "+7cd", "V2", times=1),
    Row("police_answer", "extension", "very_complex", ("handler",), "+27cd", "V2", times=1),
}


def grounds_on(on: date) -> set[Row]:
    found = set()
    for rule, limit in LIMITS.items():
        version = limit.version_on(on)
        for e in version.extensions:
            cap = str(e.most) if e.most else None
            found.add(Row(rule, "extension", e.id, e.by, cap, e.confidence, e.times, e.authorities))
        for x in version.exclusions:
            cap = str(x.most_days) if x.most_days else None
            found.add(Row(rule, "exclusion", x.id, x.by, cap, x.confidence, None, x.authorities))
        for r in version.restarts:
            cap = str(r.latest) if r.latest else None
            found.add(Row(rule, "restart", r.id, r.by, cap, r.confidence, None, r.authorities))
    return found


def test_the_grounds_are_those_of_the_reference() -> None:
    assert grounds_on(date(2025, 10, 1)) == GROUNDS_TODAY
    assert grounds_on(date(2018, 10, 1)) == GROUNDS_IN_2018


def test_the_ninety_days_of_a_copyright_bureau_know_only_the_time_with_the_police() -> None:
    """Excluded time, P11: no rule was found for copyright bureaus; the grounds of market regulation are not theirs."""
    version = LIMITS["decision_limit"].version_on(date(2025, 10, 1))
    grounds = (*version.extensions, *version.exclusions)

    assert [g.id for g in grounds if g.fits("copyright_bureau")] == ["criminal_referral"]
    assert [g.id for g in grounds if g.fits("culture_enforcement")] == ["criminal_referral"]
    assert all(g.fits("market_regulation") for g in grounds)


# --- words that the data share with other data ------------------------------------------------------------------------


def test_whoever_is_reminded_or_decides_holds_a_role_of_the_case() -> None:
    roles = the_case().roles.keys()
    grounds = [g for o in LIMITS.values() for v in o.versions for g in (*v.extensions, *v.exclusions, *v.restarts)]

    assert {role for limit in LIMITS.values() for role in limit.remind} <= roles
    assert {role for ground in grounds for role in ground.by} <= roles


def test_kinds_of_authority_are_three() -> None:
    kinds = {"copyright_bureau", "culture_enforcement", "market_regulation"}
    grounds = [g for o in LIMITS.values() for v in o.versions for g in (*v.extensions, *v.exclusions, *v.restarts)]

    assert {kind for ground in grounds for kind in ground.authorities} <= kinds


def test_what_was_not_checked_says_so_in_both_languages() -> None:
    unsure = [(rule, v) for rule, limit in LIMITS.items() for v in limit.versions if v.confidence == "M-"]

    silent = [rule for rule, v in unsure if "未" not in (v.note_zh or "") or not v.note_en]
    assert unsure
    assert silent == []


def test_every_version_without_a_number_says_which_words_the_law_uses_instead() -> None:
    unstated = [(rule, v) for rule, limit in LIMITS.items() for v in limit.versions if v.unstated]

    assert {rule for rule, v in unstated if not v.note_zh or not v.note_en} == set()
