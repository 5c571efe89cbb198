"""After an outage everybody gets one mail about what he missed, on both databases, and nothing twice."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from email.message import EmailMessage
from threading import Barrier, Thread

import pytest
from test_reminding import (
    HANDLER,
    LEAD,
    WORKFLOW,
    Killed,
    Post,
    address_of,
    an_office,
    delaying_everybody,
    finish,
    mails,
    run,
)

import notifications.queueing
from engine.agenda import due_rungs
from engine.book_store import entries_of
from engine.casework import note, open_case
from engine.ledger import case_book, first_damage
from engine.office import Office
from engine.orders import OpenCase
from engine.store import Store
from notifications.catch_up import told_in
from notifications.delivery import Accepted
from notifications.mail_store import Mail
from notifications.reminding import RunResult, rehearse_reminders, run_reminders

# In 2018 Saturday and Sunday, 29 and 30 September, were worked for the holidays from 1 to 7 October. The machine
# stands still from Friday evening to Monday evening.
LAST_RUN, NEXT_RUN = date(2018, 9, 28), date(2018, 10, 1)
# Opened on these days the limit of seven working days ends on Saturday, on Sunday, and on 8 October.
PAST, JUST_PAST, AHEAD = date(2018, 9, 19), date(2018, 9, 20), date(2018, 9, 21)
READERS = ["liwen@city.example", "wangfang@city.example"]


def opened(store: Store, on: date, title: str = "某网站转载案") -> str:
    office = an_office(store, on)
    with store.writing() as work:
        return open_case(office, work, OpenCase(WORKFLOW.workflow, HANDLER, {"title": title})).after.case_no


def three_cases(store: Store) -> tuple[str, ...]:
    """One whose date has passed, one whose date passes in the outage, one that is due after it; then the last run."""
    cases = []
    for on in days(PAST, LAST_RUN):
        if on in (PAST, JUST_PAST, AHEAD):
            cases.append(opened(store, on))
        run(store, on, Post())
    assert gathered(store) == []
    return tuple(cases)


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def gathered(store: Store) -> list[Mail]:
    return [mail for mail in mails(store) if mail.line.kind == "catch_up"]


def states(store: Store, on: date = NEXT_RUN) -> Counter[str]:
    """How many of the rungs whose day has come by then are in each state."""
    with store.reading() as work:
        rows = work.connection.exec_driver_sql(
            f"SELECT state FROM agenda WHERE kind = 'deadline' AND send_on <= '{on}'"
        ).all()
    return Counter(state for (state,) in rows)


def test_three_days_off_over_a_worked_weekend_make_one_mail_each(store: Store) -> None:
    past, just_past, ahead = three_cases(store)
    post = Post()

    first = run(store, NEXT_RUN, post)
    second = run(store, NEXT_RUN, post)

    assert (first.sent, first.failed, second.sent) == (2, 0, 0)
    assert post.readers == READERS
    assert len({str(message["Message-ID"]) for message in post.accepted}) == 2
    [to_handler] = [mail for mail in gathered(store) if mail.line.to_name == HANDLER]
    assert to_handler.line.key == f"catch_up:{HANDLER}:{NEXT_RUN}"
    assert to_handler.line.subject == (
        "补发2018年9月29日（周六）至2018年9月30日（周日）未发的提醒：已过期限2、即将到期1"
    )
    for said in (
        f"- {past} 某网站转载案：办结，已于2018年9月29日（周六）届满，逾期2天\n"
        f"- {just_past} 某网站转载案：办结，已于2018年9月30日（周日）届满，逾期1天\n",
        f"- {ahead} 某网站转载案：办结，最迟2018年10月8日（周一），还有1个工作日\n",
        f"- {past} 某网站转载案: Finish, was due on Sat 29 Sep 2018, 2 days late\n",
    ):
        assert said in to_handler.text
    assert states(store)["planned"] == 0


def test_every_reminder_in_it_is_settled_with_its_key_and_on_record_in_its_case(store: Store) -> None:
    cases = three_cases(store)

    run(store, NEXT_RUN, Post())

    by_name = {mail.line.to_name: mail for mail in gathered(store)}
    with store.reading() as work:
        told = told_in(work, by_name[HANDLER].line.key)
        assert told_in(work, by_name[LEAD].line.key) == told
        assert sorted(rung.book for rung in told) == sorted(map(case_book, cases))
        for case_no in cases:
            entries = entries_of(work, case_book(case_no))
            effects = [entry.said()["effects"] for entry in entries if entry.kind == "mail"][-1]
            assert effects["message_ids"] == [by_name[name].message_id for name in effects["to"]]
            assert sorted(effects["to"]) == sorted([HANDLER, LEAD])
            assert effects["rung"] in {rung.key for rung in told}
            assert first_damage(case_book(case_no), entries) is None
        raised = [e.said()["effects"]["rung"] for e in entries_of(work, case_book(cases[0])) if e.kind == "escalate"]
    assert raised == [-1]


def test_the_next_reminder_goes_by_itself_again(store: Store) -> None:
    three_cases(store)
    run(store, NEXT_RUN, Post())
    post = Post()

    run(store, date(2018, 10, 8), post)

    assert Counter(mail.line.kind for mail in mails(store) if mail.line.sent_at) == {"catch_up": 2, "deadline": 14}
    assert len(gathered(store)) == 2


def test_what_is_due_today_goes_by_itself_beside_it(store: Store) -> None:
    past, just_past, ahead = three_cases(store)  # of the first and the third a rung is due on Sunday
    post = Post()

    result = run(store, date(2018, 9, 30), post)

    assert (result.sent, result.failed) == (6, 0)
    made = [mail for mail in mails(store) if mail.rung.send_on > LAST_RUN]
    assert Counter((mail.line.kind, mail.line.case_no) for mail in made) == {
        ("deadline", past): 2,
        ("deadline", just_past): 2,
        ("deadline", ahead): 2,
    }


def test_a_reminder_planned_after_the_run_of_its_day_is_not_an_outage(store: Store) -> None:
    run(store, date(2018, 9, 20), Post())
    opened(store, date(2018, 9, 20))
    run(store, date(2018, 9, 21), Post())  # the first rung, seven days before, is of this day

    assert gathered(store) == []


def test_what_was_met_meanwhile_is_not_in_it(store: Store) -> None:
    past, just_past, ahead = three_cases(store)
    for done in (past, ahead):
        finish(store, done, date(2018, 9, 29))
    said: list[str] = []

    result = run_reminders(an_office(store, NEXT_RUN), Post(), lambda zh, _: said.append(zh))

    assert (result.sent, result.failed) == (2, 0)
    assert all(just_past in mail.text and past not in mail.text for mail in gathered(store))
    assert sum("已于2018-09-29办理" in one for one in said) >= 2


def test_a_mail_left_over_holds_while_one_reminder_in_it_holds(store: Store) -> None:
    past, just_past, ahead = three_cases(store)
    run(store, NEXT_RUN, Post(delaying_everybody()))
    assert {mail.line.state for mail in gathered(store)} == {"retrying"}
    for done in (past, just_past):
        finish(store, done, date(2018, 10, 2))
    run(store, date(2018, 10, 2), Post({READERS[0]: delaying_everybody()[READERS[0]]}))
    finish(store, ahead, date(2018, 10, 3))
    run(store, date(2018, 10, 3), Post())

    left = {mail.line.to_name: mail for mail in gathered(store)}
    assert {name: mail.line.state for name, mail in left.items()} == {HANDLER: "suppressed", LEAD: "sent"}
    assert "所列事项均已办理或变更" in left[HANDLER].attempts[-1].answer


def test_whoever_muted_it_hears_nothing_of_it_here_either(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    three_cases(store)
    monkeypatch.setattr(notifications.queueing, "muted_by", lambda *_: frozenset({LEAD}))

    result = run(store, NEXT_RUN, Post())

    assert result.sent == 1
    assert [mail.line.to_name for mail in gathered(store)] == [HANDLER]
    silent = [mail for mail in mails(store) if mail.line.to_name == LEAD and mail.rung.send_on > LAST_RUN]
    assert {(mail.line.kind, mail.line.state) for mail in silent} == {("deadline", "suppressed")}
    assert len(silent) == 3


def test_a_case_that_cannot_be_told_of_stays_planned_and_stops_no_other(store: Store) -> None:
    past, just_past, ahead = three_cases(store)
    ahead_of_the_clock = an_office(store, date(2018, 10, 3))
    with store.writing() as work:
        note(ahead_of_the_clock, work, past, HANDLER, "记下")
    said: list[str] = []

    result = run_reminders(an_office(store, NEXT_RUN), Post(), lambda _, en: said.append(en))

    assert (result.sent, result.failed) == (2, 1)
    assert all(past not in mail.text and just_past in mail.text and ahead in mail.text for mail in gathered(store))
    assert len([one for one in said if "clock stands before the last entry" in one]) == 1
    with store.reading() as work:
        assert {rung.book for rung in due_rungs(work, NEXT_RUN)} == {case_book(past)}


def test_a_run_killed_at_the_first_mail_leaves_one_mail_each(store: Store) -> None:
    three_cases(store)

    class Dying(Post):
        def deliver(self, message: EmailMessage) -> Accepted:
            raise Killed

    with pytest.raises(Killed):
        run(store, NEXT_RUN, Dying())
    post = Post()
    result = run(store, NEXT_RUN, post)

    assert (result.sent, post.readers) == (2, READERS)
    assert len(gathered(store)) == 2


def test_two_runs_at_once_gather_once(store: Store) -> None:
    three_cases(store)
    offices = [an_office(store, NEXT_RUN) for _ in range(2)]
    start, post = Barrier(2), Post()
    results: list[RunResult] = []

    def runner(office: Office) -> None:
        start.wait()
        results.append(run_reminders(office, post))

    threads = [Thread(target=runner, args=(office,)) for office in offices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert (sum(one.sent for one in results), sum(one.failed for one in results)) == (2, 0)
    assert (len(gathered(store)), post.readers) == (2, READERS)


def test_a_rehearsal_shows_it_and_keeps_nothing(store: Store) -> None:
    three_cases(store)
    before = states(store)
    office = an_office(store, NEXT_RUN)

    result, outgoing = rehearse_reminders(office)

    assert [(mail.to, mail.kind) for mail in outgoing] == [(HANDLER, "catch_up"), (LEAD, "catch_up")]
    assert gathered(store) == []
    assert states(store) == before
    kept = run_reminders(office, Post())
    assert (kept.planned, kept.sent, kept.suppressed) == (result.planned, result.sent, result.suppressed)


def test_a_clock_that_was_ahead_neither_gathers_nor_loses_anything(store: Store) -> None:
    opened(store, PAST)
    run(store, date(2019, 9, 1), Post())  # gathers everything that there was
    case_no = opened(store, date(2018, 9, 21))
    post = Post()

    run(store, NEXT_RUN, post)
    run(store, NEXT_RUN, post)

    told = [mail for mail in mails(store) if mail.line.case_no == case_no]
    assert sorted(address_of(message) for message in post.accepted) == READERS
    assert [mail.line.kind for mail in told] == ["deadline", "deadline"]
