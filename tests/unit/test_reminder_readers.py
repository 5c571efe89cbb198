"""Who hears of a rung, why, and with which command; and when a rung is no longer true."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from engine.agenda import Rung
from engine.case_view import CaseView
from engine.courses import Course
from engine.deadlines import Deadline, new_deadline
from engine.definitions import Definition, steps_that_meet
from engine.ladder_checks import shipped_ladders
from engine.limit_checks import shipped_time_limits
from engine.people import People, Person, Unit
from engine.period_values import Pause
from engine.working_days import shipped_working_days
from notifications.readers import readers_of_deadline, readers_of_obligation, way_to_meet
from notifications.truth import by_subject, deadline_untrue, later_keys
from workflows.definition_files import shipped_definitions

ON = date(2022, 3, 1)
UNITS = (Unit("city", "某市版权局", "city", None), Unit("county", "某县版权局", "county", "city"))


def a_person(name: str, *roles: str, unit: str = "county") -> Person:
    return Person(name, f"姓名{name}", unit, frozenset((unit, role) for role in roles), (), f"{name}@office.example")


@cache
def the_definition() -> Definition:
    natures = {limit.id: limit.nature for limit in shipped_time_limits().values()}
    return shipped_definitions(natures)["case"]


def a_deadline(rule: str, *remind: str) -> Deadline:
    limit = shipped_time_limits()[rule]
    version = limit.choose(date(2022, 3, 1))
    assert version is not None
    made = new_deadline(limit, version, rule, "hash", shipped_working_days(), started_on=date(2022, 3, 1))
    return replace(made, terms=replace(made.terms, remind=remind)) if remind else made


def a_case(state: str, deadline: Deadline, *, holders: tuple[str, ...] = ("h1",)) -> CaseView:
    return CaseView(
        case_no="county-2022-0001",
        workflow="case",
        definition=the_definition().hash,
        state=state,
        ended=the_definition().states[state].end,
        version=1,
        unit="county",
        title="某案",
        holders=holders,
        facts={},
        trail=(),
        deadlines={deadline.id: deadline},
        parties=(),
        campaigns=(),
        passes=(),
        children=(),
        parent=None,
        opened_on=date(2022, 3, 1),
        last_on=date(2022, 3, 1),
        last_at=None,
        recorded_at="",
        head_seq=1,
        head_hash="",
    )


def a_rung(deadline: Deadline, days: int = 3, *, due_on: date | None = None) -> Rung:
    due = due_on or deadline.due_on
    book = "case:county-2022-0001"
    return Rung(book, "deadline", deadline.id, "county", days, due, due, due)


def untrue(case: CaseView, rung: Rung) -> str | None:
    deadline = case.deadlines.get(rung.subject)
    ending = steps_that_meet(the_definition(), deadline.rule) if deadline else ()
    still_open = any(case.state in the_definition().steps[name].from_ for name in ending)
    reason = deadline_untrue(rung, case, still_open=still_open)
    return reason.zh if reason else None


def test_somebody_in_two_roles_hears_once_and_is_told_both() -> None:
    people = People(UNITS, [a_person("h1", "handler", "lead"), a_person("h2", "handler")])
    deadline = a_deadline("complaint_decision")

    readers = readers_of_deadline(people, the_definition(), a_case("complaint", deadline), deadline, ON)

    assert [reader.name for reader in readers] == ["h1"]
    assert readers[0].why_zh == "您是本案办案人员、承办机构负责人"
    assert readers[0].why_en == "you are the case handler and the unit lead of this case"


def test_a_role_is_heard_from_above_only_where_the_workflow_says_so() -> None:
    people = People(UNITS, [a_person("s", "supervisor", unit="city"), a_person("l", "lead", unit="city")])
    deadline = a_deadline("complaint_decision", "supervisor", "lead")

    readers = readers_of_deadline(people, the_definition(), a_case("complaint", deadline), deadline, ON)

    assert [reader.name for reader in readers] == ["s"]


def test_whoever_is_in_charge_hears_where_the_roles_are_vacant() -> None:
    people = People(UNITS, [a_person("boss", "head", unit="city")])
    deadline = a_deadline("complaint_decision")

    readers = readers_of_deadline(people, the_definition(), a_case("complaint", deadline, holders=()), deadline, ON)

    assert [reader.name for reader in readers] == ["boss"]
    assert readers[0].why_zh == "您是机关负责人，本案应接收提醒的人员空缺"


def test_a_handler_who_is_no_longer_there_has_no_address() -> None:
    deadline = a_deadline("complaint_decision", "handler")

    [reader] = readers_of_deadline(People(UNITS, []), the_definition(), a_case("complaint", deadline), deadline, ON)

    assert (reader.name, reader.address) == ("h1", "")


@pytest.mark.parametrize(
    ("staff", "heard"),
    [
        ([("c", "campaign_office"), ("l", "lead"), ("b", "head")], ["c"]),
        ([("l", "lead"), ("b", "head")], ["l"]),
        ([("b", "head")], ["b"]),
        ([], ["above"]),
    ],
)
def test_an_obligation_goes_to_the_campaign_office_or_whoever_stands_in(
    staff: list[tuple[str, str]], heard: list[str]
) -> None:
    people = People(UNITS, [*(a_person(*one) for one in staff), a_person("above", "campaign_office", unit="city")])

    readers = readers_of_obligation(people, "county", ON)

    assert [reader.name for reader in readers] == heard
    assert "某县版权局" in readers[0].why_zh


@pytest.mark.parametrize(
    ("rule", "state", "zh", "command"),
    [
        ("complaint_decision", "complaint", "受理或者不予受理", "anjuan case why county-2022-0001 accept"),
        # The step that is open now is the one to type; all that would meet the limit are named.
        ("decision_limit", "notified", "作出处罚决定或者作出不予处罚决定", "anjuan case why county-2022-0001 decide"),
        (
            "decision_limit",
            "investigating",
            "作出处罚决定或者作出不予处罚决定",
            "anjuan case why county-2022-0001 decide",
        ),
        ("reconsideration", "served", "查看案件", "anjuan case show county-2022-0001"),
    ],
)
def test_the_mail_names_the_step_that_meets_the_deadline(rule: str, state: str, zh: str, command: str) -> None:
    deadline = a_deadline(rule)

    way = way_to_meet(the_definition(), a_case(state, deadline), deadline)

    assert (way.zh, way.command) == (zh, command)


def test_a_running_deadline_with_the_same_day_is_true() -> None:
    deadline = a_deadline("complaint_decision")

    assert untrue(a_case("complaint", deadline), a_rung(deadline)) is None


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"state": "met", "ended_on": date(2022, 3, 4)}, "已于2022-03-04办理"),
        ({"state": "stopped"}, "期限已终止"),
        ({"state": "stopped", "note": "waived"}, "当事人已放弃该项权利"),
        (
            {"state": "paused", "course": Course(date(2022, 3, 1), pauses=(Pause(date(2022, 3, 2), None),))},
            "期限已中止",
        ),
        ({"due_on": date(2022, 3, 18)}, "期限已改为2022-03-18"),
        ({"id": "another"}, "启动该期限的步骤已撤回"),
    ],
)
def test_what_became_of_the_deadline_is_the_reason(change: dict[str, object], why: str) -> None:
    deadline = a_deadline("complaint_decision")
    now = replace(deadline, **change)  # type: ignore[arg-type]

    assert untrue(a_case("complaint", now), a_rung(deadline)) == why


def test_a_closed_case_is_quiet_except_for_what_is_still_owed_there() -> None:
    service, publication = a_deadline("service_of_decision"), a_deadline("publication")

    assert untrue(a_case("closed", service), a_rung(service)) == "案件已结案"
    assert untrue(a_case("closed", publication), a_rung(publication)) is None


def test_rungs_of_one_subject_stand_together_the_latest_first() -> None:
    complaint, other = a_deadline("complaint_decision"), a_deadline("publication")
    rungs = [a_rung(complaint, 7), a_rung(other, 0), a_rung(complaint, 1), a_rung(complaint, 3)]

    groups = list(by_subject(rungs))

    assert [[(rung.subject, rung.rung_days) for rung in group] for group in groups] == [
        [("complaint_decision", 1), ("complaint_decision", 3), ("complaint_decision", 7)],
        [("publication", 0)],
    ]


def test_a_moved_deadline_is_a_subject_of_its_own() -> None:
    deadline = a_deadline("complaint_decision")
    rungs = [a_rung(deadline, 0), a_rung(deadline, 7, due_on=date(2022, 3, 25))]

    assert [len(group) for group in by_subject(rungs)] == [1, 1]


def test_later_rungs_are_known_by_their_keys() -> None:
    rung = a_rung(a_deadline("complaint_decision"), 3, due_on=date(2022, 3, 16))

    stem = "case:county-2022-0001:county:complaint_decision:2022-03-16"
    # Under any ladder of time limits: which of them the limit had when the mail was made, no mail says.
    expected = tuple(f"{stem}:{number}" for number in (1, 0, -1, -2, -3, -5, -7))
    assert later_keys(rung, shipped_ladders()) == expected
