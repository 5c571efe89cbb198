"""Dates under the shipped law: counting working days, deriving every deadline of a case."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from datetime import date, datetime, timedelta
from time import perf_counter

from engine.clock import SHANGHAI
from engine.deadlines import Deadline, derived, new_deadline
from engine.law_book import LawBook
from engine.limit_checks import shipped_time_limits
from engine.working_days import WorkingDays, shipped_working_days
from workflows.shipped import shipped_parameters

MOST_WORKING_DAYS = 120
# The deadlines of one case over National Day, New Year and Spring Festival, each with the day or minute it runs from.
STARTS: tuple[tuple[str, date | datetime], ...] = (
    ("complaint_decision", date(2025, 9, 12)),
    ("decision_limit", date(2025, 9, 28)),
    ("statement_period", date(2025, 11, 10)),
    ("hearing_request", date(2025, 11, 10)),
    ("hearing_notice", date(2025, 11, 17)),
    ("service_of_decision", date(2025, 12, 15)),
    ("publication", date(2025, 12, 15)),
    ("payment", date(2025, 12, 18)),
    ("reconsideration", date(2025, 12, 18)),
    ("suit", date(2025, 12, 18)),
    ("referral_decision", date(2026, 9, 28)),
    ("hand_over", datetime(2026, 9, 30, 16, 30, tzinfo=SHANGHAI)),
)


def date_figures(rounds: int) -> dict[str, float | int]:
    """Medians over the rounds: microseconds per `WorkingDays.add`, milliseconds for all deadlines of the case."""
    calendar = shipped_working_days()
    law = LawBook(shipped_time_limits().values(), shipped_parameters().values(), calendar)
    deadlines = tuple(_running(law, rule, start) for rule, start in STARTS)
    starts = tuple(date(2025, 7, 1) + timedelta(days=number) for number in range(30))
    adding = _median_seconds(lambda: _add_each(calendar, starts), rounds)
    deriving = _median_seconds(lambda: [derived(deadline, calendar) for deadline in deadlines], rounds)
    return {
        "add_working_days_us": round(adding / (len(starts) * MOST_WORKING_DAYS) * 1_000_000, 3),
        "derive_deadlines_ms": round(deriving * 1000, 4),
        "deadlines": len(deadlines),
    }


def _add_each(calendar: WorkingDays, starts: tuple[date, ...]) -> None:
    add = calendar.add
    for start in starts:
        for number in range(1, MOST_WORKING_DAYS + 1):
            add(start, number)


def _median_seconds(work: Callable[[], object], rounds: int) -> float:
    def once() -> float:
        start = perf_counter()
        work()
        return perf_counter() - start

    once()  # loads the years
    return statistics.median(once() for _ in range(rounds))


def _running(law: LawBook, rule: str, start: date | datetime) -> Deadline:
    started_at = start if isinstance(start, datetime) else None
    started_on = start.date() if isinstance(start, datetime) else start
    version = law.limit_on(rule, started_on)
    assert version is not None, f"the law of {started_on} knows no {rule}"
    limit, rule_hash = law.limits[rule], law.rule_hash(rule)
    return new_deadline(limit, version, rule, rule_hash, law.calendar, started_on=started_on, started_at=started_at)
