"""The command line: quick to answer, and the same results as the page."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from subprocess import CompletedProcess

import numpy as np
import pytest
from PIL import Image

import cli
from tests.conftest import draw_disc, encode
from tests.published_nets import fetch_styles

ROOT = Path(__file__).resolve().parents[1]


def run(*words: str, environ: dict[str, str] | None = None) -> CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), *words],
        capture_output=True,
        text=True,
        timeout=120,
        env=os.environ | (environ or {}),
    )


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {
        "INKFRAME_OUTPUTS": str(tmp_path / "outputs"),
        "INKFRAME_WEIGHTS": str(tmp_path / "weights"),
        "INKFRAME_OFFLINE": "1",
        "INKFRAME_DEVICE": "cpu",
    }


@pytest.fixture
def refused(
    environ: dict[str, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., str]:
    """A command in this process, for what ends before any work begins: the one line that it says."""

    def call(*words: str) -> str:
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(SystemExit) as ended:
            cli.main([*words])
        out, error = capsys.readouterr()
        assert (ended.value.code, out) == (1, ""), words
        assert error.startswith("Error: ")
        assert len(error.splitlines()) == 1
        return error

    return call


def test_help_comes_within_a_second() -> None:
    took = []
    for _ in range(3):
        start = time.perf_counter()
        assert run("--help").returncode == 0
        took.append(time.perf_counter() - start)
    assert min(took) < 1.0


def test_a_picture_is_cut_out_with_the_model_that_comes_along(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    (tmp_path / "in.jpg").write_bytes(encode(draw_disc(240, 320), "JPEG"))
    done = run(
        "matting", str(tmp_path / "in.jpg"), str(tmp_path / "out.png"), "--refine", "off", environ=environ
    )
    assert done.returncode == 0, done.stderr
    result = np.asarray(Image.open(tmp_path / "out.png"))
    assert result.shape == (240, 320, 4)
    assert result[120, 160, 3] > 200
    assert result[5, 5, 3] < 30
    assert len(list((tmp_path / "outputs").glob("outputs_*"))) == 1


def test_an_error_is_one_line(tmp_path: Path, environ: dict[str, str]) -> None:
    (tmp_path / "in.jpg").write_text("no picture")
    for words in (
        ("matting", str(tmp_path / "in.jpg"), str(tmp_path / "out.png")),
        ("cartoon", str(tmp_path / "in.jpg"), str(tmp_path / "out.png"), "--style", "oil"),
    ):
        done = run(*words, environ=environ)
        assert (done.returncode, done.stdout) == (1, ""), words
        assert done.stderr.startswith("Error: ")
        assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "out.png").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("matting", "in.jpg", "out.xyz"),
        ("matting", "missing.jpg", "out.png"),
        ("models", "download", "nonesuch"),
        ("start", "--device", "tpu"),
    ],
)
def test_what_cannot_be_done_is_an_error(
    tmp_path: Path, refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    (tmp_path / "in.jpg").write_bytes(encode(draw_disc(120, 160), "JPEG"))
    monkeypatch.chdir(tmp_path)
    refused(*words)
    assert not list(tmp_path.glob("out.*"))


def test_a_place_that_is_not_there_is_told_before_anything_is_made(
    tmp_path: Path, refused: Callable[..., str]
) -> None:
    picture, nowhere = tmp_path / "in.png", tmp_path / "nowhere"
    picture.write_bytes(encode(draw_disc(120, 160), "PNG"))
    for command, *flags in (("matting",), ("cartoon",), ("cartoon", "--sheet"), ("video",), ("diffusion",)):
        target = nowhere / ("a.mp4" if command in ("video", "diffusion") else "a.png")
        assert "There is no folder" in refused(command, str(picture), str(target), *flags)
    assert list((tmp_path / "outputs").glob("outputs_*")) == []


def test_no_picture_is_replaced_by_what_is_made_of_it(tmp_path: Path, refused: Callable[..., str]) -> None:
    picture, behind = tmp_path / "in.png", tmp_path / "behind.png"
    for path in (picture, behind):
        path.write_bytes(encode(draw_disc(120, 160), "PNG"))
    before = picture.read_bytes()
    for words in (
        ("matting", str(picture), str(behind), "--background-image", str(behind)),
        ("cartoon", str(picture), str(picture)),
        ("cartoon", str(picture), str(picture), "--sheet"),
    ):
        assert "the result would replace it" in refused(*words)
        assert picture.read_bytes() == behind.read_bytes() == before


@pytest.mark.skipif(sys.platform != "linux", reason="file names are Unicode there")
def test_names_may_be_any_bytes(tmp_path: Path, environ: dict[str, str]) -> None:
    source, target = (tmp_path / os.fsdecode(name) for name in (b"b\351.jpg", b"o\351.png"))
    source.write_bytes(encode(draw_disc(120, 160), "JPEG"))
    strict = environ | {"PYTHONIOENCODING": "utf-8:strict"}
    done = run("matting", str(source), str(target), *QUICK, environ=strict)
    assert done.returncode == 0, done.stderr
    assert r"o\udce9.png" in done.stdout
    assert Image.open(target).size == (160, 120)
    (kept,) = (tmp_path / "outputs").glob("outputs_*/run.json")
    assert "b\N{REPLACEMENT CHARACTER}.jpg" in kept.read_text("utf-8")


def test_a_background_picture_is_put_behind_without_a_second_flag(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    (tmp_path / "in.jpg").write_bytes(encode(draw_disc(240, 320), "JPEG"))
    Image.new("RGB", (32, 32), (0, 0, 255)).save(tmp_path / "behind.png")
    words = ("matting", str(tmp_path / "in.jpg"), str(tmp_path / "out.png"), *QUICK)
    done = run(*words, "--background-image", str(tmp_path / "behind.png"), environ=environ)
    assert done.returncode == 0, done.stderr
    corner = np.asarray(Image.open(tmp_path / "out.png").convert("RGB"))[2, 2].tolist()
    assert corner[2] > 240
    assert max(corner[:2]) < 15


@pytest.mark.skipif(sys.platform != "linux", reason="Ctrl-C is no signal there")
def test_ctrl_c_before_anything_is_begun_is_quiet(tmp_path: Path) -> None:
    press = "import os, signal; os.kill(os.getpid(), signal.SIGINT); raise SystemExit('went on')"
    (tmp_path / "typer.py").write_text(press)
    done = subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), "start"],
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")


def test_a_benchmarks_own_help_is_shown() -> None:
    done = run("bench", "--help")
    assert done.returncode == 0
    assert "--minutes" in done.stdout


def test_choices_name_no_empty_one(refused: Callable[..., str]) -> None:
    error = refused("cartoon", "in.jpg", "out.png", "--style-b", "nope")
    assert "style_b can't be 'nope'. Use one of: 3d, " in error


def test_models_are_listed(environ: dict[str, str]) -> None:
    listed = run("models", "list", environ=environ).stdout
    assert "u2netp" in listed
    assert "birefnet-lite" in listed


def fill(folder: Path, count: int) -> Path:
    """Pictures, each another, in sub-folders; a file that is none."""
    for number in range(count):
        path = folder / ("照片" if number % 2 else "trip") / f"{number}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encode(draw_disc(120 + number, 160, (200, number, 30)), "JPEG"))
    (folder / "notes.txt").write_text("no picture")
    return folder


@contextmanager
def started(*words: str, environ: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A command that runs on; its streams are pipes."""
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "cli.py"), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | environ,
        # A suite that was started in the background was told to ignore Ctrl-C, and hands that on.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=30)


