"""Whoever is behind the parties of cases: found again by number, or a unit by its name; its own book; its history."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from builders import Scene

from engine.case_links import CASE_WORK
from engine.errors import Forbidden, InputWrong, NotFound
from engine.party_history import other_cases_of
from engine.respondent_store import RESPONDENT, respondent
from engine.respondents import Respondent
from engine.snapshot import snapshot
from engine.verifying import verify_store
from engine.work_titles import titles_in
from workflows.respondents import add_alias, join_to, set_end, set_number

pytest_plugins = ("scenes",)

UNIT_NUMBER = "91350100M000100Y43"
PERSON_NUMBER = "11010519491231002X"


def behind(scene: Scene, no: str, party: int = 1) -> Respondent:
    known = next(p for p in scene.case(no).parties if p.party_no == party).respondent
    assert known is not None
    with scene.office.store.reading() as work:
        return respondent(work, known)


def first_bad(scene: Scene) -> str | None:
    with snapshot(scene.office.store) as work:
        damage = verify_store(work).first_bad
    return damage.book if damage is not None else None


def test_a_unit_is_known_again_by_its_name_and_a_person_only_by_his_number(scene: Scene) -> None:
    a, b = scene.open("2018-09-03", respondent="某公司"), scene.open("2018-09-03", respondent="某公司")
    c = scene.open("2018-09-03", respondent="王某", respondent_kind="person")
    d = scene.open("2018-09-03", respondent="王某", respondent_kind="person")
    e = scene.open("2018-09-03", respondent="王某", respondent_kind="person", respondent_number=PERSON_NUMBER)
    f = scene.open("2018-09-03", respondent="王 某", respondent_kind="person", respondent_number="11010519491231002x")

    assert behind(scene, a).id == behind(scene, b).id
    assert behind(scene, c).id != behind(scene, d).id
    assert behind(scene, e).id == behind(scene, f).id
    assert behind(scene, e).id not in {behind(scene, c).id, behind(scene, d).id}
    assert first_bad(scene) is None


def test_a_number_that_was_missing_is_added_and_one_that_differs_makes_another(scene: Scene) -> None:
    a = scene.open("2018-09-03", respondent="某公司")
    b = scene.open("2018-09-03", respondent="某公司", respondent_number=UNIT_NUMBER)
    c = scene.open("2018-09-03", respondent="某公司", respondent_number="91320500MA1AAAAA0M")

    assert behind(scene, a).number == UNIT_NUMBER
    assert behind(scene, b).id == behind(scene, a).id
    assert behind(scene, c).id != behind(scene, a).id
    assert first_bad(scene) is None


def test_a_wrong_check_digit_opens_nothing(scene: Scene) -> None:
    refused = scene.office
    order = scene.opening("2018-09-03", respondent_number="91350100M000100Y40")
    scene.it_is("2018-09-03")
    from engine.casework import explain_opening

    with refused.store.reading() as work:
        (refusal,) = explain_opening(refused, work, order).verdict.refusals

    assert (refusal.code, refusal.facts["answer"]) == ("answer.invalid", "respondent_number")
    assert "应为3" in refusal.zh
    with refused.store.reading() as work:
        assert work.connection.execute(sa.select(sa.func.count()).select_from(RESPONDENT)).scalar() == 0


def test_a_party_that_joins_is_linked_too_and_a_name_of_300_characters_is_kept(scene: Scene) -> None:
    no = scene.open("2018-09-03")
    name = "很长的名称" * 60
    scene.walk(no, "verify", "2018-09-04")
    scene.take(no, "add_party", "2018-09-05", party_name=name, party_number=UNIT_NUMBER)

    assert behind(scene, no, 2).name == name
    assert first_bad(scene) is None
    scene.undo(no, by="handler1")
    assert first_bad(scene) is None


def change(scene: Scene, act: object, who: str, *words: object) -> Respondent:
    with scene.office.store.writing() as work:
        made: Respondent = act(scene.office, work, scene.office.people.person(who), *words)  # type: ignore[operator]
    return made


def test_names_numbers_and_an_end_are_put_on_record(scene: Scene) -> None:
    no = scene.open("2018-09-03")
    known = behind(scene, no).id

    change(scene, add_alias, "handler1", known, "某网", "曾用名")
    change(scene, set_number, "lead", known, "9135 0100-M000100Y43", "核对营业执照")
    change(scene, set_end, "head", known, scene.case(no).opened_on, "注销")

    found = behind(scene, no)
    assert (found.aliases, found.number, found.ended_on) == (("某网",), UNIT_NUMBER, scene.case(no).opened_on)
    assert behind(scene, scene.open("2018-09-04", respondent="某网")).id == known
    assert first_bad(scene) is None


@pytest.mark.parametrize(
    ("act", "words", "error"),
    [
        (add_alias, ("", "理由"), "respondent.name"),
        (add_alias, ("长" * 301, "理由"), "respondent.name"),
        (add_alias, ("某公司", "理由"), "respondent.known"),
        (add_alias, ("某网", " "), "reason.missing"),
        (set_number, ("91350100M000100Y40", "理由"), "number.invalid"),
        (set_number, ("717850190", "理由"), "number.invalid"),
    ],
)
def test_what_cannot_be_right_is_refused_and_nothing_changes(
    scene: Scene, act: object, words: tuple[str, ...], error: str
) -> None:
    no = scene.open("2018-09-03")
    before = behind(scene, no)

    with pytest.raises(InputWrong) as wrong:
        change(scene, act, "handler1", before.id, *words)

    assert wrong.value.code == error
    assert behind(scene, no) == before


def test_only_a_unit_that_has_a_case_of_it_changes_its_record(scene: Scene) -> None:
    known = behind(scene, scene.open("2018-09-03")).id

    with pytest.raises(Forbidden):
        change(scene, add_alias, "county_handler1", known, "某网", "理由")
    with pytest.raises(NotFound):
        change(scene, add_alias, "handler1", "R-999999", "某网", "理由")


def test_two_that_are_one_share_their_history_and_two_that_differ_do_not(scene: Scene) -> None:
    a, b = scene.open("2018-09-03", respondent="某公司"), scene.open("2018-09-03", respondent="某公司（苏州）")
    one, other = behind(scene, a).id, behind(scene, b).id
    assert others(scene, a) == []

    change(scene, join_to, "lead", one, other, "同一营业执照")

    assert others(scene, a) == [(b, (1,))]
    assert others(scene, b) == [(a, (1,))]
    with pytest.raises(InputWrong) as again:
        change(scene, join_to, "lead", one, other, "再次")
    assert again.value.code == "respondent.same"
    assert first_bad(scene) is None


def others(scene: Scene, no: str) -> list[tuple[str, tuple[int, ...]]]:
    with scene.office.store.reading() as work:
        return [(o.case_no, o.of) for o in other_cases_of(work, no)]


def test_one_name_with_two_numbers_is_two_and_their_histories_stay_apart(scene: Scene) -> None:
    a = scene.open("2018-09-03", respondent="某公司", respondent_number=UNIT_NUMBER)
    scene.open("2018-09-03", respondent="某公司", respondent_number="91320500MA1AAAAA0M")

    assert others(scene, a) == []


def test_the_same_work_again_is_pointed_out_with_the_earlier_case(scene: Scene) -> None:
    first = scene.open("2018-09-03", work="《某电影》、《某歌曲》")
    scene.walk(
        first, "verify file investigate conclude review approve_notice notify waive_rights discuss", "2018-09-05"
    )
    scene.take(first, "decide", "2018-09-06")
    second = scene.open("2018-09-10", work="某电影")
    third = scene.open("2018-09-10", work="别的作品")
    elsewhere = scene.open("2018-09-10", work="某 电影", respondent="另一公司")
    for no in (second, third, elsewhere):
        scene.walk(no, "verify file investigate", "2018-09-11")

    warned = {
        no: [w.code for w in scene.take(no, "conclude", "2018-09-12").warnings] for no in (second, third, elsewhere)
    }

    assert ["work.again" in codes for codes in warned.values()] == [True, False, False]


def test_titles_are_compared_without_marks_width_and_case() -> None:
    assert titles_in("《某电影》、《某，歌曲》") == ("某电影", "某歌曲")
    assert titles_in("Ｓｏｎｇ　Ａ；song a, 第二首") == ("songa", "第二首")
    assert titles_in("《》，。") == ()


@pytest.mark.parametrize(
    ("column", "value"),
    [("name", "别人"), ("number", UNIT_NUMBER), ("same_as", "R-000009"), ("kind", "person"), ("head_seq", 7)],
)
def test_a_respondent_that_was_changed_behind_the_record_is_found(scene: Scene, column: str, value: object) -> None:
    known = behind(scene, scene.open("2018-09-03")).id
    with scene.office.store.writing() as work:
        work.connection.execute(RESPONDENT.update().values(**{column: value}))

    assert first_bad(scene) == f"respondent:{known}"


def test_works_are_kept_with_the_case(scene: Scene) -> None:
    no = scene.open("2018-09-03", work="《某电影》")
    with scene.office.store.reading() as work:
        kept = work.connection.execute(sa.select(CASE_WORK.c.case_no, CASE_WORK.c.work)).all()

    assert [tuple(row) for row in kept] == [(no, "某电影")]
