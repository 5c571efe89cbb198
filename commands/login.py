"""`anjuan login`: signs somebody in on this account of the operating system."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from typer import Argument, Option

from commands.asking import PasswordStdin, ask, ask_new
from commands.door import office_here
from commands.frame import Run, command, single
from commands.output import wrap
from commands.whoami import person_lines, roles_document, time_of_day
from commands.words import t
from engine.clock import today
from engine.password_hashing import Argon2
from workflows.signing_in import prove, sign_in

app = single("login")


@command(
    app,
    "login",
    zh="登录\n\n多人共用一台电脑时，谁最后登录，就以谁的身份办理，直到退出或者30分钟没有操作。第一次用激活码登录，同时设定口令。"
    "正式库和练习库都可以登录；练习库的--as优先。",
    en="Sign in\n\nOn a shared PC whoever signed in last acts, until he signs out or does nothing for 30 minutes. The "
    "first time it takes a one-time code, and a password is chosen. In a practice store --as goes first.",
    changes=True,
)
def login(
    run: Run,
    name: Annotated[str, Argument(metavar="NAME", help=t("代号", "the short name"))],
    code: Annotated[str | None, Option("--code", metavar="CODE", help=t("激活码", "one-time code"))] = None,
    password_stdin: PasswordStdin = False,
) -> None:
    """Asks for the password, or takes a code and asks for a new password, and begins a session."""
    office, hasher, again = office_here(), Argon2(), f"anjuan login {name}"
    secret = code
    if secret is None:
        secret = ask(run, "口令或者激活码", "password or one-time code", again, from_stdin=password_stdin)
    proved = prove(office, hasher, name, secret, as_code=code is not None)
    chosen = ask_new(run, again, from_stdin=password_stdin) if proved.is_code else None
    session = sign_in(office, hasher, proved, chosen, keep=not run.dry_run)
    person, day = office.people.person(name), today(office.clock)

    def lines() -> Iterator[str]:
        yield from person_lines(office, person, day)
        until = time_of_day(session.until)
        yield from wrap(
            t(
                f"已登录，{until}以前没有操作即失效；离开前请退出：anjuan logout",
                f"Signed in until {until} if nothing more is done. Before you leave: anjuan logout",
            )
        )

    run.show({**roles_document(person, day), "until": session.until}, lines)
