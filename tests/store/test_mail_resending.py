"""A dead mail is tried again under its Message-ID, a sent one goes again as another that says so; who may do it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from test_mail_workers import MORNING, an_office_at
from test_reminding import (
    CITY,
    COUNTY_HEAD,
    HANDLER,
    LEAD,
    NAMELESS,
    SECOND_RUNG,
    Post,
    a_case,
    finish,
    mails,
    run,
)

from engine.book_store import entries_of
from engine.errors import Forbidden, NotFound, TransitionRefused
from engine.ledger import case_book, first_damage
from engine.store import Store
from notifications.delivery import DeliveryDelayed, DeliveryFailed
from notifications.mail_store import DEAD, QUEUED, RETRYING, SENT, SUPPRESSED, Mail, mail_of
from notifications.reminding import run_reminders
from notifications.resending import Resent, resend

UNKNOWN: dict[str, Exception] = {"liwen@city.example": DeliveryFailed("550 unknown", "查无此人", "nobody there")}
LATER: dict[str, Exception] = {"liwen@city.example": DeliveryDelayed("451 later", "稍后再试", "try later")}


def sent_at(store: Store, instant: datetime, post: Any) -> None:
    run_reminders(an_office_at(store, instant), post)


def to_handler(store: Store) -> Mail:
    return next(mail for mail in mails(store) if mail.line.to_name == HANDLER and mail.line.kind == "deadline")


def again(store: Store, mail_id: int, actor: str, at: datetime = MORNING) -> Resent:
    office = an_office_at(store, at)
    with store.writing() as work:
        return resend(office, work, mail_id, actor)


def refused(store: Store, mail_id: int, actor: str, at: datetime = MORNING) -> list[str]:
    with pytest.raises(TransitionRefused) as caught:
        again(store, mail_id, actor, at)
    return [refusal.code for refusal in caught.value.refusals]


def test_a_dead_mail_goes_under_its_message_id_to_the_address_of_today(store: Store) -> None:
    case_no = a_case(store)
    sent_at(store, MORNING, Post(UNKNOWN))
    dead = to_handler(store)
    with store.writing() as work:
        work.connection.exec_driver_sql("UPDATE staff SET email = 'new@city.example' WHERE name = 'remind_handler'")

    done = again(store, dead.line.id, LEAD)
    post = Post()
    sent_at(store, MORNING, post)

    assert dead.line.state == DEAD
    assert (done.mail.line.state, done.mail.line.id) == (QUEUED, dead.line.id)
    [message] = post.accepted
    assert (str(message["Message-ID"]), post.readers) == (dead.message_id, ["new@city.example"])
    after = to_handler(store)
    assert [one.answer for one in after.attempts][::2] == ["550 unknown", "250 kept"]
    assert LEAD in after.attempts[1].answer
    with store.reading() as work:
        entries = entries_of(work, case_book(case_no))
    assert (entries[-1].kind, entries[-1].actor) == ("mail", LEAD)
    assert entries[-1].said()["effects"]["again"] == {"mail": dead.line.id, "as": dead.line.id}
    assert first_damage(case_book(case_no), entries) is None


def test_the_48_hours_begin_anew_where_a_mail_is_opened_again(store: Store) -> None:
    a_case(store)
    sent_at(store, MORNING, Post(UNKNOWN))
    dead = to_handler(store)
    again(store, dead.line.id, HANDLER, MORNING + timedelta(hours=10))

    sent_at(store, MORNING + timedelta(hours=10), Post(LATER))

    after = to_handler(store)
    assert (after.line.state, after.tries) == (RETRYING, 1)
    assert datetime.fromisoformat(after.since) == MORNING + timedelta(hours=10)


def test_a_sent_mail_goes_again_as_another_that_says_so(store: Store) -> None:
    case_no = a_case(store)
    sent_at(store, MORNING, Post())
    first = to_handler(store)

    second = again(store, first.line.id, HANDLER, MORNING + timedelta(hours=1)).mail
    post = Post()
    sent_at(store, MORNING + timedelta(hours=1), post)
    third = again(store, second.line.id, LEAD, MORNING + timedelta(hours=2)).mail

    [message] = post.accepted
    assert str(message["Message-ID"]) == second.message_id != first.message_id
    assert second.line.subject == f"重新发送：{first.line.subject}" == third.line.subject
    assert "应李文的要求重新发送；原邮件发于2018-09-05 08:00" in second.text
    assert "应李文的要求重新发送" in second.html
    assert len({first.message_id, second.message_id, third.message_id}) == 3
    assert third.line.id != second.line.id
    with store.reading() as work:
        kinds = [entry.kind for entry in entries_of(work, case_book(case_no))]
    assert kinds == ["open", "mail", "mail", "mail"]


def test_what_is_being_sent_again_is_not_sent_a_third_time(store: Store) -> None:
    a_case(store)
    sent_at(store, MORNING, Post())
    first = to_handler(store)
    again(store, first.line.id, HANDLER)

    assert refused(store, first.line.id, LEAD) == ["mail.resent_already"]


def test_a_mail_on_its_way_or_held_back_is_not_sent_again(store: Store) -> None:
    case_no = a_case(store)
    sent_at(store, MORNING, Post(LATER))
    waiting = to_handler(store)
    on_its_way = refused(store, waiting.line.id, HANDLER)
    finish(store, case_no, MORNING.date())
    run(store, MORNING.date(), Post())

    assert to_handler(store).line.state == SUPPRESSED
    assert on_its_way == refused(store, waiting.line.id, HANDLER, MORNING + timedelta(hours=15)) == ["mail.not_over"]


def test_a_mail_that_is_no_longer_true_is_not_sent_again(store: Store) -> None:
    case_no = a_case(store)
    sent_at(store, MORNING, Post())
    finish(store, case_no, date(2018, 9, 6))

    assert refused(store, to_handler(store).line.id, HANDLER, MORNING + timedelta(days=2)) == ["mail.untrue"]


def test_an_earlier_reminder_is_not_sent_again_after_the_next(store: Store) -> None:
    a_case(store)
    sent_at(store, MORNING, Post())
    first = to_handler(store)
    run(store, SECOND_RUNG, Post())

    assert refused(store, first.line.id, HANDLER, MORNING + timedelta(days=3)) == ["mail.untrue"]


def test_to_nobody_s_address_nothing_is_sent(store: Store) -> None:
    a_case(store)
    sent_at(store, MORNING, Post(UNKNOWN))
    with store.writing() as work:
        work.connection.exec_driver_sql("UPDATE staff SET email = 'a@b\r\nBcc: x@y' WHERE name = 'remind_handler'")

    assert refused(store, to_handler(store).line.id, LEAD) == ["address.invalid"]


def test_who_may_is_the_addressee_or_somebody_in_charge(store: Store) -> None:
    a_case(store)
    sent_at(store, MORNING, Post())
    mail_id = to_handler(store).line.id

    assert refused(store, mail_id, NAMELESS) == ["role.missing"]
    with pytest.raises(Forbidden, match=CITY):
        again(store, mail_id, COUNTY_HEAD)
    with pytest.raises(NotFound):
        again(store, 999, LEAD)
    with store.reading() as work:
        assert mail_of(work, mail_id).line.state == SENT
