"""Days as people write them in relation to today: today, +3d, -3d, +7wd."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Protocol

# A day outside is a slip of the pen: 2108 for 2018.
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)
OFFSET = re.compile(r"(?P<days>[+-]\d{1,4})(?P<unit>d|wd)", re.ASCII)


class CountsWorkingDays(Protocol):
    """The calendar that `+7wd` is counted by."""

    def add(self, start: date, n: int) -> date:
        """The `n`-th working day after `start`, before it when negative."""


def relative_day(text: str, today: date, calendar: CountsWorkingDays) -> date | None:
    """The day meant, counted from `today`, which does not count; `None` for a text that is no such word.

    Raises OverflowError or ValueError for a day that no calendar has.
    """
    if text == "today":
        return today
    found = OFFSET.fullmatch(text)
    if found is None:
        return None
    days = int(found["days"])
    return today + timedelta(days=days) if found["unit"] == "d" else calendar.add(today, days)
