"""Slips of the pen are put right on record, figures follow by signed tallies, and an undone step takes both back."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from builders import CAMPAIGN, Scene, all_tallies

from engine.campaign_joining import JoinCampaign, Joined, join_campaign
from engine.campaign_plan import shipped_campaign
from engine.case_links import CASE_WORK
from engine.casework import record_refusal
from engine.correct_judging import CorrectCase
from engine.correcting import Corrected, correct
from engine.definitions import definition_from
from engine.errors import CaseChangedMeanwhile, Forbidden, InputWrong, NotFound, TransitionRefused
from engine.machine import Workflow
from engine.snapshot import snapshot
from engine.verifying import Verified, verify_store
from workflows.campaign_loading import load_campaign, read_checked

pytest_plugins = ("scenes",)

# For what no database can change.
ON_SQLITE = pytest.mark.parametrize("scene", ["sqlite"], indirect=True)
SECOND = "suzhou-2018-b"


def put_right(
    scene: Scene, no: str, *, by: str = "handler1", reason: str = "笔误", entry: int | None = None, **given: str
) -> Corrected:
    return put_right_named(scene, no, given, by=by, reason=reason, entry=entry)


def put_right_named(
    scene: Scene,
    no: str,
    given: dict[str, str],
    *,
    by: str = "handler1",
    reason: str = "笔误",
    entry: int | None = None,
) -> Corrected:
    with scene.office.store.writing() as work:
        return correct(scene.office, work, CorrectCase(no, by, given, reason, entry=entry))


def refusals(
    scene: Scene, no: str, *, by: str = "handler1", reason: str = "笔误", entry: int | None = None, **given: str
) -> list[str]:
    """The codes of every reason against the correction, which is then put on record."""
    with pytest.raises(TransitionRefused) as caught, scene.office.store.writing(keep=False) as work:
        correct(scene.office, work, CorrectCase(no, by, given, reason, entry=entry))
    with scene.office.store.writing() as work:
        record_refusal(scene.office, work, caught.value, by)
    return [r.code for r in caught.value.refusals]


def join(scene: Scene, no: str, *, campaign: str = SECOND, category: str | None = "other", by: str = "lead") -> Joined:
    with scene.office.store.writing() as work:
        return join_campaign(scene.office, work, JoinCampaign(no, campaign, by, category))


def second_campaign(scene: Scene, folder: Path) -> None:
    """Another campaign of the same city, on the same plan."""
    file = folder / "second.yaml"
    text = shipped_campaign(CAMPAIGN).read_text(encoding="utf-8").replace(f"id: {CAMPAIGN}", f"id: {SECOND}", 1)
    file.write_text(text, encoding="utf-8")
    with scene.office.store.writing() as work:
        scene.office.refresh(work)
        plan, _ = read_checked(file, scene.office)
        load_campaign(scene.office, work, scene.office.people.person("campaign_office"), plan)


def rechecked(scene: Scene, links: str = "12") -> str:
    """A case of the campaign in which links were confirmed removed on 8 October 2018."""
    no = scene.open("2018-10-08")
    scene.walk(no, "verify order_rectification", "2018-10-08")
    scene.take(no, "recheck", "2018-10-08", links_removed=links)
    return no


def rechecked_twice(scene: Scene) -> str:
    """Two links in October and, after the case was reopened, three more in November."""
    no = rechecked(scene, "2")
    scene.walk(no, "close_rectified reopen order_rectification", "2018-10-30")
    scene.take(no, "recheck", "2018-11-02", links_removed="3")
    return no


def sums(scene: Scene) -> dict[tuple[str, str, str, str], int]:
    """What the forms say: by campaign, month, category and column; sums of nothing left out."""
    found: Counter[tuple[str, str, str, str]] = Counter()
    with scene.office.store.reading() as work:
        for tallies in all_tallies(work).values():
            for t in tallies:
                found[t["campaign"], t["period"], t["row"], t["column"]] += t["n"]
    return {cell: n for cell, n in found.items() if n}


def whole(scene: Scene) -> Verified:
    with snapshot(scene.office.store) as work:
        verified = verify_store(work)
    assert verified.first_bad is None, verified.first_bad
    return verified


def facts(scene: Scene, no: str) -> dict[str, Any]:
    return dict(scene.case(no).facts)


# --- answers ----------------------------------------------------------------------------------------------------------


def test_a_wrong_title_is_put_right_and_both_stand_on_record(scene: Scene) -> None:
    no = scene.open(title="某网占转载案")
    before = scene.case(no)

    done = put_right(scene, no, title="某网站转载案")

    after, (opening, entry) = scene.case(no), scene.entries(no)
    assert (after.title, after.facts["title"]) == ("某网站转载案", "某网站转载案")
    assert (entry.kind, entry.actor, entry.said()["reason"]) == ("correct", "handler1", "笔误")
    assert entry.said()["effects"]["corrects"] == {"title": 1}
    assert entry.said()["effects"]["before"] == {"title": "某网占转载案"}
    assert opening.said()["answers"]["title"] == "某网占转载案"
    assert (after.version, after.state) == (before.version + 1, before.state)
    assert (done.answers[0].before.value, done.answers[0].value) == ("某网占转载案", "某网站转载案")
    assert whole(scene).ok


def test_a_correction_makes_whoever_decided_on_the_old_answer_look_again(scene: Scene) -> None:
    no = scene.open()
    seen = scene.case(no).version
    put_right(scene, no, title="另一标题")

    with pytest.raises(CaseChangedMeanwhile) as caught:
        scene.take(no, "verify", "2018-09-03", expect=seen)

    assert caught.value.version == seen + 1


def test_the_figure_follows_by_the_difference_in_the_month_of_the_step(scene: Scene) -> None:
    no = rechecked(scene, "12")
    scene.it_is("2018-12-03")

    done = put_right(scene, no, links_removed="21")

    assert [(t.n, t.period, t.category) for t in done.tallies] == [(9, "2018-10", "short_video")]
    assert sums(scene) == {(CAMPAIGN, "2018-10", "short_video", "links_removed"): 21}
    assert scene.case(no).trail[-1].answers["links_removed"] == 21
    assert whole(scene).ok


@pytest.mark.parametrize(("first", "then"), [("12", "0"), ("0", "12"), ("12", "7")])
def test_a_correction_of_a_correction_counts_what_stands(scene: Scene, first: str, then: str) -> None:
    no = rechecked(scene, "5")
    put_right(scene, no, links_removed=first)

    put_right(scene, no, links_removed=then)

    cell = (CAMPAIGN, "2018-10", "short_video", "links_removed")
    assert sums(scene) == ({cell: int(then)} if int(then) else {})
    last = scene.entries(no)[-1].said()["effects"]
    assert last["before"] == {"links_removed": int(first)}
    assert whole(scene).ok


def test_a_step_that_was_corrected_is_taken_back_with_its_correction(scene: Scene) -> None:
    no = rechecked(scene, "12")
    put_right(scene, no, links_removed="21")
    put_right(scene, no, links_removed="30")

    undone = scene.undo(no, by="lead")

    assert [(t.n, t.period) for t in undone.tallies] == [(-30, "2018-10")]
    assert sums(scene) == {}
    assert "links_removed" not in facts(scene, no)
    assert whole(scene).ok


def test_the_correction_of_an_earlier_step_stays_when_a_later_one_is_taken_back(scene: Scene) -> None:
    no = rechecked(scene, "12")
    put_right(scene, no, title="改正的标题", links_removed="21")

    scene.undo(no, by="lead")

    assert scene.case(no).title == facts(scene, no)["title"] == "改正的标题"
    assert whole(scene).ok


def test_of_two_rechecks_the_newer_one_is_corrected(scene: Scene) -> None:
    no = rechecked_twice(scene)

    done = put_right(scene, no, links_removed="6")

    first, second = scene.case(no).taken("recheck")
    assert (first.answers["links_removed"], second.answers["links_removed"]) == (2, 6)
    assert done.answers[0].seq == second.seq
    assert {cell[1]: n for cell, n in sums(scene).items()} == {"2018-10": 2, "2018-11": 6}
    assert whole(scene).ok


def test_a_case_is_found_by_the_works_that_it_names_now(scene: Scene) -> None:
    no = scene.open(work="《流浪地求》、《战狼》")

    put_right(scene, no, work="《流浪地球》")

    with scene.office.store.reading() as work:
        found = work.connection.execute(sa.select(CASE_WORK.c.work).where(CASE_WORK.c.case_no == no)).scalars().all()
    assert found == ["流浪地球"]
    assert whole(scene).ok


def test_what_drives_something_is_no_slip_of_the_pen(scene: Scene) -> None:
    no = scene.open()
    scene.walk(no, "verify file", "2018-09-03")

    assert refusals(scene, no, source="report") == ["correct.procedural"]
    assert refusals(scene, no, by="lead", public_interest="no") == ["correct.procedural"]
    assert refusals(scene, no, by="head", officers="handler3,handler2") == ["correct.procedural"]
    assert [(e.kind, e.step) for e in scene.entries(no)][-3:] == [("refusal", "correct")] * 3
    assert whole(scene).ok


def test_the_way_out_is_undo_for_the_last_step_and_reopening_for_a_closed_case(scene: Scene) -> None:
    no = scene.open()
    scene.walk(no, "verify", "2018-09-03")
    assert _way(scene, no, "officers", "handler2,handler3") == f"anjuan case undo {no} --reason …"

    scene.walk(no, "order_rectification recheck close_rectified", "2018-10-08")

    assert scene.case(no).ended
    assert _way(scene, no, "result", "partly") == f"anjuan case why {no} reopen"


def _way(scene: Scene, no: str, name: str, value: str) -> str | None:
    with pytest.raises(TransitionRefused) as caught, scene.office.store.writing(keep=False) as work:
        correct(scene.office, work, CorrectCase(no, "lead", {name: value}, "笔误"))
    (refusal,) = caught.value.refusals
    assert refusal.remedy is not None
    return refusal.remedy.command


@ON_SQLITE
@pytest.mark.parametrize(
    ("by", "reason", "given", "codes"),
    [
        ("reviewer", "笔误", {"title": "新"}, ["role.missing"]),
        ("handler1", " ", {"title": "新"}, ["reason.missing"]),
        ("handler1", "笔误", {"title": "某网站转载案"}, ["correct.unchanged"]),
        ("handler1", "笔误", {"title": " "}, ["answer.missing"]),
        ("handler1", "笔误", {"minutes": "约谈"}, ["correct.unanswered"]),
        ("handler1", "笔误", {"titel": "新"}, ["answer.invalid"]),
        ("handler1", "笔误", {"category": "short_video"}, ["correct.unchanged"]),
        ("handler1", "笔误", {"category": "a\nb"}, ["answer.invalid"]),
        ("handler1", "笔误", {"elsewhere:category": "other"}, ["correct.campaign_unnamed"]),
        ("finance", "", {"title": "某网站转载案", "source": "report"}, None),
    ],
)
def test_every_reason_against_it_is_told(
    scene: Scene, by: str, reason: str, given: dict[str, str], codes: list[str] | None
) -> None:
    no = scene.open()
    before = scene.case(no)

    with pytest.raises(TransitionRefused) as caught, scene.office.store.writing(keep=False) as work:
        correct(scene.office, work, CorrectCase(no, by, given, reason))

    told = [r.code for r in caught.value.refusals]
    assert told == (codes or ["role.missing", "reason.missing", "correct.unchanged", "correct.procedural"])
    assert scene.case(no) == before
    for refusal in caught.value.refusals:
        assert any("\u4e00" <= c <= "\u9fff" for c in refusal.zh)
        assert refusal.en


@ON_SQLITE
def test_the_holder_the_lead_and_the_head_may(scene: Scene) -> None:
    for by in ("handler1", "lead", "head"):
        no = scene.open()
        put_right(scene, no, by=by, title=f"由{by}更正")
        assert scene.case(no).title == f"由{by}更正"


@ON_SQLITE
def test_nothing_to_correct_an_unknown_case_and_one_elsewhere_are_told_apart(scene: Scene) -> None:
    no = scene.open()

    with pytest.raises(InputWrong, match="say with --set"):
        put_right(scene, no)
    with pytest.raises(NotFound):
        put_right(scene, "suzhou-2018-9999", title="新")
    with pytest.raises(Forbidden):
        put_right(scene, no, by="county_lead", title="新")


def test_a_personal_answer_stays_personal(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name of a person enters the chain as a hash, also where it is put right."""
    shipped = scene.office.workflow("case")
    document = shipped.definition.as_document()
    document["open"]["ask"]["respondent"]["correctable"] = True
    correctable = Workflow(definition_from(document), shipped.hash)
    monkeypatch.setattr(scene.office, "workflow_of", lambda *_: correctable)
    no = scene.open(respondent="张三", respondent_kind="person")

    put_right(scene, no, respondent="李四")
    put_right(scene, no, respondent="李四光")

    entry = scene.entries(no)[-1]
    assert all(name not in entry.body for name in ("张三", "李四"))
    assert [(p.answer, p.value) for p in entry.personal] == [("respondent", "李四光")]
    assert [p.name for p in scene.case(no).parties] == ["李四光"]
    assert facts(scene, no)["respondent"] == "李四光"
    assert whole(scene).ok


