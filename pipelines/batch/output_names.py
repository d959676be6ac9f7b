"""Names of files made safe: inside the batch's own folder, allowed on every system, each only once."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from itertools import count

from pipelines.batch.kinds import ENDINGS

LONGEST_PART = 160
"""Bytes of a file's or folder's name; systems take 255, and endings, numbers and temporary names are added."""
LONGEST_PATH = 900
MANIFESTS = ("manifest.csv", "manifest.json")
DRIVE = re.compile(r"[A-Za-z]:(?=/)")
NOT_PRINTED = re.compile("[\0-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
NOT_PORTABLE = re.compile(r'[<>:"|?*]')
RESERVED = re.compile(r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³])[ ]*(?:\.|$)", re.IGNORECASE)

BACKSLASHES = "Backslashes in its name were read as folders."
OUTSIDE = "Its name pointed outside the zip; that part of the name was left out."
UNPRINTED = "Its name held control characters; each became _."
NAMELESS = "It had no name."
NOT_ALLOWED = "Saved under another name, because its own is not allowed on every system."
SHORTENED = "Saved under a shorter name, because its own is too long."
TAKEN = "Saved as {name}, because another file of the batch already has its name."


def make_relative(name: str) -> tuple[str, tuple[str, ...]]:
    """Turn any name into a printable path that stays inside: "C:\\a\\..\\b.jpg" -> "a/b.jpg".

    Gives the path, never empty, and a note for each thing that was changed.
    """
    notes = []
    if "\\" in name:
        name, notes = name.replace("\\", "/"), [BACKSLASHES]
    local = name[2:] if DRIVE.match(name) else name
    parts = local.split("/")
    if local != name or local.startswith("/") or ".." in parts:
        notes.append(OUTSIDE)
    path = "/".join(part for part in parts if part not in ("", ".", ".."))
    printed = NOT_PRINTED.sub("_", path)
    if printed != path:
        notes.append(UNPRINTED)
    return (printed, tuple(notes)) if printed else ("nameless", (*notes, NAMELESS))


class OutputNames:
    """Gives each file of one batch a name of its own, also where upper and lower case are one.

    `suffix` takes the place of a picture's ending. The names that manifests have are never given.
    """

    def __init__(self, suffix: str) -> None:
        self._suffix = suffix
        self._files = {_key(name) for name in MANIFESTS}
        self._folders: set[str] = set()
        self._next: dict[str, int] = {}
        self._places: dict[str, str] = {}

    def claim(self, path: str) -> tuple[str, tuple[str, ...]]:
        """Give the output's path for a relative path, and notes on what had to be changed."""
        folder, _, name = path.rpartition("/")
        safe, notes = _make_portable(folder, _drop_ending(name))
        place, _, stem = safe.rpartition("/")
        place = self._claim_folder(place)
        start = f"{place}/{stem}" if place else stem
        output = self._claim_free(start, self._suffix)
        if output != start + self._suffix:
            notes = (*notes, TAKEN.format(name=output.rpartition("/")[2]))
        return output, notes

    def _claim_free(self, start: str, end: str) -> str:
        first = _key(start + end)
        for number in count(self._next.get(first, 1)):
            output = start + (f" ({number})" if number > 1 else "") + end
            key = _key(output)
            if key not in self._files and key not in self._folders:
                self._files.add(key)
                self._next[first] = number + 1
                return output
        raise AssertionError("numbers never end")

    def _claim_folder(self, folder: str) -> str:
        """A folder can't have the name of a file that is there already."""
        if not folder or folder in self._places:
            return self._places.get(folder, "")
        parent, _, name = folder.rpartition("/")
        place = self._claim_folder(parent)
        start = f"{place}/{name}" if place else name
        for number in count(1):
            output = start + (f" ({number})" if number > 1 else "")
            if _key(output) not in self._files:
                break
        self._folders.add(_key(output))
        self._places[folder] = output
        return output


def _key(path: str) -> str:
    """The same for paths that some file system takes for one: case, and accents as one letter or two."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def _drop_ending(name: str) -> str:
    stem, _, ending = name.rpartition(".")
    return stem if stem and f".{ending.lower()}" in ENDINGS else name


def _make_portable(folder: str, stem: str) -> tuple[str, tuple[str, ...]]:
    parts = [*folder.split("/"), stem] if folder else [stem]
    allowed = [_allow(part) for part in parts]
    notes = [NOT_ALLOWED] if allowed != parts else []
    short = [_shorten(part, LONGEST_PART) for part in allowed]
    path = "/".join(short)
    if len(path.encode()) > LONGEST_PATH:
        path = f"~{_hash('/'.join(allowed[:-1]))}/{short[-1]}"
    if path != "/".join(allowed):
        notes.append(SHORTENED)
    return path, tuple(notes)


def _allow(part: str) -> str:
    part = NOT_PORTABLE.sub("_", part).rstrip(". ") or "_"
    return f"_{part}" if RESERVED.match(part) else part


def _shorten(part: str, longest: int) -> str:
    data = part.encode()
    if len(data) <= longest:
        return part
    return f"{data[: longest - 9].decode(errors='ignore').rstrip('. ')}~{_hash(part)}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
