"""Guards on the amount of a penalty: inside its band, never above what the party was told."""

from __future__ import annotations

from datetime import date

from engine.case_view import Attempt, CaseView
from engine.errors import Refusal, Remedy
from engine.guards import guard
from workflows.money import fine_band, yuan


@guard
def fine_within_band(case: CaseView, attempt: Attempt, *, answer: str) -> Refusal | None:
    """The fine lies in the band of the law in force when the act ended (or now, while it goes on).

    著作权法（2020） §53; before it 著作权法实施条例（2013） §36. A fine of 0 is always inside.
    """
    fine = attempt.answers.get(answer)
    if fine is None:
        return None
    ended = case.facts.get("ended_on")
    version = attempt.law.parameter_on("fine_band", date.fromisoformat(ended) if ended else attempt.on)
    concluded = case.last("conclude")
    turnover = concluded.answers.get("turnover_fen") if concluded else None
    band = fine_band(turnover, version)
    if band is None or band.holds(fine):
        return None
    based_zh = "违法经营额不足5万元或者难以计算" if turnover is None else f"违法经营额{yuan(turnover)}元"
    based_en = "turnover unknown" if turnover is None else f"a turnover of {yuan(turnover)} yuan"
    return Refusal(
        "fine.outside_band",
        f"罚款{yuan(fine)}元超出幅度：{based_zh}，应为{yuan(band.least_fen)}元至{yuan(band.most_fen)}元",
        f"a fine of {yuan(fine)} yuan is outside {yuan(band.least_fen)} to {yuan(band.most_fen)} yuan ({based_en})",
        basis=version.basis,
        facts={
            "fine_fen": fine,
            "turnover_fen": turnover,
            "least_fen": band.least_fen,
            "most_fen": band.most_fen,
            "confidence": version.confidence,
        },
        remedy=Remedy("在幅度内确定罚款，或更正违法经营额", "choose a fine inside the band, or correct the turnover"),
    )


@guard
def not_above_notice(case: CaseView, attempt: Attempt, *, fine: str, confiscation: str) -> Refusal | None:
    """Neither fine nor confiscation is above what the party was told. 行政处罚法（2021） §45(2)."""
    notice = case.last("approve_notice")
    if notice is None:
        return None
    told = {
        fine: int(notice.answers.get("proposed_fine_fen") or 0),
        confiscation: int(notice.answers.get("proposed_confiscation_fen") or 0),
    }
    above = {name: most for name, most in told.items() if int(attempt.answers.get(name) or 0) > most}
    if not above:
        return None
    zh = {fine: "罚款", confiscation: "没收违法所得"}
    en = {fine: "fine", confiscation: "confiscation"}
    now = {name: yuan(attempt.answers[name]) for name in above}
    return Refusal(
        "fine.above_notice",
        "决定重于告知的处罚：" + "；".join(f"{zh[n]}告知{yuan(most)}元，现为{now[n]}元" for n, most in above.items()),
        "heavier than the party was told: "
        + "; ".join(f"{en[n]} {now[n]} yuan, told {yuan(most)} yuan" for n, most in above.items()),
        basis=attempt.law.parameter_on("defence", attempt.on).basis,
        facts={name: {"told_fen": most, "now_fen": attempt.answers[name]} for name, most in above.items()},
        remedy=Remedy(
            "不得加重；有新事实的，重新告知",
            "do not raise it; with new facts serve a new notice",
            f"anjuan case why {case.case_no} approve_notice",
        ),
    )
