"""Conversion without TensorFlow: a stand-in plays the environment, pip and the converting script."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from weights.conversion import converter
from weights.conversion.commands import Outcome
from weights.conversion.convert import convert, report_of
from weights.conversion.converter import REQUIREMENTS, converter_folder, converter_ready, delete_converter
from weights.errors import ConversionFailed, DiskFull, ModelMissing

FINE = Outcome(0, ())
DiskUsage = namedtuple("DiskUsage", "total used free")


class FakeRunner:
    """Does what venv, pip and the script leave behind; `pip` and `script` say how the two end."""

    def __init__(self, pip: Outcome = FINE, script: Outcome = FINE, delay: float = 0.0) -> None:
        self.pip, self.script, self.delay = pip, script, delay
        self.steps: list[str] = []
        self.environs: list[Mapping[str, str]] = []

    def __call__(
        self,
        command: Sequence[str],
        *,
        limit: float,
        environ: Mapping[str, str],
        on_line: Callable[[str], None] | None = None,
    ) -> Outcome:
        self.environs.append(environ)
        if "venv" in command:
            self.steps.append("venv")
            python = converter.python_of(Path(command[-1]))
            python.parent.mkdir(parents=True)
            python.touch()
            return FINE
        if "pip" in command:
            self.steps.append("pip")
            return self.pip
        return self.run_script(command[-3:], on_line)

    def run_script(self, paths: Sequence[str], on_line: Callable[[str], None] | None) -> Outcome:
        self.steps.append("script")
        source, target, report = (Path(path) for path in paths)
        time.sleep(self.delay)
        target.write_bytes(b"onnx of " + source.read_bytes())
        report.write_text(json.dumps({"checks": []}))
        if on_line:
            on_line("step: comparing both on test pictures")
        return self.script


@pytest.fixture
def pb(tmp_path: Path) -> Path:
    path = tmp_path / "cv_unet" / "tf_graph.pb"
    path.parent.mkdir()
    path.write_bytes(b"graph")
    return path


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def test_a_graph_is_converted_once(pb: Path, cache: Path) -> None:
    run, told = FakeRunner(), list[str]()

    first = convert(pb, cache, run=run, progress=told.append)
    second = convert(pb, cache, run=run)

    assert first == second
    assert first.read_bytes() == b"onnx of graph"
    assert run.steps == ["venv", "pip", "script"]
    assert told[-1] == "Converting cv_unet: comparing both on test pictures"
    assert sorted(path.name for path in first.parent.iterdir()) == sorted([first.name, report_of(first).name])


def test_another_graph_reuses_the_converter(pb: Path, cache: Path) -> None:
    run = FakeRunner()
    first = convert(pb, cache, run=run)
    pb.write_bytes(b"another graph")

    second = convert(pb, cache, run=run, offline=True)

    assert second != first
    assert second.read_bytes() == b"onnx of another graph"
    assert run.steps == ["venv", "pip", "script", "script"]


def test_callers_at_the_same_time_share_one_conversion(pb: Path, cache: Path) -> None:
    run, made, told = FakeRunner(delay=0.3), list[Path](), list[str]()
    threads = [
        threading.Thread(target=lambda: made.append(convert(pb, cache, run=run, progress=told.append)))
        for _ in range(3)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert len(made) == 3 and len(set(made)) == 1
    assert run.steps == ["venv", "pip", "script"]
    assert told.count("Waiting for another conversion to end") == 2


def test_a_cut_off_file_is_made_again(pb: Path, cache: Path) -> None:
    run = FakeRunner()
    target = convert(pb, cache, run=run)
    target.write_bytes(b"onnx")

    assert convert(pb, cache, run=run).read_bytes() == b"onnx of graph"


def test_offline_without_the_converter_says_how_to_get_it(pb: Path, cache: Path) -> None:
    run = FakeRunner()

    with pytest.raises(ConversionFailed, match="models convert"):
        convert(pb, cache, run=run, offline=True)

    assert run.steps == []


def test_a_small_disk_is_refused_before_anything_is_installed(
    pb: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = FakeRunner()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: DiskUsage(10**10, 9 * 10**9, 10**9))

    with pytest.raises(DiskFull, match=r"2\.4"):
        convert(pb, cache, run=run)

    assert run.steps == []


NO_MATCH = "ERROR: No matching distribution found for tensorflow-cpu==2.21.0"


@pytest.mark.parametrize(
    ("outcome", "error", "says"),
    [
        (
            Outcome(1, ("Retrying: NewConnectionError: Failed to establish a new connection", NO_MATCH)),
            ConversionFailed,
            "out of reach",
        ),
        (Outcome(1, (NO_MATCH,)), ConversionFailed, "do not exist for Python"),
        (
            Outcome(1, ("ERROR: Could not install packages: [Errno 28] No space left on device",)),
            DiskFull,
            "disk filled up",
        ),
        (Outcome(-9, (), timed_out=True), ConversionFailed, "45 minutes"),
        (Outcome(2, ("something else", "")), ConversionFailed, "something else"),
    ],
)
def test_a_failed_installation_is_explained_and_removed(
    pb: Path, cache: Path, outcome: Outcome, error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        convert(pb, cache, run=FakeRunner(pip=outcome))

    assert not list(cache.glob("converter-*"))
    assert not converter_ready(cache)


@pytest.mark.parametrize(
    ("outcome", "error", "says"),
    [
        (
            Outcome(3, ("error: the graph has no tensor output_png:0",)),
            ConversionFailed,
            "no tensor output_png:0",
        ),
        (Outcome(-9, ()), ConversionFailed, "lack of memory"),
        (Outcome(-9, (), timed_out=True), ConversionFailed, "20 minutes"),
        (Outcome(1, ("OSError: [Errno 28] No space left on device",)), DiskFull, "disk filled up"),
        (Outcome(1, ("Traceback", "ValueError: strange graph")), ConversionFailed, "strange graph"),
    ],
)
def test_a_failed_conversion_is_explained_and_leaves_nothing(
    pb: Path, cache: Path, outcome: Outcome, error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        convert(pb, cache, run=FakeRunner(script=outcome))

    assert list((cache / "converted").iterdir()) == []
    assert convert(pb, cache, run=FakeRunner()).is_file()


def test_a_missing_graph_is_a_missing_model(cache: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelMissing):
        convert(tmp_path / "tf_graph.pb", cache, run=FakeRunner())


def test_a_cache_that_can_not_be_written_is_explained(pb: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")

    with pytest.raises(Exception, match="can't be written"):
        convert(pb, blocked, run=FakeRunner())


def test_new_pins_replace_the_old_converter(
    pb: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    convert(pb, cache, run=FakeRunner())
    old = converter_folder(cache)
    pins = tmp_path / "pins.txt"
    pins.write_text("tensorflow-cpu==99.0\n")
    monkeypatch.setattr(converter, "REQUIREMENTS", pins)
    pb.write_bytes(b"another graph")

    convert(pb, cache, run=FakeRunner())

    assert converter_folder(cache) != old
    assert [path for path in cache.glob("converter-*")] == [converter_folder(cache)]


def test_deleting_the_converter_keeps_what_it_made(pb: Path, cache: Path) -> None:
    run = FakeRunner()
    made = convert(pb, cache, run=run)
    (converter_folder(cache) / "tensorflow.so").write_bytes(bytes(1000))

    assert delete_converter(cache) == 1000
    assert convert(pb, cache, run=run, offline=True) == made


def test_the_apps_own_python_settings_stay_out(
    pb: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", "/app")
    monkeypatch.setenv("PIP_USER", "1")
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")
    run = FakeRunner()

    convert(pb, cache, run=run)

    for environ in run.environs:
        assert "PYTHONPATH" not in environ and "PIP_USER" not in environ
        assert environ["PIP_INDEX_URL"] == "https://mirror.example/simple"


def test_every_package_of_the_converter_is_pinned_exactly() -> None:
    lines = [line for line in REQUIREMENTS.read_text().splitlines() if line and not line.startswith("#")]

    assert {"tensorflow-cpu", "tf2onnx", "onnxruntime"} <= {line.split("==")[0] for line in lines}
    assert [line for line in lines if line.count("==") != 1] == []
