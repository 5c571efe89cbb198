"""The events of campaigns: their phases, gates and what they owe, as the versions of a plan came on record. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from engine.campaign_plan import CampaignPlan, plan_from
from engine.campaigns import CalendarDay, calendar_of
from engine.documents import Edition
from engine.law_book import LawBook
from engine.ledger import campaign_book
from notifications.calendar_events import Event, Face, Revision, ladder_alarms, revised, uid_of
from notifications.plain_text import one_line

OBLIGATION = "obligation"


def campaign_events(editions: Sequence[Edition], law: LawBook, store_id: str) -> tuple[Event, ...]:
    """Every dated day of a campaign, in the order of its calendar; then those that a later version took out, cancelled.

    `editions` are the versions of one plan in their order, at least one. Obligations have the alarms of their ladder.
    """
    revisions: dict[tuple[str, str], Revision] = {}
    shown: dict[tuple[str, str], tuple[CampaignPlan, CalendarDay]] = {}
    for edition in editions:
        plan = plan_from(edition.document.content)
        here = {(day.kind, day.subject): day for day in calendar_of(plan, law.calendar)}
        for key, day in here.items():
            face = Face(day.on.isoformat(), None, True, (plan.name.zh, plan.name.en, day.zh, day.en))
            revisions[key] = revised(revisions.get(key), face, edition.recorded_at)
        for key in revisions.keys() - here.keys():
            gone = replace(revisions[key].face, stands=False)
            revisions[key] = revised(revisions[key], gone, edition.recorded_at)
        shown = {key: value for key, value in shown.items() if key not in here}
        shown = {key: (plan, day) for key, day in here.items()} | shown
    return tuple(_event(*shown[key], revisions[key], law, store_id) for key in shown)


def _event(plan: CampaignPlan, day: CalendarDay, revision: Revision, law: LawBook, store_id: str) -> Event:
    face, name = revision.face, plan.name
    on = date.fromisoformat(face.on)
    zh, en = one_line(day.zh), one_line(day.en)
    alarmed = day.kind == OBLIGATION and face.stands
    return Event(
        uid_of(store_id, day.kind, campaign_book(plan.id), day.subject),
        day.kind,
        on,
        None,
        zh if name.zh in zh else f"{one_line(name.zh)}：{zh}",
        en if name.en in en else f"{one_line(name.en)}: {en}",
        (f"查看：anjuan campaign show {plan.id}",),
        (f"See: anjuan campaign show {plan.id}",),
        revision,
        ladder_alarms(law.ladders.of_obligations, on, None, law.calendar) if alarmed else (),
        campaign=plan.id,
    )
