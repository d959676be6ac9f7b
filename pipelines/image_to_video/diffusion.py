"""Draw a shot with a diffusion model: the picture moves as a prompt says."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pipelines.credits import Net
from pipelines.errors import OutOfMemory
from pipelines.image_to_video.diffusion_engines import MEMORY, Wish
from pipelines.image_to_video.diffusion_plan import Plan, advise
from pipelines.image_to_video.fitting import FITS, Size, cover, place
from pipelines.image_to_video.sources import open_pixels
from weights.files import look
from weights.nets.diffuser import Diffuser
from weights.nets.diffusion import check_packages

if TYPE_CHECKING:
    from pipelines.studio import Studio

Pixels = NDArray[np.uint8]
Tell = Callable[[int, int, str], None]
"""Hears how many steps of how many are done, and what is done now. It may raise to stop the work."""

LOADING, DRAWING, DECODING = "Opening the model", "Drawing", "Decoding the frames"
BLACK = (0, 0, 0)
CUT_NOTE = "The prompt is {} tokens long and {} reads {}: its end was left out."


def check_ready(studio: Studio, model_id: str) -> None:
    """Raise PackagesMissing, ModelUnknown, ModelMissing, ModelDamaged before anything long begins."""
    check_packages()
    found = look(studio.catalogue[model_id], studio.settings.weights, stamps=studio.downloads.stamps)
    if found.problem is not None:
        raise found.problem


class Drawing:
    """A shot that is being drawn; `notes` and `net` are there once its frames come."""

    def __init__(self, studio: Studio, plan: Plan) -> None:
        self.studio = studio
        self.plan = plan
        self.notes: list[str] = list(plan.notes)
        self.net: Net | None = None

    def draw(self, tell: Tell) -> Generator[Pixels, None, None]:
        """The frames, RGB uint8 HWC of the plan's size.

        Raises what opening the picture raises, ModelMissing, ModelDamaged, OutOfMemory with what to lower.
        """
        plan, studio = self.plan, self.studio
        picture = fit_picture(open_pixels(studio, plan.source, BLACK), plan.size, plan.options.fit)
        tell(0, plan.steps, LOADING)
        model = plan.engine.model
        with (
            telling_what_to_lower(plan),
            kept_unless_broken(studio, model),
            studio.store.use(model) as loaded,
        ):
            self.net = Net(studio.catalogue[model], loaded.version, loaded.device)
            tell(0, plan.steps, DRAWING)
            loaded.model.place(MEMORY[plan.memory].placing)
            self.notes += note_prompt(plan, loaded.model)
            yield from loaded.model.draw(ask(plan, picture), round(plan.options.seed), self._count(tell))

    def _count(self, tell: Tell) -> Callable[[int], None]:
        total = self.plan.steps
        return lambda done: tell(done, total, DECODING if done == total else DRAWING)


def ask(plan: Plan, picture: Pixels) -> dict[str, Any]:
    """What the pipeline is called with."""
    options, engine = plan.options, plan.engine
    wish = Wish(
        options.prompt,
        options.negative_prompt,
        options.guidance or engine.guidance,
        options.rate,
        options.motion_strength,
        options.freedom,
        MEMORY[plan.memory].chunk,
    )
    return {
        "image": Image.fromarray(picture),
        "width": plan.size[0],
        "height": plan.size[1],
        "num_frames": plan.frames,
        "num_inference_steps": plan.steps,
        **engine.ask(wish),
    }


def note_prompt(plan: Plan, model: Diffuser) -> list[str]:
    """Say so when a prompt is longer than the model reads."""
    engine = plan.engine
    tokens = model.count_tokens(plan.options.prompt) if engine.tokens else 0
    return [CUT_NOTE.format(tokens, engine.name, engine.tokens)] if tokens > engine.tokens else []


def fit_picture(picture: Pixels, size: Size, fit: str) -> Pixels:
    """The picture in the film's shape and size, RGB uint8: cut, or between bars, as FITS has it."""
    way = FITS[fit]
    where = place((picture.shape[1], picture.shape[0]), size, inside=way.inside)
    seen = cover(picture, where.size)
    smaller = seen.shape[0] > where.size[1]
    how = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
    drawn = np.asarray(cv2.resize(seen, where.size, interpolation=how), np.uint8)
    return drawn if where.whole else where.put(way.backdrop(picture, size, BLACK), drawn)


@contextmanager
def telling_what_to_lower(plan: Plan) -> Iterator[None]:
    """Say in an OutOfMemory which option to lower for this plan."""
    try:
        yield
    except OutOfMemory as error:
        width, height = plan.size
        raise OutOfMemory(
            f"The memory does not suffice for {plan.frames} frames of {width}x{height} with {plan.engine.name}.",
            advise(plan, plan.engine.needs),
        ) from error


@contextmanager
def kept_unless_broken(studio: Studio, model_id: str) -> Iterator[None]:
    """Forget the model after an error inside of it, which may have left it half moved or half converted."""
    try:
        yield
    except (OutOfMemory, RuntimeError):
        studio.store.evict(model_id)
        raise
