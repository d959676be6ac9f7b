"""What lies in the folder of a training job.

painting/painting.*  the picture whose hand is learnt, as it came
given.json           its name, size and sha256
given/               photos as they came, until they are made ready
photos/              what is practised on, if there is anything
shown/               what the sample sheets show
run/                 checkpoint and log: training goes on from there
training.log         what the training said
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path

from pipelines.errors import NotFound
from pipelines.history import History, RunInput
from pipelines.history.keeping import link_or_copy
from pipelines.image import Picture
from pipelines.settings import ROOT

PAINTING, PHOTOS, RUN, LOG, GIVEN = "painting", "photos", "run", "training.log", "given.json"
AS_THEY_CAME, SHOWN = "given", "shown"
SAMPLES = tuple(ROOT / "ui" / "pictures" / f"{name}.jpg" for name in ("astronaut", "balloon", "duck"))
"""Pictures that come with the app: a sheet shows them where there are no photos."""
ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".webp"})
MOST_PHOTOS, RUNS = 300, 500


def fill_folder(folder: Path, history: History, picture: Picture, photos: Sequence[Path]) -> None:
    """Put the picture and what to practise on into a new job's folder. Raises OSError."""
    for name in (PAINTING, AS_THEY_CAME, PHOTOS, SHOWN):
        (folder / name).mkdir()
    kept = folder / PAINTING / f"{PAINTING}.{picture.format.lower()}"
    kept.write_bytes(picture.data)
    chosen = list(islice(iter(photos) if photos else own_photos(history), MOST_PHOTOS))
    given = {
        "name": picture.name or kept.name,
        "sha256": picture.sha256,
        "size": [picture.width, picture.height],
        "photos": len(chosen),
    }
    (folder / GIVEN).write_text(json.dumps(given, ensure_ascii=False), "utf-8")
    for number, path in enumerate(chosen):
        link_or_copy(path, folder / AS_THEY_CAME / f"{number:04}{path.suffix.lower()}")


def own_photos(history: History) -> Iterator[Path]:
    """Pictures that were worked on before, each once, the newest first."""
    seen: set[str] = set()
    for run in history.runs(limit=RUNS):
        for given in run.inputs:
            if Path(given.file).suffix.lower() in ENDINGS and given.sha256 not in seen:
                seen.add(given.sha256)
                with suppress(NotFound):
                    yield history.file(run.id, given.file)


def read_given(folder: Path) -> tuple[Path, RunInput]:
    """The picture and what is known of it. Raises NotFound when it is no longer kept."""
    try:
        facts = json.loads((folder / GIVEN).read_bytes())
        path = next((folder / PAINTING).iterdir())
        width, height = (int(side) for side in facts["size"])
        return path, RunInput(str(facts["name"]), str(facts["sha256"]), width, height, path.name)
    except (OSError, ValueError, KeyError, TypeError, StopIteration) as error:
        raise NotFound(
            "The job's picture is no longer there.", "Start a new job with the same picture."
        ) from error


def count_photos(folder: Path) -> int:
    """Photos that are ready to be practised on."""
    return sum(1 for _ in (folder / PHOTOS).glob("*"))


def count_given(folder: Path) -> int:
    """Photos that came with the job, readable or not."""
    try:
        return int(json.loads((folder / GIVEN).read_bytes()).get("photos", 0))
    except (OSError, ValueError, TypeError, AttributeError):
        return 0


def forget_training(folder: Path) -> None:
    """Remove all but the log: the run has what is needed."""
    for name in (PAINTING, AS_THEY_CAME, PHOTOS, SHOWN, RUN):
        shutil.rmtree(folder / name, ignore_errors=True)
