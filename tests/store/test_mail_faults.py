"""A run against mail servers that refuse, stall, put off and hang up: each mail arrives once or is visibly not sent."""

from __future__ import annotations

import asyncio
import os
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from test_mail_workers import MORNING, an_office_at
from test_reminding import HANDLER, LEAD, a_case, mails

from engine.store import Store
from notifications.folder_delivery import FolderDelivery
from notifications.mail_health import mail_checks
from notifications.mail_store import DEAD, RETRYING, SENT, Mail
from notifications.reminding import RunResult, run_reminders
from notifications.retrying import LEAST_TRIES
from notifications.smtp_delivery import SmtpDelivery

BAD, GOOD = "liwen@city.example", "wangfang@city.example"
HANG_UP, STALL = "hang up", "stall"


class Moody:
    """Takes every mail but those to the addresses it has a mood for: an answer, or `hang up` or `stall` after DATA."""

    def __init__(self, **moods: str) -> None:
        self.moods = {BAD: moods["bad"]} if moods else {}
        self.taken: Counter[str] = Counter()

    async def handle_RCPT(  # noqa: N802
        self, _: SMTP, __: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        mood = self.moods.get(address, "")
        return mood if mood[:3].isdigit() else "250 OK"

    async def handle_DATA(self, server: SMTP, _: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        [line] = [line for line in content.decode("ascii").splitlines() if line.startswith("Message-ID:")]
        self.taken[line.partition(" ")[2]] += 1
        mood = self.moods.get(envelope.rcpt_tos[0])
        if mood == HANG_UP:
            assert server.transport is not None
            server.transport.close()
        elif mood == STALL:
            await asyncio.sleep(60)
        return "250 taken"


@contextmanager
def serving(server: Moody) -> Iterator[SmtpDelivery]:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        with closing(SmtpDelivery(f"smtp://127.0.0.1:{port}")) as delivery:
            yield delivery
    finally:
        controller.stop()


def run_at(store: Store, minutes: float, server: Moody) -> RunResult:
    office = an_office_at(store, MORNING + timedelta(minutes=minutes))
    with serving(server) as delivery:
        return run_reminders(office, delivery)


def to(store: Store, name: str) -> Mail:
    return next(mail for mail in mails(store) if mail.line.to_name == name and mail.line.kind == "deadline")


@pytest.fixture(autouse=True)
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("notifications.smtp_delivery.TIMEOUT_SECONDS", 0.3)


@pytest.mark.parametrize("answer", ["550 no such user", "552 mailbox full for good"])
def test_a_refusal_for_good_is_a_dead_letter_with_its_answer_and_stops_nobody_else(store: Store, answer: str) -> None:
    a_case(store)

    run_at(store, 0, Moody(bad=answer))
    run_at(store, 600, Moody())

    dead = to(store, HANDLER)
    assert (dead.line.state, [one.answer for one in dead.attempts]) == (DEAD, [answer])
    assert to(store, LEAD).line.state == SENT
    with store.reading() as work:
        found = {check.id: check for check in mail_checks(work, MORNING + timedelta(days=29))}
        later = {check.id: check.ok for check in mail_checks(work, MORNING + timedelta(days=31))}
    assert not found["mail_dead"].ok
    assert f"1封（第{dead.line.id}号）" in found["mail_dead"].zh
    assert later["mail_dead"]


@pytest.mark.parametrize(("mood", "said"), [("451 later", "451 later"), (HANG_UP, ""), (STALL, "timed out")])
def test_what_is_put_off_goes_when_its_time_comes_under_the_same_message_id(store: Store, mood: str, said: str) -> None:
    a_case(store)
    moody, healthy = Moody(bad=mood), Moody()

    run_at(store, 0, moody)
    waiting = to(store, HANDLER)
    too_early = run_at(store, 0.5, healthy)
    taken_early = dict(healthy.taken)
    run_at(store, 1, healthy)

    assert waiting.line.state == RETRYING
    assert said in waiting.attempts[0].answer
    assert too_early.waiting >= 1
    assert waiting.message_id not in taken_early
    after = to(store, HANDLER)
    assert (after.line.state, after.message_id) == (SENT, waiting.message_id)
    assert healthy.taken[waiting.message_id] == 1
    # Where the server took it and then hung up nobody could know: the second has the same Message-ID.
    assert moody.taken[waiting.message_id] == (0 if mood.startswith("451") else 1)
    assert to(store, LEAD).line.state == SENT
    assert (moody.taken + healthy.taken)[to(store, LEAD).message_id] == 1


def test_an_outage_of_48_hours_ends_in_a_dead_letter_with_the_last_answer(store: Store) -> None:
    a_case(store)
    with store.writing() as work:  # the next reminder, which would take its place
        work.connection.exec_driver_sql("UPDATE agenda SET send_on = '2018-09-11' WHERE rung_days = 3")
    minutes = [0, 1, 3, 7, 15, 31, 63, 47 * 60 + 40]
    for minute in minutes:
        run_at(store, minute, Moody(bad="451 down"))
    hours_47 = to(store, HANDLER).line.state
    with store.reading() as work:
        checks = {check.id: check.ok for check in mail_checks(work, MORNING + timedelta(hours=47))}
    result = run_at(store, 48 * 60 + 40, Moody(bad="451 still down"))

    dead = to(store, HANDLER)
    assert (hours_47, dead.line.state) == (RETRYING, DEAD)
    assert len(dead.attempts) == len(minutes) + 1 >= LEAST_TRIES
    assert "48小时内" in dead.attempts[-1].answer
    assert "451 still down" in dead.attempts[-1].answer
    assert result.failed >= 1
    assert not checks["mail_retrying"]


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example\r\nBcc: victim@x.example",
        '"; DROP TABLE mail"@x.example',
        "𠮷野@x.example",
        "a" * 300 + "@x.example",
        "two@x.example, three@x.example",
        "",
    ],
)
def test_a_hostile_address_is_a_dead_letter_and_nothing_else(store: Store, address: str) -> None:
    case_no = a_case(store)
    with store.writing() as work:
        quoted = address.replace("'", "''").replace("%", "%%")
        work.connection.exec_driver_sql(f"UPDATE staff SET email = '{quoted}' WHERE name = '{HANDLER}'")
    healthy = Moody()

    run_at(store, 0, healthy)

    assert to(store, HANDLER).line.state == DEAD
    assert to(store, LEAD).line.state == SENT
    assert to(store, HANDLER).message_id not in healthy.taken
    assert case_no in to(store, LEAD).line.subject


