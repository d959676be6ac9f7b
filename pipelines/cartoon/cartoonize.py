"""The corridor of one picture: the whole by the background net, each face by the head net, laid over softly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from pipelines.cartoon.detail import bring_up
from pipelines.cartoon.faces import SIDE, Face, align, cut_square, find_faces, natural_side
from pipelines.cartoon.masks import head_mask
from pipelines.cartoon.options import STYLES, CartoonOptions
from pipelines.cartoon.painters import Painter, choose_painter
from pipelines.cartoon.wishes import Wish, read_wishes
from pipelines.credits import Net
from pipelines.errors import OutOfMemory
from pipelines.image import Picture, resize_to_fit
from pipelines.image.seen import seen
from pipelines.matting.find import ON_CPU_NOTE
from pipelines.progress import Progress, Stopwatch, silent
from weights.store import ModelStore

SHORT = (256, 720)
"""Shorter sides, in px, between which the nets draw a picture; they learned at the lower one."""
LARGEST_HEAD = 320
"""Side of the square, in px, up to which a head is drawn: the larger, the less the nets change it."""
MASK_SIDE = 512
"""Masks are smooth: larger ones are drawn at this side, px, and enlarged."""
NO_FACE_NOTE = "No face was found: the whole picture was drawn in the style's background net."
MISSING_FACE_NOTE = "There is no face {}: {} were found."


@dataclass(frozen=True)
class Cartoon:
    """`rgb` uint8 HWC; `alpha` uint8 HW or None, as it came; `source` the photo at the same size, over white."""

    rgb: np.ndarray
    alpha: np.ndarray | None
    source: np.ndarray
    faces: tuple[Face, ...]
    nets: tuple[Net, ...]
    timings: dict[str, float]
    notes: tuple[str, ...]


def cartoonize(
    picture: Picture, options: CartoonOptions, store: ModelStore, progress: Progress = silent
) -> Cartoon:
    """Redraw a picture; when a GPU runs out of memory, once more on the CPU, and a note says so.

    Raises ModelMissing, ModelDamaged, OutOfMemory.
    """
    try:
        return _cartoonize(picture, options, store, progress)
    except OutOfMemory:
        if not store.on_gpu:
            raise
    store.evict()
    made = _cartoonize(picture, options, store.on_cpu(), progress)
    return replace(made, notes=(ON_CPU_NOTE, *made.notes))


def _cartoonize(picture: Picture, options: CartoonOptions, store: ModelStore, progress: Progress) -> Cartoon:
    watch = Stopwatch()
    wishes = read_wishes(options.faces, STYLES)
    progress(0.05, "Looking for faces")
    photo, alpha = fit(picture, int(options.size))
    with watch.step("faces"):
        faces = find_faces(photo, store) if wishes.every or wishes.named else []
    wanted = [(face, wish) for face in faces if (wish := wishes.of(face.number))]
    styles = tuple(dict.fromkeys([*options.weights, *(wish.style for _, wish in wanted if wish.style)]))
    with watch.step("loading"):
        painter = choose_painter(options.net, styles, store)
    rgb = draw(photo, wanted, options, painter, watch, progress)
    notes = (*picture.notes, *tell_faces(faces, wishes.every, wishes.named))
    return Cartoon(lift_off_white(rgb, alpha), alpha, photo, tuple(faces), painter.nets, watch.seconds, notes)


def draw(
    photo: np.ndarray,
    wanted: Sequence[tuple[Face, Wish]],
    options: CartoonOptions,
    painter: Painter,
    watch: Stopwatch | None = None,
    progress: Progress = silent,
) -> np.ndarray:
    """Draw RGB uint8 HWC and the wanted faces in it; returns the same size."""
    watch = watch or Stopwatch()
    progress(0.15, "Drawing the picture")
    with watch.step("background"):
        drawn = draw_background(photo, options, painter)
    with watch.step("heads"):
        for index, (face, wish) in enumerate(wanted):
            progress(0.5 + 0.4 * index / len(wanted), "Drawing the faces")
            lay_head(drawn, photo, face, wish, options, painter)
    progress(0.95, "Finishing")
    return keep_colours(drawn, photo, options.colours)


def fit(picture: Picture, longest: int) -> tuple[np.ndarray, np.ndarray | None]:
    """RGB over white, and alpha, of a picture, shrunk to at most `longest` px a side."""
    rgb = resize_to_fit(seen(picture), longest)
    if picture.alpha is None or rgb.shape == picture.rgb.shape:
        return rgb, picture.alpha
    size = (rgb.shape[1], rgb.shape[0])
    return rgb, cv2.resize(picture.alpha, size, interpolation=cv2.INTER_AREA)


def draw_background(photo: np.ndarray, options: CartoonOptions, painter: Painter) -> np.ndarray:
    """The whole picture by the background nets, at the size they know, brought up to the photo's."""
    small = to_known_size(photo)
    drawn = bring_up(photo, small, painter.paint(small, options.weights, "background"), options.detail)
    return blend(photo, drawn, options.strength)


