"""What a list of cases says of one case: where it came from, what it is about, how it stood on a day. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from engine.case_view import StepTaken
from engine.definitions import Definition, state_words
from workflows.decision_in_force import decision_in_force


def outcome_of(definition: Definition | None, trail: Sequence[StepTaken], last_on: date) -> tuple[str, str]:
    """Where the case stood at the end of the day, and what had been imposed by then, in Chinese and English.

    Where steps were taken for several parties, one after another. Without a definition states have no names.
    """
    by_then = [taken for taken in trail if taken.on <= last_on]
    numbers = sorted({taken.party for taken in by_then if taken.party is not None})
    if len(numbers) < 2:
        return _outcome(definition, by_then)
    each = [(n, *_outcome(definition, [taken for taken in by_then if taken.party in (None, n)], n)) for n in numbers]
    return "；".join(f"{n}号当事人{zh}" for n, zh, _ in each), "; ".join(f"party {n}: {en}" for n, _, en in each)


def summary_zh(facts: Mapping[str, Any]) -> str:
    """What the case is about, in a few words. The name of a person is left out: the list leaves the office."""
    parts = []
    if work := facts.get("work"):
        parts.append(f"涉案作品：{work}")
    if facts.get("respondent_kind") == "person":
        parts.append("当事人为公民")
    elif respondent := facts.get("respondent"):
        parts.append(f"当事人：{respondent}")
    urls = [url for url in re.split(r"[\s,，;；、]+", str(facts.get("urls") or "")) if url]
    if urls:
        parts.append(f"涉案网址：{urls[0]}" + (f"等{len(urls)}个" if len(urls) > 1 else ""))
    return "；".join(parts)


def source_zh(definition: Definition | None, facts: Mapping[str, Any]) -> str:
    """Where the case came from; without a definition as it was answered."""
    chosen = str(facts.get("source") or "")
    asked = definition.open.ask.get("source") if definition is not None else None
    words = asked.choices.get(chosen) if asked else None
    return words.zh if words else chosen


def _outcome(definition: Definition | None, trail: Sequence[StepTaken], party: int | None = None) -> tuple[str, str]:
    if not trail:
        return "", ""
    state = state_words(definition, _stood(trail, party))
    zh, en = [state.zh], [state.en]
    decision = decision_in_force(trail)
    decided = decision.answers if decision is not None else {}
    if fine := decided.get("fine_fen"):
        zh.append(f"罚款{_amount(fine)}元")
        en.append(f"fined {_amount(fine)} yuan")
    if confiscated := decided.get("confiscated_fen"):
        zh.append(f"没收违法所得{_amount(confiscated)}元")
        en.append(f"gains of {_amount(confiscated)} yuan confiscated")
    if copies := decided.get("copies_confiscated"):
        zh.append(f"没收侵权复制品{copies}件")
        en.append(f"{copies} copies confiscated")
    joined = "，" if party is not None else "；"
    return joined.join(zh), ", ".join(en) if party is not None else "; ".join(en)


def _stood(trail: Sequence[StepTaken], party: int | None) -> str:
    """Where those steps led; one for all that leads nowhere leaves a party of several where it was."""
    moved = [taken for taken in trail if party is None or taken.party == party or taken.source != taken.dest]
    return moved[-1].dest


def _amount(fen: int) -> str:
    whole, rest = divmod(fen, 100)
    return f"{whole}.{rest:02d}" if rest else str(whole)
