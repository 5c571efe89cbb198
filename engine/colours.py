"""Green, yellow or red: how near a time limit is to its date, as a word. Pure.

As officers know it from electronic monitoring (电子监察). A colour never stands without its date.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from engine.clock import legal_day
from engine.deadlines import Deadline
from engine.ladders import Ladders
from engine.working_days import WorkingDays

Colour = Literal["green", "yellow", "red"]
WORDS: dict[str, tuple[str, str]] = {"green": ("绿", "green"), "yellow": ("黄", "yellow"), "red": ("红", "red")}


def colour_of(deadline: Deadline, ladders: Ladders, calendar: WorkingDays, now: datetime) -> Colour | None:
    """Red once it is overdue, yellow when no more working days are left than its ladder says, green before that and
    while it is paused.

    `None` for what has ended, done or not: a right or waiting period that has run out is nobody's delay.
    """
    standing = deadline.standing(now)
    if standing == "overdue":
        return "red"
    if standing == "paused":
        return "green"
    if standing != "running":
        return None
    ladder = ladders.of_limit(deadline.terms.limit, deadline.nature)
    left = calendar.count(legal_day(now), deadline.due_on)
    return "yellow" if left <= (ladder.yellow_from or 0) else "green"
