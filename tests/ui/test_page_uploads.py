"""Gradio's uploads, part by part: what can't be kept leaves nothing behind."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from gradio.route_utils import MultiPartException
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from pipelines.history import writing
from ui.page_uploads import LONGEST_TEXT, WholeUploads

KIND = "multipart/form-data; boundary=edge"
FILE = b'--edge\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\n\r\n'
TEXT = b'--edge\r\nContent-Disposition: form-data; name="word"\r\n\r\n'
END = b"\r\n--edge--\r\n"


def receive(folder: Path, *chunks: bytes, length: int = 0) -> Any:
    """Parse a form that comes in these chunks; an empty one is a line that broke."""

    async def stream() -> AsyncIterator[bytes]:
        for chunk in chunks:
            if not chunk:
                raise ClientDisconnect
            yield chunk

    headers = Headers({"content-type": KIND, "content-length": str(length)})
    return asyncio.run(WholeUploads(headers, stream(), upload_dir=folder, max_file_size=10**6).parse())


def test_a_whole_upload_is_kept(tmp_path: Path) -> None:
    form = receive(tmp_path, FILE + b"pict", b"ure" + END)
    assert Path(form["files"].file.name).read_bytes() == b"picture"


def test_what_broke_off_is_removed(tmp_path: Path) -> None:
    with pytest.raises(HTTPException) as refused:
        receive(tmp_path, FILE + b"pict", b"")
    assert refused.value.status_code == 400
    assert list(tmp_path.iterdir()) == []


def test_a_form_without_its_end_leaves_no_file(tmp_path: Path) -> None:
    assert not receive(tmp_path, FILE + b"pict")
    assert list(tmp_path.iterdir()) == []


def test_an_upload_that_cannot_fit_is_refused_before_it_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing.shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
    with pytest.raises(HTTPException, match="1000 MB") as refused:
        receive(tmp_path, FILE + b"picture" + END, length=10**9)
    assert refused.value.status_code == 503


def test_a_disk_that_fills_up_is_explained_and_freed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("gradio.route_utils.GradioUploadFile.write", fail)
    with pytest.raises(HTTPException, match="full") as refused:
        receive(tmp_path, FILE + b"picture" + END)
    assert refused.value.status_code == 503
    assert list(tmp_path.iterdir()) == []


def test_a_text_of_any_length_is_not_taken_into_memory(tmp_path: Path) -> None:
    with pytest.raises(MultiPartException, match="maximum allowed size"):
        receive(tmp_path, TEXT + b"x" * LONGEST_TEXT, b"y" + END)
