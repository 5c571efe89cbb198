"""The time limits of the main line: which version a day selects, and what the linter refuses with its line."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from engine.clock import SHANGHAI
from engine.data_files import parse_yaml
from engine.errors import DeadlineUndetermined, FileWrong, Problem
from engine.limit_checks import shipped_time_limits, time_limits_of
from engine.period_values import Extension
from engine.periods import due_of
from engine.time_limits import TimeLimit
from engine.working_days import shipped_working_days

LIMITS = shipped_time_limits()
CALENDAR = shipped_working_days()
RULES_OF_THE_CONTRACT = {
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
}
A_FILE = """\
limits:
  - id: a_limit
    zh: 某期限
    en: A limit
    trigger: {zh: 起算, en: start}
    nature: duty
    remind: [handler]
    expiry: {zh: 逾期, en: overdue}
    versions:
      - from: ~
        to: 2021-07-14
        none: yes
        basis: 旧法
        source: x
        confidence: V1
      - from: 2021-07-15
        to: ~
        readings:
          - {length: +7cd, roll: none}
          - {length: +7wd, roll: none}
        pick: earlier
        basis: 新法
        source: x
        confidence: M+
"""
GROUNDS_FILE = """\
limits:
  - id: a_hold
    zh: 某保存
    en: A hold
    trigger: {zh: 送达, en: served}
    nature: automatic
    owed: yes
    remind: [handler]
    expiry: {zh: 失效, en: lapses}
    versions:
      - from: ~
        to: ~
        readings:
          - {length: +30cd, roll: none}
          - {length: +30cd, roll: next}
        pick: earlier
        extensions:
          - id: complex
            zh: 情况复杂
            en: complex
            by: [head]
            most: +30cd
            times: 1
            basis: 某法
            source: x
            confidence: V1
        exclusions:
          - {id: appraisal, zh: 鉴定, en: appraisal, by: [head], basis: 某法, source: x, confidence: V1}
        restarts:
          - {id: not_told, zh: 未告知, en: not told, by: [head], latest: +1yr, basis: 某法, source: x, confidence: V1}
        basis: 某法
        source: x
        confidence: V1
