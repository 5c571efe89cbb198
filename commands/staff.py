"""`anjuan staff list / show / add`: who is on the staff; the other commands of the noun are hung on here."""

from __future__ import annotations

from typing import Annotated

from typer import Argument, Option

from commands import staff_changes, staff_code, staff_mutes
from commands.arguments import parse_day
from commands.door import reading, writing
from commands.frame import Run, command, noun
from commands.output import wrap
from commands.staff_lines import list_lines, page_lines, person_document, person_page
from commands.words import t
from engine.clock import today
from engine.errors import InputWrong, Remedy
from engine.holder_store import open_cases_held_by
from engine.office import Office
from engine.people import Certificate, People, Person
from notifications.message import checked_address
from workflows.staffing import take_on

app = noun("staff", zh="人员", en="Staff")
staff_code.hang(app)


@command(app, "list", zh="列出人员、角色和执法证", en="List staff, roles and certificates")
def list_staff(
    run: Run,
    unit: Annotated[str | None, Option("--unit", metavar="U", help=t("只列该单位", "that unit only"))] = None,
) -> None:
    with reading(run) as desk:
        people = desk.office.people
        if unit is not None:
            people.unit(unit)
        staff = [p for p in _in_order(people) if unit in (None, p.unit)]
        on = today(desk.office.clock)
        run.show([person_document(p) for p in staff], lambda: list_lines(people, staff, on))


@command(
    app,
    "show",
    zh="查看人员：角色和期限、代行、执法证、未结案件数",
    en="Show somebody: roles with their days, stand-ins, certificates, how many open cases",
)
def show(run: Run, name: Annotated[str, Argument(metavar="NAME", help=t("人员代号", "the short name"))]) -> None:
    with reading(run) as desk:
        person = desk.office.people.person(name)
        held = open_cases_held_by(desk.work, name)
        page = person_page(desk.office.people, person, len(held), today(desk.office.clock))
    run.show(page, lambda: page_lines(page))


@command(
    app,
    "add",
    zh="新增人员\n\n执法证三项（--certificate、--from、--to）一并填写。",
    en="Add somebody\n\nA certificate is given whole: --certificate, --from and --to.",
    changes=True,
)
def add(
    run: Run,
    name: Annotated[str, Argument(metavar="NAME", help=t("代号，如 handler4", "a short name like handler4"))],
    unit: Annotated[str, Option("--unit", metavar="U", help=t("所在单位", "the unit"))],
    role: Annotated[list[str], Option("--role", metavar="R", help=t("角色", "a role"))],
    certificate: Annotated[
        str | None, Option("--certificate", metavar="NO", help=t("执法证号", "number of the certificate"))
    ] = None,
    from_on: Annotated[str | None, Option("--from", metavar="D", help=t("执法证起期", "its first day"))] = None,
    to_on: Annotated[str | None, Option("--to", metavar="D", help=t("执法证止期", "its last day"))] = None,
    zh: Annotated[str | None, Option("--zh", metavar="NAME", help=t("姓名", "the name in Chinese"))] = None,
    email: Annotated[str | None, Option("--email", help=t("电子邮件", "mail address"))] = None,
    account: Annotated[str | None, Option("--account", help=t("绑定的系统账户", "account to bind"))] = None,
) -> None:
    with writing(run) as desk:
        person = Person(
            name=name,
            zh=(zh or name).strip(),
            unit=unit,
            roles=frozenset((unit, r) for r in role),
            certificates=_certificates(desk.office, certificate, from_on, to_on),
            email=_address(desk.office, email, name, unit),
            account=account or None,
        )
        take_on(desk.office, desk.work, desk.who, person)
    run.show(
        person_document(person),
        lambda: wrap(
            t(
                f"已新增{person.zh}（{name}），单位{unit}，角色{'、'.join(person.role_names())}",
                f"Added {name} in {unit} as {', '.join(person.role_names())}",
            )
        ),
    )


def _in_order(people: People) -> list[Person]:
    return sorted(people.persons.values(), key=lambda p: (len(people.above(p.unit)), p.unit, p.name))


def _address(office: Office, email: str | None, name: str, unit: str) -> str:
    if email:
        return checked_address(email)
    # In practice nobody should have to invent addresses.
    return f"{name}@{unit.replace('_', '-')}.example" if office.practice else ""


def _certificates(
    office: Office, number: str | None, from_on: str | None, to_on: str | None
) -> tuple[Certificate, ...]:
    given = (number, from_on, to_on)
    if given == (None, None, None):
        return ()
    if number is None or from_on is None or to_on is None:
        raise InputWrong(
            "certificate.incomplete",
            "执法证须一并写明证号和起止日期",
            "a certificate needs its number and both days",
            Remedy("补齐--certificate、--from、--to", "give --certificate, --from and --to"),
        )
    day, calendar = today(office.clock), office.law.calendar
    return (Certificate(number, parse_day(from_on, day, calendar), parse_day(to_on, day, calendar)),)


staff_changes.hang(app)
staff_mutes.hang(app)
