"""What a mail template may know: one frozen view per kind of message, values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

Nature = Literal["right", "duty", "waiting", "bar", "automatic", "other_body"]


@dataclass(frozen=True, kw_only=True)
class MailView:
    """What every notice says, whatever its kind. `kind` is the folder of its templates.

    `due_on` is the legal last day, `safe_on` the last working day on or before it. `rung_days` are the calendar
    days by which the notice goes before `safe_on`: 0 on the day itself, below nought the working days after `due_on`.
    `days_left` counts calendar days from the day of sending to `due_on` (negative: overdue), `working_days_left`
    the working days after the day of sending up to and including `due_on`.
    `why_zh` and `why_en` complete “您收到本邮件，因为…” and “You get this mail because …”, without a full stop.
    """

    kind: ClassVar[str]

    to_name: str
    to_address: str
    nature: Nature
    due_on: date
    safe_on: date
    rung_days: int
    days_left: int
    working_days_left: int
    provisional: bool
    why_zh: str
    why_en: str
    command: str


@dataclass(frozen=True, kw_only=True)
class DeadlineMail(MailView):
    """A time limit running on a case comes to its end; `step_…` says what the reader does about it.

    `campaign_zh` is None for a case outside every campaign, `basis` the article of law (may be empty), `acknowledge`
    the command by which the reader says that he knows of it, None while the date has not passed.
    """

    kind: ClassVar[str] = "deadline"

    case_no: str
    case_title: str
    deadline_zh: str
    deadline_en: str
    step_zh: str
    step_en: str
    basis: str
    unit_zh: str
    campaign_zh: str | None
    acknowledge: str | None = None


@dataclass(frozen=True, kw_only=True)
class ObligationMail(MailView):
    """The campaign owes something on a date: a plan, a monthly form, a summary.

    `obligation_…` names the thing owed (`8月份工作情况统计表`); the period is inclusive, None where there is none.
    """

    kind: ClassVar[str] = "obligation"

    nature: Nature = "duty"
    campaign_id: str
    campaign_zh: str
    obligation_zh: str
    obligation_en: str
    period_from: date | None
    period_to: date | None
    owed_to_zh: str


@dataclass(frozen=True, kw_only=True)
class CertificateMail(MailView):
    """The enforcement certificate of an officer comes to its end; `due_on` is the last day on which it is valid."""

    kind: ClassVar[str] = "certificate"

    nature: Nature = "duty"
    number: str
    officer: str
    officer_zh: str
    unit_zh: str
