"""Where it gets difficult to say who somebody is: rows joined to others, numbers of two, two openings at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from builders import Scene
from test_verifying import _tamper as tamper

from engine.case_links import keep_missing_works
from engine.casework import open_case
from engine.correct_judging import CorrectCase
from engine.correcting import correct
from engine.errors import InputWrong
from engine.numbers import hold
from engine.party_history import other_cases_of
from engine.respondent_store import By, cases_of, listed, respondent_for
from engine.snapshot import snapshot
from engine.store import Work
from engine.verifying import verify_store
from workflows.respondents import add_alias, join_to, part, set_number

pytest_plugins = ("scenes",)

HOLD = "engine.respondent_store.hold"
ON_POSTGRES = pytest.mark.parametrize("scene", ["postgres"], indirect=True)

ON = "2018-09-03"
ONE, OTHER = "91350100M000100Y43", "91320500MA1AAAAA0M"
PERSON = "11010519491231002X"


def opened(scene: Scene, name: str, number: str | None = None, **more: Any) -> tuple[str, str]:
    """A case against somebody of that name, and the id of whoever is behind it."""
    no = scene.open(ON, respondent=name, respondent_number=number, **more)
    (party,) = scene.case(no).parties
    assert party.respondent is not None
    return no, party.respondent


def act(scene: Scene, how: Callable[..., Any], *words: str, by: str = "lead") -> Any:
    with scene.office.store.writing() as work:
        return how(scene.office, work, scene.office.people.person(by), *words, "核对营业执照")


def wrong(scene: Scene, how: Callable[..., Any], *words: str) -> str:
    with pytest.raises(InputWrong) as caught:
        act(scene, how, *words)
    return caught.value.code


def others(scene: Scene, no: str) -> list[str]:
    with scene.office.store.reading() as work:
        return [o.case_no for o in other_cases_of(work, no)]


def first_bad(scene: Scene) -> str | None:
    with snapshot(scene.office.store) as work:
        damage = verify_store(work).first_bad
    return damage.book if damage is not None else None


# --- who is meant -----------------------------------------------------------------------------------------------------


def test_the_name_alias_and_number_of_a_joined_row_mean_the_one_it_was_joined_to(scene: Scene) -> None:
    _, kept = opened(scene, "甲公司")
    _, joined = opened(scene, "乙公司", ONE)
    act(scene, add_alias, joined, "乙网")
    act(scene, join_to, kept, joined)

    by_name, by_alias, by_number = (
        opened(scene, name, number)[1] for name, number in (("乙公司", None), ("乙网", None), ("丙公司", ONE))
    )

    assert (by_name, by_alias, by_number) == (kept, kept, kept)
    assert first_bad(scene) is None


def test_a_number_other_than_that_of_a_joined_row_makes_another(scene: Scene) -> None:
    _, kept = opened(scene, "甲公司")
    _, joined = opened(scene, "乙公司", ONE)
    act(scene, join_to, kept, joined)

    for name in ("甲公司", "乙公司"):
        assert opened(scene, name, OTHER)[1] not in {kept, joined}


def test_three_rows_joined_one_after_the_other_are_one_whatever_the_order(scene: Scene) -> None:
    """Whoever is joined brings along those that were joined to it before."""
    cases, ids = zip(*(opened(scene, name) for name in ("甲公司", "乙公司", "丙公司")), strict=True)
    act(scene, join_to, ids[1], ids[2])
    act(scene, join_to, ids[0], ids[1])

    assert [others(scene, no) for no in cases] == [[n for n in cases if n != no] for no in cases]
    assert opened(scene, "丙公司")[1] == ids[0]
    assert first_bad(scene) is None


def test_rows_that_are_two_are_parted_again(scene: Scene) -> None:
    (a, one), (b, two) = opened(scene, "甲公司"), opened(scene, "乙公司")
    act(scene, join_to, one, two)

    act(scene, part, two)

    assert (others(scene, a), others(scene, b)) == ([], [])
    assert opened(scene, "乙公司")[1] == two
    assert wrong(scene, part, two) == "respondent.alone"
    assert first_bad(scene) is None


def test_people_of_one_name_cost_an_opening_no_more_however_many_there_are(scene: Scene) -> None:
    def cost() -> int:
        with scene.office.store.writing(keep=False) as work:
            before: int = work.statements
            respondent_for(work, By("lead", scene.clock.now()), "person", "王某", PERSON)
            return int(work.statements - before)

    scene.it_is(ON)
    first = cost()
    for _ in range(5):
        opened(scene, "王某", respondent_kind="person")

    assert cost() == first


# --- numbers ----------------------------------------------------------------------------------------------------------


def test_a_number_belongs_to_one_row(scene: Scene) -> None:
    opened(scene, "甲公司", ONE)
    _, other = opened(scene, "乙公司")

    assert wrong(scene, set_number, other, ONE) == "number.taken"


def test_a_joined_row_gets_no_number_that_contradicts_the_others(scene: Scene) -> None:
    _, kept = opened(scene, "甲公司", ONE)
    _, joined = opened(scene, "乙公司")
    act(scene, join_to, kept, joined)

    assert wrong(scene, set_number, joined, OTHER) == "respondent.joined"
    assert wrong(scene, add_alias, joined, "乙网") == "respondent.joined"


def test_rows_whose_joined_rows_have_other_numbers_are_two(scene: Scene) -> None:
    _, kept = opened(scene, "甲公司")
    _, joined = opened(scene, "乙公司", ONE)
    act(scene, join_to, kept, joined)
    _, third = opened(scene, "丙公司", OTHER)

    assert wrong(scene, join_to, kept, third) == "respondent.two"
    assert wrong(scene, join_to, third, kept) == "respondent.two"


def test_the_number_of_a_person_is_found_whole_and_not_guessed_piece_by_piece(scene: Scene) -> None:
    _, known = opened(scene, "王某", PERSON, respondent_kind="person")

    with scene.office.store.reading() as work:
        found = {text: [r.id for r in listed(work, text, 9)] for text in (PERSON, PERSON[:6], PERSON[6:14], "X", "王")}

    assert found == {PERSON: [known], PERSON[:6]: [], PERSON[6:14]: [], "X": [], "王": [known]}


# --- two at once, and what was tampered with --------------------------------------------------------------------------


@ON_POSTGRES
def test_two_openings_at_once_do_not_make_two_of_one_unit(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever looked before the other was done looks again. SQLite has one writer at a time."""
    scene.it_is(ON)
    order = scene.opening(ON, respondent="甲公司")

    def meanwhile(work: Work, series: str) -> None:
        monkeypatch.setattr(HOLD, hold)
        with scene.office.store.writing() as quick:
            open_case(scene.office, quick, order)
        hold(work, series)

    monkeypatch.setattr(HOLD, meanwhile)
    with scene.office.store.writing() as slow:
        open_case(scene.office, slow, order)

    with scene.office.store.reading() as work:
        assert [r.id for r in listed(work, None, 9)] == ["R-000001"]
        assert len(cases_of(work, "R-000001")) == 2
    assert first_bad(scene) is None


