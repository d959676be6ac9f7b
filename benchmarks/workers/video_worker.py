"""One long clip with an eye on its own memory: `PICTURE MOTION WIDTH HEIGHT SECONDS`; prints JSON."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path

from benchmarks.video import open_picture, open_store
from benchmarks.workers.peak import peak_mb
from benchmarks.zoompan import RATE
from pipelines.image_to_video.motion_options import MotionOptions
from pipelines.image_to_video.shot import open_shot
from pipelines.video import VideoWriter
from pipelines.video.behind import WriteBehind


def main(picture: Path, motion: str, size: tuple[int, int], seconds: int) -> None:
    """Draw and write the clip, and look at the memory after its first second and at its end."""
    frames, first = seconds * RATE, 0.0
    with tempfile.TemporaryDirectory() as name:
        shot = open_shot(open_picture(picture), size, MotionOptions(motion=motion), open_store(Path(name)))
        start = time.perf_counter()
        film = Path(name) / "film.mp4"
        with VideoWriter(film, size, Fraction(RATE)) as writer, WriteBehind(writer) as behind:
            for number in range(frames):
                behind.write(shot.draw(number / max(1, frames - 1)))
                first = peak_mb() if number == RATE - 1 else first
        rate = frames / (time.perf_counter() - start)
    print(json.dumps({"first_mb": first, "peak_mb": peak_mb(), "fps": rate}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], (int(sys.argv[3]), int(sys.argv[4])), int(sys.argv[5]))
