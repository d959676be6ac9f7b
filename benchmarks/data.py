"""Where the test data lies: beside the repository, which does not hold it."""

from __future__ import annotations

from pathlib import Path

from pipelines.settings import ROOT

DATA = ROOT.parent / "shared" / "data"


def find_data(name: str) -> Path | None:
    """A folder of the test data; None where it is not there or holds no file."""
    folder = DATA / name
    return folder if has_files(folder) else None


def has_files(folder: Path) -> bool:
    """Whether it is a folder with a file in it or below."""
    return folder.is_dir() and any(each.is_file() for each in folder.rglob("*"))