"""


def day(text: str) -> date:
    return date.fromisoformat(text)


def minute(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def due_on(rule: str, start: str, law_on: str | None = None) -> date:
    version = LIMITS[rule].choose(day(law_on or start))
    assert version is not None
    return due_of(version.period(day(start)), CALENDAR).due_on


def test_every_rule_of_the_contract_is_there_and_speaks_both_languages() -> None:
    missing = RULES_OF_THE_CONTRACT - LIMITS.keys()
    untranslated = [limit.id for limit in LIMITS.values() if limit.zh == limit.en or limit.expiry.zh == limit.expiry.en]

    assert missing == set()
    assert untranslated == []
    assert {"statement_period_public_notice", "public_notice_service", "limitation"} <= LIMITS.keys()


def test_every_rule_says_in_both_languages_what_starts_it() -> None:
    triggers = {limit.id: limit.trigger for limit in LIMITS.values()}

    assert [rule for rule, said in triggers.items() if said is None or said.zh == said.en] == []


def test_what_lapses_by_itself_may_still_have_been_owed_by_us() -> None:
    """E1 and E3 of the reference are both D and A: the hold ends, and we should have dealt with the goods before."""
    assert {rule for rule, limit in LIMITS.items() if limit.owed} == {"evidence_hold", "seizure"}
    assert all(LIMITS[rule].remind == ("handler", "lead", "head") for rule in ("evidence_hold", "seizure"))


@pytest.mark.parametrize(
    ("rule", "start", "expected"),
    [
        pytest.param("complaint_decision", "2018-09-17", "2018-10-02", id="T2 F2, our duty: the unrolled day"),
        pytest.param("hearing_request", "2018-09-28", "2018-10-08", id="T2 P4, 1996 law: 3 days, rolled"),
        pytest.param("statement_period", "2018-09-28", "2018-10-12", id="T2 P2, the later reading"),
        pytest.param("payment", "2018-10-19", "2018-11-05", id="T2 X1"),
        pytest.param("suit", "2018-10-19", "2019-01-21", id="T2 X8, 3 months under the 2010 Copyright Law"),
        pytest.param("hearing_notice", "2018-09-26", "2018-10-08", id="V04, 7 days rolled before 2021-07-15"),
        pytest.param("service_of_decision", "2018-09-26", "2018-10-03", id="V04, 7 days unrolled, our duty"),
        pytest.param("public_notice_service", "2018-08-10", "2018-10-09", id="N1, 60 days"),
        pytest.param("statement_period_public_notice", "2018-09-26", "2018-10-26", id="V04, 30 days"),
        pytest.param("referral_decision", "2018-09-28", "2018-10-01", id="K2, unrolled"),
        pytest.param("goods_handover", "2018-09-28", "2018-10-01", id="K14, unrolled"),
        pytest.param("police_reconsideration", "2018-09-28", "2018-10-01", id="K9, unrolled"),
        pytest.param("police_answer", "2018-09-28", "2018-10-08", id="K8, the police's own period rolls"),
        pytest.param("limitation", "2019-10-03", "2021-10-03", id="M7, a bar does not roll"),
        pytest.param("decision_limit", "2025-09-28", "2025-12-27", id="T1 P11, 90 days unrolled"),
        pytest.param("hearing_request", "2025-11-10", "2025-11-17", id="T1 P4, 5 working days"),
        pytest.param("statement_period", "2025-11-10", "2025-11-19", id="T1 P2"),
        pytest.param("hearing_notice", "2025-11-17", "2025-11-26", id="T1 P5, 7 working days"),
        pytest.param("service_of_decision", "2025-12-15", "2025-12-24", id="T1 P12"),
        pytest.param("publication", "2025-12-15", "2026-01-13", id="T1 P15"),
        pytest.param("payment", "2025-12-18", "2026-01-04", id="T1 X1"),
        pytest.param("reconsideration", "2025-12-18", "2026-02-24", id="T1 X4"),
        pytest.param("suit", "2025-12-18", "2026-06-18", id="T1 X8, 6 months"),
        pytest.param("public_notice_service", "2024-09-12", "2024-10-12", id="N2, 30 days, a worked Saturday"),
        pytest.param("evidence_hold", "2018-09-26", "2018-10-03", id="T2 E1, 7 calendar days, unrolled"),
        pytest.param("urgent_filing", "2018-09-26", "2018-10-03", id="V04 F4, the earlier of 7 days of either kind"),
        pytest.param("seizure", "2018-09-28", "2018-10-28", id="E3, 30 days to a Sunday, unrolled"),
        pytest.param("late_fee_thirty_days", "2018-09-28", "2018-10-28", id="X3, 30 days, unrolled"),
        pytest.param("reconsideration_acceptance", "2018-09-26", "2018-10-08", id="V04 X5, 5 working days in 2017 too"),
        pytest.param("reconsideration_reply", "2018-09-26", "2018-10-06", id="X6 before 2024: 10 calendar days"),
        pytest.param("suit_after_reconsideration", "2018-09-17", "2018-10-08", id="X8, 15 days to 10-02, rolled"),
        pytest.param("court_defence", "2018-09-17", "2018-10-02", id="X9, our duty: 15 days unrolled"),
        pytest.param("court_refusal_review", "2018-09-17", "2018-10-08", id="X12, 15 days to 10-02, rolled"),
        pytest.param("court_acceptance", "2018-09-26", "2018-10-08", id="V04 X12, 5 working days"),
        pytest.param("court_ruling", "2018-09-26", "2018-10-10", id="V04 X12, 7 working days"),
        pytest.param("police_reconsideration_outcome", "2018-09-28", "2018-10-08", id="K10, 3 days to 10-01, rolled"),
        pytest.param("procuratorate_request", "2018-09-28", "2018-10-01", id="K11, unrolled"),
        pytest.param("evidence_hold", "2025-09-26", "2025-10-13", id="T1 E1, 7 working days"),
        pytest.param("publication_general", "2025-12-15", "2025-12-24", id="P15, 7 working days as T1 P12"),
        pytest.param("publication_withdrawal", "2025-09-26", "2025-09-30", id="V14 P16, 3 working days"),
        pytest.param("spot_fine_to_authority", "2025-09-26", "2025-09-29", id="V14 X16, 2 working days"),
        pytest.param("spot_fine_to_bank", "2025-09-26", "2025-09-29", id="V14 X16, 2 working days"),
        pytest.param("reconsideration_reply", "2025-09-26", "2025-10-16", id="V14 X6, 10 working days"),
        pytest.param("reconsideration_reply_simplified", "2025-09-26", "2025-10-10", id="V14 X6, 5 working days"),
        pytest.param("reconsideration_outcome", "2025-12-18", "2026-02-24", id="T1 X7, 60 days as X4"),
        pytest.param("reconsideration_outcome_simplified", "2025-09-26", "2025-10-27", id="V14 X7, 30 days, rolled"),
        pytest.param("demand_wait", "2026-06-22", "2026-07-06", id="T1 X10, 10 working days"),
        pytest.param("court_enforcement", "2026-06-18", "2026-09-18", id="T1 X11, 3 months"),
        pytest.param("court_enforcement", "2025-07-04", "2025-10-04", id="X11, a bar ends inside National Day"),
        pytest.param("reconsideration_longest", "2024-02-29", "2029-02-28", id="X4, 5 years, no 29 February"),
        pytest.param("suit_longest", "2016-02-29", "2021-02-28", id="X8, 5 years to a Sunday, a bar does not roll"),
        pytest.param("public_notice_service_abroad", "2024-09-12", "2024-11-11", id="P13 abroad, 60 days"),
        pytest.param("public_notice_service_abroad", "2022-11-30", "2023-02-28", id="P13 abroad in 2022, 3 months"),
        pytest.param("referral_supplement", "2025-09-28", "2025-10-01", id="K7, 3 days unrolled"),
        pytest.param("police_explanation", "2025-09-26", "2025-10-09", id="V14 K12, 7 days rolled"),
        pytest.param("police_filing_on_notice", "2025-09-26", "2025-10-11", id="V14 K12, 15 days to a worked Saturday"),
        pytest.param("procuratorate_reasons", "2025-09-26", "2025-10-09", id="K13, 10 days to 10-06, rolled"),
        pytest.param("reverse_referral_answer", "2025-12-31", "2026-02-28", id="M4 K16, 2 months"),
    ],
)
def test_due_dates_under_the_law_of_the_day(rule: str, start: str, expected: str) -> None:
    assert due_on(rule, start) == day(expected)


@pytest.mark.parametrize(
    ("rule", "last_old_day", "old", "new"),
    [
        ("hearing_request", "2021-07-14", ["+3cd"], ["+5wd"]),
        ("hearing_notice", "2021-07-14", ["+7cd"], ["+7wd"]),
        ("service_of_decision", "2021-07-14", ["+7cd"], ["+7wd"]),
        ("decision_limit", "2021-07-14", None, ["+90cd"]),
        ("publication", "2014-05-31", None, ["+20wd"]),
        ("suit", "2021-05-31", ["+3mo"], ["+6mo"]),
        ("public_notice_service", "2021-12-31", ["+60cd", "+60cd"], ["+30cd", "+30cd"]),
    ],
)
def test_the_day_of_the_step_selects_the_version(
    rule: str, last_old_day: str, old: list[str] | None, new: list[str]
) -> None:
    before = LIMITS[rule].choose(day(last_old_day))
    after = LIMITS[rule].choose(date.fromordinal(day(last_old_day).toordinal() + 1))

    assert (None if before is None else [str(r.length) for r in before.readings]) == old
    assert after is not None
    assert [str(r.length) for r in after.readings] == new


def test_no_limit_is_written_down_with_its_basis() -> None:
    version = LIMITS["decision_limit"].version_on(day("2018-09-26"))

    assert version.none
    assert "未规定" in version.basis


def test_a_limit_fixed_by_an_order_has_nothing_to_count() -> None:
    version = LIMITS["rectification"].choose(day("2018-09-26"))

    assert version is not None
    assert version.fixed
    with pytest.raises(ValueError, match="nothing to count"):
        version.period(day("2018-09-26"))


@pytest.mark.parametrize(
    ("rule", "start", "expected"),
    [
        pytest.param("hand_over", "2025-09-30 16:30", "2025-10-01 16:30", id="H1 K3, over National Day"),
        pytest.param("emergency_approval", "2018-09-29 10:00", "2018-09-30 10:00", id="H2 E4"),
        pytest.param("police_receipt", "2025-09-30 16:30", "2025-10-01 16:30", id="K6"),
        pytest.param("police_papers_request", "2025-09-30 16:30", "2025-10-01 16:30", id="K7"),
    ],
)
def test_hours_run_from_minute_to_minute(rule: str, start: str, expected: str) -> None:
    version = LIMITS[rule].choose(day(start[:10]))

    assert version is not None
    assert version.counts_hours
    due = due_of(version.period(start_at=minute(start)), CALENDAR)
    assert due.due_at == minute(expected)


@pytest.mark.parametrize(("ground", "expected"), [("complex", "2018-10-08"), ("very_complex", "2018-10-26")])
def test_the_police_have_ten_or_thirty_days_in_all(ground: str, expected: str) -> None:
    """K8: three days become 10 (09-26 to 10-06, rolled over National Day) or 30 (to 10-26, V04), not 13 or 33."""
    version = LIMITS["police_answer"].choose(day("2018-09-26"))
    assert version is not None
    (most,) = (granted.most for granted in version.extensions if granted.id == ground)
    assert most is not None

    due = due_of(version.period(day("2018-09-26"), extensions=(Extension(most),)), CALENDAR)

    assert due.due_on == day(expected)


def test_what_is_owed_without_a_number_starts_no_clock_but_says_so() -> None:
    """F5: 及时立案. The law names the duty and no days: nothing can be counted, and nothing is silently absent."""
    limit = LIMITS["filing"]

    assert limit.choose(day("2025-10-01")) is None
    assert limit.version_on(day("2025-10-01")).unstated
    assert "及时" in (limit.version_on(day("2025-10-01")).note_zh or "")


def test_a_rule_survives_the_database_and_keeps_its_hash() -> None:
    for limit in LIMITS.values():
        copied = TimeLimit.model_validate(limit.document())

        assert copied == limit
        assert copied.rule_hash() == limit.rule_hash()


def test_a_day_without_a_version_is_an_error() -> None:
    document = LIMITS["suit"].document()
    document["versions"] = document["versions"][1:]

    with pytest.raises(DeadlineUndetermined):
        TimeLimit.model_validate(document).choose(day("2018-09-26"))


def test_the_sample_file_is_right() -> None:
    limits = time_limits_of(parse_yaml(A_FILE, "a.yaml"))

    assert limits["a_limit"].choose(day("2021-07-14")) is None
    assert limits["a_limit"].choose(day("2021-07-15")) is not None


@pytest.mark.parametrize(
    ("old", "new", "line", "code"),
    [
        ("from: 2021-07-15", "from: 2021-07-16", 16, "version.gap"),
        ("from: 2021-07-15", "from: 2021-07-14", 16, "version.overlap"),
        ("to: 2021-07-14", "to: ~", 16, "version.overlap"),
        ("from: 2021-07-15\n        to: ~", "from: 2021-07-15\n        to: 2030-01-01", 16, "version.gap"),
        ("from: ~\n", "from: 2010-01-01\n", 10, "version.gap"),
        ("from: ~\n        to: 2021-07-14", "from: ~\n        to: 2021-09-31", 11, "date.invalid"),
        ("pick: earlier", "pick: later", 16, "version.pick"),
        ("        pick: earlier\n", "", 16, "version.pick"),
        ("none: yes", "none: no", 10, "version.kind"),
        ("none: yes", "none: yes\n        fixed: yes", 10, "version.kind"),
        ("none: yes", "none: perhaps", 12, "value.unknown"),
        ("length: +7wd", "length: 7 days", 20, "length.invalid"),
        ("length: +7wd", "length: +0wd", 20, "length.invalid"),
        ("+7wd, roll: none", "+7wd, roll: nearest", 20, "value.unknown"),
        ("nature: duty", "nature: obligation", 6, "value.unknown"),
        ("confidence: M+", "confidence: sure", 24, "value.unknown"),
        ("remind: [handler]", "remind: []", 7, "limit.remind"),
        ("remind: [handler]", "remaind: [handler]", 7, "field.unknown"),
        ("basis: 新法", "basis: ~", 22, "field.missing"),
        ("confidence: M+", "confidence: M+\n        confirmed_by: 法制科", 16, "version.confirmed"),
        ("confidence: M+", "confidence: M+\n        note_zh: 仅中文", 16, "version.note"),
        ("id: a_limit", "id: A limit", 2, "field.invalid"),
        ("limits:", "limit:", 1, "field.unknown"),
        ("length: +7wd", "length: +7w", 20, "length.invalid"),
        ("length: +7wd", "length: +24h", 18, "reading.hours"),
        ("{length: +7wd, roll: none}", "{length: +7wd, rol: none}", 20, "field.unknown"),
        ("trigger: {zh: 起算, en: start}", "trigger: {zh: 起算}", 5, "field.missing"),
        ("    trigger: {zh: 起算, en: start}\n", "", 2, "field.missing"),
        ("nature: duty", "nature: duty\n    owed: yes", 7, "limit.owed"),
        ("none: yes", "none: yes\n        unstated: yes", 10, "version.kind"),
        ("to: 2021-07-14", "to: 1989-12-31", 11, "date.out_of_range"),
        ("to: 2021-07-14", "to: 2101-01-01", 11, "date.out_of_range"),
        ("from: 2021-07-15", "from: 0201-07-15", 16, "date.out_of_range"),
    ],
)
def test_the_linter_names_the_line_of_every_fault(old: str, new: str, line: int, code: str) -> None:
    assert A_FILE.count(old) >= 1

    with pytest.raises(FileWrong) as caught:
        time_limits_of(parse_yaml(A_FILE.replace(old, new, 1), "a.yaml"))

    assert (line, code) in [(problem.line, problem.code) for problem in caught.value.problems]
    assert all(problem.zh and problem.en and problem.zh != problem.en for problem in caught.value.problems)


def test_a_reversed_version_and_an_id_used_twice_are_refused() -> None:
    second = A_FILE.removeprefix("limits:\n")
    reversed_version = A_FILE.replace("to: ~\n        readings", "to: 2021-07-01\n        readings")

    with pytest.raises(FileWrong) as twice:
        time_limits_of(parse_yaml(A_FILE + second, "a.yaml"))
    with pytest.raises(FileWrong) as taken:
        time_limits_of(parse_yaml(A_FILE, "a.yaml"), taken=["a_limit"])
    with pytest.raises(FileWrong) as turned:
        time_limits_of(parse_yaml(reversed_version, "a.yaml"))

    assert [(p.line, p.code) for p in twice.value.problems] == [(25, "limit.twice")]
    assert [(p.line, p.code) for p in taken.value.problems] == [(2, "limit.twice")]
    assert (16, "version.reversed") in [(p.line, p.code) for p in turned.value.problems]


def problems_in(text: str) -> list[Problem]:
    with pytest.raises(FileWrong) as caught:
        time_limits_of(parse_yaml(text, "a.yaml"))
    return list(caught.value.problems)


def test_the_sample_with_grounds_is_right() -> None:
    version = time_limits_of(parse_yaml(GROUNDS_FILE, "a.yaml"))["a_hold"].versions[0]

    assert [g.id for g in (*version.extensions, *version.exclusions, *version.restarts)] == (
        ["complex", "appraisal", "not_told"]
    )


@pytest.mark.parametrize(
    ("old", "new", "line", "code"),
    [
        ("most: +30cd", "most: +24h", 22, "ground.unit"),
        ("latest: +1yr", "latest: +24h", 30, "ground.unit"),
        ("most: +30cd", "most: -30cd", 22, "ground.negative"),
        ("latest: +1yr", "latest: -1cd", 30, "ground.negative"),
        ("+30cd, roll: none", "-30cd, roll: none", 22, "ground.backwards"),
        ("+30cd, roll: none", "-30cd, roll: none", 28, "ground.backwards"),
        ("+30cd, roll: none", "-30cd, roll: none", 30, "ground.backwards"),
        ("most: +30cd", "most: +30", 22, "length.invalid"),
        ("times: 1", "times: 0", 23, "field.invalid"),
        ("by: [head]\n", "by: []\n", 21, "field.invalid"),
        ("id: complex", "id: appraisal", 11, "version.grounds"),
        ("            most: +30cd\n", "            moste: +30cd\n", 22, "field.unknown"),
        ("nature: automatic", "nature: bar", 7, "limit.owed"),
        ("pick: earlier", "pick: later", 11, "version.pick"),
        ("remind: [handler]", "remind: []", 8, "limit.remind"),
    ],
)
def test_a_ground_that_cannot_apply_is_refused_with_its_line(old: str, new: str, line: int, code: str) -> None:
    assert GROUNDS_FILE.count(old) >= 1

    problems = problems_in(GROUNDS_FILE.replace(old, new, 1))

    assert (line, code) in [(problem.line, problem.code) for problem in problems]
    assert all(problem.zh and problem.en and problem.zh != problem.en for problem in problems)


def test_hours_are_extended_by_hours_and_roll_over_nothing() -> None:
    hours = """\
