"""`anjuan case attach`: puts a file to a case."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

from typer import Argument, Option, Typer

from commands.case_act_lines import attached_lines
from commands.case_steps import CaseNo
from commands.door import Desk, office_here
from commands.frame import Run, command
from commands.history_lines import history_document
from commands.once import Key, once, record
from commands.words import t
from engine.attaching import attach as attach_file
from engine.evidence import measured
from engine.home import evidence_folder

File = Annotated[Path, Argument(metavar="FILE", help=t("文件", "the file"))]
Kind = Annotated[str, Option("--kind", metavar="K", help=t("种类，如 截图", "what kind of file, such as screenshot"))]


def hang(app: Typer) -> None:
    """Makes the act a command of the noun."""
    command(
        app,
        "attach",
        zh="附文件\n\n文件按内容散列值存入案卷库的evidence文件夹，每份内容只存一次；记录中有文件名、大小和散列值。",
        en="Attach a file\n\nKept by the hash of its content in the folder evidence of the store, once each; the "
        "record has its name, size and hash.",
        changes=True,
    )(attach)


def attach(run: Run, case_no: CaseNo, file: File, kind: Kind = "", key: Key = None) -> None:
    """Attaches a file; it moves neither state nor version."""
    office = office_here()
    folder = evidence_folder(os.environ)
    content = measured(file).sha256 if key is not None else None  # the same request is one with the same content
    request = {"attach": case_no, "sha256": content, "name": file.name, "kind": kind}

    def act(desk: Desk) -> dict[str, Any]:
        who = desk.who.name
        done = attach_file(office, desk.work, case_no, who, file, folder, kind.strip(), store=not run.dry_run)
        named = {**done.kept.document(), "kind": kind.strip()}
        return {"case_no": case_no, **history_document(done.entry), "file": named}

    done = once(run, office, key, request, act, record)
    run.show(done, lambda: attached_lines(done))
