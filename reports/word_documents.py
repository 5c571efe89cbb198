"""A document of forms: a section for each, on a page turned as its width needs, with page numbers of its own."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.section import Section
from docx.shared import Mm

from reports.form_head import said
from reports.form_paper import is_wide
from reports.paper_text import printable
from reports.printed_forms import HeadSheet, PrintedForm
from reports.same_archives import same_archive
from reports.word_layout import laid_out, widths_of
from reports.word_parts import page_numbers

# A document without text: A4, the styles and typefaces of the forms, properties that depend on no machine and no time.
BASE = Path(__file__).parent / "templates" / "word_base"
LONG_EDGE, SHORT_EDGE, MARGIN = Mm(297), Mm(210), Mm(20)
PAGE_NUMBERS = {"zh": ("第 ", " 页，共 ", " 页"), "en": ("Page ", " of ", "")}
LONGEST_TITLE = 255  # a property of the format holds no more


def document_bytes(forms: Sequence[PrintedForm]) -> bytes:
    """The .docx file: the same bytes for the same forms."""
    document = Document(str(BASE))
    for number, printed in enumerate(forms):
        _put_form(document, printed, is_first=number == 0)
    names = (said(printed.form.sheet, printed.head.lang) for printed in forms)
    document.core_properties.title = printable("; ".join(names))[:LONGEST_TITLE]
    written = io.BytesIO()
    document.save(written)
    return same_archive(written)


def _put_form(document: Any, printed: PrintedForm, *, is_first: bool) -> None:
    section = document.sections[0] if is_first else _next_section(document)
    is_across = is_wide(widths_of(printed))
    section.orientation = WD_ORIENT.LANDSCAPE if is_across else WD_ORIENT.PORTRAIT
    width, height = (LONG_EDGE, SHORT_EDGE) if is_across else (SHORT_EDGE, LONG_EDGE)
    section.page_width, section.page_height = width, height
    section.left_margin = section.right_margin = MARGIN
    end = document.element.body.sectPr
    for part in laid_out(printed, width.twips - 2 * MARGIN.twips):
        end.addprevious(part)
    _number_pages(section, printed)


def _next_section(document: Any) -> Section:
    """A section on a new page. The break goes into the last paragraph: one of its own might need another page."""
    last = document.paragraphs[-1]._p
    section: Section = document.add_section()
    breaking = document.paragraphs[-1]._p
    last.set_sectPr(breaking.pPr.sectPr)
    breaking.getparent().remove(breaking)
    return section


def _number_pages(section: Section, printed: PrintedForm) -> None:
    """A form whose columns are not known has one page, which has no number as printed."""
    section.footer.is_linked_to_previous = False
    if not isinstance(printed, HeadSheet):
        section.footer.paragraphs[0]._p.extend(page_numbers(*PAGE_NUMBERS[printed.head.lang]))
