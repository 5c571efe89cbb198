"""Counts what a run did, and tells of everything that was not sent, with its reason."""

from __future__ import annotations

from dataclasses import dataclass

from engine.agenda import Rung
from engine.errors import AnjuanError
from notifications.dispatching import TAKEN, Dispatched
from notifications.mail_store import SENT, SUPPRESSED
from notifications.person_mails import Gathered
from notifications.queueing import Queued
from notifications.telling import Tell
from notifications.truth import SUPERSEDED


@dataclass
class RunCount:
    """What was done so far. `settled` counts the rungs that a rehearsal would settle."""

    tell: Tell
    sent: int = 0
    suppressed: int = 0
    failed: int = 0
    settled: int = 0
    happened: int = 0

    def add_queued(self, queued: Queued) -> None:
        """What became of the rungs of one subject."""
        self.suppressed += len(queued.suppressed) + len(queued.muted)
        self.failed += len(queued.refused) + queued.nobody
        for rung, why in queued.suppressed:
            if why != SUPERSEDED:  # the reminder in its place goes out: nothing for anybody to look after
                self.tell(f"{name(rung)}：不发送，{why.zh}", f"{name(rung)}: not sent, {why.en}")
        for mail in queued.refused:
            self.tell(
                f"{mail.to_name}：无法发送“{mail.subject}”：{mail.refused}",
                f"{mail.to_name}: cannot be sent: {mail.refused}",
            )

    def add_gathered(self, gathered: Gathered) -> None:
        """The mails to one person about many things."""
        self.add_queued(Queued(gathered.mails, gathered.suppressed))
        self.failed += gathered.failed

    def add_dispatched(self, done: Dispatched | None) -> None:
        """What became of one mail."""
        if done is None:
            return
        if done.state == SENT:
            self.sent += 1
        elif done.state == SUPPRESSED:
            self.suppressed += 1
        elif done.state != TAKEN:
            self.failed += 1
        if done.why:
            line = done.mail.line
            self.tell(
                f"第{line.id}号邮件（{line.to_name}）：{done.why.zh}", f"mail {line.id} ({line.to_name}): {done.why.en}"
            )

    def add_failed(self, zh: str, en: str, wrong: AnjuanError) -> None:
        """Something, so called, of which nothing came; it is tried again by the next run."""
        self.failed += 1
        self.tell(f"{zh}：未能办理：{wrong.zh}", f"{en}: could not be done: {wrong.en}")


def name(rung: Rung) -> str:
    """How a rung is called to people."""
    return f"{rung.book.partition(':')[2] or rung.unit} {rung.subject} {rung.due_on}"
