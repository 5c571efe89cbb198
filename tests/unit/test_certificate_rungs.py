"""When a certificate is reminded of, and how long a role is held when time is added to it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from builders import law
from hypothesis import given
from hypothesis import strategies as st

from engine.agenda import certificate_rungs
from engine.people import ADMINISTRATOR, Certificate, People, Person, Term, Unit
from notifications.readers import readers_of_certificate
from notifications.truth import later_keys
from workflows.staff_roles import _joined as joined

ON = date(2018, 11, 1)
DAYS = st.dates(date(2018, 1, 1), date(2018, 12, 31))
ENDS = date(2018, 12, 31)


def rungs(from_on: date, ends: date = ENDS) -> dict[int, str]:
    found = certificate_rungs("store", "suzhou", Certificate("苏-1", date(2018, 1, 1), ends), law(), from_on)
    return {rung.rung_days: rung.send_on.isoformat() for rung in found}


@pytest.mark.parametrize(
    ("from_on", "expected"),
    [
        (date(2018, 1, 1), {60: "2018-11-01", 30: "2018-11-30", 7: "2018-12-24"}),
        (date(2018, 11, 1), {60: "2018-11-01", 30: "2018-11-30", 7: "2018-12-24"}),
        # The latest that was missed goes out at once, those before it not at all.
        (date(2018, 11, 2), {60: "2018-11-01", 30: "2018-11-30", 7: "2018-12-24"}),
        (date(2018, 12, 1), {30: "2018-11-30", 7: "2018-12-24"}),
        (date(2018, 12, 25), {7: "2018-12-24"}),
        (date(2018, 12, 31), {7: "2018-12-24"}),
        (date(2019, 1, 1), {}),
    ],
)
def test_rungs_stand_60_30_and_7_days_before_the_last_day(from_on: date, expected: dict[int, str]) -> None:
    assert rungs(from_on) == expected


@given(ends=DAYS, from_on=DAYS)
def test_at_most_one_rung_is_late_and_every_valid_certificate_has_one(ends: date, from_on: date) -> None:
    found = rungs(from_on, ends)

    assert bool(found) == (ends >= from_on)
    assert sum(send_on < from_on.isoformat() for send_on in found.values()) <= 1
    assert set(found) <= {60, 30, 7}


def test_a_later_reminder_of_a_certificate_takes_the_place_of_an_earlier_one() -> None:
    first = certificate_rungs("store", "suzhou", Certificate("苏-1", ON, ENDS), law(), ON)[0]

    assert later_keys(first, law().ladders) == ("store:suzhou:苏-1:2018-12-31:30", "store:suzhou:苏-1:2018-12-31:7")


def a_person(name: str, *roles: str, unit: str = "county") -> Person:
    return Person(name, f"姓名{name}", unit, frozenset((unit, role) for role in roles), (), f"{name}@office.example")


UNITS = (Unit("city", "某市版权局", "city", None), Unit("county", "某县版权局", "county", "city"))


@pytest.mark.parametrize(
    ("staff", "readers"),
    [
        ([a_person("lead", "lead"), a_person("head", "head")], ["officer", "lead", "admin"]),
        ([a_person("head", "head")], ["officer", "head", "admin"]),
        ([a_person("city_lead", "lead", unit="city")], ["officer", "city_lead", "admin"]),
        ([], ["officer", "admin"]),
    ],
)
def test_officer_lead_else_head_and_administrator_hear_of_it(staff: list[Person], readers: list[str]) -> None:
    officer, admin = a_person("officer", "handler"), a_person("admin", ADMINISTRATOR, unit="city")
    people = People(UNITS, [officer, admin, *staff])

    assert [reader.name for reader in readers_of_certificate(people, officer, ON)] == readers


def test_whoever_is_all_of_them_hears_once_as_the_one_whose_certificate_it_is() -> None:
    officer = a_person("officer", "handler", "lead", ADMINISTRATOR)
    people = People(UNITS, [officer])

    (reader,) = readers_of_certificate(people, officer, ON)

    assert (reader.name, reader.why_zh) == ("officer", "这是您的执法证")


# --- time added to a role -------------------------------------------------------------------------------------------

OPEN_DAYS = st.one_of(st.none(), DAYS)


@given(begins=OPEN_DAYS, ends=OPEN_DAYS, first=DAYS, length=st.one_of(st.none(), st.integers(0, 200)), probe=DAYS)
def test_time_that_touches_what_is_held_adds_exactly_those_days(
    begins: date | None, ends: date | None, first: date, length: int | None, probe: date
) -> None:
    if begins is not None and ends is not None and ends < begins:
        begins, ends = ends, begins
    before, last = Term(begins, ends), first + timedelta(days=length) if length is not None else None
    added = Term(first, last)

    term = joined(before, first, last, ON)

    one = timedelta(days=1)
    touches = (ends is None or first <= ends + one) and (begins is None or last is None or begins <= last + one)
    held = (before.covers(probe) or added.covers(probe)) if touches else added.covers(probe)
    assert term.covers(probe) == held
