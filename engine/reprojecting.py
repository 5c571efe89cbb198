"""Projects a running time limit anew under the law in force: same start, same course, the dates that follow today."""

from __future__ import annotations

from datetime import date
from typing import cast

from engine.changing import changed
from engine.deadlines import Deadline, derived, end_of_limit, terms_of
from engine.errors import DeadlineUndetermined, InputWrong
from engine.law_book import LawBook
from engine.time_limits import LimitVersion, TimeLimit


def reprojected(deadline: Deadline, law: LawBook) -> Deadline:
    """The deadline as the same step would have started it under `law`, with everything that has happened to it since.

    The version is that of the day on which it was chosen. A day that an order fixed stays. Raises DeadlineUndetermined
    where that law gives it no date: the rule is gone, sets no limit for that day, or cannot be counted with what is
    known; whoever asked then leaves the deadline as it is, and says so.
    """
    limit, version = _rule_of(deadline, law)
    started_on = _start_of(deadline, law)
    terms = terms_of(limit, version, law.rule_hash(limit.id), deadline.terms.fixed_on)
    try:
        return derived(changed(deadline, nature=limit.nature, started_on=started_on, terms=terms), law.calendar)
    except InputWrong as e:
        raise DeadlineUndetermined(limit.id, deadline.course.chosen_on, e.zh, e.en) from e


def kept_up(deadline: Deadline, law: LawBook) -> Deadline:
    """`reprojected`, or the deadline as it is where the law gives it no date."""
    try:
        return reprojected(deadline, law)
    except DeadlineUndetermined:
        return deadline


def _rule_of(deadline: Deadline, law: LawBook) -> tuple[TimeLimit, LimitVersion]:
    rule, on = deadline.terms.limit, deadline.course.chosen_on
    limit = law.limits.get(rule)
    if limit is None:
        raise DeadlineUndetermined(rule, on, "现行规则中没有这一期限", "no rule of that name is in force")
    version = limit.choose(on)
    if version is None:
        zh, en = "按现行规则，当日没有这一期限", "the rules in force set no such limit for that day"
        raise DeadlineUndetermined(rule, on, zh, en)
    if version.fixed and deadline.terms.fixed_on is None:
        zh, en = "现行规则以文书确定末日，本案没有这样的日期", "an order fixes the last day now; the case has none"
        raise DeadlineUndetermined(rule, on, zh, en)
    return limit, version


def _start_of(deadline: Deadline, law: LawBook) -> date:
    """The day of the start; where another limit had to run out first, its last day anew."""
    course = deadline.course
    if course.after is None:
        return deadline.started_on
    if course.after not in law.limits:
        zh, en = f"现行规则中没有“{course.after}”", f"no rule {course.after} is in force, from whose end it runs"
        raise DeadlineUndetermined(deadline.terms.limit, course.chosen_on, zh, en)
    return end_of_limit(law, course.after, cast(date, course.told_on), course.chosen_on)
