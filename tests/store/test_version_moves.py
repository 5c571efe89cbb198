"""Open cases move to another version of their workflow as rehearsed, each with an entry, and back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import errands
import pytest
from builders import Scene
from errands import FIRST, NAMES, ON, SECOND, THIRD, a_plan, check, in_force, opening, step

from engine import casework
from engine.case_moving import MoveOrder, move_case
from engine.correct_judging import CorrectCase
from engine.correcting import correct
from engine.errors import CaseChangedMeanwhile, FileWrong, Forbidden, InputWrong, NotFound, TransitionRefused
from engine.ledger import Entry
from engine.move_judging import NameMapping
from engine.snapshot import snapshot
from engine.undoing import undo
from engine.verifying import verify_store
from workflows.name_mappings import mapping_hash, read_mapping
from workflows.version_moves import MoveAccount, move, rehearse

pytest_plugins = ("scenes",)


@pytest.fixture
def errand(scene: Scene, tmp_path: Path) -> Scene:
    """The office on 10 September 2018, with the first version of a small workflow in force."""
    scene.it_is(ON)
    in_force(scene, tmp_path, FIRST)
    return scene


def opened(scene: Scene, *steps: str, whom: str | None = "某网站") -> str:
    with scene.office.store.writing() as work:
        no = casework.open_case(scene.office, work, opening("协查一件", whom)).after.case_no
        for name in steps:
            order = check(no) if name == "check" else step(no, name)
            casework.take_step(scene.office, work, order)
    return no


def nothing(_: int) -> None:
    """Nobody watches."""


def rehearsed(scene: Scene, **how: object) -> MoveAccount:
    return rehearse(scene.office, a_plan(scene, **how), nothing)  # type: ignore[arg-type]


def moved(scene: Scene, **how: object) -> MoveAccount:
    """Rehearsed and moved; both must have come to the same."""
    before = rehearsed(scene, **how)
    account = move(scene.office, a_plan(scene, **how), nothing)  # type: ignore[arg-type]
    assert account.digest() == before.digest()
    assert account.counts == before.counts
    return account


def whole(scene: Scene) -> None:
    with snapshot(scene.office.store) as work:
        assert verify_store(work).first_bad is None


def outcomes(account: MoveAccount) -> dict[str, str]:
    return {v.case.case_no: v.outcome for v in account.verdicts}


def last_entry(scene: Scene, no: str) -> Entry:
    return scene.entries(no)[-1]


# --- a version that knows every name --------------------------------------------------------------------------------


def test_cases_move_to_a_version_with_the_same_names_as_they_stand(errand: Scene, tmp_path: Path) -> None:
    begun, checked, done = opened(errand), opened(errand, "check"), opened(errand, "check", "answer", "finish")
    first = errand.case(begun).definition
    second = in_force(errand, tmp_path, SECOND)

    account = moved(errand, mapping=NameMapping())

    assert outcomes(account) == {begun: "moves", checked: "moves"}
    for no, state in ((begun, "begun"), (checked, "checked")):
        case = errand.case(no)
        assert (case.definition, case.state, case.version) == (second, state, 3 if no == checked else 2)
    assert errand.case(done).definition == first
    entry = last_entry(errand, checked)
    assert (entry.kind, entry.actor, entry.said()["reason"]) == ("move", "head", "启用新版流程")
    assert entry.said()["effects"]["definition"] == {"from": first, "to": second}
    assert errand.case(checked).deadlines["publication"].state == "running"
    whole(errand)


def test_a_moved_case_goes_on_under_its_new_version(errand: Scene, tmp_path: Path) -> None:
    no = opened(errand, "check", "wait")
    in_force(errand, tmp_path, THIRD)

    moved(errand)

    case = errand.case(no)
    assert [(t.step, t.source, t.dest) for t in case.trail] == [
        ("open", "", "begun"),
        ("examine", "begun", "examined"),
        ("pause", "examined", "waiting"),
    ]
    assert (case.facts["finding"], "result" in case.facts) == ("属实", False)
    assert (case.deadlines["publication"].state, case.deadlines["publication"].note) == ("stopped", "moved")
    assert case.holders == ("handler2",)
    whole(errand)
    with errand.office.store.writing() as work:
        for name in ("go_on", "answer", "finish"):
            casework.take_step(errand.office, work, step(no, name))
    assert [t.dest for t in errand.case(no).trail][-3:] == ["examined", "answered", "done"]
    whole(errand)


def test_figures_and_holders_are_not_touched(errand: Scene, tmp_path: Path) -> None:
    no = opened(errand, "check")
    in_force(errand, tmp_path, THIRD)

    moved(errand)

    assert "tallies" not in last_entry(errand, no).said()["effects"]
    assert errand.case(no).holders == ("handler2",)


# --- what must be mapped --------------------------------------------------------------------------------------------


def test_a_name_that_is_gone_needs_a_mapping_and_the_case_stays(errand: Scene, tmp_path: Path) -> None:
    begun, waiting = opened(errand), opened(errand, "check", "wait")
    in_force(errand, tmp_path, THIRD)

    account = moved(errand, mapping=NameMapping())

    assert outcomes(account) == {begun: "moves", waiting: "needs_mapping"}
    assert account.needs == {
        ("states", "checked"): [waiting],
        ("steps", "check"): [waiting],
        ("steps", "wait"): [waiting],
        ("answers", "result"): [waiting],
        ("deadlines", "publication"): [waiting],
    }
    assert errand.case(waiting).definition != errand.case(begun).definition
    assert last_entry(errand, waiting).kind == "step"
    for need in account.verdicts[1].needs:
        assert any("\u4e00" <= c <= "\u9fff" for c in need.zh)
        assert need.en.isascii()
    whole(errand)


def test_the_same_case_moves_once_the_mapping_says_the_rest(errand: Scene, tmp_path: Path) -> None:
    no = opened(errand, "check")
    in_force(errand, tmp_path, THIRD)
    moved(errand, mapping=NameMapping())

    account = moved(errand)

    assert outcomes(account) == {no: "moves"}
    assert errand.case(no).state == "examined"


@pytest.mark.parametrize(
    ("part", "value", "kept"),
    [
        ("steps", {**NAMES.steps, "check": "keep"}, "steps"),  # it named the holders: it must become a step
        ("states", {"checked": "keep"}, "states"),  # the case stands there
    ],
)
def test_what_the_case_hangs_on_cannot_be_kept_as_history(
    errand: Scene, tmp_path: Path, part: str, value: dict[str, str], kept: str
) -> None:
    opened(errand, "check")
    in_force(errand, tmp_path, THIRD)

    account = rehearsed(errand, mapping=replace(NAMES, **{part: value}))

    assert [kind for kind, _ in account.needs] == [kept]


def test_what_is_history_may_stay_under_its_old_name(errand: Scene, tmp_path: Path) -> None:
    no = opened(errand, "wait", "go_on", "check")
    in_force(errand, tmp_path, THIRD.replace("  pause:\n", "  hold:\n").replace("previous: pause", "previous: hold"))
    names = replace(NAMES, steps={"check": "examine", "wait": "keep"}, answers={"result": "keep"})

    assert outcomes(moved(errand, mapping=names)) == {no: "moves"}

    case = errand.case(no)
    assert [t.step for t in case.trail] == ["open", "wait", "go_on", "examine"]
    assert case.facts["result"] == "属实"
    whole(errand)
    with errand.office.store.writing() as work:
        casework.take_step(errand.office, work, step(no, "answer"))
        undo(errand.office, work, no, "lead", "误")
    assert errand.case(no).state == "examined"
    whole(errand)


def test_a_limit_may_run_on_to_its_date(errand: Scene, tmp_path: Path) -> None:
    no = opened(errand, "check")
    in_force(errand, tmp_path, THIRD)

    moved(errand, mapping=replace(NAMES, deadlines={"publication": "keep"}))

    assert errand.case(no).deadlines["publication"].state == "running"
    assert last_entry(errand, no).said()["effects"]["deadlines"] == []
    whole(errand)


# --- what is blocked ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "states", "code"),
    [
        (THIRD, {"checked": "done"}, "move.ends"),
        (THIRD, {"checked": "answered"}, "move.stage"),
        (THIRD.replace("stage: b}", "stage: a}"), {"checked": "answered"}, "move.law"),
    ],
)
def test_a_mapping_takes_no_case_past_what_the_law_asks(
    errand: Scene, tmp_path: Path, text: str, states: dict[str, str], code: str
) -> None:
    no = opened(errand, "check")
    in_force(errand, tmp_path, text)

    account = moved(errand, mapping=replace(NAMES, states=states))

    (verdict,) = account.verdicts
    assert verdict.outcome == "blocked"
    assert code in [r.code for r in verdict.blocks]
    assert errand.case(no).state == "checked"
    assert all(r.remedy is not None for r in verdict.blocks)


def test_two_answers_never_come_to_bear_one_name(errand: Scene, tmp_path: Path) -> None:
    opened(errand, "check")
    in_force(errand, tmp_path, THIRD)

    account = rehearsed(errand, mapping=replace(NAMES, answers={"result": "work"}))

    assert [r.code for r in account.verdicts[0].blocks] == ["move.answer_clash"]


def test_a_clock_that_has_gone_back_blocks(errand: Scene, tmp_path: Path) -> None:
    opened(errand, "check")
    in_force(errand, tmp_path, SECOND)
    plan = a_plan(errand, mapping=NameMapping())
    rehearse(errand.office, plan, nothing)
    errand.clock.move_to(errand.clock.now().replace(hour=1))

    account = rehearse(errand.office, plan, nothing)

    assert [r.code for r in account.verdicts[0].blocks] == ["date.before_previous"]


# --- back -----------------------------------------------------------------------------------------------------------


def test_moving_back_gives_the_case_as_it_was(errand: Scene, tmp_path: Path) -> None:
    numbers = [opened(errand), opened(errand, "check"), opened(errand, "check", "wait")]
    before = {no: errand.case(no) for no in numbers}
    first = before[numbers[0]].definition
    in_force(errand, tmp_path, THIRD)
    moved(errand)

    account = moved(errand, to=first[:12], mapping=NameMapping())

    assert account.counts == {"moves": 3, "needs_mapping": 0, "blocked": 0}
    for no, was in before.items():
        now = errand.case(no)
        assert (now.definition, now.state, now.trail, now.facts) == (first, was.state, was.trail, was.facts)
        assert now.deadlines == was.deadlines
        assert now.version == was.version + 2
    whole(errand)


def test_what_was_done_meanwhile_goes_back_too(errand: Scene, tmp_path: Path) -> None:
    no = opened(errand, "check")
    first = errand.case(no).definition
    in_force(errand, tmp_path, THIRD)
    moved(errand)
    with errand.office.store.writing() as work:
        casework.take_step(errand.office, work, step(no, "pause"))

    needs = rehearsed(errand, to=first[:12], mapping=NameMapping())
    back = NameMapping(steps={"pause": "wait"}, states={"examined": "checked"})
    account = moved(errand, to=first[:12], mapping=back)

    assert list(needs.needs) == [("states", "examined"), ("steps", "pause")]
    assert outcomes(account) == {no: "moves"}
    assert [t.step for t in errand.case(no).trail] == ["open", "check", "wait"]
    assert errand.case(no).deadlines["publication"].state == "running"
    whole(errand)


# --- what stands before a move is not touched any more ----------------------------------------------------------------


def test_a_step_from_before_the_move_is_not_taken_back(errand: Scene, tmp_path: Path) -> None:
    no = opened(errand, "check")
    in_force(errand, tmp_path, THIRD)
    moved(errand)

    with pytest.raises(TransitionRefused) as refused, errand.office.store.writing() as work:
        undo(errand.office, work, no, "lead", "误")

    (why,) = refused.value.refusals
    assert why.code == "undo.moved"
    assert why.remedy is not None
    assert why.remedy.command is not None
    assert "workflow move errand --to" in why.remedy.command


def test_a_slip_of_the_pen_is_put_right_under_the_new_name(errand: Scene, tmp_path: Path) -> None:
    no = opened(errand, "check")
    in_force(errand, tmp_path, THIRD)
    moved(errand)

    with errand.office.store.writing() as work:
        correct(errand.office, work, CorrectCase(no, "lead", {"finding": "部分属实"}, "笔误"))

    assert errand.case(no).facts["finding"] == "部分属实"
    whole(errand)


# --- who, and in which order ------------------------------------------------------------------------------------------


def test_nothing_moves_that_was_not_rehearsed_alike(errand: Scene, tmp_path: Path) -> None:
    no = opened(errand, "check")
    in_force(errand, tmp_path, THIRD)
    rehearsed(errand, mapping=NameMapping())

    with pytest.raises(TransitionRefused) as refused:
        move(errand.office, a_plan(errand), nothing)

    assert [r.code for r in refused.value.refusals] == ["move.not_rehearsed"]
    assert errand.case(no).state == "checked"


@pytest.mark.parametrize(
    ("name", "may"), [("handler1", ()), ("reviewer", ("rehearse", "move")), ("admin", ("rehearse",))]
)
def test_who_may(errand: Scene, tmp_path: Path, name: str, may: tuple[str, ...]) -> None:
    in_force(errand, tmp_path, SECOND)
    plan = a_plan(errand, mapping=NameMapping(), by=name)
    rehearse(errand.office, a_plan(errand, mapping=NameMapping()), nothing)

    for act, do in (("rehearse", rehearse), ("move", move)):
        if act in may:
            do(errand.office, plan, nothing)
        else:
            with pytest.raises(Forbidden):
                do(errand.office, plan, nothing)


def test_a_reason_and_a_version_that_there_is_are_asked_for(errand: Scene, tmp_path: Path) -> None:
    with pytest.raises(InputWrong):
        rehearse(errand.office, replace(a_plan(errand), reason=" "), nothing)
    with pytest.raises(NotFound):
        a_plan(errand, to="ffffff")
    coming = in_force(errand, tmp_path, SECOND, on="2018-10-08")
    with pytest.raises(InputWrong) as early:
        a_plan(errand, to=coming[:12])
    assert early.value.code == "version.coming"


def test_a_mapping_renames_only_what_is_gone(errand: Scene, tmp_path: Path) -> None:
    target = errands.definition(errand, tmp_path, THIRD)
    file = tmp_path / "names.yaml"
    file.write_text(errands.MAPPING, encoding="utf-8")
    assert mapping_hash(read_mapping(file, target)) == mapping_hash(NAMES)

    file.write_text("states: {begun: done, checked: nowhere}\nsteps: {answer: finish}\nothers: {}\n", encoding="utf-8")
    with pytest.raises(FileWrong) as unknown:
        read_mapping(file, target)
    assert [p.code for p in unknown.value.problems] == ["field.unknown"]
    file.write_text("states: {begun: done, checked: nowhere}\nsteps: {answer: finish}\n", encoding="utf-8")
    with pytest.raises(FileWrong) as wrong:
        read_mapping(file, target)
    assert [(p.line, p.code) for p in wrong.value.problems] == [
        (1, "mapping.still_there"),
        (1, "mapping.unknown"),
        (2, "mapping.still_there"),
    ]


# --- two writers ------------------------------------------------------------------------------------------------------


def test_whoever_saw_the_case_before_the_move_is_told(errand: Scene, tmp_path: Path) -> None:
    no = opened(errand, "check")
    seen = errand.case(no).version
    in_force(errand, tmp_path, THIRD)
    moved(errand)

    with pytest.raises(CaseChangedMeanwhile), errand.office.store.writing() as work:
        casework.take_step(errand.office, work, replace(step(no, "answer"), expect=seen))


def test_a_case_that_is_moved_is_moved_whole(errand: Scene, tmp_path: Path) -> None:
    no = opened(errand, "check")
    in_force(errand, tmp_path, THIRD)
    plan = a_plan(errand)
    before, entries = errand.case(no), len(errand.entries(no))

    with errand.office.store.writing(keep=False) as work:
        move_case(errand.office, work, no, MoveOrder(plan.target, plan.mapping, "head", "启用"))

    assert errand.case(no) == before
    assert len(errand.entries(no)) == entries
    whole(errand)