@ON_SQLITE
@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_corrected_and_taken_back_the_form_says_what_stands(scene: Scene, seed: int) -> None:
    chance = Random(seed)
    no = rechecked(scene, "1")
    links, category = 1, "short_video"

    for _ in range(25):
        match chance.choice(("links", "links", "category", "again")):
            case "links":
                links = chance.choice([n for n in range(5) if n != links])
                put_right(scene, no, links_removed=str(links))
            case "category":
                category = chance.choice([c for c in ("short_video", "other", "unheard of") if c != category])
                put_right(scene, no, category=category)
            case "again":
                scene.undo(no, by="lead")
                assert sums(scene) == {}
                links = chance.randrange(5)
                scene.take(no, "recheck", "2018-10-08", links_removed=str(links))
        expected = {(CAMPAIGN, "2018-10", category, "links_removed"): links} if links else {}
        assert sums(scene) == expected

    assert scene.case(no).facts["links_removed"] == links
    assert whole(scene).ok


# --- categories and campaigns -----------------------------------------------------------------------------------------


def test_a_category_moves_everything_the_case_has_counted_month_by_month(scene: Scene) -> None:
    no = rechecked(scene, "12")
    scene.it_is("2018-11-05")
    scene.take(no, "file", "2018-11-05")

    done = put_right(scene, no, category="news_reposting")

    assert sums(scene) == {
        (CAMPAIGN, "2018-10", "news_reposting", "links_removed"): 12,
        (CAMPAIGN, "2018-11", "news_reposting", "filed"): 1,
    }
    assert sorted((t.n, t.category, t.measure, t.period) for t in done.tallies) == [
        (-12, "short_video", "links_removed", "2018-10"),
        (-1, "short_video", "filed", "2018-11"),
        (1, "news_reposting", "filed", "2018-11"),
        (12, "news_reposting", "links_removed", "2018-10"),
    ]
    assert [c.category for c in scene.case(no).campaigns] == ["news_reposting"]
    assert whole(scene).ok


