"""What lies below the page's upload folder, `outputs/.page`, and when it goes.

Gradio removes the uploads that it knows of after a day and as it stops. What it lost sight of - after a kill -9, an
upload that broke off - and what the page copies there by itself would stay for ever.
"""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import NotFound
from pipelines.history import History
from pipelines.history.leftovers import remove_stale
from pipelines.history.run import RUN_ID
from ui.previews import Previews
from ui.upload import AGAIN
from ui.video_strip import THUMBS

log = logging.getLogger(__name__)

HOUR = 3600.0


@dataclass(frozen=True)
class PageFiles:
    """The upload folder. `needed` gives the paths of those files in it that Gradio shows from its start on."""

    folder: Path
    previews: Previews
    history: History
    needed: Callable[[], Collection[str]]

    def forget(self, run_id: str) -> None:
        """Remove every copy of a deleted run's pictures."""
        self.previews.drop(run_id)
        shutil.rmtree(self.folder / AGAIN / run_id, ignore_errors=True)

    def tidy(self) -> None:
        """Remove what nobody wrote to for a day, and the copies of runs that were deleted by other hands."""
        remove_stale(self._passing(), time.time())
        for run_id in (*names(self.previews.folder), *names(self.folder / AGAIN)):
            if RUN_ID.fullmatch(run_id) and not self._is_there(run_id):
                self.forget(run_id)

    def keep_tidy(self) -> Callable[[], None]:
        """Tidy now and every hour, in a thread of its own, until what this returns is called."""
        stop = threading.Event()

        def work() -> None:
            while True:
                try:
                    self.tidy()
                except Exception:
                    log.exception("The page's files were not tidied")
                if stop.wait(HOUR):
                    return

        threading.Thread(target=work, name="page-files", daemon=True).start()
        return stop.set

    def _passing(self) -> Iterator[Path]:
        """Everything that may go: the previews, which have a bound of their own, are not among it."""
        lasting = {self.previews.folder.name, AGAIN, THUMBS}
        needed = {Path(each).resolve() for each in self.needed()}
        for folder, left_out in (
            (self.folder, lasting),
            (self.folder / AGAIN, ()),
            (self.folder / THUMBS, ()),
        ):
            for name in names(folder):
                path = folder / name
                if name not in left_out and not any(each.is_relative_to(path.resolve()) for each in needed):
                    yield path

    def _is_there(self, run_id: str) -> bool:
        try:
            self.history.folder(run_id)
        except NotFound:
            return False
        return True


def names(folder: Path) -> list[str]:
    """What a folder holds; nothing where there is none."""
    with suppress(OSError):
        return [path.name for path in folder.iterdir()]
    return []
