"""Guards on who becomes a party: the number by which a person or unit is known must be one that can exist."""

from __future__ import annotations

from engine.case_view import Attempt, CaseView
from engine.errors import Refusal, Remedy
from engine.guards import guard
from workflows.identity_numbers import NumberKind, checked_number


@guard
def number_is_right(case: CaseView, attempt: Attempt, *, number: str, kind: str) -> Refusal | None:
    """The answered identity number or credit code has its due check character. `number`, `kind` name the answers."""
    text = attempt.answers.get(number)
    if not text:
        return None
    kind_of: NumberKind = "person" if attempt.answers.get(kind) == "person" else "unit"
    found = checked_number(str(text), kind_of)
    if found.is_right:
        return None
    other: NumberKind = "unit" if kind_of == "person" else "person"
    if checked_number(str(text), other).is_right:
        return _of_the_other_kind(number, kind, other)
    name_zh, name_en = ("身份证号码", "identity number") if kind_of == "person" else ("统一社会信用代码", "credit code")
    return Refusal(
        "answer.invalid",
        f"{name_zh}（{number}）有误：{found.wrong_zh}",
        f"the {name_en} ({number}) is wrong: {found.wrong_en}",
        basis="GB 11643-1999" if kind_of == "person" else "GB 32100-2015",
        facts={"answer": number, "allowed": []},
        remedy=Remedy(
            "核对证件后改正；暂时核不到的可以不填",
            "compare it with the document; leave it out where it is not known yet",
        ),
    )


def _of_the_other_kind(number: str, kind: str, of: NumberKind) -> Refusal:
    """The number is right, but of a person where a unit was said to be the party, or the other way round."""
    what_zh, what_en = ("公民身份证号码", "a person's") if of == "person" else ("统一社会信用代码", "a unit's")
    return Refusal(
        "answer.invalid",
        f"所填的是{what_zh}（{number}），与当事人类别（{kind}）不符",
        f"the number ({number}) is {what_en}, the kind of party ({kind}) is not",
        facts={"answer": number, "allowed": []},
        remedy=Remedy(f"核对后改正号码，或者将类别填为：--set {kind}={of}", f"correct it, or write: --set {kind}={of}"),
    )
