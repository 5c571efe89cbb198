"""Files of rules: what is refused, with line, code and both languages; and that what is written reads back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.canonical import content_hash
from engine.data_files import parse_yaml
from engine.errors import FileWrong, Problem
from workflows import guards
from workflows.rule_files import HOLIDAYS, KINDS, LIMIT, PARAMETER, known_in, rules_in
from workflows.rule_text import rule_text
from workflows.shipped import Shipped, shipped_documents

guards.known()
KNOWN = known_in(None)
RULES = {d.id: d for d in shipped_documents() if d.kind in KINDS.values()}

A_LIMIT = """\
limits:
  - id: hearing_request
    zh: 申请听证期限
    en: Period to request a hearing
    trigger: {zh: 告知之日, en: told}
    nature: right
    remind: [handler, lead]
    expiry: {zh: 届满, en: ends}
    versions:
      - from: ~
        to: 2021-07-14
        readings: [{length: +3cd, roll: next}]
        basis: 旧法
        source: 试验
        confidence: V2
      - from: 2021-07-15
        to: ~
        readings: [{length: +5wd, roll: none}]
        basis: 新法
        source: 试验
        confidence: V1
"""
A_PARAMETER = """\
parameters:
  - id: hearing_right
    zh: 听证权利的门槛
    en: Threshold
    versions:
      - to: 2021-07-14
        values: {person_fine_fen: 2000000, unit_fine_fen: 10000000, confiscation: no}
        basis: 旧法
        source: 试验
        confidence: M+
      - from: 2021-07-15
        values: {person_fine_fen: 2000000, unit_fine_fen: 10000000, confiscation: yes}
        basis: 新法
        source: 试验
        confidence: M+
"""
A_YEAR = """\
year: 2027
notice: 国办发明电〔2026〕1号
source: 试验
confidence: M-
rest:
  - {on: 2027-01-01, zh: 元旦, en: New Year}
  - {on: 2027-05-01, zh: 劳动节, en: Labour Day}
  - {on: 2027-10-01, zh: 国庆节, en: National Day}
worked:
  - {on: 2027-02-06, zh: 春节, en: Spring Festival}
"""


def problems_of(text: str) -> tuple[Problem, ...]:
    try:
        rules_in(parse_yaml(text, "rules.yaml"), KNOWN)
    except FileWrong as wrong:
        return wrong.problems
    return ()


def wrong_with(text: str) -> list[tuple[int, str]]:
    """Line and code of everything that is refused; every problem speaks both languages."""
    problems = problems_of(text)
    assert all(p.zh and p.en and p.zh != p.en for p in problems)
    return [(p.line, p.code) for p in problems]


def remarks_on(text: str) -> tuple[Problem, ...]:
    return rules_in(parse_yaml(text, "rules.yaml"), KNOWN).remarks


def test_the_examples_are_right() -> None:
    assert [wrong_with(text) for text in (A_LIMIT, A_PARAMETER, A_YEAR)] == [[], [], []]
    assert [remarks_on(text) for text in (A_LIMIT, A_PARAMETER, A_YEAR)] == [(), (), ()]


@pytest.mark.parametrize(
    ("text", "kind"),
    [(A_LIMIT, LIMIT), (A_PARAMETER, PARAMETER), (A_YEAR, HOLIDAYS)],
    ids=["limit", "parameter", "year"],
)
def test_one_reader_takes_all_three_kinds(text: str, kind: str) -> None:
    file = rules_in(parse_yaml(text, "rules.yaml"), KNOWN)

    assert (file.kind, [rule.kind for rule in file.rules]) == (kind, [kind])


@pytest.mark.parametrize(
    ("right", "wrong", "line", "code"),
    [
        ("length: +5wd", "length: +5w", 18, "length.invalid"),
        ("from: 2021-07-15", "from: 2021-07-16", 16, "version.gap"),
        ("from: 2021-07-15", "from: 2021-07-14", 16, "version.overlap"),
        ("from: ~", "from: 2000-01-01", 10, "version.gap"),
        ("from: 2021-07-15", "from: 2121-07-15", 16, "date.out_of_range"),
        ("from: 2021-07-15", "from: 1989-12-31", 16, "date.out_of_range"),
        ("remind: [handler, lead]", "remind: [handler, leed]", 7, "role.unknown"),
        ("basis: 新法\n", "basis: 新法\n        fixed: yes\n", 16, "version.kind"),
        (
            "readings: [{length: +5wd, roll: none}]",
            "fixed: yes",
            16,
            "rule.day_missing",
        ),
        ("readings: [{length: +5wd, roll: none}]", "readings: [{length: +24h, roll: none}]", 16, "rule.minute_missing"),
        ("limits:", "limit:", 1, "rule.kind"),
    ],
)
def test_a_wrong_limit_is_refused_at_its_line(right: str, wrong: str, line: int, code: str) -> None:
    assert A_LIMIT.count(right) == 1

    assert (line, code) in wrong_with(A_LIMIT.replace(right, wrong))


GROUND = """\
        extensions:
          - id: more
            zh: 延长
            en: more
            by: [head]
            authorities: [market_regulation]
            basis: 试验
            source: 试验
            confidence: M-
            most: +5cd
