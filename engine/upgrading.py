"""Brings the tables of an older store up to this program: a backup first, a rehearsal on a copy, then the store itself.

What cannot be migrated and verified on the copy is never begun on the store.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from engine.backup import copy_as_it_is
from engine.errors import Remedy, StoreUnavailable
from engine.migrating import is_older, migrate, newer, not_initialised
from engine.snapshot import snapshot
from engine.store import Store, is_current, schema_version, sqlite_store
from engine.tables import SCHEMA_VERSION
from engine.verifying import Verified, verify_store
from engine.whole_files import beside, put_new


@dataclass(frozen=True)
class Upgraded:
    """What was done: from which version to which, what was verified, and the backup of the store as it had been.

    `verified` is None where there was nothing to do; `backup` also where it was a rehearsal.
    """

    before: str
    after: str
    verified: Verified | None
    backup: Path | None
    sha256: str | None


def upgrade_tables(store: Store, folder: Path, *, keep: bool = True) -> Upgraded:
    """Upgrade the tables; with `keep=False` only on a copy that is thrown away. The backup is put into `folder`.

    Raises StoreUnavailable: `store.not_initialised`, `store.newer`, `upgrade.not_verified`. Until the store itself is
    migrated, which happens whole or not at all, nothing is changed.
    """
    before = _version_of(store)
    if is_current(before):
        return Upgraded(before, before, None, None, None)
    if not is_older(before):
        raise newer(store, before)
    with _unfinished(folder / f"before-upgrade-{before}.db") as copy:
        copy_as_it_is(store, copy)
        rehearsed = _rehearsed(copy, store.place)
        if not keep:
            return Upgraded(before, SCHEMA_VERSION, rehearsed, None, None)
        with copy.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        backup = _put_beside(copy, folder, before)
    migrate(store)
    with snapshot(store) as work:
        verified = verify_store(work)
    _require_ok(verified, store.place)
    return Upgraded(before, SCHEMA_VERSION, verified, backup, sha256)


def _version_of(store: Store) -> str:
    version = schema_version(store)
    if version is None:
        raise not_initialised(store)
    return version


def _rehearsed(copy: Path, place: str) -> Verified:
    """The copy of the copy, migrated and verified."""
    with _unfinished(copy) as trial:
        shutil.copyfile(copy, trial)
        store = sqlite_store(trial)
        try:
            migrate(store)
            with snapshot(store) as work:
                verified = verify_store(work)
        finally:
            store.close()
    _require_ok(verified, place)
    return verified


def _require_ok(verified: Verified, place: str) -> None:
    bad = verified.first_bad
    if bad is not None:
        raise StoreUnavailable(
            "upgrade.not_verified",
            f"升级后核验未通过：{place}（{bad.book}第{bad.seq}条，{bad.zh}）",
            f"the upgraded store does not verify: {place} ({bad.book}, entry {bad.seq}: {bad.en})",
            Remedy(
                "用原程序核验（anjuan ledger verify），或者从备份恢复",
                "verify it with the program that made it (anjuan ledger verify), or restore a backup",
            ),
        )


def _put_beside(copy: Path, folder: Path, version: str) -> Path:
    """The first free name: an earlier backup is never overwritten."""
    number = 1
    while True:
        name = f"before-upgrade-{version}{f'-{number}' if number > 1 else ''}.db"
        try:
            put_new(copy, folder / name)
        except FileExistsError:
            number += 1
        else:
            return folder / name


@contextmanager
def _unfinished(place: Path) -> Iterator[Path]:
    """A hidden name beside the place; nothing is left under it."""
    file = beside(place)
    try:
        yield file
    finally:
        for leftover in (file, *(Path(f"{file}{end}") for end in ("-wal", "-shm", "-journal"))):
            leftover.unlink(missing_ok=True)
