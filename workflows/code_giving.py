"""Who may give somebody a one-time code, and the entry that says so."""

from __future__ import annotations

from engine.book_store import append
from engine.clock import legal_day
from engine.credential_store import credential_of, give
from engine.errors import Forbidden, Holder, InputWrong, Remedy
from engine.ledger import STORE_BOOK, Said
from engine.office import Office
from engine.people import ADMINISTRATOR, Person
from engine.sessions import end_sessions_of
from engine.store import Work

HEAD = "head"


def require_may_give(office: Office, work: Work, actor: Person, person: Person) -> None:
    """Raises Forbidden unless the actor may give the person a code; InputWrong when the person has left.

    The administrator of the person's unit or of one above it may, and the head of that unit. Nobody gives one to
    himself, since it would do away with his password; but he may as long as he has no password.
    """
    today = legal_day(office.clock.now())
    if person.has_left(today):
        raise InputWrong(
            "person.left",
            f"{person.zh}（{person.name}）已于{person.left_on}离岗",
            f"{person.name} has left, the last day was {person.left_on}",
        )
    able = _able(office, person)
    if actor.name not in {holder.name for holder in able}:
        raise _forbidden(actor, person, able)
    held = credential_of(work, person.name)
    if actor.name == person.name and held is not None and not held.is_code:
        raise Forbidden(
            "code.own",
            "已有口令的，不能给自己发激活码",
            "whoever has a password cannot give himself a code",
            Remedy("可以更换口令", "change the password", "anjuan password"),
        )


def give_code(office: Office, work: Work, actor: Person, person: Person, code_hash: str) -> None:
    """Put a one-time code in the place of whatever the person proved himself with; his sessions end.

    Raises as `require_may_give` does.
    """
    require_may_give(office, work, actor, person)
    now = office.clock.now()
    give(work, person.name, code_hash, now, is_code=True)
    end_sessions_of(work, person.name)
    effects = {"act": "code", "name": person.name}
    append(work, Said(STORE_BOOK, "password", actor.name, legal_day(now).isoformat(), now, effects=effects))


def _able(office: Office, person: Person) -> tuple[Holder, ...]:
    people, today = office.people, legal_day(office.clock.now())
    administrators = people.holders(ADMINISTRATOR, person.unit, today, from_above=True)
    return (*administrators, *people.holders(HEAD, person.unit, today))


def _forbidden(actor: Person, person: Person, able: tuple[Holder, ...]) -> Forbidden:
    names = list(dict.fromkeys(holder.name for holder in able))
    remedy = Remedy(f"可以发的：{'、'.join(names)}", f"who can: {', '.join(names)}", f"anjuan staff code {person.name}")
    zh, en = f"{actor.zh}不能给{person.zh}发激活码", f"{actor.name} may not give {person.name} a one-time code"
    return Forbidden("command.forbidden", zh, en, remedy if names else None)
