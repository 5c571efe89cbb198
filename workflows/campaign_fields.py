"""What every field of a campaign file is for, in both languages, with an example; in the order of files."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CampaignField:
    """A field at the top of a campaign file. The example is YAML, as it may stand there."""

    zh: str
    en: str
    example: str


FIELDS: dict[str, CampaignField] = {
    "id": CampaignField("代号，命令中用它指称本行动", "Id, by which commands name the campaign", "id: jianwang-2026"),
    "name": CampaignField("名称", "Name", "name: {zh: 剑网2026, en: Sword Net 2026}"),
    "title": CampaignField(
        "通知或者方案的标题", "Title of the notice", "title: {zh: 关于开展专项行动的通知, en: Notice of the campaign}"
    ),
    "level": CampaignField("级别：nation、province、city、county", "Level: one of these", "level: city"),
    "document_no": CampaignField("文号", "Number of the document", "document_no: 某知法〔2026〕1号"),
    "issued_on": CampaignField("发文日期", "Day of the notice", "issued_on: 2026-06-01"),
    "launched_on": CampaignField("启动会议的日期", "Day of the launching meeting", "launched_on: 2026-06-05"),
    "issuers": CampaignField("发文机关，按原文顺序", "Who issued it, in printed order", "issuers: [某市版权局]"),
    "addressees": CampaignField("主送", "To whom it goes", "addressees: 各区版权局"),
    "organisers": CampaignField(
        "主办单位，按原文顺序", "Who organises it, in printed order", "organisers: [某市版权局]"
    ),
    "unit": CampaignField("执行单位在库中的代号", "Id in the store of the unit that runs it", "unit: suzhou"),
    "parents": CampaignField(
        "上级文件，由近及远；id：该行动也已载入；task：本行动是其中一项任务",
        "Notices above this one, nearest first; id where it is loaded too, task where this is one task of it",
        "parents:\n  - {zh: 省通知, en: Provincial notice, issuers: [省版权局]}",
    ),
    "previous": CampaignField(
        "上一年度行动的代号，用于对比", "Campaign of the year before, for comparison", "previous: jianwang-2025"
    ),
    "starts_on": CampaignField("开始日，含当日；不写则不限", "First day; open without it", "starts_on: 2026-06-10"),
    "ends_on": CampaignField(
        "结束日，含当日；不写则不限", "Last day, included; open without it", "ends_on: 2026-11-30"
    ),
    "regions": CampaignField(
        "起止日与别处不同的单位（及其下级）",
        "Units (with those below) whose dates differ",
        "regions:\n  - {unit: kunshan, ends_on: 2026-12-10}",
    ),
    "printed": CampaignField(
        "原文怎样印日期；印了几处的逐一列出",
        "How the notice prints its dates; each printing by itself",
        "printed:\n  - {date: ends_on, words: 11月底, on: 2026-11-30, source: 第三部分}",
    ),
    "reading": CampaignField(
        "含糊之处怎样理解、把握多大（V1、V2、M+、M-、inference）",
        "How an unclear text is read, and how sure that is",
        "reading: {zh: 月底按30日计, en: the end of the month is the 30th, confidence: inference}",
    ),
    "aim": CampaignField("目标", "Aim", "aim: {zh: 净化网络版权环境, en: a clean internet}"),
    "means": CampaignField("手段", "Means", "means:\n  - {zh: 行政处罚, en: administrative penalty}"),
    "targets": CampaignField(
        "整治对象，分组",
        "What it is about, in groups",
        "targets:\n  - id: focus\n    zh: 重点\n    en: Focus\n    items:\n      - {zh: 短视频, en: short video}",
    ),
    "target_lists": CampaignField(
        "随行动下发的名单（网站、作品）",
        "Lists that come with it: sites, works",
        "target_lists:\n  - id: sites\n    zh: 重点网站\n    en: Sites under watch\n    items:\n"
        "      - {name: 某网站, url: example.cn, from_on: 2026-06-10}",
    ),
    "key_areas": CampaignField(
        "工作重点", "Key areas", "key_areas:\n  - {id: short_video, zh: 短视频, en: Short video}"
    ),
    "measures": CampaignField("工作措施", "Measures", "measures:\n  - {id: cases, zh: 强化办案, en: Handle cases}"),
    "mechanisms": CampaignField(
        "长期机制；rhythm：monthly、quarterly、half_yearly、yearly、standing、on_occasion",
        "Ways of working together that go on, and how often they come round",
        "mechanisms:\n  - {id: meeting, zh: 联席会议, en: Joint meeting, rhythm: quarterly, partners: [市公安局]}",
    ),
    "phases": CampaignField(
        "阶段及其任务；日期、任务、序号都可以不写",
        "Phases with their tasks; dates, tasks and numbers may be missing",
        "phases:\n  - id: inspection\n    zh: 清理检查\n    en: Inspection\n    starts_on: 2026-07-01\n"
        "    ends_on: 2026-08-31\n    tasks:\n      - {id: training, no: 1, zh: 开展培训, en: Train officers}",
    ),
    "tasks": CampaignField(
        "不属于某一阶段的任务；owners：负责部门；campaign：承担该任务的另一行动",
        "Tasks of no phase; owners are departments, campaign another campaign that carries it out",
        "tasks:\n  - {id: publicity, zh: 宣传, en: Publicity}",
    ),
    "special_periods": CampaignField(
        "另有要求的时段（重大活动、会议）",
        "Days with rules of their own: an event, a sitting",
        "special_periods:\n  - id: fair\n    zh: 展会保护\n    en: Trade fair\n    starts_on: 2026-09-01\n"
        "    ends_on: 2026-09-05\n    duty: {zh: 全天值守, en: on duty day and night}",
    ),
    "law_changes": CampaignField(
        "行动期间施行的新法，只作提示",
        "Laws that change meanwhile, told to people only",
        "law_changes:\n  - {on: 2026-09-01, basis: 某办法, zh: 某办法施行, en: a measure comes into force}",
    ),
    "departments": CampaignField(
        "部门及其职责；lead：牵头；aliases：文中别处的称呼",
        "Departments and duties; lead marks the first of them, aliases are what else they are called",
        "departments:\n  - id: copyright\n    zh: 版权局\n    en: Copyright bureau\n    lead: yes\n"
        "    aliases: [市版权局]\n    duties:\n      - {zh: 查处侵权, en: deal with infringement}",
    ),
    "matrix": CampaignField(
        "任务分工：每个部门标出的任务（任务的id）",
        "Who is marked for which tasks, by their ids",
        "matrix:\n  - {department: copyright, tasks: [publicity]}",
    ),
    "categories": CampaignField(
        "报表中的案件类别",
        "Categories of cases, the rows of the form",
        "categories:\n  - {id: short_video, zh: 短视频, en: Short video}\n  - {id: other, zh: 其他, en: Other}",
    ),
    "unknown_category": CampaignField(
        "收纳其他案件的一类；写了categories就必须写",
        "The category that takes all other cases; needed where there are categories",
        "unknown_category: other",
    ),
    "forms": CampaignField("报表（data/forms）", "Forms, as in data/forms", "forms: [statistics, cases]"),
    "counters": CampaignField(
        "报表以外的统计：measure：由案件统计；published：已公布的数字",
        "Figures outside the forms: counted from cases by measure, or as published",
        "counters:\n  - id: copies\n    zh: 收缴制品\n    en: Copies seized\n    measure: copies_seized\n"
        "    published:\n      - {value: 520.16万件, period: 近十年}",
    ),
    "obligations": CampaignField(
        "报送事项；期限写一种：due_on、within、monthly、each_phase、event、undated",
        "What is owed; when, in one way: due_on, within, monthly, each_phase, event, undated",
        "obligations:\n  - id: plan\n    kind: work_plan\n    zh: 报送工作计划\n    en: Send the work plan\n"
        "    within: {days: 10, of: issued_on}\n    to: 市版权局\n"
        "  - id: summary\n    kind: summary\n    zh: 报送总结\n    en: Send the summary\n"
        "    due_on: 2026-11-30\n    to: 市版权局\n    character_limit: 2000",
    ),
    "gates": CampaignField(
        "何时可以办理某一步骤；after：refuse（不予办理）或者warn（提示）",
        "When a step is open; outside that time it is refused, or warned about",
        "gates:\n  - id: open_case\n    step: open\n    zh: 登记案件\n    en: opening a case\n    after: refuse",
    ),
    "rewards": CampaignField(
        "奖励；for：units、persons、cases",
        "Rewards: for units, persons or cases",
        "rewards:\n  - id: commendation\n    zh: 申报奖励\n    en: Commendation\n    for: [units, persons, cases]",
    ),
    "hotlines": CampaignField(
        "投诉渠道；kind：phone、mail、web、letter、message",
        "Ways to complain, each of one of these kinds",
        'hotlines:\n  - {zh: 举报电话, en: Hotline, kind: phone, value: "12390"}',
    ),
    "based_on": CampaignField(
        "由哪一版调整而来，请勿改动",
        "The version that this was made from; leave it",
        "based_on: " + 64 * "0",
    ),
}
