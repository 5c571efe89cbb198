"""The invariants of the field, written from the words of the law: what is wrong with a life, by their numbers.

Nothing here asks the guards under test, nor the view that they are shown of a party: whose step a step is, which days
are over and who had a hand in what is worked out anew from the trail, the record and another calendar.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from builders import all_tallies, day
from lives import FOR_EVER, NEWCOMERS, Life, names
from test_case_life import NEW_LAW, THRESHOLD_FEN, calendar_days, due_by_hand, working_days

from engine import casework
from engine.case_view import CaseView, StepTaken
from engine.defects import defects_of
from engine.judging import judge_step
from engine.orders import TakeStep

Number = int | None
# What is said to one party, or done for it; everything else is done in the case as a whole.
OF_A_PARTY = frozenset(
    names(
        "review discuss approve_notice notify state_defence answer_defence request_hearing "
        "call_hearing hold_hearing end_hearing waive_rights decide decide_no_penalty educate serve "
        "pay suspend_late_fee resume_late_fee allow_instalments complete propose_referral "
        "approve_referral refuse_referral hand_over police_file hand_over_goods police_refuse "
        "return_to_penalty terminate close set_aside redo withdraw_publication notify_again "
        "serve_again"
    )
)
NOTICE_SERVED, DECISION_SERVED = ("notify", "notify_again"), ("serve", "serve_again")
PENALTIES = ("decide", "decide_on_spot")
# Whoever only inspected or questioned on the way is not barred from reviewing or deciding by the definition.
HANDLING = ("verify", "interview", "act_at_once", "inspect", "inquire", "investigate", "conclude")
HEARING = ("call_hearing", "hold_hearing")
CLOSING = {"close", "close_rectified", "record_feedback"}
# Where two officers act, and the answer that says on which day; without one it is the day of the step.
TWO_ACT = {
    **dict.fromkeys(
        ["verify", "recheck", "investigate", "conclude", "answer_defence", "decide_on_spot", "propose_referral"], ""
    ),
    **dict.fromkeys([*NOTICE_SERVED, *DECISION_SERVED], "served_on"),
    **dict.fromkeys(["inspect", "act_at_once"], "inspected_on"),
    "interview": "met_on",
    "inquire": "asked_on",
    "hand_over": "handed_at",
    "hand_over_goods": "handed_on",
    "open": "delivered_on",
    "release": "released_on",
}
CERTIFIED = {
    **dict.fromkeys(
        ["handler1", "handler2", "handler3", "handler_reviewer", "handler_head", "handler_hearing"], (FOR_EVER,)
    ),
    "handler_expired": ((FOR_EVER[0], day("2018-06-30")),),
    "handler_new": NEWCOMERS["handler_new"][1],
}
HEARING_FROM_FEN = {"unit": 10_000_000, "person": 2_000_000}
MINUTE = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(\+08:00)?")
# From when a police officer would have to look at it: 法释〔2004〕19号 §5, 2025 the same for these two.
GAINS_FEN, COPIES = 3_000_000, 500
RUN_FROM_SERVICE = {"statement_period": NOTICE_SERVED, "reconsideration": DECISION_SERVED, "suit": DECISION_SERVED}
DUTIES = {
    *("complaint_decision", "decision_limit", "service_of_decision", "publication", "referral_decision"),
    *("urgent_filing", "goods_handover", "hand_over"),
}
LATE_PARTY = {
    "state_defence": ("statement_period", "received_on"),
    "request_hearing": ("hearing_request", "requested_on"),
}
# Campaign work may be closed when the campaign is over; what follows from it never.
CAMPAIGN_WORK = {"open", "order_rectification"}


def his(case: CaseView, number: Number) -> list[StepTaken]:
    """What was done in the case as far as it concerns that party; what was said to others before it joined does not."""
    joined = next((p.joined_seq for p in case.parties if p.party_no == number), 1)
    return [
        t
        for t in case.trail
        if t.party == number or (t.party is None and (t.step not in OF_A_PARTY or t.seq >= joined))
    ]


def numbers(case: CaseView) -> list[Number]:
    return [p.party_no for p in case.parties] or [None]


def before(trail: list[StepTaken], seq: int, *steps: str) -> list[StepTaken]:
    """Those steps before that entry, oldest first."""
    return [t for t in trail if t.seq < seq and t.step in steps]


def newest(trail: list[StepTaken], seq: int, *steps: str) -> StepTaken | None:
    found = before(trail, seq, *steps)
    return found[-1] if found else None


def decisions(life: Life, *steps: str) -> Iterator[tuple[CaseView, Number, list[StepTaken], StepTaken]]:
    """Each of those steps that concerns a party, with what concerns that party."""
    case = life.case
    for number in numbers(case):
        trail = his(case, number)
        for t in trail:
            if t.step in steps:
                yield case, number, trail, t


def had_a_hand(steps: list[StepTaken]) -> set[str]:
    """Who decided it, for whom, and the officers named; who typed it for somebody else is not meant."""
    found = set[str]()
    for t in steps:
        found |= {t.signed_by or t.actor, *t.answers.get("officers", ()), *([t.for_name] if t.for_name else [])}
    return found


def told_fen(step: StepTaken | None, name: str) -> int:
    return int(step.answers.get(name) or 0) if step is not None else 0


# --- 1, 3, 4, 6, 14, 16: before a decision ----------------------------------------------------------------------------


def one(life: Life) -> Iterator[str]:
    """No decision without a delivered notice and the end, or an express waiver, of the periods that it starts."""
    for case, number, trail, decision in decisions(life, "decide"):
        notice = newest(trail, decision.seq, "approve_notice")
        served = newest(trail, decision.seq, *NOTICE_SERVED)
        if notice is None or served is None or served.seq < notice.seq:
            yield f"1: party {number} was punished without a notice that was served"
            continue
        served_on = day(served.answers["served_on"])
        if not notice.on <= served_on <= served.on:
            yield f"1: the notice of {notice.on} was delivered on {served_on}, recorded on {served.on}"
        since = [t for t in trail if served.seq < t.seq < decision.seq]
        waived = {t.answers["waived"] for t in since if t.step == "waive_rights"}
        public = served.answers["served_how"] == "public_notice"
        if decision.on <= statement_ends(served_on, public=public) and not waived & {"statement", "both"}:
            yield f"1: decided on {decision.on}, while party {number} could still state its case"
        asked = newest(since, decision.seq, "request_hearing")
        over = asked is not None and newest(since, decision.seq, "hold_hearing", "end_hearing") is not None
        if not over and gives_a_hearing(case, number, notice, served.on) and not waived & {"hearing", "both"}:
            # By public notice it is served only when the notice has stood for at least thirty days.
            told_on = served_on + timedelta(days=30) if public else served_on
            if decision.on <= min(due_by_hand("hearing_request", told_on)):
                yield f"1: decided on {decision.on}, while party {number} could still ask for a hearing"
        stated = newest(trail, decision.seq, "state_defence")
        if stated is not None and not before([t for t in since if t.seq > stated.seq], decision.seq, "answer_defence"):
            answered = newest(trail, decision.seq, "answer_defence")
            if answered is None or answered.seq < stated.seq:
                yield f"1: decided without an answer to what party {number} said on {stated.answers['received_on']}"


def statement_ends(served_on: date, *, public: bool) -> date:
    """2009 measures §27: seven days, on the safe reading also seven working days; thirty by public notice."""
    if public:
        return calendar_days(served_on, 30, rolled=True)
    return max(calendar_days(served_on, 7, rolled=True), working_days(served_on, 7))


def gives_a_hearing(case: CaseView, number: Number, notice: StepTaken, on: date) -> bool:
    """§63, 1996 law §42: a larger fine; since 2021-07-15 a larger confiscation too."""
    opened = case.trail[0].answers
    from_fen = HEARING_FROM_FEN[str(opened.get("respondent_kind") or "person") if number in (None, 1) else "unit"]
    confiscation = told_fen(notice, "proposed_confiscation_fen") if on >= NEW_LAW else 0
    return max(told_fen(notice, "proposed_fine_fen"), confiscation) >= from_fen


def three(life: Life) -> Iterator[str]:
    """What a party said, and what was said at a hearing, never makes it worse than it was told."""
    for _, number, trail, decision in decisions(life, "decide"):
        notice = newest(trail, decision.seq, "approve_notice")
        for told, now in (("proposed_fine_fen", "fine_fen"), ("proposed_confiscation_fen", "confiscated_fen")):
            if told_fen(decision, now) > told_fen(notice, told):
                yield f"3: party {number} was told {told_fen(notice, told)} and got {told_fen(decision, now)}"


def four(life: Life) -> Iterator[str]:
    """One fine for one act of one party; none where a court has fined already."""
    case = life.case
    for number in numbers(case):
        fined: StepTaken | None = None
        sentenced = False
        for t in his(case, number):
            if t.step == "set_aside":
                fined = None
            elif t.step == "close":
                sentenced = sentenced or t.answers.get("outcome") == "sentenced"
            elif t.step in PENALTIES and told_fen(t, "fine_fen"):
                if fined is not None:
                    yield f"4: party {number} was fined on {fined.on} and again on {t.on}"
                if sentenced:
                    yield f"4: party {number} was fined on {t.on} after a criminal sentence"
                fined = t


def six(life: Life) -> Iterator[str]:
    """After a hearing, and where the law of the day wants it, a reviewer has agreed; each function has its people."""
    for _, number, trail, decision in decisions(life, "decide", "decide_no_penalty"):
        concluded = newest(trail, decision.seq, "conclude")
        heard = newest(trail, decision.seq, "hold_hearing")
        passed = [t for t in before(trail, decision.seq, "review") if t.answers["opinion"] == "pass"]
        since = max((t.seq for t in (concluded, heard) if t is not None), default=0)
        always = day("2018-01-01") <= decision.on < NEW_LAW
        situations = bool(concluded is not None and concluded.answers.get("review_situations"))
        if (always or situations or heard is not None) and not any(t.seq > since for t in passed):
            yield f"6: decided about party {number} without a legal review after {'the hearing' if heard else 'all'}"
    yield from _six_apart(life)


def _six_apart(life: Life) -> Iterator[str]:
    """Who reviews, hears or decides has had no hand in what he judges."""
    apart = {
        "review": (*HANDLING, *HEARING),
        "call_hearing": (*HANDLING, "review"),
        "hold_hearing": (*HANDLING, "review"),
        "end_hearing": (*HANDLING, "review"),
        "decide": (*HANDLING, "review", *HEARING),
        "decide_no_penalty": (*HANDLING, "review", *HEARING),
        "approve_notice": (*HANDLING, "review"),
        "approve_referral": ("propose_referral",),
        "pay": ("decide", "investigate", "conclude"),
    }
    for _, _, trail, t in decisions(life, *apart):
        both = had_a_hand([t]) & had_a_hand(before(trail, t.seq, *apart[t.step]))
        if both:
            yield f"6: {', '.join(sorted(both))} took {t.step} after a part in one of {', '.join(apart[t.step])}"
    gone: dict[str, int] = {}
    for t in life.case.trail:
        acting = had_a_hand([t]) & gone.keys()
        if acting:
            yield f"6: {', '.join(sorted(acting))} took {t.step} after withdrawing from the case"
        if t.step == "withdraw_officer":
            gone |= dict.fromkeys(t.answers["concerned"], t.seq)


def fourteen(life: Life) -> Iterator[str]:
    """What must go to the police does not end with a fine, or with nothing."""
    for _, number, trail, t in decisions(life, "decide", "decide_no_penalty", "close_rectified"):
        concluded = newest(trail, t.seq, "conclude")
        if concluded is None or not must_be_referred(concluded.answers):
            continue
        reopened = newest(trail, t.seq, "reopen")
        answers = [
            a for a in before(trail, t.seq, "refuse_referral", "police_refuse") if not reopened or a.seq > reopened.seq
        ]
        if not answers:
            yield f"14: {t.step} for party {number}, though {dict(concluded.answers)} must be referred"


def must_be_referred(found: Mapping[str, Any]) -> bool:
    return found.get("offence_kind") != "selling" and (
        int(found.get("turnover_fen") or 0) >= THRESHOLD_FEN
        or int(found.get("gains_fen") or 0) >= GAINS_FEN
        or (int(found.get("copies") or 0) >= COPIES and found.get("offence_kind") != "dissemination")
    )


def sixteen(life: Life) -> Iterator[str]:
    """No decision in a case that was not filed before, whichever way it came back."""
    for _, number, trail, t in decisions(life, "decide", "decide_no_penalty"):
        if not before(trail, t.seq, "file"):
            yield f"16: {t.step} for party {number} in a case that was never filed"


# --- 2: two certified officers ----------------------------------------------------------------------------------------


def two(life: Life) -> Iterator[str]:
    """Two different officers at least, each certified on the day on which he acted."""
    for no in (life.no, *life.children):
        case = life.scene.case(no)
        for t in case.trail:
            if t.step not in TWO_ACT or (t.step == "open" and case.workflow == "case"):
                continue
            acted_on = t.day(TWO_ACT[t.step]) or t.on
            if len(set(t.officers)) < 2:
                yield f"2: {t.step} by {t.officers}"
            for name in t.officers:
                if not any(first <= acted_on <= last for first, last in CERTIFIED.get(name, ())):
                    yield f"2: {name} had no certificate on {acted_on}, the day of {t.step}"


# --- 5, 15: what belongs to the case ----------------------------------------------------------------------------------


def five(life: Life) -> Iterator[str]:
    """What is held is held, disposed of once, or lost; beyond its time it is lost, and that is a defect."""
    for no in life.children:
        with life.scene.office.store.writing() as work:
            casework.settle(life.scene.office, work, no)
        case = life.scene.case(no)
        delivered_on = day(case.trail[0].answers["delivered_on"])
        ends_on = working_days(delivered_on, 7) if delivered_on >= NEW_LAW else calendar_days(delivered_on, 7)
        disposals = [t for t in case.trail if t.step == "dispose"]
        if len(disposals) > 1:
            yield f"5: {no} was disposed of {len(disposals)} times"
        for t in disposals:
            if t.on > ends_on:
                yield f"5: {no} was disposed of on {t.on}, though it had been lost on {ends_on}"
        if case.state == "held" and life.today > ends_on:
            yield f"5: {no} is still held on {life.today}, its time was over on {ends_on}"
        lost = life.today > ends_on and not disposals
        defects = defects_of(case.deadlines.values(), life.scene.entries(no), life.scene.clock.now())
        if lost != bool(defects):
            yield f"5: {no} lost: {lost}, but the defects are {defects}"


def fifteen(life: Life) -> Iterator[str]:
    """Nothing is closed while something that belongs to it is open."""
    tried = life.latest
    if tried is not None and tried.case_no == life.no and tried.step in CLOSING and not tried.refusals:
        still = [no for no in life.children if not life.scene.case(no).ended]
        if still:
            yield f"15: closed with {still} open"


# --- 7, 8, 9, 11: time ------------------------------------------------------------------------------------------------


def seven(life: Life) -> Iterator[str]:
    """A referral is approved by the head to the minute, and handed over within a day or marked late."""
    for case, number, trail, handed in decisions(life, "hand_over"):
        approved = newest(trail, handed.seq, "approve_referral")
        if approved is None:
            yield f"7: party {number} was handed over without an approval"
            continue
        holder = approved.for_name or approved.signed_by or approved.actor
        if approved.role != "head" or holder not in {"head", "head2", "handler_head"}:
            yield f"7: the referral was approved by {holder} as {approved.role}"
        at, until = str(handed.answers["handed_at"]), str(approved.answers["approved_at"])
        if not MINUTE.fullmatch(at) or not MINUTE.fullmatch(until):
            yield f"7: approved at {until}, handed over at {at}: not to the minute"
            continue
        hours = (datetime.fromisoformat(at) - datetime.fromisoformat(until)) / timedelta(hours=1)
        clocks = [
            d
            for d in case.deadlines.values()
            if d.rule == "hand_over" and d.party_no in (None, number) and d.started_on == day(until[:10])
        ]
        ended = [clock for clock in clocks if clock.ended_on == day(at[:10])]
        # What was approved for all parties runs until the last of them is handed over.
        if not ended and not (clocks and approved.party is None and len(case.parties) > 1):
            yield f"7: approved at {until}, handed over at {at}, and no clock ran between the two"
        elif ended and not any((hours > 24) == (clock.note == "late") for clock in ended):
            yield f"7: handed over after {hours} hours, marked {clocks[-1].note}"


def eight(life: Life) -> Iterator[str]:
    """The ninety days run from the filing, or from what revived the case; before 2021-07-15 there were none."""
    case = life.case
    filed = [t for t in case.trail if t.step == "file"]
    revived = [t for t in case.trail if t.step in {"reopen", "redo"}]
    returned = [t.day("returned_on") for t in case.trail if t.step == "transfer_back"]
    runs = [d.started_on for d in case.deadlines.values() if d.rule == "decision_limit"]
    allowed = {*(t.on for t in (*filed, *revived)), *returned}
    for started_on in runs:
        if not filed or started_on not in allowed or started_on < filed[0].on:
            yield f"8: ninety days from {started_on}; filed on {[str(t.on) for t in filed]}"
    if any(t.on >= NEW_LAW for t in filed) and filed[0].on not in runs:
        yield f"8: filed on {filed[0].on}, but the ninety days run from {runs}"


def nine(life: Life) -> Iterator[str]:
    """What runs from service starts on the served day, with a way and a proof of it, and anew when served again."""
    case, said = life.case, life.said(life.case)
    for t in case.trail:
        if t.step in {*NOTICE_SERVED, *DECISION_SERVED} and not (
            t.answers.get("served_how") and said[t.seq]["answers"].get("proof")
        ):
            yield f"9: {t.step} without a way or a proof of service"
    for number in numbers(case):
        trail = his(case, number)
        on_spot = [t.on for t in trail if t.step == "decide_on_spot"]
        for rule, steps in RUN_FROM_SERVICE.items():
            served = [served_from(rule, t) for t in trail if t.step in steps]
            expected = sorted([*served, *(on_spot if steps == DECISION_SERVED else [])])
            starts = started(case, number, rule)
            if starts != expected and not (rule == "suit" and on_spot):
                yield f"9: {rule} of party {number} runs from {shown(starts)}, served: {shown(expected)}"
        yield from _nine_hearing_and_payment(case, number, trail)


def served_from(rule: str, service: StepTaken) -> date:
    """From when a period counts: by public notice from its end, but to state one's case from its first day."""
    served_on = day(service.answers["served_on"])
    if service.answers["served_how"] != "public_notice" or rule == "statement_period":
        return served_on
    days = 60 if service.on < day("2022-01-01") else 30
    return calendar_days(served_on, days, rolled=True)


