"""Counts a figure from outside the system: an entry of the campaign's book, with its paper, and what it tallies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from engine.answers import LARGEST_NUMBER, require_text
from engine.book_store import append, head_of
from engine.campaign_plan import CampaignPlan, span_of
from engine.clock import legal_day
from engine.errors import InputWrong, Refusal, Remedy, TransitionRefused
from engine.evidence import Kept, keep, measured
from engine.ledger import Entry, Said, campaign_book
from engine.office import Office
from engine.outside_counts import COUNT, counted_outside
from engine.people import People, Person
from engine.sight import require_sight
from engine.store import Work
from engine.tallies import Tally, write_tallies
from reports.form_places import column_of, figure_form, figure_forms, require_category, unknown_name

CAMPAIGN_OFFICE = "campaign_office"
ACT = ("登记外部数字", "count a figure from outside")


@dataclass(frozen=True)
class CountOrder:
    """What somebody wants counted: `n` whole numbers of the measure behind the column, money in fen.

    A negative `n` takes back. `column` is one of the campaign's forms, or a counter of the campaign that has a measure;
    `form` is needed only where two forms count different things under it. `unit` is the actor's own when None.
    """

    campaign: str
    row: str
    column: str
    n: int
    on: date
    actor: str
    reason: str
    paper: Path
    form: str | None = None
    unit: str | None = None


@dataclass(frozen=True)
class CountedOutside:
    """The entry, what it tallies, the form that shows it (None: a counter), and what stands there from outside now."""

    entry: Entry
    tally: Tally
    form: str | None
    stands: int
    warnings: tuple[Refusal, ...]


@dataclass(frozen=True)
class _Place:
    """What the column counts, and the form that it was found in."""

    form: str | None
    measure: str


def count_outside(office: Office, work: Work, order: CountOrder, folder: Path, *, store: bool = True) -> CountedOutside:
    """Do it. With `store=False` the paper is measured and not kept, for an act that will be rolled back.

    Raises TransitionRefused with every reason, NotFound (campaign, form, row, column, unit, file), Forbidden outside
    the actor's units, InputWrong for what cannot be counted or kept.
    """
    office.refresh(work)
    people, plan, today = office.people, office.plan(order.campaign), legal_day(office.clock.now())
    actor = people.person(order.actor)
    unit = people.unit(order.unit or actor.unit).id
    require_sight(people, actor, unit, today)
    place = _place_of(office, plan, order)
    require_category(plan, order.row)
    _require_countable(order)
    tally = Tally(plan.id, place.measure, order.row, unit, order.n, order.on, order.on.isoformat()[: len("YYYY-MM")])
    # Read before what stands there: whoever counts in between makes this one collide with his entry.
    head = head_of(work, campaign_book(plan.id))
    stood = counted_outside(work, tally)
    warnings = tuple(_about_the_span(plan, order.on, people.above(unit)))
    refusals = (
        *_about_the_actor(people, plan, actor, unit, today),
        *_about_the_unit(people, plan, unit),
        *_about_the_day(order.on, today),
        *_about_what_stands(tally, stood),
    )
    if refusals:
        raise TransitionRefused("", COUNT, refusals, warnings, *ACT)
    paper = keep(folder, order.paper) if store else measured(order.paper)
    require_text(paper.name)
    entry = append(work, _said(office, order, place, tally, paper, warnings), head)
    write_tallies(work, entry.book, entry.seq, [tally])
    return CountedOutside(entry, tally, place.form, stood + order.n, warnings)


def record_refused_count(office: Office, work: Work, refused: TransitionRefused, order: CountOrder) -> None:
    """Put a refusal on record in the campaign's book: its codes and the place, without the figure."""
    now = office.clock.now()
    effects = {"refused": [r.code for r in refused.refusals], "row": order.row, "column": order.column}
    book = campaign_book(order.campaign)
    append(work, Said(book, "refusal", order.actor, legal_day(now).isoformat(), now, step=COUNT, effects=effects))


def _place_of(office: Office, plan: CampaignPlan, order: CountOrder) -> _Place:
    """The form named; else the forms that have the column, which must count the same by it; else a counter."""
    if order.form is not None:
        form = figure_form(office, plan, order.form)
        return _Place(form.id, column_of(form, order.column).measure)
    forms = figure_forms(office, plan)
    found = [_Place(form.id, c.measure) for form in forms for c in form.columns if c.id == order.column]
    if len({place.measure for place in found}) > 1:
        ids = [str(place.form) for place in found]
        raise InputWrong(
            "form.ambiguous",
            f"{'、'.join(ids)}都有栏目“{order.column}”，计量项不同",
            f"{', '.join(ids)} all have a column {order.column!r} and count different things by it",
            Remedy("用--form写明报表", "name the form with --form"),
        )
    if found:
        return found[0]
    counters = {counter.id: counter.measure for counter in plan.counters}
    measure = counters.get(order.column)
    if measure is not None:
        return _Place(None, measure)
    known = [c.id for form in forms for c in form.columns]
    known += [id_ for id_, counts in counters.items() if counts is not None]
    raise unknown_name("column", ("栏目", "column"), order.column, dict.fromkeys(known))


