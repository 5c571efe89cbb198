"""`anjuan staff code`: gives somebody a one-time code, printed once and kept nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from typer import Argument, Typer

from commands.asking import PasswordStdin
from commands.confirming import confirm_again
from commands.door import office_here, reading, writing
from commands.frame import Run, command
from commands.output import wrap
from commands.words import t
from engine.credentials import hashed_code, new_code
from engine.password_hashing import Argon2
from workflows.code_giving import give_code, require_may_give


def hang(app: Typer) -> None:
    """Makes the command of the noun."""
    command(
        app,
        "code",
        zh="发给激活码\n\n由管理员或者本单位机关负责人办理，正式库中须再次输入口令。激活码只显示这一次，用一次即作废；原口令同时作废。",
        en="Give somebody a one-time code\n\nBy the administrator or the head of the unit, who enters the own password "
        "again in a real store. It is printed once, good for one use, and ends the password there was.",
        changes=True,
    )(code)


def code(
    run: Run,
    name: Annotated[str, Argument(metavar="NAME", help=t("代号", "the short name"))],
    password_stdin: PasswordStdin = False,
) -> None:
    """Gives a code in the place of whatever the person proved himself with."""
    office = office_here()
    with reading(run, office) as desk:
        actor, person = desk.who, office.people.person(name)
        require_may_give(office, desk.work, actor, person)
    if actor.name != name:
        confirm_again(run, office, actor, f"anjuan staff code {name}", from_stdin=password_stdin)
    fresh = new_code()
    hash_ = hashed_code(Argon2(), fresh)
    with writing(run, office) as desk:
        give_code(office, desk.work, desk.who, office.people.person(name), hash_)

    def lines() -> Iterator[str]:
        if run.dry_run:
            yield from wrap(t(f"可以发给{person.zh}（{name}）激活码，本次没有发", f"{name} could be given a code"))
            return
        yield from wrap(
            t(f"{person.zh}（{name}）的激活码，只显示这一次：", f"One-time code of {name}, shown only now:")
        )
        yield f"  {fresh}"
        yield t("请当面交给本人，由本人登录并设定口令：", "Hand it over in person; signing in with it sets a password:")
        yield f"  anjuan login {name} --code {fresh}"

    run.show({"name": name, "code": None if run.dry_run else fresh}, lines)
