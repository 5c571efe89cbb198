"""What a step asks otherwise than before: answers added, dropped, of another type, optional, with other choices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.definitions import Answer, Words
from engine.diff_tellers import Teller, flag, told_fields, words_of
from engine.diff_values import Change, Place, Said, literal, named, say

TYPES = {
    "text": Said("文字", "text"),
    "date": Said("日期", "day"),
    "moment": Said("日期或时刻", "day or minute"),
    "money": Said("金额", "money"),
    "integer": Said("数量", "whole number"),
    "choice": Said("单选", "one of a list"),
    "choices": Said("多选", "several of a list"),
    "officers": Said("人员", "officers"),
    "yes_no": Said("是否", "yes or no"),
    "schedule": Said("分期金额", "money by day"),
}
OPTIONAL, OWED = Said("选填", "optional"), Said("必填", "required")


def answer_changes(place: Place, before: Mapping[str, Answer], after: Mapping[str, Answer]) -> Iterator[Change]:
    """Of all that a step, or the opening, asks; `place` is that of its `ask`."""
    for name, answer in before.items():
        if name not in after:
            sentence = say("不再填报{}", "no longer asks {}", named(name, answer))
            yield place.at(name).change("answer.removed", "answer", sentence, None if answer.optional else "loosened")
    for name, answer in after.items():
        here = place.at(name)
        if name not in before:
            kind = OPTIONAL if answer.optional else OWED
            sentence = say(
                "新增填报项{}，{}，{}", "new answer {}, {}, {}", named(name, answer), TYPES[answer.type], kind
            )
            yield here.change("answer.added", "answer", sentence, None if answer.optional else "tightened")
        else:
            inner = here.within(say("填报项{}", "answer {}", named(name, answer)))
            yield from told_fields(inner, before[name], answer, ANSWER_TELLERS)


def _type(place: Place, before: str, after: str) -> Iterator[Change]:
    sentence = say("类型由{}改为{}", "type: {} became {}", TYPES[before], TYPES[after])
    yield place.change("answer.type.changed", "answer", sentence)


def _choices(place: Place, before: Mapping[str, Words], after: Mapping[str, Words]) -> Iterator[Change]:
    for value, words in before.items():
        if value not in after:
            sentence = say("不再可选{}", "choice {} dropped", named(value, words))
            yield place.at(value).change("choice.removed", "answer", sentence)
    for value, words in after.items():
        here = place.at(value)
        if value not in before:
            yield here.change("choice.added", "answer", say("新增可选值{}", "new choice {}", named(value, words)))
        else:
            inner = here.within(say("可选值{}", "choice {}", literal(value)))
            yield from told_fields(inner, before[value], words, words_of())


ANSWER_TELLERS: dict[str, Teller] = {
    **words_of(),
    "type": _type,
    "optional": flag(
        "answer", Said("由必填改为选填", "now optional"), Said("由选填改为必填", "now required"), "loosened"
    ),
    "choices": _choices,
    "personal": flag(
        "answer",
        Said("作为个人信息保护", "now protected as personal"),
        Said("不再作为个人信息保护", "no longer protected as personal"),
    ),
    "correctable": flag(
        "answer",
        Said("笔误可以事后更正", "a slip of the pen may now be put right later"),
        Said("笔误不再可以事后更正", "a slip of the pen may no longer be put right later"),
        "loosened",
    ),
    "not_in_future": flag(
        "answer",
        Said("不得再填尚未到来的日期", "may no longer lie in the future"),
        Said("可以填尚未到来的日期", "may now lie in the future"),
        "tightened",
    ),
}