def _require_countable(order: CountOrder) -> None:
    require_text(order.reason)
    if not order.reason.strip():
        raise InputWrong("reason.missing", "须用--reason说明理由", "say with --reason why it is counted")
    if order.n == 0 or abs(order.n) > LARGEST_NUMBER:
        raise InputWrong(
            "count.out_of_range",
            f"--n不能是0，绝对值不超过{LARGEST_NUMBER}",
            f"--n is not 0, and at most {LARGEST_NUMBER} either way",
        )


def _about_the_actor(people: People, plan: CampaignPlan, actor: Person, unit: str, today: date) -> Iterator[Refusal]:
    if people.holds(actor, CAMPAIGN_OFFICE, unit, today, from_above=True):
        return
    who_can = people.holders(CAMPAIGN_OFFICE, unit, today, from_above=True)
    names = [holder.name for holder in who_can]
    yield Refusal(
        "role.missing",
        f"外部数字由该单位或其上级的统计综合人员登记，{actor.zh}不能登记",
        f"figures from outside are counted by the campaign office of {unit} or of one above; {actor.name} is not in it",
        basis=plan.document_no or plan.title.zh,
        facts={"actor": actor.name, "unit": unit, "roles": [CAMPAIGN_OFFICE]},
        remedy=Remedy(f"请{'、'.join(names) or '无'}登记", f"ask {', '.join(names) or 'nobody at present'}"),
        who_can=who_can,
    )


def _about_the_unit(people: People, plan: CampaignPlan, unit: str) -> Iterator[Refusal]:
    if plan.unit not in people.above(unit):
        yield Refusal(
            "campaign.elsewhere",
            f"单位“{unit}”不在“{plan.name.zh}”范围内",
            f"unit {unit!r} does not take part in {plan.id}",
            facts={"campaign": plan.id, "unit": unit},
            remedy=Remedy("用--unit写明参加的单位", "name with --unit one that takes part"),
        )


def _about_the_day(on: date, today: date) -> Iterator[Refusal]:
    if on > today:
        yield Refusal(
            "date.in_future",
            f"日期{on}尚未到来",
            f"{on} lies in the future",
            facts={"on": on.isoformat()},
            remedy=Remedy("到当日再登记，或更正日期", "wait for that day, or correct the date"),
            earliest_on=on,
        )


def _about_what_stands(tally: Tally, stood: int) -> Iterator[Refusal]:
    """What cases counted is corrected in the case, not taken back here."""
    if tally.n < 0 and stood + tally.n < 0:
        most_zh, most_en = (
            (f"最多减去{stood}", f"take back at most {stood}") if stood else ("无可减去", "nothing to take")
        )
        yield Refusal(
            "count.below",
            f"{tally.unit}在{tally.period}该处从外部登记的只有{stood}，不能减去{-tally.n}",
            f"only {stood} was counted there from outside by {tally.unit} in {tally.period}; "
            f"{-tally.n} cannot be taken back",
            facts={"stands": stood, "row": tally.category, "measure": tally.measure, "period": tally.period},
            remedy=Remedy(f"{most_zh}；案件的数字在案件中更正", f"{most_en}; correct a case in the case"),
        )


def _about_the_span(plan: CampaignPlan, on: date, units: tuple[str, ...]) -> Iterator[Refusal]:
    first, last = span_of(plan, units)
    if (first is not None and on < first) or (last is not None and on > last):
        days = f"{first or '…'}–{last or '…'}"
        yield Refusal(
            "campaign.outside",
            f"{on}不在“{plan.name.zh}”期间内（{days}），仍予登记",
            f"{on} lies outside {plan.id} ({days}); it is counted all the same",
            facts={"campaign": plan.id, "on": on.isoformat()},
        )


def _said(
    office: Office, order: CountOrder, place: _Place, tally: Tally, paper: Kept, warnings: tuple[Refusal, ...]
) -> Said:
    effects = {
        "form": place.form,
        "column": order.column,
        "paper": paper.document(),
        "tallies": [tally.shown()],
        "warnings": [warning.code for warning in warnings],
        "plan": office.plan(order.campaign).hash,
    }
    return Said(
        campaign_book(order.campaign),
        COUNT,
        order.actor,
        order.on.isoformat(),
        office.clock.now(),
        role=CAMPAIGN_OFFICE,
        reason=order.reason.strip(),
        effects=effects,
    )
