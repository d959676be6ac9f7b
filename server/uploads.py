"""Read a multipart form straight onto the disk: an upload may be far larger than memory or /tmp.

The framework's own parser keeps one open file for each part and puts them where the system's temporary files
go. Here one file is open at a time, beside the folder that the upload is for, so that taking it over is a
rename.
"""

from __future__ import annotations

import shutil
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from urllib.parse import parse_qsl

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request

from pipelines.errors import InvalidOption
from pipelines.history.leftovers import remove_stale
from pipelines.history.writing import need_room, writing
from server.afterwards import tidy_up
from server.form_writer import LONGEST_TEXT, Form, FormWriter, broken_form
from server.limits import announced_length

FOLDER = ".uploads"


@asynccontextmanager
async def upload_folder(outputs: Path) -> AsyncIterator[Path]:
    """A new folder for one upload; what is not taken out of it is removed at the end.

    Raises DiskFull, OutputsUnwritable.
    """
    folder = outputs / FOLDER / uuid.uuid4().hex
    with writing(outputs):
        folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        await tidy_up(partial(shutil.rmtree, folder, ignore_errors=True))


def remove_stale_uploads(outputs: Path) -> None:
    """Remove what uploads left behind when the process was killed; younger ones may be another process's."""
    with suppress(OSError):
        remove_stale((outputs / FOLDER).iterdir(), time.time())


async def receive_form(request: Request, folder: Path, *, most_files: int) -> Form:
    """Write the request's files into `folder`, in constant memory; a form without files may be url-encoded.

    Raises BadInput for what is no whole form, TooLarge for more than `most_files` files, InvalidOption for
    too many or too long texts, DiskFull - at once, when the announced length does not fit - and
    OutputsUnwritable.
    """
    need_room(folder, announced_length(request.headers))
    kind, facts = parse_options_header(request.headers.get("content-type", ""))
    if kind == b"application/x-www-form-urlencoded":
        return Form(await read_texts(request))
    if kind != b"multipart/form-data" or not facts.get(b"boundary"):
        raise broken_form()
    writer = FormWriter(folder, most_files)
    try:
        parser = MultipartParser(facts[b"boundary"], writer.callbacks)
        async for chunk in request.stream():
            await run_in_threadpool(_feed, parser, chunk, folder)
    except (FormParserError, ClientDisconnect) as error:
        raise broken_form() from error
    finally:
        writer.close()
    if not writer.whole:
        raise broken_form()
    return writer.form


def _feed(parser: MultipartParser, chunk: bytes, folder: Path) -> None:
    with writing(folder):
        parser.write(chunk)


async def read_texts(request: Request) -> dict[str, str]:
    """The texts of a form without files. Raises InvalidOption when there is too much of it."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_TEXT:
            raise InvalidOption("The form is too long.", "Send files as multipart/form-data.")
    return dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
