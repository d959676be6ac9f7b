"""Tell pictures, zips and other files apart: by their ending in a list, by their first bytes otherwise."""

from __future__ import annotations

from pathlib import PurePosixPath

from pipelines.image.sniff import PICTURE_STARTS, TIFF_STARTS, is_heif, is_webp

ENDINGS = frozenset((
    ".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".apng", ".webp", ".tif", ".tiff", ".bmp", ".dib",
    ".gif", ".avif", ".heic", ".heif", ".hif",
))  # fmt: skip
HEAD = 32
"""Bytes that are enough to tell."""
ZIP_STARTS = (b"PK\3\4", b"PK\5\6")
ARCHIVES = (
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\0", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
)
LEFT_OUT = frozenset({"__macosx", "thumbs.db", "ehthumbs.db", "desktop.ini", "$recycle.bin", "@eadir"})
"""What systems put beside a person's files, in lower case."""


def has_picture_ending(path: str) -> bool:
    """Whether a name looks like a picture's, whatever is inside."""
    return PurePosixPath(path).suffix.lower() in ENDINGS


def starts_like_picture(head: bytes) -> bool:
    """Whether the first bytes are those of a picture of any kind that is known, HEIC among them."""
    if head.startswith(b"BM"):
        return head[6:10] == bytes(4)  # two letters are too little: a text may begin with them
    known = head.startswith((*PICTURE_STARTS, *TIFF_STARTS)) or is_webp(head) or is_heif(head)
    return known or head[4:12] in (b"ftypavif", b"ftypavis")


def has_zip_ending(path: str) -> bool:
    """Whether a name looks like a zip's, whatever is inside."""
    return path.lower().endswith(".zip")


def starts_like_zip(head: bytes) -> bool:
    """Whether a file's first bytes are those of a zip."""
    return head.startswith(ZIP_STARTS)


def name_archive(head: bytes) -> str:
    """What kind of archive that is no zip begins like this; "" for anything else."""
    return next((name for start, name in ARCHIVES if head.startswith(start)), "")


def is_left_out(path: str) -> bool:
    """Whether a file or a folder around it is hidden, or put there by a system."""
    return any(part.startswith(".") or part.lower() in LEFT_OUT for part in path.split("/"))
