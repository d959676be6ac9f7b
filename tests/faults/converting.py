"""An app that converts a model, meant to be killed: `python -m tests.faults.converting GRAPH CACHE SECONDS`.

The converter is this Python with a script that writes half a file, takes its time, then writes the whole.
"""

from __future__ import annotations

import sys
from pathlib import Path

from weights.conversion import convert as conversion
from weights.conversion.converter import READY, converter_folder, python_of

SCRIPT = """
import json, pathlib, sys, time
source, target, report = map(pathlib.Path, sys.argv[1:])
target.write_bytes(b"half")
time.sleep({seconds})
target.write_bytes(b"onnx of " + source.read_bytes())
report.write_text(json.dumps({{"checks": []}}))
"""


def main(graph: Path, cache: Path, seconds: float) -> None:
    python = python_of(converter_folder(cache))
    python.parent.mkdir(parents=True, exist_ok=True)
    if not python.exists():
        python.symlink_to(sys.executable)
    (converter_folder(cache) / READY).touch()
    script = cache / "script.py"
    script.write_text(SCRIPT.format(seconds=seconds))
    conversion.SCRIPT = script
    print(conversion.convert(graph, cache))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]))
