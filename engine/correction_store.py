"""Writes what a correction changes beside the row of its case: a category, the name of a party, the works."""

from __future__ import annotations

import sqlalchemy as sa

from engine.case_links import CASE_WORK
from engine.case_store import IN_CAMPAIGN, PARTY
from engine.case_view import InCampaign, Party
from engine.store import Statement, Work


def set_category(work: Work, case_no: str, campaign: InCampaign) -> None:
    work.run(_SET_CATEGORY, {"case_key": case_no, "campaign_key": campaign.id, "new_category": campaign.category})


def set_party(work: Work, case_no: str, party: Party) -> None:
    """Write the name and the kind of a party as they now stand."""
    work.run(
        _SET_PARTY,
        {"case_key": case_no, "party_key": party.party_no, "new_name": party.name, "new_kind": party.kind},
    )


def forget_works(work: Work, case_no: str) -> None:
    """Forget by which works the case is found; those that it names now are to be kept anew."""
    work.run(_FORGET_WORKS, {"case_key": case_no})


_FORGET_WORKS = Statement(lambda _: sa.delete(CASE_WORK).where(CASE_WORK.c.case_no == sa.bindparam("case_key")))
_SET_CATEGORY = Statement(
    lambda _: (
        sa.update(IN_CAMPAIGN)
        .where(
            IN_CAMPAIGN.c.case_no == sa.bindparam("case_key"), IN_CAMPAIGN.c.campaign == sa.bindparam("campaign_key")
        )
        .values(category=sa.bindparam("new_category"))
    )
)
_SET_PARTY = Statement(
    lambda _: (
        sa.update(PARTY)
        .where(PARTY.c.case_no == sa.bindparam("case_key"), PARTY.c.party_no == sa.bindparam("party_key"))
        .values(name=sa.bindparam("new_name"), kind=sa.bindparam("new_kind"))
    )
)
