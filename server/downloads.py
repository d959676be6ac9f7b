"""Send a zip while it is being made."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from fastapi.responses import StreamingResponse

ZIP = "application/zip"


def send_zip(name: str, chunks: Iterator[bytes], **headers: str) -> StreamingResponse:
    """The answer that saves `chunks` under `name`, which may be in any script."""
    disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    given = {each.replace("_", "-"): value for each, value in headers.items()}
    return StreamingResponse(
        chunks,
        media_type=ZIP,
        headers={"Content-Disposition": disposition, "Cache-Control": "no-store", **given},
    )
