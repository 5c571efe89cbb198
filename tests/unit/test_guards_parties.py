"""The number of a party must be one that can exist, and of the kind of party that it is given for."""

from __future__ import annotations

import pytest
from builders import a_case, an_attempt

from workflows.parties import number_is_right

PERSON, UNIT = "11010519491231002X", "91350100M000100Y43"


def asked(number: str | None, kind: str | None) -> tuple[str, str] | None:
    said = {name: value for name, value in (("no", number), ("kind", kind)) if value is not None}
    found = number_is_right(a_case("lead"), an_attempt("add_party", "2018-09-03", **said), number="no", kind="kind")
    assert found is None or (found.code, found.facts["answer"]) == ("answer.invalid", "no")
    return (found.zh, found.remedy.zh) if found is not None and found.remedy is not None else None


@pytest.mark.parametrize(
    ("number", "kind"),
    [(None, "person"), (PERSON, "person"), ("１１０１０５ 19491231-002x", "person"), (UNIT, "unit"), (UNIT, None)],
)
def test_a_right_number_or_none_is_no_reason(number: str | None, kind: str | None) -> None:
    assert asked(number, kind) is None


def test_a_wrong_number_says_what_is_wrong_with_it() -> None:
    said = asked("110105194912310021", "person")

    assert said is not None
    assert "按前17位应为X" in said[0]


@pytest.mark.parametrize(
    ("number", "kind", "write"), [(PERSON, None, "person"), (PERSON, "unit", "person"), (UNIT, "person", "unit")]
)
def test_a_right_number_of_the_other_kind_asks_for_the_kind(number: str, kind: str | None, write: str) -> None:
    """Its last character would otherwise be called wrong, which it is not."""
    said = asked(number, kind)

    assert said is not None
    assert "与当事人类别（kind）不符" in said[0]
    assert f"--set kind={write}" in said[1]
