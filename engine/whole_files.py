"""Puts files in their place whole or not at all: nobody ever sees half of one."""

from __future__ import annotations

import os
import secrets
from functools import partial
from pathlib import Path


def beside(place: Path) -> Path:
    """A hidden name in the same folder, for a file that is not finished yet."""
    return place.with_name(f".{place.name}.{secrets.token_hex(8)}")


def put_new(finished: Path, place: Path) -> None:
    """Move a finished file to a place that must be free. Raises FileExistsError, also when another was quicker."""
    try:
        os.link(finished, place)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if place.exists():
            raise FileExistsError(place) from None
        finished.rename(place)
    else:
        finished.unlink()


def write_whole(place: Path, content: bytes, mode: int = 0o666) -> None:
    """Write a file, in the place of an older one of that name. Raises OSError; then the older one stands.

    `mode` says who may read it, where the system knows of that; the umask takes its part away.
    """
    unfinished = beside(place)
    try:
        with open(unfinished, "xb", opener=partial(os.open, mode=mode)) as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(place)
    finally:
        unfinished.unlink(missing_ok=True)
