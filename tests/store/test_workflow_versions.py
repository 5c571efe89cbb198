"""Versions of a workflow: drafted, proposed, confirmed by another, in force from a day; cases begin under their own."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from builders import Scene, day

from engine.book_store import entries_of
from engine.casework import open_case
from engine.clock import StandingClock, end_of_day
from engine.definitions import Definition
from engine.documents import DRAFT, document_by_hash, documents_in_force
from engine.errors import AnjuanError, Forbidden, InputWrong, NotFound, RuleChanged, TransitionRefused
from engine.guards import GUARDS
from engine.ledger import STORE_BOOK
from engine.office import Office
from engine.repeating import kept
from engine.snapshot import snapshot
from engine.store import Store, postgres_store, sqlite_store
from engine.verifying import verify_store
from engine.workflow_versions import History, history_of, open_cases_under, text_of
from workflows.version_changes import Changed, activate, load_draft, withdraw
from workflows.version_judging import Activation

pytest_plugins = ("scenes",)

SEPTEMBER, TENTH = "2018-09-03", "2018-09-10"


@pytest.fixture
def autumn(scene: Scene) -> Scene:
    """The office on the evening of 3 September 2018."""
    scene.clock.move_to(end_of_day(day(SEPTEMBER)))
    return scene


def shipped(scene: Scene) -> Definition:
    return scene.office.workflow("case").definition


def other(scene: Scene, en: str) -> Definition:
    """The workflow in force under another name: another version."""
    return shipped(scene).model_copy(update={"en": en, "based_on": None})


def draft(scene: Scene, definition: Definition, *, by: str = "reviewer", reason: str = "试行") -> Changed:
    office = scene.office
    with office.store.writing() as work:
        return load_draft(office, work, office.people.person(by), definition, reason)


def activated(scene: Scene, by: str, on: str = TENTH, **how: Any) -> Changed:
    """Proposed or confirmed, as the case may be."""
    office = scene.office
    order = Activation("case", day(on), how.pop("reason", "同意"), **how)
    with office.store.writing() as work:
        return activate(office, work, office.people.person(by), order)


def in_force(scene: Scene, definition: Definition, on: str = TENTH) -> str:
    """Drafted, proposed and confirmed; the hash of the version."""
    draft(scene, definition)
    activated(scene, "reviewer", on)
    version = activated(scene, "head", on).version
    assert version is not None
    return version


def history(scene: Scene) -> History:
    with scene.office.store.reading() as work:
        return history_of(work, "case", scene.clock.now().date())


def standings(scene: Scene) -> list[str]:
    known = history(scene)
    return [v.standing for v in (*known.versions, *known.drafts)]


def why(refused: pytest.ExceptionInfo[TransitionRefused]) -> list[str]:
    return [refusal.code for refusal in refused.value.refusals]


def said(scene: Scene) -> list[tuple[str, Any]]:
    with scene.office.store.reading() as work:
        entries = [e for e in entries_of(work, STORE_BOOK) if e.kind == "workflow"]
    return [(e.actor, e.said()["effects"]) for e in entries]


def whole(scene: Scene) -> None:
    with snapshot(scene.office.store) as work:
        assert verify_store(work).first_bad is None


# --- a draft ----------------------------------------------------------------------------------------------------------


def test_a_draft_is_kept_on_record_and_changes_nothing_else(autumn: Scene) -> None:
    before = shipped(autumn)

    done = draft(autumn, other(autumn, "v2"))

    assert (done.act, done.draft, done.version) == ("drafted", other(autumn, "v2").hash, None)
    assert autumn.office.workflow("case").definition == before
    assert standings(autumn) == ["in_force", "draft"]
    (only,) = said(autumn)
    assert only[0] == "reviewer"
    assert only[1]["documents"] == [[DRAFT, "case", done.draft]]
    with autumn.office.store.reading() as work:
        assert {kind for kind, _ in documents_in_force(work)}.isdisjoint({DRAFT})
    whole(autumn)


def test_what_is_in_force_or_a_draft_already_is_not_kept_again(autumn: Scene) -> None:
    draft(autumn, other(autumn, "v2"))

    again, same = draft(autumn, other(autumn, "v2")), draft(autumn, shipped(autumn))

    assert (again.act, same.act) == ("unchanged", "unchanged")
    assert same.version == shipped(autumn).hash
    assert len(said(autumn)) == 1


def test_a_later_draft_takes_the_place_of_the_earlier_one_which_can_be_loaded_again(autumn: Scene) -> None:
    draft(autumn, other(autumn, "v2"))
    draft(autumn, other(autumn, "v3"))
    assert standings(autumn) == ["in_force", "replaced", "draft"]

    again = draft(autumn, other(autumn, "v2"))

    waiting = history(autumn).draft
    assert waiting is not None
    assert (again.act, waiting.hash) == ("drafted", again.draft)
    whole(autumn)


def test_a_file_made_from_another_version_than_the_newest_is_refused(autumn: Scene) -> None:
    with pytest.raises(RuleChanged) as caught:
        draft(autumn, other(autumn, "v2").model_copy(update={"based_on": "0" * 64}))

    assert caught.value.code == "workflow.changed"
    assert draft(autumn, other(autumn, "v2").model_copy(update={"based_on": shipped(autumn).hash})).act == "drafted"


def test_only_those_who_may_edit_rules_draft_and_activate_and_never_without_a_reason(autumn: Scene) -> None:
    with pytest.raises(Forbidden):
        draft(autumn, other(autumn, "v2"), by="handler1")
    with pytest.raises(InputWrong, match="--reason"):
        draft(autumn, other(autumn, "v2"), reason=" ")
    with pytest.raises(Forbidden):
        activated(autumn, "lead")

    assert said(autumn) == []


# --- two people -------------------------------------------------------------------------------------------------------


def test_a_version_comes_into_force_on_its_day_by_two_people(autumn: Scene) -> None:
    first = shipped(autumn).hash
    kept_as = draft(autumn, other(autumn, "v2")).draft

    proposed = activated(autumn, "reviewer")

    assert (proposed.act, proposed.draft, proposed.version) == ("proposed", kept_as, None)
    assert "head" in {holder.name for holder in proposed.who_can}
    assert "reviewer" not in {holder.name for holder in proposed.who_can}
    assert standings(autumn) == ["in_force", "proposed"]

    done = activated(autumn, "head")

    assert (done.act, done.by, done.replaces) == ("activated", ("reviewer", "head"), first)
    assert standings(autumn) == ["in_force", "coming"]
    newest = history(autumn).newest
    assert newest is not None
    assert (newest.hash, newest.based_on, newest.effective_on) == (done.version, first, day(TENTH))
    assert newest.hash != kept_as == text_of(newest.document.content)
    assert (said(autumn)[-1][1]["draft"], said(autumn)[-1][1]["version"]) == (kept_as, done.version)
    assert autumn.office.workflow("case").definition.en != "v2"
    autumn.clock.move_to(end_of_day(day(TENTH)))
    assert autumn.office.workflow("case").definition.en == "v2"
    assert standings(autumn) == ["replaced", "in_force"]
    whole(autumn)


def test_cases_begin_under_the_version_of_their_day_and_stay_under_it(autumn: Scene) -> None:
    first = shipped(autumn).hash
    early = autumn.open(on="2018-09-03")
    second = in_force(autumn, other(autumn, "v2"))

    before = autumn.open(on="2018-09-09")
    on_its_day = autumn.open(on=TENTH)
    back_dated = autumn.open(on="2018-09-08")
    long_ago = autumn.open(on="2018-09-01")

    under = {no: autumn.case(no).definition for no in (early, before, on_its_day, back_dated, long_ago)}
    assert under == {early: first, before: first, on_its_day: second, back_dated: first, long_ago: first}
    autumn.walk(early, "verify", "2018-09-12")
    assert autumn.case(early).definition == first
    with autumn.office.store.reading() as work:
        assert open_cases_under(work, "case") == {first: 4, second: 1}
    whole(autumn)


def test_the_third_version_of_a_day_is_the_newest_of_that_day(autumn: Scene) -> None:
    in_force(autumn, other(autumn, "v2"))
    third = in_force(autumn, other(autumn, "v3"))

    assert autumn.case(autumn.open(on=TENTH)).definition == third
    assert standings(autumn) == ["replaced", "replaced", "in_force"]


def test_a_text_that_comes_back_is_a_new_version(autumn: Scene) -> None:
    first = shipped(autumn)
    second = in_force(autumn, other(autumn, "v2"))

    activated(autumn, "head", "2018-09-12", version=first.hash[:12])
    third = activated(autumn, "reviewer", "2018-09-12").version

    assert third not in {first.hash, second, None}
    autumn.clock.move_to(end_of_day(day("2018-09-12")))
    assert autumn.office.workflow("case").definition.en == first.en
    assert history(autumn).newest is not None
    whole(autumn)


def test_nobody_is_two_people(autumn: Scene) -> None:
    draft(autumn, other(autumn, "v2"))
    activated(autumn, "head")

    with pytest.raises(TransitionRefused) as caught:
        activated(autumn, "head")

    assert why(caught) == ["workflow.same_person"]
    # A head proposed it: anybody else who may edit rules can confirm.
    assert {"reviewer", "admin"} <= {holder.name for holder in caught.value.refusals[0].who_can}
    assert activated(autumn, "reviewer").act == "activated"


def test_one_of_the_two_is_a_head(autumn: Scene) -> None:
    draft(autumn, other(autumn, "v2"))
    activated(autumn, "admin")

    with pytest.raises(TransitionRefused) as caught:
        activated(autumn, "reviewer")

    assert why(caught) == ["workflow.no_head"]
    assert "head" in {holder.name for holder in caught.value.refusals[0].who_can}
    assert {holder.role for holder in caught.value.refusals[0].who_can} == {"head"}
    assert activated(autumn, "head").act == "activated"


def test_other_words_confirm_nothing(autumn: Scene) -> None:
    draft(autumn, other(autumn, "v2"))
    activated(autumn, "reviewer")

    for how in ({"on": "2018-09-11"}, {"version": shipped(autumn).hash}):
        with pytest.raises(TransitionRefused) as caught:
            activated(autumn, "head", **how)
        assert why(caught) == ["workflow.proposed_otherwise"]

    assert standings(autumn) == ["in_force", "proposed"]


def test_no_version_begins_in_the_past_or_before_the_one_that_it_replaces(autumn: Scene) -> None:
    draft(autumn, other(autumn, "v2"))

    with pytest.raises(TransitionRefused) as past:
        activated(autumn, "reviewer", "2018-09-02")
    in_force(autumn, other(autumn, "v2"))
    draft(autumn, other(autumn, "v3"))
    with pytest.raises(TransitionRefused) as early:
        activated(autumn, "reviewer", "2018-09-09")

    assert (why(past), why(early)) == (["workflow.from_past"], ["workflow.from_too_early"])
    assert early.value.refusals[0].earliest_on == day(TENTH)


def test_a_proposal_whose_day_has_passed_is_confirmed_no_more(autumn: Scene) -> None:
    draft(autumn, other(autumn, "v2"))
    activated(autumn, "reviewer")
    autumn.clock.move_to(end_of_day(day("2018-09-11")))

    with pytest.raises(TransitionRefused) as caught:
        activated(autumn, "head")

    assert why(caught) == ["workflow.from_past"]


# --- what lapses, what is withdrawn -----------------------------------------------------------------------------------


def test_a_proposal_lapses_when_another_draft_takes_the_place_of_its_own(autumn: Scene) -> None:
    draft(autumn, other(autumn, "v2"))
    activated(autumn, "reviewer")
    later = draft(autumn, other(autumn, "v3")).draft

    with pytest.raises(RuleChanged) as caught:
        activated(autumn, "head")

    assert caught.value.code == "workflow.proposal_lapsed"
    assert caught.value.remedy is not None
    assert f"--version {later[:12]}" in str(caught.value.remedy.command)
    anew = activated(autumn, "head", version=later[:12])
    assert (anew.act, anew.draft) == ("proposed", later)
    assert activated(autumn, "reviewer").act == "activated"
    whole(autumn)


def test_a_proposal_is_taken_back_by_anybody_who_may_make_one(autumn: Scene) -> None:
    draft(autumn, other(autumn, "v2"))
    activated(autumn, "reviewer")

    with autumn.office.store.writing() as work:
        done = withdraw(autumn.office, work, autumn.office.people.person("admin"), "case")

    assert (done.act, done.by) == ("withdrawn", ("reviewer",))
    assert standings(autumn) == ["in_force", "draft"]
    assert activated(autumn, "head").act == "proposed"
    with pytest.raises(NotFound), autumn.office.store.writing() as work:
        withdraw(autumn.office, work, autumn.office.people.person("admin"), "preservation")


def test_what_was_proposed_meanwhile_is_not_confirmed_unseen(autumn: Scene) -> None:
    draft(autumn, other(autumn, "v2"))
    activated(autumn, "reviewer", seen=0)

    with pytest.raises(RuleChanged) as caught:
        activated(autumn, "head", seen=0)

    assert caught.value.code == "workflow.proposed_meanwhile"


def test_without_a_draft_nothing_is_proposed(autumn: Scene) -> None:
    with pytest.raises(NotFound) as none:
        activated(autumn, "head")
    in_force(autumn, other(autumn, "v2"))
    again = activated(autumn, "admin")
    with pytest.raises(NotFound) as elsewhere:
        activated(autumn, "admin", "2018-10-01")
    with pytest.raises(NotFound) as unknown:
        activated(autumn, "admin", version="ffffffffffff")
    with pytest.raises(InputWrong) as short:
        activated(autumn, "admin", version="f")

    assert (none.value.code, elsewhere.value.code) == ("workflow.no_draft", "workflow.no_draft")
    assert (again.act, again.by) == ("unchanged", ("reviewer", "head"))
    assert (unknown.value.code, short.value.code) == ("workflow.version_unknown", "workflow.version_short")


def test_a_draft_that_no_longer_stands_the_proof_is_not_proposed(
    autumn: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft(autumn, other(autumn, "v2"))
    monkeypatch.delitem(GUARDS, "within_limitation")

    with pytest.raises(TransitionRefused) as caught:
        activated(autumn, "reviewer")

    assert set(why(caught)) == {"workflow.unproved"}


# --- at once, and cut short -------------------------------------------------------------------------------------------


def other_store(store: Store) -> Store:
    """A connection of its own to the same database."""
    if store.dialect == "sqlite":
        return sqlite_store(Path(store.place), synchronous="OFF")
    return postgres_store(store.engine.url.render_as_string(hide_password=False))


def at_once(scene: Scene, *people: str) -> list[Changed | AnjuanError]:
    """They type the same command at the same moment; what each got."""
    ready, ends = Barrier(len(people)), dict[str, Changed | AnjuanError]()

    def write(name: str) -> None:
        store = other_store(scene.office.store)
        office = Office(store, StandingClock(scene.clock.now()), practice=True)
        try:
            with store.reading() as work:
                office.refresh(work)
            ready.wait(timeout=30)
            actor, order = office.people.person(name), Activation("case", day(TENTH), "同意")
            ends[name] = kept(store, lambda work: activate(office, work, actor, order))
        except AnjuanError as error:
            ends[name] = error
        finally:
            store.close()

    threads = [Thread(target=write, args=(name,)) for name in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return [ends[name] for name in people]


def test_of_two_confirmations_at_once_one_is_the_other_finds_it_done(autumn: Scene) -> None:
    draft(autumn, other(autumn, "v2"))
    activated(autumn, "reviewer")

    ends = at_once(autumn, "head", "county_head")

    assert sorted(end.act for end in ends if isinstance(end, Changed)) == ["activated", "unchanged"], ends
    assert [effects["act"] for _, effects in said(autumn)] == ["draft", "propose", "activate"]
    whole(autumn)


def test_two_proposals_at_once_are_a_proposal_and_its_confirmation(autumn: Scene) -> None:
    """Both typed the same words: one of them comes second, and says with them what a confirmation says."""
    draft(autumn, other(autumn, "v2"))

    ends = at_once(autumn, "head", "reviewer")

    assert sorted(end.act for end in ends if isinstance(end, Changed)) == ["activated", "proposed"], ends
    whole(autumn)


class Killed(BaseException):
    """The process dies here."""


@pytest.mark.parametrize("by", ["reviewer", "head"])
def test_a_process_killed_before_the_commit_has_done_nothing(autumn: Scene, by: str) -> None:
    draft(autumn, other(autumn, "v2"))
    if by == "head":
        activated(autumn, "reviewer")
    before = said(autumn)

    def activate_and_die() -> None:
        office = autumn.office
        with office.store.writing() as work:
            activate(office, work, office.people.person(by), Activation("case", day(TENTH), "同意"))
            raise Killed

    with pytest.raises(Killed):
        activate_and_die()

    assert said(autumn) == before
    whole(autumn)
    assert activated(autumn, by).act == ("activated" if by == "head" else "proposed")
    whole(autumn)


# --- a workflow of its own --------------------------------------------------------------------------------------------


def test_a_new_workflow_begins_on_its_first_day_and_takes_older_cases_too(autumn: Scene) -> None:
    office = autumn.office
    local = other(autumn, "local").model_copy(update={"workflow": "local"})
    draft(autumn, local)

    def act(by: str) -> None:
        with office.store.writing() as work:
            activate(office, work, office.people.person(by), Activation("local", day(TENTH), "新设"))

    act("reviewer")
    act("head")

    with pytest.raises(NotFound) as caught:
        office.workflow("local")
    assert caught.value.code == "workflow.not_yet"
    assert "local" not in office.definitions()
    autumn.clock.move_to(end_of_day(day(TENTH)))
    assert office.workflow("local", day("2018-09-01")).definition.workflow == "local"
    assert office.definitions()["local"].based_on is None
    whole(autumn)


def test_the_office_knows_all_versions_by_one_read(autumn: Scene) -> None:
    in_force(autumn, other(autumn, "v2"))
    fresh = Office(autumn.office.store, autumn.clock, practice=True)

    with autumn.office.store.reading() as work:
        fresh.refresh(work)
        before = work.statements
        assert fresh.workflow("case", date(2018, 9, 9)).definition.en != "v2"
        assert fresh.workflow("case", day(TENTH)).definition.en == "v2"
        assert work.statements == before
        assert document_by_hash(work, "workflow", fresh.workflow("case", day(TENTH)).hash) is not None


def test_a_case_is_opened_by_as_many_statements_under_a_second_version(autumn: Scene) -> None:
    def counted(on: str) -> int:
        office = autumn.office
        autumn.clock.move_to(end_of_day(day(on)))
        with office.store.writing() as work:
            office.refresh(work)
            before = work.statements
            open_case(office, work, autumn.opening(on))
            return work.statements - before

    autumn.open()  # the party is new once
    plain = counted("2018-09-04")
    in_force(autumn, other(autumn, "v2"))

    assert counted("2018-09-09") == counted("2018-09-11") == plain
