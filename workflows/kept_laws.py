"""Finds where an office's own workflow changed what a law of its base rests on: guards, and how limits start.

The proof of a law looks at names. A guard that is asked about another answer, or a limit that starts only now and then,
would still be there by name; so what the base has for its laws stays as it is, whatever is added beside it.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions import OPEN, Definition, Never, Opening, Step
from engine.flaws import Flaw, PathOf
from engine.legal_proof import subjects_of


def loosened(base: Definition, own: Definition) -> Iterator[Flaw]:
    """Every step of the base that no longer has just what one of its laws rests on there."""
    for law in base.never.values():
        for name in subjects_of(base, law):
            before, after = _asked(base, name), _asked(own, name)
            if before is None or after is None:
                continue  # a step that a law speaks of and that is gone is found as an unknown name
            lost = [*_lost_guards(law, before, after), *_lost_starts(law, before, after)]
            if lost:
                yield _flaw(law, name, before, lost)


def _asked(definition: Definition, name: str) -> Step | Opening | None:
    return definition.open if name == OPEN else definition.steps.get(name)


def _lost_guards(law: Never, before: Step | Opening, after: Step | Opening) -> Iterator[str]:
    bound = {name for item in (*law.unguarded, *law.unless) for name in item}
    for item in before.require:
        if bound & set(item) and item not in after.require:
            yield from item


def _lost_starts(law: Never, before: Step | Opening, after: Step | Opening) -> Iterator[str]:
    yield from (start.rule for start in before.start if start.rule in law.starting and start not in after.start)


def _flaw(law: Never, name: str, before: Step | Opening, lost: list[str]) -> Flaw:
    path: PathOf = ("open",) if name == OPEN else ("steps", name)
    zh = before.zh if isinstance(before, Step) else "登记"
    what = ", ".join(dict.fromkeys(lost))
    return Flaw(
        path,
        "law.loosened",
        f"“{zh}”的{what}是“{law.zh}”（{law.basis}）的保证，须保持原样；可以另加更严的",
        f"{name}: {what} is what a law rests on ({law.en}; {law.basis}) and stays as it is; stricter ones may be added",
    )
