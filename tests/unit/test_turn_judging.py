"""Acts on a running limit are judged: every reason at once, by the law and the kind of authority of the day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest
from builders import PEOPLE, a_case, day

from engine.clock import SHANGHAI
from engine.courses import Course
from engine.deadline_orders import TurnDeadline, TurnKind
from engine.deadline_turns import extended, paused
from engine.deadlines import Deadline, ended, new_deadline
from engine.definitions import Definition, definition_from
from engine.errors import Refusal
from engine.judging import Surroundings
from engine.law_book import AUTHORITY, LawBook, Parameter
from engine.period_values import Basis, Extension, Length, Pause
from engine.time_limits import TimeLimit
from engine.turn_judging import judge_turn
from engine.working_days import shipped_working_days

CALENDAR = shipped_working_days()
SAID = {"basis": "某法第一条", "source": "test", "confidence": "V1"}


def ground(id: str, by: str, **more: object) -> dict[str, object]:
    return {"id": id, "zh": f"{id}事由", "en": f"ground {id}", "by": [by], **SAID, **more}


LIMIT = TimeLimit.model_validate(
    {
        "id": "thirty_days",
        "zh": "三十日",
        "en": "Thirty days",
        "nature": "duty",
        "remind": ["handler"],
        "expiry": {"zh": "逾期", "en": "late"},
        "versions": [
            {"from": None, "to": "2021-07-14", "readings": [{"length": "+30cd", "roll": "none"}], **SAID},
            {
                "from": "2021-07-15",
                "to": None,
                "readings": [{"length": "+30cd", "roll": "none"}],
                "exclusions": [
                    ground("appraisal", "lead"),
                    ground("hearing", "lead", authorities=["market_regulation"]),
                    ground("police", "head", most_days="10"),
                ],
                "extensions": [ground("complex", "head", most="+30cd", times="2")],
                "restarts": [ground("not_told", "handler", latest="+1yr")],
                **SAID,
            },
        ],
    }
)
DEFINITION: Definition = definition_from(
    {
        "workflow": "w",
        "zh": "流程",
        "en": "workflow",
        "roles": {name: {"zh": name, "en": name} for name in ("handler", "lead", "head")},
        "open": {"to": "open", "by": ["handler"], "title": "title"},
        "states": {"open": {"zh": "开", "en": "open", "stage": "s"}},
        "steps": {},
    }
)


def around(today: str, kind: str = "copyright_bureau") -> Surroundings:
    parameter = Parameter.model_validate(
        {"id": AUTHORITY, "zh": "类别", "en": "kind", "versions": [{"values": {"default": kind}, **SAID}]}
    )
    law = LawBook([LIMIT], [parameter], CALENDAR)
    noon = datetime.combine(day(today), datetime.min.time(), SHANGHAI)
    return Surroundings(PEOPLE, law, {}, noon)


def a_deadline(start: str = "2025-09-01", **changes: object) -> Deadline:
    """Thirty days from 1 September 2025: they end on 1 October."""
    made = new_deadline(
        LIMIT,
        LIMIT.version_on(day(start)),
        "thirty_days",
        "h",
        CALENDAR,
        started_on=day(start),
        course=Course(day(start)),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def refusals(
    kind: TurnKind,
    deadline: Deadline,
    *,
    by: str = "lead",
    on: str | None = None,
    today: str = "2025-09-10",
    ground: str = "appraisal",
    reason: str = "送检",
    number: int = 0,
    authority: str = "copyright_bureau",
) -> list[Refusal]:
    order = TurnDeadline(kind, "suzhou-2018-0001", deadline.id, by, reason, ground, day(on) if on else None, number)
    case = a_case("open", deadlines=(deadline,))
    verdict = judge_turn(order, case, deadline, PEOPLE.person(by), DEFINITION, around(today, authority))
    return list(verdict.refusals)


def codes(*args: object, **more: object) -> list[str]:
    return [r.code for r in refusals(*args, **more)]  # type: ignore[arg-type]


def stopped_from(deadline: Deadline, first: str, last: str | None = None, most_days: int | None = None) -> Deadline:
    """The deadline paused on those days, both inclusive."""
    made = paused(deadline, Pause(day(first), day(last) if last else None, Basis("appraisal"), most_days), CALENDAR)
    return made if last is None else replace(made, state="running")


def more_days(deadline: Deadline, *numbers: int) -> Deadline:
    for number in numbers:
        deadline = extended(deadline, Extension(Length(number, "cd"), Basis("complex")), CALENDAR)
    return deadline


def test_an_act_with_its_ground_its_role_and_its_reason_is_allowed() -> None:
    running, waiting = a_deadline(), stopped_from(a_deadline(), "2025-09-05")

    assert codes("pause", running) == []
    assert codes("extend", running, by="head", ground="complex", number=30) == []
    assert codes("restart", running, by="handler1", ground="not_told") == []
    assert codes("resume", waiting, ground="", reason="") == []


def test_a_ground_may_be_left_out_where_the_rule_knows_one_only() -> None:
    assert codes("extend", a_deadline(), by="head", ground="", number=1) == []
    assert codes("pause", a_deadline(), ground="") == ["ground.missing"]


def test_an_unknown_ground_names_those_there_are() -> None:
    (refusal,) = refusals("pause", a_deadline(), ground="weather")

    assert refusal.code == "ground.unknown"
    assert refusal.facts["grounds"] == ["appraisal", "police"]
    assert "appraisal（appraisal事由）" in refusal.zh
    assert "appraisal (ground appraisal)" in refusal.en


def test_a_ground_of_another_kind_of_authority_is_not_known() -> None:
    assert codes("pause", a_deadline(), ground="hearing") == ["ground.unknown"]
    assert codes("pause", a_deadline(), ground="hearing", authority="market_regulation") == []


def test_the_law_of_the_day_of_the_act_must_know_a_ground() -> None:
    running = a_deadline("2021-07-01")  # to 2021-07-31: it began under the old version and runs on under the new

    assert codes("pause", running, on="2021-07-14", today="2021-07-20") == ["ground.none"]
    assert codes("pause", running, on="2021-07-15", today="2021-07-20") == []


def test_every_reason_is_told_at_once() -> None:
    found = codes("extend", more_days(a_deadline(), 20, 10), reason=" ", ground="complex", number=1, on="2025-09-20")

    assert found == ["date.in_future", "reason.missing", "role.missing", "extension.used_up", "extension.above_cap"]


def test_only_the_roles_of_the_ground_may() -> None:
    (refusal,) = refusals("extend", a_deadline(), by="handler1", ground="complex", number=5)

    assert refusal.code == "role.missing"
    assert [holder.name for holder in refusal.who_can] == ["head"]


def test_whoever_may_pause_under_a_ground_may_end_it() -> None:
    waiting = stopped_from(a_deadline(), "2025-09-05")

    assert codes("resume", waiting, by="handler1") == ["role.missing"]
    assert codes("resume", waiting, by="lead") == []


@pytest.mark.parametrize(
    ("granted", "asked", "code"),
    [((), 30, None), ((), 31, "extension.above_cap"), ((10,), 20, None), ((10,), 21, "extension.above_cap")],
)
def test_an_extension_stays_under_its_cap_taken_together(
    granted: tuple[int, ...], asked: int, code: str | None
) -> None:
    found = refusals("extend", more_days(a_deadline(), *granted), by="head", ground="complex", number=asked)

    assert [r.code for r in found] == ([code] if code else [])
    assert code is None or found[0].facts["left"] == 30 - sum(granted)


def test_what_may_be_granted_twice_is_not_granted_a_third_time() -> None:
    assert codes("extend", more_days(a_deadline(), 1, 1), by="head", ground="complex", number=1) == [
        "extension.used_up"
    ]


@pytest.mark.parametrize(("on", "code"), [("2025-10-01", None), ("2025-10-02", "deadline.passed")])
def test_the_last_day_is_the_last_on_which_it_can_be_paused_or_extended(on: str, code: str | None) -> None:
    wanted = [code] if code else []

    assert codes("pause", a_deadline(), on=on, today="2025-10-05") == wanted
    assert codes("extend", a_deadline(), by="head", ground="complex", number=5, on=on, today="2025-10-05") == wanted


def test_what_happened_in_time_may_be_recorded_late() -> None:
    assert (
        codes("extend", a_deadline(), by="head", ground="complex", number=5, on="2025-09-30", today="2025-12-01") == []
    )


def test_a_limit_that_began_anew_may_begin_anew_after_its_end() -> None:
    assert codes("restart", a_deadline(), by="handler1", ground="not_told", today="2025-12-01") == []


def test_nothing_is_dated_before_the_limit_began_or_in_the_future() -> None:
    assert codes("pause", a_deadline(), on="2025-08-31") == ["date.before_previous"]
    assert codes("pause", a_deadline(), on="2025-09-01") == []
    assert codes("pause", a_deadline(), on="2025-09-11") == ["date.in_future"]


def test_a_pause_ends_on_the_day_it_began_at_the_earliest() -> None:
    waiting = stopped_from(a_deadline(), "2025-09-05")

    assert codes("resume", waiting, on="2025-09-04") == ["date.before_previous"]
    assert codes("resume", waiting, on="2025-09-05") == []


@pytest.mark.parametrize(
    ("on", "wanted"),
    [("2025-09-03", ["date.before_previous"]), ("2025-09-07", ["date.before_previous"]), ("2025-09-08", [])],
)
def test_days_that_were_paused_are_not_paused_twice(on: str, wanted: list[str]) -> None:
    again = stopped_from(a_deadline(), "2025-09-05", "2025-09-07")

    assert codes("pause", again, on=on) == wanted


def test_a_paused_limit_is_not_paused_again_nor_begun_anew_before_it_runs() -> None:
    waiting = stopped_from(a_deadline(), "2025-09-05")

    assert codes("pause", waiting) == ["deadline.paused"]
    assert codes("restart", waiting, by="handler1", ground="not_told") == ["deadline.paused"]


def test_a_pause_that_its_cap_has_ended_is_no_obstacle() -> None:
    capped = stopped_from(a_deadline(), "2025-09-01", most_days=5)  # the 1st to the 5th

    assert codes("pause", capped, on="2025-09-05") == ["date.before_previous", "deadline.paused"]
    assert codes("pause", capped, on="2025-09-06") == []


def test_what_is_not_paused_cannot_be_resumed() -> None:
    (refusal,) = refusals("resume", a_deadline())

    assert refusal.code == "deadline.not_paused"
    assert refusal.remedy is not None
    assert refusal.remedy.command == "anjuan deadline proof suzhou-2018-0001 thirty_days"


@pytest.mark.parametrize("kind", ["pause", "resume", "extend", "restart"])
def test_what_has_ended_is_left_alone(kind: TurnKind) -> None:
    over = ended(a_deadline(), "met", day("2025-09-09"))

    assert "deadline.ended" in codes(kind, over, number=1)


@pytest.mark.parametrize(
    ("refused", "en"),
    [
        (
            lambda: refusals(
                "extend", a_deadline(), by="head", ground="complex", number=5, on="2025-10-02", today="2025-10-05"
            ),
            "on 2025-10-02 it can no longer be extended",
        ),
        (
            lambda: refusals("restart", ended(a_deadline(), "met", date(2025, 9, 9)), by="handler1", ground="not_told"),
            "cannot be begun anew",
        ),
        (
            lambda: refusals(
                "restart", a_deadline("2021-07-01"), by="handler1", on="2021-07-10", today="2021-07-12", ground=""
            ),
            "no ground on which it could be begun anew",
        ),
    ],
)
def test_the_sentences_are_english(refused: Callable[[], list[Refusal]], en: str) -> None:
    assert any(en in refusal.en for refusal in refused())
