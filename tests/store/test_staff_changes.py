"""Roles for a time, lent staff, certificates, stand-ins and leaving: who may, what is refused, what the record says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from test_verifying import _tamper as tamper

from engine.agenda import due_rungs
from engine.book_store import entries_of
from engine.casework import open_case, take_step
from engine.clock import StandingClock, end_of_day, today
from engine.errors import AnjuanError, Forbidden, InputWrong, NotFound, TransitionRefused
from engine.ladders import CERTIFICATE
from engine.ledger import STORE_BOOK, unit_book
from engine.office import Office
from engine.orders import OpenCase, TakeStep
from engine.people import Certificate, Person, StandIn, Term
from engine.people_store import load_people
from engine.snapshot import snapshot
from engine.store import Work
from engine.verifying import Verified, verify_store
from workflows.departures import leave
from workflows.staff_certificates import record_certificate
from workflows.staff_rights import record_refused
from workflows.staff_roles import RoleSet, end_role, give_role
from workflows.staffing import take_on
from workflows.stand_ins import StandInSet, end_stand_ins, set_stand_in

# The office stands on 14 August 2018.
TODAY = date(2018, 8, 14)
AWAY = (date(2018, 8, 20), date(2018, 8, 31))
OTHER = (date(2000, 1, 1), date(2019, 6, 30))


def as_(office: Office, actor: str, act: Callable[[Office, Work, Person], Any]) -> Any:
    with office.store.writing() as work:
        office.refresh(work)
        return act(office, work, office.people.person(actor))


def role(office: Office, actor: str, name: str, role: str, *more: Any, **named: Any) -> RoleSet:
    done: RoleSet = as_(office, actor, lambda o, w, a: give_role(o, w, a, name, role, *more, **named))
    return done


def ended(office: Office, actor: str, name: str, role: str, unit: str | None, last_on: date) -> RoleSet:
    done: RoleSet = as_(office, actor, lambda o, w, a: end_role(o, w, a, name, role, unit, last_on))
    return done


def certify(office: Office, actor: str, name: str, number: str, days: tuple[date, date]) -> Any:
    return as_(office, actor, lambda o, w, a: record_certificate(o, w, a, name, Certificate(number, *days)))


def stand_in(
    office: Office, actor: str, name: str, absent: str, held: str = "head", days: tuple[date, date] = AWAY, **more: str
) -> StandInSet:
    wanted = StandIn(name, absent, more.get("unit", "suzhou"), held, *days)
    done: StandInSet = as_(office, actor, lambda o, w, a: set_stand_in(o, w, a, wanted, more.get("reason", "出差")))
    return done


def leaves(office: Office, actor: str, name: str, on: date = TODAY) -> Any:
    return as_(office, actor, lambda o, w, a: leave(o, w, a, name, on))


def refused(act: Callable[[], Any]) -> list[str]:
    with pytest.raises(TransitionRefused) as caught:
        act()
    return [r.code for r in caught.value.refusals]


def it_is(office: Office, on: date) -> None:
    assert isinstance(office.clock, StandingClock)
    office.clock.move_to(end_of_day(on))


def held(office: Office, name: str, role: str, on: date, unit: str = "suzhou") -> bool:
    with office.store.reading() as work:
        people = load_people(work)
    return people.holds(people.person(name), role, unit, on)


def said(office: Office) -> dict[str, Any]:
    """The effects of the last entry of the store's book."""
    with office.store.reading() as work:
        effects: dict[str, Any] = entries_of(work, STORE_BOOK)[-1].said()["effects"]
    return effects


def verified(office: Office) -> Verified:
    with snapshot(office.store) as work:
        return verify_store(work)


# --- roles ----------------------------------------------------------------------------------------------------------


def test_a_lent_reviewer_acts_in_the_other_unit_from_the_first_to_the_last_day(office: Office) -> None:
    done = role(office, "lead", "county_reviewer", "reviewer", "suzhou", *AWAY)

    assert (done.lent, done.term, done.before) == (True, Term(*AWAY), None)
    acts_on = [held(office, "county_reviewer", "reviewer", AWAY[0] + timedelta(days=n)) for n in (-1, 0, 11, 12)]
    assert acts_on == [False, True, True, False]
    assert held(office, "county_reviewer", "reviewer", AWAY[0] - timedelta(days=1), "kunshan")
    assert said(office) == {
        "act": "role",
        "name": "county_reviewer",
        "unit": "suzhou",
        "role": "reviewer",
        "from_on": "2018-08-20",
        "to_on": "2018-08-31",
        "before": None,
    }