"""


@pytest.mark.parametrize(
    ("right", "wrong", "line", "code"),
    [
        ("by: [head]", "by: [haed]", 26, "role.unknown"),
        ("market_regulation", "market_regulations", 27, "authority.unknown"),
        ("most: +5cd", "most: +5h", 31, "ground.unit"),
    ],
)
def test_a_ground_names_roles_authorities_and_units_that_there_are(
    right: str, wrong: str, line: int, code: str
) -> None:
    text = A_LIMIT + GROUND
    assert wrong_with(text) == []

    assert wrong_with(text.replace(right, wrong)) == [(line, code)]


def test_a_misspelt_role_is_told_with_the_nearest_one() -> None:
    (problem,) = problems_of(A_LIMIT.replace("lead]", "leed]"))

    assert "lead" in problem.zh
    assert "did you mean 'lead'?" in problem.en


def test_a_nature_that_a_workflow_cannot_run_with_is_refused() -> None:
    """A duty must be ended by some step, and no step ends the period in which the party may ask for review."""
    content = RULES["reconsideration"].content
    right = rule_text(LIMIT, content, "base", [])

    broken = rule_text(LIMIT, {**content, "nature": "duty"}, "base", [])

    line = right.splitlines().index("    nature: right") + 1
    assert wrong_with(right) == []
    assert (line, "rule.breaks_workflow") in wrong_with(broken)


@pytest.mark.parametrize(
    ("right", "wrong", "line", "code"),
    [
        ("from: 2021-07-15", "from: 2021-07-17", 11, "version.gap"),
        ("from: 2021-07-15", "from: 2021-07-10", 11, "version.overlap"),
        ("- to: 2021-07-14", "- from: 2001-01-01\n        to: 2021-07-14", 6, "version.gap"),
        ("from: 2021-07-15", "from: 2021-07-15\n        to: 2030-01-01", 11, "version.gap"),
        ("from: 2021-07-15", "from: 2201-07-15", 11, "date.out_of_range"),
        ("confiscation: yes", "confiscaton: yes", 12, "values.unknown"),
        (", confiscation: yes", "", 12, "values.missing"),
        ("confiscation: yes", "confiscation: maybe", 12, "values.word"),
        ("confiscation: yes", "confiscation: 1", 12, "values.word"),
        ("person_fine_fen: 2000000, unit_fine_fen: 10000000, confiscation: no", "x: 1", 7, "values.unknown"),
        ("person_fine_fen: 2000000, unit_fine_fen: 10000000, confiscation: no", "x: 1", 7, "values.missing"),
        ("basis: 新法", "bases: 新法", 13, "field.unknown"),
        ("confidence: M+\n      - from", "confidence: sure\n      - from", 10, "value.unknown"),
        ("basis: 新法", "note_zh: 只有中文\n        basis: 新法", 11, "version.note"),
        ("basis: 新法", "confirmed_by: head\n        basis: 新法", 11, "version.confirmed"),
    ],
)
def test_a_wrong_parameter_is_refused_at_its_line(right: str, wrong: str, line: int, code: str) -> None:
    assert A_PARAMETER.count(right) == 1

    assert (line, code) in wrong_with(A_PARAMETER.replace(right, wrong))


def test_an_amount_must_be_a_number() -> None:
    text = A_PARAMETER.replace("person_fine_fen: 2000000, unit_fine_fen: 10000000, confiscation: yes", "PLACE", 1)
    text = text.replace("PLACE", "person_fine_fen: 2万, unit_fine_fen: 10000000, confiscation: yes")

    assert wrong_with(text) == [(12, "values.number")]


AUTHORITY = """\
parameters:
  - id: authority_kind
    zh: 机关类别
    en: Kind of authority
    versions:
      - values: {default: copyright_bureau, suzhou: market_regulation}
        basis: 本机关
        source: 设置
        confidence: practice
