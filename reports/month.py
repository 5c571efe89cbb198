"""The month that a report is about: read from what was typed, and written as forms print it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from engine.campaign_plan import CampaignPlan
from engine.errors import InputWrong, Remedy

MONTH = re.compile(r"[12]\d{3}-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True)
class ReportMonth:
    """A calendar month, or with `cumulative` everything of the campaign up to its end; both days are inclusive."""

    month: str
    first_on: date
    last_on: date
    cumulative: bool

    @property
    def first_month(self) -> str:
        """The month from which tallies count; empty for the cumulative report, which leaves none out."""
        return "" if self.cumulative else self.month

    @property
    def zh(self) -> str:
        """As a form of figures prints it: 2018年9月."""
        month = f"{self.last_on.year}年{self.last_on.month}月"
        return f"截至{month}（累计）" if self.cumulative else month

    @property
    def en(self) -> str:
        return f"up to {self.month} (cumulative)" if self.cumulative else self.month

    @property
    def until_zh(self) -> str:
        """As a list prints it, which shows how things stood at the end: 截至2018年9月30日."""
        return f"截至{self.last_on.year}年{self.last_on.month}月{self.last_on.day}日"

    @property
    def until_en(self) -> str:
        return f"up to {self.last_on}"


def report_month(month: str, plan: CampaignPlan, today: date, *, cumulative: bool) -> ReportMonth:
    """The month `YYYY-MM`, which may still be running. Raises InputWrong (`month.invalid`, `month.future`)."""
    if not MONTH.fullmatch(month):
        shown = month[:20]
        raise InputWrong(
            "month.invalid",
            f"“{shown}”不是月份",
            f"{shown!r} is not a month",
            Remedy("写作2018-09", "write it like 2018-09"),
        )
    first_on = date.fromisoformat(f"{month}-01")
    if first_on > today:
        raise InputWrong(
            "month.future",
            f"{month}尚未开始（今天是{today}）",
            f"{month} has not begun yet (today is {today})",
            Remedy(f"可报至{today:%Y-%m}", f"the latest month is {today:%Y-%m}"),
        )
    last_on = (first_on + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    begins_on = min(plan.starts_on or plan.issued_on, first_on) if cumulative else first_on
    return ReportMonth(month, begins_on, last_on, cumulative)
