"""Small pictures and batches of them for the tests."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

from pipelines.batch.batch import BatchOptions, Given
from tests.conftest import draw_disc, encode

LONG = 60.0
OFF = BatchOptions(model="u2netp", refine="off")


def draw_pictures(count: int, *, start: int = 0) -> dict[str, bytes]:
    """JPEGs of different discs, by name, in three folders."""
    return {
        f"day {number % 3}/照片 {number:03d}.jpg": encode(
            draw_disc(60 + number % 7, 80 + number % 5, (200, 20 + number % 90, number // 90)), "JPEG"
        )
        for number in range(start, start + count)
    }


def write_zip(path: Path, files: Mapping[str, bytes]) -> Given:
    """A zip of those files, as something that was handed in."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return Given(path, path.name)


def write_folder(path: Path, files: Mapping[str, bytes]) -> Given:
    """A folder of those files, as something that was handed in."""
    for name, data in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return Given(path, path.name)


def read_tree(folder: Path) -> dict[str, bytes]:
    """Every file under a folder by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def png_names(files: Mapping[str, bytes]) -> set[str]:
    """What the results of those files are called."""
    return {name.removesuffix(".jpg") + ".png" for name in files}
