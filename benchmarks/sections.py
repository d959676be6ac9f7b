"""The sections of RESULTS.md in their order: the command of each, how long it takes, and what must be known to
read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Section:
    """`words`: what follows `python -m benchmarks`; `data`: its folder below the data folder, empty where it needs
    none; `minutes` on two quiet cores; after four times that, and ten more, it is stopped."""

    title: str
    words: str
    data: str
    minutes: float
    note: str = ""

    @property
    def limit_seconds(self) -> float:
        return 60 * (4 * self.minutes + 10)

    def has_data(self, root: Path) -> bool:
        """Whether its folder is there; without, the benchmark makes something up."""
        return not self.data or (root / self.data).is_dir()

    def command(self, data: Path | None = None, quick: bool = False) -> list[str]:
        """What follows `python -m benchmarks`, with the data's own folder where one was named."""
        place = ["--data", str(data / self.data)] if data and self.data else []
        return [*self.words.split(), *place, *(["--quick"] if quick else [])]


def counts(found: Mapping[str, Any]) -> bool:
    """Whether what was found of a section may be quoted: no quick run, and no made-up input."""
    return not found.get("quick") and not found.get("made_up")


SECTIONS: Mapping[str, Section] = {
    "matting-quality": Section(
        "Matting: how close to true mattes",
        "matting --only quality",
        "matting",
        1.2,
        "No peer: rembg gives the same net's plain mask, which is the row `off`.",
    ),
    "portraits": Section(
        "Matting: the nets that come along, on things and on people",
        "matting --only models",
        "matting",
        1.5,
        "Nobody drew mattes for the portraits. Selfie segmentation and closed-form matting made their labels, so "
        "selfie segmentation is flattered here; `python -m training.evaluate_portrait --judge ISNET.onnx` asks a "
        "net that had no part in them.",
    ),
    "matting-speed": Section(
        "Matting: time and memory beside rembg",
        "matting --only speed",
        "matting",
        3.6,
        "Ours includes the run folder, the thumbnail and the history's entry. rembg compresses its PNG at level 6, "
        "ours is as large as at level 1: the second row takes that difference out. 4 and 12 Mpx are the 1 Mpx photo "
        "enlarged.",
    ),
    "batch": Section(
        "Batch Matting: folder to folder beside rembg",
        "batch --only speed",
        "matting",
        6.0,
        "rembg writes its mask as alpha, and its PNG at level 6; the second row is at level 1, about as large as "
        "ours. Ours also estimates the subject's own colours, hashes, labels and keeps a ledger.",
    ),
    "cartoon-speed": Section(
        "Cartoon: time beside the published nets",
        "cartoon --only speed",
        "",
        0.7,
        "Both run in ONNX Runtime, fp32, in turns. The small net feels every other process on few cores.",
    ),
    "cartoon-quality": Section(
        "Cartoon: how alike the published nets",
        "cartoon --only quality",
        "",
        3.0,
        "On photos that no training run saw.",
    ),
    "cartoon-flicker": Section("Cartoon: a still photo stays still", "cartoon --only flicker", "", 0.7),
    "interpolation": Section(
        "Frames in between, beside RIFE and a blend",
        "interpolation",
        "triplets",
        1.0,
        "RIFE 3.9 as its authors published it.",
    ),
    "video-speed": Section(
        "Image to video: frames a second beside ffmpeg's zoompan",
        "video --only speed",
        "scenes/kodak",
        3.5,
        "zoompan enlarges four times first, as is usual against its trembling. `motions` instead of `speed` times "
        "all motions.",
    ),
    "video-jitter": Section(
        "Image to video: how much a slow zoom trembles", "video --only jitter", "scenes/kodak", 1.0
    ),
    "video-memory": Section(
        "Image to video: memory",
        "video --only memory --minutes 0.5",
        "scenes/kodak",
        1.0,
        "Half a minute of film; without `--minutes` it is ten, and the most is the same to a few MB.",
    ),
    "live-speed": Section(
        "Webcam Style: the loop without a browser",
        "live --only speed",
        "",
        2.0,
        "The scene has no face; a face costs a cartoon some more.",
    ),
    "live-sessions": Section(
        "Webcam Style: four sessions at once",
        "live --only sessions",
        "",
        0.8,
        "Each wants its rate and gets a smaller picture for it.",
    ),
    "live-page": Section(
        "Webcam Style: camera to screen in Chromium, beside Gradio's streaming",
        "live_page",
        "",
        2.5,
        "The browser runs on the same cores. Painting and cartoon are smoothed lightly, as they are by default.",
    ),
    "smoothing": Section(
        "Webcam Style: smoothing beside a moving average", "live --only smoothing", "videos", 2.0
    ),
    "load": Section(
        "Fifty people at once",
        "load --minutes 1",
        "matting",
        5.0,
        "One minute: ten minutes stand in [docs/load.md](../docs/load.md).",
    ),
}