def _nine_hearing_and_payment(case: CaseView, number: Number, trail: list[StepTaken]) -> Iterator[str]:
    told = []
    for t in trail:
        notice = newest(trail, t.seq, "approve_notice")
        if t.step in NOTICE_SERVED and notice is not None and gives_a_hearing(case, number, notice, t.on):
            told.append(served_from("hearing_request", t))
    starts = started(case, number, "hearing_request")
    if starts != sorted(told):
        yield f"9: a hearing may be asked for from {shown(starts)}, told: {shown(sorted(told))}"
    served = [served_from("payment", t) for t in trail if t.step in DECISION_SERVED]
    relieved = [t.on for t in trail if t.step in {"decide_on_spot", "allow_instalments", "defer_payment"}]
    for day_of_start in started(case, number, "payment"):
        if day_of_start not in (*served, *relieved):
            yield f"9: payment of party {number} runs from {day_of_start}, served: {shown(served)}"


def started(case: CaseView, number: Number, rule: str) -> list[date]:
    """From which days that limit of the party runs or ran, sorted."""
    found = (d for d in case.deadlines.values() if d.rule == rule and d.party_no in (None, number))
    return sorted(d.started_on for d in found)


def shown(days: Iterable[date]) -> str:
    return ", ".join(map(str, days)) or "no day"


