"""Print a small label into the lower right corner of a result."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

FALLBACK = "AI"
"""Shown when no font at hand has the letters of the wanted text."""
LETTER_SHARE = 0.05
"""GB 45438-2025, 5.2: letters at least 5% of the picture's shorter side."""
SMALLEST_LETTERS = 6
INK, PLATE = 255, 0
PLATE_OPACITY = 0.55
FIRST_IDEOGRAPH = 0x2E80

# Fonts with Chinese, Japanese and Korean letters by the names of their files; Pillow's own has none.
CJK_FONTS = (
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJKsc-Regular.otf",
    "NotoSansSC-Regular.otf",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "DroidSansFallbackFull.ttf",
    "msyh.ttc",
    "PingFang.ttc",
)

Font = ImageFont.FreeTypeFont


def draw_visible_label(rgb: NDArray[np.uint8], text: str) -> NDArray[np.uint8]:
    """Give a copy of rgb (HW3) with `text` in white on a dark plate; letters as high as GB 45438 asks.

    Text that no font at hand can show becomes "AI". Any size works; what doesn't fit is cut off.
    """
    ink, cover = _make_label(rgb.shape[0], rgb.shape[1], text)
    return _lay_over(rgb, ink[..., None], cover[..., None])


def draw_visible_label_on_cutout(
    rgb: NDArray[np.uint8], alpha: NDArray[np.uint8], text: str
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The same for rgb with straight alpha (HW): the label is opaque enough to be read where alpha was 0."""
    ink, cover = _make_label(rgb.shape[0], rgb.shape[1], text)
    height, width = cover.shape
    corner = alpha[-height:, -width:].astype(np.float32) / 255
    total = cover + corner * (1 - cover)
    share = np.divide(cover, total, out=np.zeros_like(cover), where=total > 0)
    out = alpha.copy()
    out[-height:, -width:] = np.rint(total * 255)
    return _lay_over(rgb, ink[..., None], share[..., None]), out


def _lay_over(
    rgb: NDArray[np.uint8], ink: NDArray[np.float32], cover: NDArray[np.float32]
) -> NDArray[np.uint8]:
    height, width = cover.shape[:2]
    out = rgb.copy()
    corner = out[-height:, -width:]
    corner[:] = np.rint(corner * (1 - cover) + ink * cover)
    return out


def _make_label(height: int, width: int, text: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Ink (0..255) and cover (0..1) of the label, both HW, no larger than the picture."""
    letters = max(SMALLEST_LETTERS, math.ceil(min(height, width) * LETTER_SHARE))
    font, text = _choose(text, letters)
    left, top, right, bottom = font.getbbox(text)
    room = math.ceil(letters * 0.4)
    plate = Image.new("L", (math.ceil(right - left) + 2 * room, math.ceil(bottom - top) + 2 * room))
    ImageDraw.Draw(plate).text((room - left, room - top), text, fill=255, font=font)
    drawn = np.asarray(plate, np.float32)[:height, :width] / 255
    cover = PLATE_OPACITY + (1 - PLATE_OPACITY) * drawn
    ink = (INK * drawn + PLATE * (1 - drawn) * PLATE_OPACITY) / cover
    return ink.astype(np.float32), cover.astype(np.float32)


def _choose(text: str, letters: int) -> tuple[Font, str]:
    """A font that has all letters of the text, in a size that makes them that high (pixels)."""
    for name in ("", *CJK_FONTS):
        font = _load(name, letters)
        if font is not None and text.strip() and _shows(font, text):
            return _fit(font, text, letters, name), text
    font = _load("", letters)
    if font is None:
        raise RuntimeError("Pillow was built without FreeType")
    return _fit(font, FALLBACK, letters, ""), FALLBACK


def _load(name: str, size: float) -> Font | None:
    try:
        font = ImageFont.truetype(name, size) if name else ImageFont.load_default(size)
    except OSError:
        return None
    return font if isinstance(font, Font) else None


def _shows(font: Font, text: str) -> bool:
    """A font draws every letter that it lacks as the same box, which is that of an unassigned code point."""
    box = bytes(font.getmask("\U0010ffff"))
    return all(bytes(font.getmask(letter)) != box for letter in set(text) if not letter.isspace())


def _fit(font: Font, text: str, letters: int, name: str) -> Font:
    """The same font in the size that makes its capitals (its ideographs, for CJK) `letters` pixels high."""
    ideographs = any(ord(letter) >= FIRST_IDEOGRAPH for letter in text)
    _, top, _, bottom = font.getbbox("国" if ideographs else "A")
    return _load(name, math.ceil(letters * letters / max(bottom - top, 1))) or font
