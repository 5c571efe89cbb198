"""Collects what a due date rests on: rule, start, days one by one, account, holiday tables, entries of the record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from engine.book_store import entries_of
from engine.case_view import CaseView
from engine.clock import SHANGHAI, legal_day
from engine.day_counts import CountedDay, pause_on, paused_day
from engine.deadline_page import earliest_end, shown
from engine.deadlines import Deadline, derived, period_of
from engine.documents import document_by_hash
from engine.ledger import Entry, case_book
from engine.office import Office
from engine.periods import Period, due_of, proof_of, safe_day
from engine.proof_values import Counted, Proof, ProofDay, ProofKind, Read, Table, Touched
from engine.spending import Spent, spent
from engine.store import Work
from engine.time_limits import TimeLimit
from engine.working_days import WorkingDays


def prove(office: Office, work: Work, case: CaseView, deadline: Deadline) -> Proof:
    """The proof of a deadline of the case, whatever became of it."""
    now = office.clock.now()
    calendar = office.law.calendar
    rule = _rule_of(office, work, deadline)
    anew = derived(deadline, calendar)
    return Proof(
        case.case_no,
        case.title,
        office.people.unit(case.unit).zh,
        deadline,
        _counted_of(deadline, calendar, legal_day(now)),
        _account_of(deadline, calendar, now),
        rule,
        rule.version_on(deadline.course.chosen_on) if rule else None,
        office.law.limits.get(deadline.course.after or ""),
        tuple(_touching(entries_of(work, case_book(case.case_no)), deadline.id)),
        (anew.due_on, anew.due_at, anew.provisional) == (deadline.due_on, deadline.due_at, deadline.provisional),
        shown(deadline, calendar, legal_day(now), now),
        legal_day(now),
    )


def counted_out(period: Period, calendar: WorkingDays) -> Counted:
    """A period with the proof of its end. Raises as `due_of` does."""
    due = due_of(period, calendar)
    readings = tuple(
        Read(reading, due_of(replace(period, readings=(reading,)), calendar).due_on, index == due.reading)
        for index, reading in enumerate(period.readings)
    )
    days = tuple(ProofDay(line, _kind(line, period, calendar)) for line in proof_of(period, calendar))
    safe_on = safe_day(due.due_on, calendar)
    years = {*due.rests_on, *(() if due.due_at else range(safe_on.year, due.due_on.year + 1))}
    tables = {year: _table(year, calendar) for year in sorted(years)}
    return Counted(due.due_on, due.due_at, due.provisional, safe_on, readings, days, tables)


def _counted_of(deadline: Deadline, calendar: WorkingDays, today: date) -> Counted:
    fixed_on = deadline.terms.fixed_on
    if fixed_on is not None and not deadline.course.extensions:
        return _set_by_order(deadline, fixed_on, calendar)
    period = period_of(deadline)
    counted = counted_out(period, calendar)
    if fixed_on is not None:
        return replace(counted, readings=(), days=_granted_after_order(deadline, counted.days))
    if earliest_end(deadline, calendar, today) is not None:
        return replace(counted, days=tuple(_until_paused(counted.days, period, today)))
    return counted


def _set_by_order(deadline: Deadline, fixed_on: date, calendar: WorkingDays) -> Counted:
    """Nothing is counted: an order of ours names the last day."""
    start = CountedDay(deadline.started_on, False, None, "文书作出之日", "the day of the order")
    last = CountedDay(fixed_on, True, None, "文书载明的末日", "the last day, as the order says")
    safe_on = safe_day(fixed_on, calendar)
    tables = {year: _table(year, calendar) for year in range(safe_on.year, fixed_on.year + 1)}
    days = (ProofDay(start, "start"), ProofDay(last, calendar.why(fixed_on).kind))
    return Counted(fixed_on, None, False, safe_on, (), days, tables)


def _granted_after_order(deadline: Deadline, days: tuple[ProofDay, ...]) -> tuple[ProofDay, ...]:
    """The days granted after the one that the order had set; those of the first extension say so."""
    first, *_ = days
    why = deadline.course.extensions[0].basis
    start = replace(
        first.line,
        why_zh="文书载明的末日，自次日起为延长的期限",
        why_en="the last day as the order says; from the next day on it is the extension",
    )
    told = (
        replace(day, line=replace(day.line, why_zh=f"{day.line.why_zh}；延长：{why.zh}"))
        if day.line.counted and "延长：" not in day.line.why_zh
        else day
        for day in days[1:]
    )
    said = (
        replace(day, line=replace(day.line, why_en=f"{day.line.why_en}; extended: {why.en}"))
        if day.line.counted and "extended: " not in day.line.why_en
        else day
        for day in told
    )
    return (replace(first, line=start), *said)


def _until_paused(days: Iterable[ProofDay], period: Period, today: date) -> Iterable[ProofDay]:
    """What is certain while nobody knows how long the pause goes on: the days before it, and those paused so far."""
    pause = period.pauses[-1]
    yield from (day for day in days if day.line.on < pause.from_on)
    for number in range((today - pause.from_on).days + 1):
        yield ProofDay(paused_day(pause.from_on + timedelta(days=number), pause, period), "paused")


def _account_of(deadline: Deadline, calendar: WorkingDays, now: datetime) -> Spent:
    on = min(legal_day(now), deadline.ended_on or date.max)
    fixed_on = deadline.terms.fixed_on
    if fixed_on is not None:
        budget = (fixed_on - deadline.started_on).days
        total = (derived(deadline, calendar).due_on - deadline.started_on).days
        used = min(max((on - deadline.started_on).days, 0), total)
        return Spent("cd", budget, total - budget, used, total - used)
    pause = deadline.course.open_pause
    if pause is not None and pause.last_on is None:
        on = min(on, pause.from_on)
    at = now if deadline.ended_on is None else datetime.combine(on, datetime.max.time(), SHANGHAI)
    return spent(period_of(deadline), calendar, on, at)


def _rule_of(office: Office, work: Work, deadline: Deadline) -> TimeLimit | None:
    """The very version of the rule by which the deadline is counted, also when a newer one is in force."""
    document = document_by_hash(work, "time_limit", deadline.terms.rule_hash)
    return TimeLimit.model_validate(document.content) if document else office.law.limits.get(deadline.terms.limit)


def _touching(entries: Iterable[Entry], deadline_id: str) -> Iterable[Touched]:
    for entry in entries:
        for effect in entry.said()["effects"].get("deadlines", ()):
            if effect["id"] == deadline_id:
                yield Touched(entry, effect["act"])


def _kind(line: CountedDay, period: Period, calendar: WorkingDays) -> ProofKind:
    on = line.on
    if on == period.start_day or (period.restart is not None and on == period.restart.from_on):
        return "start"
    if pause_on(on, period) is not None:
        return "paused"
    lengths = (*(r.length for r in period.readings), *(e.length for e in period.extensions))
    by_calendar = line.counted and all(length.unit != "wd" for length in lengths)
    return "calendar" if by_calendar else calendar.why(on).kind


def _table(year: int, calendar: WorkingDays) -> Table:
    if not calendar.is_published(year):
        return Table(None, None)
    found = calendar.year(year)
    return Table(found.table_hash(), found.notice)