def test_one_measure_counted_in_two_months_moves_in_both(scene: Scene) -> None:
    no = rechecked_twice(scene)

    put_right(scene, no, category="other")
    moved = sums(scene)
    scene.undo(no, by="lead")

    assert moved == {
        (CAMPAIGN, "2018-10", "other", "links_removed"): 2,
        (CAMPAIGN, "2018-11", "other", "links_removed"): 3,
    }
    assert sums(scene) == {(CAMPAIGN, "2018-10", "other", "links_removed"): 2}
    assert whole(scene).ok


def test_an_amount_and_a_category_are_put_right_in_one_act_and_taken_back_together(scene: Scene) -> None:
    no = rechecked(scene, "12")

    put_right(scene, no, links_removed="20", category="other")
    together = sums(scene)
    undone = scene.undo(no, by="lead")

    assert together == {(CAMPAIGN, "2018-10", "other", "links_removed"): 20}
    assert [(t.n, t.category) for t in undone.tallies] == [(-20, "other")]
    assert sums(scene) == {}
    assert whole(scene).ok


def test_what_comes_after_counts_in_the_corrected_category(scene: Scene) -> None:
    no = rechecked(scene, "12")
    put_right(scene, no, category="other")

    scene.take(no, "file", "2018-10-09")

    assert sums(scene)[CAMPAIGN, "2018-10", "other", "filed"] == 1


