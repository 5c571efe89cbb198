"""Titles of works in the form in which they are compared: one work, however it was written. Pure."""

from __future__ import annotations

import re
import unicodedata

# Between the titles of several works. A comma inside 《》 belongs to the title.
_QUOTED = re.compile(r"《([^《》]+)》")
_BETWEEN = re.compile(r"[、，,;；/\n]+")


def titles_in(text: str) -> tuple[str, ...]:
    """The works that a text names, each once, in order: those in 《》, else those between commas."""
    quoted = _QUOTED.findall(text)
    found = quoted or _BETWEEN.split(text)
    return tuple(dict.fromkeys(title for part in found if (title := comparable(part))))


def comparable(title: str) -> str:
    """A title without width, case, blanks, quotation marks and punctuation; empty where nothing else is left."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    # Letters that a mark had kept apart may join now that it is gone.
    return unicodedata.normalize("NFKC", "".join(c for c in folded if c.isalnum()))
