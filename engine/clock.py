"""The only reader of the time of day. Legal days are dates in Shanghai; instants are aware and kept as UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Protocol

# China has had one zone without summer time since 1991, the years this program covers.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
END_OF_BARE_DAY = (23, 59)


class Clock(Protocol):
    """Something that knows what time it is."""

    def now(self) -> datetime:
        """The present instant, aware."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        import pendulum

        return datetime.fromtimestamp(pendulum.now("Asia/Shanghai").timestamp(), tz=SHANGHAI)


class StandingClock:
    """A clock that stands at one instant: practice, tests and the demo, which moves it on."""

    def __init__(self, instant: datetime) -> None:
        if instant.tzinfo is None:
            raise ValueError(f"an instant needs its zone: {instant!r}")
        self._instant = instant

    def now(self) -> datetime:
        return self._instant

    def move_to(self, instant: datetime) -> None:
        self._instant = instant


def today(clock: Clock) -> date:
    """The legal day: the date in Shanghai."""
    return legal_day(clock.now())


def legal_day(instant: datetime) -> date:
    """The Shanghai date of an aware instant. Raises ValueError on a naive one."""
    if instant.tzinfo is None:
        raise ValueError(f"an instant needs its zone: {instant!r}")
    return instant.astimezone(SHANGHAI).date()


def end_of_day(day: date) -> datetime:
    """23:59 in Shanghai on `day`: where a clock given as a bare day stands."""
    return datetime(day.year, day.month, day.day, *END_OF_BARE_DAY, tzinfo=SHANGHAI)


@lru_cache(maxsize=64)
def stored_instant(instant: datetime) -> str:
    """The text in which an instant is stored: UTC, ISO 8601, microseconds, always the same length (it sorts)."""
    if instant.tzinfo is None:
        raise ValueError(f"an instant needs its zone: {instant!r}")
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def shown_instant(stored: str) -> str:
    """A stored instant as people and scripts read it: Shanghai time with its offset."""
    return datetime.fromisoformat(stored).astimezone(SHANGHAI).isoformat(timespec="seconds")
