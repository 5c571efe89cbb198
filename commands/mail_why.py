"""`anjuan mail why`: what became of every reminder of a case or a campaign for one person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

from typer import Argument, Typer

from commands.door import Desk, reading
from commands.frame import Run, command
from commands.output import table, wrap
from commands.words import t
from engine.casework import find_case
from engine.errors import NotFound
from engine.ledger import campaign_book, case_book
from engine.obligations import obligations_of
from engine.people import Person
from notifications.rung_fates import NOT_HIS, Fate, fates_of

# What the dates of a case or campaign are called, by their ids.
Names = Mapping[str, tuple[str, str]]
WORDS = {
    "planned": ("待发", "planned"),
    "not_his": ("非本人", "not his"),
    "muted": ("已关闭", "muted"),
    "queued": ("待发送", "queued"),
    "retrying": ("待重发", "retrying"),
    "sent": ("已发送", "sent"),
    "suppressed": ("不发送", "suppressed"),
    "dead": ("无法送达", "dead"),
}


def hang(app: Typer) -> None:
    """Makes it a command of the noun."""
    command(
        app,
        "why",
        zh="说明每次提醒对某人的结果\n\n案件或者专项行动的每一次提醒：何时发给他，为何没有发给他。",
        en="Say what became of every reminder for somebody\n\nOf a case or a campaign: when it went or will go to him, "
        "or why not.",
    )(why)


def why(
    run: Run,
    subject: Annotated[str, Argument(metavar="NO", help=t("案号或者专项行动", "case number or campaign"))],
    name: Annotated[str, Argument(metavar="PERSON", help=t("人员代号", "whose mails"))],
) -> None:
    """Of a campaign, only what is, or was, for him and what concerns his own unit."""
    with reading(run) as desk:
        reader = desk.actor if desk.office.practice else desk.who
        person = desk.office.people.person(name)
        book, names = _book(desk, subject, reader)
        fates = fates_of(desk.office, desk.work, book, person)
        if book == campaign_book(subject):
            fates = tuple(one for one in fates if one.state != NOT_HIS or one.rung.unit == person.unit)
    run.show([fate_document(one) for one in fates], lambda: _lines(subject, person, fates, names))


def fate_document(fate: Fate) -> dict[str, Any]:
    """A reminder and what became of it, as scripts read it."""
    rung = fate.rung
    return {
        "rung": rung.rung_days,
        "subject": rung.subject,
        "unit": rung.unit,
        "send_on": rung.send_on.isoformat(),
        "due_on": rung.due_on.isoformat(),
        "state": fate.state,
        "why": fate.why.kept,
        "zh": fate.why.zh,
        "en": fate.why.en,
        "mail": fate.mail_id,
    }


def _book(desk: Desk, subject: str, reader: Person | None) -> tuple[str, Names]:
    """The book of the case, else of the campaign, and what its dates are called. Raises NotFound, Forbidden."""
    try:
        case = find_case(desk.office, desk.work, subject, reader.name if reader else None)
    except NotFound:
        plan = desk.office.campaigns().get(subject)
        if plan is None:
            raise
        owed = obligations_of(plan, desk.office.law.calendar)
        return campaign_book(subject), {one.id: (one.zh, one.en) for one in owed}
    return case_book(subject), {d.id: (d.terms.zh, d.terms.en) for d in case.deadlines.values()}


def _lines(subject: str, person: Person, fates: Sequence[Fate], names: Names) -> Iterator[str]:
    if not fates:
        yield from wrap(
            t(f"{subject}没有要提醒{person.zh}的事。", f"{subject} has nothing to remind {person.name} of.")
        )
        return
    yield from wrap(t(f"{subject}对{person.zh}（{person.name}）的提醒：", f"Reminders of {subject} for {person.name}:"))
    headers = (
        t("日期", "day"),
        t("事项", "of"),
        t("期限", "due"),
        t("提醒档", "rung"),
        t("结果", "state"),
        t("说明", "why"),
    )
    rows = [
        (
            one.rung.send_on.isoformat(),
            t(*names.get(one.rung.subject, (one.rung.subject,) * 2)),
            one.rung.due_on.isoformat(),
            _rung(one.rung.rung_days),
            t(*WORDS[one.state]),
            t(one.why.zh, one.why.en),
        )
        for one in fates
    ]
    yield from table(headers, rows)


def _rung(number: int) -> str:
    if number == 0:
        return t("当日", "that day")
    return t(f"前{number}天", f"{number} d before") if number > 0 else t(f"逾期第{-number}日", f"{-number} d after")
