"""Open a folder of diffusers that lies on this machine: safely, and without a network."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from weights.errors import InkframeError, ModelDamaged
from weights.nets.diffuser import Diffuser, telling_memory

INDEX = "model_index.json"
PACKAGES = ("diffusers", "transformers", "accelerate", "sentencepiece", "ftfy")
LIBRARIES = ("diffusers", "transformers")
"""Where the classes that a folder names may come from: a folder can't bring code of its own."""


class PackagesMissing(InkframeError):
    """The packages that diffusion needs are not installed."""

    code, status = "packages_missing", 503


@dataclass(frozen=True)
class Recipe:
    """How a folder is opened: the `pipeline`'s class, numbers on a GPU, the parts that stay in float32 there,
    and the `variant` of the files' names."""

    pipeline: str
    numbers: str
    exact: tuple[str, ...] = ()
    variant: str | None = None


RECIPES: Mapping[str, Recipe] = {
    "diffusion-wan": Recipe("WanImageToVideoPipeline", "bfloat16", exact=("vae",)),
    "diffusion-svd": Recipe("StableVideoDiffusionPipeline", "float16", variant="fp16"),
    "diffusion-ltx": Recipe("LTXImageToVideoPipeline", "bfloat16"),
}


def check_packages() -> None:
    """Raise PackagesMissing, with the command that installs them."""
    missing = [name for name in PACKAGES if find_spec(name) is None]
    if missing:
        raise PackagesMissing(
            f"Diffusion needs packages that are not installed: {', '.join(missing)}.",
            "Install them: pip install -r requirements-diffusion.txt -c constraints.txt",
        )


def open_diffuser(folder: Path, recipe: Recipe, device: str) -> Diffuser:
    """Open the folder that `save_pretrained` wrote, for "cpu" or "cuda": safetensors only, without a network.

    Raises PackagesMissing, ModelDamaged, OutOfMemory.
    """
    check_packages()
    check_libraries(folder)
    import diffusers
    import torch
    from safetensors import SafetensorError
    from transformers.utils import logging as transformers_logging

    # both draw bars on the terminal, for which there is no switch but these
    diffusers.utils.logging.disable_progress_bar()
    transformers_logging.disable_progress_bar()
    exact = dict.fromkeys(recipe.exact, torch.float32)
    numbers = {"default": getattr(torch, recipe.numbers), **exact} if device != "cpu" else torch.float32
    try:
        with telling_memory():
            pipeline = getattr(diffusers, recipe.pipeline).from_pretrained(
                str(folder),
                dtype=numbers,
                variant=recipe.variant,
                use_safetensors=True,
                trust_remote_code=False,
                local_files_only=True,
            )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, SafetensorError) as error:
        raise _unusable(folder) from error
    pipeline.set_progress_bar_config(disable=True)
    return Diffuser(pipeline, device)


def check_libraries(folder: Path) -> None:
    """Raise ModelDamaged where a part of the pipeline would be of a class from anywhere else."""
    try:
        parts = json.loads((folder / INDEX).read_bytes())
        named = {part[0] for part in parts.values() if isinstance(part, list)}
    except (OSError, ValueError, AttributeError, LookupError) as error:
        raise _unusable(folder) from error
    if named - {*LIBRARIES, None}:
        raise _unusable(folder)


def _unusable(folder: Path) -> ModelDamaged:
    return ModelDamaged(
        f"{folder.name} can't be opened as a model.", "Delete it on the Models page and download it again."
    )
