"""Works out how a correction changes the figures of a case: signed amounts, in the month of the step they belong to.

Pure. Every amount is told by the step whose figure it sets right, so that taking that step back takes back the
corrected figure and not the one first counted.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from engine.case_view import Attempt, CaseView
from engine.changing import changed
from engine.definitions import Definition
from engine.happening import ITSELF
from engine.judging import Surroundings
from engine.ledger import Entry
from engine.party_views import seen_by
from engine.standing import Figure, counted_by, joined_at
from engine.tallies import Tally, counting, tallies_of

Changes = Mapping[int, Counter[Figure]]


def figure_changes(
    definition: Definition, before: CaseView, after: CaseView, entries: Sequence[Entry], around: Surroundings
) -> Changes:
    """What changes, by the entry of the step concerned: other amounts first, then what moves to another category."""
    counted, joined = counted_by(entries), joined_at(entries)
    same_categories = changed(after, campaigns=before.campaigns)
    changes: dict[int, Counter[Figure]] = defaultdict(Counter)
    for place, taken in enumerate(before.trail[1:], start=1):
        old, new = (_amounts(definition, case, place, joined, around) for case in (before, same_categories))
        for cell in sorted(old.keys() | new.keys()):
            if new[cell] != old[cell]:
                changes[taken.seq][_cell(counted[taken.seq], cell, before, taken.on.isoformat()[:7])] += (
                    new[cell] - old[cell]
                )
    categories = {c.id: c.category for c in after.campaigns if c not in before.campaigns}
    for taken in before.trail:
        stands = Counter(counted[taken.seq])
        stands.update(changes[taken.seq])
        for figure, n in stands.items():
            new_category = categories.get(figure.campaign, figure.category)
            if new_category != figure.category and n:
                changes[taken.seq][figure] -= n
                changes[taken.seq][figure._replace(category=new_category)] += n
    return {seq: found for seq, figures in changes.items() if (found := _without_nothing(figures))}


def tallies_from(changes: Changes, case: CaseView) -> tuple[Tally, ...]:
    """The changes as one entry counts them: what several steps count in one cell and month is one sum, on the last of
    their days."""
    days = {taken.seq: taken.on for taken in case.trail}
    sums: Counter[Figure] = Counter()
    on: dict[Figure, date] = {}
    for seq, figures in sorted(changes.items()):
        for figure, n in figures.items():
            sums[figure] += n
            on[figure] = max(on.get(figure, days[seq]), days[seq])
    return tuple(
        Tally(f.campaign, f.measure, f.category, f.unit, n, on[f], f.period)
        for f, n in sorted(_without_nothing(sums).items())
    )


def _amounts(
    definition: Definition, case: CaseView, place: int, joined: Mapping[str, int], around: Surroundings
) -> Counter[tuple[str, str]]:
    """What the step at that place of the trail counts with the answers of `case`, by campaign and measure."""
    taken = case.trail[place]
    step = definition.steps.get(taken.step)
    if step is None:
        return Counter()  # a step of an earlier version: what it counted stands
    earlier = changed(case, trail=case.trail[:place])
    seen = earlier if taken.party is None else seen_by(definition, earlier, taken.party)
    attempt = Attempt(
        step=taken.step,
        actor=ITSELF,  # what a step counts does not hang on who took it
        role=taken.role,
        on=taken.on,
        at=None,
        today=around.today,
        answers=taken.answers,
        law=around.law,
        people=around.people,
        plans=around.plans,
        outside_campaign=taken.outside,
        source=taken.source,
        dest=taken.dest,
        party_no=taken.party,
    )
    campaigns = [c for c in counting(step, attempt, seen) if joined[c.id] < taken.seq]
    return Counter({(t.campaign, t.measure): t.n for t in tallies_of(step, attempt, seen, campaigns)})


def _cell(stands: Counter[Figure], cell: tuple[str, str], case: CaseView, month: str) -> Figure:
    """Where the amount is counted: where the step counts that measure already, else in its own month."""
    campaign, measure = cell
    for figure in stands:
        if (figure.campaign, figure.measure) == cell and stands[figure]:
            return figure
    category = next(c.category for c in case.campaigns if c.id == campaign)
    return Figure(campaign, measure, category, case.unit, month)


def _without_nothing(figures: Counter[Figure]) -> Counter[Figure]:
    return Counter({figure: n for figure, n in figures.items() if n})
