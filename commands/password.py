"""`anjuan password`: changes one's own password."""

from __future__ import annotations

from commands.asking import PasswordStdin, ask, ask_new
from commands.door import office_here, reading
from commands.frame import Run, command, single
from commands.output import wrap
from commands.words import t
from engine.password_hashing import Argon2
from workflows.signing_in import change_password, prove, require_password

app = single("password")
AGAIN = "anjuan password"


@command(
    app,
    "password",
    zh="更换自己的口令\n\n至少10个字符，不能是姓名或者代号。更换后，本人在别处的登录失效。",
    en="Change your password\n\nAt least 10 characters, and not your name. Your other sessions end.",
    changes=True,
)
def password(run: Run, password_stdin: PasswordStdin = False) -> None:
    """Asks for the present password, then for the new one."""
    office, hasher = office_here(), Argon2()
    with reading(run, office) as desk:
        person, session = desk.who, desk.known.session
    require_password(office, person)
    present = ask(run, "现在的口令", "present password", AGAIN, from_stdin=password_stdin)
    proved = prove(office, hasher, person.name, present)
    chosen = ask_new(run, AGAIN, from_stdin=password_stdin)
    change_password(office, hasher, proved, chosen, session, keep=not run.dry_run)
    run.show(
        {"actor": person.name},
        lambda: wrap(t(f"{person.zh}（{person.name}）的口令已更换", f"The password of {person.name} was changed")),
    )
