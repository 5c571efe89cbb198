"""`anjuan case correct / join`: puts a slip of the pen right, lets a case count in one more campaign."""

from __future__ import annotations

from typing import Annotated, Any

from typer import Argument, Option, Typer

from commands.arguments import parse_day, parse_settings
from commands.case_act_lines import corrected_lines, joined_lines
from commands.case_steps import CaseNo, PartyNo, Reason, Settings, columns_of
from commands.door import Desk, office_here
from commands.frame import Run, command
from commands.history_lines import history_document
from commands.once import Key, once, record
from commands.words import t
from engine.campaign_joining import JoinCampaign, join_campaign
from engine.clock import legal_day
from engine.correct_judging import CorrectCase
from engine.correcting import Corrected
from engine.correcting import correct as correct_case

CampaignId = Annotated[str, Argument(metavar="CAMPAIGN", help=t("专项行动", "campaign"))]
Category = Annotated[str | None, Option("--category", metavar="C", help=t("类别", "category"))]
EntryNo = Annotated[
    int | None,
    Option("--entry", metavar="N", help=t("填在哪一条记录中的，默认最近一次", "as answered in this entry; the newest")),
]
Since = Annotated[
    str | None, Option("--on", metavar="DATE", help=t("自该日起计入，默认今天", "it counts from this day; today"))
]


def hang(app: Typer) -> None:
    """Makes the two acts commands of the noun."""
    command(
        app,
        "correct",
        zh="更正笔误\n\n--set写填报项或category（类别；计入几个行动的，写行动:category）；漏填的也可补填，--entry指明哪一条记录。"
        "原内容留在记录中，统计数字以正负数更正。"
        "关系到期限、去向或者判断的，不能更正，须撤回或者重新启动。",
        en="Put a slip of the pen right\n\n--set names an answer, or category (CAMPAIGN:category where the case counts "
        "in several); what was left empty can be filled in, --entry says in which entry. What stood there stays on "
        "record; figures follow by signed amounts. What decided a date, a way "
        "or a judgment cannot be corrected: take the step back, or reopen the case.",
        changes=True,
    )(correct)
    command(
        app,
        "join",
        zh="计入专项行动\n\n自--on起办理的步骤计入该行动，此前的不计入。",
        en="Count in a campaign\n\nSteps from --on on count in it; what was done before does not.",
        changes=True,
    )(join)


def correct(
    run: Run,
    case_no: CaseNo,
    settings: Settings = None,
    reason: Reason = "",
    party: PartyNo = None,
    entry: EntryNo = None,
    key: Key = None,
) -> None:
    """Corrects answers or categories; a refusal is told with every reason and put on record."""
    office = office_here()
    given = parse_settings(settings or [])
    request = {"correct": case_no, "set": given, "reason": reason, "party": party}
    request |= {"entry": entry} if entry is not None else {}

    def act(desk: Desk) -> dict[str, Any]:
        order = CorrectCase(case_no, desk.who.name, given, reason.strip(), party, entry)
        done = correct_case(office, desk.work, order)
        return {
            "case_no": case_no,
            **history_document(done.entry),
            "version": done.after.version,
            "changed": _changed(done),
            "tallies": [tally.shown() for tally in done.tallies],
        }

    done = once(run, office, key, request, act, record)
    run.show(done, lambda: corrected_lines(done, columns_of(office)))


def join(
    run: Run,
    case_no: CaseNo,
    campaign: CampaignId,
    category: Category = None,
    reason: Reason = "",
    on: Since = None,
    key: Key = None,
) -> None:
    """Lets the case count in a campaign; a refusal is told with every reason and put on record."""
    office = office_here()
    request = {"join": [case_no, campaign], "category": category, "reason": reason, "on": on}

    def act(desk: Desk) -> dict[str, Any]:
        on_day = parse_day(on, legal_day(office.clock.now()), office.law.calendar) if on else None
        order = JoinCampaign(case_no, campaign, desk.who.name, category, reason.strip(), on_day)
        done = join_campaign(office, desk.work, order)
        joined = done.campaign
        return {
            "case_no": case_no,
            **history_document(done.entry),
            "campaign": {"id": joined.id, "category": joined.category, "since": joined.since.isoformat()},
            "warnings": [w.document() for w in done.warnings],
        }

    done = once(run, office, key, request, act, record)
    run.show(done, lambda: joined_lines(done))


def _changed(done: Corrected) -> list[dict[str, Any]]:
    """What was put right, as people and scripts read it: personal values readable, as in `case history`."""
    answers = [
        {
            "answer": one.name,
            "zh": one.answer.zh,
            "en": one.answer.en,
            "corrects": one.seq,
            "from": one.before.value,
            "to": one.value,
        }
        for one in done.answers
    ]
    old = {c.id: c.category for c in done.before.campaigns}
    categories = [
        {"answer": "category", "zh": "类别", "en": "category", "campaign": c.id, "from": old[c.id], "to": c.category}
        for c in done.after.campaigns
        if c.category != old[c.id]
    ]
    return [*answers, *categories]
