"""Targets that read texts: options of every task, and names that users and files bring along."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st

from pipelines.batch.options import BatchOptions
from pipelines.batch.output_names import OutputNames, make_relative
from pipelines.cartoon.options import CartoonOptions
from pipelines.errors import InkframeError
from pipelines.history import History
from pipelines.image_to_video.diffusion_options import DiffusionOptions
from pipelines.image_to_video.film_options import VideoOptions
from pipelines.image_to_video.slow_options import SlowOptions
from pipelines.matting.options import MattingOptions
from pipelines.webcam.kept_pictures import KeptPictures
from pipelines.webcam.my_style_options import MyStyleOptions
from pipelines.webcam.options import LiveOptions
from scripts.fuzz.hunt import Case, Target
from scripts.fuzz.readers import check
from ui.upload import read_upload

KINDS = (
    *(MattingOptions, BatchOptions, CartoonOptions, VideoOptions, SlowOptions, DiffusionOptions),
    *(MyStyleOptions, LiveOptions),
)
NASTY = [
    *(
        "",
        "0",
        "-1",
        "nan",
        "inf",
        "-inf",
        "1e999",
        "1/0",
        "0/0",
        "30000/1001",
        "9" * 400,
        "\ud800",
        "\0",
        "\u202e",
    ),
    *(
        "../../etc/passwd",
        "/etc/passwd",
        "..\\..\\x",
        "C:\\x",
        "con",
        "a" * 300,
        "#zzzzzz",
        "#ffffff",
        "1=anime@2",
    ),
    *(
        "painting-03:0.5,painting-12:nan",
        "1,2=",
        "=,@",
        "١٢",
        "%00",
        "%2e%2e%2f",
        "~root",
        "$HOME",
        "{0}",
        "%s",
    ),
    *("auto", "transparent", "blur", "zoom-in,pan-left", "true", "on", ".", "..", " ", "é", "e\u0301", "😀"),
]
"""Numbers at their ends, paths that lead out, and signs that mean something somewhere."""
ANY_TEXT = st.text(st.characters(), max_size=40)
TEXT = st.sampled_from(NASTY) | ANY_TEXT | st.builds("".join, st.lists(st.sampled_from(NASTY), max_size=4))


def prepare_options(_: Path) -> tuple[st.SearchStrategy[Any], Case]:
    def form(kind: Any) -> st.SearchStrategy[Any]:
        names = sorted(kind.__dataclass_fields__)
        given = st.dictionaries(st.sampled_from(names) | TEXT, TEXT, max_size=5)
        return st.tuples(st.just(kind), given)

    return st.sampled_from(KINDS).flatmap(form), read_options


def read_options(given: tuple[Any, dict[str, str]]) -> None:
    kind, form = given
    try:
        options = kind.parse(form)
    except InkframeError as error:
        check(bool(error.message), "an error without words")
        return
    for item in kind.__dataclass_fields__.values():
        low, high = item.metadata["low"], item.metadata["high"]
        value = getattr(options, item.name)
        check(low is None or low <= value <= high, f"{item.name} is {value!r}")


def prepare_names(folder: Path) -> tuple[st.SearchStrategy[Any], Case]:
    outputs, uploads = folder / "outputs", folder / "uploads"
    uploads.mkdir(exist_ok=True)
    history, kept = History(outputs), KeptPictures(folder / "kept", 16)
    with history.draft("matting") as draft:
        draft.add("result.png", b"x")
        run = draft.save(inputs=(), settings={}, model={}, device="cpu", timings={}, results=("result.png",))
    rgb = np.zeros((8, 8, 3), np.uint8)

    def take(name: str) -> None:
        path, _ = make_relative(name)
        claimed, _ = OutputNames(".png").claim(path)
        check_inside(outputs / claimed, outputs)
        for look in (lambda: history.file(run.id, name), lambda: history.file(name, "run.json")):
            found = allow_refusal(look)
            check(found is None or found.resolve().is_relative_to(outputs / run.id), str(found))
        upload = allow_refusal(lambda: read_upload({"path": name, "orig_name": name}, uploads))
        check(upload is None or upload.path.is_relative_to(uploads), str(upload))
        if allow_refusal(lambda: kept.add(name, rgb)) is not None:
            kept.remove(kept.list()[0])
        for work in (kept.read, kept.remove, lambda each: kept.rename(each, "other")):
            allow_refusal(lambda work=work: work(name))

    return TEXT, take


def check_inside(path: Path, folder: Path) -> None:
    check(path.resolve().is_relative_to(folder.resolve()), f"{path} leaves {folder}")


def allow_refusal(work: Any) -> Any:
    """What `work` gives; None where it says in words that it does not."""
    try:
        return work()
    except InkframeError:
        return None


TEXTS = (Target("options", "options of every task", prepare_options), Target("names", "names", prepare_names))
