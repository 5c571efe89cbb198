"""Every guard, condition and parameter of a guard has a name in both languages, and nothing else has."""

from __future__ import annotations

import pytest

from engine.guards import CONDITIONS, GUARDS, parameters_of
from workflows import guards
from workflows.guard_names import CONDITION_NAMES, GUARD_NAMES, PARAMETER_NAMES


@pytest.fixture(autouse=True)
def law() -> None:
    guards.known()


def of_the_law(registry: dict[str, object]) -> set[str]:
    """The registered names, but for those that tests register."""
    return {name for name, function in registry.items() if getattr(function, "__module__", "").startswith("workflows.")}


def test_every_guard_and_every_condition_is_named_and_no_other() -> None:
    assert set(GUARD_NAMES) == of_the_law({**GUARDS})
    assert set(CONDITION_NAMES) == of_the_law({**CONDITIONS})


def test_every_parameter_of_a_guard_is_named_and_no_other() -> None:
    assert set(PARAMETER_NAMES) == {parameter for name in GUARD_NAMES for parameter in parameters_of(name)}


@pytest.mark.parametrize("names", [GUARD_NAMES, CONDITION_NAMES, PARAMETER_NAMES])
def test_a_name_is_one_short_clause_and_means_one_thing(names: dict[str, tuple[str, str]]) -> None:
    for zh, en in names.values():
        assert 0 < len(zh) <= 24
        assert 0 < len(en) <= 60
        assert not zh.endswith("。")
        assert not en.endswith(".")
    if names is not PARAMETER_NAMES:  # two parameters may both hold a time limit
        assert len({zh for zh, _ in names.values()}) == len(names)
        assert len({en for _, en in names.values()}) == len(names)
