"""`anjuan whoami`: who acts, in which unit and roles."""

from __future__ import annotations

from collections.abc import Iterator

from commands.door import reading
from commands.frame import Run, command, single
from commands.output import wrap
from commands.words import t

app = single("whoami")


@command(app, "whoami", zh="当前以谁的身份办理", en="Who acts, and in which roles")
def whoami(run: Run) -> None:
    with reading(run) as desk:
        person, practice = desk.who, desk.office.practice
        unit = desk.office.people.unit(person.unit)

    def lines() -> Iterator[str]:
        roles = t("、", ", ").join(person.role_names())
        yield from wrap(t(f"{person.zh}（{person.name}），{unit.zh}", f"{person.name}, {unit.id}"))
        yield from wrap(t(f"角色：{roles}", f"Roles: {roles}"))
        if practice:
            yield t("练习库：可用 --as 代号 换人办理", "A practice store: act as others with --as NAME")

    document = {
        "actor": person.name,
        "zh": person.zh,
        "unit": person.unit,
        "roles": person.role_names(),
        "held_in": [{"unit": held_in, "role": role} for held_in, role in sorted(person.roles)],
    }
    run.show(document, lines)
