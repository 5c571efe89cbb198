"""Guards on criminal referral: a case that reaches a criminal threshold must be referred, not fined away.

移送规定（2020） §3, §11: 不得以行政处罚代替移送.
"""

from __future__ import annotations

from engine.case_view import Attempt, CaseView, StepTaken
from engine.errors import Refusal, Remedy
from engine.guards import guard
from engine.law_book import ParameterVersion
from workflows.money import yuan

# the answer of `conclude`: the item of the threshold
ITEMS = {"turnover_fen": "turnover_fen", "gains_fen": "gains_fen", "copies": "copies", "works": "works"}
NAMES = {
    "turnover_fen": ("违法经营额", "illegal turnover"),
    "gains_fen": ("违法所得", "illegal gains"),
    "copies": ("侵权复制品", "infringing copies"),
    "works": ("侵权作品", "works infringed"),
}


@guard
def referral_not_owed(case: CaseView, attempt: Attempt) -> Refusal | None:
    """No dated criminal threshold is reached, or the record holds why the case was not taken over.

    That is the head's refusal with reasons or the police's notice of not filing.
    """
    concluded = case.last("conclude")
    if concluded is None or _answer(case) is not None:
        return None
    return _reached(case, attempt, dict(concluded.answers))


@guard
def referral_owed(case: CaseView, attempt: Attempt) -> Refusal | None:
    """As a warning: the figures reach a threshold, and nobody has answered since they were recorded.

    Speaks also of the figures just being recorded, and where an earlier answer lifts the bar.
    """
    answer, concluded = _answer(case), case.last("conclude")
    if attempt.step == "conclude":
        return _reached(case, attempt, dict(attempt.answers))
    if concluded is None or (answer is not None and answer.seq > concluded.seq):
        return None
    return _reached(case, attempt, dict(concluded.answers))


def _answer(case: CaseView) -> StepTaken | None:
    """The answer to a referral on record.

    Whoever answered before the case was reopened did not know what it was reopened for.
    """
    answer = case.last("refuse_referral", "police_refuse", "reopen")
    return None if answer is None or answer.step == "reopen" else answer


def _reached(case: CaseView, attempt: Attempt, found: dict[str, object]) -> Refusal | None:
    version = attempt.law.parameter_on("criminal_threshold", attempt.on)
    reached = reached_items(found, version)
    if not reached:
        return None
    said_zh = "、".join(f"{NAMES[i][0]}{_amount(i, found[i], 'zh')}" for i in reached)
    said_en = ", ".join(f"{NAMES[i][1]} {_amount(i, found[i], 'en')}" for i in reached)
    return Refusal(
        "referral.owed",
        f"{said_zh}，已达到刑事立案追诉标准，应当移送公安机关，不得以行政处罚代替移送",
        f"{said_en}: the criminal threshold is reached; the case must be referred, not fined instead",
        basis=f"移送规定（2020）第三条、第十一条；{version.basis}",
        facts={
            **{i: found[i] for i in reached},
            "thresholds": {i: version.integer(ITEMS[i]) for i in reached},
            "confidence": version.confidence,
        },
        remedy=Remedy("提出移送", "propose the referral", f"anjuan case why {case.case_no} propose_referral"),
    )


def reached_items(found: dict[str, object], version: ParameterVersion) -> list[str]:
    """The items of the threshold that are reached, each by itself. An item with threshold 0 does not exist yet."""
    return [
        answer
        for answer, item in ITEMS.items()
        if version.integer(item) and int(str(found.get(answer) or 0)) >= version.integer(item)
    ]


def _amount(item: str, value: object, lang: str) -> str:
    if not item.endswith("_fen"):
        return str(value)
    return f"{yuan(int(str(value)))}{'元' if lang == 'zh' else ' yuan'}"
