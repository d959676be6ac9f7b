"""Stand-ins for models."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from pipelines.cartoon.faces import PLACES
from pipelines.cartoon.options import STYLES
from pipelines.webcam.painters import PAINTERS
from weights.loaders import Loader
from weights.nets.center_face import Faces


class FakeMatte:
    """Answers with whatever is redder than green: exact for the pictures that tests draw."""

    def alpha(self, rgb: np.ndarray) -> np.ndarray:
        return (rgb[..., 0].astype(int) > rgb[..., 1]).astype(np.float32)

    def ask(self, pictures: np.ndarray) -> np.ndarray:
        return (pictures[:, 0] > pictures[:, 1]).astype(np.float32)


class FakeFaces:
    """Finds a face where a picture is blue in its top left corner: as wide and high as the blue is."""

    def find(self, rgb: np.ndarray) -> Faces:
        blue = (rgb[..., 2] > 200) & (rgb[..., 0] < 60)
        side = float(blue[:, 0].sum())
        count = 1 if side else 0
        boxes = np.array([[0, 0, side, side]], np.float32)[:count]
        points = np.array([PLACES * side], np.float32)[:count]
        return Faces(boxes, points, np.ones(count, np.float32))


class FakeCartoon:
    """Draws each style in a grey of its own, 20 apart, and heads 10 lighter: see `shade`."""

    mask = None

    def __init__(self, style: str = "") -> None:
        self._style = style

    def draw(self, rgb: np.ndarray, shares: Mapping[str, float], part: str) -> np.ndarray:
        grey = sum(share * shade(style) for style, share in shares.items())
        return np.full_like(rgb, round(grey) + (10 if part == "head" else 0))

    def draw_background(self, rgb: np.ndarray) -> np.ndarray:
        return self.draw(rgb, {self._style: 1.0}, "background")

    def draw_head(self, rgb: np.ndarray) -> np.ndarray:
        return self.draw(rgb, {self._style: 1.0}, "head")


class FakePainter:
    """Paints in one grey: ten times the number of a painting, or what a picture of one's own was like."""

    count = 26
    names = tuple(PAINTERS)

    def describe(self, rgb: np.ndarray) -> np.ndarray:
        return np.full(100, rgb.mean(), np.float32)

    def fix(self, style: Mapping[int, float] | np.ndarray) -> FakePainting:
        if isinstance(style, np.ndarray):
            return FakePainting(float(style[0]))
        return FakePainting(sum(10 * number * share for number, share in style.items()))


class FakePainting:
    """What FakePainter fixed."""

    multiple = 4

    def __init__(self, grey: float) -> None:
        self._grey = round(grey)

    def draw(self, rgb: np.ndarray) -> np.ndarray:
        return np.full_like(rgb, self._grey)


def shade(style: str) -> int:
    """The grey in which FakeCartoon draws a style."""
    return 40 + 20 * STYLES.index(style)


def fake_loaders() -> dict[str, Loader]:
    """A loader for each kind of net, none of which reads its file."""
    mattes = {name: lambda request: FakeMatte() for name in ("onnx-matte", "cv-unet")}
    return {
        **mattes,
        "center-face": lambda request: FakeFaces(),
        "dct-net": lambda request: FakeCartoon(request.spec.id.removeprefix("cartoon-")),
        "cartoon-net": lambda request: FakeCartoon(),
        "multi-style": lambda request: FakePainter(),
        "any-style": lambda request: FakePainter(),
        "adain-style": lambda request: FakePainter(),
    }