def test_a_role_without_days_begins_today_and_does_not_end(office: Office) -> None:
    role(office, "head", "handler1", "reviewer")

    days = (TODAY - timedelta(days=1), TODAY, date(2099, 12, 31))
    assert [held(office, "handler1", "reviewer", day) for day in days] == [False, True, True]


def test_time_that_joins_on_makes_a_role_longer(office: Office) -> None:
    role(office, "lead", "handler1", "reviewer", None, *AWAY)

    longer = role(office, "lead", "handler1", "reviewer", None, None, date(2018, 9, 30))
    earlier = role(office, "lead", "handler1", "reviewer", None, date(2018, 8, 16), date(2018, 8, 19))

    assert longer.term == Term(AWAY[0], date(2018, 9, 30))
    assert (earlier.before, earlier.term) == (longer.term, Term(date(2018, 8, 16), date(2018, 9, 30)))


def test_a_role_that_ended_is_given_again_and_the_record_keeps_what_was_before(office: Office) -> None:
    role(office, "lead", "handler1", "reviewer", None, *AWAY)
    it_is(office, date(2018, 10, 8))

    again = role(office, "lead", "handler1", "reviewer")

    assert again.term == Term(date(2018, 10, 8), None)
    assert said(office)["before"] == ["2018-08-20", "2018-08-31"]
    assert verified(office).first_bad is None


def test_time_that_does_not_join_on_would_take_away_what_runs(office: Office) -> None:
    role(office, "lead", "handler1", "reviewer", None, *AWAY)

    codes = refused(lambda: role(office, "lead", "handler1", "reviewer", None, date(2018, 11, 1), None))

    assert codes == ["role.apart"]
    assert held(office, "handler1", "reviewer", AWAY[0])


@pytest.mark.parametrize(
    ("actor", "name", "given", "code"),
    [
        ("lead", "lead", "head", "staff.own"),
        ("head", "head", "reviewer", "staff.own"),
        ("admin", "admin", "head", "staff.own"),
        ("lead", "handler1", "handler", "role.held"),
    ],
)
def test_nobody_gives_himself_a_role_nor_twice(office: Office, actor: str, name: str, given: str, code: str) -> None:
    assert refused(lambda: role(office, actor, name, given, "suzhou")) == [code]


def test_an_administrator_is_promoted_by_another_or_by_the_head_and_not_by_the_lead(office: Office) -> None:
    role(office, "admin", "handler1", "administrator")
    role(office, "admin", "handler2", "administrator")

    by_lead = refused(lambda: role(office, "lead", "handler1", "head"))
    role(office, "head", "handler1", "head")
    role(office, "handler1", "handler2", "reviewer")

    assert by_lead == ["staff.administrator"]
    assert held(office, "handler1", "head", TODAY)
    assert held(office, "handler2", "reviewer", TODAY)


@pytest.mark.parametrize("actor", ["handler1", "county_head", "campaign_office"])
def test_a_role_is_given_by_those_of_the_unit_where_it_is_held(office: Office, actor: str) -> None:
    with pytest.raises(Forbidden):
        role(office, actor, "county_reviewer", "reviewer", "suzhou")

    with pytest.raises(Forbidden):
        ended(office, actor, "reviewer", "reviewer", None, TODAY)


def test_only_an_administrator_makes_and_unmakes_one(office: Office) -> None:
    with pytest.raises(Forbidden):
        role(office, "head", "handler1", "administrator")
    role(office, "admin", "handler1", "administrator")

    with pytest.raises(Forbidden):
        ended(office, "head", "handler1", "administrator", None, TODAY)


def test_a_role_ends_on_its_last_day(office: Office) -> None:
    done = ended(office, "head", "reviewer", "reviewer", None, AWAY[0])

    assert done.before == Term()
    assert [held(office, "reviewer", "reviewer", day) for day in AWAY] == [True, False]