def test_a_case_without_a_campaign_has_no_category(scene: Scene) -> None:
    no = scene.open(campaign=None)

    assert refusals(scene, no, category="other") == ["correct.no_campaign"]


def test_a_joined_campaign_counts_from_then_on_only(scene: Scene, tmp_path: Path) -> None:
    second_campaign(scene, tmp_path)
    no = rechecked(scene, "12")

    joined = join(scene, no)
    scene.take(no, "file", "2018-10-08")

    assert joined.entry.kind == "join"
    assert sums(scene) == {
        (CAMPAIGN, "2018-10", "short_video", "links_removed"): 12,
        (CAMPAIGN, "2018-10", "short_video", "filed"): 1,
        (SECOND, "2018-10", "other", "filed"): 1,
    }
    assert [(c.id, c.category, c.since.isoformat()) for c in scene.case(no).campaigns] == [
        (CAMPAIGN, "short_video", "2018-10-08"),
        (SECOND, "other", "2018-10-08"),
    ]
    assert whole(scene).ok


def test_a_correction_counts_only_where_the_step_itself_counts(scene: Scene, tmp_path: Path) -> None:
    second_campaign(scene, tmp_path)
    no = rechecked(scene, "0")
    join(scene, no)

    put_right(scene, no, links_removed="9")

    assert sums(scene) == {(CAMPAIGN, "2018-10", "short_video", "links_removed"): 9}
    assert whole(scene).ok


