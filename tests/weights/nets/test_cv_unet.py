from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from weights.nets.cv_unet import CvUnet


class RedSession:
    """Answers with the red channel, and keeps the sizes that it saw."""

    def __init__(self, spoil: float | None = None) -> None:
        self.sizes: list[tuple[int, ...]] = []
        self.spoil = spoil

    def run(self, feeds: Mapping[str, np.ndarray], outputs: Sequence[str] | None = None) -> list[np.ndarray]:
        picture = feeds["input_image:0"]
        assert picture.dtype == np.float32 and outputs == ["alpha"]
        self.sizes.append(picture.shape)
        matte = picture[..., 0] / 255
        return [matte if self.spoil is None else np.full_like(matte, self.spoil)]


def picture(height: int, width: int) -> np.ndarray:
    """Red grows from left to right."""
    rgb = np.zeros((height, width, 3), np.uint8)
    rgb[..., 0] = np.linspace(0, 255, width).astype(np.uint8)
    return rgb


def test_a_usual_picture_enters_as_it_is() -> None:
    session, rgb = RedSession(), picture(333, 401)

    alpha = CvUnet(session).alpha(rgb)

    assert session.sizes == [(333, 401, 3)]
    assert alpha.dtype == np.float32
    assert np.allclose(alpha, rgb[..., 0] / 255, atol=1e-6)


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 200), (63, 64), (5, 3000), (700, 2)])
def test_thin_pictures_are_padded_and_come_back_in_their_size(height: int, width: int) -> None:
    session = RedSession()

    alpha = CvUnet(session, longest=512).alpha(picture(height, width))

    assert alpha.shape == (height, width)
    rows, columns, _ = session.sizes[0]
    assert 64 <= rows <= 512 and 64 <= columns <= 512


def test_a_big_picture_is_bounded_and_its_matte_enlarged() -> None:
    session, rgb = RedSession(), picture(300, 900)

    alpha = CvUnet(session, longest=300).alpha(rgb)

    assert session.sizes == [(100, 300, 3)]
    assert np.abs(alpha - rgb[..., 0] / 255).max() < 0.01


@pytest.mark.parametrize(("spoil", "expected"), [(np.nan, 0.0), (1.7, 1.0), (-0.2, 0.0)])
def test_alpha_stays_in_range_whatever_the_net_says(spoil: float, expected: float) -> None:
    alpha = CvUnet(RedSession(spoil)).alpha(picture(80, 80))

    assert np.all(alpha == expected)
