"""The faces of a film: found now and then, followed in between, numbered over the whole film, held still."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from pipelines.cartoon.faces import Face
from pipelines.cartoon.flow import Motion, carry
from pipelines.cartoon.one_euro import OneEuro

FIND_SECONDS = 0.2
"""How often faces are looked for."""
PATIENCE = 0.6
"""Seconds for which a face that moves on as before may go unfound: it turned away, or a hand is before it."""
FADE = 0.24
"""Seconds in which a face comes and goes."""
REMEMBERED = 2.0
"""Seconds after which a face that comes back to the same place is another one."""
REST_CUTOFF, SLOPE = 0.5, 10.0
"""Of the one-euro filter: Hz at rest, and Hz for each side of the face a second."""
NEAR = 0.35
"""Mean distance of two faces' points, in widths of the face, up to which they are one."""
OVERLAP = 0.3
"""Or the share of their boxes' union that they have in common."""
TAKEN = 0.5
"""Of a small difference between where a face was followed to and where it is found, the share that counts."""
SMALL = 0.1

Find = Callable[[np.ndarray], Sequence[Face]]
"""RGB uint8 HWC -> the faces in it, numbered as one reads."""


@dataclass(frozen=True)
class Shown:
    """A face as it is to be drawn; `presence` 0..1 is how far it has come in, or not yet gone."""

    face: Face
    presence: float


@dataclass
class Track:
    """One face over time. `face` is where it was found or followed to, `points` the same held still."""

    face: Face
    filter: OneEuro
    points: np.ndarray
    presence: float
    found: int = 1
    unseen: float = 0.0
    lost: bool = False
    unsure: bool = field(default=False)


class Tracks:
    """Follows the faces of a film from frame to frame."""

    def __init__(self, find: Find, rate: float) -> None:
        """`rate`: frames a second."""
        self._find = find
        self._seconds = 1 / rate
        self._motion = Motion()
        self._tracks: list[Track] = []
        self._gone: list[tuple[float, Face]] = []
        self._count = 0
        self._since = 0.0
        self._clock = 0.0

    @property
    def count(self) -> int:
        """Faces seen so far."""
        return self._count

    def follow(self, rgb: np.ndarray, cut: bool) -> list[Shown]:
        """Take the next frame, RGB uint8 HWC; `cut` where a new shot begins. Gives the faces to draw in it.

        Raises what `find` raises.
        """
        self._clock += self._seconds
        self._since += self._seconds
        self._motion.look(rgb)
        if cut:
            self._tracks, self._gone = [], []
        for track in self._tracks:
            self._carry_on(track)
        if cut or self._is_due():
            self._since = 0.0
            self._take(self._find(rgb), at_once=cut)
        self._tracks = [track for track in self._tracks if self._breathe(track)]
        return [self._show(track) for track in self._tracks if track.found > 1 or track.presence > 0]

    def _is_due(self) -> bool:
        young = any(track.found == 1 and track.presence == 0 for track in self._tracks)
        unsure = any(track.unsure and not track.lost for track in self._tracks)
        return young or unsure or self._since >= FIND_SECONDS - 1e-6

    def _carry_on(self, track: Track) -> None:
        """Move a track by optical flow; where that fails it stays until it is found again."""
        matrix = self._motion.of(track.face.box)
        track.unsure = matrix is None
        track.unseen += self._seconds
        if matrix is not None:
            track.face = move(track.face, matrix)

    def _take(self, found: Sequence[Face], at_once: bool) -> None:
        """Give what was found to the tracks; what is left over begins new ones."""
        pairs = match([track.face for track in self._tracks], found)
        for index, track in enumerate(self._tracks):
            if index in pairs:
                correct(track, found[pairs[index]])
            elif track.found == 1 and track.presence == 0:
                track.lost = True  # seen once and never again: no face
            elif track.unsure or track.unseen > PATIENCE:
                track.lost = True
        for index, face in enumerate(found):
            if index not in pairs.values():
                self._begin(face, at_once)

    def _begin(self, face: Face, at_once: bool) -> None:
        """A face that was not there: shown at once where a shot begins, else when it is found again."""
        smoother = OneEuro(REST_CUTOFF, SLOPE)
        number = self._recall(face)
        named = replace(face, number=number)
        points = smoother.smooth(face.points, self._seconds)
        self._tracks.append(Track(named, smoother, points, 1.0 if at_once else 0.0))

    def _recall(self, face: Face) -> int:
        """The number of a face that went from here a moment ago, else the next one."""
        self._gone = [(when, old) for when, old in self._gone if self._clock - when < REMEMBERED]
        near = match([old for _, old in self._gone], [face])
        if near:
            return self._gone.pop(next(iter(near)))[1].number
        self._count += 1
        return self._count

    def _breathe(self, track: Track) -> bool:
        """Let a track come in or fade out by one frame; whether it is still there."""
        if track.found > 1 or track.lost:
            step = self._seconds / FADE * (-1 if track.lost else 1)
            track.presence = min(1.0, max(0.0, track.presence + step))
        if track.lost and track.presence == 0:
            if track.found > 1:
                self._gone.append((self._clock, track.face))
            elif track.face.number == self._count:
                self._count -= 1
            return False
        track.points = track.filter.smooth(track.face.points, self._seconds, unit=track.face.box[2])
        return True

    @staticmethod
    def _show(track: Track) -> Shown:
        return Shown(replace(track.face, points=track.points), track.presence)


def move(face: Face, matrix: np.ndarray) -> Face:
    """A face carried by a turn, scale and shift; its box stays upright."""
    left, top, width, height = face.box
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    middle = carry(np.array([[left + width / 2, top + height / 2]]), matrix)[0]
    width, height = width * scale, height * scale
    box = (float(middle[0] - width / 2), float(middle[1] - height / 2), width, height)
    return replace(face, box=box, points=carry(face.points, matrix))


def correct(track: Track, face: Face) -> None:
    """Take over where a face was found; small differences are half noise."""
    difference = float(np.hypot(*(face.points - track.face.points).T).mean()) / max(face.box[2], 1e-6)
    share = TAKEN if difference < SMALL else 1.0
    points = track.face.points + share * (face.points - track.face.points)
    track.face = replace(face, number=track.face.number, points=points)
    track.found, track.unseen, track.lost, track.unsure = track.found + 1, 0.0, False, False


def match(tracked: Sequence[Face], found: Sequence[Face]) -> dict[int, int]:
    """Which of `found` each of `tracked` is, by index: the nearest first, each once."""
    near = [
        (distance, a, b)
        for a, old in enumerate(tracked)
        for b, new in enumerate(found)
        if (distance := apart(old, new)) < NEAR or overlap(old.box, new.box) > OVERLAP
    ]
    pairs: dict[int, int] = {}
    for _, a, b in sorted(near):
        if a not in pairs and b not in pairs.values():
            pairs[a] = b
    return pairs


def apart(a: Face, b: Face) -> float:
    """Mean distance of two faces' points, in widths of the wider one."""
    return float(np.hypot(*(a.points - b.points).T).mean()) / max(a.box[2], b.box[2], 1e-6)


def overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> float:
    """Share of two boxes' union that they have in common."""
    wide = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    high = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    common = max(wide, 0) * max(high, 0)
    return common / max(a[2] * a[3] + b[2] * b[3] - common, 1e-6)
