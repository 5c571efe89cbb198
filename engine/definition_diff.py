"""The difference between two versions of a workflow, in sentences that an officer reads."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions import Definition, Extended
from engine.diff_laws import law_changes, law_place
from engine.diff_steps import dropped_step, new_step, opening_changes, step_changes
from engine.diff_tellers import Teller, flag, one_name, other, told_fields, words_of
from engine.diff_values import TOPICS, Change, Names, Place, Said, Two, literal, named, say


def changes(before: Definition, after: Definition, names: Names | None = None) -> tuple[Change, ...]:
    """Every change from one version to the other: steps first, then what they require, wording last.

    Empty for two versions that say the same, and only for those.
    """
    two = Two(before, after, names or Names())
    whole = Place(two, "workflow", after.workflow, named(after.workflow, after), ())
    found = tuple(told_fields(whole, before, after, WORKFLOW_TELLERS))
    if not found and before.hash != after.hash:
        # Values that are equal and yet written otherwise, like `yes` and 1 as the parameter of a guard.
        found = (other(whole.at("workflow"), before.as_document(), after.as_document()),)
    return tuple(sorted(found, key=lambda change: TOPICS.index(change.topic)))


def _steps(place: Place, *_: object) -> Iterator[Change]:
    before, after = place.two.before.steps, place.two.after.steps
    for name, step in after.items():
        if name not in before:
            yield new_step(place.two, name, step)
    for name, step in before.items():
        if name not in after:
            yield dropped_step(place.two, name, step)
    for name, step in after.items():
        if name in before:
            yield from step_changes(place.two, name, before[name], step)


def _opening(place: Place, *_: object) -> Iterator[Change]:
    yield from opening_changes(place.two, place.two.before.open, place.two.after.open)


def _states(place: Place, *_: object) -> Iterator[Change]:
    before, after = place.two.before.states, place.two.after.states
    for name in dict.fromkeys((*after, *before)):
        here = Place(place.two, "state", name, place.two.state(name), ("states", name))
        old, new = before.get(name), after.get(name)
        if old is None:
            yield here.change("state.added", "state", Said("新增状态", "new state"))
        elif new is None:
            yield here.change("state.removed", "state", Said("取消状态", "state dropped"))
        else:
            yield from told_fields(here, old, new, STATE_TELLERS)


def _roles(place: Place, *_: object) -> Iterator[Change]:
    before, after = place.two.before.roles, place.two.after.roles
    for name in dict.fromkeys((*after, *before)):
        here = Place(place.two, "role", name, place.two.role(name), ("roles", name))
        old, new = before.get(name), after.get(name)
        if old is None:
            yield here.change("role.added", "people", Said("新增职责", "new role"))
        elif new is None:
            yield here.change("role.removed", "people", Said("取消职责", "role dropped"))
        else:
            yield from told_fields(here, old, new, ROLE_TELLERS)


def _laws(place: Place, *_: object) -> Iterator[Change]:
    before, after = place.two.before.never, place.two.after.never
    for name in dict.fromkeys((*after, *before)):
        old, new = before.get(name), after.get(name)
        if new is None and old is not None:
            sentence = Said("不再要求本流程遵守", "no longer a law of this workflow")
            yield law_place(place.two, name, old).change("law.removed", "law", sentence, "loosened")
        elif old is None and new is not None:
            sentence = Said("新列为本流程必须遵守的法律规定", "now a law of this workflow")
            yield law_place(place.two, name, new).change("law.added", "law", sentence, "tightened")
        elif old is not None and new is not None:
            yield from law_changes(place.two, name, old, new)


def _extended(_: Place, extended: Extended) -> Said:
    return say("{}（版本{}）", "{} (version {})", literal(extended.workflow), literal(extended.hash[:12]))


STATE_TELLERS: dict[str, Teller] = {
    **words_of(),
    "stage": one_name("state", Said("所属阶段", "stage"), lambda _, stage: literal(stage)),
    "end": flag(
        "state",
        Said("改为终结状态", "now an end"),
        Said("不再是终结状态", "no longer an end"),
    ),
}
ROLE_TELLERS: dict[str, Teller] = {
    **words_of(),
    "from_above": flag(
        "people",
        Said("上级单位的人员也可以担任", "may now also be held in a higher unit"),
        Said("只能由本单位的人员担任", "may only be held in the unit of the case"),
        "loosened",
    ),
}
WORKFLOW_TELLERS: dict[str, Teller] = {
    **words_of(),
    "workflow": one_name("wording", Said("流程代号", "id of the workflow"), lambda _, name: literal(name)),
    "extends": one_name("origin", Said("据以扩展的流程", "extends"), _extended),
    "based_on": one_name(
        "origin", Said("据以修改的版本", "made from the version"), lambda _, hash_: literal(hash_[:12])
    ),
    "roles": _roles,
    "open": _opening,
    "states": _states,
    "steps": _steps,
    "never": _laws,
}
