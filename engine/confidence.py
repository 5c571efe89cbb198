"""How sure a rule is, in words: what its confidence code means, and whether it must be marked as unconfirmed."""

from __future__ import annotations

WORDS = {
    "V1": ("已读全文", "read in full text"),
    "V2": ("见于摘录", "seen in an excerpt"),
    "M+": ("凭记忆，较有把握", "from memory, fairly sure"),
    "M-": ("凭记忆，未核实", "from memory, not checked"),
    "inference": ("属推断，条文未写明", "inferred, no text says it"),
    "practice": ("依惯例，没有条文", "by practice, there is no text"),
    "library": ("取自公开程序库", "taken from public libraries"),
}
# A text that was read needs nobody's word.
READ_IN_A_TEXT = frozenset({"V1", "V2"})


def is_unconfirmed(confidence: str, *, confirmed: bool) -> bool:
    """Whether a date under the rule is marked 未确认: the rule was not read in a text and nobody has confirmed it."""
    return not confirmed and confidence not in READ_IN_A_TEXT


def confidence_words(confidence: str) -> tuple[str, str]:
    """What the code means, with the code: `凭记忆，未核实（M-）`. An unknown code stands for itself."""
    zh, en = WORDS.get(confidence, ("", ""))
    return (f"{zh}（{confidence}）", f"{en} ({confidence})") if zh else (confidence, confidence)
