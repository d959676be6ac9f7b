"""Frozen TensorFlow graphs of CV-UNet become ONNX files, once, outside the app's own Python."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from weights.conversion.commands import Outcome, Runner, run_command
from weights.conversion.converter import converter_environ, make_converter
from weights.disk import explain
from weights.errors import ConversionFailed, DiskFull, ModelMissing
from weights.manifest import sha256_of

log = logging.getLogger(__name__)

SCRIPT = Path(__file__).with_name("convert_cv_unet.py")
CONVERT_LIMIT = 20 * 60.0

Progress = Callable[[str], None]


def convert(
    pb: Path,
    cache: Path,
    *,
    progress: Progress | None = None,
    offline: bool = False,
    run: Runner = run_command,
) -> Path:
    """The ONNX file of a frozen graph: `cache/converted/<sha256 of pb>.onnx`, made where it is not there yet.

    `progress` gets a sentence at each step. The file takes `input_image:0`, float32 RGB [H, W, 3] in 0..255,
    and gives `alpha`, float32 [H, W] in 0..1; it has been held against TensorFlow at two sizes. A second
    caller, in this process or another, waits for the first. Raises ModelMissing, ConversionFailed, DiskFull.
    """
    say = progress or log.info
    if not pb.is_file():
        raise ModelMissing(f"{pb.name} is not on this machine.", "Download the model first.")
    target = converted(sha256_of(pb), cache)
    if is_whole(target):
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _alone(cache, say):
            if not is_whole(target):
                remove_halves(target.parent)
                python = make_converter(cache, say=say, offline=offline, run=run)
                _convert(python, pb, target, say, run)
    except OSError as error:
        raise explain(error, cache) from error
    return target


def converted(sha256: str, cache: Path) -> Path:
    """Where the ONNX file of a graph lies."""
    return cache / "converted" / f"{sha256}.onnx"


@contextmanager
def _alone(cache: Path, say: Progress) -> Iterator[None]:
    """One conversion at a time, over all processes that share the cache."""
    from filelock import FileLock, Timeout

    lock = FileLock(cache / "converter.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        say("Waiting for another conversion to end")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def is_whole(target: Path) -> bool:
    """Whether the file is there as its report tells it."""
    try:
        report = json.loads(report_of(target).read_text())
        known = report.get("sha256")  # reports of earlier versions have none
        return bool(target.stat().st_size == report["size"] and known in (None, sha256_of(target)))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def remove_halves(folder: Path) -> None:
    """Remove what a conversion that was killed was writing. The caller holds the lock."""
    for half in folder.glob("*.part.*"):
        half.unlink(missing_ok=True)


def report_of(target: Path) -> Path:
    """Beside the ONNX file: its size and sha256, the versions that made it, and how close it is to TensorFlow."""
    return target.with_suffix(".json")


def _convert(python: Path, pb: Path, target: Path, say: Progress, run: Runner) -> None:
    part, report = target.with_suffix(".part.onnx"), target.with_suffix(".part.json")

    def hear(line: str) -> None:
        if line.startswith("step: "):
            say(f"Converting {pb.parent.name}: {line.removeprefix('step: ')}")

    command = [str(python), "-I", str(SCRIPT), str(pb), str(part), str(report)]
    try:
        outcome = run(command, limit=CONVERT_LIMIT, environ=converter_environ(), on_line=hear)
        if outcome.code != 0:
            raise _explain(pb, outcome)
        figures = json.loads(report.read_text())
        figures |= {"size": part.stat().st_size, "sha256": sha256_of(part)}
        report.write_text(json.dumps(figures, indent=1))
        # The report first: a file without one does not count.
        os.replace(report, report_of(target))
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
        report.unlink(missing_ok=True)


def _explain(pb: Path, outcome: Outcome) -> ConversionFailed | DiskFull:
    name, log_hint = pb.name, "The log has the converter's full output."
    if "no space left on device" in outcome.text.lower():
        return DiskFull(f"The disk filled up while {name} was converted.", "Free some space and try again.")
    if outcome.timed_out:
        return ConversionFailed(
            f"Converting {name} took over {CONVERT_LIMIT / 60:.0f} minutes.",
            "Close other programs and retry.",
        )
    if outcome.code == -9:
        return ConversionFailed(
            f"The converter was ended while it worked on {name}, most likely for lack of memory.",
            "Close other programs and try again.",
        )
    reasons = [line.removeprefix("error: ") for line in outcome.lines if line.startswith("error: ")]
    if reasons:
        return ConversionFailed(f"{name} can't be converted: {reasons[-1]}.", "Use another matting model.")
    last = next((line for line in reversed(outcome.lines) if line.strip()), "no output")
    return ConversionFailed(f"{name} can't be converted: {last}", log_hint)


def forget_converted(folder: Path, cache: Path) -> int:
    """Remove the ONNX files made from the graphs in `folder`; returns the bytes that this freed."""
    freed = 0
    for pb in folder.glob("*.pb"):
        target = converted(sha256_of(pb), cache)
        for made in (target, report_of(target)):
            if made.is_file():
                freed += made.stat().st_size
                made.unlink()
    return freed
