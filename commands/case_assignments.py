"""`anjuan case assign / offer / accept / refuse-offer / hand-over`: who holds a case from now on."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any

from typer import Option, Typer

from commands.case_act_lines import assigned_lines, handed_over_lines
from commands.case_steps import CaseNo, Reason
from commands.door import Desk, office_here
from commands.frame import Run, command
from commands.history_lines import history_document
from commands.once import Key, once, record
from commands.words import t
from engine import assigning
from engine.assigning import Assigned
from engine.errors import TransitionRefused
from engine.handing_over import HandOver, record_refused_hand_over
from engine.handing_over import hand_over as hand_cases_over
from engine.office import Office

To = Annotated[str, Option("--to", metavar="NAME", help=t("由谁承办；几人的用逗号分开", "who; several with commas"))]
ToOne = Annotated[str, Option("--to", metavar="NAME", help=t("请谁接收", "who is asked to take it"))]
From = Annotated[str, Option("--from", metavar="NAME", help=t("由谁移出", "whose cases"))]
Cases = Annotated[
    list[str] | None, Option("--case", metavar="NO", help=t("只交接这些案件，可重复", "these cases only; repeatable"))
]
PARTLY_DONE = 7
_NAMES = re.compile(r"[,，、;；\s]+")


def hang(app: Typer) -> None:
    """Makes the five acts commands of the noun."""
    for name, function, zh, en in (
        (
            "assign",
            assign,
            "指定承办人\n\n由承办机构或者机关的负责人办理。",
            "Assign a case\n\nBy the lead or the head of the unit.",
        ),
        (
            "offer",
            offer,
            "移交案件：请他人接替自己承办，对方接收后生效",
            "Offer a case to somebody who takes your place once he accepts",
        ),
        ("accept", accept, "接收移交的案件", "Accept a case that was offered"),
        (
            "refuse-offer",
            refuse_offer,
            "不接收移交的案件；移交人可以用它收回移交",
            "Refuse a case that was offered; who offered it takes the offer back with this",
        ),
        (
            "hand-over",
            hand_over,
            "交接：把一人承办的全部未结案件交给他人\n\n由承办机构或者机关的负责人办理，一次完成；不能移出的列明原因，仍由原人承办，"
            "退出码为7。",
            "Hand over all open cases of one person\n\nBy a lead or head, in one act; what cannot be moved is listed "
            "with the reasons and stays, and the exit code is 7.",
        ),
    ):
        command(app, name, zh=zh, en=en, changes=True)(function)


def assign(run: Run, case_no: CaseNo, to: To, reason: Reason = "", key: Key = None) -> None:
    """Names who holds the case; a refusal is told with every reason and put on record."""
    office, said, names = office_here(), reason.strip(), _names(to)
    _act(
        run,
        office,
        key,
        {"assign": case_no, "to": names, "reason": reason},
        lambda desk: assigning.assign(office, desk.work, case_no, desk.who.name, names, said),
    )


def offer(run: Run, case_no: CaseNo, to: ToOne, reason: Reason = "", key: Key = None) -> None:
    """Offers the case to somebody."""
    office, said = office_here(), reason.strip()
    _act(
        run,
        office,
        key,
        {"offer": case_no, "to": to, "reason": reason},
        lambda desk: assigning.offer(office, desk.work, case_no, desk.who.name, to, said),
    )


def accept(run: Run, case_no: CaseNo, key: Key = None) -> None:
    """Takes an offered case over."""
    office = office_here()
    _act(
        run,
        office,
        key,
        {"accept": case_no},
        lambda desk: assigning.accept(office, desk.work, case_no, desk.who.name),
    )


def refuse_offer(run: Run, case_no: CaseNo, reason: Reason = "", key: Key = None) -> None:
    """Refuses an offer, or takes one's own back."""
    office, said = office_here(), reason.strip()
    _act(
        run,
        office,
        key,
        {"refuse_offer": case_no, "reason": reason},
        lambda desk: assigning.decline(office, desk.work, case_no, desk.who.name, said),
    )


def hand_over(run: Run, from_name: From, to: To, reason: Reason = "", cases: Cases = None, key: Key = None) -> None:
    """Moves all open cases of somebody, and lists those that cannot be moved."""
    office, names = office_here(), _names(to)
    request = {"hand_over": from_name, "to": names, "reason": reason, "cases": cases or []}

    def act(desk: Desk) -> dict[str, Any]:
        order = HandOver(from_name, names, desk.who.name, reason.strip(), tuple(cases or ()))
        done = hand_cases_over(office, desk.work, order)
        states = {m.case.case_no: office.workflow_for(desk.work, m.case).definition for m in done.moved}
        return {
            "from": from_name,
            "to": list(names),
            "moved": [
                {
                    **m.document(),
                    "names": {
                        "zh": states[m.case.case_no].states[m.case.state].zh,
                        "en": states[m.case.case_no].states[m.case.state].en,
                    },
                }
                for m in done.moved
            ],
            "kept": [k.document() for k in done.kept],
        }

    def refused(desk: Desk, refusal: TransitionRefused) -> None:
        if refusal.case_no:
            record(desk, refusal)
        else:
            record_refused_hand_over(office, desk.work, refusal, desk.who.name)

    done = once(run, office, key, request, act, refused)
    run.show(done, lambda: handed_over_lines(done, rehearsed=run.dry_run))
    if done["kept"]:
        run.exit(PARTLY_DONE)


def _act(
    run: Run, office: Office, key: str | None, request: dict[str, Any], carry_out: Callable[[Desk], Assigned]
) -> None:
    def act(desk: Desk) -> dict[str, Any]:
        done = carry_out(desk)
        asked = done.offer
        return {
            "case_no": done.after.case_no,
            **history_document(done.entry),
            "holders": list(done.after.holders),
            "offer": asked.document() if asked is not None else None,
        }

    done = once(run, office, key, request, act, record)
    run.show(done, lambda: assigned_lines(done))


def _names(typed: str) -> tuple[str, ...]:
    return tuple(name for name in _NAMES.split(typed) if name)
