"""Text from outside as it may go on paper: what a file cannot hold, or what would turn the writing round, is marked."""

from __future__ import annotations

import re

# Not in XML, or without a shape of its own: controls (tab and new lines stay), signs that reorder, lone surrogates.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)


def printable(text: str) -> str:
    """The text with every such character shown as U+FFFD; its length does not change."""
    return UNPRINTABLE.sub("\ufffd", text)
