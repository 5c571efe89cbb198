"""Guards on making a decision obeyed: the demand, the application to the court, what the court answered.

行政强制法 §53–§58; 著作权行政处罚实施办法（2009） §39.
"""

from __future__ import annotations

from engine.case_view import Attempt, CaseView
from engine.errors import Refusal, Remedy
from engine.guards import condition, guard
from workflows.decision_in_force import penalty_in_force
from workflows.payment_terms import DEFERRED, IN_PARTS, RESUME, suspended_since
from workflows.settlement import balance_of, nothing_open

GOODS = {"confiscate_copies", "confiscate_tools"}
GIVES_TIME = ("decide", "serve", "serve_again", "decide_on_spot", DEFERRED, IN_PARTS)


@condition
def court_accepted(case: CaseView, attempt: Attempt) -> bool:
    """The court took the application on."""
    return attempt.answers.get("court_answer") == "accepted"


@condition
def court_refused(case: CaseView, attempt: Attempt) -> bool:
    """The court refused to take it on, or to enforce."""
    return attempt.answers.get("court_answer") == "refused"


@guard
def something_is_owed(case: CaseView, attempt: Attempt) -> Refusal | None:
    """The decision ordered money that is still unpaid."""
    balance = balance_of(case, attempt.law, attempt.on)
    if balance is not None and balance.open:
        return None
    return Refusal(
        "execution.nothing_owed",
        "没有应缴未缴的款项，无须催告或者申请强制执行",
        "nothing is owed; there is nothing to demand or to enforce",
        basis="行政强制法第五十三条",
        remedy=Remedy("登记执行完毕", "record that it is executed", f"anjuan case why {case.case_no} complete"),
    )


@guard
def demanded(case: CaseView, attempt: Attempt) -> Refusal | None:
    """The party was told in writing to perform, and nothing has given it more time since. 行政强制法 §54.

    A new decision, a new service, a deferral and instalments do: what was demanded before them counts for nothing.
    """
    more_time, demand = case.last(*GIVES_TIME), case.last("demand")
    if demand is not None and (more_time is None or demand.seq > more_time.seq):
        return None
    return Refusal(
        "demand.missing",
        "申请法院强制执行前应当书面催告",
        "before the court is asked the party is told in writing to perform",
        basis="行政强制法第五十四条",
        remedy=Remedy("先催告，十个工作日后再申请", "demand it first", f"anjuan case why {case.case_no} demand"),
    )


@guard
def no_remedy_pending(case: CaseView, attempt: Attempt) -> Refusal | None:
    """No reconsideration or suit is pending: only a decision that nobody contests any more is enforced. 行政强制法 §53.

    What the record knows of one is the late fee that stands still meanwhile.
    """
    since = suspended_since(case)
    if since is None:
        return None
    return Refusal(
        "remedy.pending",
        f"自{since}起正在行政复议或者行政诉讼，终结前不得催告或者申请强制执行",
        f"a reconsideration or suit has been pending since {since}; nothing is demanded or enforced before it ends",
        basis="行政强制法第五十三条",
        facts={"suspended_on": since.isoformat()},
        remedy=Remedy(
            "复议、诉讼终结后，先登记恢复计算加处罚款",
            "when it has ended, let the late fee run again first",
            f"anjuan case why {case.case_no} {RESUME}",
        ),
    )


@guard
def enforcement_in_time(case: CaseView, attempt: Attempt, *, answer: str) -> Refusal | None:
    """The court is asked within the three months, or good cause is recorded. 行政强制法 §53."""
    running, asked_on = case.latest_deadline("court_enforcement"), attempt.day(answer)
    if running is None or asked_on is None or asked_on <= running.due_on or attempt.answers.get("late_ground"):
        return None
    return Refusal(
        "right.lapsed",
        f"{running.terms.zh}已于{running.due_on}届满，{asked_on}申请的已逾期",
        f"{running.terms.en}: it ended on {running.due_on}; {asked_on} is too late",
        basis=running.terms.basis,
        facts={"deadline": running.id, "due_on": running.due_on.isoformat(), "used_on": asked_on.isoformat()},
        remedy=Remedy(
            "有正当理由的，写明理由：--set late_ground=…", "where there is good cause, record it: --set late_ground=…"
        ),
    )


@guard
def executed_is_settled(case: CaseView, attempt: Attempt) -> Refusal | None:
    """An enforcement that ended with everything executed leaves nothing open."""
    return nothing_open(case, attempt) if attempt.answers.get("ended_how") == "executed" else None


@guard
def goods_confiscated(case: CaseView, attempt: Attempt) -> Refusal | None:
    """The decision in force confiscated goods. 著作权行政处罚实施办法（2009） §39."""
    decision = penalty_in_force(case)
    answers = decision.answers if decision is not None else {}
    if answers.get("copies_confiscated") or GOODS & set(answers.get("measures") or ()):
        return None
    return Refusal(
        "goods.none",
        "决定没有没收物品，没有可以处理的",
        "the decision confiscated no goods; there is nothing to dispose of",
        basis="著作权行政处罚实施办法（2009）第三十九条",
        remedy=Remedy("核对决定书", "look at the decision", f"anjuan case history {case.case_no}"),
    )


@guard
def goods_disposed(case: CaseView, attempt: Attempt) -> Refusal | None:
    """As a warning: what the decision confiscated has been disposed of, on record. 2009 measures §39."""
    decision = penalty_in_force(case)
    if decision is None or goods_confiscated(case, attempt) is not None:
        return None
    if any(t.seq > decision.seq for t in case.taken("dispose_goods")):
        return None
    return Refusal(
        "goods.not_disposed",
        "没收的物品尚未登记处理",
        "what was confiscated has not been disposed of on record",
        basis="著作权行政处罚实施办法（2009）第三十九条",
        remedy=Remedy("先登记处理情况", "record it first", f"anjuan case why {case.case_no} dispose_goods"),
    )
