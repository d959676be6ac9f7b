"""The app behind the fence: `python -m scripts.fuzz.watched FOLDER PORT`. Everything stays in FOLDER; what strays is
written to FOLDER/strays.txt, and the log to the standard error."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from scripts.fuzz.fence import Fence, use_own_temporary_folder

STRAYS = "strays.txt"


LIMITS = {
    "max_upload_mb": 5,
    "max_batch_mb": 5,
    "max_film_mb": 5,
    "max_pixels": 1_000_000,
    "max_batch_files": 50,
    "max_batch_unpacked_mb": 20,
    "rate_limit": 0,
}
"""Small ones, so that they are met."""


def main(folder: Path, port: int) -> None:
    """Serve until stopped."""
    use_own_temporary_folder(folder / "tmp")
    from cli import main as run
    from pipelines.settings import PREFIX

    given = {**LIMITS, "outputs": folder / "outputs", "weights": folder / "weights", "models": "none"}
    os.environ.update({PREFIX + name.upper(): str(value) for name, value in given.items()})
    with (folder / STRAYS).open("a", buffering=1) as strays:
        told: set[str] = set()

        def tell(deed: str) -> None:
            if deed not in told:
                told.add(deed)
                strays.write(deed + "\n")

        Fence([folder], tell).close()
        run(["start", "--offline", "--device", "cpu", "--host", "127.0.0.1", "--port", str(port)])


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
