"""Begins a campaign file: from a few answers, or in the likeness of a campaign of another year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from engine.campaign_plan import CampaignPlan
from engine.data_files import parse_yaml, validated
from engine.errors import FileWrong, InputWrong, Problem, Remedy
from engine.office import Office
from engine.parsed_file import Parsed
from workflows.campaign_loading import checked
from workflows.campaign_text import campaign_text
from workflows.new_files import write_new

MOST_PHASES = 20
# What a campaign of another year says that may hold again. Everything else is said of one notice only.
HOLDS_AGAIN = (
    "level",
    "issuers",
    "addressees",
    "organisers",
    "aim",
    "means",
    "targets",
    "key_areas",
    "measures",
    "mechanisms",
    "phases",
    "tasks",
    "departments",
    "matrix",
    "categories",
    "unknown_category",
    "forms",
    "counters",
    "obligations",
    "gates",
    "rewards",
    "hotlines",
    "starts_on",
    "ends_on",
)
OF_ONE_NOTICE = frozenset({"printed", "printings", "reading", "basis", "published", "campaign", "regions"})


@dataclass(frozen=True)
class Beginning:
    """The answers from which a campaign is begun. `phases` are names; they share the days between the two."""

    id: str
    name: tuple[str, str]
    title: tuple[str, str]
    level: str
    issued_on: date
    starts_on: date | None
    ends_on: date | None
    phases: tuple[str, ...]
    unit: str
    issuer: str
    like: CampaignPlan | None = None


def begin_campaign(beginning: Beginning, to: Path, office: Office | None) -> tuple[CampaignPlan, tuple[Problem, ...]]:
    """Write the file, which the checks accept; the remarks on it come back with the plan.

    Raises InputWrong where the answers contradict one another, the place is taken or cannot be. Then nothing is there.
    """
    plan = _plan(beginning)
    text = campaign_text(plan, _comments(beginning), examples=True)
    try:
        _, remarks = checked(parse_yaml(text, to.name), office)
    except FileWrong as e:
        raise _contradiction(e) from e
    write_new(text, to, f"anjuan campaign new {beginning.id}")
    return plan, remarks


def _plan(beginning: Beginning) -> CampaignPlan:
    if beginning.like is not None and beginning.phases:
        raise InputWrong(
            "campaign.phases",
            "用--like的阶段随该行动而来，不能再用--phases，请只用一项",
            "with --like the phases come from that campaign; give --phases or --like, not both",
        )
    document: dict[str, Any] = _again(beginning) if beginning.like is not None else {}
    document |= {
        "id": beginning.id,
        "name": dict(zip(("zh", "en"), beginning.name, strict=True)),
        "title": dict(zip(("zh", "en"), beginning.title, strict=True)),
        "level": beginning.level,
        "issued_on": beginning.issued_on.isoformat(),
        "unit": beginning.unit,
    }
    document.setdefault("issuers", [beginning.issuer])
    document.setdefault("organisers", [beginning.issuer])
    if beginning.starts_on is not None:
        document["starts_on"] = beginning.starts_on.isoformat()
    if beginning.ends_on is not None:
        document["ends_on"] = beginning.ends_on.isoformat()
    if beginning.phases:
        document["phases"] = _phases(beginning)
    try:
        return validated(CampaignPlan, Parsed(document, {}, beginning.id))
    except FileWrong as e:
        raise _contradiction(e) from e


def _again(beginning: Beginning) -> dict[str, Any]:
    """What the other campaign says, in the year of this one: the same days of the year."""
    assert beginning.like is not None
    years = beginning.issued_on.year - beginning.like.issued_on.year
    document = beginning.like.as_document()
    return {name: _moved(name, document[name], years) for name in HOLDS_AGAIN if name in document}


def _moved(name: str, value: Any, years: int) -> Any:
    if isinstance(value, Mapping):
        return {key: _moved(key, part, years) for key, part in value.items() if not _is_of_one_notice(key, part)}
    if isinstance(value, list):
        return [_moved(name, part, years) for part in value]
    if name == "months":
        return f"{int(value[:4]) + years:04d}{value[4:]}"
    return _in_another_year(date.fromisoformat(value), years).isoformat() if name.endswith("_on") else value


def _is_of_one_notice(key: str, part: Any) -> bool:
    # Of an obligation `printed` is a text, elsewhere a list: both quote one notice.
    return key in OF_ONE_NOTICE and part is not None


def _in_another_year(on: date, years: int) -> date:
    try:
        return on.replace(year=on.year + years)
    except ValueError:  # 29 February
        return on.replace(year=on.year + years, day=28)


def _phases(beginning: Beginning) -> list[dict[str, Any]]:
    names, first, last = beginning.phases, beginning.starts_on, beginning.ends_on
    if len(names) > MOST_PHASES:
        raise InputWrong("campaign.phases", f"阶段至多{MOST_PHASES}个", f"there may be {MOST_PHASES} phases at most")
    phases: list[dict[str, Any]] = [
        {"id": f"phase_{number}", "zh": name, "en": f"Phase {number}"} for number, name in enumerate(names, start=1)
    ]
    if first is None or last is None or last < first:
        return phases
    days = (last - first).days + 1
    if days < len(names):
        raise InputWrong(
            "campaign.phases",
            f"{first}至{last}只有{days}天，分不成{len(names)}个阶段",
            f"{first} to {last} are {days} days only, not enough for {len(names)} phases",
        )
    for number, phase in enumerate(phases):
        phase["starts_on"] = (first + timedelta(days=days * number // len(phases))).isoformat()
        phase["ends_on"] = (first + timedelta(days=days * (number + 1) // len(phases) - 1)).isoformat()
    return phases


def _comments(beginning: Beginning) -> list[str]:
    like = beginning.like
    taken_zh, taken_en = "", ""
    if like is not None:
        taken_zh = f"，仿照{like.name.zh}（{like.id}），日期移到{beginning.issued_on.year}年，请逐项核对"
        taken_en = f", like {like.name.en} ({like.id}) with its days in {beginning.issued_on.year}: check every one"
    return [
        " ".join(f"{beginning.name[0]}（{beginning.id}）{taken_zh}".split()),
        " ".join(f"{beginning.name[1]} ({beginning.id}){taken_en}".split()),
        "每行“项目: 内容”，下级缩进两格；日期写成2026-06-01；起止日均含当日。需要的项目去掉行首的“# ”，按通知改写。",
        "One `field: content` per line, two spaces deeper for what belongs to it; dates like 2026-06-01.",
        "What is needed: take the `# ` away and write what the notice says.",
        f"检查 / check: anjuan campaign check {beginning.id}.yaml",
        f"载入 / load: anjuan campaign load {beginning.id}.yaml",
    ]


def _contradiction(wrong: FileWrong) -> InputWrong:
    problems = wrong.problems[:3]
    return InputWrong(
        "campaign.invalid",
        f"没有写出文件：{'；'.join(problem.zh for problem in problems)}",
        f"no file was written: {'; '.join(problem.en for problem in problems)}",
        Remedy("改正后再试", "correct that and try again"),
    )
