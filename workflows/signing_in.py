"""Who sits here: signing in and out on a PC that several people share, and proving it once more before a decision."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from engine import credential_store, sessions
from engine.book_store import append
from engine.clock import SHANGHAI, legal_day
from engine.credential_store import count_try, credential_of, forget_tries
from engine.credentials import LOCKED_FOR, MOST_FAILURES, Credential, new_password, plain_code, plain_password
from engine.errors import AnjuanError, CaseChangedMeanwhile, Forbidden, Remedy
from engine.ledger import STORE_BOOK, Said
from engine.office import Office
from engine.password_hashing import Hasher
from engine.people import Person
from engine.sessions import Session, begin_session, end_session, end_sessions_of, move_on, session_of
from engine.settings import STORE_ID, setting
from engine.store import Work
from engine.token_files import forget_token, keep_token, read_token, token_file

# So often an entry of the store's book is tried where others write into it at the same moment.
TIMES = 5


@dataclass(frozen=True)
class Seen:
    """What the token of this account of the operating system says: whose session, and whether it still holds.

    Without a session where the store does not know the token.
    """

    session: Session | None
    live: bool


def seen(office: Office) -> Seen | None:
    """Who signed in last here, counted as being at work now; `None` where nobody did. Raises StoreUnavailable."""
    now = office.clock.now()
    with office.store.reading() as work:
        token = read_token(_file(work))
        session = session_of(work, sessions.token_hash(token)) if token is not None else None
    if token is None:
        return None
    if session is None or not session.is_live(now):
        return Seen(session, live=False)
    if session.is_to_be_moved_on(now):
        # What somebody came to do does not fail because this could not be noted.
        with suppress(AnjuanError), office.store.writing() as work:
            move_on(work, session, now)
        session = replace(session, last_at=now)
    return Seen(session, live=True)


def prove(office: Office, hasher: Hasher, name: str, secret: str, *, as_code: bool = False) -> Credential:
    """What the secret proves: the password or the one-time code (`as_code`: nothing but a code) of that name.

    Raises InputWrong, and Forbidden: `login.wrong`, whether or not there is somebody of that name, and `login.locked`.
    """
    password = plain_password(secret)
    now = office.clock.now()
    with office.store.writing() as work:
        office.refresh(work)
        counted = count_try(work, name, now)
        held = credential_of(work, name)
    person = office.people.persons.get(name)
    if held is not None and not counted:
        raise _locked(held)
    if held is None or person is None or person.has_left(legal_day(now)) or (as_code and not held.is_code):
        hasher.hash(password)  # takes as long as a look at a hash would
        raise _wrong()
    proving = plain_code(secret) if held.is_code else password
    if not hasher.proves(held.hash, proving):
        if held.locked_until is not None:
            _enter_lock(office, held, now)
        raise _wrong()
    hash_ = hasher.hash(proving) if hasher.is_outdated(held.hash) else held.hash
    with office.store.writing() as work:
        if not forget_tries(work, held, hash_):
            raise _wrong()
    return Credential(name, hash_, held.is_code)


def sign_in(office: Office, hasher: Hasher, proved: Credential, chosen: str | None, *, keep: bool = True) -> Session:
    """Begin a session of the one who proved himself, and leave its token with this account.

    A one-time code is used up by it: `chosen` is the password that takes its place. With `keep=False` only shows
    that it could be done. Raises InputWrong, Forbidden, StoreUnavailable.
    """
    person = office.people.person(proved.name)
    hash_ = hasher.hash(new_password(chosen, person)) if chosen is not None else None
    now, token = office.clock.now(), sessions.new_token()
    with office.store.writing(keep=keep) as work:
        if hash_ is not None:
            _replace(office, work, proved, hash_, now)
        file = _file(work)
        before = read_token(file)
        if before is not None:
            end_session(work, sessions.token_hash(before))
        session = begin_session(work, token, person.name, now)
        if keep:
            keep_token(file, token)
    return session


def sign_out(office: Office, *, keep: bool = True) -> Session | None:
    """End the session of this account, also one that has ended by itself; `None` where there was none."""
    with office.store.writing(keep=keep) as work:
        office.refresh(work)
        file = _file(work)
        token = read_token(file)
        session = session_of(work, sessions.token_hash(token)) if token is not None else None
        if session is not None:
            end_session(work, session.token_hash)
        if keep:
            forget_token(file)
    return session


def change_password(
    office: Office, hasher: Hasher, proved: Credential, chosen: str, own: Session | None, *, keep: bool = True
) -> None:
    """Put a new password in the place of the one that was proved; every session of his but `own` ends.

    Raises InputWrong, Forbidden.
    """
    hash_ = hasher.hash(new_password(chosen, office.people.person(proved.name)))
    with office.store.writing(keep=keep) as work:
        _replace(office, work, proved, hash_, office.clock.now(), but=own.token_hash if own else "")


def require_password(office: Office, person: Person) -> None:
    """Raises Forbidden (`password.unset`) where he has none to be asked for: nothing yet, or only a one-time code."""
    with office.store.reading() as work:
        held = credential_of(work, person.name)
    if held is not None and not held.is_code:
        return
    code = Remedy(
        "请管理员或者本单位机关负责人发给激活码",
        "ask the administrator or the head of your unit for a one-time code",
        f"anjuan staff code {person.name}",
    )
    first = Remedy(
        "先用激活码登录并设定口令",
        "sign in with your one-time code and choose one",
        f"anjuan login {person.name} --code CODE",
    )
    raise Forbidden(
        "password.unset",
        f"{person.zh}（{person.name}）还没有设定口令，须输入口令的事项不能办理",
        f"{person.name} has no password yet and cannot do what asks for one",
        first if held is not None else code,
    )


def session_ended(name: str | None) -> Forbidden:
    """Whoever signed in here last has been away too long, or the store does not know the session any more."""
    minutes = int(sessions.IDLE.total_seconds()) // 60
    return Forbidden(
        "session.ended",
        f"登录已失效（{minutes}分钟没有操作，或者已在别处退出、更换口令）",
        f"the session has ended: idle for {minutes} minutes, signed out, or the password was replaced",
        Remedy("请重新登录", "sign in again", f"anjuan login {name or 'NAME'}"),
    )


def _file(work: Work) -> Path | None:
    return token_file(setting(work, STORE_ID) or "")


def _replace(office: Office, work: Work, proved: Credential, hash_: str, now: datetime, *, but: str = "") -> None:
    if not credential_store.replace(work, proved, hash_, now):
        raise _wrong()  # the code was used, or the password changed, since it was proved
    end_sessions_of(work, proved.name, but=but)
    effects = {"act": "set", "name": proved.name}
    append(work, Said(STORE_BOOK, "password", proved.name, legal_day(now).isoformat(), now, effects=effects))


def _enter_lock(office: Office, held: Credential, now: datetime) -> None:
    effects = {"act": "locked", "name": held.name, "failed": held.failed, "until": _until(held).isoformat()}
    said = Said(STORE_BOOK, "login", held.name, legal_day(now).isoformat(), now, effects=effects)
    for _ in range(TIMES):
        # Others may write into the book at the same moment; that the tries are locked does not depend on it.
        with suppress(CaseChangedMeanwhile), office.store.writing() as work:
            append(work, said)
            break


def _until(locked: Credential) -> datetime:
    until = locked.locked_until
    assert until is not None
    return until.astimezone(SHANGHAI)


def _wrong() -> Forbidden:
    return Forbidden(
        "login.wrong",
        "代号、口令或者激活码不对",
        "the name, the password or the code is wrong",
        Remedy(
            f"再试一次；连续{MOST_FAILURES}次不对，须等{_MINUTES}分钟。忘记口令的，请管理员或者本单位机关负责人另发激活码",
            f"try again; after {MOST_FAILURES} wrong tries in a row each costs {_MINUTES} minutes. Who forgot it asks "
            "the administrator or the head of the unit for a one-time code",
            "anjuan staff code NAME",
        ),
    )


def _locked(held: Credential) -> Forbidden:
    until = _until(held).strftime("%Y-%m-%d %H:%M:%S")
    return Forbidden(
        "login.locked",
        f"口令连续{held.failed}次不对，{until}以后才可以再试",
        f"{held.failed} wrong tries in a row: the next one is taken after {until}",
        Remedy(
            "届时再试，或者请管理员、本单位机关负责人另发激活码",
            "try again then, or ask the administrator or the head of the unit for a one-time code",
            f"anjuan staff code {held.name}",
        ),
    )


_MINUTES = int(LOCKED_FOR.total_seconds()) // 60