def test_a_role_held_in_two_units_is_ended_in_the_one_that_is_named(office: Office) -> None:
    role(office, "lead", "county_reviewer", "reviewer", "suzhou", *AWAY)

    with pytest.raises(InputWrong) as caught:
        ended(office, "admin", "county_reviewer", "reviewer", None, TODAY)
    ended(office, "lead", "county_reviewer", "reviewer", "suzhou", AWAY[0])

    assert caught.value.code == "unit.needed"
    assert held(office, "county_reviewer", "reviewer", AWAY[1], "kunshan")
    assert not held(office, "county_reviewer", "reviewer", AWAY[1], "suzhou")


@pytest.mark.parametrize(
    ("name", "given", "last_on", "code"),
    [
        ("handler1", "reviewer", TODAY, "role.not_held"),
        ("handler2", "reviewer", date(2018, 8, 19), "role.not_begun"),
        ("handler2", "reviewer", AWAY[1], "role.not_held"),
        ("admin", "administrator", TODAY, "administrator.last"),
    ],
)
def test_a_role_that_cannot_be_ended(office: Office, name: str, given: str, last_on: date, code: str) -> None:
    role(office, "lead", "handler2", "reviewer", None, *AWAY)

    assert refused(lambda: ended(office, "admin", name, given, None, last_on)) == [code]


def test_ending_the_role_of_a_handler_names_the_cases_that_stay_with_him(office: Office) -> None:
    a_case(office, "handler1")

    done = ended(office, "lead", "handler1", "handler", None, AWAY[1])

    (warning,) = done.warnings
    assert (warning.code, warning.facts["cases"]) == ("cases.held", ["suzhou-2018-0001"])


# --- certificates ---------------------------------------------------------------------------------------------------


def test_a_certificate_is_recorded_and_its_number_takes_new_days(office: Office) -> None:
    certify(office, "lead", "handler1", "苏-1", (TODAY, date(2018, 12, 31)))
    renewed = certify(office, "lead", "handler_expired", "练习-0004", OTHER)

    assert renewed.before == Certificate("练习-0004", date(2000, 1, 1), date(2018, 6, 30))
    assert said(office)["before"] == ["2000-01-01", "2018-06-30"]
    with office.store.reading() as work:
        people = load_people(work)
    assert people.person("handler_expired").certified_on(date(2019, 6, 30))
    assert len(people.person("handler1").certificates) == 2
    assert verified(office).first_bad is None


@pytest.mark.parametrize(
    ("name", "number", "days", "code"),
    [
        ("handler1", "练习-0002", OTHER, "certificate.exists"),
        ("handler1", " ", OTHER, "certificate.invalid"),
        ("handler1", "苏-1", OTHER[::-1], "certificate.invalid"),
        ("handler1", "苏\n1", OTHER, "certificate.number"),
        ("handler1", "苏" * 41, OTHER, "certificate.number"),
    ],
)
def test_a_certificate_that_cannot_be(
    office: Office, name: str, number: str, days: tuple[date, date], code: str
) -> None:
    with pytest.raises(InputWrong) as caught:
        certify(office, "lead", name, number, days)

    assert caught.value.code == code
    assert said(office).get("act") != "certificate"


def test_nobody_records_his_own_certificate_or_the_same_one_twice(office: Office) -> None:
    assert refused(lambda: certify(office, "lead", "lead", "苏-1", OTHER)) == ["staff.own"]
    certify(office, "lead", "handler1", "苏-1", OTHER)
    assert refused(lambda: certify(office, "lead", "handler1", "苏-1", OTHER)) == ["certificate.same"]


# --- stand-ins ------------------------------------------------------------------------------------------------------


def test_a_stand_in_acts_from_the_first_to_the_last_day(office: Office) -> None:
    stand_in(office, "head", "lead", "head")

    acts_on = [held(office, "lead", "head", AWAY[0] + timedelta(days=n)) for n in (-1, 0, 11, 12)]

    assert acts_on == [False, True, True, False]
    assert said(office)["stand_ins"][0]["for"] == "head"
    assert verified(office).first_bad is None


