"""The same party and the same work again: pointed out with the earlier cases, never a refusal. 广东省版权条例 §38."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from builders import a_case, an_attempt, taken

from engine.case_view import OtherCase, Party, StepTaken
from engine.errors import Refusal
from workflows.repeated_works import same_work_again

ON = "2025-09-01"


def penalty(on: str, **said: Any) -> StepTaken:
    return taken("decide", on, "head", **{"fine_fen": 1_000_000, "measures": ["fine"], **said})


def other(no: str, *trail: StepTaken, of: tuple[int, ...] = (1,), same_work: bool = True) -> OtherCase:
    return OtherCase(no, "case", "kunshan", trail, of, same_work)


def warned(*others: OtherCase, parties: tuple[int, ...] = (1,)) -> Refusal | None:
    seen = tuple(Party(n, "respondent", "unit", f"公司{n}") for n in parties)
    case = a_case("investigating", opened_on="2025-08-01", parties=seen)
    return same_work_again(case, replace(an_attempt("conclude", ON, "handler1"), history=others))


def test_the_earlier_case_is_named_with_its_day_and_unit() -> None:
    found = warned(other("kunshan-2025-0007", penalty("2025-06-01")))

    assert found is not None
    assert found.code == "work.again"
    assert found.facts["earlier"] == [
        {"on": "2025-06-01", "case_no": "kunshan-2025-0007", "unit": "kunshan", "criminal": False, "by": "both"}
    ]
    assert "kunshan-2025-0007（2025-06-01）" in found.zh
    assert "kunshan-2025-0007 (2025-06-01)" in found.en
    assert found.remedy is not None
    assert found.remedy.command == "anjuan case show kunshan-2025-0007"


def test_that_it_weighs_heavier_is_said_to_be_the_law_of_some_provinces_only() -> None:
    found = warned(other("kunshan-2025-0007", penalty("2025-06-01")))

    assert found is not None
    assert (found.facts["heavier"], found.facts["confidence"]) == (False, "practice")
    assert "核对本省规定" in found.zh
    assert "check your own rules" in found.en


@pytest.mark.parametrize(
    "alike",
    [
        other("a", penalty("2025-06-01"), same_work=False),  # the same party, another work
        other("a", penalty("2025-06-01"), of=()),  # the same work, somebody else
        other("a", penalty("2025-06-01"), of=(2,)),  # a party whom this step is not about
        other("a", penalty("2025-08-01")),  # punished no earlier than this case was opened
        other("a", penalty("2025-06-01", fine_fen=0, measures=["stop"])),  # no penalty
        other("a", taken("conclude", "2025-06-01")),  # not decided yet
    ],
)
def test_what_is_not_the_same_party_punished_before_over_the_same_work_is_passed_over(alike: OtherCase) -> None:
    assert warned(alike) is None


def test_many_earlier_cases_are_counted_and_the_last_one_is_looked_at() -> None:
    found = warned(*(other(f"kunshan-2025-{n:04}", penalty(f"2025-0{n}-01")) for n in range(1, 7)))

    assert found is not None
    assert len(found.facts["earlier"]) == 6
    assert "等6件" in found.zh
    assert "and 3 more" in found.en
    assert found.remedy is not None
    assert found.remedy.command == "anjuan case show kunshan-2025-0006"


def test_a_conviction_counts_too() -> None:
    convicted = taken("close", "2025-07-01", "head", result="referred", outcome="sentenced")

    found = warned(other("kunshan-2025-0007", convicted))

    assert found is not None
    assert [p["criminal"] for p in found.facts["earlier"]] == [True]
