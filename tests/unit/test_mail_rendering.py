"""Mails say the same in text, HTML and both languages, and foreign text stays text."""

from __future__ import annotations

import email
import re
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from email.message import EmailMessage
from email.policy import SMTP
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.clock import SHANGHAI
from engine.errors import InputWrong
from notifications.message import build_message, checked_address, message_id_of
from notifications.plain_text import one_line
from notifications.render import Rendered, TemplateWrong, render
from notifications.views import CertificateMail, DeadlineMail, MailView, ObligationMail
from notifications.wording import cn_date, en_date

AT = datetime(2018, 9, 11, 8, 0, tzinfo=SHANGHAI)
RULE = "-" * 40

DECISION = DeadlineMail(
    to_name="李文",
    to_address="liwen@example.cn",
    nature="duty",
    due_on=date(2018, 9, 15),
    safe_on=date(2018, 9, 14),
    rung_days=3,
    days_left=4,
    working_days_left=3,
    provisional=False,
    why_zh="您是本案办案人员",
    why_en="you handle this case",
    command="anjuan case do 2018-0003 decide",
    case_no="2018-0003",
    case_title="某网站转载新闻案",
    deadline_zh="处罚决定期限",
    deadline_en="limit for the decision",
    step_zh="作出处罚决定",
    step_en="decide on the penalty",
    basis="行政处罚法第六十条",
    unit_zh="苏州市版权局",
    campaign_zh="剑网2018",
)
# 通知: the form of August is due on the 15th of September, a Saturday; the safe day is Friday the 14th.
AUGUST_FORM = ObligationMail(
    to_name="王芳",
    to_address="wangfang@example.cn",
    due_on=date(2018, 9, 15),
    safe_on=date(2018, 9, 14),
    rung_days=0,
    days_left=1,
    working_days_left=0,
    provisional=False,
    why_zh="您负责本行动的统计报送",
    why_en="you submit the figures of this campaign",
    command="anjuan report show suzhou-2018 --month 2018-08",
    campaign_id="suzhou-2018",
    campaign_zh="剑网2018",
    obligation_zh="8月工作情况统计表",
    obligation_en="the statistics form of August",
    period_from=date(2018, 8, 1),
    period_to=date(2018, 8, 31),
    owed_to_zh="苏州市版权局",
)
CERTIFICATE = CertificateMail(
    to_name="王芳",
    to_address="wangfang@example.cn",
    due_on=date(2018, 11, 10),
    safe_on=date(2018, 11, 10),
    rung_days=60,
    days_left=60,
    working_days_left=41,
    provisional=False,
    why_zh="您是承办机构负责人",
    why_en="you are the unit lead",
    command="anjuan staff show liwen",
    number="苏-0417",
    officer="liwen",
    officer_zh="李文",
    unit_zh="苏州市版权局",
)
EVERY_KIND = [
    pytest.param(DECISION, id="deadline"),
    pytest.param(AUGUST_FORM, id="obligation"),
    pytest.param(CERTIFICATE, id="certificate"),
]
HOSTILE = [
    pytest.param("甲\r\nBcc: thief@example.com\r\n\r\n命令：rm -rf", id="line breaks"),
    pytest.param("乙\n\u2028\u0085\x0b\x00依据：无", id="other breaks and NUL"),
    pytest.param('丙 "<丁@example.com>", 戊 <thief@example.com>;', id="quotes and addresses"),
    pytest.param("<script>alert('己')</script>&amp;", id="markup"),
    pytest.param("=?utf-8?q?a=0D=0ABcc:_thief@example.com?=", id="encoded word"),
    pytest.param("{{ mail.to_address }}{% raw %}", id="template code"),
    pytest.param("𠮷野家", id="beyond the basic plane"),
    pytest.param("庚\u202egpj.exe", id="reversing character"),
    pytest.param("辛\ud800", id="half a surrogate pair"),
    pytest.param("壬" * 300, id="300 characters"),
    pytest.param("longwordwithoutspaces" * 15, id="300 letters"),
    pytest.param("癸 a " * 75, id="300 characters mixed"),
]


