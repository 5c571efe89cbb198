"""Checks that dated versions cover all of time exactly once: each begins on the day after the one before ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

Range = tuple[date | None, date | None]


class RangeFault(NamedTuple):
    """Something wrong with the version at that position."""

    position: int
    code: str
    zh: str
    en: str


def faults_in_time(ranges: Sequence[Range], *, filler: str = "") -> Iterator[RangeFault]:
    """Every gap, overlap and reversed range; both ends of a range are inclusive, `None` is open (`~`).

    `filler` is what a file may write for a time without a rule (`none: yes`).
    """
    if ranges[0][0] is not None:
        yield RangeFault(0, "version.gap", "第一个版本须写from: ~", "the first version begins with from: ~")
    for position, (begins, ends) in enumerate(ranges):
        if begins is not None and ends is not None and ends < begins:
            yield RangeFault(position, "version.reversed", "to早于from，请核对", "to is before from; check it")
        if position == 0:
            continue
        before_to = ranges[position - 1][1]
        if before_to is None or begins is None or begins <= before_to:
            zh = "与前一版本的期间重叠，请核对from和前一版本的to"
            yield RangeFault(position, "version.overlap", zh, "overlaps the version before; check from and its to")
        elif (begins - before_to).days > 1:
            or_zh, or_en = (f"或{filler}", f" or {filler}") if filler else ("", "")
            zh = f"与前一版本之间有空档（{before_to}之后），请补写一个版本{or_zh}"
            yield RangeFault(position, "version.gap", zh, f"a gap after {before_to}; write a version{or_en}")
    if ranges[-1][1] is not None:
        last = len(ranges) - 1
        yield RangeFault(last, "version.gap", "最后一个版本须写to: ~", "the last version ends with to: ~")
