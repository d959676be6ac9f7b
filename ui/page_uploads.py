"""Uploads through Gradio's own routes: none begins that does not fit on the disk, and what breaks off is removed.

Gradio writes each file of a form into the page's upload folder as it comes, but takes it away again only where the
form is malformed: a visitor who stops, a lost line or a full disk would leave what had come for ever.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gradio import route_utils, routes
from gradio.route_utils import GradioMultiPartParser, MultiPartException
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from pipelines.errors import InkframeError
from pipelines.history.writing import need_room, writing

LONGEST_TEXT = 65536
"""Bytes of a field that is no file: the page sends none, and Gradio keeps it in memory."""
BROKEN_OFF = 400


class WholeUploads(GradioMultiPartParser):  # type: ignore[misc]
    """Reads a form as Gradio does. What can't be kept is answered with 507, a text that is too long with 400."""

    async def parse(self) -> FormData:
        try:
            form = await self._receive()
        except InkframeError as error:
            self._remove_all_but(())
            raise HTTPException(error.status, str(error)) from error
        except ClientDisconnect as error:
            self._remove_all_but(())
            raise HTTPException(BROKEN_OFF, "The upload broke off.") from error
        except BaseException:  # also when the server is stopped
            self._remove_all_but(())
            raise
        self._remove_all_but([each.file.name for _, each in self.items if hasattr(each, "file")])
        return form

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        super().on_part_data(data, start, end)
        if self._current_part.file is None and len(self._current_part.data) > LONGEST_TEXT:
            raise MultiPartException("A text is over the maximum allowed size.")

    async def _receive(self) -> FormData:
        if self.upload_dir is None:
            return await super().parse()
        folder = Path(self.upload_dir)
        with writing(folder):
            need_room(folder, int(self.headers.get("content-length") or 0))
            return await super().parse()

    def _remove_all_but(self, whole: Any) -> None:
        for file in self._files_to_close_on_error:
            if file.name not in whole:
                file.close()
                Path(file.name).unlink(missing_ok=True)


def mend_uploads() -> None:
    """Have Gradio read its uploads so."""
    routes.GradioMultiPartParser = route_utils.GradioMultiPartParser = WholeUploads
