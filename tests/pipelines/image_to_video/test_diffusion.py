"""Diffusion end to end with random pipelines of the published classes, on the CPU."""

from __future__ import annotations

import json
import shutil
import socket
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import ModelDamaged, OutOfMemory
from pipelines.image_to_video import diffusion, diffusion_options
from pipelines.image_to_video.diffusion_engines import ENGINES, MEMORY
from pipelines.image_to_video.diffusion_job import submit_shot
from pipelines.image_to_video.diffusion_options import DiffusionOptions
from pipelines.jobs.job import Job
from pipelines.labels import GENERATED, _read_xmp
from pipelines.settings import Settings
from pipelines.studio import Studio, open_studio
from pipelines.video import VideoReader
from tests.pipelines.image_to_video.stand_in import order_of, write_pictures
from tests.pipelines.image_to_video.tiny_diffusers import WRITERS
from tests.pipelines.video.xmp import read_xmp
from weights.catalogue import Catalogue
from weights.files import locate
from weights.manifest import FileRecord, Manifest, sha256_of, write_manifest
from weights.nets.diffuser import Diffuser
from weights.nets.diffusion import INDEX, RECIPES, open_diffuser

pytestmark = [
    pytest.mark.skipif(find_spec("diffusers") is None, reason="pip install -r requirements-diffusion.txt"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]

SMALL: dict[str, dict[str, Any]] = {
    "wan": {"size": (128, 128), "frames": 5},
    "svd": {"size": (32, 32), "frames": 2, "multiple": 8},
    "ltx": {"size": (128, 128), "frames": 9},
}
ENGINE_NAMES = tuple(WRITERS)
FAST = DiffusionOptions(steps=2, seed=3, fps="10")


@pytest.fixture(scope="session")
def tiny_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models folder with the three models as a download leaves them."""
    cache = tmp_path_factory.mktemp("weights")
    for name, write in WRITERS.items():
        spec = Catalogue()[ENGINES[name].model]
        folder = cache / spec.id
        write(folder)
        records = [
            FileRecord(
                str(path.relative_to(folder)), path.stat().st_size, sha256_of(path), path.stat().st_mtime_ns
            )
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        ]
        write_manifest(folder, Manifest(spec.id, spec.repo, spec.revision, "", "", tuple(records)))
    return cache


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engines at a size that a CPU draws at once, needing no GPU."""
    none = dict.fromkeys(MEMORY, 0)
    rows = {name: replace(ENGINES[name], needs=none, **change) for name, change in SMALL.items()}
    monkeypatch.setattr(diffusion_options, "ENGINES", rows)


@pytest.fixture
def working(settings: Settings, tiny_weights: Path, small: None) -> Iterator[Studio]:
    """A studio that has the models and works on its jobs."""
    made = open_studio(replace(settings, weights=tiny_weights))
    made.start_jobs()
    yield made
    made.close()


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*given: Any) -> None:
        raise AssertionError(f"a connection to {given[1:]}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def film(studio: Studio, folder: Path, options: DiffusionOptions) -> Job:
    order = order_of(write_pictures(folder, 1)[0])
    return studio.jobs.wait(submit_shot(studio, order, options).id, 120)


@pytest.mark.parametrize("name", ENGINE_NAMES)
def test_a_picture_becomes_a_run(working: Studio, tmp_path: Path, no_network: None, name: str) -> None:
    row, spec = SMALL[name], Catalogue()[ENGINES[name].model]
    job = film(
        working, tmp_path, replace(FAST, engine=name, prompt="the cat walks slowly", width=row["size"][0] + 3)
    )
    assert job.status == "done", job.message
    assert (job.done, job.total) == (2, 2)
    run = working.history.get(job.run)
    path = working.history.file(run.id, "shot.mp4")
    with VideoReader(path) as made:
        assert (made.info.rate, made.info.width) == (10, run.settings["made_width"])
        shades = [frame.rgb.std() for frame in made]
    assert len(shades) == row["frames"] == run.settings["frames"]
    assert min(shades) > 0
    assert (run.settings["engine"], run.settings["fps"]) == (name, "10")
    assert run.settings["duration"] == row["frames"] / 10
    assert (run.task, run.model["id"], run.model["licence"], run.device) == (
        "video",
        spec.id,
        spec.licence,
        "cpu",
    )
    weights = locate(spec, working.settings.weights)[0]
    assert weights.suffix == ".safetensors"
    assert run.model["version"] == sha256_of(weights)[:12]
    assert any("works in steps of" in note for note in run.notes)
    assert any("reads no prompt" in note for note in run.notes) == (name == "svd")
    assert _read_xmp(read_xmp(path))["Iptc4xmpExt:DigitalSourceType"] == GENERATED
    assert not list(working.jobs.folder(job.id).glob("pictures"))


def test_the_same_seed_draws_the_same_film_and_another_another(working: Studio, tmp_path: Path) -> None:
    def frames(seed: int) -> list[bytes]:
        job = film(working, tmp_path, replace(FAST, engine="wan", seed=seed, format="png"))
        path = working.history.file(job.run, "film.zip")
        with zipfile.ZipFile(path) as made:
            return [made.open(name).read()[-200:] for name in made.namelist()]

    first = frames(3)
    assert len(first) == 5
    assert first == frames(3)
    assert first != frames(4)


def test_cancelling_between_steps_leaves_nothing(
    working: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[int] = []
    count = diffusion.Drawing._count

    def count_and_cancel(drawing: diffusion.Drawing, tell: Any) -> Any:
        hear = count(drawing, tell)

        def step(done: int) -> None:
            counted.append(done)
            if done == 2:
                working.jobs.cancel(working.jobs.list()[0].id)
            hear(done)

        return step

    monkeypatch.setattr(diffusion.Drawing, "_count", count_and_cancel)
    job = film(working, tmp_path, replace(FAST, engine="ltx", steps=50))
    assert (job.status, counted) == ("cancelled", [1, 2])
    assert working.history.runs() == []
    assert not [path for path in working.settings.outputs.rglob("*") if path.suffix in (".mp4", ".partial")]


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB"),
        RuntimeError("CUBLAS_STATUS_ALLOC_FAILED when calling cublasCreate"),
        MemoryError(),
    ],
)
def test_running_out_of_memory_says_what_to_lower(
    working: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*given: Any, **more: Any) -> None:
        raise error

    import diffusers

    monkeypatch.setattr(diffusers.LTXImageToVideoPipeline, "encode_prompt", fail)
    job = film(working, tmp_path, replace(FAST, engine="ltx", width=128, height=128))
    assert (job.status, job.run) == ("failed", "")
    assert job.message == "The memory does not suffice for 9 frames of 128x128 with LTX-Video."
    assert job.hint.startswith("Use memory=less")
    assert working.store.loaded() == []


