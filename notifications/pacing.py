"""Keeps the pace that a mail server asks for: so many mails a minute, and no more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Event

from engine.errors import InputWrong, Remedy
from notifications.delivery import SMTP_VARIABLE

PACE_VARIABLE = "ANJUAN_SMTP_PER_MINUTE"
# One a minute is the slowest: a mail waits for its turn while it is claimed.
FASTEST_PER_MINUTE = 60_000

Wait = Callable[[float], object]


class Pace:
    """Waits before every mail but the first. Each process keeps its own pace.

    It waits the whole interval, however long the delivery before took: slower than allowed, never faster.
    """

    def __init__(self, per_minute: int | None, wait: Wait | None = None) -> None:
        self._seconds = 60 / per_minute if per_minute else 0.0
        self._wait = wait or Event().wait
        self._first = True

    def keep(self) -> None:
        """Wait for the next mail's turn. Never within a transaction."""
        if self._seconds and not self._first:
            self._wait(self._seconds)
        self._first = False


def pace_from(environment: Mapping[str, str]) -> Pace:
    """The pace in `ANJUAN_SMTP_PER_MINUTE`, none where it or the server is not set. Raises InputWrong (`smtp.pace`)."""
    text = environment.get(PACE_VARIABLE, "").strip()
    if not text:
        return Pace(None)
    if text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= FASTEST_PER_MINUTE:
        return Pace(int(text) if environment.get(SMTP_VARIABLE, "").strip() else None)
    raise InputWrong(
        "smtp.pace",
        f"每分钟发信数（{PACE_VARIABLE}）有误：“{text[:40]}”",
        f"the number of mails a minute ({PACE_VARIABLE}) is wrong: {text[:40]!r}",
        Remedy(
            f"请写成1到{FASTEST_PER_MINUTE}之间的整数，不设则不限",
            f"write a whole number from 1 to {FASTEST_PER_MINUTE}, or unset it for no limit",
        ),
    )
