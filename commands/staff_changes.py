"""`anjuan staff role / role-end / certificate / stand-in / stand-in-end / leave`: what somebody may do from now on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Annotated, Any

from typer import Argument, Option, Typer

from commands.arguments import parse_day
from commands.door import Desk, office_here
from commands.frame import Run, command
from commands.once import once
from commands.staff_lines import (
    certificate_lines,
    ended_lines,
    leave_lines,
    role_lines,
    stand_in_document,
    stand_in_lines,
)
from commands.words import t
from engine.clock import today
from engine.office import Office
from engine.people import Certificate, StandIn
from workflows.departures import leave as leave_staff
from workflows.staff_certificates import record_certificate
from workflows.staff_rights import record_refused
from workflows.staff_roles import RoleSet, end_role, give_role
from workflows.stand_ins import end_stand_ins, set_stand_in, unit_of_stand_in

Name = Annotated[str, Argument(metavar="NAME", help=t("人员代号", "the short name of somebody"))]
Role = Annotated[str, Argument(metavar="ROLE", help=t("角色", "the role"))]
InUnit = Annotated[
    str | None, Option("--unit", metavar="U", help=t("单位，可以是借调到的", "the unit, also one lent to"))
]
From = Annotated[str, Option("--from", metavar="D", help=t("起期（含当日）", "first day"))]
To = Annotated[str, Option("--to", metavar="D", help=t("止期（含当日）", "last day, inclusive"))]
LastDay = Annotated[str, Option("--on", metavar="D", help=t("最后一日（含当日）", "the last day, inclusive"))]
For = Annotated[str, Option("--for", metavar="OTHER", help=t("被代行人", "the absent one"))]


def hang(app: Typer) -> None:
    """Makes the six acts commands of the noun."""
    by_zh, by_en = (
        "由管理员或者该单位负责人办理，不能给自己办理。",
        "By the administrator or a lead or head there; nobody for himself.",
    )
    acts: Iterable[tuple[str, Callable[..., None], str, str]] = (
        (
            "role",
            role,
            f"授予角色，可以有期限，也可以在借调到的单位\n\n{by_zh}不写--from的，自今日起；不写--to的，长期有效。",
            f"Give a role, for a time or in a unit that somebody is lent to\n\n{by_en} Without --from it begins today, "
            "without --to it does not end.",
        ),
        ("role-end", role_end, "终止角色", "End a role"),
        (
            "certificate",
            certificate,
            f"登记执法证，或者改登记其有效期\n\n{by_zh}证号已登记的，改为新的起止日期；到期前60、30、7天提醒。",
            f"Record a certificate, or other days of one\n\n{by_en} A known number gets the new days; reminders go out "
            "60, 30 and 7 days before the end.",
        ),
        (
            "stand-in",
            stand_in,
            "设定代行人：本人不在时，由他人代行其职责\n\n由本人、其负责人或者管理员办理。代行人不能再转由他人代行；管理员的职责"
            "不能代行。",
            "Set a stand-in who acts for somebody absent\n\nBy the absent one himself, a lead or head of his, or the "
            "administrator. Standing in cannot be passed on, and nobody stands in for an administrator.",
        ),
        ("stand-in-end", stand_in_end, "终止代行", "End standing in"),
        (
            "leave",
            leave,
            "离岗：登记最后工作日\n\n还有未结案件的不能办理，先用case hand-over交接。",
            "Leave: put somebody's last day on record\n\nNot while he holds open cases: hand them over first with case "
            "hand-over.",
        ),
    )
    for name, function, zh, en in acts:
        command(app, name, zh=zh, en=en, changes=True)(function)


def role(
    run: Run,
    name: Name,
    role: Role,
    unit: InUnit = None,
    from_on: Annotated[str | None, Option("--from", metavar="D", help=t("起期，默认今日", "first day"))] = None,
    to_on: Annotated[str | None, Option("--to", metavar="D", help=t("止期（含当日）", "last day, inclusive"))] = None,
) -> None:
    """Gives a role; a refusal is told with every reason and put on record."""

    def act(desk: Desk) -> dict[str, Any]:
        first, last = _day(desk.office, from_on), _day(desk.office, to_on)
        return _role_document(give_role(desk.office, desk.work, desk.who, name, role, unit, first, last))

    _act(run, act, role_lines)


def role_end(run: Run, name: Name, role: Role, on: LastDay, unit: InUnit = None) -> None:
    """Ends a role on a day."""

    def act(desk: Desk) -> dict[str, Any]:
        last = _a_day(desk.office, on)
        return _role_document(end_role(desk.office, desk.work, desk.who, name, role, unit, last))

    _act(run, act, role_lines)


def certificate(
    run: Run,
    name: Name,
    number: Annotated[str, Argument(metavar="NO", help=t("执法证号", "number of the certificate"))],
    from_on: From,
    to_on: To,
) -> None:
    """Records a certificate."""

    def act(desk: Desk) -> dict[str, Any]:
        wanted = Certificate(number.strip(), _a_day(desk.office, from_on), _a_day(desk.office, to_on))
        done = record_certificate(desk.office, desk.work, desk.who, name, wanted)
        before = done.before
        return {
            "name": name,
            "number": wanted.number,
            "from_on": wanted.from_on,
            "to_on": wanted.to_on,
            "days_left": (wanted.to_on - today(desk.office.clock)).days,
            "before": {"from_on": before.from_on, "to_on": before.to_on} if before else None,
            "reminders": done.reminders,
        }

    _act(run, act, certificate_lines)


def stand_in(
    run: Run,
    name: Name,
    for_name: For,
    role: Annotated[str, Option("--role", metavar="R", help=t("代行的角色", "in which role"))],
    from_on: From,
    to_on: To,
    reason: Annotated[str, Option("--reason", metavar="R", help=t("原因", "reason"))] = "",
    unit: Annotated[str | None, Option("--unit", metavar="U", help=t("单位", "in which unit"))] = None,
) -> None:
    """Lets somebody act for another between two days."""

    def act(desk: Desk) -> dict[str, Any]:
        office = desk.office
        office.people.person(name)
        where = unit if unit is not None else unit_of_stand_in(office.people, for_name, role)
        wanted = StandIn(name, for_name, where, role, _a_day(office, from_on), _a_day(office, to_on))
        done = set_stand_in(office, desk.work, desk.who, wanted, reason)
        return {
            **stand_in_document(done.stand_in),
            "reason": reason.strip(),
            "overlapping": [stand_in_document(one) for one in done.overlapping],
            "warnings": [w.document() for w in done.warnings],
        }

    _act(run, act, stand_in_lines)


def stand_in_end(
    run: Run,
    name: Name,
    for_name: For,
    on: Annotated[str, Option("--on", metavar="D", help=t("最后一日，默认今日", "the last day"))] = "today",
    role: Annotated[str | None, Option("--role", metavar="R", help=t("只终止该角色的", "that role only"))] = None,
    unit: Annotated[str | None, Option("--unit", metavar="U", help=t("只终止该单位的", "that unit only"))] = None,
) -> None:
    """Ends whatever somebody does for another after that day."""

    def act(desk: Desk) -> dict[str, Any]:
        last = _a_day(desk.office, on)
        ended = end_stand_ins(desk.office, desk.work, desk.who, name, for_name, role, unit, last)
        return {
            "name": name,
            "for": for_name,
            "last_on": last,
            "ended": [{**stand_in_document(one), "removed": last < one.from_on} for one in ended],
        }

    _act(run, act, ended_lines)


def leave(run: Run, name: Name, on: LastDay) -> None:
    """Puts the last day of somebody on record."""

    def act(desk: Desk) -> dict[str, Any]:
        done = leave_staff(desk.office, desk.work, desk.who, name, _a_day(desk.office, on))
        return {"name": name, "zh": done.person.zh, "left_on": done.left_on, "before": done.before}

    _act(run, act, leave_lines)


def _act(run: Run, act: Callable[[Desk], dict[str, Any]], lines: Callable[[dict[str, Any]], Iterable[str]]) -> None:
    office = office_here()
    done = once(run, office, None, {}, act, lambda desk, no: record_refused(office, desk.work, no, desk.who.name))
    run.show(done, lambda: lines(done))


def _role_document(done: RoleSet) -> dict[str, Any]:
    before = done.before
    return {
        "name": done.person.name,
        "zh": done.person.zh,
        "unit": done.unit,
        "role": done.role,
        "from_on": done.term.from_on,
        "to_on": done.term.to_on,
        "lent": done.lent,
        "before": {"from_on": before.from_on, "to_on": before.to_on} if before is not None else None,
        "warnings": [w.document() for w in done.warnings],
    }


def _day(office: Office, typed: str | None) -> date | None:
    return _a_day(office, typed) if typed is not None else None


def _a_day(office: Office, typed: str) -> date:
    return parse_day(typed, today(office.clock), office.law.calendar)
