"""`anjuan rule`: lists and shows the rules, checks, exports, loads and confirms them, sets deadlines right."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from typer import Argument, Option

from commands.arguments import parse_day
from commands.door import office_here, reading
from commands.failures import problem_document
from commands.frame import Run, command, noun
from commands.rule_documents import KIND_NAMES, account_document, rule_document, rule_row
from commands.rule_lines import account_lines, check_lines, list_lines, rule_lines
from commands.rules_here import clock_of, office_or_none
from commands.screen import progress
from commands.words import t
from engine.clock import today
from engine.confidence import is_unconfirmed
from engine.data_files import read_yaml
from engine.documents import Document, Edition, editions_of
from engine.errors import CaseChangedMeanwhile, FileWrong, Problem, Remedy, RuleChanged
from engine.office import Office
from engine.repeating import kept
from engine.rule_changes import EVERYTHING, Reach, count_candidates
from engine.store import Work
from workflows.rule_edits import edits_of, rule_of, rules_in_force
from workflows.rule_exporting import export_rule
from workflows.rule_files import RuleFile, kind_of, known_in, read_rules
from workflows.rule_loading import (
    Account,
    apply_rules,
    confirm_rule,
    foresee,
    foresee_apply,
    load_rules,
    reach_of,
    require_may_load,
    require_reason,
    sweep,
)

LOADED, CONFIRMED = ("载入", "loaded"), ("确认", "confirmed")

app = noun("rule", zh="规则与放假安排", en="Rules and holidays")

RuleId = Annotated[
    str, Argument(metavar="ID", help=t("规则代号，放假安排用年份", "id of the rule; of holidays, the year"))
]
Files = Annotated[list[Path], Argument(metavar="FILE…", help=t("规则文件，可以几个", "files of rules, one or more"))]
Reason = Annotated[str, Option("--reason", metavar="R", help=t("依据，如通知的文号", "why: the number of a notice"))]


@command(app, "list", zh="列出现行规则", en="List the rules in force")
def list_rules(
    run: Run,
    kind: Annotated[
        Literal["limit", "parameter", "holidays", "ladder"] | None,
        Option("--kind", help=t("只列期限、参数、放假安排或提醒层级", "limits, parameters, holidays or ladders only")),
    ] = None,
    unconfirmed: Annotated[
        bool,
        Option("--unconfirmed", help=t("只列未读到条文、也未经确认的", "only those not read in a text nor confirmed")),
    ] = False,
) -> None:
    office = office_or_none()
    on = today(clock_of(office))
    rows = [rule_row(document, on) for document in _in_order(rules_in_force(office).values())]
    rows = [r for r in rows if kind in (None, r["kind"]) and (not unconfirmed or _is_unconfirmed(r))]
    run.show(rows, lambda: list_lines(rows))


@command(app, "show", zh="查看一项规则的全部版本", en="Show every version of a rule")
def show(
    run: Run,
    rule_id: RuleId,
    on: Annotated[
        str | None, Option("--on", metavar="DATE", help=t("标出当日的版本", "mark that day's version"))
    ] = None,
) -> None:
    office = office_or_none()
    document = rule_of(rules_in_force(office), rule_id)
    now_on = today(clock_of(office))
    day = parse_day(on, now_on, office.law.calendar if office is not None else None) if on is not None else now_on
    found = rule_document(document, _editions(office, document), day)
    run.show(found, lambda: rule_lines(found))


@command(app, "check", zh="校验规则文件，不载入", en="Check a file of rules without loading it")
def check(run: Run, file: Annotated[Path, Argument(metavar="FILE", help=t("规则文件", "the file"))]) -> None:
    known = known_in(office_or_none())
    errors: tuple[Problem, ...] = ()
    remarks: tuple[Problem, ...] = ()
    try:
        remarks = read_rules(file, known).remarks
    except FileWrong as wrong:
        errors = tuple(p for p in wrong.problems if not p.remark)
    document = {
        "ok": not errors,
        "kind": _kind_in(file),
        "errors": [problem_document(p) for p in errors],
        "remarks": [problem_document(p) for p in remarks],
    }
    run.show(document, lambda: check_lines(file.name, errors, remarks))
    if errors:
        run.exit(2)


@command(
    app,
    "export",
    zh="把现行版本导出为可以修改的文件\n\n文件中的based_on注明据以修改的版本，请勿改动。",
    en="Write the version in force as a file to edit\n\nIts based_on names the version it was made from; leave it.",
)
def export(
    run: Run,
    rule_id: RuleId,
    to: Annotated[Path, Option("--to", metavar="FILE.yaml", help=t("写到", "where to"))],
) -> None:
    office = office_or_none()
    document = rule_of(rules_in_force(office), rule_id)
    export_rule(document, _editions(office, document), to)
    kind = KIND_NAMES[document.kind]
    found = {"file": str(to), "kind": kind, "id": document.id, "based_on": document.hash}
    run.show(found, lambda: [t(f"已写出{to}，修改后：", f"written to {to}; once edited:"), *_next_commands(to)])


@command(
    app,
    "load",
    zh="载入规则文件，正在进行的期限随之重新推算\n\n一次通知涉及两个年份的，两个文件一并载入。",
    en="Load files of rules; deadlines that run are worked out anew\n\nNotices that touch two years: load both files.",
    changes=True,
)
def load(run: Run, files: Files, reason: Reason) -> None:
    office = office_here()
    with reading(run, office) as desk:
        actor = desk.who
        require_reason(reason)
        require_may_load(office, actor)
        read = [read_rules(file, known_in(office)) for file in files]
        reach = reach_of(edits_of(office, desk.work, read))
        total = count_candidates(desk.work, reach)
        if run.dry_run:
            with progress(total, t("推算期限", "working out dates")) as advance:
                account = foresee(office, desk.work, actor, read, advance)
    if not run.dry_run:
        with progress(total, t("推算期限", "working out dates")) as advance:
            account = _kept(office, lambda work: load_rules(office, work, actor, read, reason, advance))
        account.add(sweep(office, actor, reason, account.edits))
    _show_account(run, account, LOADED, read)


@command(app, "confirm", zh="确认一项规则已与条文核对", en="Confirm that a rule was held against the law", changes=True)
def confirm(
    run: Run,
    rule_id: RuleId,
    reason: Reason,
    begins: Annotated[
        str | None,
        Option("--from", metavar="DATE", help=t("自该日起的版本（默认现行版本）", "the version that begins then")),
    ] = None,
) -> None:
    office = office_here()
    with reading(run, office) as desk:
        actor = desk.who
        on = (
            parse_day(begins, today(office.clock), office.law.calendar).isoformat()
            if begins not in (None, "~")
            else begins
        )
        total = count_candidates(desk.work, Reach(limits=frozenset({rule_id})))
    with progress(total, t("更新期限", "bringing deadlines up to date")) as advance:
        account = _kept(
            office,
            lambda work: confirm_rule(office, work, actor, rule_id, on, reason, advance),
            keep=not run.dry_run,
        )
    if not run.dry_run:
        account.add(sweep(office, actor, reason, account.edits))
    _show_account(run, account, CONFIRMED)


@command(
    app, "apply", zh="把与现行规则不符的期限改正过来", en="Set deadlines right that the rules contradict", changes=True
)
def apply(run: Run, reason: Reason) -> None:
    office = office_here()
    with reading(run, office) as desk:
        actor = desk.who
        total = count_candidates(desk.work, EVERYTHING)
        if run.dry_run:
            with progress(total, t("核对期限", "checking deadlines")) as advance:
                account = foresee_apply(office, desk.work, actor, advance)
    if not run.dry_run:
        with progress(total, t("核对期限", "checking deadlines")) as advance:
            account = _kept(office, lambda work: apply_rules(office, work, actor, reason, advance))
    _show_account(run, account, LOADED)


def _kept(office: Office, change: Callable[[Work], Account], *, keep: bool = True) -> Account:
    """The change, begun again while others are at work on the cases. Raises RuleChanged when they do not let off."""
    try:
        return kept(office.store, change, keep=keep)
    except CaseChangedMeanwhile as e:
        raise RuleChanged(
            "rule.busy",
            "其他人员正在办理有关案件，本次未作任何改动",
            "others are at work on cases that this touches; nothing was done",
            Remedy("稍后再试", "try again in a moment"),
        ) from e


def _show_account(run: Run, account: Account, deed: tuple[str, str], files: Sequence[RuleFile] = ()) -> None:
    remarks = [p for file in files for p in file.remarks]
    document = {
        **account_document(account),
        "applied": not run.dry_run,
        "remarks": [problem_document(p) for p in remarks],
    }
    run.show(document, lambda: account_lines(account, remarks, deed, dry_run=run.dry_run))


def _in_order(documents: Iterable[Document]) -> list[Document]:
    """Limits, parameters, holidays, ladders, each by id."""
    return sorted(documents, key=lambda d: (list(KIND_NAMES).index(d.kind), d.id))


def _editions(office: Office | None, document: Document) -> tuple[Edition, ...]:
    """How the rule came to be what it is; nothing is known of it where there is no store."""
    if office is None:
        return ()
    with office.store.reading() as work:
        return editions_of(work, document.kind, document.id)


def _kind_in(file: Path) -> str | None:
    try:
        return KIND_NAMES[kind_of(read_yaml(file))]
    except FileWrong:
        return None


def _next_commands(file: Path) -> list[str]:
    quoted = shlex.quote(str(file))
    return [f"  anjuan rule check {quoted}", f"  anjuan rule load {quoted} --reason … --dry-run"]


def _is_unconfirmed(row: Mapping[str, Any]) -> bool:
    return is_unconfirmed(row["confidence"] or "", confirmed=row["confirmed"])
