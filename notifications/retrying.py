"""Says when a mail that was put off is tried again, and when it is given up. Values only; nothing here reads."""

from __future__ import annotations

from datetime import datetime, timedelta

# Minutes to the second, third … try; the last holds for all that follow. Fixed, so that people can tell the next one.
LADDER_MINUTES = (1, 2, 4, 8, 16, 32, 60)
LONGEST_WAIT = timedelta(minutes=LADDER_MINUTES[-1])
GIVEN_UP_AFTER = timedelta(hours=48)
# A clock that jumps ahead, or a machine that was off, makes a mail old that was hardly tried.
LEAST_TRIES = 5
# So many tries fit into 48 hours. With a clock that was put back, the age alone would keep a mail trying for years.
MOST_TRIES = (
    len(LADDER_MINUTES) + (GIVEN_UP_AFTER - timedelta(minutes=sum(LADDER_MINUTES[:-1]))) // timedelta(minutes=60) + 1
)


def next_try(tries: int, since: datetime, now: datetime) -> datetime | None:
    """When a mail is tried again that has just been put off for the `tries`-th time (1 or more).

    `None` when it is given up: 48 hours after `since` (the mail's making, or its reopening) and five tries at least.
    """
    too_old = now - since >= GIVEN_UP_AFTER and tries >= LEAST_TRIES
    if too_old or tries >= MOST_TRIES:
        return None
    return now + timedelta(minutes=LADDER_MINUTES[min(tries, len(LADDER_MINUTES)) - 1])
