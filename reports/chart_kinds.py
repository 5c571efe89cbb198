"""The panels of the charts that follow cases and months, filled in from the record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from reports.board_counters import began_on
from reports.chart_counts import Sums, courses_in, sums_in
from reports.chart_figures import NO_SOURCE, NOW, Content, Figures, fed, told, with_before
from reports.chart_ground import Setting
from reports.chart_months import growing, month_of, months_from
from reports.chart_stages import Course, closed_on, funnel_series, main_workflow, stages_in
from reports.chart_values import Label, Panel, Point, Series, not_counted

FILED, CLOSED, REMOVED = Label("立案", "filed"), Label("结案", "closed"), Label("删除链接", "links removed")
LINKS = {
    "links_found": Label("发现", "found"),
    "links_notified": Label("通知", "notified"),
    "links_removed": Label("删除", "removed"),
}


def funnel(at: Setting) -> Content:
    """How many cases of the main workflow reached each stage; those that came into the campaign in the period."""
    courses = _of_period(at, courses_in(at.work, at.asked, at.ground.scope.units))
    workflow = main_workflow(courses)
    if workflow is None:
        return Content(())
    main = [course for course in courses if course.workflow == workflow]
    in_force = at.office.definitions().get(workflow)
    older = (at.office.definition_of(at.work, hash_) for hash_ in sorted({course.definition for course in main}))
    stages, stage_of = stages_in(one for one in (in_force, *older) if one is not None)
    own = [course for course in main if course.campaign == at.plan.id]
    all_series = [funnel_series("reached", NOW, own, stages, stage_of, at.until)]
    if at.previous is not None:
        before = [course for course in main if course.campaign == at.previous.id]
        on = at.previous.on
        all_series.append(funnel_series("reached.previous", at.before_name, before, stages, stage_of, on, before=True))
    head = Label(f"到达各阶段的案件（共{len(own)}件）", f"Cases that reached each stage (of {len(own)})")
    remarks = [
        Label(
            "截至当日曾处于某阶段任一状态（多个当事人的，任一当事人）的案件，该阶段计一次；约谈整改、移送公安不是必经阶段",
            "A case counts once in every stage in whose states it, or one of its parties, has stood by the day; "
            "not every case passes through every stage",
        )
    ]
    others = sum(course.campaign == at.plan.id for course in courses) - len(own)
    if others:
        remarks.append(Label(f"其他流程的案件{others}件未计", f"Cases of other workflows are left out: {others}"))
    return Content((Panel(head, tuple(all_series)),), remarks=tuple(remarks))


def monthly(at: Setting) -> Content:
    """Cases filed and closed, and links removed, month by month."""
    sums = sums_in(at.work, at.asked, at.ground.scope.units, ("filed", "links_removed"))
    closings = _closings(at)
    months = _months(at, sums, closings.get(at.plan.id, {}))
    cases = [
        *with_before(at, "filed", FILED, months, lambda f: f.by_month("filed"), sums),
        *with_before(at, "closed", CLOSED, months, lambda f: closings.get(f.campaign, {}), sums),
    ]
    links = with_before(at, "links_removed", REMOVED, months, lambda f: f.by_month("links_removed"), sums)
    panels = (
        Panel(Label("案件（件）", "Cases"), tuple(cases)),
        Panel(Label("删除侵权链接（条）", "Infringing links removed"), tuple(links)),
    )
    remark = Label(
        "立案、删除链接按计入的月份，更正以负数计入；结案按案件最后进入终结状态的月份",
        "Filed and removed by the month in which they count, corrections with their sign; closed by the month since "
        "which the case has stood in an end",
    )
    return told(panels, remark)


def fines(at: Setting) -> Content:
    """Fines imposed, month by month and added up."""
    sums = sums_in(at.work, at.asked, at.ground.scope.units, ("fines_fen",))
    months = _months(at, sums, {})
    each = with_before(
        at, "fines_wan", Label("当月", "in the month"), months, lambda f: f.by_month("fines_fen"), sums, money=True
    )
    added = with_before(
        at,
        "fines_cumulative_wan",
        Label("累计", "added up"),
        months,
        lambda f: growing(
            f.by_month("fines_fen"), months if f.campaign == at.plan.id else [at.month_before(m) for m in months]
        ),
        sums,
        money=True,
    )
    panels = (
        Panel(Label("当月罚款（万元）", "Fines in the month (10 000 yuan)"), tuple(each)),
        Panel(Label("累计罚款（万元）", "Fines added up (10 000 yuan)"), tuple(added)),
    )
    return told(panels, Label("撤销、更正以负数计入所在月份", "What was set aside or corrected counts as negative"))


def links(at: Setting) -> Content:
    """Links found, notified, removed."""
    sums = sums_in(at.work, at.asked, at.ground.scope.units, tuple(LINKS))
    known = fed(at, sums)

    def series(id_: str, label: Label, campaign: str, *, before: bool) -> Series:
        figures = Figures(sums, campaign, known)
        points = []
        for measure, name in LINKS.items():
            counted = figures.by_month(measure)
            within = [n for m, n in (counted or {}).items() if at.counts(m, before=before)]
            points.append(Point(measure, name, None if counted is None else sum(within), why=NO_SOURCE))
        return Series(id_, label, tuple(points), before=before)

    found = [series("links", NOW, at.plan.id, before=False)]
    if at.previous is not None:
        found.append(series("links.previous", at.before_name, at.previous.id, before=True))
    missing = tuple(not_counted(measure, name) for measure, name in LINKS.items() if measure not in known)
    return Content((Panel(Label("侵权链接（条）", "Infringing links"), tuple(found)),), missing)


def _of_period(at: Setting, courses: Iterable[Course]) -> list[Course]:
    return [c for c in courses if at.counts(month_of(c.since), before=c.campaign != at.plan.id)]


def _closings(at: Setting) -> Mapping[str, Counter[str]]:
    """How many cases ended in each month, by campaign, up to the last day that counts for it."""
    until = {one.campaign: one.until for one in at.asked}
    found: dict[str, Counter[str]] = {campaign: Counter() for campaign in until}
    ends: dict[str, frozenset[str]] = {}
    for course in courses_in(at.work, at.asked, at.ground.scope.units):
        if course.definition not in ends:
            definition = at.office.definition_of(at.work, course.definition)
            states = definition.states.items() if definition is not None else ()
            ends[course.definition] = frozenset(name for name, state in states if state.end)
        on: date | None = closed_on(course, ends[course.definition])
        if on is not None and on <= until[course.campaign]:
            found[course.campaign][month_of(on)] += 1
    return found


def _months(at: Setting, sums: Sums, closings: Mapping[str, int]) -> tuple[str, ...]:
    """From the first month of the run to the one asked for; else to the end of the run or of the figures."""
    counted = {*(period for campaign, _, period, _ in sums if campaign == at.plan.id), *closings}
    last = at.ground.month.month
    counted = {month for month in counted if month <= last}
    first = min({month_of(began_on(at.plan)), *counted})
    if not at.month_named and at.plan.ends_on is not None:
        last = min(last, max({month_of(at.plan.ends_on), *counted}))
    return months_from(min(first, last), last)
