"""The Matting tab's options: one definition from which the page, REST and the command line are made."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.errors import InvalidOption
from pipelines.options import Options, option

AUTO = "auto"
REFINES = ("off", "fast", "fine")
FORMATS = ("png", "webp", "jpeg")
BACKGROUNDS = ("transparent", "blur", "picture")
HEX = re.compile(r"#(?:[0-9a-fA-F]{3}){1,2}")


@dataclass(frozen=True)
class MattingOptions(Options):
    """See each field's help."""

    model: str = option(AUTO, "Which net finds the subject; auto looks for faces and chooses by them.")
    refine: str = option("fast", "How carefully edges and hair are drawn.", choices=REFINES)
    background: str = option("transparent", "transparent, blur, picture or a colour such as #ffffff.")
    despill: float = option(
        1.0, "How much of the old background's colour is taken out of the edges.", 0, 1, 0.05
    )
    edge: float = option(
        0.0, "Moves the outline: below 0 cuts closer, above 0 keeps more (pixels).", -20, 20, 0.5
    )
    feather: float = option(0.0, "Softens the outline (pixels).", 0, 50, 0.5)
    threshold: float = option(
        0.0, "Makes the outline hard: 0 keeps soft edges, else parts below it vanish.", 0, 1, 0.05
    )
    fill_holes: bool = option(False, "Closes holes inside the subject.")
    largest: bool = option(False, "Keeps only the largest piece.")
    blur: float = option(20.0, "How strongly a blurred background is blurred (pixels at 1000 px).", 1, 100, 1)
    crop: bool = option(False, "Cuts the picture to the subject.")
    margin: float = option(5.0, "Room around the subject when cropping (percent of its size).", 0, 100, 1)
    format: str = option("png", "File type of the result.", choices=FORMATS)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.background not in BACKGROUNDS and not HEX.fullmatch(self.background):
            raise InvalidOption(
                f"background can't be {self.background!r}.",
                f"Use {', '.join(BACKGROUNDS)} or a colour such as #ffffff.",
            )
