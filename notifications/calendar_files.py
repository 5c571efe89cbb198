"""Keeps the files of the calendars to which people subscribe: one per token, each written whole or not at all."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from engine.clock import today
from engine.errors import AnjuanError, Remedy, StoreUnavailable
from engine.feeds import Feed, feed_of, feeds
from engine.office import Office
from engine.store import Work
from engine.whole_files import write_whole
from notifications.calendar_feed import calendar_name, feed
from notifications.calendar_person import person_events
from notifications.telling import Tell, silent

# A calendar, or what a process that was killed left of one (`engine.whole_files`).
_OURS = re.compile(r"([A-Za-z0-9_-]{43})\.ics|\.([A-Za-z0-9_-]{43})\.ics\.[0-9a-f]{16}")
FOLDER_MODE, FILE_MODE = 0o700, 0o600
# What a case whose record was tampered with makes of a calendar; `ledger verify` says where.
_UNREADABLE = (KeyError, IndexError, TypeError, ValueError)


@dataclass(frozen=True)
class FeedsWritten:
    """How many calendars were written because they had changed, how many were taken away, how many failed."""

    written: int = 0
    removed: int = 0
    failed: int = 0


def write_feeds(office: Office, folder: Path, tell: Tell = silent) -> FeedsWritten:
    """Bring the calendar of everybody who has one up to date, and take away those that are nobody's any more.

    Files that do not look like ours are left alone. What fails for one person is told and does not stop the others.
    Raises StoreUnavailable where the database fails.
    """
    with office.store.reading() as work:
        everybody = feeds(work)
    written = failed = 0
    if everybody:
        try:
            make_folder(folder)
        except StoreUnavailable as wrong:
            tell(wrong.zh, wrong.en)
            return FeedsWritten(failed=len(everybody))
    for one in everybody:
        try:
            written += _refreshed(office, folder, one.name)
        except StoreUnavailable:
            raise
        except (AnjuanError, OSError, *_UNREADABLE) as wrong:
            failed += 1
            zh, en = (wrong.zh, wrong.en) if isinstance(wrong, AnjuanError) else (_reason(wrong),) * 2
            tell(f"{one.name}的日历未能更新：{zh}", f"the calendar of {one.name} was not brought up to date: {en}")
    return FeedsWritten(written, _cleared(office, folder, tell), failed)


def write_feed(office: Office, folder: Path, name: str) -> None:
    """Bring the calendar of that person up to date. Raises StoreUnavailable; the next run then does it."""
    make_folder(folder)
    try:
        _refreshed(office, folder, name)
    except OSError as e:
        raise StoreUnavailable(
            "calendar.not_written",
            f"日历订阅已登记，但文件写不进文件夹“{folder}”（{e.strerror}），下次提醒运行时会再写",
            f"the calendar is on record, but its file could not be written into {folder} ({e.strerror}); the next run "
            "of reminders tries again",
            Remedy(
                "检查磁盘和文件夹的权限后再试", "see to the disk and the folder, then again", "anjuan calendar feed"
            ),
        ) from e


def remove_file(folder: Path, token: str) -> None:
    """Take the file of a calendar away. Raises StoreUnavailable; the next run then does it."""
    try:
        place_of(folder, token).unlink(missing_ok=True)
    except NotADirectoryError:
        return
    except OSError as e:
        raise StoreUnavailable(
            "calendar.not_removed",
            f"日历订阅已撤销，但文件未能从文件夹“{folder}”中删除（{e.strerror}），下次提醒运行时会再删",
            f"the calendar is revoked, but its file could not be removed from {folder} ({e.strerror}); the next run of "
            "reminders tries again",
            Remedy("检查该文件夹的权限", "see to the rights of that folder"),
        ) from e


def place_of(folder: Path, token: str) -> Path:
    return folder / f"{token}.ics"


def make_folder(folder: Path) -> None:
    """The folder, for its owner alone where it is new. Raises StoreUnavailable where nothing can be put into it."""
    try:
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        writable = os.access(folder, os.W_OK | os.X_OK)
        why = "" if writable else "read-only"
    except OSError as e:
        why = e.strerror or str(e)
    if why:
        raise StoreUnavailable(
            "calendar.folder",
            f"日历文件夹不能写入：{folder}（{why}）",
            f"nothing can be written into the folder of calendars: {folder} ({why})",
            Remedy(
                "检查其权限，或者用ANJUAN_CALENDARS指定另一个文件夹",
                "see to its rights, or name another folder with ANJUAN_CALENDARS",
            ),
        )


def _refreshed(office: Office, folder: Path, name: str) -> bool:
    """Whether the file had to be written: other bytes, or none so far."""
    with office.store.reading() as work:
        office.refresh(work)
        # Read again: it may have been revoked since everybody's were read.
        one = feed_of(work, name)
        content = _content(office, work, one) if one is not None else None
    if one is None or content is None:
        return False
    place = place_of(folder, one.token)
    try:
        if place.read_bytes() == content:
            return False
    except FileNotFoundError:
        pass
    write_whole(place, content, FILE_MODE)
    return True


def _content(office: Office, work: Work, one: Feed) -> bytes | None:
    """`None` for somebody who has left."""
    person = office.people.person(one.name)
    if person.has_left(today(office.clock)):
        return None
    return feed(calendar_name(person, one.lang), person_events(office, work, person, person), one.lang)


def _cleared(office: Office, folder: Path, tell: Tell) -> int:
    """Takes away what is nobody's. The folder is read before the tokens are: a file that appears after its token was
    put on record is then never taken for nobody's."""
    try:
        names = [entry.name for entry in os.scandir(folder) if entry.is_file(follow_symlinks=False)]
    except (FileNotFoundError, NotADirectoryError):
        return 0
    with office.store.reading() as work:
        office.refresh(work)
        on, people = today(office.clock), office.people.persons
        living = {one.token for one in feeds(work) if one.name in people and not people[one.name].has_left(on)}
    removed = 0
    for name in names:
        found = _OURS.fullmatch(name)
        if found is None or (found[1] or found[2]) in living:
            continue
        try:
            (folder / name).unlink(missing_ok=True)
            removed += 1
        except OSError as e:
            tell(
                f"已撤销的日历文件未能从文件夹“{folder}”中删除：{e.strerror}",
                f"the file of a revoked calendar could not be removed from {folder}: {e.strerror}",
            )
    return removed


def _reason(error: BaseException) -> str:
    """The fault without the name of the file: that holds the token."""
    return (error.strerror or type(error).__name__) if isinstance(error, OSError) else type(error).__name__
