"""A peer in a virtual environment of its own, so that its packages and ours don't have to agree."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path


def install_peer(name: str, packages: Sequence[str]) -> Path | None:
    """The environment's Python, kept in the user's cache; None, and said, where it can't be made or installed."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    home = cache / "inkframe" / "-".join(packages).replace("==", "-").replace("/", "-")
    python = home / "bin" / "python"
    if not (home / ".ready").exists():
        install = [str(python), "-m", "pip", "install", "-q", *packages]
        try:
            venv.create(home, with_pip=True, clear=True)
            subprocess.run(install, check=True, capture_output=True, text=True)
            (home / ".ready").touch()
        except (subprocess.CalledProcessError, OSError) as error:
            said = getattr(error, "stderr", None) or error
            print(f"{name} is left out, it could not be installed:\n{str(said)[-500:]}", file=sys.stderr)
            return None
    return python
