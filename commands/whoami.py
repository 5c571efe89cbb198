"""`anjuan whoami`: who acts, in which unit and roles, and how that is known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from commands.door import Known, reading
from commands.frame import Run, command, single
from commands.output import wrap
from commands.words import t
from engine.clock import SHANGHAI, today
from engine.office import Office
from engine.people import Person

app = single("whoami")


@command(app, "whoami", zh="当前以谁的身份办理", en="Who acts, and in which roles")
def whoami(run: Run) -> None:
    with reading(run) as desk:
        person, office, known = desk.who, desk.office, desk.known
        day = today(office.clock)

    def lines() -> Iterator[str]:
        yield from person_lines(office, person, day)
        yield from wrap(_how(known))
        if office.practice:
            yield t("练习库：可用 --as 代号 换人办理", "A practice store: act as others with --as NAME")

    run.show({**roles_document(person, day), "known_by": known.by, "until": known.until}, lines)


def roles_document(person: Person, day: date) -> dict[str, Any]:
    """The person with the roles that he holds on that day, as scripts read it."""
    return {
        "actor": person.name,
        "zh": person.zh,
        "unit": person.unit,
        "roles": person.role_names(day),
        "held_in": [
            {"unit": unit, "role": role} for unit, role in sorted(person.roles) if person.has_role(unit, role, day)
        ],
    }


def person_lines(office: Office, person: Person, day: date) -> Iterator[str]:
    """Name, unit and the roles held on that day, for people."""
    unit = office.people.unit(person.unit)
    roles = t("、", ", ").join(person.role_names(day)) or "–"
    yield from wrap(t(f"{person.zh}（{person.name}），{unit.zh}", f"{person.name}, {unit.id}"))
    yield from wrap(t(f"角色：{roles}", f"Roles: {roles}"))


def time_of_day(at: datetime) -> str:
    """Shanghai time to the minute."""
    return at.astimezone(SHANGHAI).strftime("%H:%M")


def _how(known: Known) -> str:
    if known.until is not None:
        until = time_of_day(known.until)
        return t(f"已登录，{until}以前没有操作即失效", f"Signed in; ends at {until} if nothing more is done")
    if known.by == "account":
        return t("未登录，按系统账户的绑定", "Not signed in; bound to this account of the operating system")
    return t("由--as指定", "Chosen with --as")
