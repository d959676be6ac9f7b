"""What a multipart form holds, written down part by part as it is parsed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from python_multipart.multipart import parse_options_header

from pipelines.errors import BadInput, InvalidOption, TooLarge

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

LONGEST_TEXT = 65536
MOST_TEXTS = 200
LONGEST_NAME = 200
"""Bytes of a field's name: it is kept in memory for every part, whatever the part holds."""
SEE = "See /docs for the fields."


@dataclass(frozen=True)
class Part:
    """A file of the form: where it is now, and its name as the sender gave it (it may hold a path)."""

    path: Path
    name: str


@dataclass
class Form:
    """What a multipart form held, by field name."""

    texts: dict[str, str] = field(default_factory=dict)
    files: dict[str, list[Part]] = field(default_factory=dict)


class FormWriter:
    """Takes what the parser finds: texts into memory, files onto the disk under numbers for names."""

    def __init__(self, folder: Path, most_files: int) -> None:
        self.form = Form()
        self.whole = False
        self._folder = folder
        self._most_files = most_files
        self._count = self._texts = 0
        self._header = (bytearray(), bytearray())
        self._disposition = b""
        self._name = ""
        self._text = bytearray()
        self._file: BinaryIO | None = None

    @property
    def callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
            "on_header_end": self._end_header,
            "on_headers_finished": self._open,
            "on_part_data": self._write,
            "on_part_end": self._end,
            "on_end": self._finish,
        }

    def close(self) -> None:
        """Close the file that is being written, if any."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _begin(self) -> None:
        self._disposition = b""
        self._header = (bytearray(), bytearray())
        self._text = bytearray()

    def _end_header(self) -> None:
        name, value = self._header
        if bytes(name).lower() == b"content-disposition":
            self._disposition = bytes(value)
        self._header = (bytearray(), bytearray())

    def _open(self) -> None:
        facts = parse_options_header(self._disposition)[1]
        name = facts.get(b"name")
        if not name:
            raise broken_form()
        if len(name) > LONGEST_NAME:
            raise InvalidOption(f"A field's name has more than {LONGEST_NAME} bytes.", SEE)
        self._name = _decode(name)
        if b"filename" in facts:
            self._open_file(_decode(facts[b"filename"]))
        else:
            self._open_text()

    def _open_text(self) -> None:
        self._texts += 1
        if self._texts > MOST_TEXTS:
            raise InvalidOption(f"The form has more than {MOST_TEXTS} texts.", SEE)

    def _open_file(self, name: str) -> None:
        self._count += 1
        if self._count > self._most_files:
            raise TooLarge(
                f"The upload has more than {self._most_files} files.",
                "Send fewer at a time, or raise INKFRAME_MAX_BATCH_FILES.",
            )
        path = self._folder / str(self._count)
        self._file = path.open("wb")
        self.form.files.setdefault(self._name, []).append(Part(path, name))

    def _write(self, data: bytes, start: int, end: int) -> None:
        if self._file is not None:
            self._file.write(data[start:end])
            return
        self._text += data[start:end]
        if len(self._text) > LONGEST_TEXT:
            raise InvalidOption(f"The text in {self._name[:40]!r} is too long.", SEE)

    def _end(self) -> None:
        if self._file is None:
            self.form.texts[self._name] = _decode(bytes(self._text))
            return
        self.close()
        files = self.form.files[self._name]
        if not files[-1].name and not files[-1].path.stat().st_size:  # a browser's empty file field
            files.pop().path.unlink()

    def _finish(self) -> None:
        self.whole = True


def _decode(text: bytes) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError:
        return text.decode("latin-1")


def broken_form() -> BadInput:
    """What is said of a body that is no whole form."""
    return BadInput("The upload broke off or is no multipart form.", "Send it again as multipart/form-data.")
