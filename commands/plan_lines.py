"""How a plan reads on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from commands.failures import reason_lines
from commands.output import table, wrap
from commands.words import t
from engine.plan_values import OnTheWay, Plan, PlannedStep


def plan_lines(plan: Plan) -> Iterator[str]:
    """The plan in one sentence, step by step, what stands in its way, what to mind."""
    if all(plan.said_en != refusal.en for refusal in plan.refusals):
        yield from wrap(t(plan.said_zh, plan.said_en))
    if plan.refusals:
        yield from wrap(t(f"不能照此办到的原因{len(plan.refusals)}条：", f"In the way ({len(plan.refusals)}):"))
    for number, refusal in enumerate(plan.refusals, start=1):
        yield from reason_lines(refusal, f"{number:3}. ")
    if plan.steps:
        headers = (
            t("步骤", "step"),
            t("谁办", "who"),
            t("最早", "earliest"),
            t("最迟", "latest"),
            t("等什么", "waits for"),
        )
        yield from table(headers, [_row(step) for step in plan.steps])
    if plan.warnings:
        yield t("请注意：", "Mind:")
    for warning in plan.warnings:
        yield from reason_lines(warning, "   - ")


def _row(step: PlannedStep) -> tuple[object, ...]:
    roles = t("、", ", ").join(t(role.zh, role.en) for role in step.roles.values())
    waits = t("、", ", ").join(_until(wait) for wait in step.timed.stage.waits_for)
    return (
        t(step.words.zh, step.words.en),
        roles,
        _day(step.timed.earliest_on, step.earliest_provisional),
        _day(step.timed.latest_on, step.latest_provisional),
        waits,
    )


def _until(wait: OnTheWay) -> str:
    due_on = wait.deadline.due_on
    return t(f"{wait.zh}（至{due_on}）", f"{wait.en} (until {due_on})")


def _day(day: date | None, unsure: bool) -> str | None:
    return None if day is None else f"{day}{'*' if unsure else ''}"
