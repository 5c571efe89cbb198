"""Where a command of `anjuan` is found, so that the list of commands can be shown without loading one."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """The module of a command or noun, which calls it `app`, and what it is for."""

    module: str
    zh: str
    en: str