def wait_for(path: Path, process: subprocess.Popen[str], seconds: float = 90.0) -> None:
    """Wait until a running command has written a file."""
    end = time.monotonic() + seconds
    while not path.exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end, f"{path.name} did not come"
        time.sleep(0.05)


QUICK = ("--model", "portrait", "--refine", "off")


def test_a_folder_is_cut_out_with_its_names(tmp_path: Path, environ: dict[str, str]) -> None:
    source = fill(tmp_path / "in", 3)
    done = run("matting", str(source), str(tmp_path / "out"), *QUICK, environ=environ)
    assert done.returncode == 0, done.stderr
    assert "3 done, 1 no pictures" in done.stdout
    for name in ("trip/0.png", "照片/1.png", "trip/2.png", "manifest.csv"):
        assert (tmp_path / "out" / name).is_file()
    assert Image.open(tmp_path / "out" / "trip" / "0.png").mode == "RGBA"
    assert list((tmp_path / "outputs").glob("outputs_*")) == []


def test_a_failed_file_is_named_and_shows_in_the_exit_code(tmp_path: Path, environ: dict[str, str]) -> None:
    source = fill(tmp_path / "in", 2)
    (source / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 and no more")
    done = run("matting", str(source), str(tmp_path / "out"), *QUICK, "--format", "webp", environ=environ)
    assert done.returncode == 1
    assert "2 done, 1 failed" in done.stdout
    assert done.stderr.startswith("broken.jpg  failed: ")
    assert (tmp_path / "out" / "照片" / "1.webp").is_file()


def test_a_zip_becomes_a_zip(tmp_path: Path, environ: dict[str, str]) -> None:
    fill(tmp_path / "in", 2)
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as packed:
        for path in (tmp_path / "in").rglob("*.jpg"):
            packed.write(path, path.relative_to(tmp_path / "in"))
    target = tmp_path / "results.zip"
    done = run("matting", str(tmp_path / "in.zip"), str(target), *QUICK, environ=environ)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(target) as packed:
        assert packed.testzip() is None
        assert sorted(packed.namelist()) == ["manifest.csv", "manifest.json", "trip/0.png", "照片/1.png"]
    assert [path.name for path in tmp_path.glob(".*")] == []


def test_ctrl_c_keeps_what_is_done_and_the_same_command_goes_on(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    source, target = fill(tmp_path / "in", 60), tmp_path / "out"
    words = ("matting", str(source), str(target), *QUICK)
    with started(*words, environ=environ) as process:
        wait_for(target / "trip" / "2.png", process)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert "The same command goes on" in said
    assert "Traceback" not in said
    kept = {path: path.stat().st_mtime_ns for path in target.rglob("*.png")}
    rows = json.loads((target / "manifest.json").read_bytes())["files"]
    assert {target / row["output"] for row in rows if row["status"] == "done"} == set(kept)
    assert 1 <= len(kept) < 60
    done = run(*words, environ=environ)
    assert done.returncode == 0, done.stderr
    after = {path: path.stat().st_mtime_ns for path in target.rglob("*.png")}
    assert len(after) == 60
    assert {path: after[path] for path in kept} == kept


def test_a_watched_folder_is_done_as_it_fills(tmp_path: Path, environ: dict[str, str]) -> None:
    source, target = fill(tmp_path / "in", 1), tmp_path / "out"
    with started("matting", "--watch", str(source), str(target), *QUICK, environ=environ) as process:
        wait_for(target / "trip" / "0.png", process)
        fill(source, 2)
        wait_for(target / "照片" / "1.png", process)
        process.send_signal(signal.SIGINT)
        told, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert [line.split("  ")[0] for line in told.splitlines()] == ["trip/0.png", "照片/1.png"]
    assert "Stopped watching" in said


@pytest.mark.parametrize(
    "words",
    [
        ("in", "in"),
        ("in", "out.png"),
        ("in", "out", "--engine", "dask"),
        ("in", "out", "--gpu-share", "0.5"),
        ("in", "out", "--engine", "ray", "--gpu-share", "2"),
        ("in", "out", "--engine", "ray", "--address", "127.0.0.1:9"),
        ("in", "out.zip", "--watch"),
        ("in/trip/0.jpg", "out", "--watch"),
        ("nonesuch", "out", "--watch"),
        ("in/trip/0.jpg", "out.png", "--engine", "ray"),
        ("empty", "out"),
        ("in/trip/0.jpg", "in/trip/0.jpg"),
        ("in/trip/0.jpg", "out.png", "--format", "webp"),
    ],
)
def test_what_makes_no_sense_is_said_in_one_line(
    tmp_path: Path, refused: Callable[..., str], words: tuple[str, ...]
) -> None:
    fill(tmp_path / "in", 1)
    (tmp_path / "empty").mkdir()
    refused("matting", *(str(tmp_path / word) for word in words[:2]), *words[2:])
    assert not list(tmp_path.glob("out/*.png"))


def test_a_picture_is_redrawn_by_a_published_net(tmp_path: Path, environ: dict[str, str]) -> None:
    fetch_styles(tmp_path / "weights", "3d")
    (tmp_path / "in.jpg").write_bytes(encode(draw_disc(240, 320), "JPEG"))
    words = ("cartoon", str(tmp_path / "in.jpg"), str(tmp_path / "out.webp"), "--style", "3d")
    done = run(*words, "--net", "published", environ=environ)
    assert done.returncode == 0, done.stderr
    assert "DCT-Net 3D on cpu  0 faces" in done.stdout
    assert "No face was found" in done.stderr
    result = Image.open(tmp_path / "out.webp")
    assert (result.format, result.size) == ("WEBP", (320, 240))
    assert np.abs(np.asarray(result.convert("RGB")).astype(int) - draw_disc(240, 320)).mean() > 5


def test_all_styles_come_on_one_sheet(tmp_path: Path, environ: dict[str, str]) -> None:
    (tmp_path / "in.jpg").write_bytes(encode(draw_disc(240, 320), "JPEG"))
    words = ("cartoon", str(tmp_path / "in.jpg"), str(tmp_path / "out.png"), "--sheet")
    done = run(*words, environ=environ)
    assert done.returncode == 0, done.stderr
    assert Image.open(tmp_path / "out.png").width > 4 * 320


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("out.png", "--net", "published"), "DCT-Net anime is not on this machine"),
        (("out.png", "--style", "oil"), "style can't be 'oil'"),
        (("out.png", "--faces", "1=oil"), "There is no style 'oil'"),
        (("out.xyz",), "no ending"),
        (("out.jpg", "--sheet"), "A sheet is a PNG"),
        (("out.png", "--sheet", "--format", "webp"), "--format webp"),
        (("out.png", "--format", "webp"), "--format webp"),
    ],
)
def test_a_cartoon_that_cannot_be_is_said_in_one_line(
    tmp_path: Path, refused: Callable[..., str], words: tuple[str, ...], said: str
) -> None:
    (tmp_path / "in.jpg").write_bytes(encode(draw_disc(240, 320), "JPEG"))
    assert said in refused("cartoon", str(tmp_path / "in.jpg"), str(tmp_path / words[0]), *words[1:])
    assert not (tmp_path / words[0]).exists()
