"""Video diffusion: a pipeline of diffusers, where its weights are, and the frames that it draws."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from weights.errors import OutOfMemory

OUT_OF_MEMORY = ("out of memory", "can't allocate memory", "cublas_status_alloc_failed", "failed to allocate")


class Diffuser:
    """A pipeline with its weights in memory. For one caller at a time."""

    def __init__(self, pipeline: Any, device: str) -> None:
        self._pipeline = pipeline
        self._device = device
        self._placing = ""

    def count_tokens(self, prompt: str) -> int:
        """How long a prompt is for the model; only for a model that reads one."""
        return len(self._pipeline.tokenizer(prompt).input_ids)

    def place(self, placing: str) -> None:
        """Keep the weights as PLACINGS says: on the device, or beside it until they are needed.

        Raises OutOfMemory.
        """
        if placing == self._placing:
            return
        self._placing = ""
        with telling_memory():
            self._pipeline.remove_all_hooks()
            PLACINGS[placing](self._pipeline, self._device)
        self._placing = placing

    def draw(
        self, asked: Mapping[str, Any], seed: int, tell: Callable[[int], None]
    ) -> Iterator[NDArray[np.uint8]]:
        """Run the pipeline; gives the frames, RGB uint8 HWC, each made when it is taken.

        `tell` hears after each step how many are done and may raise to stop. Raises OutOfMemory.
        """
        import torch

        def after(pipeline: Any, step: int, time: Any, tensors: dict[str, Any]) -> dict[str, Any]:
            tell(step + 1)
            return tensors

        try:
            with telling_memory():
                made = self._pipeline(
                    **asked,
                    generator=torch.Generator(self._device).manual_seed(seed),
                    callback_on_step_end=after,
                    output_type="pt",
                )
                for frame in made.frames[0]:
                    pixels = (frame.float() * 255).round().clamp(0, 255).byte()
                    yield pixels.permute(1, 2, 0).cpu().numpy()
        finally:
            self._pipeline.maybe_free_model_hooks()
            if self._device != "cpu":
                torch.cuda.empty_cache()


def place_whole(pipeline: Any, device: str) -> None:
    """All weights on the device, whole pictures decoded: quick."""
    _tile(pipeline, False)
    pipeline.to(device)


def place_by_part(pipeline: Any, device: str) -> None:
    """Text encoder, net and decoder on the device in turn; pictures decoded in tiles."""
    _tile(pipeline, True)
    pipeline.enable_model_cpu_offload(device=device)


def place_by_layer(pipeline: Any, device: str) -> None:
    """Each layer on the device when its turn comes: slow; pictures decoded in tiles."""
    _tile(pipeline, True)
    pipeline.enable_sequential_cpu_offload(device=device)


PLACINGS: Mapping[str, Callable[[Any, str], None]] = {
    "whole": place_whole,
    "by-part": place_by_part,
    "by-layer": place_by_layer,
}


def _tile(pipeline: Any, tiles: bool) -> None:
    """Tiles where the decoder can: Stable Video Diffusion's decodes few frames at a time instead."""
    for what in ("tiling", "slicing"):
        if hasattr(pipeline.vae, f"use_{what}"):
            getattr(pipeline.vae, f"{'enable' if tiles else 'disable'}_{what}")()


@contextmanager
def telling_memory() -> Iterator[None]:
    """Turn every way of running out of memory into OutOfMemory."""
    try:
        yield
    except MemoryError as error:
        raise OutOfMemory("The machine ran out of memory.", "Close other programs.") from error
    except RuntimeError as error:  # torch's own class for it is one of these
        if not any(words in str(error).lower() for words in OUT_OF_MEMORY):
            raise
        raise OutOfMemory("The device ran out of memory.", "Close other programs.") from error
