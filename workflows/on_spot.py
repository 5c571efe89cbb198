"""Guards and conditions of the penalty decided on the spot: how much, and what the party was told."""

from __future__ import annotations

from engine.case_view import Attempt, CaseView
from engine.errors import Refusal, Remedy
from engine.guards import condition, guard
from workflows.hearings import kind_of_respondent
from workflows.money import yuan


@guard
def within_on_spot_limits(case: CaseView, attempt: Attempt, *, fine: str) -> Refusal | None:
    """The fine is one that may be decided on the spot (inclusive). 行政处罚法（2021） §51; 1996 law §33.

    Nothing but a warning or such a fine can be: a confiscation is never decided on the spot.
    """
    fine_fen, kind = int(attempt.answers.get(fine) or 0), kind_of_respondent(case)
    version = attempt.law.parameter_on("on_spot", attempt.on)
    most = version.integer("person_fine_fen" if kind == "person" else "unit_fine_fen")
    if fine_fen <= most:
        return None
    return Refusal(
        "fine.not_on_spot",
        f"当场处罚的罚款不得超过{yuan(most)}元，现为{yuan(fine_fen)}元",
        f"on the spot at most {yuan(most)} yuan may be fined; this is {yuan(fine_fen)}",
        basis=version.basis,
        facts={"fine_fen": fine_fen, "most_fen": most, "kind": kind, "confidence": version.confidence},
        remedy=Remedy(
            "按普通程序办理：核查、立案", "take the ordinary procedure", f"anjuan case why {case.case_no} file"
        ),
    )


@guard
def one_party_only(case: CaseView, attempt: Attempt) -> Refusal | None:
    """The case has one party: whoever else is fined on the spot gets a case of his own, counted for itself."""
    if len(case.parties) < 2:
        return None
    return Refusal(
        "parties.several",
        f"本案有{len(case.parties)}名当事人，当场处罚一人一案，请分别登记",
        f"the case has {len(case.parties)} parties; a penalty on the spot is one case for each of them",
        facts={"parties": [p.party_no for p in case.parties]},
        remedy=Remedy("另行登记案件", "open a case for each", "anjuan case open"),
    )


@guard
def rights_told_on_spot(case: CaseView, attempt: Attempt) -> Refusal | None:
    """Before it was fined the party was told of the facts, the grounds and its rights. 行政处罚法（2021） §44."""
    if attempt.answers.get("rights_told") != "no":
        return None
    return Refusal(
        "notice.missing",
        "作出处罚决定前应当告知当事人事实、理由、依据和权利",
        "before a penalty is decided the party is told of the facts, the grounds and its rights",
        basis=attempt.law.parameter_on("prior_notice", attempt.on).basis,
        remedy=Remedy("先告知并听取意见", "tell the party and hear it first"),
    )


@condition
def suit_is_open_at_once(case: CaseView, attempt: Attempt) -> bool:
    """Whoever was fined on the spot may sue at once: until 2023-12-31; then reconsideration comes first."""
    return not attempt.law.parameter_on("reconsideration_first", attempt.on).says("on_spot")


@condition
def fined_on_spot(case: CaseView, attempt: Attempt) -> bool:
    """The decision on the spot orders a payment."""
    return bool(attempt.answers.get("fine_fen"))
