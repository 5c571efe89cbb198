"""`anjuan backup`: copies the store into one file and verifies the copy."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

from typer import Option

from commands.door import office_here
from commands.frame import Run, command, single
from commands.output import wrap
from commands.words import t
from engine.backup import back_up
from engine.backup_day import backed_up
from engine.clock import today
from engine.errors import AnjuanError
from engine.office import Office

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
    office = office_here()
    on = today(office.clock)  # the copy holds what there is now, however long it takes
    done = back_up(office.store, to, keep=not run.dry_run)
    if not run.dry_run:
        _remember(run, office, on)
    run.show(
        {"file": done.file, "cases": done.cases, "entries": done.entries, "sha256": done.sha256},
        lambda: [
            *wrap(t(f"已备份并核验：{done.file}", f"Backed up and verified: {done.file}")),
            *wrap(t(f"案件{done.cases}件，记录{done.entries}条", f"cases: {done.cases}, entries: {done.entries}")),
            *wrap(f"SHA-256 {done.sha256}"),
        ],
    )


def _remember(run: Run, office: Office, on: date) -> None:
    """Notes the day, or says that it could not: the backup is good all the same."""
    try:
        with office.store.writing() as work:
            backed_up(work, on)
    except AnjuanError as error:
        for line in wrap(
            t(
                f"备份已做好并核验，但未能记下日期，doctor仍会提示：{error.zh}",
                f"the backup is good, but its day could not be noted and doctor will go on asking: {error.en}",
            )
        ):
            run.say(line, line)
