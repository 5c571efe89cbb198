"""Which two versions of a workflow are meant when somebody asks for their difference.

A version is named by its hash (or the beginning of it), by `shipped` (the one of the program's files), by `draft` (the
one that is to come next), or by a file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Literal

from pydantic import ValidationError

from engine.definitions import Definition, Extended, definition_from
from engine.errors import InputWrong, NotFound, Remedy
from engine.workflow_versions import History, Standing, Version, text_of
from workflows.definition_files import DEFINITIONS, read_definition

SHIPPED: Final = "shipped"
DRAFT: Final = "draft"
FEWEST_DIGITS, SHOWN_DIGITS = 6, 12
HASH = re.compile(r"[0-9a-f]{1,64}")

Origin = Standing | Literal["shipped", "file"]


@dataclass(frozen=True)
class Side:
    """One of the two versions: what it says, and how it came about as far as a store tells.

    `effective_on` is the first day on which cases begin under it; `path` is that of the file it was read from.
    """

    definition: Definition
    hash: str
    origin: Origin
    effective_on: date | None = None
    author: str = ""
    reason: str = ""
    recorded_at: str | None = None
    path: Path | None = None


@dataclass(frozen=True)
class Choice:
    """What is known of a workflow: all that a store holds (`None` without one), and what limits there are."""

    workflow_id: str
    history: History | None
    natures: Mapping[str, str]

    def pair(self, before: str | None, after: str | None) -> tuple[Side, Side]:
        """The two versions. Where nobody says which: from the one in force to what comes after it, or else to it.

        Raises NotFound, InputWrong, FileWrong.
        """
        to = self._named(after) if after is not None else self._to_by_itself(before)
        start = self._named(before) if before is not None else self._from_by_itself(to)
        return start, to

    def local(self, after: str | None) -> tuple[Side, Extended]:
        """A local version, by default the one in force, and what it extends. Raises NotFound, InputWrong, FileWrong."""
        found = self._named(after) if after is not None else self._running()
        if found.definition.extends is None:
            raise InputWrong(
                "workflow.not_local",
                f"流程“{self.workflow_id}”的这个版本没有据以扩展的流程（extends）",
                f"this version of {self.workflow_id} extends no other workflow",
                Remedy("比较两个版本", "compare two versions", f"anjuan workflow diff {self.workflow_id}"),
            )
        return found, found.definition.extends

    def base(self, local: Side, extended: Extended) -> Side:
        """That very version of this workflow, which the local one extends. Raises NotFound, FileWrong."""
        for version in self.history.versions if self.history is not None else ():
            if extended.hash in (version.hash, text_of(version.document.content)):
                return _of_store(version)
        beside = local.path.parent / f"{self.workflow_id}.yaml" if local.path is not None else None
        files = [self._file(beside)] if beside is not None and beside.is_file() and beside != local.path else []
        sides = [*files, self._shipped()] if self.is_shipped else files
        for side in sides:
            if side.hash == extended.hash:
                return side
        digits = extended.hash[:SHOWN_DIGITS]
        raise NotFound(
            "workflow.base_unknown",
            f"找不到据以扩展的流程“{self.workflow_id}”版本{digits}",
            f"version {digits} of {self.workflow_id}, which it extends, is not here",
            Remedy("与其文件比较", "compare it with its file", "anjuan workflow diff ID --from FILE.yaml"),
        )

    @property
    def is_shipped(self) -> bool:
        """Whether the program brings such a workflow."""
        return self.workflow_id in {path.stem for path in DEFINITIONS.glob("*.yaml")}

    def _to_by_itself(self, before: str | None) -> Side:
        history = self.history
        if history is not None and history.draft is not None:
            return _of_store(history.draft)
        if history is None or not history.versions:
            shipped = self._shipped()
            if before is None:
                raise _nothing_to_compare(self.workflow_id)
            return shipped
        coming = [v for v in history.versions if v.standing == "coming"]
        if coming:
            return _of_store(coming[-1])
        return self._running() if before is not None or len(history.versions) > 1 else self._shipped()

    def _from_by_itself(self, to: Side) -> Side:
        running = self._running()
        versions = self.history.versions if self.history is not None else ()
        if to.hash != running.hash or to.origin in ("shipped", "file"):
            return running
        return next((_of_store(v) for v in versions if v.hash == running.definition.based_on), running)

    def _running(self) -> Side:
        """The version in force; where none is yet, the newest, else the draft, else the one of the program."""
        history = self.history
        if history is None or not (history.versions or history.draft):
            return self._shipped()
        in_force = [v for v in history.versions if v.standing == "in_force"]
        return _of_store((*in_force, *history.versions[-1:], *filter(None, (history.draft,)))[0])

    def _named(self, word: str) -> Side:
        if word == SHIPPED:
            return self._shipped()
        if word == DRAFT:
            return self._draft()
        return self._by_hash(word) if HASH.fullmatch(word) else self._file(Path(word))

    def _draft(self) -> Side:
        draft = self.history.draft if self.history is not None else None
        if draft is None:
            raise NotFound(
                "workflow.no_draft",
                f"流程“{self.workflow_id}”没有草案",
                f"there is no draft of {self.workflow_id}",
                Remedy("载入草案", "load one", "anjuan workflow load FILE --reason R"),
            )
        return _of_store(draft)

    def _by_hash(self, digits: str) -> Side:
        known = {v.hash: v for v in self._stored()}
        found = sorted(hash_ for hash_ in known if hash_.startswith(digits))
        if len(digits) < FEWEST_DIGITS or len(found) > 1:
            raise InputWrong(
                "version.ambiguous",
                f"“{digits}”不足以确定一个版本，请至少写出{FEWEST_DIGITS}位并能与其他版本区别",
                f"{digits} does not tell one version: give {FEWEST_DIGITS} digits or more, as many as tell them apart",
                self._versions_known(found or list(known)),
            )
        if not found:
            raise NotFound(
                "version.unknown",
                f"流程“{self.workflow_id}”没有版本“{digits}”",
                f"there is no version {digits} of {self.workflow_id}",
                self._versions_known(list(known)),
            )
        return _of_store(known[found[0]])

    def _stored(self) -> tuple[Version, ...]:
        return (*self.history.versions, *self.history.drafts) if self.history is not None else ()

    def _versions_known(self, hashes: list[str]) -> Remedy:
        shown = [hash_[:SHOWN_DIGITS] for hash_ in hashes] or [SHIPPED]
        command = f"anjuan workflow versions {self.workflow_id}"
        return Remedy(f"现有：{'、'.join(shown)}", f"there are: {', '.join(shown)}", command)

    def _file(self, path: Path) -> Side:
        definition = read_definition(path, self.natures)
        return Side(definition, definition.hash, "file", path=path)

    def _shipped(self) -> Side:
        if not self.is_shipped:
            known, zh, en = "not_shipped", "程序没有自带流程", "the program ships no workflow"
            if not self._stored():
                known, zh, en = "unknown", "没有流程", "there is no workflow"
            raise NotFound(
                f"workflow.{known}",
                f"{zh}“{self.workflow_id}”",
                f"{en} {self.workflow_id!r}",
                Remedy("查看现有流程", "see which there are", "anjuan workflow list"),
            )
        definition = read_definition(DEFINITIONS / f"{self.workflow_id}.yaml", self.natures)
        return Side(definition, definition.hash, SHIPPED)


def _of_store(version: Version) -> Side:
    v = version
    return Side(_read(v), v.hash, v.standing, v.effective_on, v.author, v.reason, v.recorded_at)


def _read(version: Version) -> Definition:
    try:
        return definition_from(version.document.content)
    except ValidationError as e:
        digits, id_ = version.hash[:SHOWN_DIGITS], version.document.id
        raise InputWrong(
            "version.unreadable",
            f"本程序读不懂流程“{id_}”的版本{digits}，无从比较",
            f"this program cannot read version {digits} of {id_}; there is nothing to compare",
            Remedy("另选版本", "choose another version", f"anjuan workflow versions {id_}"),
        ) from e


def _nothing_to_compare(workflow_id: str) -> InputWrong:
    return InputWrong(
        "version.missing",
        f"流程“{workflow_id}”这里只有一个版本：请指明与哪个文件比较",
        f"there is only one version of {workflow_id} here: say which file to compare it with",
        Remedy("例如", "for example", f"anjuan workflow diff {workflow_id} --to FILE.yaml"),
    )