def test_with_two_campaigns_the_category_says_which(scene: Scene, tmp_path: Path) -> None:
    second_campaign(scene, tmp_path)
    no = scene.open("2018-10-08")
    scene.walk(no, "verify", "2018-10-08")
    join(scene, no)
    scene.take(no, "file", "2018-10-08")

    assert refusals(scene, no, category="news_reposting") == ["correct.campaign_unnamed"]
    put_right_named(scene, no, {f"{SECOND}:category": "news_reposting"})

    assert sums(scene) == {
        (CAMPAIGN, "2018-10", "short_video", "filed"): 1,
        (SECOND, "2018-10", "news_reposting", "filed"): 1,
    }
    assert whole(scene).ok


def test_joining_twice_from_another_unit_or_on_a_wrong_day_is_refused(scene: Scene) -> None:
    no = scene.open("2018-10-08")

    with pytest.raises(TransitionRefused) as caught:
        join(scene, no, campaign=CAMPAIGN)
    assert [r.code for r in caught.value.refusals] == ["campaign.joined"]
    with pytest.raises(TransitionRefused) as caught:
        join(scene, no, campaign=CAMPAIGN, by="reviewer")
    assert [r.code for r in caught.value.refusals] == ["role.missing", "campaign.joined"]
    with pytest.raises(NotFound):
        join(scene, no, campaign="nowhere")


@ON_SQLITE
def test_a_campaign_that_is_over_is_joined_with_a_warning(scene: Scene) -> None:
    no = scene.open("2018-12-03", campaign=None)

    joined = join(scene, no, campaign=CAMPAIGN, category=None)

    assert [w.code for w in joined.warnings] == ["campaign.over"]
    assert joined.campaign.category == "other"  # what the plan says of an unknown one


# --- what somebody changes behind the program's back ------------------------------------------------------------------


@ON_SQLITE
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE case_file SET title = '某网占转载案'",
        "UPDATE case_file SET facts = replace(facts, '改正', '某网占')",
        "UPDATE case_campaign SET category = 'short_video'",
        "UPDATE case_campaign SET since = '2018-01-01'",
        "DELETE FROM case_campaign",
        "UPDATE case_file SET version = version - 1",
    ],
)
def test_a_correction_that_is_made_undone_in_the_tables_is_found(scene: Scene, statement: str) -> None:
    no = scene.open(title="某网占转载案")
    put_right(scene, no, title="改正", category="other")
    assert whole(scene).ok

    with scene.office.store.writing() as work:
        work.connection.execute(sa.text(statement))

    with snapshot(scene.office.store) as work:
        bad = verify_store(work).first_bad
    assert bad is not None
    assert bad.book == f"case:{no}"


