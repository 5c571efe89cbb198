"""`anjuan mail`: lists the mails that were made, shows one, and sends one again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

from typer import Argument, Option

from commands import mail_why
from commands.door import Desk, office_here, reading
from commands.frame import Run, command, noun
from commands.history_lines import history_document
from commands.once import Key, once, record
from commands.output import table, wrap
from commands.words import t
from engine.casework import find_case
from engine.clock import shown_instant, today
from engine.errors import Forbidden, InputWrong, Remedy, TransitionRefused
from engine.ledger import case_book
from engine.people import Person
from notifications.mail_store import STATES, Mail, MailLine, listed, mail_of
from notifications.resending import Resent, resend

app = noun("mail", zh="邮件", en="Mails")
mail_why.hang(app)

LARGEST_ID = 2**31 - 1

MailId = Annotated[int, Argument(metavar="ID", min=1, max=LARGEST_ID, help=t("邮件编号", "number of the mail"))]

_WORDS = {
    "queued": ("待发送", "queued"),
    "retrying": ("待重发", "retrying"),
    "sent": ("已发送", "sent"),
    "suppressed": ("不再发送", "suppressed"),
    "dead": ("无法送达", "dead"),
}


@command(app, "list", zh="列出邮件，先生成的在前", en="List the mails, the oldest first")
def list_mails(
    run: Run,
    case: Annotated[str | None, Option("--case", metavar="NO", help=t("只列该案", "of that case only"))] = None,
    state: Annotated[
        str | None, Option("--state", metavar="|".join(STATES), help=t("只列该状态", "in that state only"))
    ] = None,
) -> None:
    if state is not None and state not in STATES:
        raise InputWrong(
            "mail.state",
            f"没有“{state[:40]}”这种状态",
            f"there is no state {state[:40]!r}",
            Remedy(f"可选：{'、'.join(STATES)}", f"choose one of {', '.join(STATES)}"),
        )
    with reading(run) as desk:
        reader = _reader(desk)
        if case is not None:
            find_case(desk.office, desk.work, case, reader.name if reader else None)
        lines = listed(desk.work, book=case_book(case) if case else None, state=state)
        seen = [line for line in lines if _may_see(desk, reader, line)]
    run.show([line_document(line) for line in seen], lambda: _table(seen))


@command(app, "show", zh="查看一封邮件", en="Show one mail")
def show(run: Run, mail_id: MailId) -> None:
    with reading(run) as desk:
        mail = mail_of(desk.work, mail_id)
        if not _may_see(desk, _reader(desk), mail.line):
            raise Forbidden(
                "unit.outside",
                f"第{mail_id}号邮件属于单位“{mail.line.unit}”，不在您的权限范围内",
                f"mail {mail_id} belongs to unit {mail.line.unit!r}, outside yours",
            )
    run.show(mail_document(mail), lambda: _page(mail))


@command(
    app,
    "resend",
    zh="重新发送一封邮件\n\n无法送达的，以同一标识、现在登记的邮箱再发；已发送的，另发一封并注明。由收件人、负责人或者管理员办理，"
    "下一次remind run时发出。",
    en="Send a mail again\n\nOne that was given up goes under its Message-ID to the address on record now; one that "
    "was sent goes as another that says so. By the addressee, a lead, a head or an administrator; the next remind run "
    "sends it.",
    changes=True,
)
def send_again(run: Run, mail_id: MailId, key: Key = None) -> None:
    office = office_here()

    def act(desk: Desk) -> dict[str, Any]:
        return resent_document(resend(desk.office, desk.work, mail_id, desk.who.name))

    def refused(desk: Desk, refusal: TransitionRefused) -> None:
        # Only the book of a case can say so.
        if refusal.case_no:
            record(desk, refusal)

    document = once(run, office, key, {"resend": mail_id}, act, refused)
    run.show(document, lambda: _resent(document))


def resent_document(done: Resent) -> dict[str, Any]:
    """The mail that goes out next, the one it was asked for, and the entry that says so."""
    entry = history_document(done.entry) if done.entry else None
    return {**line_document(done.mail.line), "resent": done.asked.line.id, "entry": entry}


def line_document(line: MailLine) -> dict[str, Any]:
    """A mail as the list gives it to scripts."""
    return {
        "id": line.id,
        "to": line.to_name,
        "address": line.to_address,
        "subject": line.subject,
        "kind": line.kind,
        "case_no": line.case_no,
        "unit": line.unit,
        "state": line.state,
        "sent_at": _shown(line.sent_at),
    }


def mail_document(mail: Mail) -> dict[str, Any]:
    """A whole mail as scripts read it."""
    return {
        **line_document(mail.line),
        "key": mail.line.key,
        "message_id": mail.message_id,
        "created_at": _shown(mail.created_at),
        "next_try_at": _shown(mail.next_try_at),
        "text": mail.text,
        "html": mail.html,
        "attempts": [{"at": _shown(tried.at), "answer": tried.answer} for tried in mail.attempts],
    }


def _reader(desk: Desk) -> Person | None:
    """In practice everybody may look; a real store must know who does."""
    return desk.actor if desk.office.practice else desk.who


def _may_see(desk: Desk, reader: Person | None, line: MailLine) -> bool:
    return reader is None or desk.office.people.sees(reader, line.unit, today(desk.office.clock))


def _shown(stored: str | None) -> str | None:
    return shown_instant(stored) if stored else None


def _minute(stored: str) -> str:
    return shown_instant(stored)[:16].replace("T", " ")


def _resent(done: Mapping[str, Any]) -> Iterator[str]:
    old, new = done["resent"], done["id"]
    as_what = t("以原标识", "under its own Message-ID") if old == new else t(f"作为第{new}号邮件", f"as mail {new}")
    to = f"{done['to']} <{done['address']}>"
    yield from wrap(t(f"第{old}号邮件将{as_what}重新发给{to}。", f"Mail {old} goes again {as_what}, to {to}."))
    yield t("发出：anjuan remind run", "Send it: anjuan remind run")


def _word(state: str) -> str:
    return t(*_WORDS[state])


def _table(lines: Sequence[MailLine]) -> Iterator[str]:
    if not lines:
        yield t("没有邮件。", "There are no mails.")
        return
    headers = (t("编号", "no"), t("收件人", "to"), t("状态", "state"), t("发出时间", "sent"), t("主题", "subject"))
    rows = [
        (line.id, line.to_name, _word(line.state), _minute(line.sent_at) if line.sent_at else None, line.subject)
        for line in lines
    ]
    yield from table(headers, rows)


def _page(mail: Mail) -> Iterator[str]:
    line = mail.line
    heads = (
        (t("收件人：", "To: "), f"{line.to_name} <{line.to_address}>"),
        (t("主题：", "Subject: "), line.subject),
        (t("状态：", "State: "), _word(line.state)),
        (t("标识：", "Message-ID: "), mail.message_id),
    )
    for name, value in heads:
        yield from wrap(value, indent="  ", first=name)
    if mail.next_try_at:
        yield from wrap(_minute(mail.next_try_at), indent="  ", first=t("下次重试：", "Next try: "))
    for tried in mail.attempts:
        yield from wrap(f"{_minute(tried.at)} {tried.answer}", indent="  ", first=t("投递：", "Attempt: "))
    yield ""
    yield from wrap(mail.text.rstrip("\n"))
