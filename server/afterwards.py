"""What is to be done at the end of an answer, whatever became of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from anyio import CancelScope
from fastapi.responses import FileResponse
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send


async def tidy_up(remove: Callable[[], None]) -> None:
    """Run `remove` in a thread, as it may take seconds, and to its end, also when the request was called off."""
    with CancelScope(shield=True):
        await run_in_threadpool(remove)


class PassingFile(FileResponse):
    """A file made for one answer: `remove` is called when the answer was sent, refused or broken off.

    A background task would not be run after a Range that is none.
    """

    def __init__(self, path: Path, remove: Callable[[], None], **facts: Any) -> None:
        super().__init__(path, **facts)
        self._remove = remove

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            await tidy_up(self._remove)
