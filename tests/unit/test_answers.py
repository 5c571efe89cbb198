"""What was typed becomes answers: typed values, or a reason with the answer's name and what is allowed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.answers import Known, understand
from engine.definitions import Answer, Words
from engine.people import People, Person
from engine.working_days import shipped_working_days

TODAY = date(2018, 9, 26)  # a Wednesday; both days of the weekend after it are worked, then seven days rest
KNOWN = Known(People((), [Person("handler1", "办案一", "suzhou", frozenset())]), TODAY, shipped_working_days())


def read(type_: Any, raw: Any, **more: Any) -> Any:
    """The value read, or the facts of the refusal."""
    understood = understand({"asked": Answer(zh="所问", en="asked", type=type_, **more)}, {"asked": raw}, KNOWN)
    return understood.refusals[0].facts if understood.refusals else understood.values["asked"]


READ = [
    ("date", "2018-09-15", "2018-09-15"),
    ("date", " today ", "2018-09-26"),
    ("date", "+5wd", "2018-10-08"),  # V04
    ("date", "+3d", "2018-09-29"),
    ("date", "-3d", "2018-09-23"),
    ("moment", "2018-09-15T16:30", "2018-09-15T16:30+08:00"),
    ("moment", "2018-09-15 08:30Z", "2018-09-15T16:30+08:00"),
    ("money", "60000000000", 60_000_000_000),
    ("integer", 12, 12),
    ("officers", "handler1，handler1", ["handler1"]),
    ("yes_no", True, "yes"),
    ("text", "  某案 ", "某案"),
    ("schedule", "2018-10-08=20000.00", [{"on": "2018-10-08", "fen": 2_000_000}]),
    (
        "schedule",
        " +5wd = 0.01 ，2018-11-01=30000.00, 2018-12-03=1.50",
        [{"on": "2018-10-08", "fen": 1}, {"on": "2018-11-01", "fen": 3_000_000}, {"on": "2018-12-03", "fen": 150}],
    ),
]


@pytest.mark.parametrize(("type_", "raw", "value"), READ)
def test_what_can_be_read_becomes_a_plain_value(type_: str, raw: Any, value: Any) -> None:
    assert read(type_, raw) == value


UNREADABLE = [
    ("date", "2018-02-30"),
    ("date", "+9999999wd"),
    ("date", "-9999wd"),
    ("date", "1066-10-14"),
    ("date", "tomorrow"),
    ("date", 20180915),
    ("moment", "2018-09-15"),
    ("moment", "2018-09-15T25:00"),
    ("money", "2500.00"),
    ("money", "-1"),
    ("money", "1" * 19),
    ("integer", True),
    ("officers", "nobody"),
    ("yes_no", "maybe"),
    ("schedule", "2018-10-08"),
    ("schedule", "2018-10-08=20000"),  # yuan or fen? so it is asked to the fen
    ("schedule", "2018-10-08=20,000.00"),
    ("schedule", "2018-10-08=20000.0"),
    ("schedule", "2018-10-08=0.00"),
    ("schedule", "2018-10-08=-1.00"),
    ("schedule", "=20000.00"),
    ("schedule", "2018-02-30=20000.00"),
    ("schedule", "2018-11-01=1.00,2018-10-08=1.00"),
    ("schedule", "2018-11-01=1.00,2018-11-01=1.00"),
    ("schedule", "2018-11-01=1.00,"),
    ("schedule", "2018-11-01=1.00;2018-12-01=1.00"),
    ("schedule", [{"on": "2018-11-01", "fen": 100}]),
    ("text", "a\x00b"),
    ("text", "\ud800"),
    ("text", "长" * 20_001),
]


@pytest.mark.parametrize(("type_", "raw"), UNREADABLE)
def test_what_cannot_be_read_is_refused_under_its_name(type_: str, raw: Any) -> None:
    assert read(type_, raw)["answer"] == "asked"


def test_a_choice_tells_what_is_allowed() -> None:
    choices = {"done": Words(zh="已完成", en="done"), "not_done": Words(zh="未整改", en="not done")}

    assert read("choice", "finished", choices=choices) == {"answer": "asked", "allowed": ["done", "not_done"]}
    assert read("choices", "done,not_done,done", choices=choices) == ["done", "not_done"]


def test_every_fault_is_said_at_once() -> None:
    ask = {
        "served_on": Answer(zh="送达日期", en="day of service", type="date"),
        "proof": Answer(zh="送达凭证", en="proof", type="text"),
        "late_ground": Answer(zh="理由", en="ground", type="text", optional=True),
    }

    understood = understand(ask, {"served_on": "x", "served_one": "2018-09-15", "late_ground": " "}, KNOWN)

    assert [(r.code, r.facts["answer"]) for r in understood.refusals] == [
        ("answer.invalid", "served_one"),
        ("answer.invalid", "served_on"),
        ("answer.missing", "proof"),
    ]
    assert understood.values == {}
