"""Turns what was typed into a step's answers: typed, checked against what the step asks, every fault said at once.

Answers are plain JSON values: days as `YYYY-MM-DD`, minutes as ISO 8601 in Shanghai time, money and numbers as
integers, lists of officers and choices as lists of texts, yes and no as `yes` and `no`, a schedule as a list of
{on, fen} in order.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import pairwise
from typing import Any

from engine.clock import SHANGHAI
from engine.day_words import FIRST_DAY, LAST_DAY, relative_day
from engine.definitions import Answer, AnswerType
from engine.errors import InputWrong, Refusal, Remedy
from engine.people import People
from engine.working_days import WorkingDays

LONGEST_TEXT = 20_000
KEPT_REFUSALS = 4096
LARGEST_NUMBER = 10**17  # fen: far above any sum of money, and inside 64 bits with room for adding up
_ANY_TEXT = Answer(zh="文字", en="text", type="text")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?")
_NUMBER = re.compile(r"[+-]?\d{1,18}")
_NAMES = re.compile(r"[,，、;；\s]+")
_PARTS = re.compile(r"[,，]")
# To the fen, so that nobody takes yuan for fen: as a plain number this answer would be read a hundred times too much.
_YUAN = re.compile(r"(\d{1,15})\.(\d{2})")
_SCHEDULE = "2026-02-01=20000.00,2026-03-01=30000.00"


@dataclass(frozen=True)
class Known:
    """What answers are read by: the staff, and for words like `+7wd` the day and the calendar to count from."""

    people: People
    today: date
    calendar: WorkingDays


@dataclass(frozen=True)
class _Asked:
    """Of what is asked the part that says how to answer it."""

    type: AnswerType
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Understood:
    """The answers that could be read, and the reasons why others could not."""

    values: Mapping[str, Any]
    refusals: tuple[Refusal, ...]


class _Unreadable(Exception):
    def __init__(self, zh: str, en: str, allowed: Iterable[str] = (), code: str = "answer.invalid") -> None:
        self.zh, self.en, self.allowed, self.code = zh, en, list(allowed), code


def understand(ask: Mapping[str, Answer], given: Mapping[str, Any], known: Known) -> Understood:
    """Read `given` by what is asked. An empty text counts as not answered."""
    values: dict[str, Any] = {}
    refusals: list[Refusal] = []
    for name in given:
        if name not in ask:
            refusals.append(_unknown(name, ask))
    for name, answer in ask.items():
        raw = given.get(name)
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            if not answer.optional:
                refusals.append(_missing(name, answer))
            continue
        try:
            values[name] = _READERS[answer.type](raw, answer, known)
        except _Unreadable as e:
            refusals.append(_invalid(name, answer, e))
    return Understood(values, tuple(refusals))


def require_text(text: str) -> None:
    """A reason or a note can be kept. Raises InputWrong (`text.too_long`, `text.invalid`)."""
    try:
        _text(text, _ANY_TEXT, None)
    except _Unreadable as e:
        code = "text.too_long" if len(text) > LONGEST_TEXT else "text.invalid"
        raise InputWrong(code, f"理由或者笔记{e.zh}", f"a reason or note: {e.en}") from None


def _text(raw: Any, _answer: Answer, _known: Known | None) -> str:
    if not isinstance(raw, str):
        raise _Unreadable("应为文字", "must be a text")
    if "\x00" in raw or any("\ud800" <= c <= "\udfff" for c in raw):
        raise _Unreadable("含有无法保存的字符", "has a character that cannot be kept")
    if len(raw) > LONGEST_TEXT:
        raise _Unreadable(f"最多{LONGEST_TEXT}字", f"at most {LONGEST_TEXT} characters")
    return raw.strip()


def _day(raw: Any, _answer: Answer, known: Known) -> str:
    if not isinstance(raw, str):
        raise _Unreadable("日期应写作2018-09-15", "a date is written 2018-09-15")
    text = raw.strip()
    try:
        relative = relative_day(text, known.today, known.calendar)
    except (OverflowError, ValueError):
        raise _Unreadable(f"没有{text[:20]}这一天", f"there is no day {text[:20]}") from None
    if relative is not None:
        text = relative.isoformat()
    if not _DAY.fullmatch(text):
        raise _Unreadable("日期应写作2018-09-15、today或+7wd", "a date is written 2018-09-15, today or +7wd")
    return _existing(text).isoformat()


def _existing(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise _Unreadable(f"没有{text}这一天", f"there is no day {text}") from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise _Unreadable(
            f"应在{FIRST_DAY}至{LAST_DAY}之间", f"must lie between {FIRST_DAY} and {LAST_DAY}", code="date.out_of_range"
        )
    return day


def _moment(raw: Any, _answer: Answer, _known: Known) -> str:
    found = _MOMENT.fullmatch(raw.strip()) if isinstance(raw, str) else None
    if found is None:
        raise _Unreadable("应精确到分钟，写作2018-09-15T16:30", "must be given to the minute: 2018-09-15T16:30")
    _existing(found[1])
    try:
        moment = datetime.fromisoformat(f"{found[1]}T{found[2]}{found[5] or '+08:00'}")
    except ValueError:
        raise _Unreadable(f"没有{found[2]}这一时刻", f"there is no time {found[2]}") from None
    return moment.astimezone(SHANGHAI).isoformat(timespec="minutes")


def _number(raw: Any, _answer: Answer, _known: Known) -> int:
    text = str(raw).strip()
    if isinstance(raw, bool) or not _NUMBER.fullmatch(text):
        raise _Unreadable("应为整数", "must be a whole number")
    if not 0 <= int(text) <= LARGEST_NUMBER:
        raise _Unreadable(f"应在0至{LARGEST_NUMBER}之间", f"must lie between 0 and {LARGEST_NUMBER}")
    return int(text)


def _money(raw: Any, answer: Answer, known: Known) -> int:
    try:
        return _number(raw, answer, known)
    except _Unreadable as e:
        raise _Unreadable(
            f"金额以分为单位，{e.zh}（2500元写作250000）", f"money is in fen: {e.en} (2500 yuan is 250000)"
        ) from None


def _choice(raw: Any, answer: Answer, _known: Known) -> str:
    text = str(raw).strip()
    if text not in answer.choices:
        raise _Unreadable(f"没有“{text[:40]}”这一选项", f"{text[:40]!r} is not a choice", answer.choices)
    return text


def _choices(raw: Any, answer: Answer, known: Known) -> list[str]:
    return list(dict.fromkeys(_choice(item, answer, known) for item in _items(raw)))


def _officers(raw: Any, _answer: Answer, known: Known) -> list[str]:
    names = list(dict.fromkeys(_items(raw)))
    for name in names:
        if name not in known.people.persons:
            near = difflib.get_close_matches(name, list(known.people.persons), 3)
            raise _Unreadable(f"没有人员“{name[:40]}”", f"there is nobody named {name[:40]!r}", near)
    return names


def _items(raw: Any) -> list[str]:
    parts = raw if isinstance(raw, list) else _NAMES.split(str(raw))
    return [str(part).strip() for part in parts if str(part).strip()]


def _yes_no(raw: Any, _answer: Answer, _known: Known) -> str:
    text = {True: "yes", False: "no"}.get(raw, str(raw).strip().lower()) if isinstance(raw, bool) else str(raw).strip()
    if text not in {"yes", "no"}:
        raise _Unreadable("应为yes（是）或no（否）", "must be yes or no", ("yes", "no"))
    return text


def _schedule(raw: Any, answer: Answer, known: Known) -> list[dict[str, Any]]:
    """Amounts by day, each day after the one before it."""
    if not isinstance(raw, str):
        raise _Unreadable(f"应写作{_SCHEDULE}", f"is written {_SCHEDULE}")
    parts = [_part(text.strip(), answer, known) for text in _PARTS.split(raw)]
    for before, after in pairwise(parts):
        if after["on"] <= before["on"]:
            raise _Unreadable(
                f"日期应由先到后，{after['on']}不在{before['on']}之后",
                f"the days must follow one another; {after['on']} is not after {before['on']}",
            )
    return parts


def _part(text: str, answer: Answer, known: Known) -> dict[str, Any]:
    on, equals, amount = (piece.strip() for piece in text.partition("="))
    yuan = _YUAN.fullmatch(amount)
    if not equals or yuan is None:
        raise _Unreadable(
            f"“{text[:40]}”应写作“日期=金额”，金额以元为单位写到分，不加千分位，如{_SCHEDULE}",
            f"{text[:40]!r} must be day=amount, in yuan to the fen without thousands separators: {_SCHEDULE}",
        )
    day, fen = _day(on, answer, known), int(yuan[1] + yuan[2])
    if fen == 0:
        raise _Unreadable(f"{day}的金额应大于0", f"the amount of {day} must be above 0")
    return {"on": day, "fen": fen}


_READERS: Mapping[str, Callable[[Any, Answer, Known], Any]] = {
    "text": _text,
    "date": _day,
    "moment": _moment,
    "money": _money,
    "integer": _number,
    "choice": _choice,
    "choices": _choices,
    "officers": _officers,
    "yes_no": _yes_no,
    "schedule": _schedule,
}


def _unknown(name: str, ask: Mapping[str, Answer]) -> Refusal:
    near = difflib.get_close_matches(name, list(ask), 1)
    hint_zh, hint_en = (f"，是否为“{near[0]}”", f"; did you mean {near[0]}?") if near else ("", "")
    return Refusal(
        "answer.invalid",
        f"这一步没有填报项“{name[:40]}”{hint_zh}",
        f"this step does not ask for {name[:40]!r}{hint_en}",
        facts={"answer": name[:40], "allowed": list(ask)},
        remedy=Remedy(f"可填：{'、'.join(ask) or '无'}", f"it asks for: {', '.join(ask) or 'nothing'}"),
    )


def _missing(name: str, answer: Answer) -> Refusal:
    return _missing_words(name, answer.zh, answer.en, answer.type, tuple(answer.choices))


@lru_cache(maxsize=KEPT_REFUSALS)
def _missing_words(name: str, zh: str, en: str, type_: AnswerType, choices: tuple[str, ...]) -> Refusal:
    """A page of steps misses the same answers again and again: each is worded once."""
    asked = _Asked(type_, choices)
    return Refusal(
        "answer.missing",
        f"未填“{zh}”（{name}）",
        f"{en} ({name}) is missing",
        facts={"answer": name, "allowed": _allowed(asked)},
        remedy=_remedy(name, asked, "补填", "add"),
    )


def _invalid(name: str, answer: Answer, why: _Unreadable) -> Refusal:
    allowed = why.allowed or _allowed(answer)
    return Refusal(
        why.code,
        f"“{answer.zh}”（{name}）：{why.zh}",
        f"{answer.en} ({name}): {why.en}",
        facts={"answer": name, "allowed": allowed},
        remedy=_remedy(name, answer, "改为", "write"),
    )


def _remedy(name: str, answer: Answer | _Asked, zh: str, en: str) -> Remedy:
    allowed = _allowed(answer)
    choices_zh = f"（可选：{'、'.join(allowed)}）" if allowed else ""
    choices_en = f" (one of: {', '.join(allowed)})" if allowed else ""
    example = f"--set {name}={_example(answer)}"
    return Remedy(f"{zh}：{example}{choices_zh}", f"{en}: {example}{choices_en}")


def _allowed(answer: Answer | _Asked) -> list[str]:
    return ["yes", "no"] if answer.type == "yes_no" else list(answer.choices)


def _example(answer: Answer | _Asked) -> str:
    if answer.choices:
        return next(iter(answer.choices))
    return {
        "date": "2018-09-15",
        "moment": "2018-09-15T16:30",
        "money": "250000",
        "integer": "1",
        "officers": "handler1,handler2",
        "yes_no": "yes",
        "schedule": _SCHEDULE,
    }.get(answer.type, "…")
