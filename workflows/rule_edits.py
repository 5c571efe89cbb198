"""Judges an edit of rules: what it would change, from which version it was made."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.canonical import content_hash
from engine.clock import legal_day
from engine.documents import BASED_ON, Document, editions_of
from engine.errors import FileWrong, InputWrong, NotFound, Problem, Remedy, RuleChanged
from engine.holiday_years import holiday_year_of
from engine.ladders import Ladder
from engine.law_book import Parameter
from engine.office import Office
from engine.parsed_file import KeyPath
from engine.store import Work
from engine.time_limits import TimeLimit
from workflows.rule_files import HOLIDAYS, KINDS, LADDER, LIMIT, UNDATED, Rule, RuleFile
from workflows.shipped import shipped_documents

CONFIRMATION = ("confirmed_by", "confirmed_on")
# What may change in a version without taking its confirmation away: a later version ends it.
OF_NO_WEIGHT = frozenset({"to", *CONFIRMATION, BASED_ON})


@dataclass(frozen=True)
class Edit:
    """One rule that becomes another, or comes new. `replaced` is the hash of the version that was in force."""

    document: Document
    replaced: str | None

    @property
    def kind(self) -> str:
        return self.document.kind

    @property
    def id(self) -> str:
        return self.document.id

    @property
    def notice(self) -> str | None:
        """The number of the notice behind a holiday year."""
        return self.document.content["notice"] if self.kind == HOLIDAYS else None


def edits_of(office: Office, work: Work, files: Iterable[RuleFile]) -> tuple[Edit, ...]:
    """What the files would change; a rule that says what is in force already is left out.

    Raises InputWrong (`rule.no_base`, `rule.unknown_base`, `rule.twice`), RuleChanged when another edit came between,
    FileWrong (`rule.confirmed`, `rule.other_kind`).
    """
    edits: list[Edit] = []
    seen: set[str] = set()
    for file in files:
        for rule in file.rules:
            if rule.id in seen:
                zh, en = f"“{rule.id}”在这些文件中出现了两次", f"{rule.id} stands twice in these files"
                raise InputWrong("rule.twice", zh, en)
            seen.add(rule.id)
            _require_own_kind(office, file, rule)
            current = office.document(rule.kind, rule.id)
            if current is None or same_rule(rule.kind, rule.content) != same_rule(rule.kind, current.content):
                _require_base(work, file, rule, current)
                _require_confirmations(file, rule, current)
                edits.append(edit_of(rule.kind, rule.id, rule.content, current))
    return tuple(edits)


def edit_of(kind: str, id_: str, content: Mapping[str, Any], current: Document | None) -> Edit:
    """The edit that brings this content into force."""
    return Edit(Document(kind, id_, content_hash(content), content), current.hash if current is not None else None)


def same_rule(kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """What a document says, whichever version it was made from and whichever program wrote it down."""
    if kind == LIMIT:
        said = TimeLimit.model_validate(content).document()
    elif kind == HOLIDAYS:
        said = holiday_year_of(content).document()
    elif kind == LADDER:
        said = Ladder.model_validate(content).document()
    else:
        said = Parameter.model_validate(content).document()
    return {name: value for name, value in said.items() if name != BASED_ON}


def versions_in(kind: str, content: Mapping[str, Any]) -> Iterator[tuple[KeyPath, Mapping[str, Any]]]:
    """The dated versions that a document holds, each with its place in it; a holiday year or ladder is its own."""
    if kind in UNDATED:
        yield (), content
        return
    for number, version in enumerate(content["versions"]):
        yield ("versions", number), version


def rule_name(kind: str, content: Mapping[str, Any]) -> tuple[str, str]:
    """What a rule is called, in both languages."""
    if kind == HOLIDAYS:
        return f"{content['year']}年放假安排", f"Holidays of {content['year']}"
    return content["zh"], content["en"]


def rules_in_force(office: Office | None) -> dict[str, Document]:
    """Every rule by its id: limits, parameters, holiday years, ladders. Without an office the shipped ones."""
    if office is not None:
        return {d.id: d for kind in KINDS.values() for d in office.documents(kind)}
    shipped = (Document(s.kind, s.id, content_hash(s.content), s.content) for s in shipped_documents())
    return {d.id: d for d in shipped if d.kind in KINDS.values()}


def rule_of(rules: Mapping[str, Document], id_: str) -> Document:
    """The rule of that id. Raises NotFound with the nearest ids."""
    found = rules.get(id_)
    if found is not None:
        return found
    near = difflib.get_close_matches(id_, list(rules), 3)
    hint_zh = f"是否指：{'、'.join(near)}" if near else "查看全部规则"
    hint_en = f"did you mean {', '.join(near)}?" if near else "see all rules"
    remedy = Remedy(hint_zh, hint_en, "anjuan rule list")
    raise NotFound("rule.unknown", f"没有规则“{id_[:40]}”", f"there is no rule {id_[:40]!r}", remedy)


def _require_own_kind(office: Office, file: RuleFile, rule: Rule) -> None:
    for kind in KINDS.values():
        if kind != rule.kind and office.document(kind, rule.id) is not None:
            zh, en = f"“{rule.id}”已是另一类规则的代号", f"{rule.id} is the id of a rule of another kind"
            line = file.parsed.line_of((*rule.path, "id"))
            raise FileWrong(file.parsed.name, (Problem(line, "rule.other_kind", zh, en),))


def _require_base(work: Work, file: RuleFile, rule: Rule, current: Document | None) -> None:
    """The version that was edited must be the one in force: otherwise somebody else's edit would be lost."""
    base = rule.content.get(BASED_ON)
    command = f"anjuan rule export {rule.id} --to …"
    export = Remedy("先导出现行版本，在其上修改", "export the version in force and edit that", command)
    if base is None and current is not None:
        raise InputWrong(
            "rule.no_base",
            f"{file.parsed.name}：“{rule.id}”已有规则，文件没有写明据以修改的版本（based_on）",
            f"{file.parsed.name}: there is a rule {rule.id} already, and the file does not say which version it was "
            "made from (based_on)",
            export,
        )
    if base is None or (current is not None and base == current.hash):
        return
    editions = editions_of(work, rule.kind, rule.id)
    if base not in {edition.document.hash for edition in editions}:
        raise InputWrong(
            "rule.unknown_base",
            f"{file.parsed.name}：“{rule.id}”没有based_on所写的版本（{str(base)[:12]}）",
            f"{file.parsed.name}: there is no version {str(base)[:12]} of {rule.id}, which based_on names",
            export,
        )
    last = editions[-1]
    on = legal_day(datetime.fromisoformat(last.recorded_at))
    raise RuleChanged(
        "rule.changed",
        f"“{rule.id}”在您导出之后已由{last.author}于{on}修改（{last.reason}），本次未作任何改动",
        f"{rule.id} was changed by {last.author} on {on}, after you exported it ({last.reason}); nothing was done",
        Remedy(
            "另行导出现行版本，把您的修改并入后再载入",
            "export the version in force under another name, put your changes into it, and load that",
            command,
        ),
    )


def _require_confirmations(file: RuleFile, rule: Rule, current: Document | None) -> None:
    """A confirmation is given by its own command, and holds for the very text that was confirmed."""
    given = {_confirmed(version) for _, version in versions_in(rule.kind, current.content)} if current else set()
    problems = []
    for path, version in versions_in(rule.kind, rule.content):
        if any(version.get(name) for name in CONFIRMATION) and _confirmed(version) not in given:
            zh = "确认只能以rule confirm登记，内容改动后原确认不再适用：请删去confirmed_by和confirmed_on"
            en = (
                "a confirmation is given with rule confirm, and an edit ends an earlier one: "
                "delete confirmed_by and confirmed_on"
            )
            line = file.parsed.line_of((*rule.path, *path, CONFIRMATION[0]))
            problems.append(Problem(line, "rule.confirmed", zh, en))
    if problems:
        raise FileWrong(file.parsed.name, tuple(problems))


def _confirmed(version: Mapping[str, Any]) -> tuple[str, ...]:
    """What was confirmed, by whom and when."""
    text = {name: value for name, value in version.items() if name not in OF_NO_WEIGHT}
    return content_hash(text), *(str(version.get(name)) for name in CONFIRMATION)
