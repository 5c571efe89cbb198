"""Judges the correction of a slip of the pen: every reason against it at once. Pure: values in, refusals out.

Only an answer whose definition says that it drives nothing can be put right in place, also where it was left empty.
One that started a limit, chose an arc or was judged is corrected by taking the step back, or by reopening the case.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.answer_uses import driven_by
from engine.answers import LONGEST_TEXT, Known, understand
from engine.case_rights import about_the_actor, no_reason
from engine.case_view import CaseView, InCampaign
from engine.changing import changed
from engine.clock import stored_instant
from engine.definitions import OPEN, Answer, Definition, Words, arcs_of
from engine.errors import Refusal, Remedy
from engine.judging import Surroundings, clock_went_back
from engine.people import Person
from engine.standing import Answered

CATEGORY = "category"
EMPTY = Answered(None, None)


@dataclass(frozen=True)
class CorrectCase:
    """An order to put answers, or categories, right. `party` narrows to answers given for that party alone, `entry` to
    the step of that entry; without it the newest step that answered is meant, else the newest that left it empty."""

    case_no: str
    actor: str
    given: Mapping[str, str]
    reason: str = ""
    party: int | None = None
    entry: int | None = None


@dataclass(frozen=True)
class Rewritten:
    """An answer put right: in which entry it was given, what stood there (None where it was left empty), what stands
    there now."""

    name: str
    seq: int
    answer: Answer
    before: Answered
    value: Any


@dataclass(frozen=True)
class Recategorised:
    """The category of the case in one campaign put right."""

    before: InCampaign
    after: InCampaign


@dataclass(frozen=True)
class CorrectionVerdict:
    answers: tuple[Rewritten, ...]
    categories: tuple[Recategorised, ...]
    refusals: tuple[Refusal, ...]


def judge_correction(
    order: CorrectCase,
    case: CaseView,
    definition: Definition,
    standing: Mapping[int, Mapping[str, Answered]],
    actor: Person,
    around: Surroundings,
) -> CorrectionVerdict:
    """What would be put right, and every reason against it. `standing` are the answers by the entries they are in."""
    refusals = [*about_the_actor(case, definition, around.people, actor, around.today)]
    if not order.reason.strip():
        refusals.append(no_reason(_typed(order)))
    if stored_instant(around.now) < case.recorded_at:
        refusals.append(clock_went_back(case.recorded_at))
    answers: list[Rewritten] = []
    categories: list[Recategorised] = []
    for name, raw in order.given.items():
        seq = _given_in(order, case, definition, standing, name)
        if seq is not None:
            found = _rewritten(case, definition, name, seq, standing[seq].get(name, EMPTY), raw, around)
            answers += [found] if isinstance(found, Rewritten) else []
            refusals += () if isinstance(found, Rewritten) else found
        elif name == CATEGORY or name.endswith(f":{CATEGORY}"):
            moved = _recategorised(case, name, raw)
            categories += [moved] if isinstance(moved, Recategorised) else []
            refusals += [moved] if isinstance(moved, Refusal) else []
        else:
            refusals.append(_not_answered(order, case, definition, name))
    return CorrectionVerdict(tuple(answers), tuple(categories), tuple(refusals))


def _given_in(
    order: CorrectCase,
    case: CaseView,
    definition: Definition,
    standing: Mapping[int, Mapping[str, Answered]],
    name: str,
) -> int | None:
    """The newest step on the trail in which that was answered, else the newest that left it empty and drives nothing
    by it."""
    meant = [t for t in reversed(case.trail) if order.party in (None, t.party) and order.entry in (None, t.seq)]
    for taken in meant:
        if name in standing[taken.seq]:
            return taken.seq
    for taken in meant:
        asked = _asked(definition, taken.step).get(name)
        if asked is not None and asked.correctable:
            return taken.seq
    return None


def _asked(definition: Definition, step_id: str) -> Mapping[str, Answer]:
    """What the step asks; one of an earlier version asks nothing any more."""
    if step_id == OPEN:
        return definition.open.ask
    step = definition.steps.get(step_id)
    return step.ask if step is not None else {}


def _rewritten(
    case: CaseView,
    definition: Definition,
    name: str,
    seq: int,
    before: Answered,
    raw: str,
    around: Surroundings,
) -> Rewritten | tuple[Refusal, ...]:
    step_id = next(t.step for t in case.trail if t.seq == seq)
    asked = definition.open if step_id == OPEN else definition.steps[step_id]
    answer = asked.ask[name]
    if not answer.correctable:
        return (_procedural(case, definition, step_id, seq, name, answer),)
    given = answer.model_copy(update={"optional": False})
    understood = understand({name: given}, {name: raw}, Known(around.people, around.today, around.law.calendar))
    if understood.refusals:
        return understood.refusals
    value = understood.values[name]
    if value == before.value:
        return (_unchanged(answer.zh, answer.en, name, value),)
    return Rewritten(name, seq, answer, before, value)


def _recategorised(case: CaseView, name: str, raw: str) -> Recategorised | Refusal:
    campaign = name.removesuffix(CATEGORY).removesuffix(":")
    if not case.campaigns:
        return Refusal(
            "correct.no_campaign",
            "本案不计入任何专项行动，没有类别可以更正",
            "the case counts in no campaign; it has no category to correct",
            remedy=Remedy("先计入专项行动", "let it count in one first", f"anjuan case join {case.case_no} ID"),
        )
    named = [c for c in case.campaigns if campaign in ("", c.id)]
    if len(named) != 1:
        known = [f"{c.id}:{CATEGORY}" for c in case.campaigns]
        return Refusal(
            "correct.campaign_unnamed",
            f"请注明是哪个专项行动的类别：{'、'.join(known)}",
            f"say in which campaign the category is wrong: {', '.join(known)}",
            facts={"answer": name, "allowed": known},
            remedy=Remedy(f"例如--set {known[0]}=…", f"for example --set {known[0]}=…"),
        )
    category = raw.strip()
    if not category or len(category) > LONGEST_TEXT or not category.isprintable():
        return Refusal(
            "answer.invalid",
            "类别应为一个名称",
            "a category is a name",
            facts={"answer": name, "allowed": []},
            remedy=Remedy("查看行动的类别", "see the categories", f"anjuan campaign show {named[0].id}"),
        )
    if category == named[0].category:
        return _unchanged("类别", "category", name, category)
    return Recategorised(named[0], changed(named[0], category=category))


def _procedural(case: CaseView, definition: Definition, step_id: str, seq: int, name: str, answer: Answer) -> Refusal:
    driven = driven_by(definition, step_id, name)
    zh = "、".join(w.zh for w in driven) or "条件的判断"
    en = ", ".join(w.en for w in driven) or "what was judged"
    step: Words = Words(zh="登记", en="opening") if step_id == OPEN else definition.steps[step_id]
    return Refusal(
        "correct.procedural",
        f"“{answer.zh}”（第{seq}条“{step.zh}”）关系到{zh}，不是笔误，不能直接更正",
        f"{answer.en} (entry {seq}, {step.en}) decides {en}; it is no slip of the pen and cannot be changed in place",
        facts={"answer": name, "entry": seq, "step": step_id, "decides": [w.en for w in driven]},
        remedy=way_back(case, definition, seq, step_id),
    )


def way_back(case: CaseView, definition: Definition, seq: int, step_id: str) -> Remedy:
    """How what an answer has decided is put right: by taking the step back, or by reopening what has ended."""
    undo = f"anjuan case undo {case.case_no} --reason …"
    if step_id == OPEN and len(case.trail) == 1:
        return Remedy(
            "记一笔说明，另行登记正确的案件",
            "note what is wrong, and open the right case",
            f"anjuan case note {case.case_no} …",
        )
    if seq == case.trail[-1].seq:
        return Remedy("撤回这一步后重新办理", "take the step back and take it anew", undo)
    reopening = _reopening(definition, case)
    if reopening is not None:
        return Remedy(
            f"先“{definition.steps[reopening].zh}”，再重新办理有关步骤",
            f"first: {definition.steps[reopening].en}; then take the steps concerned anew",
            f"anjuan case why {case.case_no} {reopening}",
        )
    return Remedy(
        "由承办机构负责人逐步撤回到这一步，再重新办理",
        "the unit lead takes the steps back one by one, down to this one; then it is taken anew",
        undo,
    )


def _reopening(definition: Definition, case: CaseView) -> str | None:
    """The step that leads on from an end, where the case has come to one."""
    for name, step in definition.steps.items():
        leads_to = [to for source, to in arcs_of(definition, name) if source == case.state]
        if case.ended and step.by and any(not definition.states[to].end for to in leads_to):
            return name
    return None


def _not_answered(order: CorrectCase, case: CaseView, definition: Definition, name: str) -> Refusal:
    known = sorted({*definition.open.ask, *(name for step in definition.steps.values() for name in step.ask)})
    if name in known:
        where_zh, where_en = "本案", "this case"
        if order.entry is not None:
            where_zh, where_en = f"第{order.entry}条记录", f"entry {order.entry} of this case"
        return Refusal(
            "correct.unanswered",
            f"{where_zh}没有填过“{name[:40]}”，没有可以更正的",
            f"{name[:40]!r} has not been answered in {where_en}; there is nothing to correct",
            facts={"answer": name[:40], "entry": order.entry},
            remedy=Remedy("查看记录", "see the record", f"anjuan case history {case.case_no}"),
        )
    near = difflib.get_close_matches(name, [*known, CATEGORY], 3)
    return Refusal(
        "answer.invalid",
        f"没有填报项“{name[:40]}”" + (f"，是否为{'、'.join(near)}" if near else ""),
        f"there is no answer {name[:40]!r}" + (f"; did you mean {', '.join(near)}?" if near else ""),
        facts={"answer": name[:40], "allowed": near},
        remedy=Remedy("查看记录中填报的内容", "see what was answered", f"anjuan case history {case.case_no}"),
    )


def _unchanged(zh: str, en: str, name: str, value: Any) -> Refusal:
    return Refusal(
        "correct.unchanged",
        f"“{zh}”（{name}）已经是这一内容，无须更正",
        f"{en} ({name}) says so already; there is nothing to correct",
        facts={"answer": name},
    )


def _typed(order: CorrectCase) -> str:
    """The command as it was typed, to be copied."""
    return " ".join(["correct", order.case_no, *(f"--set {name}=…" for name in order.given)])
