"""Says what `doctor` finds of the runs that an office owes itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.health import Check
from notifications.silence import OwedRun, Standing


def run_checks(standings: Iterable[Standing]) -> Iterator[Check]:
    """One check of each run (`run_reminders`, `run_digest`, `run_backup`): since when it is missed, what to type."""
    for one in standings:
        if one.since is not None:
            yield _missed(one)
        elif one.ahead:
            yield _ahead(one)
        else:
            yield _in_time(one)


def _missed(one: Standing) -> Check:
    run = one.run
    last_zh = f"上次{one.last_on}" if one.last_on else "从未进行"
    last_en = f"last run on {one.last_on}" if one.last_on else "never run"
    zh = f"{one.zh}（{last_zh}），应当{run.often_zh}；{run.mend_zh}：{run.command}"
    en = f"{one.en} ({last_en}), owed {run.often_en}; {run.mend_en}: {run.command}"
    return _check(run, False, zh, en)


def _ahead(one: Standing) -> Check:
    """A remark: whether a run was missed cannot be said until the clock is right or it has run again."""
    run = one.run
    zh = f"请注意：{run.zh}上次日期为{one.last_on}，在今天之后，请核对本机时钟；再进行一次即更正：{run.command}"
    en = f"mind: {run.en}: last run on {one.last_on}, which is after today; check the clock of this machine; "
    return _check(run, True, zh, f"{en}the next run puts it right: {run.command}")


def _in_time(one: Standing) -> Check:
    run = one.run
    if one.last_on is None:
        return _check(run, True, f"{run.zh}尚未进行过，目前也不必进行", f"{run.en}: not run yet, and none is owed yet")
    return _check(run, True, f"{run.zh}按时进行，上次{one.last_on}", f"{run.en}: in time, last run on {one.last_on}")


def _check(run: OwedRun, ok: bool, zh: str, en: str) -> Check:
    return Check(f"run_{run.id}", ok, zh, en)
