"""What can be chosen for a shot that diffusion makes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from random import SystemRandom

from pipelines.errors import InvalidOption
from pipelines.image_to_video.diffusion_engines import AUTO, ENGINES, MEMORY, Engine
from pipelines.image_to_video.fitting import FITS
from pipelines.image_to_video.formats import FORMATS, QUALITIES
from pipelines.image_to_video.rate import read_rate
from pipelines.options import Options, option

LONGEST_PROMPT = 4000
"""Characters; no model reads as much."""
SEEDS = 2**32
LARGEST = 2048


@dataclass(frozen=True)
class DiffusionOptions(Options):
    """See each field's help."""

    engine: str = option("wan", "The model that draws the film.", choices=tuple(ENGINES))
    prompt: str = option("", "What happens in the film. Stable Video Diffusion reads none.")
    negative_prompt: str = option("", "What shall not be seen. Empty: blur, jitter and the like.")
    seed: float = option(-1.0, "The same number draws the same film; -1 takes a new one.", -1, SEEDS - 1, 1)
    steps: float = option(0.0, "More is finer and slower; 0 takes the model's own number.", 0, 100, 1)
    guidance: float = option(
        0.0, "How closely the film keeps to the prompt; 0 takes the model's own value.", 0, 20, 0.5
    )
    motion_strength: float = option(0.5, "How much moves, with Stable Video Diffusion.", 0, 1, 0.05)
    freedom: float = option(
        0.02, "How far Stable Video Diffusion may leave the picture: more is livelier.", 0, 1, 0.01
    )
    duration: float = option(0.0, "Seconds; 0 takes as many as the model is made for.", 0, 60, 0.1)
    fps: str = option("", "Frames a second: a number or a fraction. Empty: the model's own rate.")
    width: float = option(0.0, "Width of the film (pixels); 0 takes it from the picture.", 0, LARGEST, 32)
    height: float = option(0.0, "Height of the film (pixels); 0 takes it from the picture.", 0, LARGEST, 32)
    fit: str = option("fill", "A picture of another shape than the film.", choices=tuple(FITS))
    memory: str = option(
        AUTO,
        "Less GPU memory is slower; auto takes the quickest way that fits.",
        choices=(AUTO, *MEMORY),
    )
    format: str = option("mp4", "File type of the film; png is a zip of pictures.", choices=tuple(FORMATS))
    quality: str = option("good", "Size of the file against its fineness.", choices=QUALITIES)

    def __post_init__(self) -> None:
        super().__post_init__()
        for name, text in (("prompt", self.prompt), ("negative_prompt", self.negative_prompt)):
            if len(text) > LONGEST_PROMPT:
                raise InvalidOption(
                    f"{name} has {len(text)} characters; {LONGEST_PROMPT} is the limit.",
                    "Say it in a few sentences: the models read the first hundreds of words.",
                )
        kind = FORMATS[self.format]
        if self.rate > kind.fastest:
            raise InvalidOption(
                f"{kind.title} has at most {kind.fastest} frames a second, not {self.fps}.",
                f"Use an fps of {kind.fastest} or less, or another format.",
            )

    @property
    def made_by(self) -> Engine:
        return ENGINES[self.engine]

    @property
    def rate(self) -> Fraction:
        """Frames a second, exact."""
        return read_rate(str(self.fps)) if self.fps else Fraction(self.made_by.rate)

    def settle(self) -> DiffusionOptions:
        """The same with a seed, so that a job that begins again draws the same film."""
        return self if self.seed >= 0 else replace(self, seed=float(SystemRandom().randrange(SEEDS)))
