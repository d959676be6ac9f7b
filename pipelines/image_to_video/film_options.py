"""What can be chosen for a film: one definition for the page, REST and the command line."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from pipelines.errors import InvalidOption
from pipelines.image_to_video.film_size import ASPECTS, LARGEST
from pipelines.image_to_video.fitting import FITS
from pipelines.image_to_video.formats import FORMATS, QUALITIES
from pipelines.image_to_video.motion import MOTIONS
from pipelines.image_to_video.motion_options import MotionOptions
from pipelines.image_to_video.rate import exact_seconds, read_rate
from pipelines.image_to_video.style_courses import COURSES, NONE, STYLES, plan_style
from pipelines.image_to_video.style_plan import StylePlan
from pipelines.image_to_video.transitions import TRANSITIONS
from pipelines.options import option
from pipelines.video.encoders import WANTED

SHORTEST, LONGEST = 0.1, 3600.0
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
AUTO, TRANSPARENT = "auto", "transparent"


@dataclass(frozen=True)
class VideoOptions(MotionOptions):
    """See each field's help. A film is as long as its pictures together: a transition lies over the cut
    between two of them and takes half its time from each."""

    motions: str = option(
        "", "Movements for several pictures, in turn: zoom-in,pan-left. Empty: motion for all."
    )
    duration: float = option(5.0, "Seconds for each picture.", SHORTEST, LONGEST, 0.1)
    durations: str = option("", "Seconds of each picture, in turn: 5,3,4. Empty: duration for all.")
    fps: str = option("25", "Frames a second: a number or a fraction such as 30000/1001.")
    aspect: str = option("source", "Shape of the film where width and height are 0.", choices=tuple(ASPECTS))
    width: float = option(0.0, "Width of the film (pixels); 0 takes it from height and shape.", 0, LARGEST, 2)
    height: float = option(
        0.0, "Height of the film (pixels); 0 takes it from width and shape.", 0, LARGEST, 2
    )
    fit: str = option(
        "fill",
        "A picture of another shape: fill cuts off what is over, fit shows all between bars, blur-fill shows "
        "all before itself, blurred.",
        choices=tuple(FITS),
    )
    background: str = option(
        AUTO,
        "Behind see-through and fitted pictures: #rrggbb, transparent, or auto: see-through if they are.",
    )
    transition: str = option("cross-fade", "How a picture becomes the next.", choices=tuple(TRANSITIONS))
    transition_seconds: float = option(1.0, "How long that takes.", 0, 10, 0.1)
    style: str = option(NONE, "A style that the film is drawn in.", choices=(NONE, *STYLES))
    style_course: str = option("grows-in", "How the style goes along the film.", choices=tuple(COURSES))
    style_becomes: str = option("sketch", "For becomes: the style that it turns into.", choices=STYLES)
    style_strength: float = option(1.0, "How much is redrawn at the most.", 0, 1, 0.05)
    style_keys: str = option(
        "", "Instead of these, keyframes as TIME=STYLE@STRENGTH: 0=anime@0, 0.5=anime@1, 1=sketch@1."
    )
    music_start: float = option(0.0, "Where in the music the film begins (seconds).", 0, 36000, 0.5)
    music_fade_in: float = option(0.5, "Seconds in which the music comes in.", 0, 30, 0.1)
    music_fade_out: float = option(2.0, "Seconds in which the music goes out at the end.", 0, 30, 0.1)
    music_volume: float = option(1.0, "Loudness of the music: 1 as it is.", 0, 2, 0.05)
    music_loop: bool = option(True, "Music that is shorter than the film begins again; else silence follows.")
    format: str = option("mp4", "File type of the film; png is a zip of pictures.", choices=tuple(FORMATS))
    quality: str = option("good", "Size of the file against its fineness.", choices=QUALITIES)
    encoder: str = option("auto", "MP4: auto encodes in hardware where that works.", choices=WANTED)

    def __post_init__(self) -> None:
        super().__post_init__()
        fastest = FORMATS[self.format].fastest
        if self.rate > fastest:
            raise InvalidOption(
                f"{FORMATS[self.format].title} has at most {fastest} frames a second, not {self.fps}.",
                f"Use an fps of {fastest} or less, or another format.",
            )
        if self.background not in (AUTO, TRANSPARENT) and not COLOUR.fullmatch(self.background):
            raise InvalidOption(
                f"background can't be {self.background!r}.", "Use auto, transparent or a colour as #rrggbb."
            )
        self.seconds_of(0)
        self.plan_style()
        self.motion_of(0)

    @property
    def rate(self) -> Fraction:
        """Frames a second, exact."""
        return read_rate(str(self.fps))

    def seconds_of(self, number: int) -> Fraction:
        """How long picture `number`, from 0, is shown. Raises InvalidOption."""
        words = _words(self.durations)
        return (
            [_seconds(word) for word in words][number % len(words)] if words else exact_seconds(self.duration)
        )

    def motion_of(self, number: int) -> str:
        """The movement of picture `number`, from 0. Raises InvalidOption."""
        words = _words(self.motions)
        for word in words:
            if word not in MOTIONS:
                raise InvalidOption(f"motions can't have {word!r}.", f"Use: {', '.join(MOTIONS)}.")
        return words[number % len(words)] if words else self.motion

    def plan_style(self) -> StylePlan | None:
        """The style over time, None for none. Raises InvalidOption."""
        return plan_style(
            self.style, self.style_course, self.style_becomes, self.style_strength, self.style_keys
        )

    def for_picture(self, number: int, *, first: bool, last: bool) -> VideoOptions:
        """What holds for picture `number`, from 0: only the film's own ends fade."""
        return replace(
            self,
            motion=self.motion_of(number),
            motions="",
            fade_in=self.fade_in if first else 0.0,
            fade_out=self.fade_out if last else 0.0,
        )


def _words(text: str) -> list[str]:
    return [word for part in text.split(",") if (word := part.strip())]


def _seconds(word: str) -> Fraction:
    try:
        seconds = float(word)
    except ValueError:
        seconds = 0.0
    if not SHORTEST <= seconds <= LONGEST:
        raise InvalidOption(
            f"durations can't have {word!r}.", f"Use seconds from {SHORTEST:g} to {LONGEST:g}, as in 5,3,4."
        )
    return exact_seconds(seconds)
