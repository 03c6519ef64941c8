"""Pack a workbook or a document again, so that the same content is the same bytes.

Both are zip files, and a zip file keeps the time each part was written.
"""

import io
import zipfile

__all__ = ["packed_again"]

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip file can hold."""


def packed_again(content: bytes) -> bytes:
    """Return a zip file with the same parts in the same order, and no time of writing."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(packed, "w") as after:
        for part in before.infolist():
            plain = zipfile.ZipInfo(part.filename, _EPOCH)
            plain.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(plain, before.read(part))
    return packed.getvalue()
