"""Calendars to subscribe to, on both databases: files that follow the record, tokens that end when they are revoked."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import icalendar
import pytest
import sqlalchemy as sa
import vobject
from builders import Scene, day
from test_calendar import HOSTILE, assign, in_hearing

from engine.book_store import ENTRY, entries_of
from engine.errors import Forbidden, InputWrong, NotFound, StoreUnavailable
from engine.feeds import Feed, feed_of
from engine.ledger import STORE_BOOK
from engine.people_store import STAFF, save_last_day
from engine.whole_files import write_whole
from notifications import calendar_files
from notifications.calendar_files import FeedsWritten, place_of, remove_file, write_feed, write_feeds
from notifications.calendar_person import person_events
from notifications.calendar_subscribing import Subscribed, revoke, subscribe

pytest_plugins = ("scenes",)

ON_SQLITE = pytest.mark.parametrize("scene", ["sqlite"], indirect=True)
ON_POSIX = pytest.mark.skipif(os.name == "nt", reason="who may read a file is said otherwise there")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "calendars"


def subscribed(scene: Scene, name: str, by: str | None = None, lang: str = "zh") -> Subscribed:
    with scene.office.store.writing() as work:
        scene.office.refresh(work)
        return subscribe(scene.office, work, scene.office.people.person(by or name), name, lang)


def revoked(scene: Scene, name: str, by: str | None = None) -> Subscribed:
    with scene.office.store.writing() as work:
        return revoke(scene.office, work, scene.office.people.person(by or name), name)


def written(scene: Scene, folder: Path) -> FeedsWritten:
    said: list[str] = []
    found = write_feeds(scene.office, folder, lambda zh, en: said.extend((zh, en)))
    assert bool(said) == bool(found.failed), "what failed is told, and nothing else"
    return found


def names(folder: Path) -> set[str]:
    return set(os.listdir(folder))


def test_a_file_follows_the_record_and_is_written_only_when_it_changed(scene: Scene, folder: Path) -> None:
    no = in_hearing(scene)
    one = subscribed(scene, "handler1")
    place = place_of(folder, one.feed.token)
    assert (one.made, len(one.feed.token)) == (True, 43)

    assert written(scene, folder) == FeedsWritten(written=1)
    before, inode = place.read_bytes(), place.stat().st_ino
    assert written(scene, folder) == FeedsWritten()
    assert place.stat().st_ino == inode
    assign(scene, no, "handler2", "handler3")
    assert written(scene, folder) == FeedsWritten(written=1)

    assert place.read_bytes() != before
    events = icalendar.Calendar.from_ical(place.read_bytes()).walk("VEVENT")
    assert {str(e["status"]) for e in events if no in str(e["summary"])} == {"CANCELLED"}


def test_the_same_person_has_one_calendar_and_after_it_was_revoked_another(scene: Scene, folder: Path) -> None:
    first = subscribed(scene, "handler1")
    again = subscribed(scene, "handler1", lang="en")
    assert (again.made, again.feed.token, again.feed.lang) == (False, first.feed.token, "en")
    assert subscribed(scene, "handler1", by="lead").feed.lang == "en", "the language is his own affair"
    written(scene, folder)
    assert b"X-WR-CALNAME:anjuan: handler1" in place_of(folder, first.feed.token).read_bytes()

    revoked(scene, "handler1")
    remove_file(folder, first.feed.token)
    second = subscribed(scene, "handler1")
    written(scene, folder)

    assert second.made
    assert second.feed.token != first.feed.token
    assert names(folder) == {f"{second.feed.token}.ics"}
    with pytest.raises(NotFound, match="handler2"):
        revoked(scene, "handler2")


def test_what_is_nobodys_any_more_goes_and_every_other_file_stays(scene: Scene, folder: Path) -> None:
    """Revoked on another machine; left; and what a killed process left behind."""
    gone, left, stays = (subscribed(scene, name).feed.token for name in ("handler1", "reviewer", "lead"))
    written(scene, folder)
    others = {"notes.txt", "short.ics", f"{gone}.txt", f"{gone}x.ics", f"{gone[:-1]}é.ics"}
    for name in (*others, f".{gone}.ics.0123456789abcdef"):
        (folder / name).write_text("x", encoding="utf-8")
    (folder / f"{'d' * 43}.ics").mkdir()

    revoked(scene, "handler1")
    with scene.office.store.writing() as work:
        save_last_day(work, "reviewer", day("2018-10-01"))
    scene.it_is("2018-10-02")
    subscribed(scene, "head")  # an entry in the store's book, so that the office reads its staff anew

    assert written(scene, folder).removed == 3
    with scene.office.store.reading() as work:
        head = feed_of(work, "head")
        assert feed_of(work, "reviewer") is not None, "he may come back"
    assert head is not None
    assert names(folder) == {*others, f"{stays}.ics", f"{head.token}.ics", f"{'d' * 43}.ics"}
    assert f"{left}.ics" not in names(folder)


def test_whoever_was_killed_between_the_record_and_the_file_is_healed_by_the_next_run(
    scene: Scene, folder: Path
) -> None:
    made = subscribed(scene, "handler1").feed.token
    assert not folder.exists()

    assert written(scene, folder) == FeedsWritten(written=1)
    revoked(scene, "handler1")
    assert names(folder) == {f"{made}.ics"}

    assert written(scene, folder) == FeedsWritten(removed=1)
    assert names(folder) == set()


def test_a_file_that_appears_while_others_are_cleared_away_is_not_taken_for_nobodys(
    scene: Scene, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another machine makes one after this run has read whose calendars there are."""
    subscribed(scene, "lead")
    new: list[str] = []
    refreshed = calendar_files._refreshed

    def meanwhile(*given: object) -> bool:
        new.append(subscribed(scene, "handler1").feed.token)
        place_of(folder, new[-1]).write_bytes(b"x")
        return refreshed(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(calendar_files, "_refreshed", meanwhile)

    assert written(scene, folder).removed == 0
    assert f"{new[0]}.ics" in names(folder)


@ON_SQLITE
def test_one_revoked_while_it_was_written_is_gone_when_the_run_ends(
    scene: Scene, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribed(scene, "handler1")

    def late(place: Path, content: bytes, mode: int) -> None:
        remove_file(folder, revoked(scene, "handler1").feed.token)
        write_whole(place, content, mode)

    monkeypatch.setattr(calendar_files, "write_whole", late)

    assert written(scene, folder) == FeedsWritten(written=1, removed=1)
    assert names(folder) == set()


@pytest.mark.parametrize(
    "fault", [OSError(28, "No space left on device"), KeyError("effects"), Forbidden("x", "x", "x")]
)
@ON_SQLITE
def test_what_fails_for_one_does_not_stop_the_others_and_tells_no_token(
    scene: Scene, folder: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    tokens = {name: subscribed(scene, name).feed.token for name in ("handler1", "handler2", "handler3")}
    said: list[str] = []

    def failing(*given: object) -> object:
        if "handler2" in str(given[2]):
            raise fault
        return person_events(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(calendar_files, "person_events", failing)

    found = write_feeds(scene.office, folder, lambda zh, en: said.extend((zh, en)))

    assert found == FeedsWritten(written=2, failed=1)
    assert names(folder) == {f"{tokens[name]}.ics" for name in ("handler1", "handler3")}
    assert len(said) == 2
    assert all("handler2" in one for one in said)
    assert not any(token in one for token in tokens.values() for one in said)


@ON_SQLITE
def test_a_folder_that_cannot_be_is_one_sentence(scene: Scene, tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("x", encoding="utf-8")
    assert written(scene, in_the_way / "calendars") == FeedsWritten(), "nobody has one"
    subscribed(scene, "handler1")

    assert written(scene, in_the_way) == FeedsWritten(failed=1)
    assert written(scene, in_the_way / "calendars") == FeedsWritten(failed=1)
    with pytest.raises(StoreUnavailable) as unwritable:
        write_feed(scene.office, in_the_way / "calendars", "handler1")

    assert unwritable.value.code == "calendar.folder"
    remove_file(in_the_way / "calendars", "x" * 43)


@ON_POSIX
@ON_SQLITE
def test_nobody_but_the_owner_may_read_them(scene: Scene, folder: Path) -> None:
    token = subscribed(scene, "handler1").feed.token
    written(scene, folder)

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(place_of(folder, token).stat().st_mode) == 0o600


def test_the_record_tells_that_it_was_made_and_revoked_and_never_the_token(scene: Scene) -> None:
    token = subscribed(scene, "handler1", by="lead").feed.token
    subscribed(scene, "handler1")
    revoked(scene, "handler1", by="admin")

    with scene.office.store.reading() as work:
        told = [(e.actor, e.said()["effects"]) for e in entries_of(work, STORE_BOOK) if e.kind == "feed"]
        bodies = [row[0] for row in work.connection.execute(sa.select(ENTRY.c.body))]
    assert told == [
        ("lead", {"act": "made", "name": "handler1"}),
        ("admin", {"act": "revoked", "name": "handler1"}),
    ]
    assert not any(token in body for body in bodies)
    assert token not in repr(Feed("handler1", token, "zh", ""))


@ON_SQLITE
def test_somebody_elses_is_for_those_in_charge_and_none_is_made_for_whoever_left(scene: Scene) -> None:
    subscribed(scene, "handler1", by="head")
    for act in (subscribed, revoked):
        with pytest.raises(Forbidden) as refused:
            act(scene, "handler1", by="handler2")
        assert refused.value.code == "calendar.others"
    with scene.office.store.writing() as work:
        save_last_day(work, "reviewer", day("2018-09-01"))
    subscribed(scene, "head")
    scene.it_is("2018-09-14")
    with pytest.raises(InputWrong) as gone:
        subscribed(scene, "reviewer", by="head")
    assert gone.value.code == "person.left"


def test_hostile_names_are_text_to_two_readers(scene: Scene, folder: Path) -> None:
    scene.open("2018-10-08", title=HOSTILE)
    no = scene.open("2018-10-08", title='"引号"\r\nBEGIN:VALARM' + HOSTILE)
    scene.take(no, "verify", "2018-10-08")
    with scene.office.store.writing() as work:
        work.connection.execute(
            sa.update(STAFF).where(STAFF.c.name == "lead").values(zh=f'甲\r\nX-EVIL:1"𠮷{"长" * 300}')
        )
    token = subscribed(scene, "lead").feed.token
    subscribed(scene, "handler1")

    assert written(scene, folder) == FeedsWritten(written=2)
    content = place_of(folder, token).read_bytes()

    read = icalendar.Calendar.from_ical(content)
    assert [part.errors for part in read.walk() if part.errors] == []
    other = vobject.readOne(content.decode("utf-8"))
    other.validate(raiseException=True)
    assert [str(e["uid"]) for e in read.walk("VEVENT")] == [e.uid.value for e in other.contents["vevent"]]
    assert "X-EVIL" not in read
    assert "X-EVIL:1" in str(read["x-wr-calname"])
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
