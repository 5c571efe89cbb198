"""Charts of every shape for tests: few and many categories, corrections, long names, what nobody counts."""

from __future__ import annotations

from hypothesis import strategies as st

from reports.chart_values import Chart, Label, Panel, Point, Series

NAMES = ("单位", "某某经济技术开发区文化市场综合行政执法大队驻某某街道办事处工作站", "Bureau of Long Names ")
PANEL = Label("罚款金额（万元）", "Fines imposed in the whole period (10 000 yuan)")
SOURCE = Label("来源：本系统", "Source: this system")
NOBODY = Label("尚无来源", "no source")


def a_series(id_: str, *amounts: int | None, name: str = "单位", upright: bool = False, **said: bool) -> Series:
    """A series whose categories are months from January 2018 on, or units."""
    points = []
    for place, amount in enumerate(amounts):
        month = f"{2018 + place // 12}-{place % 12 + 1:02d}"
        month_name, unit_name = Label(month[5:], month[5:]), Label(f"{name}{place}", f"unit {place}")
        label = month_name if upright else unit_name
        points.append(Point(month if upright else f"u{place}", label, amount, why=NOBODY))
    return Series(id_, Label("本次", "now"), tuple(points), **said)


def a_chart(*panels: Panel, upright: bool = False) -> Chart:
    title, about = Label("图表", "Chart"), Label("剑网2018 · 苏州", "Sword Net 2018 · suzhou")
    return Chart("regions", title, about, panels, SOURCE, upright=upright)


amounts = st.one_of(st.none(), st.integers(-9_999_999_999, 9_999_999_999), st.integers(-5, 40))


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    """Any chart: upright or not, 1 to 40 categories, 1 to 3 panels of 1 to 4 series."""
    upright, count = draw(st.booleans()), draw(st.integers(1, 40))
    name = draw(st.sampled_from(NAMES))
    panels = []
    for number in range(draw(st.integers(1, 3))):
        series = []
        for place in range(draw(st.integers(1, 4))):
            figures = draw(st.lists(amounts, min_size=count, max_size=count))
            money, before = draw(st.booleans()), place >= 2
            series.append(
                a_series(f"s{number}{place}", *figures, name=name, upright=upright, money=money, before=before)
            )
        panels.append(Panel(PANEL, tuple(series)))
    return a_chart(*panels, upright=upright)
