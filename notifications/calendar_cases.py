"""The events that the cases of an office put into one person's calendar: limits that are his, and appointed days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from engine.case_store import load_case
from engine.clock import SHANGHAI, end_of_day, legal_day, stored_instant
from engine.dated_cases import DatedCase, Wanted, dated_cases
from engine.deadlines import Deadline
from engine.definitions import Definition
from engine.ledger import case_book
from engine.office import Office
from engine.people import Person
from engine.store import Work
from notifications.calendar_books import APPOINTMENT, DEADLINE, TELLING, Appointed, Told, appointing, told_by
from notifications.calendar_events import (
    KEPT_DAYS,
    Event,
    Revision,
    day_alarms,
    is_kept,
    minute_alarms,
    uid_of,
)
from notifications.plain_text import one_line
from notifications.readers import HANDLER, IN_CHARGE, readers_of_deadline
from notifications.wording import cn_date, en_date

# Limits of these standings are told whenever they end; others that nobody ended only while their day is not long past.
_STILL_OWED = ("running", "paused", "overdue")


@dataclass
class _Sight:
    """Whose calendar it is, and what is asked again and again while it is made."""

    office: Office
    work: Work
    person: Person
    store_id: str
    today: date
    now: datetime
    readers: dict[tuple[object, ...], frozenset[str]] = field(default_factory=dict)

    def definition(self, hash_: str) -> Definition | None:
        return self.office.definition_of(self.work, hash_)


def case_events(office: Office, work: Work, person: Person, viewer: Person, store_id: str) -> Iterator[Event]:
    """Every event of the person's cases in units that `viewer` sees, too.

    His are the limits of cases that he holds and those of which he is reminded (`readers_of_deadline`), and the
    appointments of cases that he holds or that his role makes. What ceased to be his is cancelled in his calendar.
    """
    now = office.clock.now()
    sight = _Sight(office, work, person, store_id, legal_day(now), now)
    since = stored_instant(end_of_day(sight.today - timedelta(days=KEPT_DAYS + 1)))
    by_role = sorted(_units_of_roles(sight, viewer))
    held = sorted(_seen(sight, viewer) - set(by_role))
    if by_role:
        for case in dated_cases(work, Wanted(by_role, since, TELLING)):
            yield from _events(sight, case)
    if held:
        for case in dated_cases(work, Wanted(held, since, TELLING, person.name)):
            yield from _events(sight, case)


def _seen(sight: _Sight, viewer: Person) -> set[str]:
    people, today = sight.office.people, sight.today
    return {u for u in people.units if people.sees(sight.person, u, today) and people.sees(viewer, u, today)}


def _units_of_roles(sight: _Sight, viewer: Person) -> Iterator[str]:
    """The units in which a role may make dates his of cases that he does not hold."""
    people, today, person = sight.office.people, sight.today, sight.person
    definitions = sight.office.definitions().values()
    roles = {name for d in definitions for name in d.roles} - {HANDLER}
    from_above = {
        role
        for d in definitions
        for step in d.steps.values()
        if appointing(step)
        for role in step.by
        if d.roles[role].from_above
    }
    for unit in _seen(sight, viewer):
        here = any(people.holds(person, role, unit, today) for role in roles)
        above = any(people.holds(person, role, unit, today, from_above=True) for role in from_above)
        nobody = not any(people.holders(role, unit, today) for role in IN_CHARGE)
        in_charge = any(people.holds(person, role, unit, today, from_above=True) for role in IN_CHARGE)
        if here or above or (nobody and in_charge):
            yield unit


def _events(sight: _Sight, case: DatedCase) -> Iterator[Event]:
    told = told_by(case.entries, sight.definition)
    for (kind, subject), revision in told.revisions.items():
        if kind == DEADLINE:
            event = _limit_event(sight, case, told, subject, revision)
        else:
            event = _appointment_event(sight, case, told, subject, revision)
        if event is not None and is_kept(event, sight.today):
            yield event


def _limit_event(sight: _Sight, case: DatedCase, told: Told, subject: str, revision: Revision) -> Event | None:
    deadline = case.deadlines.get(subject)
    mine = sight.person.name in case.holders or (
        _reads(sight, case, deadline) if deadline is not None else _would_read(sight, case, told.rules[subject])
    )
    shown = _as_mine(sight, told, revision, mine=mine)
    if shown is None or _long_past(sight, shown, deadline):
        return None
    zh, en = _limit_words(sight, case, deadline, told.rules[subject])
    about_zh, about_en = _limit_lines(shown, deadline)
    hours = deadline is not None and deadline.started_at is not None
    return _event(sight, case, DEADLINE, subject, shown, (zh, en), (about_zh, about_en), hours=hours)


def _appointment_event(sight: _Sight, case: DatedCase, told: Told, subject: str, revision: Revision) -> Event | None:
    appointed = told.appointed[subject]
    mine = sight.person.name in case.holders or _appoints(sight, case, appointed)
    shown = _as_mine(sight, told, revision, mine=mine)
    if shown is None or _long_past(sight, shown, None):
        return None
    zh, en = _party_words(case, appointed.party)
    words = (appointed.zh + zh, appointed.en + en)
    return _event(sight, case, APPOINTMENT, subject, shown, words, ((), ()), hours=False)


def _as_mine(sight: _Sight, told: Told, revision: Revision, *, mine: bool) -> Revision | None:
    """The revision as this calendar shows it: cancelled where he held the case and it is his no more."""
    if mine:
        return revision
    left_at = told.left.get(sight.person.name)
    if left_at is None or revision.first_at > left_at:
        return None
    if not revision.face.stands:
        return revision
    # The entry by which he ceased to hold it has already raised the number of everything that stood.
    return replace(revision, face=replace(revision.face, stands=False), changed_at=left_at)


def _long_past(sight: _Sight, revision: Revision, deadline: Deadline | None) -> bool:
    """Whether its day has come and gone, nothing is owed any more, and every calendar has had it long enough."""
    if deadline is not None and deadline.is_open and deadline.standing(sight.now) in _STILL_OWED:
        return False
    return (sight.today - date.fromisoformat(revision.face.on)).days > KEPT_DAYS and revision.face.stands


def _reads(sight: _Sight, case: DatedCase, deadline: Deadline) -> bool:
    """Whether he is reminded of it. Cases of a unit with the same holders have the same readers of a rule."""
    key = (case.definition, case.unit, case.holders, deadline.rule, deadline.terms.remind)
    if key not in sight.readers:
        view = load_case(sight.work, case.case_no).case
        definition = sight.definition(case.definition)
        found = readers_of_deadline(sight.office.people, definition, view, deadline, sight.today)
        sight.readers[key] = frozenset(reader.name for reader in found)
    return sight.person.name in sight.readers[key]


def _would_read(sight: _Sight, case: DatedCase, rule: str) -> bool:
    """Of a limit whose step was taken back nothing is left but its rule."""
    limit = sight.office.law.limits.get(rule)
    return limit is not None and _holds_any(sight, case, limit.remind)


def _appoints(sight: _Sight, case: DatedCase, appointed: Appointed) -> bool:
    return _holds_any(sight, case, appointed.by)


def _holds_any(sight: _Sight, case: DatedCase, roles: tuple[str, ...]) -> bool:
    definition = sight.definition(case.definition)
    known = definition.roles if definition is not None else {}
    return any(
        sight.office.people.holds(
            sight.person, role, case.unit, sight.today, from_above=role in known and known[role].from_above
        )
        for role in roles
        if role != HANDLER
    )


def _party_words(case: DatedCase, party: int | None) -> tuple[str, str]:
    """Which party it is about, where there are several."""
    several = len({d.party_no for d in case.deadlines.values()} - {None}) > 1
    return (f"（当事人{party}）", f" (party {party})") if party is not None and several else ("", "")


def _limit_words(sight: _Sight, case: DatedCase, deadline: Deadline | None, rule: str) -> tuple[str, str]:
    if deadline is not None:
        zh, en = _party_words(case, deadline.party_no)
        return deadline.terms.zh + zh, deadline.terms.en + en
    limit = sight.office.law.limits.get(rule)
    return (limit.zh, limit.en) if limit is not None else (rule, rule)


def _limit_lines(revision: Revision, deadline: Deadline | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    on = date.fromisoformat(revision.face.on)
    if deadline is None:
        return (f"届满：{cn_date(on)}",), (f"Ends on {en_date(on)}",)
    minute_zh, minute_en = "", ""
    if revision.face.at is not None:
        at = datetime.fromisoformat(revision.face.at).astimezone(SHANGHAI)
        minute_zh, minute_en = f"{at:%H:%M}", f" at {at:%H:%M}"
    marks = [
        mark
        for mark, holds in (
            (("中止，此为最早届满日", "paused; this is the earliest end"), deadline.state == "paused"),
            (("暂定，放假安排尚未公布", "provisional; the holidays are not published"), deadline.provisional),
            (("依据未确认", "its rule is not confirmed"), bool(deadline.unsure)),
        )
        if holds
    ]
    zh = f"（{'；'.join(mark[0] for mark in marks)}）" if marks else ""
    en = f" ({'; '.join(mark[1] for mark in marks)})" if marks else ""
    return (
        (f"届满：{cn_date(on)}{minute_zh}{zh}", f"依据：{one_line(deadline.terms.basis)}"),
        (f"Ends on {en_date(on)}{minute_en}{en}",),
    )


def _event(
    sight: _Sight,
    case: DatedCase,
    kind: str,
    subject: str,
    revision: Revision,
    words: tuple[str, str],
    about: tuple[tuple[str, ...], tuple[str, ...]],
    *,
    hours: bool,
) -> Event:
    face = revision.face
    on, at = date.fromisoformat(face.on), datetime.fromisoformat(face.at) if face.at is not None else None
    alarms = day_alarms(on, sight.office.law.calendar) if at is None else minute_alarms(hours=hours)
    title = one_line(case.title)
    command = f"anjuan case show {case.case_no}"
    return Event(
        uid_of(sight.store_id, kind, case_book(case.case_no), subject),
        kind,
        on,
        at,
        f"{words[0]}：{case.case_no} {title}",
        f"{words[1]}: {case.case_no} {title}",
        (*about[0], f"查看：{command}"),
        (*about[1], f"See: {command}"),
        revision,
        alarms if face.stands else (),
        case_no=case.case_no,
    )
