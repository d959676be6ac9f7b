"""Make mattes for photos of people from a rough mask: `python -m training.portrait_labels FOLDER...`.

A rough person mask says where the person surely is; in an uncertain band around its edge, wider over hair,
closed-form matting finds alpha anew; the person's own colours are estimated along the edge. With `--students`
nets trained on such labels have a say in the rough mask, too: where the two contradict each other the colours
decide (Xie et al., "Self-training with Noisy Student", CVPR 2020). Pictures where
the band is large or a second opinion contradicts are thrown out. One .npy file a picture: uint8 H x W x 7,
the photo's RGB, alpha, and the person's RGB.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.image import open_image
from pipelines.matting.closed_form import solve_closed_form
from pipelines.matting.foreground import estimate_foreground
from training.contact_sheet import draw_sheet
from training.folders import HELD_BACK, find_pictures, portrait_cache, read_names
from training.label_checks import Checks, find_faults
from training.rough_mask import PLAIN, FaceBoxes, PersonMask, open_own, open_salient
from training.uncertain_band import find_uncertain, trust_mask
from training.whole_files import save_array, write_text
from weights.nets.matte import MatteNet

Floats = NDArray[np.float32]
Picture = NDArray[np.uint8]

LONGEST = 640
PRIOR = 3e-3
"""How strongly the rough mask draws alpha inside the band where it wavers."""
STEPS = 600
NOISE = 1e-5
"""Variance of a window's colours that means nothing: less, and dark hair follows JPEG's blocks."""
SURE = (0.08, 0.92)
"""Alpha below and above which a solved matte is taken as empty and full: closed-form matting leaves a veil."""
SAY = 0.8
"""The students' weight beside the person mask's: their errors are fewer, and not its own."""
LIMIT = 1 << 27


@dataclass(frozen=True)
class Teachers:
    """The nets that are asked about each photo."""

    person: PersonMask
    salient: MatteNet
    faces: FaceBoxes
    students: tuple[MatteNet, ...] = ()


def label(rgb: Picture, teachers: Teachers) -> tuple[Floats, Checks]:
    """Matte of a photo, RGB uint8 HWC -> alpha HW float32 0..1, and what speaks against it."""
    views = teachers.person.views(rgb)
    faces = teachers.faces.find(rgb)
    mask = views[:PLAIN].mean(axis=0)
    if teachers.students:
        heard = np.mean([ask_mirrored(student, rgb) for student in teachers.students], axis=0)
        mask = ((1 - SAY) * mask + SAY * heard).astype(np.float32)
    band = find_uncertain(mask, faces)
    solved = solve_closed_form(rgb, np.round(mask), band, mask, trust_mask(mask, PRIOR), STEPS, NOISE)
    alpha = drop_crumbs(stretch(solved))
    return alpha, Checks.of(alpha, views, band, faces, teachers.salient.alpha(rgb))


def ask_mirrored(net: MatteNet, rgb: Picture) -> Floats:
    """Mean of a net's answers to a picture and to its mirror image, alpha HW 0..1."""
    mirrored = net.alpha(np.ascontiguousarray(rgb[:, ::-1]))[:, ::-1]
    mean: Floats = (net.alpha(rgb) + mirrored) / 2
    return mean


def stretch(alpha: Floats) -> Floats:
    """Take the veil off: SURE becomes 0..1."""
    low, high = SURE
    stretched: Floats = np.clip((alpha - low) / (high - low), 0, 1).astype(np.float32)
    return stretched


def drop_crumbs(alpha: Floats, least: float = 0.02) -> Floats:
    """Remove pieces smaller than `least` of the whole matte, and fill holes a quarter as large."""
    body = (alpha > 0.3).astype(np.uint8)
    limit = least * float(body.sum())
    cleaned = alpha.copy()
    for inside, value in ((body, 0.0), (1 - (alpha > 0.7).astype(np.uint8), 1.0)):
        _, pieces, stats, _ = cv2.connectedComponentsWithStats(inside, connectivity=8)
        small = stats[:, cv2.CC_STAT_AREA] < (limit if value == 0 else limit / 4)
        small[0] = False
        cleaned[small[pieces]] = value
    return cleaned


def shrink(rgb: Picture, longest: int) -> Picture:
    scale = longest / max(rgb.shape[:2])
    if scale >= 1:
        return rgb
    size = max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale))
    small: Picture = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    return small


def pack(rgb: Picture, alpha: Floats) -> Picture:
    """Photo, alpha and the person's own colours as one uint8 H x W x 7 array."""
    front = estimate_foreground(rgb, alpha, "fine", 1.0)
    return np.dstack([rgb, np.rint(alpha * 255).astype(np.uint8), front])


def label_file(path: Path, out: Path, longest: int, teachers: Teachers) -> dict[str, object]:
    """Write a photo's label to `out`; returns its row of the list.

    The students have no say about held-back photos: they are judged by them.
    """
    rgb = shrink(open_image(path, max_pixels=LIMIT).rgb, longest)
    if path.stem in read_names(HELD_BACK):
        teachers = replace(teachers, students=())
    alpha, checks = label(rgb, teachers)
    save_array(out / f"{path.stem}.npy", pack(rgb, alpha))
    return {"name": path.stem, "faults": find_faults(checks), **asdict(checks)}


def main(arguments: Sequence[str] | None = None) -> None:
    cache = portrait_cache()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", help="folders of photos of people")
    parser.add_argument("--person", type=Path, required=True, help="selfie_segmentation.onnx")
    parser.add_argument("--faces", type=Path, required=True, help="YuNet as .onnx")
    parser.add_argument(
        "--students", type=Path, nargs="*", default=[], help="exported nets of an earlier run"
    )
    parser.add_argument("--out", type=Path, default=cache / "labels")
    parser.add_argument("--longest", type=int, default=LONGEST, help="longer side of the labels, px")
    parser.add_argument("--part", default="0/1", help="I/N: only every Nth picture from the Ith on")
    options = parser.parse_args(arguments)
    cv2.setNumThreads(1)
    options.out.mkdir(parents=True, exist_ok=True)
    students = tuple(open_own(path) for path in options.students)
    teachers = Teachers(PersonMask(options.person), open_salient(), FaceBoxes(options.faces), students)
    first, step = map(int, options.part.split("/"))
    rows = []
    for path in find_pictures(options.folders)[first::step]:
        rows.append(label_file(path, options.out, options.longest, teachers))
        print(rows[-1]["name"], rows[-1]["faults"] or "kept", flush=True)
    write_text(options.out / f"list-{first}-of-{step}.json", json.dumps(rows, indent=1))
    draw_sheet(options.out, [str(row["name"]) for row in rows], options.out / f"sheet-{first}.png")


if __name__ == "__main__":
    main()
