"""What is filled into the printed texts of a form: which campaign, whose report, for when, signed by whom."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.campaign_parts import Reading
from reports.forms import Form, Printed, Words

BLANK_ZH, BLANK_EN = "　" * 6, "_" * 12  # left to be filled in by hand


@dataclass(frozen=True)
class FormHead:
    """The texts around the figures, in `lang`. What is empty is printed as a blank to be filled in by hand.

    `campaign` is the short name that stands between the quotation marks of the title (剑网2018), `region` the area
    reported on (昆山市). `contact` and `contact_phone` are those of the office that receives the form.
    """

    campaign: str
    unit: str
    period: str
    region: str = ""
    filled_by: str = ""
    phone: str = ""
    contact: str = ""
    contact_phone: str = ""
    lang: str = "zh"


def said(words: Words | Reading, lang: str) -> str:
    """A fixed text in that language."""
    return words.en if lang == "en" else words.zh


def filled(printed: Printed, form: Form, head: FormHead) -> str:
    """A printed text of `form` with its placeholders filled in once; filled-in values are not looked at again."""
    values = {
        "campaign": head.campaign,
        "region": head.region or (said(form.region_blank, head.lang) if form.region_blank else ""),
        "period": head.period,
        "unit": head.unit,
        "filled_by": head.filled_by,
        "phone": head.phone,
        "contact": head.contact,
        "contact_phone": head.contact_phone,
    }
    blank = BLANK_EN if head.lang == "en" else BLANK_ZH
    return re.sub(r"\{(\w+)\}", lambda match: values[match[1]] or blank, said(printed, head.lang))