"""


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        ("default: copyright_bureau, ", "", "values.missing"),
        ("market_regulation", "market", "authority.unknown"),
    ],
)
def test_the_kind_of_an_authority_is_one_of_three_and_holds_for_every_unit(right: str, wrong: str, code: str) -> None:
    assert wrong_with(AUTHORITY) == []

    assert [c for _, c in wrong_with(AUTHORITY.replace(right, wrong))] == [code]


SAME_WORK = AUTHORITY.replace("authority_kind", "same_work_again").replace("copyright_bureau", "remark")


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [("default: remark, ", "", "values.missing"), ("heavier", "heavy", "weight.unknown")],
)
def test_whether_the_same_work_again_weighs_heavier_is_set_for_each_unit(right: str, wrong: str, code: str) -> None:
    text = SAME_WORK.replace("market_regulation", "heavier")
    assert wrong_with(text) == []

    assert [c for _, c in wrong_with(text.replace(right, wrong))] == [code]


@pytest.mark.parametrize(
    ("right", "wrong", "line", "code"),
    [
        ("notice: 国办发明电〔2026〕1号", "notice: ~", 2, "notice.missing"),
        ("notice: 国办发明电〔2026〕1号", "notice: 放假通知", 2, "notice.missing"),
        ("2027-02-06", "2027-02-05", 10, "date.weekday"),
        ("2027-05-01", "2027-04-31", 7, "date.invalid"),
        ("2027-05-01", "2026-05-01", 7, "date.other_year"),
        ("2027-05-01", "2027-10-01", 8, "date.twice"),
        ("year: 2027", "year: 2127", 1, "field.invalid"),
        ("confidence: M-", "confidence: M-\nconfirmed_by: head", 5, "version.confirmed"),
    ],
)
def test_a_wrong_year_is_refused_at_its_line(right: str, wrong: str, line: int, code: str) -> None:
    assert A_YEAR.count(right) == 1

    assert (line, code) in wrong_with(A_YEAR.replace(right, wrong))


@pytest.mark.parametrize(
    ("text", "right", "wrong", "codes"),
    [
        (A_YEAR, "  - {on: 2027-05-01, zh: 劳动节, en: Labour Day}\n", "", ["year.incomplete"]),
        (A_YEAR, "〔2026〕", "〔2024〕", ["notice.year"]),
        (A_LIMIT, "id: hearing_request", "id: hearing_requests", ["rule.new"]),
        (A_PARAMETER, "id: hearing_right", "id: hearing_rigth", ["rule.new"]),
    ],
)
def test_what_may_be_a_slip_is_remarked_on(text: str, right: str, wrong: str, codes: list[str]) -> None:
    assert [p.code for p in remarks_on(text.replace(right, wrong))] == codes


def test_several_rules_stand_in_one_file_each_with_its_own_base() -> None:
    two = A_LIMIT + A_LIMIT.replace("limits:\n", "").replace("id: hearing_request", "id: other\n    based_on: abc")

    first, second = rules_in(parse_yaml(two, "rules.yaml"), KNOWN).rules

    assert (first.id, first.content.get("based_on")) == ("hearing_request", None)
    assert (second.id, second.content.get("based_on")) == ("other", "abc")


# --- what is written reads back ---------------------------------------------------------------------------------------

NAMED = [d for d in RULES.values() if d.kind != HOLIDAYS or d.content["notice"]]


@pytest.mark.parametrize("shipped", NAMED, ids=[d.id for d in NAMED])
def test_every_shipped_rule_survives_being_written_and_read(shipped: Shipped) -> None:
    base = content_hash(shipped.content)

    text = rule_text(shipped.kind, shipped.content, base, ["一行", "a line"])

    (rule,) = rules_in(parse_yaml(text, "rules.yaml"), KNOWN).rules
    assert dict(rule.content) == {**shipped.content, "based_on": base}
    assert text.startswith("# 一行\n# a line\n")


def texts() -> st.SearchStrategy[str]:
    """What people write, and what YAML would like to read otherwise."""
    tricky = st.sampled_from(
        ["~", "null", "yes", "- a", "a: b", "a #b", "#", "'", '"', "{x}", "[x]", "x:", "...", "*a", "&a"]
    )
    letters = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff")
    return st.one_of(tricky, st.text(letters, min_size=1, max_size=30))


@settings(max_examples=300, deadline=None)
@given(texts(), texts(), st.lists(texts(), max_size=2))
def test_any_text_survives_being_written_and_read(basis: str, note: str, words: list[str]) -> None:
    content: dict[str, Any] = {
        "id": "x",
        "zh": basis,
        "names": words,
        "inside": [{"flat": note, "other": basis}],
        "versions": [{"from": None, "basis": basis, "deep": {"zh": note, "more": words}}],
    }

    read = parse_yaml(rule_text(LIMIT, content, "base", []), "rules.yaml").value

    (rule,) = read["limits"]
    expected = {"id": "x", "based_on": "base", **content}
    if not words:
        del expected["names"]
        expected["versions"] = [{"from": None, "basis": basis, "deep": {"zh": note}}]
    assert rule == expected
