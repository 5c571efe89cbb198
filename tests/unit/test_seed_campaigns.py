"""The other four seed documents as data: every figure of them, as printed or worked out by hand."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from pydantic import BaseModel

from engine import campaign_owed, campaign_parts, campaign_plan
from engine.campaign_checks import read_campaign
from engine.campaign_parts import Dated, Named, Part, Words
from engine.campaign_plan import CampaignPlan, plan_from, shipped_campaign
from engine.campaigns import calendar_of, matrix_of, phase_on
from engine.data_files import data_folder
from engine.obligations import Obligation, obligations_of
from engine.working_days import shipped_working_days
from reports.forms import shipped_form
from workflows.campaign_export import campaign_file

CALENDAR = shipped_working_days()
FILES = sorted((data_folder() / "campaigns").glob("*.yaml"))
CODE = re.compile(r"`(\w+)`")
STARRED = re.compile(r"`(\w+)` \*")
FOUR_OF_THE_NATION = ("国家版权局", "国家互联网信息办公室", "工业和信息化部", "公安部")


def seed(campaign_id: str) -> CampaignPlan:
    plan, _ = read_campaign(shipped_campaign(campaign_id))
    return plan


NATION, GUANGDONG, SUQIAN, BEIJING = (
    seed(name) for name in ("national-2015", "guangdong-2017", "suqian-2017", "beijing-mechanisms")
)


def owed(plan: CampaignPlan) -> dict[str, Obligation]:
    return {one.id: one for one in obligations_of(plan, CALENDAR)}


def figures(plan: CampaignPlan) -> dict[str, str]:
    return {counter.id: published.value for counter in plan.counters for published in counter.published}


def dates_of(dated: Dated) -> tuple[date | None, date | None]:
    return dated.starts_on, dated.ends_on


# The page that explains the language.


def parts_of_the_language() -> list[type[BaseModel]]:
    """The models that a plan is made of, bases included, without those that have nothing but `id`, `zh` and `en`."""
    kinds = [kind for module in (campaign_plan, campaign_parts, campaign_owed) for kind in vars(module).values()]
    models = {kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)}
    return sorted(models - {BaseModel, Part, Words, Named}, key=lambda model: model.__name__)


@pytest.mark.parametrize("model", parts_of_the_language(), ids=lambda model: model.__name__)
def test_every_field_of_the_language_has_a_row_in_its_section(model: type[BaseModel]) -> None:
    page = (data_folder().parent / "docs" / "campaign-language.md").read_text(encoding="utf-8")
    section = next((part for part in page.split("\n## ") if part.splitlines()[0].endswith(f"· {model.__name__}")), "")
    own = {model.model_fields[name].alias or name for name in model.__annotations__ if name in model.model_fields}

    explained = {name for row in re.findall(r"^\| (.*?) \|", section, re.MULTILINE) for name in CODE.findall(row)}

    assert explained == own
    required = {field.alias or name for name, field in model.model_fields.items() if field.is_required()}
    assert set(STARRED.findall(section)) == required & own


# What holds for each of the five.


REMARKS = {  # campaign: what is odd in the document itself, by code
    "suzhou-2018": ["obligation.rest_day"],
    "national-2015": ["date.back_dated", "printed.differs", "date.back_dated", "obligation.outside"],
    "guangdong-2017": [],
    "suqian-2017": ["obligation.rest_day"],
    "beijing-mechanisms": [],
}


def test_the_five_seeds_are_shipped() -> None:
    assert [file.stem for file in FILES] == sorted(REMARKS)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_seed_has_no_error_and_only_the_remarks_that_its_document_earns(file: Path) -> None:
    plan, remarks = read_campaign(file)

    assert plan.id == file.stem
    assert [remark.code for remark in remarks] == REMARKS[file.stem]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_seed_reads_back_equal_from_its_document(file: Path) -> None:
    plan = seed(file.stem)

    again = plan_from(plan.as_document())

    assert again == plan
    assert again.hash == plan.hash


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_seed_written_out_and_read_again_is_the_same(file: Path, tmp_path: Path) -> None:
    written = tmp_path / file.name
    written.write_text(campaign_file(seed(file.stem)), encoding="utf-8")

    again, remarks = read_campaign(written)

    assert again.hash == seed(file.stem).hash
    assert sorted(remark.code for remark in remarks) == sorted(REMARKS[file.stem])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_order_of_fields_in_a_file_does_not_matter(file: Path) -> None:
    document = seed(file.stem).as_document()

    turned = plan_from(dict(reversed(document.items())))

    assert turned.hash == seed(file.stem).hash


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_department_and_form_that_a_seed_names_is_known_there(file: Path) -> None:
    plan = seed(file.stem)

    named = {owner for _, task in plan.every_task() for owner in task.owners}
    forms = {form for rule in plan.obligations for form in rule.forms}

    assert {name for name in named if plan.department(name) is None} == set()
    assert forms <= set(plan.forms)
    assert [shipped_form(form).id for form in plan.forms] == list(plan.forms)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_seed_names_no_mobile_number_and_no_person(file: Path) -> None:
    text = file.read_text(encoding="utf-8")

    assert re.findall(r"(?<!\d)1[3-9]\d{9}(?!\d)", text) == []
    assert "处长" not in text


# Nation, 2015.


def test_2015_is_signed_a_day_after_its_page_and_both_are_kept() -> None:
    printed = [(p.on.isoformat(), p.source) for p in NATION.printed if p.date == "issued_on" and p.on]

    assert printed == [("2015-06-11", "通知落款"), ("2015-06-10", "通知网页")]
    assert NATION.issued_on == date(2015, 6, 11)
    assert NATION.reading is not None
    assert NATION.reading.confidence == "inference"


def test_2015_comes_from_four_departments_in_their_printed_order() -> None:
    assert NATION.issuers == NATION.organisers == FOUR_OF_THE_NATION
    assert (NATION.level, NATION.document_no) == ("nation", None)
    assert "第十一次" in (NATION.aim.zh if NATION.aim else "")
    assert NATION.addressees is not None
    assert "新疆生产建设兵团版权局" in NATION.addressees
    assert "北京市、天津市、上海市、重庆市文化市场行政执法总队" in NATION.addressees


def test_2015_names_six_kinds_of_works_and_six_channels() -> None:
    assert {group.id: len(group.items) for group in NATION.targets} == {"works": 6, "channels": 6}
    assert [item.zh for item in NATION.targets[0].items] == ["音乐", "影视", "新闻", "游戏", "文学", "软件"]


def test_2015_has_five_key_tasks_which_are_its_categories() -> None:
    ids = ["music", "cloud_storage", "apps", "advertising", "reposting"]

    assert [(task.id, task.no) for task in NATION.tasks] == list(zip(ids, range(1, 6), strict=True))
    assert [category.id for category in NATION.categories] == [*ids, "other"]


PHASES_2015 = [  # first day, weekday (Monday is 1), last day, weekday, numbers of the tasks: 行动步骤（一）–（四）
    ("2015-06-01", 1, "2015-06-30", 2, [1, 2, 3]),
    ("2015-07-01", 3, "2015-07-31", 5, [1, 2, 3]),
    ("2015-08-01", 6, "2015-10-31", 6, [None]),
    ("2015-11-01", 7, "2015-11-30", 1, [1, 2, 3, 4]),
]


def test_2015_has_four_phases_and_one_task_without_a_number() -> None:
    found = [
        (
            phase.starts_on.isoformat(),
            phase.starts_on.isoweekday(),
            phase.ends_on.isoformat(),
            phase.ends_on.isoweekday(),
            [task.no for task in phase.tasks],
        )
        for phase in NATION.phases
        if phase.starts_on is not None and phase.ends_on is not None
    ]

    assert found == PHASES_2015
    assert [phase.zh for phase in NATION.phases] == ["工作部署阶段", "清理检查阶段", "集中整治阶段", "督查总结阶段"]


def test_2015_runs_from_its_first_to_its_last_phase_without_a_gap() -> None:
    ends = [dates_of(phase) for phase in NATION.phases]

    assert (ends[0][0], ends[-1][1]) == dates_of(NATION) == (date(2015, 6, 1), date(2015, 11, 30))
    for (_, last), (first, _) in pairwise(ends):
        assert last is not None
        assert first is not None
        assert (first - last).days == 1


def test_2015_was_running_before_it_was_signed() -> None:
    running = phase_on(NATION, date(2015, 6, 5))

    assert running is not None
    assert running.id == "deployment"
    assert date(2015, 6, 5) < NATION.issued_on


OWED_2015 = [  # id, due, weekday, safe day: 工作要求（二）（三）
    ("work_plan", "2015-06-30", 2, "2015-06-30"),
    *((f"monthly_form.2015-{month:02}", None, None, None) for month in range(6, 12)),
    ("summary", "2015-12-10", 4, "2015-12-10"),
]


def test_2015_owes_a_plan_six_undated_months_and_a_summary_after_its_end() -> None:
    found = [
        (
            one.id,
            one.due_on.isoformat() if one.due_on else None,
            one.due_on.isoweekday() if one.due_on else None,
            one.safe_on.isoformat() if one.safe_on else None,
        )
        for one in obligations_of(NATION, CALENDAR)
    ]

    assert found == OWED_2015
    last = NATION.phases[-1].ends_on
    assert last is not None
    assert (date(2015, 12, 10) - last).days == 10


def test_2015_reports_on_five_lines_side_by_side_and_sums_up_in_2000_characters() -> None:
    rules = {rule.id: rule for rule in NATION.obligations}

    lines = [(line.by, line.to) for line in rules["monthly_form"].lines]

    assert lines == [
        ("省级版权局", "国家版权局"),
        ("文化市场执法总队", "国家版权局"),
        ("互联网信息内容主管部门", "国家互联网信息办公室"),
        ("通信主管部门", "工业和信息化部"),
        ("公安部门", "公安部"),
    ]
    departments = [NATION.department(by) for by, _ in lines]
    assert None not in departments
    assert len({department.id for department in departments if department is not None}) == 5
    assert [line.by for line in rules["summary"].lines] == ["省级版权局", "文化市场执法总队"]
    assert rules["summary"].character_limit == 2000
    assert [rule.character_limit for rule in NATION.obligations if rule.id != "summary"] == [None, None]


def test_2015_month_without_a_day_says_that_it_is_read_so() -> None:
    rule = next(rule for rule in NATION.obligations if rule.id == "monthly_form")

    assert rule.monthly is not None
    assert (rule.monthly.day, rule.monthly.at_end) == (None, False)
    assert rule.printed == "按月分别报送国家版权局等四部门"
    assert rule.reading is not None
    assert rule.reading.confidence == "inference"


def test_2015_rewards_units_persons_and_cases_and_publishes_no_number() -> None:
    assert {reward.id: reward.for_ for reward in NATION.rewards} == {
        "annual": ("units", "persons"),
        "major_cases": ("cases",),
    }
    assert [(hotline.kind, hotline.value) for hotline in NATION.hotlines] == [
        ("phone", None),
        ("letter", None),
        ("mail", None),
        ("message", None),
    ]


def test_2015_lists_jointly_keeps_a_register_and_is_scored() -> None:
    measures = {measure.id: measure.zh for measure in NATION.measures}

    assert "联合挂牌督办" in measures["joint_listing"]
    assert "及时督办、及时上报、及时结案" in measures["joint_listing"]
    assert "不断更新" in measures["register"]
    assert "通知—移除侵权" in measures["fast_handling"]
    assert "双打" in measures["assessment"]


# Guangdong, 2017.


def test_guangdong_was_launched_a_week_before_its_page_and_has_no_end() -> None:
    assert (GUANGDONG.launched_on, GUANGDONG.issued_on) == (date(2017, 8, 14), date(2017, 8, 21))
    assert date(2017, 8, 14).isoweekday() == 1
    assert dates_of(GUANGDONG) == (None, None)
    assert (GUANGDONG.phases, GUANGDONG.obligations, GUANGDONG.forms) == ((), (), ())
    assert phase_on(GUANGDONG, date(2017, 9, 1)) is None
    assert [(day.on.isoformat(), day.kind) for day in calendar_of(GUANGDONG, CALENDAR)] == [("2017-08-14", "launch")]


def test_guangdong_carries_out_the_national_campaign_with_three_key_tasks() -> None:
    (parent,) = GUANGDONG.parents

    assert parent.issuers == FOUR_OF_THE_NATION
    assert GUANGDONG.organisers == ("广东省版权局", "省互联网信息办公室", "省通信管理局", "省公安厅")
    assert [(task.id, task.no, len(task.tasks)) for task in GUANGDONG.tasks] == [
        ("key_works", 1, 2),
        ("apps", 2, 3),
        ("e_commerce", 3, 3),
    ]
    assert [means.zh for means in GUANGDONG.means] == ["属地管理", "谁主管谁负责"]


def test_guangdong_requires_six_five_four_and_four_things_of_its_departments() -> None:
    assert {department.id: len(department.duties) for department in GUANGDONG.departments} == {
        "copyright": 6,
        "cyberspace": 5,
        "communications": 4,
        "police": 4,
    }


def test_guangdong_tells_how_many_came_and_where_to_complain() -> None:
    assert figures(GUANGDONG) == {
        "main_venue_attendance": "100多人",
        "branch_venues": "20个",
        "branch_venue_attendance": "500多人",
    }
    assert [(hotline.kind, hotline.value) for hotline in GUANGDONG.hotlines] == [
        ("phone", "020-37605967"),
        ("mail", "gdsbqj@126.com"),
    ]
    assert "《著作权行政投诉指南》" in GUANGDONG.measures[0].zh


# Suqian, 2017.


TASKS = ("counterfeit_sales", "piracy", "site_supervision", "source_control", "operator_responsibility")
MATRIX = {  # department: marks in tasks 1 to 5, from 二、主要任务（一）–（五）
    "通信行业管理办公室": "●●●●●",
    "公安局": "●●●●●",
    "工商局": "●·●●●",
    "质监局": "●·●●●",
    "食品药品监督管理局": "●·●●●",
    "文广新局": "·●●·●",
    "知识产权局": "·●●·●",
    "网信办": "●●●··",
    "邮政管理局": "●··●·",
    "农委": "●····",
    "海关": "●····",
    "检验检疫局": "●····",
}


def test_suqian_marks_twelve_departments_in_five_tasks() -> None:
    names = {department.id: department.zh for department in SUQIAN.departments}
    marks = {names[row["department"]]: set(row["tasks"]) for row in matrix_of(SUQIAN)}

    assert {name: "".join("●" if task in found else "·" for task in TASKS) for name, found in marks.items()} == MATRIX
    assert list(names.values()) == list(MATRIX)


def test_suqians_36_marks_add_up_both_ways() -> None:
    rows = matrix_of(SUQIAN)
    columns = Counter(task for row in rows for task in row["tasks"])

    assert sorted((len(row["tasks"]) for row in rows), reverse=True) == [5, 5, 4, 4, 4, 3, 3, 3, 2, 1, 1, 1]
    assert [columns[task] for task in TASKS] == [10, 5, 8, 6, 7]
    assert sum(len(row["tasks"]) for row in rows) == sum(columns.values()) == 36


def test_suqian_calls_one_department_by_two_names_and_names_no_lead() -> None:
    fifth = SUQIAN.tasks[4]

    assert "市质监局" in fifth.owners
    assert SUQIAN.department("市质监局") is SUQIAN.department("质监局")
    assert not any(department.lead for department in SUQIAN.departments)
    assert SUQIAN.department("文广新局") == next(d for d in SUQIAN.departments if d.id == "copyright")


def test_suqian_has_a_number_a_parents_number_and_neither_phases_nor_ends() -> None:
    (parent,) = SUQIAN.parents

    assert (SUQIAN.document_no, SUQIAN.issued_on) == ("宿打假办发〔2017〕2号", date(2017, 3, 22))
    assert (parent.document_no, parent.issuers) == ("苏打假办发〔2017〕6号", ())
    assert (*dates_of(SUQIAN), SUQIAN.phases) == (None, None, ())


def test_suqians_piracy_task_has_the_thirteenth_sword_net_action_below_it() -> None:
    carried_out = [(task.id, task.campaign) for _, task in SUQIAN.every_task() if task.campaign]

    assert carried_out == [("sword_net", "jianwang-2017")]
    assert "第13次“剑网行动”" in SUQIAN.tasks[1].tasks[0].zh


def test_suqian_sums_up_on_a_sunday_and_reports_monthly_without_a_day() -> None:
    found = owed(SUQIAN)

    assert (found["summary"].due_on, found["summary"].safe_on) == (date(2017, 12, 10), date(2017, 12, 8))
    assert date(2017, 12, 10).isoweekday() == 7
    months = [one for one in found.values() if one.kind == "monthly_form"]
    assert [one.id for one in months] == [f"monthly_form.2017-{month:02}" for month in range(3, 13)]
    assert {one.due_on for one in months} == {None}
    assert SUQIAN.forms == ("counterfeit_2017",)


def test_suqian_joins_the_two_laws_with_the_courts_as_well() -> None:
    mechanisms = {mechanism.id: mechanism for mechanism in SUQIAN.mechanisms}

    assert mechanisms["two_law_linkage"].partners == ("公安机关", "检察机关", "审判机关")
    assert {"cross_region_help", "cluster_campaigns", "credit_base", "platform_clues", "disclosure_and_talks"} <= set(
        mechanisms
    )
    assert any("“通知—删除”" in task.zh for task in SUQIAN.tasks[4].tasks)
    assert any("寄递实名制" in task.zh for task in SUQIAN.tasks[3].tasks)


# Beijing, twenty years.


BEIJING_FIGURES = {
    "value_added": "5398.7亿元",
    "share_of_gdp": "11.4%",
    "national_value_added": "59464亿元",
    "national_share_of_gdp": "4.59%",
    "share_of_nation": "9.1%",
    "cases_closed": "1248件",
    "copies_seized": "520.16万册（件）",
    "links_found": "1400余万条",
    "links_notified": "超过七成",
    "links_taken_down": "超过90%",
    "disputes": "18586件",
    "disputes_amount": "4.5亿元",
    "disputes_settled": "3.2亿元",
    "olympic_events": "581场",
    "mascot_case": "一个多月",
    "task_force_bodies": "14家",
    "alliance_members": "六家",
    "reader_platform_fine": "25万元",
    "music_shop_penalty": "49万余元",
}


def test_beijings_figures_stand_as_printed_with_their_time_and_source() -> None:
    assert figures(BEIJING) == BEIJING_FIGURES
    published = {counter.id: counter.published[0] for counter in BEIJING.counters}
    assert published["cases_closed"].period == published["copies_seized"].period == "近10年"
    assert published["disputes"].period == "2024年"
    assert {one.source for one in published.values()} == set(BEIJING.issuers)


def test_the_checks_written_beside_beijings_figures_are_worked_out_right() -> None:
    assert round(5398.7 / 59464 * 100, 2) == 9.08
    assert round(1248 / 10) == 125
    assert round(5_201_600 / 1248) == 4168
    assert round(0.7 * 0.9 * 100) == 63
    assert round(3.2 / 4.5 * 100) == 71


def test_beijing_has_mechanisms_but_no_dates_phases_or_duties() -> None:
    assert dates_of(BEIJING) == (None, None)
    assert (BEIJING.phases, BEIJING.obligations, BEIJING.special_periods, BEIJING.forms) == ((), (), (), ())
    assert BEIJING.issued_on == date(2025, 7, 29)
    assert BEIJING.issued_on.isoweekday() == 2
    assert calendar_of(BEIJING, CALENDAR) == ()
    assert BEIJING.issuers == ("北京市版权局", "北京市文化市场综合执法总队")


def test_beijings_mechanisms_have_rhythm_partners_and_beginning() -> None:
    mechanisms = {mechanism.id: mechanism for mechanism in BEIJING.mechanisms}

    assert [m.id for m in BEIJING.mechanisms if m.rhythm == "quarterly"] == ["quarterly_meeting"]
    assert len(mechanisms["clue_notification"].partners) == 6
    assert len(mechanisms["mediation_alliance"].partners) == 6
    assert {name: m.since for name, m in mechanisms.items() if m.since} == {
        "site_removal": "2011年",
        "clean_source": "2014年",
        "early_warning": "2024年下半年",
        "mediation_alliance": "2024年11月",
        "task_group": "2022年",
        "anti_piracy_alliance": "2025年",
    }
    members = [BEIJING.department(name) for name in mechanisms["clue_notification"].partners]
    assert None not in members
