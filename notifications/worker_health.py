"""Looks after the workers: one that fell silent, and jobs that somebody left behind; what `doctor` says of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from engine.health import MOST_NAMED, Check
from engine.jobs import queue_of
from engine.store import Work
from engine.workers import workers


def worker_checks(work: Work, machine_now: datetime) -> Iterator[Check]:
    """Whether a worker fell silent and nobody is in its place, and whether jobs were left behind.

    An office without workers is in order: it runs `anjuan remind run`, and the silence alarm watches over that.
    """
    found = [(one, one.state(machine_now)) for one in workers(work, machine_now)]
    working = [one for one, state in found if state == "working"]
    silent = [one for one, state in found if state == "silent"]
    if silent and not working:
        names = [f"{one.machine}/{one.process}" for one in silent[:MOST_NAMED]]
        zh, en = "、".join(names), ", ".join(names)
        yield Check(
            "workers",
            False,
            f"常驻进程无响应，没有其他进程在运行：{zh}，anjuan worker",
            f"workers that fell silent, with none in their place: {en}, anjuan worker",
        )
    else:
        yield Check("workers", True, f"常驻进程：{len(working)}个在运行", f"workers: {len(working)} working")
    counts = queue_of(work.store).counts(work)
    if counts.stalled:
        yield Check(
            "jobs",
            False,
            f"中断的任务{counts.stalled}项（进程已停，由下一次运行接办）：anjuan remind run",
            f"jobs left behind by a process that has gone: {counts.stalled}; the next run does them: anjuan remind run",
        )
    else:
        yield Check(
            "jobs", True, f"没有中断的任务，待办{counts.waiting}项", f"no job left behind, {counts.waiting} wait"
        )