def eleven(life: Life) -> Iterator[str]:
    """Our own duty done late is marked, never refused; a right used late is refused; a period is waited for."""
    tried = life.latest
    if tried is not None and "duty.overdue" in {r.code for r in tried.refusals}:
        yield f"11: {tried.step} was refused for being late"
    case, said = life.case, life.said(life.case)
    yield from _eleven_duties(life, case)
    for number in numbers(case):
        trail = his(case, number)
        for t in trail:
            if t.step in LATE_PARTY:
                rule, answer = LATE_PARTY[t.step]
                last_on = max((ends(rule, n) for n in before(trail, t.seq, *NOTICE_SERVED)), default=date.min)
                if day(t.answers[answer]) > last_on and not said[t.seq]["answers"].get("late_ground"):
                    yield f"11: {t.step} of {t.answers[answer]} without good cause, its time was over on {last_on}"
            called = newest(trail, t.seq, "call_hearing")
            if t.step == "hold_hearing" and called is not None:
                free_from = max(due_by_hand("hearing_notice", day(called.answers["notice_served_on"])))
                if day(t.answers["held_on"]) <= free_from:
                    yield f"11: heard on {t.answers['held_on']}, the notice of it ran to {free_from}"


def ends(rule: str, service: StepTaken) -> date:
    """The last day of a right that the party was told of with that service."""
    if rule == "statement_period":
        public = service.answers["served_how"] == "public_notice"
        return statement_ends(day(service.answers["served_on"]), public=public)
    return max(due_by_hand(rule, served_from(rule, service)))