def test_a_stand_in_takes_a_step_of_the_absent_head(office: Office) -> None:
    case_no = a_case(office, "handler1")
    stand_in(office, "head", "handler3", "head", days=(TODAY, AWAY[1]))
    taken = TakeStep(case_no, "decline_filing", "handler3", {"ground": "未发现违法"})
    verify = TakeStep(case_no, "verify", "lead", {"officers": "handler1,handler2"})

    with office.store.writing() as work:
        take_step(office, work, verify)
        move = take_step(office, work, taken)

    assert move.after.state == "not_filed"


@pytest.mark.parametrize(
    ("actor", "absent", "held"),
    [
        ("head", "head", "head"),
        ("handler_head", "head", "head"),
        ("admin", "head", "head"),
        ("lead", "reviewer", "reviewer"),
        ("head", "lead", "lead"),
        ("reviewer", "reviewer", "reviewer"),
    ],
)
def test_a_stand_in_is_set_by_the_absent_one_his_lead_or_head_or_the_administrator(
    office: Office, actor: str, absent: str, held: str
) -> None:
    assert stand_in(office, actor, "handler3", absent, held).stand_in.for_name == absent


@pytest.mark.parametrize(("actor", "absent"), [("lead", "head"), ("handler1", "head"), ("county_head", "head")])
def test_others_set_none(office: Office, actor: str, absent: str) -> None:
    with pytest.raises(Forbidden):
        stand_in(office, actor, "handler3", absent)


def test_whoever_stands_in_cannot_pass_it_on(office: Office) -> None:
    stand_in(office, "head", "lead", "head")
    it_is(office, AWAY[0])

    passed_on = refused(lambda: stand_in(office, "lead", "handler3", "lead"))
    with pytest.raises(Forbidden):
        stand_in(office, "lead", "handler3", "head")

    assert passed_on == ["stand_in.chain"]


@pytest.mark.parametrize(
    ("actor", "name", "absent", "held", "reason", "codes"),
    [
        ("admin", "handler3", "admin", "administrator", "病假", ["stand_in.administrator"]),
        ("head", "handler3", "lead", "reviewer", "病假", ["stand_in.not_held"]),
        ("head", "head", "lead", "lead", "病假", ["staff.own"]),
        ("head", "handler3", "head", "head", " ", ["reason.missing"]),
        ("admin", "admin", "admin", "administrator", "病假", None),
    ],
)
def test_a_stand_in_that_cannot_be(
    office: Office, actor: str, name: str, absent: str, held: str, reason: str, codes: list[str] | None
) -> None:
    if codes is None:
        with pytest.raises(InputWrong):
            stand_in(office, actor, name, absent, held, reason=reason)
        return
    assert refused(lambda: stand_in(office, actor, name, absent, held, reason=reason)) == codes


def test_stand_ins_at_the_same_time_are_shown_and_the_same_one_is_refused(office: Office) -> None:
    first = stand_in(office, "head", "lead", "head")
    second = stand_in(office, "head", "handler3", "head", days=(AWAY[1], date(2018, 9, 5)))

    again = refused(lambda: stand_in(office, "head", "lead", "head"))

    assert (first.overlapping, second.overlapping) == ((), (first.stand_in,))
    assert again == ["stand_in.exists"]


def test_a_role_that_is_not_held_throughout_is_warned_of(office: Office) -> None:
    ended(office, "admin", "reviewer", "reviewer", None, date(2018, 8, 25))

    done = stand_in(office, "lead", "handler3", "reviewer", "reviewer")

    assert [w.code for w in done.warnings] == ["stand_in.partly"]
    assert held(office, "handler3", "reviewer", date(2018, 8, 25))
    assert not held(office, "handler3", "reviewer", date(2018, 8, 26))


def test_standing_in_ends_early_and_what_has_not_begun_is_taken_out(office: Office) -> None:
    stand_in(office, "head", "lead", "head")
    stand_in(office, "head", "lead", "head", days=(date(2018, 9, 10), date(2018, 9, 12)))

    def end(on: date) -> Any:
        return as_(office, "head", lambda o, w, a: end_stand_ins(o, w, a, "lead", "head", None, None, on))

    before = end(date(2018, 8, 25))

    assert [one.from_on for one in before] == [AWAY[0], date(2018, 9, 10)]
    with office.store.reading() as work:
        assert load_people(work).stand_ins == (StandIn("lead", "head", "suzhou", "head", AWAY[0], date(2018, 8, 25)),)
    assert [one["to_on"] for one in said(office)["stand_ins"]] == ["2018-08-25", None]
    assert verified(office).first_bad is None
    with pytest.raises(NotFound):
        end(date(2018, 8, 25))


