"""Mails to one person about many things: what a line says, how lists are cut, that no text breaks out of its line."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_mail_rendering import AUGUST_FORM, CERTIFICATE, DECISION, HOSTILE, halves, part, read_back

from engine.clock import SHANGHAI
from notifications.message import build_message, message_id_of
from notifications.person_lines import TITLE_CHARACTERS, group, line, line_of, when, when_at
from notifications.person_views import CatchUpMail, Dates, DigestMail, Group, Line, PersonMail
from notifications.render import render

ON = date(2018, 9, 11)
SOON = Dates("duty", date(2018, 9, 15), date(2018, 9, 14), 4, 3, provisional=False)
LATE = Dates("duty", date(2018, 9, 7), date(2018, 9, 7), -4, -2, provisional=False)
LATE_LINE = line("2018-0003", "作出处罚决定", "Decide on the penalty", when(LATE), title="某网站转载新闻案")
SOON_LINE = line("剑网2018", "报送2018年8月统计表", "submit the forms of 2018-08", when(SOON))
TURN_LINE = line("2018-0009", "送达", "Serve", title="某影院案")
DIGEST = DigestMail(
    to_name="李文",
    to_address="liwen@example.cn",
    on=ON,
    groups=(
        *group("逾期", "Overdue", [LATE_LINE], 10),
        *group("三个工作日内到期", "Due within three working days", [SOON_LINE] * 12, 10),
        *group("待办", "Waiting for you", [TURN_LINE], 10),
    ),
)
CATCH_UP = CatchUpMail(
    to_name="李文",
    to_address="liwen@example.cn",
    on=ON,
    groups=(*group("已过期限", "Past the date", [LATE_LINE], 30), *group("即将到期", "Still to come", [SOON_LINE], 30)),
    missed_zh="2018年9月8日（周六）至2018年9月10日（周一）",
    missed_en="Sat 8 Sep 2018 to Mon 10 Sep 2018",
)
EVERY_KIND = [pytest.param(DIGEST, id="digest"), pytest.param(CATCH_UP, id="catch_up")]


def hostile(view: PersonMail, text: str) -> PersonMail:
    """`view` with every text a person may have typed replaced, in its lines too."""

    def turned(one: Line) -> Line:
        texts = {f.name: text for f in fields(one) if getattr(one, f.name)}
        return replace(one, **{**texts, "title": line("", "", "", title=text).title if one.title else ""})

    groups = tuple(Group(g.zh, g.en, tuple(map(turned, g.lines)), g.more) for g in view.groups)
    return replace(view, to_name=text, groups=groups)


def test_the_digest_says_in_its_subject_how_much_there_is_and_lists_it_in_both_languages() -> None:
    rendered = render(DIGEST)
    chinese, english = halves(rendered.text)

    assert rendered.subject == "2018年9月11日（周二）要办的事：逾期1、三个工作日内到期12、待办1"
    for said in (
        "逾期（1）\n- 2018-0003 某网站转载新闻案：作出处罚决定，已于2018年9月7日（周五）届满，逾期4天\n",
        "- 剑网2018：报送2018年8月统计表，最迟2018年9月14日（周五），还有3个工作日\n",
        "- 另有2项：anjuan today\n",
        "待办（1）\n- 2018-0009 某影院案：送达\n\n命令：anjuan today\n",
    ):
        assert said in chinese
    for said in (
        "Overdue (1)\n- 2018-0003 某网站转载新闻案: Decide on the penalty, was due on Fri 7 Sep 2018, 4 days late\n",
        "- 剑网2018: submit the forms of 2018-08, by Fri 14 Sep 2018, 3 working days left\n",
        "- and 2 more: anjuan today\n",
        "Waiting for you (1)\n- 2018-0009 某影院案: Serve\n\nCommand: anjuan today\n",
    ):
        assert said in english
    assert chinese.count("\n- ") == english.count("\n- ") == 13


def test_a_group_without_lines_is_left_out_of_the_subject_too() -> None:
    rendered = render(replace(DIGEST, groups=DIGEST.groups[2:]))

    assert rendered.subject.endswith("要办的事：待办1")
    assert "逾期" not in rendered.text


def test_the_mail_about_missed_reminders_names_the_days_without_a_run() -> None:
    rendered = render(CATCH_UP)

    assert rendered.subject == ("补发2018年9月8日（周六）至2018年9月10日（周一）未发的提醒：已过期限1、即将到期1")
    for body in (rendered.text, rendered.html):
        assert "2018年9月8日（周六）至2018年9月10日（周一）" in body
        assert "Sat 8 Sep 2018 to Mon 10 Sep 2018" in body


@pytest.mark.parametrize(
    ("dates", "zh", "en"),
    [
        (SOON, "最迟2018年9月14日（周五），还有3个工作日", "by Fri 14 Sep 2018, 3 working days left"),
        (replace(SOON, working_days_left=1), "还有1个工作日", "1 working day left"),
        (
            replace(SOON, days_left=1, working_days_left=0),
            "今天之后没有工作日了",
            "by Fri 14 Sep 2018, no working day left after today",
        ),
        (LATE, "已于2018年9月7日（周五）届满，逾期4天", "was due on Fri 7 Sep 2018, 4 days late"),
        (replace(LATE, days_left=-1), "逾期1天", "1 day late"),
        (replace(SOON, nature="right"), "2018年9月15日（周六）届满，", "ends on Sat 15 Sep 2018, "),
        (replace(SOON, provisional=True), "（暂定），", "(provisional), "),
    ],
)
def test_a_line_says_until_when_and_how_long_that_is(dates: Dates, zh: str, en: str) -> None:
    said = when(dates)

    assert zh in said.zh
    assert en in said.en


def test_what_is_counted_in_hours_is_named_to_the_minute() -> None:
    at = datetime(2018, 9, 11, 17, 30, tzinfo=SHANGHAI)

    assert when_at(at, overdue=False).zh == "最迟2018年9月11日（周二）17:30"
    assert when_at(at, overdue=False).en == "by Tue 11 Sep 2018, 17:30"
    assert when_at(at, overdue=True).zh == "已于2018年9月11日（周二）17:30届满"
    assert when_at(at, overdue=True).en == "was due on Tue 11 Sep 2018 at 17:30"


def test_every_kind_of_reminder_has_its_line() -> None:
    decision, form, certificate = map(line_of, (DECISION, AUGUST_FORM, CERTIFICATE))

    assert (decision.about, decision.title, decision.what_en) == (
        "2018-0003",
        "某网站转载新闻案",
        "decide on the penalty",
    )
    assert (form.about, form.title, form.what_zh) == ("剑网2018", "", "报送8月工作情况统计表")
    assert (certificate.about, certificate.title, certificate.what_zh) == ("苏-0417", "李文", "办理换证")
    assert decision.when_zh == "最迟2018年9月14日（周五），还有3个工作日"


@given(n=st.integers(0, 50), most=st.integers(1, 30))
def test_a_cut_list_keeps_the_first_and_counts_the_rest(n: int, most: int) -> None:
    lines = [line(str(number), "办", "do") for number in range(n)]

    made = group("待办", "Waiting", lines, most)

    assert len(made) == bool(n)
    for one in made:
        assert one.lines == tuple(lines[:most])
        assert one.total == len(one.lines) + one.more == n


@pytest.mark.parametrize("view", EVERY_KIND)
def test_text_and_html_say_the_same_in_the_same_order(view: PersonMail) -> None:
    rendered = render(view)

    in_html = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", rendered.html.split("<body", 1)[1].split(">", 1)[1]))
    facts = [one.removeprefix("- ") for one in rendered.text.splitlines() if one.startswith("- ")]
    position = 0
    for fact in facts:
        position = in_html.index(fact, position) + 1
    assert len(facts) >= 4


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("view", EVERY_KIND)
def test_hostile_text_adds_no_line_and_no_header_and_survives_the_way(view: PersonMail, text: str) -> None:
    turned = hostile(view, text)

    rendered = render(turned)
    message = build_message(
        rendered,
        to_name=turned.to_name,
        to_address=turned.to_address,
        message_id=message_id_of("store:digest:liwen:2018-09-11", ON),
        sent_from="anjuan@example.cn",
        at=datetime(2018, 9, 11, 8, 0, tzinfo=SHANGHAI),
    )
    parsed = read_back(message)

    assert rendered.text.count("\n") == render(view).text.count("\n")
    assert len(rendered.subject) <= 100
    assert "\n" not in rendered.subject
    assert "<script" not in rendered.html
    assert sorted(parsed.keys()) == sorted(message.keys())
    assert [a.addr_spec for a in parsed["To"].addresses] == [view.to_address]
    assert parsed["Subject"] == message["Subject"]
    assert part(parsed, "plain") == rendered.text
    assert part(parsed, "html") == rendered.html
    assert all(not defects for defects in (parsed.defects, parsed["To"].defects, parsed["Subject"].defects))
    assert message.as_bytes().isascii()


def test_a_long_title_leaves_room_for_what_is_to_be_done() -> None:
    assert len(line("2018-0003", "送达", "Serve", title="长" * 300).title) == TITLE_CHARACTERS
