"""One file of a batch, bytes in, bytes out: what every engine maps over the input."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import asdict, dataclass, field

from PIL import Image

from pipelines.batch.options import BatchOptions
from pipelines.credits import name_nets
from pipelines.image import Picture, open_image
from pipelines.image.picture import DECODER_ERRORS
from pipelines.labels import ai_label
from pipelines.matting.cut_out import cut_out
from pipelines.matting.options import MattingOptions
from pipelines.matting.save import SUFFIX, Look, render
from pipelines.progress import Stopwatch
from pipelines.settings import Settings
from pipelines.version import VERSION
from weights.store import ModelStore

LABEL_TASK = "batch"


@dataclass(frozen=True)
class Recipe:
    """What is to be done to each picture of a batch; it can be sent to another process."""

    options: BatchOptions
    background: Picture | None = None
    visible_label: bool = False
    max_pixels: int = 64_000_000
    max_bytes: int = 100_000_000

    @classmethod
    def of(cls, options: BatchOptions, background: Picture | None, settings: Settings) -> Recipe:
        """The recipe of these options within the limits of the settings."""
        return cls(
            options, background, settings.visible_label, settings.max_pixels, settings.max_upload_bytes
        )

    @property
    def suffix(self) -> str:
        """Ending of the results: ".png"."""
        return f".{SUFFIX[self.options.format]}"

    @property
    def text(self) -> str:
        """All that decides how a picture comes out, beside the picture and the nets; always the same text."""
        names = MattingOptions.__dataclass_fields__
        options = {name: value for name, value in asdict(self.options).items() if name in names}
        behind = self.background.sha256 if self.background else ""
        return json.dumps([VERSION, options, behind, self.visible_label], sort_keys=True)


@dataclass(frozen=True)
class Made:
    """A finished picture: `data` is its file; sizes in px of the input, `seconds` of each step."""

    data: bytes
    width: int
    height: int
    model: str
    version: str
    device: str
    seconds: dict[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def do_picture(data: bytes, name: str, recipe: Recipe, store: ModelStore) -> Made:
    """Cut one picture out. The same bytes, recipe and nets always give the same file.

    Raises what `open_image` and `cut_out` raise, and InvalidOption when the format can't hold it.
    """
    watch = Stopwatch()
    with watch.step("total"):
        with watch.step("decode"):
            picture = open_image(data, name=name, max_pixels=recipe.max_pixels, max_bytes=recipe.max_bytes)
        result = cut_out(picture, recipe.options, store)
        with watch.step("encode"):
            model, version = name_nets(result.nets), "+".join(net.version for net in result.nets)
            label = ai_label(
                LABEL_TASK, run_id=hash_of(picture.sha256, recipe.text, model, version)[:32], model=model
            )
            look = Look.of(recipe.options, recipe.background, recipe.visible_label)
            encoded, note = render(result.rgb, result.alpha, picture, look, label)
    notes = (*result.notes, note) if note else result.notes
    seconds = result.timings | watch.seconds
    return Made(encoded, picture.width, picture.height, model, version, result.device, seconds, notes)


def hash_of(*texts: str) -> str:
    """sha256 of several texts, each kept apart from the next."""
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def count_pixels(data: bytes) -> int:
    """Pixels that a picture's header claims; 0 where no header can be read."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            return image.width * image.height
    except (*DECODER_ERRORS, Image.DecompressionBombError):
        return 0
