"""Where the store lives: its folder, its database, its clock, as the environment says."""

from __future__ import annotations

import os
import re
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from engine.clock import SHANGHAI, Clock, StandingClock, SystemClock, end_of_day
from engine.errors import InputWrong, Remedy, StoreUnavailable
from engine.migrating import require_current
from engine.office import Office
from engine.settings import PRACTICE, setting
from engine.store import Store, postgres_store, sqlite_store

DATABASE_FILE = "anjuan.db"
SETTINGS_FILE = "anjuan.toml"
EVIDENCE_FOLDER = "evidence"
CALENDAR_FOLDER = "calendars"
_MINUTE = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?")


@dataclass(frozen=True)
class Home:
    """The folder of a store, and the address of its database where that is a PostgreSQL server."""

    folder: Path
    database: str | None

    @property
    def mail_folder(self) -> Path:
        return self.folder / "mail"

    @property
    def database_file(self) -> Path:
        return self.folder / DATABASE_FILE


def home_from(environment: Mapping[str, str]) -> Home:
    """The home named by ANJUAN_HOME, else by the machine-wide settings, else in the user's data folder.

    ANJUAN_DATABASE goes before the address that `init --database` left in the home. Raises InputWrong.
    """
    named = environment.get("ANJUAN_HOME") or _machine_wide_home()
    if named:
        folder = Path(named).expanduser()
    else:
        from platformdirs import user_data_path

        folder = user_data_path("anjuan", appauthor=False)
    return home_at(folder, environment.get("ANJUAN_DATABASE"))


def evidence_folder(environment: Mapping[str, str]) -> Path:
    """Where files that belong to cases lie: ANJUAN_EVIDENCE, else in the home."""
    named = environment.get("ANJUAN_EVIDENCE")
    return Path(named).expanduser() if named else home_from(environment).folder / EVIDENCE_FOLDER


def calendar_folder(environment: Mapping[str, str]) -> Path:
    """Where the calendars lie to which people subscribe: ANJUAN_CALENDARS, else in the home. Of one store only."""
    named = environment.get("ANJUAN_CALENDARS")
    return Path(named).expanduser() if named else home_from(environment).folder / CALENDAR_FOLDER


def home_at(folder: Path, database: str | None = None) -> Home:
    """The home in that folder, with that database or else the one whose address was left there. Raises InputWrong."""
    address = database or _kept_database(folder)
    return Home(folder, checked_url(address) if address else None)


def checked_url(url: str) -> str:
    """A PostgreSQL address. Raises InputWrong without repeating a password."""
    if not re.match(r"postgres(ql)?(\+psycopg)?://", url):
        raise InputWrong(
            "database.url",
            "数据库地址应以postgresql://开头",
            "a database address begins with postgresql://",
            Remedy("例如postgresql://用户:口令@主机/库名", "for example postgresql://user:password@host/database"),
        )
    return url


def keep_database(home: Home) -> None:
    """Remember the address of the database in the home, readable by its owner only."""
    file = home.folder / SETTINGS_FILE
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(f"database = {_quoted(home.database or '')}\n")


def store_of(home: Home) -> Store:
    """The store of a home; nothing is opened yet."""
    return postgres_store(home.database) if home.database else sqlite_store(home.database_file)


def open_office(home: Home, environment: Mapping[str, str]) -> Office:
    """The office on an existing store, with its clock.

    Raises StoreUnavailable when there is no store, when its version is another, or when ANJUAN_NOW is set on a store
    that is not for practice; InputWrong when ANJUAN_NOW is no time.
    """
    if home.database is None and not home.database_file.exists():
        raise StoreUnavailable(
            "store.not_initialised",
            f"这里还没有建库：{home.folder}",
            f"there is no store here yet: {home.folder}",
            Remedy(
                "先建库（练习用加--practice）", "create the store first (--practice to try things out)", "anjuan init"
            ),
        )
    store = store_of(home)
    require_current(store)
    with store.reading() as work:
        practice = setting(work, PRACTICE) == "yes"
    return Office(store, clock_from(environment, practice=practice), practice=practice)


def clock_from(environment: Mapping[str, str], *, practice: bool) -> Clock:
    """The machine's clock, or in a practice store the instant that ANJUAN_NOW names."""
    named = environment.get("ANJUAN_NOW", "").strip()
    if not named:
        return SystemClock()
    if not practice:
        raise StoreUnavailable(
            "clock.practice_only",
            "ANJUAN_NOW只用于练习库，正式库不能改用其他时间运行",
            "ANJUAN_NOW is for practice stores; a real store does not run on another time",
            Remedy("取消环境变量ANJUAN_NOW", "unset ANJUAN_NOW"),
        )
    return StandingClock(instant_named(named))


def instant_named(text: str) -> datetime:
    """The instant that a day (23:59 Shanghai) or a minute names. Raises InputWrong."""
    try:
        if _MINUTE.fullmatch(text):
            at = datetime.fromisoformat(text)
            return at if at.tzinfo else at.replace(tzinfo=SHANGHAI)
        return end_of_day(date.fromisoformat(text))
    except ValueError:
        raise InputWrong(
            "clock.invalid",
            f"ANJUAN_NOW不是日期或时刻：{text[:40]!r}",
            f"ANJUAN_NOW is no day or minute: {text[:40]!r}",
            Remedy("写作2018-09-15或2018-09-15T16:30", "write 2018-09-15 or 2018-09-15T16:30"),
        ) from None


def _machine_wide_home() -> str | None:
    folder = os.environ.get("PROGRAMDATA", r"C:\ProgramData") if sys.platform == "win32" else "/etc"
    return _setting_in(Path(folder) / SETTINGS_FILE, "home")


def _kept_database(folder: Path) -> str | None:
    return _setting_in(folder / SETTINGS_FILE, "database")


def _setting_in(file: Path, name: str) -> str | None:
    if not file.is_file():
        return None
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8")).get(name)
    except (OSError, ValueError) as e:
        raise InputWrong(
            "settings.wrong", f"设置文件无法读取：{file}", f"the settings file cannot be read: {file} ({e})"
        ) from e
    return found if isinstance(found, str) else None


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
