"""Guards on the amount of a penalty: inside its band, never above what the party was told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.case_view import Attempt, CaseView
from engine.errors import Refusal, Remedy
from engine.guards import guard
from engine.law_book import ParameterVersion
from workflows.decision_in_force import penalty_in_force
from workflows.fine_bands import Band, Found, fine_band, lacks_its_measure, milder
from workflows.money import yuan

# The answer `band` of `conclude`: the parameter that holds the band, and the act as people call it.
COPYRIGHT = "copyright"
PLATFORMS = ("platform", "platform_serious")
BANDS = {
    COPYRIGHT: ("fine_band", "侵犯著作权", "infringement of copyright"),
    "software_copying": ("fine_band_software_copying", "复制、发行、传播软件", "copying or distributing software"),
    "software_measures": (
        "fine_band_software_measures",
        "规避软件技术措施等",
        "software measures and rights information",
    ),
    "platform": ("fine_band_platform", "电商平台逾期不改正", "a platform that did not obey an order"),
    "platform_serious": (
        "fine_band_platform_serious",
        "电商平台逾期不改正，情节严重",
        "the same when serious",
    ),
}


@dataclass(frozen=True)
class _Side:
    """One of the two laws between which the milder is chosen: its version, the day it is that of, and its band."""

    on: date
    version: ParameterVersion
    band: Band

    def document(self) -> dict[str, Any]:
        return {
            "on": self.on.isoformat(),
            "least_fen": self.band.least_fen,
            "most_fen": self.band.most_fen,
            "or_fen": self.band.or_fen,
            "basis": self.version.basis,
            "confidence": self.version.confidence,
        }


@guard
def fine_within_band(case: CaseView, attempt: Attempt, *, answer: str) -> Refusal | None:
    """The fine lies in the band of the law at the end of the act, or of the day of the step where that is milder.

    While the act goes on, the day of the step is the end of the act. A fine of 0 is always inside. Where the band of
    the act is not confirmed, nothing is refused. 行政处罚法（2021） §37: 从旧兼从轻.
    """
    fine = attempt.answers.get(answer)
    if not fine:
        return None
    found, name = _found(case), BANDS[_chosen(case, attempt)][0]
    ended = case.facts.get("ended_on")
    act_on = date.fromisoformat(ended) if ended else attempt.on
    then, now = (attempt.law.parameter_on(name, on) for on in (act_on, attempt.on))
    if lacks_its_measure(found, then):
        return _no_measure(case, then)
    act, today = (fine_band(found, version) for version in (then, now))
    if act is None or today is None:
        return None
    sides = _Side(act_on, then, act), _Side(attempt.on, now, today)
    used = sides[0] if milder(act, today) is act else sides[1]
    return None if used.band.holds(fine) else _outside(case, attempt, fine, sides, used)


@guard
def platform_order_disobeyed(case: CaseView, attempt: Attempt, *, answer: str = "") -> Refusal | None:
    """A platform is fined only when it was ordered to correct within a time, and that had passed without its doing so.

    The record shows it: a re-check after the last day of the order found it not or only partly done.
    电子商务法 §84: 逾期不改正的.
    """
    chosen = _chosen(case, attempt)
    if chosen not in PLATFORMS or (answer and attempt.answers.get(answer) == 0):
        return None
    order, ordered = case.latest_deadline("rectification"), case.last("order_rectification")
    last_on = order.due_on if order is not None else ordered.day("rectify_by") if ordered is not None else None
    failed = [t for t in case.taken("recheck") if t.answers.get("result") in {"not_done", "partly"}]
    if last_on is not None and any(t.on > last_on for t in failed):
        return None
    said = ("没有逾期未改正的复查记录", "no re-check found it undone after its time")
    if last_on is None:
        said = ("没有责令限期改正", "no order to correct within a time was made")
    return Refusal(
        "band.not_open",
        f"对电商平台的罚款以责令限期改正、逾期不改正为前提；本案{said[0]}",
        f"a platform is fined only when it did not obey an order to correct within a time; here {said[1]}",
        basis=attempt.law.parameter_on(BANDS[chosen][0], attempt.on).basis,
        facts={
            "band": chosen,
            "rectify_by": last_on.isoformat() if last_on else None,
            "rechecked_on": [t.on.isoformat() for t in case.taken("recheck")],
        },
        remedy=Remedy(
            "责令限期整改（order_rectification），期满后复查（recheck）仍未完成的，才适用这一幅度；否则退回调查，另选幅度",
            "order the rectification (order_rectification); only when a re-check (recheck) after its time finds it "
            "undone does this band apply. Otherwise return the case to the investigation and choose another band",
            f"anjuan case why {case.case_no} order_rectification",
        ),
    )


def _chosen(case: CaseView, attempt: Attempt) -> str:
    """The band chosen for the act, as it is just being recorded, else as it was; where nobody said, of copyright."""
    concluded = case.last("conclude")
    answers = attempt.answers if attempt.step == "conclude" else concluded.answers if concluded is not None else {}
    return str(answers.get("band") or COPYRIGHT)


def _found(case: CaseView) -> Found:
    concluded = case.last("conclude")
    said = concluded.answers if concluded is not None else {}
    return Found(said.get("turnover_fen"), said.get("goods_value_fen"), said.get("copies"))


def _outside(case: CaseView, attempt: Attempt, fine: int, sides: tuple[_Side, _Side], used: _Side) -> Refusal:
    act, today = sides
    chosen, found = _chosen(case, attempt), _found(case)
    based_zh, based_en = _measured(chosen, found, used.version)
    law_zh, law_en = _why_this_law(case, act, today, used)
    range_zh, range_en = _range(used.band)
    basis = used.version.basis
    if act.band != today.band:
        basis = f"{basis}；{attempt.law.parameter_on('milder_law', attempt.on).basis}"
    return Refusal(
        "fine.outside_band",
        f"罚款{yuan(fine)}元超出幅度：{based_zh}，{range_zh}（{law_zh}）",
        f"a fine of {yuan(fine)} yuan is outside the band: {based_en}; {range_en} ({law_en})",
        basis=basis,
        facts={
            "fine_fen": fine,
            "turnover_fen": found.turnover_fen,
            "goods_value_fen": found.goods_value_fen,
            "copies": found.copies,
            "band": chosen,
            "least_fen": used.band.least_fen,
            "most_fen": used.band.most_fen,
            "or_fen": used.band.or_fen,
            "law": "act" if used is act else "decision",
            "bands": {"act": act.document(), "decision": today.document()},
            "confidence": used.version.confidence,
        },
        remedy=Remedy(
            "在幅度内确定罚款，或更正违法经营额等数额", "choose a fine inside the band, or correct the figures"
        ),
    )


def _range(band: Band) -> tuple[str, str]:
    if band.most_fen == 0:
        return "当时的规定没有这一罚款", "the law of that day knew no such fine"
    if band.least_fen == band.most_fen:
        return f"应为{yuan(band.most_fen)}元", f"it must be {yuan(band.most_fen)} yuan"
    zh = f"应为{yuan(band.least_fen)}元至{yuan(band.most_fen)}元"
    en = f"it must be {yuan(band.least_fen)} to {yuan(band.most_fen)} yuan"
    if band.or_fen is None:
        return zh, en
    return f"{zh}，或者{yuan(band.or_fen)}元", f"{en}, or {yuan(band.or_fen)} yuan"


def _measured(chosen: str, found: Found, version: ParameterVersion) -> tuple[str, str]:
    """By what the fine is measured, in words."""
    if version.values["measured_by"] == "turnover":
        if found.turnover_fen is None:
            return "违法经营额不足5万元或者难以计算", "turnover unknown"
        return f"违法经营额{yuan(found.turnover_fen)}元", f"a turnover of {yuan(found.turnover_fen)} yuan"
    if version.values["measured_by"] == "goods":
        value, copies = found.goods_value_fen, found.copies
        zh = [f"货值金额{yuan(value)}元"] if value is not None else []
        en = [f"goods worth {yuan(value)} yuan"] if value is not None else []
        return (
            "、".join([*zh, *([f"侵权复制品{copies}件"] if copies is not None else [])]),
            ", ".join([*en, *([f"{copies} copies"] if copies is not None else [])]),
        )
    _, zh_name, en_name = BANDS[chosen]
    return zh_name, en_name


def _why_this_law(case: CaseView, act: _Side, today: _Side, used: _Side) -> tuple[str, str]:
    if act.version == today.version and case.facts.get("ended_on"):
        return "行为终了时与办理时适用同一规定", "the law of the act's end is still that of the day"
    if act.version == today.version:
        return "行为仍在持续，适用办理当日的规定", "the act goes on: the law of the day"
    if used is today:
        return (
            f"从旧兼从轻：办理时的规定比行为终了时（{act.on}）的轻",
            f"the milder law: that of the day is milder than that of the act's end on {act.on}",
        )
    return (
        f"从旧兼从轻：适用行为终了时（{act.on}）的规定，办理时的规定并不更轻",
        f"the law of the act's end on {act.on}; that of the day is no milder",
    )


def _no_measure(case: CaseView, version: ParameterVersion) -> Refusal:
    return Refusal(
        "fine.no_measure",
        "这一幅度按货值金额或者复制品件数计算，调查终结时均未登记",
        "this band is measured by the value of the goods or by the copies; the conclusion recorded neither",
        basis=version.basis,
        facts={"asked": ["goods_value_fen", "copies"]},
        remedy=Remedy(
            "退回补充调查，重新登记调查终结，填报货值金额或者件数",
            "return the case to the investigation and conclude it again with the value or the copies",
            f"anjuan case why {case.case_no} review --set opinion=return",
        ),
    )


@guard
def fined_once(case: CaseView, attempt: Attempt, *, fine: str) -> Refusal | None:
    """For the same act the party has not been fined already: an earlier decision was set aside before a new one.

    行政处罚法（2021） §29; 1996 law §24.
    """
    earlier = penalty_in_force(case)
    if earlier is None or not earlier.answers.get("fine_fen") or not attempt.answers.get(fine):
        return None
    return Refusal(
        "fine.second",
        f"{earlier.on}的处罚决定仍然有效，对同一违法行为不得再次罚款",
        f"the decision of {earlier.on} still holds; the same act is not fined twice",
        basis="行政处罚法（2021）第二十九条；行政处罚法（1996）第二十四条",
        facts={"decided_on": earlier.on.isoformat(), "fine_fen": earlier.answers["fine_fen"]},
        remedy=Remedy(
            "原决定有误的，先撤销", "set the earlier decision aside first", f"anjuan case why {case.case_no} set_aside"
        ),
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
