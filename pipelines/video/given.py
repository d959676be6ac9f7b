"""A film that a person hands in: the endings it may have, the limits it must keep, what is said of it after."""

from __future__ import annotations

from pathlib import Path, PurePath

from pipelines.errors import TooLarge
from pipelines.settings import Settings
from pipelines.video.read import VideoReader

PLAIN_ENDINGS = (".mp4", ".webm", ".mov", ".gif", ".mkv", ".m4v", ".avi")
DAMAGED_NOTE = "The film is damaged: {} of about {} frames could be read."
SOUND_NOTE = "Not all of the film's sound could be kept."


def ending_of(name: str) -> str:
    """The ending under which a film is kept."""
    ending = PurePath(name).suffix.lower()
    return ending if ending in PLAIN_ENDINGS else ".mp4"


def check_bytes(path: Path, settings: Settings) -> None:
    """Raises TooLarge for a file over `max_film_mb`."""
    size, most = path.stat().st_size, settings.max_film_mb
    if size > most * 1_000_000:
        raise TooLarge(
            f"The film has {size / 1e6:.0f} MB; {most} MB is the limit.",
            "Cut it into shorter ones, or raise INKFRAME_MAX_FILM_MB.",
        )


def open_film(path: Path, settings: Settings) -> VideoReader:
    """Open a film within the limits on its pixels and minutes. Raises BadInput, TooLarge."""
    film = VideoReader(path, max_pixels=settings.max_pixels)
    if film.info.seconds > settings.max_film_minutes * 60:
        film.close()
        raise too_long(film.info.seconds, settings.max_film_minutes)
    return film


def too_long(seconds: float, most: int) -> TooLarge:
    """The error for a film of so many seconds where `most` minutes are allowed."""
    return TooLarge(
        f"The film is {seconds / 60:.1f} minutes long; {most} minutes is the limit.",
        "Cut it into shorter ones, or raise INKFRAME_MAX_FILM_MINUTES.",
    )
