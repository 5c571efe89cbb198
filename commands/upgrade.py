"""`anjuan upgrade`: brings a store that an earlier program made up to this one, after a backup."""

from __future__ import annotations

import os
from collections.abc import Iterator

from commands.frame import Run, command, single
from commands.output import wrap
from commands.words import t
from engine.clock import SystemClock
from engine.errors import Remedy, StoreUnavailable
from engine.home import Home, home_from
from workflows.upgrading import Renewed, upgrade

app = single("upgrade")


@command(
    app,
    "upgrade",
    zh="升级较早程序建立的案卷库\n\n先备份，在副本上演练并核验，再升级案卷库本身。升级前请停用其他正在使用它的程序。",
    en="Upgrade a store that an earlier program made\n\nA backup comes first, then a rehearsal on a copy, then the "
    "store itself. Stop whatever else uses it before.",
    changes=True,
)
def upgrade_here(run: Run) -> None:
    home = home_from(os.environ)
    _require_store(home)
    done = upgrade(home, SystemClock(), keep=not run.dry_run)
    tables = done.tables
    run.show(
        {
            "from": tables.before,
            "to": tables.after,
            "upgraded": tables.verified is not None and not run.dry_run,
            "backup": tables.backup,
            "sha256": tables.sha256,
            "cases": tables.verified.cases if tables.verified else None,
            "entries": tables.verified.entries if tables.verified else None,
            "added": [{"kind": kind, "id": id_} for kind, id_ in done.added],
            "differing": [{"kind": kind, "id": id_} for kind, id_ in done.differing],
            "drafts": list(done.drafts),
        },
        lambda: _lines(done, rehearsal=run.dry_run),
    )


def _require_store(home: Home) -> None:
    """A file that is not there must not come to be by being looked at."""
    if home.database is None and not home.database_file.exists():
        raise StoreUnavailable(
            "store.not_initialised",
            f"这里还没有建库：{home.folder}",
            f"there is no store here yet: {home.folder}",
            Remedy("先建库", "create the store first", "anjuan init"),
        )


def _lines(done: Renewed, *, rehearsal: bool) -> Iterator[str]:
    tables = done.tables
    if tables.verified is None:
        if not done.added and not done.drafts:
            yield t(
                f"案卷库已是本程序的版本（{tables.before}），无须升级", f"nothing to do: the store has {tables.before}"
            )
            return
        yield t(
            f"案卷库的表已是本程序的版本（{tables.before}）", f"the tables are those of this program: {tables.before}"
        )
        yield from _rule_lines(done)
        return
    checked = tables.verified
    counts_zh = f"案件{checked.cases}件，记录{checked.entries}条"
    counts_en = f"cases: {checked.cases}, entries: {checked.entries}"
    if rehearsal:
        yield from wrap(
            t(
                f"可以从版本{tables.before}升级到{tables.after}：已在副本上演练并核验（{counts_zh}），案卷库未作改动",
                f"can be upgraded from {tables.before} to {tables.after}: rehearsed and verified on a copy "
                f"({counts_en}); the store was not changed",
            )
        )
        return
    yield from wrap(
        t(f"已从版本{tables.before}升级到{tables.after}", f"upgraded from {tables.before} to {tables.after}")
    )
    yield from wrap(t(f"升级前的备份：{tables.backup}", f"backup of what was before: {tables.backup}"))
    yield from wrap(f"SHA-256 {tables.sha256}")
    yield from wrap(t(f"已核验：{counts_zh}", f"verified: {counts_en}"))
    yield from _rule_lines(done)


def _rule_lines(done: Renewed) -> Iterator[str]:
    """What the program brought besides the tables."""
    if done.added:
        names = t("、", ", ").join(id_ for _, id_ in done.added)
        yield from wrap(t(f"新增随程序发布的规则：{names}", f"rules that came new with the program: {names}"))
    if done.differing:
        names = t("、", ", ").join(id_ for _, id_ in done.differing)
        yield from wrap(
            t(
                f"本程序另有新版本而未启用的规则，仍用原版本：{names}",
                f"this program ships other versions of these; yours stay in force: {names}",
            )
        )
    for id_ in done.drafts:
        yield from wrap(
            t(
                f"流程“{id_}”随程序有新版本，已存为草案；现行版本继续有效，启用由两人办理：",
                f"the program brings another version of {id_}, kept as a draft; yours stays in force until two people "
                "decide otherwise:",
            )
        )
        yield f"  anjuan workflow versions {id_}"