def _eleven_duties(life: Life, case: CaseView) -> Iterator[str]:
    entries = life.entries
    endings = {
        effect["id"]: entry
        for entry in entries
        for effect in entry.said()["effects"].get("deadlines", ())
        if effect["act"] == "end"
    }
    found = {d.deadline.id for d in defects_of(case.deadlines.values(), entries, life.scene.clock.now())}
    for d in case.deadlines.values():
        if d.rule not in DUTIES or d.rule == "hand_over" or d.state != "met" or d.ended_on is None:
            continue
        if d.course.pauses or d.course.extensions:
            continue
        late = d.ended_on > max(due_by_hand(d.rule, d.started_on))
        if late != (d.id in found):
            yield f"11: {d.id}, due on {d.due_on}, was done on {d.ended_on}; as a defect: {d.id in found}"
        newer = any(other.rule == d.rule and other.number > d.number for other in case.deadlines.values())
        ending = endings[d.id]
        if newer or ending.step == "refuse_referral":  # which are marked as defects, but say nothing when they are late
            continue
        if late and "duty.overdue" not in ending.said()["effects"]["warnings"]:
            yield f"11: {d.id}, due on {d.due_on}, was done on {d.ended_on} without a word about it"


# --- 10, 12, 13: campaigns, the record, the figures -------------------------------------------------------------------


