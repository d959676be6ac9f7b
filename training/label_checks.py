"""What speaks against a label: too much of it is guesswork, or a second opinion contradicts."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.folders import REFUSED, read_names
from training.rough_mask import PLAIN
from training.uncertain_band import inner_face

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Checks:
    """Measured on one label; shares are of the whole picture unless said otherwise."""

    person: float
    """Share of the picture that is the person."""
    band: float
    """Share that is uncertain."""
    soft: float
    """Share whose solved alpha is neither near 0 nor near 1."""
    moved: float
    """Share that the solution turned from inside to outside or back, against the rough mask."""
    spread: float
    """Mean standard deviation of the rough mask's views."""
    salient_outside: float
    """Share that stands out to the second opinion, by far, and that the label leaves out."""
    salient_overlap: float
    """Intersection over union with the second opinion."""
    faces: int
    face_kept: float
    """The least share of a face that the label keeps; 1 without a face."""

    @classmethod
    def of(cls, alpha: Floats, views: Floats, band: Mask, faces: Floats, salient: Floats) -> Checks:
        """alpha, band, salient HW; views N x H x W; faces N x 4."""
        inside, standing = alpha > 0.5, salient > 0.5
        rough = views[:PLAIN].mean(axis=0) > 0.5
        kept = [float(alpha[area].mean()) for face in faces if (area := inner_face(alpha.shape, face)).any()]
        return cls(
            person=float(alpha.mean()),
            band=float(band.mean()),
            soft=float(((alpha > 0.05) & (alpha < 0.95)).mean()),
            moved=float((inside != rough).mean()),
            spread=float(views.std(axis=0).mean()),
            salient_outside=float(((salient > 0.9) & (alpha < 0.1)).mean()),
            salient_overlap=float((inside & standing).sum() / max(1, (inside | standing).sum())),
            faces=len(faces),
            face_kept=min(kept, default=1.0),
        )


LIMITS: dict[str, tuple[float, float]] = {
    "person": (0.04, 1.0),
    "band": (0.0, 0.30),
    "soft": (0.0, 0.10),
    "moved": (0.0, 0.04),
    "spread": (0.0, 0.06),
    "salient_outside": (0.0, 0.06),
    "face_kept": (0.95, 1.0),
}
"""Least and greatest value of a label that is kept."""
FACELESS_OVERLAP = 0.7
"""Without a face to hold on to, the second opinion must agree at least this much."""


def find_faults(checks: Checks) -> list[str]:
    """Names of the limits that a label breaks; an empty list keeps it."""
    faults = [
        name for name, (low, high) in LIMITS.items() if not low - 1e-6 <= getattr(checks, name) <= high + 1e-6
    ]
    if checks.faces == 0 and checks.salient_overlap < FACELESS_OVERLAP:
        faults.append("nobody sure")
    return faults


def read_kept(labels: Path) -> list[str]:
    """Stems of the labels that keep the limits, from the lists beside them, without those refused by eye.

    Of a label made anew the newest list speaks. Raises FileNotFoundError where no list is.
    """
    lists = sorted(labels.glob("list-*.json"), key=lambda path: (path.stat().st_mtime_ns, path.name))
    if not lists:
        raise FileNotFoundError(f"{labels} holds no labels; run python -m training.portrait_labels first")
    rows = {row["name"]: row for path in lists for row in json.loads(path.read_text())}
    kept = {name for name, row in rows.items() if not find_faults(Checks(**_measured(row)))}
    return sorted(kept - read_names(REFUSED))


def _measured(row: dict[str, Any]) -> dict[str, Any]:
    return {field.name: row[field.name] for field in fields(Checks)}
