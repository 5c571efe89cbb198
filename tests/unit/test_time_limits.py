"""The time limits of the main line: which version a day selects, and what the linter refuses with its line."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from engine.clock import SHANGHAI
from engine.data_files import parse_yaml
from engine.errors import DeadlineUndetermined, FileWrong
from engine.periods import due_of
from engine.time_limits import TimeLimit, shipped_time_limits, time_limits_of
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


def day(text: str) -> date:
    return date.fromisoformat(text)


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


def test_natures_are_those_of_the_law() -> None:
    natures = {rule: limit.nature for rule, limit in LIMITS.items()}

    assert {rule for rule, nature in natures.items() if nature == "duty"} == {
        "complaint_decision",
        "decision_limit",
        "service_of_decision",
        "publication",
        "referral_decision",
        "hand_over",
        "goods_handover",
    }
    assert natures["hearing_notice"] == "waiting"
    assert natures["limitation"] == "bar"
    assert natures["public_notice_service"] == "automatic"
    assert natures["payment"] == natures["rectification"] == natures["police_answer"] == "other_body"


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


def test_hand_over_counts_hours() -> None:
    version = LIMITS["hand_over"].choose(day("2025-09-30"))

    assert version is not None
    assert version.counts_hours
    due = due_of(version.period(start_at=datetime(2025, 9, 30, 16, 30, tzinfo=SHANGHAI)), CALENDAR)
    assert due.due_at == datetime(2025, 10, 1, 16, 30, tzinfo=SHANGHAI)


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
        ("from: 2021-07-15", "from: 2021-07-16", 15, "version.gap"),
        ("from: 2021-07-15", "from: 2021-07-14", 15, "version.overlap"),
        ("to: 2021-07-14", "to: ~", 15, "version.overlap"),
        ("from: 2021-07-15\n        to: ~", "from: 2021-07-15\n        to: 2030-01-01", 15, "version.gap"),
        ("from: ~\n", "from: 2010-01-01\n", 9, "version.gap"),
        ("from: ~\n        to: 2021-07-14", "from: ~\n        to: 2021-09-31", 10, "date.invalid"),
        ("pick: earlier", "pick: later", 15, "version.pick"),
        ("        pick: earlier\n", "", 15, "version.pick"),
        ("none: yes", "none: no", 9, "version.kind"),
        ("none: yes", "none: yes\n        fixed: yes", 9, "version.kind"),
        ("none: yes", "none: perhaps", 11, "value.unknown"),
        ("length: +7wd", "length: 7 days", 19, "length.invalid"),
        ("length: +7wd", "length: +0wd", 19, "length.invalid"),
        ("+7wd, roll: none", "+7wd, roll: nearest", 19, "value.unknown"),
        ("nature: duty", "nature: obligation", 5, "value.unknown"),
        ("confidence: M+", "confidence: sure", 23, "value.unknown"),
        ("remind: [handler]", "remind: []", 6, "limit.remind"),
        ("remind: [handler]", "remaind: [handler]", 6, "field.unknown"),
        ("basis: 新法", "basis: ~", 21, "field.missing"),
        ("confidence: M+", "confidence: M+\n        confirmed_by: 法制科", 15, "version.confirmed"),
        ("confidence: M+", "confidence: M+\n        note_zh: 仅中文", 15, "version.note"),
        ("id: a_limit", "id: A limit", 2, "field.invalid"),
        ("limits:", "limit:", 1, "field.unknown"),
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

    assert [(p.line, p.code) for p in twice.value.problems] == [(24, "limit.twice")]
    assert [(p.line, p.code) for p in taken.value.problems] == [(2, "limit.twice")]
    assert (15, "version.reversed") in [(p.line, p.code) for p in turned.value.problems]
