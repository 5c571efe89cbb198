"""The door between the command line and the office: opens the store that the environment names, and says who acts."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime

from commands.frame import Run
from engine.clock import today
from engine.errors import FileWrong, Forbidden, InputWrong, Remedy, Stated
from engine.home import home_from, open_office
from engine.office import Office
from engine.people import Person
from engine.sessions import Session
from engine.store import Work
from workflows import guards
from workflows.signing_in import Seen, seen, session_ended

SILENCE = "silence"


@dataclass(frozen=True)
class Known:
    """Who acts (`None` where nobody is known), and by what he is known: `as`, `session` or `account`.

    A session ends at `until` if nothing more is done; `why_not` is raised where somebody is needed.
    """

    person: Person | None
    by: str | None = None
    session: Session | None = None
    why_not: Stated | None = None

    @property
    def until(self) -> datetime | None:
        return self.session.until if self.session else None


@dataclass(frozen=True)
class Desk:
    """An open transaction, the office it belongs to, and the one who acts."""

    office: Office
    work: Work
    known: Known

    @property
    def actor(self) -> Person | None:
        return self.known.person

    @property
    def who(self) -> Person:
        """The actor. Raises InputWrong or Forbidden when nobody is known to act."""
        if self.known.person is None:
            assert self.known.why_not is not None
            raise self.known.why_not
        return self.known.person


def office_here() -> Office:
    """The office on the store that the environment names. Raises StoreUnavailable, InputWrong."""
    guards.known()
    return open_office(home_from(os.environ), os.environ)


@contextmanager
def reading(run: Run, office: Office | None = None, *, tells_silence: bool = True) -> Iterator[Desk]:
    """A consistent view of the store; nothing is written.

    With `tells_silence=False` the command itself says, or makes good, what runs did not happen.
    """
    office = office or office_here()
    at_hand = _at_hand(run, office)
    with office.store.reading() as work:
        desk = _desk(run, office, work, at_hand)
        if tells_silence:
            _say_what_is_silent(run, office, work)
        yield desk


@contextmanager
def writing(run: Run, office: Office | None = None) -> Iterator[Desk]:
    """One transaction; with `--dry-run` everything is rolled back at its end."""
    office = office or office_here()
    at_hand = _at_hand(run, office)
    with office.store.writing(keep=not run.dry_run) as work:
        desk = _desk(run, office, work, at_hand)
        _say_what_is_silent(run, office, work)
        yield desk


def _at_hand(run: Run, office: Office) -> Seen | None:
    """Who signed in here last; not asked for where `--as` names somebody."""
    return seen(office) if run.actor_name is None else None


def _desk(run: Run, office: Office, work: Work, at_hand: Seen | None) -> Desk:
    office.refresh(work)
    known = _chosen(office, run.actor_name) if run.actor_name is not None else _known(office, at_hand)
    if known.person is not None:
        _say_who(run, office, known.person)
    return Desk(office, work, known)


def _say_who(run: Run, office: Office, person: Person) -> None:
    """Names the one who acts, on stderr, once in a run.

    Raises Forbidden where another acted before in this run: he may have confirmed what this one would now do.
    """
    if not run.acting:
        run.acting.append(person.name)
        if not run.as_json:
            unit = office.people.unit(person.unit).zh
            run.say(f"办理人：{person.zh}（{person.name}，{unit}）", f"acting: {person.name} ({person.unit})")
    elif run.acting != [person.name]:
        raise Forbidden(
            "actor.changed",
            f"办理中换成{person.zh}（{person.name}）登录，本次未办理",
            f"{person.name} signed in meanwhile; nothing was done",
            Remedy("重新登录后再办理", "sign in and try again", f"anjuan login {run.acting[0]}"),
        )


def _say_what_is_silent(run: Run, office: Office, work: Work) -> None:
    """Names the runs that should have happened and did not, on stderr, once in a run and never with `--json`.

    A table of holidays that cannot be read is for `doctor` to tell: it must not stop the command that mends it.
    """
    if run.as_json or SILENCE in run.remarks:
        return
    run.remarks.add(SILENCE)
    from notifications.silence import silent_runs

    with suppress(FileWrong):
        silent = silent_runs(office, work)
        if silent:
            from commands.silence_lines import say_silent

            say_silent(run, silent)


def _chosen(office: Office, name: str) -> Known:
    if not office.practice:
        raise Forbidden(
            "actor.not_chosen",
            "--as只用于练习库；正式库以登录的人员办理",
            "--as is for practice stores; in a real store the one who signed in acts",
            Remedy("请登录", "sign in", f"anjuan login {name}"),
        )
    return Known(office.people.person(name), "as")


def _known(office: Office, at_hand: Seen | None) -> Known:
    """The one who signed in, else the one to whom the account of the operating system is bound.

    After a session that has ended nobody else acts in its place without having asked for it.
    """
    day = today(office.clock)
    bound = office.people.by_account(account_here())
    if bound is not None and bound.has_left(day):
        bound = None
    if at_hand is None:
        return Known(bound, "account") if bound else Known(None, why_not=_nobody(office))
    session = at_hand.session
    signed_in = office.people.persons.get(session.name) if session else None
    if at_hand.live and signed_in is not None and not signed_in.has_left(day):
        return Known(signed_in, "session", session)
    if bound is not None and bound == signed_in:
        return Known(bound, "account")
    return Known(None, why_not=session_ended(session.name if session else None))


def _nobody(office: Office) -> Stated:
    if office.practice:
        return InputWrong(
            "actor.missing",
            "请说明以谁的身份办理：--as 姓名",
            "say who acts: --as NAME",
            Remedy("查看人员名单", "see the staff list", "anjuan staff list"),
        )
    return InputWrong(
        "actor.missing",
        "没有人登录，这个系统账户也没有绑定人员",
        "nobody has signed in, and nobody is bound to this account of the operating system",
        Remedy("请登录", "sign in", "anjuan login NAME"),
    )


def account_here() -> str:
    """The operating-system user of this process."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no user database on this machine
        return str(os.getuid()) if hasattr(os, "getuid") else "unknown"
