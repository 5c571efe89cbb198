"""The door between the command line and the office: opens the store that the environment names, and says who acts."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from commands.frame import Run
from engine.errors import Forbidden, InputWrong, Remedy
from engine.home import home_from, open_office
from engine.office import Office
from engine.people import Person
from engine.store import Work
from workflows import guards


@dataclass(frozen=True)
class Desk:
    """An open transaction, the office it belongs to, and the one who acts (`None` where nobody is known)."""

    office: Office
    work: Work
    actor: Person | None

    @property
    def who(self) -> Person:
        """The actor. Raises InputWrong when nobody is known to act."""
        if self.actor is None:
            raise InputWrong(
                "actor.missing",
                "请说明以谁的身份办理：--as 姓名",
                "say who acts: --as NAME",
                Remedy("查看人员名单", "see the staff list", "anjuan staff list"),
            )
        return self.actor


def office_here() -> Office:
    """The office on the store that the environment names. Raises StoreUnavailable, InputWrong."""
    guards.known()
    return open_office(home_from(os.environ), os.environ)


@contextmanager
def reading(run: Run, office: Office | None = None) -> Iterator[Desk]:
    """A consistent view of the store; nothing is written."""
    office = office or office_here()
    with office.store.reading() as work:
        yield _desk(run, office, work)


@contextmanager
def writing(run: Run, office: Office | None = None) -> Iterator[Desk]:
    """One transaction; with `--dry-run` everything is rolled back at its end."""
    office = office or office_here()
    with office.store.writing(keep=not run.dry_run) as work:
        yield _desk(run, office, work)


def _desk(run: Run, office: Office, work: Work) -> Desk:
    office.refresh(work)
    return Desk(office, work, _actor(run, office))


def _actor(run: Run, office: Office) -> Person | None:
    if run.actor_name is None:
        return office.people.by_account(account_here())
    if not office.practice:
        raise Forbidden(
            "actor.not_chosen",
            "--as只用于练习库；正式库以登录的账户办理",
            "--as is for practice stores; in a real store the account signed in acts",
        )
    return office.people.person(run.actor_name)


def account_here() -> str:
    """The operating-system user of this process."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no user database on this machine
        return str(os.getuid()) if hasattr(os, "getuid") else "unknown"
