"""Makes the bytes of a zipped office file depend on its content alone."""

from __future__ import annotations

import io
import zipfile

# Every member says when it was written: always the format's first day here.
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def same_archive(archive: io.BytesIO) -> bytes:
    """The archive without its times. Members are stored, not deflated: compressors differ, a sealed file may not."""
    same = io.BytesIO()
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(same, "w", zipfile.ZIP_STORED) as target:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, ZIP_EPOCH)
            member.create_system = 0
            member.external_attr = 0
            target.writestr(member, source.read(name))
    return same.getvalue()
