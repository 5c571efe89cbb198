"""Records the statements that the product runs, with their parameters, and replays them on the raw driver."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.store import Statement, Store


@dataclass
class Ran:
    """One statement as it was sent, with its parameters: several rows are one `executemany`."""

    text: str
    rows: list[Any] = field(default_factory=list)


class RecordingStore(Store):
    """A store on the same database that keeps what is sent to it."""

    def __init__(self, store: Store) -> None:
        super().__init__(store.engine, store.place)
        self.ran: list[Ran] = []

    def compiled(self, statement: Statement) -> Any:
        compiled = super().compiled(statement)
        ran = Ran(compiled.text)
        self.ran.append(ran)
        return _Listening(ran, compiled.arguments)

    def take(self) -> tuple[Ran, ...]:
        """What was sent since the last time."""
        taken, self.ran = tuple(self.ran), []
        return taken


class _Listening:
    """A compiled statement whose parameters are kept as they are made."""

    def __init__(self, ran: Ran, arguments: Callable[[Mapping[str, Any]], Any]) -> None:
        self.text = ran.text
        self._ran = ran
        self._arguments = arguments

    def arguments(self, values: Mapping[str, Any]) -> Any:
        made = self._arguments(values)
        self._ran.rows.append(made)
        return made


def replay(raw: Any, steps: Sequence[Sequence[Ran]], begin: str | None, *, in_one_commit: bool) -> None:
    """Send the same statements through the raw driver, a commit after each step or one at the end."""
    if in_one_commit and begin:
        raw.execute(begin)
    for step in steps:
        if begin and not in_one_commit:
            raw.execute(begin)
        for ran in step:
            if len(ran.rows) > 1:
                raw.cursor().executemany(ran.text, ran.rows)
                continue
            cursor = raw.execute(ran.text, ran.rows[0])
            if cursor.description is not None:
                cursor.fetchone()
        if not in_one_commit:
            raw.commit()
    if in_one_commit:
        raw.commit()
