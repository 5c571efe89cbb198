"""The sentences about dates that mails share, in Chinese and English."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from notifications.views import CertificateMail, DeadlineMail, MailView, Nature, ObligationMail

FILTERS = (
    "cn_date",
    "en_date",
    "last_day_zh",
    "last_day_en",
    "until_zh",
    "until_en",
    "left_zh",
    "left_en",
    "rung_zh",
    "rung_en",
    "nature_zh",
    "nature_en",
    "afterwards_zh",
    "afterwards_en",
    "office_zh",
    "office_en",
    "period_zh",
    "period_en",
    "valid_zh",
    "valid_en",
    "valid_left_zh",
    "valid_left_en",
    "before_end_zh",
    "before_end_en",
)

_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Dated(Protocol):
    """Whatever has the dates of a reminder, named as in `MailView`."""

    @property
    def nature(self) -> Nature: ...
    @property
    def due_on(self) -> date: ...
    @property
    def safe_on(self) -> date: ...
    @property
    def days_left(self) -> int: ...
    @property
    def working_days_left(self) -> int: ...
    @property
    def provisional(self) -> bool: ...


def cn_date(day: date) -> str:
    """2018年9月14日（周五）"""
    return f"{day.year}年{day.month}月{day.day}日（周{_WEEKDAYS_ZH[day.weekday()]}）"


def en_date(day: date) -> str:
    """Fri 14 Sep 2018. Not strftime: its names depend on the machine's locale."""
    return f"{_WEEKDAYS_EN[day.weekday()]} {day.day} {_MONTHS_EN[day.month - 1]} {day.year}"


def last_day_zh(mail: MailView) -> str:
    """The legal last day, marked where the holidays of its year are not published yet."""
    return cn_date(mail.due_on) + ("（暂定，当年放假安排尚未公布）" if mail.provisional else "")


def last_day_en(mail: MailView) -> str:
    """`last_day_zh` in English."""
    return en_date(mail.due_on) + (
        " (provisional: the holidays of that year are not yet published)" if mail.provisional else ""
    )


def until_zh(mail: Dated) -> str:
    """The date that matters: the safe day where the reader must act by it, otherwise the day on which it ends.

    Marked where the holidays of its year may still move it.
    """
    if mail.days_left < 0:
        return f"已于{cn_date(mail.due_on)}届满"
    unsure = "（暂定）" if mail.provisional else ""
    if _NATURES[mail.nature].act_before:
        return f"最迟{cn_date(mail.safe_on)}{unsure}"
    return f"{cn_date(mail.due_on)}届满{unsure}"


def until_en(mail: Dated) -> str:
    """`until_zh` in English."""
    if mail.days_left < 0:
        return f"was due on {en_date(mail.due_on)}"
    unsure = " (provisional)" if mail.provisional else ""
    if _NATURES[mail.nature].act_before:
        return f"by {en_date(mail.safe_on)}{unsure}"
    return f"ends on {en_date(mail.due_on)}{unsure}"


def left_zh(mail: MailView) -> str:
    """How much time is left, in working days and in calendar days, as of the day of sending."""
    sent_on = mail.due_on - timedelta(days=mail.days_left)
    return f"截至{cn_date(sent_on)}，{_left_words_zh(mail, sent_on)}"


def left_en(mail: MailView) -> str:
    """`left_zh` in English."""
    sent_on = mail.due_on - timedelta(days=mail.days_left)
    return f"{_left_words_en(mail, sent_on)} (as of {en_date(sent_on)})"


def rung_zh(mail: MailView) -> str:
    """Which of the reminders this is."""
    if mail.rung_days > 0:
        return f"最后工作日前{mail.rung_days}天的提醒"
    return "最后工作日当天的提醒" if mail.rung_days == 0 else "逾期提醒"


def rung_en(mail: MailView) -> str:
    """`rung_zh` in English."""
    if mail.rung_days > 0:
        return f"reminder {_counted(mail.rung_days, 'day')} before the last working day"
    return "reminder of the last working day" if mail.rung_days == 0 else "overdue reminder"


def nature_zh(mail: MailView) -> str:
    """What kind of period this is."""
    return _NATURES[mail.nature].zh


def nature_en(mail: MailView) -> str:
    """`nature_zh` in English."""
    return _NATURES[mail.nature].en


def afterwards_zh(mail: MailView) -> str:
    """What the end of the period means for the case."""
    return _NATURES[mail.nature].afterwards_zh


def afterwards_en(mail: MailView) -> str:
    """`afterwards_zh` in English."""
    return _NATURES[mail.nature].afterwards_en


def office_zh(mail: DeadlineMail) -> str:
    """Whose case it is, and in which campaign."""
    return mail.unit_zh if mail.campaign_zh is None else f"{mail.unit_zh}（{mail.campaign_zh}）"


