"""Says what one person has to do on a working day, in groups, for the morning mail: what `today` shows, and what is
missing in reports that are due soon."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from engine.clock import legal_day
from engine.colours import WORDS, colour_of
from engine.deadlines import Deadline
from engine.holder_store import Asked
from engine.obligations import Obligation
from engine.office import Office
from engine.people import Person
from engine.periods import safe_day
from engine.store import Work
from engine.workload import OTHERS_OWE, Item, Owed, Turn, Workload
from notifications.person_lines import When, group, line, when, when_at
from notifications.person_views import Dates, DigestMail, Group, Line
from notifications.rehearsing import Missing
from notifications.views import Nature

SOON_WORKING_DAYS = 3
# Longer lists are not read on a telephone; the rest is one command away.
MOST_LINES = 10


@dataclass
class _Sorted:
    overdue: list[Line] = field(default_factory=list)
    soon: list[Line] = field(default_factory=list)
    named: set[tuple[str, str | None]] = field(default_factory=set)


def digest_of(
    office: Office, work: Work, load: Workload, person: Person, missing: Sequence[Missing] = ()
) -> DigestMail | None:
    """The morning mail about that workload, and about what is missing in reports, as of now; `None` where there is
    nothing to say.

    A report that a campaign should have got already is left out: nobody records here that it was handed in.
    """
    sorted_ = _by_urgency(office, work, load)
    waiting = [
        *(_offer_line(office, asked) for asked in load.offers),
        *(_turn_line(office, work, turn) for turn in load.turns if (turn.case.case_no, turn.step) not in sorted_.named),
    ]
    groups = (
        *group("逾期", "Overdue", sorted_.overdue, MOST_LINES),
        *group("三个工作日内到期", "Due within three working days", sorted_.soon, MOST_LINES),
        *group("待办", "Waiting for you", waiting, MOST_LINES),
        *_missing_group(office, missing),
    )
    if not groups:
        return None
    on = legal_day(office.clock.now())
    return DigestMail(to_name=person.zh, to_address=person.email, on=on, groups=groups)


def _missing_group(office: Office, missing: Sequence[Missing]) -> tuple[Group, ...]:
    more = missing[MOST_LINES].command if len(missing) > MOST_LINES else ""
    lines = [_missing_line(office, one) for one in missing]
    return group("报表缺项", "Missing in the report", lines, MOST_LINES, more)


def _missing_line(office: Office, one: Missing) -> Line:
    gap, due_on = one.gap, one.due_on
    provisional = not office.law.calendar.is_published(due_on.year)
    until = when(_dates(office, "duty", due_on, provisional=provisional))
    named = When(f"{one.of_zh}，{until.zh}", f"{one.of_en}, {until.en}")
    return line(gap.case_no, gap.zh, gap.en, named, title=gap.title, command=gap.command)


def _by_urgency(office: Office, work: Work, load: Workload) -> _Sorted:
    now = office.clock.now()
    on, calendar = legal_day(now), office.law.calendar
    found = _Sorted()
    for item in load.due:
        deadline = item.deadline
        if deadline.is_paused(on):
            continue
        late = deadline.overdue(now) or deadline.due_on < on
        if late or calendar.count(on, deadline.due_on) <= SOON_WORKING_DAYS:
            (found.overdue if late else found.soon).append(_item_line(office, work, item, late=late))
            found.named.add((item.case.case_no, item.step))
    for owed, due_on in _owed_soon(load, on):
        if calendar.count(on, due_on) <= SOON_WORKING_DAYS:
            found.soon.append(_owed_line(office, owed, due_on))
    return found


def _owed_soon(load: Workload, on: date) -> Iterator[tuple[Owed, date]]:
    for owed in load.obligations:
        due_on = owed.obligation.due_on
        if due_on is not None and due_on >= on:
            yield owed, due_on


def _item_line(office: Office, work: Work, item: Item, *, late: bool) -> Line:
    case, deadline = item.case, item.deadline
    definition = office.definition_of(work, case.definition)
    zh, en = deadline.terms.zh, deadline.terms.en
    if deadline.nature == OTHERS_OWE:
        zh, en = f"催问{zh}", f"ask about {en}"
    elif definition is not None and item.step is not None:
        zh, en = definition.steps[item.step].zh, definition.steps[item.step].en
    by_hours = when_at(deadline.due_at, overdue=late) if deadline.due_at is not None else None
    until = _coloured(office, deadline, by_hours or when(_dates_of(office, deadline)))
    return line(case.case_no, zh, en, until, title=case.title)


def _coloured(office: Office, deadline: Deadline, until: When) -> When:
    colour = colour_of(deadline, office.law.ladders, office.law.calendar, office.clock.now())
    if colour is None:
        return until
    zh, en = WORDS[colour]
    return When(f"{until.zh}（{zh}）", f"{until.en} ({en})")


def _dates_of(office: Office, deadline: Deadline) -> Dates:
    return _dates(office, cast(Nature, deadline.nature), deadline.due_on, provisional=deadline.provisional)


def _owed_line(office: Office, owed: Owed, due_on: date) -> Line:
    provisional = not office.law.calendar.is_published(due_on.year)
    obligation: Obligation = owed.obligation
    until = when(_dates(office, "duty", due_on, provisional=provisional))
    return line(office.plan(owed.campaign).name.zh, obligation.zh, obligation.en, until)


def _dates(office: Office, nature: Nature, due_on: date, *, provisional: bool) -> Dates:
    on, calendar = legal_day(office.clock.now()), office.law.calendar
    left, working = (due_on - on).days, calendar.count(on, due_on)
    return Dates(nature, due_on, safe_day(due_on, calendar), left, working, provisional)


def _offer_line(office: Office, asked: Asked) -> Line:
    offer = asked.offer
    giver = office.people.persons.get(offer.from_name)
    zh = f"{giver.zh if giver is not None else offer.from_name}请您接收本案"
    return line(offer.case_no, zh, f"{offer.from_name} asks you to take this case", title=asked.title)


def _turn_line(office: Office, work: Work, turn: Turn) -> Line:
    definition = office.definition_of(work, turn.case.definition)
    step = definition.steps[turn.step] if definition is not None else None
    zh, en = (step.zh, step.en) if step is not None else (turn.step, turn.step)
    return line(turn.case.case_no, zh, en, title=turn.case.title)
