"""The loop of pipelines.webcam behind the seam that a live session knows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from pipelines.errors import InkframeError
from pipelines.studio import Studio
from pipelines.webcam.options import LiveOptions
from server.live_protocol import Styled
from server.live_session import Loop, OpenLoop


def bind_loop(studio: Studio) -> OpenLoop:
    """Make loops that draw with this studio's models."""

    def open_loop(
        options: LiveOptions,
        deliver: Callable[[Styled], None],
        on_trouble: Callable[[InkframeError], None],
        *,
        encode: bool,
        on_drawer: Callable[[LiveOptions, Any], None],
    ) -> Loop:
        from pipelines.webcam.drawers import open_drawer
        from pipelines.webcam.loop import LiveLoop

        return LiveLoop(
            partial(open_drawer, studio),
            options,
            deliver,
            encode=encode,
            on_trouble=on_trouble,
            on_look=on_drawer,
        )

    return open_loop
