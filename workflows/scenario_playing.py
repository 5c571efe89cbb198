"""Plays the scenarios that travel with a definition, each in a practice office of its own that is thrown away.

The office is founded in a temporary folder, under the law shipped with the program and with the definition in force;
the rules that an office has added to that law can be taken along.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

from engine.book_store import append
from engine.campaign_checks import read_campaign
from engine.clock import SHANGHAI, StandingClock, legal_day
from engine.data_files import data_folder
from engine.definitions import Definition
from engine.documents import Document, add_document
from engine.errors import FileWrong
from engine.home import Home
from engine.ledger import STORE_BOOK, Said
from engine.office import Office
from engine.store import Work, sqlite_store
from workflows import guards
from workflows.campaign_loading import load_campaign
from workflows.founding import ADMIN, Founding, found
from workflows.scenario_acts import CAMPAIGN, Outcome, Stage, play
from workflows.scenario_files import files_in, read_scenario

# Before every scenario: the first year whose holidays are shipped.
FOUNDED_AT = datetime(2007, 1, 1, 9, 0, tzinfo=SHANGHAI)
# From when shipped documents are in force; what replaces one here must hold as early.
ALWAYS = date(1990, 1, 1)


def played(
    definition: Definition,
    folders: Iterable[Path],
    rules: Iterable[Document] = (),
    advance: Callable[[int], None] = lambda _: None,
) -> tuple[Outcome, ...]:
    """How every scenario in those folders goes under the definition, by name; `folders_of` a file tells them.

    `rules` are time limits and parameters that the practice office is to know besides those shipped; `advance` hears
    of each scenario played. A file that cannot be read is told as an outcome too. Raises StoreUnavailable and OSError
    where nothing can be written.
    """
    files = files_in(folders)
    if not files:
        return ()
    guards.known()
    outcomes = []
    with tempfile.TemporaryDirectory(prefix="anjuan-scenarios-") as folder:
        template = _founded(Path(folder), definition, rules)
        for name in files:
            outcomes.append(_played(template, definition, name, files))
            advance(1)
    return tuple(outcomes)


def prepare(office: Office, work: Work) -> None:
    """Load the campaign under which scenarios are played, unless it is there."""
    office.refresh(work)
    if office.document("campaign", CAMPAIGN) is None:
        plan, _ = read_campaign(data_folder() / "practice" / f"{CAMPAIGN}.yaml")
        load_campaign(office, work, office.people.person("campaign_office"), plan)


def _played(template: Path, definition: Definition, name: str, files: Mapping[str, Path]) -> Outcome:
    try:
        file = read_scenario(name, files)
    except FileWrong as wrong:
        return Outcome(name, name, name, wrong.problems)
    with _office_on(template) as (office, clock):
        return play(Stage(office, clock, definition), file)


def _founded(folder: Path, definition: Definition, rules: Iterable[Document]) -> Path:
    """A practice store in a file, to be copied: that is quicker than founding one for each scenario."""
    home, clock = Home(folder / "home", None), StandingClock(FOUNDED_AT)
    found(home, Founding(practice=True, account="scenario", clock=clock))
    office = Office(sqlite_store(home.database_file), clock, practice=True)
    with office.store.writing() as work:
        prepare(office, work)
        there = office.document("workflow", definition.workflow)
        based_on = there.hash if there is not None else None
        local = definition.model_copy(update={"based_on": based_on}).as_document()
        added = [rule for rule in rules if office.document(rule.kind, rule.id) is None]
        if there is None or there.hash != definition.hash:
            added.append(Document("workflow", definition.workflow, "", local))
        _keep(office, work, added)
    office.store.close()
    return home.database_file


def _keep(office: Office, work: Work, documents: Iterable[Document]) -> None:
    now, reason = office.clock.now(), "演练 / for scenarios"
    kept = [
        add_document(work, d.kind, d.id, d.content, effective_on=ALWAYS, author=ADMIN, reason=reason, at=now)
        for d in documents
    ]
    if kept:
        effects = {"act": "load", "documents": [[d.kind, d.id, d.hash] for d in kept]}
        append(
            work, Said(STORE_BOOK, "workflow", ADMIN, legal_day(now).isoformat(), now, reason=reason, effects=effects)
        )


@contextmanager
def _office_on(template: Path) -> Iterator[tuple[Office, StandingClock]]:
    """An office on a copy of that store, which is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="anjuan-scenario-") as folder:
        file = Path(folder) / template.name
        shutil.copy(template, file)
        # Nothing of it outlives the play: what the disk forgets in a power cut is no loss.
        store = sqlite_store(file, synchronous="OFF")
        clock = StandingClock(FOUNDED_AT)
        try:
            yield Office(store, clock, practice=True), clock
        finally:
            store.close()
