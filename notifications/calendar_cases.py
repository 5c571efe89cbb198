"""The events that the cases of an office put into one person's calendar: limits that are his, and appointed days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from engine.case_store import load_case
from engine.clock import SHANGHAI, end_of_day, legal_day, stored_instant
from engine.dated_cases import DatedCase, Wanted, dated_cases
from engine.deadlines import Deadline
from engine.definitions import Definition
from engine.ledger import case_book
from engine.office import Office
from engine.people import Person
from engine.roles_on_record import Held, roles_on_record
from engine.store import Work
from notifications.calendar_books import APPOINTMENT, DEADLINE, TELLING, Told, appointing, told_by
from notifications.calendar_events import (
    KEPT_DAYS,
    Event,
    Revision,
    appointment_alarms,
    is_kept,
    ladder_alarms,
    uid_of,
)
from notifications.calendar_roles import as_his, makes_his, turns_of
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
    held: tuple[Held, ...]
    seen: frozenset[str]
    readers: dict[tuple[object, ...], frozenset[str]] = field(default_factory=dict)

    def definition(self, hash_: str) -> Definition | None:
        return self.office.definition_of(self.work, hash_)


def case_events(office: Office, work: Work, person: Person, viewer: Person, store_id: str) -> Iterator[Event]:
    """Every event of the person's cases in units that `viewer` sees, too.

    His are the limits of cases that he holds and those of which he is reminded (`readers_of_deadline`), and the
    appointments of cases that he holds or that his role makes. What ceased to be his is cancelled in his calendar, as
    far as the record tells when: not where he heard of a limit only because nobody held the roles that should, nor
    where the rule of a limit named other roles before.
    """
    now = office.clock.now()
    today, record = legal_day(now), roles_on_record(work).get(person.name, ())
    sight = _Sight(office, work, person, store_id, today, now, record, frozenset(_seen(office, person, viewer, today)))
    since = stored_instant(end_of_day(today - timedelta(days=KEPT_DAYS + 1)))
    left_with_roles = {u for role, u in _left(sight, viewer, since) if role != HANDLER}
    by_role = sorted({*_units_of_roles(sight), *left_with_roles})
    held = sorted({*sight.seen, *(u for _, u in _left(sight, viewer, since))} - set(by_role))
    if by_role:
        for case in dated_cases(work, Wanted(by_role, since, TELLING)):
            yield from _events(sight, case)
    if held:
        for case in dated_cases(work, Wanted(held, since, TELLING, person.name)):
            yield from _events(sight, case)


def _seen(office: Office, person: Person, viewer: Person, today: date) -> Iterator[str]:
    """The units of which both see the cases."""
    people = office.people
    yield from (u for u in people.units if people.sees(person, u, today) and people.sees(viewer, u, today))


def _left(sight: _Sight, viewer: Person, since: str) -> Iterator[tuple[str, str]]:
    """Role and unit where a role of his ended since then, with the units below: there events may be his no more."""
    people, now = sight.office.people, stored_instant(sight.now)
    for held in sight.held:
        if since <= held.to_at <= now:
            for unit in people.below(held.unit):
                if viewer.name == sight.person.name or people.sees(viewer, unit, sight.today):
                    yield held.role, unit


def _units_of_roles(sight: _Sight) -> Iterator[str]:
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
    for unit in sight.seen:
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
    if _long_past(sight, revision, deadline):
        return None
    law, rule = sight.office.law, told.rules[subject]
    limit = law.limits.get(rule)
    if deadline is not None:
        roles, reads = deadline.terms.remind, _reads(sight, case, deadline)
    else:  # of a limit whose step was taken back nothing is left but its rule
        roles = limit.remind if limit is not None else ()
        reads = _holds_any(sight, case, roles)
    shown = _as_his(sight, case, told, revision, roles, reads=reads)
    if shown is None:
        return None
    on, at = _when(shown)
    words = _limit_words(sight, case, deadline, rule)
    alarms: tuple[timedelta, ...] = ()
    if deadline is not None:
        ladder = law.ladders.of_limit(deadline.terms.limit, deadline.nature)
        alarms = ladder_alarms(ladder, on, at, law.calendar)
    return _event(sight, case, DEADLINE, subject, shown, words, _limit_lines(shown, deadline), alarms)


def _appointment_event(sight: _Sight, case: DatedCase, told: Told, subject: str, revision: Revision) -> Event | None:
    if _long_past(sight, revision, None):
        return None
    appointed = told.appointed[subject]
    reads = _holds_any(sight, case, appointed.by)
    shown = _as_his(sight, case, told, revision, appointed.by, reads=reads)
    if shown is None:
        return None
    zh, en = _party_words(case, appointed.party)
    place = one_line(appointed.place) if appointed.place and case.unit in sight.seen else None
    about = ((f"地点：{place}",), (f"Place: {place}",)) if place else ((), ())
    alarms = appointment_alarms(*_when(shown), sight.office.law.calendar)
    words = (appointed.zh + zh, appointed.en + en)
    return _event(sight, case, APPOINTMENT, subject, shown, words, about, alarms, place)


def _as_his(
    sight: _Sight, case: DatedCase, told: Told, revision: Revision, roles: tuple[str, ...], *, reads: bool
) -> Revision | None:
    """The revision as his calendar shows it; `roles` make it his beside holding the case, and `reads`: they do now."""
    people, name, now = sight.office.people, sight.person.name, stored_instant(sight.now)
    holds, sees = name in case.holders, case.unit in sight.seen
    of_roles = makes_his(people, set(roles) - {HANDLER}, _reaching_down(sight, case), case.unit)
    turns = turns_of(sight.held, of_roles, now)
    if holds and not sees:
        above = people.above(case.unit)
        turns |= turns_of(sight.held, lambda held: held.unit in above, now)
    return as_his(revision, turns, told.left.get(name), mine=sees and (holds or reads))


def _when(revision: Revision) -> tuple[date, datetime | None]:
    face = revision.face
    return date.fromisoformat(face.on), datetime.fromisoformat(face.at) if face.at is not None else None


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


def _holds_any(sight: _Sight, case: DatedCase, roles: tuple[str, ...]) -> bool:
    reaching = _reaching_down(sight, case)
    return any(
        sight.office.people.holds(sight.person, role, case.unit, sight.today, from_above=role in reaching)
        for role in roles
        if role != HANDLER
    )


def _reaching_down(sight: _Sight, case: DatedCase) -> frozenset[str]:
    """The roles that count for a case in the units above its own too."""
    definition = sight.definition(case.definition)
    roles = definition.roles if definition is not None else {}
    return frozenset(name for name, role in roles.items() if role.from_above)


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
    alarms: tuple[timedelta, ...],
    place: str | None = None,
) -> Event:
    on, at = _when(revision)
    # Whoever does not see the unit any more reads nothing new about its cases.
    title = f" {one_line(case.title)}" if case.unit in sight.seen else ""
    command = f"anjuan case show {case.case_no}"
    return Event(
        uid_of(sight.store_id, kind, case_book(case.case_no), subject),
        kind,
        on,
        at,
        f"{words[0]}：{case.case_no}{title}",
        f"{words[1]}: {case.case_no}{title}",
        (*about[0], f"查看：{command}"),
        (*about[1], f"See: {command}"),
        revision,
        alarms if revision.face.stands else (),
        case_no=case.case_no,
        place=place,
    )