# --- leaving --------------------------------------------------------------------------------------------------------


def test_whoever_has_left_acts_no_more_from_the_day_after(office: Office) -> None:
    leaves(office, "head", "reviewer", AWAY[0])

    assert held(office, "reviewer", "reviewer", AWAY[0])
    assert not held(office, "reviewer", "reviewer", AWAY[0] + timedelta(days=1))
    assert said(office) == {"act": "leave", "name": "reviewer", "left_on": "2018-08-20", "before": None}
    assert verified(office).first_bad is None


def test_nobody_leaves_while_he_holds_open_cases(office: Office) -> None:
    a_case(office, "handler1")

    with pytest.raises(TransitionRefused) as caught:
        leaves(office, "head", "handler1")

    (reason,) = caught.value.refusals
    assert (reason.code, reason.facts["cases"]) == ("cases.held", ["suzhou-2018-0001"])
    assert reason.remedy is not None
    assert str(reason.remedy.command).startswith("anjuan case hand-over --from handler1 ")
    assert held(office, "handler1", "handler", date(2099, 1, 1))


def test_the_last_administrator_stays(office: Office) -> None:
    assert refused(lambda: leaves(office, "admin", "admin")) == ["administrator.last"]
    role(office, "admin", "province", "administrator")

    leaves(office, "province", "admin")

    assert held(office, "admin", "administrator", TODAY, "jiangsu")


def test_another_last_day_takes_the_place_of_the_first_and_the_same_is_refused(office: Office) -> None:
    leaves(office, "head", "handler3", AWAY[0])

    assert refused(lambda: leaves(office, "head", "handler3", AWAY[0])) == ["person.left"]
    leaves(office, "head", "handler3", AWAY[1])

    assert said(office)["before"] == "2018-08-20"
    assert verified(office).first_bad is None


def test_whoever_is_going_to_leave_may_still_be_given_a_role_until_then(office: Office) -> None:
    ended(office, "head", "reviewer", "reviewer", None, AWAY[0])
    leaves(office, "head", "reviewer", AWAY[1])

    longer = role(office, "lead", "reviewer", "reviewer", None, None, AWAY[1])

    assert longer.term == Term(None, AWAY[1])
    assert refused(lambda: role(office, "lead", "reviewer", "handler", None, date(2018, 9, 1))) == ["person.left"]


def test_whoever_has_left_gets_nothing_more(office: Office) -> None:
    leaves(office, "head", "handler3", date(2018, 8, 10))

    assert refused(lambda: role(office, "lead", "handler3", "reviewer")) == ["person.left"]
    assert refused(lambda: certify(office, "lead", "handler3", "苏-3", OTHER)) == ["person.left"]
    assert refused(lambda: stand_in(office, "head", "handler3", "head")) == ["person.left"]


# --- the record -----------------------------------------------------------------------------------------------------


def test_a_refused_act_changes_nothing_and_is_on_record_in_the_unit(office: Office) -> None:
    with office.store.reading() as work:
        before = len(entries_of(work, STORE_BOOK))

    with pytest.raises(TransitionRefused) as caught:
        role(office, "lead", "lead", "head")
    as_(office, "lead", lambda o, w, a: record_refused(o, w, caught.value, a.name))

    with office.store.reading() as work:
        last = entries_of(work, unit_book("suzhou"))[-1]
        assert len(entries_of(work, STORE_BOOK)) == before
    assert (last.kind, last.step, last.said()["effects"]) == ("refusal", "staff_role", {"refused": ["staff.own"]})
    assert verified(office).first_bad is None


