"""The one base of every error, and the refusal: a reason with its remedy, as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar


@dataclass(frozen=True)
class Remedy:
    """What to do now, in both languages, and where possible the command to copy."""

    zh: str
    en: str
    command: str | None = None

    def document(self) -> dict[str, Any]:
        return {"zh": self.zh, "en": self.en, "command": self.command}


@dataclass(frozen=True)
class Holder:
    """Somebody who could do what was refused: his account name, the role, his name in Chinese."""

    name: str
    role: str
    zh: str = ""


@dataclass(frozen=True)
class Refusal:
    """One reason why a step is not possible (or, as a warning, one thing to mind).

    `code` is stable and tested; the sentences may improve. `earliest_on` is the first calendar day on
    which this reason would be gone by itself, `None` where waiting does not help.
    """

    code: str
    zh: str
    en: str
    basis: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    remedy: Remedy | None = None
    who_can: tuple[Holder, ...] = ()
    earliest_on: date | None = None

    def document(self) -> dict[str, Any]:
        """The refusal as scripts, pages and the record read it."""
        return {
            "code": self.code,
            "zh": self.zh,
            "en": self.en,
            "basis": self.basis,
            "facts": dict(self.facts),
            "remedy": self.remedy.document() if self.remedy else None,
            "who_can": [{"name": h.name, "role": h.role} for h in self.who_can],
            "earliest_on": self.earliest_on.isoformat() if self.earliest_on else None,
        }


class AnjuanError(Exception):
    """A fact that stopped the work. `str(e)` is English for logs, `e.zh` is what the user reads."""

    code: ClassVar[str] = "error"

    @property
    def zh(self) -> str:
        raise NotImplementedError

    @property
    def en(self) -> str:
        return str(self)

    @property
    def remedy(self) -> Remedy | None:
        return None


class Stated(AnjuanError):
    """An error that says its own code and sentences; base of the plain ones below."""

    def __init__(self, code: str, zh: str, en: str, remedy: Remedy | None = None) -> None:
        super().__init__(code, zh, en, remedy)
        self._code, self._zh, self._en, self._remedy = code, zh, en, remedy

    # A stated error carries its code with the instance: one class serves many facts of the same kind.
    @property
    def code(self) -> str:  # type: ignore[override]
        return self._code

    @property
    def zh(self) -> str:
        return self._zh

    def __str__(self) -> str:
        return self._en

    @property
    def remedy(self) -> Remedy | None:
        return self._remedy


class InputWrong(Stated):
    """What was typed or handed in cannot be read or does not fit. Nothing has changed."""


class NotFound(Stated):
    """There is no such case, campaign, person, document or file."""


class Forbidden(Stated):
    """The actor may not use this command at all, or the object lies outside his unit."""


class RuleChanged(Stated):
    """Somebody else changed the rules after they were read. Nothing of this attempt was kept."""


class StoreUnavailable(Stated):
    """The store cannot be opened, read or written: missing, full, read-only, newer, locked, damaged."""


class TransitionRefused(AnjuanError):
    """A rule says no to a step, an opening or a pass: all reasons at once. An opening has no case number yet."""

    code = "refused"

    def __init__(
        self,
        case_no: str,
        step: str,
        refusals: tuple[Refusal, ...],
        warnings: tuple[Refusal, ...] = (),
        step_zh: str = "",
        step_en: str = "",
    ) -> None:
        super().__init__(case_no, step, refusals, warnings, step_zh, step_en)
        self.case_no, self.step, self.refusals, self.warnings = case_no, step, refusals, warnings
        self.step_zh, self.step_en = step_zh or step, step_en or step

    def __str__(self) -> str:
        where = f"{self.case_no}: " if self.case_no else ""
        return f"{where}{self.step} refused: " + "; ".join(r.en for r in self.refusals)

    @property
    def zh(self) -> str:
        where = f"{self.case_no}：" if self.case_no else ""
        return f"{where}“{self.step_zh}”暂不能办理：" + "；".join(r.zh for r in self.refusals)


class CaseReadOnly(TransitionRefused):
    """What the case is run by is gone: its definition, or something that this names. It can still be read."""

    code = "case.read_only"


class CaseChangedMeanwhile(AnjuanError):
    """Somebody else changed the case after it was read. Nothing of this attempt was kept."""

    code = "case.changed"

    def __init__(self, case_no: str, expected: int | None = None, version: int | None = None, actor: str = "") -> None:
        super().__init__(case_no, expected, version, actor)
        self.case_no, self.expected, self.version, self.actor = case_no, expected, version, actor

    def __str__(self) -> str:
        who = f" by {self.actor}" if self.actor else ""
        seen = f" (you saw version {self.expected}, it is now {self.version})" if self.version is not None else ""
        return f"{self.case_no} was changed meanwhile{who}{seen}; nothing was done"

    @property
    def zh(self) -> str:
        who = f"被{self.actor}" if self.actor else "被他人"
        seen = f"（您看到的是第{self.expected}版，现为第{self.version}版）" if self.version is not None else ""
        return f"{self.case_no}已{who}修改{seen}，本次未作任何改动"

    @property
    def remedy(self) -> Remedy:
        return Remedy(
            "请重新查看案件后再办理", "look at the case again, then decide", f"anjuan case show {self.case_no}"
        )


class DeadlineUndetermined(AnjuanError):
    """A legal date cannot be derived: no rule in force, or a start that nobody recorded."""

    code = "deadline.undetermined"

    def __init__(self, rule: str, on: date | None, reason_zh: str, reason_en: str) -> None:
        super().__init__(rule, on, reason_zh, reason_en)
        self.rule, self.on, self.reason_zh, self.reason_en = rule, on, reason_zh, reason_en

    def __str__(self) -> str:
        on = f" on {self.on}" if self.on is not None else ""
        return f"time limit {self.rule}{on}: {self.reason_en}"

    @property
    def zh(self) -> str:
        on = f"（{self.on}）" if self.on is not None else ""
        return f"期限“{self.rule}”{on}无法确定：{self.reason_zh}"


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a file: where, what, and what to write instead. `remark` does not stop loading."""

    line: int
    code: str
    zh: str
    en: str
    remark: bool = False


class FileWrong(AnjuanError):
    """A data file cannot be taken as it is. Carries every problem found, each with its line."""

    code = "file.wrong"

    def __init__(self, name: str, problems: tuple[Problem, ...]) -> None:
        super().__init__(name, problems)
        self.name, self.problems = name, problems

    def __str__(self) -> str:
        return f"{self.name}: " + "; ".join(f"line {p.line}: {p.en}" for p in self.problems[:5])

    @property
    def zh(self) -> str:
        return f"{self.name}：" + "；".join(f"第{p.line}行：{p.zh}" for p in self.problems[:5])
