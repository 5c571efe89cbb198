"""`anjuan case do / why / what-if`: takes a step, asks whether it is possible, shows all it would do."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from typer import Argument, Option, Typer

from commands.arguments import Moment, parse_moment, parse_settings
from commands.asking import PasswordStdin
from commands.case_lines import moved_lines, what_if_lines
from commands.confirming import require_confirmed
from commands.door import Desk, office_here, reading
from commands.failures import refused, refused_lines
from commands.frame import Run, command
from commands.once import Key, once, record
from commands.words import t
from engine import casework
from engine.case_store import load_case
from engine.clock import legal_day
from engine.errors import CaseChangedMeanwhile, InputWrong, Remedy, TransitionRefused
from engine.evidence import keep, measured
from engine.home import evidence_folder
from engine.office import Office
from engine.orders import TakeStep

CaseNo = Annotated[str, Argument(metavar="NO", help=t("案号", "case number"))]
StepName = Annotated[str, Argument(metavar="STEP", help=t("步骤", "step"))]
Settings = Annotated[
    list[str] | None, Option("--set", metavar="k=v", help=t("填报项，可重复", "an answer; repeatable"))
]
On = Annotated[
    str | None, Option("--on", metavar="WHEN", help=t("办理日期或时刻，默认今天", "day or minute of the step"))
]
Reason = Annotated[str, Option("--reason", metavar="R", help=t("理由", "reason"))]
Outside = Annotated[
    bool, Option("--outside-campaign", help=t("在专项行动外办理，不计入报表", "outside the campaign, uncounted"))
]
PartyNo = Annotated[
    int | None, Option("--party", metavar="N", help=t("当事人序号，见case show", "number of the party, see case show"))
]
SignedBy = Annotated[
    str | None, Option("--signed-by", metavar="NAME", help=t("在纸上签批的人员", "who signed it on paper"))
]
Paper = Annotated[
    Path | None, Option("--paper", metavar="FILE", help=t("签字文书的扫描件", "the scan of the signed paper"))
]


def hang(app: Typer) -> None:
    """Makes the three commands of the noun."""
    command(app, "do", zh="办理一步", en="Take a step", changes=True)(do)
    command(app, "why", zh="查问一步能否办理", en="Ask whether a step is possible")(why)
    command(
        app,
        "what-if",
        zh="预演一步：办理之后的状态、期限、提醒邮件和统计数字，不保存",
        en="Rehearse a step: the state, deadlines, mails and figures there would be; nothing is kept",
    )(what_if)


class _Typed(NamedTuple):
    """The words by which a step is named, as they were typed."""

    case_no: str
    step: str
    on: str | None
    settings: list[str] | None
    reason: str
    outside: bool
    party: int | None
    signed_by: str | None
    paper: Path | None

    def request(self) -> dict[str, Any]:
        return {
            "do": [self.case_no, self.step],
            "on": self.on,
            "set": parse_settings(self.settings or []),
            "reason": self.reason,
            "outside": self.outside,
            **({"party": self.party} if self.party is not None else {}),
            **({"signed_by": self.signed_by} if self.signed_by is not None else {}),
        }

    def order(self, desk: Desk, expect: int | None, paper: dict[str, Any] | None) -> TakeStep:
        when = when_of(desk.office, self.on)
        return TakeStep(
            self.case_no,
            self.step,
            desk.who.name,
            parse_settings(self.settings or []),
            when.on,
            when.at,
            self.reason,
            expect,
            self.outside,
            self.party,
            self.signed_by,
            paper,
        )


def do(
    run: Run,
    case_no: CaseNo,
    step: StepName,
    on: On = None,
    settings: Settings = None,
    reason: Reason = "",
    expect: Annotated[
        int | None, Option("--expect", metavar="VERSION", help=t("办理所依据的版本", "the version you saw"))
    ] = None,
    outside_campaign: Outside = False,
    party: PartyNo = None,
    signed_by: SignedBy = None,
    paper: Paper = None,
    key: Key = None,
    password_stdin: PasswordStdin = False,
) -> None:
    """Takes one step; a refusal is told with every reason and put on record."""
    office = office_here()
    typed = _Typed(case_no, step, on, settings, reason, outside_campaign, party, signed_by, paper)
    _require_pair(typed)
    with reading(run, office) as desk:
        # What this command was decided on: whoever changes the case from here on makes it fail, not slip through.
        case = load_case(desk.work, case_no).case
        seen = expect if expect is not None else case.version
        definition = office.definition_of(desk.work, case.definition)
        wanted = definition.steps.get(step) if definition is not None else None
        actor = desk.who
    if wanted is not None:
        require_confirmed(run, office, actor, wanted, f"anjuan case do {case_no} {step}", from_stdin=password_stdin)

    def act(desk: Desk) -> dict[str, Any]:
        order = typed.order(desk, seen, _measured(typed))
        # A paper is filed before the entry that names it, and only for a step that will be taken.
        if paper and not run.dry_run and casework.explain(office, desk.work, order).verdict.allowed:
            keep(evidence_folder(os.environ), paper)
        return casework.take_step(office, desk.work, order).document(office.clock.now())

    request = {**typed.request(), "expect": expect}
    done = _despite_notes(run, office, case_no, seen, lambda: once(run, office, key, request, act, record))
    run.show(done, lambda: moved_lines(done, columns_of(office)))


def why(
    run: Run,
    case_no: CaseNo,
    step: StepName,
    on: On = None,
    settings: Settings = None,
    outside_campaign: Outside = False,
    reason: Reason = "",
    party: PartyNo = None,
    signed_by: SignedBy = None,
    paper: Paper = None,
) -> None:
    """Tells every reason against a step without taking it; always ends with 0."""
    typed = _Typed(case_no, step, on, settings, reason, outside_campaign, party, signed_by, paper)
    with reading(run) as desk:
        asked = casework.explain(desk.office, desk.work, typed.order(desk, None, _measured(typed)))
    verdict, named = asked.verdict, asked.workflow.definition.steps[step]
    run.show(
        refused(case_no, step, verdict.refusals, verdict.warnings),
        lambda: refused_lines(case_no, t(f"“{named.zh}”", f'"{named.en}"'), verdict.refusals, verdict.warnings),
    )


def what_if(
    run: Run,
    case_no: CaseNo,
    step: StepName,
    on: On = None,
    settings: Settings = None,
    outside_campaign: Outside = False,
    reason: Reason = "",
    party: PartyNo = None,
) -> None:
    """Shows everything that the step would do. Raises TransitionRefused, which is not put on record."""
    from notifications.foreseen import mails_of

    typed = _Typed(case_no, step, on, settings, reason, outside_campaign, party, None, None)
    with reading(run) as desk:
        office, now = desk.office, desk.office.clock.now()
        asked = casework.explain(office, desk.work, typed.order(desk, None, None))
        v, named = asked.verdict, asked.workflow.definition.steps[step]
        if not v.allowed:
            raise TransitionRefused(case_no, step, v.refusals, v.warnings, named.zh, named.en)
        move = casework.foreseen(asked)
        found = {**move.document(now), "state": move.after.state, "mails": mails_of(office, move)}
        columns = columns_of(office)
    run.show(found, lambda: what_if_lines(found, columns))


def columns_of(office: Office) -> dict[str, tuple[str, str]]:
    """The printed names of what is counted, by measure, from the forms of figures; a head alone has no columns."""
    return {
        column["measure"]: (column["zh"], column["en"])
        for form in office.documents("form")
        for column in form.content.get("columns", ())
        if "measure" in column
    }


def when_of(office: Office, text: str | None) -> Moment:
    """The day and minute of `--on`; without it today."""
    today = legal_day(office.clock.now())
    return parse_moment(text, today, office.law.calendar) if text else Moment(today)


def _measured(typed: _Typed) -> dict[str, Any] | None:
    return measured(typed.paper).document() if typed.paper is not None else None


def _require_pair(typed: _Typed) -> None:
    """A paper belongs to somebody who signed it; without him nobody would know what it is for."""
    if typed.paper is not None and typed.signed_by is None:
        raise InputWrong(
            "paper.unsigned",
            "--paper是他人签批的文书，须用--signed-by写明签批人",
            "--paper is what somebody else signed: say who with --signed-by",
            Remedy("写明签批人", "name who signed it", f"anjuan case do {typed.case_no} {typed.step} --signed-by NAME"),
        )


def _despite_notes(
    run: Run, office: Office, case_no: str, seen: int, attempt: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """Try again when only the case's book has grown meanwhile (a note, a mail): its version is still the one seen."""
    for last in (False, False, True):
        try:
            return attempt()
        except CaseChangedMeanwhile as e:
            told = _explained(run, office, case_no, seen, e)
            if last or told.version != seen:
                raise told from e
    raise AssertionError("the last attempt returns or raises")


def _explained(
    run: Run, office: Office, case_no: str, seen: int, conflict: CaseChangedMeanwhile
) -> CaseChangedMeanwhile:
    """The conflict with the version that the case has now and who made it."""
    if conflict.version is not None:
        return conflict
    with reading(run, office) as desk:
        case = load_case(desk.work, case_no).case
    return CaseChangedMeanwhile(case_no, seen, case.version, case.trail[-1].actor)
