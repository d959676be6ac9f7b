"""A film of pictures: planned whole, drawn frame by frame, only the shots that are seen held open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from pipelines.credits import Net
from pipelines.errors import TooLarge
from pipelines.image_to_video.face_points import find_face
from pipelines.image_to_video.film_options import AUTO, TRANSPARENT, VideoOptions
from pipelines.image_to_video.film_size import find_size
from pipelines.image_to_video.film_style import WARM_UP, FilmStyle
from pipelines.image_to_video.fitting import FITS, Place, place
from pipelines.image_to_video.formats import FORMATS
from pipelines.image_to_video.motion import MOTIONS
from pipelines.image_to_video.overlay import fade
from pipelines.image_to_video.rate import exact_seconds
from pipelines.image_to_video.reel import Reel
from pipelines.image_to_video.shot import light_at, open_shot
from pipelines.image_to_video.sources import Remark, Source, open_pixels
from pipelines.image_to_video.stamp import Stamp
from pipelines.image_to_video.timeline import Span, Timeline, plan
from pipelines.image_to_video.transitions import NO_TIME, TRANSITIONS, Draw

if TYPE_CHECKING:
    from pipelines.studio import Studio

Pixels = NDArray[np.uint8]

BLACK = (0, 0, 0)
NO_ALPHA_NOTE = "{} has no transparency: see-through parts stand on {}."


@dataclass(frozen=True)
class Film:
    """What is to be drawn: `size` (width, height) px; `colour` behind see-through pictures, None where the film
    itself is see-through."""

    sources: Sequence[Source]
    options: VideoOptions
    size: tuple[int, int]
    timeline: Timeline
    colour: tuple[int, int, int] | None
    notes: tuple[str, ...] = ()

    @property
    def alpha(self) -> bool:
        return self.colour is None


def plan_film(sources: Sequence[Source], options: VideoOptions, most_minutes: float) -> Film:
    """Decide size, times and transparency. Raises InvalidOption for a size, TooLarge for too long a film."""
    kind = FORMATS[options.format]
    first = sources[0]
    size, notes = find_size(options, (first.width, first.height), side=kind.side, even=kind.even)
    timeline = lay_out([source.number for source in sources], options, most_minutes)
    colour, more = choose_background(sources, options)
    return Film(sources, options, size, timeline, colour, (*notes, *timeline.notes, *more))


def lay_out(numbers: Iterable[int], options: VideoOptions, most_minutes: float) -> Timeline:
    """The times of the pictures with these numbers, from 0. Raises TooLarge."""
    seconds = [options.seconds_of(number) for number in numbers]
    if sum(seconds) > most_minutes * 60:
        raise TooLarge(
            f"The film would be {float(sum(seconds)) / 60:.1f} minutes long; {most_minutes:g} is the limit.",
            "Show the pictures for less time, or raise INKFRAME_MAX_FILM_MINUTES.",
        )
    over = 0.0 if options.transition in NO_TIME else options.transition_seconds
    return plan(seconds, exact_seconds(over), options.rate)


def choose_background(
    sources: Sequence[Source], options: VideoOptions
) -> tuple[tuple[int, int, int] | None, list[str]]:
    """The colour behind, None for nothing, and what is to be said of it."""
    kind, wished = FORMATS[options.format], options.background
    if wished.startswith("#"):
        red, green, blue = bytes.fromhex(wished[1:])
        return (red, green, blue), []
    clear = wished == TRANSPARENT or (wished == AUTO and any(source.alpha for source in sources))
    if clear and kind.alpha:
        return None, []
    return BLACK, [NO_ALPHA_NOTE.format(kind.title, "black")] if clear else []


class DrawsShot(Protocol):
    """A shot as `open_shot` gives it."""

    @property
    def notes(self) -> Sequence[str]: ...

    def draw(self, at: float) -> Pixels: ...


@dataclass(frozen=True)
class Take:
    """A shot in its place in the film, and when it is seen; its fades take what is beside it with them."""

    shot: DrawsShot
    place: Place
    behind: Pixels | None
    span: Span
    options: VideoOptions

    def draw(self, frame: int) -> Pixels:
        """The film's frame of that number, as far as this shot goes."""
        closed = self.options.loop or MOTIONS[self.options.motion].closed
        at = self.span.share(frame, closed=closed)
        drawn = self.shot.draw(at)
        whole = drawn if self.behind is None else self.place.put(self.behind, drawn)
        return fade(whole, light_at(at, self.options))


