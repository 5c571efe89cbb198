"""Looks after the health of a store and the machine under it: what is in order, what is not, in both languages."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from engine.append_only import missing_triggers
from engine.errors import AnjuanError
from engine.evidence import is_whole
from engine.evidence_queries import files_named
from engine.law_book import LawBook
from engine.missing_holidays import MissingYear, years_to_know
from engine.office import Office
from engine.people import People
from engine.rule_changes import EVERYTHING, Orphan, Shift, turns
from engine.store import Store, Work, schema_version
from engine.store_faults import translated
from engine.working_days import WorkingDays

LEAST_FREE_BYTES = 100 * 1024 * 1024
# So many deadlines are named, of those that are not as they should be.
MOST_NAMED = 3
APPLY = "anjuan rule apply --reason …"
# SQLite's log does not work across machines: two of them would damage the file.
NETWORK_SYSTEMS = ("nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afs", "9p", "fuse.sshfs")
MOUNTS = Path("/proc/mounts")


@dataclass(frozen=True)
class Check:
    """One thing looked at. A remark has `ok` and says what to mind."""

    id: str
    ok: bool
    zh: str
    en: str


def failed(check_id: str, error: AnjuanError) -> Check:
    """A check that could not be carried out, or that ended in this error."""
    return Check(check_id, False, error.zh, error.en)


def store_checks(store: Store) -> Iterator[Check]:
    """Version, triggers, and on SQLite the log and the foreign keys."""
    version = schema_version(store)
    yield Check("store", True, f"数据库可以打开，版本{version}", f"the store opens, version {version}")
    with translated(store.place), store.engine.connect() as connection:
        missing = missing_triggers(connection)
        if missing:
            names = ", ".join(missing)
            yield Check("triggers", False, f"缺少防改触发器：{names}", f"triggers against changes are missing: {names}")
        else:
            yield Check("triggers", True, "防改触发器齐全", "all triggers against changes are there")
        if store.dialect == "sqlite":
            yield from _sqlite_checks(connection)


def evidence_checks(work: Work, folder: Path) -> Iterator[Check]:
    """Whether every file that the record names is there, and is still what it was."""
    named = files_named(work)
    if not named:
        return
    lost = [f"{one.of} {one.name}" for one in named if not is_whole(folder, one.sha256)]
    if lost:
        shown = [*lost[:MOST_NAMED], *(["…"] if len(lost) > MOST_NAMED else [])]
        zh = f"{len(lost)}个文件缺失或者被改动（{folder}）：{'；'.join(shown)}"
        en = f"files that are missing or were changed, under {folder}: {len(lost)}: {'; '.join(shown)}"
        yield Check("evidence", False, zh, en)
    else:
        yield Check("evidence", True, f"附件{len(named)}个，内容完整", f"files on record: {len(named)}, all whole")


def calendar_checks(calendar: WorkingDays, today: date, missing: Iterable[MissingYear]) -> Iterator[Check]:
    """The holidays of this year, and from November on of the next: an alarm where dates of open cases rest on them."""
    for year in filter(calendar.is_published, years_to_know(today)):
        yield Check("holidays", True, f"{year}年放假安排已有", f"the holidays of {year} are known")
    for one in missing:
        # The notice may come as late as December: as long as nothing rests on it, it is only to be minded.
        ok = one.cases == 0 and one.year > today.year
        zh, en = f"{one.zh}：{one.command}", f"{one.en}: {one.command}"
        yield Check("holidays", ok, f"请注意：{zh}" if ok else zh, f"mind: {en}" if ok else en)


def deadline_checks(work: Work, law: LawBook, today: date) -> Iterator[Check]:
    """Whether every open deadline stands as the rules in force say."""
    examples: list[Shift] = []
    orphans: list[Orphan] = []
    differing = 0
    for turn in turns(work, law, law, EVERYTHING, today):
        differing += len(turn.changed)
        examples += turn.shifts[: MOST_NAMED - len(examples)]
        orphans += turn.orphans[: MOST_NAMED - len(orphans)]
    if differing:
        named = [f"{x.case_no} {x.deadline_id} {x.before.due_on}→{x.after.due_on}" for x in examples]
        named += ["…"] if differing > len(examples) else []
        zh = f"{differing}个未结期限与现行规则不符：{'；'.join(named)}；改正：{APPLY}"
        en = f"open deadlines that the rules contradict: {differing}: {'; '.join(named)}; set them right: {APPLY}"
        yield Check("deadlines", False, zh, en)
    else:
        yield Check("deadlines", True, "未结期限与现行规则一致", "the open deadlines agree with the rules in force")
    if orphans:
        zh = "；".join(f"{o.case_no} {o.deadline_id} {o.due_on}（{o.zh}）" for o in orphans)
        en = "; ".join(f"{o.case_no} {o.deadline_id} {o.due_on} ({o.en})" for o in orphans)
        zh, en = f"请注意，按现行规则无从推算、保持原日期的：{zh}", f"mind, kept as they are: {en}"
        yield Check("orphaned", True, zh, en)


def certificate_checks(people: People, today: date) -> Iterator[Check]:
    """Certificates that have ended: a remark, the guards refuse them anyway."""
    ended = sorted(
        f"{person.name} ({max(c.to_on for c in person.certificates)})"
        for person in people.persons.values()
        if person.certificates and not any(c.to_on >= today for c in person.certificates)
    )
    if ended:
        names = ", ".join(ended)
        yield Check("certificates", True, f"执法证已到期：{names}", f"certificates that have ended: {names}")
    else:
        yield Check("certificates", True, "没有到期的执法证", "no certificate has ended")


def home_checks(folder: Path, mounts: Path = MOUNTS) -> Iterator[Check]:
    """Whether the folder can be written, has room, and does not lie on a network share."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
        yield Check("home", True, f"文件夹可写：{folder}", f"the folder can be written: {folder}")
    except OSError as e:
        zh, en = f"文件夹不可写：{folder}", f"the folder cannot be written: {folder} ({e.strerror})"
        yield Check("home", False, zh, en)
    yield _space_check(folder)
    system = file_system_of(folder, mounts)
    if system in NETWORK_SYSTEMS:
        yield Check(
            "file_system",
            False,
            f"案卷库在网络文件系统（{system}）上，会损坏数据；请移到本机磁盘，或改用PostgreSQL",
            f"the store lies on a network file system ({system}), which damages it; move it to a local disk or use "
            "PostgreSQL",
        )
    elif system is not None:
        yield Check("file_system", True, f"文件系统：{system}", f"file system: {system}")


