"""Says who hears of a rung and why, and which command the reader types. Values only; nothing here reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from engine.campaign_plan import CampaignPlan
from engine.case_view import CaseView
from engine.deadlines import Deadline
from engine.definitions import Definition, Role, steps_that_meet
from engine.ladders import ABOVE, HOLDER
from engine.obligations import Obligation
from engine.people import ADMINISTRATOR, People, Person

HANDLER = "handler"
# Who submits what a campaign asks for; the next one hears where a unit has nobody in the role before.
CAMPAIGN_ROLES = {
    "campaign_office": Role(zh="统计与综合人员", en="campaign office"),
    "lead": Role(zh="承办机构负责人", en="unit lead"),
    "head": Role(zh="机关负责人", en="bureau head"),
}
# Who hears of a deadline where nobody holds the roles that its rule names.
IN_CHARGE = {role: CAMPAIGN_ROLES[role] for role in ("lead", "head")}
# Who watches over what a unit does not do in time.
SUPERVISING = {"supervisor": Role(zh="督办人员", en="supervisor")}


@dataclass(frozen=True)
class Reader:
    """Somebody who is reminded. `why_…` complete “您收到本邮件，因为…” and “You get this mail because …”."""

    name: str
    zh: str
    address: str
    why_zh: str
    why_en: str


@dataclass(frozen=True)
class Way:
    """What the reader does about it, and the command that leads there."""

    zh: str
    en: str
    command: str


def readers_of_deadline(
    people: People,
    definition: Definition | None,
    case: CaseView,
    deadline: Deadline,
    today: date,
    also: Iterable[str] = (),
) -> tuple[Reader, ...]:
    """Those whom the rule of the deadline names and those whom the ladder names besides (`also`), each once: the case's
    own handlers, the holders of other roles, and whoever watches over the unit from above.

    Where there are none of them, whoever is in charge of the unit or, failing that, of the nearest unit above it.
    """
    held: dict[str, list[Role]] = {}
    for role in dict.fromkeys((*deadline.terms.remind, *(HANDLER if one == HOLDER else one for one in also))):
        if role == ABOVE:
            continue
        words = (definition.roles.get(role) if definition is not None else None) or Role(zh=role, en=role)
        for name in _names(people, case, role, today, from_above=words.from_above):
            held.setdefault(name, []).append(words)
    watching = {name: _late(role) for name, role in _watching(people, case.unit, today)} if ABOVE in also else {}
    if not held and not watching:
        words, names = _first_found(people, case.unit, IN_CHARGE, today)
        why = (
            f"您是{words.zh}，本案应接收提醒的人员空缺",
            f"you are the {words.en}, and nobody holds the roles that should be reminded of this case",
        )
        return tuple(_reader(people, name, *why) for name in names)
    reasons = {
        name: (
            f"您是本案{'、'.join(role.zh for role in roles)}",
            f"you are the {' and the '.join(role.en for role in roles)} of this case",
        )
        for name, roles in held.items()
    }
    return tuple(_reader(people, name, *why) for name, why in (reasons | watching | reasons).items())


def readers_of_obligation(people: People, unit: str, today: date, also: Iterable[str] = ()) -> tuple[Reader, ...]:
    """The campaign office of the owing unit, else its lead, else its head, else those of the nearest unit above it; and
    those whom the ladder names besides."""
    words, names = _first_found(people, unit, CAMPAIGN_ROLES, today)
    owing = people.units[unit].zh if unit in people.units else unit
    why = (
        f"您是{words.zh}，该事项由{owing}报送",
        f"you are the {words.en}, and {owing} owes this",
    )
    reasons = dict.fromkeys(names, why)
    for name, role in _named(people, unit, also, today):
        said = (f"您是{role.zh}，该事项由{owing}报送", f"you are the {role.en}, and {owing} owes this")
        reasons.setdefault(name, said)
    return tuple(_reader(people, name, *said) for name, said in reasons.items())


def readers_of_certificate(
    people: People, officer: Person, today: date, also: Iterable[str] = ()
) -> tuple[Reader, ...]:
    """The officer himself, whoever is in charge of his unit (its lead, else its head), the administrators, and those
    whom the ladder names besides."""
    words, in_charge = _first_found(people, officer.unit, IN_CHARGE, today)
    administrators = [h.name for h in people.holders(ADMINISTRATOR, officer.unit, today, from_above=True)]
    why = dict.fromkeys(administrators, ("您是管理员", "you are an administrator"))
    why |= dict.fromkeys(in_charge, (f"您是{words.zh}", f"you are the {words.en}"))
    order = dict.fromkeys([officer.name, *in_charge, *administrators])
    for name, role in _named(people, officer.unit, also, today):
        order.setdefault(name)
        why.setdefault(name, (f"您是{role.zh}", f"you are the {role.en}"))
    why[officer.name] = ("这是您的执法证", "the certificate is yours")
    return tuple(_reader(people, name, *why[name]) for name in order)


def way_to_meet(definition: Definition | None, case: CaseView, deadline: Deadline) -> Way:
    """What meets the deadline: every step that does so by its name, and the command for one that is open now.

    A step that only stops the deadline counts where none meets it.
    """
    steps = definition.steps if definition is not None else {}
    ending = steps_that_meet(definition, deadline.rule) if definition is not None else ()
    if not ending:
        return Way("查看案件", "Look at the case", f"anjuan case show {case.case_no}")
    first = next((one for one in ending if case.state in steps[one].from_), ending[0])
    return Way(
        "或者".join(steps[one].zh for one in ending),
        " or ".join([steps[ending[0]].en, *(_inside_a_sentence(steps[one].en) for one in ending[1:])]),
        f"anjuan case why {case.case_no} {first}",
    )


def way_to_submit(plan: CampaignPlan, owed: Obligation) -> str:
    """The command that shows what is to be submitted."""
    if owed.kind == "monthly_form" and owed.period_from is not None:
        return f"anjuan report show {plan.id} --month {owed.period_from:%Y-%m}"
    return f"anjuan campaign show {plan.id}"


def _inside_a_sentence(words: str) -> str:
    return words[:1].lower() + words[1:]


def _names(people: People, case: CaseView, role: str, today: date, *, from_above: bool) -> Iterable[str]:
    if role == HANDLER:
        return case.holders
    return [holder.name for holder in people.holders(role, case.unit, today, from_above=from_above)]


def _first_found(people: People, unit: str, roles: dict[str, Role], today: date) -> tuple[Role, tuple[str, ...]]:
    """The first of the roles that anybody holds in the unit, else in the units above it, and who holds it."""
    for place in people.above(unit):
        for role, words in roles.items():
            names = tuple(holder.name for holder in people.holders(role, place, today))
            if names:
                return words, names
    return next(iter(roles.values())), ()


def _named(people: People, unit: str, also: Iterable[str], today: date) -> Iterator[tuple[str, Role]]:
    """Those whom a ladder names, where it is about no case."""
    for one in also:
        if one == ABOVE:
            yield from _watching(people, unit, today)
        elif one != HOLDER:
            words = (CAMPAIGN_ROLES | SUPERVISING).get(one, Role(zh=one, en=one))
            yield from ((holder.name, words) for holder in people.holders(one, unit, today))


def _late(role: Role) -> tuple[str, str]:
    return f"本案期限逾期，您是{role.zh}", f"the date has passed, and you are the {role.en}"


def _watching(people: People, unit: str, today: date) -> tuple[tuple[str, Role], ...]:
    """The supervisors of the unit or of the nearest one above it; where there are none, whoever is in charge above."""
    words, names = _first_found(people, unit, SUPERVISING, today)
    higher = people.above(unit)[1:]
    if not names and higher:
        words, names = _first_found(people, higher[0], dict(reversed(IN_CHARGE.items())), today)
    return tuple((name, words) for name in names)


def _reader(people: People, name: str, why_zh: str, why_en: str) -> Reader:
    person = people.persons.get(name)
    if person is None:
        return Reader(name, name, "", why_zh, why_en)
    return Reader(name, person.zh, person.email, why_zh, why_en)
