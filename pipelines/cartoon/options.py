"""The Cartoon tab's options: one definition from which the page, REST and the command line are made."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.cartoon.wishes import read_wishes
from pipelines.options import Options, option

STYLES = ("3d", "anime", "artstyle", "design", "handdrawn", "illustration", "sketch")
NETS = ("auto", "builtin", "published")
FORMATS = ("png", "webp", "jpeg")


@dataclass(frozen=True)
class CartoonOptions(Options):
    """See each field's help."""

    style: str = option("anime", "In which style the picture is drawn.", choices=STYLES)
    style_b: str = option("", "A second style to mix in.", choices=("", *STYLES))
    mix: float = option(0.5, "How much of the second style: 0 none, 1 only it.", 0, 1, 0.05)
    strength: float = option(1.0, "How much is redrawn: 0 leaves the photo.", 0, 1, 0.05)
    colours: float = option(0.0, "How much of the photo's own colours stay.", 0, 1, 0.05)
    detail: float = option(0.7, "How much of the photo's fine detail shows above the net's size.", 0, 1, 0.05)
    faces: str = option("all", "all, off, or face numbers: 1,3 or 1=anime,2=sketch@0.6 (style, strength).")
    net: str = option("auto", "Which net draws: auto takes the published one where it is here.", choices=NETS)
    size: float = option(2048.0, "Longest side of the result (pixels).", 64, 4096, 32)
    format: str = option("png", "File type of the result.", choices=FORMATS)

    def __post_init__(self) -> None:
        super().__post_init__()
        read_wishes(self.faces, STYLES)

    @property
    def weights(self) -> dict[str, float]:
        """Share of each style, adding up to 1."""
        if not self.style_b or self.style_b == self.style or self.mix == 0:
            return {self.style: 1.0}
        shares = {self.style: 1 - self.mix, self.style_b: self.mix}
        return {name: share for name, share in shares.items() if share > 0}
