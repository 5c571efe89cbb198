"""Judges what is missing for the report of a campaign for one month, case by case, and who mends it with which command.

Reports rehearse with it and the morning mail tells of it. Values only; nothing here reads.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from engine.campaign_plan import CampaignPlan
from engine.campaigns import category_of
from engine.capacities import Post, holders_of, withdrawn
from engine.case_rights import who_may_act
from engine.case_view import CaseView, StepTaken
from engine.changing import changed
from engine.clock import legal_day
from engine.correct_judging import way_back
from engine.deadlines import Deadline
from engine.definitions import Counted, Definition, HowMany, Words, is_number, steps_that_meet
from engine.errors import Holder
from engine.party_views import positions, seen_by
from engine.people import People
from engine.tallies import began_counting_on
from workflows.case_cells import outcome_of, source_zh, summary_zh

OTHER = "other"
# By column of the list of cases, the answers given at the opening that feed it.
FEEDING = {"source": ("source",), "summary": ("work", "urls", "respondent"), "outcome": ()}


@dataclass(frozen=True)
class Month:
    """The month of a campaign that is judged, both days inclusive.

    `measures` are those of the columns of its forms of figures, `cells` the columns of its lists of cases by id.
    """

    plan: CampaignPlan
    first_on: date
    last_on: date
    measures: Collection[str] = ()
    cells: Mapping[str, Words] = field(default_factory=dict)


@dataclass(frozen=True)
class Eyes:
    """By whose staff list, and as of when, it is judged."""

    people: People
    now: datetime

    @property
    def today(self) -> date:
        return legal_day(self.now)


@dataclass(frozen=True)
class Gap:
    """One thing that is missing of a case: what, the command that mends it, and those who can.

    `code` is `category.unknown`, `amount.unanswered`, `cell.empty` or `duty.overdue`. `counts` is false where nobody
    can say that a figure of the month would change: then it is a remark.
    """

    code: str
    case_no: str
    title: str
    unit: str
    zh: str
    en: str
    command: str
    who_can: tuple[Holder, ...] = ()
    counts: bool = True

    def document(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "case_no": self.case_no,
            "title": self.title,
            "unit": self.unit,
            "zh": self.zh,
            "en": self.en,
            "command": self.command,
            "who_can": [{"name": one.name, "role": one.role} for one in self.who_can],
        }


def gaps_of(
    month: Month, case: CaseView, definition: Definition | None, eyes: Eyes, *, read_only: bool = False
) -> Iterator[Gap]:
    """What is missing of the case for the month. `case` counts in the campaign by the end of it.

    Of a case that can only be read nobody can mend anything; where its definition is gone only the category is judged.
    """
    case_gaps = _CaseGaps(month, case, definition, eyes, read_only)
    yield from case_gaps.category()
    if definition is not None:
        yield from case_gaps.amounts(definition)
        yield from case_gaps.cells(definition)
        yield from case_gaps.duties(definition)


@dataclass(frozen=True)
class _CaseGaps:
    month: Month
    case: CaseView
    definition: Definition | None
    eyes: Eyes
    read_only: bool

    def category(self) -> Iterator[Gap]:
        """A category that is none of the campaign's. A campaign without categories knows none and misses none."""
        plan, case = self.month.plan, self.case
        counted = next(c for c in case.campaigns if c.id == plan.id)
        if not plan.categories or any(known.id == counted.category for known in plan.categories):
            return
        row = category_of(plan, counted.category) or OTHER
        words = next((known for known in plan.categories if known.id == row), Words(zh=row, en=row))
        what_zh, what_en = "未填类别", "there is no category"
        if counted.category:
            what_zh = f"类别“{counted.category}”不是本行动的类别"
            what_en = f"category {counted.category!r} is none of this campaign's"
        name = "category" if len(case.campaigns) == 1 else f"{plan.id}:category"
        yield self._gap(
            "category.unknown",
            f"{what_zh}，暂计入“{words.zh}”",
            f"{what_en}; it counts in {words.en!r} until then",
            self._correct(name),
        )

    def amounts(self, definition: Definition) -> Iterator[Gap]:
        """Amounts that steps of the month count from answers which were left empty, each answer once."""
        named: set[tuple[int, str]] = set()
        for place, taken in enumerate(self.case.trail):
            step = definition.steps.get(taken.step)
            if step is None or not step.count or not self.month.first_on <= taken.on <= self.month.last_on:
                continue
            seen = self._before(definition, place)
            began_on = began_counting_on(step, taken.on, seen, outside=taken.outside)
            if began_on is None or not self._in_campaign_on(began_on):
                continue
            for measure, how_many in step.count.items():
                empty = _left_empty(definition, seen, taken, how_many) if measure in self.month.measures else None
                if empty is not None and (empty[0].seq, empty[1]) not in named:
                    named.add((empty[0].seq, empty[1]))
                    yield self._unanswered(definition, *empty)

    def cells(self, definition: Definition) -> Iterator[Gap]:
        """Cells of the list of cases that would be printed empty although the case was dealt with."""
        case, last_on = self.case, self.month.last_on
        if not any(taken.on <= last_on for taken in case.trail[1:]):
            return
        texts = {
            "source": source_zh(definition, case.facts),
            "summary": summary_zh(case.facts),
            "outcome": outcome_of(definition, case.trail, last_on)[0],
        }
        for column, answers in FEEDING.items():
            if column not in self.month.cells or texts[column]:
                continue
            asked = [name for name in answers if name in definition.open.ask]
            if answers and not asked:
                continue  # nothing in this kind of case ever feeds it
            words = self.month.cells[column]
            mending = next((name for name in asked if definition.open.ask[name].correctable), None)
            yield self._gap(
                "cell.empty",
                f"案件清单中“{words.zh}”一栏为空",
                f"{words.en!r} of the list of cases is empty",
                self._correct(mending) if mending is not None else self._show(),
            )

    def duties(self, definition: Definition) -> Iterator[Gap]:
        """Duties that fell due in the month and are overdue; a remark where what meets them counts nothing."""
        for deadline in self.case.deadlines.values():
            fell_due = self.month.first_on <= deadline.due_on <= self.month.last_on
            if not fell_due or deadline.standing(self.eyes.now) != "overdue":
                continue
            step_id, counts = self._meeting(definition, deadline)
            terms = deadline.terms
            zh, en = f"“{terms.zh}”已于{deadline.due_on}届满", f"{terms.en} was due on {deadline.due_on}"
            if step_id is None:
                yield self._gap("duty.overdue", zh, en, self._show(), counts=False)
                continue
            step = definition.steps[step_id]
            several = deadline.party_no is not None and len(self.case.parties) > 1
            party = f" --party {deadline.party_no}" if several else ""
            yield self._gap(
                "duty.overdue",
                f"{zh}，尚未“{step.zh}”",
                f"{en}, and this step is still to be taken: {step.en}",
                self._show() if self.read_only else f"anjuan case why {self.case.case_no} {step_id}{party}",
                who_can=holders_of(
                    Post(definition, step.by, self.case.unit, self.eyes.today, self.eyes.today, step),
                    self.eyes.people,
                    withdrawn(definition, self.case),
                ),
                counts=counts,
            )

    def _meeting(self, definition: Definition, deadline: Deadline) -> tuple[str | None, bool]:
        """The step that meets the limit, one from where the case stands before others, one that counts before those;
        and whether it counts in a form of the campaign."""
        stands = self.case.state
        if deadline.party_no is not None and len(self.case.parties) > 1 and not self.read_only:
            stands = positions(definition, self.case.parties, self.case.trail)[deadline.party_no]
        ending = steps_that_meet(definition, deadline.rule)
        possible = [name for name in ending if stands in definition.steps[name].from_] or ending
        counting = [
            name for name in possible if not definition.steps[name].count.keys().isdisjoint(self.month.measures)
        ]
        return next(iter((*counting, *possible)), None), bool(counting)

    def _unanswered(self, definition: Definition, taken: StepTaken, name: str) -> Gap:
        step, answer = definition.steps[taken.step], definition.steps[taken.step].ask[name]
        if not answer.correctable:
            command = way_back(self.case, definition, taken.seq, taken.step).command or ""
        else:
            again = sum(name in definition.steps[t.step].ask for t in self.case.trail if t.step in definition.steps)
            command = self._correct(name, taken.seq if again > 1 or name in definition.open.ask else None)
        return self._gap(
            "amount.unanswered",
            f"{taken.on}“{step.zh}”未填“{answer.zh}”，按0计；没有的填0",
            f"{step.en} of {taken.on} leaves empty: {answer.en}; it counts as 0, and where there is none 0 is answered",
            self._show() if self.read_only else command,
            # One figure of several may well be none: most decisions confiscate nothing.
            counts=all(how_many == name for how_many in step.count.values()),
        )

    def _before(self, definition: Definition, place: int) -> CaseView:
        """The case as the step at that place of the trail saw it; of one that can only be read, for all parties."""
        taken = self.case.trail[place]
        earlier = changed(self.case, trail=self.case.trail[:place])
        if taken.party is None or self.read_only:
            return earlier
        return seen_by(definition, earlier, taken.party, taken.source)

    def _in_campaign_on(self, on: date) -> bool:
        return any(c.id == self.month.plan.id and c.since <= on for c in self.case.campaigns)

    def _correct(self, name: str, entry: int | None = None) -> str:
        if self.read_only:
            return self._show()
        which = f" --entry {entry}" if entry is not None else ""
        return f"anjuan case correct {self.case.case_no} --set {name}=…{which} --reason …"

    def _show(self) -> str:
        return f"anjuan case show {self.case.case_no}"

    def _gap(
        self,
        code: str,
        zh: str,
        en: str,
        command: str,
        *,
        who_can: tuple[Holder, ...] | None = None,
        counts: bool = True,
    ) -> Gap:
        """`who_can` are those who may correct the case where nobody else is named; nobody where it can only be read."""
        case = self.case
        if self.read_only or self.definition is None:
            who_can = ()
        elif who_can is None:
            who_can = who_may_act(case, self.definition, self.eyes.people, self.eyes.today)
        return Gap(code, case.case_no, case.title, case.unit, zh, en, command, _each_once(who_can), counts)


def _left_empty(
    definition: Definition, seen: CaseView, taken: StepTaken, how_many: HowMany
) -> tuple[StepTaken, str] | None:
    """The step, and its optional answer, from which the amount is counted, where that was left empty.

    What is counted under a condition is left out: whether it is owed at all hangs on what the condition judges.
    """
    if isinstance(how_many, Counted):
        if how_many.when is not None:
            return None
        how_many = how_many.amount
    if isinstance(how_many, str):
        source, name = taken, how_many
    else:
        earlier = seen.last(*how_many)
        if earlier is None:
            return None
        source, name = earlier, how_many[earlier.step]
    if is_number(name):
        return None
    step = definition.steps.get(source.step)  # one of an earlier version asks nothing any more
    answer = step.ask.get(name) if step is not None else None
    left = answer is not None and answer.optional and source.answers.get(name) is None
    return (source, name) if left else None


def _each_once(holders: Collection[Holder]) -> tuple[Holder, ...]:
    return tuple({one.name: one for one in reversed(tuple(holders))}.values())[::-1]