def ten(life: Life) -> Iterator[str]:
    """The end of a campaign closes no case, and nothing that follows from what was admitted."""
    tried = life.latest
    if (
        tried is not None
        and tried.step not in CAMPAIGN_WORK
        and any(r.code.startswith("phase.") for r in tried.refusals)
    ):
        yield f"10: {tried.step} was refused on {tried.on} because of a campaign"
    by_itself = [t for t in life.case.trail if t.actor == "anjuan" and t.source != t.dest]
    for t in by_itself:
        yield f"10: the case went from {t.source} to {t.dest} by itself on {t.on}"


def twelve(life: Life) -> Iterator[str]:
    """Every step is on record with who, as what, when, what was said and by which rules; nothing ever leaves it."""
    entries = life.entries
    hashes = [entry.hash for entry in entries]
    if hashes[: len(life.kept)] != life.kept:
        yield "12: something that was on record is no more"
    life.kept = hashes
    if [entry.seq for entry in entries] != list(range(1, len(entries) + 1)):
        yield "12: the numbers of the record have gaps"
    taken = sum(1 for t in life.tried if not t.refusals and t.case_no == life.no)
    steps = [entry for entry in entries if entry.kind == "step" and entry.actor != "anjuan"]
    if len(steps) != taken:
        yield f"12: {taken} steps were taken, {len(steps)} are on record"
    for entry in entries:
        said = entry.said()
        if not (said["actor"] and said["recorded_at"] and said["happened_on"]):
            yield f"12: entry {entry.seq} does not say who or when"
        if entry.kind not in {"open", "step"}:
            continue
        rules = said["rules"]
        if not (rules.get("definition") and rules.get("parameters")):
            yield f"12: entry {entry.seq} ({entry.step}) does not say by which rules"
        started = {e["id"] for e in said["effects"]["deadlines"] if e["act"] == "start"}
        if started and not rules.get("time_limits"):
            yield f"12: entry {entry.seq} ({entry.step}) started {started} by no rule"
        if entry.actor != "anjuan" and not said["role"]:
            yield f"12: entry {entry.seq} ({entry.step}) does not say in which role"
    for t in life.case.trail:
        said = entries[t.seq - 1].said()
        if (said["step"] or "open", said["actor"], said["happened_on"]) != (t.step, t.actor, t.on.isoformat()):
            yield f"12: {t.step} is on the trail otherwise than on record"
        if (t.signed_by is None) != ("paper" not in said["effects"]):
            yield f"12: {t.step} was signed by {t.signed_by} on no paper"


