"""What is filled into the printed texts of a form: which campaign, whose report, for when, signed by whom."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reports.forms import Form

BLANK_ZH = "　" * 6  # left to be filled in by hand


@dataclass(frozen=True)
class FormHead:
    """The Chinese texts around the figures. What is empty is printed as a blank to be filled in by hand.

    `campaign_zh` is the short name that stands between the quotation marks of the title (剑网2018), `region_zh` the
    area reported on (昆山市). `contact` and `contact_phone` are those of the office that receives the form.
    """

    campaign_zh: str
    unit_zh: str
    period_zh: str
    region_zh: str = ""
    filled_by: str = ""
    phone: str = ""
    contact: str = ""
    contact_phone: str = ""


def filled(printed_zh: str, form: Form, head: FormHead) -> str:
    """A printed text of `form` with its placeholders filled in once; filled-in values are not looked at again."""
    values = {
        "campaign": head.campaign_zh,
        "region": head.region_zh or (form.region_blank.zh if form.region_blank else ""),
        "period": head.period_zh,
        "unit": head.unit_zh,
        "filled_by": head.filled_by,
        "phone": head.phone,
        "contact": head.contact,
        "contact_phone": head.contact_phone,
    }
    return re.sub(r"\{(\w+)\}", lambda match: values[match[1]] or BLANK_ZH, printed_zh)
