"""A drawn page as a file for a printer: PDF or PNG, in the size it is to have on paper."""

from __future__ import annotations

import io
from pathlib import Path

from installation.base.files import write_whole
from installation.types import ByteArray

SUFFIXES = (".pdf", ".png")


def write_page(path: Path, rgb: ByteArray, dpi: int, title: str) -> None:
    """Write ``rgb`` (H, W, 3) uint8 sRGB, row 0 on top, as a page of ``dpi`` pixels an inch, in its ending's format.

    ``title`` is the document's. ValueError for another ending than SUFFIXES; OSError where it cannot be written.
    """
    from PIL import Image  # only who prints needs it

    if path.suffix.lower() not in SUFFIXES:
        raise ValueError(f"{path.name}: a page is written as .pdf or .png")
    picture, data = Image.fromarray(rgb), io.BytesIO()
    if path.suffix.lower() == ".pdf":
        # Letters in a JPEG keep clean edges at this quality and with the colours at full size.
        picture.save(data, "PDF", resolution=dpi, title=title, quality=95, subsampling=0)
    else:
        picture.save(data, "PNG", dpi=(dpi, dpi))
    write_whole(path, data.getvalue(), is_precious=False)
