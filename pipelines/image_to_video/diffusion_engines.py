"""The diffusion models as data: what each one makes, needs and is asked. A new one is a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any


@dataclass(frozen=True)
class Wish:
    """What a model is asked, beside picture, size, frames, steps and seed. `strength` 0..1 is how much moves,
    `freedom` 0..1 how far the picture may be left, `chunk` how many frames are decoded at a time."""

    prompt: str
    avoid: str
    guidance: float
    rate: Fraction
    strength: float
    freedom: float
    chunk: int


@dataclass(frozen=True)
class Engine:
    """One model. Sides are multiples of `multiple` px, frames are `frame_step` times any number, and one;
    `size` (width, height) px, `frames`, `rate`, `steps` and `guidance` are its own, at which it is best.

    `tokens` is how much of a prompt it reads, 0: none. `needs`: GPU memory in GB for each way of `MEMORY`,
    by the publishers' figures and the weights' sizes.
    """

    model: str
    name: str
    multiple: int
    frame_step: int
    size: tuple[int, int]
    frames: int
    most_frames: int
    rate: int
    steps: int
    guidance: float
    tokens: int
    needs: Mapping[str, int]
    ask: Callable[[Wish], dict[str, Any]]


@dataclass(frozen=True)
class Memory:
    """A way to use less memory: `placing` as weights.nets.diffusion.PLACINGS has it, frames decoded at a time."""

    placing: str
    chunk: int


AUTO = "auto"
MEMORY: Mapping[str, Memory] = {
    "fast": Memory("whole", 8),
    "less": Memory("by-part", 4),
    "least": Memory("by-layer", 2),
}
"""From the quickest to the one that needs the least."""
AVOID = "low quality, blurred, jittery motion, distorted hands, extra limbs, subtitles, watermark"
BUCKETS = 255
"""Stable Video Diffusion was trained with motion in so many steps, and its picture at rates up to FASTEST."""
FASTEST = 30


def ask_wan(wish: Wish) -> dict[str, Any]:
    """Arguments of diffusers' WanImageToVideoPipeline."""
    return {
        "prompt": wish.prompt,
        "negative_prompt": wish.avoid or AVOID,
        "guidance_scale": wish.guidance,
        "max_sequence_length": ENGINES["wan"].tokens,
    }


def ask_svd(wish: Wish) -> dict[str, Any]:
    """Arguments of diffusers' StableVideoDiffusionPipeline, which takes no prompt."""
    return {
        "min_guidance_scale": min(1.0, wish.guidance),
        "max_guidance_scale": wish.guidance,
        "fps": min(max(round(wish.rate), 2), FASTEST),
        "motion_bucket_id": max(1, round(BUCKETS * wish.strength)),
        "noise_aug_strength": wish.freedom,
        "decode_chunk_size": wish.chunk,
    }


def ask_ltx(wish: Wish) -> dict[str, Any]:
    """The last two are what its publisher decodes newer weights with; older ones don't look at them."""
    return {
        "prompt": wish.prompt,
        "negative_prompt": wish.avoid or AVOID,
        "guidance_scale": wish.guidance,
        "frame_rate": float(wish.rate),
        "max_sequence_length": ENGINES["ltx"].tokens,
        "decode_timestep": 0.05,
        "decode_noise_scale": 0.025,
    }


ENGINES: Mapping[str, Engine] = {
    "wan": Engine(
        model="wan2.2-5b",
        name="Wan 2.2",
        multiple=32,
        frame_step=4,
        size=(1280, 704),
        frames=121,
        most_frames=121,
        rate=24,
        steps=50,
        guidance=5.0,
        tokens=512,
        needs={"fast": 40, "less": 24, "least": 12},
        ask=ask_wan,
    ),
    "svd": Engine(
        model="svd-xt",
        name="Stable Video Diffusion",
        multiple=64,
        frame_step=1,
        size=(1024, 576),
        frames=25,
        most_frames=25,
        rate=7,
        steps=25,
        guidance=3.0,
        tokens=0,
        needs={"fast": 20, "less": 12, "least": 8},
        ask=ask_svd,
    ),
    "ltx": Engine(
        model="ltx-video",
        name="LTX-Video",
        multiple=32,
        frame_step=8,
        size=(768, 512),
        frames=121,
        most_frames=257,
        rate=25,
        steps=50,
        guidance=3.0,
        tokens=128,
        needs={"fast": 24, "less": 12, "least": 8},
        ask=ask_ltx,
    ),
}