def to_known_size(photo: np.ndarray) -> np.ndarray:
    """The photo with its shorter side between the two of SHORT."""
    shorter = min(photo.shape[:2])
    scale = min(max(shorter, SHORT[0]), SHORT[1]) / shorter
    if scale == 1:
        return photo
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    size = [max(1, round(side * scale)) for side in photo.shape[1::-1]]
    return cv2.resize(photo, size, interpolation=how)


def lay_head(
    canvas: np.ndarray, photo: np.ndarray, face: Face, wish: Wish, options: CartoonOptions, painter: Painter
) -> None:
    """Draw one head in its own square and lay it over the canvas, in place."""
    lies = natural_side(face.points)
    full, side = max(1, round(lies)), int(min(max(lies, SIDE), LARGEST_HEAD)) // 16 * 16
    matrix = align(face.points, full)
    square = cut_square(photo, matrix, full)
    small = cut_square(photo, align(face.points, side), side)
    shares = {wish.style: 1.0} if wish.style else options.weights
    head = bring_up(square, small, painter.paint(small, shares, "head"), options.detail)
    strength = options.strength if wish.strength is None else wish.strength
    lay_square(canvas, blend(square, head, strength), square_mask(face, matrix, full, painter), matrix)


def square_mask(face: Face, matrix: np.ndarray, side: int, painter: Painter) -> np.ndarray:
    """Mask of a head in its square, float32 0..1: the face's own shape, within the published one if any."""
    points = face.points @ matrix[:, :2].T + matrix[:, 2]
    small = min(side, MASK_SIDE)
    mask = head_mask(points * (small / side), small)
    if painter.mask is not None:
        mask = np.minimum(mask, cv2.resize(painter.mask, (small, small), interpolation=cv2.INTER_LINEAR))
    return cv2.resize(mask, (side, side), interpolation=cv2.INTER_LINEAR)


def lay_square(canvas: np.ndarray, square: np.ndarray, mask: np.ndarray, matrix: np.ndarray) -> None:
    """Carry a square back to where `matrix` took it from and lay it over the canvas by its mask."""
    height, width = canvas.shape[:2]
    corners = np.array([[0, 0], [len(mask), 0], [0, len(mask)], [len(mask), len(mask)]], np.float64)
    back = cv2.invertAffineTransform(matrix)
    there = corners @ back[:, :2].T + back[:, 2]
    left, top = np.clip(np.floor(there.min(axis=0)), 0, (width, height)).astype(int)
    right, bottom = np.clip(np.ceil(there.max(axis=0)), 0, (width, height)).astype(int)
    if right <= left or bottom <= top:
        return
    moved = back - np.array([[0, 0, left], [0, 0, top]])
    size = (int(right - left), int(bottom - top))
    colours = cv2.warpAffine(square, moved, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    weight = cv2.warpAffine(mask, moved, size, flags=cv2.INTER_LINEAR)[..., None]
    part = canvas[top:bottom, left:right]
    part[:] = np.rint(part + weight * (colours.astype(np.float32) - part)).astype(np.uint8)


def blend(photo: np.ndarray, drawn: np.ndarray, strength: float) -> np.ndarray:
    """Photo at strength 0, drawing at 1; uint8, always a new array."""
    return cv2.addWeighted(drawn, strength, photo, 1 - strength, 0)


def keep_colours(drawn: np.ndarray, photo: np.ndarray, share: float) -> np.ndarray:
    """Draw the drawing's hue and saturation towards the photo's; its light stays (CIE L*a*b*)."""
    if share == 0:
        return drawn
    ours, theirs = (cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB) for rgb in (drawn, photo))
    ours[..., 1:] = cv2.addWeighted(theirs[..., 1:], share, ours[..., 1:], 1 - share, 0)
    return cv2.cvtColor(ours, cv2.COLOR_LAB2RGB)


def lift_off_white(drawn: np.ndarray, alpha: np.ndarray | None) -> np.ndarray:
    """The colours that give the drawing when they are laid over white by their alpha; uint8 HWC."""
    if alpha is None:
        return drawn
    share = np.maximum(alpha, 1)[..., None].astype(np.float32) / 255
    lifted = np.clip(np.rint(255 - (255 - drawn.astype(np.float32)) / share), 0, 255).astype(np.uint8)
    return np.where(alpha[..., None] > 0, lifted, drawn)


def tell_faces(faces: Sequence[Face], every: bool, named: dict[int, Wish]) -> tuple[str, ...]:
    """What is to be said of the faces that were asked for and not found."""
    if not every and not named:
        return ()
    if not faces:
        return (NO_FACE_NOTE,)
    return tuple(
        MISSING_FACE_NOTE.format(number, len(faces)) for number in sorted(named) if number > len(faces)
    )
