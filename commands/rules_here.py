"""The office by whose rules a question is answered, for commands that also answer where there is no store."""

from __future__ import annotations

import os

from commands.door import office_here
from engine.clock import Clock
from engine.errors import StoreUnavailable
from engine.home import clock_from
from engine.office import Office


def office_or_none() -> Office | None:
    """The office, its knowledge read; `None` where nobody has founded a store. Raises StoreUnavailable, InputWrong."""
    try:
        office = office_here()
    except StoreUnavailable as e:
        if e.code != "store.not_initialised":
            raise
        return None
    with office.store.reading() as work:
        office.refresh(work)
    return office


def clock_of(office: Office | None) -> Clock:
    """The office's clock; without a store the machine's, or where ANJUAN_NOW stands."""
    return office.clock if office is not None else clock_from(os.environ, practice=True)