@pytest.mark.parametrize(
    "name", ["李\r\nBcc: victim@x.example", '"李文" <other@x.example>', "𠮷野家", "长" * 300, "=?utf-8?b?5p2O?="]
)
def test_a_hostile_name_goes_as_text(store: Store, name: str) -> None:
    a_case(store)
    with store.writing() as work:
        values = {"name": name, "who": HANDLER}
        work.connection.exec_driver_sql(
            "UPDATE staff SET zh = ? WHERE name = ?"
            if store.dialect == "sqlite"
            else "UPDATE staff SET zh = %(name)s WHERE name = %(who)s",
            (name, HANDLER) if store.dialect == "sqlite" else values,
        )
    healthy = Moody()

    run_at(store, 0, healthy)

    assert to(store, HANDLER).line.state == SENT
    assert healthy.taken[to(store, HANDLER).message_id] == 1


def test_a_folder_that_cannot_be_written_whole_holds_no_half_mail(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_case(store)
    folder = tmp_path / "mail"

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        run_reminders(an_office_at(store, MORNING), FolderDelivery(folder))
        assert list(folder.iterdir()) == []
    assert {mail.line.state for mail in mails(store)} == {RETRYING}
    run_reminders(an_office_at(store, MORNING + timedelta(minutes=1)), FolderDelivery(folder))

    assert {mail.line.state for mail in mails(store)} == {SENT}
    assert len(list(folder.glob("*.eml"))) == len(list(folder.iterdir())) == len(mails(store))