def thirteen(life: Life) -> Iterator[str]:
    """What the forms add up is what the cases did, each once, in its month; corrections carry a sign."""
    case = life.case
    expected: Counter[tuple[str, str, str, str]] = Counter()
    if case.campaigns:
        (campaign,) = case.campaigns
        for number, t in itertools.chain.from_iterable(((n, t) for t in his(case, n)) for n in numbers(case)):
            if t.party is None and number not in (None, numbers(case)[0]):
                continue  # done in the case as a whole: once, not for each
            for column, n in counted(t, his(case, t.party) if t.party else list(case.trail)):
                expected[campaign.id, campaign.category, column, f"{t.on:%Y-%m}"] += n
    found: Counter[tuple[str, str, str, str]] = Counter()
    with life.scene.office.store.reading() as work:
        for tallies in all_tallies(work).values():
            for t in tallies:
                found[t["campaign"], t["row"], t["column"], t["period"]] += t["n"]
    if {k: n for k, n in found.items() if n} != {k: n for k, n in expected.items() if n}:
        yield f"13: the forms say {dict(found)}, the case did {dict(expected)}"


def counted(t: StepTaken, trail: list[StepTaken]) -> Iterator[tuple[str, int]]:
    """case-lifecycle §6: what a step counts, in which column."""
    match t.step:
        case "file":
            yield "filed", 1
        case "decide":
            yield from [("penalties", 1), ("fines_fen", told_fen(t, "fine_fen"))]
            yield "copies_seized", told_fen(t, "copies_confiscated")
        case "decide_on_spot":
            yield from [("filed", 1), ("penalties", 1), ("fines_fen", told_fen(t, "fine_fen"))]
        case "hand_over":
            yield from [
                ("referrals", 1),
                ("referred_fen", told_fen(newest(trail, t.seq, "propose_referral"), "amount_fen")),
            ]
        case "recheck":
            yield "links_removed", told_fen(t, "links_removed")
        case "transfer_out" | "transfer_back" if before(trail, t.seq, "file"):
            yield "filed", -1 if t.step == "transfer_out" else 1
        case "set_aside":
            fallen = newest(trail, t.seq, *PENALTIES, "decide_no_penalty")
            if fallen is not None and fallen.step in PENALTIES:
                yield from [("penalties", -1), ("fines_fen", -told_fen(fallen, "fine_fen"))]


