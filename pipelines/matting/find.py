"""Ask the nets for a matte: the one that was chosen, or - for `auto` - those that the picture calls for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from pipelines.credits import Net
from pipelines.errors import OutOfMemory
from pipelines.matting.options import AUTO
from weights.nets.matte import fitted_size
from weights.store import ModelStore

FACES, PEOPLE, THINGS = "centerface", "portrait", "u2netp"
"""The models of `auto`: all three come with the app."""
CLOSE_UP = 0.35
"""A face of at least this share of the picture's height fills it with its person: nothing else is looked for."""
ON_CPU_NOTE = "The GPU ran out of memory; this picture was done on the CPU."
NOBODY_NOTE = "Nobody was found in the picture, so the general model did it."


@dataclass(frozen=True)
class Matte:
    """What the nets said: `alpha` float32 HW in 0..1, who said it where."""

    alpha: np.ndarray
    nets: tuple[Net, ...]
    device: str
    notes: tuple[str, ...] = ()

    @property
    def map_side(self) -> int:
        """Longest side of the coarsest map that was blown up to the picture; 0 when none was."""
        height, width = self.alpha.shape[:2]
        fits = [net.spec.preprocess for net in self.nets]
        return min((max(fitted_size(height, width, how)) for how in fits if how.fit != "native"), default=0)


def models_of(model_id: str) -> tuple[str, ...]:
    """Ids of the catalogue's rows that a choice of model may load."""
    return (FACES, PEOPLE, THINGS) if model_id == AUTO else (model_id,)


def find_matte(rgb: np.ndarray, model_id: str, store: ModelStore) -> Matte:
    """Matte of RGB uint8 HWC, found on the store's device, then - out of memory - once on the CPU.

    `auto`: no face, the general net; a close-up, the portrait net; a smaller face, whatever either of the
    two keeps, so that nobody loses what they hold or wear. Raises ModelUnknown, ModelMissing, ModelDamaged,
    OutOfMemory.
    """
    try:
        return _find(rgb, model_id, store, cpu=False)
    except OutOfMemory:
        if not store.on_gpu:
            raise
    store.evict()
    matte = _find(rgb, model_id, store, cpu=True)
    return replace(matte, notes=(ON_CPU_NOTE, *matte.notes))


def _find(rgb: np.ndarray, model_id: str, store: ModelStore, cpu: bool) -> Matte:
    if model_id != AUTO:
        return _ask(rgb, model_id, store, cpu)
    with store.use(FACES, cpu=cpu) as loaded:
        boxes = loaded.model.find(rgb).boxes
    wanted = choose(boxes, rgb.shape[0])
    matte = _unite(_ask(rgb, each, store, cpu) for each in wanted)
    return matte if PEOPLE in wanted else replace(matte, notes=(NOBODY_NOTE,))


def choose(boxes: np.ndarray, height: int) -> tuple[str, ...]:
    """Which nets `auto` asks: boxes N x 4 (left, top, width, height) of faces in a picture so many px high."""
    if not len(boxes):
        return (THINGS,)
    return (PEOPLE,) if boxes[:, 3].max() >= CLOSE_UP * height else (PEOPLE, THINGS)


def _ask(rgb: np.ndarray, model_id: str, store: ModelStore, cpu: bool) -> Matte:
    with store.use(model_id, cpu=cpu) as loaded:
        alpha = loaded.model.alpha(rgb)
        return Matte(alpha, (Net(store.spec(model_id), loaded.version, loaded.device),), loaded.device)


def _unite(mattes: Iterable[Matte]) -> Matte:
    """What any of them keeps."""
    first, *others = mattes
    for other in others:
        first = replace(first, alpha=np.maximum(first.alpha, other.alpha), nets=first.nets + other.nets)
    return first
