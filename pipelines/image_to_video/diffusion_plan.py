"""What a diffusion model is really asked: sizes and lengths that it can make, a GPU that it fits in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from pipelines.errors import DeviceUnavailable
from pipelines.image_to_video.diffusion_engines import AUTO, MEMORY, Engine
from pipelines.image_to_video.diffusion_options import LARGEST, DiffusionOptions
from pipelines.image_to_video.film_size import LONGEST_SHAPE
from pipelines.image_to_video.sources import Source

if TYPE_CHECKING:
    from pipelines.device import Device

GB = 1 << 30
SLACK = 0.94
"""A card that is sold with 24 GB tells a little less."""
LEAST_SIDES = 4
"""No film is smaller than so many multiples."""
SIZE_NOTE = "The film is {}x{}: {} works in steps of {} pixels."
FRAMES_NOTE = "The film has {} frames, {:.2f} seconds: {} makes one and any number of times {} more."
LONG_NOTE = "The film has {} frames, {:.2f} seconds: {} makes no more at once."
NO_PROMPT_NOTE = "{} reads no prompt: it was left out."


@dataclass(frozen=True)
class Plan:
    """What is drawn: `size` (width, height) px; `memory` a key of MEMORY; `notes` are sentences;
    `stamped`: each frame bears the visible label."""

    source: Source
    options: DiffusionOptions
    size: tuple[int, int]
    frames: int
    memory: str
    notes: tuple[str, ...] = ()
    stamped: bool = False

    @property
    def engine(self) -> Engine:
        return self.options.made_by

    @property
    def steps(self) -> int:
        return round(self.options.steps) or self.engine.steps


def plan_shot(source: Source, options: DiffusionOptions, device: Device, *, stamped: bool = False) -> Plan:
    """Decide size, length and where the weights are. Raises DeviceUnavailable."""
    engine = options.made_by
    memory = choose_memory(engine, options.memory, device)
    size, notes = fit_size(engine, (options.width, options.height), (source.width, source.height))
    frames, more = fit_frames(engine, options.duration, options.rate)
    if not engine.tokens and (options.prompt or options.negative_prompt):
        more = [*more, NO_PROMPT_NOTE.format(engine.name)]
    return Plan(source, options, size, frames, memory, (*notes, *more), stamped)


def choose_memory(engine: Engine, wanted: str, device: Device) -> str:
    """A key of MEMORY: the quickest that fits, or the one that is asked for. Raises DeviceUnavailable."""
    least = min(engine.needs.values())
    if device.kind == "cpu" and least:
        raise DeviceUnavailable(
            f"{engine.name} needs a GPU with {least} GB; there is none here that models can run on.",
            "Use the camera moves, which need none, or run Inkframe on a machine with an NVIDIA GPU.",
        )
    if wanted != AUTO:
        return wanted
    fitting = [
        way for way in MEMORY if engine.needs[way] * GB * SLACK <= device.memory or not engine.needs[way]
    ]
    if not fitting:
        raise DeviceUnavailable(
            f"{engine.name} needs a GPU with {least} GB; {device.name} has {device.memory / GB:.0f}.",
            "Use another engine or the camera moves; memory=least tries all the same.",
        )
    return fitting[0]


def fit_size(
    engine: Engine, asked: tuple[float, float], picture: tuple[int, int]
) -> tuple[tuple[int, int], list[str]]:
    """(width, height) px near what is asked for, or of the picture's shape and the model's own area."""
    width, height = asked
    shape = min(max(picture[0] / picture[1], 1 / LONGEST_SHAPE), LONGEST_SHAPE)
    if not width and not height:
        height = (engine.size[0] * engine.size[1] / shape) ** 0.5
        width = height * shape
    width, height = width or height * shape, height or width / shape
    size = snap(width, engine.multiple), snap(height, engine.multiple)
    given = all(not side or side == made for side, made in zip(asked, size, strict=True))
    return size, [] if given else [SIZE_NOTE.format(*size, engine.name, engine.multiple)]


def snap(side: float, multiple: int) -> int:
    """The multiple next to a side, within what a film may be."""
    return min(max(round(side / multiple), LEAST_SIDES), LARGEST // multiple) * multiple


def fit_frames(engine: Engine, seconds: float, rate: Fraction) -> tuple[int, list[str]]:
    """How many frames of those that the model can make are next to a length; 0 for its own."""
    if not seconds:
        return engine.frames, []
    wanted = max(1, round(seconds * rate))
    frames = max(1, round((wanted - 1) / engine.frame_step)) * engine.frame_step + 1
    if frames > engine.most_frames:
        most = engine.most_frames
        return most, [LONG_NOTE.format(most, float(most / rate), engine.name)]
    note = FRAMES_NOTE.format(frames, float(frames / rate), engine.name, engine.frame_step)
    return frames, [] if frames == wanted else [note]


def advise(plan: Plan, needs: Mapping[str, int]) -> str:
    """What to lower after the memory did not suffice, the gentlest first."""
    ways = list(MEMORY)
    further = ways[ways.index(plan.memory) + 1 :]
    width, height = (snap(side * 0.7, plan.engine.multiple) for side in plan.size)
    tips = [f"use memory={further[0]} ({needs[further[0]]} GB)"] if further else []
    if (width, height) != plan.size:
        tips.append(f"make it smaller, such as {width}x{height}")
    fewer = fit_frames(plan.engine, plan.frames * 0.6, Fraction(1))[0]
    if fewer < plan.frames:
        tips.append(f"make it shorter, such as {float(fewer / plan.options.rate):.1f} seconds")
    said = "; ".join(tips or ["close other programs that use the GPU"])
    return f"{said[0].upper()}{said[1:]}."