limits:
  - id: in_hours
    zh: 某时限
    en: In hours
    trigger: {zh: 起算, en: start}
    nature: other_body
    remind: []
    expiry: {zh: 逾期, en: overdue}
    versions:
      - from: ~
        to: ~
        readings:
          - {length: +24h, roll: none}
        extensions:
          - {id: more, zh: 延长, en: more, by: [head], most: +24h, basis: 某法, source: x, confidence: V1}
        basis: 某法
        source: x
        confidence: V1
"""

    assert time_limits_of(parse_yaml(hours, "a.yaml")).keys() == {"in_hours"}
    in_days = problems_in(hours.replace("most: +24h", "most: +1cd"))
    rolling = problems_in(hours.replace("roll: none", "roll: next"))
    assert [(p.line, p.code) for p in in_days] == [(15, "ground.unit")]
    assert [(p.line, p.code) for p in rolling] == [(13, "reading.hours")]


@pytest.mark.parametrize(
    ("old", "new", "said_zh", "said_en"),
    [
        pytest.param("+7wd", "+7w", "请写成+7wd", "write it like +7wd", id="unknown unit"),
        pytest.param("+7wd", "+24h", "请统一单位", "use one unit", id="hours beside days"),
        pytest.param("from: 2021-07-15", "from: 2021-07-16", "请补写一个版本", "write a version", id="gap"),
        pytest.param("from: 2021-07-15", "from: 2021-07-14", "请核对from", "check from", id="overlap"),
        pytest.param(
            "2021-07-14", "1989-12-31", "1990-01-01至2100-12-31", "1990-01-01 to 2100-12-31", id="before 1990"
        ),
        pytest.param("2021-07-14", "2101-01-01", "请核对年份", "check the year", id="after 2100"),
        pytest.param("remind:", "remaind:", "是否想写“remind”", "did you mean 'remind'", id="unknown key"),
        pytest.param("nature: duty", "nature: dutty", "是否想写“duty”", "did you mean 'duty'", id="unknown word"),
    ],
)
def test_a_refusal_says_what_to_write_instead(old: str, new: str, said_zh: str, said_en: str) -> None:
    problems = problems_in(A_FILE.replace(old, new, 1))

    assert any(said_zh in problem.zh and said_en in problem.en for problem in problems), problems


@pytest.mark.parametrize("last_or_first", ["1990-01-01", "2100-12-31"])
def test_the_first_and_the_last_day_of_the_range_are_days(last_or_first: str) -> None:
    in_range = f"{GROUNDS_FILE}        confirmed_by: 法制科\n        confirmed_on: {last_or_first}\n"

    assert time_limits_of(parse_yaml(in_range, "a.yaml"))["a_hold"].versions[0].confirmed_on == day(last_or_first)
