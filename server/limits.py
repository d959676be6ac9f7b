"""How much a request may send."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

from pipelines.settings import PREFIX, Settings

LARGER = {
    "/api/v1/batch": ("max_batch_mb",),
    "/api/v1/cartoon/film": ("max_film_mb",),
    "/api/v1/video": ("max_film_mb",),
    "/api/v1/video/estimate": ("max_film_mb",),
    "/gradio_api/upload": ("max_batch_mb", "max_film_mb", "max_upload_mb"),
}
"""Routes that take more than the others, and the settings of which the largest says how much."""


@dataclass(frozen=True)
class BodyLimit:
    """How much a request may send, and the setting that says so."""

    megabytes: int
    variable: str

    @property
    def size(self) -> int:
        return self.megabytes * 1_000_000

    @property
    def message(self) -> str:
        return f"The upload is over the limit of {self.megabytes} MB."

    @property
    def hint(self) -> str:
        return f"Send a smaller file, or raise {self.variable}."


def body_limit(path: str, settings: Settings) -> BodyLimit:
    """How much may be sent to a route."""
    names = LARGER.get(path.rstrip("/"), ("max_upload_mb",))
    name = max(names, key=lambda each: int(getattr(settings, each)))
    return BodyLimit(getattr(settings, name), PREFIX + name.upper())


def announced_length(headers: Headers) -> int:
    """Content-Length; 0 when there is none or it is no number."""
    text = headers.get("content-length", "")
    return int(text) if text.isascii() and text.isdigit() else 0


def limit_body(receive: Receive, limit: BodyLimit) -> Receive:
    """Count what really arrives: a body without a length may still be too long."""
    received = 0

    async def counted() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > limit.size:
            raise HTTPException(413, limit.message)
        return message

    return counted
