"""Warns where a party that was punished infringes the same work again, which weighs heavier in some provinces."""

from __future__ import annotations

from engine.case_view import Attempt, CaseView
from engine.errors import Refusal, Remedy
from engine.guards import guard
from workflows.offenders import cases_of_parties, earlier_penalties

# The setting of units that says whether it weighs heavier, and its two words.
SETTING = "same_work_again"
HEAVIER, REMARK = "heavier", "remark"
SHOWN = 3


@guard(needs=("history",))
def same_work_again(case: CaseView, attempt: Attempt) -> Refusal | None:
    """As a warning: the same party was punished in another case about the same work before this one was opened.

    广东省版权条例 §38 makes the penalty heavier; elsewhere it is for the officer to look at his province's rules.
    """
    others = [other for other in cases_of_parties(case, attempt.history) if other.same_work]
    earlier = [p for p in earlier_penalties(others, None) if p.on < case.opened_on]
    if not earlier:
        return None
    rule = attempt.law.parameter_on(SETTING, attempt.on)
    heavier = attempt.law.of_unit(SETTING, case.unit, attempt.on) == HEAVIER
    shown = [f"{p.case_no}（{p.on}）" for p in earlier[:SHOWN]]
    more = len(earlier) - SHOWN
    zh = "、".join(shown) + (f"等{len(earlier)}件" if more > 0 else "")
    en = ", ".join(f"{p.case_no} ({p.on})" for p in earlier[:SHOWN]) + (f" and {more} more" if more > 0 else "")
    then_zh, then_en = (
        ("，应当从重处罚", "the penalty must be heavier")
        if heavier
        else ("；有的省规定从重处罚，请核对本省规定", "some provinces make the penalty heavier, check your own rules")
    )
    return Refusal(
        "work.again",
        f"当事人曾因同一作品受过处罚：{zh}{then_zh}",
        f"the party was punished before over the same work: {en}; {then_en}",
        basis=rule.basis,
        facts={"earlier": [p.document() for p in earlier], "heavier": heavier, "confidence": rule.confidence},
        remedy=Remedy("核对前案", "look at the earlier case", f"anjuan case show {earlier[-1].case_no}"),
    )
