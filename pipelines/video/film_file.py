"""A film's file in the making: whole under its name or not at all, labelled, with the sound of another file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from pipelines.video.sound import MP4_SOUND, Sound, SoundKind
from pipelines.video.whole import WholeOrGone


class FilmFile(WholeOrGone):
    """A context manager; left by an error, nothing stays. Raises OSError where the file can't be written.

    KIND is ffmpeg's name of the container, FLAGS are its options.
    """

    KIND = "mp4"
    FLAGS: ClassVar[Mapping[str, str]] = {}
    SOUND: SoundKind = MP4_SOUND

    def __init__(self, path: Path, *, sound: Path | None, metadata: Mapping[str, str] | None) -> None:
        """`sound`: a file whose sound is kept."""
        import av

        self._path, self._partial = path, path.with_name(f".{path.name}.partial")
        self._seconds = 0.0
        self._container: Any = av.open(str(self._partial), "w", format=self.KIND, options=dict(self.FLAGS))
        self._container.metadata.update(metadata or {})
        self._sound_from = sound
        self._sound: Sound | None = None

    @property
    def sound_lost(self) -> bool:
        """Whether sound was there and some of it could not be kept."""
        return self._sound is not None and self._sound.lost

    def close(self) -> None:
        """Finish the film and give it its name."""
        try:
            self._end()
            self._container.close()
            self._seal(self._partial)
            os.replace(self._partial, self._path)
        except BaseException:
            self.drop()
            raise
        self._close_sound()

    def drop(self) -> None:
        """Leave nothing behind."""
        self._close_sound()
        try:
            self._container.close()
        finally:
            self._partial.unlink(missing_ok=True)

    def _begin_sound(self) -> None:
        """Call when the pictures' stream is there: it is to be the first."""
        if self._sound_from is not None:
            self._sound = Sound(self._sound_from, self._container, self.SOUND)

    def _tell(self, seconds: float) -> None:
        """The pictures have come so far: so may the sound."""
        self._seconds = seconds
        if self._sound is not None:
            self._sound.advance(seconds)

    def _end(self) -> None:
        if self._sound is not None:
            self._sound.finish(self._seconds)

    def _seal(self, path: Path) -> None:
        """Add to the closed file what the container's writer does not know of."""

    def _close_sound(self) -> None:
        if self._sound is not None:
            self._sound.close()