@dataclass
class FilmDrawing:
    """Draws a film; `remarks` grow as its shots are opened."""

    studio: Studio
    film: Film
    visible_label: bool = False
    remarks: list[Remark] = field(default_factory=list)

    @cached_property
    def style(self) -> FilmStyle | None:
        """What draws the film in a style over time, if anything. Raises ModelMissing, ModelDamaged."""
        plan = self.film.options.plan_style()
        return FilmStyle(self.studio, plan, float(self.film.timeline.rate)) if plan else None

    @property
    def nets(self) -> tuple[Net, ...]:
        """Those of its style. Raises ModelMissing, ModelDamaged."""
        return self.style.nets if self.style else ()

    def draw(self, start: int = 0) -> Iterator[Pixels]:
        """Frames from `start` on, uint8 HW3, or HW4 of a see-through film. The same at every call; in a style,
        which remembers the frames before, nearly.

        Raises what opening pictures, shots and the style's nets raises.
        """
        stamp = Stamp(self.film.size) if self.visible_label else None
        for drawn in self._draw_styled(start):
            yield drawn if stamp is None else stamp.put(drawn)

    def _draw_styled(self, start: int) -> Iterator[Pixels]:
        if self.style is None:
            return self._draw_plain(start)
        first = max(0, start - WARM_UP)
        styled = self.style.draw_all(self._draw_plain(first), self.film.timeline.frames, first)
        return islice(styled, start - first, None)

    def _draw_plain(self, start: int) -> Iterator[Pixels]:
        spans = self.film.timeline.spans
        with Reel(self._open, len(spans)) as reel:
            for number, span in enumerate(spans):
                if span.end > start:
                    yield from self._draw_span(reel, number, max(start, span.start + span.come))

    def _draw_span(self, reel: Reel[Take], number: int, start: int) -> Iterator[Pixels]:
        """A picture's frames from `start` on, those that it shares with the next with it."""
        take, span = reel.take(number), self.film.timeline.spans[number]
        alone = span.end - span.go
        reel.prepare(number + 1)
        for frame in range(start, alone):
            yield take.draw(frame)
        if span.go:
            following = reel.peek(number + 1)
            change = self._open_transition(take, following, alone + span.go // 2)
            for frame in range(max(start, alone), span.end):
                share = self.film.timeline.fade(number, frame)
                yield change(take.draw(frame), following.draw(frame), share)

    def _open_transition(self, one: Take, two: Take, middle: int) -> Draw:
        name, store = self.film.options.transition, self.studio.store
        return TRANSITIONS[name](one.draw(middle), two.draw(middle), lambda seen: find_face(seen, store))

    def _open(self, number: int) -> Take:
        film, source = self.film, self.film.sources[number]
        last = number == len(film.sources) - 1
        options = film.options.for_picture(source.number, first=number == 0, last=last)
        fit = FITS[options.fit]
        pixels = open_pixels(self.studio, source, film.colour)
        where = place((pixels.shape[1], pixels.shape[0]), film.size, inside=fit.inside)
        behind = None if where.whole else fit.backdrop(pixels, film.size, film.colour or BLACK)
        unfaded = replace(options, fade_in=0.0, fade_out=0.0)
        shot = open_shot(pixels, where.size, unfaded, self.studio.store)
        self.remarks += [(source.name, note) for note in shot.notes]
        return Take(shot, where, behind, film.timeline.spans[number], options)
