"""The demo: a whole campaign in a practice store, from its plan to its summary, in a few seconds."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime, time
from pathlib import Path
from typing import Annotated

from typer import Option

from commands.demo_play import Played, Player
from commands.demo_script import Script, shipped_script
from commands.door import account_here
from commands.failures import error_lines
from commands.frame import Run, command, single
from commands.output import table
from commands.screen import progress
from commands.words import language, t
from engine.case_store import load_case
from engine.clock import SHANGHAI, StandingClock
from engine.definitions import Words
from engine.errors import InputWrong, Remedy
from engine.home import Home, home_at, store_of
from engine.office import Office
from engine.settings import PRACTICE, setting
from engine.store import Work
from engine.verifying import Verified, verify_store
from notifications.way_out import delivery_from
from workflows import guards
from workflows.founding import Founding, found

app = single("demo")

CAMPAIGN = "suzhou-2018"


@command(app, "demo", zh="演示：从头到尾办完一次专项行动", en="Play a whole campaign from start to end")
def demo(
    run: Run,
    home: Annotated[
        Path | None,
        Option("--home", metavar="DIR", help=t("练习库放在哪里，默认新建文件夹", "where; default: a new folder")),
    ] = None,
) -> None:
    """Plays Suzhou's 剑网2018 and says what to try next."""
    guards.known()
    script = shipped_script(CAMPAIGN)
    where = home_at((home or Path(tempfile.mkdtemp(prefix="anjuan-demo-"))).resolve())
    clock = StandingClock(datetime.combine(script.from_on, time(9), tzinfo=SHANGHAI))
    office = _practice_office(where, clock)
    days = (script.to_on - script.from_on).days + 1
    player = Player(office, clock, delivery_from({}, where.mail_folder), where.folder / "forms")
    with progress(days, t("剑网2018", "剑网2018")) as advance:
        played = player.play(script, advance)
    with office.store.reading() as work:
        checked = verify_store(work)
        outcomes = [_outcome(office, work, case_no) for case_no in sorted(played.cases.values())]
    found_ = {
        "home": where.folder,
        "campaign": script.campaign,
        "cases": len(played.cases),
        "refused": len(played.refused),
        "passes": len(played.passes),
        "mails": played.mails,
        "files": [str(f) for f in played.files],
        "ledger_ok": checked.ok,
    }
    run.show(found_, lambda: _summary(script, where.folder, played, outcomes, checked))
    if not checked.ok:
        run.exit(1)


def _practice_office(where: Home, clock: StandingClock) -> Office:
    """A practice store in that folder, founded now unless there is one. Raises InputWrong on a real store."""
    if where.database is None and not where.database_file.exists():
        found(where, Founding(practice=True, account=account_here(), clock=clock))
    store = store_of(where)
    with store.reading() as work:
        if setting(work, PRACTICE) != "yes":
            raise InputWrong(
                "demo.real_store",
                f"{where.folder}里是正式库，演示只在练习库里进行",
                f"{where.folder} holds a real store; the demo plays only in a practice store",
                Remedy("换一个文件夹", "choose another folder", "anjuan demo --home DIR"),
            )
    return Office(store, clock, practice=True)


def _outcome(office: Office, work: Work, case_no: str) -> list[str]:
    """The case, its title, and how it ended or where it stands."""
    case = load_case(work, case_no).case
    definition = office.workflow_of(work, case.definition).definition
    last = case.trail[-1]
    results = definition.steps["close"].ask["result"].choices
    result = {"close": last.answers.get("result"), "close_rectified": "rectified"}.get(last.step)
    return [case_no, case.title, _named(results[result] if result else definition.states[case.state])]


def _named(words: Words) -> str:
    return words.zh if language() == "zh" else words.en


def _summary(
    script: Script, folder: Path, played: Played, outcomes: list[list[str]], checked: Verified
) -> Iterator[str]:
    yield t(
        f"演示完毕：苏州“剑网2018”，{script.from_on}至{script.to_on}，{len(played.cases)}件案件。",
        f"Done: Suzhou's 剑网2018, {script.from_on} to {script.to_on}, {len(played.cases)} cases.",
    )
    yield ""
    yield from table([t("案号", "case"), t("案件名称", "title"), t("结果", "stands")], outcomes)
    yield ""
    yield t("没有准许的两步，和原因：", "Two steps that were refused, and why:")
    for refusal in played.refused:
        yield from error_lines(refusal)
    yield ""
    yield t(
        f"督办人员放行一次（{'、'.join(played.passes)}），随后照办并计入总结。",
        f"The supervisor granted one pass ({', '.join(played.passes)}); the step was then taken, and it is counted.",
    )
    yield t(f"发出提醒{played.mails}封：{folder / 'mail'}", f"{played.mails} reminders sent: {folder / 'mail'}")
    yield t("三个月的统计表：", "The forms of three months:")
    yield from (f"  {file}" for file in played.files)
    yield t(
        f"记录{checked.entries}条，核验{'无误' if checked.ok else '发现问题'}。",
        f"{checked.entries} entries on record, {'all intact' if checked.ok else 'damage found'}.",
    )
    yield ""
    yield t("接着试试：", "Try next:")
    set_ = "set" if sys.platform == "win32" else "export"
    yield f"  {set_} ANJUAN_HOME={_quoted(folder)}"
    yield f"  {set_} ANJUAN_NOW={script.to_on}"
    launcher = "uv run anjuan" if "UV" in os.environ else "anjuan"
    unpaid = played.cases["k"]
    yield f"  {launcher} today --as handler2"
    yield f"  {launcher} case why {unpaid} complete --as handler2"
    yield f"  {launcher} deadline proof {unpaid} payment --as handler2"
    yield (
        f"  {launcher} report cells {script.campaign} --month 2018-09 --form statistics --row total "
        "--column filed --as campaign_office"
    )


def _quoted(folder: Path) -> str:
    import shlex

    return str(folder) if sys.platform == "win32" else shlex.quote(str(folder))
