"""What a run answers on stdout: exactly one JSON document with `--json`, otherwise lines for people."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import PurePath
from typing import Any

from commands.output import DANGEROUS, harmless
from commands.screen import write_data

Document = Mapping[str, Any] | Sequence[Any]


@dataclass
class Answer:
    """The answer of one run. A document is kept back until the end: an error that comes later replaces it."""

    as_json: bool
    _text: str = "{}"

    def show(self, document: Document, lines: Callable[[], Iterable[str]]) -> None:
        """Takes the document with `--json`; otherwise makes the lines and prints them."""
        if self.as_json:
            self.replace(document)
            return
        write_data("".join(harmless(line) + "\n" for line in lines()))

    def replace(self, document: Document) -> None:
        """Makes this the document to print. Raises TypeError for a value that JSON does not know."""
        self._text = json_text(document)

    def close(self) -> None:
        """Prints the document, if one is owed: `{}` when the run had nothing to answer. Raises OSError."""
        if self.as_json:
            write_data(self._text + "\n")


def json_text(value: Any) -> str:
    """JSON for scripts that people can read too: Unicode as it is, save what could steer a terminal."""
    text = json.dumps(plain(value), ensure_ascii=False, indent=2, allow_nan=False)
    return "\n".join(DANGEROUS.sub(_escaped, line) for line in text.split("\n"))


def plain(value: Any) -> Any:
    """The value in JSON's own types: dates and instants in ISO 8601, decimals and paths as texts, sets sorted."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (Decimal, PurePath)):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, AbstractSet):
        return [plain(item) for item in sorted(value)]
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
        return [plain(item) for item in value]
    raise TypeError(f"a document cannot hold {type(value).__name__}")


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
