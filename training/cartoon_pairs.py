"""Draw training pairs once: `python -m training.cartoon_pairs TEACHERS PHOTOS...`.

Each pair is one .npy file, uint8 8 x S x S x 3: a crop, then what the seven published nets of its part make of
it. Photos of `held_back.txt` and `held_back_scenes.txt` give the pairs that judge the net, all others those
that teach it. A folder named twice is drawn from twice as often. A pair that is there already is left alone,
so the command can be stopped and started again.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.cartoon.faces import align, cut_square, find_faces
from pipelines.device import Device
from training.cartoon_crops import Source, draw_crop, read_photo
from training.cartoon_targets import HEAD_SIDE, PARTS, Part
from training.cartoon_teachers import Teacher, open_teachers
from training.folders import HELD_BACK, HELD_BACK_SCENES, find_pictures, read_names, training_cache
from training.whole_files import save_array
from weights.catalogue import Catalogue
from weights.store import ModelStore

Picture = NDArray[np.uint8]

SEED = 11
LEAST_FACE = 100.0
"""Narrower faces, in px of the photo, teach blur."""
LONGEST = 512
"""Of a held-back photo, px; its sides become multiples of MULTIPLE."""
MULTIPLE = 16


def find_sources(paths: Sequence[Path], part: Part) -> list[Source]:
    """The photos themselves, or the largest face of each that has one."""
    if part == "background":
        return [Source(path) for path in paths]
    store = ModelStore(Catalogue(), Path(), Device("cpu", "CPU"), threads=1)
    found = []
    for path in paths:
        faces = [face for face in find_faces(read_photo(path), store) if face.box[2] >= LEAST_FACE]
        if faces:
            found.append(Source(path, max(faces, key=lambda face: face.box[2]).points))
    return found


def ask_all(crop: Picture, teachers: dict[str, Teacher]) -> Picture:
    """A crop and all drawings of it, uint8 8 x H x W x 3."""
    return np.stack([crop, *(teacher(crop) for teacher in teachers.values())])


def show_held_back(source: Source, part: Part) -> Picture:
    """A held-back photo as it is, up to LONGEST px, or its face exactly in its place."""
    rgb = read_photo(source.path)
    if part == "head" and source.points is not None:
        return np.asarray(cut_square(rgb, align(source.points, HEAD_SIDE), HEAD_SIDE), np.uint8)
    scale = min(1.0, LONGEST / max(rgb.shape[:2]))
    height, width = (round(edge * scale / MULTIPLE) * MULTIPLE for edge in rgb.shape[:2])
    return np.asarray(cv2.resize(rgb, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def plan(sources: dict[Part, list[Source]], counts: dict[Part, int]) -> Iterator[tuple[Part, int]]:
    """Which pairs are wanted, the parts in step, so that a stopped run leaves some of each."""
    wanted = [(part, number) for part in PARTS if sources[part] for number in range(counts[part])]
    yield from sorted(wanted, key=lambda item: item[1] / counts[item[0]])


def draw_pairs(
    sources: dict[Part, list[Source]],
    counts: dict[Part, int],
    teachers: dict[Part, dict[str, Teacher]],
    out: Path,
    seed: int = SEED,
) -> None:
    """Write the pairs that are not there yet."""
    for part, number in plan(sources, counts):
        path = out / f"{part}-{number:05}.npy"
        if not path.is_file():
            save_array(path, ask_all(draw_crop(sources[part], part, number, seed), teachers[part]))


def draw_held_back(
    sources: dict[Part, list[Source]], teachers: dict[Part, dict[str, Teacher]], out: Path
) -> None:
    """One pair of each held-back photo and part, by the photo's name."""
    for part in PARTS:
        for source in sources[part]:
            path = out / f"{part}-{source.path.stem}.npy"
            if not path.is_file():
                save_array(path, ask_all(show_held_back(source, part), teachers[part]))


def main(arguments: Sequence[str] | None = None) -> None:
    cache = training_cache("cartoon")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("teachers", type=Path, help="folder of the published nets, .pb or .npz")
    parser.add_argument("photos", type=Path, nargs="+", help="folders of photos, of people and of places")
    parser.add_argument("--out", type=Path, default=cache)
    parser.add_argument("--backgrounds", type=int, default=900, help="pairs of pieces of photos, 1.6 MB each")
    parser.add_argument("--heads", type=int, default=700, help="pairs of faces, 2 MB each")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args(arguments)
    cv2.setNumThreads(1)
    held = read_names(HELD_BACK) | read_names(HELD_BACK_SCENES)
    paths = find_pictures(options.photos)
    teachers = {part: open_teachers(options.teachers, part, options.threads) for part in PARTS}
    teaching = [path for path in paths if path.stem not in held]
    judging = [path for path in paths if path.stem in held]
    for name in ("pairs", "held-back"):
        (options.out / name).mkdir(parents=True, exist_ok=True)
    draw_held_back({part: find_sources(judging, part) for part in PARTS}, teachers, options.out / "held-back")
    counts: dict[Part, int] = {"background": options.backgrounds, "head": options.heads}
    draw_pairs(
        {part: find_sources(teaching, part) for part in PARTS}, counts, teachers, options.out / "pairs"
    )


if __name__ == "__main__":
    main()