# --- several parties --------------------------------------------------------------------------------------------------


def apart(life: Life) -> Iterator[str]:
    """What is done for one party alone leaves every other where it was, with the decisions open to it that were."""
    tried, was, now = life.latest, life.before, life.case
    if tried is None or tried.refusals or tried.party is None or len(now.parties) < 2:
        return
    for party in now.parties:
        other = party.party_no
        if other == tried.party:
            continue
        stood, stands = place(life, was, other), place(life, now, other)
        if stood != stands:
            yield f"3: {tried.step} for {tried.party} moved party {other} from {stood} to {stands}"
        limits = [
            [d for d in case.deadlines.values() if d.party_no == other and d.nature != "automatic"]
            for case in (was, now)
        ]
        if limits[0] != limits[1]:
            yield f"3: {tried.step} for {tried.party} changed the time limits of party {other}"
        for fine_fen in ("5000000", "5100000"):
            order = life.scene.order(life.no, "decide", life.today.isoformat(), party=other, fine_fen=fine_fen)
            codes = [codes_against(life, case, order) for case in (was, now)]
            if codes[0] != codes[1]:
                yield f"3: {tried.step} for {tried.party} changed why party {other} may not get {fine_fen}: {codes}"


def place(life: Life, case: CaseView, number: int) -> str:
    """Where the party stands: where the last step led that was its own, or that led those there who stood where it did.

    It begins where the case stood when it became a party. A step of the whole case leaves alone whoever is further.
    """
    steps, state = life.definitions["case"].steps, ""
    joined = next(p.joined_seq for p in case.parties if p.party_no == number)
    for t in his(case, number):
        own = t.seq == joined or t.party is not None
        if own or (t.source != t.dest and (t.step in OF_A_PARTY or (state and state in steps[t.step].from_))):
            state = t.dest
    return state


def codes_against(life: Life, case: CaseView, order: TakeStep) -> list[str]:
    office = life.scene.office
    with office.store.reading() as work:
        workflow = office.workflow_of(work, case.definition)
    around = casework.surroundings(office, case)
    return [r.code for r in judge_step(workflow, case, order, office.people.person(order.actor), around).refusals]


def outcomes(life: Life) -> Iterator[str]:
    """Parties of one case end each as it was decided for them, and the case with the last of them."""
    for case, number, trail, closed in decisions(life, "close"):
        decided = before(trail, closed.seq, *PENALTIES, "decide_no_penalty", "set_aside")
        last = decided[-1].step if decided else ""
        result = closed.answers["result"]
        if result in {"no_penalty", "not_established"} and last != "decide_no_penalty":
            yield f"3: party {number} was closed as {result} after {last or 'nothing'}"
        if result == "penalty_executed" and last in {"", "set_aside"}:
            yield f"3: party {number} was closed as {result} after {last or 'nothing'}"
        places = [place(life, case, p.party_no) for p in case.parties]
        if case.ended and not {"closed", "archived"}.issuperset(places):
            yield f"3: the case has ended, but its parties stand at {places}"
