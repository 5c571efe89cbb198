"""Suzhou 2018 as data, what its calendar says on a day, and what a wrong campaign file is told."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from campaign_documents import FULL, full_text, plans
from hypothesis import given, settings

from engine.campaign_checks import read_campaign
from engine.campaign_gates import judge_gates
from engine.campaign_parts import Dated
from engine.campaign_plan import CampaignPlan, plan_from, schema_text, shipped_campaign
from engine.campaigns import calendar_of, category_of, phase_on, summary_of
from engine.canonical import canonical_text
from engine.data_files import data_folder, parse_yaml, validated
from engine.errors import FileWrong, InputWrong, Problem
from engine.obligations import obligations_of
from engine.working_days import shipped_working_days
from workflows.campaign_export import campaign_file, export_campaign
from workflows.campaign_fields import FIELDS

CALENDAR = shipped_working_days()
SUZHOU_FILE = shipped_campaign("suzhou-2018")
SUZHOU_TEXT = SUZHOU_FILE.read_text(encoding="utf-8")
SUZHOU, REMARKS = read_campaign(SUZHOU_FILE)


# The facts of seed 000, 苏知法〔2018〕75号, worked out by hand.


def test_the_notice_is_taken_over_as_printed() -> None:
    assert SUZHOU.document_no == "苏知法〔2018〕75号"
    assert SUZHOU.issued_on == date(2018, 8, 13)
    assert SUZHOU.issuers == ("苏州市版权局",)
    assert SUZHOU.level == "city"
    assert [parent.issuers for parent in SUZHOU.parents] == [
        ("省版权局", "省通信管理局", "省公安厅", "省互联网信息办公室"),
        ("国家版权局", "工业和信息化部", "公安部", "国家互联网信息办公室"),
    ]


def test_three_groups_name_twelve_fields() -> None:
    assert {group.id: [item.zh for item in group.items] for group in SUZHOU.targets} == {
        "focus": ["网络转载", "短视频", "动漫"],
        "regulate": ["网络直播", "知识分享", "有声读物"],
        "consolidate": ["网络影视", "网络文学", "网络音乐", "电子商务平台", "应用商店", "网络云存储空间"],
    }


PHASES = [  # first day, weekday (Monday is 1), last day, weekday, days, tasks: 行动步骤（一）–（四）
    ("2018-08-14", 2, "2018-08-31", 5, 18, 3),
    ("2018-09-01", 6, "2018-09-30", 7, 30, 3),
    ("2018-10-01", 1, "2018-10-31", 3, 31, 3),
    ("2018-11-01", 4, "2018-11-20", 2, 20, 3),
]


def both_days(dated: Dated) -> tuple[date, date]:
    """First and last day of what has both."""
    assert dated.starts_on is not None
    assert dated.ends_on is not None
    return dated.starts_on, dated.ends_on


def test_the_four_phases_have_their_days_and_every_numbered_task() -> None:
    found = [
        (
            first.isoformat(),
            first.isoweekday(),
            last.isoformat(),
            last.isoweekday(),
            (last - first).days + 1,
            len(phase.tasks),
        )
        for phase in SUZHOU.phases
        for first, last in [both_days(phase)]
    ]

    assert found == PHASES
    assert [task.no for phase in SUZHOU.phases for task in phase.tasks] == [1, 2, 3] * 4


def test_every_one_of_the_99_days_lies_in_exactly_one_phase() -> None:
    first, last = both_days(SUZHOU)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    spans = [both_days(phase) for phase in SUZHOU.phases]

    inside = [[span for span in spans if span[0] <= day <= span[1]] for day in days]

    assert len(days) == 99
    assert all(len(phases) == 1 for phases in inside)


@pytest.mark.parametrize(
    ("on", "phase"),
    [
        (date(2018, 8, 13), None),
        (date(2018, 8, 14), "deployment"),
        (date(2018, 9, 30), "inspection"),
        (date(2018, 10, 1), "rectification"),
        (date(2018, 11, 20), "summary"),
        (date(2018, 11, 21), None),
    ],
)
def test_a_day_lies_in_its_phase(on: date, phase: str | None) -> None:
    found = phase_on(SUZHOU, on)

    assert (found.id if found else None) == phase


OBLIGATIONS = [  # id, due, safe day, period: 工作要求（二）（三）, notes under the attachments
    ("work_plan", "2018-08-23", "2018-08-23", None, None),
    ("site_list", "2018-08-23", "2018-08-23", None, None),
    ("monthly_form.2018-08", "2018-09-15", "2018-09-14", "2018-08-01", "2018-08-31"),  # a Saturday
    ("monthly_form.2018-09", "2018-10-15", "2018-10-15", "2018-09-01", "2018-09-30"),
    ("monthly_form.2018-10", "2018-11-15", "2018-11-15", "2018-10-01", "2018-10-31"),
    ("summary", "2018-11-20", "2018-11-20", None, None),
    ("ad_hoc", None, None, None, None),
]


def test_what_is_owed_has_its_due_day_safe_day_and_period() -> None:
    shown = summary_of(SUZHOU, CALENDAR)["obligations"]

    found = [(o["id"], o["due_on"], o["safe_on"], o["period_from"], o["period_to"]) for o in shown]

    assert found == OBLIGATIONS
    assert {o["to"] for o in shown} == {"市版权局"}
    assert all(o["owed_by"] == ["each_unit"] for o in shown)


def test_each_monthly_form_names_its_month_in_both_languages() -> None:
    august = obligations_of(SUZHOU, CALENDAR)[2]

    assert august.zh.endswith("（2018年8月）")
    assert august.en.endswith("(2018-08)")


def test_an_inferred_date_keeps_its_printed_words_and_says_that_it_is_inferred() -> None:
    plan = next(rule for rule in SUZHOU.obligations if rule.id == "work_plan")

    assert plan.printed == "于10日内全面启动专项行动并上报工作计划"
    assert plan.reading is not None
    assert plan.reading.confidence == "inference"


def test_the_only_remark_is_the_saturday_in_september() -> None:
    assert [(remark.code, remark.remark) for remark in REMARKS] == [("obligation.rest_day", True)]
    assert "2018-09-15" in REMARKS[0].en
    assert "id: monthly_form" in SUZHOU_TEXT.splitlines()[REMARKS[0].line - 1]


def test_the_calendar_lists_every_dated_day_in_order() -> None:
    days = [(day.on.isoformat(), day.kind) for day in calendar_of(SUZHOU, CALENDAR)]

    assert days == [
        ("2018-08-14", "campaign_start"),
        ("2018-08-14", "phase_start"),
        ("2018-08-23", "obligation"),
        ("2018-08-23", "obligation"),
        ("2018-08-31", "phase_end"),
        ("2018-09-01", "phase_start"),
        ("2018-09-15", "obligation"),
        ("2018-09-30", "gate_end"),
        ("2018-09-30", "phase_end"),
        ("2018-10-01", "phase_start"),
        ("2018-10-15", "obligation"),
        ("2018-10-31", "gate_end"),
        ("2018-10-31", "phase_end"),
        ("2018-11-01", "phase_start"),
        ("2018-11-15", "obligation"),
        ("2018-11-20", "obligation"),
        ("2018-11-20", "gate_end"),
        ("2018-11-20", "phase_end"),
        ("2018-11-20", "campaign_end"),
    ]


def test_the_summary_has_the_promised_keys_and_is_plain_json() -> None:
    shown = summary_of(SUZHOU, CALENDAR)

    promised = [
        "id",
        "title",
        "level",
        "organisers",
        "phases",
        "tasks",
        "obligations",
        "categories",
        "forms",
        "matrix",
        "parent",
    ]
    assert set(promised) <= set(shown)
    assert shown["title"] == "苏州市版权局关于印发苏州市开展打击网络侵权盗版“剑网2018”专项行动实施方案的通知"
    assert shown["organisers"] == ["苏州市版权局"]
    assert shown["parent"]["issuers"][0] == "省版权局"
    assert shown["matrix"] == []
    assert shown["forms"] == ["statistics", "cases", "sites"]
    assert len(shown["tasks"]) == 12
    assert canonical_text(shown)


def test_a_category_of_its_own_is_kept_and_an_unknown_one_counts_as_other() -> None:
    assert category_of(SUZHOU, "short_video") == "short_video"
    assert category_of(SUZHOU, "network_music") == "other"


# Gates on their boundary days: design §7, issue 3.

SELF = {"source": "self_inspection"}
COMPLAINT = {"source": "complaint"}
GATES: list[tuple[str, dict[str, str], str, list[str]]] = [
    ("open", COMPLAINT, "2018-08-13", ["refused"]),
    ("open", COMPLAINT, "2018-08-14", ["open"]),
    ("open", COMPLAINT, "2018-11-20", ["open"]),
    ("open", COMPLAINT, "2018-11-21", ["refused"]),
    ("open", SELF, "2018-08-31", ["open", "refused"]),
    ("open", SELF, "2018-09-01", ["open", "open"]),
    ("open", SELF, "2018-09-30", ["open", "open"]),
    ("open", SELF, "2018-10-01", ["open", "refused"]),
    ("open", SELF, "2018-11-21", ["refused", "refused"]),
    ("order_rectification", {}, "2018-08-13", ["refused"]),
    ("order_rectification", {}, "2018-08-14", ["open"]),
    ("order_rectification", {}, "2018-10-31", ["open"]),
    ("order_rectification", {}, "2018-11-01", ["refused"]),
    ("recheck", {}, "2018-08-14", ["open"]),
    ("recheck", {}, "2018-10-31", ["open"]),
    ("recheck", {}, "2018-11-01", ["warn"]),
    ("close_rectified", {}, "2018-10-31", ["open"]),
    ("close_rectified", {}, "2019-06-01", ["warn"]),
    ("file", {}, "2019-06-01", []),
    ("decide", {}, "2018-01-01", []),
]


@pytest.mark.parametrize(("step", "answers", "on", "outcomes"), GATES)
def test_a_gate_is_open_to_the_end_of_its_last_day(
    step: str, answers: dict[str, str], on: str, outcomes: list[str]
) -> None:
    verdicts = judge_gates(SUZHOU, step, answers, date.fromisoformat(on))

    assert [verdict.outcome for verdict in verdicts] == outcomes


def test_a_late_step_says_until_when_it_was_open_and_what_to_do() -> None:
    (verdict,) = judge_gates(SUZHOU, "order_rectification", {}, date(2018, 11, 5))

    refusal = verdict.refusal
    assert refusal is not None
    assert refusal.code == "phase.closed"
    assert refusal.facts == {
        "campaign": "suzhou-2018",
        "gate": "order_rectification",
        "phase": "rectification",
        "opened_on": "2018-08-14",
        "closed_on": "2018-10-31",
    }
    assert "2018-10-31" in refusal.zh
    assert "2018-10-31" in refusal.en
    assert refusal.basis.startswith("苏知法〔2018〕75号")
    assert refusal.earliest_on is None
    assert refusal.remedy is not None
    assert refusal.remedy.command is None
    assert refusal.who_can == ()


def test_an_early_step_says_when_it_becomes_possible() -> None:
    verdicts = judge_gates(SUZHOU, "open", SELF, date(2018, 8, 20))

    refusal = verdicts[1].refusal
    assert refusal is not None
    assert refusal.code == "phase.closed"
    assert refusal.earliest_on == date(2018, 9, 1)


def test_what_follows_from_an_admitted_act_only_warns() -> None:
    (verdict,) = judge_gates(SUZHOU, "close_rectified", {}, date(2018, 11, 10))

    assert verdict.refusal is not None
    assert verdict.refusal.code == "phase.after"
    assert verdict.refusal.remedy is None


# Wrong files: the shipped file with one thing spoilt.

WRONG = [  # what stands there, what is put in its place, the spoilt line, code, a word of the English sentence
    ("level: city", "level: town", "level: town", "value.unknown", "nation, province, city, county"),
    ("level: city", "levle: city", "levle", "field.unknown", "did you mean 'level'"),
    ("issued_on: 2018-08-13", "issued_on: 2018-09-31", "issued_on: 2018-09-31", "date.invalid", "no day 2018-09-31"),
    ("issued_on: 2018-08-13", "issued_on:", "issued_on:", "field.missing", "empty"),
    ("id: suzhou-2018\n", "id: ../etc\n", "id: ../etc", "field.invalid", "small letters"),
    (
        "ends_on: 2018-11-20\n\naim",
        "ends_on: 2018-08-01\n\naim",
        "ends_on: 2018-08-01",
        "campaign.ends_before_start",
        "",
    ),
    ("ends_on: 2018-10-31", "ends_on: 2018-09-01", "ends_on: 2018-09-01", "phase.ends_before_start", "correct one"),
    (
        "  - id: summary\n    zh: 督",
        "  - id: inspection\n    zh: 督",
        "  - id: inspection\n    zh: 督",
        "id.duplicate",
        "twice",
    ),
    ("phase: inspection", "phase: inspektion", "phase: inspektion", "name.unknown", "known are deployment, inspection"),
    ("unknown_category: other", "unknown_category: rest", "unknown_category: rest", "name.unknown", "news_reposting"),
    ("unknown_category: other\n", "", "categories:", "category.no_other", "unknown_category"),
    ("{id: other,", "{id: total,", "{id: total,", "name.reserved", "total"),
    ("[statistics, cases, sites]", "[statistics, links]", "forms:", "name.unknown", "known are cases, cases_2015"),
    (
        "starts_on: 2018-08-14 # 发",
        "starts_on: 2018-12-01 # 发",
        "  - id: order_rect",
        "gate.ends_before_start",
        "closes",
    ),
    ("    due_on: 2018-11-20\n", "", "  - id: summary\n    kind", "obligation.undated", "say when it is due"),
    ("kind: ad_hoc\n", "kind: ad_hoc\n    due_on: 2018-09-01\n", "  - id: ad_hoc", "obligation.dates", "no date"),
    (
        "due_on: 2018-11-20",
        "due_on: 2018-11-20\n    monthly: {day: 1, months: [2018-08]}",
        "  - id: summary\n    kind",
        "obligation.dates",
        "only one",
    ),
    ("months: [2018-08,", "months: [2018-13,", "    monthly:", "field.invalid", "like 2018-08"),
    ("months: [2018-08,", "months: [2018-09,", "    monthly:", "id.duplicate", "twice"),
    ("{day: 15,", "{day: 31,", "    monthly:", "field.invalid", "at most 28"),
    ("{days: 10, of: issued_on} #", "{days: ten, of: issued_on} #", "    within:", "number.invalid", "whole number"),
    (
        "      - no: 2\n        zh: 各地上报",
        "      - no: 1\n        zh: 各地上报",
        "      - no: 1\n        zh: 各地上报",
        "id.duplicate",
        "",
    ),
    ("after: refuse\n    basis", "after: block\n    basis", "    after: block", "value.unknown", "refuse, warn"),
    ("level: city", "level: city\nlevel: nation", "level: nation", "yaml.duplicate_key", "already on line"),
]


def spoilt(folder: Path, old: str, new: str) -> Path:
    assert old in SUZHOU_TEXT
    file = folder / "campaign.yaml"
    file.write_text(SUZHOU_TEXT.replace(old, new, 1), encoding="utf-8")
    return file


def problems_in(file: Path) -> tuple[Problem, ...]:
    with pytest.raises(FileWrong) as caught:
        read_campaign(file, CALENDAR)
    return caught.value.problems


@pytest.mark.parametrize(("old", "new", "place", "code", "word"), WRONG)
def test_a_wrong_file_names_line_reason_and_remedy(
    tmp_path: Path, old: str, new: str, place: str, code: str, word: str
) -> None:
    file = spoilt(tmp_path, old, new)

    found = [problem for problem in problems_in(file) if problem.code == code]

    text = file.read_text(encoding="utf-8")
    assert [problem.line for problem in found] == [text.count("\n", 0, text.index(place)) + 1]
    assert word in found[0].en
    assert any("一" <= sign <= "鿿" for sign in found[0].zh)


def test_all_errors_of_a_file_come_at_once_and_remarks_do_not_stand_among_them(tmp_path: Path) -> None:
    file = spoilt(tmp_path, "[statistics, cases, sites]", "[links, statistics, statistics]")

    assert [problem.code for problem in problems_in(file)] == ["id.duplicate", "name.unknown"]


REMARKED = [  # what stands there, what is put in its place, remark
    ("starts_on: 2018-10-01", "starts_on: 2018-09-15", "phase.overlap"),
    ("ends_on: 2018-11-20\n    tasks", "ends_on: 2018-11-30\n    tasks", "phase.outside"),
    ("due_on: 2018-11-20", "due_on: 2018-12-10", "obligation.outside"),
]


@pytest.mark.parametrize(("old", "new", "code"), REMARKED)
def test_what_is_odd_but_allowed_is_only_remarked(tmp_path: Path, old: str, new: str, code: str) -> None:
    _, remarks = read_campaign(spoilt(tmp_path, old, new), CALENDAR)

    assert [remark.code for remark in remarks if remark.code != "obligation.rest_day"] == [code]


def test_a_campaign_may_have_no_phases(tmp_path: Path) -> None:
    file = tmp_path / "bare.yaml"
    file.write_text(
        "id: bare-2017\nname: {zh: 专项, en: Campaign}\ntitle: {zh: 通知, en: Notice}\nlevel: province\n"
        "issued_on: 2017-08-14\nissuers: [省版权局]\norganisers: [省版权局, 省公安厅]\nunit: jiangsu\n"
        "starts_on: 2017-08-14\nends_on: 2017-11-30\n",
        encoding="utf-8",
    )

    plan, remarks = read_campaign(file)

    assert phase_on(plan, date(2017, 9, 1)) is None
    assert judge_gates(plan, "open", {}, date(2018, 1, 1)) == ()
    assert obligations_of(plan, CALENDAR) == ()
    assert category_of(plan, "anything") is None
    assert remarks == ()


# Stored and exported forms.


def test_the_stored_document_gives_the_same_plan_back() -> None:
    document = json.loads(canonical_text(SUZHOU.as_document()))

    assert plan_from(document) == SUZHOU
    assert plan_from(document).hash == SUZHOU.hash


def test_comments_and_layout_do_not_change_the_identity_of_a_plan(tmp_path: Path) -> None:
    bare = "\n".join(line for line in SUZHOU_TEXT.splitlines() if not line.lstrip().startswith("#"))
    file = tmp_path / "bare.yaml"
    file.write_text(bare, encoding="utf-8")

    plan, _ = read_campaign(file)

    assert plan.hash == SUZHOU.hash


def test_a_damaged_stored_document_is_an_explained_error() -> None:
    document = SUZHOU.as_document() | {"level": "galaxy"}

    with pytest.raises(FileWrong, match="galaxy"):
        plan_from(document)


def test_the_committed_schema_is_the_one_of_the_language() -> None:
    committed = (data_folder() / "schemas" / "campaign.schema.json").read_text(encoding="utf-8")

    # Mend with: uv run python -c "from engine.campaign_plan import schema_text as s; import pathlib as p;
    # p.Path('data/schemas/campaign.schema.json').write_text(s(), encoding='utf-8')"
    assert committed == schema_text()


@settings(max_examples=60, deadline=None)
@given(plans)
def test_loading_dumping_and_loading_again_is_the_identity(document: dict[str, Any]) -> None:
    # JSON is YAML: the same document goes through the reader as a file would.
    plan = validated(CampaignPlan, parse_yaml(full_text(document), "random.yaml"))

    again = validated(CampaignPlan, parse_yaml(full_text(plan.as_document()), "again.yaml"))

    assert again == plan == plan_from(plan.as_document())
    assert again.hash == plan.hash
    assert summary_of(again, CALENDAR) == summary_of(plan, CALENDAR)


@settings(max_examples=150, deadline=None)
@given(plans)
def test_an_exported_file_says_what_the_plan_says(document: dict[str, Any]) -> None:
    plan = validated(CampaignPlan, parse_yaml(full_text(document), "random.yaml"))

    again = validated(CampaignPlan, parse_yaml(campaign_file(plan), "export.yaml"))

    assert again == plan
    assert again.hash == plan.hash


@pytest.mark.parametrize("file", sorted(SUZHOU_FILE.parent.glob("*.yaml")), ids=lambda file: file.stem)
def test_every_shipped_campaign_can_be_exported_and_read_again(file: Path, tmp_path: Path) -> None:
    plan, remarks = read_campaign(file)
    exported = tmp_path / "export.yaml"
    export_campaign(plan, (), exported)

    again, again_remarks = read_campaign(exported)

    assert again == plan
    assert again.hash == plan.hash
    assert sorted((r.code, r.zh, r.en) for r in again_remarks) == sorted((r.code, r.zh, r.en) for r in remarks)


def test_an_exported_file_has_a_comment_in_both_languages_on_every_field() -> None:
    plan = plan_from(FULL)

    lines = campaign_file(plan).splitlines()

    for name in plan.as_document():
        (place,) = [number for number, line in enumerate(lines) if line.startswith(f"{name}:")]
        assert lines[place - 2] == f"# {FIELDS[name].zh}"
        assert lines[place - 1] == f"# {FIELDS[name].en}"


def test_the_fields_of_a_file_are_those_of_the_language_with_examples_that_hold(tmp_path: Path) -> None:
    """All examples together are a campaign that the checks accept: taking the `# ` away is enough."""
    assert set(FIELDS) == set(CampaignPlan.model_fields)

    file = tmp_path / "examples.yaml"
    file.write_text("\n".join(f.example for name, f in FIELDS.items() if name != "based_on"), encoding="utf-8")
    plan, remarks = read_campaign(file)

    assert plan.id == "jianwang-2026"
    assert {remark.code for remark in remarks} <= {"obligation.rest_day", "phase.gap"}


def test_a_file_is_never_written_over_and_never_half_written(tmp_path: Path) -> None:
    there = tmp_path / "there.yaml"
    there.write_text("mine", encoding="utf-8")

    for place in (there, tmp_path / "nowhere" / "plan.yaml", tmp_path / "plan.txt", tmp_path):
        with pytest.raises(InputWrong):
            export_campaign(SUZHOU, (), place)

    assert there.read_text(encoding="utf-8") == "mine"
    assert [file.name for file in tmp_path.iterdir()] == ["there.yaml"]
