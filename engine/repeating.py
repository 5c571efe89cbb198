"""Carries out a change again when somebody else was faster: nobody sits here to be asked what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from engine.errors import CaseChangedMeanwhile
from engine.store import Store, Work

TIMES = 5

T = TypeVar("T")


def kept(store: Store, change: Callable[[Work], T], *, keep: bool = True) -> T:
    """The change in one transaction of its own, tried up to five times. Raises CaseChangedMeanwhile after the last."""
    for _ in range(TIMES - 1):
        try:
            return _once(store, change, keep)
        except CaseChangedMeanwhile:
            continue
    return _once(store, change, keep)


def _once(store: Store, change: Callable[[Work], T], keep: bool) -> T:
    with store.writing(keep=keep) as work:
        return change(work)
