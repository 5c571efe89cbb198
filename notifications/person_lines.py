"""Puts things to do into one line each, in both languages, and lines into groups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from engine.clock import SHANGHAI
from notifications.person_views import Group, Line
from notifications.plain_text import one_line
from notifications.views import CertificateMail, DeadlineMail, MailView, ObligationMail
from notifications.wording import Dated, cn_date, en_date, until_en, until_zh

TITLE_CHARACTERS = 40


@dataclass(frozen=True)
class When:
    """Until when, with the time that is left."""

    zh: str
    en: str


def when(dates: Dated) -> When:
    """The date that matters and how long it is until then, or since."""
    if dates.days_left < 0:
        zh, en = f"逾期{-dates.days_left}天", f"{_counted(-dates.days_left, 'day')} late"
    elif dates.working_days_left > 0:
        zh = f"还有{dates.working_days_left}个工作日"
        en = f"{_counted(dates.working_days_left, 'working day')} left"
    else:
        zh, en = "今天之后没有工作日了", "no working day left after today"
    return When(f"{until_zh(dates)}，{zh}", f"{until_en(dates)}, {en}")


def when_at(due_at: datetime, *, overdue: bool) -> When:
    """The minute that matters, for what is counted in hours."""
    at = due_at.astimezone(SHANGHAI)
    if overdue:
        return When(f"已于{cn_date(at.date())}{at:%H:%M}届满", f"was due on {en_date(at.date())} at {at:%H:%M}")
    return When(f"最迟{cn_date(at.date())}{at:%H:%M}", f"by {en_date(at.date())}, {at:%H:%M}")


def line_of(view: MailView) -> Line:
    """What a reminder says, in one line."""
    if isinstance(view, DeadlineMail):
        return line(view.case_no, view.step_zh, view.step_en, when(view), title=view.case_title)
    if isinstance(view, ObligationMail):
        return line(view.campaign_zh, f"报送{view.obligation_zh}", f"submit {view.obligation_en}", when(view))
    assert isinstance(view, CertificateMail)
    what = ("办理换证", "have the certificate renewed")
    return line(view.number, *what, when(view), title=view.officer_zh)


def line(about: str, zh: str, en: str, until: When | None = None, *, title: str = "", command: str = "") -> Line:
    """A line, with its title cut to what fits beside the rest."""
    return Line(
        about=about,
        title=one_line(title, limit=TITLE_CHARACTERS),
        what_zh=zh,
        what_en=en,
        when_zh=until.zh if until is not None else "",
        when_en=until.en if until is not None else "",
        command=command,
    )


def group(zh: str, en: str, lines: Iterable[Line], most: int, command: str = "") -> tuple[Group, ...]:
    """The lines under their head, cut to the first `most`, the rest of which `command` shows; nothing for none."""
    found = tuple(lines)
    return (Group(zh, en, found[:most], max(0, len(found) - most), command),) if found else ()


def _counted(n: int, unit: str) -> str:
    return f"{n} {unit}" if n == 1 else f"{n} {unit}s"
