"""A film made smoother or slower: frames are drawn between its frames, and its sound goes along."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from pipelines.errors import BadInput
from pipelines.image_to_video.interpolators import INTERPOLATORS
from pipelines.image_to_video.retiming import Timing, retime
from pipelines.image_to_video.slow_options import SlowOptions
from pipelines.image_to_video.stretched_sound import stretch_sound
from pipelines.progress import Progress, silent
from pipelines.video import VideoReader, VideoWriter
from weights.store import ModelStore


@dataclass(frozen=True)
class Slowed:
    """What was written: `frames` at `rate` a second; whether all sound was kept, and whether reading ended early
    because the film is damaged."""

    frames: int
    rate: Fraction
    sound_kept: bool
    damaged: bool

    @property
    def seconds(self) -> Fraction:
        return self.frames / self.rate


def slow_down(
    source: Path,
    target: Path,
    options: SlowOptions,
    store: ModelStore,
    progress: Progress = silent,
    check: Callable[[], None] = lambda: None,
    *,
    max_pixels: int = 1 << 26,
    label: Mapping[str, Any] | None = None,
) -> Slowed:
    """Write a film as `options` say into `target`, an MP4 file.

    `check` is called before each frame; what it raises ends the work, and nothing half-written stays. `label`:
    `metadata` and `xmp` as VideoWriter takes them. Raises BadInput for what is no film, InvalidOption, TooLarge,
    ModelMissing, ModelDamaged, OutOfMemory, OSError.
    """
    with ExitStack() as stack:
        film = stack.enter_context(VideoReader(source, max_pixels=max_pixels))
        timing, open_pair = options.timing(film.info.rate), INTERPOLATORS[options.net](store)
        progress(0.0, "Looking at the film")
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=target.parent, prefix=".sound-")))
        sound = find_sound(source, film, options, timing.slow, folder, check)
        size = (film.info.width, film.info.height)
        writer = stack.enter_context(VideoWriter(target, size, timing.rate, sound=sound, **(label or {})))
        total, begun, count = expected(film, timing), time.monotonic(), 0
        for rgb in retime(film, film.info.rate, timing, open_pair, check):
            writer.write(rgb)
            count += 1
            speed = count / max(time.monotonic() - begun, 1e-6)
            progress(0.98 * min(1, count / total), f"Frame {count} of {total}, {speed:.1f} a second")
        if not count:
            raise BadInput("The film holds no picture that can be decoded.")
    lost = options.sound == "keep" and film.info.sound and (sound is None or writer.sound_lost)
    progress(1.0, "Done")
    return Slowed(count, timing.rate, not lost, film.damaged)


def find_sound(
    source: Path,
    film: VideoReader,
    options: SlowOptions,
    slow: Fraction,
    folder: Path,
    check: Callable[[], None],
) -> Path | None:
    """The file whose sound goes with the new film: the source, or its sound stretched into `folder`."""
    if options.sound == "off" or not film.info.sound:
        return None
    if slow == 1:
        return source
    stretched = folder / "stretched.mp4"
    return stretched if stretch_sound(source, slow, stretched, check) else None


def expected(film: VideoReader, timing: Timing) -> int:
    """How many frames will come, as far as the film says."""
    return timing.count(film.info.frames / film.info.rate)
