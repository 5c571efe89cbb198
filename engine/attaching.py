"""Attaches a file to a case: kept by its content first, then named by an entry of the case's book."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.answers import require_text
from engine.casework import add_entry, find_case
from engine.errors import InputWrong
from engine.evidence import Kept, keep, measured
from engine.ledger import Entry
from engine.office import Office
from engine.store import Work

ATTACH = "attach"
LONGEST_KIND = 60


@dataclass(frozen=True)
class Attached:
    """The file as it was kept, and the entry that names it."""

    kept: Kept
    entry: Entry


def attach(
    office: Office,
    work: Work,
    case_no: str,
    actor: str,
    file: Path,
    folder: Path,
    kind: str = "",
    *,
    store: bool = True,
) -> Attached:
    """Attach it; with `store=False` the file is measured and not kept, for an act that will be rolled back.

    It moves neither state nor version. Raises NotFound, Forbidden, InputWrong, and as `keep`.
    """
    require_text(kind)
    if len(kind) > LONGEST_KIND or not kind.isprintable():
        raise InputWrong(
            "kind.invalid",
            f"文件种类应为不超过{LONGEST_KIND}字的名称",
            f"the kind of a file is a name of at most {LONGEST_KIND} characters",
        )
    case = find_case(office, work, case_no, actor)
    kept = keep(folder, file) if store else measured(file)
    require_text(kept.name)
    effects = {"file": {**kept.document(), "kind": kind}}
    return Attached(kept, add_entry(office, work, case, actor, ATTACH, effects, None))
