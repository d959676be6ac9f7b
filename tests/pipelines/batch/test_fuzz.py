"""Whatever the bytes and the names are: no crash, nothing outside, nothing over the limits."""

from __future__ import annotations

import io
import random
from pathlib import PurePosixPath, PureWindowsPath

from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.batch.entry import Row
from pipelines.batch.limits import Budget, Limits
from pipelines.batch.manifest import render_manifests
from pipelines.batch.output_names import OutputNames, make_relative
from pipelines.batch.zip_layout import Member
from pipelines.batch.zip_names import decode_name, guess_encoding
from pipelines.batch.zip_reading import Place, read_zip
from pipelines.errors import InkframeError
from tests.pipelines.batch.zips import JPEG, PNG, make_raw_zip, make_streamed_zip, make_zip

LIMITS = Limits(max_files=100, max_unpacked=1_000_000, max_file=100_000)
FILES = [("a/b.jpg", JPEG), ("c.png", PNG), ("in.zip", make_zip([("x.jpg", JPEG)])), ("d.txt", b"text" * 99)]
BASES = [
    make_zip(FILES),
    make_zip(FILES, 0),
    make_zip(FILES, 12),
    make_zip(FILES, 14),
    make_streamed_zip(FILES),
    make_raw_zip([("中.jpg".encode("gbk"), JPEG), (b"..\\x.png", PNG)]),
]
many = settings(max_examples=150, deadline=None, derandomize=True)


def read_everything(data: bytes) -> int:
    """Read what there is, holding every promise that an entry makes; the bytes that came out."""
    total = 0
    try:
        for entry in read_zip(lambda: io.BytesIO(data), Place("given.zip"), Budget(LIMITS), None):
            check_path(entry.path)
            assert entry.size >= 0
            if entry.fault:
                continue
            try:
                with entry.open() as stream:
                    size = len(stream.read())
                assert size == entry.size
                total += size
            except InkframeError as error:
                assert error.message
    except InkframeError as error:
        assert error.message
    return total


def check_path(path: str) -> None:
    assert path
    parts = path.split("/")
    assert not any(part in ("", ".", "..") for part in parts)
    assert "\\" not in path
    assert "\0" not in path
    assert not PurePosixPath(path).is_absolute()


@many
@given(
    base=st.sampled_from(BASES),
    hits=st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=6)), max_size=6),
    cut=st.tuples(st.floats(0, 1), st.floats(0, 1)),
)
def test_a_damaged_zip_is_never_a_crash(
    base: bytes, hits: list[tuple[float, bytes]], cut: tuple[float, float]
) -> None:
    data = bytearray(base)
    for where, change in hits:
        at = int(where * len(data))
        data[at : at + len(change)] = change
    first, last = sorted(int(each * len(data)) for each in cut)
    assert read_everything(bytes(data)) <= LIMITS.max_unpacked
    assert read_everything(bytes(data[:first] + data[last:])) <= LIMITS.max_unpacked


@many
@given(data=st.binary(max_size=200), number=st.integers(0, 2**32))
def test_any_bytes_between_headers_are_never_a_crash(data: bytes, number: int) -> None:
    dice = random.Random(number)
    marks = [b"PK\1\2", b"PK\3\4", b"PK\5\6", b"PK\6\6", b"PK\6\7", b"PK\7\10"]
    body = b"".join(dice.choice(marks) + data[: dice.randrange(99)] + dice.randbytes(30) for _ in range(6))
    assert read_everything(body) <= LIMITS.max_unpacked


@many
@given(
    st.lists(st.text(max_size=30) | st.sampled_from(["con.jpg", "CON.png", "a.", "a", "A", "é", "e\u0301"]))
)
@example(["a/b.jpg", "a.jpg", "a", "A.PNG/x.jpg"])
@example(["\u0130.jpg", "i\u0307.jpg", "ſ.jpg", "s.jpg", "ß.jpg", "SS.jpg"])
def test_outputs_are_safe_and_never_the_same(names: list[str]) -> None:
    given_names = OutputNames(".png")
    outputs = [given_names.claim(make_relative(name)[0])[0] for name in names]
    for output in outputs:
        check_path(output)
        assert output.endswith(".png")
        assert not any(part.endswith((".", " ")) for part in output.split("/"))
        assert not PureWindowsPath(output).drive
        assert len(output.encode()) < 1000
    folded = {output.casefold() for output in outputs}
    assert len(folded) == len(outputs)
    folders = {str(parent) for output in folded for parent in PurePosixPath(output).parents}
    assert not folders & folded


@many
@given(st.lists(st.tuples(st.binary(max_size=20), st.binary(max_size=12), st.sampled_from([0, 2048]))))
def test_any_name_can_be_read(raw: list[tuple[bytes, bytes, int]]) -> None:
    members = [Member(name, flags, 0, 0, 0, 0, 0, extra) for name, extra, flags in raw]
    guess = guess_encoding(members)
    for member in members:
        text, _ = decode_name(member, guess)
        assert bool(text) == bool(member.name)
        check_path(make_relative(text)[0])


@many
@given(st.text(alphabet=st.characters(), max_size=30), st.text(max_size=30))
def test_any_text_fits_into_the_manifests(name: str, reason: str) -> None:
    table, tree = render_manifests([Row(0, name, "failed", reason=reason, notes=(reason,))], {"title": name})
    assert table.decode("utf-8-sig")
    assert tree.decode()