def test_a_link_to_a_respondent_whose_row_and_book_are_gone_is_found(scene: Scene) -> None:
    no, known = opened(scene, "甲公司")
    tamper(
        scene.office.store,
        "DELETE FROM respondent WHERE id = :known",
        "DELETE FROM personal_value WHERE book = :book",
        "DELETE FROM entry WHERE book = :book",
        known=known,
        book=f"respondent:{known}",
    )

    assert first_bad(scene) == f"case:{no}"


def test_a_work_that_was_put_right_is_the_one_by_which_the_case_is_found(scene: Scene) -> None:
    earlier, no = scene.open(ON, respondent="甲公司", work="《某电影》"), scene.open(ON, work="《某典影》")
    with scene.office.store.writing() as work:
        correct(scene.office, work, CorrectCase(no, "handler1", {"work": "《某电影》"}, "笔误"))

    assert others(scene, no) == [earlier]
    assert first_bad(scene) is None


def test_a_work_that_was_taken_from_a_case_behind_the_record_is_found(scene: Scene) -> None:
    no = scene.open(ON, work="《某电影》")
    tamper(scene.office.store, "UPDATE case_work SET work = :other", other="别的")

    assert first_bad(scene) == f"case:{no}"


# --- the same work again ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scene", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("heavier", "said"), [(False, "核对本省规定"), (True, "应当从重处罚")])
def test_whether_it_weighs_heavier_is_set_for_each_unit(scene: Scene, heavier: bool, said: str) -> None:
    """广东省版权条例 §38; other provinces are not confirmed."""
    if heavier:
        scene.edit_rule("same_work_again", "{default: remark}", "{default: remark, suzhou: heavier}")
    first = scene.open(ON, work="《某电影》")
    way = "verify file investigate conclude review approve_notice notify waive_rights discuss decide"
    scene.walk(first, way, "2018-09-05")
    again = scene.open("2018-09-10", work="某电影")

    scene.walk(again, "verify file investigate", "2018-09-11")
    moves = [scene.take(again, step, "2018-09-11") for step in ("conclude", "review", "approve_notice", "notify")]

    told = {m.attempt.step: w for m in moves for w in m.warnings if w.code == "work.again"}
    assert set(told) == {"conclude", "approve_notice"}
    assert all(w.facts["heavier"] is heavier and said in w.zh for w in told.values())
    assert [p["case_no"] for p in told["conclude"].facts["earlier"]] == [first]


def test_the_works_of_cases_from_before_are_filled_in_once(scene: Scene) -> None:
    """As an upgrade does for a store of a program that did not know works by their titles."""
    named, _ = scene.open(ON, work="《某电影》、《某歌曲》"), scene.open(ON)
    later = scene.open(ON, respondent="另一公司", work="某歌曲")
    tamper(scene.office.store, "DELETE FROM case_work")
    assert others(scene, later) == []

    for _ in range(2):
        with scene.office.store.writing() as work:
            keep_missing_works(work, "work")

    assert others(scene, later) == [named]
    assert first_bad(scene) is None
