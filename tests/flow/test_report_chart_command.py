"""`report chart` as typed words: the file, its JSON, the numbers on the terminal, and what is wrong in one sentence."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from builders import CAMPAIGN, Scene, scene_in
from typed import Anjuan, typed_at

from commands.output import MAX_WIDTH, display_width
from engine.home import Home
from reports import chart_drawing
from reports.chart_ground import KINDS

CHART = ("report", "chart", CAMPAIGN)


@pytest.fixture
def anjuan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Anjuan:
    """Runs `anjuan` in this process on 9 October 2018, with one case that was rectified and one that was filed."""
    _cases(scene_in(Home(tmp_path / "home", None)))
    return typed_at("2018-10-09", tmp_path / "home", monkeypatch, capsys)


def _cases(scene: Scene) -> None:
    scene.walk(scene.open("2018-09-03"), "verify interview order_rectification recheck close_rectified", "2018-09-04")
    scene.walk(scene.open("2018-09-03"), "verify file", "2018-09-05")
    scene.office.store.close()


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_drawn_and_its_numbers_stand_on_the_terminal(
    anjuan: Anjuan, tmp_path: Path, kind: str, lang: str
) -> None:
    file = tmp_path / f"{kind}.svg"
    words = (*CHART, "--kind", kind, "--to", str(file), "--as", "campaign_office", "--lang", lang)

    shown, said = anjuan(*words), anjuan(*words, "--json").json

    assert shown.code == 0
    assert all(display_width(line) <= MAX_WIDTH or str(tmp_path) in line for line in shown.out.splitlines())
    assert set(said) >= {"file", "kind", "sha256", "series", "missing", "remarks", "campaign", "period"}
    assert (said["file"], said["kind"]) == (str(file), kind)
    assert said["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    svg = file.read_text(encoding="utf-8")
    values = [str(point["value"]) for one in said["series"] for point in one["points"] if point["value"] is not None]
    assert values
    assert [value for value in values if value not in shown.out or value not in svg] == []


def test_the_funnel_reads_without_the_picture(anjuan: Anjuan, tmp_path: Path) -> None:
    shown = anjuan(*CHART, "--kind", "funnel", "--to", str(tmp_path / "a.svg"), "--as", "campaign_office")

    for told in ("案件办理漏斗", "剑网2018", "共2件", "立案调查", "结案", "来源：本系统", "截至2018-10-09"):
        assert told in shown.out


def test_what_nothing_counts_is_named_on_the_terminal_and_on_the_picture(anjuan: Anjuan, tmp_path: Path) -> None:
    file = tmp_path / "links.svg"
    shown = anjuan(*CHART, "--kind", "links", "--to", str(file), "--as", "campaign_office")

    for told in ("“发现”尚无办理步骤计数，未画出，不是0", "尚无来源"):
        assert told in shown.out
        assert told in file.read_text(encoding="utf-8")


def test_a_png_is_written_where_no_chinese_is_on_it(
    anjuan: Anjuan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chart_drawing, "_installed", frozenset)
    file = tmp_path / "a.PNG"

    ended = anjuan(*CHART, "--kind", "fines", "--to", str(file), "--as", "campaign_office", "--lang", "en")

    assert ended.code == 0
    assert file.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_without_a_chinese_font_nothing_is_written_and_what_to_install_is_said(
    anjuan: Anjuan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.setattr(chart_drawing, "_installed", frozenset)
    monkeypatch.setattr("commands.report_chart.language", lambda: "zh")
    file = tmp_path / "a.png"

    ended = anjuan(*CHART, "--kind", "fines", "--to", str(file), "--as", "campaign_office", "--lang", lang)

    assert ended.code == 1
    assert "fonts-noto-cjk" in ended.err
    assert "Traceback" not in ended.err
    assert not file.exists()


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--kind", "pie", "--to", "{}/a.svg"), 2, "funnel"),
        (("--kind", "funnel", "--to", "{}/a.pdf"), 2, ".svg"),
        (("--kind", "funnel", "--to", "{}"), 2, ".svg"),
        (("--kind", "funnel", "--to", "{}/none/a.svg"), 2, "none"),
        (("--kind", "funnel"), 2, "--to"),
        (("--to", "{}/a.svg"), 2, "--kind"),
        (("--kind", "funnel", "--to", "{}/a.svg", "--month", "2018-13"), 2, "2018-13"),
        (("--kind", "funnel", "--to", "{}/a.svg", "--month", "2018-11"), 2, "2018-10"),
        (("--kind", "phases", "--to", "{}/a.svg", "--previous"), 2, "--previous"),
        (("--kind", "monthly", "--to", "{}/a.svg", "--previous"), 6, "--previous"),
        (("--kind", "funnel", "--to", "{}/a.svg", "--unit", "nowhere"), 6, "nowhere"),
        (("--kind", "funnel", "--to", "{}/a.svg", "--unit", "jiangsu"), 4, "jiangsu"),
    ],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_does_not_fit_is_told_with_the_right_exit_code_and_writes_nothing(
    anjuan: Anjuan, tmp_path: Path, words: tuple[str, ...], code: int, told: str, lang: str
) -> None:
    folder = tmp_path / "charts"
    folder.mkdir()

    ended = anjuan(*CHART, *(word.format(folder) for word in words), "--as", "campaign_office", "--lang", lang)

    assert ended.code == code
    assert told in ended.err
    assert "Traceback" not in ended.err
    assert list(folder.iterdir()) == []


def test_a_file_that_cannot_be_replaced_stays_as_it_was(
    anjuan: Anjuan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.svg"
    file.write_text("earlier", encoding="utf-8")

    def full(*_: object) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr("reports.written_files.write_whole", full)
    ended = anjuan(*CHART, "--kind", "funnel", "--to", str(file), "--as", "campaign_office", "--json")

    assert (ended.code, ended.json["error"]["code"]) == (1, "file.not_written")
    assert file.read_text(encoding="utf-8") == "earlier"
