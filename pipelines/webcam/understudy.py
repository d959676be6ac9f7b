"""Make the next drawer ready beside the running one."""

from __future__ import annotations

import logging
from collections.abc import Callable

from pipelines.errors import InkframeError
from pipelines.memory import give_back_memory
from pipelines.webcam.frames import Drawer, Rgb
from pipelines.webcam.options import LiveOptions
from pipelines.webcam.worker import Worker

log = logging.getLogger(__name__)

OpenDrawer = Callable[[LiveOptions], Drawer]


class Understudy:
    """Opens drawers in a thread of its own. Asked again while it opens one, it goes on with the newest wish."""

    def __init__(
        self,
        open_drawer: OpenDrawer,
        ready: Callable[[LiveOptions, Drawer], None],
        failed: Callable[[LiveOptions, InkframeError], None],
    ) -> None:
        self._open, self._ready, self._failed = open_drawer, ready, failed
        self.frame: Rgb | None = None
        """A frame to rehearse with, so that the first one on stage is not slow."""
        self.preparing: LiveOptions | None = None
        """The newest wish that does not stand yet."""
        self._worker = Worker("live-understudy", self._serve, failed=lambda: None)

    def ask(self, options: LiveOptions) -> None:
        """Returns at once; `ready` or `failed` is called later, from another thread."""
        self.preparing = options
        self._worker.put(options)

    def close(self) -> None:
        """Open nothing more. What is being opened is let go of when it stands."""
        self._worker.stop()

    def _serve(self, options: LiveOptions) -> None:
        self._meet(options)
        give_back_memory()

    def _meet(self, options: LiveOptions) -> None:
        try:
            drawer = self._open(options)
            if self.frame is not None:
                drawer.draw(self.frame)
        except InkframeError as error:
            self._failed(options, error)
        except Exception:
            log.exception("a live style did not open")
            self._failed(options, broken(options))
        else:
            self._ready(options, drawer)
        finally:
            if self.preparing is options:
                self.preparing = None


def broken(options: LiveOptions) -> InkframeError:
    """Build the error for a defect while drawing; the log has the whole of it."""
    return InkframeError(f"The style {options.style!r} failed.", "Choose another style; the log says more.")
