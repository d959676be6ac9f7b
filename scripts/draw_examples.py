"""Draw the example pictures and the icon of the page: python -m scripts.draw_examples

The duck and the balloon are distance fields walked by rays (sphere tracing, Hart 1996); the dandelion is
strokes. Nothing is random between two runs.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

Array = np.ndarray
Shape = Callable[[Array], Array]
"""Distances (n) from points (n, 3); y is up."""
Paint = Callable[[Array], Array]
"""Colours (n, 3) in 0..1 at points (n, 3)."""

FOLDER = Path(__file__).resolve().parent.parent / "ui" / "pictures"
SIZE = (720, 540)
FOCAL = 3.9
SUN = np.array([0.55, 0.75, 0.45]) / np.linalg.norm([0.55, 0.75, 0.45])


def ball(points: Array, centre: tuple[float, float, float], radii: tuple[float, float, float]) -> Array:
    """Distance from an ellipsoid, near enough for marching."""
    scaled = (points - np.array(centre)) / np.array(radii)
    length = np.linalg.norm(scaled, axis=1)
    return (length - 1) * min(radii)


def melt(first: Array, second: Array, width: float) -> Array:
    """Smooth union (Quilez's polynomial form)."""
    mix = np.clip(0.5 + 0.5 * (second - first) / width, 0, 1)
    return second * (1 - mix) + first * mix - width * mix * (1 - mix)


def duck(points: Array) -> Array:
    body = ball(points, (0, 0.55, 0), (1.0, 0.62, 0.72))
    tail = ball(points, (-0.95, 0.95, 0), (0.34, 0.2, 0.3))
    head = ball(points, (0.62, 1.38, 0), (0.5, 0.48, 0.47))
    wing = np.minimum(
        ball(points, (-0.12, 0.66, 0.6), (0.52, 0.3, 0.2)),
        ball(points, (-0.12, 0.66, -0.6), (0.52, 0.3, 0.2)),
    )
    bird = melt(melt(melt(body, tail, 0.35), head, 0.22), wing, 0.07)
    return np.minimum(bird, np.minimum(beak(points), eyes(points)))


def beak(points: Array) -> Array:
    return ball(points, (1.14, 1.3, 0), (0.3, 0.09, 0.24))


def eyes(points: Array) -> Array:
    return np.minimum(
        ball(points, (0.92, 1.52, 0.34), (0.085, 0.1, 0.085)),
        ball(points, (0.92, 1.52, -0.34), (0.085, 0.1, 0.085)),
    )


def paint_duck(points: Array) -> Array:
    colour = np.tile([1.0, 0.78, 0.1], (len(points), 1))
    colour[beak(points) < 0.01] = [0.95, 0.38, 0.08]
    colour[eyes(points) < 0.01] = [0.05, 0.05, 0.06]
    return colour


def balloon(points: Array) -> Array:
    hull = ball(points, (0, 1.55, 0), (1.0, 1.08, 1.0))
    skirt = cone(points, 0.28, 1.15, 0.2, 0.8)
    return np.minimum(melt(hull, skirt, 0.45), np.minimum(basket(points), lines(points)))


def cone(points: Array, low: float, high: float, r_low: float, r_high: float) -> Array:
    """A round frustum about the y axis."""
    height = np.clip((points[:, 1] - low) / (high - low), 0, 1)
    radius = r_low + (r_high - r_low) * height
    side = np.hypot(points[:, 0], points[:, 2]) - radius
    return np.maximum(side * 0.8, np.maximum(low - points[:, 1], points[:, 1] - high))


def basket(points: Array) -> Array:
    box = np.abs(points - np.array([0, -0.2, 0])) - np.array([0.17, 0.13, 0.17])
    return np.linalg.norm(np.maximum(box, 0), axis=1) + np.minimum(box.max(axis=1), 0) - 0.03


def lines(points: Array) -> Array:
    """Four ropes from the basket to the skirt."""
    away = np.full(len(points), 9.0)
    for x, z in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
        start, end = np.array([0.16 * x, -0.1, 0.16 * z]), np.array([0.2 * x, 0.36, 0.2 * z])
        along = np.clip((points - start) @ (end - start) / ((end - start) @ (end - start)), 0, 1)
        away = np.minimum(
            away, np.linalg.norm(points - start - along[:, None] * (end - start), axis=1) - 0.014
        )
    return away


def paint_balloon(points: Array) -> Array:
    angle = np.arctan2(points[:, 2], points[:, 0]) / (2 * np.pi) * 16
    bands = np.array([[0.83, 0.2, 0.18], [0.97, 0.9, 0.76], [0.13, 0.36, 0.6], [0.97, 0.9, 0.76]])
    colour = bands[np.floor(angle).astype(int) % 4]
    colour[points[:, 1] < 0.42] = [0.55, 0.36, 0.2]
    return colour


def render(shape: Shape, paint: Paint, eye: tuple[float, float, float], target: tuple[float, float, float],
           behind: Array, floor: bool) -> Array:  # fmt: skip
    """A picture of a shape before `behind`, float32 HWC in 0..1; twice as large, then averaged down."""
    height, width = behind.shape[:2]
    origin, rays = aim(np.array(eye, float), np.array(target, float), width, height)
    depth, hit = march(shape, origin, rays, floor)
    points = origin + rays * depth[:, None]
    picture = behind.reshape(-1, 3).copy()
    ground = hit & floor & (points[:, 1] < 2e-3)
    for mask, colours in ((ground, picture[ground]), (hit & ~ground, paint(points[hit & ~ground]))):
        picture[mask] = light(shape, points[mask], rays[mask], colours, is_floor=mask is ground)
    return cv2.resize(
        picture.reshape(height, width, 3).astype(np.float32),
        (width // 2, height // 2),
        interpolation=cv2.INTER_AREA,
    )


def aim(eye: Array, target: Array, width: int, height: int) -> tuple[Array, Array]:
    forward = (target - eye) / np.linalg.norm(target - eye)
    right = np.cross(forward, [0, 1, 0])
    right /= np.linalg.norm(right)
    up = np.cross(right, forward)
    x, y = np.meshgrid(np.linspace(-1, 1, width) * width / height, np.linspace(1, -1, height))
    rays = forward * FOCAL + x.reshape(-1, 1) * right + y.reshape(-1, 1) * up
    return eye, rays / np.linalg.norm(rays, axis=1, keepdims=True)


def march(shape: Shape, origin: Array, rays: Array, floor: bool) -> tuple[Array, Array]:
    depth, live = np.zeros(len(rays)), np.ones(len(rays), bool)
    for _ in range(110):
        points = origin + rays[live] * depth[live, None]
        step = shape(points)
        if floor:
            step = np.minimum(step, points[:, 1])
        depth[live] += step * 0.85
        live[live] = (step > 8e-4) & (depth[live] < 40)
    return depth, ~live & (depth < 40)


def light(shape: Shape, points: Array, rays: Array, colours: Array, is_floor: bool) -> Array:
    normal = np.tile([0.0, 1.0, 0.0], (len(points), 1)) if is_floor else slope(shape, points)
    shade = shadow(shape, points + normal * 0.02)
    sun = np.clip(normal @ SUN, 0, 1) * shade
    if is_floor:
        return colours * (0.55 + 0.45 * np.minimum(1, sun / SUN[1]))[:, None]
    sky = 0.5 + 0.5 * normal[:, 1]
    shine = np.clip(
        np.sum((rays - 2 * np.sum(rays * normal, axis=1, keepdims=True) * normal) * SUN, axis=1), 0, 1
    )
    lit = colours * (0.3 * sky + 0.14 + 0.72 * sun)[:, None] + (0.45 * shade * shine**40)[:, None]
    return np.clip(lit, 0, 1)


def slope(shape: Shape, points: Array) -> Array:
    steps = np.eye(3) * 1e-3
    normal = np.stack([shape(points + step) - shape(points - step) for step in steps], axis=1)
    return normal / np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-9)


def shadow(shape: Shape, points: Array) -> Array:
    """How much of the sun arrives, 0..1, with a soft rim."""
    arrives, depth = np.ones(len(points)), np.full(len(points), 0.03)
    for _ in range(36):
        near = shape(points + SUN * depth[:, None])
        arrives = np.minimum(arrives, np.clip(9 * near / depth, 0, 1))
        depth += np.clip(near, 0.02, 0.25)
    return arrives


def backdrop(top: tuple[float, ...], bottom: tuple[float, ...], seed: int, spots: float) -> Array:
    """A gradient with out-of-focus spots, float HWC of twice the final size."""
    width, height = SIZE[0] * 2, SIZE[1] * 2
    ramp = np.linspace(0, 1, height)[:, None, None]
    picture = np.broadcast_to(np.array(top) * (1 - ramp) + np.array(bottom) * ramp, (height, width, 3)).copy()
    chance = np.random.default_rng(seed)
    for _ in range(26):
        layer = np.zeros((height, width), np.float32)
        centre = (int(chance.integers(width)), int(chance.integers(height)))
        cv2.circle(layer, centre, int(chance.integers(50, 190)), 1.0, -1, cv2.LINE_AA)
        layer = cv2.GaussianBlur(layer, (0, 0), 26)[..., None]
        picture += layer * spots * chance.uniform(-1, 1, 3)
    return np.clip(picture, 0, 1)


def draw_dandelion() -> Array:
    """A seed head: hundreds of hairs, each a stroke thinner than a pixel of the final size."""
    scale = 4
    width, height = SIZE[0] * scale // 2, SIZE[1] * scale // 2
    behind = cv2.resize(backdrop((0.33, 0.47, 0.24), (0.12, 0.24, 0.13), 5, 0.1), (width, height))
    picture = np.ascontiguousarray(behind * 255, np.float32)
    centre, chance = np.array([width * 0.5, height * 0.42]), np.random.default_rng(11)
    stalk = np.array(
        [[centre[0] + 26 * np.sin(t * 2.2), centre[1] + t * height] for t in np.linspace(0, 0.7, 60)]
    )
    cv2.polylines(picture, [stalk.astype(np.int32)], False, (168, 190, 118), 15, cv2.LINE_AA)
    cv2.polylines(picture, [stalk.astype(np.int32) - [4, 0]], False, (196, 214, 150), 5, cv2.LINE_AA)
    for _ in range(300):
        turn, tilt = chance.uniform(0, 2 * np.pi), np.arccos(chance.uniform(-1, 1))
        flat = np.array([np.cos(turn) * np.sin(tilt), np.sin(turn) * np.sin(tilt)])
        _draw_seed(picture, centre, centre + flat * height * 0.29, 0.72 + 0.28 * np.cos(tilt), chance)
    cv2.circle(picture, tuple(int(v) for v in centre), 30, (126, 104, 66), -1, cv2.LINE_AA)
    small = cv2.resize(picture, SIZE, interpolation=cv2.INTER_AREA)
    return np.clip(small / 255, 0, 1)


def _draw_seed(picture: Array, centre: Array, tip: Array, bright: float, chance: np.random.Generator) -> None:
    tone = np.array([246, 246, 238]) * bright
    cv2.line(picture, _at(centre), _at(tip), tuple(tone * 0.82), 2, cv2.LINE_AA)
    out = np.arctan2(*(tip - centre)[::-1])
    for angle in np.linspace(-1.35, 1.35, 17) + chance.normal(0, 0.06, 17):
        end = tip + np.array([np.cos(out + angle), np.sin(out + angle)]) * chance.uniform(44, 66)
        cv2.line(picture, _at(tip), _at(end), tuple(tone), 2, cv2.LINE_AA)


def _at(point: Array) -> tuple[int, int]:
    return int(point[0]), int(point[1])


def draw_icon() -> Array:
    """A frame with a drop of ink, RGBA uint8 64x64."""
    icon = np.zeros((256, 256, 4), np.uint8)
    cv2.rectangle(icon, (28, 28), (228, 228), (47, 87, 196, 255), 24, cv2.LINE_AA)
    cv2.circle(icon, (128, 148), 46, (47, 87, 196, 255), -1, cv2.LINE_AA)
    cv2.fillPoly(
        icon, [np.array([[128, 66], [88, 128], [168, 128]], np.int32)], (47, 87, 196, 255), cv2.LINE_AA
    )
    return cv2.resize(icon, (64, 64), interpolation=cv2.INTER_AREA)


def save(name: str, picture: Array) -> None:
    grain = np.random.default_rng(3).normal(0, 0.006, picture.shape)
    pixels = (np.clip(picture + grain, 0, 1) * 255).astype(np.uint8)
    cv2.imwrite(str(FOLDER / f"{name}.jpg"), pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 80])


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    table = backdrop((0.62, 0.72, 0.76), (0.5, 0.58, 0.6), 2, 0.07)
    save("duck", render(duck, paint_duck, (3.6, 2.5, 5.4), (0.08, 0.92, 0), table, floor=True))
    sky = backdrop((0.35, 0.58, 0.85), (0.86, 0.9, 0.93), 8, 0.06)
    save("balloon", render(balloon, paint_balloon, (2.2, -0.6, 7.2), (0, 1.12, 0), sky, floor=False))
    save("dandelion", draw_dandelion())
    icon = draw_icon()
    cv2.imwrite(str(FOLDER / "icon.png"), icon[..., [2, 1, 0, 3]])


if __name__ == "__main__":
    main()
