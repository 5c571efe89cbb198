"""`anjuan campaign new`: begins a campaign file; on a terminal it asks for what was not typed."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, TypeVar, get_args

from typer import Argument, Option, Typer

from commands.arguments import parse_day
from commands.campaign_names import path_of
from commands.campaign_problem_lines import remark_lines
from commands.campaign_words import LEVELS
from commands.door import reading
from commands.failures import problem_document
from commands.frame import Run, command
from commands.questions import can_ask, question
from commands.rules_here import clock_of, office_or_none
from commands.words import t
from engine.campaign_plan import Level
from engine.clock import today
from engine.errors import InputWrong, Problem, Remedy
from engine.office import Office
from workflows.campaign_loading import read_checked
from workflows.campaign_new import Beginning, begin_campaign
from workflows.new_files import require_place

# Where nobody knows the unit: a store has none of that id, so loading takes the unit of the one who loads.
OWN_UNIT = "own"
NO_ISSUER = "（请填写发文机关）"
T = TypeVar("T")


def hang(app: Typer) -> None:
    command(
        app,
        "new",
        zh="新建专项行动文件\n\n未给出的在终端上逐项询问；文件名为代号加.yaml，不覆盖已有文件。",
        en="Begin a campaign file\n\nOn a terminal what is missing is asked; the file is ID.yaml, never written over.",
    )(new)


def new(
    run: Run,
    campaign_id: Annotated[str, Argument(metavar="ID", help=t("代号，如jianwang-2026", "id, like jianwang-2026"))],
    name: Annotated[str | None, Option("--name", metavar="N", help=t("名称", "name"))] = None,
    name_en: Annotated[str | None, Option("--name-en", metavar="N", help=t("英文名称", "name in English"))] = None,
    title: Annotated[str | None, Option("--title", metavar="T", help=t("通知标题", "title of the notice"))] = None,
    title_en: Annotated[str | None, Option("--title-en", metavar="T", help=t("英文标题", "title in English"))] = None,
    level: Annotated[Level | None, Option("--level", help=t("级别", "level"))] = None,
    issued: Annotated[str | None, Option("--issued", metavar="DATE", help=t("发文日", "day of the notice"))] = None,
    starts: Annotated[str | None, Option("--starts", metavar="DATE", help=t("开始日", "first day"))] = None,
    ends: Annotated[str | None, Option("--ends", metavar="DATE", help=t("结束日", "last day"))] = None,
    phases: Annotated[
        str | None,
        Option("--phases", metavar="N", help=t("阶段数，或逗号隔开的名称", "how many, or names with commas")),
    ] = None,
    like: Annotated[
        str | None,
        Option("--like", metavar="ID", help=t("仿照随程序发布的行动或者文件", "like a shipped one or a file")),
    ] = None,
    unit: Annotated[str | None, Option("--unit", metavar="U", help=t("执行单位", "the unit that runs it"))] = None,
) -> None:
    to = Path(f"{campaign_id}.yaml")
    require_place(to, "anjuan campaign new jianwang-2026")
    office = office_or_none()
    model = read_checked(path_of(like), office)[0] if like is not None else None
    chosen = level or (model.level if model is not None else None)
    typed = _Typed(can_ask(run), office)
    if not typed.asks:
        _require({"--name": name, "--title": title, "--level": chosen, "--issued": issued}, campaign_id)
    known, known_or_none = typed.known, typed.known_or_none
    own, issuer = _own_unit(run, office)
    beginning = Beginning(
        campaign_id,
        (
            known(name, "名称", "Name", _text),
            known_or_none(name_en, "英文名称", "Name in English", _text) or campaign_id,
        ),
        (
            known(title, "通知标题", "Title of the notice", _text),
            known_or_none(title_en, "英文标题", "Title in English", _text) or f"Notice of {campaign_id}",
        ),
        known(chosen, f"级别（{'、'.join(LEVELS)}）", f"Level ({', '.join(LEVELS)})", _level),
        known(issued, "发文日，如2026-06-01", "Day of the notice, like 2026-06-01", typed.day),
        known_or_none(starts, "开始日，如2026-06-01", "First day, like 2026-06-01", typed.day),
        known_or_none(ends, "结束日，如2026-06-01", "Last day, like 2026-06-01", typed.day),
        (known_or_none(phases, "阶段数或者名称", "Phases, how many or their names", _phases) or ())
        if model is None or phases is not None
        else (),
        unit or own or OWN_UNIT,
        issuer or NO_ISSUER,
        model,
    )
    plan, remarks = begin_campaign(beginning, to, office)
    document = {
        "id": plan.id,
        "file": str(to),
        "hash": plan.hash,
        "remarks": [problem_document(p) for p in remarks],
    }
    run.show(document, lambda: _lines(to, remarks))


class _Typed:
    """What was typed, else what is asked for on the terminal, where there is one."""

    def __init__(self, asks: bool, office: Office | None) -> None:
        self.asks, self._on = asks, today(clock_of(office))
        self._calendar = office.law.calendar if office is not None else None

    def day(self, text: str) -> date:
        return parse_day(text, self._on, self._calendar)

    def known(self, given: str | None, zh: str, en: str, read: Callable[[str], T]) -> T:
        return read(given) if given is not None else question(t(f"{zh}：", f"{en}: "), read)

    def known_or_none(self, given: str | None, zh: str, en: str, read: Callable[[str], T]) -> T | None:
        """As `known`, of what may be left out."""
        if given is None and not self.asks:
            return None
        zh, en = f"{zh}（可不填）", f"{en} (may be empty)"
        return self.known(given, zh, en, lambda text: read(text) if text else None)


def _lines(to: Path, remarks: Sequence[Problem]) -> Iterator[str]:
    yield t(f"已写出{to}，按通知改好后：", f"written to {to}; once it says what the notice says:")
    yield f"  anjuan campaign check {shlex.quote(str(to))}"
    yield f"  anjuan campaign load {shlex.quote(str(to))}"
    yield from remark_lines(remarks)


def _require(options: dict[str, str | None], campaign_id: str) -> None:
    missing = [option for option, given in options.items() if given is None]
    if missing:
        raise InputWrong(
            "campaign.incomplete",
            f"还缺{'、'.join(missing)}，本次没有终端可以询问",
            f"{', '.join(missing)} missing, and there is no terminal to ask",
            Remedy(
                "写全后再试",
                "give them all",
                f"anjuan campaign new {shlex.quote(campaign_id)} --name 剑网2026 --title 关于开展专项行动的通知 "
                "--level city --issued 2026-06-01",
            ),
        )


def _own_unit(run: Run, office: Office | None) -> tuple[str | None, str | None]:
    """Id and name of the unit of the one who acts; nothing where nobody does, or there is no store."""
    if office is None:
        return None, None
    with reading(run, office) as desk:
        if desk.actor is None:
            return None, None
        unit = office.people.unit(desk.actor.unit)
        return unit.id, unit.zh


def _text(text: str) -> str:
    if not text.strip():
        raise InputWrong("text.empty", "不能为空", "it cannot be empty")
    return text.strip()


def _level(text: str) -> str:
    if text not in get_args(Level):
        zh, en = f"级别应为{'、'.join(get_args(Level))}之一", f"the level is one of {', '.join(get_args(Level))}"
        raise InputWrong("level.unknown", zh, en)
    return text


def _phases(text: str) -> tuple[str, ...]:
    """So many phases without a name, or those named with commas between them."""
    if text.isascii() and text.isdigit():
        count = min(int(text[:4]), 1000)
        return tuple(f"第{number}阶段" for number in range(1, count + 1))
    return tuple(name.strip() for name in text.replace("，", ",").replace("、", ",").split(",") if name.strip())
