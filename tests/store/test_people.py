"""Adding staff and units: who may, what is refused, and that the record says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from engine.book_store import entries_of
from engine.clock import today
from engine.errors import Forbidden, InputWrong, NotFound
from engine.ledger import STORE_BOOK
from engine.office import Office
from engine.people import Certificate, Person, Unit
from engine.people_store import load_people
from workflows.staffing import known_roles, set_up, take_on


def _person(name: str = "handler4", unit: str = "suzhou", role: str = "handler", **more: object) -> Person:
    return Person(name, "办案四", unit, frozenset({(unit, role)}), **more)  # type: ignore[arg-type]


def _take_on(office: Office, actor: str, person: Person) -> None:
    with office.store.writing() as work:
        take_on(office, work, office.people.person(actor), person)


def test_somebody_added_is_there_with_roles_and_certificate(office: Office) -> None:
    added = _person(
        certificates=(Certificate("苏-4", date(2018, 1, 1), date(2020, 12, 31)),), email="h4@suzhou.example"
    )

    _take_on(office, "admin", added)

    with office.store.reading() as work:
        assert load_people(work).person("handler4") == added
    assert office.people.person("handler4").certified_on(date(2020, 12, 31))


def test_every_addition_is_an_entry_of_the_stores_book(office: Office) -> None:
    _take_on(office, "lead", _person())
    with office.store.writing() as work:
        set_up(office, work, office.people.person("admin"), "changshu", "常熟市版权局", "suzhou")
        entries = entries_of(work, STORE_BOOK)

    assert [(e.kind, e.actor) for e in entries] == [("founded", "admin"), ("staff", "lead"), ("unit", "admin")]
    assert entries[1].said()["effects"]["person"]["name"] == "handler4"
    assert entries[2].said()["effects"]["unit"] == {
        "id": "changshu",
        "zh": "常熟市版权局",
        "level": "county",
        "parent": "suzhou",
    }


@pytest.mark.parametrize("actor", ["admin", "lead", "head", "handler_head"])
def test_administrator_lead_and_head_may_add_staff_to_their_unit(office: Office, actor: str) -> None:
    _take_on(office, actor, _person())

    assert "handler4" in office.people.persons


@pytest.mark.parametrize("actor", ["handler1", "campaign_office", "county_head", "province"])
def test_others_may_not(office: Office, actor: str) -> None:
    with pytest.raises(Forbidden) as caught:
        _take_on(office, actor, _person())

    assert caught.value.code == "command.forbidden"
    assert "handler4" not in office.people.persons


def test_a_lead_cannot_make_an_administrator(office: Office) -> None:
    with pytest.raises(Forbidden):
        _take_on(office, "lead", _person(role="administrator"))

    _take_on(office, "admin", _person(role="administrator"))
    assert office.people.person("handler4").role_names() == ("administrator",)


def _with(**changes: object) -> Callable[[], Person]:
    return lambda: _person(**changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("person", "code"),
    [
        (_with(name="Handler4"), "name.invalid"),
        (_with(name="4handler"), "name.invalid"),
        (_with(name="h" * 41), "name.invalid"),
        (_with(name="handler1"), "person.exists"),
        (_with(role="handlr"), "role.unknown"),
        (_with(certificates=(Certificate("练习-0001", date(2018, 1, 1), date(2019, 1, 1)),)), "certificate.exists"),
        (_with(certificates=(Certificate("苏-4", date(2019, 1, 2), date(2019, 1, 1)),)), "certificate.invalid"),
        (_with(certificates=(Certificate(" ", date(2019, 1, 1), date(2019, 1, 1)),)), "certificate.invalid"),
        (_with(account="tester"), "account.taken"),
    ],
)
def test_what_cannot_be_is_refused(office: Office, person: Callable[[], Person], code: str) -> None:
    before = dict(office.people.persons)

    with pytest.raises(InputWrong) as caught:
        _take_on(office, "admin", person())

    assert caught.value.code == code
    with office.store.reading() as work:
        assert dict(load_people(work).persons) == before
        assert len(entries_of(work, STORE_BOOK)) == 1


def test_nobody_is_added_to_a_unit_that_is_not_there(office: Office) -> None:
    with pytest.raises(NotFound):
        _take_on(office, "admin", _person(unit="nowhere"))


def test_a_unit_stands_one_level_below_its_parent_and_its_parent_sees_it(office: Office) -> None:
    with office.store.writing() as work:
        actor = office.people.person("admin")
        city = set_up(office, work, actor, "wuxi", "无锡市版权局", "jiangsu")
        squad = set_up(office, work, actor, "squad", "执法中队", "kunshan")

    assert city == Unit("wuxi", "无锡市版权局", "city", "jiangsu")
    assert squad.level == "county"
    assert office.people.sees(office.people.person("province"), "wuxi", today(office.clock))
    assert not office.people.sees(office.people.person("head"), "wuxi", today(office.clock))


def test_a_unit_cannot_be_added_twice_or_below_nothing(office: Office) -> None:
    actor = office.people.person("admin")

    with office.store.writing() as work, pytest.raises(InputWrong) as twice:
        set_up(office, work, actor, "suzhou", "苏州", "jiangsu")
    with office.store.writing() as work, pytest.raises(NotFound):
        set_up(office, work, actor, "new", "新单位", "nowhere")

    assert twice.value.code == "unit.exists"


def test_the_roles_are_those_of_the_workflows_and_the_liaisons(office: Office) -> None:
    roles = set(known_roles(office))

    assert {"handler", "lead", "head", "reviewer", "hearing_officer", "finance", "archivist"} <= roles
    assert {"auditor", "comms", "cyberspace", "procurator", "province", "administrator"} <= roles
    assert roles >= {role for p in office.people.persons.values() for role in p.role_names()}