def office_en(mail: DeadlineMail) -> str:
    """`office_zh` with the punctuation of English; names of offices and campaigns stay as they are."""
    return mail.unit_zh if mail.campaign_zh is None else f"{mail.unit_zh} ({mail.campaign_zh})"


def period_zh(mail: ObligationMail) -> str:
    """The days that the thing owed covers, both inclusive."""
    if mail.period_from is None or mail.period_to is None:
        return "不限"
    return f"{cn_date(mail.period_from)}至{cn_date(mail.period_to)}"


def period_en(mail: ObligationMail) -> str:
    """`period_zh` in English."""
    if mail.period_from is None or mail.period_to is None:
        return "none"
    return f"{en_date(mail.period_from)} to {en_date(mail.period_to)}"


def valid_zh(mail: CertificateMail) -> str:
    """Until when the certificate is valid, or since when it is not."""
    return f"{cn_date(mail.due_on)}到期" if mail.days_left >= 0 else f"已于{cn_date(mail.due_on)}到期"


def valid_en(mail: CertificateMail) -> str:
    """`valid_zh` in English."""
    return f"{'ends' if mail.days_left >= 0 else 'ended'} on {en_date(mail.due_on)}"


def valid_left_zh(mail: CertificateMail) -> str:
    """How many days it is still valid, as of the day of sending."""
    sent_on = cn_date(mail.due_on - timedelta(days=mail.days_left))
    if mail.days_left < 0:
        return f"截至{sent_on}，已过期{-mail.days_left}天"
    return f"截至{sent_on}，还有{mail.days_left}天" if mail.days_left else f"{sent_on}是最后一日"


def valid_left_en(mail: CertificateMail) -> str:
    """`valid_left_zh` in English."""
    sent_on = en_date(mail.due_on - timedelta(days=mail.days_left))
    if mail.days_left < 0:
        return f"ended {_counted(-mail.days_left, 'day')} ago (as of {sent_on})"
    return f"{_counted(mail.days_left, 'day')} (as of {sent_on})" if mail.days_left else f"{sent_on} is the last day"


def before_end_zh(mail: CertificateMail) -> str:
    """Which of the reminders this is."""
    return f"到期前{mail.rung_days}天的提醒"


def before_end_en(mail: CertificateMail) -> str:
    """`before_end_zh` in English."""
    return f"reminder {_counted(mail.rung_days, 'day')} before the end"


@dataclass(frozen=True)
class _NatureWords:
    """How a nature reads, and whether the reader has to act before the date passes."""

    act_before: bool
    zh: str
    en: str
    afterwards_zh: str
    afterwards_en: str


_NATURES: dict[Nature, _NatureWords] = {
    "duty": _NatureWords(
        True,
        "本机关办理期限",
        "our own duty",
        "逾期仍须办理，须说明原因，并记为程序瑕疵",
        "still owed when late; a reason is asked for and the delay is kept as a procedural defect",
    ),
    "right": _NatureWords(
        False,
        "当事人权利期限",
        "a party's right",
        "届满后当事人不得再行使该权利，依法恢复期限的除外",
        "afterwards the party can no longer use this right, unless the period is restored by law",
    ),
    "waiting": _NatureWords(
        False, "等待期", "a waiting period", "届满前不得办理下一步", "the next step is not open before it has run out"
    ),
    "bar": _NatureWords(
        True, "时效期限", "a time bar", "届满后不得再作出该项处理", "afterwards that outcome is no longer possible"
    ),
    "automatic": _NatureWords(
        True, "自动生效期限", "an automatic effect", "届满后自动发生法律效果", "afterwards the effect comes by itself"
    ),
    "other_body": _NatureWords(
        False,
        "其他机关办理期限",
        "another body's duty",
        "届满未答复的，应予催问，不影响本机关办理",
        "ask them when no answer has come; it does not hold up our own work",
    ),
}


def _left_words_zh(mail: MailView, sent_on: date) -> str:
    if mail.days_left < 0:
        return f"已逾期{-mail.days_left}天"
    if sent_on == mail.safe_on:
        return f"当天即最后一个工作日，其后还有{mail.working_days_left}个工作日"
    return f"还有{mail.working_days_left}个工作日、{mail.days_left}天"


def _left_words_en(mail: MailView, sent_on: date) -> str:
    if mail.days_left < 0:
        return f"overdue by {_counted(-mail.days_left, 'day')}"
    working_days = _counted(mail.working_days_left, "working day")
    if sent_on == mail.safe_on:
        return f"this is the last working day, {working_days} after it"
    return f"{working_days}, {_counted(mail.days_left, 'calendar day')}"


def _counted(n: int, unit: str) -> str:
    return f"{n} {unit}" if n == 1 else f"{n} {unit}s"
