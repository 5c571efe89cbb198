"""`anjuan logout`: signs out whoever is signed in on this account of the operating system."""

from __future__ import annotations

from commands.door import office_here
from commands.frame import Run, command, single
from commands.output import wrap
from commands.whoami import roles_document
from commands.words import t
from engine.clock import today
from workflows.signing_in import sign_out

app = single("logout")


@command(app, "logout", zh="退出登录", en="Sign out", changes=True)
def logout(run: Run) -> None:
    office = office_here()
    ended = sign_out(office, keep=not run.dry_run)
    person = office.people.person(ended.name) if ended is not None else None
    if person is None:
        said = t("没有人登录", "Nobody was signed in")
    else:
        said = t(f"{person.zh}（{person.name}）已退出", f"{person.name} has signed out")
    document = roles_document(person, today(office.clock)) if person else {"actor": None, "unit": None, "roles": []}
    run.show(document, lambda: wrap(said))
