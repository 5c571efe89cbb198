"""Reminders before the last day of a certificate: planned with it, to whom, once, and only while they are true."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from test_reminding import Post, address_of

from engine.agenda import AGENDA, due_rungs
from engine.clock import StandingClock, end_of_day
from engine.ladders import CERTIFICATE
from engine.office import Office
from engine.people import Certificate, Person
from notifications.delivery import DeliveryDelayed
from notifications.mail_store import listed, mail_of
from notifications.reminding import RunResult, run_reminders
from workflows.departures import leave
from workflows.staff_certificates import record_certificate
from workflows.staffing import take_on

# Ends on a Monday. 60 days before is Thursday 2018-11-01, 30 before Saturday 2018-12-01 (so Friday the 30th),
# 7 before Monday the 24th.
ENDS = date(2018, 12, 31)
FIRST, SECOND, LAST = date(2018, 11, 1), date(2018, 11, 30), date(2018, 12, 24)
READERS = ["admin@jiangsu.example", "h4@suzhou.example", "lead@suzhou.example"]


@pytest.fixture
def certified(office: Office) -> Office:
    """`handler4` of suzhou with a certificate until the end of 2018."""
    person = Person("handler4", "办案四", "suzhou", frozenset({("suzhou", "handler")}), email="h4@suzhou.example")
    with office.store.writing() as work:
        take_on(office, work, office.people.person("lead"), person)
    record(office, "苏-4", date(2018, 1, 1), ENDS)
    return office


def record(office: Office, number: str, from_on: date, to_on: date) -> None:
    with office.store.writing() as work:
        office.refresh(work)
        wanted = Certificate(number, from_on, to_on)
        record_certificate(office, work, office.people.person("lead"), "handler4", wanted)


def run(office: Office, on: date, post: Post) -> RunResult:
    assert isinstance(office.clock, StandingClock)
    office.clock.move_to(end_of_day(on))
    return run_reminders(office, post)


def reasons(office: Office, ends: date = ENDS) -> dict[tuple[str, int], tuple[str, str | None]]:
    """State and reason of every rung of a certificate of handler4 that ends on that day."""
    with office.store.reading() as work:
        rows = work.connection.execute(
            sa.select(AGENDA.c.subject, AGENDA.c.rung_days, AGENDA.c.state, AGENDA.c.why).where(
                AGENDA.c.kind == CERTIFICATE, AGENDA.c.subject.startswith("苏"), AGENDA.c.due_on == ends.isoformat()
            )
        ).all()
    return {(subject, days): (state, why) for subject, days, state, why in rows}


def test_officer_lead_and_administrator_hear_60_30_and_7_days_before_once_each(certified: Office) -> None:
    post = Post()

    sent = [run(certified, on, post).sent for on in (date(2018, 10, 31), FIRST, FIRST, SECOND, LAST, ENDS)]

    assert sent == [0, 3, 0, 3, 3, 0]
    assert post.readers == sorted(READERS * 3)
    with certified.store.reading() as work:
        mails = [mail_of(work, line.id) for line in listed(work)]
    to_officer = next(m for m in mails if m.line.to_name == "handler4")
    assert to_officer.line.subject == "办案四的执法证苏-4：2018年12月31日（周一）到期"
    assert to_officer.line.case_no is None
    for told in (
        "这是您的执法证（到期前60天的提醒）",
        "截至2018年11月1日（周四），还有60天",
        "60 days (as of Thu 1 Nov 2018)",
        "anjuan staff show handler4",
    ):
        assert told in to_officer.text
    to_lead = next(m for m in mails if m.line.to_name == "lead")
    assert "您是承办机构负责人" in to_lead.text


def test_after_an_outage_only_the_latest_reminder_goes(certified: Office) -> None:
    post = Post()

    result = run(certified, LAST, post)

    assert (result.sent, result.suppressed, result.failed) == (3, 2, 0)
    found = reasons(certified)
    assert found["苏-4", 7] == ("mailed", None)
    assert {str(found["苏-4", days][1]) for days in (60, 30)} == {
        "已由更近一次提醒代替 / a later reminder has taken its place"
    }


@pytest.mark.parametrize(
    ("number", "from_on"),
    [("苏-4", date(2018, 1, 1)), ("苏-5", date(2019, 1, 1)), ("苏-5", date(2018, 12, 1))],
)
def test_a_renewed_certificate_needs_no_reminder(certified: Office, number: str, from_on: date) -> None:
    record(certified, number, from_on, date(2023, 12, 31))
    post = Post()

    result = run(certified, LAST, post)

    assert (result.sent, result.suppressed) == (0, 3)
    assert post.accepted == []
    whys = {str(why) for (subject, _), (state, why) in reasons(certified).items() if state == "suppressed"}
    assert len(whys) == 1
    assert "2023-12-31" in whys.pop()


def test_a_certificate_that_leaves_a_gap_is_none_that_renews(certified: Office) -> None:
    record(certified, "苏-5", date(2019, 1, 2), date(2023, 12, 31))
    post = Post()

    assert run(certified, FIRST, post).sent == 3


def test_whoever_leaves_by_then_needs_no_reminder(certified: Office) -> None:
    with certified.store.writing() as work:
        leave(certified, work, certified.people.person("head"), "handler4", date(2018, 12, 1))
    post = Post()

    result = run(certified, FIRST, post)

    assert (result.sent, result.suppressed) == (0, 1)
    assert "最后工作日为2018-12-01" in str(reasons(certified)["苏-4", 60][1])


def test_a_mail_left_over_is_not_sent_once_the_certificate_is_renewed(certified: Office) -> None:
    late = DeliveryDelayed("451 later", "稍后再试", "try later")
    run(certified, FIRST, Post(dict.fromkeys(READERS, late)))
    record(certified, "苏-5", date(2019, 1, 1), date(2023, 12, 31))
    post = Post()

    result = run(certified, date(2018, 11, 2), post)

    assert (result.sent, result.suppressed) == (0, 3)
    assert [address_of(m) for m in post.accepted] == []


def test_a_certificate_recorded_late_is_told_of_at_once_and_once(certified: Office) -> None:
    run(certified, date(2018, 9, 3), Post())
    record(certified, "苏-4", date(2018, 1, 1), date(2018, 9, 20))  # 17 days are left
    post = Post()

    first = run(certified, date(2018, 9, 3), post)
    second = run(certified, date(2018, 9, 13), post)

    assert (first.sent, second.sent) == (3, 3)
    found = reasons(certified, date(2018, 9, 20))
    assert found == {("苏-4", 30): ("mailed", None), ("苏-4", 7): ("mailed", None)}


def test_a_certificate_that_has_ended_gets_no_reminder(certified: Office) -> None:
    record(certified, "苏-3", date(2017, 1, 1), date(2018, 8, 13))

    assert reasons(certified, date(2018, 8, 13)) == {}


def test_the_certificate_of_the_practice_staff_that_ended_floods_nobody(office: Office) -> None:
    with office.store.reading() as work:
        assert [r for r in due_rungs(work, date(2099, 1, 1)) if r.subject == "练习-0004"] == []


def test_a_certificate_whose_days_were_put_right_is_reminded_of_by_the_new_days(certified: Office) -> None:
    record(certified, "苏-4", date(2018, 1, 1), date(2018, 12, 28))
    post = Post()

    result = run(certified, date(2018, 10, 30), post)

    assert (result.sent, result.suppressed) == (3, 0)  # 60 days before the 28th is Monday 29 October
