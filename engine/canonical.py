"""The one canonical text of a value and its hash: what is equal reads equal, byte for byte."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def canonical_text(value: Any) -> str:
    """JSON with sorted keys, no spaces, Unicode as it is. Takes plain dicts, lists, texts, integers, booleans, None.

    Floats are refused: their text differs between programs, and nothing here is measured in floats.
    """
    _refuse_floats(value)
    return _ENCODER.encode(value)


def content_hash(value: Any) -> str:
    """SHA-256 (hex) of the canonical text."""
    return text_hash(canonical_text(value))


def text_hash(text: str) -> str:
    """SHA-256 (hex) of a text as UTF-8."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError(f"a float cannot be recorded exactly: {value!r}")
    items = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    for item in items:
        if not isinstance(item, _PLAIN):
            _refuse_floats(item)


# What goes round in a circle has not come past `_refuse_floats`: the encoder need not look for it again.
_ENCODER = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, check_circular=False
)
_PLAIN = (str, int, type(None))
