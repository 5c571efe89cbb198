"""Says where a case went otherwise than its scenario: the line in the file, a code, a sentence in both languages.

| Code | What was found |
|---|---|
| `scenario.before` | an earlier case did not go as its file says |
| `scenario.opening`, `scenario.step_unknown` | the case cannot be opened so; the workflow has no such step |
| `scenario.refused`, `scenario.not_refused` | refused, or possible, against what the file says |
| `scenario.refused_otherwise`, `scenario.warning` | refused for other reasons; a warning was not given |
| `scenario.impossible` | the act cannot even be tried: an unknown person, a unit outside his sight |
| `scenario.state`, `scenario.party` | the case, or a party, stands elsewhere |
| `scenario.due`, `scenario.deadline` | a time limit ends on another day; it stands otherwise at the end |
| `scenario.figures` | other figures were counted |
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from engine.definitions import Definition
from engine.errors import AnjuanError, Problem, Refusal, TransitionRefused
from engine.parsed_file import KeyPath
from workflows.scenario_files import ScenarioFile


@dataclass
class Differences:
    """What was found of one scenario so far, in the order in which it was found."""

    file: ScenarioFile
    definition: Definition
    found: list[Problem] = field(default_factory=list)

    def before(self, number: int, zh: str, en: str, first: Problem) -> None:
        """The earlier case of that number, called so, differs from its own file."""
        said_zh = f"先办的“{zh}”与其文件不符（第{first.line}行）：{first.zh}"
        said_en = f"the earlier case “{en}” does not go as its file says (line {first.line}): {first.en}"
        self._say(("before", number), "scenario.before", said_zh, said_en)

    def opening(self, error: AnjuanError) -> None:
        zh, en = _why(error)
        self._say(("open",), "scenario.opening", f"不能这样登记：{zh}", f"it cannot be opened so: {en}")

    def impossible(self, path: KeyPath, error: AnjuanError) -> None:
        zh, en = _why(error)
        self._say(path, "scenario.impossible", f"无法办理：{zh}", f"it cannot be done: {en}")

    def step_unknown(self, path: KeyPath, step: str) -> None:
        self._say(path, "scenario.step_unknown", f"流程中没有步骤“{step}”", f"the workflow has no step {step!r}")

    def refused(self, path: KeyPath, step: str | None, refusals: Collection[Refusal]) -> None:
        """What must be possible was refused; `step` is None where it was an undo."""
        (zh, en), codes, (why_zh, why_en) = self._named(step), _codes(refusals), _reasons(refusals)
        self._say(
            path,
            "scenario.refused",
            f"{zh}应当可以办理，却因{_zh(codes)}不能办理：{why_zh}。以下各行未再演练",
            f"{en} should be possible but is refused for {_en(codes)}: {why_en}. The lines after it were not played",
        )

    def judged(self, path: KeyPath, step: str | None, refusals: Collection[Refusal], because: Iterable[str]) -> None:
        """What must be refused for exactly those reasons, each as often as it is named, was judged so."""
        codes, wanted, (zh, en) = _codes(refusals), sorted(because), self._named(step)
        should_zh, should_en = f"{zh}应当因{_zh(wanted)}不能办理", f"{en} should be refused for {_en(wanted)}"
        why_zh, why_en = _reasons(refusals)
        if not codes:
            self._say(path, "scenario.not_refused", f"{should_zh}，却可以办理", f"{should_en}, but it is possible")
        elif codes != wanted:
            said_zh, said_en = (
                f"{should_zh}，原因实为{_zh(codes)}：{why_zh}",
                f"{should_en}, but is for {_en(codes)}: {why_en}",
            )
            self._say(path, "scenario.refused_otherwise", said_zh, said_en)

    def warnings(self, path: KeyPath, step: str, given: Iterable[Refusal], wanted: Iterable[str]) -> None:
        """Each of those warnings must be among those given; others may be."""
        codes, (zh, en) = sorted({w.code for w in given}), self._named(step)
        for code in wanted:
            if code not in codes:
                said_zh, said_en = (
                    f"{zh}应有提醒{code}，{_only_zh(codes)}",
                    f"{en} should warn {code}; {_only_en(codes)}",
                )
                self._say(path, "scenario.warning", said_zh, said_en)

    def state(self, path: KeyPath, stands: str, wanted: str) -> None:
        zh, en = f"案件应在{self._state(wanted)}，实在{self._state(stands)}", "the case should stand at"
        if stands != wanted:
            self._say(path, "scenario.state", zh, f"{en} {wanted}, but stands at {stands}")

    def party(self, path: KeyPath, number: str, stands: str | None, wanted: str) -> None:
        if stands is None:
            self._say(path, "scenario.party", f"本案没有{number}号当事人", f"the case has no party {number}")
        elif stands != wanted:
            zh = f"{number}号当事人应在{self._state(wanted)}，实在{self._state(stands)}"
            self._say(path, "scenario.party", zh, f"party {number} should stand at {wanted}, but stands at {stands}")

    def due(self, path: KeyPath, limits: Mapping[str, date], id_: str, wanted: date) -> None:
        if id_ not in limits:
            self._no_limit(path, "scenario.due", limits, id_)
        elif limits[id_] != wanted:
            zh = f"期限{id_}应于{wanted}届满，实于{limits[id_]}届满"
            self._say(path, "scenario.due", zh, f"{id_} should end on {wanted}, but ends on {limits[id_]}")

    def deadline(self, path: KeyPath, limits: Mapping[str, str], id_: str, wanted: str) -> None:
        if id_ not in limits:
            self._no_limit(path, "scenario.deadline", limits, id_)
        elif limits[id_] != wanted:
            zh = f"期限{id_}最后应为{wanted}，实为{limits[id_]}"
            self._say(path, "scenario.deadline", zh, f"in the end {id_} should be {wanted}, but is {limits[id_]}")

    def figures(self, month: str, counted: Mapping[str, int], wanted: Mapping[str, int]) -> None:
        """What was counted in a month, all of it; what is not named is 0."""
        for measure in dict.fromkeys((*wanted, *counted)):
            n, should = counted.get(measure, 0), wanted.get(measure, 0)
            if n != should:
                path = ("end", "figures", month, measure)
                zh, en = (
                    f"{month}的{measure}应为{should}，实为{n}",
                    f"{measure} of {month} should be {should}, but is {n}",
                )
                self._say(path, "scenario.figures", zh, en)

    def _no_limit(self, path: KeyPath, code: str, limits: Iterable[str], id_: str) -> None:
        there = sorted(limits)
        self._say(path, code, f"没有期限{id_}，{_only_zh(there)}", f"there is no time limit {id_}; {_only_en(there)}")

    def _named(self, step: str | None) -> tuple[str, str]:
        return ("撤回上一步", "undo") if step is None else (f"“{self.definition.steps[step].zh}”（{step}）", step)

    def _state(self, state: str) -> str:
        return f"“{self.definition.states[state].zh}”（{state}）" if state in self.definition.states else state

    def _say(self, path: KeyPath, code: str, zh: str, en: str) -> None:
        self.found.append(self.file.problem(path, code, zh, en))


def _why(error: AnjuanError) -> tuple[str, str]:
    return _reasons(error.refusals) if isinstance(error, TransitionRefused) else (error.zh, error.en)


def _reasons(refusals: Iterable[Refusal]) -> tuple[str, str]:
    # One and the same reason may stand several times, once for each time limit or person.
    said = list(dict.fromkeys((r.zh, r.en) for r in refusals))
    return "；".join(zh for zh, _ in said), "; ".join(en for _, en in said)


def _codes(refusals: Iterable[Refusal]) -> list[str]:
    return sorted(r.code for r in refusals)


def _zh(codes: Iterable[str]) -> str:
    return "、".join(codes)


def _en(codes: Iterable[str]) -> str:
    return ", ".join(codes)


def _only_zh(there: Collection[str]) -> str:
    return f"只有{_zh(there)}" if there else "一项也没有"


def _only_en(there: Collection[str]) -> str:
    return f"there is only {_en(there)}" if there else "there is none"
