"""Makes text that others wrote safe to stand on one line of a mail."""

from __future__ import annotations

import unicodedata

# They reverse or reorder what follows on the line, so that a name could pass for something else.
_REORDERING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_BREAKING = frozenset({"Cc", "Zl", "Zp"})


def one_line(text: str, limit: int | None = None) -> str:
    """`text` without line breaks, control and reordering characters, blanks joined, cut to `limit` characters."""
    # Of printable text nothing is to be taken away: what breaks or reorders lines, and half pairs, are none.
    kept = text if text.isprintable() else "".join(_harmless(c) for c in text if c not in _REORDERING)
    line = " ".join(kept.split())
    if limit is not None and len(line) > limit:
        return line[: limit - 1].rstrip() + "…"
    return line


def _harmless(character: str) -> str:
    category = unicodedata.category(character)
    if category in _BREAKING:
        return " "
    # Half a surrogate pair cannot be written as UTF-8 at all.
    return "\ufffd" if category == "Cs" else character
