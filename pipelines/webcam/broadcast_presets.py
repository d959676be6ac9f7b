"""The live platforms that a broadcast knows, as rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pipelines.errors import InvalidOption

CUSTOM = "custom"
SMALLEST, LARGEST = 64, 3840
SLOWEST, FASTEST = 5, 60
LEAST_KBIT, MOST_KBIT = 100, 20_000


@dataclass(frozen=True)
class Preset:
    """What a platform wants. `server` is where it takes streams, "" where the user names one; `size` (width,
    height) px; `fps` frames a second, never more nor less; `kbit_s` of the picture, `sound_kbit_s` of the sound."""

    id: str
    title: str
    server: str
    size: tuple[int, int]
    fps: int
    kbit_s: int
    sound_kbit_s: int = 128


PRESETS: Mapping[str, Preset] = {
    preset.id: preset
    for preset in (
        Preset("bilibili", "Bilibili", "rtmp://live-push.bilivideo.com/live-bvc/", (1280, 720), 15, 1500),
        Preset("douyin", "Douyin", "rtmp://push-rtmp-live.douyin.com/live/", (720, 1280), 25, 2000),
        Preset(CUSTOM, "Custom", "", (1280, 720), 25, 2500),
    )
}


def find_preset(name: str) -> Preset:
    """The row of that name. Raises InvalidOption."""
    if name not in PRESETS:
        raise InvalidOption(f"There is no platform {name[:40]!r}.", f"Use one of: {', '.join(PRESETS)}.")
    return PRESETS[name]


def change_preset(preset: Preset, *, width: int, height: int, fps: int, kbit_s: int) -> Preset:
    """The same platform with another picture. Sides become even, as H.264 wants. Raises InvalidOption."""
    _check("width", width, SMALLEST, LARGEST)
    _check("height", height, SMALLEST, LARGEST)
    _check("fps", fps, SLOWEST, FASTEST)
    _check("kbit_s", kbit_s, LEAST_KBIT, MOST_KBIT)
    return replace(preset, size=(width - width % 2, height - height % 2), fps=fps, kbit_s=kbit_s)


def _check(name: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise InvalidOption(f"{name} can't be {value}.", f"Use a whole number from {low} to {high}.")
