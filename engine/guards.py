"""The registry of guards, conditions and choosers: pure named functions that definitions refer to.

A guard answers `None` (yes) or a `Refusal`. A condition answers yes or no: it decides whether a deadline starts or
which way an arc goes. The law that they carry lives in `workflows/`; this module only knows their names, and what a
guard needs besides the case: `history`, the other cases of its parties.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Literal, TypeVar, overload

from engine.case_view import Attempt, CaseView
from engine.errors import Refusal

Guard = Callable[..., Refusal | None]
Condition = Callable[[CaseView, Attempt], bool]
Need = Literal["history"]
G = TypeVar("G", bound=Callable[..., Refusal | None])
C = TypeVar("C", bound=Callable[[CaseView, Attempt], bool])

GUARDS: dict[str, Guard] = {}
CONDITIONS: dict[str, Condition] = {}
NEEDS: dict[str, tuple[Need, ...]] = {}


@overload
def guard(function: G) -> G: ...
@overload
def guard(*, needs: tuple[Need, ...]) -> Callable[[G], G]: ...
def guard(function: G | None = None, *, needs: tuple[Need, ...] = ()) -> G | Callable[[G], G]:
    """Make a function known to definitions under its own name: `@guard`, or `@guard(needs=("history",))`."""

    def known(named: G) -> G:
        _once(GUARDS, named.__name__)
        GUARDS[named.__name__] = named
        NEEDS[named.__name__] = needs
        return named

    return known if function is None else known(function)


def needs_of(names: Iterable[str]) -> frozenset[Need]:
    """What those guards need besides the case."""
    return frozenset(need for name in names for need in NEEDS[name])


def condition(function: C) -> C:
    """Make a yes-or-no function known to definitions under its own name."""
    _once(CONDITIONS, function.__name__)
    CONDITIONS[function.__name__] = function
    return function


def parameters_of(name: str) -> Mapping[str, inspect.Parameter]:
    """The keyword parameters that the guard takes from the definition."""
    found = inspect.signature(GUARDS[name]).parameters
    return {p.name: p for p in found.values() if p.kind is inspect.Parameter.KEYWORD_ONLY}


def bound(name: str, parameters: Mapping[str, Any]) -> partial[Refusal | None]:
    """The guard with its parameters from the definition, ready to be asked. Its `func` is the guard itself."""
    return partial(GUARDS[name], **parameters)


def _once(registry: Mapping[str, object], name: str) -> None:
    if name in registry:
        raise ValueError(f"two functions are named {name}")