@pytest.fixture
def changed(office: Office) -> Office:
    """One entry of each act: 2 added, 3 role, 4 certificate, 5 stand-in, 6 role ended, 7 left."""
    added = Person("handler4", "办案四", "suzhou", frozenset({("suzhou", "handler")}))
    as_(office, "lead", lambda o, w, a: take_on(o, w, a, added))
    role(office, "lead", "county_reviewer", "reviewer", "suzhou", *AWAY)
    certify(office, "lead", "handler_expired", "练习-0004", OTHER)
    stand_in(office, "head", "lead", "head")
    ended(office, "lead", "county_reviewer", "reviewer", "suzhou", date(2018, 8, 25))
    leaves(office, "head", "handler3", AWAY[1])
    return office


def test_every_change_of_staff_verifies(changed: Office) -> None:
    assert verified(changed).first_bad is None


TAMPERED = [
    ("UPDATE staff SET unit = 'kunshan' WHERE name = 'handler1'", (STORE_BOOK, 1)),
    ("UPDATE staff SET zh = 'x' WHERE name = 'handler4'", (STORE_BOOK, 2)),
    ("UPDATE staff SET account = 'thief' WHERE name = 'head'", (STORE_BOOK, 1)),
    ("UPDATE staff SET left_on = NULL WHERE name = 'handler3'", (STORE_BOOK, 7)),
    ("DELETE FROM staff_role WHERE name = 'handler4'", (STORE_BOOK, 2)),
    ("UPDATE staff_role SET to_on = NULL WHERE name = 'county_reviewer' AND unit = 'suzhou'", (STORE_BOOK, 6)),
    (
        "INSERT INTO staff_role (name, unit, role) VALUES ('handler1', 'suzhou', 'head')",
        ("staff_role:handler1:suzhou:head", 0),
    ),
    ("UPDATE certificate SET to_on = '2099-12-31' WHERE number = '练习-0004'", (STORE_BOOK, 4)),
    ("UPDATE certificate SET name = 'lead' WHERE number = '练习-0001'", (STORE_BOOK, 1)),
    (
        "INSERT INTO certificate (number, name, from_on, to_on) VALUES ('假-1', 'lead', '2000-01-01', '2099-12-31')",
        ("certificate:假-1", 0),
    ),
    ("UPDATE stand_in SET to_on = '2018-12-31'", (STORE_BOOK, 5)),
    ("DELETE FROM stand_in", (STORE_BOOK, 5)),
    (
        "INSERT INTO stand_in (name, for_name, unit, role, from_on, to_on) "
        "VALUES ('handler1', 'head', 'suzhou', 'head', '2018-01-01', '2018-12-31')",
        ("stand_in:handler1:head:suzhou:head:2018-01-01", 0),
    ),
    ("UPDATE unit SET parent = NULL WHERE id = 'kunshan'", (STORE_BOOK, 1)),
]


@pytest.mark.parametrize(("statement", "where"), TAMPERED)
def test_staff_that_was_changed_past_the_record_is_found(
    changed: Office, statement: str, where: tuple[str, int]
) -> None:
    tamper(changed.store, statement)

    bad = verified(changed).first_bad

    assert bad is not None
    assert (bad.book, bad.seq) == where


# --- helpers --------------------------------------------------------------------------------------------------------


def a_case(office: Office, by: str) -> str:
    answers = {"title": "测试影视站", "source": "report", "respondent": "某公司", "respondent_kind": "unit"}
    with office.store.writing() as work:
        return open_case(office, work, OpenCase("case", by, answers)).after.case_no


def test_the_reminders_of_a_certificate_are_planned_with_it(office: Office) -> None:
    certify(office, "lead", "handler1", "苏-1", (TODAY, date(2018, 12, 31)))
    with pytest.raises(AnjuanError):
        certify(office, "lead", "handler1", "练习-0002", (TODAY, date(2018, 12, 31)))

    assert today(office.clock) == TODAY
    with office.store.reading() as work:
        rungs = [r for r in due_rungs(work, date(2018, 12, 31)) if r.kind == CERTIFICATE]
    # 2018-11-01 is a Thursday; 2018-12-01 a Saturday, so Friday the 30th; 2018-12-24 a Monday.
    assert [(r.subject, r.rung_days, r.send_on.isoformat()) for r in rungs] == [
        ("苏-1", 60, "2018-11-01"),
        ("苏-1", 30, "2018-11-30"),
        ("苏-1", 7, "2018-12-24"),
    ]
