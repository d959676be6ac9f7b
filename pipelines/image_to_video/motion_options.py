"""What can be chosen for a moving shot: one definition for the page, REST and the command line."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.image_to_video.easing import EASINGS
from pipelines.image_to_video.motion import MOTIONS
from pipelines.options import Options, option

DEPTHS = ("auto", "matte", "net")


@dataclass(frozen=True)
class MotionOptions(Options):
    """See each field's help."""

    motion: str = option("zoom-in", "How the camera moves.", choices=tuple(MOTIONS))
    amount: float = option(0.5, "How far it moves: 0 stands still, 1 is the whole way.", 0, 1, 0.05)
    easing: str = option("gentle", "How the movement starts and ends.", choices=tuple(EASINGS))
    loop: bool = option(False, "Ends where it starts, so that the clip can run for ever.")
    focus_x: float = option(0.5, "Where zooms aim, across: 0 left edge, 1 right edge.", 0, 1, 0.01)
    focus_y: float = option(0.5, "Where zooms aim, down: 0 top, 1 bottom.", 0, 1, 0.01)
    depth: str = option(
        "auto",
        "What tells near from far: the matte, a depth net, or auto for the net if it is here.",
        choices=DEPTHS,
    )
    linear_light: bool = option(False, "Averages light as a lens does: fine bright detail stays bright.")
    fade_in: float = option(0.0, "Share of the shot in which it comes out of black.", 0, 0.5, 0.05)
    fade_out: float = option(0.0, "Share of the shot in which it goes to black.", 0, 0.5, 0.05)
