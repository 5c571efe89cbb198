"""`anjuan backup`: copies the store into one file and verifies the copy."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from typer import Option

from commands.door import office_here
from commands.frame import Run, command, single
from commands.output import wrap
from commands.words import t
from engine.backup import back_up

app = single("backup")


@command(
    app,
    "backup",
    zh="备份案卷库并核验\n\n备份是一个SQLite文件，已打开并逐条核验；不覆盖已有文件。",
    en="Back up the store and verify the copy\n\nOne SQLite file, opened and verified; nothing is overwritten.",
    changes=True,
)
def backup(
    run: Run,
    to: Annotated[Path, Option("--to", metavar="FILE", help=t("备份文件", "the file to write"))],
) -> None:
    done = back_up(office_here().store, to, keep=not run.dry_run)
    run.show(
        {"file": done.file, "cases": done.cases, "entries": done.entries, "sha256": done.sha256},
        lambda: [
            *wrap(t(f"已备份并核验：{done.file}", f"Backed up and verified: {done.file}")),
            *wrap(t(f"案件{done.cases}件，记录{done.entries}条", f"cases: {done.cases}, entries: {done.entries}")),
            *wrap(f"SHA-256 {done.sha256}"),
        ],
    )