def test_a_long_prompt_is_cut_with_a_note(working: Studio, tmp_path: Path) -> None:
    job = film(working, tmp_path, replace(FAST, engine="ltx", prompt="the cat " * 100))
    assert "reads 128: its end was left out" in job.message


def copy_model(weights: Path, target: Path, name: str) -> Path:
    return Path(shutil.copytree(weights / ENGINES[name].model, target / name))


def test_a_folder_cannot_bring_code_along(tiny_weights: Path, tmp_path: Path) -> None:
    folder = copy_model(tiny_weights, tmp_path, "svd")
    index = json.loads((folder / INDEX).read_text())
    index["unet"] = ["os", "system"]
    (folder / INDEX).write_text(json.dumps(index))
    with pytest.raises(ModelDamaged):
        open_diffuser(folder, RECIPES["diffusion-svd"], "cpu")


@pytest.mark.parametrize(
    "spoil", ["unet/diffusion_pytorch_model.fp16.safetensors", "unet/config.json", INDEX]
)
@pytest.mark.parametrize("contents", [None, b"", b"\x80\x04."])
def test_a_spoilt_folder_is_damage(
    tiny_weights: Path, tmp_path: Path, spoil: str, contents: bytes | None
) -> None:
    folder = copy_model(tiny_weights, tmp_path, "svd")
    if contents is None:
        (folder / spoil).unlink()
    else:
        (folder / spoil).write_bytes(contents)
    with pytest.raises(ModelDamaged):
        open_diffuser(folder, RECIPES["diffusion-svd"], "cpu")


class Recorder:
    """A pipeline that writes down where its weights are asked to be."""

    def __init__(self, vae: Any) -> None:
        self.vae = vae
        self.asked: list[Any] = []

    def __getattr__(self, name: str) -> Any:
        return lambda *given, **more: self.asked.append((name, *given, *more.values()))


def test_weights_are_placed_once_for_each_way() -> None:
    vae = type("Vae", (), {"use_tiling": False, "tiles": []})()
    vae.enable_tiling = lambda: vae.tiles.append(True)
    vae.disable_tiling = lambda: vae.tiles.append(False)
    pipeline = Recorder(vae)
    model = Diffuser(pipeline, "cuda")
    for placing in ("whole", "whole", "by-part", "by-layer"):
        model.place(placing)
    free = ("remove_all_hooks",)
    assert pipeline.asked == [
        *(free, ("to", "cuda")),
        *(free, ("enable_model_cpu_offload", "cuda")),
        *(free, ("enable_sequential_cpu_offload", "cuda")),
    ]
    assert vae.tiles == [False, True, True]


def test_memory_that_ends_while_weights_are_placed_is_told() -> None:
    class Full(Recorder):
        def to(self, device: str) -> None:
            raise RuntimeError("CUDA out of memory.")

    with pytest.raises(OutOfMemory):
        Diffuser(Full(object()), "cuda").place("whole")
