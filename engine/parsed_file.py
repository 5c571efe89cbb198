"""A data file as it was read: plain values, each with its line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

KeyPath: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True)
class Parsed:
    """A file as plain dicts, lists, texts and None, with the line (from 1) of every key and item."""

    value: Any
    lines: Mapping[KeyPath, int]
    name: str

    def line_of(self, path: KeyPath) -> int:
        """The line of `path`, or of its nearest ancestor that stands in the file."""
        for length in range(len(path), -1, -1):
            line = self.lines.get(path[:length])
            if line is not None:
                return line
        return 1
