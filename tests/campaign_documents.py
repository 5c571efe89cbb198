"""Campaign documents for tests: one that says something in every field of the language, and random hostile ones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from hypothesis import strategies as st

from engine.campaign_plan import CampaignPlan

# Every text is said once, so that a test can look for it. Dates fit together: there is no error in it.
FULL: dict[str, Any] = {
    "id": "full-2026",
    "name": {"zh": "全项行动", "en": "Full campaign"},
    "title": {"zh": "全项通知", "en": "Full notice"},
    "level": "city",
    "document_no": "全文〔2026〕7号",
    "issued_on": "2026-06-02",
    "launched_on": "2026-06-04",
    "issuers": ["甲发文局", "乙发文局"],
    "addressees": "各主送单位",
    "organisers": ["甲主办局", "乙主办局"],
    "unit": "suzhou",
    "parents": [
        {
            "zh": "上级通知",
            "en": "Upper notice",
            "issuers": ["上级局"],
            "document_no": "上文〔2026〕3号",
            "id": "upper-2026",
            "task": "upper_task",
        }
    ],
    "previous": "full-2025",
    "starts_on": "2026-06-10",
    "ends_on": "2026-11-30",
    "regions": [{"unit": "kunshan", "starts_on": "2026-06-11", "ends_on": "2026-12-11"}],
    "printed": [{"date": "ends_on", "words": "十一月底", "on": "2026-11-30", "source": "第三部分"}],
    "reading": {"zh": "月底即三十日", "en": "end of month is the 30th", "confidence": "inference"},
    "aim": {"zh": "净化网络", "en": "clean internet"},
    "means": [{"zh": "处罚手段", "en": "means of penalty"}],
    "targets": [
        {"id": "focus", "zh": "重点对象", "en": "Focus group", "items": [{"zh": "短视频业", "en": "clips trade"}]}
    ],
    "target_lists": [
        {
            "id": "sites",
            "zh": "网站名单",
            "en": "Listed sites",
            "source": "附件九",
            "items": [
                {"name": "某某网", "url": "watched.example", "from_on": "2026-06-12", "to_on": "2026-11-29"},
                {"name": "另一网"},
            ],
        }
    ],
    "key_areas": [{"id": "area", "zh": "重点领域甲", "en": "Area one"}],
    "measures": [{"id": "measure", "zh": "措施甲", "en": "Measure one"}],
    "mechanisms": [
        {
            "id": "meeting",
            "zh": "联席会议",
            "en": "Joint meeting",
            "rhythm": "quarterly",
            "partners": ["检察机关"],
            "since": "二〇二四年起",
        }
    ],
    "phases": [
        {
            "id": "first",
            "zh": "第一段",
            "en": "First part",
            "starts_on": "2026-06-10",
            "ends_on": "2026-08-31",
            "regions": [{"unit": "kunshan", "ends_on": "2026-09-05"}],
            "printed": [{"date": "starts_on", "words": "六月上旬", "on": "2026-06-10", "source": "第四部分"}],
            "reading": {"zh": "上旬取十日", "en": "first ten days end on the 10th", "confidence": "V2"},
            "tasks": [
                {
                    "id": "train",
                    "no": 1,
                    "zh": "培训人员",
                    "en": "Train people",
                    "owners": ["版权处"],
                    "tasks": [{"no": 1, "zh": "编写教材", "en": "Write a reader"}],
                },
                {"zh": "不编号任务", "en": "Unnumbered task"},
            ],
        },
        {"id": "second", "zh": "第二段", "en": "Second part", "starts_on": "2026-09-01", "ends_on": "2026-11-30"},
        {"id": "third", "zh": "第三段", "en": "Third part"},
    ],
    "tasks": [{"id": "handed", "zh": "另案承担", "en": "Handed on", "campaign": "child-2026", "owners": ["police"]}],
    "special_periods": [
        {
            "id": "fair",
            "zh": "展会期间",
            "en": "Days of the fair",
            "starts_on": "2026-09-10",
            "ends_on": "2026-09-15",
            "regions": [{"unit": "kunshan", "ends_on": "2026-09-16"}],
            "printed": [{"date": "ends_on", "words": "展会闭幕", "on": "2026-09-15", "source": "附件八"}],
            "reading": {"zh": "闭幕日算在内", "en": "the closing day counts", "confidence": "M+"},
            "lists": ["sites"],
            "duty": {"zh": "昼夜值守", "en": "on duty day and night"},
        }
    ],
    "law_changes": [{"on": "2026-09-20", "zh": "新办法施行", "en": "New measure in force", "basis": "某办法第九条"}],
    "departments": [
        {
            "id": "copyright",
            "zh": "版权局",
            "en": "Copyright bureau",
            "lead": True,
            "aliases": ["版权处"],
            "duties": [{"zh": "查处案件", "en": "handle cases"}],
        },
        {"id": "police", "zh": "公安局", "en": "Police bureau"},
    ],
    "matrix": [{"department": "公安局", "tasks": ["handed"]}],
    "categories": [{"id": "clips", "zh": "短片类", "en": "Clips"}, {"id": "rest", "zh": "其余类", "en": "The rest"}],
    "unknown_category": "rest",
    "forms": ["statistics"],
    "counters": [
        {
            "id": "copies",
            "zh": "收缴数",
            "en": "Copies taken",
            "measure": "copies_seized",
            "published": [{"value": "520.16万件", "period": "近十年来", "source": "某日报"}],
        }
    ],
    "obligations": [
        {
            "id": "plan",
            "kind": "work_plan",
            "zh": "报计划",
            "en": "Send the plan",
            "within": {"days": 10, "of": "issued_on"},
            "to": "收件局甲",
            "owed_by": ["suzhou"],
            "printed": "十日内报计划",
            "printings": [{"date": "due_on", "words": "十日之内", "on": "2026-06-12", "source": "第五部分"}],
            "reading": {"zh": "按自然日", "en": "calendar days it is", "confidence": "M-"},
            "lines": [{"by": "报送方", "to": "接收方"}],
            "character_limit": 2100,
        },
        {
            "id": "form",
            "kind": "monthly_form",
            "zh": "报表格",
            "en": "Send the form",
            "monthly": {"day": 15, "months": ["2026-06"]},
            "to": "收件局乙",
            "forms": ["statistics"],
        },
        {
            "id": "month_end",
            "kind": "monthly_form",
            "zh": "月底报",
            "en": "At the end",
            "monthly": {"at_end": True, "months": ["2026-07"]},
            "to": "收件局丙",
        },
        {
            "id": "phase_report",
            "kind": "report",
            "zh": "阶段报",
            "en": "Phase report",
            "each_phase": {"days": 5, "phases": ["first"]},
            "to": "收件局丁",
        },
        {
            "id": "urgent",
            "kind": "report",
            "zh": "急件",
            "en": "Urgent report",
            "event": {"zh": "发生大案", "en": "a big case happens", "days": 3},
            "to": "收件局戊",
        },
        {"id": "someday", "kind": "report", "zh": "不定期报", "en": "Some day", "undated": True, "to": "收件局己"},
        {
            "id": "end",
            "kind": "summary",
            "zh": "总结件",
            "en": "Summary paper",
            "due_on": "2026-11-30",
            "to": "收件局庚",
        },
    ],
    "gates": [
        {
            "id": "self",
            "step": "open",
            "when": {"source": "self_inspection"},
            "zh": "登记自查",
            "en": "opening a find",
            "phase": "first",
            "starts_on": "2026-06-15",
            "ends_on": "2026-08-15",
            "after": "refuse",
            "basis": "第六部分",
        }
    ],
    "rewards": [
        {
            "id": "praise",
            "zh": "表扬",
            "en": "Commendation",
            "for": ["units", "cases"],
            "to": "表彰机关",
            "tests": [{"zh": "已经结案", "en": "the case is closed"}],
        }
    ],
    "hotlines": [{"zh": "举报线", "en": "Line for reports", "kind": "phone", "value": "000-0000"}],
    "based_on": "0123456789ab" + 52 * "0",
}


def full_text(document: dict[str, Any] | None = None) -> str:
    """A document as a file: JSON is YAML."""
    return json.dumps(FULL if document is None else document, ensure_ascii=False, indent=1)


# --- random ones: every field may be there or not, texts are as bad as texts can be ----------------------------------

HOSTILE = (
    "版权：局",
    "a: b",
    "- dash",
    "# not a comment",
    "text # neither",
    "'single' \"double\"",
    "𠮷野家",
    "123",
    "007",
    "1.5e3",
    "yes",
    "no",
    "null ",
    "~x",
    "~",
    "null",
    "line\nline",
    "line\n\n  deeper: x",
    "tab\there",
    "[a, b]",
    "{a: b}",
    "a, b",
    "&anchor",
    "*alias",
    "!tag",
    "|",
    ">",
    "%percent",
    "@at",
    "`tick`",
    "?",
    "? key",
    "a:",
    "...",
    "---",
    "<<",
    "=",
    "back\\slash",
    "\\u0041",
    "2026-06-01",
    "全　角",
    "e\u0301",
    "\u200bzero",
)
texts = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.sampled_from("版权局剑：“”〔〕#-:'\"{}[]~&*!|>%@`?,=\\\n nul1𠮷"), min_size=1, max_size=14),
).filter(lambda text: bool(text.strip()))
words = st.fixed_dictionaries({"zh": texts, "en": texts})
days = st.dates(date(2007, 1, 1), date(2026, 12, 31)).map(date.isoformat)
months = st.dates(date(2007, 1, 1), date(2026, 12, 31)).map(lambda day: day.isoformat()[:7])
names = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)


def few(items: st.SearchStrategy[Any], least: int = 0) -> st.SearchStrategy[list[Any]]:
    return st.lists(items, min_size=least, max_size=2)


def part(optional: dict[str, st.SearchStrategy[Any]] | None = None, **fields: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(fields, optional=optional or {})


def named(
    optional: dict[str, st.SearchStrategy[Any]] | None = None, **fields: Any
) -> st.SearchStrategy[dict[str, Any]]:
    return part(optional, id=names, zh=texts, en=texts, **fields)


def said(optional: dict[str, st.SearchStrategy[Any]] | None = None, **fields: Any) -> st.SearchStrategy[dict[str, Any]]:
    return part(optional, zh=texts, en=texts, **fields)


reading = said(confidence=st.sampled_from(["V1", "V2", "M+", "M-", "inference"]))
printing = part(
    {"on": days, "source": texts}, date=st.sampled_from(["issued_on", "starts_on", "ends_on", "due_on"]), words=texts
)
dated: dict[str, st.SearchStrategy[Any]] = {
    "starts_on": days,
    "ends_on": days,
    "regions": few(part({"ends_on": days}, unit=names, starts_on=days)),
    "printed": few(printing),
    "reading": reading,
}
leaf_task = said({"id": names, "no": st.integers(1, 99), "owners": few(texts), "campaign": names})
task = said({"id": names, "no": st.integers(1, 99), "owners": few(texts), "tasks": few(leaf_task)})
when_due = st.one_of(
    part(due_on=days),
    part(within=part(days=st.integers(1, 60), of=st.sampled_from(["issued_on", "ends_on"]))),
    part(monthly=part(day=st.integers(1, 28), months=few(months, 1))),
    part(monthly=part(at_end=st.just(value=True), months=few(months, 1))),
    part(monthly=part(months=few(months, 1))),
    part(each_phase=part({"phases": few(names)}, days=st.integers(0, 30))),
    part(event=said({"days": st.integers(0, 30)})),
    part(undated=st.just(value=True)),
)
obligation = st.tuples(
    named(
        {
            "owed_by": few(names),
            "lines": few(part(by=texts, to=texts)),
            "forms": few(names),
            "character_limit": st.integers(1, 9999),
            "printed": texts,
            "printings": few(printing),
            "reading": reading,
        },
        kind=st.sampled_from(["summary", "report", "monthly_form"]),
        to=texts,
    ),
    when_due,
).map(lambda both: both[0] | both[1])
optional_fields: dict[str, st.SearchStrategy[Any]] = {
    "document_no": texts,
    "launched_on": days,
    "addressees": texts,
    "parents": few(said({"id": names, "task": names, "document_no": texts}, issuers=few(texts, 1))),
    "previous": names,
    **dated,
    "aim": words,
    "means": few(words),
    "targets": few(named(items=few(words, 1))),
    "target_lists": few(
        named({"source": texts, "items": few(part({"url": texts, "from_on": days, "to_on": days}, name=texts))})
    ),
    "key_areas": few(named()),
    "measures": few(named()),
    "mechanisms": few(named({"partners": few(texts), "since": texts}, rhythm=st.sampled_from(["monthly", "standing"]))),
    "phases": few(named({**dated, "tasks": few(task)})),
    "tasks": few(task),
    "special_periods": few(named({**dated, "lists": few(names), "duty": words})),
    "law_changes": few(said(on=days, basis=texts)),
    "departments": few(named({"lead": st.booleans(), "aliases": few(texts), "duties": few(words)})),
    "matrix": few(part(department=texts, tasks=few(names, 1))),
    "categories": few(named()),
    "unknown_category": names,
    "forms": few(names),
    "counters": few(named({"measure": names, "published": few(part({"source": texts}, value=texts, period=texts))})),
    "obligations": few(obligation),
    "gates": few(
        named(
            {"when": st.dictionaries(names, texts, max_size=2), "phase": names, "starts_on": days, "basis": texts},
            step=names,
            after=st.sampled_from(["refuse", "warn"]),
        )
    ),
    "rewards": few(
        part(
            {"to": texts, "tests": few(words)},
            **{"id": names, "zh": texts, "en": texts, "for": st.lists(st.sampled_from(["units", "cases"]), min_size=1)},
        )
    ),
    "hotlines": few(said(kind=st.sampled_from(["phone", "mail"]), value=texts)),
    "based_on": texts,
}
plans = part(
    optional_fields,
    id=names,
    name=words,
    title=words,
    level=st.sampled_from(["nation", "province", "city", "county"]),
    issued_on=days,
    issuers=few(texts, 1),
    organisers=few(texts, 1),
    unit=names,
)


# --- walking the language ---------------------------------------------------------------------------------------------

Place = tuple[str | int, ...]


def leaves(value: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Every value of a document that holds no other, with its place."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*place, key))
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from leaves(inner, (*place, position))
    else:
        yield place, value


def fields_of_the_language() -> set[tuple[str, str]]:
    """(part, field) of every part of the language, as its schema has them."""
    schema = CampaignPlan.model_json_schema()
    parts = {"CampaignPlan": schema, **schema["$defs"]}
    return {(name, key) for name, one in parts.items() for key in one.get("properties", ())}
