"""The registry of guards, conditions and choosers: pure named functions that definitions refer to.

A guard answers `None` (yes) or a `Refusal`. A condition answers yes or no: it decides whether a deadline starts or
which way an arc goes. The law that they carry lives in `workflows/`; this module only knows their names.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from engine.case_view import Attempt, CaseView
from engine.errors import Refusal

Guard = Callable[..., Refusal | None]
Condition = Callable[[CaseView, Attempt], bool]
G = TypeVar("G", bound=Callable[..., Refusal | None])
C = TypeVar("C", bound=Callable[[CaseView, Attempt], bool])

GUARDS: dict[str, Guard] = {}
CONDITIONS: dict[str, Condition] = {}


def guard(function: G) -> G:
    """Make a function known to definitions under its own name."""
    _once(GUARDS, function.__name__)
    GUARDS[function.__name__] = function
    return function


def condition(function: C) -> C:
    """Make a yes-or-no function known to definitions under its own name."""
    _once(CONDITIONS, function.__name__)
    CONDITIONS[function.__name__] = function
    return function


def parameters_of(name: str) -> Mapping[str, inspect.Parameter]:
    """The keyword parameters that the guard takes from the definition."""
    found = inspect.signature(GUARDS[name]).parameters
    return {p.name: p for p in found.values() if p.kind is inspect.Parameter.KEYWORD_ONLY}


def bound(name: str, parameters: Mapping[str, Any]) -> Callable[[CaseView, Attempt], Refusal | None]:
    """The guard with its parameters from the definition, ready to be asked."""
    function = GUARDS[name]

    def judge(case: CaseView, attempt: Attempt) -> Refusal | None:
        return function(case, attempt, **parameters)

    judge.__name__ = name
    return judge


def _once(registry: Mapping[str, object], name: str) -> None:
    if name in registry:
        raise ValueError(f"two functions are named {name}")
