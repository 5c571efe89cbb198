"""The official forms as a document (.docx) in the printed layout, ready to be printed, sealed and sent."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reports.printed_forms import PrintedForm
from reports.written_files import put_in_place

DOCUMENT = ".docx"
EXAMPLE = f"month{DOCUMENT}"


def write_document(path: Path, forms: Sequence[PrintedForm]) -> None:
    """Write one document with a section per form, in that order, replacing an earlier file as a whole or not at all.

    The language is that of the heads. The same content gives the same bytes. A column that nothing feeds stays empty.
    Raises InputWrong when `path` is no place for a file, StoreUnavailable when the folder is full or read-only.
    """
    from reports.word_documents import document_bytes

    put_in_place(path, document_bytes(forms), EXAMPLE)
