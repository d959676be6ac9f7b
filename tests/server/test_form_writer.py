"""What a form may make the server keep in memory is bounded, whatever its parts hold."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from python_multipart.multipart import MultipartParser

from pipelines.errors import InvalidOption
from server.form_writer import LONGEST_NAME, MOST_TEXTS, Form, FormWriter

TEXT = 'form-data; name="{}"'
FILE = 'form-data; name="{}"; filename="a"'


def write_form(folder: Path, dispositions: Iterable[str], data: bytes = b"") -> Form:
    """Parse a form of such parts, all with the same data."""
    writer = FormWriter(folder, most_files=1000)
    parser = MultipartParser(b"b", writer.callbacks)
    for disposition in dispositions:
        parser.write(f"--b\r\nContent-Disposition: {disposition}\r\n\r\n".encode() + data + b"\r\n")
    parser.write(b"--b--\r\n")
    writer.close()
    assert writer.whole
    return writer.form


@pytest.mark.parametrize("data", [b"", b"x"])
@pytest.mark.parametrize("name", ["text {}", "text"])
def test_texts_are_counted_whatever_they_hold_and_however_they_are_called(
    tmp_path: Path, name: str, data: bytes
) -> None:
    names = [TEXT.format(name.format(number)) for number in range(MOST_TEXTS + 1)]

    assert write_form(tmp_path, names[:-1], data).texts
    with pytest.raises(InvalidOption, match=f"more than {MOST_TEXTS} texts"):
        write_form(tmp_path, names, data)


def test_files_are_no_texts(tmp_path: Path) -> None:
    form = write_form(tmp_path, [FILE.format("images")] * (MOST_TEXTS + 1), b"x")

    assert len(form.files["images"]) == MOST_TEXTS + 1 and form.texts == {}


@pytest.mark.parametrize("part", [TEXT, FILE])
@pytest.mark.parametrize("letter", ["n", "é"])
def test_a_long_name_is_refused_before_anything_is_kept(tmp_path: Path, part: str, letter: str) -> None:
    fits = letter * (LONGEST_NAME // len(letter.encode()))

    form = write_form(tmp_path, [part.format(fits)])
    assert fits in {*form.texts, *form.files}
    (tmp_path / "other").mkdir()
    with pytest.raises(InvalidOption, match="name"):
        write_form(tmp_path / "other", [part.format(fits + letter)])
    assert not list((tmp_path / "other").iterdir())
