"""Which files of a folder are pictures that can be read, which are pictures of a kind that cannot, and which are none."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

PICTURES = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".tif", ".tiff", ".bmp", ".dib", ".gif", ".avif", ".jp2"}
    | {".ppm", ".pgm", ".pnm"}
)
_HEIC = "is a HEIC picture, which cannot be read here; export it as JPEG (iPhone: Settings, Camera, Formats, Most Compatible)"
_RAW = "is a camera's raw file; develop it and export it as JPEG or TIFF"
_EDITOR = "is an image editor's own file; export it as PNG or TIFF"
_DRAWING = "is a drawing or a document; export it as PNG, 1000 pixels or more on the short side"
_OTHER = "is a picture of a kind that cannot be read here; export it as PNG or JPEG"
REMEDIES = {
    **dict.fromkeys((".heic", ".heif", ".hif", ".heics"), _HEIC),
    **dict.fromkeys((".cr2", ".cr3", ".crw", ".nef", ".nrw", ".arw", ".srf", ".sr2", ".dng", ".raf", ".orf"), _RAW),
    **dict.fromkeys((".rw2", ".pef", ".srw", ".x3f", ".iiq", ".3fr", ".erf", ".mrw", ".raw"), _RAW),
    **dict.fromkeys((".psd", ".psb", ".xcf", ".kra", ".ora", ".clip", ".procreate", ".afphoto"), _EDITOR),
    **dict.fromkeys((".svg", ".svgz", ".eps", ".ai", ".pdf", ".cdr", ".wmf", ".emf"), _DRAWING),
    **dict.fromkeys((".jxl", ".exr", ".hdr", ".tga", ".dds", ".ico", ".qoi", ".pcx", ".j2k", ".jxr", ".apng"), _OTHER),
}
"""What is to be done about a picture of a kind that cannot be read, by the end of its name."""
_HEADS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*")
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")


def pictures_of(folder: Path) -> tuple[list[Path], Counter[str]]:
    """Files of ``folder`` and the folders in it that are pictures of any kind, in the order of their names, and how many others
    there are by the ends of their names ("" for none). A name without an end, or with a strange one, is judged by the file's
    first bytes. What begins with a dot is passed over."""
    pictures, others = [], Counter[str]()
    for path in sorted(folder.rglob("*")):
        if any(part.startswith(".") for part in path.relative_to(folder).parts) or not path.is_file():
            continue
        suffix = path.suffix.lower()
        if suffix in PICTURES or suffix in REMEDIES or is_picture(_head(path)):
            pictures.append(path)
        else:
            others[suffix] += 1
    return pictures, others


def is_picture(head: bytes) -> bool:
    """Whether a file that begins like this is a picture."""
    return head.startswith(_HEADS) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP") or _is_heic(head)


def remedy(path: Path, head: bytes) -> str | None:
    """What is to be done about a picture that cannot be read, from its first bytes or its name; None where nothing is known.
    Phones and mail programs call HEIC pictures .jpg."""
    return _HEIC if _is_heic(head) else REMEDIES.get(path.suffix.lower())


def _is_heic(head: bytes) -> bool:
    return head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(16)
    except OSError:
        return b""