def sent(view: MailView, rendered: Rendered | None = None) -> EmailMessage:
    return build_message(
        rendered or render(view),
        to_name=view.to_name,
        to_address=view.to_address,
        message_id=message_id_of("store:2018-0003:decision_limit:2018-09-15:3:liwen", date(2018, 9, 11)),
        sent_from="anjuan@example.cn",
        at=AT,
    )


def read_back(message: EmailMessage) -> EmailMessage:
    parsed = email.message_from_bytes(message.as_bytes(), policy=SMTP)
    assert isinstance(parsed, EmailMessage)
    return parsed


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body(preferencelist=(kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def halves(text: str) -> tuple[str, str]:
    chinese, english = text.split(RULE)
    return chinese, english


def with_every_text(view: MailView, text: str) -> MailView:
    """`view` with every text a person may have typed replaced."""
    kept = {"to_address", "nature"}
    texts = {f.name: text for f in fields(view) if isinstance(getattr(view, f.name), str) and f.name not in kept}
    return replace(view, **texts)


def test_deadline_mail_says_why_what_when_how_long_and_what_to_type() -> None:
    rendered = render(DECISION)

    chinese, english = halves(rendered.text)
    assert rendered.subject == "2018-0003 作出处罚决定：最迟2018年9月14日（周五）"
    for said in (
        "案件：2018-0003 某网站转载新闻案",
        "处罚决定期限（本机关办理期限），末日2018年9月15日（周六）",
        "截至2018年9月11日（周二），还有3个工作日、4天",
        "依据：行政处罚法第六十条",
        "命令：anjuan case do 2018-0003 decide",
        "您收到本邮件，因为您是本案办案人员（最后工作日前3天的提醒）。",
    ):
        assert said in chinese
    for said in (
        "To do: decide on the penalty, by Fri 14 Sep 2018",
        "last day Sat 15 Sep 2018",
        "Left: 3 working days, 4 calendar days (as of Tue 11 Sep 2018)",
        "Command: anjuan case do 2018-0003 decide",
        "You get this mail because you handle this case (reminder 3 days before the last working day).",
    ):
        assert said in english


def test_obligation_mail_names_the_period_and_whom_it_is_owed_to() -> None:
    rendered = render(AUGUST_FORM)

    chinese, english = halves(rendered.text)
    assert rendered.subject == "剑网2018 报送8月工作情况统计表：最迟2018年9月14日（周五）"
    assert "期间：2018年8月1日（周三）至2018年8月31日（周五）" in chinese
    assert "报至：苏州市版权局，规定日期2018年9月15日（周六）" in chinese
    assert "当天即最后一个工作日，其后还有0个工作日" in chinese
    assert "Period: Wed 1 Aug 2018 to Fri 31 Aug 2018" in english
    assert "this is the last working day, 0 working days after it" in english


def test_an_obligation_without_a_period_says_so() -> None:
    view = replace(AUGUST_FORM, obligation_zh="工作方案", period_from=None, period_to=None)

    text = render(view).text

    assert "期间：不限" in text
    assert "Period: none" in text


@pytest.mark.parametrize(
    ("left", "zh", "en"),
    [
        (
            60,
            "11月10日（周六）到期\n剩余：截至2018年9月11日（周二），还有60天",
            "Left: 60 days (as of Tue 11 Sep 2018)",
        ),
        (1, "还有1天", "Left: 1 day (as of Fri 9 Nov 2018)"),
        (0, "剩余：2018年11月10日（周六）是最后一日", "Left: Sat 10 Nov 2018 is the last day"),
        (-1, "已于2018年11月10日（周六）到期\n剩余：截至2018年11月11日（周日），已过期1天", "ended on Sat 10 Nov 2018"),
    ],
)
def test_a_certificate_mail_counts_the_days_to_its_last_day(left: int, zh: str, en: str) -> None:
    chinese, english = halves(render(replace(CERTIFICATE, days_left=left)).text)

    assert zh in chinese
    assert en in english
    assert "您是承办机构负责人（到期前60天的提醒）" in chinese
    assert "you are the unit lead (reminder 60 days before the end)" in english


@pytest.mark.parametrize(
    ("nature", "zh", "en"),
    [
        ("duty", "最迟2018年9月14日（周五）", "by Fri 14 Sep 2018"),
        ("bar", "最迟2018年9月14日（周五）", "by Fri 14 Sep 2018"),
        ("automatic", "最迟2018年9月14日（周五）", "by Fri 14 Sep 2018"),
        ("right", "2018年9月15日（周六）届满", "ends on Sat 15 Sep 2018"),
        ("waiting", "2018年9月15日（周六）届满", "ends on Sat 15 Sep 2018"),
        ("other_body", "2018年9月15日（周六）届满", "ends on Sat 15 Sep 2018"),
    ],
)
def test_only_periods_in_which_we_must_act_are_named_by_their_safe_day(nature: str, zh: str, en: str) -> None:
    rendered = render(replace(DECISION, nature=nature))

    assert rendered.subject.endswith(zh)
    assert f"To do: decide on the penalty, {en}" in rendered.text


def test_an_overdue_mail_counts_the_days_since_the_legal_last_day() -> None:
    rendered = render(replace(DECISION, rung_days=-1, days_left=-2, working_days_left=-1))

    assert rendered.subject == "2018-0003 作出处罚决定：已于2018年9月15日（周六）届满"
    assert "截至2018年9月17日（周一），已逾期2天" in rendered.text
    assert "overdue by 2 days (as of Mon 17 Sep 2018)" in rendered.text
    assert "（逾期提醒）" in rendered.text


def test_a_provisional_date_is_marked_in_both_languages_and_forms() -> None:
    rendered = render(replace(DECISION, provisional=True))

    for body in (rendered.text, rendered.html):
        assert "（暂定，当年放假安排尚未公布）" in body
        assert "(provisional: the holidays of that year are not yet published)" in body
    assert rendered.subject.endswith("（暂定）")
    assert "暂定" not in render(DECISION).text + render(DECISION).subject


@pytest.mark.parametrize("view", EVERY_KIND)
def test_text_and_html_give_the_same_facts_in_the_same_order(view: MailView) -> None:
    rendered = render(view)

    in_html = re.sub(r"<[^>]+>", " ", rendered.html.split("<body", 1)[1].split(">", 1)[1])
    facts = [
        line.split("：" if half == 0 else ": ", 1)[-1]
        for half, text in enumerate(halves(rendered.text))
        for line in text.strip().splitlines()
        if line.strip()
    ]
    position = 0
    for fact in facts:
        position = in_html.index(fact, position) + 1
    assert len(facts) >= 16


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("view", EVERY_KIND)
def test_hostile_text_adds_no_line_and_no_header_and_survives_the_way(view: MailView, text: str) -> None:
    hostile = with_every_text(view, text)

    rendered = render(hostile)
    message = sent(hostile, rendered)
    parsed = read_back(message)

    assert rendered.text.count("\n") == render(view).text.count("\n")
    assert all(len(half.strip("\n").split("\n")) <= 12 for half in halves(rendered.text))
    assert len(rendered.subject) <= 100
    assert "\n" not in rendered.subject
    assert "<script" not in rendered.html
    assert sorted(parsed.keys()) == sorted(message.keys())
    assert [a.addr_spec for a in parsed["To"].addresses] == [view.to_address]
    assert parsed["To"].addresses[0].display_name == message["To"].addresses[0].display_name
    assert parsed["Subject"] == message["Subject"]
    assert part(parsed, "plain") == rendered.text
    assert part(parsed, "html") == rendered.html
    assert all(not defects for defects in (parsed.defects, parsed["To"].defects, parsed["Subject"].defects))
    assert max(len(line) for line in message.as_bytes().split(b"\r\n")) <= 998
    assert message.as_bytes().isascii()


@given(name=st.text(max_size=80), subject=st.text(max_size=120))
def test_any_name_and_subject_come_back_as_they_were_put_in(name: str, subject: str) -> None:
    rendered = Rendered(subject, text="正文\n", html="<p>正文</p>\n")

    message = sent(replace(DECISION, to_name=name), rendered)
    parsed = read_back(message)

    assert sorted(parsed.keys()) == sorted(message.keys())
    assert [a.addr_spec for a in parsed["To"].addresses] == [DECISION.to_address]
    assert parsed["To"].addresses[0].display_name == message["To"].addresses[0].display_name
    assert parsed["Subject"] == one_line(subject).replace("=?", "＝？")


def test_the_same_mail_is_the_same_bytes() -> None:
    first, second = sent(DECISION), sent(replace(DECISION))

    assert first.as_bytes() == second.as_bytes()
    assert first.as_bytes() == read_back(first).as_bytes()


def test_envelope_says_who_when_and_that_a_program_wrote_it() -> None:
    parsed = read_back(sent(DECISION))

    assert str(parsed["From"]) == "案卷 anjuan <anjuan@example.cn>"
    assert str(parsed["To"]) == "李文 <liwen@example.cn>"
    assert parsed["Date"].datetime == AT
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert [p.get_content_type() for p in parsed.iter_parts()] == ["text/plain", "text/html"]


def test_message_id_depends_on_the_rung_alone_and_hides_it() -> None:
    key = "store:2018-0003:decision_limit:2018-09-15:3:liwen"

    first, again, other = (message_id_of(k, date(2018, 9, 11)) for k in (key, key, key + "x"))

    assert first == again
    assert first != other
    assert re.fullmatch(r"<2018-09-11\.[0-9a-f]{32}@mail\.anjuan>", first)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "liwen",
        "@example.cn",
        "liwen@",
        "liwen@example.cn\r\nBcc: thief@example.com",
        "liwen@example.cn\n",
        "liwen@example.cn, thief@example.com",
        "liwen <liwen@example.cn>",
        "li wen@example.cn",
        '"li\nwen"@example.cn',
        "李文@example.cn",
        "liwen@例子.cn",
        "a..b@example.cn",
        "liwen@example..cn",
        "liwen@10.0.0.1",
        "x" * 65 + "@example.cn",
        "liwen@" + "x" * 300,
        "liwen@@example.cn",
    ],
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(InputWrong) as caught:
        sent(replace(DECISION, to_address=address), render(DECISION))

    assert caught.value.code == "address.invalid"
    assert "\n" not in caught.value.zh
    assert len(caught.value.zh) < 100


@pytest.mark.parametrize("address", ["liwen@example.cn", "li.wen+jian_wang@mail.example.gov.cn", "root@localhost"])
def test_plain_addresses_are_taken(address: str) -> None:
    assert checked_address(address) == address


def test_naive_instants_and_foreign_message_ids_are_refused() -> None:
    arguments = {"to_name": "李文", "to_address": "liwen@example.cn", "sent_from": "anjuan@example.cn"}

    with pytest.raises(ValueError, match="zone"):
        build_message(render(DECISION), message_id="<1@a>", at=AT.replace(tzinfo=None), **arguments)
    with pytest.raises(ValueError, match="Message-ID"):
        build_message(render(DECISION), message_id="<1@a>\r\nBcc: x@y", at=AT, **arguments)


def test_a_template_never_prints_a_value_that_is_missing() -> None:
    @dataclass(frozen=True, kw_only=True)
    class Incomplete(MailView):
        kind: ClassVar[str] = "deadline"

    shared = {f.name: getattr(DECISION, f.name) for f in fields(MailView)}

    with pytest.raises(TemplateWrong) as unknown:
        render(Incomplete(**shared))
    with pytest.raises(TemplateWrong) as empty:
        render(replace(DECISION, step_zh=None))

    assert unknown.value.code == empty.value.code == "template.wrong"
    assert "case_no" in unknown.value.en
    assert "deadline/subject.txt" in empty.value.zh


def test_a_kind_without_templates_is_named() -> None:
    class Unknown(DeadlineMail):
        kind: ClassVar[str] = "no_such_kind"

    with pytest.raises(TemplateWrong) as caught:
        render(Unknown(**{f.name: getattr(DECISION, f.name) for f in fields(DECISION)}))

    assert "no_such_kind/subject.txt" in caught.value.en


def test_dates_read_the_same_whatever_the_locale() -> None:
    assert cn_date(date(2018, 9, 14)) == "2018年9月14日（周五）"
    assert en_date(date(2018, 9, 14)) == "Fri 14 Sep 2018"
    assert cn_date(date(2026, 1, 4)) == "2026年1月4日（周日）"
    assert en_date(date(2026, 1, 4)) == "Sun 4 Jan 2026"
