"""Keeps the token of whoever is signed in, one file per store in the state folder of the operating-system account."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

from engine.errors import Remedy, StoreUnavailable
from engine.whole_files import beside

# A file that is longer is no token of ours; its beginning then proves nothing.
MOST_BYTES = 200


def token_file(store_id: str) -> Path | None:
    """Where the token for that store lies; `None` where the account has no folder for such things."""
    folder = _state_folder()
    if folder is None:
        return None
    return folder / "anjuan" / f"session-{hashlib.sha256(store_id.encode()).hexdigest()[:16]}"


def read_token(file: Path | None) -> bytes | None:
    """What the file holds; `None` where there is none. Raises StoreUnavailable where it cannot be read."""
    if file is None:
        return None
    try:
        with file.open("rb") as stream:
            return stream.read(MOST_BYTES).strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as e:
        # Not taken for nobody signed in: then another would act, the one bound to the account.
        raise _unreadable(file, e) from e


def keep_token(file: Path | None, token: str) -> None:
    """Write the token, for its owner alone, in the place of the one before. Raises StoreUnavailable."""
    if file is None:
        raise _unwritable("~/.local/state/anjuan", "no home folder")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = beside(file)
        try:
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
                stream.write(token + "\n")
            unfinished.replace(file)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as e:
        raise _unwritable(str(file), e.strerror or str(e)) from e


def forget_token(file: Path | None) -> None:
    """Take the file away. Raises StoreUnavailable."""
    if file is None:
        return
    try:
        file.unlink()
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as e:
        raise _unreadable(file, e) from e


def _state_folder() -> Path | None:
    """The account's own folder for what programs keep between runs: XDG Base Directory Specification 0.8, Windows."""
    if sys.platform == "win32":
        named = os.environ.get("LOCALAPPDATA", "")
    else:
        # The specification has a path that is not absolute ignored; without a home folder `~` stays as it is.
        named = os.environ.get("XDG_STATE_HOME", "")
        named = named if Path(named).is_absolute() else os.path.expanduser("~/.local/state")
    return Path(named) if Path(named).is_absolute() else None


def _unreadable(file: Path, error: OSError) -> StoreUnavailable:
    return StoreUnavailable(
        "session.unreadable",
        f"登录信息读不出来，或者删除不掉：{file}",
        f"the session of this account cannot be read or removed: {file} ({error.strerror})",
        Remedy("检查该文件的权限，或者手工删除", "check the rights of this file, or delete it"),
    )


def _unwritable(place: str, why: str) -> StoreUnavailable:
    return StoreUnavailable(
        "session.unwritable",
        f"登录信息写不进系统账户的文件夹：{place}",
        f"the session cannot be kept in the folder of this account: {place} ({why})",
        Remedy(
            "用XDG_STATE_HOME（Windows为LOCALAPPDATA）指定一个可以写入的文件夹",
            "name a folder that may be written with XDG_STATE_HOME (LOCALAPPDATA on Windows)",
        ),
    )
