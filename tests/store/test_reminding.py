"""Reminders on both databases: each goes once, only while it is true, and nothing is lost when a run dies."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from email.message import EmailMessage
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest

from engine.agenda import plan, rungs_around
from engine.book_store import append, entries_of
from engine.campaign_checks import read_campaign
from engine.campaign_plan import CampaignPlan, shipped_campaign
from engine.casework import find_case, open_case, take_step
from engine.clock import StandingClock, end_of_day
from engine.data_files import data_folder
from engine.definitions import Definition
from engine.documents import add_document
from engine.holiday_years import read_holiday_year
from engine.ladder_checks import shipped_ladders
from engine.ledger import STORE_BOOK, Said, campaign_book, case_book, first_damage
from engine.office import Office
from engine.orders import OpenCase, TakeStep
from engine.people import Person, Unit
from engine.people_store import add_person, add_unit, load_people
from engine.settings import STORE_ID, put_setting, setting
from engine.store import Store, Work
from engine.time_limits import TimeLimit
from notifications.delivery import Accepted, DeliveryDelayed, DeliveryFailed
from notifications.folder_delivery import FolderDelivery
from notifications.mail_store import Mail, listed, mail_of
from notifications.reminding import RunResult, rehearse_reminders, run_reminders
from notifications.run_days import DIGESTED, done_on, last_on

CITY, COUNTY = "remind_city", "remind_county"
UNITS = (Unit(CITY, "某市版权局", "city", None), Unit(COUNTY, "某县版权局", "county", CITY))
HANDLER, LEAD, NAMELESS, COUNTY_HEAD = "remind_handler", "remind_lead", "remind_nameless", "remind_county_head"
PERSONS = (
    Person(HANDLER, "李文", CITY, frozenset({(CITY, "handler")}), (), "liwen@city.example"),
    Person(LEAD, "王芳", CITY, frozenset({(CITY, "lead")}), (), "wangfang@city.example"),
    Person(NAMELESS, "赵无址", CITY, frozenset({(CITY, "campaign_office")}), (), "not an address"),
    Person(COUNTY_HEAD, "孙县长", COUNTY, frozenset({(COUNTY, "head")}), (), "sun@county.example"),
)
# Opened on Monday 2018-09-03: seven working days on is Wednesday the 12th, with rungs on the 5th (7 days before),
# the 7th (3 days before is Sunday the 9th), the 11th and the 12th.
OPENED_ON, FIRST_RUNG, SECOND_RUNG, LAST_RUNG = (date(2018, 9, day) for day in (3, 5, 7, 12))
# Three more rungs stand after the due day, for a limit that is not met.
AFTER = 3
OBLIGATIONS = shipped_ladders().of_obligations
LIMIT = TimeLimit.model_validate(
    {
        "id": "remind_duty",
        "zh": "试办期限",
        "en": "trial limit",
        "nature": "duty",
        "expiry": {"zh": "仍须办理", "en": "still owed"},
        "remind": ["handler", "lead"],
        "versions": [
            {
                "from": None,
                "readings": [{"length": "+7wd", "roll": "none"}],
                "basis": "试办规定第一条",
                "source": "test",
                "confidence": "practice",
            }
        ],
    }
)
WORKFLOW = Definition.model_validate(
    {
        "workflow": "remind_trial",
        "zh": "试办案件",
        "en": "Trial case",
        "roles": {
            "handler": {"zh": "办案人员", "en": "case handler"},
            "lead": {"zh": "承办机构负责人", "en": "unit lead"},
        },
        "open": {
            "to": "received",
            "by": ["handler"],
            "title": "title",
            "ask": {"title": {"type": "text", "zh": "案件名称", "en": "title"}},
            "start": [{"rule": "remind_duty"}],
        },
        "states": {
            "received": {"zh": "已收", "en": "received", "stage": "intake"},
            "done": {"zh": "已办", "en": "done", "stage": "closure", "end": True},
        },
        "steps": {
            "finish": {
                "zh": "办结",
                "en": "Finish",
                "from": "received",
                "to": "done",
                "by": "handler",
                "stop": ["remind_duty"],
            }
        },
    }
)


class Killed(BaseException):
    """The process dies here."""


class Post:
    """A delivery that remembers what it accepted and refuses what it was told to refuse."""

    sender = "anjuan@city.example"

    def __init__(self, refusing: dict[str, Exception] | None = None) -> None:
        self.accepted: list[EmailMessage] = []
        self.refusing = refusing or {}

    def deliver(self, message: EmailMessage) -> Accepted:
        error = self.refusing.get(address_of(message))
        if error is not None:
            raise error
        self.accepted.append(message)
        return Accepted("250 kept")

    @property
    def readers(self) -> list[str]:
        return sorted(address_of(message) for message in self.accepted)


class KilledAfterAcceptance:
    """A folder into which the first mail is written whole just before the process dies."""

    sender = FolderDelivery.sender

    def __init__(self, folder: Path) -> None:
        self._folder = FolderDelivery(folder)

    def deliver(self, message: EmailMessage) -> Accepted:
        self._folder.deliver(message)
        raise Killed


def address_of(message: EmailMessage) -> str:
    return str(message["To"].addresses[0].addr_spec)


def an_office(store: Store, on: date) -> Office:
    """An office on the store on that day; the store gets the trial staff and rules the first time."""
    office = Office(store, StandingClock(end_of_day(on)), practice=True)
    with store.writing() as work:
        if HANDLER not in load_people(work).persons:
            _furnish(work)
        # Digests are tested apart.
        done_on(work, DIGESTED, last_on(work, DIGESTED), on)
        office.refresh(work)
    return office


def _furnish(work: Work) -> None:
    at = end_of_day(date(2018, 8, 13))
    if setting(work, STORE_ID) is None:
        put_setting(work, STORE_ID, "trial store")
    for unit in UNITS:
        add_unit(work, unit, load_people(work))
    for person in PERSONS:
        add_person(work, person, load_people(work))
    year = read_holiday_year(data_folder() / "holidays" / "2018.yaml").document()
    documents: Iterable[tuple[str, str, dict[str, Any]]] = (
        ("holidays", "2018", year),
        ("time_limit", LIMIT.id, LIMIT.document()),
        ("workflow", WORKFLOW.workflow, WORKFLOW.as_document()),
        ("campaign", a_plan().id, a_plan().as_document()),
    )
    for kind, id_, content in documents:
        add_document(work, kind, id_, content, effective_on=at.date(), author="test", reason="test", at=at)
    append(work, Said(STORE_BOOK, "founded", "test", at.date().isoformat(), at))


def a_plan() -> CampaignPlan:
    plan, _ = read_campaign(shipped_campaign("suzhou-2018"))
    return plan.model_copy(update={"id": "remind-2018", "unit": CITY})


def a_case(store: Store) -> str:
    """A case whose one deadline is due on 2018-09-12."""
    office = an_office(store, OPENED_ON)
    with store.writing() as work:
        return open_case(office, work, OpenCase(WORKFLOW.workflow, HANDLER, {"title": "某网站转载案"})).after.case_no


def finish(store: Store, case_no: str, on: date) -> None:
    office = an_office(store, on)
    with store.writing() as work:
        take_step(office, work, TakeStep(case_no, "finish", HANDLER))


def run(store: Store, on: date, post: Any) -> RunResult:
    return run_reminders(an_office(store, on), post)


def mails(store: Store) -> list[Mail]:
    with store.reading() as work:
        return [mail_of(work, line.id) for line in listed(work)]


def rungs(store: Store) -> dict[int, tuple[str, str | None]]:
    """State and reason of every rung, by the days before."""
    with store.reading() as work:
        rows = work.connection.exec_driver_sql("SELECT rung_days, state, why FROM agenda").all()
    return {days: (state, why) for days, state, why in rows}


def test_each_reminder_goes_once_however_often_it_runs(store: Store) -> None:
    case_no = a_case(store)
    post = Post()

    first = run(store, FIRST_RUNG, post)
    second = run(store, FIRST_RUNG, post)

    assert first == RunResult(planned=3 + AFTER, sent=2, suppressed=0, failed=0)
    assert second == RunResult(planned=3 + AFTER, sent=0, suppressed=0, failed=0)
    assert post.readers == ["liwen@city.example", "wangfang@city.example"]
    to_handler = next(mail for mail in mails(store) if mail.line.to_name == HANDLER)
    assert (to_handler.line.state, to_handler.line.case_no) == ("sent", case_no)
    assert to_handler.line.sent_at is not None
    assert [tried.answer for tried in to_handler.attempts] == ["250 kept"]
    for told in ("您是本案办案人员", "试办规定第一条", f"anjuan case why {case_no} finish", "还有5个工作日、7天"):
        assert told in to_handler.text


def test_nothing_goes_before_its_day(store: Store) -> None:
    a_case(store)
    post = Post()

    result = run(store, date(2018, 9, 4), post)

    assert result == RunResult(planned=4 + AFTER, sent=0, suppressed=0, failed=0)
    assert post.accepted == []


def test_a_deadline_that_was_met_is_suppressed_with_its_reason(store: Store) -> None:
    case_no = a_case(store)
    finish(store, case_no, date(2018, 9, 4))
    post = Post()

    result = run(store, FIRST_RUNG, post)

    assert result == RunResult(planned=3 + AFTER, sent=0, suppressed=1, failed=0)
    assert post.accepted == []
    state, why = rungs(store)[7]
    assert state == "suppressed"
    assert why is not None
    assert "已于2018-09-04办理" in why


def test_after_an_outage_only_the_latest_reminder_goes(store: Store) -> None:
    a_case(store)
    post = Post()

    result = run(store, LAST_RUNG, post)

    assert result == RunResult(planned=AFTER, sent=2, suppressed=3, failed=0)
    assert len(post.accepted) == 2
    found = rungs(store)
    assert found[0] == ("mailed", None)
    for earlier in (7, 3, 1):
        assert found[earlier][0] == "suppressed"
        assert "已由更近一次提醒代替" in str(found[earlier][1])


def test_a_delayed_mail_goes_in_the_next_run_unchanged(store: Store) -> None:
    a_case(store)
    post = Post({"liwen@city.example": DeliveryDelayed("451 later", "稍后再试", "try later")})

    first = run(store, FIRST_RUNG, post)
    between = {mail.line.to_name: mail for mail in mails(store)}[HANDLER]
    post.refusing.clear()
    second = run(store, date(2018, 9, 6), post)

    assert (first.sent, first.failed) == (1, 1)
    assert (second.sent, second.failed) == (1, 0)
    assert between.line.state == "retrying"
    assert between.line.sent_at is None
    after = mail_of_id(store, between.line.id)
    assert [tried.answer for tried in after.attempts] == ["451 later", "250 kept"]
    late = next(message for message in post.accepted if address_of(message) == "liwen@city.example")
    assert str(late["Message-ID"]) == after.message_id
    assert "05 Sep 2018" in str(late["Date"])


def test_a_refused_mail_is_dead_and_is_not_tried_again(store: Store) -> None:
    a_case(store)
    post = Post({"liwen@city.example": DeliveryFailed("550 unknown", "查无此人", "nobody there")})

    first = run(store, FIRST_RUNG, post)
    post.refusing.clear()
    second = run(store, FIRST_RUNG, post)

    assert (first.sent, first.failed) == (1, 1)
    assert (second.sent, second.failed) == (0, 0)
    assert sorted(mail.line.state for mail in mails(store)) == ["dead", "sent"]


def test_a_mail_left_over_is_suppressed_once_the_step_was_taken(store: Store) -> None:
    case_no = a_case(store)
    run(store, FIRST_RUNG, Post(delaying_everybody()))
    finish(store, case_no, date(2018, 9, 6))
    post = Post()

    result = run(store, date(2018, 9, 6), post)

    assert (result.sent, result.suppressed, result.failed) == (0, 2, 0)
    assert post.accepted == []
    assert {mail.line.state for mail in mails(store)} == {"suppressed"}
    assert all("已于2018-09-06办理" in mail.attempts[-1].answer for mail in mails(store))


def test_a_mail_left_over_gives_way_to_the_next_reminder(store: Store) -> None:
    a_case(store)
    run(store, FIRST_RUNG, Post(delaying_everybody()))
    post = Post()

    result = run(store, SECOND_RUNG, post)

    assert (result.sent, result.suppressed) == (2, 2)
    assert [mail.line.state for mail in mails(store)] == ["suppressed", "suppressed", "sent", "sent"]
    assert {mail.rung.rung_days for mail in mails(store) if mail.line.state == "sent"} == {3}


def test_one_bad_address_does_not_stop_the_others(store: Store) -> None:
    a_case(store)
    office = an_office(store, FIRST_RUNG)
    owed_on = date(2018, 9, 12)
    with store.writing() as work:
        # The city has a campaign office without an address, the county nobody below its head.
        for unit in (CITY, COUNTY):
            moved = a_plan_owing(owed_on)
            keep_plan(work, moved)
            book = campaign_book(moved.id)
            calendar = office.law.calendar
            plan(work, rungs_around(OBLIGATIONS, book, "summary", unit, owed_on, calendar, FIRST_RUNG))
    post = Post()

    result = run(store, FIRST_RUNG, post)

    assert (result.sent, result.failed) == (3, 1)
    assert post.readers == ["liwen@city.example", "sun@county.example", "wangfang@city.example"]
    dead = next(mail for mail in mails(store) if mail.line.state == "dead")
    assert dead.line.to_name == NAMELESS
    assert "不是有效的电子邮件地址" in dead.attempts[0].answer


def test_what_a_campaign_owes_is_asked_of_each_unit_with_its_command(store: Store) -> None:
    office = an_office(store, date(2018, 9, 7))
    with store.writing() as work:
        book, calendar = campaign_book(a_plan().id), office.law.calendar
        plan(
            work,
            rungs_around(
                OBLIGATIONS, book, "monthly_form.2018-08", COUNTY, date(2018, 9, 15), calendar, date(2018, 9, 7)
            ),
        )
    post = Post()

    run(store, date(2018, 9, 14), post)

    [mail] = [mail for mail in mails(store) if mail.line.state == "sent"]
    assert mail.line.subject == "剑网2018 报送2018年8月统计表：最迟2018年9月14日（周五）"
    for told in ("anjuan report show remind-2018 --month 2018-08", "您是机关负责人，该事项由某县版权局报送"):
        assert told in mail.text


def test_an_obligation_that_moved_is_suppressed(store: Store) -> None:
    office = an_office(store, date(2018, 11, 12))
    with store.writing() as work:
        book, calendar = campaign_book(a_plan().id), office.law.calendar
        plan(
            work,
            rungs_around(OBLIGATIONS, book, "summary", COUNTY, date(2018, 11, 19), calendar, date(2018, 11, 12)),
        )
    post = Post()

    result = run(store, date(2018, 11, 12), post)

    assert (result.sent, result.suppressed) == (0, 1)
    assert "报送日期已改为2018-11-20" in str(rungs(store)[7][1])


def test_two_runners_at_once_send_once(store: Store) -> None:
    for _ in range(3):
        a_case(store)
    post = Post()
    offices = [an_office(store, FIRST_RUNG) for _ in range(2)]
    start = Barrier(2)
    results: list[RunResult] = []

    def runner(office: Office) -> None:
        start.wait()
        results.append(run_reminders(office, post))

    threads = [Thread(target=runner, args=(office,)) for office in offices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert len(results) == 2
    assert sum(result.sent for result in results) == 6
    assert sum(result.failed for result in results) == 0
    assert len({str(message["Message-ID"]) for message in post.accepted}) == len(post.accepted) == 6


def test_a_run_killed_after_acceptance_sends_the_same_mail_again(store: Store, tmp_path: Path) -> None:
    a_case(store)
    folder = tmp_path / "mail"

    with pytest.raises(Killed):
        run(store, FIRST_RUNG, KilledAfterAcceptance(folder))
    [written] = folder.iterdir()
    before = written.read_bytes()
    result = run(store, FIRST_RUNG, FolderDelivery(folder))

    assert (result.sent, result.failed) == (2, 0)
    assert written.read_bytes() == before
    assert len(list(folder.iterdir())) == 2
    assert {mail.line.state for mail in mails(store)} == {"sent"}


def test_the_case_tells_who_was_reminded_and_stays_whole(store: Store) -> None:
    case_no = a_case(store)

    run(store, FIRST_RUNG, Post())

    with store.reading() as work:
        case = find_case(an_office(store, FIRST_RUNG), work, case_no, None)
        entries = entries_of(work, case_book(case_no))
    said = entries[-1].said()
    assert [entry.kind for entry in entries] == ["open", "mail"]
    assert (said["actor"], said["effects"]["to"]) == ("anjuan", [HANDLER, LEAD])
    assert sorted(said["effects"]["message_ids"]) == sorted(mail.message_id for mail in mails(store))
    assert (case.version, case.state, case.head_seq) == (1, "received", 2)
    assert first_damage(case_book(case_no), entries) is None


def test_a_rehearsal_says_what_would_go_and_keeps_nothing(store: Store) -> None:
    a_case(store)

    result, outgoing = rehearse_reminders(an_office(store, LAST_RUNG))

    assert result == RunResult(planned=AFTER, sent=2, suppressed=3, failed=0)
    assert [mail.to for mail in outgoing] == [HANDLER, LEAD]
    assert mails(store) == []
    assert {state for state, _ in rungs(store).values()} == {"planned"}


def test_a_clock_before_the_last_entry_leaves_the_reminder_planned(store: Store) -> None:
    a_case(store)
    run(store, FIRST_RUNG, Post())
    said: list[str] = []
    office = Office(store, StandingClock(end_of_day(FIRST_RUNG).replace(hour=8)), practice=True)
    with store.writing() as work:
        work.connection.exec_driver_sql("UPDATE agenda SET send_on = '2018-09-05' WHERE rung_days = 3")

    result = run_reminders(office, Post(), lambda zh, en: said.append(en))

    assert result == RunResult(planned=3 + AFTER, sent=0, suppressed=0, failed=1)
    assert "clock stands before the last entry" in said[0]


def delaying_everybody() -> dict[str, Exception]:
    delayed = DeliveryDelayed("451 later", "稍后再试", "try later")
    return {person.email: delayed for person in PERSONS}


def a_plan_owing(on: date) -> CampaignPlan:
    """The plan with its summary due on another day."""
    plan = a_plan()
    rules = [rule.model_copy(update={"due_on": on}) if rule.id == "summary" else rule for rule in plan.obligations]
    return plan.model_copy(update={"id": "remind-other", "obligations": tuple(rules)})


def keep_plan(work: Work, kept: CampaignPlan) -> None:
    at = end_of_day(FIRST_RUNG)
    content = kept.as_document()
    add_document(work, "campaign", kept.id, content, effective_on=at.date(), author="test", reason="test", at=at)
    append(work, Said(STORE_BOOK, "campaign", "test", at.date().isoformat(), at))


def mail_of_id(store: Store, mail_id: int) -> Mail:
    with store.reading() as work:
        return mail_of(work, mail_id)
