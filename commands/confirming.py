"""Asks the one who acts for his password once more, before what nobody else may do in his name."""

from __future__ import annotations

from commands.asking import ask
from commands.frame import Run
from engine.definitions import Step
from engine.office import Office
from engine.password_hashing import Argon2
from engine.people import Person
from workflows.signing_in import prove, require_password


def require_confirmed(
    run: Run, office: Office, person: Person, step: Step, command: str, *, from_stdin: bool = False
) -> None:
    """For a step that is `confirmed: yes`: as `confirm_again`; any other step needs nothing."""
    if step.confirmed:
        confirm_again(run, office, person, command, from_stdin=from_stdin)


def confirm_again(run: Run, office: Office, person: Person, command: str, *, from_stdin: bool = False) -> None:
    """The person proves once more who he is; in a practice store and in a rehearsal nothing is asked.

    To be called before the transaction of what it is for: a wrong try is counted whatever becomes of that. Raises
    Forbidden (`password.unset`, `password.needed`, `login.wrong`, `login.locked`), InputWrong.
    """
    if office.practice or run.dry_run:
        return
    require_password(office, person)
    typed = ask(run, f"{person.zh}的口令", f"password of {person.name}", command, from_stdin=from_stdin)
    prove(office, Argon2(), person.name, typed)
