"""Guards on criminal referral: a case that reaches a criminal threshold must be referred, not fined away.

移送规定（2020） §3, §11: 不得以行政处罚代替移送.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.case_view import Attempt, CaseView, StepTaken, answered_day
from engine.changing import changed
from engine.errors import Refusal, Remedy
from engine.guards import guard
from engine.law_book import ParameterVersion
from workflows.criminal_answers import REVERSE_REFERRAL
from workflows.criminal_thresholds import STOCKS, Figures, Reached, is_aggravated, reached, years_of_history
from workflows.hearings import kind_of_respondent
from workflows.money import yuan
from workflows.offenders import EarlierPenalty, before_the_act, cases_of_parties, earlier_penalties

SELLING = "selling"
# Infringing copyright (刑法 §217) and selling infringing copies (§218) have thresholds of their own.
OFFENCES = {
    "criminal_threshold": ("侵犯著作权罪", "infringement of copyright"),
    "criminal_threshold_selling": ("销售侵权复制品罪", "selling infringing copies"),
}
NAMES = {
    "turnover_fen": ("违法经营额", "illegal turnover"),
    "gains_fen": ("违法所得", "illegal gains"),
    "copies": ("侵权复制品", "infringing copies"),
    "works": ("侵权作品", "works infringed"),
    "clicks": ("点击数", "clicks"),
    "downloads": ("下载数", "downloads"),
    "members": ("注册会员", "registered members"),
    "stock": ("已售和未售复制品", "copies sold and unsold"),
    "stock_value_fen": ("已售和未售货值", "goods sold and unsold, worth"),
}
CONFIRMED = "V1"


@dataclass(frozen=True)
class _Judged:
    """What one law says to the figures: that of the end of the act, or that of the day of the step."""

    on: date
    version: ParameterVersion
    reached: tuple[Reached, ...]
    aggravated: bool
    earlier: tuple[EarlierPenalty, ...]

    def document(self) -> dict[str, Any]:
        return {
            "on": self.on.isoformat(),
            "basis": self.version.basis,
            "reached": {r.item: {"found": r.found, "threshold": r.threshold, "way": r.way} for r in self.reached},
            "aggravated": self.aggravated,
            "confidence": self.version.confidence,
        }


@guard(needs=("history",))
def referral_not_owed(case: CaseView, attempt: Attempt) -> Refusal | None:
    """No dated criminal threshold is reached, or the record holds why the case was not taken over.

    That is the head's refusal with reasons, the police's notice of not filing, or an opinion of the procuratorate. The
    law of the end of the act and the law of the day must both be reached: the milder decides (刑法 §12).
    """
    concluded = case.last("conclude")
    if concluded is None or _answer(case) is not None or _was_sent_by_a_procuratorate(case):
        return None
    return _owed(case, attempt, concluded.answers)


@guard(needs=("history",))
def referral_owed(case: CaseView, attempt: Attempt) -> Refusal | None:
    """As a warning: the figures reach a threshold, and nobody has answered since they were recorded.

    Speaks also of the figures just being recorded, and where an earlier answer lifts the bar.
    """
    figures = _unanswered_figures(case, attempt)
    return None if figures is None else _owed(case, attempt, figures)


@guard(needs=("history",))
def referral_in_doubt(case: CaseView, attempt: Attempt) -> Refusal | None:
    """As a warning: of the law of the end of the act and the law of the day only one is reached.

    The milder decides, so nothing is owed; with reasonable suspicion the case may be referred. 移送规定（2020） §3(2).
    """
    figures = _unanswered_figures(case, attempt)
    if figures is None:
        return None
    act, today = _judged(case, attempt, figures)
    if bool(act.reached) == bool(today.reached):
        return None
    name, one = _offence(figures), act if act.reached else today
    said_zh, said_en = _said(one)
    yes_zh, no_zh = ("行为终了时", "现行") if one is act else ("现行", "行为终了时")
    other = today if one is act else act
    return Refusal(
        "referral.in_doubt",
        f"{said_zh}：按{yes_zh}标准已达到{OFFENCES[name][0]}的追诉标准{_unconfirmed_zh(one.version)}，按{no_zh}标准"
        f"（{other.version.basis}）未达到；从旧兼从轻，不属于必须移送，有合理嫌疑需要公安机关取证的，仍应移送",
        f"{said_en}: the threshold of {OFFENCES[name][1]} is reached under {one.version.basis}"
        f"{_unconfirmed_en(one.version)}, not under {other.version.basis}; the milder law decides, so no referral is "
        "owed; refer it where there is reasonable suspicion and the police is needed for the evidence",
        basis=f"移送规定（2020）第三条；{one.version.basis}",
        facts={**_facts(one, name), "laws": {"act": act.document(), "decision": today.document()}},
        remedy=_propose(case),
    )


def _answer(case: CaseView) -> StepTaken | None:
    """The answer to a referral on record.

    Whoever answered before the case was reopened did not know what it was reopened for.
    """
    answer = case.last("refuse_referral", "police_refuse", "receive_opinion", "reopen")
    return None if answer is None or answer.step == "reopen" else answer


def _was_sent_by_a_procuratorate(case: CaseView) -> bool:
    """The case came with its opinion that nobody is prosecuted, and was not reopened for something else since."""
    return case.facts.get("source") == REVERSE_REFERRAL and case.last("reopen") is None


def _unanswered_figures(case: CaseView, attempt: Attempt) -> Mapping[str, Any] | None:
    """The figures just being recorded, or those on record to which nobody has answered since."""
    answer, concluded = _answer(case), case.last("conclude")
    if attempt.step == "conclude":
        return attempt.answers
    if concluded is None or (answer is not None and answer.seq > concluded.seq):
        return None
    return concluded.answers


def _owed(case: CaseView, attempt: Attempt, figures: Mapping[str, Any]) -> Refusal | None:
    act, today = _judged(case, attempt, figures)
    if not act.reached or not today.reached:
        return None
    name = _offence(figures)
    said_zh, said_en = _said(act)
    heavy = act.aggravated and today.aggravated
    heavy_zh, heavy_en = ("，并达到加重处罚的标准", ", and that of the heavier punishment too") if heavy else ("", "")
    return Refusal(
        "referral.owed",
        f"{said_zh}，已达到{OFFENCES[name][0]}的刑事立案追诉标准{heavy_zh}{_unconfirmed_zh(act.version)}，"
        "应当移送公安机关，不得以行政处罚代替移送",
        f"{said_en}: the criminal threshold of {OFFENCES[name][1]} is reached{heavy_en}{_unconfirmed_en(act.version)}; "
        "the case must be referred, not fined instead",
        basis=f"移送规定（2020）第三条、第十一条；{act.version.basis}",
        facts={
            **_facts(act, name),
            "aggravated": heavy,
            "laws": {"act": act.document(), "decision": today.document()},
        },
        remedy=_propose(case),
    )


def _judged(case: CaseView, attempt: Attempt, figures: Mapping[str, Any]) -> tuple[_Judged, _Judged]:
    """The figures under the law of the end of the act (of the day, while it goes on), and under the law of the day."""
    ended, name = case.facts.get("ended_on"), _offence(figures)
    act_on = date.fromisoformat(ended) if ended else attempt.on
    penalties = earlier_penalties(cases_of_parties(case, attempt.history), answered_day(figures, "punished_on"))
    amounts = {item: value for item, value in figures.items() if item in NAMES and isinstance(value, int)}
    kind, by_unit = str(figures.get("offence_kind") or ""), kind_of_respondent(case) == "unit"

    def under(on: date, version: ParameterVersion) -> _Judged:
        earlier = before_the_act(penalties, act_on, years_of_history(version))
        found = Figures(amounts, kind, by_unit, bool(earlier))
        items = reached(found, version)
        return _Judged(on, version, items, bool(items) and is_aggravated(found, version), earlier)

    then, now = attempt.law.parameter_on(name, act_on), attempt.law.parameter_on(name, attempt.on)
    of_the_act = under(act_on, then)
    return of_the_act, changed(of_the_act, on=attempt.on) if now is then else under(attempt.on, now)


def _offence(figures: Mapping[str, Any]) -> str:
    """The parameter that holds the thresholds."""
    return "criminal_threshold_selling" if figures.get("offence_kind") == SELLING else "criminal_threshold"


def _facts(judged: _Judged, name: str) -> dict[str, Any]:
    version = judged.version
    facts: dict[str, Any] = {
        **{r.item: r.found for r in judged.reached},
        "thresholds": {r.item: r.threshold for r in judged.reached},
        "ways": {r.item: r.way for r in judged.reached},
        "offence": OFFENCES[name][0],
        "aggravated": judged.aggravated,
        "confidence": version.confidence,
        "confirmed": _is_confirmed(version),
    }
    if _rests_on_history(judged):
        facts["earlier"] = [penalty.document() for penalty in judged.earlier]
    return facts


def _rests_on_history(judged: _Judged) -> bool:
    return any(r.way == "repeat" for r in judged.reached)


def _said(judged: _Judged) -> tuple[str, str]:
    """What was found and how it reaches the threshold, in words."""
    zh = "、".join(f"{NAMES[r.item][0]}{_amount(r, 'zh')}" for r in judged.reached)
    en = ", ".join(f"{NAMES[r.item][1]} {_amount(r, 'en')}" for r in judged.reached)
    if any(r.way == "half" for r in judged.reached):
        zh, en = f"{zh}均达到标准的一半以上", f"{en}, each half of its threshold or more"
    if any(r.item in STOCKS for r in judged.reached):
        zh, en = f"{zh}（含尚未销售的）", f"{en} (unsold stock included)"
    if _rests_on_history(judged):
        (by_zh, by_en), years = _named(judged.earlier), years_of_history(judged.version)
        zh = f"{years}年内曾受处罚（{by_zh}）又再次实施，{zh}"
        en = f"punished within {years} years ({by_en}) and again: {en}"
    return zh, en


def _named(penalties: Sequence[EarlierPenalty]) -> tuple[str, str]:
    """Which penalties. Two people may share a name, so the case is named for somebody to look."""
    zh = "；".join(f"{p.on}，{'同一或同名当事人，案号' + p.case_no if p.case_no else '其他机关'}" for p in penalties)
    en = "; ".join(f"{p.on}, {'same party/name, ' + p.case_no if p.case_no else 'by another body'}" for p in penalties)
    return zh, en


def _amount(r: Reached, lang: str) -> str:
    if not r.item.endswith("_fen"):
        return f"{r.found:,}"
    return f"{yuan(r.found)}{'元' if lang == 'zh' else ' yuan'}"


def _is_confirmed(version: ParameterVersion) -> bool:
    return version.confidence == CONFIRMED or version.confirmed_on is not None


def _unconfirmed_zh(version: ParameterVersion) -> str:
    return "" if _is_confirmed(version) else f"（标准未确认，{version.confidence}）"


def _unconfirmed_en(version: ParameterVersion) -> str:
    return "" if _is_confirmed(version) else f" (not confirmed: {version.confidence})"


def _propose(case: CaseView) -> Remedy:
    return Remedy("提出移送", "propose the referral", f"anjuan case why {case.case_no} propose_referral")