def document_checks(office: Office, shipped: Iterable[tuple[str, str, str]]) -> Iterator[Check]:
    """Whether the store's rules are those shipped with the program, given as (kind, id, hash): a remark."""
    differing = []
    for kind, id_, hash_ in shipped:
        stored = office.document(kind, id_)
        if stored is None or stored.hash != hash_:
            differing.append(f"{kind}:{id_}")
    if differing:
        names = ", ".join(differing[:10]) + (" …" if len(differing) > 10 else "")
        zh = f"与随程序发布的不同：{names}（库中版本继续有效）"
        yield Check("documents", True, zh, f"not as shipped: {names} (the store's own stay in force)")
    else:
        yield Check("documents", True, "规则与随程序发布的一致", "the rules are as shipped")


def file_system_of(folder: Path, mounts: Path = MOUNTS) -> str | None:
    """The type of the file system under a folder where the system tells it (Linux), else `None`."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
        place = folder.resolve()
    except OSError:
        return None
    found, depth = None, -1
    for line in lines:
        _, _, rest = line.partition(" ")
        point, _, rest = rest.partition(" ")
        where = Path(point.replace("\\040", " "))
        if place.is_relative_to(where) and len(where.parts) >= depth:
            found, depth = rest.partition(" ")[0], len(where.parts)
    return found


def _sqlite_checks(connection: sa.Connection) -> Iterator[Check]:
    log = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
    keys = connection.exec_driver_sql("PRAGMA foreign_keys").scalar()
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    yield Check("log", log == "wal", f"日志方式：{log}", f"journal mode: {log}")
    if keys == 1 and orphans is None:
        yield Check("foreign_keys", True, "数据引用完整", "no row refers to one that is not there")
    else:
        yield Check("foreign_keys", False, "有悬空的数据引用", "rows refer to others that are not there")


def _space_check(folder: Path) -> Check:
    there = next((place for place in (folder, *folder.parents) if place.exists()), Path(os.sep))
    free_megabytes = shutil.disk_usage(there).free // (1024 * 1024)
    return Check(
        "disk",
        free_megabytes * 1024 * 1024 >= LEAST_FREE_BYTES,
        f"可用磁盘空间{free_megabytes} MB（至少应有100 MB）",
        f"free disk space: {free_megabytes} MB (100 MB at least)",
    )
