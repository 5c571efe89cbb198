"""Opens a mail again that was given up, or sends one again that had arrived, when somebody who may asks for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from html import escape

import sqlalchemy as sa

from engine.agenda import AGENDA
from engine.casework import add_entry, find_case
from engine.clock import shown_instant, stored_instant, today
from engine.errors import Forbidden, Holder, InputWrong, Refusal, Remedy, TransitionRefused
from engine.jobs import queue_of
from engine.ledger import Entry
from engine.office import Office
from engine.people import ADMINISTRATOR, Person
from engine.settings import STORE_ID, setting
from engine.store import Statement, Work
from notifications.dispatching import untrue_now
from notifications.mail_store import (
    DEAD,
    MAIL,
    OPEN_STATES,
    QUEUED,
    RETRYING,
    SENT,
    Draft,
    Mail,
    Tried,
    again_key,
    attempts_text,
    insert,
    mail_job,
    mail_of,
    number_of,
)
from notifications.message import checked_address, message_id_of
from notifications.plain_text import one_line

# Beside the one it is addressed to: whoever leads the unit, and whoever looks after the store.
MAY = ("lead", "head", ADMINISTRATOR)
STEP, STEP_ZH, STEP_EN = "resend", "重新发送邮件", "send a mail again"


@dataclass(frozen=True)
class Resent:
    """The mail that goes out in the next run, the one it was asked for, and the entry in the book of the case.

    They are the same mail where one that was given up is tried again. A mail about no case has no entry: who asked
    stands with its attempts.
    """

    asked: Mail
    mail: Mail
    entry: Entry | None


def resend(office: Office, work: Work, mail_id: int, actor_name: str) -> Resent:
    """Queue a dead mail again under its Message-ID, or make a new one of a sent mail that says it is sent again.

    It goes to the address that is on record now. Raises NotFound, Forbidden outside the actor's units and
    TransitionRefused with every reason.
    """
    mail, actor = mail_of(work, mail_id), office.people.person(actor_name)
    _require_sight(office, mail, actor)
    refusals = tuple(_refusals(office, work, mail, actor))
    if refusals:
        raise TransitionRefused(mail.line.case_no or "", STEP, refusals, (), STEP_ZH, STEP_EN)
    now = office.clock.now()
    if mail.line.state == DEAD:
        _reopen(work, mail, _address(office, mail), actor, now)
        going = mail
    else:
        going = mail_of(work, _made_again(office, work, mail, actor, now))
    return Resent(mail, mail_of(work, going.line.id), _recorded(office, work, mail, going, actor))


def _require_sight(office: Office, mail: Mail, actor: Person) -> None:
    if actor.name == mail.line.to_name or office.people.sees(actor, mail.line.unit, today(office.clock)):
        return
    raise Forbidden(
        "unit.outside",
        f"第{mail.line.id}号邮件属于单位“{mail.line.unit}”，不在您的权限范围内",
        f"mail {mail.line.id} belongs to unit {mail.line.unit!r}, outside yours",
    )


def _refusals(office: Office, work: Work, mail: Mail, actor: Person) -> Iterator[Refusal]:
    yield from _about_the_actor(office, mail, actor)
    if mail.line.state not in (DEAD, SENT):
        yield _not_over(mail)
        return
    address = _address(office, mail)
    try:
        checked_address(address)
    except InputWrong as wrong:
        yield Refusal(
            "address.invalid",
            f"{mail.line.to_name}没有可用的电子邮件地址：{wrong.zh}",
            f"{mail.line.to_name} has no mail address that can be used: {wrong.en}",
            facts={"person": mail.line.to_name},
        )
    untrue = untrue_now(office, work, mail)
    if untrue:
        remedy = Remedy("查看邮件清单", "list the mails", "anjuan mail list")
        zh, en = f"邮件所说已不成立：{untrue.zh}", f"what it says no longer holds: {untrue.en}"
        yield Refusal("mail.untrue", zh, en, remedy=remedy)
    last = _last_again(work, mail) if mail.line.state == SENT else None
    if last is not None and last.line.state in OPEN_STATES:
        yield Refusal(
            "mail.resent_already",
            f"已重新发送，第{last.line.id}号邮件尚待发出",
            f"it is being sent again already, as mail {last.line.id}",
            facts={"mail": last.line.id},
            remedy=Remedy("发出待发邮件", "send what waits", "anjuan remind run"),
        )


def _about_the_actor(office: Office, mail: Mail, actor: Person) -> Iterator[Refusal]:
    people, on, unit = office.people, today(office.clock), mail.line.unit
    if actor.name == mail.line.to_name or any(people.holds(actor, role, unit, on, from_above=True) for role in MAY):
        return
    leading = [holder for role in MAY for holder in people.holders(role, unit, on, from_above=True)]
    addressee = people.persons.get(mail.line.to_name)
    who_can = (*([Holder(addressee.name, "addressee", addressee.zh)] if addressee else []), *leading)
    names = list(dict.fromkeys(holder.name for holder in who_can))
    yield Refusal(
        "role.missing",
        f"应由收件人、承办机构或者机关的负责人或者管理员办理，{actor.zh}不能办理",
        f"this is for the addressee, a lead, a head or an administrator; {actor.name} is none of them",
        facts={"roles": list(MAY), "actor": actor.name, "unit": unit},
        remedy=Remedy(f"请{'、'.join(names) or '无'}办理", f"ask {', '.join(names) or 'nobody at present'}"),
        who_can=who_can,
    )


def _not_over(mail: Mail) -> Refusal:
    """Why a mail that is still on its way, or that was held back, is not sent again."""
    remedy = Remedy("发出待发邮件", "send what waits", "anjuan remind run")
    if mail.line.state in OPEN_STATES:
        at = shown_instant(mail.next_try_at) if mail.line.state == RETRYING and mail.next_try_at else None
        zh = f"邮件尚待发出，{at}后重试" if at else "邮件尚待发出"
        en = f"the mail is still on its way, to be tried again after {at}" if at else "the mail is still on its way"
    else:
        why = mail.attempts[-1].answer if mail.attempts else mail.line.state
        zh, en = f"邮件当时不需发送：{why}", f"the mail was not to be sent: {why}"
        remedy = Remedy("查看该邮件", "look at the mail", f"anjuan mail show {mail.line.id}")
    return Refusal("mail.not_over", zh, en, facts={"state": mail.line.state}, remedy=remedy)


def _address(office: Office, mail: Mail) -> str:
    """The address on record now: a dead mail often died of the old one."""
    person = office.people.persons.get(mail.line.to_name)
    return person.email if person is not None else ""


def _reopen(work: Work, mail: Mail, address: str, actor: Person, now: datetime) -> None:
    asked = Tried(stored_instant(now), f"由{actor.name}重新发送 / sent again by {actor.name}", reopened=True)
    values = {"mail_id": mail.line.id, "address": address, "attempts": attempts_text((*mail.attempts, asked))}
    work.run(_REOPEN, values)
    queue_of(work.store).put(work, [mail_job(mail.line.id)])


def _made_again(office: Office, work: Work, mail: Mail, actor: Person, now: datetime) -> int:
    """A new mail of the same text, with a line before it, under a key of its own; its number."""
    line, on = mail.line, today(office.clock)
    last = _last_again(work, mail)
    number = int(last.line.key.partition(":")[0].partition(".")[2]) + 1 if last else 1
    key = again_key(mail.line, number)
    first_sent = shown_instant(line.sent_at)[:16].replace("T", " ") if line.sent_at else ""
    zh = f"本邮件应{one_line(actor.zh)}的要求重新发送；原邮件发于{first_sent}，所述天数以当日为准。"
    en = f"Sent again because {actor.name} asked for it; first sent on {first_sent}, whose days it counts."
    rung = mail.rung
    days = {name: getattr(rung, name).isoformat() for name in ("due_on", "safe_on", "send_on")}
    work.run(_ADD_AGAIN, {**rung._asdict(), **days, "key": key, "state": "mailed", "why": None})
    draft = Draft(
        key=key,
        kind=line.kind,
        book=line.book,
        to_name=line.to_name,
        to_address=_address(office, mail),
        message_id=message_id_of(f"{setting(work, STORE_ID)}:{key}:{line.to_name}", on),
        subject=_PREFIX.sub("", line.subject).join((f"{_AGAIN_ZH}：", "")),
        text=f"{zh}\n{en}\n\n{mail.text}",
        html=_with_a_line(mail.html, zh, en),
    )
    insert(work, (draft,), now)
    new = number_of(work, key, line.to_name)
    assert new is not None
    return new


def _last_again(work: Work, mail: Mail) -> Mail | None:
    """The mail that was made when this one, or the one it goes back to, was last sent again."""
    found, number = None, 1
    while (mail_id := number_of(work, again_key(mail.line, number), mail.line.to_name)) is not None:
        found, number = mail_id, number + 1
    return mail_of(work, found) if found is not None else None


def _with_a_line(html: str, zh: str, en: str) -> str:
    """The page with these lines as its first."""
    said = f'<p style="color:#555555;font-size:13px">{escape(zh)}<br>{escape(en)}</p>\n'
    return _MAIN.sub(lambda found: found.group(0) + "\n" + said, html, count=1)


def _recorded(office: Office, work: Work, asked: Mail, going: Mail, actor: Person) -> Entry | None:
    if asked.line.case_no is None:
        return None
    case = find_case(office, work, asked.line.case_no, None)
    effects = {
        "rung": asked.rung.key,
        "to": [going.line.to_name],
        "message_ids": [going.message_id],
        "unreachable": [],
        "again": {"mail": asked.line.id, "as": going.line.id},
    }
    return add_entry(office, work, case, actor.name, "mail", effects, None)


_AGAIN_ZH = "重新发送"
_PREFIX = re.compile(f"^{_AGAIN_ZH}：")
_MAIN = re.compile(r"<main[^>]*>")

_REOPEN = Statement(
    lambda _: (
        sa.update(MAIL)
        .where(MAIL.c.id == sa.bindparam("mail_id"))
        .values(
            state=sa.literal(QUEUED),
            to_address=sa.bindparam("address"),
            attempts=sa.bindparam("attempts"),
            next_try_at=None,
        )
    )
)
_ADD_AGAIN = Statement(lambda _: sa.insert(AGENDA).values({c.name: sa.bindparam(c.name) for c in AGENDA.columns}))
