"""Collect backgrounds without people: `python -m training.backgrounds FOLDER... --person MODEL`.

From folders of photos, those in which nobody is found; from the labels, what is behind each person, with
the person's place filled from around it: such backgrounds are as blurred as those of portraits are. One
.npy file each, uint8 HWC RGB.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.image import open_image
from training.folders import HELD_BACK, HELD_BACK_SCENES, find_pictures, portrait_cache, read_names
from training.label_checks import read_kept
from training.rough_mask import PersonMask
from training.whole_files import save_array

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]

LONGEST = 960
LIMIT = 1 << 27
NOBODY = 0.06
"""Greatest share of a background that the person mask may claim."""
LEAST_SEEN = 0.10
"""Least share of a portrait that must be background for its filling to mean anything."""


def fill_person(rgb: Picture, alpha: Picture) -> Picture:
    """Fill where alpha (uint8 HW) is not 0 from the surroundings, coarse to fine (push and pull)."""
    grown = cv2.dilate(alpha, np.ones((15, 15), np.uint8))
    known = (grown < 8).astype(np.float32)
    filled = _fill(rgb.astype(np.float32) * known[..., None], known)
    return np.clip(np.rint(filled), 0, 255).astype(np.uint8)


def _fill(premultiplied: Floats, weight: Floats) -> Floats:
    """Colours times weight and weight 0..1 -> colours everywhere."""
    height, width = weight.shape
    if min(height, width) > 1:
        size = (width + 1) // 2, (height + 1) // 2
        smaller = cv2.resize(premultiplied, size, interpolation=cv2.INTER_AREA)
        smaller_weight = cv2.resize(weight, size, interpolation=cv2.INTER_AREA)
        below = _fill(smaller, smaller_weight.reshape(size[1], size[0]))
        coarse = cv2.resize(below, (width, height), interpolation=cv2.INTER_LINEAR)
    else:
        coarse = premultiplied.reshape(-1, 3).sum(axis=0) / max(float(weight.sum()), 1e-6)
        coarse = np.broadcast_to(coarse, (height, width, 3))
    filled: Floats = premultiplied + coarse.reshape(height, width, 3) * (1 - weight[..., None])
    return filled.astype(np.float32)


def collect_photos(folders: Sequence[Path], out: Path, person: PersonMask) -> int:
    """Write each photo in which nobody is found, but for those held back; returns how many."""
    count, held = 0, read_names(HELD_BACK_SCENES)
    for path in find_pictures(folders):
        if path.stem in held:
            continue
        rgb = open_image(path, max_pixels=LIMIT).rgb
        scale = min(1.0, LONGEST / max(rgb.shape[:2]))
        small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        found = float((person.once(small) > 0.5).mean())
        print(path.name, f"{found:.3f}", "left out" if found > NOBODY else "taken", flush=True)
        if found <= NOBODY:
            save_array(out / f"photo-{path.stem}.npy", small)
            count += 1
    return count


def collect_behind(labels: Path, out: Path) -> int:
    """Write what is behind the people of the training labels; returns how many."""
    count = 0
    for name in sorted(set(read_kept(labels)) - read_names(HELD_BACK)):
        stored = np.load(labels / f"{name}.npy")
        if float((stored[..., 3] < 8).mean()) >= LEAST_SEEN:
            save_array(out / f"behind-{name}.npy", fill_person(stored[..., :3], stored[..., 3]))
            count += 1
    return count


def main(arguments: Sequence[str] | None = None) -> None:
    cache = portrait_cache()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", help="folders of photos without people")
    parser.add_argument("--person", type=Path, required=True, help="selfie_segmentation.onnx")
    parser.add_argument("--labels", type=Path, default=cache / "labels")
    parser.add_argument("--out", type=Path, default=cache / "backgrounds")
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    photos = collect_photos(options.folders, options.out, PersonMask(options.person))
    behind = collect_behind(options.labels, options.out)
    print(f"{photos} photos, {behind} from behind people")


if __name__ == "__main__":
    main()
