"""`anjuan init`: makes a new store."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated

from typer import Option

from commands.door import account_here
from commands.frame import Run, command, single
from commands.output import wrap
from commands.words import t
from engine.home import checked_url, clock_from, home_from, store_of
from workflows import founding

app = single("init")


@command(
    app,
    "init",
    zh="建立新的案卷库\n\n文件夹由ANJUAN_HOME指定。练习库附虚构人员，可用--as换人办理，可用ANJUAN_NOW换日期。",
    en="Make a new store\n\nIn the folder ANJUAN_HOME. A practice store has invented staff, takes --as and ANJUAN_NOW.",
    changes=True,
)
def init(
    run: Run,
    practice: Annotated[bool, Option("--practice", help=t("练习库，附虚构人员", "for practice, with staff"))] = False,
    database: Annotated[
        str | None, Option("--database", metavar="URL", help=t("PostgreSQL地址", "address of a PostgreSQL database"))
    ] = None,
) -> None:
    home = home_from(os.environ)
    if database is not None:
        home = replace(home, database=checked_url(database))
    clock = clock_from(os.environ, practice=practice)
    wanted = founding.Founding(practice, account_here(), clock, keep_address=database is not None)
    founding.found(home, wanted, keep=not run.dry_run)
    place = store_of(home).place
    code = wanted.code if not practice and not run.dry_run else None

    def lines() -> Iterator[str]:
        kind = t("练习库", "practice store") if practice else t("正式库", "store")
        yield from wrap(t(f"{kind}已建立：{home.folder}", f"The {kind} is ready: {home.folder}"))
        yield from wrap(t(f"数据库：{place}", f"Database: {place}"))
        account = wanted.account
        yield from wrap(
            t(f"管理员admin已绑定系统账户“{account}”", f"admin, the administrator, is bound to the account {account}")
        )
        if code is not None:
            yield from wrap(
                t("管理员的激活码，只显示这一次，请抄下：", "One-time code of admin, shown only now; write it down:")
            )
            yield f"  {code}"
        yield t("接下来：", "Next:")
        if code is not None:
            yield f"  anjuan login {founding.ADMIN} --code {code}"
        yield "  anjuan staff list"
        yield "  anjuan campaign load suzhou-2018" if practice else "  anjuan unit add --help"

    document = {"home": home.folder, "database": place, "practice": practice}
    run.show(document | ({"code": code} if code is not None else {}), lines)