def test_a_correction_that_was_rolled_back_left_nothing(scene: Scene) -> None:
    no = rechecked(scene, "12")
    before, figures = scene.case(no), sums(scene)

    with scene.office.store.writing(keep=False) as work:
        correct(scene.office, work, CorrectCase(no, "handler1", {"links_removed": "13", "category": "other"}, "笔误"))

    assert scene.case(no) == before
    assert sums(scene) == figures
    assert whole(scene).ok


# --- several parties --------------------------------------------------------------------------------------------------


def test_of_several_parties_the_one_named_is_corrected(scene: Scene) -> None:
    no = scene.open("2018-09-03")
    scene.walk(no, "verify add_party file investigate conclude review approve_notice", "2018-09-05")
    for step in ("notify", "waive_rights", "discuss"):
        for party in (1, 2):
            scene.take(no, step, "2018-09-10", party=party)
    measures = "stop,confiscate_copies,fine"
    scene.take(no, "decide", "2018-09-12", party=1, measures=measures, copies_confiscated="10")
    scene.take(no, "decide", "2018-10-12", party=2, measures=measures, copies_confiscated="20")

    with scene.office.store.writing() as work:
        order = CorrectCase(no, "lead", {"copies_confiscated": "11"}, "笔误", party=1)
        done = correct(scene.office, work, order)

    copies = {cell[1]: n for cell, n in sums(scene).items() if cell[3] == "copies_seized"}
    assert [(t.n, t.period) for t in done.tallies] == [(1, "2018-09")]
    assert copies == {"2018-09": 11, "2018-10": 20}
    assert facts(scene, no)["copies_confiscated"] == 20  # the newest answer of that name is the other party's
    assert whole(scene).ok


def test_what_was_left_empty_is_filled_in_and_counts_in_the_month_of_its_step(scene: Scene) -> None:
    no = rechecked(scene, "")
    assert sums(scene) == {}
    assert "links_removed" not in scene.case(no).trail[-1].answers
    scene.it_is("2018-12-03")

    done = put_right(scene, no, links_removed="21", work="《流浪地球》")

    entry = scene.entries(no)[-1].said()["effects"]
    assert (entry["before"]["links_removed"], entry["before"]["work"]) == (None, None)
    assert [(t.n, t.period) for t in done.tallies] == [(21, "2018-10")]
    assert scene.case(no).trail[-1].answers["links_removed"] == facts(scene, no)["links_removed"] == 21
    assert "work" not in scene.case(no).trail[0].answers
    assert facts(scene, no)["work"] == "《流浪地球》"
    assert whole(scene).ok

    scene.undo(no, by="lead")

    assert sums(scene) == {}
    assert "links_removed" not in facts(scene, no)
    assert facts(scene, no)["work"] == "《流浪地球》"
    assert whole(scene).ok


def test_an_entry_is_named_where_an_earlier_one_answered_and_a_later_one_did_not(scene: Scene) -> None:
    no = rechecked(scene, "2")
    scene.walk(no, "close_rectified reopen order_rectification", "2018-10-30")
    scene.take(no, "recheck", "2018-11-02", links_removed="")
    first, second = scene.case(no).taken("recheck")

    put_right(scene, no, links_removed="3")
    put_right(scene, no, entry=second.seq, links_removed="5")

    assert [t.answers["links_removed"] for t in scene.case(no).taken("recheck")] == [3, 5]
    assert {cell[1]: n for cell, n in sums(scene).items()} == {"2018-10": 3, "2018-11": 5}
    assert facts(scene, no)["links_removed"] == 5
    assert first.seq < second.seq
    assert whole(scene).ok


def test_what_drives_something_is_not_filled_in_later_and_a_wrong_entry_is_told(scene: Scene) -> None:
    no = rechecked(scene, "")

    assert refusals(scene, no, ended_on="2018-09-01") == ["correct.unanswered"]
    assert refusals(scene, no, entry=1, links_removed="3") == ["correct.unanswered"]
    assert refusals(scene, no, entry=99, title="新") == ["correct.unanswered"]
